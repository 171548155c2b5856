// What is more than a question and an answer: events, WebSockets, bodies of a gibibyte, GraphQL and SOAP. Starts its own
// platform, because it looks at its process.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, request as send } from "node:http";
import { after, before, test } from "node:test";
import { OwnPlatform } from "./own-platform.mjs";
import { enterMinute, within } from "./platform.mjs";
import { Office, call, events, named } from "./throttled.mjs";

const MEBIBYTE = 1024 * 1024;
const GIBIBYTE = 1024 * MEBIBYTE;
/** What the process may grow by while a gibibyte goes by. */
const FLAT = 96 * MEBIBYTE;

const platform = new OwnPlatform();
let office, upstream, http, key;

before(async () => {
  upstream = await startUpstream();
  await platform.start();
  office = await new Office(platform).enter();
  http = await office.api(upstream.url);
  ({ key } = await office.application(http));
  await within(10_000, "the gateway knows the API", async () => (await call(platform.origin, `${http.base}/echo`, key)).status === 200);
});

after(() => {
  platform.remove();
  upstream?.close();
});

/** Publishes an API of this type and subscribes to it; its base path, a key and a token. */
async function published(type, operations, url, endpoint_type = "http", plan = "Unlimited") {
  const api = await office.api(url, {
    type, policies: [plan], operations: operations.map((it) => ({ throttlingPolicy: "Unlimited", authType: "Application & Application User", ...it })),
    endpointConfig: { endpoint_type, production_endpoints: { url } },
  });
  const { id, key } = await office.application(api, { plan });
  const keys = await office.call(200, "POST", `/devportal/v3/applications/${id}/generate-keys`, {
    keyType: "PRODUCTION", grantTypesToBeSupported: ["client_credentials"], callbackUrl: "", validityTime: 3600,
  });
  const basic = Buffer.from(`${keys.consumerKey}:${keys.consumerSecret}`).toString("base64");
  const grant = new URLSearchParams({ grant_type: "client_credentials" });
  const { access_token: token } = await platform.expect(200, "POST", "/oauth2/token", grant, { authorization: `Basic ${basic}` });
  return { ...api, key, token };
}

test("events arrive one by one", { timeout: 30_000 }, async () => {
  const { base, key } = await published("SSE", [{ verb: "SUBSCRIBE", target: "/news" }], upstream.url);
  const headers = { apikey: key, accept: "text/event-stream" };
  await within(10_000, "the gateway knows the API", async () => (await fetch(`${platform.origin}${base}/news`, { method: "HEAD", headers })).status === 200);
  const response = await fetch(`${platform.origin}${base}/news`, { headers });
  assert.equal(response.headers.get("content-type"), "text/event-stream");
  const reader = response.body.getReader();
  for (const news of ["one", "two", "three"]) {
    // The next is sent only once the last has been seen.
    upstream.event(news);
    const { value } = await reader.read();
    assert.equal(new TextDecoder().decode(value), `data: ${news}\n\n`);
  }
  await reader.cancel();
});

test("frames go both ways behind a handshake that was let in", { timeout: 30_000 }, async () => {
  const { base, token, key } = await published("WS", [{ verb: "SUBSCRIBE", target: "/*" }, { verb: "PUBLISH", target: "/*" }], upstream.url.replace("http", "ws"), "ws");
  await within(10_000, "the gateway knows the API", async () => {
    const socket = await handshake(`${base}/room`, { apikey: key });
    socket.end?.();
    return socket.status === 101;
  });
  for (const [path, headers] of [
    [`${base}/room?a=1`, { authorization: `Bearer ${token}` }],
    [`${base}/room?a=1&access_token=${token}`, {}],
    [`${base}/room?a=1&apikey=${key}`, {}],
  ]) {
    const socket = await handshake(path, headers);
    assert.equal(socket.status, 101, path);
    assert.equal(upstream.handshakes.at(-1).url, "/room?a=1", "no credential goes further");
    assert.equal(upstream.handshakes.at(-1).headers.authorization, undefined);
    for (const text of ["hello", "x".repeat(70_000)]) assert.equal(await socket.ask(text), text.toUpperCase());
    socket.end();
  }
  // As a script in a browser has it, which gives up unless one of its protocols is chosen.
  const script = new WebSocket(`${platform.origin.replace("http", "ws")}${base}/room?a=1`, ["bearer", token]);
  await new Promise((opened, failed) => Object.assign(script, { onopen: opened, onerror: () => failed(new Error("no handshake")) }));
  assert.equal(script.protocol, "bearer");
  assert.equal(upstream.handshakes.at(-1).headers["sec-websocket-protocol"], undefined, "the token goes no further");
  const heard = new Promise((told) => (script.onmessage = ({ data }) => told(data)));
  script.send("hello");
  assert.equal(await heard, "HELLO");
  script.close();
  const before = upstream.handshakes.length;
  for (const path of [`${base}/room`, `${base}/room?access_token=${token}x`]) assert.equal((await handshake(path)).status, 401);
  assert.equal((await call(platform.origin, `${base}/room?access_token=${token}`)).status, 401, "a token in the address is for handshakes only");
  assert.equal(upstream.handshakes.length, before);
});

