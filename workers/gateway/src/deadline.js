// The deadline of a call upstream. Each call has a timer of its own: docs/decisions/0018 says what came of a shared one.

// What `sent` gives, or the code of why there is nothing within the time. What is still under way when it passes ends with
// the request itself; so there is no signal to abort it by, which every call would pay for.
export function inTime(sent, timeoutMs) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(NO_REPLY_IN_TIME), timeoutMs);
    const end = (outcome) => {
      clearTimeout(timer);
      resolve(outcome);
    };
    sent.then(end, () => end(NO_CONNECTION));
  });
}

export const NO_CONNECTION = 101503;
export const NO_REPLY_IN_TIME = 101504;
