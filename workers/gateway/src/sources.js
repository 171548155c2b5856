// What Rust fetches when a decision lacks it.

// The text of a KV value; `null` when there is none. KV itself waits for as long as it takes. A read that fails is tried once
// more: most often a connection was at its end.
export function value(env, key, cacheSeconds, timeoutMs) {
  const read = () => env.CONFIG.get(key, { type: "text", cacheTtl: cacheSeconds });
  return new Promise((resolve, reject) => {
    const deadline = setTimeout(() => reject(new Error(`no ${key} after ${timeoutMs} ms`)), timeoutMs);
    const settled = () => clearTimeout(deadline);
    read().catch(read).then(bounded).then(resolve, reject).then(settled, settled);
  });
}

// What is larger would not fit beside everything else that an isolate holds, and nothing that we publish is.
function bounded(text) {
  if (text !== null && text.length > MOST_LETTERS) throw new Error(`a value of ${text.length} letters`);
  return text;
}

// Asks the owner of a limit for a block of its allowance; the reply's text.
export function lease(env, object, body, timeoutMs) {
  return askOwner(env, object, "lease", body, timeoutMs);
}

// Asks one of the relays that stand between the owner of a limit and its many holders.
export function relay(env, object, body, timeoutMs) {
  return askOwner(env, object, "relay", body, timeoutMs);
}

// Asks the owner of a limit for slots, or gives some back; the reply's text.
export function slots(env, object, body, timeoutMs) {
  return askOwner(env, object, "slots", body, timeoutMs);
}

// A gateway in another process than the owners asks through their Worker.
async function askOwner(env, object, what, body, timeoutMs) {
  // A service answers to every name, as if it were a method of its; only a namespace has no `fetch`.
  const owner = env.TRAFFIC.fetch ? env.TRAFFIC : env.TRAFFIC.get(env.TRAFFIC.idFromName(object));
  const headers = { "x-limit-object": object };
  const signal = AbortSignal.timeout(timeoutMs);
  const reply = await owner.fetch(`http://limits/${what}`, { method: "POST", headers, body, signal });
  if (!reply.ok) throw new Error(`the limit's owner answered ${reply.status}`);
  return reply.text();
}

// What an opaque token stands for; `null` when it is none, or none any more.
export async function reference(env, digest, timeoutMs) {
  const reply = await ask(env, "reference-tokens", JSON.stringify({ digest }), timeoutMs);
  if (reply.status === 404) return null;
  if (!reply.ok) throw new Error(`the Key Manager answered ${reply.status}`);
  return reply.text();
}

// A secret by which the gateway signs in to an upstream; `null` when there is none of that name.
export async function secret(env, name, timeoutMs) {
  const reply = await ask(env, "upstream-secrets", JSON.stringify({ name }), timeoutMs);
  if (reply.status === 404) return null;
  if (!reply.ok) throw new Error(`the Key Manager answered ${reply.status}`);
  return reply.text();
}

// Who calls, signed for an upstream, and for how long.
export async function introduction(env, body, timeoutMs) {
  const reply = await ask(env, "introductions", body, timeoutMs);
  if (!reply.ok) throw new Error(`the Key Manager answered ${reply.status}`);
  return reply.text();
}

// Whose a name and a password are; `null` for nobody's, or when there were too many guesses.
export async function login(env, body, timeoutMs) {
  const reply = await ask(env, "logins", body, timeoutMs);
  if (reply.status === 401 || reply.status === 429) return null;
  if (!reply.ok) throw new Error(`the Key Manager answered ${reply.status}`);
  return reply.text();
}

// Whom to trust, once the Key Manager has asked an external issuer for its keys; `null` when it knows no such issuer.
export async function issuerKeys(env, keyManager, timeoutMs) {
  const reply = await ask(env, "issuer-keys", JSON.stringify({ keyManager }), timeoutMs);
  if (reply.status === 404) return null;
  if (!reply.ok) throw new Error(`the Key Manager answered ${reply.status}`);
  return reply.text();
}

// Tells which API keys were used.
export async function uses(env, body, timeoutMs) {
  const reply = await ask(env, "api-key-uses", body, timeoutMs);
  if (!reply.ok) throw new Error(`the Key Manager answered ${reply.status}`);
}

// Waits on a timer of the call's own: no call may wait for a promise of another (docs/decisions/0018).
export function pause(ms) {
  return new Promise((resume) => setTimeout(resume, ms));
}

function ask(env, what, body, timeoutMs) {
  const headers = { "content-type": "application/json" };
  return env.KEYS.fetch(`http://keys/internal/${what}`, { method: "POST", headers, body, signal: AbortSignal.timeout(timeoutMs) });
}

const MOST_LETTERS = 16 * 1024 * 1024;
