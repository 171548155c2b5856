// Sign-in through other OpenID Connect providers: a certified one, and one that lies.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import * as jose from "jose";
import { Browser, code } from "./accounts.mjs";
import { ADMIN, administrator, fresh, nobody } from "./manage.mjs";
import { honestProvider, lyingProvider, signInThere } from "./providers.mjs";

let admin, origin, honest, corp;
const groups = new Map();
const made = [];
const liars = [];

before(async () => {
  ({ admin } = await administrator());
  const { body } = await nobody.expect(200, "GET", "/.well-known/openid-configuration");
  origin = new URL(body.issuer).origin;
  corp = { name: fresh("corp"), clientId: "postern", clientSecret: "a secret of the journey's provider" };
  honest = await honestProvider(
    { client_id: corp.clientId, client_secret: corp.clientSecret, redirect_uris: [`${origin}/session/federated/${corp.name}/callback`] },
    (id) => ({ preferred_username: id, name: `Somebody ${id}`, email: `${id}@corp.example`, email_verified: true, groups: groups.get(id) ?? [] }),
  );
  corp.id = (await add({ ...corp, issuer: honest.issuer, createPeople: true, roles: { dev: ["Internal/creator"] } })).id;
});

after(async () => {
  for (const liar of liars) await liar.close();
  for (const id of made) await admin.send("DELETE", `${ADMIN}/identity-providers/${id}`);
  await honest?.close();
});

async function add(provider, status = 201) {
  const { body } = await admin.expect(status, "POST", `${ADMIN}/identity-providers`, { displayName: "Corp", ...provider });
  if (status === 201) made.push(body.id);
  return body;
}

/** Begins at our sign-in page; where the browser is sent. */
async function leave(browser, name = corp.name, wish = { returnTo: "/devportal/" }) {
  const { redirectTo } = await browser.expect(200, "POST", `/session/federated/${name}`, wish);
  return new URL(redirectTo);
}

/** Comes back; where the browser goes on. */
async function comeBack(browser, address) {
  const answer = await browser.send("GET", address.pathname + address.search, undefined, { "sec-fetch-site": "cross-site" });
  assert.equal(answer.status, 303, answer.text);
  return answer.headers.get("location");
}

async function enter(login, browser = new Browser()) {
  const back = await signInThere(await leave(browser), login);
  return { browser, at: await comeBack(browser, back), back };
}

describe("a provider", () => {
  it("is offered to everybody, and its secret shown to nobody", async () => {
    const { body, text } = await nobody.expect(200, "GET", "/session/providers");
    assert.ok(body.list.some(({ name, displayName }) => name === corp.name && displayName === "Corp"), text);
    const shown = await admin.expect(200, "GET", `${ADMIN}/identity-providers/${corp.id}`);
    assert.deepEqual([shown.body.hasClientSecret, shown.body.clientSecret], [true, undefined]);
    await nobody.expect(401, "GET", `${ADMIN}/identity-providers`);
  });

  it("is added when its metadata is its own and its roles are ours", async () => {
    const good = { name: fresh("p"), clientId: "c", issuer: honest.issuer };
    await add({ ...good, issuer: `${honest.issuer}/` }, 400);
    await add({ ...good, issuer: "http://127.0.0.1:9" }, 400);
    await add({ ...good, roles: { a: ["Internal/none"] } }, 400);
    await add({ ...good, name: "Not a slug" }, 400);
    await add({ ...good, name: corp.name }, 409);
  });

  it("lets its people in, as whom it says, with the roles of their groups", async () => {
    const login = fresh("fed");
    groups.set(login, ["dev", "unknown"]);
    const first = await enter(login);
    assert.equal(first.at, "/devportal/");
    const session = await first.browser.expect(200, "GET", "/session");
    assert.deepEqual([session.username, session.session.amr], [login, ["fed"]]);
    assert.deepEqual(session.roles.sort(), ["Internal/creator", "Internal/everyone"]);
    groups.set(login, []);
    const second = await enter(login);
    assert.deepEqual((await second.browser.expect(200, "GET", "/session")).roles, ["Internal/everyone"]);
    assert.equal((await nobody.send("POST", "/session", { username: login, password: "" })).status, 401);
  });

  it("never lets anybody into an account for its name or its address", async () => {
    const username = fresh("local");
    await admin.expect(201, "POST", `${ADMIN}/users`, { username, password: "tin lamp river 9", email: `${username}@corp.example`, roles: ["Internal/publisher"] });
    const { browser } = await enter(username);
    const session = await browser.expect(200, "GET", "/session");
    assert.notEqual(session.username, username);
    assert.deepEqual(session.roles, ["Internal/everyone"]);
  });

  it("becomes a way into one's own account when its owner says so", async () => {
    const username = fresh("own");
    const password = "tin lamp river 9";
    await admin.expect(201, "POST", `${ADMIN}/users`, { username, password, roles: ["Internal/creator"] });
    const browser = new Browser();
    await browser.signIn({ username, password });
    const login = fresh("there");
    const back = await signInThere(await leave(browser, corp.name, { returnTo: "/account/", link: true }), login);
    assert.equal(await comeBack(browser, back), "/account/");
    const entered = await enter(login);
    assert.equal((await entered.browser.expect(200, "GET", "/session")).username, username);
    assert.equal((await browser.expect(200, "GET", "/session/federated")).list[0].name, corp.name);

    const { secret } = await browser.expect(201, "POST", "/session/totp");
    await browser.expect(204, "POST", "/session/totp/confirmation", { code: code(secret, -1) });
    const asked = await enter(login);
    const [, challenge] = /^\/sign-in\/\?return_to=%2Fdevportal%2F#second-factor=(.+)$/.exec(asked.at) ?? [];
    assert.ok(challenge, asked.at);
    assert.equal(await asked.browser.isSignedIn(), false);
    assert.deepEqual((await asked.browser.expect(200, "POST", "/session/second-factor/options", { challenge })).kinds, ["totp"]);
    await asked.browser.expect(200, "POST", "/session/second-factor", { kind: "totp", challenge, code: code(secret) });

    await browser.expect(204, "DELETE", `/session/federated/${corp.name}`);
    const after = await enter(login);
    assert.notEqual((await after.browser.expect(200, "GET", "/session")).username, username);
    await after.browser.expect(409, "DELETE", `/session/federated/${corp.name}`);
    await nobody.expect(401, "POST", `/session/federated/${corp.name}`, { link: true }, { "x-postern-csrf": "1" });
  });

  it("sends back one browser, once", async () => {
    const login = fresh("once");
    const browser = new Browser();
    const back = await signInThere(await leave(browser), login);
    const refused = "/sign-in/?refused=expired";
    assert.equal(await comeBack(new Browser(), back), refused, "another browser has no cookie");
    assert.equal(await comeBack(browser, back), "/devportal/");
    assert.equal(await comeBack(browser, back), refused, "the state is used up");
    const denied = new Browser();
    const there = await leave(denied);
    const deny = new URL(`/session/federated/${corp.name}/callback`, origin);
    deny.search = new URLSearchParams({ error: "access_denied", state: there.searchParams.get("state") });
    assert.equal(await comeBack(denied, deny), "/sign-in/?refused=denied");
    await nobody.expect(403, "POST", `/session/federated/${corp.name}`, {}, { "sec-fetch-site": "cross-site" });
    assert.equal((await leave(new Browser(), corp.name, { returnTo: "https://evil.example" })).origin, honest.issuer);
  });
});

