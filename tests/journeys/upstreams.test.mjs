// Upstreams that fail, share calls, stand in for each other and want to know who calls.

import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { after, before, test } from "node:test";
import { ORIGIN, PUBLISHER, administrator, change, deploy, makeApi } from "./manage.mjs";
import { within } from "./platform.mjs";

let admin;
const open = [];

before(async () => {
  ({ admin } = await administrator());
});

after(async () => {
  for (const close of open) await close();
});

test("what an upstream breaks is told by code, and a broken body breaks off", async () => {
  const { url } = await misbehaving();
  const call = await published({ production_endpoints: { url, config: { actionDuration: "700" } } });
  for (const [path, status, code] of [["/reset", 502, "101503"], ["/garbage", 502, "101503"], ["/hang", 504, "101504"]]) {
    const answer = await call(path);
    assert.deepEqual([answer.status, (await answer.json()).code], [status, code], path);
  }
  const short = await call("/short");
  assert.equal(short.status, 200);
  await assert.rejects(short.text());
});

test("no deadline hangs on a call that has gone, and a slow answer comes all the same", async () => {
  const { url } = await misbehaving();
  const call = await published({ production_endpoints: { url, config: { actionDuration: "2500" } } });
  // No call hangs on another's request, should its client go away while they wait.
  const gone = new AbortController();
  const first = call("/hang", { signal: gone.signal });
  setTimeout(() => gone.abort(), 100);
  const startedAt = Date.now();
  const others = Array.from({ length: 20 }, () => call("/hang"));
  const slow = Array.from({ length: 20 }, () => call("/slow"));
  await assert.rejects(first);
  for (const answer of await Promise.all(slow)) assert.equal(await answer.text(), "late");
  for (const answer of await Promise.all(others)) {
    assert.deepEqual([answer.status, (await answer.json()).code], [504, "101504"]);
  }
  const took = Date.now() - startedAt;
  assert.ok(took > 2_400 && took < 6_000, `${took} ms`);
});

test("with one of three members down, no call that may be repeated fails", async () => {
  const [a, b, c] = [await member("a"), await member("b"), await member("c")];
  await c.stop();
  const production_endpoints = [a, b, c].map(({ url }) => ({ url, config: { suspendDuration: "500" } }));
  const call = await published({ endpoint_type: "load_balance", algoCombo: "org.apache.synapse.endpoints.algorithms.RoundRobin", production_endpoints });
  const names = await Promise.all(Array.from({ length: 30 }, async () => named(await call("/x"))));
  assert.deepEqual([...new Set(names)].sort(), ["a", "b"]);
  const lost = await Promise.all(Array.from({ length: 12 }, async () => (await call("/x", { method: "POST", body: "b" })).status));
  assert.ok(lost.filter((status) => status !== 200).length <= 3, `only what went to it before it was left out: ${lost}`);
  await c.start();
  await within(6_000, "the third takes part again", async () => (await named(await call("/x"))) === "c");
});

test("failover goes to the next, comes back, and says when there is none", async () => {
  const [first, second] = [await member("first"), await member("second")];
  const config = { suspendDuration: "700" };
  const call = await published({
    endpoint_type: "failover",
    production_endpoints: { url: first.url, config },
    production_failovers: [{ url: second.url, config }],
  });
  assert.equal(await named(await call("/x")), "first");
  await first.stop();
  assert.equal(await named(await call("/x")), "second");
  await second.stop();
  await call("/x");
  const none = await call("/x");
  assert.deepEqual([none.status, (await none.json()).code], [503, "303001"]);
  assert.match(none.headers.get("retry-after"), /^[12]$/, "the first is tried again within two seconds");
  await first.start();
  await within(6_000, "the first is back", async () => (await call("/x")).status === 200);
  assert.equal(await named(await call("/x")), "first");
});

test("a canary gets its share of the calls, and no more", async () => {
  const [stable, canary] = [await member("stable"), await member("canary")];
  const production_endpoints = [{ url: stable.url, config: { weight: 95 } }, { url: canary.url, config: { weight: 5 } }];
  const call = await published({ endpoint_type: "load_balance", algoCombo: "org.apache.synapse.endpoints.algorithms.RoundRobin", production_endpoints });
  const counted = { stable: 0, canary: 0 };
  for (let round = 0; round < 20; round += 1) {
    for (const name of await Promise.all(Array.from({ length: 20 }, async () => named(await call("/x"))))) counted[name] += 1;
  }
  assert.equal(counted.stable + counted.canary, 400);
  // Twenty; each isolate that takes part in a run may begin anywhere in its turns.
  assert.ok(counted.canary >= 18 && counted.canary <= 22, JSON.stringify(counted));
});

