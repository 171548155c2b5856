// A call is part of a trace: the upstream gets to know it, and a collector of traces is told of it. Starts its own
// platform, because there is no collector by default.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { OwnPlatform } from "./own-platform.mjs";
import { within } from "./platform.mjs";
import { serve } from "./serve.mjs";
import { Office, call } from "./throttled.mjs";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER = "00f067aa0ba902b7";

const seen = [];
const told = [];
let platform, office, upstream, collector, api, key, answerCollector;

before(async () => {
  answerCollector = (response) => response.end("{}");
  upstream = await serve((request, response) => {
    seen.push(request.headers);
    response.end("{}");
  });
  collector = await serve(async (request, response) => {
    let text = "";
    for await (const part of request) text += part;
    const body = JSON.parse(text);
    // Once a minute it is told of metrics too, which are not this file's.
    if (!body.resourceMetrics) told.push({ path: request.url, headers: request.headers, body });
    answerCollector(response);
  });
  platform = new OwnPlatform({
    POSTERN_OTLP_ENDPOINT: `${collector.url}/`,
    POSTERN_OTLP_HEADERS: "authorization=Bearer%20of-the-collector",
    POSTERN_OTLP_SAMPLE_RATIO: "0",
  });
  await platform.start();
  office = await new Office(platform).enter();
  api = await office.api(upstream.url);
  ({ key } = await office.application(api));
  await within(10_000, "the gateway knows the API", async () => (await pets()).status === 200);
});

after(() => {
  platform?.remove();
  for (const server of [upstream, collector]) server?.close();
});

const pets = (headers = {}, withKey = key) => call(platform.origin, `${api.base}/pets/7?name=secret`, withKey, headers);

test("upstream and collector see one trace, and nobody else's secrets", async () => {
  told.length = 0;
  const answer = await pets({ traceparent: `00-${TRACE}-${CALLER}-01`, tracestate: "a=1", activityid: "order-7" });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("x-correlation-id"), "order-7");
  const { traceparent, tracestate, activityid, "x-correlation-id": correlation } = seen.at(-1);
  assert.deepEqual({ tracestate, activityid, correlation }, { tracestate: "a=1", activityid: "order-7", correlation: "order-7" });
  await within(5_000, "the collector is told", () => told.length > 0);
  const [{ path, headers, body }] = told;
  assert.equal(path, "/v1/traces");
  assert.equal(headers.authorization, "Bearer of-the-collector");
  assert.equal(headers["content-type"], "application/json");
  const [{ resource, scopeSpans }] = body.resourceSpans;
  assert.equal(resource.attributes[0].value.stringValue, "postern-gateway");
  const [gateway, outbound] = scopeSpans[0].spans;
  assert.equal(gateway.traceId, TRACE);
  assert.equal(gateway.parentSpanId, CALLER);
  assert.equal(outbound.parentSpanId, gateway.spanId);
  assert.equal(traceparent, `00-${TRACE}-${outbound.spanId}-01`, "the upstream's spans hang below ours");
  assert.equal(gateway.name, `GET ${api.base}/*`);
  assert.ok(BigInt(gateway.endTimeUnixNano) >= BigInt(gateway.startTimeUnixNano));
  const text = JSON.stringify(body);
  for (const secret of [key, "name=secret", "/pets/7"]) assert.ok(!text.includes(secret), `${secret} is told`);
});

test("a refused call is told with the code of its refusal", async () => {
  told.length = 0;
  assert.equal((await pets({ traceparent: `00-${TRACE}-${CALLER}-01` }, null)).status, 401);
  await within(5_000, "the collector is told", () => told.length > 0);
  const { spans } = told[0].body.resourceSpans[0].scopeSpans[0];
  assert.equal(spans.length, 1);
  assert.deepEqual(spans[0].attributes.find(({ key: name }) => name === "error.type"), { key: "error.type", value: { stringValue: "900902" } });
});

test("a trace that nobody chose is started and told to nobody", async () => {
  told.length = 0;
  await pets({ traceparent: `00-${TRACE}-0000000000000000-01`, tracestate: "a=1" });
  const { traceparent, tracestate, "x-correlation-id": correlation, "x-request-id": id } = seen.at(-1);
  assert.match(traceparent, /^00-(?!4bf9)[0-9a-f]{32}-[0-9a-f]{16}-02$/);
  assert.equal(tracestate, undefined);
  // Nobody named the call but the gateway.
  assert.equal(correlation, undefined);
  assert.match(id, /^[0-9a-f]{24}$/);
  // The next one that is chosen goes out behind it.
  await pets({ traceparent: `00-${TRACE}-${CALLER}-01` });
  await within(5_000, "the collector is told", () => told.length > 0);
  const spans = told.flatMap(({ body }) => body.resourceSpans[0].scopeSpans[0].spans);
  assert.deepEqual(spans.filter(({ traceId }) => traceId !== TRACE), []);
});

test("a collector that hangs holds no call up", async () => {
  answerCollector = () => {};
  for (let count = 0; count < 20; count += 1) {
    const since = Date.now();
    assert.equal((await pets({ traceparent: `00-${TRACE}-${CALLER}-01` })).status, 200);
    assert.ok(Date.now() - since < 2_000, `a call took ${Date.now() - since} ms`);
  }
});
