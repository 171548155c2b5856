// What the modules of the OpenID Foundation's certification plan "Basic OP" ask of a provider, each under its module's name.
// The suite itself needs Java and MongoDB. Every request has PKCE, which clients of this platform cannot leave out unless
// their settings say so; what is not offered has to be refused in the standards' words, as the modules want it then.

import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { before, test } from "node:test";
import { CALLBACK, FORM, authorize, bearer, carried, codeFor, decoded, go, interactionOf, person, proof, redeem, signIn, token } from "../journeys/authorize.mjs";
import { enroll, letIn, post } from "../journeys/enrolled.mjs";
import { ORIGIN, administrator, nobody } from "../journeys/manage.mjs";

const ISSUER = `${ORIGIN}/oauth2/token`;
let eve, cookie, client, initial, keys;

before(async () => {
  const { admin } = await administrator();
  initial = (await letIn(admin, 10)).token;
  eve = await person();
  cookie = await signIn(eve);
  client = await enrolled();
  ({ keys } = (await nobody.expect(200, "GET", "/oauth2/jwks")).body);
});

/** A client that registered itself for the code flow. */
async function enrolled(more = {}) {
  const metadata = { redirect_uris: [CALLBACK], grant_types: ["authorization_code", "refresh_token"], ...more };
  const answer = await enroll(metadata, initial);
  assert.equal(answer.status, 201, answer.text);
  return { id: answer.body.client_id, secret: answer.body.client_secret };
}

/** The tokens of one whole flow, with the ID token's claims, which hold. */
async function flow(query = {}, who = client) {
  const { status, body, text } = await redeem(who, await codeFor(who, cookie, { nonce: "n-1", ...query }));
  assert.equal(status, 200, text);
  assert.equal(body.token_type, "Bearer");
  return { ...body, claims: believed(body.id_token, who) };
}

function believed(idToken, who = client) {
  const [header, claims, signature] = idToken.split(".");
  const { alg, kid } = JSON.parse(Buffer.from(header, "base64url"));
  assert.notEqual(alg, "none");
  const jwk = keys.find((key) => key.kid === kid);
  assert.ok(jwk, "the key is named, and published");
  const key = { key: createPublicKey({ key: jwk, format: "jwk" }), dsaEncoding: "ieee-p1363" };
  const hash = alg === "EdDSA" ? null : "sha256";
  assert.ok(verify(hash, Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, "base64url")), "the signature");
  const said = decoded(idToken);
  const now = Date.now() / 1000;
  assert.deepEqual([said.iss, said.sub, said.aud], [ISSUER, eve.username, who.id]);
  assert.ok(said.exp > now && said.iat <= now + 1 && said.iat > now - 600 && said.at_hash);
  return said;
}

const asked = (more = {}) => ({
  response_type: "code", client_id: client.id, redirect_uri: CALLBACK, scope: "openid", state: "xyz", nonce: "n-1", ...proof().query, ...more,
});
const without = (name, query = asked()) => Object.fromEntries(Object.entries(query).filter(([key]) => key !== name));
const userinfo = (method, headers, body) => nobody.send(method, "/oauth2/userinfo", body, headers);

/** A request that has to be served as if the parameter were not there. */
const ignored = (parameter) => async () => assert.ok((await flow(parameter)).claims.nonce);

/** That the client is told so by a redirect. */
async function refused(query, error, headers = cookie) {
  const told = carried(await authorize(query, headers));
  assert.deepEqual([told.error, told.state], [error, "xyz"]);
}

/** A scope, with what userinfo says for it. */
const scoped = (scope, ...names) => async () => {
  const given = await flow({ scope: `openid ${scope}` });
  const { body } = await userinfo("GET", bearer(given.access_token));
  assert.equal(body.sub, given.claims.sub);
  for (const name of names) assert.ok(body[name], name);
  if (!scope.includes("email")) assert.equal(body.email, undefined);
};

