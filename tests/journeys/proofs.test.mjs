// Tokens that are bound to a key (DPoP, RFC 9449), from outside: the nonce, the proof, and everybody who shows them otherwise.

import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { basic, bearer, decoded } from "./authorize.mjs";
import { hash, holder, proof } from "./dpop.mjs";
import { ADMIN, ORIGIN, fresh, nobody } from "./manage.mjs";
import { signIn, startUpstream, within } from "./platform.mjs";

const FORM = { "content-type": "application/x-www-form-urlencoded" };
const USER = process.env.POSTERN_ADMIN_USER;
const PASSWORD = process.env.POSTERN_ADMIN_PASSWORD;
const TOKEN = "/oauth2/token";

const ask = (client, params, dpop) =>
  nobody.send("POST", TOKEN, new URLSearchParams(params).toString(), { ...FORM, ...basic(client.consumerKey, client.consumerSecret), ...(dpop && { dpop }) });

/** A proof with the nonce that the server wants. */
async function ready(who, client, params, more = {}) {
  const first = await ask(client, params, proof(who, "POST", TOKEN));
  assert.deepEqual([first.status, first.body.error], [400, "use_dpop_nonce"], first.text);
  const nonce = first.headers.get("dpop-nonce");
  return proof(who, "POST", TOKEN, { ...more, claims: { nonce, ...more.claims } });
}

async function bound(who, client, params) {
  const answer = await ask(client, params, await ready(who, client, params));
  assert.equal(answer.status, 200, answer.text);
  return answer.body;
}

const OWN = { grant_type: "client_credentials" };
const PERSON = { grant_type: "password", username: USER, password: PASSWORD, scope: "openid" };

let desk, api, upstream, application, client, tool;

/** A client that the administrator registers for a tool. */
const register = async (grantType) => {
  const body = { clientName: fresh("service-"), grantType, callbackUrl: "" };
  const { clientId, clientSecret } = (await nobody.expect(200, "POST", "/client-registration/v0.17/register", body, basic(USER, PASSWORD))).body;
  return { consumerKey: clientId, consumerSecret: clientSecret };
};

before(async () => {
  upstream = await startUpstream();
  desk = await signIn();
  api = await desk.publishApi(upstream.url);
  application = await desk.call(201, "POST", "/devportal/v3/applications", { name: fresh("proving-"), throttlingPolicy: "Unlimited" });
  const id = application.applicationId;
  await desk.call(201, "POST", "/devportal/v3/subscriptions", { applicationId: id, apiId: api.id, throttlingPolicy: "Unlimited" });
  client = await desk.call(200, "POST", `/devportal/v3/applications/${id}/generate-keys`, {
    keyType: "PRODUCTION",
    grantTypesToBeSupported: ["client_credentials", "password", "refresh_token"],
    callbackUrl: "",
  });
  tool = await register("password refresh_token client_credentials");
});

after(async () => {
  await desk.call(200, "DELETE", `/devportal/v3/applications/${application.applicationId}`);
  await desk.tidy();
  await upstream.close();
});

