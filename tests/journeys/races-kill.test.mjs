// What is good once stays so when the platform is killed in the middle: what was won before is lost for ever after.
//
// Starts its own platform on stock workerd, because it kills it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { OwnPlatform } from "./own-platform.mjs";
import { pause } from "./platform.mjs";

const ROUNDS = Number(process.env.POSTERN_KILLS ?? 6);
const RUNNERS = 20;
const DEVICE = "urn:ietf:params:oauth:grant-type:device_code";

let own, front, client, eve;

before(async () => {
  own = new OwnPlatform();
  await own.start();
  const { username, password } = own.administrator;
  // The other helpers read it when they are loaded, which is why they are loaded late.
  Object.assign(process.env, { POSTERN_URL: own.origin, POSTERN_ADMIN_USER: username, POSTERN_ADMIN_PASSWORD: password });
  front = await import("./authorize.mjs");
  eve = await front.person();
  client = await front.register(eve, { grants: `authorization_code ${DEVICE} refresh_token` });
});

after(() => own?.remove());

/**
 * Asks many times at once, kills the platform meanwhile (in every other round when somebody has just won), starts it again
 * and asks once more; how often it was won.
 */
async function race(prize, run, isWon) {
  const asked = Array.from({ length: RUNNERS }, () => run(prize).then(({ status }) => status, () => "cut off"));
  await (isWon ? Promise.any(asked.map((one) => one.then((status) => status === 200 || Promise.reject(status)))) : pause(Math.random() * 200));
  await own.kill();
  const statuses = await Promise.all(asked);
  await own.start();
  statuses.push((await run(prize)).status);
  return { statuses, won: statuses.filter((status) => status === 200).length };
}

async function rounds(name, make, run) {
  let [cut, before] = [0, 0];
  for (let number = 0; number < ROUNDS; number += 1) {
    const cookie = await front.signIn(eve);
    const { statuses, won } = await race(await make(cookie), run, number % 2 === 0);
    assert.ok(won <= 1, `${name}, round ${number}: ${won} winners: ${statuses}`);
    assert.ok(statuses.every((status) => [200, 400, "cut off"].includes(status)), `${name}, round ${number}: ${statuses}`);
    before += statuses.slice(0, -1).includes(200) ? 1 : 0;
    cut += statuses.filter((status) => status === "cut off").length;
  }
  assert.ok(before >= Math.floor(ROUNDS / 2) && cut > 0, `${name}: won before ${before} kills, ${cut} requests cut off; the test says nothing`);
  console.log(`# ${name}: ${ROUNDS} kills, won before ${before} of them, ${cut} requests cut off, never two winners`);
}

test("a code", { timeout: 120_000 }, () => rounds("code", (cookie) => front.codeFor(client, cookie), (code) => front.redeem(client, code)));

test("a refresh token", { timeout: 120_000 }, () =>
  rounds(
    "refresh token",
    async (cookie) => (await front.redeem(client, await front.codeFor(client, cookie))).body.refresh_token,
    (refresh_token) => front.token(client, { grant_type: "refresh_token", refresh_token }),
  ));

test("a device code", { timeout: 120_000 }, () =>
  rounds(
    "device code",
    async (cookie) => {
      const form = { ...front.FORM, ...front.basic(client.id, client.secret) };
      const { body } = await own.send("POST", "/oauth2/device_authorization", new URLSearchParams({ scope: "openid" }), form);
      const decided = await own.send("POST", "/oauth2/device/decision", { userCode: body.user_code, decision: "approve" }, { ...front.OWN_PAGE, ...cookie });
      assert.equal(decided.status, 204, decided.text);
      return body.device_code;
    },
    (device_code) => front.token(client, { grant_type: DEVICE, device_code }),
  ));