test("a browser stays with its member by a cookie", async () => {
  const members = [await member("a"), await member("b"), await member("c")];
  const call = await published({ endpoint_type: "load_balance", sessionManagement: "transport", production_endpoints: members.map(({ url }) => ({ url })) });
  const first = await call("/x");
  const name = await named(first);
  const [cookie] = first.headers.getSetCookie();
  assert.match(cookie, /^postern-upstream-[0-9a-f]{8}=[0-9a-f]{8}; Path=\/.*; HttpOnly; SameSite=Lax$/);
  const again = { headers: { cookie: cookie.split(";")[0] } };
  for (let count = 0; count < 5; count += 1) {
    const answer = await call("/x", again);
    assert.deepEqual(answer.headers.getSetCookie(), []);
    assert.equal(await named(answer), name);
  }
});

test("a key for the upstream is added, and never read again", async () => {
  const { url } = await member("keyed");
  const secret = "k-4711-secret";
  const production = { enabled: true, type: "apikey", apiKeyIdentifier: "X-Up-Key", apiKeyIdentifierType: "HEADER", apiKeyValue: secret };
  const config = { production_endpoints: { url }, endpoint_security: { production } };
  const call = await published(config);
  const seen = async () => (await (await call("/x?a=1", { headers: { "x-up-key": "mine" } })).json()).headers["x-up-key"];
  assert.equal(await seen(), secret);
  const { api } = call;
  const read = await admin.expect(200, "GET", `${PUBLISHER}/apis/${api.id}`);
  assert.ok(!read.text.includes(secret));
  const kept = read.body.endpointConfig.endpoint_security.production;
  assert.deepEqual([kept.apiKeyValue, kept.secrets], ["", undefined]);
  kept.apiKeyIdentifierType = "QUERY_PARAMETER";
  const changed = await admin.expect(200, "PUT", `${PUBLISHER}/apis/${api.id}`, read.body);
  assert.ok(!changed.text.includes(secret));
  await deploy(admin, api);
  const query = async () => (await (await call("/x?a=1")).json()).url;
  await within(5_000, "the key that was kept goes with the query", async () => (await query()) === `/x?a=1&X-Up-Key=${secret}`);

  // An archive leaves the key out, and an import over the API leaves it where it is.
  const archive = await fetch(`${ORIGIN}${PUBLISHER}/apis/export?apiId=${api.id}`, { headers: { authorization: `Bearer ${admin.token}` } });
  const form = new FormData();
  form.set("file", await archive.blob(), "api.zip");
  const moved = (await admin.expect(200, "GET", `${PUBLISHER}/apis/${api.id}`)).body;
  moved.endpointConfig.production_endpoints.url = `${url}/elsewhere`;
  await admin.expect(200, "PUT", `${PUBLISHER}/apis/${api.id}`, moved);
  await deploy(admin, api);
  await within(5_000, "it has moved", async () => (await query()) === `/elsewhere/x?a=1&X-Up-Key=${secret}`);
  await admin.expect(200, "POST", `${PUBLISHER}/apis/import?overwrite=true`, form);
  const restored = await admin.expect(200, "GET", `${PUBLISHER}/apis/${api.id}`);
  assert.deepEqual(restored.body.endpointConfig.endpoint_security.production, kept);
  await deploy(admin, api);
  await within(5_000, "it is where it was, and shows its key", async () => (await query()) === `/x?a=1&X-Up-Key=${secret}`);
});

