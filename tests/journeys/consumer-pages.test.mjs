// A consumer reads about an API, says what he thinks of it, calls it, and looks up what became of his calls.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ORIGIN, definition, faults, launch, look, open, signIn, step, upstreamOf } from "./browser.mjs";
import { DEVPORTAL, PUBLISHER, administrator, fresh } from "./manage.mjs";

const NAME = fresh("Reader");
let browser, upstream, person, admin, api, application;

before(async () => {
  upstream = await upstreamOf([{ id: 1, name: "Rex", kind: "dog" }], { "/barks": bark });
  ({ admin } = await administrator());
  await publish();
  browser = await launch();
  person = await open(browser);
});

after(async () => {
  await browser?.close();
  upstream?.close();
});

const dialog = () => person.getByRole("dialog");
const go = (name) => person.getByRole("navigation", { name: `Pages of ${NAME}` }).getByRole("link", { name, exact: true }).click();

step("the reference shows the parts of a body, without signing in", async () => {
  await person.goto(`${ORIGIN}/devportal/apis/${api.id}`);
  await go("Reference");
  await person.getByRole("navigation", { name: "Operations" }).getByRole("link", { name: "/dogs", exact: false }).nth(1).click();
  await person.getByRole("heading", { name: "Takes a dog in" }).waitFor();
  const body = person.getByRole("region", { name: "Body" });
  await body.getByRole("list", { name: "Body" }).getByText("name", { exact: true }).waitFor();
  await look(person, "devportal-reference");
  await body.getByText("Example", { exact: true }).click();
  await body.getByText('"Rex"').waitFor();
  await person.getByRole("link", { name: "Try it in the console" }).click();
  await person.getByText("POST").first().waitFor();
});

step("documents are read, and stay what they are", async () => {
  await go("Documents");
  await person.getByRole("list", { name: "Documents" }).getByRole("link", { name: "First steps" }).waitFor();
  await look(person, "devportal-documents");
  await person.getByRole("link", { name: "First steps" }).click();
  await person.getByRole("heading", { name: "Begin" }).waitFor();
  await look(person, "devportal-document");
  assert.equal(await person.getByText("For signed-in people").count(), 0, "a stranger sees what is for the signed-in");
});

step("a rating and a comment are given", async () => {
  await go("Comments");
  await person.getByText("Sign in to rate and to comment.").waitFor();
  await person.getByRole("link", { name: "Sign in", exact: true }).click();
  await signIn(person);
  await person.getByText("Nobody has rated this API yet.").waitFor();
  await person.getByRole("radio", { name: "4 stars" }).press("Enter");
  await person.getByText("Thank you for your rating").waitFor();
  await person.getByText("4.0 of 5, one rating").or(person.getByText("4 of 5, one rating")).first().waitFor();
  await person.getByLabel("Your comment").fill("Good dogs.");
  await person.getByRole("button", { name: "Comment", exact: true }).click();
  await person.getByRole("list", { name: "Comments" }).getByText("Good dogs.").waitFor();
  await look(person, "devportal-comments");
});

step("the console names a call that was refused", async () => {
  await go("Console");
  await person.getByRole("button", { name: "Get a key and send" }).click();
  await person.getByText("200 OK").waitFor({ timeout: 20_000 });
  await person.getByText("None", { exact: true }).click();
  await person.getByRole("button", { name: "Send", exact: true }).click();
  await person.getByText("401 Unauthorized").waitFor();
  await person.getByRole("heading", { name: "Names of this call" }).waitFor();
  await person.getByText("x-request-id", { exact: true }).first().waitFor();
  await look(person, "devportal-console-answer");
});

step("a stream of events is heard while it runs, and stopped", async () => {
  await person.goto(`${ORIGIN}/devportal/apis/${api.id}/console?operation=${encodeURIComponent("GET /barks")}`);
  // What was got on the way before may be forgotten by the reload.
  await person.getByRole("button", { name: /^(Send|Get a key and send)$/ }).click();
  await person.getByText("data: Woof 3").waitFor({ timeout: 20_000 });
  await person.getByText("still arriving").waitFor();
  await look(person, "devportal-console-stream");
  await person.getByRole("button", { name: "Stop" }).click();
  await person.getByText("stopped before its end").waitFor();
  await person.getByText("data: Woof 1").waitFor();
});

