// A publisher looks at what happened: each call is in the statistics within 5 s, counted once, with its latency.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { get, signIn, startUpstream, within } from "./platform.mjs";

const UPSTREAM_MS = 40;
let desk, upstream, api, application, started;

before(async () => {
  started = Date.now();
  upstream = await startUpstream(UPSTREAM_MS);
  desk = await signIn();
  api = await desk.publishApi(upstream.url);
  application = await desk.subscribe(api);
});

after(async () => {
  await desk?.tidy();
  await upstream?.close();
});

/** The rows of this journey's API. */
async function usage(parameters = {}) {
  const query = new URLSearchParams({
    from: String(started - 60_000),
    to: String(Date.now() + 60_000),
    apiId: api.id,
    ...parameters,
  });
  return (await desk.call(200, "GET", `/analytics/v1/usage?${query}`)).list;
}

test("a call shows up within five seconds", async () => {
  const token = await application.token();
  const calls = 5;
  for (let call = 0; call < calls; call += 1) {
    const answer = await get(`${api.base}/pets/${call}`, token);
    assert.equal(answer.status, 200);
    await answer.arrayBuffer();
  }
  const [row] = await within(5_000, "the calls are counted", async () => {
    const rows = await usage({ applicationId: application.id, groupBy: "api,application,operation" });
    return rows[0]?.requests >= calls && rows;
  });
  assert.equal(row.requests, calls);
  assert.equal(row.successes, calls);
  assert.equal(row.errors, 0);
  assert.equal(row.apiId, api.id);
  assert.equal(row.apiName, api.name);
  assert.equal(row.apiVersion, "1.0.0");
  assert.equal(row.applicationId, application.id);
  assert.equal(row.applicationName, application.name);
  assert.equal(row.method, "GET");
  assert.equal(row.template, "/pets/{id}", "the template, not five paths");
  const { p50, p95, p99, mean } = row.latency;
  assert.ok(p50 >= UPSTREAM_MS * 0.95 && p50 < 5_000, `p50 ${p50}`);
  assert.ok(p50 <= p95 && p95 <= p99 && mean > 0, JSON.stringify(row.latency));
});

test("refused calls are counted for their API", async () => {
  assert.equal((await get(`${api.base}/pets`)).status, 401);
  assert.equal((await get(`${api.base}/pets`, "not-a-token")).status, 401);
  const row = await within(5_000, "the refusals are counted", async () => {
    const rows = await usage({ groupBy: "status" });
    return rows.find((found) => found.status === 401 && found.requests >= 2);
  });
  assert.equal(row.errors, row.requests);
  assert.equal(row.authFailures, row.requests);
  assert.equal(row.throttled, 0);
});

test("minutes add up to the whole", async () => {
  const [[whole], minutes] = await Promise.all([usage(), usage({ granularity: "minute" })]);
  assert.ok(whole.requests > 0);
  assert.equal(minutes.reduce((sum, row) => sum + row.requests, 0), whole.requests);
  for (const row of minutes) assert.match(row.at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:00.000Z$/);
});

test("calls are told apart by any dimension", async () => {
  const groupBy = "plan,keyType,environment,statusClass,agent";
  const rows = await usage({ groupBy, statusClass: "2xx", applicationId: application.id });
  assert.equal(rows.length, 1, JSON.stringify(rows));
  const { plan, keyType, environment, statusClass, agent } = rows[0];
  assert.deepEqual({ plan, keyType, environment, statusClass, agent }, {
    plan: "Unlimited", keyType: "PRODUCTION", environment: "Default", statusClass: "2xx", agent: "Node.js",
  });
  const first = await desk.call(200, "GET", `/analytics/v1/usage?${new URLSearchParams({
    from: String(started - 60_000), to: String(Date.now() + 60_000), apiId: api.id, groupBy: "status", top: "1", orderBy: "errors", compare: "previous",
  })}`);
  assert.deepEqual(first.list.map((row) => row.status), [401]);
  assert.equal(first.omitted, 1);
  assert.equal(first.total.requests, first.total.successes + first.total.errors);
  assert.equal(first.list[0].previous.requests, 0);
  assert.equal(first.quality.source, "embedded");
  assert.equal(first.quality.sampleInterval, 1);
  assert.ok(Date.parse(first.quality.newestEventAt) >= started);
});

test("single calls are listed with their causes", async () => {
  const { list } = await desk.call(200, "GET", `/analytics/v1/events?apiId=${api.id}&onlyErrors=true&limit=10`);
  assert.ok(list.length >= 2);
  for (const event of list) {
    assert.equal(event.apiName, api.name);
    assert.equal(event.errorType, "AUTH");
    assert.equal(event.errorMessage, "AUTHENTICATION_FAILURE");
    assert.equal(event.proxyResponseCode, 401);
  }
  const all = await desk.call(200, "GET", `/analytics/v1/events?applicationId=${application.id}`);
  assert.match(all.list[0].userIp, /(\.0\/24|::\/48)$/, "an address is cut down to its network");
});

test("tables and scrapes have the same counts", async () => {
  const [whole] = await usage({ groupBy: "api" });
  const query = new URLSearchParams({ from: String(started - 60_000), to: String(Date.now() + 60_000), apiId: api.id, groupBy: "api", format: "csv" });
  const table = await desk.call(200, "GET", `/analytics/v1/usage?${query}`);
  const [heading, line] = table.trim().split("\r\n").map((text) => text.split(","));
  assert.equal(line[heading.indexOf("requests")], String(whole.requests));
  assert.equal(line[heading.indexOf("apiName")], api.name);
  const page = await desk.call(200, "GET", `/analytics/v1/metrics?apiId=${api.id}`);
  const counted = [...page.matchAll(/^postern_requests_total\{.*\} (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
  assert.equal(counted, whole.requests);
});

test("a malformed question is named", async () => {
  const answer = await desk.call(400, "GET", "/analytics/v1/usage?granularity=fortnight");
  assert.match(answer.description, /granularity/);
});
