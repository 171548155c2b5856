// Tells the analytics Worker now and then which configuration this isolate has taken up, and what it could not: never on a
// call's way, only where something was fetched anyway (docs/decisions/0021).

let told = "";
let toldAt = 0;

// `isolate`: its random name. `toldByEdge`: the platform tells the place.
export async function report({ core, env, request }, isolate, toldByEdge) {
  const now = Date.now();
  const standing = core.standing();
  if (now - toldAt < (standing === told ? ALIVE_MS : NEWS_MS)) return;
  [told, toldAt] = [standing, now];
  const gateway = (toldByEdge && request.cf?.colo) || env.GATEWAY_NAME || "local";
  const body = JSON.stringify({ environment: env.ENVIRONMENT, gateway, isolate, release: BUILD, ...JSON.parse(standing) });
  try {
    const headers = { "content-type": "application/json" };
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const reply = await env.ANALYTICS.fetch("http://analytics/internal/reports", { method: "POST", headers, body, signal });
    await reply.body?.cancel();
    if (reply.ok) return;
    console.warn(`a report was answered ${reply.status}`);
  } catch {
    // Said again when something is fetched the next time.
  }
  told = "";
}

// An isolate that serves says at least this often that it is there; who said nothing for two and a half times as long is not.
const ALIVE_MS = 60_000;
const NEWS_MS = 1_000;
const TIMEOUT_MS = 5_000;
