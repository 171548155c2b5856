// Credentials that somebody made up, well formed as they are, cost the Key Manager and the store of keys a stated rate and
// no more; whoever has a good one is answered meanwhile, also behind the same address.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { crc32 } from "node:zlib";
import { OwnGateway, OwnPlatform } from "./own-platform.mjs";
import { pause, within } from "./platform.mjs";
import { serve } from "./serve.mjs";
import { StandIn } from "./stand-in.mjs";
import { Office, call, named } from "./throttled.mjs";

const FLOOD = 5_000;
const AT_ONCE = 32;
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const platform = new OwnPlatform({}, { lends: true });
const [kv, keys] = [new StandIn(), new StandIn()];
const gateway = new OwnGateway();
let office, upstream, api, basicApi;

before(async () => {
  upstream = await serve((_, response) => response.end("{}"));
  await platform.start();
  await kv.start(platform.lent("kv"));
  await keys.start(platform.lent("keys"));
  await gateway.start(platform, { kv: kv.address, keys: keys.address });
  office = await new Office(platform).enter();
  api = await office.api(upstream.url);
  basicApi = await office.api(upstream.url, { securityScheme: ["basic_auth", "oauth_basic_auth_api_key_mandatory"] });
  for (const { base } of [api, basicApi]) {
    await within(10_000, "the gateway knows the API", async () => (await at(base, "192.0.2.250")).status === 401);
  }
});

after(() => {
  gateway.stop();
  kv.stop();
  keys.stop();
  platform.remove();
  upstream?.close();
});

const at = (base, address, headers = {}) =>
  call(gateway.origin, `${base}/pets`, undefined, { "cf-connecting-ip": address, ...headers });
const bearer = (token) => ({ authorization: `Bearer ${token}` });
const withKey = (key) => ({ apikey: key });

/** `number` in base 62, in so many digits. */
function base62(number, length) {
  let text = "";
  for (let rest = BigInt(number); text.length < length; rest /= 62n) text = DIGITS[Number(rest % 62n)] + text;
  return text;
}

/** A credential that nobody was given, with the checksum that it would have. */
function madeUp(prefix) {
  const body = prefix + base62(`0x${randomBytes(32).toString("hex")}`, 43);
  return body + base62(crc32(body), 6);
}

const guess = () => ({ authorization: `Basic ${Buffer.from(`admin:${randomBytes(9).toString("hex")}`).toString("base64")}` });

/** An application's opaque token. */
async function opaque() {
  const name = named("opaque");
  const { applicationId } = await office.call(201, "POST", "/devportal/v3/applications", {
    name, throttlingPolicy: "Unlimited", description: "", tokenType: "OAUTH",
  });
  await office.call(201, "POST", "/devportal/v3/subscriptions", { applicationId, apiId: api.id, throttlingPolicy: "Unlimited" });
  const made = await office.call(200, "POST", `/devportal/v3/applications/${applicationId}/generate-keys`, {
    keyType: "PRODUCTION", grantTypesToBeSupported: ["client_credentials"], callbackUrl: "", validityTime: 3600,
  });
  const secret = btoa(`${made.consumerKey}:${made.consumerSecret}`);
  const grant = new URLSearchParams({ grant_type: "client_credentials" });
  return (await platform.expect(200, "POST", "/oauth2/token", grant, { authorization: `Basic ${secret}` })).access_token;
}

/** Sends so many credentials that `make` makes up, some at once; how often each status came, and how long it took. */
async function flood(base, address, make, { many = FLOOD, meanwhile = () => {} } = {}) {
  const began = Date.now();
  const counts = {};
  let sent = 0;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (sent < many) {
      sent += 1;
      if (sent % 500 === 0) await meanwhile();
      const answer = await at(base, address, make());
      const said = `${answer.status} ${answer.body.code}`;
      counts[said] = (counts[said] ?? 0) + 1;
    }
  }));
  return { counts, seconds: (Date.now() - began) / 1000 };
}

const asked = (one, what) => one.asked.filter((url) => decodeURIComponent(url).includes(what)).length;

/** That there were so few look-ups, and that whoever was not looked up was told to come again. */
function assertBounded(what, looked, { counts, seconds }) {
  console.log(`# ${FLOOD} ${what} in ${seconds.toFixed(1)} s: ${looked} look-ups, ${JSON.stringify(counts)}`);
  assert.deepEqual(Object.keys(counts).sort(), ["401 900901", "429 900918"]);
  assert.ok(looked <= 100 + 5 * (seconds + 1), `${looked} look-ups in ${seconds} s`);
  assert.ok(looked >= 100, `only ${looked} look-ups: the test says nothing`);
}

test("made up tokens cost the Key Manager a rate, and those with good ones are served", { timeout: 120_000 }, async () => {
  const address = "192.0.2.1";
  const [known, fresh] = [await opaque(), await opaque()];
  assert.equal((await at(api.base, address, bearer(known))).status, 200);
  const before = asked(keys, "reference-tokens");
  let served = 0;
  const meanwhile = async () => {
    const answer = await at(api.base, address, bearer(known));
    assert.equal(answer.status, 200, answer.text);
    served += 1;
  };
  const flooded = await flood(api.base, address, () => bearer(madeUp("ptn_at_")), { meanwhile });
  assertBounded("tokens", asked(keys, "reference-tokens") - before, flooded);
  assert.equal(served, FLOOD / 500);
  // One that no gateway has seen yet, while the flood goes on: it is told to come again, and then it is looked up.
  let [over, tries] = [false, 0];
  const more = flood(api.base, address, () => bearer(madeUp("ptn_at_")), { many: 4_000 }).then(() => (over = true));
  let answer;
  do {
    answer = await at(api.base, address, bearer(fresh));
    tries += 1;
    if (answer.status === 429) await pause(1_000 * Number(answer.headers.get("retry-after")));
  } while (answer.status === 429);
  assert.equal(answer.status, 200, answer.text);
  assert.ok(tries <= 3, `it took ${tries} tries`);
  console.log(`# an unknown good token was served at try ${tries}, ${over ? "after" : "during"} the flood`);
  await more;
  assert.equal((await at(api.base, "192.0.2.2", bearer(await opaque()))).status, 200, "another address waits for nothing");
});

test("made up API keys cost the store a rate, and push no good one out", { timeout: 120_000 }, async () => {
  const { key } = await office.application(api);
  const address = "192.0.2.3";
  await within(10_000, "the gateway knows the key", async () => (await at(api.base, address, withKey(key))).status === 200);
  const before = asked(kv, "api-key/");
  const flooded = await flood(api.base, address, () => withKey(madeUp("ptn_live_")));
  // The good one is read anew every two seconds.
  assertBounded("API keys", asked(kv, "api-key/") - before, flooded);
  assert.equal((await at(api.base, address, withKey(key))).status, 200);
});

test("guessed passwords cost the Key Manager a rate", { timeout: 120_000 }, async () => {
  const before = asked(keys, "logins");
  const flooded = await flood(basicApi.base, "192.0.2.4", guess);
  assertBounded("passwords", asked(keys, "logins") - before, flooded);
});
