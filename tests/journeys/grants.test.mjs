// What a grant covers, over HTTP: resources (RFC 8707), codes that are bound to a key (RFC 9449 section 10), and what a
// refresh gives.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { CALLBACK, FORM, OWN_PAGE, basic, bearer, codeFor, decoded, person, proof as pkce, redeem, register, signIn, token } from "./authorize.mjs";
import { holder, proof } from "./dpop.mjs";
import { ASSERTION, assertion, enroll, keyPair, letIn, post } from "./enrolled.mjs";
import { administrator, fresh, nobody } from "./manage.mjs";
import { ORIGIN, signIn as openDesk, startUpstream, within } from "./platform.mjs";

const DEVICE = "urn:ietf:params:oauth:grant-type:device_code";
const PETS = "https://pets.example/api";
const SHOP = "urn:example:shop";

let eve, client, cookie;

before(async () => {
  eve = await person();
  client = await register(eve, { grants: `authorization_code refresh_token client_credentials password ${DEVICE}` });
  cookie = await signIn(eve);
});

const asForm = (...pairs) => new URLSearchParams(pairs);
const refresh = (shown, more = []) => token(client, asForm(["grant_type", "refresh_token"], ["refresh_token", shown], ...more));
const audience = ({ status, body, text }) => {
  assert.equal(status, 200, text);
  return decoded(body.access_token).aud;
};
const isTarget = ({ status, body, text }) => assert.deepEqual([status, body.error], [400, "invalid_target"], text);

describe("a resource", () => {
  it("that a client names becomes the audience of its own token", async () => {
    const own = (...more) => token(client, asForm(["grant_type", "client_credentials"], ...more));
    assert.equal(audience(await own()), client.id);
    assert.deepEqual(audience(await own(["resource", PETS])), [PETS]);
    assert.deepEqual(audience(await own(["resource", PETS], ["resource", SHOP])), [PETS, SHOP]);
    for (const wrong of ["pets", "/api", `${PETS}#part`, `urn:${"x".repeat(1024)}`]) isTarget(await own(["resource", wrong]));
    isTarget(await own(...Array.from({ length: 11 }, (_, n) => ["resource", `urn:r:${n}`])));
  });

  it("of a code narrows its tokens, now and at every refresh, and is never widened", async () => {
    const query = asForm(["resource", PETS], ["resource", SHOP]);
    const asked = await codeFor(client, cookie, {}, query);
    isTarget(await redeem(client, asked, { resource: "https://other.example" }));
    const first = await redeem(client, asked, { resource: PETS });
    assert.deepEqual(audience(first), [PETS]);
    isTarget(await refresh(first.body.refresh_token, [["resource", "https://other.example"]]));
    const second = await refresh(first.body.refresh_token, [["resource", SHOP]]);
    assert.deepEqual(audience(second), [SHOP]);
    const third = await refresh(second.body.refresh_token);
    assert.deepEqual(audience(third), [PETS, SHOP]);
  });

  it("of a pushed request and of a device is kept as well", async () => {
    const { verifier, query } = pkce();
    const pushed = { response_type: "code", client_id: client.id, redirect_uri: CALLBACK, scope: "openid", resource: PETS, ...query };
    const { body } = await nobody.expect(201, "POST", "/oauth2/par", asForm(...Object.entries(pushed)).toString(), {
      ...FORM,
      ...basic(client.id, client.secret),
    });
    const { code } = await codeFor(client, cookie, { request_uri: body.request_uri });
    assert.deepEqual(audience(await redeem(client, { code, verifier })), [PETS]);
    const begun = await nobody.send("POST", "/oauth2/device_authorization", asForm(["scope", "openid"], ["resource", SHOP]).toString(), {
      ...FORM,
      ...basic(client.id, client.secret),
    });
    const decision = { userCode: begun.body.user_code, decision: "approve" };
    assert.equal((await nobody.send("POST", "/oauth2/device/decision", decision, { ...OWN_PAGE, ...cookie })).status, 204);
    const poll = (...more) => token(client, asForm(["grant_type", DEVICE], ["device_code", begun.body.device_code], ...more));
    isTarget(await poll(["resource", PETS]));
    assert.deepEqual(audience(await poll()), [SHOP]);
  });

  it("of a person's password is kept for the refresh", async () => {
    const first = await token(client, { grant_type: "password", username: eve.username, password: eve.password, resource: PETS });
    assert.deepEqual(audience(first), [PETS]);
    isTarget(await refresh(first.body.refresh_token, [["resource", SHOP]]));
    assert.deepEqual(audience(await refresh(first.body.refresh_token)), [PETS]);
  });
});