describe("a proof at the token endpoint", () => {
  for (const kind of ["ec", "rsa", "ed"]) {
    it(`binds the token to its key: ${kind}`, async () => {
      const who = holder(kind);
      const token = await bound(who, client, OWN);
      assert.equal(token.token_type, "DPoP");
      assert.deepEqual(decoded(token.access_token).cnf, { jkt: who.jkt });
      const body = new URLSearchParams({ token: token.access_token }).toString();
      const said = await nobody.expect(200, "POST", "/oauth2/introspect", body, { ...FORM, ...basic(client.consumerKey, client.consumerSecret) });
      assert.deepEqual([said.body.active, said.body.token_type, said.body.cnf], [true, "DPoP", { jkt: who.jkt }]);
    });
  }

  it("is good once, also of two requests at once", async () => {
    const who = holder();
    const shown = await ready(who, client, OWN);
    const answers = await Promise.all([1, 2, 3, 4].map(() => ask(client, OWN, shown)));
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 400, 400, 400]);
    assert.equal((await ask(client, OWN, shown)).body.error, "invalid_dpop_proof");
  });

  it("about anything else is refused", async () => {
    const who = holder();
    const other = holder();
    const nonce = (await ask(client, OWN, proof(who, "POST", TOKEN))).headers.get("dpop-nonce");
    const now = Math.floor(Date.now() / 1000);
    for (const [what, shown, error = "invalid_dpop_proof"] of [
      ["nonsense", "x.y.z"],
      ["another method", proof(who, "GET", TOKEN, { claims: { nonce } })],
      ["another place", proof(who, "POST", "/oauth2/revoke", { claims: { nonce } })],
      ["another host", proof(who, "POST", TOKEN, { claims: { nonce, htu: "https://evil.example/oauth2/token" } })],
      ["too old", proof(who, "POST", TOKEN, { claims: { nonce, iat: now - 120 } })],
      ["of the future", proof(who, "POST", TOKEN, { claims: { nonce, iat: now + 120 } })],
      ["without a name", proof(who, "POST", TOKEN, { claims: { nonce, jti: undefined } })],
      ["another type", proof(who, "POST", TOKEN, { claims: { nonce }, header: { typ: "JWT" } })],
      ["another's key", proof(who, "POST", TOKEN, { claims: { nonce }, header: { jwk: other.jwk } })],
      ["a private key", proof(who, "POST", TOKEN, { claims: { nonce }, header: { jwk: who.privateKey.export({ format: "jwk" }) } })],
      ["a key on no curve", proof(who, "POST", TOKEN, { claims: { nonce }, header: { jwk: { ...who.jwk, x: who.jwk.y } } })],
      ["alg none", proof(who, "POST", TOKEN, { claims: { nonce }, header: { alg: "none" } })],
      ["two of them", `${proof(who, "POST", TOKEN, { claims: { nonce } })}, ${proof(who, "POST", TOKEN, { claims: { nonce } })}`],
      ["another's nonce", proof(who, "POST", TOKEN, { claims: { nonce: hash("mine") } }), "use_dpop_nonce"],
    ]) {
      const answer = await ask(client, OWN, shown);
      assert.deepEqual([answer.status, answer.body.error], [400, error], `${what}: ${answer.text}`);
      assert.ok(answer.headers.get("dpop-nonce"), what);
    }
    const plain = await ask(client, OWN);
    assert.deepEqual([plain.body.token_type, plain.headers.get("dpop-nonce")], ["Bearer", null]);
  });
});

describe("a bound token", () => {
  it("opens an API with a proof for each call, and not otherwise", async () => {
    const who = holder();
    const { access_token: token } = await bound(who, client, OWN);
    const path = `${api.base}/pets/1`;
    const call = (headers) => fetch(ORIGIN + path, { headers });
    const shown = () => ({ authorization: `DPoP ${token}`, dpop: proof(who, "GET", path, { token }) });
    await within(5_000, "the gateway knows the client", async () => (await call(shown())).status === 200);
    assert.equal(upstream.seen.at(-1).headers.dpop, undefined);
    assert.equal(upstream.seen.at(-1).headers.authorization, undefined);
    const seen = upstream.seen.length;
    const thief = holder();
    for (const [what, headers] of [
      ["as a bearer token", bearer(token)],
      ["as a bearer token with its proof", { ...shown(), ...bearer(token) }],
      ["without a proof", { authorization: `DPoP ${token}` }],
      ["by another key", { authorization: `DPoP ${token}`, dpop: proof(thief, "GET", path, { token }) }],
      ["by another key in its name", { authorization: `DPoP ${token}`, dpop: proof(thief, "GET", path, { token, header: { jwk: who.jwk } }) }],
      ["for another call", { authorization: `DPoP ${token}`, dpop: proof(who, "GET", `${api.base}/pets/2`, { token }) }],
      ["for another token", { authorization: `DPoP ${token}`, dpop: proof(who, "GET", path, { token: "x" }) }],
    ]) {
      const answer = await call(headers);
      assert.equal(answer.status, 401, what);
      assert.match(answer.headers.get("www-authenticate"), /^DPoP /, what);
    }
    const one = shown();
    assert.equal((await call(one)).status, 200);
    assert.equal((await call(one)).status, 401, "a proof was good twice");
    assert.equal(upstream.seen.length, seen + 1);
    const plain = (await ask(client, OWN)).body.access_token;
    assert.equal((await call(bearer(plain))).status, 200);
    const dressed = { authorization: `DPoP ${plain}`, dpop: proof(who, "GET", path, { token: plain }) };
    assert.equal((await call(dressed)).status, 401, "a token that is bound to nothing");
  });

  it("of a person shows its person to the key's holder only, and rules nothing", async () => {
    const who = holder();
    const { access_token: token, refresh_token: refresh } = await bound(who, tool, PERSON);
    const path = "/oauth2/userinfo";
    const one = { authorization: `DPoP ${token}`, dpop: proof(who, "GET", path, { token }) };
    assert.equal((await nobody.expect(200, "GET", path, undefined, one)).body.sub, USER);
    for (const headers of [one, bearer(token), { authorization: `DPoP ${token}` }]) {
      const answer = await nobody.send("GET", path, undefined, headers);
      assert.deepEqual([answer.status, answer.body.error], [401, "invalid_dpop_proof"]);
    }
    await nobody.expect(401, "GET", `${ADMIN}/users`, undefined, bearer(token));
    // The client authenticates, so that its refresh token is not bound; the new token is to whoever asks.
    const next = holder();
    const fresh = await bound(next, tool, { grant_type: "refresh_token", refresh_token: refresh });
    assert.equal(decoded(fresh.access_token).cnf.jkt, next.jkt);
  });
});

