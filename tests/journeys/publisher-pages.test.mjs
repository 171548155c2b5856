// A publisher looks after an API that is there: documents, comments, versions, endpoints, what has changed, and a first call of his own.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { ORIGIN, definition, faults, file, launch, look, open, signIn, step, upstreamOf } from "./browser.mjs";

const STAMP = Date.now().toString(36);
const NAME = `Keeper${STAMP}`;
let browser, upstream, person, archive;

before(async () => {
  upstream = await upstreamOf([{ id: 1, name: "Rex", kind: "dog" }]);
  browser = await launch();
  person = await open(browser);
});

after(async () => {
  await browser?.close();
  upstream?.close();
});

/** Has the gateway called, by nobody in particular: one that nobody calls takes nothing up. */
async function calls() {
  for (let count = 0; count < 5; count += 1) {
    await fetch(`${ORIGIN}/nobody/is/here`);
    await new Promise((next) => setTimeout(next, 1_000));
  }
}

const dialog = () => person.getByRole("dialog");

step("an API is imported, and nobody knows it yet", async () => {
  await person.goto(`${ORIGIN}/publisher/import`);
  await signIn(person);
  await person.getByLabel("Choose a file").setInputFiles(file("kennel.json", JSON.stringify(definition(NAME, upstream.address))));
  await person.getByRole("button", { name: "Create API" }).click();
  await person.getByRole("heading", { name: NAME, level: 1 }).waitFor();
});

step("what is missing before publication is listed, with the way there", async () => {
  await go("Lifecycle");
  const checks = person.getByRole("region", { name: "Before it is published" });
  await checks.getByText("Done: It has an upstream endpoint").waitFor();
  await checks.getByRole("link", { name: "A revision runs on the gateway" }).waitFor();
  await look(person, "publisher-lifecycle");
  await go("Test");
  await person.getByText("The gateway does not know this API yet.").waitFor();
});

step("a document is written with its preview beside it", async () => {
  await go("Documents");
  await person.getByRole("heading", { name: "No document yet" }).waitFor();
  await look(person, "publisher-documents-empty");
  await person.getByRole("button", { name: "Add a document" }).click();
  await dialog().getByRole("button", { name: "Add a document" }).click();
  await dialog().getByText("This is needed").waitFor();
  await dialog().getByLabel("Name").fill("First steps");
  await dialog().getByLabel("Summary").fill("From a key to an answer.");
  await look(person, "publisher-document-new");
  await dialog().getByRole("button", { name: "Add a document" }).click();
  await person.getByRole("heading", { name: "First steps", level: 1 }).waitFor();
  await person.getByLabel("Text").fill("# Begin\n\nTake **one** dog.\n\n| Dog | Age |\n|---|---|\n| Rex | 7 |\n\n<script>alert(1)</script>");
  const preview = person.getByRole("region", { name: "Preview" });
  await preview.getByRole("heading", { name: "Begin" }).waitFor();
  await preview.getByText("<script>alert(1)</script>").waitFor();
  await look(person, "publisher-document");
  await person.getByRole("button", { name: "Save document" }).click();
  await person.getByText("First steps is saved").waitFor();
  await person.reload();
  await person.getByRole("region", { name: "Preview" }).getByRole("cell", { name: "Rex" }).waitFor();
});

step("an address and a file are documents too", async () => {
  await go("Documents");
  await person.getByRole("button", { name: "Add a document" }).click();
  await dialog().getByLabel("Name").fill("Forum");
  await dialog().getByText("Address", { exact: true }).click();
  await dialog().getByRole("textbox", { name: "Address" }).fill("https://forum.example/dogs");
  await dialog().getByRole("button", { name: "Add a document" }).click();
  await person.getByRole("row", { name: "Forum" }).getByRole("link", { name: "Open Forum" }).waitFor();
  await person.getByRole("button", { name: "Add a document" }).click();
  await dialog().getByLabel("Name").fill("Leaflet");
  await dialog().getByText("File", { exact: true }).first().click();
  const [chooser] = await Promise.all([person.waitForEvent("filechooser"), dialog().getByRole("button", { name: "File" }).click()]);
  await chooser.setFiles({ name: "leaflet.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4") });
  await dialog().getByRole("button", { name: "Add a document" }).click();
  await person.getByRole("row", { name: "Leaflet" }).waitFor();
  await look(person, "publisher-documents");
  await person.getByRole("button", { name: "Delete Forum" }).click();
  await dialog().getByRole("button", { name: "Delete" }).click();
  await person.getByText("Forum is gone").waitFor();
});

