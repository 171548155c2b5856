// As `openid-basic.test.mjs`, for the plans "Dynamic OP" and "RP-initiated logout OP". Not offered, and so not here: signed
// userinfo, pairwise subjects with their sector identifiers, request objects (their refusals are in "Basic OP"), and a
// signature of the client's choice: all ID tokens of a platform are signed by its one key. A request may leave out the one
// redirect URI that is registered, which the certified `oidc-provider` allows too; "Dynamic OP" has a module against it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CALLBACK, authorize, codeFor, go, interactionOf, person, proof, redeem, say, signIn } from "../journeys/authorize.mjs";
import { assertion, ASSERTION, enroll, keyPair, letIn, post, publisher } from "../journeys/enrolled.mjs";
import { ORIGIN, administrator, nobody } from "../journeys/manage.mjs";

const AFTER = "https://client.example/signed-out";
let initial, eve, cookie, shop;
const keys = [keyPair()];

before(async () => {
  const { admin } = await administrator();
  initial = (await letIn(admin, 30)).token;
  eve = await person();
  cookie = await signIn(eve);
  shop = await publisher(() => ({ body: { keys: keys.map(({ jwk }) => jwk) } }));
});

after(() => shop.close());

async function enrolled(more = {}) {
  const signs = { token_endpoint_auth_method: "private_key_jwt", jwks: { keys: [keys[0].jwk] } };
  const answer = await enroll({ redirect_uris: [CALLBACK], ...signs, ...more }, initial);
  assert.equal(answer.status, 201, answer.text);
  return { id: answer.body.client_id, secret: answer.body.client_secret, body: answer.body };
}

/** The tokens of a client that signs. */
async function flow(client, { redirect = CALLBACK, by = keys[0] } = {}) {
  const { code, verifier } = await codeOf(client, redirect);
  return post("/oauth2/token", {
    grant_type: "authorization_code", code, code_verifier: verifier, redirect_uri: redirect,
    client_assertion_type: ASSERTION, client_assertion: assertion(client.id, by),
  });
}

async function codeOf(client, redirect_uri) {
  const { verifier, query } = proof();
  let answer = await authorize({ response_type: "code", client_id: client.id, redirect_uri, scope: "openid", state: "s", ...query }, cookie);
  if (answer.location.startsWith("/consent/?")) {
    const id = interactionOf(answer);
    await say(id, "approve", cookie);
    answer = await go(`/oauth2/authorize/resume?interaction=${id}`, cookie);
  }
  return { code: new URL(answer.location, ORIGIN).searchParams.get("code"), verifier, location: answer.location };
}

const request = (client, more) => authorize({ response_type: "code", client_id: client.id, scope: "openid", state: "s", ...proof().query, ...more }, cookie);
const onOurPage = ({ location }) => assert.match(location, /^\/consent\/error\?/);

test("oidcc-redirect-uri-query-OK", async () => {
  const redirect = `${CALLBACK}?foo=bar`;
  const client = await enrolled({ redirect_uris: [redirect] });
  const { location } = await codeOf(client, redirect);
  assert.ok(location.startsWith(`${redirect}&`), location);
  assert.equal((await flow(client, { redirect })).status, 200);
});
test("oidcc-redirect-uri-query-mismatch", async () => {
  const client = await enrolled({ redirect_uris: [`${CALLBACK}?foo=bar`] });
  onOurPage(await request(client, { redirect_uri: `${CALLBACK}?bar=foo` }));
});
test("oidcc-redirect-uri-query-added", async () => onOurPage(await request(await enrolled(), { redirect_uri: `${CALLBACK}?foo=bar` })));
test("oidcc-redirect-uri-regfrag", async () => {
  const answer = await enroll({ redirect_uris: [`${CALLBACK}#foobar`] }, initial);
  assert.deepEqual([answer.status, answer.body.error], [400, "invalid_redirect_uri"]);
});
test("oidcc-discovery-endpoint-verification", async () => {
  const { body } = await nobody.expect(200, "GET", "/.well-known/openid-configuration");
  assert.equal(body.issuer, `${ORIGIN}/oauth2/token`);
  assert.deepEqual((await nobody.expect(200, "GET", "/oauth2/token/.well-known/openid-configuration")).body, body, "below the issuer");
  for (const name of ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "registration_endpoint"]) {
    assert.ok(body[name]?.startsWith(ORIGIN), name);
  }
  assert.ok(body.scopes_supported.includes("openid") && body.claims_supported.includes("sub"));
  assert.deepEqual([body.response_types_supported, body.subject_types_supported], [["code"], ["public"]]);
  assert.ok(body.id_token_signing_alg_values_supported.length > 0);
  const set = (await nobody.expect(200, "GET", "/oauth2/jwks")).body.keys;
  for (const key of set) assert.ok(key.kid && key.use === "sig" && !("d" in key), JSON.stringify(key));
});
test("oidcc-server (dynamic client, private_key_jwt)", async () => assert.equal((await flow(await enrolled())).status, 200));
for (const member of ["logo_uri", "policy_uri", "tos_uri"]) {
  test(`oidcc-registration-${member.replace("_", "-")}`, async () => {
    const client = await enrolled({ [member]: "https://client.example/page" });
    assert.equal(client.body[member], "https://client.example/page");
    const asks = await request(client, { redirect_uri: CALLBACK, prompt: "consent" });
    const { body } = await nobody.expect(200, "GET", `/oauth2/interactions/${interactionOf(asks)}`, undefined, cookie);
    // Logos are kept and not shown: a page of an account loads nothing from elsewhere.
    assert.equal(JSON.stringify(body.client).includes("https://client.example/page"), member !== "logo_uri", "the person is shown it");
  });
}
test("oidcc-registration-jwks-uri", async () => {
  const client = await enrolled({ jwks: undefined, jwks_uri: `${shop.url}/keys` });
  assert.equal((await flow(client)).status, 200);
});
test("oidcc-ensure-client-assertion-with-iss-aud-succeeds", async () => {
  const client = await enrolled();
  const { code, verifier } = await codeOf(client, CALLBACK);
  const answer = await post("/oauth2/token", {
    grant_type: "authorization_code", code, code_verifier: verifier, redirect_uri: CALLBACK,
    client_assertion_type: ASSERTION, client_assertion: assertion(client.id, keys[0], { claims: { aud: `${ORIGIN}/oauth2/token` } }),
  });
  assert.equal(answer.status, 200, answer.text);
});
test("oidcc-refresh-token (private_key_jwt)", async () => {
  const client = await enrolled({ grant_types: ["authorization_code", "refresh_token"] });
  const { body } = await flow(client);
  const signs = { client_assertion_type: ASSERTION, client_assertion: assertion(client.id, keys[0]) };
  const again = await post("/oauth2/token", { grant_type: "refresh_token", refresh_token: body.refresh_token, ...signs });
  assert.equal(again.status, 200, again.text);
});

