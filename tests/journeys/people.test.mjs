// People: second factors, own sessions and password, recovery, self-registration. Everything by the public API.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Authenticator, Browser, code, mailTo, operator, tokenOf } from "./accounts.mjs";
import { ADMIN, administrator, fresh, nobody } from "./manage.mjs";

let admin, issuer;

before(async () => {
  ({ admin } = await administrator());
  issuer = (await nobody.expect(200, "GET", "/.well-known/openid-configuration")).body.issuer;
});

after(() => policy({}));

const policy = (wish) => admin.expect(200, "PUT", `${ADMIN}/people-policy`, wish);
const origin = () => new URL(issuer).origin;

/** Somebody with an account and a browser that is signed in. */
async function somebody(roles = ["Internal/creator"]) {
  const username = fresh("p");
  const person = { username, password: `A lamp ${fresh("x")}`, email: `${username}@example.org` };
  const made = await admin.expect(201, "POST", `${ADMIN}/users`, { ...person, roles });
  const browser = new Browser();
  await browser.signIn(person);
  return { ...person, id: made.body.id, browser };
}

/** Enrols an authenticator app; its secret. */
async function enrol({ browser }) {
  const { secret, uri } = await browser.expect(201, "POST", "/session/totp");
  assert.match(uri, /^otpauth:\/\/totp\/Postern.*[?&]issuer=Postern.*&digits=6&period=30$/);
  await browser.expect(204, "POST", "/session/totp/confirmation", { code: code(secret, -1) });
  return secret;
}

const answer = (browser, asked, shown) => browser.send("POST", "/session/second-factor", { challenge: asked.challenge, ...shown });

describe("an authenticator app", () => {
  it("is asked for once its first code was shown, and each code works once", async () => {
    const ann = await somebody();
    const { secret } = await ann.browser.expect(201, "POST", "/session/totp");
    const wrong = await ann.browser.send("POST", "/session/totp/confirmation", { code: "000000" });
    assert.equal(wrong.status, 400, wrong.text);
    assert.equal((await new Browser().signIn(ann)).signedIn, true);
    await ann.browser.expect(204, "POST", "/session/totp/confirmation", { code: code(secret, -1) });
    await ann.browser.expect(409, "POST", "/session/totp");
    const next = new Browser();
    const { signedIn, secondFactor } = await next.signIn(ann);
    assert.deepEqual([signedIn, secondFactor.kinds], [false, ["totp"]]);
    assert.equal(await next.isSignedIn(), false);
    assert.equal((await answer(next, secondFactor, { kind: "totp", code: code(secret, -1) })).status, 401);
    assert.equal((await answer(next, secondFactor, { kind: "totp", code: "12345" })).status, 401);
    const good = { kind: "totp", code: code(secret) };
    const entered = await answer(next, secondFactor, good);
    assert.deepEqual([entered.status, entered.body.signedIn], [200, true], entered.text);
    assert.deepEqual((await next.expect(200, "GET", "/session")).session.amr, ["pwd", "otp", "mfa"]);
    const again = await new Browser().signIn(ann);
    assert.equal((await answer(new Browser(), again.secondFactor, good)).status, 401, "a code is used up");
    assert.equal((await answer(new Browser(), secondFactor, { kind: "totp", code: code(secret, 1) })).status, 401);
  });

  it("lets one of eight answers at once in", async () => {
    const ann = await somebody();
    const secret = await enrol(ann);
    const asked = (await new Browser().signIn(ann)).secondFactor;
    const shown = { kind: "totp", code: code(secret) };
    const answers = await Promise.all(Array.from({ length: 8 }, () => answer(new Browser(), asked, shown)));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1, answers.map(({ status }) => status).join());
  });

  it("is guessed at five times a minute, however many try at once", async () => {
    const ann = await somebody();
    await enrol(ann);
    const asked = (await new Browser().signIn(ann)).secondFactor;
    const guesses = Array.from({ length: 30 }, (_, guess) => ({ kind: "totp", code: String(guess).padStart(6, "0") }));
    const answers = await Promise.all(guesses.map((guess) => answer(new Browser(), asked, guess)));
    const looked = answers.filter(({ status }) => status === 401).length;
    assert.ok(looked <= 10, `${looked} codes were looked at`);
    assert.ok(answers.some(({ status, headers }) => status === 429 && Number(headers.get("retry-after")) <= 3600));
  });

  it("ends the password grant, for the password alone proves too little", async () => {
    const ann = await somebody();
    const register = () =>
      nobody.send("POST", "/client-registration/v0.17/register", { clientName: fresh("c"), grantType: "password" }, {
        authorization: `Basic ${Buffer.from(`${ann.username}:${ann.password}`).toString("base64")}`,
      });
    assert.equal((await register()).status, 200);
    await enrol(ann);
    const refused = await register();
    assert.equal(refused.status, 401, refused.text);
    assert.match(refused.text, /second factor/);
  });

  it("that is lost is taken away by an administrator, which ends every session", async () => {
    const ann = await somebody();
    await enrol(ann);
    await admin.expect(204, "DELETE", `${ADMIN}/users/${ann.id}/second-factors`);
    assert.equal(await ann.browser.isSignedIn(), false);
    assert.equal((await new Browser().signIn(ann)).signedIn, true);
    await admin.expect(404, "DELETE", `${ADMIN}/users/nobody/second-factors`);
    await nobody.expect(401, "DELETE", `${ADMIN}/users/${ann.id}/second-factors`);
  });
});

