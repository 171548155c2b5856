// An operator pulls the plug: `kill -9` in the middle of writes, again and again; nothing that was acknowledged is lost,
// and a limit is not passed although the counters died with it.
//
// Starts its own platform on stock workerd, because it has to be killed.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer as createSocket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { serve } from "./serve.mjs";

const ROOT = join(import.meta.dirname, "../..");
const ROUNDS = 5;
const WRITERS = 6;
/** Acknowledged in each round. */
const LEAST_WRITES = 10;

const state = mkdtempSync(join(tmpdir(), "postern-durability-"));
const disks = ["objects", "system", "blobs"];
const secrets = { POSTERN_KEK: randomBytes(32).toString("base64"), POSTERN_SETUP_TOKEN: randomBytes(24).toString("hex") };
let port, origin, platform, token, upstream;

before(async () => {
  for (const disk of disks) mkdirSync(join(state, disk));
  port = await freePort();
  origin = `http://127.0.0.1:${port}`;
  upstream = await serve((_, response) => response.end("{}"));
  await start();
  const set = await send("POST", "/setup", undefined, { authorization: `Bearer ${secrets.POSTERN_SETUP_TOKEN}` });
  assert.ok(set.body.created, JSON.stringify(set));
  token = await signIn(set.body.password);
});

after(() => {
  platform?.kill("SIGKILL");
  upstream?.close();
  rmSync(state, { recursive: true, force: true });
});

test("nothing that was acknowledged is lost", { timeout: 120_000 }, async () => {
  const acknowledged = new Set();
  for (let round = 0; round < ROUNDS; round += 1) {
    let running = true;
    const writers = Array.from({ length: WRITERS }, (_, writer) => (async () => {
      for (let count = 0; running; count += 1) {
        const name = `r${round}-w${writer}-${count}`;
        const made = await rest("POST", "/devportal/v3/applications", { name, throttlingPolicy: "Unlimited", description: "" }).catch(() => undefined);
        if (made?.status === 201) acknowledged.add(made.body.applicationId);
      }
    })());
    await pause(1_500 + Math.random() * 1_000);
    // On a busy machine longer, so that every life has something to lose.
    const enough = (round + 1) * LEAST_WRITES;
    for (let waits = 0; acknowledged.size < enough && waits < 200; waits += 1) await pause(50 + Math.random() * 50);
    await kill();
    running = false;
    await Promise.all(writers);
    await start();
  }
  const present = new Set();
  for (let offset = 0; ; offset += 100) {
    const page = await rest("GET", `/devportal/v3/applications?limit=100&offset=${offset}`);
    assert.equal(page.status, 200, JSON.stringify(page.body));
    for (const application of page.body.list) present.add(application.applicationId);
    if (page.body.list.length === 0) break;
  }
  const lost = [...acknowledged].filter((id) => !present.has(id));
  assert.deepEqual(lost, []);
  assert.ok(acknowledged.size >= ROUNDS * LEAST_WRITES, `only ${acknowledged.size} writes were acknowledged; the test says nothing`);
  console.log(`# ${acknowledged.size} acknowledged over ${ROUNDS} kills, 0 lost`);
});

test("a limit holds although its counter is killed", { timeout: 120_000 }, async () => {
  const call = await publishLimited();
  const left = 60_000 - (Date.now() % 60_000);
  if (left < 25_000) await pause(left + 50);
  let passed = 0;
  const burst = async (count) => {
    const statuses = await Promise.all(Array.from({ length: count }, call));
    passed += statuses.filter((status) => status === 200).length;
  };
  await burst(4);
  await kill();
  await start();
  await burst(20);
  await kill();
  await start();
  await burst(20);
  assert.equal(passed, 10, "exactly the limit, over three lives of the counter");
});

test("what was published before a crash is published after it", { timeout: 60_000 }, async () => {
  const call = await publishLimited();
  await kill();
  await start();
  assert.equal(await call(), 200);
});

