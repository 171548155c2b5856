// Clients of other people's libraries that register themselves (RFC 7591), as public clients and as such that sign.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import * as oauth from "oauth4webapi";
import * as oidc from "openid-client";
import { person } from "../journeys/authorize.mjs";
import { letIn } from "../journeys/enrolled.mjs";
import { ORIGIN, administrator, fresh } from "../journeys/manage.mjs";
import { application, browserOf } from "./browser.mjs";

const ISSUER = new URL(`${ORIGIN}/oauth2/token`);
/** The platform under test is on loopback, without TLS. */
const PLAIN = { [oauth.allowInsecureRequests]: true };

let eve, app, browser, server, token;

before(async () => {
  const { admin } = await administrator();
  ({ token } = await letIn(admin, 20));
  eve = await person();
  app = await application();
  browser = await browserOf(eve);
  server = await oauth.processDiscoveryResponse(ISSUER, await oauth.discoveryRequest(ISSUER, { algorithm: "oidc", ...PLAIN }));
});

after(async () => {
  await browser?.close();
  app?.close();
});

async function registered(metadata) {
  const answer = await oauth.dynamicClientRegistrationRequest(server, metadata, { initialAccessToken: token, ...PLAIN });
  return oauth.processDynamicClientRegistrationResponse(answer);
}

const pair = async (kid) => {
  const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
  return { key: { key: keys.privateKey, kid }, jwks: { keys: [{ ...(await crypto.subtle.exportKey("jwk", keys.publicKey)), kid }] } };
};

test("oauth4webapi registers a public client: code + PKCE, refresh bound by DPoP (RFC 7591, 7636, 9449)", async () => {
  const client = await registered({
    client_name: fresh("phone"),
    redirect_uris: [app.callback],
    grant_types: ["authorization_code", "refresh_token"],
    token_endpoint_auth_method: "none",
  });
  const authentication = oauth.None();
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const address = new URL(server.authorization_endpoint);
  address.search = new URLSearchParams({
    client_id: client.client_id,
    response_type: "code",
    redirect_uri: app.callback,
    scope: "openid",
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
  });
  await browser.allow(address);
  const params = oauth.validateAuthResponse(server, client, await app.next(), state);
  const bound = { DPoP: oauth.DPoP(client, await oauth.generateKeyPair("ES256")), ...PLAIN };
  const redeem = () => oauth.authorizationCodeGrantRequest(server, client, authentication, params, app.callback, verifier, bound);
  const first = await redeem()
    .then((answer) => oauth.processAuthorizationCodeResponse(server, client, answer))
    .catch(async (error) => {
      if (!oauth.isDPoPNonceError(error)) throw error;
      return oauth.processAuthorizationCodeResponse(server, client, await redeem());
    });
  assert.equal(first.token_type, "dpop");
  const renew = async (options) => {
    const answer = await oauth.refreshTokenGrantRequest(server, client, authentication, first.refresh_token, options);
    return oauth.processRefreshTokenResponse(server, client, answer);
  };
  await assert.rejects(renew(PLAIN), { error: "invalid_grant" });
  const thief = { DPoP: oauth.DPoP(client, await oauth.generateKeyPair("ES256")), ...PLAIN };
  await assert.rejects(renew(thief), (error) => oauth.isDPoPNonceError(error));
  await assert.rejects(renew(thief), { error: "invalid_grant" });
  const second = await renew(bound);
  assert.notEqual(second.refresh_token, first.refresh_token);
});

test("oauth4webapi registers a client that signs (RFC 7591, 7523)", async () => {
  const { key, jwks } = await pair("a");
  const client = await registered({ client_name: fresh("signs"), grant_types: ["client_credentials"], token_endpoint_auth_method: "private_key_jwt", jwks });
  const answer = await oauth.clientCredentialsGrantRequest(server, client, oauth.PrivateKeyJwt(key), {}, PLAIN);
  const { access_token } = await oauth.processClientCredentialsResponse(server, client, answer);
  const said = await oauth.introspectionRequest(server, client, oauth.PrivateKeyJwt(key), access_token, PLAIN);
  assert.equal((await oauth.processIntrospectionResponse(server, client, said)).active, true);
  const thief = oauth.PrivateKeyJwt((await pair("a")).key);
  const refused = await oauth.clientCredentialsGrantRequest(server, client, thief, {}, PLAIN);
  assert.equal(refused.status, 401);
});

test("openid-client registers with a secret, and as one that signs", async () => {
  const options = { execute: [oidc.allowInsecureRequests], initialAccessToken: token };
  const plain = await oidc.dynamicClientRegistration(ISSUER, { client_name: fresh("secret"), grant_types: ["client_credentials"] }, undefined, options);
  assert.equal((await oidc.clientCredentialsGrant(plain)).token_type, "bearer");
  const { key, jwks } = await pair("b");
  const metadata = { client_name: fresh("signs"), grant_types: ["client_credentials"], token_endpoint_auth_method: "private_key_jwt", jwks };
  const signs = await oidc.dynamicClientRegistration(ISSUER, metadata, oidc.PrivateKeyJwt(key), options);
  const { access_token } = await oidc.clientCredentialsGrant(signs);
  assert.equal((await oidc.tokenIntrospection(signs, access_token)).active, true);
});

test("without an initial access token nobody registers", async () => {
  const answer = await oauth.dynamicClientRegistrationRequest(server, { grant_types: ["client_credentials"] }, PLAIN);
  assert.equal(answer.status, 401);
  await assert.rejects(oauth.processDynamicClientRegistrationResponse(answer), oauth.WWWAuthenticateChallengeError);
});

test("Authlib signs for a client that registered itself", async () => {
  const env = { ...process.env, PYTHONPATH: process.env.POSTERN_PYTHONPATH };
  const said = await new Promise((done, failed) => {
    const machine = execFile("python3", [join(import.meta.dirname, "authlib_machine.py")], { env }, (error, out, fault) =>
      error ? failed(new Error(fault)) : done(JSON.parse(out)),
    );
    machine.stdin.end(`${JSON.stringify({ issuer: `${ORIGIN}/oauth2/token`, token })}\n`);
  });
  assert.deepEqual(said, { type: "Bearer", seconds: 3600 });
});