step("comments are written, answered, changed and taken back", async () => {
  await go("Comments");
  await person.getByLabel("Your comment").fill("Which dogs?\n<img src=x onerror=alert(1)>");
  await person.getByRole("button", { name: "Comment", exact: true }).click();
  const thread = person.getByRole("list", { name: "Comments" }).getByRole("listitem").first();
  await thread.getByText("<img src=x onerror=alert(1)>").waitFor();
  await thread.getByRole("button", { name: /^Reply to/ }).click();
  await person.getByLabel("Your reply").fill("All of them.");
  await person.getByRole("button", { name: "Reply", exact: true }).last().click();
  await thread.getByText("All of them.").waitFor();
  await look(person, "publisher-comments");
  await thread.getByRole("button", { name: "Edit your comment" }).first().click();
  await person.getByRole("textbox", { name: "Edit your comment" }).fill("Which dogs, please?");
  await person.getByRole("button", { name: "Save changes" }).click();
  await person.getByRole("textbox", { name: "Edit your comment" }).waitFor({ state: "detached" });
  await thread.getByText("Which dogs, please?").waitFor();
  await thread.getByRole("button", { name: /^Delete the comment of/ }).first().click();
  await dialog().getByRole("button", { name: "Delete" }).click();
  await person.getByRole("heading", { name: "Nobody has said anything yet" }).waitFor();
});

step("an address is tried, and a stand-in and a password are set", async () => {
  await go("Endpoints and security");
  await person.getByRole("button", { name: "Try" }).first().click();
  await person.getByText("It answers, with status 200.").waitFor();
  await person.getByLabel("How addresses are used").selectOption({ label: "One, with stand-ins" });
  await person.getByRole("button", { name: "Add a production address" }).click();
  await person.getByLabel("Production address 2").fill("http://stand-in.example");
  await person.getByLabel("For production").selectOption({ label: "Username and password" });
  await person.getByLabel("Username of the upstream").fill("postern");
  await person.getByRole("textbox", { name: "Password of the upstream" }).fill("a secret");
  await look(person, "publisher-endpoints");
  await person.getByRole("button", { name: "Save changes" }).click();
  await person.getByText("Saved. Deploy a revision").waitFor();
  await person.reload();
  assert.equal(await person.getByLabel("Production address 2").inputValue(), "http://stand-in.example");
  assert.equal(await person.getByRole("textbox", { name: "Password of the upstream" }).inputValue(), "", "a secret comes back");
});

step("an API answers with examples, until there is an upstream", async () => {
  await go("Endpoints and security");
  const mocked = person.getByRole("switch", { name: "Answer with examples" });
  assert.equal(await person.getByRole("button", { name: "Make examples" }).count(), 0);
  await mocked.click();
  await person.getByRole("button", { name: "Make examples" }).click();
  await person.getByText("Every reply whose schema allows it has an example now.").waitFor();
  await look(person, "publisher-mock");
  await mocked.click();
  await person.getByRole("button", { name: "Make examples" }).waitFor({ state: "detached" });
});

step("a definition shows its faults where they are, and what has changed", async () => {
  await go("Revisions");
  await person.getByRole("button", { name: "Create revision" }).first().click();
  await dialog().getByRole("button", { name: "Create revision" }).click();
  await person.getByRole("row", { name: "Revision 1" }).getByText("Default").waitFor();
  await calls();
  await person.getByRole("row", { name: "Revision 1" }).getByText(/^Live on [1-9]\d* of [1-9]\d* gateways?$/).waitFor({ timeout: 20_000 });
  await look(person, "publisher-revisions");
  await go("Definition");
  await person.getByRole("button", { name: "Edit", exact: true }).click();
  const editor = person.getByRole("textbox", { name: "OpenAPI document" });
  await write(editor, '{"openapi": "3.0.3"');
  await person.locator(".cm-lint-marker-error").first().waitFor();
  const changed = definition(NAME, upstream.address);
  changed.info.description = "Dogs, their people, and their toys.";
  await write(editor, JSON.stringify(changed, null, 2));
  await person.locator(".cm-lint-marker-error").waitFor({ state: "detached" });
  await person.getByRole("button", { name: "Show my changes" }).click();
  await person.getByRole("textbox", { name: "Changes of the definition" }).getByText("toys").first().waitFor();
  await look(person, "publisher-definition-changes");
  await person.getByRole("button", { name: "Check and save" }).click();
  await person.getByText("Definition saved.").waitFor();
});

step("a revision is compared with the draft", async () => {
  await go("Revisions");
  await person.getByRole("button", { name: "Compare Revision 1 with the draft" }).click();
  await dialog().getByRole("textbox", { name: "From Revision 1 to the draft" }).getByText("toys").first().waitFor();
  await look(person, "publisher-compare");
  await dialog().getByText("Settings", { exact: true }).click();
  await dialog().getByText(/Nothing differs|description/).first().waitFor();
  await dialog().getByRole("button", { name: "Close" }).click();
});

