// Sends a call upstream as its plan says, and passes the reply on. Bodies are the platform's own streams, both ways.

import { resume } from "./attend.js";
import { inTime, NO_CONNECTION, NO_REPLY_IN_TIME } from "./deadline.js";
import { flushSoon } from "./events.js";
import { watchSocket } from "./frames.js";
import { isWatched, over, watchReply, watchRequest } from "./watch.js";

// The plan's lines: kind, number of the call, URL, deadline, method, names to drop, number of headers to set, those, and
// then the headers to set on the reply. `broken` answers what must not happen.
export function forward(call, lines, broken) {
  const { request } = call;
  const replyAt = SETS_AT + 2 * Number(lines[6]);
  const method = lines[4];
  const init = { method, headers: outgoing(call, lines, replyAt), redirect: "manual" };
  if (method !== "GET" && method !== "HEAD") init.body = request.body;
  if (isWatched(lines)) watchRequest(call, lines, init);
  const startedAt = Date.now();
  return inTime(fetch(lines[2], init), Number(lines[3])).then((reply) => {
    try {
      if (typeof reply === "string") return failed(call, lines, replyAt, startedAt, reply);
      if (!isReserved(lines) || !isFailure(reply)) return respond(call, lines, replyAt, startedAt, reply);
      return resume(call, lines, isReply(reply) ? reply : NO_REPLY);
    } catch (error) {
      return broken(error);
    }
  });
}

// Nothing came; what is to be done then may wait in Rust.
function failed(call, lines, replyAt, startedAt, word) {
  return isReserved(lines) ? resume(call, lines, word) : refuse(call, lines, replyAt, startedAt, word);
}

// The headers that go upstream, as a record: making a `Headers` and editing it costs a call of the platform for each edit,
// and a copy when it is sent.
function outgoing(call, lines, replyAt) {
  const dropped = lines[5] === "" ? NONE : lines[5].split(",");
  const incoming = call.headers;
  if (incoming === null) return copied(call, dropped, lines, replyAt);
  const headers = new Fields();
  for (let at = 0; at < incoming.length; at += 2) {
    if (!dropped.includes(incoming[at])) headers[incoming[at]] = incoming[at + 1];
  }
  for (let at = SETS_AT; at < replyAt; at += 2) headers[lines[at]] = lines[at + 1];
  return headers;
}

// A record in which no name means anything but itself. Made by a constructor, because V8 then shares its shape with the record
// of the call before, and lists its names at once; what `Object.create(null)` makes is a table of its own, call by call.
function Fields() {}
Fields.prototype = Object.create(null);

function copied(call, dropped, lines, replyAt) {
  const headers = new Headers(call.request.headers);
  for (const name of dropped) headers.delete(name);
  for (let at = SETS_AT; at < replyAt; at += 2) headers.set(lines[at], lines[at + 1]);
  return headers;
}

// Passes the upstream's reply on, without what belongs to its connection.
function respond(call, lines, replyAt, startedAt, reply) {
  const { status } = reply;
  if (status === 101 && reply.webSocket) {
    settle(call, lines, startedAt, reply.headers, status);
    return socket(lines, replyAt, isWatched(lines) ? watchSocket(call, lines, reply) : reply);
  }
  if (!isReply(reply, status)) return refuse(call, lines, replyAt, startedAt, NO_REPLY);
  // A reply to which nothing is done is passed on itself: making another costs some microseconds.
  if (replyAt >= lines.length && !isWatched(lines) && TAKEN_OFF.every((name) => !reply.headers.has(name))) {
    settle(call, lines, startedAt, reply.headers, status);
    return reply;
  }
  const response = isWatched(lines) ? watchReply(call, lines, reply) : new Response(reply.body, reply);
  const headers = response.headers;
  const nominated = headers.get("connection");
  if (nominated !== null) dropNominated(headers, nominated);
  if (headers.has("proxy-authenticate")) headers.delete("proxy-authenticate");
  if (headers.has("set-cookie")) keepSession(headers);
  setReplyHeaders(headers, lines, replyAt, true);
  settle(call, lines, startedAt, headers, status);
  return response;
}

