// Answers that the gateway keeps: whose they are, how long they last, what they cost; and what an API on its way out says.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { ORIGIN, signIn, within } from "./platform.mjs";
import { serve } from "./serve.mjs";

const BYTES = Buffer.from(Array.from({ length: 10_000 }, (_, at) => (at * 7) % 256));
const asked = [];
let desk, upstream, api, ann, bob;

before(async () => {
  upstream = await serve(answer);
  desk = await signIn();
  api = await publish();
  [ann, bob] = [await subscriber(), await subscriber()];
});

after(async () => {
  await desk?.tidy();
  upstream?.close();
});

function answer(request, response) {
  const { pathname } = new URL(request.url, "http://upstream");
  asked.push(`${request.method} ${pathname}`);
  const number = asked.length;
  if (request.method !== "GET") return response.writeHead(204).end();
  if (pathname === "/tagged" && request.headers["if-none-match"] === '"1"') return response.writeHead(304, { etag: '"1"' }).end();
  if (pathname === "/tagged") response.writeHead(200, { etag: '"1"', "cache-control": "public, max-age=0" });
  if (pathname === "/bytes") {
    response.writeHead(200, { "content-encoding": "gzip", "content-type": "application/octet-stream", "cache-control": "public" });
    const packed = gzipSync(BYTES);
    // In two chunks, without a length.
    response.write(packed.subarray(0, 100));
    return response.end(packed.subarray(100));
  }
  if (pathname === "/session") response.writeHead(200, { "set-cookie": "session=1", "cache-control": "public" });
  return response.end(JSON.stringify({ number }));
}

async function publish() {
  const name = `Caching${Date.now().toString(36)}`;
  const context = `/${name.toLowerCase()}`;
  const operations = ["GET", "POST"].map((verb) => ({ target: "/*", verb, authType: "Application & Application User", throttlingPolicy: "Unlimited" }));
  const endpoint = { url: upstream.url };
  const made = await desk.call(201, "POST", "/publisher/v4/apis", {
    name, version: "1.0.0", context, policies: ["Bronze"], operations, responseCachingEnabled: true, cacheTimeout: 60,
    additionalProperties: [{ name: "sunset", value: "2030-06-30", display: false }],
    endpointConfig: { endpoint_type: "http", production_endpoints: endpoint, sandbox_endpoints: endpoint },
  });
  const path = `/publisher/v4/apis/${made.id}`;
  const revision = await desk.call(201, "POST", `${path}/revisions`, { description: "" });
  await desk.call(201, "POST", `${path}/deploy-revision?revisionId=${revision.id}`, [{ name: "Default", vhost: "localhost", displayOnDevportal: true }]);
  await desk.call(200, "POST", `/publisher/v4/apis/change-lifecycle?action=Publish&apiId=${made.id}`);
  return { id: made.id, base: `${context}/1.0.0` };
}

/** An application's caller: `get(path)` and `post(path)` with its token. */
async function subscriber() {
  const application = await desk.subscribe(api, { plan: "Bronze" });
  const token = await application.token();
  const call = async (path, { headers = {}, ...init } = {}) => {
    const response = await fetch(ORIGIN + api.base + path, { ...init, headers: { authorization: `Bearer ${token}`, ...headers } });
    const bytes = Buffer.from(await response.arrayBuffer());
    return { status: response.status, headers: response.headers, cache: response.headers.get("cache-status"), bytes, text: bytes.toString() };
  };
  await within(10_000, "the gateway knows the caller", async () => (await call("/ready", { headers: { "cache-control": "no-store" } })).status === 200);
  return call;
}

const count = (what) => asked.filter((it) => it === what).length;

test("an answer is its caller's, unless it says that it is for everybody", async () => {
  const first = await ann("/pets?a=1");
  assert.equal(first.cache, "Postern; fwd=uri-miss; stored");
  const again = await ann("/pets?a=1");
  assert.equal(again.text, first.text);
  assert.match(again.cache, /^Postern; hit; ttl=\d+$/);
  assert.match(again.headers.get("age"), /^\d+$/);
  const other = await bob("/pets?a=1");
  assert.notEqual(other.text, first.text, "ann's answer is not bob's");
  assert.equal(count("GET /pets"), 2);
  const shared = await ann("/bytes");
  assert.deepEqual(shared.bytes, BYTES);
  const kept = await bob("/bytes");
  assert.match(kept.cache, /hit/);
  assert.deepEqual(kept.bytes, BYTES, "what is kept is what was sent, whatever its coding");
  assert.equal(count("GET /bytes"), 1);
  await ann("/session");
  assert.ok(!(await bob("/session")).cache.includes("hit"), "a session is nobody else's");
});

test("a hit counts against the plan", async () => {
  await ann("/counted");
  const left = async () => Number(/r=(\d+)/.exec((await ann("/counted")).headers.get("ratelimit"))[1]);
  // A new minute may begin in between.
  await within(5_000, "the second hit leaves one less than the first", async () => (await left()) - (await left()) === 1);
  assert.equal(count("GET /counted"), 1);
});

test("what is stale is asked about, and a client that holds it is told so", async () => {
  const first = await ann("/tagged");
  const second = await bob("/tagged");
  assert.equal(second.text, first.text);
  assert.match(second.cache, /^Postern; hit; fwd=stale; fwd-status=304/);
  const third = await bob("/tagged", { headers: { "if-none-match": '"1"' } });
  assert.deepEqual([third.status, third.text], [304, ""]);
});

test("a change makes the gateway forget the address", async () => {
  const first = await ann("/changed");
  assert.equal((await ann("/changed")).text, first.text);
  assert.equal((await bob("/changed", { method: "POST" })).status, 204);
  assert.notEqual((await ann("/changed")).text, first.text);
  const refused = await ann("/never-asked", { headers: { "cache-control": "only-if-cached" } });
  assert.deepEqual([refused.status, JSON.parse(refused.text).code], [504, "101510"]);
});

test("an API on its way out says so in its replies", async () => {
  const before = await ann("/pets?a=1");
  assert.equal(before.headers.get("deprecation"), null);
  assert.equal(before.headers.get("sunset"), "Sun, 30 Jun 2030 00:00:00 GMT");
  await desk.call(200, "POST", `/publisher/v4/apis/change-lifecycle?action=Deprecate&apiId=${api.id}`);
  await within(10_000, "replies tell", async () => (await ann("/pets?a=1")).headers.has("deprecation"));
  const at = Number((await ann("/pets?a=1")).headers.get("deprecation").slice(1)) * 1_000;
  assert.ok(Math.abs(Date.now() - at) < 60_000, `deprecated at ${new Date(at).toISOString()}`);
});
