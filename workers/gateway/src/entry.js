// The gateway's fetch event: text in, text out, and the platform's own promise of a reply. What to do is decided in Rust;
// texts between the two are lines, because neither a header nor a URL can have a line break.
//
// A plain handler, without the class and the proxies that worker-build would put around it: docs/decisions/0013.

import * as core from "./index.js";
import { attend } from "./attend.js";
import { flushSoon } from "./events.js";
import { report } from "./reports.js";
import { forward } from "./upstream.js";

let isolate = "";
let calls = 0;
let room = new Uint8Array(16_384);
const encoder = new TextEncoder();
// The header in which whoever stands before this gateway tells the client's address; without one, nobody's word counts.
let addressHeader = "";
// Who tells a client's certificate: "cf" for the platform, else the header of whoever ends TLS before this gateway, in
// the form of RFC 9440; without it, nobody's word counts.
let certificateSource = "";
// Does the platform tell where the call came in, and by which versions of TLS and HTTP? Reading it costs some microseconds.
let toldByEdge = false;

export default {
  fetch(request, env, context) {
    // `headers`: names and values, one behind the other, as far as they could be read.
    const call = { core, request, env, context, headers: [] };
    try {
      const text = intake(call);
      const plan = core.decide(bytes(call, text));
      if (plan.charCodeAt(0) !== MISSING) return carryOut(call, plan);
      const answer = core.complete(bytes(call, text), env).then((late) => carryOut(call, late));
      // A future of a client that went away is never polled again and never freed; so it is brought to its end.
      context.waitUntil(answer.then(() => report(call, isolate, toldByEdge)));
      return answer;
    } catch (error) {
      return broken(error);
    }
  },
};

// Time, name of the request, method, URL, client address, then names and values of its headers.
function intake({ request, env, headers }) {
  if (isolate === "") begin(env);
  calls = (calls + 1) >>> 0;
  let address;
  let lines = "";
  // A third of what an iterator costs, which makes an array for each header.
  request.headers.forEach((value, name) => {
    headers.push(name, value);
    lines += `\n${name}\n${value}`;
    if (name === addressHeader) address = value;
  });
  address ??= clientAddress(request);
  if (certificateSource !== "") lines += certificate(request);
  if (toldByEdge) lines += edge(request);
  const id = isolate + calls.toString(16).padStart(8, "0");
  return `${Date.now()}\n${id}\n${request.method}\n${request.url}\n${address}${lines}`;
}

// A text as UTF-8, for Wasm to copy; good until the next one. wasm-bindgen would take a text letter by letter.
function bytes(call, text) {
  // No letter of UTF-16 takes more than three bytes.
  if (text.length * 3 > room.length) room = new Uint8Array(text.length * 3);
  const { written } = encoder.encodeInto(text, room);
  // Bytes of a header that are not UTF-8 were lost when it was read; then the platform copies the headers as they came.
  if (written !== text.length) call.headers = null;
  return room.subarray(0, written);
}

function begin(env) {
  const settings = [variable(env, "ENVIRONMENT"), variable(env, "CONFIG_REFRESH_MS"), sampleShare(env)];
  isolate = core.start(...settings, variable(env, "FAULT_STATUSES"), variable(env, "CALLS_AT_ONCE"));
  addressHeader = variable(env, "CLIENT_ADDRESS_HEADER");
  certificateSource = variable(env, "CLIENT_CERTIFICATE").toLowerCase();
  toldByEdge = variable(env, "CLIENT_DETAILS") === "cf";
}

function variable(env, name) {
  return String(env[name] ?? "");
}

// Which share of the traces that start here is told; nothing without a collector to tell.
function sampleShare(env) {
  return variable(env, "OTLP_ENDPOINT") === "" ? "" : variable(env, "OTLP_SAMPLE_RATIO") || "default";
}

// The client's certificate as one more line, under a name that no client can send.
function certificate(request) {
  const tls = certificateSource === "cf" ? request.cf?.tlsClientAuth : undefined;
  const platform = tls?.certPresented === "1" && tls.certVerified === "SUCCESS" ? tls.certFingerprintSHA256 : undefined;
  const told = certificateSource === "cf" ? platform : request.headers.get(certificateSource);
  return told ? `\n:client-certificate\n${told}` : "";
}

// Place, TLS and HTTP as one more line, under a name that no client can send.
function edge(request) {
  const { colo, tlsVersion, httpProtocol } = request.cf ?? {};
  return `\n:edge\n${colo || "-"} ${tlsVersion || "-"} ${httpProtocol || "-"}`;
}

// Stock workerd tells the client's address with its port, and only here.
function clientAddress(request) {
  const told = String(request.cf?.clientIp ?? "");
  if (told.startsWith("[")) return told.slice(1, told.indexOf("]"));
  const colon = told.indexOf(":");
  return colon === told.lastIndexOf(":") && colon !== -1 ? told.slice(0, colon) : told;
}

// A plan begins with what to do, and with a `+` when something is to be fetched while nobody waits.
function carryOut(call, plan) {
  const { env, context } = call;
  const lines = plan.split("\n");
  if (lines[0].charCodeAt(1) === DUE) context.waitUntil(core.refresh(env).then(() => report(call, isolate, toldByEdge)));
  const kind = lines[0].charCodeAt(0);
  if (lines[0].includes("G")) tellGaveUp(call, Number(lines[1]));
  if (kind === FORWARD) return forward(call, lines, broken);
  if (kind === COURSE) return attend(call, lines).catch(broken);
  flushSoon(call, core.waiting());
  return answer(lines);
}

// Where there is little room, a call that the platform gives up does not count until its deadline. It does so for a connection
// that is broken off (RST), and not for one whose client only says that it sends no more (FIN): docs/operating.md.
function tellGaveUp({ core, request }, number) {
  request.signal.addEventListener("abort", () => core.gave_up(number));
}

// Answers without the upstream: status, body, then names and values of headers.
function answer(lines) {
  const headers = new Headers();
  for (let at = 3; at < lines.length; at += 2) headers.append(lines[at], lines[at + 1]);
  return new Response(lines[2] === "" ? null : lines[2].replaceAll("\0", "\n"), { status: Number(lines[1]), headers });
}

// A trap in Wasm leaves memory that nobody may rely on: the next request starts anew.
function broken(error) {
  console.error(error);
  restart(error);
  const headers = { "content-type": "application/json; charset=UTF-8", "cache-control": "no-store" };
  const body = '{"code":"500","type":"Status report","message":"Runtime Error","description":"the gateway failed; try again"}';
  return new Response(body, { status: 500, headers });
}

function restart(error) {
  if (!(error instanceof WebAssembly.RuntimeError)) return;
  core.__wbg_reset_state();
  isolate = "";
}

addEventListener("error", (event) => restart(event.error));

const FORWARD = "F".charCodeAt(0);
const COURSE = "C".charCodeAt(0);
const MISSING = "M".charCodeAt(0);
const DUE = "+".charCodeAt(0);
