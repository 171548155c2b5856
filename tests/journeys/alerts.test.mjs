// Somebody is told when calls go wrong: once for each cause, by a signed message that a real receiver checks, again after
// the receiver was away, and in the portal; never about what is not theirs.

import assert from "node:assert/strict";
import { createHmac, timingSafeEqual } from "node:crypto";
import { after, before, test } from "node:test";
import { administrator, fresh, somebody } from "./manage.mjs";
import { get, signIn, startUpstream, within } from "./platform.mjs";
import { serve } from "./serve.mjs";

const ALERTS = "/api/am/analytics/v1/alerts";
let desk, admin, client, upstream, api, application, receiver, webhook, rule;

before(async () => {
  upstream = await startUpstream();
  receiver = await startReceiver();
  desk = await signIn();
  ({ admin, client } = await administrator());
  api = await desk.publishApi(upstream.url);
  application = await desk.subscribe(api);
});

after(async () => {
  for (const one of (await admin.expect(200, "GET", `${ALERTS}/rules`)).body.list) await admin.send("DELETE", `${ALERTS}/rules/${one.id}`);
  if (webhook) await admin.send("DELETE", `${ALERTS}/webhooks/${webhook.id}`);
  await desk?.tidy();
  await upstream?.close();
  await receiver?.close();
});

test("a webhook's secret is told once", async () => {
  webhook = (await admin.expect(201, "POST", `${ALERTS}/webhooks`, { name: fresh("hook"), url: receiver.url })).body;
  assert.match(webhook.secret, /^whsec_[A-Za-z0-9+/]+=*$/);
  const { list } = (await admin.expect(200, "GET", `${ALERTS}/webhooks`)).body;
  assert.ok(list.some((one) => one.id === webhook.id && one.secret === undefined));
  for (const url of ["ftp://example.com/", "https://user:word@example.com/", "nowhere"]) {
    await admin.expect(400, "POST", `${ALERTS}/webhooks`, { name: fresh("bad"), url });
  }
});

test("a rule says everything that is wrong with it", async () => {
  const bad = { name: "", condition: { kind: "errorRate", percent: 0, classes: ["2xx"] }, apiId: "none", webhooks: ["none"], emails: ["nobody"] };
  const { body } = await admin.expect(400, "POST", `${ALERTS}/rules`, bad);
  const places = body.error.map((one) => one.description).join(" ");
  for (const place of ["name", "emails", "condition.percent", "condition.classes", "webhooks", "apiId"]) assert.ok(places.includes(place), `${place}: ${places}`);
  await admin.expect(400, "POST", `${ALERTS}/rules`, { name: "n", condition: { kind: "mood" } });
});

test("a test reaches everybody whom the rule tells", async () => {
  const wish = { name: fresh("rule"), apiId: api.id, webhooks: [webhook.id], emails: ["ops@example.com"], condition: { kind: "errorRate", percent: 10, classes: ["4xx"], minRequests: 5 } };
  rule = (await admin.expect(201, "POST", `${ALERTS}/rules`, wish)).body;
  assert.equal((await admin.expect(202, "POST", `${ALERTS}/rules/${rule.id}/test`)).body.messages, 2);
  const message = await within(5_000, "the test arrives", () => receiver.seen.find((one) => one.body.type === "alert.test"));
  assert.equal(message.body.data.ruleId, rule.id);
  assert.ok(isSigned(message), "the signature is that of the secret");
});

test("errors open one alert, however often they are found", async () => {
  const token = await application.token();
  for (let call = 0; call < 4; call += 1) await (await get(`${api.base}/pets`, token)).arrayBuffer();
  for (let call = 0; call < 8; call += 1) await (await get(`${api.base}/pets`)).arrayBuffer();
  const open = await within(10_000, "the alert is open", async () => {
    await admin.expect(200, "POST", `${ALERTS}/evaluate`);
    return (await mine("open"))[0];
  });
  for (let round = 0; round < 3; round += 1) await admin.expect(200, "POST", `${ALERTS}/evaluate`);
  await Promise.all([1, 2, 3].map(() => admin.expect(200, "POST", `${ALERTS}/evaluate`)));
  assert.equal((await mine("open")).length, 1, "one alert for one cause");
  assert.match(open.summary, new RegExp(`% of \\d+ calls to the API \`${api.name}\` 1\\.0\\.0 were answered with 4xx`));
  assert.equal(open.cause, `api:${api.id}`);
  const told = receiver.seen.filter((one) => one.body.type === "alert.opened");
  assert.equal(told.length, 1, "and one message");
  assert.ok(isSigned(told[0]));
  assert.equal(told[0].body.data.alertId, open.id);
  const { list } = (await admin.expect(200, "GET", `${ALERTS}/${open.id}/deliveries`)).body;
  assert.ok(list.some((one) => one.channel === "webhook" && one.state === "delivered"), JSON.stringify(list));
  assert.ok(list.some((one) => one.channel === "mail"));
});

