// A consumer beyond its limit: exactly as many calls get through as the policy says, whoever comes first.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { enterMinute, get, signIn, startUpstream, within } from "./platform.mjs";

let desk, upstream, api;

before(async () => {
  upstream = await startUpstream();
  desk = await signIn();
  api = await desk.publishApi(upstream.url, ["Unlimited", "Bronze"]);
});

after(async () => {
  await desk?.tidy();
  await upstream?.close();
});

test("ten per minute admit exactly ten of two hundred", async () => {
  const application = await desk.subscribe(api, { policy: "10PerMin" });
  const token = await application.token();
  upstream.seen.length = 0;
  await enterMinute(15_000);
  const answers = await Promise.all(
    Array.from({ length: 200 }, async (_, place) => {
      const answer = await get(`${api.base}/pets/${place}`, token);
      return { status: answer.status, headers: answer.headers, body: await answer.json() };
    }),
  );
  const served = answers.filter((answer) => answer.status === 200);
  const refused = answers.filter((answer) => answer.status === 429);
  assert.equal(served.length, 10, `statuses: ${[...new Set(answers.map((answer) => answer.status))]}`);
  assert.equal(refused.length, 190);
  assert.equal(upstream.seen.length, 10, "refused calls never reach the upstream");
  for (const { body, headers } of refused) {
    assert.equal(String(body.code), "900803");
    assert.match(body.nextAccessTime, /^\d{4}-\w{3}-\d{2} \d{2}:\d{2}:00\+0000 UTC$/);
    const seconds = Number(headers.get("retry-after"));
    assert.ok(seconds > 0 && seconds <= 60, `retry-after: ${headers.get("retry-after")}`);
    assert.match(headers.get("ratelimit"), /"10PerMin";r=0;t=\d+/);
    assert.match(headers.get("ratelimit-policy"), /"10PerMin";q=10;w=60/);
  }
});

test("a denial is one application's own", async () => {
  await enterMinute(10_000);
  const spent = await desk.subscribe(api, { policy: "10PerMin" });
  const spentToken = await spent.token();
  const statuses = [];
  for (let call = 0; call < 12; call += 1) {
    statuses.push((await get(`${api.base}/pets`, spentToken)).status);
  }
  assert.deepEqual(statuses, [...Array(10).fill(200), 429, 429]);
  const fresh = await desk.subscribe(api, { policy: "10PerMin" });
  assert.equal((await get(`${api.base}/pets`, await fresh.token())).status, 200);
});

test("a stranger can neither debit nor reset a counter", async () => {
  await enterMinute(10_000);
  const application = await desk.subscribe(api, { policy: "10PerMin" });
  const token = await application.token();
  const bodies = {
    "/lease": { h: "stranger", n: 1, a: [{ k: `a:${application.id}:admin`, l: { measure: { requests: 10 }, unit_time: 1, time_unit: "min" }, c: 10, w: 10 }] },
    "/relay": { h: "stranger", n: 1, a: [] },
    "/reset": { k: [`a:${application.id}:admin`] },
  };
  for (const [path, body] of Object.entries(bodies)) {
    for (const place of [path, `/internal${path}`, `/internal/traffic${path}`, `/traffic${path}`]) {
      const answer = await fetch(new URL(place, process.env.POSTERN_URL), {
        method: "POST",
        headers: { "content-type": "application/json", "x-limit-object": `app/default/${application.id}` },
        body: JSON.stringify(body),
      });
      assert.equal(answer.status, 404, `${place}: ${answer.status}`);
    }
  }
  const statuses = [];
  for (let call = 0; call < 11; call += 1) statuses.push((await get(`${api.base}/pets`, token)).status);
  assert.deepEqual(statuses, [...Array(10).fill(200), 429]);
});

test("a reset ends the refusals of a minute within five seconds", async () => {
  const application = await desk.subscribe(api, { policy: "10PerMin" });
  const token = await application.token();
  const status = async () => (await get(`${api.base}/pets`, token)).status;
  await enterMinute(30_000);
  const before = [];
  for (let count = 0; count < 11; count += 1) before.push(await status());
  assert.deepEqual(before, [...Array(10).fill(200), 429]);
  const since = Date.now();
  await desk.call(200, "POST", `/devportal/v3/applications/${application.id}/reset-throttle-policy`, { userName: process.env.POSTERN_ADMIN_USER });
  await within(5_000, "the user calls again", async () => (await status()) === 200);
  console.log(`# ${Date.now() - since} ms after the reset was asked for`);
  const after = [];
  for (let count = 0; count < 10; count += 1) after.push(await status());
  assert.deepEqual(after, [...Array(9).fill(200), 429], "the limit once more, and no more than that");
});

test("callers see how they stand", async () => {
  await enterMinute(10_000);
  const application = await desk.subscribe(api, { policy: "20PerMin", plan: "Bronze" });
  const token = await application.token();
  const first = await get(`${api.base}/pets`, token);
  assert.equal(first.status, 200);
  assert.match(first.headers.get("ratelimit-policy"), /"Bronze";q=1000;w=60/);
  assert.match(first.headers.get("ratelimit-policy"), /"20PerMin";q=20;w=60/);
  assert.match(first.headers.get("ratelimit"), /"20PerMin";r=19;t=\d+/);
  const second = await get(`${api.base}/pets`, token);
  assert.match(second.headers.get("ratelimit"), /"20PerMin";r=18;t=\d+/);
});
