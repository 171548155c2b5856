// A newcomer walks an empty platform in a browser: import a document, deploy and publish it, get a key, call, see the call counted.
//
// Everything is found as a person finds it, by role and label. On the way: no page has a serious accessibility fault, no script
// breaks the content security policy, and getting access and calling take at most six clicks.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";

const ROOT = join(import.meta.dirname, "../..");
const ORIGIN = process.env.POSTERN_URL ?? "http://localhost:8787";
const USER = process.env.POSTERN_ADMIN_USER ?? "admin";
const PASSWORD = process.env.POSTERN_ADMIN_PASSWORD ?? "";
const SHOTS = join(ROOT, "test-results");
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Fresh for each run, so that a platform that is not empty can be walked too. */
const NAME = `Kennel${Date.now().toString(36)}`;
const faults = [];
let isBroken = false;
let browser, upstream, person, visitor, reached;

before(async () => {
  mkdirSync(SHOTS, { recursive: true });
  upstream = createServer((request, response) => {
    reached = request;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify([{ id: 1, name: "Rex", kind: "dog" }]));
  });
  await new Promise((listening) => upstream.listen(0, "127.0.0.1", listening));
  browser = await chromium.launch({
    executablePath: process.env.POSTERN_CHROMIUM ?? process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  person = await open();
  visitor = await open();
});

after(async () => {
  await browser?.close();
  upstream?.closeAllConnections();
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
  await person.getByLabel("Username").fill(USER);
  await person.getByLabel("Password", { exact: true }).fill("wrong");
  await person.getByRole("button", { name: "Sign in" }).click();
  await person.getByRole("alert").waitFor();
  await look(person, "sign-in");
});

step("signing in leads back to where it was asked", async () => {
  await person.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await person.getByRole("button", { name: "Sign in" }).click();
  await person.getByRole("heading", { name: "APIs", exact: true }).waitFor();
  await person.getByRole("link", { name: "Import an OpenAPI document" }).waitFor();
  await look(person, "publisher-apis");
});

step("document with faults is refused with their places", async () => {
  await person.getByRole("link", { name: "Import an OpenAPI document" }).click();
  await person.getByLabel("Choose a file").setInputFiles(file("broken.json", "{ \"openapi\": \"3.0.3\", }"));
  await person.getByRole("heading", { name: /faults? in the document/ }).waitFor();
  await look(person, "publisher-import-faults");
});

step("document becomes an API", async () => {
  await person.getByLabel("Choose a file").setInputFiles(file("kennel.json", JSON.stringify(definition())));
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
  assert.equal(reached.headers.apikey, undefined, "the key must not reach the upstream");
  assert.equal(reached.headers.cookie, undefined, "the session must not reach the upstream");
});

step("visitor signs in on the way to a key", async () => {
  await visitor.getByRole("button", { name: "Get access" }).click();
  await visitor.getByRole("heading", { name: "Sign in" }).waitFor();
  await visitor.getByLabel("Username").fill(USER);
  await visitor.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await visitor.getByRole("button", { name: "Sign in" }).click();
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
  await person.goto(`${ORIGIN}/admin/`);
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

/** A step of the walk; after one that failed the others have nothing to stand on. */
function step(name, walk) {
  test(name, async (context) => {
    if (isBroken) return context.skip("an earlier step failed");
    isBroken = true;
    await walk();
    isBroken = false;
  });
}

/** A page in a browser of its own; what goes wrong in it is remembered. */
async function open() {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, permissions: [] });
  context.setDefaultTimeout(12_000);
  const page = await context.newPage();
  page.on("pageerror", (error) => faults.push(`${page.url()}: ${error.message}`));
  page.on("console", (message) => {
    // Refusals that the journey asks for are answers, not faults.
    if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) faults.push(`${page.url()}: ${message.text()}`);
  });
  return page;
}

/** Pictures of the page, light, dark and narrow, and its accessibility faults in both themes. */
async function look(page, name) {
  await page.evaluate(() => scrollTo(0, 0));
  for (const scheme of ["light", "dark"]) {
    await page.evaluate((wanted) => document.documentElement.setAttribute("data-mantine-color-scheme", wanted), scheme);
    await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))));
    await inspect(page, `${name}, ${scheme}`);
    await page.screenshot({ path: join(SHOTS, `${name}-${scheme}.png`), fullPage: true });
  }
  await page.setViewportSize({ width: 390, height: 844 });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (overflow > 0) faults.push(`${name}: ${overflow} px wider than a phone`);
  await page.screenshot({ path: join(SHOTS, `${name}-phone.png`), fullPage: true });
  await page.setViewportSize({ width: 1280, height: 860 });
  await page.evaluate(() => document.documentElement.setAttribute("data-mantine-color-scheme", "light"));
}

async function inspect(page, name) {
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ target, any }) => `${target.join(" ")} (${any[0]?.message ?? ""})`).join("; ")}`);
  });
  for (const fault of found) faults.push(`${name}: ${fault}`);
}

function file(name, text) {
  return { name, mimeType: "application/json", buffer: Buffer.from(text) };
}

function definition() {
  return {
    openapi: "3.0.3",
    info: { title: NAME, version: "1.0.0", description: "Dogs and their people. Reads and writes a small kennel." },
    servers: [{ url: `http://127.0.0.1:${upstream.address().port}` }],
    paths: {
      "/dogs": {
        get: {
          summary: "Lists the dogs",
          parameters: [{ name: "limit", in: "query", description: "At the most.", schema: { type: "integer", default: 10 } }],
          responses: { 200: { description: "The dogs." } },
        },
        post: {
          summary: "Takes a dog in",
          requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/Dog" } } } },
          responses: { 201: { description: "The dog." } },
        },
      },
      "/dogs/{dogId}": {
        get: {
          summary: "Reads a dog",
          parameters: [{ name: "dogId", in: "path", required: true, schema: { type: "integer" } }],
          responses: { 200: { description: "The dog." } },
        },
      },
    },
    components: { schemas: { Dog: { type: "object", properties: { name: { type: "string", example: "Rex" }, age: { type: "integer" } } } } },
  };
}
