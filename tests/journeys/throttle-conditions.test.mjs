// What limits may depend on, each kind of it in a call: conditions as they are and turned round, what an operation weighs,
// who is denied for how long, and what custom rules tell callers apart by.

import assert from "node:assert/strict";
import { after, before, describe, it, test } from "node:test";
import { OwnGateway, OwnPlatform } from "./own-platform.mjs";
import { enterMinute, within } from "./platform.mjs";
import { serve } from "./serve.mjs";
import { Office, assertThrottled, call, requests } from "./throttled.mjs";

const platform = new OwnPlatform({}, { lends: true });
const gateway = new OwnGateway();
let office, upstream;

before(async () => {
  upstream = await serve((request, response) => request.resume().on("end", () => response.end("{}")));
  await platform.start();
  await gateway.start(platform);
  office = await new Office(platform).enter();
});

after(() => {
  gateway.stop();
  platform.remove();
  upstream?.close();
});

const from = (address) => ({ headers: { "cf-connecting-ip": address } });

/** A published API that the gateway knows. */
async function served(more, operation) {
  const api = await office.api(upstream.url, more, operation);
  await within(10_000, "the gateway knows the API", async () => (await call(gateway.origin, `${api.base}/pets`)).status === 401);
  return api;
}

/** An application's token. */
async function tokenOf({ id }) {
  const keys = await office.call(200, "POST", `/devportal/v3/applications/${id}/generate-keys`, {
    keyType: "PRODUCTION", grantTypesToBeSupported: ["client_credentials"], callbackUrl: "", validityTime: 3600,
  });
  const basic = Buffer.from(`${keys.consumerKey}:${keys.consumerSecret}`).toString("base64");
  const grant = new URLSearchParams({ grant_type: "client_credentials" });
  const { access_token: token } = await platform.expect(200, "POST", "/oauth2/token", grant, { authorization: `Basic ${basic}` });
  return { authorization: `Bearer ${token}` };
}

/** Calls until one is refused: how many passed, and the refusal. */
async function untilRefused(api, { key, headers, path = "/pets", init }) {
  for (let passed = 0; passed < 20; passed += 1) {
    const answer = await call(gateway.origin, `${api.base}${path}`, key, headers, init);
    if (answer.status !== 200) return { passed, answer };
  }
  return { passed: 20 };
}

const pattern = (name, value) => ({ [`${name}Name`]: "tier", [`${name}Value`]: value });
const kinds = [
  ["an address", { type: "IPCONDITION", ipCondition: { ipConditionType: "IPSPECIFIC", specificIP: "203.0.113.9" } }, from("203.0.113.9"), from("203.0.113.10")],
  ["a range of addresses", { type: "IPCONDITION", ipCondition: { ipConditionType: "IPRANGE", startingIP: "203.0.113.9", endingIP: "203.0.113.20" } }, from("203.0.113.20"), from("203.0.113.21")],
  ["a range of version 6", { type: "IPCONDITION", ipCondition: { ipConditionType: "IPRANGE", startingIP: "2001:db8::1", endingIP: "2001:db8::ff" } }, from("2001:db8::7"), from("2001:db8::100")],
  ["a header", { type: "HEADERCONDITION", headerCondition: pattern("header", "free|trial") }, { headers: { tier: "trial" } }, { headers: { tier: "freedom" } }],
  ["a query parameter", { type: "QUERYPARAMETERCONDITION", queryParameterCondition: pattern("parameter", "fr.e") }, { path: "/pets?a=1&tier=fr%65e" }, { path: "/pets?a=1" }],
];

describe("a condition group", () => {
  for (const [what, condition, meets, misses] of kinds) {
    for (const invertCondition of [false, true]) {
      it(`looks at ${what}${invertCondition ? ", turned round" : ""}`, async () => {
        const { name } = await office.policy("advanced", {
          defaultLimit: requests(5),
          conditionalGroups: [{ description: "", conditions: [{ ...condition, invertCondition }], limit: requests(2) }],
        });
        const api = await served({ apiThrottlingPolicy: name });
        const { key } = await office.application(api);
        await enterMinute(10_000);
        const few = await untilRefused(api, { key, ...(invertCondition ? misses : meets) });
        assert.equal(few.passed, 2);
        assertThrottled(few.answer, 429, "900800");
        assert.equal((await untilRefused(api, { key, ...(invertCondition ? meets : misses) })).passed, 5);
      });
    }
  }

  it("looks at a claim of the token, also turned round", async () => {
    const claim = (value, invertCondition) => ({
      type: "JWTCLAIMSCONDITION", invertCondition, jwtClaimsCondition: { claimUrl: "client_id", attribute: value },
    });
    const limits = async (conditions) => {
      const { name } = await office.policy("advanced", {
        defaultLimit: requests(5), conditionalGroups: [{ description: "", conditions, limit: requests(2) }],
      });
      const api = await served({ apiThrottlingPolicy: name });
      const headers = await tokenOf(await office.application(api));
      await enterMinute(10_000);
      return (await untilRefused(api, { headers })).passed;
    };
    assert.equal(await limits([claim("..*", false)]), 2, "a token has it");
    assert.equal(await limits([claim("..*", true)]), 5);
    assert.equal(await limits([claim("somebody", true)]), 2, "it is another one");
  });
});

