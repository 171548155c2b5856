// What workerd calls; the rest is Rust.
//
// Of nearly all messages, which ask for a block, bodies are taken and answers made here, and a message that comes by this
// Worker is handed over as it is: half of what a block costs are the platform's objects, and Rust would make twice as many.

import { events, object } from "./runtime/entry.js";

export default {
  ...events,
  fetch(request, env, context) {
    const name = isForBlock(request) ? request.headers.get("x-limit-object") : null;
    return name ? env.LIMITS.getByName(name).fetch(request) : events.fetch(request, env, context);
  },
};

export const LimitShard = object("LimitShard", () => {
  const turn = turns();
  return async (request, rust) => {
    if (!isForBlock(request) || !isShort(request)) return rust().fetch(request);
    const body = await request.arrayBuffer();
    await turn();
    const reply = rust().lease(new Uint8Array(body));
    if (reply !== undefined) return new Response(reply);
    // Refused, and not by a decision: why is told where everything else is answered.
    return rust().fetch(new Request(request.url, { method: "POST", headers: request.headers, body }));
  };
});

// Messages that come close together are decided together, and their rows go to the disk as one transaction: waiting for the
// disk is what an object under load does most. Who comes alone does not wait. (All requests of one object have one context,
// so that one may wait for the promise of another.)
function turns() {
  let last = 0;
  let next;
  return () => {
    const now = Date.now();
    const isAlone = now - last > CLOSE_MS && next === undefined;
    last = now;
    if (isAlone) return undefined;
    next ??= new Promise((begin) => setTimeout(begin, 0)).then(() => (next = undefined));
    return next;
  };
}

function isForBlock({ url, method }) {
  return method === "POST" && url.endsWith("/lease");
}

function isShort({ headers }) {
  const length = headers.get("content-length");
  return length !== null && Number(length) <= MOST_BYTES;
}

const CLOSE_MS = 5;
// As Rust has it, where whatever is longer, or does not say how long it is, is read.
const MOST_BYTES = 64 * 1024;
