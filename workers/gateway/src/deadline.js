// The deadline of a call to somebody else. Each call has a timer of its own: docs/decisions/0018 says what came of a shared one.

// What `sent` brings within the time, or the word for why there is nothing. What is still under way when the time passes ends
// with the request itself, so there is no signal to abort it by; and so does the timer, which finds nobody waiting any more:
// every call would pay for either.
export function inTime(sent, timeoutMs) {
  return new Promise((resolve) => {
    setTimeout(resolve, timeoutMs, NO_REPLY_IN_TIME);
    sent.then(resolve, () => resolve(NO_CONNECTION));
  });
}

// The words of a course (`crates/pipeline`).
export const NO_CONNECTION = "no-connection";
export const NO_REPLY_IN_TIME = "no-reply-in-time";
