// Every kind of policy by the admin API, and what its refusal looks like at the gateway.
//
// On a platform of its own: denials and custom rules are over all traffic.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { OwnGateway, OwnPlatform } from "./own-platform.mjs";
import { enterMinute, pause, within } from "./platform.mjs";
import { Office, assertThrottled, bytes, call, events, requests } from "./throttled.mjs";

const platform = new OwnPlatform({}, { lends: true });
const gateway = new OwnGateway();
let office, upstream, seen;

before(async () => {
  upstream = createServer((request, response) => {
    seen.push(request.url);
    if (request.url.startsWith("/chunked")) {
      // Without a length: 4 x 8 KB.
      const part = "x".repeat(8_192);
      for (let count = 0; count < 4; count += 1) response.write(part);
      return response.end();
    }
    if (request.url.startsWith("/slow")) {
      response.write("{");
      return setTimeout(() => response.end("}"), 1_500);
    }
    // Not before the request has been read.
    return request.resume().on("end", () => response.end("{}"));
  });
  seen = [];
  await new Promise((listening) => upstream.listen(0, "127.0.0.1", listening));
  await platform.start();
  await gateway.start(platform);
  office = await new Office(platform).enter();
});

after(() => {
  gateway.stop();
  platform.remove();
  upstream?.closeAllConnections();
  upstream?.close();
});

const url = () => `http://127.0.0.1:${upstream.address().port}`;
const ask = (api, key, headers) => call(gateway.origin, `${api.base}/pets`, key, headers);

/** An API and an application that is known to be served. */
async function served(more, options, operation) {
  const api = await office.api(url(), more, operation);
  const application = await office.application(api, options);
  await within(10_000, "the gateway knows the API", async () => (await call(gateway.origin, `${api.base}/pets`)).status === 401);
  await enterMinute(20_000);
  return { api, key: application.key, application };
}

/** Calls until one is refused; how many passed, and the refusal. */
async function untilRefused(api, key, headers) {
  for (let passed = 0; passed < 50; passed += 1) {
    const answer = await ask(api, key, headers);
    if (answer.status !== 200) return { passed, answer };
  }
  return { passed: 50 };
}

const limits = [
  ["900800", "a whole API", async () => ({ more: { apiThrottlingPolicy: (await office.policy("advanced", { defaultLimit: requests(3) })).name } })],
  ["900802", "an operation", async () => ({ operation: { throttlingPolicy: (await office.policy("advanced", { defaultLimit: requests(3) })).name } })],
  ["900803", "an application", async () => ({ options: { policy: (await office.policy("application", { defaultLimit: requests(3) })).name } })],
  ["900804", "a plan", async () => plan({ defaultLimit: requests(3) })],
  ["900807", "a plan's burst", async () => plan({ defaultLimit: requests(1000), rateLimitCount: 3, rateLimitTimeUnit: "min" })],
  ["900808", "a plan's events", async () => plan({ defaultLimit: events(3) })],
  ["900809", "an application's burst", async () => ({ options: { policy: (await office.policy("application", { defaultLimit: requests(1000), burstLimit: { rateLimitCount: 3, rateLimitTimeUnit: "min" } })).name } })],
];

async function plan(body) {
  const { name } = await office.policy("subscription", { stopOnQuotaReach: true, billingPlan: "FREE", ...body });
  return { more: { policies: [name] }, options: { plan: name } };
}

for (const [code, what, make] of limits) {
  test(`${what} refuses with ${code}`, async () => {
    const { more, options, operation } = await make();
    const { api, key } = await served(more, options, operation);
    const { passed, answer } = await untilRefused(api, key);
    assert.equal(passed, 3);
    assertThrottled(answer, 429, code);
  });
}

test("the upstream's cap refuses with 503 and 900801", async () => {
  const { api, key } = await served({ maxTps: { production: 3, productionTimeUnit: "MINUTE" } });
  const { passed, answer } = await untilRefused(api, key);
  assert.equal(passed, 3);
  assertThrottled(answer, 503, "900801");
});

test("a plan that does not stop only marks", async () => {
  const { more, options } = await plan({ defaultLimit: requests(3), stopOnQuotaReach: false });
  const { api, key } = await served(more, options);
  assert.equal((await untilRefused(api, key)).passed, 50);
});

test("the first condition group that is met gives the limit", async () => {
  const header = (headerValue) => ({ type: "HEADERCONDITION", invertCondition: false, headerCondition: { headerName: "x-tier", headerValue } });
  const { name } = await office.policy("advanced", {
    defaultLimit: requests(5),
    conditionalGroups: [
      { description: "", conditions: [header("free|trial")], limit: requests(2) },
      { description: "", conditions: [header("fr.*")], limit: requests(3) },
    ],
  });
  const { api, key } = await served({ apiThrottlingPolicy: name });
  const first = await untilRefused(api, key, { "x-tier": "free" });
  assert.equal(first.passed, 2);
  assertThrottled(first.answer, 429, "900800");
  assert.equal((await untilRefused(api, key, { "x-tier": "friend" })).passed, 3);
  assert.equal((await untilRefused(api, key)).passed, 5);
});

