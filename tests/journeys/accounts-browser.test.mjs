// People before a real browser: an authenticator app, a passkey of Chromium's virtual authenticator, recovery, registration.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { after, before, test } from "node:test";
import { code, mailTo, tokenOf } from "./accounts.mjs";
import { faults, launch, look, open, ORIGIN, signIn, step } from "./browser.mjs";
import { ADMIN, administrator, fresh } from "./manage.mjs";

let browser, page, admin, secret, devtools, authenticatorId;
const ann = { username: fresh("ann"), password: "tin lamp river 9" };

before(async () => {
  ({ admin } = await administrator());
  const email = `${ann.username}@example.org`;
  await admin.expect(201, "POST", `${ADMIN}/users`, { ...ann, email, displayName: "Ann", roles: ["Internal/subscriber"] });
  ann.email = email;
  browser = await launch();
  page = await open(browser);
});

after(async () => {
  await admin?.send("PUT", `${ADMIN}/people-policy`, {});
  await browser?.close();
});

const button = (name) => page.getByRole("button", { name, exact: true });
const heading = (name) => page.getByRole("heading", { name, exact: true }).waitFor();

async function signOut() {
  await button("Sign out").first().click();
  await heading("You are signed out");
  await page.goto(`${ORIGIN}/sign-in/?return_to=/account/`);
}

step("an account is opened by its password", async () => {
  await page.goto(`${ORIGIN}/account/`);
  await heading("Sign in");
  await button("Use a passkey").waitFor();
  await look(page, "people-sign-in");
  await signIn(page, ann.username, ann.password);
  await heading("Your account");
  await page.getByText("This browser", { exact: true }).waitFor();
  await look(page, "people-account");
});

step("an authenticator app is scanned and confirmed", async () => {
  await button("Add an app").click();
  await page.getByRole("img", { name: "Code to scan with the authenticator app" }).waitFor();
  secret = (await page.getByRole("region", { name: "Key", exact: true }).innerText()).replaceAll(/\s/g, "");
  assert.match(secret, /^[A-Z2-7]{32}$/);
  await look(page, "people-app");
  await page.getByLabel("Code", { exact: true }).fill(code(secret, -1));
  await button("Confirm the app").click();
  await page.getByText("Your app is asked for at each sign-in.").waitFor();
});

step("a sign-in asks for the app's code", async () => {
  await signOut();
  await signIn(page, ann.username, ann.password);
  await heading("One more proof");
  await look(page, "people-second-factor");
  await page.getByLabel("Code", { exact: true }).fill("000000");
  await button("Go on").click();
  await page.getByText(/wrong or was used already/).waitFor();
  await page.getByLabel("Code", { exact: true }).fill(code(secret));
  await button("Go on").click();
  await heading("Your account");
});

step("a passkey is added, and signs in alone and as a second factor", async () => {
  devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  ({ authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  }));
  await page.getByLabel("Name of the passkey").fill("Ann’s laptop");
  await button("Add a passkey").click();
  await button("Remove Ann’s laptop").waitFor();
  await signOut();
  await button("Use a passkey").click();
  await heading("Your account");
  const row = page.getByRole("listitem").filter({ hasText: "Ann’s laptop" });
  await row.getByText(/used/).waitFor();
  await signOut();
  await signIn(page, ann.username, ann.password);
  await heading("One more proof");
  await button("Passkey").click();
  await button("Use a passkey").click();
  await heading("Your account");
});

/** What the authenticator holds. */
const held = async () => (await devtools.send("WebAuthn.getCredentials", { authenticatorId })).credentials;

/** Has the authenticator hold this instead of what it holds. */
async function hold(credential) {
  for (const { credentialId } of await held()) await devtools.send("WebAuthn.removeCredential", { authenticatorId, credentialId });
  await devtools.send("WebAuthn.addCredential", { authenticatorId, credential });
}

