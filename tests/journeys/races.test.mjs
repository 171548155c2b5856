// What is good once is good once, however many ask at the same moment. By default a sample; the whole measure is
//   POSTERN_RACES=1000 POSTERN_SLOW_RACES=1000 cargo xtask test journeys -- races.test.mjs

import assert from "node:assert/strict";
import { before, it } from "node:test";
import { mailTo, tokenOf } from "./accounts.mjs";
import { FORM, OWN_PAGE, authorize, basic, carried, codeFor, interactionOf, person, proof, redeem, register, say, signIn, token, CALLBACK } from "./authorize.mjs";
import { postFromElsewhere } from "./elsewhere.mjs";
import { ADMIN, ORIGIN, administrator, fresh, nobody } from "./manage.mjs";

const RACES = Number(process.env.POSTERN_RACES ?? 20);
const RUNNERS = 50;
/** Of what takes seconds: the set-up token needs an empty platform for each race, a link hashes a password for each runner. */
const SLOW_RACES = Number(process.env.POSTERN_SLOW_RACES ?? 2);
const DEVICE = "urn:ietf:params:oauth:grant-type:device_code";

let eve, client, cookie;

before(async () => {
  eve = await person();
  client = await register(eve, { grants: `authorization_code ${DEVICE} refresh_token` });
  cookie = await signIn(eve);
  await codeFor(client, cookie);
});

/** Runs a race so many times; each has one winner. A session ends when nobody uses it, so it is used. */
async function race(name, make, run, races = RACES) {
  const started = Date.now();
  for (let number = 0; number < races; number += 1) {
    if (number % 100 === 99) cookie = await signIn(eve);
    const prize = await make();
    const statuses = await Promise.all(Array.from({ length: RUNNERS }, () => run(prize)));
    const winners = statuses.filter((status) => status === "won").length;
    assert.equal(winners, 1, `${name}, race ${number}: ${winners} winners`);
    assert.equal(statuses.filter((status) => status === "lost").length, RUNNERS - 1, `${name}, race ${number}: ${statuses}`);
  }
  tell(name, races, started);
}

function tell(name, races, started) {
  const took = Date.now() - started;
  console.log(`# ${name}: ${races} races of ${RUNNERS}, one winner each, ${(took / 1000).toFixed(0)} s, ${(took / races).toFixed(0)} ms a race`);
}

const outcome = ({ status, body }) => (status === 200 ? "won" : `${status} ${body?.error}` === "400 invalid_grant" ? "lost" : `${status} ${JSON.stringify(body)}`);

it("a code is redeemed once", () =>
  race(
    "code",
    () => codeFor(client, cookie),
    async (code) => outcome(await redeem(client, code)),
  ));

it("a device code is redeemed once", () =>
  race(
    "device code",
    async () => {
      const form = { ...FORM, ...basic(client.id, client.secret) };
      const { body } = await nobody.expect(200, "POST", "/oauth2/device_authorization", "scope=openid", form);
      await nobody.expect(204, "POST", "/oauth2/device/decision", { userCode: body.user_code, decision: "approve" }, { ...OWN_PAGE, ...cookie });
      return body.device_code;
    },
    async (device_code) => outcome(await token(client, { grant_type: DEVICE, device_code })),
  ));

it("a refresh token is exchanged once", () =>
  race(
    "refresh token",
    async () => (await redeem(client, await codeFor(client, cookie))).body.refresh_token,
    async (refresh_token) => outcome(await token(client, { grant_type: "refresh_token", refresh_token })),
  ));

it("an interaction gives one code", () =>
  race(
    "interaction",
    async () => {
      const query = { response_type: "code", client_id: client.id, redirect_uri: CALLBACK, scope: "openid", prompt: "consent", ...proof().query };
      const id = interactionOf(await authorize(query, cookie));
      assert.equal((await say(id, "approve", cookie)).status, 200);
      return id;
    },
    async (id) => {
      const path = `/oauth2/authorize/resume?interaction=${id}`;
      const answer = await fetch(ORIGIN + path, { headers: { accept: "text/html", ...cookie }, redirect: "manual" });
      await answer.arrayBuffer();
      const there = answer.headers.get("location") ?? "";
      return there.includes("code=") ? "won" : there.endsWith("unknown-interaction") ? "lost" : there;
    },
  ));

it("a pushed request is used once", () =>
  race(
    "pushed request",
    async () => {
      const query = { response_type: "code", client_id: client.id, redirect_uri: CALLBACK, scope: "openid", ...proof().query };
      const form = { ...FORM, ...basic(client.id, client.secret) };
      const { body } = await nobody.expect(201, "POST", "/oauth2/par", new URLSearchParams(query).toString(), form);
      return body.request_uri;
    },
    async (request_uri) => {
      const answer = await authorize({ client_id: client.id, request_uri }, cookie);
      if (answer.location.endsWith("unknown-request")) return "lost";
      return carried(answer).code ? "won" : answer.location;
    },
  ));

it("a recovery link sets one password", async () => {
  const { admin } = await administrator();
  await race(
    "recovery link",
    async () => {
      const username = fresh("r");
      const forgetful = { username, password: "tin lamp river 9", email: `${username}@example.org`, roles: [] };
      await admin.expect(201, "POST", `${ADMIN}/users`, forgetful);
      assert.equal((await postFromElsewhere(ORIGIN, "/session/recovery", { account: username })).status, 202);
      return tokenOf(await mailTo(forgetful.email));
    },
    async (token) => {
      const { status, text } = await postFromElsewhere(ORIGIN, "/session/recovery/password", { token, password: `A lamp ${fresh("y")}` });
      if (status === 204) return "won";
      return status === 400 && text.includes("the link was used") ? "lost" : `${status} ${text}`;
    },
    SLOW_RACES,
  );
});

it("the set-up token makes one administrator, and everybody is told", async () => {
  const { OwnPlatform } = await import("./own-platform.mjs");
  const started = Date.now();
  for (let number = 0; number < SLOW_RACES; number += 1) {
    const own = new OwnPlatform();
    try {
      const answers = await own.startBy(RUNNERS);
      const told = answers.map(({ status, text }) => `${status} ${text.slice(0, 120)}`).join("\n");
      assert.ok(answers.every(({ status }) => status === 200), told);
      const made = answers.filter(({ body }) => body.created);
      assert.equal(made.length, 1, told);
      const { username, password } = made[0].body;
      assert.equal((await own.send("POST", "/session", { username, password }, OWN_PAGE)).status, 200);
    } finally {
      own.remove();
    }
  }
  tell("set-up token", SLOW_RACES, started);
});