test("a receiver that was away gets the same message again", async () => {
  receiver.status = 503;
  receiver.seen.length = 0;
  assert.equal((await admin.expect(202, "POST", `${ALERTS}/rules/${rule.id}/test`)).body.messages, 2);
  const first = receiver.seen.find((one) => one.body.type === "alert.test");
  receiver.status = 204;
  const again = await within(20_000, "the message comes again", async () => {
    await admin.expect(200, "POST", `${ALERTS}/evaluate`);
    return receiver.seen.filter((one) => one.headers["webhook-id"] === first.headers["webhook-id"])[1];
  });
  assert.ok(isSigned(again));
});

test("another condition resolves what the one before had opened", async () => {
  const { headers } = await admin.expect(200, "GET", `${ALERTS}/rules/${rule.id}`);
  const changed = { ...rule, condition: { kind: "latency", percentile: 95, milliseconds: 60_000 } };
  await admin.expect(200, "PUT", `${ALERTS}/rules/${rule.id}`, changed, { "if-match": headers.get("etag") });
  assert.equal((await mine("open")).length, 0);
  const [past] = await mine("resolved");
  assert.ok(Date.parse(past.resolvedAt) >= Date.parse(past.openedAt));
});

test("keys that end soon are told before they do", async () => {
  const wish = { name: fresh("keys"), applicationId: application.id, condition: { kind: "keyExpiry", days: 30 } };
  const keys = (await admin.expect(201, "POST", `${ALERTS}/rules`, wish)).body;
  const key = { keyName: fresh("key"), validityPeriod: 86_400, additionalProperties: {} };
  await admin.expect(200, "POST", `/api/am/devportal/v3/applications/${application.id}/api-keys/PRODUCTION/generate`, key);
  await admin.expect(200, "POST", `${ALERTS}/evaluate`);
  const { list } = (await admin.expect(200, "GET", `${ALERTS}?state=open&limit=100`)).body;
  const found = list.filter((one) => one.ruleId === keys.id);
  assert.equal(found.length, 1, JSON.stringify(list));
  assert.match(found[0].summary, /^the API key `.*` of the application `.*` ends in 1\.0 days$/);
});

test("rules of others are as if they were not", async () => {
  const consumer = await somebody(admin, client, ["Internal/subscriber"]);
  await consumer.expect(404, "GET", `${ALERTS}/rules/${rule.id}`);
  await consumer.expect(404, "DELETE", `${ALERTS}/rules/${rule.id}`);
  assert.equal((await consumer.expect(200, "GET", ALERTS)).body.count, 0);
  await consumer.expect(400, "POST", `${ALERTS}/rules`, { name: "all", condition: { kind: "latency", percentile: 95, milliseconds: 1 } });
  await consumer.expect(400, "POST", `${ALERTS}/rules`, { name: "other", applicationId: application.id, condition: { kind: "latency", percentile: 95, milliseconds: 1 } });
  await consumer.expect(403, "POST", `${ALERTS}/evaluate`);
});

/** Alerts of this journey's rule. */
async function mine(state) {
  const { list } = (await admin.expect(200, "GET", `${ALERTS}?state=${state}&limit=100`)).body;
  return list.filter((one) => one.ruleId === rule.id);
}

/** As a library of Standard Webhooks checks it. */
function isSigned({ headers, text }) {
  assert.ok(Math.abs(Date.now() / 1_000 - Number(headers["webhook-timestamp"])) < 60);
  const key = Buffer.from(webhook.secret.slice("whsec_".length), "base64");
  const expected = createHmac("sha256", key).update(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${text}`).digest();
  const given = Buffer.from(headers["webhook-signature"].replace(/^v1,/, ""), "base64");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

async function startReceiver() {
  const found = { seen: [], status: 204 };
  const server = await serve((request, response) => {
    let text = "";
    request.on("data", (part) => (text += part));
    request.on("end", () => {
      found.seen.push({ headers: request.headers, text, body: JSON.parse(text) });
      response.writeHead(found.status).end();
    });
  });
  return Object.assign(found, { url: `${server.url}/hooks`, close: server.close });
}
