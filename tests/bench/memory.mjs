// What a gateway comes to with 10,000 APIs, 100,000 clients and as many tokens behind it, on workerd.
//
//   cargo xtask build; node_modules/node/bin/node tests/bench/memory.mjs [APIs] [clients]
//
// Configuration is made up here and served as KV serves it; each call is of another API, and then of another client with
// another token. Prints what a call took at each step, what the isolate holds (its Wasm memory and its JavaScript heap, by
// workerd's inspector) and the resident memory of the whole process, as JSON. Ends with 1 when an isolate held 64 MiB.

import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { Agent, createServer, get } from "node:http";
import { OwnGateway, freePort } from "../journeys/own-platform.mjs";
import { Inspector } from "./inspector.mjs";

const [apis, clients] = [Number(process.argv[2] ?? 10_000), Number(process.argv[3] ?? 100_000)];
const OPERATIONS = 20;
const CALLERS = 64;
/** Half of what Cloudflare gives an isolate. */
const ISOLATE_MIB = 64;
const ISSUER = "https://memory.example/oauth2/token";

const values = new Map();
const store = (kind, value) => {
  const text = JSON.stringify(value);
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 32);
  values.set(`${kind}/${hash}`, text);
  return hash;
};

/** FNV-1a of the first segment, as the catalogue has it. */
function shardOf(segment) {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(segment)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash % 256;
}

const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const jwk = publicKey.export({ format: "jwk" });

function publish(upstream) {
  const unlimited = { limit: null, burst: null, stop_on_quota_reach: true, on_failure: "local" };
  const policies = store("policies", {
    schema: 1,
    subscription: { Unlimited: unlimited, DefaultSubscriptionless: unlimited },
    application: { Unlimited: { limit: null, burst: null, on_failure: "local" } },
    advanced: {},
  });
  const shards = new Map();
  for (let number = 0; number < apis; number += 1) {
    const base = `/api${number}/1.0.0`;
    const operations = Array.from({ length: OPERATIONS }, (_, index) => ({
      method: "GET", template: `/resources${index}/{resourceId}/parts/{partId}`, security: "any", scopes: ["read"], limit: null,
    }));
    const deployment = store("deployment", {
      schema: 1, organization: "default",
      api: { id: `api-${number}`, name: `Api${number}`, version: "1.0.0", context: base, provider: "admin", kind: "HTTP" },
      revision: `r-${number}`, environment: "Default", state: "PUBLISHED", base_path: base,
      security: { oauth2: true, api_key: true, authorization_header: "authorization", api_key_header: "apikey", audiences: [] },
      subscription_required: false, cors: null, api_limit: null, operations,
      endpoints: { production: { url: upstream, timeout_ms: 5_000 }, sandbox: null },
    });
    const shard = shardOf(`api${number}`);
    if (!shards.has(shard)) shards.set(shard, []);
    shards.get(shard).push({ base_path: base, host: null, api: `api-${number}`, deployment });
  }
  const named = Object.fromEntries([...shards].map(([number, routes]) => [number, store("shard", { schema: 1, routes })]));
  values.set("catalog/Default", JSON.stringify({ schema: 1, version: 1, policies, shards: named }));
  const key = { kid: "k1", alg: "ES256", jwk: { ...jwk, kid: "k1" } };
  values.set("trust", JSON.stringify({ schema: 1, version: 1, issuer: ISSUER, keys: [key], revocations: { tokens: [], clients: [] } }));
}

/** KV by its names; clients and their applications are made up when they are asked for. */
function value(name) {
  const [kind, id] = name.split("/");
  if (kind === "client") {
    return JSON.stringify({ schema: 1, organization: "default", client: id, application: `app-${id}`, key_type: "PRODUCTION" });
  }
  if (kind === "application") {
    return JSON.stringify({
      schema: 1, organization: "default", id, name: id, owner: "ann", policy: "Unlimited", status: "APPROVED", subscriptions: [],
    });
  }
  return values.get(name);
}