step("what was changed is told with who did it, before and after", async () => {
  await go("Changes");
  const list = person.getByRole("table", { name: "Changes" });
  await list.getByText("document.delete").waitFor();
  assert.equal(await list.getByRole("columnheader", { name: "Address" }).count(), 0, "publishers are told addresses");
  await list.getByText("Revision 1", { exact: true }).first().waitFor();
  assert.doesNotMatch(await list.innerText(), /[0-9a-f]{8}-[0-9a-f]{4}-/, "an id stands where a name or a kind could");
  await person.getByRole("searchbox", { name: "What" }).fill("api.update");
  await list.getByText("document.delete").waitFor({ state: "detached" });
  assert.match(person.url(), /action=api\.update/);
  await list.getByRole("button", { name: /^Details of entry/ }).last().click();
  await dialog().getByRole("table", { name: "Details" }).waitFor();
  assert.doesNotMatch(await dialog().innerText(), /a secret/);
  await look(person, "publisher-change");
  await dialog().getByRole("button", { name: "Close" }).click();
  await person.getByRole("searchbox", { name: "What" }).fill("nothing.like-it");
  await person.getByRole("heading", { name: "Nothing matches" }).waitFor();
  await person.getByRole("button", { name: "Clear filters" }).last().click();
  await list.getByText("document.delete").waitFor();
  await look(person, "publisher-changes");
});

step("a test key calls without an application", async () => {
  await go("Test");
  await person.getByRole("button", { name: "Get a test key and send" }).click();
  // The first address alone: no stand-in is there, and none is needed.
  await person.getByText("200 OK").waitFor({ timeout: 20_000 });
  await person.getByText("Rex").waitFor();
  assert.equal(upstream.reached?.headers.authorization, `Basic ${Buffer.from("postern:a secret").toString("base64")}`);
  assert.equal(upstream.reached?.headers["internal-key"], undefined, "the test key reaches the upstream");
  await look(person, "publisher-test");
});

step("a new version is made, and becomes the default", async () => {
  await go("Versions");
  await person.getByRole("button", { name: "New version" }).click();
  await dialog().getByLabel("Version", { exact: false }).first().fill("2.0.0");
  await look(person, "publisher-version-new");
  await dialog().getByRole("button", { name: "New version" }).click();
  await person.getByText("Version 2.0.0 is a draft now").waitFor();
  await person.getByRole("navigation", { name: NAME }).getByRole("link", { name: "Versions", exact: true }).click();
  await person.getByRole("button", { name: "Make default: 2.0.0" }).click();
  await person.getByRole("row", { name: "2.0.0" }).getByText("Default version").waitFor();
  await look(person, "publisher-versions");
});

step("an archive goes out and comes back in", async () => {
  await person.getByRole("navigation", { name: NAME }).getByRole("link", { name: "Overview", exact: true }).click();
  const [download] = await Promise.all([person.waitForEvent("download"), person.getByRole("link", { name: "Export" }).click()]);
  archive = readFileSync(await download.path());
  await person.goto(`${ORIGIN}/publisher/import`);
  await person.getByText("Archive", { exact: true }).click();
  await choose("kennel.zip", Buffer.from("no archive"));
  await person.getByRole("button", { name: "Import archive" }).click();
  await person.getByRole("alert").waitFor();
  await choose(`${NAME}-2.0.0.zip`, archive);
  await person.getByLabel("Replace an API of the same name and version").check();
  await look(person, "publisher-archive");
  await person.getByRole("button", { name: "Import archive" }).click();
  await person.getByText(`${NAME}-2.0.0 is imported as a draft`).waitFor();
});

step("an address that nothing has is said to be one", async () => {
  await person.goto(`${ORIGIN}/publisher/nowhere`);
  await person.getByRole("heading", { name: "No page has this address", level: 1 }).waitFor();
  await look(person, "not-found");
  await person.goto(`${ORIGIN}/publisher/apis/00000000-0000-4000-8000-000000000000`);
  await person.getByRole("heading", { name: "There is no such thing here", level: 1 }).waitFor();
});

test("nothing went wrong on the way", () => assert.deepEqual(faults, []));

async function choose(name, buffer) {
  const button = person.getByRole("button", { name: "Archive of an API" });
  const [chooser] = await Promise.all([person.waitForEvent("filechooser"), button.click()]);
  await chooser.setFiles({ name, mimeType: "application/zip", buffer });
}

async function write(editor, text) {
  await editor.click();
  await person.keyboard.press("Control+A");
  await person.keyboard.press("Delete");
  await person.keyboard.insertText(text);
}

async function go(link) {
  await person.getByRole("navigation", { name: NAME }).getByRole("link", { name: link, exact: true }).click();
  await person.getByRole("heading", { level: 1 }).waitFor();
}
