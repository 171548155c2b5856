// Every kind of alert reaches a real receiver, once for each cause; reports come by the clock, by webhook and by mail; and a
// collector of metrics is told what was counted. On a platform of its own, because it needs a past, addresses and a collector.

import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, test } from "node:test";
import { OwnPlatform } from "./own-platform.mjs";
import { within } from "./platform.mjs";
import { serve } from "./serve.mjs";
import { Office, call, named } from "./throttled.mjs";

const ALERTS = "/analytics/v1/alerts";
const REPORTS = "/analytics/v1/reports";
const UPSTREAM_MS = 80;
const [MINUTE, DAY] = [60_000, 86_400_000];
const seen = { hooks: [], mails: [], metrics: [] };
let platform, office, upstream, outside, webhook, api, application;

before(async () => {
  upstream = await serve((_, response) => setTimeout(() => response.end("{}"), UPSTREAM_MS));
  outside = await serve(async (asked, response) => {
    let text = "";
    for await (const part of asked) text += part;
    const [, to] = asked.url.split("/");
    seen[to]?.push({ path: asked.url, headers: asked.headers, body: JSON.parse(text) });
    response.writeHead(204).end();
  });
  platform = new OwnPlatform(
    {
      POSTERN_OTLP_ENDPOINT: `${outside.url}/metrics`, POSTERN_OTLP_HEADERS: "authorization=Bearer%20of-the-collector", POSTERN_OTLP_SAMPLE_RATIO: "0",
      POSTERN_MAILER: "http", POSTERN_MAILER_URL: `${outside.url}/mails`, POSTERN_MAILER_FROM: "Postern <no-reply@example.org>", POSTERN_MAILER_KEY: "key",
    },
    { lends: true },
  );
  await platform.start();
  office = await new Office(platform).enter();
  webhook = await office.call(201, "POST", `${ALERTS}/webhooks`, { name: "hook", url: `${outside.url}/hooks` });
  api = await office.api(upstream.url);
  application = await office.application(api);
  await within(10_000, "the gateway knows the key", async () => (await pets()).status === 200);
});

after(() => {
  platform?.remove();
  for (const server of [upstream, outside]) server?.close();
});

const pets = (key = application.key, base = api.base) => call(platform.origin, `${base}/pets`, key, { "cf-ipcountry": "CH" });

test("latency: what is slower than it should be is told once", async () => {
  const rule = await made({ apiId: api.id, condition: { kind: "latency", percentile: 95, milliseconds: UPSTREAM_MS / 2, minRequests: 5 } });
  for (let place = 0; place < 6; place += 1) await pets();
  const told = await toldOnce(rule);
  assert.match(told.summary, new RegExp(`^the 95th percentile of the API \`${api.name}\` 1\\.0\\.0 was \\d+ ms over the last 5 minutes, more than 40 ms$`));
});

test("traffic: more calls than at this time of other weeks are told once", async () => {
  const usual = 20;
  for (const weeks of [1, 2, 3, 4]) await past(usual, Date.now() - weeks * 7 * DAY - MINUTE);
  const rule = await made({ apiId: "past", condition: { kind: "traffic", windowMinutes: 5 } }, 400);
  assert.equal(rule, undefined, "a rule names an API that there is");
  const all = await made({ condition: { kind: "traffic", windowMinutes: 5, minRequests: 50 } });
  await rounds();
  assert.deepEqual(await open(all), [], "that nobody calls is told only where there are more");
  await past(200, Date.now() - MINUTE / 2);
  const told = await toldOnce(all);
  assert.match(told.summary, /^200 calls to the API `Past` 1\.0\.0 in the last 5 minutes, where 20 are usual$/);
});

test("quotaUsed: an allowance that is nearly used is told once", async () => {
  const hourly = { type: "REQUESTCOUNTLIMIT", requestCount: { timeUnit: "hour", unitTime: 1, requestCount: 20 } };
  const plan = await office.policy("subscription", { defaultLimit: hourly });
  const limited = await office.api(upstream.url, { policies: [plan.name] });
  const small = await office.application(limited, { plan: plan.name });
  await within(10_000, "the gateway knows the key", async () => (await pets(small.key, limited.base)).status === 200);
  for (let place = 0; place < 17; place += 1) await pets(small.key, limited.base);
  const rule = await made({ apiId: limited.id, condition: { kind: "quotaUsed", percent: 80 } });
  const told = await toldOnce(rule);
  assert.match(told.summary, new RegExp(`^the application \`${small.name}\`, with the plan \`${plan.name}\` of the API \`${limited.name}\` 1\\.0\\.0 has used [89]\\d % of its allowance$`));
});

