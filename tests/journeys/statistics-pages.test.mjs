// Calls are made, and each dashboard of the three portals shows the numbers that were called.
//
// The platform is its own: an administrator is shown the APIs with the most calls, and other files call theirs more often.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { standAlone } from "./own-platform.mjs";

const platform = await standAlone();
const { ORIGIN, faults, launch, look, open, signIn, step } = await import("./browser.mjs");
const { ADMIN, DEVPORTAL, PUBLISHER, administrator, deploy, change, fresh, makeApi } = await import("./manage.mjs");
const { enterMinute, within } = await import("./platform.mjs");
const { requests } = await import("./throttled.mjs");

const NAME = fresh("Counted");
const BUSY = fresh("Busy");
const HELD = fresh("Held");
const PLAN = fresh("Paid");
const LIMIT = fresh("TwoAMinute");
let browser, upstream, person, admin, api, silent;

before(async () => {
  upstream = await unsteady();
  ({ admin } = await administrator());
  await furnish();
  browser = await launch();
  person = await open(browser);
});

after(async () => {
  await browser?.close();
  upstream?.close();
  platform.remove();
});

const views = () => person.getByRole("navigation", { name: "Views" });
const go = async (view) => {
  await views().getByRole("link", { name: view, exact: true }).click();
  await views().locator(`[aria-current=page]:text-is("${view}")`).waitFor();
};

/** Waits until each row of a table, found by its words, has this number in its first column of numbers. */
async function table(name, rows) {
  for (const [words, number] of Object.entries(rows)) {
    const row = person.getByRole("table", { name, exact: true }).getByRole("row").filter({ hasText: words }).first();
    await row.getByRole("cell", { name: number, exact: true }).first().waitFor({ timeout: 20_000 });
  }
}

/** Waits until a figure above the charts is this. */
async function figure(name, value) {
  const found = () => person.evaluate((term) => {
    const dt = [...document.querySelectorAll("dl dt")].find(({ textContent }) => textContent === term);
    return dt?.parentElement?.querySelector("dd")?.firstChild?.textContent;
  }, name);
  let last;
  await within(20_000, `${name} is ${value}`, async () => (last = await found()) === value).catch((fault) => {
    throw new Error(`${fault.message}; it is ${last}`);
  });
}

step("an API without calls says so in every view", async () => {
  await person.goto(`${ORIGIN}/publisher/apis/${silent.id}/statistics`);
  await signIn(person);
  await person.getByText("No calls in this time range yet.", { exact: false }).waitFor();
  await figure("Requests", "0");
  await look(person, "statistics-empty");
  for (const view of ["Traffic", "Errors", "Latency", "Throttling", "Usage", "Clients", "Cache"]) {
    await go(view);
    await person.getByText(/^(Nothing in this time\.|No calls in this time range yet\.)/).first().waitFor();
  }
  await go("Cost");
  await person.getByText("No subscriptions.").waitFor();
  await look(person, "statistics-empty-cost");
});

step("a publisher sees what was called, and by whom", async () => {
  await person.goto(`${ORIGIN}/publisher/apis/${api.id}/statistics`);
  await figure("Requests", "24");
  await figure("Errors", "9");
  await figure("Throttled", "3");
  await table("By operation", { "/pets": "19", "/pets/{id}": "5" });
  await person.getByRole("img", { name: "Requests over time" }).waitFor();
  await look(person, "statistics-overview");
  await person.getByRole("button", { name: "Show as table" }).click();
  await person.getByRole("table", { name: "Requests over time" }).waitFor();
  await go("Traffic");
  await table("By class of status", { "2xx": "15", "4xx": "7", "5xx": "2" });
  await look(person, "statistics-traffic");
  await go("Usage");
  await table("By application", { [BUSY]: "15", [HELD]: "5", "No application": "4" });
  await table("By plan", { [PLAN]: "15" });
  await look(person, "statistics-usage");
});

