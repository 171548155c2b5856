// Hundreds of holders before one counter: its owner sends them to relays, which lend what it grants. All of them together
// get the limit and no more, also when the process of the counters is killed in mid-window.
//
// The holders are this file: a platform of one machine has no hundreds of isolates.

import assert from "node:assert/strict";
import { Agent, request } from "node:http";
import { after, before, test } from "node:test";
import { OwnPlatform } from "./own-platform.mjs";
import { enterMinute } from "./platform.mjs";
import { named } from "./throttled.mjs";

const LIMIT = 20_000;
const HOLDERS = 300;
const platform = new OwnPlatform({}, { lends: true });
const agent = new Agent({ keepAlive: true, maxSockets: 32 });

before(() => platform.start());
after(() => {
  agent.destroy();
  platform.remove();
});

/** Sends a message to an object of the Traffic Manager, as gateways in other processes do. */
function send(path, object, body) {
  const socketPath = platform.lent("traffic").replace("unix:", "");
  const headers = { "content-type": "application/json", "x-limit-object": object };
  return new Promise((done, failed) => {
    const sent = request({ socketPath, path, method: "POST", headers, agent }, (reply) => {
      let text = "";
      reply.on("data", (part) => (text += part));
      reply.on("end", () => done({ status: reply.statusCode, text, body: reply.statusCode === 200 ? JSON.parse(text) : undefined }));
    });
    sent.on("error", failed);
    sent.end(JSON.stringify(body));
  });
}

let numbers = 0;
const ask = (holder, want) => ({
  h: holder, n: (numbers += 1), f: 1,
  a: [{ k: "s:app:api", l: { measure: { requests: LIMIT }, unit_time: 1, time_unit: "min" }, c: 1, w: want }],
});

/** Every holder asks once; how many units they got, how many were denied, and the last word about relays. */
async function askAll(object, holders, relays, want) {
  const sum = { units: 0, denied: 0, relays: 0 };
  await Promise.all(
    holders.map(async (holder, place) => {
      const [path, to] = relays ? ["/relay", `${object}~${place % relays}`] : ["/lease", object];
      const { status, text, body } = await send(path, to, ask(holder, want));
      assert.equal(status, 200, text);
      const [outcome] = body.o;
      sum.units += outcome.u;
      sum.denied += Number(outcome.d ?? false);
      sum.relays = Math.max(sum.relays, body.s ?? 0);
    }),
  );
  return sum;
}

test("a crowd gets the limit from its relays, and no more", { timeout: 120_000 }, async () => {
  const object = `app/default/${named("crowd")}`;
  const holders = Array.from({ length: HOLDERS }, () => named("holder"));
  await enterMinute(45_000);
  const first = await askAll(object, holders, 0, 8);
  assert.ok(first.relays >= 2, "the owner names relays");
  let { units } = first;
  let rounds = 0;
  let denied = 0;
  while (denied < HOLDERS && rounds < 200) {
    const told = await askAll(object, holders, first.relays, 40);
    units += told.units;
    denied = told.denied;
    rounds += 1;
    assert.ok(told.relays >= 2, "relays pass the owner's word on");
  }
  console.log(`# ${units} units of ${LIMIT} to ${HOLDERS} holders by ${first.relays} relays in ${rounds} rounds`);
  assert.ok(units <= LIMIT, `${units} units`);
  assert.ok(units >= LIMIT * 0.95, `${units} units: more than 5 % is left unused`);
});

test("relays that die with their owner lend nothing twice", { timeout: 180_000 }, async () => {
  const object = `app/default/${named("crowd")}`;
  const holders = Array.from({ length: HOLDERS }, () => named("holder"));
  await enterMinute(50_000);
  const { relays, units: before } = await askAll(object, holders, 0, 8);
  let units = before + (await askAll(object, holders, relays, 20)).units;
  await platform.kill();
  await platform.start();
  let denied = 0;
  for (let round = 0; denied < HOLDERS && round < 200; round += 1) {
    const told = await askAll(object, holders, relays, 40);
    units += told.units;
    denied = told.denied;
  }
  console.log(`# ${units} units of ${LIMIT} over two lives`);
  assert.ok(units <= LIMIT, `${units} units`);
  assert.ok(units > LIMIT / 2, `${units} units: the second life lent nothing`);
});

test("an object without a number is no relay", async () => {
  const { status } = await send("/relay", "app/default/one", ask("holder", 1));
  assert.equal(status, 400);
});
