// A gateway whose configuration is late, gone, old, newer than it, or garbage; and one whose Key Manager is gone. It serves
// what it last understood, says so to who asks, never goes back, and lets nobody in without being sure.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { OwnGateway, OwnPlatform } from "./own-platform.mjs";
import { pause, within } from "./platform.mjs";
import { serve } from "./serve.mjs";
import { StandIn } from "./stand-in.mjs";
import { Office, call, named } from "./throttled.mjs";

const platform = new OwnPlatform({}, { lends: true });
const [kv, keys] = [new StandIn(), new StandIn()];
const gateway = new OwnGateway();
let office, upstream, api, other, damaged, key, token;

before(async () => {
  upstream = await serve((_, response) => response.end("{}"));
  await platform.start();
  await kv.start(platform.lent("kv"));
  await keys.start(platform.lent("keys"));
  await gateway.start(platform, { kv: kv.address, keys: keys.address });
  office = await new Office(platform).enter();
  [api, other, damaged] = [await office.api(upstream.url), await office.api(upstream.url), await office.api(upstream.url)];
  const application = await office.application(api);
  key = application.key;
  token = await tokenOf(application);
  for (const one of [api, other, damaged]) {
    await within(10_000, "the gateway knows the API", async () => (await at(one.base)).status === 401);
  }
  await within(10_000, "the gateway knows the key", async () => (await good()).status === 200);
  assert.equal((await withToken()).status, 200);
});

after(() => {
  gateway.stop();
  kv.stop();
  keys.stop();
  platform.remove();
  upstream?.close();
});

afterEach(async () => {
  for (const one of [kv, keys]) Object.assign(one, { mode: "ok", delayMs: 0, change: undefined });
  await within(10_000, "the gateway is well again", async () => {
    // What is known of keys is looked at by calls with tokens only.
    const answers = [await good(), await withToken()];
    return answers.every(({ status, headers }) => status === 200 && !headers.has("x-postern-degraded"));
  });
});

const at = (base, withKey, headers) => call(gateway.origin, `${base}/pets`, withKey, headers);
const good = () => at(api.base, key, { "x-postern-debug": "1" });
const withToken = () => at(api.base, undefined, { authorization: `Bearer ${token}`, "x-postern-debug": "1" });
const version = ({ headers }) => headers.get("x-postern-config").split(".").map(Number);

async function tokenOf({ id }) {
  const made = await office.call(200, "POST", `/devportal/v3/applications/${id}/generate-keys`, {
    keyType: "PRODUCTION", grantTypesToBeSupported: ["client_credentials"], callbackUrl: "", validityTime: 3600,
  });
  const secret = btoa(`${made.consumerKey}:${made.consumerSecret}`);
  const grant = new URLSearchParams({ grant_type: "client_credentials" });
  return (await platform.expect(200, "POST", "/oauth2/token", grant, { authorization: `Basic ${secret}` })).access_token;
}

/** Calls for that long; each has to pass, and hardly any may wait: one that is the first to notice, on a busy machine two. */
async function serves(forMs) {
  const end = Date.now() + forMs;
  const waits = [];
  while (Date.now() < end) {
    const startedAt = Date.now();
    const [one, two] = await Promise.all([good(), withToken()]);
    assert.deepEqual([one.status, two.status], [200, 200], one.text + two.text);
    waits.push(Date.now() - startedAt);
    await pause(20);
  }
  const late = waits.filter((ms) => ms > 1_000);
  assert.ok(late.length <= 2, `calls took ${late} ms`);
  return 2 * waits.length;
}

const change = (one, action) =>
  office.call(200, "POST", `/publisher/v4/apis/change-lifecycle?action=${encodeURIComponent(action)}&apiId=${one.id}`);

for (const [what, fault] of [
  ["fails", { mode: "down" }],
  ["cuts connections", { mode: "cut" }],
  ["hangs", { mode: "hang" }],
  ["takes two seconds", { delayMs: 2_000 }],
]) {
  test(`a store that ${what} holds hardly a call up`, async () => {
    Object.assign(kv, fault);
    // Three times as long as configuration is fresh, so that all of it grows old.
    const calls = await serves(6_500);
    console.log(`# ${calls} calls while the store ${what}, all of them served`);
    if (kv.mode !== "ok") assert.equal((await good()).headers.get("x-postern-degraded"), "config");
  });
}

