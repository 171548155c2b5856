// Events wait in Wasm for at most FLUSH_MS, or until there are as many as whoever keeps them takes at once; then they go out,
// after the response.

const FEWEST_EVENTS = 250;

// When the next flush by the clock is due. A time and not a flag: the request that was to flush may have been cut off.
let flushAt = 0;
// When a full batch last took all that waited.
let emptiedAt = 0;
// How many events a batch has at most: as analytics last told, and until it did, what any store takes.
let most = FEWEST_EVENTS;

// Sees to it that `waiting` events do not wait for longer than they should.
export function flushSoon(call, waiting, now = Date.now()) {
  if (waiting === 0) return;
  if (waiting >= most) {
    if (waiting === most) emptiedAt = now;
    call.context.waitUntil(flush(call));
    return;
  }
  if (now <= flushAt + FLUSH_MS) return;
  flushAt = now + FLUSH_MS;
  call.context.waitUntil(flushByClock(call));
}

// Only what the clock began ends here: were it at an end with each full batch, another would begin beside it each time. But
// what came after a full batch has time left, and under load goes with the next one.
async function flushByClock(call) {
  let left = FLUSH_MS;
  for (let turn = 0; turn < MOST_TURNS && left > 0; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, left));
    left = emptiedAt + FLUSH_MS - Date.now();
    if (left > 0) flushAt = emptiedAt + FLUSH_MS;
  }
  flushAt = 0;
  return flush(call);
}

async function flush({ core, env }) {
  // Sent twice under one name, a batch counts once.
  const batch = core.batch(crypto.randomUUID(), most);
  if (batch.length === 0) return;
  if (env.OTLP_ENDPOINT) await Promise.all([send(env, batch), sendSpans(env, core.spans())]);
  else await send(env, batch);
}

async function send(env, batch) {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      const headers = { "content-type": "application/json" };
      const reply = await env.ANALYTICS.fetch("http://analytics/internal/events", { method: "POST", headers, body: batch });
      if (!reply.ok) continue;
      most = Number(reply.headers.get(EVENTS_AT_ONCE)) || FEWEST_EVENTS;
      return;
    } catch {
      // Tried once more, then counted as dropped: statistics never hold a call up.
    }
  }
  console.warn(`a batch of events was dropped after two attempts`);
}

// Tells a collector of traces, once: what it does not take is lost, and nothing waits for it.
async function sendSpans(env, spans) {
  if (spans.length === 0) return;
  const address = `${env.OTLP_ENDPOINT.replace(/\/+$/, "")}/v1/traces`;
  const signal = AbortSignal.timeout(COLLECTOR_TIMEOUT_MS);
  try {
    const reply = await fetch(address, { method: "POST", headers: collectorHeaders(env), body: spans, redirect: "manual", signal });
    await reply.body?.cancel();
    if (!reply.ok) console.warn(`the collector of traces answered ${reply.status}`);
  } catch {
    console.warn("the collector of traces did not take a batch of spans");
  }
}

// `name=value` pairs with commas between them and values encoded for addresses, as OpenTelemetry's own variable has them.
function collectorHeaders(env) {
  const headers = { "content-type": "application/json" };
  for (const pair of String(env.OTLP_HEADERS ?? "").split(",")) {
    const at = pair.indexOf("=");
    if (at > 0) headers[pair.slice(0, at).trim()] = decodeURIComponent(pair.slice(at + 1).trim());
  }
  return headers;
}

const FLUSH_MS = 400;
// The platform ends what goes on for 30 s behind a response.
const MOST_TURNS = 20;
const COLLECTOR_TIMEOUT_MS = 5_000;
const EVENTS_AT_ONCE = "events-at-once";