describe("an exchanged token", () => {
  const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
  const KIND = "urn:ietf:params:oauth:token-type:access_token";
  let front, next;

  const person = async (scope = "openid read:pets") =>
    (await ask(front, { ...PERSON, scope })).body;
  const exchange = (subject_token, more = {}, by = next, dpop) =>
    ask(by, { grant_type: EXCHANGE, subject_token, subject_token_type: KIND, ...more }, dpop);
  const active = async (token, by = next) => {
    const body = new URLSearchParams({ token }).toString();
    return (await nobody.expect(200, "POST", "/oauth2/introspect", body, { ...FORM, ...basic(by.consumerKey, by.consumerSecret) })).body.active;
  };

  before(async () => {
    front = await register("password refresh_token client_credentials");
    next = await register(EXCHANGE);
  });

  it("is narrower, names who acts, and ends with the old one", async () => {
    const { access_token: subject } = await person();
    const answer = await exchange(subject, { scope: "read:pets", resource: "https://pets.example" });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.body.issued_token_type, KIND);
    assert.equal(answer.body.refresh_token, undefined);
    const [old, made] = [decoded(subject), decoded(answer.body.access_token)];
    assert.deepEqual(made.act, { sub: next.consumerKey });
    assert.deepEqual(made.aud, ["https://pets.example"]);
    assert.deepEqual([made.sub, made.client_id, made.scope], [old.sub, next.consumerKey, "read:pets"]);
    assert.ok(made.exp <= old.exp);
    const again = await exchange(answer.body.access_token, { resource: "https://pets.example" });
    assert.deepEqual(decoded(again.body.access_token).act, { sub: next.consumerKey, act: { sub: next.consumerKey } });
  });

  it("is not given for more, nor for anything else", async () => {
    const { access_token: subject, refresh_token, id_token } = await person();
    const tied = (await exchange(subject, { resource: "https://pets.example" })).body.access_token;
    const own = (await ask(front, OWN)).body.access_token;
    for (const [what, answer, error] of [
      ["more scopes", await exchange(subject, { scope: "read:pets write:pets" }), "invalid_scope"],
      ["another resource", await exchange(tied, { resource: "https://other.example" }), "invalid_target"],
      ["no resource", await exchange(subject, { resource: "nowhere" }), "invalid_target"],
      ["a refresh token", await exchange(refresh_token), "invalid_grant"],
      ["an ID token", await exchange(id_token), "invalid_grant"],
      ["nonsense", await exchange("x"), "invalid_grant"],
      ["another client's own", await exchange(own), "invalid_grant"],
      ["an actor's token", await exchange(subject, { actor_token: subject, actor_token_type: KIND }), "invalid_request"],
      ["another kind", await exchange(subject, { requested_token_type: "urn:ietf:params:oauth:token-type:refresh_token" }), "invalid_request"],
      ["an unregistered client", await exchange(subject, {}, front), "unauthorized_client"],
    ]) {
      assert.deepEqual([answer.status, answer.body.error], [400, error], `${what}: ${answer.text}`);
    }
  });

  it("is taken back with the sign-in that it came of", async () => {
    const { access_token: subject, refresh_token: token } = await person();
    const { access_token: made } = (await exchange(subject)).body;
    assert.equal(await active(made), true);
    const headers = { ...FORM, ...basic(front.consumerKey, front.consumerSecret) };
    await nobody.expect(200, "POST", "/oauth2/revoke", new URLSearchParams({ token }).toString(), headers);
    assert.equal(await active(made), false);
    assert.equal((await exchange(subject)).body.error, "invalid_grant");
  });

  it("of a client's own is narrower, and is taken back with it", async () => {
    const both = await register(`client_credentials ${EXCHANGE}`);
    const { access_token: subject } = (await ask(both, { ...OWN, scope: "read:pets write:pets" })).body;
    const answer = await exchange(subject, { scope: "read:pets", resource: "https://pets.example" }, both);
    assert.equal(answer.status, 200, answer.text);
    const [old, made] = [decoded(subject), decoded(answer.body.access_token)];
    assert.deepEqual([made.sub, made.aut, made.scope, made.aud, made.act], [both.consumerKey, "APPLICATION", "read:pets", ["https://pets.example"], undefined]);
    assert.ok(made.exp <= old.exp);
    assert.equal((await exchange(answer.body.access_token, { scope: "write:pets" }, both)).body.error, "invalid_scope");
    const again = (await exchange(answer.body.access_token, {}, both)).body.access_token;
    assert.deepEqual([await active(answer.body.access_token, both), await active(again, both)], [true, true]);
    const headers = { ...FORM, ...basic(both.consumerKey, both.consumerSecret) };
    await nobody.expect(200, "POST", "/oauth2/revoke", new URLSearchParams({ token: subject }).toString(), headers);
    assert.deepEqual([await active(answer.body.access_token, both), await active(again, both)], [false, false]);
    assert.equal((await exchange(subject, {}, both)).body.error, "invalid_grant");
  });

  it("of a bound one needs a proof of the same key", async () => {
    const who = holder();
    const { access_token: subject } = await bound(who, front, PERSON);
    assert.equal((await exchange(subject)).body.error, "invalid_grant");
    const wish = { grant_type: EXCHANGE, subject_token: subject, subject_token_type: KIND };
    const made = await bound(who, next, wish);
    assert.equal(decoded(made.access_token).cnf.jkt, who.jkt);
    const thief = holder();
    assert.equal((await ask(next, wish, await ready(thief, next, wish))).body.error, "invalid_grant");
  });
});