describe("an API with an audience", () => {
  let desk, upstream, api, application, keys;

  before(async () => {
    upstream = await startUpstream();
    desk = await openDesk();
    api = await desk.publishApi(upstream.url, ["Unlimited"], { audiences: [PETS] });
    application = await desk.call(201, "POST", "/devportal/v3/applications", { name: fresh("aimed-"), throttlingPolicy: "Unlimited" });
    const id = application.applicationId;
    await desk.call(201, "POST", "/devportal/v3/subscriptions", { applicationId: id, apiId: api.id, throttlingPolicy: "Unlimited" });
    const wish = { keyType: "PRODUCTION", grantTypesToBeSupported: ["client_credentials"], callbackUrl: "" };
    keys = await desk.call(200, "POST", `/devportal/v3/applications/${id}/generate-keys`, wish);
  });

  after(async () => {
    await desk.call(200, "DELETE", `/devportal/v3/applications/${application.applicationId}`);
    await desk.tidy();
    await upstream.close();
  });

  it("is opened by a token for it, and by none for another", async () => {
    const by = { id: keys.consumerKey, secret: keys.consumerSecret };
    const call = async (...more) => {
      const { body } = await token(by, asForm(["grant_type", "client_credentials"], ...more));
      return (await fetch(`${ORIGIN}${api.base}/pets/1`, { headers: bearer(body.access_token) })).status;
    };
    await within(5_000, "the gateway knows the client", async () => (await call(["resource", PETS])) === 200);
    assert.equal(await call(["resource", SHOP], ["resource", PETS]), 200);
    assert.equal(await call(["resource", SHOP]), 403);
    assert.equal(await call(), 403);
  });
});

describe("a refresh", () => {
  it("gives a new ID token of the same sign-in where `openid` was granted", async () => {
    const first = await redeem(client, await codeFor(client, cookie, { scope: "openid profile", nonce: "n-1" }));
    const [old, next] = [first, await refresh(first.body.refresh_token)].map(({ body }) => decoded(body.id_token));
    assert.equal(old.nonce, "n-1");
    assert.equal(next.nonce, undefined);
    for (const name of ["iss", "sub", "aud", "azp", "auth_time", "acr", "sid"]) assert.deepEqual(next[name], old[name], name);
    assert.notEqual(next.at_hash, old.at_hash);
    assert.ok(next.iat >= old.iat);
  });

  it("gives none where `openid` was not granted, or is not asked for again", async () => {
    const plain = await redeem(client, await codeFor(client, cookie, { scope: "profile" }));
    assert.equal(plain.body.id_token, undefined);
    assert.equal((await refresh(plain.body.refresh_token)).body.id_token, undefined);
    const first = await redeem(client, await codeFor(client, cookie, { scope: "openid profile" }));
    assert.equal((await refresh(first.body.refresh_token, [["scope", "profile"]])).body.id_token, undefined);
  });
});

describe("a code that is bound to a key", () => {
  const at = async (path, params, who) => {
    const body = new URLSearchParams(params).toString();
    const send = (nonce) =>
      nobody.send("POST", path, body, { ...FORM, ...basic(client.id, client.secret), dpop: proof(who, "POST", path, { claims: { nonce } }) });
    const first = await send();
    assert.equal(first.body.error, "use_dpop_nonce", first.text);
    return send(first.headers.get("dpop-nonce"));
  };
  const exchange = ({ code, verifier }) => ({ grant_type: "authorization_code", code, code_verifier: verifier, redirect_uri: CALLBACK });

  it("is exchanged by that key only", async () => {
    const [who, thief] = [holder(), holder()];
    const asked = await codeFor(client, cookie, { dpop_jkt: who.jkt });
    const stolen = await at("/oauth2/token", exchange(asked), thief);
    assert.deepEqual([stolen.status, stolen.body.error], [400, "invalid_grant"], stolen.text);
    const bare = await redeem(client, asked);
    assert.deepEqual([bare.status, bare.body.error], [400, "invalid_grant"], bare.text);
    const good = await at("/oauth2/token", exchange(asked), who);
    assert.equal(good.status, 200, good.text);
    assert.equal(decoded(good.body.access_token).cnf.jkt, who.jkt);
  });

  it("may be bound by the proof of a pushed request", async () => {
    const [who, other] = [holder(), holder()];
    const { verifier, query } = pkce();
    const pushed = { response_type: "code", client_id: client.id, redirect_uri: CALLBACK, scope: "openid", ...query };
    const crossed = await at("/oauth2/par", { ...pushed, dpop_jkt: other.jkt }, who);
    assert.deepEqual([crossed.status, crossed.body.error], [400, "invalid_dpop_proof"], crossed.text);
    const answer = await at("/oauth2/par", pushed, who);
    assert.equal(answer.status, 201, answer.text);
    const { code } = await codeFor(client, cookie, { request_uri: answer.body.request_uri });
    assert.equal((await at("/oauth2/token", exchange({ code, verifier }), other)).body.error, "invalid_grant");
    assert.equal((await at("/oauth2/token", exchange({ code, verifier }), who)).status, 200);
  });

  it("is not given for what can be no thumbprint", async () => {
    const asked = { response_type: "code", client_id: client.id, redirect_uri: CALLBACK, dpop_jkt: "short", ...pkce().query };
    const headers = { ...FORM, ...basic(client.id, client.secret) };
    const answer = await nobody.send("POST", "/oauth2/par", asForm(...Object.entries(asked)).toString(), headers);
    assert.deepEqual([answer.status, answer.body.error], [400, "invalid_request"], answer.text);
  });
});