step("what is used of a plan, and every call, is seen with its application", async () => {
  const { body } = await admin.expect(200, "GET", `${DEVPORTAL}/subscriptions?apiId=${api.id}`);
  application = body.list[0].applicationId;
  await person.goto(`${ORIGIN}/devportal/applications/${application}`);
  await person.getByRole("button", { name: `Change plan: ${NAME} 1.0.0` }).click();
  await dialog().getByRole("combobox", { name: "Plan" }).or(dialog().getByRole("textbox", { name: "Plan" })).first().click();
  await person.getByRole("option", { name: "Gold" }).click();
  await dialog().getByRole("button", { name: "Change plan" }).click();
  await person.getByText(`The plan of ${NAME} 1.0.0 is changed`).waitFor();
  // There, and not visible: in a minute without a call the bar has no width.
  await person.getByRole("row", { name: NAME }).getByRole("progressbar", { name: /^Used: \d+ of 5,000 each minute/ }).waitFor({ state: "attached" });
  await look(person, "devportal-quota");
  await fetch(`${ORIGIN}/${NAME.toLowerCase()}/1.0.0/nothing-there`);
  await person.getByRole("tab", { name: "My requests" }).click();
  await person.getByRole("table", { name: "My requests" }).getByRole("row", { name: /GET \/dogs/ }).first().waitFor({ timeout: 20_000 });
  await look(person, "devportal-requests");
  await person.getByLabel("Only those that failed").check();
  await person.getByText("No call has failed.").waitFor();
});

step("an API key is renewed", async () => {
  await person.getByRole("tab", { name: "API keys" }).click();
  await person.getByRole("button", { name: "Generate key" }).click();
  const shown = person.getByRole("region", { name: "Your new API key" });
  const first = (await shown.textContent()).trim();
  await person.getByRole("button", { name: "Renew Server key" }).click();
  await dialog().getByRole("button", { name: "Renew" }).click();
  await dialog().waitFor({ state: "detached" });
  await person.waitForFunction((old) => document.querySelector("section pre")?.textContent.trim() !== old, first);
  assert.notEqual((await shown.textContent()).trim(), first);
  await look(person, "devportal-api-keys");
});

test("nothing went wrong on the way", () => assert.deepEqual(faults, []));

/** Some events, and then silence without an end. */
function bark(response) {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  for (const number of [1, 2, 3]) response.write(`data: Woof ${number}\n\n`);
}

async function publish() {
  const described = definition(NAME, upstream.address);
  described.paths["/barks"] = { get: { summary: "Hears the dogs", responses: { 200: { description: "Barks.", content: { "text/event-stream": {} } } } } };
  const form = new FormData();
  form.set("file", new Blob([JSON.stringify(described)], { type: "application/json" }), "kennel.json");
  const endpoint = { url: upstream.address };
  const more = {
    name: NAME,
    version: "1.0.0",
    context: `/${NAME.toLowerCase()}`,
    policies: ["Unlimited", "Gold"],
    endpointConfig: { endpoint_type: "http", production_endpoints: endpoint, sandbox_endpoints: endpoint },
    securityScheme: ["api_key", "oauth2", "oauth_basic_auth_api_key_mandatory"],
  };
  form.set("additionalProperties", JSON.stringify(more));
  ({ body: api } = await admin.expect(201, "POST", `${PUBLISHER}/apis/import-openapi`, form));
  const path = `${PUBLISHER}/apis/${api.id}`;
  const document = { type: "HOWTO", sourceType: "MARKDOWN" };
  await admin.expect(201, "POST", `${path}/documents`, { ...document, name: "First steps", summary: "From a key to an answer.", inlineContent: "# Begin\n\nTake **one** dog." });
  await admin.expect(201, "POST", `${path}/documents`, { ...document, name: "For signed-in people", visibility: "OWNER_ONLY", inlineContent: "Psst." });
  const { body: revision } = await admin.expect(201, "POST", `${path}/revisions`, { description: "The first" });
  await admin.expect(201, "POST", `${path}/deploy-revision?revisionId=${revision.id}`, [{ name: "Default", vhost: "localhost", displayOnDevportal: true }]);
  await admin.expect(200, "POST", `${PUBLISHER}/apis/change-lifecycle?action=Publish&apiId=${api.id}`);
}
