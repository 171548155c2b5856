// Tokens of external key managers at gateways and at our token endpoint: who is believed, where, and for how long.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { FAULTS, frailIssuer } from "./issuers.mjs";
import { ADMIN, DEVPORTAL, ORIGIN, administrator, fresh, somebody } from "./manage.mjs";
import { get, signIn, startUpstream, within } from "./platform.mjs";

const AT = `${ADMIN}/key-managers`;
const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
let admin, ann, upstream, desk, api, application;
const open = [];
const applications = [];

before(async () => {
  const entered = await administrator();
  admin = entered.admin;
  ann = await somebody(admin, entered.client, ["Internal/subscriber"]);
  upstream = await startUpstream();
  desk = await signIn();
  api = await desk.publishApi(upstream.url);
  application = await desk.subscribe(api);
});

after(async () => {
  try {
    for (const id of applications) await admin.expect(200, "DELETE", `${DEVPORTAL}/applications/${id}`);
    await desk?.tidy();
  } finally {
    await upstream?.close();
    for (const { close } of open) await close();
  }
});

/** A frail issuer as a key manager, with a client of the application. */
async function trusted(change = {}) {
  const frail = await frailIssuer();
  open.push(frail);
  const wish = { name: fresh("Frail"), issuer: frail.issuer, certificates: { type: "JWKS", value: `${frail.issuer}/keys` }, enabled: true };
  const changed = typeof change === "function" ? change(frail) : change;
  frail.manager = (await admin.expect(201, "POST", AT, { ...wish, ...changed })).body;
  const mapping = { consumerKey: "their-client", keyType: "PRODUCTION", keyManager: frail.manager.name };
  frail.key = (await admin.expect(200, "POST", `${DEVPORTAL}/applications/${application.id}/map-keys`, mapping)).body;
  return frail;
}

const status = async (token) => (await get(`${api.base}/pets/1`, token)).status;

/** The status once the gateway knows the issuer. */
const known = (token) => within(10_000, "the gateway knows the issuer", async () => (await status(token)) === 200);

async function grant(key, parameters) {
  const authorization = `Basic ${Buffer.from(`${key.consumerKey}:${key.consumerSecret}`).toString("base64")}`;
  const body = new URLSearchParams(parameters);
  const answer = await fetch(`${ORIGIN}/oauth2/token`, { method: "POST", headers: { authorization }, body });
  return { status: answer.status, ...(await answer.json()) };
}

const exchange = (key, token) =>
  grant(key, { grant_type: EXCHANGE, subject_token: token, subject_token_type: "urn:ietf:params:oauth:token-type:jwt" });

/** Another application's client here that may exchange. */
async function exchanger() {
  const wish = { name: fresh("Exchange"), throttlingPolicy: "Unlimited" };
  const { applicationId } = (await admin.expect(201, "POST", `${DEVPORTAL}/applications`, wish)).body;
  applications.push(applicationId);
  await admin.expect(201, "POST", `${DEVPORTAL}/subscriptions`, { applicationId, apiId: api.id, throttlingPolicy: "Unlimited" });
  const keys = { keyType: "PRODUCTION", grantTypesToBeSupported: [EXCHANGE, BEARER], callbackUrl: "" };
  return (await admin.expect(200, "POST", `${DEVPORTAL}/applications/${applicationId}/generate-keys`, keys)).body;
}

