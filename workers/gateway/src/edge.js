// The gateway's hands: one crossing in and one out for each call, and no copy of a body. What to do is decided in Rust;
// texts between the two are lines, because neither a header nor a URL can have a line break.

// All that is known of a request: time, method, URL, client address, then names and values of its headers.
export function intake(request) {
  let address;
  let headers = "";
  for (const [name, value] of request.headers) {
    headers += `\n${name}\n${value}`;
    if (name === "cf-connecting-ip") address = value;
  }
  address ??= clientAddress(request);
  return `${Date.now()}\n${request.method}\n${request.url}\n${address}${headers}`;
}

// Stock workerd tells the client's address with its port, and only here.
function clientAddress(request) {
  const told = String(request.cf?.clientIp ?? "");
  if (told.startsWith("[")) return told.slice(1, told.indexOf("]"));
  const colon = told.indexOf(":");
  return colon === told.lastIndexOf(":") && colon !== -1 ? told.slice(0, colon) : told;
}

// Sends a request upstream as the plan says: URL, deadline, event, names to drop, number of headers to set, those, method,
// and then the headers to set on the reply. Bodies are the platform's own streams, both ways.
export function forward(request, env, context, plan) {
  const lines = plan.split("\n");
  const headers = new Headers(request.headers);
  if (lines[3] !== "") for (const name of lines[3].split(",")) headers.delete(name);
  const methodAt = 5 + 2 * Number(lines[4]);
  for (let at = 5; at < methodAt; at += 2) headers.set(lines[at], lines[at + 1]);
  const method = lines[methodAt];
  const replyAt = methodAt + 1;
  const call = { lines, replyAt, env, context, request, startedAt: Date.now() };
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), Number(lines[1]));
  const init = { method, headers, redirect: "manual", signal: deadline.signal };
  if (method !== "GET" && method !== "HEAD") init.body = request.body;
  return fetch(lines[0], init).then(
    (reply) => {
      clearTimeout(timer);
      return respond(call, reply);
    },
    () => {
      clearTimeout(timer);
      return refuse(call, deadline.signal.aborted ? 101504 : 101503);
    },
  );
}

// Passes the upstream's reply on, without what belongs to its connection.
function respond(call, reply) {
  const { status } = reply;
  if (status === 101 && reply.webSocket) return finish(call, reply, status);
  if (status < 200 || status > 599) return refuse(call, 101505);
  const response = new Response(reply.body, reply);
  const headers = response.headers;
  const nominated = headers.get("connection");
  if (nominated !== null) dropNominated(headers, nominated);
  if (headers.has("proxy-authenticate")) headers.delete("proxy-authenticate");
  if (headers.has("set-cookie")) keepSession(headers);
  setReplyHeaders(headers, call);
  return finish(call, response, status);
}