test("unseen: a key in a country, and at an address, where it never was is told once", async () => {
  const country = await made({ applicationId: application.id, condition: { kind: "unseen", what: "country" } });
  const address = await made({ applicationId: application.id, condition: { kind: "unseen", what: "address" } });
  await rounds();
  assert.deepEqual([await open(country), await open(address)], [[], []], "where it always was is no news");
  // From another address of this machine, in another network of it.
  const { status } = await new Promise((done, failed) => {
    const headers = { apikey: application.key, "cf-ipcountry": "IS" };
    const sent = request(`${platform.origin}${api.base}/pets`, { localAddress: "127.0.1.5", headers }, (reply) => {
      reply.resume();
      reply.on("end", () => done({ status: reply.statusCode }));
    });
    sent.on("error", failed);
    sent.end();
  });
  assert.equal(status, 200);
  assert.match((await toldOnce(country)).summary, new RegExp(`^a key of the application \`${application.name}\` was used from the country \`IS\` for the first time$`));
  assert.match((await toldOnce(address)).summary, /was used from the address `127\.0\.1\.0\/24` for the first time$/);
});

test("certificateExpiry: a certificate that ends soon is told once", async () => {
  const guarded = await office.api(upstream.url, { securityScheme: ["mutualssl", "oauth2"] });
  const form = new FormData();
  form.set("certificate", new Blob([certificate(new Date(Date.now() + 10 * DAY))]));
  form.set("alias", "shop");
  form.set("tier", "Unlimited");
  const sent = await fetch(`${platform.origin}/api/am/publisher/v4/apis/${guarded.id}/client-certificates`, { method: "POST", headers: office.bearer, body: form });
  assert.equal(sent.status, 201, await sent.text());
  const far = await made({ apiId: guarded.id, condition: { kind: "certificateExpiry", days: 5 } });
  const near = await made({ apiId: guarded.id, condition: { kind: "certificateExpiry", days: 30 } });
  const told = await toldOnce(near);
  assert.match(told.summary, new RegExp(`^the certificate \`shop\` of the API \`${guarded.name}\` 1\\.0\\.0 ends in (9\\.9|10\\.0) days$`));
  assert.deepEqual(await open(far), []);
});

test("certificateExpiry: an upstream's certificate is told of too", async () => {
  const form = new FormData();
  form.set("certificate", new Blob([certificate(new Date(Date.now() + 10 * DAY))]));
  form.set("alias", "upstream");
  form.set("endpoint", "up.example.org:8443");
  const sent = await fetch(`${platform.origin}/api/am/publisher/v4/endpoint-certificates`, { method: "POST", headers: office.bearer, body: form });
  assert.equal(sent.status, 200, await sent.text());
  const rule = await made({ condition: { kind: "certificateExpiry", days: 30 } });
  const told = await within(10_000, "the upstream's is told", async () => {
    await rounds();
    return (await open(rule)).find(({ cause }) => cause.startsWith("endpoint-certificate:"));
  });
  assert.match(told.summary, /^the certificate `upstream` of the endpoint `up\.example\.org:8443` ends in (9\.9|10\.0) days$/);
});