function token(number) {
  const now = Math.floor(Date.now() / 1000);
  const client = `client-${number}`;
  const part = (content) => Buffer.from(JSON.stringify(content)).toString("base64url");
  const claims = {
    iss: ISSUER, sub: client, aud: client, client_id: client, jti: `t-${number}`, iat: now, exp: now + 7_200,
    scope: "read", aut: "APPLICATION", organization: "default",
  };
  const input = `${part({ alg: "ES256", typ: "at+jwt", kid: "k1" })}.${part(claims)}`;
  return `${input}.${sign("sha256", Buffer.from(input), { key: privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
}

const listen = (handler) =>
  new Promise((done) => {
    const server = createServer(handler);
    server.listen(0, "127.0.0.1", () => done({ server, address: `127.0.0.1:${server.address().port}` }));
  });

const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });
const call = (origin, path, bearer) =>
  new Promise((done, failed) => {
    get(origin + path, { agent, headers: { authorization: `Bearer ${bearer}` } }, (answer) => {
      answer.resume().on("end", () => done(answer.statusCode));
    }).on("error", failed);
  });

/** Makes `count` calls, `CALLERS` at a time; how long one took on average, in milliseconds. */
async function drive(count, one) {
  let next = 0;
  const caller = async () => {
    while (next < count) {
      next += 1;
      assert.equal(await one(next - 1), 200);
    }
  };
  const startedAt = Date.now();
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return ((Date.now() - startedAt) * CALLERS) / count;
}

function memory(pid) {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const mib = (name) => Math.round(Number(status.match(new RegExp(`${name}:\\s+(\\d+)`))[1]) / 1024);
  return { residentMiB: mib("VmRSS"), highestMiB: mib("VmHWM") };
}

const upstream = await listen((_, response) => response.end("{}"));
const kv = await listen((request, response) => {
  const found = value(decodeURIComponent(request.url.split("?")[0].slice(1)));
  response.writeHead(found === undefined ? 404 : 200).end(found);
});
const others = await listen((request, response) => request.resume().on("end", () => response.end("{}")));
const gateway = new OwnGateway();
let most = 0;
try {
  publish(`http://${upstream.address}`);
  const bytes = [...values.values()].reduce((sum, text) => sum + text.length, 0);
  const inspected = await freePort();
  const lent = { kv: kv.address, traffic: others.address, analytics: others.address, keys: others.address };
  await gateway.start(undefined, lent, [`--inspector-addr=127.0.0.1:${inspected}`]);
  const inspector = await Inspector.open(inspected);
  const path = (number) => `/api${number}/1.0.0/resources1/7/parts/8`;
  const first = token(0);
  const step = async (what, count, ms) => {
    const isolate = await inspector.memory();
    most = Math.max(most, isolate.isolateMiB);
    console.log(JSON.stringify({ what, count, msEach: Number(ms.toFixed(2)), ...isolate, ...memory(gateway.pid) }));
  };
  await step("one API, one token, again and again", 5_000, await drive(5_000, () => call(gateway.origin, path(0), first)));
  await step(`every API once (${Math.round(bytes / 1024 / 1024)} MiB of configuration)`, apis, await drive(apis, (number) => call(gateway.origin, path(number), first)));
  await step("every API once more", apis, await drive(apis, (number) => call(gateway.origin, path(number), first)));
  await step("every client once, each with a token of its own", clients, await drive(clients, (number) => call(gateway.origin, path(number % apis), token(number))));
  await step("one API, one token, again and again", 5_000, await drive(5_000, () => call(gateway.origin, path(0), first)));
} finally {
  gateway.stop();
  for (const { server } of [upstream, kv, others]) server.close();
  agent.destroy();
}
console.log(`at most ${most} MiB in the isolate, of ${ISOLATE_MIB}`);
process.exit(most > 0 && most < ISOLATE_MIB ? 0 : 1);
