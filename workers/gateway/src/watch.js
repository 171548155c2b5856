// Calls that are watched to their end, which few are: those under a limit of bytes (`B` in the plan's kind), and those that
// have one of the slots of a limit of calls under way (`S`).
//
// Bytes that are announced are taken at their word, which HTTP holds them to; only what comes in chunks is counted as it
// goes by.

// The plan's kind ends with a letter for each reason.
export function isWatched(lines) {
  const kind = lines[0];
  const last = kind.charCodeAt(kind.length - 1);
  return last === BYTES || last === SLOT;
}

// Are its bytes counted?
export function isMetered(lines) {
  return lines[0].includes("B");
}

// The request: its announced length was asked for when the call was admitted.
export function watchRequest(call, lines, init) {
  if (!isMetered(lines)) return;
  // As it is on the wire: what the platform decodes for readers would be counted decoded.
  init.encodeResponseBody = "manual";
  const { body } = init;
  if (body instanceof ReadableStream && !call.request.headers.has("content-length")) init.body = body.pipeThrough(counter(call, lines));
}

// The reply as a response of ours; the call is over when its body is.
export function watchReply(call, lines, reply) {
  const isCounted = isMetered(lines);
  const { status, statusText, headers, body } = reply;
  const init = isCounted ? { status, statusText, headers, encodeBody: "manual" } : reply;
  const length = headers.get("content-length");
  if (!body || call.request.method === "HEAD") {
    over(call, lines);
    return new Response(body, init);
  }
  if (isCounted && length !== null) count(call, lines, Number(length));
  if (lines[0].includes("S")) {
    const counted = isCounted && length === null ? body.pipeThrough(counter(call, lines)) : body;
    return new Response(untilOver(call, lines, counted, length), init);
  }
  if (length === null) return new Response(body.pipeThrough(counter(call, lines, () => over(call, lines))), init);
  over(call, lines);
  return new Response(body, init);
}

// The call is over: its slot is free, and goes back to its owner if no other call takes it.
export function over({ core, env, context }, lines) {
  if (!core.close(Number(lines[1]))) return;
  const refresh = () => (core.is_due(Date.now()) ? core.refresh(env) : undefined);
  context.waitUntil(pause(QUIET_MS).then(refresh).then(() => pause(QUIET_MS)).then(refresh));
}

// Passes a body on; the call is over when it ends, on either side. The platform does so by itself: nothing is read here.
function untilOver(call, lines, body, length) {
  const { readable, writable } = length === null ? new IdentityTransformStream() : new FixedLengthStream(Number(length));
  const end = () => over(call, lines);
  call.context.waitUntil(body.pipeTo(writable).then(end, end));
  return readable;
}

// Passes a stream on, and counts it in portions: one that breaks off loses less than one of them.
function counter(call, lines, end = () => {}) {
  let waiting = 0;
  const tell = () => {
    count(call, lines, waiting);
    waiting = 0;
  };
  const close = () => {
    tell();
    end();
  };
  return new TransformStream({
    transform(chunk, controller) {
      controller.enqueue(chunk);
      waiting += chunk.byteLength;
      if (waiting >= PORTION_BYTES) tell();
    },
    flush: close,
    cancel: close,
  });
}

export function count({ core, env, context }, lines, bytes) {
  if (bytes > 0 && core.meter(Number(lines[1]), bytes, Date.now())) context.waitUntil(core.refresh(env));
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const BYTES = "B".charCodeAt(0);
const SLOT = "S".charCodeAt(0);
const PORTION_BYTES = 65_536;
const QUIET_MS = 1_050;