it("an application asks nobody for a password, unless its operator has turned that on", async () => {
  const answer = await ask(client, PERSON);
  assert.deepEqual([answer.status, answer.body.error], [400, "unauthorized_client"], answer.text);
  assert.equal((await ask(tool, PERSON)).status, 200);
});

it("who guesses at a client's secret is slowed down, and other clients are not", async () => {
  const wrong = { consumerKey: fresh("nobody"), consumerSecret: "x" };
  let answer;
  // Twice what a minute allows: the first half may be counted in the minute before, or by another isolate.
  for (let count = 0; count < 400 && answer?.status !== 429; count += 1) answer = await ask(wrong, OWN);
  assert.deepEqual([answer.status, answer.body.error], [429, "slow_down"], answer.text);
  assert.ok(Number(answer.headers.get("retry-after")) <= 60);
  assert.equal((await ask(client, OWN)).status, 200);
});

it("an introspection is signed for whom it is told, when it is asked so", async () => {
  const { access_token: token } = (await ask(client, OWN)).body;
  const { keys } = (await nobody.expect(200, "GET", "/oauth2/jwks")).body;
  const headers = { ...FORM, ...basic(client.consumerKey, client.consumerSecret), accept: "application/token-introspection+jwt" };
  for (const [shown, active] of [[token, true], ["x", false]]) {
    const answer = await nobody.expect(200, "POST", "/oauth2/introspect", new URLSearchParams({ token: shown }).toString(), headers);
    assert.equal(answer.headers.get("content-type"), "application/token-introspection+jwt");
    const [header, claims, signature] = answer.text.split(".");
    const { kid, typ } = JSON.parse(Buffer.from(header, "base64url"));
    assert.equal(typ, "token-introspection+jwt");
    const key = createPublicKey({ key: keys.find((key) => key.kid === kid), format: "jwk" });
    assert.ok(verify("sha256", Buffer.from(`${header}.${claims}`), { key, dsaEncoding: "ieee-p1363" }, Buffer.from(signature, "base64url")));
    const said = decoded(answer.text);
    assert.deepEqual([said.aud, said.iss, said.token_introspection.active], [client.consumerKey, `${ORIGIN}${TOKEN}`, active]);
    assert.equal((await nobody.send("GET", "/oauth2/userinfo", undefined, bearer(answer.text))).status, 401);
  }
});