describe("an external issuer", () => {
  it("is believed about its own clients, by its own keys, as long as it is enabled", async () => {
    const one = await trusted();
    const other = await trusted();
    await known(await one.sign());
    await known(await other.sign());
    const by = { key: { kid: "first", privateKey: other.keys[0].privateKey } };
    assert.equal(await status(await one.sign({}, by)), 401, "the other's key of the same name");
    assert.equal(await status(await one.sign({ azp: "stranger" })), 403, "a client that nobody has");
    assert.equal(await status(await one.sign({ iss: `${ORIGIN}/oauth2/token` })), 401, "our name");
    assert.equal(await status(await one.sign({ exp: Math.floor(Date.now() / 1000) - 120 })), 401, "expired");
    assert.equal(await status(await one.sign({ at_hash: "x" })), 401, "an ID token");
    const token = await one.sign();
    const path = `${AT}/${one.manager.id}`;
    await admin.expect(200, "PUT", path, { ...one.manager, enabled: false });
    await within(5_000, "disabled", async () => (await status(token)) === 401);
    assert.equal(await status(await other.sign()), 200);
    await admin.expect(200, "PUT", path, { ...one.manager, enabled: true });
    await known(token);
    await admin.expect(200, "DELETE", path);
    await within(5_000, "deleted", async () => (await status(token)) === 401);
  });

  it("is named for its token by a test, which says why another is not believed", async () => {
    const one = await trusted();
    const stranger = await frailIssuer();
    open.push(stranger);
    const test = async (token) => (await admin.expect(200, "POST", `${AT}/test-token`, { token })).body;
    const good = await test(await one.sign());
    assert.deepEqual([good.valid, good.reason, good.keyManager.name, good.application.name], [true, null, one.manager.name, application.name]);
    assert.deepEqual([good.goodAt, good.claims.azp, good.keyId], [["GATEWAY"], "their-client", "first"]);
    assert.equal((await test(await one.sign({ azp: "stranger" }))).application, null, "a client that nobody has");
    for (const [token, reason, keyManager] of [
      [await one.sign({ exp: Math.floor(Date.now() / 1000) - 120 }), /expired/, one.manager.name],
      [await one.sign({}, { key: { kid: "first", privateKey: stranger.keys[0].privateKey } }), /signature is wrong/, one.manager.name],
      [await one.sign({ at_hash: "x" }), /typ/, one.manager.name],
      [await stranger.sign(), /no enabled key manager has the issuer/, undefined],
      ["a.b.c", /malformed/, undefined],
      ["no token", /malformed/, undefined],
    ]) {
      const said = await test(token);
      assert.deepEqual([said.valid, said.keyManager?.name], [false, keyManager], said.reason);
      assert.match(said.reason, reason);
    }
  });

  it("may be known by a key in PEM, which is nowhere asked for", async () => {
    const one = await trusted((frail) => ({ certificates: { type: "PEM", value: frail.keys[0].pem } }));
    const token = await one.sign();
    await known(token);
    const second = await one.addKey("second");
    assert.equal(await status(await one.sign({}, { key: second })), 401, "a key that nobody has told");
    assert.equal(await status(await one.sign({}, { key: { kid: "first", privateKey: second.privateKey } })), 401);
    assert.equal(one.asked, 0);
    const path = `${AT}/${one.manager.id}`;
    await admin.expect(400, "PUT", path, { ...one.manager, certificates: { type: "PEM", value: "no key" } });
    await admin.expect(200, "PUT", path, { ...one.manager, certificates: { type: "PEM", value: second.pem } });
    await within(5_000, "the old key is gone", async () => (await status(token)) === 401);
    assert.equal(await status(await one.sign({}, { key: second })), 200);
  });

  it("names client, scopes and audience as it pleases", async () => {
    const okta = await trusted({ consumerKeyClaim: "cid", scopesClaim: "scp", alias: "https://api.example.org" });
    const claims = { azp: undefined, cid: "their-client", scope: undefined, scp: ["read"], aud: "https://api.example.org" };
    await known(await okta.sign(claims));
    assert.equal(await status(await okta.sign({ ...claims, aud: "https://elsewhere.example" })), 403);
    assert.equal(await status(await okta.sign({ ...claims, cid: 7 })), 401);
  });

  it("opens nothing of the platform's own", async () => {
    const one = await trusted({ tokenType: "BOTH" });
    const claims = { sub: "admin", client_id: "their-client", scope: "apim:admin apim:api_view openid", jti: "j", aut: "APPLICATION_USER" };
    const token = await one.sign(claims, { header: { typ: "at+jwt" } });
    for (const path of [`${ADMIN}/key-managers`, "/api/am/publisher/v4/apis", `${DEVPORTAL}/applications`, "/oauth2/userinfo"]) {
      const answer = await fetch(ORIGIN + path, { headers: { authorization: `Bearer ${token}` } });
      assert.equal(answer.status, 401, path);
    }
  });

  it("has its new keys asked for at once, and made-up ones once in half a minute", async () => {
    const one = await trusted();
    const token = await one.sign();
    await known(token);
    const asked = one.asked;
    const key = await one.addKey("second");
    assert.equal(await status(await one.sign({}, { key })), 200);
    assert.equal(one.asked, asked + 1);
    for (let n = 0; n < 5; n += 1) assert.equal(await status(await one.sign({}, { header: { kid: `made-up-${n}` } })), 401);
    assert.equal(one.asked, asked + 1);
    assert.equal(await status(token), 200);
  });

  it("is not enabled without keys", async () => {
    const frail = await frailIssuer();
    open.push(frail);
    const wish = { name: fresh("Frail"), issuer: frail.issuer, certificates: { type: "JWKS", value: `${frail.issuer}/keys` } };
    const { body } = await admin.expect(201, "POST", AT, wish);
    for (const mode of FAULTS) {
      frail.mode = mode;
      const refused = await admin.expect(400, "PUT", `${AT}/${body.id}`, { ...body, enabled: true });
      assert.match(refused.body.description, /certificates\.value/, mode);
    }
    frail.mode = "good";
    assert.equal((await admin.expect(200, "PUT", `${AT}/${body.id}`, { ...body, enabled: true })).body.enabled, true);
  });
});