describe("an application whose token type is OAUTH", () => {
  let desk, upstream, api, application, by;

  before(async () => {
    upstream = await startUpstream();
    desk = await openDesk();
    api = await desk.publishApi(upstream.url, ["Unlimited"], { securityScheme: ["oauth2", "api_key"] });
    const wish = { name: fresh("opaque-"), throttlingPolicy: "Unlimited", tokenType: "OAUTH" };
    application = await desk.call(201, "POST", "/devportal/v3/applications", wish);
    const id = application.applicationId;
    await desk.call(201, "POST", "/devportal/v3/subscriptions", { applicationId: id, apiId: api.id, throttlingPolicy: "Unlimited" });
    const keys = await desk.call(200, "POST", `/devportal/v3/applications/${id}/generate-keys`, {
      keyType: "PRODUCTION",
      grantTypesToBeSupported: ["client_credentials", "authorization_code", "refresh_token"],
      callbackUrl: CALLBACK,
    });
    by = { id: keys.consumerKey, secret: keys.consumerSecret };
  });

  after(async () => {
    await desk.call(200, "DELETE", `/devportal/v3/applications/${application.applicationId}`);
    await desk.tidy();
    await upstream.close();
  });

  const own = async () => (await token(by, { grant_type: "client_credentials" })).body.access_token;
  const call = async (shown) => (await fetch(`${ORIGIN}${api.base}/pets/1`, { headers: bearer(shown) })).status;
  const introspect = async (shown) => {
    const body = new URLSearchParams({ token: shown }).toString();
    return (await nobody.expect(200, "POST", "/oauth2/introspect", body, { ...FORM, ...basic(by.id, by.secret) })).body;
  };

  it("gets tokens that say nothing and open its APIs", async () => {
    const shown = await own();
    assert.match(shown, /^ptn_at_[0-9A-Za-z]{49}$/);
    const said = await introspect(shown);
    assert.deepEqual([said.active, said.client_id, said.aut], [true, by.id, "APPLICATION"]);
    await within(5_000, "the gateway knows the client", async () => (await call(shown)) === 200);
    const mistyped = `${shown.slice(0, -1)}${shown.endsWith("0") ? "1" : "0"}`;
    assert.deepEqual([await call(mistyped), (await introspect(mistyped)).active], [401, false]);
    assert.equal(upstream.seen.at(-1).headers.authorization, undefined);
  });

  it("takes them back within five seconds", async () => {
    const shown = await own();
    await within(5_000, "the gateway takes the token", async () => (await call(shown)) === 200);
    const body = new URLSearchParams({ token: shown }).toString();
    await nobody.expect(200, "POST", "/oauth2/revoke", body, { ...FORM, ...basic(by.id, by.secret) });
    assert.equal((await introspect(shown)).active, false);
    await within(5_000, "the gateway refuses the token", async () => (await call(shown)) === 401);
  });

  it("gets them for people too, with an ID token that can be read", async () => {
    const mine = await signIn(eve);
    const first = await redeem(by, await codeFor(by, mine, { scope: "openid profile" }));
    assert.match(first.body.access_token, /^ptn_at_/);
    assert.equal(decoded(first.body.id_token).sub, eve.username);
    const me = await nobody.expect(200, "GET", "/oauth2/userinfo", undefined, bearer(first.body.access_token));
    assert.equal(me.body.sub, eve.username);
    const next = await token(by, { grant_type: "refresh_token", refresh_token: first.body.refresh_token });
    assert.match(next.body.access_token, /^ptn_at_/);
  });

  it("sees of an API key when it was last used", async () => {
    const at = `/devportal/v3/applications/${application.applicationId}/api-keys/PRODUCTION`;
    const wish = { keyName: fresh("key"), validityPeriod: -1, additionalProperties: {} };
    const { apikey } = await desk.call(200, "POST", `${at}/generate`, wish);
    const used = async () => (await desk.call(200, "GET", at)).list.find((key) => key.keyName === wish.keyName).lastUsed;
    assert.equal(await used(), undefined);
    const begun = Date.now();
    await within(5_000, "the gateway knows the key", async () => (await fetch(`${ORIGIN}${api.base}/pets/1`, { headers: { apikey } })).status === 200);
    const moment = await within(5_000, "the use is told", used);
    assert.equal(moment % 60_000, 0);
    assert.ok(moment >= begun - (begun % 60_000) && moment <= Date.now(), String(moment));
  });
});

