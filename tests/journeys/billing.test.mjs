// An administrator bills a month: what statistics counted, beside what the Traffic Manager debited, by the price of the plan.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { get, signIn, startUpstream, within } from "./platform.mjs";
import { named, requests } from "./throttled.mjs";

const CALLS = 20;
const month = new Date().toISOString().slice(0, 7);
let desk, upstream, plan, planId, api, application;

before(async () => {
  upstream = await startUpstream();
  desk = await signIn();
  plan = named("Paid");
  const made = await desk.call(201, "POST", "/admin/v4/throttling/policies/subscription", {
    policyName: plan, displayName: plan, description: "", defaultLimit: requests(1_000), billingPlan: "COMMERCIAL",
    monetization: { monetizationPlan: "DYNAMICRATE", properties: { currencyType: "USD", fixedPrice: "5", includedRequests: "10", pricePerRequest: "0.01" } },
  });
  planId = made.policyId;
  api = await desk.publishApi(upstream.url, [plan]);
  application = await desk.subscribe(api, { plan });
});

after(async () => {
  await desk?.tidy();
  if (planId) await desk.call(200, "DELETE", `/admin/v4/throttling/policies/subscription/${planId}`);
  await upstream?.close();
});

test("a month is billed by the calls that were counted", async () => {
  const token = await application.token();
  for (let call = 0; call < CALLS; call += 1) {
    const answer = await get(`${api.base}/pets`, token);
    assert.equal(answer.status, 200);
    await answer.arrayBuffer();
  }
  const found = await within(10_000, "the calls are counted", async () => {
    const { list } = await desk.call(200, "GET", `/analytics/v1/billing/usage?month=${month}&limit=500`);
    return list.find((one) => one.apiId === api.id && one.counted === CALLS);
  });
  assert.ok(found.debited >= CALLS, `${found.debited} debited: no call is free because a gateway forgot it`);
  assert.equal(found.difference, found.debited - found.counted);
  assert.equal(found.basis, "counted");
  assert.equal(found.billed, CALLS, "nobody pays for what lapsed in a gateway");
  assert.equal(found.invoice.currency, "usd");
  assert.equal(found.invoice.totalMinor, 500 + (CALLS - 10));
  const { list } = await desk.call(200, "GET", `/analytics/v1/billing/stripe?month=${month}&limit=500`);
  const own = list.filter((one) => one.idempotencyKey.startsWith(found.subscriptionId));
  assert.deepEqual(own.map((one) => one.path), ["/v1/invoiceitems", "/v1/invoiceitems", "/v1/invoices"]);
});

test("a month that is none is named", async () => {
  for (const bad of ["2026-13", "2026-1", "now"]) {
    const answer = await desk.call(400, "GET", `/analytics/v1/billing/usage?month=${bad}`);
    assert.match(answer.description, /month/);
  }
});

test("what is sold says its prices, and what it earns by the calls that were counted", async () => {
  const of = `/publisher/v4/apis/${api.id}`;
  await desk.call(201, "POST", `${of}/monetize`, { enabled: true, properties: { channel: "web" } });
  const { enabled, properties } = await desk.call(200, "GET", `${of}/monetization`);
  assert.deepEqual([enabled, properties], [true, { [plan]: "5 usd a month, with 10 calls, then 0.01 usd a call" }]);
  assert.deepEqual((await desk.call(200, "GET", of)).monetization, { enabled: true, properties: { channel: "web" } });
  const shown = await desk.call(200, "GET", `/devportal/v3/apis/${api.id}`);
  assert.deepEqual([shown.monetization, shown.monetizedInfo], [{ enabled: true }, true]);
  assert.deepEqual(shown.tiers[0].monetizationAttributes, { billingType: "dynamicRate", billingCycle: "month", currencyType: "USD", fixedPrice: "5", pricePerRequest: "0.01" });

  const earned = (await desk.call(200, "GET", `${of}/revenue?month=${month}`)).properties;
  assert.deepEqual(earned, { month, subscriptions: "1", calls: `${CALLS}`, "total.usd": "5.10" });
  const { list } = await desk.call(200, "GET", `/publisher/v4/subscriptions?apiId=${api.id}`);
  for (const portal of ["publisher/v4", "devportal/v3"]) {
    const used = (await desk.call(200, "GET", `/${portal}/subscriptions/${list[0].subscriptionId}/usage`)).properties;
    assert.deepEqual(used, { month, plan, calls: `${CALLS}`, currency: "usd", total: "5.10" });
  }
  const empty = (await desk.call(200, "GET", `${of}/revenue?month=2020-01`)).properties;
  assert.deepEqual([empty.calls, empty["total.usd"]], ["0", "5.00"], "a month without calls has its fixed price");
});

test("an API whose plans cost nothing is not sold", async () => {
  const free = await desk.publishApi(upstream.url, ["Unlimited"]);
  const of = `/publisher/v4/apis/${free.id}`;
  const { description } = await desk.call(400, "POST", `${of}/monetize`, { enabled: true, properties: {} });
  assert.match(description, /none of the API's plans has a price/);
  await desk.call(400, "POST", `${of}/monetize`, { enabled: "yes" });
  await desk.call(201, "POST", `${of}/monetize`, { enabled: false });
  assert.deepEqual(await desk.call(200, "GET", `${of}/monetization`), { enabled: false, properties: {} });
});

test("bills come page by page, each beginning where the one before ended", async () => {
  await desk.subscribe(api, { plan });
  const whole = await desk.call(200, "GET", `/analytics/v1/billing/usage?month=${month}&limit=500`);
  const seen = [];
  let path = `/analytics/v1/billing/usage?month=${month}&limit=1`;
  for (let page = 0; path && page < 20; page += 1) {
    const { list, pagination } = await desk.call(200, "GET", path);
    assert.equal(list.length, 1);
    seen.push(list[0].subscriptionId);
    assert.doesNotMatch(pagination.next, /offset=/);
    path = pagination.next.replace("/api/am", "");
  }
  assert.ok(seen.length >= 2);
  assert.deepEqual(seen, whole.list.slice(0, 20).map((one) => one.subscriptionId));
  const skipped = await desk.call(200, "GET", `/analytics/v1/billing/usage?month=${month}&limit=1&offset=1`);
  assert.equal(skipped.list[0].subscriptionId, seen[1], "pages by offset are still there");
  const answer = await desk.call(400, "GET", `/analytics/v1/billing/usage?month=${month}&after=here`);
  assert.match(answer.description, /after/);
});
