// An operator keeps statistics in Cloudflare's Analytics Engine instead of the embedded store: the same events, asked the
// same, give the same answers. Beside it, what only shows at the store: batches that come twice, and what is kept of callers.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pause } from "./platform.mjs";

const ROOT = join(import.meta.dirname, "../..");
const EVENTS = 1_200;
const HOUR = 3_600_000;
// Close to now, because the engine finds points by the time at which they were written.
const last = Date.now() - 1_000;
let disk, server;

before(async () => {
  disk = mkdtempSync(join(tmpdir(), "postern-engine-"));
  const scope = join(ROOT, "node_modules/@cloudflare");
  const workerd = join(scope, readdirSync(scope).find((name) => name.startsWith("workerd-")), "bin/workerd");
  const sockets = ["embedded", "engine", "points"].map((name) => `--socket-addr=${name}=unix:${join(disk, name)}`);
  server = spawn(workerd, ["serve", "--experimental", join(import.meta.dirname, "engine.capnp"), ...sockets, `--directory-path=disk=${disk}`], {
    stdio: ["ignore", "ignore", process.env.POSTERN_OWN_LOG ? "inherit" : "ignore"],
  });
  const end = Date.now() + 20_000;
  while ((await post("embedded", "/internal/events", { batch: "none", events: [] }).catch(() => ({}))).status !== 204) {
    assert.ok(Date.now() < end, "workerd does not answer after 20 s");
    await pause(50);
  }
  for (let first = 0; first < EVENTS; first += 200) {
    const batch = { batch: `batch-${first}`, events: Array.from({ length: 200 }, (_, place) => event(first + place)) };
    // The store is given each batch twice, as a gateway does whose connection broke; the engine cannot tell, and is not.
    for (const store of ["embedded", "embedded", "engine"]) assert.equal((await post(store, "/internal/events", batch)).status, 204);
  }
});

after(() => {
  server?.kill("SIGKILL");
  rmSync(disk, { recursive: true, force: true });
});

const QUESTIONS = [
  {},
  { granularity: "minute" },
  { granularity: "hour", group_by: ["api"] },
  { granularity: "day", group_by: ["statusClass"] },
  { group_by: ["api", "application", "operation", "plan", "keyType", "environment"] },
  { group_by: ["status", "error", "errorType"] },
  { group_by: ["country", "agent", "limit"] },
  { group_by: ["api"], top: 2, order_by: "latency", percentiles: [75, 99.9] },
  { group_by: ["application"], filter: { statusClass: ["4xx", "5xx"], plan: ["Gold", "Bob's \"own\""] } },
  { granularity: "minute", group_by: ["country"], compare: true },
  { filter: { api: [] } },
];

test("both stores answer every question alike", async () => {
  for (const question of QUESTIONS) {
    const query = { organization: "acme", from_ms: last - HOUR, to_ms: last + 60_000, ...question };
    const [embedded, engine] = await Promise.all([ask("embedded", query), ask("engine", query)]);
    const { newestEventAt } = question.filter ? engine.quality : embedded.quality;
    assert.deepEqual(engine.quality, { source: "analyticsEngine", sampleInterval: 1, percentileError: 0.02, ...(newestEventAt && { newestEventAt }) });
    const sorted = ({ list, ...rest }) => ({ ...rest, quality: undefined, list: list.map((row) => JSON.stringify(row)).sort() });
    assert.deepEqual(sorted(engine), sorted(embedded), JSON.stringify(question));
  }
});

