// A consumer calls an API: who gets in, who does not and what they are told, and what the upstream gets to see.

import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, describe, test } from "node:test";
import { ORIGIN, pause, signIn, within } from "./platform.mjs";
import { serve } from "./serve.mjs";

const definition = {
  openapi: "3.0.3",
  info: { title: "Gateway", version: "1.0.0" },
  paths: Object.fromEntries(
    [
      ["/echo", { get: {}, post: {} }],
      ["/echo/{id}", { get: {} }],
      ["/echo/special", { get: {} }],
      ["/open", { get: { "x-auth-type": "None" } }],
      ["/scoped", { get: {} }],
      ["/slow", { get: {} }],
      ["/stream", { get: {}, post: {} }],
      ["/broken", { get: {} }],
    ].map(([path, methods]) => [
      path,
      Object.fromEntries(
        Object.entries(methods).map(([method, more]) => [method, { responses: { 200: { description: "Fine" } }, ...more }]),
      ),
    ]),
  ),
};

let desk, upstream, api, application, token, key;

before(async () => {
  upstream = await startEcho();
  desk = await signIn();
  api = await publish();
  application = await makeApplication();
  token = await clientToken(application.keys);
  key = application.apiKey;
});

after(async () => {
  if (application) await desk.call(200, "DELETE", `/devportal/v3/applications/${application.id}`);
  if (api) await desk.call(200, "DELETE", `/publisher/v4/apis/${api.id}`);
  await upstream?.close();
});

const call = (path, init = {}) => fetch(ORIGIN + api.base + path, { redirect: "manual", ...init });
const bearer = (extra = {}) => ({ headers: { authorization: `Bearer ${token}`, ...extra } });
const withKey = (extra = {}) => ({ headers: { apikey: key, ...extra } });

async function refused(response, status, code) {
  const text = await response.text();
  assert.equal(response.status, status, text);
  assert.equal(JSON.parse(text).code, code, text);
  return JSON.parse(text);
}

describe("who gets in", () => {
  test("a token, a key in a header and a key in the query all do", async () => {
    for (const [path, init] of [["/echo", bearer()], ["/echo", withKey()], [`/echo?a=1&apikey=${key}`, {}]]) {
      const response = await call(path, init);
      assert.equal(response.status, 200, await response.clone().text());
      const seen = await response.json();
      assert.ok(!seen.url.includes("apikey"), `the key reached the upstream: ${seen.url}`);
    }
  });

  test("no credential is told what is expected", async () => {
    const response = await call("/echo");
    assert.match(response.headers.get("www-authenticate"), /Bearer realm=/);
    const body = await refused(response, 401, "900902");
    assert.match(body.description, /authorization: Bearer/i);
  });

  test("altered, foreign and malformed credentials are refused alike", async () => {
    const [head, body, signature] = token.split(".");
    const forged = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(body, "base64url")), sub: "root" })).toString("base64url");
    for (const bad of [
      `${head}.${forged}.${signature}`,
      `${head}.${body}.${signature.slice(0, -4)}AAAA`,
      `${head}.${body}.${signature}=`,
      `${Buffer.from('{"alg":"none"}').toString("base64url")}.${body}.`,
      "x",
    ]) {
      await refused(await call("/echo", { headers: { authorization: `Bearer ${bad}` } }), 401, "900901");
    }
    const wrongSum = key.slice(0, -1) + (key.endsWith("0") ? "1" : "0");
    await refused(await call("/echo", { headers: { apikey: wrongSum } }), 401, "900901");
  });

  test("an open operation asks for nothing", async () => {
    assert.equal((await call("/open")).status, 200);
  });

  test("a token without the scope is refused, and one with it passes", async () => {
    await refused(await call("/scoped", bearer()), 403, "900910");
    assert.equal((await call("/scoped", withKey())).status, 200, "an API key has its application's rights");
  });

  test("an application without subscription is refused until it has one", async () => {
    const other = await makeApplication({ subscribe: false });
    try {
      await refused(await call("/echo", { headers: { apikey: other.apiKey } }), 403, "900908");
      await subscribe(other.id);
      await within(5_000, "the subscription works", async () => (await call("/echo", { headers: { apikey: other.apiKey } })).status === 200);
    } finally {
      await desk.call(200, "DELETE", `/devportal/v3/applications/${other.id}`);
    }
  });

  test("a blocked subscription is refused, and its release opens it", async () => {
    const post = (what) => desk.call(200, "POST", `/publisher/v4/subscriptions/${what}`);
    await post(`block-subscription?subscriptionId=${application.subscription}&blockState=BLOCKED`);
    await within(5_000, "the block works", async () => (await call("/echo", withKey())).status === 401);
    await refused(await call("/echo", withKey()), 401, "900907");
    await post(`unblock-subscription?subscriptionId=${application.subscription}`);
    await within(5_000, "the release works", async () => (await call("/echo", withKey())).status === 200);
  });

  test("a token that was taken back is refused within five seconds", async () => {
    const doomed = await clientToken(application.keys);
    const init = { headers: { authorization: `Bearer ${doomed}` } };
    assert.equal((await call("/echo", init)).status, 200);
    const { consumerKey, consumerSecret } = application.keys;
    const response = await fetch(`${ORIGIN}/oauth2/revoke`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${consumerKey}:${consumerSecret}`)}` },
      body: new URLSearchParams({ token: doomed }),
    });
    assert.equal(response.status, 200);
    await within(5_000, "the token is refused", async () => (await call("/echo", init)).status === 401);
    await refused(await call("/echo", init), 401, "900904");
    assert.equal((await call("/echo", bearer())).status, 200, "the other token still works");
  });

  test("a key that was revoked is refused within five seconds", async () => {
    const path = `/devportal/v3/applications/${application.id}/api-keys/PRODUCTION`;
    const made = await desk.call(200, "POST", `${path}/generate`, { keyName: "doomed", validityPeriod: -1, additionalProperties: {} });
    assert.equal((await call("/echo", { headers: { apikey: made.apikey } })).status, 200);
    const list = await desk.call(200, "GET", path);
    const { keyUUID } = (list.list ?? list).find((it) => it.keyName === "doomed");
    await desk.call(200, "POST", `${path}/revoke`, { keyUUID });
    await within(5_000, "the key is refused", async () => (await call("/echo", { headers: { apikey: made.apikey } })).status === 401);
  });

  test("the publisher's internal key opens its one API", async () => {
    const made = await desk.call(200, "POST", `/publisher/v4/apis/${api.id}/generate-key`);
    assert.equal((await call("/echo", { headers: { "internal-key": made.apikey } })).status, 200);
  });
});

