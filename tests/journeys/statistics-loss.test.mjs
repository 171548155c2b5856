// An operator pulls the plug: `kill -9` in the middle of calls, again and again. Whatever a caller was answered is in the
// statistics exactly once, but for what the isolate had not flushed: the calls of the last second before a kill.
//
// Starts its own platform on stock workerd, because it has to be killed. `CALLS` in the environment: more of them.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { OwnPlatform } from "./own-platform.mjs";
import { within } from "./platform.mjs";
import { serve } from "./serve.mjs";
import { Office, call } from "./throttled.mjs";

const CALLS = Number(process.env.CALLS ?? 2_400);
const KILLS = 3;
const CALLERS = 12;
/** What a crash may lose: 400 ms until a flush, and the flush itself on a busy machine. */
const UNFLUSHED_MS = 1_000;

const platform = new OwnPlatform();
let office, upstream, api, application, started;

before(async () => {
  upstream = await serve((_, response) => response.end("{}"));
  await platform.start();
  office = await new Office(platform).enter();
  api = await office.api(upstream.url);
  application = await office.application(api);
  await within(10_000, "the gateway knows the key", async () => (await call(platform.origin, `${api.base}/pets`, application.key)).status === 200);
  started = Date.now();
});

after(() => {
  platform.remove();
  upstream?.close();
});

test("kills lose no more than what was not flushed", { timeout: 600_000 + CALLS * 30 }, async () => {
  let before = await settled();
  let [answered, lost] = [0, 0];
  for (let kill = 0; kill <= KILLS; kill += 1) {
    const isLast = kill === KILLS;
    const { times, open } = await offer(Math.ceil(CALLS / (KILLS + 1)), isLast);
    if (!isLast) await platform.start();
    const counted = (await settled()) - before;
    before += counted;
    answered += times.length;
    const recent = times.filter((at) => at > times.at(-1) - UNFLUSHED_MS).length;
    if (isLast) {
      assert.equal(counted, times.length, "without a kill, every call is counted, and once");
    } else {
      assert.ok(counted >= times.length - recent, `${counted} of ${times.length} counted, of which ${recent} were of the last second`);
      assert.ok(counted <= times.length + open, `${counted} counted of ${times.length} answered and ${open} under way`);
      lost += Math.max(0, times.length - counted);
    }
  }
  console.log(`# ${answered} calls over ${KILLS} kills, ${lost} not counted`);
});

/** Calls from all callers; when each was answered. Kills the platform at two thirds, unless it is to stay. */
async function offer(count, stays) {
  const times = [];
  let [begun, ended, isDead] = [0, 0, false];
  const one = async () => {
    while (begun < count && !isDead) {
      begun += 1;
      const answer = await call(platform.origin, `${api.base}/pets`, application.key).catch(() => undefined);
      ended += 1;
      if (answer?.status === 200) times.push(Date.now());
      if (!stays && !isDead && ended >= (count * 2) / 3) {
        isDead = true;
        await platform.kill();
      }
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, one));
  return { times, open: CALLERS };
}

/** What is counted, once it grows no more. */
async function settled() {
  let last = -1;
  return within(20_000, "the count stands still", async () => {
    const found = await counted();
    if (found === last) return { found };
    last = found;
    await new Promise((over) => setTimeout(over, UNFLUSHED_MS));
    return undefined;
  }).then(({ found }) => found);
}

async function counted() {
  const query = new URLSearchParams({ from: String(started - 60_000), to: String(Date.now() + 60_000), apiId: api.id, statusClass: "2xx" });
  return (await office.call(200, "GET", `/analytics/v1/usage?${query}`)).total.requests;
}