test("a socket that its plan stops is closed, and statistics are told", { timeout: 90_000 }, async () => {
  const plan = await office.policy("subscription", { stopOnQuotaReach: true, billingPlan: "FREE", defaultLimit: events(3) });
  const operations = [{ verb: "SUBSCRIBE", target: "/*" }, { verb: "PUBLISH", target: "/*" }];
  const { id, base, token } = await published("WS", operations, upstream.url.replace("http", "ws"), "ws", plan.name);
  const path = `${base}/room?access_token=${token}`;
  await within(15_000, "the gateway knows the API", async () => {
    const socket = await handshake(path);
    socket.end?.();
    return socket.status === 101;
  });
  await enterMinute(20_000);
  const before = Date.now();
  const socket = new WebSocket(`${platform.origin.replace("http", "ws")}${path}`);
  await new Promise((opened, failed) => Object.assign(socket, { onopen: opened, onerror: () => failed(new Error("no handshake")) }));
  const heard = [];
  const closed = new Promise((over) => (socket.onclose = ({ code, reason }) => over({ code, reason })));
  socket.onmessage = ({ data }) => {
    heard.push(data);
    socket.send("two");
  };
  socket.send("one");
  // Up, down, up: the third event is the last, and its answer is not let through.
  assert.deepEqual(await closed, { code: 1008, reason: "900808 Message throttled out" });
  assert.deepEqual(heard, ["ONE"]);
  const told = async () => {
    const { list } = await office.call(200, "GET", `/analytics/v1/events?apiId=${id}&limit=100`);
    const since = list.filter(({ requestTimestamp }) => Date.parse(requestTimestamp) >= before);
    return since.map(({ proxyResponseCode, errorCode, limit }) => [proxyResponseCode, errorCode, limit]).sort();
  };
  await within(10_000, "both events are there", async () => (await told()).length === 2);
  assert.deepEqual(await told(), [[101, null, null], [429, 900808, plan.name]]);
});

test("a gibibyte goes up and comes down with flat memory", { timeout: 180_000 }, async () => {
  const before = memory();
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, memory())), 100);
  try {
    const up = await upload(`${http.base}/sink`, GIBIBYTE);
    assert.equal(up, `${GIBIBYTE}`);
    const { status, length } = await download(`${http.base}/flood`);
    assert.deepEqual([status, length], [200, GIBIBYTE]);
  } finally {
    clearInterval(watch);
  }
  console.log(`# ${Math.round(before / MEBIBYTE)} MiB before, at most ${Math.round(most / MEBIBYTE)} MiB meanwhile`);
  assert.ok(most - before < FLAT, `it grew by ${Math.round((most - before) / MEBIBYTE)} MiB`);
});

test("documents of GraphQL and envelopes of SOAP pass as they are", async () => {
  const graph = await published("GRAPHQL", [{ verb: "QUERY", target: "pets" }, { verb: "MUTATION", target: "addPet" }], upstream.url);
  const soap = await published("SOAP", [{ verb: "POST", target: "/*" }], upstream.url);
  const document = JSON.stringify({ query: "query($id: ID!) { pet(id: $id) { name } }", variables: { id: "7" } });
  const envelope = '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body/></s:Envelope>';
  for (const [{ base, key }, body, headers] of [
    [graph, document, { "content-type": "application/graphql+json" }],
    [soap, envelope, { "content-type": "text/xml; charset=utf-8", soapaction: '"urn:pets#get"' }],
  ]) {
    const post = () => call(platform.origin, base, key, headers, { method: "POST", body });
    await within(10_000, "the gateway knows the API", async () => (await post()).status === 200);
    const { method, headers: seen, text } = (await post()).body;
    assert.deepEqual({ method, type: seen["content-type"], action: seen.soapaction, text }, {
      method: "POST", type: headers["content-type"], action: headers.soapaction, text: body,
    });
  }
  const refused = await office.platform.send("GET", graph.base, undefined, {});
  assert.equal(refused.status, 401);
});

