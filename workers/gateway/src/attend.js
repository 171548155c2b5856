// Carries out the course of an attended call: does what Rust says, and tells it what came of it, until it says what to
// answer. Most calls have no course; see upstream.js.

import { inTime } from "./deadline.js";
import { flushSoon } from "./events.js";
import { watchSocket } from "./frames.js";
import { count, isMetered, isWatched, over, watchReply, watchRequest } from "./watch.js";

// The plan's lines: kind and number of the call.
export async function attend(call, lines) {
  const course = { call, lines, number: Number(lines[1]), reply: null, held: 0 };
  return carryOn(course, tell(course, "begun"));
}

// Goes on with a call that was sent as its plan says: with this reply of the upstream's, or with the word for what failed.
export async function resume(call, lines, happened) {
  const reply = typeof happened === "string" ? null : happened;
  const course = { call, lines, number: Number(lines[1]), reply, held: 0 };
  return carryOn(course, tell(course, reply === null ? happened : head("reply", reply)));
}

async function carryOn(course, first) {
  const { core } = course.call;
  let said = first;
  try {
    for (;;) {
      const next = said.split("\n");
      if (next[0] === "A") return answer(course, next);
      const [happened, body] = await DO[next[0]](course, next);
      said = core.attend(course.number, happened, body ?? NOTHING, Date.now());
    }
  } finally {
    course.isOver = true;
    letGo(course);
    course.over?.();
  }
}

function tell({ call, number }, happened) {
  return call.core.attend(number, happened, NOTHING, Date.now());
}

const DO = {
  // Read the request's body: limit.
  R: async (course, [, limit]) => {
    const { call, lines } = course;
    const { request } = call;
    const [body, fault] = await wholeOf(course, request.body, Number(limit));
    if (body && isMetered(lines) && !request.headers.has("content-length")) count(call, lines, body.byteLength);
    return fault ? [`request-${fault}`] : ["request", body];
  },

  // Send the request: URL, deadline, method, body, headers.
  S: async (course, next) => {
    const { call, lines } = course;
    const headers = outgoing(call, fields(next, 5));
    const init = { method: next[3], headers, body: bodyOf(course, next[4], call.request.body), redirect: "manual" };
    if (isWatched(lines)) watchRequest(call, lines, init);
    // What an attempt before this one was answered, nobody reads.
    course.reply?.body?.cancel().catch(() => {});
    const reply = await inTime(fetch(next[1], init), Number(next[2]));
    if (typeof reply === "string") return [reply];
    course.reply = reply;
    const isReply = (reply.status >= 200 && reply.status <= 599) || reply.webSocket;
    return [isReply ? head("reply", reply) : "no-reply"];
  },

  // Read the reply's body: limit.
  B: async (course, [, limit]) => {
    const { lines, reply } = course;
    const [body, fault] = await wholeOf(course, isMetered(lines) ? decoded(reply) : reply.body, Number(limit));
    return fault ? [`body-${fault}`] : ["body", body];
  },

  // Wait: milliseconds.
  W: async (_course, [, ms]) => {
    await new Promise((resolve) => setTimeout(resolve, Number(ms)));
    return ["waited"];
  },

  // Ask another service: URL, deadline, method, body, limit, headers.
  G: async (course, next) => {
    const init = { method: next[3], headers: fields(next, 6), body: bodyOf(course, next[4]), redirect: "manual" };
    const asked = fetch(next[1], init).then(async (reply) => [reply, await wholeOf(course, reply.body, Number(next[5]))]);
    const answered = await inTime(asked, Number(next[2]));
    if (typeof answered === "string") return [answered];
    const [reply, [body, fault]] = answered;
    return fault ? ["no-reply"] : [head("fetched", reply), body];
  },

  // Have a body made anew by the Worker for that: what is to be done.
  T: async (course, [, what]) => {
    const { env } = course.call;
    const asked = env.SHAPER.fetch(`http://shaper/${what}`, { method: "POST", body: bodyOf(course, "made") });
    const answered = await inTime(asked.then(async (reply) => [reply, await wholeOf(course, reply.body, MOST_SHAPED)]), SHAPING_MS);
    if (typeof answered === "string") return [answered];
    const [reply, [body, fault]] = answered;
    return fault ? ["no-reply"] : [head("fetched", reply), body];
  },
};

// Answer: status, body, headers.
function answer(course, next) {
  const { call, lines, number, reply } = course;
  if (reply?.webSocket && next[1] === "101") return finish(call, number, isWatched(lines) ? watchSocket(call, lines, reply) : reply);
  const init = { status: Number(next[1]), headers: fields(next, 3) };
  const keeps = next[2] === "kept";
  const passed = keeps || next[2] === "passed";
  // Counted or not, what is passed on is passed on as it came.
  if (passed && isMetered(lines)) init.encodeBody = "manual";
  const body = bodyOf(course, passed ? "passed" : next[2], reply?.body) ?? null;
  const response = new Response(keeps && body ? kept(course, body) : body, init);
  if (!passed && reply?.body && !reply.bodyUsed) reply.body.cancel().catch(() => {});
  const isOver = !(keeps && body);
  if (!isWatched(lines)) return finish(call, number, response, isOver);
  return finish(call, number, response.body ? watchReply(call, lines, response) : (over(call, lines), response), isOver);
}

