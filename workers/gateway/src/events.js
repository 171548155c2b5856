// Events wait in Wasm, as JSON, for at most FLUSH_MS or FLUSH_EVENTS; then they go out, after the response.

// When the next flush is due. A time and not a flag: the request that was to flush may have been cut off.
let flushAt = 0;

// Sees to it that `waiting` events do not wait for longer than they should.
export function flushSoon(call, waiting) {
  if (waiting === 0) return;
  if (waiting >= FLUSH_EVENTS) {
    call.context.waitUntil(flush(call));
    return;
  }
  const now = Date.now();
  if (now <= flushAt + FLUSH_MS) return;
  flushAt = now + FLUSH_MS;
  call.context.waitUntil(new Promise((resolve) => setTimeout(resolve, FLUSH_MS)).then(() => flush(call)));
}

async function flush({ core, env }) {
  flushAt = 0;
  // Sent twice under one name, a batch counts once.
  const batch = core.batch(crypto.randomUUID());
  if (batch.length === 0) return;
  if (env.EVENT_SINK === "analytics_engine") return writePoints(env, batch);
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      const headers = { "content-type": "application/json" };
      const reply = await env.ANALYTICS.fetch("http://analytics/internal/events", { method: "POST", headers, body: batch });
      if (reply.ok) return;
    } catch {
      // Tried once more, then counted as dropped: statistics never hold a call up.
    }
  }
  console.warn(`a batch of events was dropped after two attempts`);
}

// One data point for each event: the organization as index, the event itself, and the numbers that queries add up.
function writePoints(env, batch) {
  for (const event of JSON.parse(new TextDecoder().decode(batch)).events) {
    const { o, st, l, ul, qb, rb } = event;
    env.EVENTS?.writeDataPoint({ indexes: [o], blobs: [JSON.stringify(event)], doubles: [st, l, ul ?? 0, qb ?? 0, rb ?? 0] });
  }
}

const FLUSH_MS = 400;
const FLUSH_EVENTS = 250;
