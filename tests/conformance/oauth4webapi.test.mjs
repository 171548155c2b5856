// The key manager before `oauth4webapi`, a client that somebody else wrote and that checks every answer against its RFC.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as oauth from "oauth4webapi";
import { person, register } from "../journeys/authorize.mjs";
import { ORIGIN, fresh } from "../journeys/manage.mjs";
import { application, browserOf } from "./browser.mjs";

const DEVICE = "urn:ietf:params:oauth:grant-type:device_code";
const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const PETS = "https://pets.example/api";
const ISSUER = new URL(`${ORIGIN}/oauth2/token`);
/** The platform under test is on loopback, without TLS. */
const PLAIN = { [oauth.allowInsecureRequests]: true };

let eve, app, browser, server, client, authentication, tokens;

before(async () => {
  eve = await person();
  app = await application();
  const made = await register(eve, { callback: app.callback, grants: `authorization_code client_credentials ${DEVICE} ${EXCHANGE} refresh_token`, name: fresh("strict") });
  client = { client_id: made.id };
  authentication = oauth.ClientSecretBasic(made.secret);
  browser = await browserOf(eve);
});

after(async () => {
  await browser?.close();
  app?.close();
});

test("discovers the server by both documents (OIDC discovery, RFC 8414)", async () => {
  const answer = await oauth.discoveryRequest(ISSUER, { algorithm: "oidc", ...PLAIN });
  server = await oauth.processDiscoveryResponse(ISSUER, answer);
  const other = await oauth.discoveryRequest(ISSUER, { algorithm: "oauth2", ...PLAIN });
  const document = await oauth.processDiscoveryResponse(ISSUER, other);
  assert.equal(document.token_endpoint, server.token_endpoint);
});

test("code + PKCE by a pushed request, with `iss`, ID token and user (RFC 6749, 7636, 9126, 9207, OIDC core)", async () => {
  const verifier = oauth.generateRandomCodeVerifier();
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
  const asked = new URLSearchParams({
    response_type: "code",
    redirect_uri: app.callback,
    scope: "openid profile email offline_access",
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
  });
  const pushed = await oauth.pushedAuthorizationRequest(server, client, authentication, asked, PLAIN);
  const { request_uri } = await oauth.processPushedAuthorizationResponse(server, client, pushed);
  const address = new URL(server.authorization_endpoint);
  address.search = new URLSearchParams({ client_id: client.client_id, request_uri });
  await browser.allow(address);
  const params = oauth.validateAuthResponse(server, client, await app.next(), state);
  const answer = await oauth.authorizationCodeGrantRequest(server, client, authentication, params, app.callback, verifier, PLAIN);
  tokens = await oauth.processAuthorizationCodeResponse(server, client, answer, { expectedNonce: nonce, requireIdToken: true });
  await oauth.validateApplicationLevelSignature(server, answer, PLAIN);
  const claims = oauth.getValidatedIdTokenClaims(tokens);
  const info = await oauth.userInfoRequest(server, client, tokens.access_token, PLAIN);
  const user = await oauth.processUserInfoResponse(server, client, claims.sub, info);
  assert.equal(user.email, eve.email);
});

test("the access token is one of RFC 9068", async () => {
  const request = new Request("https://api.example/", { headers: { authorization: `Bearer ${tokens.access_token}` } });
  const claims = await oauth.validateJwtAccessToken(server, request, client.client_id, PLAIN);
  assert.equal(claims.client_id, client.client_id);
});

test("a token bound to a key, with the nonce that the server wants, opens userinfo (RFC 9449)", async () => {
  const proofs = oauth.DPoP(client, await oauth.generateKeyPair("ES256"));
  const options = { DPoP: proofs, ...PLAIN };
  const refresh = async () => {
    const answer = await oauth.refreshTokenGrantRequest(server, client, authentication, tokens.refresh_token, options);
    return oauth.processRefreshTokenResponse(server, client, answer);
  };
  await assert.rejects(refresh(), (error) => oauth.isDPoPNonceError(error));
  tokens = await refresh();
  assert.equal(tokens.token_type, "dpop");
  const { sub } = oauth.getValidatedIdTokenClaims(tokens);
  const info = await oauth.userInfoRequest(server, client, tokens.access_token, options);
  assert.equal((await oauth.processUserInfoResponse(server, client, sub, info)).sub, sub);
});