/** An API before the upstream and a key under 10 calls a minute; what answers the status of a call. */
async function publishLimited() {
  const name = `Limited${randomBytes(4).toString("hex")}`;
  const api = await made(201, "POST", "/publisher/v4/apis", {
    name, version: "1.0.0", context: `/${name.toLowerCase()}`, policies: ["Unlimited"], securityScheme: ["api_key"],
    operations: [{ target: "/pets", verb: "GET", throttlingPolicy: "Unlimited", authType: "Application & Application User" }],
    endpointConfig: { endpoint_type: "http", production_endpoints: { url: upstream.url } },
  });
  const revision = await made(201, "POST", `/publisher/v4/apis/${api.id}/revisions`, { description: "" });
  await made(201, "POST", `/publisher/v4/apis/${api.id}/deploy-revision?revisionId=${revision.id}`, [{ name: "Default", vhost: "localhost", displayOnDevportal: true }]);
  await made(200, "POST", `/publisher/v4/apis/change-lifecycle?action=Publish&apiId=${api.id}`);
  const application = await made(201, "POST", "/devportal/v3/applications", { name, throttlingPolicy: "10PerMin", description: "" });
  await made(201, "POST", "/devportal/v3/subscriptions", { applicationId: application.applicationId, apiId: api.id, throttlingPolicy: "Unlimited" });
  const key = await made(200, "POST", `/devportal/v3/applications/${application.applicationId}/api-keys/PRODUCTION/generate`, { keyName: "k", validityPeriod: -1, additionalProperties: {} });
  return async () => (await send("GET", `/${name.toLowerCase()}/1.0.0/pets`, undefined, { apikey: key.apikey })).status;
}

async function signIn(password) {
  const basic = (user, secret) => `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;
  const client = await send("POST", "/client-registration/v0.17/register",
    { clientName: "durability", owner: "admin", grantType: "password", callbackUrl: "", saasApp: true },
    { authorization: basic("admin", password) });
  const response = await fetch(`${origin}/oauth2/token`, {
    method: "POST",
    headers: { authorization: basic(client.body.clientId, client.body.clientSecret) },
    body: new URLSearchParams({ grant_type: "password", username: "admin", password,
      scope: "apim:api_create apim:api_publish apim:api_view apim:subscribe apim:app_manage apim:sub_manage apim:api_key" }),
  });
  return (await response.json()).access_token;
}

async function made(status, method, path, body) {
  const answer = await rest(method, path, body);
  assert.equal(answer.status, status, `${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

const rest = (method, path, body) => send(method, `/api/am${path}`, body, { authorization: `Bearer ${token}` });

async function send(method, path, body, headers = {}) {
  const type = body === undefined ? {} : { "content-type": "application/json" };
  const response = await fetch(origin + path, { method, headers: { ...type, ...headers }, body: body && JSON.stringify(body) });
  const text = await response.text();
  return { status: response.status, body: text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text };
}

async function start() {
  const folders = disks.map((disk) => `--directory-path=${disk}-disk=${join(state, disk)}`);
  platform = spawn(
    workerd(),
    ["serve", "--experimental", join(ROOT, "deploy/postern.capnp"), `--socket-addr=http=127.0.0.1:${port}`, ...folders],
    { cwd: join(ROOT, "deploy"), env: { ...secrets, POSTERN_ORIGIN: origin, POSTERN_ISSUER: `${origin}/oauth2/token` }, stdio: "ignore" },
  );
  const end = Date.now() + 20_000;
  for (;;) {
    try {
      if ((await fetch(`${origin}/session`)).ok || Date.now() > end) return;
    } catch {
      assert.ok(Date.now() < end, "the platform does not answer after 20 s");
    }
    await pause(50);
  }
}

function kill() {
  const gone = new Promise((done) => platform.once("exit", done));
  platform.kill("SIGKILL");
  return gone;
}

function workerd() {
  const scope = join(ROOT, "node_modules/@cloudflare");
  const found = readdirSync(scope).find((name) => name.startsWith("workerd-"));
  return join(scope, found, "bin/workerd");
}

function freePort() {
  return new Promise((done) => {
    const socket = createSocket().listen(0, "127.0.0.1", () => {
      const { port: free } = socket.address();
      socket.close(() => done(free));
    });
  });
}

const pause = (ms) => new Promise((over) => setTimeout(over, ms));