/** Somebody signed in anew, with an ID token of that session for a client that may send them on. */
async function leaving() {
  const session = await signIn(eve);
  const client = await enrolled({ token_endpoint_auth_method: "client_secret_basic", jwks: undefined, post_logout_redirect_uris: [AFTER] });
  const { body } = await redeem(client, await codeFor(client, session));
  const leave = (query) => go(`/oidc/logout?${new URLSearchParams(query)}`, session);
  const isSignedIn = async () => (await nobody.send("GET", "/session", undefined, session)).body.signedIn;
  return { hint: body.id_token, client, leave, isSignedIn };
}

test("oidcc-rp-initiated-logout-discovery-endpoint-verification", async () => {
  const { body } = await nobody.expect(200, "GET", "/.well-known/openid-configuration");
  assert.equal(body.end_session_endpoint, `${ORIGIN}/oidc/logout`);
});
test("oidcc-rp-initiated-logout", async () => {
  const { hint, leave, isSignedIn } = await leaving();
  const { location } = await leave({ id_token_hint: hint, post_logout_redirect_uri: AFTER, state: "left" });
  assert.equal(location, `${AFTER}?state=left`);
  assert.equal(await isSignedIn(), false);
});
for (const [name, query] of [
  ["bad-post-logout-redirect-uri", { post_logout_redirect_uri: `${AFTER}/elsewhere` }],
  ["query-added-to-post-logout-redirect-uri", { post_logout_redirect_uri: `${AFTER}?extra=1` }],
  ["bad-id-token-hint", { id_token_hint: "not.a.token", post_logout_redirect_uri: AFTER }],
  ["modified-id-token-hint", { id_token_hint: undefined, post_logout_redirect_uri: AFTER }],
]) {
  test(`oidcc-rp-initiated-logout-${name}`, async () => {
    const { hint, leave, isSignedIn } = await leaving();
    const [head, , signature] = hint.split(".");
    const modified = `${head}.${Buffer.from(JSON.stringify({ iss: "x" })).toString("base64url")}.${signature}`;
    const whole = { id_token_hint: hint, ...query };
    onOurPage(await leave({ ...whole, id_token_hint: whole.id_token_hint ?? modified }));
    assert.equal(await isSignedIn(), true, "nobody is signed out");
  });
}
for (const [name, query] of [
  ["no-id-token-hint", { post_logout_redirect_uri: AFTER, state: "left" }],
  ["no-params", {}],
  ["only-state", { state: "left" }],
]) {
  test(`oidcc-rp-initiated-logout-${name}`, async () => {
    const { client, leave, isSignedIn } = await leaving();
    const named = query.post_logout_redirect_uri ? { client_id: client.id } : {};
    assert.match((await leave({ ...query, ...named })).location, /^\/signed-out\/\?confirm=1/, "the person is asked");
    assert.equal(await isSignedIn(), true);
  });
}
test("oidcc-rp-initiated-logout-no-post-logout-redirect-uri", async () => {
  const { hint, leave, isSignedIn } = await leaving();
  assert.equal((await leave({ id_token_hint: hint, state: "left" })).location, "/signed-out/");
  assert.equal(await isSignedIn(), false);
});
test("oidcc-rp-initiated-logout-no-state", async () => {
  const { hint, leave, isSignedIn } = await leaving();
  assert.equal((await leave({ id_token_hint: hint, post_logout_redirect_uri: AFTER })).location, AFTER);
  assert.equal(await isSignedIn(), false);
});
