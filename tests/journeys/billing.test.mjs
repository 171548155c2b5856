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