test("a token for the upstream is got once, and again when it is refused", async () => {
  const issuer = await tokens();
  const upstream = await member("tokened", (request) => issuer.accepts(request.headers.authorization));
  const production = { enabled: true, type: "OAUTH", grantType: "CLIENT_CREDENTIALS", tokenUrl: `${issuer.url}/token`, clientId: "us", clientSecret: "pssst-4711", customParameters: {} };
  const call = await published({ production_endpoints: { url: upstream.url }, endpoint_security: { production } });
  issuer.given = 0;
  issuer.revoke();
  assert.equal((await call("/x")).status, 200);
  const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await call("/x")).status));
  assert.deepEqual([...new Set(statuses)], [200]);
  assert.equal(issuer.given, 1, "one token for all");
  issuer.revoke();
  assert.equal((await call("/x")).status, 200);
  assert.equal(issuer.given, 2, "and one more when it was refused");
  assert.deepEqual(issuer.asked, { authorization: `Basic ${btoa("us:pssst-4711")}`, form: "grant_type=client_credentials" });
});

test("what is signed for AWS holds against the rules of Signature Version 4", async () => {
  const keys = { accessKey: "AKIDEXAMPLE", secretKey: "a/secret+key-4711", region: "eu-central-1", service: "execute-api" };
  const upstream = await signed(keys);
  const production = { enabled: true, type: "aws", ...keys };
  const call = await published({ production_endpoints: { url: `${upstream.url}/stage` }, endpoint_security: { production } });
  for (const [path, init] of [
    ["/x", {}],
    ["/x?b=2&a=1&a=0&empty&c=%20%C3%A4", {}],
    ["/caf%C3%A9/a%20b/~x", {}],
    ["/x", { method: "POST", body: '{"name":"Ä"}', headers: { "content-type": "application/json", authorization: "Bearer mine", "x-amz-date": "20200101T000000Z" } }],
  ]) {
    const answer = await call(path, init);
    assert.equal(answer.status, 200, `${path}: ${await answer.text()}`);
  }
  // The check can say no.
  const other = await published({ production_endpoints: { url: `${upstream.url}/stage` }, endpoint_security: { production: { ...production, secretKey: "another" } } });
  assert.equal((await other("/x")).status, 403);
});

test("where a gateway may not be sent, no endpoint and no token endpoint leads", async () => {
  for (const endpointConfig of [
    { production_endpoints: { url: "ftp://files.example.com" } },
    { endpoint_type: "failover", production_endpoints: { url: "https://a.example.com" }, production_failovers: [{ url: "https://u:p@b.example.com" }] },
    { production_endpoints: { url: "https://a.example.com" }, endpoint_security: { production: { enabled: true, type: "OAUTH", tokenUrl: "file:///etc/passwd" } } },
  ]) {
    const name = `Refused${Math.random().toString(36).slice(2, 8)}`;
    const body = { name, version: "1", context: `/${name.toLowerCase()}`, policies: ["Gold"], endpointConfig };
    const refused = await admin.expect(400, "POST", `${PUBLISHER}/apis`, body);
    assert.equal(refused.body.code, 900346, refused.text);
  }
});

/** Deploys an API that anybody may call; how it is called. */
async function published(config) {
  const operations = ["GET", "POST"].map((verb) => ({ verb, target: "/*", authType: "None" }));
  const api = await makeApi(admin, { operations, endpointConfig: { endpoint_type: "http", ...config } });
  const call = (path, init) => fetch(`${ORIGIN}${api.context}/1.0.0${path}`, { redirect: "manual", ...init });
  // A method that is not there shows which configuration the gateway has, and goes nowhere.
  const version = async () => {
    const { status, headers } = await call("/x", { method: "PUT", headers: { "x-postern-debug": "1" } });
    return status === 405 ? Number(headers.get("x-postern-config").split(".")[0]) : 0;
  };
  await deploy(admin, api);
  let deployed;
  await within(6_000, "the gateway knows the API", async () => (deployed = await version()) > 0);
  await change(admin, api, "Publish");
  await within(6_000, "the gateway knows that it is published", async () => (await version()) > deployed);
  open.push(() => admin.expect(200, "DELETE", `${PUBLISHER}/apis/${api.id}`));
  return Object.assign(call, { api });
}

async function named(answer) {
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return JSON.parse(text).name;
}

/** An upstream that says its name and what it saw, and can be stopped and started again where it was. */
async function member(name, accepts = () => true) {
  let server, port;
  const start = () => {
    server = createHttpServer((request, response) => {
      request.resume();
      response.writeHead(accepts(request) ? 200 : 401, { "content-type": "application/json" });
      response.end(JSON.stringify({ name, url: request.url, headers: request.headers }));
    });
    return listening(server, port).then((at) => (port = at));
  };
  const stop = () => {
    server.closeAllConnections();
    return new Promise((closed) => server.close(closed));
  };
  await start();
  open.push(() => stop().catch(() => {}));
  return { url: `http://127.0.0.1:${port}`, start, stop };
}