step("what went wrong is told by its cause, and where it lies", async () => {
  await go("Errors");
  await table("Causes", { 900902: "4", 900803: "3", "The upstream’s answer · 500": "2" });
  await table("Where", { "/pets/{id}": "2" });
  await table("Whose calls", { [BUSY]: "2", [HELD]: "3" });
  await look(person, "statistics-errors");
  await person.getByRole("link", { name: "900902" }).click();
  await person.getByRole("heading", { level: 1 }).filter({ hasText: "900902" }).waitFor();
  await person.goBack();
  await go("Throttling");
  await table("Who met which limit", { [HELD]: "3", [LIMIT]: "3" });
  await look(person, "statistics-throttling");
});

step("latency, clients, the cache, adoption and cost have their figures too", async () => {
  await go("Latency");
  for (const name of ["From arrival to the head of the answer", "The upstream’s part of it"]) await person.getByRole("img", { name }).waitFor();
  const slowest = person.getByRole("table", { name: "The slowest" }).getByRole("row").filter({ hasText: "/pets/{id}" });
  // The upstream takes its time for a single pet, and neither part may be longer than the whole.
  await slowest.getByText(/\d+ ms/).waitFor();
  const [whole, part] = (await slowest.getByRole("cell").allInnerTexts()).slice(1).map((text) => Number(text.replace(/\D/g, "")));
  assert.ok(whole >= SLOW_MS * 0.95 && part >= SLOW_MS * 0.95 && part <= whole * 1.05, `${whole} ms, ${part} ms`);
  await look(person, "statistics-latency");
  await go("Clients");
  await table("Programs", { "Node.js": "24" });
  await look(person, "statistics-clients");
  await go("Cache");
  await table("By operation", { "/pets": "4" });
  await look(person, "statistics-cache");
  await go("Adoption");
  await table("From a look to a call", { Subscribed: "1", "Called it": "1" });
  await look(person, "statistics-adoption");
  await go("Cost");
  const billed = person.getByRole("row").filter({ hasText: BUSY });
  for (const name of ["15", "$5.05"]) await billed.getByRole("cell", { name, exact: true }).first().waitFor({ timeout: 20_000 });
  await look(person, "statistics-cost");
});

step("the address of a view leads to it, in Arabic too", async () => {
  await person.evaluate(() => localStorage.setItem("postern-language", "ar"));
  await person.goto(`${ORIGIN}/publisher/apis/${api.id}/statistics?view=errors&range=day`);
  await person.getByText("900902").first().waitFor({ timeout: 20_000 });
  assert.equal(await person.evaluate(() => document.documentElement.dir), "rtl");
  await look(person, "statistics-errors-ar");
  await person.evaluate(() => localStorage.setItem("postern-language", "en"));
});

step("a consumer sees the calls of one application, and an administrator those of all APIs", async () => {
  await person.goto(`${ORIGIN}/devportal/statistics`);
  await person.getByRole("combobox", { name: "Application" }).selectOption({ label: BUSY });
  await figure("Requests", "15");
  await table("By API", { [NAME]: "15" });
  await look(person, "statistics-consumer");
  for (const [view, name, rows] of [["Usage", "By plan", { [PLAN]: "15" }], ["Errors", "Where", { [NAME]: "2" }]]) {
    await go(view);
    await table(name, rows);
  }
  assert.equal(await views().getByRole("link", { name: "Adoption" }).count(), 0, "a consumer is shown what only a publisher may ask");
  await person.goto(`${ORIGIN}/admin/statistics`);
  await table("By API", { [NAME]: "24" });
  await look(person, "statistics-admin");
  await go("Throttling");
  await table("Who met which limit", { [HELD]: "3" });
});

step("a store that is not there is said to be away, and asked again", async () => {
  let isAway = true;
  await person.route("**/api/am/analytics/v1/usage?*", (route) => (isAway ? route.fulfill({ status: 503, body: "" }) : route.continue()));
  await person.goto(`${ORIGIN}/publisher/apis/${api.id}/statistics?view=clients`);
  const again = person.getByRole("button", { name: "Try again" }).first();
  await again.waitFor({ timeout: 30_000 });
  await look(person, "statistics-away");
  isAway = false;
  await again.click();
  await person.getByText("Node.js").waitFor();
  // What was asked for is no fault.
  faults.splice(0, faults.length, ...faults.filter((fault) => !fault.includes("status of 503")));
});