test("governance: what a policy notifies of is told once, and that it was mended", async () => {
  const rules = "rules:\n  has-contact:\n    severity: warn\n    given: $.info\n    then: {field: contact, function: truthy}\n";
  const form = new FormData();
  for (const [name, value] of Object.entries({ name: named("Rules"), ruleType: "API_DEFINITION", artifactType: "REST_API" })) form.set(name, value);
  form.set("rulesetContent", new Blob([rules]), "rules.yaml");
  const kept = await fetch(`${platform.origin}/api/am/governance/v1/rulesets`, { method: "POST", headers: office.bearer, body: form });
  assert.equal(kept.status, 201, await kept.clone().text());
  const policy = await office.call(201, "POST", "/governance/v1/policies", {
    name: named("House"), governableStates: ["API_UPDATE", "API_PUBLISH"], labels: ["GLOBAL"], rulesets: [(await kept.json()).id],
    actions: [{ state: "API_PUBLISH", ruleSeverity: "WARN", type: "NOTIFY" }],
  });
  const rule = await made({ apiId: api.id, condition: { kind: "governance" } });
  const at = `/publisher/v4/apis/${api.id}`;
  await office.call(200, "PUT", at, await office.call(200, "GET", at));
  const told = await toldOnce(rule);
  assert.equal(told.summary, `the API \`${api.name}\` 1.0.0, by the policy \`${policy.name}\`, breaks \`has-contact\``);
  await office.call(204, "DELETE", `/governance/v1/policies/${policy.id}`);
  const resolved = () => seen.hooks.filter(({ body }) => body.type === "alert.resolved" && body.data.ruleId === rule.id);
  await within(90_000, "it is told that it is over", async () => {
    await rounds();
    return resolved().length === 1;
  });
});

test("every alert stands in the history, with who was told", async () => {
  const { list } = await office.call(200, "GET", `${ALERTS}?limit=100`);
  const kinds = new Set(list.map(({ kind }) => kind));
  for (const kind of ["latency", "traffic", "quotaUsed", "unseen", "certificateExpiry", "governance"]) assert.ok(kinds.has(kind), kind);
  for (const alert of list) {
    const { list: deliveries } = await office.call(200, "GET", `${ALERTS}/${alert.id}/deliveries`);
    const messages = alert.resolvedAt ? ["delivered", "delivered"] : ["delivered"];
    assert.deepEqual(deliveries.filter(({ channel }) => channel === "webhook").map(({ state }) => state), messages, alert.summary);
  }
});

test("a report comes by the clock, by webhook and by mail", { timeout: 200_000 }, async () => {
  const bad = { name: "", schedule: "daily", days: 0, groupBy: ["api"], emails: [] };
  const { error } = await office.call(400, "POST", REPORTS, bad);
  const places = error.map(({ description }) => description).join(" ");
  for (const place of ["name", "schedule", "days", "emails"]) assert.ok(places.includes(place), places);
  await past(7, Date.now() - 2 * DAY);
  const wish = {
    name: "Weekly", schedule: "* * * * *", days: 7, groupBy: ["api"], filter: { api: ["past"] }, emails: ["ann@example.org"], webhooks: [webhook.id],
  };
  const report = await office.call(201, "POST", REPORTS, wish);
  const mine = () => seen.hooks.filter(({ body }) => body.type === "report" && body.data.reportId === report.id);
  const [{ body }] = await within(150_000, "the report comes", () => mine().length > 0 && mine());
  const [heading, line] = body.data.statistics.trim().split("\r\n").map((text) => text.split(","));
  assert.equal(line[heading.indexOf("requests")], "27", "seven calls two days ago, and the twenty of a week ago");
  const mail = await within(20_000, "the mail comes", () => seen.mails.find(({ body: { to, subject } }) => to === "ann@example.org" && subject === "Report: Weekly"));
  assert.ok(mail.body.text.includes("apiId,apiName,apiVersion,requests"), mail.body.text);
  const { nextAt, sentAt } = await office.call(200, "GET", `${REPORTS}/${report.id}`);
  assert.ok(Date.parse(nextAt) > Date.parse(sentAt) - MINUTE);
  assert.equal((await office.call(202, "POST", `${REPORTS}/${report.id}/send`)).messages, 2);
});

test("a collector of metrics is told what was counted", { timeout: 150_000 }, async () => {
  const query = new URLSearchParams({ from: new Date().toISOString().slice(0, 8) + "01T00:00:00Z", apiId: api.id });
  const counted = async () => (await office.call(200, "GET", `/analytics/v1/usage?${query}`)).total.requests;
  const requestsTold = ({ body }) => {
    const metrics = body.resourceMetrics?.[0].scopeMetrics[0].metrics ?? [];
    const points = metrics.find(({ name }) => name === "postern.requests")?.sum.dataPoints ?? [];
    const isOf = ({ attributes }) => attributes.some(({ key, value }) => key === "postern.api.id" && value.stringValue === api.id);
    return points.filter(isOf).reduce((sum, { asInt }) => sum + Number(asInt), 0);
  };
  const expected = await counted();
  const told = await within(130_000, "the collector is told", () => seen.metrics.find((one) => one.path.endsWith("/v1/metrics") && requestsTold(one) === expected));
  assert.equal(told.headers.authorization, "Bearer of-the-collector");
});