// A browser that showed its token among the protocols wants one of them chosen.
function socket(lines, replyAt, reply) {
  const at = lines.indexOf(PROTOCOL, replyAt);
  if (at === -1 || reply.headers.has("sec-websocket-protocol")) return reply;
  const headers = new Headers(reply.headers);
  headers.set("sec-websocket-protocol", lines[at + 1]);
  return new Response(null, { status: 101, webSocket: reply.webSocket, headers });
}

function settle(call, lines, startedAt, headers, status) {
  const length = headers.get("content-length");
  const now = Date.now();
  flushSoon(call, call.core.settle(Number(lines[1]), status, now, now - startedAt, length === null ? -1 : Number(length)), now);
}

// What is to be done should the call fail waits in Rust.
function isReserved(lines) {
  return lines[0].includes("R");
}

function isReply(reply, status = reply.status) {
  return (status >= 200 && status <= 599) || Boolean(reply.webSocket);
}

function isFailure(reply) {
  return reply.status >= 500 || !isReply(reply);
}

// The upstream did not answer, or not with anything that can be passed on.
function refuse(call, lines, replyAt, startedAt, word) {
  const { request, core } = call;
  if (isWatched(lines)) over(call, lines);
  const now = Date.now();
  const [status, kind, body] = core.fail(Number(lines[1]), CODES[word], speaks(request.headers), now, now - startedAt).split("\n");
  const response = new Response(request.method === "HEAD" ? null : body, {
    status: Number(status),
    headers: { "content-type": kind, "cache-control": "no-store" },
  });
  setReplyHeaders(response.headers, lines, replyAt);
  const at = lines.indexOf(REQUEST_ID, SETS_AT);
  if (at !== -1 && at < replyAt) response.headers.set(REQUEST_ID, lines[at + 1]);
  flushSoon(call, core.waiting());
  return response;
}

// What tells the shape in which a client wants to be refused.
function speaks(headers) {
  const action = headers.get("soapaction");
  return `${headers.get("accept") ?? ""}\n${headers.get("content-type") ?? ""}${action === null ? "" : `\n${action}`}`;
}

// What policies do to a reply has a mark before its name, and is not done to a refusal of ours.
function setReplyHeaders(headers, lines, replyAt, isReply = false) {
  for (let at = replyAt; at < lines.length; at += 2) {
    if (lines[at].charCodeAt(0) === EDIT) {
      if (isReply) edit(headers, lines[at], lines[at + 1]);
    } else if (ADDED.includes(lines[at])) headers.append(lines[at], lines[at + 1]);
    else headers.set(lines[at], lines[at + 1]);
  }
}

function edit(headers, marked, value) {
  const name = marked.slice(2);
  if (marked[1] === "=") headers.set(name, value);
  else if (marked[1] === "+") headers.append(name, value);
  else headers.delete(name);
}

// `Connection` and what it nominates; what a peer nominates may not even be a name, and then no header has it.
function dropNominated(headers, nominated) {
  for (const name of [...nominated.split(","), ...HOP_BY_HOP]) {
    try {
      headers.delete(name.trim());
    } catch {
      continue;
    }
  }
}

// An upstream behind the portals' own origin must not sign anybody in to them.
function keepSession(headers) {
  const cookies = headers.getSetCookie();
  if (!cookies.some((cookie) => cookie.trimStart().startsWith(SESSION_COOKIE))) return;
  headers.delete("set-cookie");
  for (const cookie of cookies) {
    if (!cookie.trimStart().startsWith(SESSION_COOKIE)) headers.append("set-cookie", cookie);
  }
}

const NONE = [];
const SETS_AT = 7;
const NO_REPLY = "no-reply";
// What a client is told of them.
const CODES = { [NO_CONNECTION]: 101503, [NO_REPLY_IN_TIME]: 101504, [NO_REPLY]: 101505 };
const REQUEST_ID = "x-request-id";
const PROTOCOL = ":=sec-websocket-protocol";
const EDIT = ":".charCodeAt(0);
const ADDED = ["vary", "set-cookie"];
const HOP_BY_HOP = ["connection", "keep-alive", "proxy-connection", "trailer", "upgrade"];
// Where a reply has one of these, something is taken off it.
const TAKEN_OFF = ["connection", "proxy-authenticate", "set-cookie"];
const SESSION_COOKIE = "__Host-postern-session=";