test("refresh rotates, and the old one is refused (RFC 6749 section 6, RFC 9700)", async () => {
  const old = tokens.refresh_token;
  const answer = await oauth.refreshTokenGrantRequest(server, client, authentication, old, PLAIN);
  tokens = await oauth.processRefreshTokenResponse(server, client, answer);
  assert.notEqual(tokens.refresh_token, old);
  const again = await oauth.refreshTokenGrantRequest(server, client, authentication, old, PLAIN);
  await assert.rejects(oauth.processRefreshTokenResponse(server, client, again), { error: "invalid_grant" });
});

test("a token for a resource, and one exchanged for a narrower one (RFC 8707, 8693)", async () => {
  const asked = [["scope", "read write"], ["resource", PETS], ["resource", "urn:example:shop"]];
  const granted = await oauth.clientCredentialsGrantRequest(server, client, authentication, asked, PLAIN);
  const wide = await oauth.processClientCredentialsResponse(server, client, granted);
  const exchange = async (more) => {
    const params = { subject_token: wide.access_token, subject_token_type: "urn:ietf:params:oauth:token-type:access_token", ...more };
    const answer = await oauth.genericTokenEndpointRequest(server, client, authentication, EXCHANGE, params, PLAIN);
    return oauth.processGenericTokenEndpointResponse(server, client, answer);
  };
  const narrow = await exchange({ scope: "read", resource: PETS });
  assert.equal(narrow.issued_token_type, "urn:ietf:params:oauth:token-type:access_token");
  const request = new Request(PETS, { headers: { authorization: `Bearer ${narrow.access_token}` } });
  const claims = await oauth.validateJwtAccessToken(server, request, PETS, PLAIN);
  assert.deepEqual([claims.aud, claims.scope], [[PETS], "read"]);
  await assert.rejects(oauth.validateJwtAccessToken(server, request, "urn:example:shop", PLAIN));
  await assert.rejects(exchange({ resource: "https://other.example" }), { error: "invalid_target" });
  await assert.rejects(exchange({ scope: "admin" }), { error: "invalid_scope" });
});

test("introspection and revocation (RFC 7662, 7009)", async () => {
  const granted = await oauth.clientCredentialsGrantRequest(server, client, authentication, {}, PLAIN);
  const { access_token } = await oauth.processClientCredentialsResponse(server, client, granted);
  const look = async () =>
    oauth.processIntrospectionResponse(server, client, await oauth.introspectionRequest(server, client, authentication, access_token, PLAIN));
  assert.equal((await look()).active, true);
  await oauth.processRevocationResponse(await oauth.revocationRequest(server, client, authentication, access_token, PLAIN));
  assert.deepEqual(await look(), { active: false });
});

test("a device and its person (RFC 8628)", async () => {
  const asked = await oauth.deviceAuthorizationRequest(server, client, authentication, { scope: "openid" }, PLAIN);
  const device = await oauth.processDeviceAuthorizationResponse(server, client, asked);
  const poll = async () => {
    const answer = await oauth.deviceCodeGrantRequest(server, client, authentication, device.device_code, PLAIN);
    return oauth.processDeviceCodeResponse(server, client, answer);
  };
  await assert.rejects(poll(), { error: "authorization_pending" });
  await browser.confirm(device.verification_uri_complete);
  assert.ok((await poll()).access_token);
});

test("a wrong secret is refused in the words of RFC 6749 section 5.2", async () => {
  const wrong = oauth.ClientSecretBasic("wrong");
  const answer = await oauth.clientCredentialsGrantRequest(server, client, wrong, {}, PLAIN);
  assert.equal(answer.status, 401);
  assert.match(answer.headers.get("www-authenticate"), /^Basic /);
});