test("an operation takes from the limit what it weighs", async () => {
  const { name } = await office.policy("subscription", { stopOnQuotaReach: true, billingPlan: "FREE", defaultLimit: requests(10) });
  const api = await served({ policies: [name] }, { throttlingWeight: 3 });
  const { key } = await office.application(api, { plan: name });
  await enterMinute(10_000);
  const heavy = await untilRefused(api, { key });
  assert.equal(heavy.passed, 3);
  assert.equal(String(heavy.answer.body.code), "900804");
  assert.equal((await untilRefused(api, { key, init: { method: "POST", body: "{}" } })).passed, 1, "what is left is for cheaper calls");
});

test("a denial ends by itself", async () => {
  const api = await served();
  const { key } = await office.application(api);
  const status = async () => (await call(gateway.origin, `${api.base}/pets`, key)).status;
  await office.deny("API", api.base, { expiresAt: new Date(Date.now() + 8_000).toISOString(), reason: "for a while" });
  await within(7_000, "it is denied", async () => (await status()) === 403);
  await within(15_000, "it is over", async () => (await status()) === 200);
});

test("a denial turned round lets nobody else in", async () => {
  const api = await served();
  const { key } = await office.application(api);
  const status = async (address) => (await call(gateway.origin, `${api.base}/pets`, key, from(address).headers)).status;
  for (const [type, value, inside] of [
    ["IP", { fixedIp: "203.0.113.9", invert: true }, "203.0.113.9"],
    ["IPRANGE", { startingIp: "203.0.113.8", endingIp: "203.0.113.9", invert: true }, "203.0.113.8"],
  ]) {
    const lift = await office.deny(type, value);
    await within(10_000, "others are denied", async () => (await status("198.51.100.1")) === 403);
    assert.equal(await status(inside), 200);
    await lift();
    await within(10_000, "it is lifted", async () => (await status("198.51.100.1")) === 200);
  }
});

test("a custom rule tells callers apart by what they bring", async () => {
  const api = await served();
  const headers = await tokenOf(await office.application(api));
  const other = await tokenOf(await office.application(api));
  const probe = { ...(await tokenOf(await office.application(api))), "x-tenant": "probe" };
  for (const [keyTemplate, one, another] of [
    ["$customProperty.client_id", { headers }, { headers: other }],
    ["$header.x-tenant:$apiContext", { headers: { ...headers, "x-tenant": "a" } }, { headers: { ...headers, "x-tenant": "b" } }],
    ["$query.tenant", { headers, path: "/pets?tenant=a" }, { headers, path: "/pets?tenant=b" }],
  ]) {
    const rule = await office.policy("custom", { keyTemplate, condition: `api.context == '${api.base}'`, defaultLimit: requests(3) });
    const isThere = async () => (await call(gateway.origin, `${api.base}/pets?tenant=probe`, undefined, probe)).headers.get("ratelimit-policy")?.includes(rule.name);
    await within(10_000, "the gateway knows the rule", isThere);
    await enterMinute(10_000);
    const first = await untilRefused(api, one);
    assert.equal(first.passed, 3, keyTemplate);
    assertThrottled(first.answer, 429, "900806");
    assert.equal((await untilRefused(api, another)).passed, 3, keyTemplate);
    await office.remove(rule);
    await within(10_000, "the rule is gone", async () => (await call(gateway.origin, `${api.base}/pets`, undefined, headers)).status === 200);
  }
});

test("calls that a plan only marks are marked in their events", async () => {
  const { name } = await office.policy("subscription", { stopOnQuotaReach: false, billingPlan: "FREE", defaultLimit: requests(3) });
  const api = await served({ policies: [name] });
  const { key } = await office.application(api, { plan: name });
  await enterMinute(10_000);
  assert.equal((await untilRefused(api, { key })).passed, 20);
  const marked = async () => {
    const { list } = await office.call(200, "GET", `/analytics/v1/events?apiId=${api.id}&limit=100`);
    const served = list.filter(({ proxyResponseCode }) => proxyResponseCode === 200);
    return [served.length, served.filter(({ overLimit }) => overLimit === name).length];
  };
  await within(10_000, "the events are there", async () => (await marked())[0] === 20);
  assert.deepEqual(await marked(), [20, 17]);
});