test("nothing went wrong on the way", () => assert.deepEqual(faults, []));

/** An upstream that is slow with a single pet, and fails for one of them. */
async function unsteady() {
  const server = createServer((request, response) => {
    const isOne = /^\/pets\//.test(request.url);
    const answer = () => {
      response.writeHead(request.url.endsWith("/broken") ? 500 : 200, { "content-type": "application/json" });
      response.end("{}");
    };
    setTimeout(answer, isOne ? SLOW_MS : 0);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => (server.closeAllConnections(), server.close()) };
}

async function furnish() {
  const price = { monetizationPlan: "DYNAMICRATE", properties: { currencyType: "USD", fixedPrice: "5", includedRequests: "10", pricePerRequest: "0.01" } };
  await policy("subscription", PLAN, { defaultLimit: requests(1_000), billingPlan: "COMMERCIAL", monetization: price });
  await policy("application", LIMIT, { defaultLimit: requests(2) });
  const endpoint = { url: upstream.url };
  const operation = (target) => ({ target, verb: "GET", authType: "Application & Application User", throttlingPolicy: "Unlimited" });
  const more = {
    name: NAME,
    policies: [PLAN, "Unlimited"],
    securityScheme: ["api_key", "oauth2", "oauth_basic_auth_api_key_mandatory"],
    operations: [operation("/pets"), operation("/pets/{id}")],
    responseCachingEnabled: true,
    cacheTimeout: 300,
    endpointConfig: { endpoint_type: "http", production_endpoints: endpoint, sandbox_endpoints: endpoint },
  };
  [api, silent] = [await makeApi(admin, more), await makeApi(admin)];
  await deploy(admin, api);
  await change(admin, api, "Publish");
  await call(await application(BUSY, "Unlimited", PLAN), await application(HELD, LIMIT, "Unlimited"));
}

async function policy(kind, policyName, more) {
  const path = `${ADMIN}/throttling/policies/${kind}`;
  const { body } = await admin.expect(201, "POST", path, { policyName, displayName: policyName, description: "", ...more });
}

/** An application that may call; its key. */
async function application(name, throttlingPolicy, plan) {
  const path = `${DEVPORTAL}/applications`;
  const { body } = await admin.expect(201, "POST", path, { name, throttlingPolicy, description: "" });
  await admin.expect(201, "POST", `${DEVPORTAL}/subscriptions`, { applicationId: body.applicationId, apiId: api.id, throttlingPolicy: plan });
  const key = await admin.expect(200, "POST", `${path}/${body.applicationId}/api-keys/PRODUCTION/generate`, { keyName: "k", validityPeriod: -1 });
  return key.body.apikey;
}

/** 24 calls: ten of a list (four of them from the cache), five of a pet (two fail), four without a key, five beyond a limit of two. */
async function call(busy, held) {
  const get = async (path, key) => {
    const answer = await fetch(`${ORIGIN}${api.context}/1.0.0${path}`, { headers: key ? { apikey: key } : {} });
    await answer.arrayBuffer();
    return answer.status;
  };
  // The last of these is the first call that the API knows of.
  await within(10_000, "the gateway knows the API", async () => (await get("/pets")) === 401);
  const all = async (status, paths, key) => {
    for (const path of paths) assert.equal(await get(path, key), status, path);
  };
  await all(401, ["/pets", "/pets", "/pets"]);
  await all(200, ["?n=0", "?n=1", "?n=2", "?n=3", "?n=4", "?n=5", "?n=0", "?n=0", "?n=0", "?n=0"].map((query) => `/pets${query}`), busy);
  await all(200, ["/pets/1", "/pets/2", "/pets/3"], busy);
  await all(500, ["/pets/broken", "/pets/broken"], busy);
  await enterMinute(10_000);
  await all(200, ["/pets?h=1", "/pets?h=2"], held);
  await all(429, ["/pets?h=3", "/pets?h=4", "/pets?h=5"], held);
}

const SLOW_MS = 60;