test("each event counts once, whatever it is asked by", async () => {
  for (const group_by of [[], ["api"], ["country", "status"]]) {
    const query = { organization: "acme", from_ms: last - HOUR, to_ms: last + 60_000, group_by };
    const { list, total } = await ask("embedded", query);
    assert.equal(list.reduce((sum, row) => sum + row.requests, 0), EVENTS);
    assert.equal(total.requests, EVENTS);
  }
  const cached = await ask("embedded", { organization: "acme", from_ms: last - HOUR, to_ms: last + 60_000 });
  assert.equal(cached.total.cacheHits, Array.from({ length: EVENTS }, (_, n) => event(n)).filter((it) => it.x?.h === "hit").length);
  assert.equal((await ask("embedded", { organization: "other", from_ms: last - HOUR, to_ms: last })).total.requests, 0);
});

test("percentiles are within two percent of the exact ones", async () => {
  const { total } = await ask("embedded", { organization: "acme", from_ms: last - HOUR, to_ms: last + 60_000 });
  const exact = Array.from({ length: EVENTS }, (_, n) => event(n).l).sort((a, b) => a - b);
  for (const [name, fraction] of [["p50", 0.5], ["p95", 0.95], ["p99", 0.99]]) {
    const expected = exact[Math.floor(fraction * (EVENTS - 1))];
    assert.ok(Math.abs(total.latency[name] - expected) <= expected * 0.02 + 0.01, `${name}: ${total.latency[name]} of ${expected}`);
  }
});

test("the newest events are there, without whole addresses", async () => {
  const found = JSON.parse((await post("embedded", "/internal/recent", { organization: "acme", before_ms: last + 1, limit: 20, applications: ["app-1"] })).text);
  assert.equal(found.length, 20);
  assert.ok(found.every((it) => it.p.i === "app-1"));
  assert.match(found[0].ip, /^[0-9a-f]{16}$/);
  assert.equal(new Set(found.map((it) => it.ip)).size, 1, "one address is one hash");
});

/** The same for the same number: calls of the last 50 minutes, of all kinds. */
function event(number) {
  const kind = number % 10;
  const api = number % 3;
  const known = {
    t: last - ((number * 7_919) % (50 * 60_000)), id: `r-${number}`, o: "acme", e: "Default", m: kind === 4 ? "POST" : "GET", v: 3,
    l: (number * 31) % 1_700, ip: "203.0.113.9", ua: ["curl/8.9.1", "okhttp/4", ""][number % 3], c: ["CH", "DE", "US"][number % 3],
  };
  if (kind === 0) return { ...known, st: 404, f: { c: 404 } };
  const met = {
    ...known,
    a: { i: `api-${api}`, n: `Api ${api}`, v: "1.0.0", c: `/api-${api}/1.0.0`, u: "admin", k: "HTTP" },
    r: ["/pets", "/pets/{id}"][number % 2],
  };
  if (kind === 1) return { ...met, st: 401, f: { c: 900901 } };
  const called = { ...met, p: { i: `app-${number % 2}`, n: `App ${number % 2}`, u: "ann" }, s: "sub", pl: ["Gold", "Bob's \"own\""][number % 2], k: "PRODUCTION" };
  if (kind === 2) return { ...called, st: 429, f: { c: 900804 }, x: { li: "Gold", w: 4 } };
  if (kind === 3) return { ...called, st: 502, f: { c: 101503 }, ul: known.l, x: { rt: 2 } };
  return { ...called, st: kind === 9 ? 500 : 200, us: 200, ul: Math.floor(known.l / 2), qb: 10, rb: 1_000 + number, x: { h: kind === 5 ? "hit" : "miss" } };
}

async function ask(store, query) {
  const answer = await post(store, "/internal/query", query);
  assert.equal(answer.status, 200, answer.text);
  return JSON.parse(answer.text);
}

function post(store, path, body) {
  return new Promise((done, failed) => {
    const sent = request({ socketPath: join(disk, store), path, method: "POST", headers: { "content-type": "application/json" } }, (reply) => {
      let text = "";
      reply.setEncoding("utf8");
      reply.on("data", (part) => (text += part));
      reply.on("end", () => done({ status: reply.statusCode, text }));
    });
    sent.on("error", failed);
    sent.end(JSON.stringify(body));
  });
}