test("configuration that is older than what was seen never comes back", async () => {
  let old;
  kv.change = (path, body) => {
    if (path.includes("catalog/")) old ??= body;
    return body;
  };
  await within(10_000, "the pointer is seen", async () => (await good()).status === 200 && old !== undefined);
  await change(other, "Block");
  await within(10_000, "the block works", async () => (await at(other.base)).status === 503);
  const seen = version(await good());
  kv.change = (path, body) => (path.includes("catalog/") ? old : body);
  const end = Date.now() + 5_000;
  while (Date.now() < end) {
    assert.equal((await at(other.base)).status, 503, "the block is forgotten");
    const [catalogue] = version(await good());
    assert.ok(catalogue >= seen[0], `${catalogue} after ${seen[0]}`);
    await pause(100);
  }
  kv.change = undefined;
  await change(other, "Re-Publish");
  await within(10_000, "it serves again", async () => (await at(other.base)).status === 401);
});

for (const [what, broken] of [
  ["half of it", (body) => body.slice(0, body.length / 2)],
  ["nothing", () => ""],
  ["null", () => "null"],
  ["another text", () => "<html>not here</html>"],
  ["something newer", (body) => JSON.stringify({ ...JSON.parse(body), schema: 99, version: 1e9 })],
  ["no value", () => undefined],
]) {
  test(`with ${what} in the place of its pointers a gateway serves on and says so`, async () => {
    kv.change = (path, body) => (/catalog\/|trust/.test(path) ? broken(body) : body);
    await within(10_000, "it says so", async () => (await good()).headers.get("x-postern-degraded") === "config");
    await serves(2_500);
    assert.equal((await at(api.base)).status, 401, "nobody gets past what guards it");
  });
}

test("a deploy that arrives damaged leaves the one of before in service", async () => {
  let arrived = 0;
  kv.change = (path, body) => {
    if (!path.includes("deployment/")) return body;
    arrived += 1;
    return body.replace(/"timeout_ms":\d+/, '"timeout_ms":1');
  };
  await change(damaged, "Block");
  await within(10_000, "the new one arrives", async () => (await at(damaged.base)).status === 401 && arrived > 0);
  const end = Date.now() + 3_000;
  while (Date.now() < end) {
    const answer = await at(damaged.base, undefined, { "x-postern-debug": "1" });
    assert.equal(answer.status, 401, "the last good one is not blocked yet");
    assert.equal(answer.headers.get("x-postern-degraded"), "config");
    assert.equal((await good()).status, 200, "nor does the other API suffer");
    await pause(100);
  }
  kv.change = undefined;
  await within(15_000, "the block works once it can be read", async () => (await at(damaged.base)).status === 503);
});

test("without the Key Manager known keys still verify tokens, and nobody unknown gets in", async () => {
  const fresh = await tokenOf(await office.application(api));
  keys.mode = "cut";
  await serves(3_000);
  const bearer = (text) => at(api.base, undefined, { authorization: `Bearer ${text}` });
  await within(10_000, "a token that was never seen before is good too", async () => (await bearer(fresh)).status === 200);
  const [head, body] = fresh.split(".");
  assert.equal((await bearer(`${head}.${body}.${"A".repeat(86)}`)).status, 401, "a forged one is not");
  const opaque = await opaqueToken();
  assert.equal((await bearer(opaque)).status, 503, "what only the Key Manager knows waits for it");
  keys.mode = "ok";
  await within(10_000, "the opaque token is good once it can be asked", async () => (await bearer(opaque)).status === 200);
});

async function opaqueToken() {
  const name = named("opaque");
  const { applicationId } = await office.call(201, "POST", "/devportal/v3/applications", {
    name, throttlingPolicy: "Unlimited", description: "", tokenType: "OAUTH",
  });
  await office.call(201, "POST", "/devportal/v3/subscriptions", { applicationId, apiId: api.id, throttlingPolicy: "Unlimited" });
  const text = await tokenOf({ id: applicationId });
  assert.match(text, /^ptn_at_/);
  return text;
}

test("a gateway that never had a configuration says so, and serves as soon as it has one", async () => {
  kv.mode = "down";
  const cold = await new OwnGateway().start(platform, { kv: kv.address, keys: keys.address });
  try {
    for (const [path, withKey] of [[`${api.base}/pets`, key], ["/no/such/api", undefined]]) {
      const answer = await call(cold.origin, path, withKey);
      assert.deepEqual([answer.status, answer.body.code], [503, "303100"], answer.text);
      assert.match(answer.headers.get("retry-after"), /^\d+$/);
    }
    kv.mode = "ok";
    await within(10_000, "it serves", async () => (await call(cold.origin, `${api.base}/pets`, key)).status === 200);
    assert.equal((await call(cold.origin, "/no/such/api")).status, 404);
  } finally {
    cold.stop();
  }
});