// Passes a body on and tells it once it has gone by whole, if it is not longer than what is kept.
function kept({ call, lines, number, reply }, body) {
  const { core } = call;
  // What is counted is passed on as it came, and what is kept is decoded.
  let chunks = isMetered(lines) && reply.headers.has("content-encoding") ? null : [];
  let length = 0;
  const giveUp = () => {
    chunks = null;
    core.forget(number);
  };
  const keeper = new TransformStream({
    transform(chunk, controller) {
      controller.enqueue(chunk);
      length += chunk.byteLength;
      if (length > MOST_KEPT) chunks = null;
      chunks?.push(chunk);
    },
    flush() {
      if (chunks === null) return giveUp();
      return core.gone_by(number, joined(chunks, length));
    },
    cancel: giveUp,
  });
  return body.pipeThrough(keeper);
}

function finish(call, number, response, isOver = true) {
  if (isOver) call.core.forget(number);
  flushSoon(call, call.core.waiting());
  return response;
}

function bodyOf({ call, number }, kind, passed) {
  if (kind === "made") return call.core.body(number);
  return kind === "passed" ? passed : undefined;
}

// A word, the status, then names and values of headers.
function head(word, { status, headers }) {
  let text = `${word}\n${status}`;
  headers.forEach((value, name) => {
    if (name !== "set-cookie") text += `\n${name}\n${value}`;
  });
  for (const cookie of headers.getSetCookie()) text += `\nset-cookie\n${cookie}`;
  return text;
}

// Bytes that are no text are lost on their way through Rust; where the client sent such, its headers are copied and edited.
function outgoing({ request, headers }, made) {
  if (headers !== null) return made;
  const copied = new Headers(request.headers);
  for (const name of [...copied.keys()]) if (!made.has(name)) copied.delete(name);
  for (const [name, value] of made) if (!value.includes(LOST)) copied.set(name, value);
  return copied;
}

function fields(lines, from) {
  const headers = new Headers();
  for (let at = from; at < lines.length; at += 2) headers.append(lines[at], lines[at + 1]);
  return headers;
}

// A body of at most `limit` bytes, or what kept it from being read. Bytes count as held until the call is answered: an
// isolate has 128 MiB for all its calls, and is ended with all of them when that is not enough.
async function wholeOf(course, stream, limit) {
  if (!stream) return [NOTHING];
  const chunks = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      length += chunk.byteLength;
      if (length > limit) return [null, "too-long"];
      if (!hold(course, chunk.byteLength)) return [null, "no-room"];
      chunks.push(chunk);
    }
  } catch {
    return [null, "broken"];
  }
  return [joined(chunks, length)];
}

// Takes so much more of the room for bodies. Is there so much?
function hold(course, bytes) {
  // What is still read when nobody waits for it any more.
  if (course.isOver) return false;
  if (course.held === 0) {
    course.heldAt = Date.now();
    holders.add(course);
    // Should the client go away, the call is carried on to its end, and lets go.
    if (!course.over) course.call.context.waitUntil(new Promise((over) => (course.over = over)));
  }
  course.held += bytes;
  held += bytes;
  if (held <= MOST_HELD) return true;
  // A call that the platform has given up says nothing, and nobody else may end its promise (docs/decisions/0018).
  const given = Date.now() - LONG_HELD_MS;
  for (const one of holders) if (one.heldAt < given) letGo(one);
  return held <= MOST_HELD;
}

function letGo(course) {
  holders.delete(course);
  held -= course.held;
  course.held = 0;
}

function joined(chunks, length) {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

function decoded({ body, headers }) {
  const encoding = headers.get("content-encoding");
  return encoding === "gzip" || encoding === "deflate" ? body?.pipeThrough(new DecompressionStream(encoding)) : body;
}

// Bytes of bodies that calls under way have had read, and these calls.
let held = 0;
const holders = new Set();

const LOST = "\uFFFD";
const NOTHING = new Uint8Array(0);
// Three bodies of the largest size; each is for a moment there twice.
const MOST_HELD = 33_554_432;
// Longer than the platform carries on with a call whose client is gone.
const LONG_HELD_MS = 60_000;
// As much as is read of any body, and time enough for that.
const MOST_SHAPED = 10_485_760;
const SHAPING_MS = 5_000;
// What the cache takes at most.
const MOST_KEPT = 1_048_576;
