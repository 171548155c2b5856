// What a gateway comes to with 10,000 APIs, 100,000 clients and as many tokens behind it, on workerd.
//
//   cargo xtask build; node_modules/node/bin/node tests/bench/memory.mjs [APIs] [clients]
//
// Configuration is made up here and served as KV serves it; each call is of another API, and then of another client with
// another token. Prints what a call took at each step, what the isolate holds (its Wasm memory and its JavaScript heap, by
// workerd's inspector) and the resident memory of the whole process, as JSON. Ends with 1 when an isolate held 64 MiB.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Agent, createServer, get } from "node:http";
import { Configuration } from "../journeys/configured.mjs";
import { OwnGateway, freePort } from "../journeys/own-platform.mjs";
import { Inspector } from "./inspector.mjs";

const [apis, clients] = [Number(process.argv[2] ?? 10_000), Number(process.argv[3] ?? 100_000)];
const OPERATIONS = 20;
const CALLERS = 64;
/** Half of what Cloudflare gives an isolate. */
const ISOLATE_MIB = 64;

/** All APIs; bytes of their Deployments. */
function publish(configuration, upstream) {
  const operations = Array.from({ length: OPERATIONS }, (_, index) => ({
    method: "GET", template: `/resources${index}/{resourceId}/parts/{partId}`, security: "any", scopes: ["read"], limit: null,
  }));
  const names = Array.from({ length: apis }, (_, number) => `api${number}`);
  configuration.publish(names.map((name) => [name, configuration.keep("deployment", configuration.deployment(name, upstream, { operations }))]));
  return [...configuration.values.values()].reduce((sum, text) => sum + text.length, 0);
}

const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });
const call = (origin, path, bearer) =>
  new Promise((done, failed) => {
    get(origin + path, { agent, headers: { authorization: `Bearer ${bearer}` } }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part) => (text += part)).on("end", () => done({ status: answer.statusCode, text }));
    }).on("error", failed);
  });

/** Makes `count` calls, `CALLERS` at a time; how long one took on average, in milliseconds. */
async function drive(count, one) {
  let next = 0;
  const caller = async () => {
    while (next < count) {
      next += 1;
      const number = next - 1;
      const { status, text } = await one(number);
      assert.equal(status, 200, `call ${number}: ${text}`);
    }
  };
  const startedAt = Date.now();
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return ((Date.now() - startedAt) * CALLERS) / count;
}

function memory(pid) {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const mib = (name) => Math.round(Number(status.match(new RegExp(`${name}:\\s+(\\d+)`))[1]) / 1024);
  return { residentMiB: mib("VmRSS"), highestMiB: mib("VmHWM") };
}

const upstream = createServer({ keepAliveTimeout: 600_000 }, (_, response) => response.end("{}"));
await new Promise((listening) => upstream.listen(0, "127.0.0.1", listening));
const configuration = await new Configuration().start();
const gateway = new OwnGateway();
let most = 0;
try {
  const bytes = publish(configuration, `http://127.0.0.1:${upstream.address().port}`);
  const inspected = await freePort();
  await gateway.start(undefined, configuration.lent, [`--inspector-addr=127.0.0.1:${inspected}`]);
  const inspector = await Inspector.open(inspected);
  const path = (number) => `/api${number}/1.0.0/resources1/7/parts/8`;
  const first = configuration.token("client-0");
  const step = async (what, count, ms) => {
    const isolate = await inspector.memory();
    most = Math.max(most, isolate.isolateMiB);
    console.log(JSON.stringify({ what, count, msEach: Number(ms.toFixed(2)), ...isolate, ...memory(gateway.pid) }));
  };
  const one = (api, bearer) => call(gateway.origin, path(api), bearer);
  await step("one API, one token, again and again", 5_000, await drive(5_000, () => one(0, first)));
  await step(`every API once (${Math.round(bytes / 1024 / 1024)} MiB of configuration)`, apis, await drive(apis, (number) => one(number, first)));
  await step("every API once more", apis, await drive(apis, (number) => one(number, first)));
  const startedAt = Date.now();
  await step("every client once, each with a token of its own", clients, await drive(clients, (number) => one(number % apis, configuration.token(`client-${number}`))));
  console.log(`${Math.round((clients * 60_000) / (Date.now() - startedAt))} tokens a minute that no call had shown before`);
  await step("one client with ten thousand tokens", 10_000, await drive(10_000, (number) => one(0, configuration.token("client-0", number + 1))));
  await step("the same again, with others", 10_000, await drive(10_000, (number) => one(0, configuration.token("client-0", number + 10_001))));
  await step("one API, one token, again and again", 5_000, await drive(5_000, () => one(0, first)));
} finally {
  gateway.stop();
  configuration.stop();
  upstream.closeAllConnections();
  upstream.close();
  agent.destroy();
}
console.log(`at most ${most} MiB in the isolate, of ${ISOLATE_MIB}`);
process.exit(most > 0 && most < ISOLATE_MIB ? 0 : 1);
