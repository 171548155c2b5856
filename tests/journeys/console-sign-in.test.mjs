// A consumer gets a token for herself in the console, by authorization code, and nothing of it outlives the page.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ORIGIN, definition, faults, launch, look, open, signIn, step, upstreamOf } from "./browser.mjs";
import { DEVPORTAL, PUBLISHER, administrator, fresh } from "./manage.mjs";

const NAME = fresh("Vet");
const SHOP = fresh("Shop");
let browser, upstream, person, admin, api, application, secret, token;

before(async () => {
  upstream = await upstreamOf([{ id: 1, name: "Rex" }]);
  ({ admin } = await administrator());
  await publish();
  await subscribe();
  browser = await launch();
  person = await open(browser);
});

after(async () => {
  await browser?.close();
  upstream?.close();
});

const field = () => person.getByLabel("Access token value");
const console_ = () => person.goto(`${ORIGIN}/devportal/apis/${api.id}/console?operation=${encodeURIComponent("GET /dogs")}`);

async function unfold() {
  await person.getByText("Access token", { exact: true }).first().click();
  await person.getByText("Get a token by signing in").click();
}

/** Presses the button, and does in the window that opens what `walk` says. */
async function inWindow(walk) {
  const opening = person.context().waitForEvent("page");
  await person.getByRole("button", { name: "Sign in and get a token" }).click();
  const popup = await opening;
  await popup.getByRole("heading", { name: /^Allow / }).waitFor();
  await walk(popup);
}

step("the console says what the application lacks, and leads to its keys", async () => {
  await person.goto(`${ORIGIN}/devportal/applications/${application}?part=oauth`);
  await signIn(person);
  await person.getByRole("button", { name: "Change sign-in" }).waitFor();
  await console_();
  await unfold();
  await person.getByText("Its keys lack the grant authorization_code.").waitFor();
  await person.getByText("Its callback address is not that of this portal.").waitFor();
  await look(person, "devportal-console-lacks");
  await person.getByRole("link", { name: "Set up its keys" }).click();
});

step("the application learns to sign people in", async () => {
  await person.getByRole("button", { name: "Change sign-in" }).click();
  const dialog = person.getByRole("dialog");
  await dialog.getByRole("switch", { name: "Sign-in of people" }).check();
  await dialog.getByRole("button", { name: "Use the console's" }).click();
  assert.equal(await dialog.getByLabel("Callback address").inputValue(), `${ORIGIN}/devportal/signed-in`);
  await look(person, "devportal-sign-in-change");
  await dialog.getByRole("button", { name: "Save changes" }).click();
  await person.getByText("The sign-in of people is set up").waitFor();
  await person.getByText(`${ORIGIN}/devportal/signed-in`).first().waitFor();
  await look(person, "devportal-oauth-keys");
});

step("a refusal is told, and gives nothing", async () => {
  await console_();
  await unfold();
  await person.getByLabel("Consumer secret").fill(secret);
  await look(person, "devportal-console-sign-in");
  await inWindow((popup) => popup.getByRole("button", { name: "Don’t allow" }).click());
  await person.getByRole("alert").filter({ hasText: /access_denied/i }).waitFor();
  assert.equal(await field().inputValue(), "");
});

step("a window that is given up keeps nobody waiting", async () => {
  await inWindow((popup) => popup.close());
  await person.getByText("Go on in the window that has opened.").waitFor();
  await person.getByRole("button", { name: "Cancel" }).click();
  await person.getByRole("button", { name: "Cancel" }).waitFor({ state: "detached" });
  await person.getByRole("button", { name: "Sign in and get a token" }).waitFor();
});

step("an answer of another sign-in counts for nothing", async () => {
  await inWindow(async (popup) => {
    const closed = popup.waitForEvent("close");
    const address = `${ORIGIN}/devportal/signed-in?code=stolen&state=guessed&iss=${encodeURIComponent(`${ORIGIN}/oauth2/token`)}`;
    // The page closes its window as soon as it has told what it knows, perhaps while it is still loading.
    await popup.goto(address).catch((error) => assert.match(error.message, /closed|aborted/i));
    await closed;
  });
  await person.getByText("Go on in the window that has opened.").waitFor();
  await person.getByRole("button", { name: "Cancel" }).click();
});

step("a person signs in, and calls with her token", async () => {
  const asked = person.context().waitForEvent("request", { predicate: (request) => request.url().includes("/oauth2/authorize?") });
  await inWindow((popup) => popup.getByRole("button", { name: "Allow", exact: true }).click());
  const query = new URL((await asked).url()).searchParams;
  assert.equal(query.get("code_challenge_method"), "S256");
  assert.ok(query.get("state").length >= 43);
  await person.getByText(`Your token by ${SHOP}, good for 60 minutes.`).waitFor();
  token = await field().inputValue();
  const { sub, aut } = JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
  assert.equal(aut, "APPLICATION_USER", `a token of ${sub}`);
  await person.getByRole("button", { name: "Send", exact: true }).click();
  await person.getByText("200 OK").waitFor({ timeout: 20_000 });
  assert.equal(upstream.reached.url.split("?")[0], "/dogs");
  await look(person, "devportal-console-signed-in");
});

step("nothing of it is kept", async () => {
  const kept = await person.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  assert.ok(!kept.includes(token.slice(-40)) && !kept.includes(secret), "the browser's stores hold the token or the secret");
  assert.deepEqual(await person.evaluate(async () => (await indexedDB.databases()).length), 0);
  await person.reload();
  await person.getByText("Access token", { exact: true }).first().click();
  assert.equal(await field().inputValue(), "");
});

test("nothing went wrong on the way", () => assert.deepEqual(faults, []));

async function publish() {
  const form = new FormData();
  form.set("file", new Blob([JSON.stringify(definition(NAME, upstream.address))], { type: "application/json" }), "vet.json");
  const endpoint = { url: upstream.address };
  const more = {
    name: NAME,
    version: "1.0.0",
    context: `/${NAME.toLowerCase()}`,
    policies: ["Unlimited"],
    endpointConfig: { endpoint_type: "http", production_endpoints: endpoint, sandbox_endpoints: endpoint },
    securityScheme: ["api_key", "oauth2", "oauth_basic_auth_api_key_mandatory"],
  };
  form.set("additionalProperties", JSON.stringify(more));
  ({ body: api } = await admin.expect(201, "POST", `${PUBLISHER}/apis/import-openapi`, form));
  const path = `${PUBLISHER}/apis/${api.id}`;
  const { body: revision } = await admin.expect(201, "POST", `${path}/revisions`, { description: "The first" });
  await admin.expect(201, "POST", `${path}/deploy-revision?revisionId=${revision.id}`, [{ name: "Default", vhost: "localhost", displayOnDevportal: true }]);
  await admin.expect(200, "POST", `${PUBLISHER}/apis/change-lifecycle?action=Publish&apiId=${api.id}`);
}

async function subscribe() {
  const { body: made } = await admin.expect(201, "POST", `${DEVPORTAL}/applications`, { name: SHOP, throttlingPolicy: "Unlimited", tokenType: "JWT" });
  application = made.applicationId;
  await admin.expect(201, "POST", `${DEVPORTAL}/subscriptions`, { apiId: api.id, applicationId: application, throttlingPolicy: "Unlimited" });
  const keys = { keyType: "PRODUCTION", grantTypesToBeSupported: ["client_credentials"] };
  ({ body: { consumerSecret: secret } } = await admin.expect(200, "POST", `${DEVPORTAL}/applications/${application}/generate-keys`, keys));
}