describe("what is there", () => {
  test("unknown paths are 404, unknown methods 405 with what is allowed", async () => {
    await refused(await fetch(`${ORIGIN}/no-such-api/1.0.0/x`), 404, "404");
    await refused(await call("/nothing", withKey()), 404, "404");
    const response = await call("/echo", { method: "DELETE", ...withKey() });
    assert.equal(response.headers.get("allow"), "GET, HEAD, POST");
    await refused(response, 405, "405");
  });

  test("a literal template wins over a parameter, and a trailing slash counts as none", async () => {
    for (const [path, expected] of [["/echo/special", "/echo/special"], ["/echo/7/", "/echo/7"], ["/echo/7?q=%20", "/echo/7?q=%20"]]) {
      const seen = await (await call(path, withKey())).json();
      assert.equal(seen.url, expected);
    }
  });

  test("HEAD is served by GET, without a body", async () => {
    const response = await call("/echo", { method: "HEAD", ...withKey() });
    assert.equal(response.status, 200);
    assert.equal((await response.arrayBuffer()).byteLength, 0);
  });

  test("a preflight is answered before anybody is asked who they are", async () => {
    const response = await call("/echo", {
      method: "OPTIONS",
      headers: { origin: "https://shop.example", "access-control-request-method": "GET" },
    });
    assert.equal(response.status, 200, await response.text());
    assert.match(response.headers.get("access-control-allow-methods"), /GET/);
    assert.equal(response.headers.get("access-control-allow-origin"), "*");
  });

  test("a client that asks for problem documents gets them", async () => {
    const response = await call("/echo", { headers: { accept: "application/problem+json" } });
    assert.equal(response.headers.get("content-type"), "application/problem+json");
    const problem = await response.json();
    assert.equal(problem.type, "/docs/errors/900902");
    assert.equal((await fetch(ORIGIN + problem.type)).status, 200, "the page explains the code");
  });

  test("limits tell where the caller stands", async () => {
    const response = await call("/echo", withKey());
    assert.match(response.headers.get("ratelimit-policy"), /"Bronze";q=1000;w=60/);
    assert.match(response.headers.get("ratelimit"), /"Bronze";r=\d+;t=\d+/);
  });
});