/** A rule that tells the webhook. */
async function made(wish, status = 201) {
  const found = await office.call(status, "POST", `${ALERTS}/rules`, { name: named("rule"), webhooks: [webhook.id], ...wish });
  return status === 201 ? found : undefined;
}

/** Rounds, as many as a storm would need. */
async function rounds() {
  for (let round = 0; round < 3; round += 1) await office.call(200, "POST", `${ALERTS}/evaluate`);
}

async function open(rule) {
  const { list } = await office.call(200, "GET", `${ALERTS}?state=open&limit=100`);
  return list.filter(({ ruleId }) => ruleId === rule.id);
}

/** The one alert of a rule, of which its receiver has got one message however often it was found. */
async function toldOnce(rule) {
  await within(15_000, "the alert is open", async () => {
    await rounds();
    return (await open(rule)).length > 0;
  });
  await rounds();
  const alerts = await open(rule);
  assert.equal(alerts.length, 1, JSON.stringify(alerts));
  const messages = seen.hooks.filter(({ body }) => body.type === "alert.opened" && body.data.ruleId === rule.id);
  assert.equal(messages.length, 1, "one message for one cause");
  assert.match(messages[0].headers["webhook-signature"], /^v1,/);
  assert.equal(messages[0].body.data.alertId, alerts[0].id);
  return messages[0].body.data;
}

/** Calls of another API at this moment, as a gateway would tell them. */
async function past(count, at) {
  const events = Array.from({ length: count }, (_, place) => ({
    t: at, id: named("past"), o: "default", e: "Default", m: "GET", r: "/past", st: 200, us: 200, l: place, ul: place, v: 1,
    a: { i: "past", n: "Past", v: "1.0.0", c: "/past/1.0.0", u: "admin", k: "HTTP" },
  }));
  const body = JSON.stringify({ batch: named("batch"), events });
  const status = await new Promise((done, failed) => {
    const sent = request({ socketPath: platform.lent("analytics").slice("unix:".length), path: "/internal/events", method: "POST", headers: { "content-type": "application/json" } }, (reply) => {
      reply.resume();
      reply.on("end", () => done(reply.statusCode));
    });
    sent.on("error", failed);
    sent.end(body);
  });
  assert.equal(status, 204);
}

/** A certificate that ends then: one that OpenSSL made, with another end. Nobody checks by whom it is signed. */
function certificate(end) {
  const der = Buffer.from(SHOP, "base64");
  const text = end.toISOString().replace(/[-:T]|\.\d+/g, "");
  der.write(text, der.indexOf("21261102165649Z"), "latin1");
  return `-----BEGIN CERTIFICATE-----\n${der.toString("base64").replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
}

const SHOP = "MIIB3zCCAYWgAwIBAgIUXa1LZvw33FpHlA13Hwi9IWoo5OcwCgYIKoZIzj0EAwIwRDELMAkGA1UEBhMCQ0gxFjAUBgNVBAoMDUV4YW1wbGUsIEluYy4xDjAMBgNVBAsMBVNob3BzMQ0wCwYDVQQDDARzaG9wMCAXDTI2MTEyNjE2NTY0OVoYDzIxMjYxMTAyMTY1NjQ5WjBEMQswCQYDVQQGEwJDSDEWMBQGA1UECgwNRXhhbXBsZSwgSW5jLjEOMAwGA1UECwwFU2hvcHMxDTALBgNVBAMMBHNob3AwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQ8N1MXkFxn5EFjd1U0EoOgI8Pcz/4r6KbILcMID4SFLwyx/OsxCrNVDPokk8JjK2Iuo5gi6n33AVCNtI7zZF0oo1MwUTAdBgNVHQ4EFgQUwWyutoGa9qtgxm9oRAangusDK9wwHwYDVR0jBBgwFoAUwWyutoGa9qtgxm9oRAangusDK9wwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAndvZ3+bLTW0XHYw5drUQZ0BzG/3HWab+3Z9DFSwEJ3QCIHtGTdKFikBeXH91ZCHvel0MXb1bb5fvrADhPJCV7nMz";
