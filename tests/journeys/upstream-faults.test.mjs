// An upstream that breaks off in every way that we know: whoever called is told by code, or gets what came and sees that it
// broke. Nobody gets an empty reply, a 500, or half a body that looks whole. The same for calls that are passed through and
// for calls that are attended; and an API whose upstream is itself.

import assert from "node:assert/strict";
import { request } from "node:http";
import { createServer } from "node:net";
import { after, before, describe, test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { ORIGIN, PUBLISHER, administrator, change, deploy, makeApi } from "./manage.mjs";
import { within } from "./platform.mjs";

const DEADLINE_MS = 900;
const made = [];
let admin, upstream;

const OK = "HTTP/1.1 200 OK\r\n";
const LONG = "x".repeat(1024 * 1024);
const ZEROS = gzipSync(Buffer.alloc(8 * 1024 * 1024));

/** By path: what the upstream does to a connection, and what its caller gets: a code, a status with a body, or a break. */
const FAULTS = {
  "/close": [(socket) => socket.end(), { code: "101503" }],
  "/reset": [(socket) => socket.resetAndDestroy(), { code: "101503" }],
  "/silent": [() => {}, { code: "101504" }],
  "/half-a-line": [(socket) => socket.end("HTTP/1.1 2"), { code: "101503" }],
  "/half-a-head": [(socket) => socket.end(`${OK}content-type: text/pl`), { code: "101503" }],
  "/half-a-head-and-silent": [(socket) => socket.write(`${OK}content-type: text/pl`), { code: "101504" }],
  "/no-http": [(socket) => socket.end("220 mail.example ESMTP\r\n"), { code: "101503" }],
  "/no-version": [(socket) => socket.end("200 OK\r\n\r\nhello"), { code: "101503" }],
  "/bytes": [(socket) => socket.end(Buffer.from(Array.from({ length: 512 }, (_, index) => (index * 37) % 256))), { code: "101503" }],
  "/large-head": [(socket) => socket.end(`${OK}x-large: ${LONG}\r\ncontent-length: 0\r\n\r\n`), { code: "101503" }],
  "/nul-in-head": [(socket) => socket.end(`${OK}x-a: a\0b\r\ncontent-length: 2\r\n\r\nok`), { code: "101503" }],
  "/two-lengths": [(socket) => socket.end(`${OK}content-length: 3\r\ncontent-length: 4\r\n\r\nabcd`), { code: "101503" }],
  "/odd-length": [(socket) => socket.end(`${OK}content-length: 3x\r\n\r\nabc`), { code: "101503" }],
  "/status-99": [(socket) => socket.end("HTTP/1.1 099 Low\r\ncontent-length: 2\r\n\r\nok"), { code: "101503" }],
  "/status-999": [(socket) => socket.end("HTTP/1.1 999 High\r\ncontent-length: 2\r\n\r\nok"), { code: "101505" }],
  "/status-text": [(socket) => socket.end("HTTP/1.1 abc Odd\r\ncontent-length: 2\r\n\r\nok"), { code: "101503" }],
  "/switches": [(socket) => socket.end("HTTP/1.1 101 Switching Protocols\r\nupgrade: odd\r\nconnection: upgrade\r\n\r\nraw"), { code: "101505" }],
  "/only-continues": [(socket) => socket.end("HTTP/1.1 100 Continue\r\n\r\n"), { code: "101503" }],
  "/hints-first": [(socket) => socket.end("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"), { status: 200, body: "ok" }],
  "/short": [(socket) => socket.end(`${OK}content-length: 100\r\n\r\nten bytes.`), { breaks: true }],
  "/reset-in-body": [(socket) => socket.write(`${OK}content-length: 100\r\n\r\nten bytes.`, () => setTimeout(() => socket.resetAndDestroy(), 30)), { breaks: true }],
  "/cut-chunks": [(socket) => socket.end(`${OK}transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n`), { breaks: true }],
  "/bad-chunk": [(socket) => socket.end(`${OK}transfer-encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n`), { breaks: true }],
  "/long-body": [(socket) => socket.end(`${OK}content-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil`), { status: 200, body: "ok" }],
  "/until-the-end": [(socket) => socket.end(`${OK}\r\nuntil it ends`), { status: 200, body: "until it ends" }],
  "/nothing-new": [(socket) => socket.end("HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n"), { status: 304, body: "" }],
  "/no-content": [(socket) => socket.end("HTTP/1.1 204 No Content\r\n\r\n"), { status: 204, body: "" }],
  "/no-gzip": [(socket) => socket.end(`${OK}content-encoding: gzip\r\ncontent-length: 9\r\n\r\nnot so at`), { status: 200, body: "not so at" }],
  "/zeros": [(socket) => socket.end(Buffer.concat([Buffer.from(`${OK}content-encoding: gzip\r\ncontent-length: ${ZEROS.length}\r\n\r\n`), ZEROS])), { status: 200, length: 8 * 1024 * 1024 }],
  "/letters": [(socket) => socket.end(Buffer.from(`${OK}x-name: caf\xe9\r\ncontent-length: 2\r\n\r\nok`, "latin1")), { status: 200, body: "ok" }],
  "/drip": [drip, { status: 200, body: "0123456789" }],
};

before(async () => {
  ({ admin } = await administrator());
  upstream = await startUpstream();
});

after(async () => {
  for (const id of made) await admin.expect(200, "DELETE", `${PUBLISHER}/apis/${id}`);
  await upstream?.close();
});

for (const [how, operationPolicies] of [
  ["passed through", {}],
  ["attended", { request: [{ policyName: "rewriteResourcePath", policyVersion: "v1", parameters: { newResourcePath: "/attended", includeQueryParams: "true" } }] }],
]) {
  describe(`a call that is ${how}`, () => {
    let base;
    before(async () => (base = await published(upstream.url, operationPolicies)));

    for (const [path, [, expected]] of Object.entries(FAULTS)) {
      test(`gets its answer: ${path}`, async () => {
        const startedAt = Date.now();
        // What the upstream is to do stands in the query too, because an attended call has another path.
        const { status, headers, body } = await ask(`${base}${path}?do=${path}`);
        const took = Date.now() - startedAt;
        assert.ok(took < DEADLINE_MS + 4_000, `${took} ms`);
        if (expected.code) {
          const { code, description } = JSON.parse(body);
          assert.deepEqual([status, code], [expected.code === "101504" ? 504 : 502, expected.code], description);
          return assert.match(headers["x-request-id"] ?? "", /^\w+$/);
        }
        if (expected.breaks) return assert.ok(status === 200 && body instanceof Error, `${status} ${body}`);
        assert.equal(status, expected.status);
        assert.ok(!(body instanceof Error), `${body}`);
        if (expected.length) assert.equal(gunzipSync(body).length, expected.length);
        else assert.equal(`${body}`, expected.body);
      });
    }

    test("has done the next one no harm", async () => {
      const answers = await Promise.all(Array.from({ length: 50 }, async () => (await fetch(`${base}/well?do=/well`)).text()));
      assert.deepEqual([...new Set(answers)], ["well"]);
    });
  });
}

test("an API that leads to itself ends after three rounds", async () => {
  const context = `/loop${Date.now().toString(36)}`;
  const base = await published(`${ORIGIN}${context}/1.0.0`, {}, context);
  const startedAt = Date.now();
  const answers = await Promise.all(Array.from({ length: 20 }, async () => {
    const answer = await fetch(`${base}/x`);
    return `${answer.status} ${(await answer.json()).code}`;
  }));
  assert.deepEqual([...new Set(answers)], ["508 508"]);
  assert.ok(Date.now() - startedAt < 10_000);
});

/** Status, headers and body as they come over the wire, or the error with which the body broke off. */
function ask(address) {
  return new Promise((done, failed) => {
    const asked = request(address, (answer) => {
      const { statusCode: status, headers } = answer;
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("error", (error) => done({ status, headers, body: error }));
      answer.on("end", () => done({ status, headers, body: Buffer.concat(parts) }));
    });
    asked.setTimeout(DEADLINE_MS + 5_000, () => asked.destroy(new Error("nothing for too long")));
    asked.on("error", failed).end();
  });
}

/** Deploys an API that anybody may call; where it is. */
async function published(url, operationPolicies, context) {
  const operations = [{ verb: "GET", target: "/*", authType: "None", operationPolicies }];
  const api = await makeApi(admin, {
    operations, ...(context && { context }),
    endpointConfig: { endpoint_type: "http", production_endpoints: { url, config: { actionDuration: String(DEADLINE_MS) } } },
  });
  made.push(api.id);
  await deploy(admin, api);
  await change(admin, api, "Publish");
  const base = `${ORIGIN}${api.context}/1.0.0`;
  await within(8_000, "the gateway knows the API", async () => (await fetch(`${base}/x`, { method: "PUT" })).status === 405);
  return base;
}

function drip(socket) {
  socket.write(`${OK}content-length: 10\r\n\r\n`);
  let count = 0;
  const timer = setInterval(() => {
    if (socket.destroyed || count === 10) return clearInterval(timer);
    socket.write(String(count));
    count += 1;
  }, 150);
}

async function startUpstream() {
  const held = new Set();
  const server = createServer((socket) => {
    held.add(socket.on("error", () => {}));
    socket.on("data", (data) => {
      const path = /do=([\w/-]+)/.exec(decodeURIComponent(String(data).split(" ")[1] ?? ""))?.[1];
      if (path in FAULTS) FAULTS[path][0](socket);
      else socket.write(`${OK}content-length: 4\r\n\r\nwell`);
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      for (const socket of held) socket.destroy();
      return new Promise((done) => server.close(done));
    },
  };
}