describe("a provider that lies", () => {
  it("is not believed", async () => {
    const liar = await lyingProvider("postern");
    liars.push(liar);
    const name = fresh("liar");
    await add({ name, clientId: "postern", issuer: liar.issuer, createPeople: true });
    const attempt = async (lie, more = {}) => {
      liar.lie = {};
      const browser = new Browser();
      liar.asked = await leave(browser, name, {});
      liar.lie = lie;
      const back = new URL(`/session/federated/${name}/callback`, origin);
      back.search = new URLSearchParams({ code: "c", state: liar.asked.searchParams.get("state"), ...more });
      const at = await comeBack(browser, back);
      assert.equal(await browser.isSignedIn(), at === "/");
      return at;
    };
    assert.equal(await attempt({}), "/");
    assert.equal(await attempt({}, { iss: liar.issuer }), "/");
    assert.equal(await attempt({}, { iss: honest.issuer }), "/sign-in/?refused=denied");
    const stranger = await jose.generateKeyPair("ES256");
    const now = Math.floor(Date.now() / 1000);
    const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const unsigned = () => `${part({ alg: "none" })}.${part({ iss: liar.issuer, aud: "postern", sub: "x", nonce: liar.asked.searchParams.get("nonce"), iat: now, exp: now + 60 })}.`;
    const secret = new TextEncoder().encode(JSON.stringify(liar.jwk));
    for (const lie of [
      { key: stranger.privateKey },
      { key: stranger.privateKey, header: { kid: "other" } },
      { header: { alg: "HS256" }, key: secret },
      { header: { typ: "at+jwt" } },
      { token: unsigned },
      { token: () => "not a token" },
      { claims: { nonce: "another" } },
      { claims: { nonce: undefined } },
      { claims: { aud: "another" } },
      { claims: { aud: ["postern", "another"] } },
      { claims: { azp: "another" } },
      { claims: { iss: honest.issuer } },
      { claims: { exp: now - 3600 } },
      { claims: { iat: now - 3600 } },
      { claims: { iat: now + 3600 } },
      { claims: { sub: "" } },
      { metadata: { issuer: honest.issuer } },
      { metadata: { token_endpoint: "http://127.0.0.1:9/token" } },
    ]) {
      assert.equal(await attempt(lie), "/sign-in/?refused=failed", JSON.stringify(lie));
    }
  });

  it("makes nobody where nobody is to be made", async () => {
    const liar = await lyingProvider("postern");
    liars.push(liar);
    const name = fresh("closed");
    await add({ name, clientId: "postern", issuer: liar.issuer });
    const browser = new Browser();
    liar.asked = await leave(browser, name, {});
    const back = new URL(`/session/federated/${name}/callback`, origin);
    back.search = new URLSearchParams({ code: "c", state: liar.asked.searchParams.get("state") });
    assert.equal(await comeBack(browser, back), "/sign-in/?refused=unknown");
  });
});
