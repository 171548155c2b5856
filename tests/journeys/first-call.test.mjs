// A newcomer walks an empty platform in a browser: import a document, deploy and publish it, get a key, call, see the call counted.
//
// Everything is found as a person finds it, by role and label. On the way: no page has a serious accessibility fault, no script
// breaks the content security policy, and getting access and calling take at most six clicks.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ORIGIN, USER, definition, faults, file, launch, look, open, signIn, step, upstreamOf } from "./browser.mjs";

/** Fresh for each run, so that a platform that is not empty can be walked too. */
const NAME = `Kennel${Date.now().toString(36)}`;
let browser, upstream, person, visitor;

before(async () => {
  upstream = await upstreamOf([{ id: 1, name: "Rex", kind: "dog" }]);
  browser = await launch();
  person = await open(browser);
  visitor = await open(browser);
});

after(async () => {
  await browser?.close();
  upstream?.close();
});

step("landing page leads to the three portals", async () => {
  await visitor.goto(`${ORIGIN}/`);
  for (const portal of ["Publisher", "Developer Portal", "Admin"]) {
    await visitor.getByRole("heading", { name: portal, exact: true }).waitFor();
  }
  await look(visitor, "landing");
});

step("wrong password is refused in words", async () => {
  await person.goto(`${ORIGIN}/publisher/`);
  await person.getByRole("heading", { name: "Sign in" }).waitFor();
  await signIn(person, USER, "wrong");
  await person.getByRole("alert").waitFor();
  await look(person, "sign-in");
});

step("signing in leads back to where it was asked", async () => {
  await signIn(person);
  await person.getByRole("heading", { name: "Home", exact: true }).waitFor();
  await person.getByRole("link", { name: "Import an OpenAPI document" }).waitFor();
  await look(person, "publisher-home-empty");
});

step("document with faults is refused with their places", async () => {
  await person.getByRole("link", { name: "Import an OpenAPI document" }).click();
  await person.getByLabel("Choose a file").setInputFiles(file("broken.json", "{ \"openapi\": \"3.0.3\", }"));
  await person.getByRole("heading", { name: /faults? in the document/ }).waitFor();
  await look(person, "publisher-import-faults");
});

step("document becomes an API", async () => {
  await person.getByLabel("Choose a file").setInputFiles(file("kennel.json", JSON.stringify(definition(NAME, upstream.address))));
  await person.getByLabel("Context").waitFor();
  await look(person, "publisher-import");
  await person.getByRole("button", { name: "Create API" }).click();
  await person.getByRole("heading", { name: NAME, level: 1 }).waitFor();
  await look(person, "publisher-overview");
});

step("one button deploys and publishes", async () => {
  await person.getByRole("button", { name: "Deploy and publish" }).click();
  await person.getByRole("link", { name: "See it in the Developer Portal" }).waitFor({ timeout: 20_000 });
  await person.getByText("Runs in Default").waitFor();
  await look(person, "publisher-published");
});

step("every page of the API stands", async () => {
  for (const [link, shot] of [
    ["Operations", "operations"],
    ["Definition", "definition"],
    ["Endpoints and security", "endpoints"],
    ["Plans", "plans"],
    ["Revisions", "revisions"],
    ["Lifecycle", "lifecycle"],
    ["Subscribers", "subscribers"],
  ]) {
    await person.getByRole("navigation", { name: NAME }).getByRole("link", { name: link, exact: true }).click();
    await person.getByRole("heading", { name: link, level: 1 }).waitFor();
    await person.waitForLoadState("networkidle");
    await look(person, `publisher-${shot}`);
  }
});

step("visitor without an account finds it", async () => {
  await visitor.goto(`${ORIGIN}/devportal/`);
  await visitor.getByRole("searchbox", { name: "Search APIs" }).fill(NAME);
  await visitor.getByRole("link", { name: NAME }).waitFor({ timeout: 15_000 });
  await look(visitor, "devportal-catalogue");
  await visitor.getByRole("link", { name: NAME }).click();
  await visitor.getByRole("heading", { name: NAME, level: 1 }).waitFor();
  await visitor.getByText("Lists the dogs").waitFor();
  await look(visitor, "devportal-api");
});

