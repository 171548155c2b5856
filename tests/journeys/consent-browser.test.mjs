// A browser through the front channel: sign-in, consent and back to the application with a code; and a device.

import assert from "node:assert/strict";
import { after, before } from "node:test";
import { FORM, basic, decoded, person, proof, redeem, register, token } from "./authorize.mjs";
import { ORIGIN, faults, launch, look, open, signIn, step } from "./browser.mjs";
import { fresh, nobody } from "./manage.mjs";
import { serve } from "./serve.mjs";

const DEVICE = "urn:ietf:params:oauth:grant-type:device_code";

let browser, page, eve, client, application, callback;
const landed = [];

before(async () => {
  application = await serve((request, response) => {
    landed.push({ url: new URL(request.url, "http://127.0.0.1"), referer: request.headers.referer });
    response.setHeader("content-type", "text/html");
    response.end("<!doctype html><html lang=en><title>Application</title><link rel=icon href=data:,><main><h1>Welcome back</h1></main>");
  });
  callback = `${application.url}/callback`;
  eve = await person();
  client = await register(eve, { name: `Petshop Console ${fresh("")}`, callback, grants: `authorization_code ${DEVICE} refresh_token` });
  browser = await launch();
  page = await open(browser);
});

after(async () => {
  await browser?.close();
  await application?.close();
});

function addressOf(query) {
  const all = { response_type: "code", client_id: client.id, redirect_uri: callback, scope: "openid profile email read:pets offline_access", state: "here", ...query };
  return `${ORIGIN}/oauth2/authorize?${new URLSearchParams(all)}`;
}

/** The narrowest phone: nothing may stick out. */
async function fits() {
  await page.setViewportSize({ width: 360, height: 740 });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await page.setViewportSize({ width: 1280, height: 860 });
  assert.ok(overflow <= 0, `${overflow} px wider than 360`);
}

async function back() {
  await page.getByRole("heading", { name: "Welcome back" }).waitFor();
  return landed.at(-1);
}

step("a person signs in and allows what an application asks", async () => {
  const { verifier, query } = proof();
  await page.goto(addressOf({ ...query, login_hint: eve.username }));
  await page.getByText(`Sign in to go on to ${client.name}`).waitFor();
  assert.equal(await page.getByLabel("Username").inputValue(), eve.username);
  await look(page, "sign-in-to-client");
  await signIn(page, eve.username, eve.password);
  await page.getByRole("heading", { name: `Allow ${client.name}?` }).waitFor();
  await page.getByText("See your email address").waitFor();
  await page.getByText("read:pets").waitFor();
  await page.getByText("You go back to 127.0.0.1").waitFor();
  await look(page, "consent");
  await fits();
  await page.getByRole("button", { name: "Allow", exact: true }).click();
  const { url, referer } = await back();
  assert.equal(referer, undefined, "the application does not learn the address of the page before");
  assert.deepEqual([url.searchParams.get("state"), url.searchParams.get("iss")], ["here", `${ORIGIN}/oauth2/token`]);
  const answer = await redeem(client, { code: url.searchParams.get("code"), verifier }, { redirect_uri: callback });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(decoded(answer.body.id_token).sub, eve.username);
});

step("the next time nothing is asked", async () => {
  const before = landed.length;
  await page.goto(addressOf(proof().query));
  await back();
  assert.equal(landed.length, before + 1);
  assert.ok(landed.at(-1).url.searchParams.get("code"));
});

step("a person says no by keyboard", async () => {
  await page.goto(addressOf({ ...proof().query, prompt: "consent" }));
  await page.getByRole("heading", { name: `Allow ${client.name}?` }).waitFor();
  await page.getByRole("checkbox", { name: "Remember this" }).focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal((await back()).url.searchParams.get("error"), "access_denied");
});

step("a person goes on as who is signed in", async () => {
  await page.goto(addressOf({ ...proof().query, prompt: "select_account" }));
  await page.getByRole("button", { name: `Continue as ${eve.displayName}` }).waitFor();
  await look(page, "choose-account");
  await page.getByRole("button", { name: `Continue as ${eve.displayName}` }).click();
  assert.ok((await back()).url.searchParams.get("code"));
});

step("an answer is posted where the application wants that", async () => {
  await page.goto(addressOf({ ...proof().query, response_mode: "form_post" }));
  assert.equal((await back()).url.search, "", "the code stands in no address");
});

step("a wish for two factors asks for the second", async () => {
  await page.goto(addressOf({ ...proof().query, acr_values: "2" }));
  await page.getByRole("heading", { name: "Prove that it is you" }).waitFor();
  await look(page, "step-up");
});

step("a wrong way back is explained and not taken", async () => {
  const before = landed.length;
  await page.goto(addressOf({ ...proof().query, redirect_uri: `${callback}/other` }));
  await page.getByRole("heading", { name: "The way back is not registered" }).waitFor();
  await look(page, "consent-error");
  await fits();
  assert.equal(landed.length, before);
});

step("a device is connected by its code", async () => {
  const form = { ...FORM, ...basic(client.id, client.secret) };
  const { body: device } = await nobody.expect(200, "POST", "/oauth2/device_authorization", "scope=openid+profile", form);
  await page.goto(`${ORIGIN}/device`);
  await page.getByRole("heading", { name: "Connect a device" }).waitFor();
  await page.getByLabel("Code").fill("bcdf");
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByText("Type all eight letters").waitFor();
  await look(page, "device");
  await page.getByLabel("Code").fill(device.user_code.toLowerCase().replace("-", ""));
  assert.equal(await page.getByLabel("Code").inputValue(), device.user_code);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: `Connect ${client.name}?` }).waitFor();
  await page.getByText(device.user_code).waitFor();
  await look(page, "device-confirm");
  await fits();
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.getByRole("heading", { name: "Your device is connected" }).waitFor();
  await look(page, "device-done");
  const answer = await token(client, { grant_type: DEVICE, device_code: device.device_code });
  assert.equal(answer.status, 200, answer.text);
});

step("an application sends its person to sign out", async () => {
  await page.goto(`${ORIGIN}/oidc/logout`);
  await page.getByRole("heading", { name: "Sign out of Postern?" }).waitFor();
  await look(page, "sign-out");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "You are signed out" }).waitFor();
  await look(page, "signed-out");
  await page.goto(`${ORIGIN}/device?user_code=BCDF-GHJK`);
  await page.getByLabel("Username").waitFor();
  await signIn(page, eve.username, eve.password);
  await page.getByRole("heading", { name: "Connect a device" }).waitFor();
  assert.equal(await page.getByLabel("Code").inputValue(), "BCDF-GHJK");
});

step("no page broke a rule on the way", () => {
  assert.deepEqual(faults, []);
});
