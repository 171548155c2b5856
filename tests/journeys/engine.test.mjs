// An operator keeps statistics in Cloudflare's Analytics Engine instead of the embedded store: the same events, asked the
// same, give the same answers. Beside it, what only shows at the store: batches that come twice, and what is kept of callers.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { EVENTS, HOUR, QUESTIONS, TwoStores, about, event, last } from "./two-stores.mjs";

const stores = new TwoStores();
const ask = (store, query) => stores.ask(store, query);

before(() => stores.start());

after(() => stores.stop());

test("both stores answer every question alike", async () => {
  for (const question of QUESTIONS) {
    const query = about(question);
    const [embedded, engine] = await Promise.all([ask("embedded", query), ask("engine", query)]);
    const { newestEventAt } = question.filter ? engine.quality : embedded.quality;
    assert.deepEqual(engine.quality, { source: "analyticsEngine", sampleInterval: 1, percentileError: 0.02, ...(newestEventAt && { newestEventAt }) });
    const sorted = ({ list, ...rest }) => ({ ...rest, quality: undefined, list: list.map((row) => JSON.stringify(row)).sort() });
    assert.deepEqual(sorted(engine), sorted(embedded), JSON.stringify(question));
  }
});

test("gateways are told how many events to bring at once", async () => {
  const told = async (store) => (await stores.post(store, "/internal/events", { batch: `told-${store}`, events: [] })).headers["events-at-once"];
  assert.equal(await told("embedded"), "500");
  assert.equal(await told("engine"), "250", "more points of an invocation the engine does not take");
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
  const found = JSON.parse((await stores.post("embedded", "/internal/recent", { organization: "acme", before_ms: last + 1, limit: 20, applications: ["app-1"] })).text);
  assert.equal(found.length, 20);
  assert.ok(found.every((it) => it.p.i === "app-1"));
  assert.match(found[0].ip, /^[0-9a-f]{16}$/);
  // The salt is a day's (UTC): around midnight the newest events are of two days.
  const dayOf = (it) => Math.floor(it.t / (24 * HOUR));
  const hashes = new Set(found.map((it) => it.ip));
  assert.equal(hashes.size, new Set(found.map(dayOf)).size, "one address is one hash a day");
  for (const hash of hashes) assert.equal(new Set(found.filter((it) => it.ip === hash).map(dayOf)).size, 1, "no hash outlives its day");
});
