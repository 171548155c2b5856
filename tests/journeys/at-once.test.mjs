// As `races.test.mjs`, of what sets a password: without the hash, which makes those who ask come to the database in a line,
// fifty come at the same moment, and a thousand races take minutes. The whole measure is
//   POSTERN_RACES=1000 cargo xtask test journeys -- at-once.test.mjs
//
// Starts its own platform on stock workerd, with a Worker beside it that puts the database back (`referee.js`).

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { request } from "node:http";
import { after, before, it } from "node:test";
import { postFromElsewhere } from "./elsewhere.mjs";
import { OwnPlatform, standAlone } from "./own-platform.mjs";

const RACES = Number(process.env.POSTERN_RACES ?? 20);
const RUNNERS = 50;
const OWN_PAGE = { "sec-fetch-site": "same-origin", "x-postern-csrf": "1" };

let own, manage, accounts;

before(async () => {
  own = await standAlone(new OwnPlatform({}, { change: refereed, sockets: ["referee"] }));
  [manage, accounts] = await Promise.all(["manage", "accounts"].map((name) => import(`./${name}.mjs`)));
});

after(() => own?.remove());

it("a recovery link sets one password", async () => {
  const { admin } = await manage.administrator();
  await race("recovery link", async (number) => {
    const username = `r${randomBytes(6).toString("hex")}`;
    const email = `${username}@example.org`;
    await admin.expect(201, "POST", `${manage.ADMIN}/users`, { username, password: "tin lamp river 9", email, roles: [] });
    assert.equal((await postFromElsewhere(own.origin, "/session/recovery", { account: username })).status, 202);
    const token = accounts.tokenOf(await accounts.mailTo(email));
    const outcomes = await atOnce(async (runner) => {
      const password = `A lamp ${number} ${runner} of ${username.length}`;
      const { status, text } = await postFromElsewhere(own.origin, "/session/recovery/password", { token, password });
      if (status === 204) return { won: { username, password } };
      return status === 400 && text.includes("the link was used") ? "lost" : `${status} ${text}`;
    });
    assert.equal((await postFromElsewhere(own.origin, "/session", { username, password: "tin lamp river 9" })).status, 401);
    return outcomes;
  });
});

it("the set-up token makes one administrator, and everybody is told", async () => {
  await race("set-up token", async () => {
    // As an empty platform has it: nobody, no key, and nothing published.
    await referee(["DELETE FROM user"], ["DELETE FROM signing_key"], ["DELETE FROM publication WHERE pointer = 'trust'"]);
    const outcomes = await atOnce(async () => {
      const { status, body, text } = await own.setUp();
      if (status !== 200) return `${status} ${text}`;
      return body.created ? { won: body } : "lost";
    });
    const [[{ people }], [{ keys }]] = await referee(
      ["SELECT count(*) AS people FROM user JOIN user_role ON user_id = id WHERE role = 'admin'"],
      ["SELECT count(*) AS keys FROM signing_key"],
    );
    assert.deepEqual({ people, keys }, { people: 1, keys: 1 });
    return outcomes;
  });
});

/** Runs a race so many times: each has one winner, who can sign in by the password, and everybody else is told. */
async function race(name, run) {
  const started = Date.now();
  for (let number = 0; number < RACES; number += 1) {
    const outcomes = await run(number);
    const winners = outcomes.filter(({ won }) => won);
    assert.equal(winners.length, 1, `${name}, race ${number}: ${winners.length} winners: ${outcomes.map(String)}`);
    assert.equal(outcomes.filter((said) => said === "lost").length, RUNNERS - 1, `${name}, race ${number}: ${outcomes.map(String)}`);
    const [{ won: { username, password } }] = winners;
    await own.expect(200, "POST", "/session", { username, password }, OWN_PAGE);
  }
  const took = Date.now() - started;
  console.log(`# ${name}: ${RACES} races of ${RUNNERS}, one winner each, ${(took / 1000).toFixed(0)} s, ${(took / RACES).toFixed(0)} ms a race`);
}

const atOnce = (run) => Promise.all(Array.from({ length: RUNNERS }, (_, runner) => run(runner)));

/** Runs SQL statements before the platform's database, `[text, ...values]` each, in one transaction; the rows of each. */
function referee(...statements) {
  const socketPath = own.lent("referee").slice("unix:".length);
  return new Promise((done, failed) => {
    const sent = request({ socketPath, path: "/", method: "POST" }, (reply) => {
      let text = "";
      reply.on("data", (part) => (text += part));
      reply.on("end", () => (reply.statusCode === 200 ? done(JSON.parse(text)) : failed(new Error(text))));
    });
    sent.on("error", failed);
    sent.end(JSON.stringify(statements));
  });
}

/** The configuration with the referee in it, whom the keys Worker takes for its hashers. */
function refereed(text) {
  const worker = `
const referee :Workerd.Worker = (
  modules = [(name = "referee.js", esModule = embed "../tests/journeys/referee.js")],
  compatibilityDate = .date,
  durableObjectNamespaces = [(className = "StandIn", uniqueKey = "journey-stand-in", enableSql = true)],
  durableObjectStorage = (localDisk = "objects-disk"),
  bindings = [${/\(name = "DB", wrapped = .*\)/.exec(text)[0]}],
);
`;
  return text
    .replace("services :List(Workerd.Service) = [", '$&\n  (name = "referee", worker = .referee),')
    .replace("sockets = [", '$&\n    (name = "referee", address = "unix:referee", http = (), service = "referee"),')
    .replace('(name = "HASHERS", durableObjectNamespace = "PasswordHasher")', '(name = "HASHERS", durableObjectNamespace = (className = "StandIn", serviceName = "referee"))')
    .concat(worker);
}