describe("what the upstream sees", () => {
  test("no credential, no hop-by-hop header, nobody else's identity", async () => {
    const response = await call("/echo", {
      headers: {
        apikey: key,
        authorization: "Basic c2VjcmV0",
        "internal-key": "i",
        "x-forwarded-for": "10.0.0.1",
        x_forwarded_for: "10.0.0.1",
        "x-jwt-assertion": "forged",
        "proxy-authorization": "Basic eA==",
        cookie: "a=1; __Host-postern-session=stolen",
        "x-kept": "yes",
      },
    });
    const { headers } = await response.json();
    for (const name of ["apikey", "authorization", "internal-key", "x_forwarded_for", "x-jwt-assertion", "proxy-authorization"]) {
      assert.equal(headers[name], undefined, name);
    }
    assert.equal(headers["x-kept"], "yes");
    assert.equal(headers.cookie, "a=1");
    assert.notEqual(headers["x-forwarded-for"], "10.0.0.1");
  });

  test("bytes of a header that are no text pass as they came", async () => {
    const port = Number(new URL(ORIGIN).port);
    const lines = ["X-Raw: caf\xe9", "X-Text: caf\xc3\xa9", "X-Twice: one", "X-Twice: two", "X_Forwarded.For: 10.0.0.1", "__proto__: 1"];
    const plain = await rawBody(port, `${api.base}/echo`, lines.slice(2));
    assert.equal(plain["x-twice"], "one, two");
    const { "x-raw": raw, "x-text": text, "x-twice": twice, ...others } = await rawBody(port, `${api.base}/echo`, lines);
    assert.deepEqual({ raw, text, twice }, { raw: "caf\xe9", text: "caf\xc3\xa9", twice: "one, two" });
    for (const headers of [plain, others]) {
      assert.equal(headers.apikey, undefined);
      assert.equal(headers["x_forwarded.for"], undefined);
      assert.notEqual(headers["x-request-id"], undefined);
    }
  });

  test("no spelling of a path reaches what it should not", async () => {
    const port = Number(new URL(ORIGIN).port);
    for (const path of [
      "/echo/../admin", "/echo/%2e%2e/admin", "/echo/.%2e/admin", "/echo/..;x=y/admin", "/echo/%252e%252e/admin",
      "/echo/..%2fadmin", "/echo/%5c..%5cadmin", "/echo\\..\\admin", "/echo/a%00b", "/echo/%zz",
    ]) {
      const before = upstream.seen.length;
      const status = await rawStatus(port, api.base + path);
      assert.ok([400, 404].includes(status), `${path}: ${status}`);
      assert.equal(upstream.seen.length, before, `${path} reached the upstream as ${upstream.seen.at(-1)?.url}`);
    }
  });

  test("bodies stream both ways", async () => {
    const body = new ReadableStream({
      async start(controller) {
        for (const part of ["one ", "two ", "three"]) {
          controller.enqueue(new TextEncoder().encode(part));
          await pause(20);
        }
        controller.close();
      },
    });
    const response = await call("/stream", { method: "POST", body, duplex: "half", ...withKey() });
    assert.equal(await response.text(), "one two three");
    const events = await call("/stream", withKey({ accept: "text/event-stream" }));
    const reader = events.body.getReader();
    const first = await reader.read();
    assert.match(new TextDecoder().decode(first.value), /data: 0/);
    assert.ok(!upstream.streamEnded, "the first event is there before the last is sent");
    await reader.cancel();
  });

  test("an upstream that breaks or hangs is named as such", async () => {
    await refused(await call("/broken", withKey()), 502, "101503");
    await refused(await call("/slow", withKey()), 504, "101504");
  });
});

describe("what its publisher does to it", () => {
  test("a blocked API says so, and serves again when it is published again", async () => {
    await change("Block");
    await within(5_000, "the block works", async () => (await call("/echo", withKey())).status === 503);
    await refused(await call("/echo", withKey()), 503, "700700");
    await change("Re-Publish");
    await within(5_000, "it serves again", async () => (await call("/echo", withKey())).status === 200);
  });

  test("an undeployed revision is gone within five seconds", async () => {
    const path = `/publisher/v4/apis/${api.id}`;
    await desk.call(201, "POST", `${path}/undeploy-revision?revisionId=${api.revision}`, [{ name: "Default", vhost: "localhost" }]);
    await within(5_000, "it is gone", async () => (await call("/echo", withKey())).status === 404);
    await desk.call(201, "POST", `${path}/deploy-revision?revisionId=${api.revision}`, [{ name: "Default", vhost: "localhost", displayOnDevportal: true }]);
    await within(5_000, "it is back", async () => (await call("/echo", withKey())).status === 200);
  });
});

const change = (action) =>
  desk.call(200, "POST", `/publisher/v4/apis/change-lifecycle?action=${encodeURIComponent(action)}&apiId=${api.id}`);

