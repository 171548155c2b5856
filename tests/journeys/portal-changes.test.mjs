// People change what exists, in a browser: a draft in all its parts, its revisions and states, a subscriber's right, a plan, a person.
// Every change is made through a form and seen in the page, and the gateway follows where it should.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ORIGIN, definition, faults, file, launch, look, open, signIn, step, upstreamOf } from "./browser.mjs";

const STAMP = Date.now().toString(36);
const NAME = `Stable${STAMP}`;
const PLAN = `Three${STAMP}`;
const RIDER = `rider${STAMP}`;
const RIDERS_WORD = "a password long enough";
let browser, upstream, person, rider;

before(async () => {
  upstream = await upstreamOf([{ id: 1, name: "Fury", kind: "horse" }]);
  browser = await launch();
  person = await open(browser);
  rider = await open(browser);
});

after(async () => {
  await browser?.close();
  upstream?.close();
});

step("administrator makes a plan and changes it", async () => {
  await person.goto(`${ORIGIN}/admin/policies`);
  await signIn(person);
  await person.getByRole("button", { name: "New plan" }).click();
  await person.getByRole("dialog").getByLabel("Name").fill(PLAN);
  await person.getByRole("dialog").getByLabel("How many").fill("30");
  await person.getByRole("dialog").getByRole("button", { name: "New plan" }).click();
  await person.getByRole("button", { name: `Edit ${PLAN}` }).click();
  await person.getByRole("dialog").getByLabel("How many").fill("3");
  await person.getByRole("dialog").getByRole("button", { name: "Save changes" }).click();
  await person.getByRole("row", { name: PLAN }).getByText("At most 3 requests in each minute.").waitFor();
});

step("administrator lets a rider in", async () => {
  await person.getByRole("link", { name: "Users and roles" }).click();
  await person.getByRole("button", { name: "New user" }).click();
  const dialog = person.getByRole("dialog");
  await dialog.getByLabel("Username").fill(RIDER);
  await dialog.getByRole("textbox", { name: "Password" }).fill(RIDERS_WORD);
  await dialog.getByLabel("Internal/subscriber").check();
  await dialog.getByRole("button", { name: "New user" }).click();
  await person.getByRole("button", { name: `Edit ${RIDER}` }).click();
  await dialog.getByLabel("Display name").fill("A rider");
  await dialog.getByRole("button", { name: "Save changes" }).click();
  await person.getByRole("row", { name: RIDER }).getByText("A rider").waitFor();
});

step("text is read while it is typed", async () => {
  await person.goto(`${ORIGIN}/publisher/import`);
  await person.getByRole("radiogroup", { name: "Source" }).getByText("Text").click();
  await person.getByLabel("Definition as text").fill(JSON.stringify(definition(NAME, upstream.address)));
  await person.getByRole("button", { name: "Create API" }).click();
  await person.getByRole("heading", { name: NAME, level: 1 }).waitFor();
});

step("publisher changes every part of the draft", async () => {
  await go("Operations");
  await person.getByLabel("Credential of GET /dogs", { exact: true }).first().click();
  await person.getByRole("option", { name: "Nobody needs one" }).click();
  await person.getByRole("button", { name: "Save operations" }).click();
  await person.getByText("Operations saved.").waitFor();
  await go("Endpoints and security");
  await person.getByLabel("Header of API keys").fill("X-Stable-Key");
  await person.getByRole("button", { name: "Save changes" }).click();
  await person.getByText("Saved. Deploy a revision").waitFor();
  await go("Plans");
  await person.getByLabel(PLAN).check();
  await person.getByLabel("Unlimited").uncheck();
  await person.getByRole("button", { name: "Save plans" }).click();
  await person.getByText("Plans saved.").waitFor();
});

step("definition is checked before it is saved", async () => {
  await go("Definition");
  await person.getByRole("button", { name: "Edit" }).click();
  const editor = person.getByLabel("OpenAPI document");
  await write(editor, "{}");
  await person.getByRole("button", { name: "Check and save" }).click();
  await person.getByRole("heading", { name: /faults? in the document/ }).waitFor();
  await look(person, "publisher-definition-faults");
  const changed = definition(NAME, upstream.address);
  changed.paths["/dogs/{dogId}"].delete = { summary: "Lets a dog go", responses: { 204: { description: "Gone." } } };
  await write(editor, JSON.stringify(changed));
  await person.getByRole("button", { name: "Check and save" }).click();
  await person.getByText("Definition saved.").waitFor();
  await go("Operations");
  await person.getByRole("table").getByText("DELETE").waitFor();
});

step("revisions come, go and come back", async () => {
  await go("Revisions");
  await person.getByRole("button", { name: "Create revision" }).first().click();
  await person.getByRole("dialog").getByLabel("Note").fill("the first");
  await person.getByRole("dialog").getByRole("button", { name: "Create revision" }).click();
  await person.getByRole("row", { name: "Revision 1" }).getByText("Default").waitFor();
  await person.getByRole("button", { name: "Undeploy Revision 1" }).click();
  await person.getByRole("dialog").getByRole("button", { name: "Undeploy" }).click();
  await person.getByRole("row", { name: "Revision 1" }).getByText("nowhere").waitFor();
  await person.getByRole("button", { name: "Restore the draft from Revision 1" }).click();
  await person.getByRole("dialog").getByRole("button", { name: "Restore" }).click();
  await person.getByText("The draft is Revision 1 again").waitFor();
  await person.getByRole("button", { name: "Deploy Revision 1" }).click();
  await person.getByRole("row", { name: "Revision 1" }).getByText("Default").waitFor();
});