async function isRefused(why) {
  await button("Use a passkey").click();
  await page.getByText(why).waitFor();
  const { signedIn } = await page.evaluate(async () => (await fetch("/session")).json());
  assert.equal(signedIn, false);
}

step("an authenticator with another key, or whose counter lags behind as a copy's does, is refused", async () => {
  const [key] = await held();
  assert.ok(key.signCount >= 2, `the counter has gone on: ${key.signCount}`);
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const other = privateKey.export({ type: "pkcs8", format: "der" }).toString("base64");
  await signOut();
  await hold({ ...key, privateKey: other, signCount: key.signCount + 10 });
  await isRefused(/signature is wrong/);
  await hold({ ...key, signCount: 0 });
  await isRefused(/counter went back/);
  await page.reload();
  await signIn(page, ann.username, ann.password);
  await heading("One more proof");
  await button("Passkey").click();
  await isRefused(/counter went back/);
  await hold({ ...key, signCount: key.signCount + 20 });
  await page.goto(`${ORIGIN}/sign-in/?return_to=/account/`);
  await button("Use a passkey").click();
  await heading("Your account");
});

step("a passkey that was removed signs nobody in, alone or beside a password", async () => {
  await button("Remove Ann’s laptop").click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
  await page.getByRole("listitem").filter({ hasText: "Ann’s laptop" }).waitFor({ state: "detached" });
  assert.equal((await held()).length, 1, "the authenticator still has it");
  await signOut();
  await isRefused(/not known here/);
  await page.reload();
  await signIn(page, ann.username, ann.password);
  await heading("One more proof");
  assert.equal(await button("Passkey").count(), 0);
  await page.getByLabel("Code", { exact: true }).fill(code(secret, 1));
  await button("Go on").click();
  await heading("Your account");
});

step("recovery codes are shown once", async () => {
  await button("Make new codes").click();
  const codes = await page.getByRole("region", { name: "Your recovery codes" }).innerText();
  assert.equal(codes.trim().split("\n").length, 10, codes);
  await page.getByText("10 of 10 are unused.", { exact: false }).waitFor({ state: "detached" });
  await look(page, "people-codes");
});

step("a forgotten password is replaced by a link", async () => {
  await signOut();
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await heading("Back into your account");
  await look(page, "people-recovery");
  await page.getByLabel("Username or e-mail address").fill(ann.username);
  await button("Send me a link").click();
  await heading("Look into your mail");
  const token = tokenOf(await mailTo(ann.email, "Choose a new password"));
  await page.goto(`${ORIGIN}/recovery/#token=${token}`);
  await heading("Choose a new password");
  await look(page, "people-choose");
  await page.getByLabel("New password").fill("another lamp 77");
  await button("Save password").click();
  await heading("Your password is changed");
  await page.goto(`${ORIGIN}/sign-in/`);
  await signIn(page, ann.username, "another lamp 77");
  await heading("One more proof");
});

step("somebody registers, confirms the address and enters", async () => {
  await admin.expect(200, "PUT", `${ADMIN}/people-policy`, { selfRegistration: "auto" });
  const username = fresh("bob");
  await page.goto(`${ORIGIN}/sign-in/`);
  await page.getByRole("link", { name: "Create an account" }).click();
  await heading("Create an account");
  await look(page, "people-sign-up");
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("E-mail address").fill(`${username}@example.org`);
  await page.getByLabel("Password", { exact: true }).fill("tin lamp river 9");
  await button("Create account").click();
  await heading("Look into your mail");
  await page.goto(`${ORIGIN}/sign-up/#token=${tokenOf(await mailTo(`${username}@example.org`))}`);
  await heading("Confirm my address");
  await button("Go on").click();
  await heading("Welcome");
  await look(page, "people-welcome");
  await page.getByRole("link", { name: "Sign in" }).click();
  await signIn(page, username, "tin lamp river 9");
  await page.waitForURL(`${ORIGIN}/devportal/**`);
});

test("no page has a fault", () => {
  assert.deepEqual(faults, []);
});
