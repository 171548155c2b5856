// Deadlines of calls upstream. A timer of its own would cost each call some ten microseconds of the platform's time, and
// nearly all calls are answered long before it; so calls that wait share one, which goes off twice a second. A call that
// it finds waiting gets a timer of its own then, in its own context: nothing of a call hangs on the one that had the turn.

const waiting = new Set();
// When the next turn is due. A time and not a flag: the request that was to take it may have been cut off.
let turnAt = 0;

// `use` of what `sent` gives, or of the code of why there is nothing within the time. What is still under way when it
// passes ends with the request itself; so there is no signal to abort it by, which every call would pay for.
export function inTime(call, sent, timeoutMs, now, use) {
  if (timeoutMs <= 2 * TURN_MS) return slowly(sent, timeoutMs, use);
  seeToTurn(call.context, now);
  const first = new Promise((resolve) => {
    waiting.add(resolve);
    const end = (outcome) => {
      waiting.delete(resolve);
      resolve(outcome);
    };
    sent.then(end, () => end(NO_CONNECTION));
  });
  return first.then((outcome) => (outcome === TURN ? slowly(sent, timeoutMs - (Date.now() - now), use) : use(outcome)));
}

function seeToTurn(context, now) {
  if (now <= turnAt + TURN_MS) return;
  turnAt = now + TURN_MS;
  // Kept alive although the request's client may have gone: others wait for it.
  context.waitUntil(new Promise((resolve) => setTimeout(resolve, TURN_MS)).then(takeTurn));
}

// Wakes every call that still waits; what it then does runs as the call's own, as the platform sees to.
function takeTurn() {
  turnAt = 0;
  for (const wake of waiting) wake(TURN);
  waiting.clear();
}

function slowly(sent, timeoutMs, use) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(NO_REPLY_IN_TIME), timeoutMs);
    const end = (outcome) => {
      clearTimeout(timer);
      resolve(outcome);
    };
    sent.then(end, () => end(NO_CONNECTION));
  }).then(use);
}

export const NO_CONNECTION = 101503;
export const NO_REPLY_IN_TIME = 101504;
const TURN_MS = 500;
const TURN = 0;
