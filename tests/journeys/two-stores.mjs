// One fixture for both stores: the same events in the embedded store and in Cloudflare's Analytics Engine, whose SQL an
// emulator over SQLite answers.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
export const EVENTS = 1_200;
export const HOUR = 3_600_000;
// Close to now, because the engine finds points by the time at which they were written.
export const last = Date.now() - 1_000;

/** What both are asked. */
export const QUESTIONS = [
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

/** The analytics Worker twice on one workerd, once with each store, and the events in both. */
export class TwoStores {
  #disk = mkdtempSync(join(tmpdir(), "postern-engine-"));
  #server;

  async start() {
    const scope = join(ROOT, "node_modules/@cloudflare");
    const workerd = join(scope, readdirSync(scope).find((name) => name.startsWith("workerd-")), "bin/workerd");
    const sockets = ["embedded", "engine", "points"].map((name) => `--socket-addr=${name}=unix:${join(this.#disk, name)}`);
    this.#server = spawn(workerd, ["serve", "--experimental", join(import.meta.dirname, "engine.capnp"), ...sockets, `--directory-path=disk=${this.#disk}`], {
      stdio: ["ignore", "ignore", process.env.POSTERN_OWN_LOG ? "inherit" : "ignore"],
    });
    const end = Date.now() + 20_000;
    while ((await this.post("embedded", "/internal/events", { batch: "none", events: [] }).catch(() => ({}))).status !== 204) {
      assert.ok(Date.now() < end, "workerd does not answer after 20 s");
      await new Promise((over) => setTimeout(over, 50));
    }
    for (let first = 0; first < EVENTS; first += 200) {
      const batch = { batch: `batch-${first}`, events: Array.from({ length: 200 }, (_, place) => event(first + place)) };
      // The store is given each batch twice, as a gateway does whose connection broke; the engine cannot tell, and is not.
      for (const store of ["embedded", "embedded", "engine"]) assert.equal((await this.post(store, "/internal/events", batch)).status, 204);
    }
    return this;
  }

  stop() {
    this.#server?.kill("SIGKILL");
    rmSync(this.#disk, { recursive: true, force: true });
  }

  async ask(store, query) {
    const answer = await this.post(store, "/internal/query", query);
    assert.equal(answer.status, 200, answer.text);
    return JSON.parse(answer.text);
  }

  post(store, path, body) {
    return new Promise((done, failed) => {
      const sent = request({ socketPath: join(this.#disk, store), path, method: "POST", headers: { "content-type": "application/json" } }, (reply) => {
        let text = "";
        reply.setEncoding("utf8");
        reply.on("data", (part) => (text += part));
        reply.on("end", () => done({ status: reply.statusCode, headers: reply.headers, text }));
      });
      sent.on("error", failed);
      sent.end(JSON.stringify(body));
    });
  }
}

/** A question about all events. */
export const about = (question) => ({ organization: "acme", from_ms: last - HOUR, to_ms: last + 60_000, ...question });

/** The same for the same number: calls of the last 50 minutes, of all kinds. */
export function event(number) {
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
