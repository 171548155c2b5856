// The key manager before `openid-client`, the certified client that most Node applications use.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as oidc from "openid-client";
import { person, register } from "../journeys/authorize.mjs";
import { ORIGIN, fresh } from "../journeys/manage.mjs";
import { application, browserOf } from "./browser.mjs";

const DEVICE = "urn:ietf:params:oauth:grant-type:device_code";

const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const KIND = "urn:ietf:params:oauth:token-type:access_token";

let eve, app, browser, config, tokens;

before(async () => {
  eve = await person();
  app = await application();
  const made = await register(eve, { callback: app.callback, grants: `authorization_code client_credentials ${DEVICE} ${EXCHANGE} refresh_token`, name: fresh("certified") });
  // The platform under test is on loopback, without TLS.
  const options = { execute: [oidc.allowInsecureRequests] };
  config = await oidc.discovery(new URL(`${ORIGIN}/oauth2/token`), made.id, made.secret, undefined, options);
  browser = await browserOf(eve);
});

after(async () => {
  await browser?.close();
  app?.close();
});

test("a person signs in with code + PKCE and the ID token holds", async () => {
  const verifier = oidc.randomPKCECodeVerifier();
  const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
  const address = oidc.buildAuthorizationUrl(config, {
    redirect_uri: app.callback,
    scope: "openid profile offline_access",
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
  });
  await browser.allow(address);
  const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
  tokens = await oidc.authorizationCodeGrant(config, await app.next(), checks);
  assert.equal(tokens.claims().sub, eve.username);
  const user = await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
  assert.equal(user.name, eve.displayName);
});

test("a forged state or issuer is noticed by the client", async () => {
  const verifier = oidc.randomPKCECodeVerifier();
  const query = { redirect_uri: app.callback, scope: "openid", code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256", state: "mine" };
  await browser.allow(oidc.buildAuthorizationUrl(config, query), { signedIn: true, asked: false });
  const there = await app.next();
  there.searchParams.set("iss", "https://evil.example");
  await assert.rejects(oidc.authorizationCodeGrant(config, there, { pkceCodeVerifier: verifier, expectedState: "mine" }));
});

test("a token bound to a key, for a resource, and one exchanged for it (RFC 9449, 8707, 8693)", async () => {
  const bound = { DPoP: oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair("ES256")) };
  const wide = await oidc.clientCredentialsGrant(config, { scope: "read write", resource: "https://pets.example" }, bound);
  assert.equal(wide.token_type, "dpop");
  const asked = { subject_token: wide.access_token, subject_token_type: KIND, scope: "read" };
  const narrow = await oidc.genericGrantRequest(config, EXCHANGE, asked, bound);
  const known = await oidc.tokenIntrospection(config, narrow.access_token);
  assert.deepEqual([known.active, known.scope, known.aud], [true, "read", ["https://pets.example"]]);
  assert.ok(known.cnf.jkt);
  await assert.rejects(oidc.genericGrantRequest(config, EXCHANGE, asked), { error: "invalid_grant" });
  await assert.rejects(oidc.clientCredentialsGrant(config, { resource: "nowhere" }), { error: "invalid_target" });
});

test("refresh, introspection, revocation", async () => {
  const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token);
  assert.equal((await oidc.tokenIntrospection(config, renewed.access_token)).active, true);
  await oidc.tokenRevocation(config, renewed.refresh_token);
  assert.equal((await oidc.tokenIntrospection(config, renewed.access_token)).active, false);
  await assert.rejects(oidc.refreshTokenGrant(config, renewed.refresh_token), { error: "invalid_grant" });
});

test("a device and its person", async () => {
  const device = await oidc.initiateDeviceAuthorization(config, { scope: "openid" });
  await browser.confirm(device.verification_uri_complete);
  const waiting = oidc.pollDeviceAuthorizationGrant(config, device, undefined, { signal: AbortSignal.timeout(30_000) });
  assert.ok((await waiting).access_token);
});

test("signing out goes where the client says and nowhere else", async () => {
  const address = oidc.buildEndSessionUrl(config, { id_token_hint: tokens.id_token, post_logout_redirect_uri: "https://evil.example/" });
  const answer = await fetch(address, { redirect: "manual", headers: { accept: "text/html" } });
  assert.ok(!(answer.headers.get("location") ?? "").startsWith("https://evil.example"));
});