step("access and first call take at most six clicks", async () => {
  await person.goto(`${ORIGIN}/devportal/?query=${NAME}`);
  let clicks = 0;
  const click = async (target) => {
    clicks += 1;
    await target.click();
  };
  await click(person.getByRole("link", { name: NAME }));
  await click(person.getByRole("button", { name: "Get access" }));
  await person.getByRole("button", { name: "Get key" }).waitFor();
  await look(person, "devportal-get-access");
  await click(person.getByRole("button", { name: "Get key" }));
  await person.getByText("You have access").waitFor({ timeout: 20_000 });
  await look(person, "devportal-key");
  await click(person.getByRole("link", { name: "Try it in the console" }));
  await click(person.getByRole("button", { name: "Send", exact: true }));
  await person.getByText("200 OK").waitFor({ timeout: 20_000 });
  await person.getByText("Rex").waitFor();
  await look(person, "devportal-console");
  assert.ok(clicks <= 6, `${clicks} clicks`);
  assert.equal(upstream.reached.headers.apikey, undefined, "the key must not reach the upstream");
  assert.equal(upstream.reached.headers.cookie, undefined, "the session must not reach the upstream");
});

step("visitor signs in on the way to a key", async () => {
  await visitor.getByRole("button", { name: "Get access" }).click();
  await visitor.getByRole("heading", { name: "Sign in" }).waitFor();
  await signIn(visitor);
  await visitor.getByRole("dialog").getByRole("button", { name: "Get key" }).waitFor();
});

step("applications show their keys and subscriptions", async () => {
  await person.getByRole("link", { name: "Applications" }).click();
  await person.getByRole("heading", { name: "Applications", level: 1 }).waitFor();
  await look(person, "devportal-applications");
  await person.getByRole("table", { name: "Applications" }).getByRole("link").first().click();
  await person.getByRole("table", { name: "Subscriptions" }).getByRole("link", { name: NAME }).waitFor();
  await look(person, "devportal-subscriptions");
  await person.getByRole("tab", { name: "API keys" }).click();
  await person.getByRole("table", { name: "API keys" }).waitFor();
  await look(person, "devportal-api-keys");
  await person.getByRole("tab", { name: "OAuth keys" }).click();
  const generate = person.getByRole("button", { name: "Generate keys" });
  const token = person.getByRole("button", { name: "Generate token" });
  await generate.or(token).waitFor();
  if (await generate.isVisible()) await generate.click();
  await token.click();
  await person.getByText("Valid for 60 minutes.").waitFor();
  await look(person, "devportal-oauth-keys");
});

step("publisher sees the call counted", async () => {
  await person.goto(`${ORIGIN}/publisher/?query=${NAME}`);
  await person.getByRole("link", { name: NAME }).click();
  await person.getByRole("navigation", { name: NAME }).getByRole("link", { name: "Statistics" }).click();
  await person.getByRole("table", { name: "By operation" }).getByText("/dogs").waitFor({ timeout: 30_000 });
  await person.getByRole("img", { name: "Requests over time" }).waitFor();
  await look(person, "publisher-statistics");
  await person.getByRole("button", { name: "Show as table" }).click();
  await person.getByRole("table", { name: "Requests over time" }).waitFor();
});

step("administrator makes a plan and a user", async () => {
  await person.goto(`${ORIGIN}/admin/policies`);
  await person.getByRole("table", { name: "Subscription plans" }).waitFor();
  await look(person, "admin-policies");
  await person.getByRole("button", { name: "New plan" }).click();
  const plan = person.getByRole("dialog");
  await plan.getByLabel("Name").fill(`Ten${Date.now().toString(36)}`);
  await plan.getByLabel("How many").fill("10");
  await plan.getByText("At most 10 requests in each minute.").waitFor();
  await look(person, "admin-policy");
  await plan.getByRole("button", { name: "New plan" }).click();
  await person.getByRole("table").getByText("At most 10 requests in each minute.").first().waitFor();
  await person.getByRole("link", { name: "Users and roles" }).click();
  await person.getByRole("table", { name: "Users and roles" }).waitFor();
  await look(person, "admin-users");
  await person.getByRole("button", { name: "New user" }).click();
  const dialog = person.getByRole("dialog");
  const username = `ada${Date.now().toString(36)}`;
  await dialog.getByLabel("Username").fill(username);
  await dialog.getByLabel("Password", { exact: false }).first().fill("long enough to be good");
  await dialog.getByLabel("Internal/subscriber").check();
  await dialog.getByRole("button", { name: "New user" }).click();
  await person.getByRole("cell", { name: username, exact: true }).waitFor();
  await person.getByRole("link", { name: "Environments" }).click();
  await person.getByRole("table", { name: "Environments" }).waitFor();
  await look(person, "admin-environments");
});

step("signing out ends the session", async () => {
  await person.getByRole("button", { name: `Account: ${USER}` }).click();
  await person.getByRole("menuitem", { name: "Sign out" }).click();
  await person.waitForURL(`${ORIGIN}/`);
  await person.goto(`${ORIGIN}/admin/`);
  await person.getByRole("heading", { name: "Sign in" }).waitFor();
});

step("no page broke a rule of its own", () => {
  assert.deepEqual(faults, []);
});