test("oidcc-server", async () => {
  const given = await flow();
  assert.equal(given.claims.nonce, "n-1");
  assert.ok(given.access_token && given.expires_in > 0);
});
test("oidcc-response-type-missing", () => refused(without("response_type"), "invalid_request"));
test("oidcc-idtoken-signature", async () => assert.ok((await flow()).claims.sub));
test("oidcc-idtoken-unsigned", async () => {
  const { body } = await nobody.expect(200, "GET", "/.well-known/openid-configuration");
  assert.ok(!body.id_token_signing_alg_values_supported.includes("none"), "not offered");
  assert.ok((await flow({}, await enrolled({ id_token_signed_response_alg: "none" }))).claims.sub);
});
test("oidcc-userinfo-get", async () => {
  const { access_token: access, claims } = await flow();
  const { status, body } = await userinfo("GET", bearer(access));
  assert.deepEqual([status, body.sub], [200, claims.sub]);
});
test("oidcc-userinfo-post-header", async () => {
  const { access_token: access, claims } = await flow();
  const { status, body } = await userinfo("POST", bearer(access));
  assert.deepEqual([status, body.sub], [200, claims.sub]);
});
test("oidcc-userinfo-post-body", async () => {
  const { access_token, claims } = await flow();
  const form = new URLSearchParams({ access_token }).toString();
  const { status, body } = await userinfo("POST", FORM, form);
  assert.deepEqual([status, body.sub], [200, claims.sub]);
  const twice = await userinfo("POST", { ...FORM, ...bearer(access_token) }, form);
  assert.deepEqual([twice.status, twice.body.error], [400, "invalid_request"], "by two ways at once (RFC 6750 section 2)");
});
test("oidcc-ensure-request-without-nonce-succeeds-for-code-flow", async () => {
  const { body } = await redeem(client, await codeFor(client, cookie));
  assert.equal(believed(body.id_token).nonce, undefined);
});
test("oidcc-scope-profile", scoped("profile", "name", "preferred_username"));
test("oidcc-scope-email", scoped("email", "email"));
test("oidcc-scope-address", scoped("address"));
test("oidcc-scope-phone", scoped("phone"));
test("oidcc-scope-all", scoped("profile email address phone", "name", "email"));
test("oidcc-ensure-other-scope-order-succeeds", async () => {
  const given = await flow({ scope: "email openid" });
  assert.ok((await userinfo("GET", bearer(given.access_token))).body.email);
});
test("oidcc-display-page", ignored({ display: "page" }));
test("oidcc-display-popup", ignored({ display: "popup" }));
test("oidcc-prompt-login", async () => {
  const first = (await flow()).claims.auth_time;
  const { verifier, query } = proof();
  const asks = await authorize(asked({ prompt: "login", ...query }), cookie);
  assert.match(asks.location, /^\/sign-in\//);
  const { code } = carried(await go(`/oauth2/authorize/resume?interaction=${interactionOf(asks)}`, await signIn(eve)));
  const { body } = await redeem(client, { code, verifier });
  assert.ok(believed(body.id_token).auth_time >= first);
});
test("oidcc-prompt-none-not-logged-in", () => refused(asked({ prompt: "none" }), "login_required", {}));
test("oidcc-prompt-none-logged-in", async () => {
  const first = await flow();
  const second = await flow({ prompt: "none" });
  assert.deepEqual([second.claims.sub, second.claims.auth_time], [first.claims.sub, first.claims.auth_time]);
});
test("oidcc-max-age-1", async () => {
  const { verifier, query } = proof();
  // A second that has passed, without waiting for it: `0` is what has passed always.
  const asks = await authorize(asked({ max_age: "0", ...query }), cookie);
  assert.match(asks.location, /^\/sign-in\//);
  const { code } = carried(await go(`/oauth2/authorize/resume?interaction=${interactionOf(asks)}`, await signIn(eve)));
  const { auth_time: at, iat } = believed((await redeem(client, { code, verifier })).body.id_token);
  assert.ok(iat - at < 60, "signed in anew");
});
test("oidcc-max-age-10000", async () => {
  const [first, second] = [await flow(), await flow({ max_age: "10000" })];
  assert.deepEqual([second.claims.auth_time, second.claims.sub], [first.claims.auth_time, first.claims.sub]);
});
test("oidcc-ensure-request-with-unknown-parameter-succeeds", ignored({ extra: "foobar" }));
test("oidcc-id-token-hint", async () => {
  const first = await flow();
  const second = await flow({ prompt: "none", id_token_hint: first.id_token });
  assert.equal(second.claims.sub, first.claims.sub);
});
test("oidcc-login-hint", ignored({ login_hint: "eve" }));
test("oidcc-ui-locales", ignored({ ui_locales: "se" }));
test("oidcc-claims-locales", ignored({ claims_locales: "se" }));
test("oidcc-ensure-request-with-acr-values-succeeds", ignored({ acr_values: "1 2" }));
for (const name of ["oidcc-codereuse", "oidcc-codereuse-30seconds"]) {
  // The second waits, so that the reuse is known for one after a while. Ours is known for as long as what the code gave.
  test(name, async () => {
    const code = await codeFor(client, cookie);
    const { access_token: access } = (await redeem(client, code)).body;
    const again = await redeem(client, code);
    assert.deepEqual([again.status, again.body.error], [400, "invalid_grant"]);
    assert.equal((await userinfo("GET", bearer(access))).status, 401, "and what it gave is taken back");
  });
}
test("oidcc-ensure-registered-redirect-uri", async () => {
  const { location } = await authorize(asked({ redirect_uri: `${CALLBACK}/not-registered` }), cookie);
  assert.match(location, /^\/consent\/error\?/);
});
test("oidcc-ensure-post-request-succeeds", async () => {
  await flow();
  const { verifier, query } = proof();
  const body = new URLSearchParams(asked(query)).toString();
  const sent = await fetch(`${ORIGIN}/oauth2/authorize`, { method: "POST", headers: { ...FORM, accept: "text/html" }, body, redirect: "manual" });
  const { code } = carried(await go(sent.headers.get("location"), cookie));
  assert.ok(believed((await redeem(client, { code, verifier })).body.id_token));
});
test("oidcc-server-client-secret-post", async () => {
  const other = await enrolled({ token_endpoint_auth_method: "client_secret_post" });
  const { code, verifier } = await codeFor(other, cookie);
  const params = { grant_type: "authorization_code", code, code_verifier: verifier, redirect_uri: CALLBACK };
  const { body } = await post("/oauth2/token", { ...params, client_id: other.id, client_secret: other.secret });
  assert.ok(believed(body.id_token, other));
});
const unsigned = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${Buffer.from("{}").toString("base64url")}.`;
test("oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported", () =>
  refused(asked({ request_uri: "https://client.example/request.jwt" }), "request_uri_not_supported"));
test("oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported", () =>
  refused(asked({ request: unsigned }), "request_not_supported"));
test("oidcc-claims-essential", ignored({ claims: '{"userinfo":{"name":{"essential":true}}}' }));
test("oidcc-ensure-request-object-with-redirect-uri", () => refused(asked({ request: unsigned }), "request_not_supported"));
test("oidcc-refresh-token", async () => {
  const first = await flow({ scope: "openid offline_access" });
  const { body } = await token(client, { grant_type: "refresh_token", refresh_token: first.refresh_token });
  const again = believed(body.id_token);
  assert.deepEqual([again.sub, again.auth_time, again.aud], [first.claims.sub, first.claims.auth_time, first.claims.aud]);
  const stranger = await token(await enrolled(), { grant_type: "refresh_token", refresh_token: body.refresh_token });
  assert.equal(stranger.body.error, "invalid_grant");
});
test("oidcc-ensure-request-with-valid-pkce-succeeds", async () => assert.ok((await flow()).access_token));