describe("keys that cannot be renewed", () => {
  for (const mode of FAULTS) {
    it(`stay as they are: ${mode}`, async () => {
      const one = await trusted();
      const token = await one.sign();
      await known(token);
      const key = await one.addKey("second");
      one.mode = mode;
      assert.equal(await status(await one.sign({}, { key })), 401);
      assert.ok(one.asked >= 2);
      assert.equal(await status(token), 200);
      assert.equal(await status(await one.sign({ n: 1 })), 200);
    });
  }
});

describe("tokens of external issuers at the token endpoint", () => {
  it("are exchanged where that is what they are for, and are good at gateways where that is", async () => {
    const key = await exchanger();
    const claimMapping = [{ remoteClaim: "preferred_username", localClaim: "sub" }];
    const direct = await trusted({ claimMapping });
    const exchanged = await trusted({ claimMapping, tokenType: "EXCHANGED" });
    const both = await trusted({ claimMapping, tokenType: "BOTH" });
    const claims = { preferred_username: ann.name };
    await known(await direct.sign(claims));
    await known(await both.sign(claims));
    assert.equal(await status(await exchanged.sign(claims)), 401);
    assert.equal((await exchange(key, await direct.sign(claims))).error, "invalid_grant");
    for (const issuer of [exchanged, both]) {
      const given = await exchange(key, await issuer.sign(claims));
      assert.equal(given.status, 200, JSON.stringify(given));
      assert.equal(given.refresh_token, undefined);
      assert.ok(given.expires_in <= 600);
      const said = JSON.parse(Buffer.from(given.access_token.split(".")[1], "base64url"));
      assert.deepEqual([said.sub, said.act.sub], [ann.name, key.consumerKey]);
      await within(5_000, "it is one of ours", async () => (await status(given.access_token)) === 200);
    }
  });

  it("are refused when they are about nobody here, forged, old, or for management clients", async () => {
    const key = await exchanger();
    const mapped = await trusted({ tokenType: "BOTH", claimMapping: [{ remoteClaim: "preferred_username", localClaim: "sub" }] });
    const unmapped = await trusted({ tokenType: "BOTH" });
    const other = await frailIssuer();
    open.push(other);
    const claims = { preferred_username: ann.name };
    const by = { key: { kid: "first", privateKey: other.keys[0].privateKey } };
    for (const [token, why] of [
      [await unmapped.sign({ sub: ann.name }), "a name that was chosen there"],
      [await unmapped.sign({ sub: "admin" }), "the administrator's name"],
      [await mapped.sign({ preferred_username: "nobody-here" }), "nobody here"],
      [await mapped.sign({}), "no name"],
      [await mapped.sign(claims, by), "forged"],
      [await other.sign(claims), "an issuer that nobody trusts"],
      [await mapped.sign({ ...claims, exp: Math.floor(Date.now() / 1000) - 1 }), "expired"],
      [await mapped.sign({ ...claims, id: 1, at_hash: "x" }), "an ID token"],
    ]) {
      assert.equal((await exchange(key, token)).error, "invalid_grant", why);
    }
    const register = { clientName: fresh("management"), owner: admin.name, grantType: EXCHANGE, callbackUrl: "", saasApp: true };
    const headers = { authorization: `Basic ${Buffer.from(`${process.env.POSTERN_ADMIN_USER}:${process.env.POSTERN_ADMIN_PASSWORD}`).toString("base64")}` };
    const made = (await admin.expect(200, "POST", "/client-registration/v0.17/register", register, headers)).body;
    const management = { consumerKey: made.clientId, consumerSecret: made.clientSecret };
    assert.equal((await exchange(management, await mapped.sign(claims))).error, "unauthorized_client");
  });

  it("are assertions about people (RFC 7523), each once", async () => {
    const key = await exchanger();
    const claimMapping = [{ remoteClaim: "preferred_username", localClaim: "sub" }];
    const both = await trusted({ tokenType: "BOTH", claimMapping });
    const direct = await trusted({ claimMapping });
    const claims = { preferred_username: ann.name, aud: `${ORIGIN}/oauth2/token`, jti: fresh("j"), exp: Math.floor(Date.now() / 1000) + 120 };
    const assertion = await both.sign(claims);
    const given = await grant(key, { grant_type: BEARER, assertion });
    assert.equal(given.status, 200, JSON.stringify(given));
    assert.equal((await grant(key, { grant_type: BEARER, assertion })).error, "invalid_grant");
    for (const bad of [
      await both.sign({ ...claims, jti: fresh("j"), aud: "https://elsewhere.example" }),
      await both.sign({ ...claims, jti: fresh("j"), preferred_username: "nobody-here" }),
      await direct.sign({ ...claims, jti: fresh("j") }),
    ]) {
      assert.equal((await grant(key, { grant_type: BEARER, assertion: bad })).error, "invalid_grant");
    }
  });
});

