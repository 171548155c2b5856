// Small operations of WSO2's contracts, each by what it says of something that was made before.

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { ADMIN, DEVPORTAL, PUBLISHER, administrator, fresh, publishApi, somebody } from "./manage.mjs";
import { get, within } from "./platform.mjs";

let admin, consumer, api;

before(async () => {
  const entered = await administrator();
  admin = entered.admin;
  consumer = await somebody(admin, entered.client, ["Internal/subscriber"]);
  api = await publishApi(admin, { operations: [{ verb: "GET", target: "/pets" }, { verb: "POST", target: "/pets" }] });
});

describe("lists", () => {
  it("name the paths of an API, and plans that count events", async () => {
    const { body } = await admin.expect(200, "GET", `${PUBLISHER}/apis/${api.id}/resource-paths?limit=1`);
    assert.deepEqual([body.list, body.pagination.total], [[{ id: 1, resourcePath: "/pets", httpVerb: "GET" }], 2]);
    const policyName = fresh("Events");
    const limit = { type: "EVENTCOUNTLIMIT", eventCount: { timeUnit: "min", unitTime: 1, eventCount: 5 } };
    const plan = { policyName, displayName: policyName, description: "", defaultLimit: limit };
    const { policyId } = (await admin.expect(201, "POST", `${ADMIN}/throttling/policies/subscription`, plan)).body;
    const streaming = (await admin.expect(200, "GET", `${PUBLISHER}/throttling-policies/streaming/subscription?limit=500`)).body.list;
    assert.ok(streaming.some((one) => one.policyName === policyName && one.defaultLimit.eventCount.eventCount === 5));
    assert.ok(streaming.every(({ defaultLimit }) => defaultLimit.type === "EVENTCOUNTLIMIT"));
    await admin.expect(200, "DELETE", `${ADMIN}/throttling/policies/subscription/${policyId}`);
  });

  it("name the caller's own subscriptions to an API, and nobody else's", async () => {
    const shop = (await consumer.expect(201, "POST", `${DEVPORTAL}/applications`, { name: fresh("shop"), throttlingPolicy: "Unlimited" })).body;
    const wish = { applicationId: shop.applicationId, apiId: api.id, throttlingPolicy: "Unlimited" };
    const { subscriptionId } = (await consumer.expect(201, "POST", `${DEVPORTAL}/subscriptions`, wish)).body;
    const at = `${DEVPORTAL}/subscriptions/${api.id}/additionalInfo`;
    assert.deepEqual((await consumer.expect(200, "GET", at)).body.list, [
      { subscriptionId, applicationId: shop.applicationId, applicationName: shop.name, apiId: api.id, isSolaceAPI: false },
    ]);
    assert.equal((await admin.expect(200, "GET", at)).body.count, 0);
    await consumer.expect(404, "GET", `${DEVPORTAL}/subscriptions/unknown/additionalInfo`);
  });
});

it("what others call besides the same API is recommended, as far as one may see it", async () => {
  const [shared, usual, hidden] = [await publishApi(admin), await publishApi(admin), await publishApi(admin, { visibility: "RESTRICTED", visibleRoles: ["admin"] })];
  const subscribe = async (person, name, apis) => {
    const { applicationId } = (await person.expect(201, "POST", `${DEVPORTAL}/applications`, { name, throttlingPolicy: "Unlimited" })).body;
    for (const { id } of apis) await person.expect(201, "POST", `${DEVPORTAL}/subscriptions`, { applicationId, apiId: id, throttlingPolicy: "Unlimited" });
  };
  await subscribe(admin, fresh("shop"), [shared, usual, hidden]);
  const mine = async () => (await consumer.expect(200, "GET", `${DEVPORTAL}/recommendations`)).body.list.map(({ id }) => id);
  assert.ok(!(await mine()).includes(usual.id));
  await subscribe(consumer, fresh("shop"), [shared]);
  const found = await mine();
  assert.ok(found.includes(usual.id) && !found.includes(shared.id) && !found.includes(hidden.id), JSON.stringify(found));
});

it("calls of a time are counted", async () => {
  const since = Date.now() - 60_000;
  const counted = async () => (await admin.expect(200, "GET", `${ADMIN}/transaction-count?startTime=${since}&endTime=${Date.now()}`)).body.count;
  const before = await counted();
  for (let call = 0; call < 3; call += 1) await get(`${api.context}/1.0.0/pets`);
  await within(10_000, "the calls are counted", async () => (await counted()) >= before + 3);
  for (const query of ["", "?startTime=1", "?startTime=yesterday&endTime=2", "?startTime=9&endTime=1000000000000"]) await admin.expect(400, "GET", `${ADMIN}/transaction-count${query}`);
});