step("states lead from one to the next", async () => {
  await go("Lifecycle");
  await person.getByRole("button", { name: "Publish", exact: true }).click();
  await person.getByText("It is Published now").waitFor();
  await person.getByRole("table", { name: "History" }).getByText("Published").first().waitFor();
});

step("rider sees only what riders may", async () => {
  await rider.goto(`${ORIGIN}/publisher/`);
  await signIn(rider, RIDER, RIDERS_WORD);
  await rider.getByRole("heading", { name: "Not with your roles" }).waitFor();
  await look(rider, "publisher-not-allowed");
});

step("rider is stopped by the plan, in words", async () => {
  await rider.goto(`${ORIGIN}/devportal/?query=${NAME}`);
  await rider.getByRole("link", { name: NAME }).click();
  await rider.getByRole("button", { name: "Get access" }).click();
  await rider.getByRole("dialog").getByLabel("Plan", { exact: true }).first().click();
  await rider.getByRole("option", { name: PLAN }).click();
  await rider.getByRole("button", { name: "Get key" }).click();
  await rider.getByRole("link", { name: "Try it in the console" }).click();
  // The list of dogs needs no credential since the draft was changed; one dog still does.
  await rider.getByLabel("Operation", { exact: true }).selectOption("GET /dogs/{dogId}");
  const send = rider.getByRole("button", { name: "Send", exact: true });
  for (let count = 0; count < 3; count += 1) {
    await Promise.all([rider.waitForResponse((response) => response.url().includes("/dogs/1")), send.click()]);
    await rider.getByText("200 OK").waitFor();
  }
  await Promise.all([rider.waitForResponse((response) => response.url().includes("/dogs/1")), send.click()]);
  await rider.getByText("429 Too Many Requests").waitFor();
  await rider.getByRole("link", { name: /What does code \d+ mean/ }).waitFor();
  await rider.getByText("Try again in").first().waitFor();
  await look(rider, "devportal-throttled");
});

step("publisher blocks the rider", async () => {
  await go("Subscribers");
  await person.getByRole("button", { name: "Block My application" }).click();
  await person.getByRole("dialog").getByRole("button", { name: "Block", exact: true }).click();
  await person.getByRole("button", { name: "Unblock My application" }).click();
  await person.getByRole("button", { name: "Block My application" }).waitFor();
  await look(person, "publisher-subscribers-some");
});

step("rider takes key and subscription back", async () => {
  await rider.getByRole("link", { name: "Applications" }).click();
  await rider.getByRole("link", { name: "My application" }).click();
  await rider.getByRole("tab", { name: "API keys" }).click();
  await rider.getByRole("button", { name: /^Revoke/ }).click();
  await rider.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await rider.getByText("No API keys of this kind yet.").waitFor();
  await rider.getByRole("tab", { name: "Subscriptions" }).click();
  await rider.getByRole("button", { name: /^Unsubscribe/ }).click();
  await rider.getByRole("dialog").getByRole("button", { name: "Unsubscribe" }).click();
  await rider.getByRole("heading", { name: "No subscription yet" }).waitFor();
});

step("deleted API is gone from the catalogue", async () => {
  await go("Lifecycle");
  await person.getByRole("button", { name: "Delete API" }).click();
  await person.getByRole("dialog").getByRole("button", { name: "Delete API" }).click();
  await person.getByRole("heading", { name: "APIs", level: 1 }).waitFor();
  await rider.goto(`${ORIGIN}/devportal/?query=${NAME}`);
  await rider.getByRole("heading", { name: "Nothing matches" }).waitFor();
});

step("administrator takes plan and rider away", async () => {
  await person.goto(`${ORIGIN}/admin/policies?query=${PLAN}`);
  await person.getByRole("button", { name: `Delete ${PLAN}` }).click();
  await person.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await person.getByRole("heading", { name: "Nothing matches" }).waitFor();
  await person.getByRole("link", { name: "Users and roles" }).click();
  await person.getByRole("button", { name: `Edit ${RIDER}` }).click();
  await person.getByRole("dialog").getByLabel("May sign in").uncheck();
  await person.getByRole("dialog").getByRole("button", { name: "Save changes" }).click();
  await person.getByRole("row", { name: RIDER }).getByText("Disabled").waitFor();
  await rider.goto(`${ORIGIN}/devportal/applications`);
  await rider.getByRole("heading", { name: "Sign in" }).waitFor();
});

test("no page broke a rule of its own", () => {
  assert.deepEqual(faults, []);
});

async function write(editor, text) {
  await editor.click();
  await person.keyboard.press("Control+A");
  await person.keyboard.press("Delete");
  await person.keyboard.insertText(text);
}

/** Opens a page of the API from the navigation beside it. */
async function go(link) {
  await person.getByRole("navigation", { name: NAME }).getByRole("link", { name: link, exact: true }).click();
  await person.getByRole("heading", { name: link, level: 1 }).waitFor();
}