describe("recovery codes", () => {
  it("stand in for the second factor, each once, until new ones are made", async () => {
    const ann = await somebody();
    await enrol(ann);
    const { codes } = await ann.browser.expect(201, "POST", "/session/recovery-codes");
    assert.deepEqual([codes.length, new Set(codes).size], [10, 10]);
    for (const one of codes) assert.match(one, /^([0-9a-z]{4}-){3}[0-9a-z]{4}$/);
    const enter = async (shown) => {
      const browser = new Browser();
      const { secondFactor } = await browser.signIn(ann);
      assert.deepEqual(secondFactor.kinds, ["totp", "recovery-code"]);
      return (await answer(browser, secondFactor, { kind: "recovery-code", code: shown })).status;
    };
    assert.equal(await enter(codes[0].toUpperCase().replaceAll("-", " ")), 200);
    assert.equal(await enter(codes[0]), 401);
    assert.equal((await ann.browser.expect(200, "GET", "/session/factors")).recoveryCodes, 9);
    await ann.browser.expect(201, "POST", "/session/recovery-codes");
    assert.equal(await enter(codes[1]), 401);
  });
});

describe("a passkey", () => {
  /** Adds a passkey to somebody's account. */
  async function add(person, device, how) {
    const options = await person.browser.expect(200, "POST", "/session/passkeys/options");
    return person.browser.send("POST", "/session/passkeys", { label: "Phone", ...device.create(options, how) });
  }

  it("is a second factor and a sign-in of its own, with a counter that goes on", async () => {
    const ann = await somebody();
    const device = new Authenticator(origin());
    assert.equal((await add(ann, device)).status, 201);
    const asked = (await new Browser().signIn(ann)).secondFactor;
    assert.deepEqual(asked.kinds, ["passkey"]);
    assert.equal(asked.passkey.allowCredentials[0].id, device.id.toString("base64url"));
    const second = new Browser();
    assert.equal((await answer(second, asked, { kind: "passkey", ...device.get(asked.passkey, { flags: 1 }) })).status, 200);
    assert.deepEqual((await second.expect(200, "GET", "/session")).session.amr, ["pwd", "pop", "mfa"]);

    const alone = async (how) => {
      const browser = new Browser();
      const options = await browser.expect(200, "POST", "/session/passkey/options");
      const shown = device.get(options, how);
      return { browser, shown, entered: await browser.send("POST", "/session/passkey", shown) };
    };
    const { entered, shown, browser } = await alone();
    assert.deepEqual([entered.status, entered.body.username], [200, ann.username], entered.text);
    assert.equal((await browser.send("POST", "/session/passkey", shown)).status, 401, "an answer is taken once");
    assert.equal((await alone({ flags: 1 })).entered.status, 400, "alone, PIN or finger is needed");
    assert.equal((await alone({ count: 1 })).entered.status, 401, "a counter that goes back is a copy");
    const { passkeys } = await ann.browser.expect(200, "GET", "/session/factors");
    assert.equal(passkeys[0].label, "Phone");
    await ann.browser.expect(204, "DELETE", `/session/passkeys/${passkeys[0].id}`);
    assert.equal((await alone({ count: 99 })).entered.status, 401);
    assert.equal((await new Browser().signIn(ann)).signedIn, true);
  });

  it("of another site, another question or another hand is refused", async () => {
    const [ann, eve] = [await somebody(), await somebody()];
    assert.equal((await add(ann, new Authenticator("https://evil.example"))).status, 400);
    assert.equal((await add(ann, new Authenticator(origin()), { flags: 0x44 })).status, 400, "nobody was there");
    const device = new Authenticator(origin());
    assert.equal((await add(ann, device)).status, 201);
    assert.equal((await add(eve, device)).status, 409, "one credential is one person's");
    const asked = (await new Browser().signIn(ann)).secondFactor;
    const stranger = new Authenticator(origin());
    Object.assign(stranger, { id: device.id, rpId: device.rpId, count: 50 });
    const forged = { kind: "passkey", ...stranger.get(asked.passkey) };
    assert.equal((await answer(new Browser(), asked, forged)).status, 401);
    const foreign = { ...device.get(asked.passkey), challenge: asked.challenge };
    foreign.response.clientDataJSON = Buffer.from('{"type":"webauthn.get"}').toString("base64url");
    assert.equal((await answer(new Browser(), asked, { kind: "passkey", ...foreign })).status, 400);
    await nobody.expect(401, "POST", "/session/passkeys/options", undefined, { "x-postern-csrf": "1" });
    const options = await eve.browser.expect(200, "POST", "/session/passkeys/options");
    const garbage = { clientDataJSON: "!", attestationObject: "" };
    await eve.browser.expect(400, "POST", "/session/passkeys", { label: "x", challenge: options.challenge, response: garbage });
  });
});

