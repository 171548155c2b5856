// What is good once stays so when the platform is killed in the middle: what was won before is lost for ever after.
//
// Starts its own platform on stock workerd, because it kills it.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { postFromElsewhere } from "./elsewhere.mjs";
import { OwnPlatform, standAlone } from "./own-platform.mjs";
import { pause } from "./platform.mjs";

const ROUNDS = Number(process.env.POSTERN_KILLS ?? 6);
const RUNNERS = 20;
const TIMEOUT_MS = ROUNDS * 20_000;
const [WON, LOST, CUT_OFF] = ["won", "lost", "cut off"];
const DEVICE = "urn:ietf:params:oauth:grant-type:device_code";

let own, front, manage, accounts, client, eve;

before(async () => {
  own = await standAlone();
  [front, manage, accounts] = await Promise.all(["authorize", "manage", "accounts"].map((name) => import(`./${name}.mjs`)));
  eve = await front.person();
  client = await front.register(eve, { grants: `authorization_code ${DEVICE} refresh_token` });
});

after(() => own?.remove());

/**
 * Asks many times at once, kills the platform meanwhile (in every other round when somebody has just won), starts it again
 * and asks once more; the outcomes, the last of them after the restart.
 */
async function race(platform, ask, waitsForWinner, restart) {
  const asked = Array.from({ length: RUNNERS }, () => ask().catch(() => CUT_OFF));
  const winner = () => Promise.any(asked.map((one) => one.then((said) => said === WON || Promise.reject(said)))).catch(() => {});
  await (waitsForWinner ? winner() : pause(Math.random() * 200));
  await platform.kill();
  const outcomes = await Promise.all(asked);
  await restart();
  return [...outcomes, await ask()];
}

/** How the rounds of a kind came out; that they say something. */
class Tally {
  #won = 0;
  #cut = 0;

  constructor(name) {
    this.name = name;
  }

  /** Counts a round, which has one winner at the most, and none that broke. */
  add(number, outcomes) {
    const winners = outcomes.filter((said) => said === WON).length;
    assert.ok(winners <= 1, `${this.name}, round ${number}: ${winners} winners: ${outcomes}`);
    assert.ok(outcomes.every((said) => [WON, LOST, CUT_OFF].includes(said)), `${this.name}, round ${number}: ${outcomes}`);
    this.#won += outcomes.slice(0, -1).includes(WON) ? 1 : 0;
    this.#cut += outcomes.filter((said) => said === CUT_OFF).length;
  }

  tell() {
    const told = `${this.name}: ${ROUNDS} kills, won before ${this.#won} of them, ${this.#cut} requests cut off`;
    assert.ok(this.#won >= Math.floor(ROUNDS / 2) && this.#cut > 0, `${told}; the test says nothing`);
    console.log(`# ${told}, never two winners`);
  }
}

async function rounds(name, make, run) {
  const tally = new Tally(name);
  for (let number = 0; number < ROUNDS; number += 1) {
    const cookie = await front.signIn(eve);
    const prize = await make(cookie);
    tally.add(number, await race(own, async () => outcome(await run(prize)), number % 2 === 0, () => own.start()));
  }
  tally.tell();
}

const outcome = ({ status }) => (status === 200 || status === 204 ? WON : status === 400 ? LOST : `${status}`);

test("a code", { timeout: TIMEOUT_MS }, () => rounds("code", (cookie) => front.codeFor(client, cookie), (code) => front.redeem(client, code)));

test("a refresh token", { timeout: TIMEOUT_MS }, () =>
  rounds(
    "refresh token",
    async (cookie) => (await front.redeem(client, await front.codeFor(client, cookie))).body.refresh_token,
    (refresh_token) => front.token(client, { grant_type: "refresh_token", refresh_token }),
  ));

test("a device code", { timeout: TIMEOUT_MS }, () =>
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

test("a recovery link", { timeout: TIMEOUT_MS }, () =>
  rounds(
    "recovery link",
    async () => {
      const username = `r${randomBytes(6).toString("hex")}`;
      const email = `${username}@example.org`;
      const { admin } = await manage.administrator();
      await admin.expect(201, "POST", `${manage.ADMIN}/users`, { username, password: "tin lamp river 9", email, roles: [] });
      assert.equal((await postFromElsewhere(own.origin, "/session/recovery", { account: username })).status, 202);
      return accounts.tokenOf(await accounts.mailTo(email));
    },
    (token) => postFromElsewhere(own.origin, "/session/recovery/password", { token, password: `A lamp ${randomBytes(6).toString("hex")}` }),
  ));

test("the set-up token", { timeout: 2 * TIMEOUT_MS }, async () => {
  const tally = new Tally("set-up token");
  for (let number = 0; number < ROUNDS; number += 1) {
    const empty = new OwnPlatform();
    try {
      await empty.startBy(0);
      const told = [];
      const ask = async () => {
        const { status, body } = await empty.setUp();
        if (status !== 200) return `${status}`;
        if (body.created) told.push(body);
        return body.created ? WON : LOST;
      };
      tally.add(number, await race(empty, ask, number % 2 === 0, () => empty.startBy(0)));
      // Whoever was told a password has one that counts, also after the kill.
      for (const { username, password } of told) {
        await empty.expect(200, "POST", "/session", { username, password }, front.OWN_PAGE);
      }
    } finally {
      empty.remove();
    }
  }
  tally.tell();
});
