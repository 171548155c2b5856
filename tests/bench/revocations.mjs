// How long what was taken back still opens an API: from the moment at which the platform has said so to the first refusal,
// while others call; and whether it stays closed when the platform is killed.
//
//   node tests/bench/revocations.mjs [of each kind] [callers meanwhile]

import { createServer } from "node:http";
import { OwnPlatform } from "../journeys/own-platform.mjs";
import { Office, call, named } from "../journeys/throttled.mjs";

const [MANY = 60, CALLERS = 8] = process.argv.slice(2).map(Number);
const POLL_MS = 20;
const APART_MS = 150;

const pause = (ms) => new Promise((over) => setTimeout(over, ms));
const basic = (user, secret) => ({ authorization: `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}` });
const bearer = (token) => ({ authorization: `Bearer ${token}` });

const upstream = createServer((_, response) => response.end("{}"));
await new Promise((listening) => upstream.listen(0, "127.0.0.1", listening));
const own = new OwnPlatform();
try {
  await own.start();
  const { username, password } = own.administrator;
  Object.assign(process.env, { POSTERN_URL: own.origin, POSTERN_ADMIN_USER: username, POSTERN_ADMIN_PASSWORD: password });
  // Asks where the platform is when it is loaded.
  const front = await import("../journeys/authorize.mjs");
  const office = await new Office(own).enter();
  const api = await office.api(`http://127.0.0.1:${upstream.address().port}`);
  const status = async (headers) => (await call(own.origin, `${api.base}/pets`, undefined, headers)).status;
  const busy = load(await office.application(api), status);
  const closed = [];
  for (const [name, make] of Object.entries(kinds(office, api, front))) {
    const taken = [];
    for (let number = 0; number < MANY; number += 1) taken.push(await make());
    for (const { headers } of taken) await until(async () => (await status(headers)) === 200);
    const waits = await Promise.all(taken.map(async ({ headers, revoke }, number) => {
      await pause(number * APART_MS);
      await revoke();
      const began = performance.now();
      await until(async () => (await status(headers)) !== 200);
      return performance.now() - began;
    }));
    closed.push(...taken.map(({ headers }) => headers));
    console.log(JSON.stringify({ name, ...quantiles(waits) }));
  }
  const calls = await busy();
  console.log(JSON.stringify({ name: "calls meanwhile", ...calls }));
  await own.kill();
  await own.start();
  let open = 0;
  for (const headers of closed) open += (await status(headers)) === 200 ? 1 : 0;
  console.log(JSON.stringify({ name: "after a kill", takenBack: closed.length, open }));
  if (open > 0) process.exitCode = 1;
} finally {
  own.remove();
  upstream.closeAllConnections();
  upstream.close();
}

/** What is made, with how it is shown and taken back. */
function kinds(office, api, front) {
  const keysOf = async () => {
    const { id } = await office.application(api);
    const grants = ["client_credentials", "authorization_code"];
    const wish = { keyType: "PRODUCTION", grantTypesToBeSupported: grants, callbackUrl: front.CALLBACK, validityTime: 3600 };
    const keys = await office.call(200, "POST", `/devportal/v3/applications/${id}/generate-keys`, wish);
    return { at: `/devportal/v3/applications/${id}`, keys, headers: basic(keys.consumerKey, keys.consumerSecret) };
  };
  const tokenOf = async (headers) => {
    const form = new URLSearchParams({ grant_type: "client_credentials" });
    return (await own.expect(200, "POST", "/oauth2/token", form, headers)).access_token;
  };
  let client;
  return {
    token: async () => {
      client ??= await keysOf();
      const token = await tokenOf(client.headers);
      const form = new URLSearchParams({ token });
      return { headers: bearer(token), revoke: () => own.expect(200, "POST", "/oauth2/revoke", form, client.headers) };
    },
    client: async () => {
      const { at, keys, headers } = await keysOf();
      const token = await tokenOf(headers);
      return { headers: bearer(token), revoke: () => office.call(200, "DELETE", `${at}/oauth-keys/${keys.keyMappingId}`) };
    },
    key: async () => {
      const { id, key } = await office.application(api);
      const at = `/devportal/v3/applications/${id}/api-keys/PRODUCTION`;
      return { headers: { apikey: key }, revoke: () => office.call(200, "POST", `${at}/revoke`, { apikey: key }) };
    },
    user: async () => {
      const person = { username: named("u"), password: "tin lamp river 9" };
      const { id } = await office.call(201, "POST", "/admin/v4/users", { ...person, roles: ["Internal/subscriber"] });
      client ??= await keysOf();
      const known = { id: client.keys.consumerKey, secret: client.keys.consumerSecret };
      const { body } = await front.redeem(known, await front.codeFor(known, await front.signIn(person)));
      return { headers: bearer(body.access_token), revoke: () => office.call(204, "DELETE", `/admin/v4/users/${id}/sessions`) };
    },
  };
}

/** Callers who go on until the returned function is called; how they fared. */
function load({ key }, status) {
  let [over, good, bad] = [false, 0, 0];
  const callers = Array.from({ length: CALLERS }, async () => {
    while (!over) {
      if ((await status({ apikey: key })) === 200) good += 1;
      else bad += 1;
      await pause(10);
    }
  });
  const began = Date.now();
  return async () => {
    over = true;
    await Promise.all(callers);
    return { good, bad, aSecond: Math.round((good * 1000) / (Date.now() - began)) };
  };
}

async function until(isSo) {
  while (!(await isSo())) await pause(POLL_MS);
}

function quantiles(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]);
  return { many: sorted.length, p50ms: at(0.5), p99ms: at(0.99), worstMs: at(1) };
}