test("a custom rule counts by its key and its condition", async () => {
  const rule = await office.policy("custom", {
    keyTemplate: "$appId:$apiContext", condition: "'x-heavy' in request.headers && request.method == 'GET'", defaultLimit: requests(3),
  });
  const { api, key } = await served();
  await within(10_000, "the gateway knows the rule", async () => (await ask(api, key, { "x-heavy": "1" })).headers.get("ratelimit-policy")?.includes(rule.name));
  const { answer } = await untilRefused(api, key, { "x-heavy": "1" });
  assertThrottled(answer, 429, "900806");
  assert.equal((await ask(api, key)).status, 200, "the condition is not met");
  const other = await office.application(api);
  assert.equal((await untilRefused(api, other.key, { "x-heavy": "1" })).passed, 3, "another key");
  await office.remove(rule);
  await within(10_000, "the rule is gone", async () => (await ask(api, key, { "x-heavy": "1" })).status === 200);
});

test("whoever is denied gets 403 and 900805 before anything is counted", async () => {
  const { api, key, application } = await served();
  const address = { "cf-connecting-ip": "203.0.113.9" };
  const denials = [
    ["API", api.base, {}],
    ["APPLICATION", `admin:${application.name}`, {}],
    ["USER", "admin", {}],
    ["IP", { fixedIp: "203.0.113.9", invert: false }, address],
    ["IPRANGE", { startingIp: "203.0.113.0", endingIp: "203.0.113.99", invert: false }, address],
  ];
  for (const [type, value, headers] of denials) {
    const lift = await office.deny(type, value, { reason: "too many bad calls" });
    await within(10_000, `${type} is denied`, async () => (await ask(api, key, headers)).status === 403);
    const answer = await ask(api, key, headers);
    assert.equal(String(answer.body.code), "900805", type);
    assert.equal(answer.body.message, "Message blocked");
    assert.match(answer.body.description, /too many bad calls/);
    if (type.startsWith("IP")) assert.equal((await ask(api, key, { "cf-connecting-ip": "198.51.100.1" })).status, 200, "another address");
    const before = seen.length;
    assert.equal((await ask(api, key, headers)).status, 403);
    assert.equal(seen.length, before, "nothing reaches the upstream");
    await lift();
    await within(10_000, `${type} is lifted`, async () => (await ask(api, key, headers)).status === 200);
  }
});

test("bytes of replies count, also without a length", async () => {
  const { more, options } = await plan({ defaultLimit: bytes(100) });
  const { api, key } = await served(more, options);
  // 3 x 32 KB of replies leave room in 100 KB, and the fourth passes the limit.
  for (let count = 0; count < 4; count += 1) {
    const answer = await call(gateway.origin, `${api.base}/chunked`, key);
    assert.equal(answer.status, 200, `call ${count}`);
    assert.equal(answer.text.length, 32_768);
    await pause(100);
  }
  await within(5_000, "the bytes are settled", async () => (await ask(api, key)).status === 429);
  assertThrottled(await ask(api, key), 429, "900804");
});

test("bytes of requests count, also in chunks", async () => {
  const { more, options } = await plan({ defaultLimit: bytes(100) });
  const { api, key } = await served(more, options);
  const parts = () => new ReadableStream({
    start(body) {
      for (let count = 0; count < 4; count += 1) body.enqueue(new Uint8Array(8_192));
      body.close();
    },
  });
  for (let count = 0; count < 4; count += 1) {
    const sent = { method: "POST", body: parts(), duplex: "half" };
    assert.equal((await call(gateway.origin, `${api.base}/pets`, key, {}, sent)).status, 200, `call ${count}`);
    await pause(100);
  }
  await within(5_000, "the bytes are settled", async () => (await ask(api, key)).status === 429);
});

test("a changed policy is in force within 5 s, and refills nothing", async () => {
  const policy = await office.policy("application", { defaultLimit: requests(10) });
  const { api, key } = await served({}, { policy: policy.name });
  assert.equal((await untilRefused(api, key)).passed, 10);
  const changed = { policyName: policy.name, displayName: policy.name, description: "", defaultLimit: requests(14) };
  await office.call(200, "PUT", `/admin/v4/throttling/policies/application/${policy.id}`, changed);
  await within(5_000, "the change is in force", async () => (await ask(api, key)).status === 200);
  assert.equal((await untilRefused(api, key)).passed, 3, "14 less the 10 before and the one that saw the change");
});

test("calls under way are no more than the plan allows, also when clients go away", async () => {
  const { more, options } = await plan({ defaultLimit: requests(1000), concurrency: 2 });
  const { api, key } = await served(more, options);
  const slow = (init) => call(gateway.origin, `${api.base}/slow`, key, {}, init);
  const answers = await Promise.all(Array.from({ length: 6 }, () => slow()));
  const refused = answers.filter(({ status }) => status === 429);
  assert.equal(answers.filter(({ status }) => status === 200).length, 2, answers.map(({ status }) => status).join(" "));
  assert.equal(refused.length, 4);
  for (const { body, headers } of refused) {
    assert.equal(String(body.code), "900808");
    assert.match(body.description, /under way/);
    assert.equal(headers.get("retry-after"), "1");
  }
  await within(3_000, "they are over", async () => (await ask(api, key)).status === 200);
  const leaving = new AbortController();
  const left = [1, 2].map(() => slow({ signal: leaving.signal }).catch(() => "left"));
  await within(3_000, "both are under way", async () => (await ask(api, key)).status === 429);
  leaving.abort();
  assert.deepEqual(await Promise.all(left), ["left", "left"]);
  await within(5_000, "they are over", async () => (await ask(api, key)).status === 200);
});
