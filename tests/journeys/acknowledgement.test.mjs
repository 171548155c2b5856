// Who deploys learns which gateways run it, which do not and why, and an administrator sees every gateway: two of them, of
// which one is handed broken values.

import assert from "node:assert/strict";
import { request } from "node:http";
import { after, afterEach, before, test } from "node:test";
import { OwnGateway, OwnPlatform } from "./own-platform.mjs";
import { pause, within } from "./platform.mjs";
import { serve } from "./serve.mjs";
import { StandIn } from "./stand-in.mjs";
import { Office, call } from "./throttled.mjs";

const platform = new OwnPlatform({ POSTERN_GATEWAY_NAME: "alpha" }, { lends: true });
const kv = new StandIn();
const beta = new OwnGateway();
let office, upstream, api, busy, key, environment;
let isCalling = true;
let calling;

before(async () => {
  upstream = await serve((_, response) => response.end("{}"));
  await platform.start();
  await kv.start(platform.lent("kv"));
  await beta.start(platform, { kv: kv.address }, [], { environment: { POSTERN_GATEWAY_NAME: "beta" } });
  office = await new Office(platform).enter();
  [api, busy] = [await office.api(upstream.url), await office.api(upstream.url)];
  ({ key } = await office.application(busy));
  const { list } = await office.call(200, "GET", "/admin/v4/environments");
  environment = list.find(({ name }) => name === "Default").id;
  calling = keepCalling();
});

after(async () => {
  isCalling = false;
  await calling;
  beta.stop();
  kv.stop();
  platform.remove();
  upstream?.close();
});

afterEach(() => {
  kv.change = undefined;
});

/** Both gateways are called all the while, but never for the API that is deployed. */
async function keepCalling() {
  while (isCalling) {
    for (const { origin } of [platform, beta]) await call(origin, `${busy.base}/pets`, key).catch(() => {});
    await pause(200);
  }
}

async function deploy() {
  const { id } = await office.call(201, "POST", `/publisher/v4/apis/${api.id}/revisions`, { description: "" });
  await office.call(201, "POST", `/publisher/v4/apis/${api.id}/deploy-revision?revisionId=${id}`, [{ name: "Default", vhost: "localhost" }]);
  return id;
}

async function deployment() {
  const { list } = await office.call(200, "GET", `/publisher/v4/apis/${api.id}/deployments`);
  const { liveGatewayCount: live, deployedGatewayCount: deployed, failedGatewayCount: failed, ...rest } = list[0];
  return { counts: [live, deployed, failed], failures: rest.failedGateways, revision: rest.revisionUuid };
}

const gateways = async () => {
  const { list, catalogVersion } = await office.call(200, "GET", `/admin/v4/environments/${environment}/gateways`);
  return { catalogVersion, ...Object.fromEntries(list.map((one) => [one.gatewayId, one])) };
};
const saysSo = (what, counts, ms = 5_000) =>
  within(ms, what, async () => JSON.stringify((await deployment()).counts) === JSON.stringify(counts));

test("a revision is live on both gateways within five seconds, though nobody calls it", async () => {
  await within(10_000, "both gateways have said something", async () => (await deployment()).counts[0] === 2);
  const revision = await deploy();
  await saysSo("both have taken it up", [2, 2, 0]);
  assert.equal((await deployment()).revision, revision);
  const { list } = await office.call(200, "GET", `/publisher/v4/apis/${api.id}/revisions`);
  const [info] = list.find(({ id }) => id === revision).deploymentInfo;
  assert.deepEqual([info.liveGatewayCount, info.deployedGatewayCount, info.failedGatewayCount], [2, 2, 0]);
});

test("an administrator sees which gateways there are, what they run and what they hold", async () => {
  const { catalogVersion, alpha, beta: other } = await gateways();
  for (const one of [alpha, other]) {
    assert.equal(one.status, "ACTIVE");
    assert.equal(one.syncState, "IN_SYNC", JSON.stringify(one));
    assert.ok(one.catalogVersion >= catalogVersion && one.oldestCatalogVersion >= 1 && one.trustVersion >= 0, JSON.stringify(one));
    assert.ok(one.isolates >= 1 && Date.now() - Date.parse(one.lastActive) < 120_000);
    assert.ok(one.releases.length === 1 && /^\d+\.\d+\.\d+\+[0-9a-f]{10}$/.test(one.releases[0]), JSON.stringify(one.releases));
    assert.deepEqual(one.failures, []);
  }
  await office.call(404, "GET", "/admin/v4/environments/unknown/gateways");
});

for (const [what, broken, reason] of [
  ["damaged", (body) => `${body} `, /not what was written/],
  ["not there", () => undefined, /not to be had/],
]) {
  test(`a Deployment that is ${what} fails on one gateway, which says why and serves on`, async () => {
    // What it never was called for it does not hold.
    assert.equal((await call(beta.origin, `${api.base}/pets`)).status, 401);
    kv.change = (path, body) => (path.includes("deployment/") ? broken(body) : body);
    await deploy();
    await saysSo("one has it and one does not", [2, 1, 1]);
    const { failures } = await deployment();
    assert.equal(failures.length, 1);
    assert.equal(failures[0].gatewayId, "beta");
    assert.match(failures[0].reason, reason);
    const seen = await gateways();
    assert.deepEqual([seen.alpha.syncState, seen.beta.syncState], ["IN_SYNC", "FAILED"]);
    assert.match(seen.beta.failures[0].name, /^deployment\/[0-9a-f]{32}$/);
    assert.equal((await call(beta.origin, `${api.base}/pets`)).status, 401, "what was there before serves on");
    assert.equal((await call(beta.origin, `${busy.base}/pets`, key)).status, 200);
    kv.change = undefined;
    await deploy();
    await saysSo("both have taken the next one up", [2, 2, 0]);
    await within(5_000, "the gateway is well again", async () => (await gateways()).beta.syncState === "IN_SYNC");
  });
}

test("a report that cannot be one is refused, and counts for nothing", async () => {
  const good = { environment: "Default", gateway: "gamma", isolate: "i", release: "r", catalog: 1, trust: 1, refused: [] };
  for (const bad of ["", "[]", "{", JSON.stringify({ ...good, gateway: "" }), JSON.stringify({ ...good, catalog: -1 }), JSON.stringify({ ...good, isolate: "i".repeat(300) })]) {
    assert.equal(await report(bad), 400, bad);
  }
  assert.equal((await gateways()).gamma, undefined);
  assert.equal(await report(JSON.stringify(good)), 204);
  assert.deepEqual([(await gateways()).gamma.syncState, (await deployment()).counts[0]], ["BEHIND", 3]);
});

/** Sends it to the analytics Worker, as only a gateway can. */
function report(body) {
  const socketPath = platform.lent("analytics").replace(/^unix:/, "");
  return new Promise((done, failed) => {
    const headers = { host: "analytics", "content-type": "application/json" };
    const sent = request({ socketPath, method: "POST", path: "/internal/reports", headers }, (answer) => {
      answer.resume().on("end", () => done(answer.statusCode));
    });
    sent.on("error", failed);
    sent.end(body);
  });
}
