// What a token and an introspection cost: CPU time of a platform on stock workerd, by request, the median of rounds.
// All Workers and D1 share the process, so that it counts what `front` and the database do too.
//
//   node tests/bench/keys.mjs [requests a round]

import { readFileSync } from "node:fs";

const REQUESTS = Number(process.argv[2] ?? 1_000);
const ROUNDS = 9;
const AT_ONCE = 8;

// What the journeys share asks where their platform is; this one is our own.
process.env.POSTERN_URL ??= "http://127.0.0.1";
const { OwnPlatform } = await import("../journeys/own-platform.mjs");
const own = new OwnPlatform();
try {
  await own.start();
  const basic = (user, password) => `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  const wish = { clientName: "bench", owner: "admin", grantType: "client_credentials", callbackUrl: "", saasApp: true };
  const register = { method: "POST", headers: { authorization: basic("admin", own.administrator.password), "content-type": "application/json" }, body: JSON.stringify(wish) };
  const client = await (await fetch(`${own.origin}/client-registration/v0.17/register`, register)).json();
  const headers = { authorization: basic(client.clientId, client.clientSecret) };
  const ask = async (path, params) => {
    const response = await fetch(own.origin + path, { method: "POST", headers, body: new URLSearchParams(params) });
    const body = await response.json();
    if (response.status !== 200) throw new Error(`${path} answered ${response.status}: ${JSON.stringify(body)}`);
    return body;
  };
  const issue = () => ask("/oauth2/token", { grant_type: "client_credentials" });
  const issueScoped = () => ask("/oauth2/token", { grant_type: "client_credentials", scope: "read write" });
  const { access_token: token } = await issue();
  const introspect = () => ask("/oauth2/introspect", { token });
  const found = { token: [], "token with scopes": [], introspection: [] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, send] of [["token", issue], ["token with scopes", issueScoped], ["introspection", introspect]]) {
      const took = await cpuMicros(send);
      if (round > 0) found[name].push(took);
    }
  }
  for (const [name, values] of Object.entries(found)) {
    values.sort((a, b) => a - b);
    console.log(JSON.stringify({ name, cpuMicrosPerRequest: values[values.length >> 1], best: values[0], worst: values.at(-1) }));
  }
} finally {
  own.remove();
}

/** CPU time of the process for each of many requests, in microseconds. */
async function cpuMicros(send) {
  const before = ticks();
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let count = 0; count < REQUESTS / AT_ONCE; count += 1) await send();
  }));
  return Math.round(((ticks() - before) * 10_000) / REQUESTS);
}

/** User and system time of the process; Linux counts in hundredths of a second. */
function ticks() {
  const fields = readFileSync(`/proc/${own.pid}/stat`, "utf8").split(") ")[1].split(" ");
  return Number(fields[11]) + Number(fields[12]);
}
