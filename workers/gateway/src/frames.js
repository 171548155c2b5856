// Sockets that are watched: their frames count against a limit of events or bytes, or they have one of the slots of a limit
// of calls under way. All others are the platform's own, from end to end.

import { flushSoon } from "./events.js";
import { isMetered, over } from "./watch.js";

// The upstream's socket as one of ours, whose frames pass both ways once they are counted, in their order.
export function watchSocket(call, lines, reply) {
  const [client, ours] = Object.values(new WebSocketPair());
  const socket = { call, lines, number: Number(lines[1]), ends: [ours, reply.webSocket], counts: isMetered(lines), waiting: [], bytes: 0, isOver: false };
  for (const end of socket.ends) {
    end.binaryType = "arraybuffer";
    end.accept();
  }
  relay(socket, ours, reply.webSocket);
  relay(socket, reply.webSocket, ours);
  const protocol = reply.headers.get("sec-websocket-protocol");
  return new Response(null, { status: 101, webSocket: client, headers: protocol === null ? {} : { "sec-websocket-protocol": protocol } });
}

function relay(socket, from, to) {
  from.addEventListener("message", ({ data }) => take(socket, { to, data, bytes: sizeOf(data) }));
  from.addEventListener("close", ({ code, reason }) => take(socket, { close: [code, reason], bytes: 0 }));
  from.addEventListener("error", () => take(socket, { close: [GONE, ""], bytes: 0 }));
}

// A frame goes on at once unless others wait or its count has to be fetched.
function take(socket, frame) {
  if (socket.isOver) return;
  if (socket.waiting.length === 0) {
    const said = judge(socket, frame);
    if (said !== MISSING) return carryOut(socket, frame, said);
  }
  socket.waiting.push(frame);
  socket.bytes += frame.bytes;
  if (socket.bytes > MOST_WAITING) return end(socket, TRY_AGAIN, "too much at once");
  if (socket.waiting.length === 1) socket.call.context.waitUntil(drain(socket));
}

async function drain(socket) {
  const { core, env } = socket.call;
  while (socket.waiting.length > 0 && !socket.isOver) {
    const [frame] = socket.waiting;
    const told = judge(socket, frame);
    const said = told === MISSING ? await core.frame_late(socket.number, frame.bytes, env) : told;
    socket.waiting.shift();
    socket.bytes -= frame.bytes;
    carryOut(socket, frame, said);
  }
}

function judge({ call, number, counts }, frame) {
  return counts && !frame.close ? call.core.frame(number, frame.bytes, Date.now()) : PASSES;
}

function carryOut(socket, frame, said) {
  if (socket.isOver) return;
  if (frame.close) return end(socket, ...frame.close);
  if (said > MISSING) return stop(socket, said);
  if (said === DUE) socket.call.context.waitUntil(socket.call.core.refresh(socket.call.env));
  frame.to.send(frame.data);
}

// A limit ends the socket, which is an event of its own.
function stop(socket, code) {
  if (code === UNREACHABLE) end(socket, TRY_AGAIN, "the counters of a limit cannot be reached");
  else end(socket, POLICY, `${code} Message throttled out`);
  flushSoon(socket.call, socket.call.core.waiting());
}

// Ends the socket on both sides, once.
function end(socket, code, reason) {
  if (socket.isOver) return;
  socket.isOver = true;
  socket.waiting = [];
  for (const side of socket.ends) {
    try {
      // 1005, 1006 and 1015 say that nothing was said, and may not be sent.
      if (code === 1005 || code === 1006 || code === 1015) side.close();
      else side.close(code, reason);
    } catch {
      // It is closed already.
    }
  }
  over(socket.call, socket.lines);
}

function sizeOf(data) {
  return typeof data === "string" ? encoder.encode(data).byteLength : data.byteLength;
}

const encoder = new TextEncoder();
const PASSES = 0;
const DUE = 1;
const MISSING = 2;
const UNREACHABLE = 503;
const GONE = 1001;
const POLICY = 1008;
const TRY_AGAIN = 1013;
// Of what waits to be counted; nobody waits longer than the owner of a limit takes to answer.
const MOST_WAITING = 4_194_304;