describe("a role that needs a second factor", () => {
  it("counts only for those who have one", async () => {
    const ann = await somebody(["Internal/publisher"]);
    await policy({ secondFactorRoles: ["Internal/publisher"] });
    const without = await ann.browser.expect(200, "GET", "/session");
    assert.deepEqual([without.roles.includes("Internal/publisher"), without.portals], [false, []]);
    assert.deepEqual((await ann.browser.expect(200, "GET", "/session/factors")).withheldRoles, ["Internal/publisher"]);
    await enrol(ann);
    const having = await ann.browser.expect(200, "GET", "/session");
    assert.deepEqual([having.roles.includes("Internal/publisher"), having.portals], [true, ["publisher"]]);
    await admin.expect(400, "PUT", `${ADMIN}/people-policy`, { secondFactorRoles: ["Internal/none"] });
    await admin.expect(400, "PUT", `${ADMIN}/people-policy`, { open: true });
    await policy({});
  });
});

describe("one's own account", () => {
  it("shows sessions and ends them", async () => {
    const ann = await somebody();
    const other = new Browser();
    await other.signIn(ann);
    const { list } = await ann.browser.expect(200, "GET", "/session/list");
    assert.deepEqual([list.length, list.filter(({ isThis }) => isThis).length], [2, 1]);
    const eve = await somebody();
    const that = list.find(({ isThis }) => !isThis);
    await eve.browser.expect(404, "DELETE", `/session/list/${that.id}`);
    await ann.browser.expect(204, "DELETE", `/session/list/${that.id}`);
    assert.deepEqual([await other.isSignedIn(), await ann.browser.isSignedIn()], [false, true]);
    await admin.expect(204, "DELETE", `${ADMIN}/users/${ann.id}/sessions`);
    assert.equal(await ann.browser.isSignedIn(), false);
  });

  it("takes a new password for the current one, and ends what began with the old", async () => {
    const ann = await somebody();
    const other = new Browser();
    await other.signIn(ann);
    const change = (current, password) => ann.browser.send("POST", "/session/password", { current, password });
    const wrong = await change("not the one", "another lamp 77");
    assert.deepEqual([wrong.status, await ann.browser.isSignedIn()], [400, true], wrong.text);
    assert.equal((await change(ann.password, "short")).body.code, 900606);
    const old = ann.browser.cookie;
    assert.equal((await change(ann.password, "another lamp 77")).status, 200);
    assert.notDeepEqual(ann.browser.cookie, old);
    assert.deepEqual([await ann.browser.isSignedIn(), await other.isSignedIn()], [true, false]);
    assert.equal((await nobody.send("POST", "/session", { username: ann.username, password: ann.password })).status, 401);
    await nobody.expect(403, "POST", "/session/password", { current: "a", password: "b" }, ann.browser.cookie);
  });
});