/** Bytes of memory that the platform's process has. */
function memory() {
  const status = readFileSync(`/proc/${platform.pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)[1]) * 1024;
}

/** Sends that many bytes in chunks; the answer's text. */
function upload(path, length) {
  return new Promise((done, failed) => {
    const request = send(platform.origin + path, { method: "POST", headers: { apikey: key } }, async (response) => {
      let text = "";
      for await (const part of response) text += part;
      done(text);
    });
    request.on("error", failed);
    pour(request, length);
  });
}

function download(path) {
  return new Promise((done, failed) => {
    const request = send(platform.origin + path, { headers: { apikey: key } }, (response) => {
      let length = 0;
      response.on("data", (part) => (length += part.length));
      response.on("end", () => done({ status: response.statusCode, length }));
      response.on("error", failed);
    });
    request.on("error", failed).end();
  });
}

function pour(stream, length) {
  const part = Buffer.alloc(MEBIBYTE, "postern ");
  let left = length;
  const more = () => {
    while (left > 0) {
      left -= part.length;
      if (!stream.write(part)) return stream.once("drain", more);
    }
    return stream.end();
  };
  more();
}

/** A WebSocket: the status of its handshake, and `ask`, which sends a text and waits for one. */
function handshake(path, headers = {}) {
  return new Promise((done, failed) => {
    const key = Buffer.from(named("websocket-key").padEnd(16).slice(0, 16)).toString("base64");
    const wanted = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13", "sec-websocket-key": key, ...headers };
    const request = send(platform.origin + path, { headers: wanted });
    request.on("response", (response) => {
      response.resume();
      done({ status: response.statusCode });
    });
    request.on("upgrade", (response, socket, head) => {
      const texts = [];
      let waiting;
      frames(socket, head, (text) => (waiting ? waiting(text) : texts.push(text)));
      const next = () => (texts.length > 0 ? texts.shift() : new Promise((got) => (waiting = got)));
      const ask = (text) => {
        socket.write(frame(text, true));
        return next();
      };
      done({ status: response.statusCode, ask, end: () => socket.destroy() });
    });
    request.on("error", failed).end();
  });
}

/** Texts out of frames, masked or not, which may come in pieces. */
function frames(socket, head, tell) {
  let held = head;
  const read = (part) => {
    held = Buffer.concat([held, part]);
    for (;;) {
      if (held.length < 2) return;
      const isMasked = held[1] >= 128;
      const short = held[1] & 127;
      const size = short === 126 ? 4 : short === 127 ? 10 : 2;
      const at = size + (isMasked ? 4 : 0);
      if (held.length < at) return;
      const length = short === 126 ? held.readUInt16BE(2) : short === 127 ? Number(held.readBigUInt64BE(2)) : short;
      if (held.length < at + length) return;
      const mask = held.subarray(size, at);
      const text = Buffer.from(held.subarray(at, at + length).map((byte, index) => (isMasked ? byte ^ mask[index % 4] : byte)));
      if ((held[0] & 15) === 1) tell(text.toString());
      held = held.subarray(at + length);
    }
  };
  socket.on("error", () => {});
  socket.on("data", read);
  read(Buffer.alloc(0));
}

function frame(text, isMasked = false) {
  const body = Buffer.from(text);
  const head = body.length < 126 ? Buffer.from([0x81, body.length]) : Buffer.alloc(10);
  if (body.length >= 126) {
    head[0] = 0x81;
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(body.length), 2);
  }
  if (!isMasked) return Buffer.concat([head, body]);
  head[1] |= 128;
  // A mask of zeros is one too.
  return Buffer.concat([head, Buffer.alloc(4), body]);
}

async function startUpstream() {
  const state = { handshakes: [] };
  const sockets = [];
  let listener;
  const server = createServer((request, response) => {
    const path = request.url.split("?")[0];
    if (path === "/sink") return count(request, response);
    if (path === "/flood") return pour(response, GIBIBYTE);
    if (path === "/news") {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.flushHeaders();
      if (request.method === "HEAD") return response.end();
      return (listener = response);
    }
    return echo(request, response);
  });
  server.on("upgrade", (request, socket, head) => {
    state.handshakes.push({ url: request.url, headers: request.headers });
    sockets.push(socket);
    const accept = createHash("sha1").update(`${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    frames(socket, head, (text) => socket.write(frame(text.toUpperCase())));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  state.url = `http://127.0.0.1:${server.address().port}`;
  state.event = (text) => listener.write(`data: ${text}\n\n`);
  state.close = () => {
    for (const socket of sockets) socket.destroy();
    server.closeAllConnections();
    server.close();
  };
  return state;
}

async function count(request, response) {
  let length = 0;
  for await (const part of request) length += part.length;
  response.end(String(length));
}

async function echo(request, response) {
  let text = "";
  for await (const part of request) text += part;
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ method: request.method, headers: request.headers, text }));
}