function setReplyHeaders(headers, { lines, replyAt }) {
  for (let at = replyAt; at < lines.length; at += 2) {
    if (lines[at] === "vary") headers.append("vary", lines[at + 1]);
    else headers.set(lines[at], lines[at + 1]);
  }
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

function finish(call, response, status) {
  const now = Date.now();
  const length = response.headers.get("content-length");
  const bytes = length === null ? "" : `,"rb":${Number(length) || 0}`;
  settle(call, `"st":${status},"us":${status},"l":${latency(call, now)},"ul":${now - call.startedAt}${bytes}`);
  return response;
}

// The upstream did not answer, or not with anything that can be passed on.
function refuse(call, code) {
  const { request } = call;
  const [status, kind, body] = problem(code, request.headers.get("accept") ?? "").split("\n");
  const response = new Response(request.method === "HEAD" ? null : body, {
    status: Number(status),
    headers: { "content-type": kind, "cache-control": "no-store" },
  });
  setReplyHeaders(response.headers, call);
  const now = Date.now();
  settle(call, `"st":${status},"f":{"c":${code}},"l":${latency(call, now)},"ul":${now - call.startedAt}`);
  return response;
}

function latency({ lines }, now) {
  return Math.max(0, now - Number(lines[2].slice(0, lines[2].indexOf(" "))));
}

// An open event has a status and a latency of nought, in this spelling once and for all; here they get their values.
function settle({ lines, env, context }, outcome) {
  const event = lines[2].slice(lines[2].indexOf(" ") + 1);
  record(env, context, event.replace('"st":0,"l":0', outcome));
}

// Answers without the upstream: status, event (may be empty), body, then names and values of headers.
export function answer(env, context, text) {
  const lines = text.split("\n");
  const headers = new Headers();
  for (let at = 3; at < lines.length; at += 2) headers.append(lines[at], lines[at + 1]);
  if (lines[1] !== "") record(env, context, lines[1]);
  return Promise.resolve(new Response(lines[2] === "" ? null : lines[2], { status: Number(lines[0]), headers }));
}

// Renders the problem of a code; set by Rust when the isolate starts.
let problem = () => '502\napplication/json\n{"code":"101503","type":"Status report","message":"Runtime Error"}';

export function onFailure(render) {
  problem = render;
}

// Keeps work alive after the response.
export function later(context, work) {
  context.waitUntil(work);
}

export function variable(env, name) {
  return String(env[name] ?? "");
}

// The text of a KV value; `null` when there is none.
export function value(env, key, cacheSeconds) {
  return env.CONFIG.get(key, { type: "text", cacheTtl: cacheSeconds });
}

// Asks the owner of a limit; the reply's text.
export async function lease(env, object, body, timeoutMs) {
  const owner = env.TRAFFIC.get(env.TRAFFIC.idFromName(object));
  const signal = AbortSignal.timeout(timeoutMs);
  const reply = await owner.fetch("http://limits/lease", { method: "POST", body, signal });
  if (!reply.ok) throw new Error(`the limit's owner answered ${reply.status}`);
  return reply.text();
}

// Events wait in the isolate, as JSON, for at most FLUSH_MS or FLUSH_EVENTS.
let waiting = [];
let dropped = 0;
// When the next flush is due. A time and not a flag: the request that was to flush may have been cut off.
let flushAt = 0;

function record(env, context, event) {
  if (env.EVENT_SINK === "analytics_engine") return writePoint(env, event);
  if (waiting.length >= MOST_EVENTS) dropped += 1;
  else waiting.push(event);
  const now = Date.now();
  if (waiting.length >= FLUSH_EVENTS) context.waitUntil(flush(env));
  else if (now > flushAt + FLUSH_MS) {
    flushAt = now + FLUSH_MS;
    context.waitUntil(new Promise((resolve) => setTimeout(resolve, FLUSH_MS)).then(() => flush(env)));
  }
}

async function flush(env) {
  const events = waiting.splice(0, FLUSH_EVENTS * 2);
  flushAt = 0;
  if (events.length === 0) return;
  // Sent twice under one name, a batch counts once.
  const body = `{"batch":"${crypto.randomUUID()}","events":[${events.join(",")}]}`;
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      const headers = { "content-type": "application/json" };
      const reply = await env.ANALYTICS.fetch("http://analytics/internal/events", { method: "POST", headers, body });
      if (reply.ok) return;
    } catch {
      // Tried once more, then counted as dropped: statistics never hold a call up.
    }
  }
  dropped += events.length;
  console.warn(`events dropped so far: ${dropped}`);
}

// One data point for each event: the organization as index, the event itself, and the numbers that queries add up.
function writePoint(env, event) {
  const { o, st, l, ul, qb, rb } = JSON.parse(event);
  env.EVENTS?.writeDataPoint({ indexes: [o], blobs: [event], doubles: [st, l, ul ?? 0, qb ?? 0, rb ?? 0] });
}

const HOP_BY_HOP = ["connection", "keep-alive", "proxy-connection", "trailer", "upgrade"];
const SESSION_COOKIE = "__Host-postern-session=";
const FLUSH_MS = 400;
const FLUSH_EVENTS = 250;
const MOST_EVENTS = 10000;