describe("recovery", () => {
  const ask = (account) => nobody.send("POST", "/session/recovery", { account });
  const choose = (token, password) => nobody.send("POST", "/session/recovery/password", { token, password });

  it("says the same of everybody, and sends a link that works once", async () => {
    const ann = await somebody();
    const [known, unknown] = [await ask(ann.username), await ask(fresh("nobody"))];
    assert.deepEqual([known.status, known.text], [202, unknown.text]);
    const token = tokenOf(await mailTo(ann.email));
    assert.equal((await choose(token, "short")).body.code, 900606);
    const answers = await Promise.all(["lamp of brass 1", "lamp of brass 2"].map((password) => choose(token, password)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [204, 400]);
    assert.equal(await ann.browser.isSignedIn(), false);
    const chosen = answers[0].status === 204 ? "lamp of brass 1" : "lamp of brass 2";
    await new Browser().signIn({ username: ann.username, password: chosen });
    assert.equal((await choose(token, "lamp of brass 3")).status, 400);
    assert.equal((await choose("made up", "lamp of brass 3")).status, 400);
  });

  it("does not go around the second factor", async () => {
    const ann = await somebody();
    await enrol(ann);
    await ask(ann.email.toUpperCase());
    assert.equal((await choose(tokenOf(await mailTo(ann.email)), "lamp of brass 4")).status, 204);
    assert.equal((await new Browser().signIn({ ...ann, password: "lamp of brass 4" })).signedIn, false);
  });

  it("keeps its mails for the operator alone", async () => {
    await nobody.expect(401, "GET", "/setup/mail");
    await nobody.expect(401, "GET", "/setup/mail", undefined, { authorization: "Bearer x" });
    await nobody.expect(200, "GET", "/setup/mail", undefined, operator());
  });
});

describe("self-registration", () => {
  const wish = () => {
    const username = fresh("s");
    return { username, password: `A lamp ${fresh("y")}`, email: `${username}@example.org` };
  };
  const register = (status, body) => nobody.expect(status, "POST", "/session/sign-up", body);
  const confirm = (token) => nobody.send("POST", "/session/sign-up/confirmation", { token });
  const enter = ({ username, password }) => nobody.send("POST", "/session", { username, password });

  it("is off unless it was chosen", async () => {
    await policy({});
    await register(403, wish());
  });

  it("opens the developer portal to whoever confirms an address, and nothing more", async () => {
    await policy({ selfRegistration: "auto" });
    const ann = wish();
    await register(400, { ...ann, roles: ["admin"] });
    await register(202, ann);
    assert.equal((await register(409, ann)).body.code, 900604);
    assert.equal((await enter(ann)).status, 401);
    const token = tokenOf(await mailTo(ann.email));
    assert.deepEqual((await confirm(token)).body, { status: "ACTIVE" });
    assert.equal((await confirm(token)).status, 400);
    const entered = await enter(ann);
    assert.deepEqual([entered.body.portals, entered.body.roles.sort()], [["devportal"], ["Internal/everyone", "Internal/subscriber"]]);
    assert.deepEqual(entered.body.scopes.filter((scope) => scope.startsWith("apim:admin")), []);
  });

  it("waits for an administrator where the policy says so", async () => {
    await policy({ selfRegistration: "approval" });
    const ann = wish();
    await register(202, ann);
    assert.deepEqual((await confirm(tokenOf(await mailTo(ann.email)))).body, { status: "PENDING" });
    assert.equal((await enter(ann)).status, 401);
    const { list } = (await admin.expect(200, "GET", `${ADMIN}/users?limit=500`)).body;
    const pending = list.find(({ username }) => username === ann.username);
    assert.equal(pending.status, "PENDING");
    const waiting = async () => (await admin.expect(200, "GET", `${ADMIN}/workflows?workflowType=USER_SIGNUP&limit=500`)).body.list;
    const decide = (id, status, expected = 200) =>
      admin.expect(expected, "POST", `${ADMIN}/workflows/update-workflow-status?workflowReferenceId=${id}`, { status });
    const task = (await waiting()).find(({ properties }) => properties.userName === ann.username);
    await decide(task.referenceId, "APPROVED");
    assert.equal((await enter(ann)).status, 200);
    await decide(task.referenceId, "REJECTED", 404);
    const bob = wish();
    await register(202, bob);
    await confirm(tokenOf(await mailTo(bob.email)));
    await decide((await waiting()).find(({ properties }) => properties.userName === bob.username).referenceId, "REJECTED");
    assert.equal((await enter(bob)).status, 401);
    assert.ok(!(await admin.expect(200, "GET", `${ADMIN}/users?limit=500`)).text.includes(bob.username));
    await policy({});
  });
});
