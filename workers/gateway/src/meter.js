// Bytes of calls under a limit of bytes, both ways. What is announced is taken at its word, which HTTP holds it to; only what
// comes in chunks is counted as it goes by. No other call comes here.

// The request: its announced length was asked for when the call was admitted.
export function meterRequest(call, lines, init) {
  // As it is on the wire: what the platform decodes for readers would be counted decoded.
  init.encodeResponseBody = "manual";
  const { body } = init;
  if (body && !call.request.headers.has("content-length")) init.body = body.pipeThrough(counter(call, lines, () => {}));
}

// The reply as a response of ours.
export function meterReply(call, lines, reply) {
  const close = () => call.core.close_meter(Number(lines[1]));
  const { status, statusText, headers, body } = reply;
  const init = { status, statusText, headers, encodeBody: "manual" };
  const length = headers.get("content-length");
  if (!body) {
    close();
    return new Response(null, init);
  }
  if (length !== null) {
    count(call, lines, call.request.method === "HEAD" ? 0 : Number(length));
    close();
    return new Response(body, init);
  }
  return new Response(body.pipeThrough(counter(call, lines, close)), init);
}

// Passes a stream on, and counts it in portions: one that breaks off loses less than one of them.
function counter(call, lines, end) {
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

function count({ core, env, context }, lines, bytes) {
  if (bytes > 0 && core.meter(Number(lines[1]), bytes, Date.now())) context.waitUntil(core.refresh(env));
}

const PORTION_BYTES = 65_536;