async function publish() {
  const name = `Gateway${Date.now().toString(36)}`;
  const context = `/${name.toLowerCase()}`;
  const endpoint = { url: upstream.url, config: { actionDuration: "1000" } };
  const form = new FormData();
  form.set("file", new Blob([JSON.stringify(definition)], { type: "application/json" }), "gateway.json");
  form.set("additionalProperties", JSON.stringify({
    name, version: "1.0.0", context, policies: ["Bronze"], securityScheme: ["oauth2", "api_key"],
    corsConfiguration: { corsConfigurationEnabled: true, accessControlAllowOrigins: ["*"] },
    endpointConfig: { endpoint_type: "http", production_endpoints: endpoint, sandbox_endpoints: endpoint },
  }));
  const made = await desk.call(201, "POST", "/publisher/v4/apis/import-openapi", form);
  const path = `/publisher/v4/apis/${made.id}`;
  const full = await desk.call(200, "GET", path);
  const operations = full.operations.map((it) => (it.target === "/scoped" ? { ...it, scopes: ["pets:read"] } : it));
  const scopes = [{ scope: { name: "pets:read", displayName: "Read", description: "", bindings: [] }, shared: false }];
  await desk.call(200, "PUT", path, { ...full, operations, scopes });
  const revision = await desk.call(201, "POST", `${path}/revisions`, { description: "The first" });
  await desk.call(201, "POST", `${path}/deploy-revision?revisionId=${revision.id}`, [{ name: "Default", vhost: "localhost", displayOnDevportal: true }]);
  await desk.call(200, "POST", `/publisher/v4/apis/change-lifecycle?action=Publish&apiId=${made.id}`);
  const base = `${context}/1.0.0`;
  await within(5_000, "the gateway knows the API", async () => (await fetch(`${ORIGIN}${base}/open`)).status === 200);
  return { id: made.id, base, revision: revision.id };
}

async function makeApplication({ subscribe: wanted = true } = {}) {
  const made = await desk.call(201, "POST", "/devportal/v3/applications", {
    name: `gateway-${Math.random().toString(36).slice(2)}`, throttlingPolicy: "Unlimited", description: "",
  });
  const id = made.applicationId;
  const subscription = wanted ? await subscribe(id) : undefined;
  const keys = await desk.call(200, "POST", `/devportal/v3/applications/${id}/generate-keys`, {
    keyType: "PRODUCTION", grantTypesToBeSupported: ["client_credentials"], callbackUrl: "", validityTime: 3600,
  });
  const { apikey } = await desk.call(200, "POST", `/devportal/v3/applications/${id}/api-keys/PRODUCTION/generate`, {
    keyName: "first", validityPeriod: -1, additionalProperties: {},
  });
  return { id, subscription, keys, apiKey: apikey };
}

async function subscribe(applicationId) {
  const made = await desk.call(201, "POST", "/devportal/v3/subscriptions", { applicationId, apiId: api.id, throttlingPolicy: "Bronze" });
  return made.subscriptionId;
}

async function clientToken({ consumerKey, consumerSecret }) {
  const response = await fetch(`${ORIGIN}/oauth2/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${consumerKey}:${consumerSecret}`)}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  assert.equal(response.status, 200, await response.clone().text());
  return (await response.json()).access_token;
}

/** An upstream that says what it saw, streams, breaks and hangs. */
async function startEcho() {
  const state = { seen: [], streamEnded: false };
  const server = await serve((request, response) => {
    state.seen.push({ method: request.method, url: request.url });
    const path = request.url.split("?")[0];
    if (path === "/broken") return request.socket.destroy();
    if (path === "/slow") return undefined;
    if (path === "/stream" && request.method === "POST") return request.pipe(response.writeHead(200));
    if (path === "/stream") return streamEvents(response, state);
    response.writeHead(200, { "content-type": "application/json" });
    return response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers }));
  });
  return Object.assign(state, server);
}

function streamEvents(response, state) {
  response.writeHead(200, { "content-type": "text/event-stream" });
  let count = 0;
  const timer = setInterval(() => {
    response.write(`data: ${count}\n\n`);
    count += 1;
    if (count === 20) {
      state.streamEnded = true;
      response.end();
    }
  }, 100);
  response.on("close", () => clearInterval(timer));
}

/** The status of a GET whose path is sent as it is; `fetch` would tidy it up. */
async function rawStatus(port, path) {
  return Number((await raw(port, path)).split(" ")[1]);
}

/** The headers that the upstream saw of a GET whose own are sent byte for byte. */
async function rawBody(port, path, lines) {
  const text = await raw(port, path, lines);
  return JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1)).headers;
}

function raw(port, path, lines = []) {
  return new Promise((done, failed) => {
    const head = [`GET ${path} HTTP/1.1`, `Host: localhost:${port}`, `ApiKey: ${key}`, "Connection: close", ...lines];
    const socket = connect(port, "127.0.0.1", () => socket.write(Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1")));
    let text = "";
    socket.on("data", (part) => (text += part));
    socket.on("end", () => done(text));
    socket.on("error", failed);
  });
}