/** An upstream that lets in only what is signed by these keys. It does the sums by itself, from what came over the wire. */
async function signed({ accessKey, secretKey, region, service }) {
  const server = createHttpServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const fault = wrong(request, Buffer.concat(parts));
    response.writeHead(fault ? 403 : 200).end(fault);
  });
  const port = await listening(server);
  open.push(() => closed(server));
  return { url: `http://127.0.0.1:${port}` };

  /** What is wrong with a request; nothing when it is signed. */
  function wrong({ method, url, headers }, body) {
    const [, scope, names, signature] = /^AWS4-HMAC-SHA256 Credential=([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(headers.authorization) ?? [];
    const time = headers["x-amz-date"] ?? "";
    const day = time.slice(0, 8);
    if (scope !== `${accessKey}/${day}/${region}/${service}/aws4_request`) return `scope of ${headers.authorization}`;
    const at = Date.parse(time.replace(/^(....)(..)(..T..)(..)(..Z)$/, "$1-$2-$3:$4:$5"));
    if (!(Math.abs(Date.now() - at) < 300_000)) return `time ${time}`;
    if (!["host", "x-amz-date"].every((name) => names.split(";").includes(name))) return `headers ${names}`;
    const [path, query = ""] = url.split("?");
    const encoded = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
    const pairs = query.split("&").filter(Boolean).map((pair) => pair.split("=").concat("").slice(0, 2).map((text) => encoded(decodeURIComponent(text))));
    pairs.sort(([a, b], [c, d]) => (a === c ? (b < d ? -1 : 1) : a < c ? -1 : 1));
    const canonical = [
      method, path.split("/").map(encoded).join("/"), pairs.map((pair) => pair.join("=")).join("&"),
      ...names.split(";").map((name) => `${name}:${headers[name].trim()}`), "", names, createHash("sha256").update(body).digest("hex"),
    ].join("\n");
    const text = ["AWS4-HMAC-SHA256", time, `${day}/${region}/${service}/aws4_request`, createHash("sha256").update(canonical).digest("hex")].join("\n");
    const mac = (by, what) => createHmac("sha256", by).update(what).digest();
    const by = [region, service, "aws4_request"].reduce(mac, mac(`AWS4${secretKey}`, day));
    return mac(by, text).toString("hex") === signature ? undefined : `signature of\n${canonical}`;
  }
}

/** A token endpoint. */
async function tokens() {
  const state = { given: 0, current: "none" };
  const server = createHttpServer(async (request, response) => {
    let form = "";
    for await (const chunk of request) form += chunk;
    state.given += 1;
    state.current = `token-${state.given}-${Math.random()}`;
    state.asked = { authorization: request.headers.authorization, form };
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ access_token: state.current, token_type: "Bearer", expires_in: 3600 }));
  });
  const port = await listening(server);
  open.push(() => closed(server));
  state.url = `http://127.0.0.1:${port}`;
  state.accepts = (shown) => shown === `Bearer ${state.current}`;
  state.revoke = () => (state.current = "none");
  return state;
}

/** An upstream that does to a connection what its path says. */
async function misbehaving() {
  const held = new Set();
  const server = createServer((socket) => {
    held.add(socket.on("error", () => {}));
    socket.once("data", (data) => {
      const path = String(data).split(" ")[1];
      if (path === "/reset") socket.resetAndDestroy();
      if (path === "/garbage") socket.end("this is no HTTP\r\n\r\n");
      if (path === "/slow") setTimeout(() => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nlate"), 1_200);
      if (path === "/short") socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nten bytes.", () => setTimeout(() => socket.resetAndDestroy(), 50));
    });
  });
  const port = await listening(server);
  open.push(() => {
    for (const socket of held) socket.destroy();
    return closed(server);
  });
  return { url: `http://127.0.0.1:${port}` };
}

function listening(server, port = 0) {
  return new Promise((done) => server.listen(port, "127.0.0.1", () => done(server.address().port)));
}

function closed(server) {
  server.closeAllConnections?.();
  return new Promise((done) => server.close(done));
}