describe("an assertion about a person", () => {
  const GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  let admin, keys, id;
  const about = (more = {}) => assertion(id, keys, { ...more, claims: { sub: eve.username, ...more.claims } });
  const show = (shown, more = {}) =>
    post("/oauth2/token", {
      grant_type: GRANT,
      assertion: shown,
      client_assertion_type: ASSERTION,
      client_assertion: assertion(id, keys),
      ...more,
    });

  before(async () => {
    ({ admin } = await administrator());
    keys = keyPair();
    const wish = { grant_types: [GRANT], token_endpoint_auth_method: "private_key_jwt", jwks: { keys: [keys.jwk] } };
    const answer = await enroll(wish, (await letIn(admin, 1)).token);
    assert.equal(answer.status, 201, answer.text);
    id = answer.body.client_id;
  });

  it("counts when an administrator vouches for the client, once, and has no refresh", async () => {
    const early = await show(about());
    assert.deepEqual([early.status, early.body.error], [400, "invalid_grant"], "anybody can register a client with a key");
    await admin.expect(204, "PUT", `/oauth2/clients/${id}/first-party`);
    const shown = about();
    const answer = await show(shown, { scope: "openid profile", resource: PETS });
    assert.equal(answer.status, 200, answer.text);
    const made = decoded(answer.body.access_token);
    assert.deepEqual([made.sub, made.aut, made.client_id, made.aud], [eve.username, "APPLICATION_USER", id, [PETS]]);
    assert.equal(answer.body.refresh_token, undefined);
    const me = await nobody.expect(200, "GET", "/oauth2/userinfo", undefined, bearer(answer.body.access_token));
    assert.equal(me.body.sub, eve.username);
    assert.equal((await show(shown)).body.error, "invalid_grant");
  });

  it("is refused when it is anything else", async () => {
    await admin.expect(204, "PUT", `/oauth2/clients/${id}/first-party`);
    const thief = keyPair();
    const now = Math.floor(Date.now() / 1000);
    for (const [what, shown] of [
      ["nonsense", "x.y.z"],
      ["of nobody", about({ claims: { sub: fresh("nobody") } })],
      ["for another server", about({ claims: { aud: "https://other.example/token" } })],
      ["for us and another", about({ claims: { aud: [`${ORIGIN}/oauth2/token`, "https://other.example"] } })],
      ["by another issuer", about({ claims: { iss: "https://idp.example" } })],
      ["by another's key", assertion(id, thief, { claims: { sub: eve.username }, header: { kid: keys.kid } })],
      ["by a key that it brings along", assertion(id, thief, { claims: { sub: eve.username }, header: { kid: keys.kid, jwk: thief.jwk } })],
      ["expired", about({ claims: { exp: now - 120 } })],
      ["for ever", about({ claims: { exp: now + 86_400 } })],
      ["without a name", about({ claims: { jti: undefined } })],
      ["alg none", about({ header: { alg: "none" }, signature: () => "" })],
      ["another type", about({ header: { typ: "at+jwt" } })],
    ]) {
      const answer = await show(shown);
      assert.deepEqual([answer.status, answer.body.error], [400, "invalid_grant"], `${what}: ${answer.text}`);
    }
  });
});

it("nobody's word about a certificate counts, unless the operator has said whose does", async () => {
  const { admin } = await administrator();
  const wish = { grant_types: ["client_credentials"], tls_client_certificate_bound_access_tokens: true };
  const { body: made } = await enroll(wish, (await letIn(admin, 1)).token);
  assert.equal(made.tls_client_certificate_bound_access_tokens, true);
  const claimed = { "client-cert": ":MAMCAQU=:" };
  const answer = await post("/oauth2/token", { grant_type: "client_credentials" }, { ...basic(made.client_id, made.client_secret), ...claimed });
  assert.deepEqual([answer.status, answer.body.error], [400, "invalid_request"], answer.text);
  const metadata = await nobody.expect(200, "GET", "/.well-known/oauth-authorization-server");
  assert.equal(metadata.body.tls_client_certificate_bound_access_tokens, undefined);
});
