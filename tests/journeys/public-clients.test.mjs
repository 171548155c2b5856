// Clients that can keep no secret: what their id alone opens, and what it does not.

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { CALLBACK, OWN_PAGE, authorize, basic, carried, codeFor, person, proof, register, signIn } from "./authorize.mjs";
import { enroll, letIn, post } from "./enrolled.mjs";
import { administrator, nobody } from "./manage.mjs";

const DEVICE = "urn:ietf:params:oauth:grant-type:device_code";

let cookie, client, confidential;

before(async () => {
  const { admin } = await administrator();
  const eve = await person();
  cookie = await signIn(eve);
  const { token } = await letIn(admin);
  const metadata = { redirect_uris: [CALLBACK], grant_types: ["authorization_code", "refresh_token", DEVICE], token_endpoint_auth_method: "none" };
  const answer = await enroll(metadata, token);
  assert.equal(answer.status, 201, answer.text);
  assert.equal(answer.body.client_secret, undefined);
  client = { id: answer.body.client_id };
  confidential = await register(eve, { grants: `authorization_code refresh_token client_credentials ${DEVICE}` });
});

const ask = (params, headers) => post("/oauth2/token", { client_id: client.id, ...params }, headers);
const redeem = ({ code, verifier }, more = {}, headers) =>
  ask({ grant_type: "authorization_code", code, code_verifier: verifier, redirect_uri: CALLBACK, ...more }, headers);
const refresh = (token, headers) => ask({ grant_type: "refresh_token", refresh_token: token }, headers);

describe("a public client", () => {
  it("gets tokens by a code and its verifier", async () => {
    const { body: tokens, status, text } = await redeem(await codeFor(client, cookie));
    assert.equal(status, 200, text);
    const me = await nobody.send("GET", "/oauth2/userinfo", undefined, { authorization: `Bearer ${tokens.access_token}` });
    assert.equal(me.status, 200);
    const shown = await codeFor(client, cookie);
    for (const [what, more] of [
      ["another verifier", { code_verifier: proof().verifier }],
      ["no verifier", { code_verifier: "" }],
      ["another address", { redirect_uri: `${CALLBACK}/x` }],
    ]) {
      const fresh = await codeFor(client, cookie);
      assert.ok(["invalid_grant", "invalid_request"].includes((await redeem(fresh, more)).body.error), what);
    }
    assert.equal((await redeem(shown, { client_id: confidential.id })).body.error, "invalid_client");
    assert.equal((await redeem(shown)).status, 200);
  });

  it("asks with PKCE by S256 or not at all", async () => {
    const asked = { response_type: "code", client_id: client.id, redirect_uri: CALLBACK, scope: "openid", state: "s" };
    assert.equal(carried(await authorize(asked, cookie)).error, "invalid_request");
    const { verifier } = proof();
    const plain = { ...asked, code_challenge: verifier, code_challenge_method: "plain" };
    assert.equal(carried(await authorize(plain, cookie)).error, "invalid_request");
  });

  it("gets another refresh token each time, and none for a spent one", async () => {
    const first = (await redeem(await codeFor(client, cookie))).body;
    const second = await refresh(first.refresh_token);
    assert.equal(second.status, 200, second.text);
    assert.notEqual(second.body.refresh_token, first.refresh_token);
    assert.equal((await refresh(first.refresh_token)).body.error, "invalid_grant");
    assert.equal((await refresh(second.body.refresh_token)).body.error, "invalid_grant", "the family is gone");
  });

  it("gets no token for itself, nor by a password", async () => {
    for (const params of [{ grant_type: "client_credentials" }, { grant_type: "password", username: "a", password: "b" }]) {
      const answer = await ask(params);
      assert.deepEqual([answer.status, answer.body.error], [400, "unauthorized_client"], answer.text);
    }
  });

  it("pushes requests, starts devices and takes its tokens back", async () => {
    const { query, verifier } = proof();
    const asked = { client_id: client.id, response_type: "code", redirect_uri: CALLBACK, scope: "openid", ...query };
    const pushed = await post("/oauth2/par", asked);
    assert.equal(pushed.status, 201, pushed.text);
    const answer = await authorize({ client_id: client.id, request_uri: pushed.body.request_uri }, cookie);
    const { body: tokens } = await redeem({ code: carried(answer).code, verifier });
    const device = await post("/oauth2/device_authorization", { client_id: client.id, scope: "openid" });
    assert.equal(device.status, 200, device.text);
    await nobody.send("POST", "/oauth2/device/decision", { userCode: device.body.user_code, decision: "approve" }, { ...OWN_PAGE, ...cookie });
    const polled = await ask({ grant_type: DEVICE, device_code: device.body.device_code });
    assert.equal(polled.status, 200, polled.text);
    assert.equal((await post("/oauth2/revoke", { client_id: client.id, token: tokens.refresh_token })).status, 200);
    assert.equal((await refresh(tokens.refresh_token)).body.error, "invalid_grant");
    assert.equal((await refresh(polled.body.refresh_token)).status, 200, "another sign-in's tokens stay");
  });

  it("learns nothing by introspection", async () => {
    const { body: tokens } = await redeem(await codeFor(client, cookie));
    const answer = await post("/oauth2/introspect", { client_id: client.id, token: tokens.access_token });
    assert.deepEqual([answer.status, answer.body.error], [401, "invalid_client"]);
  });

  it("is not what a client with a secret may pass for", async () => {
    for (const [path, params] of [
      ["/oauth2/token", { grant_type: "client_credentials" }],
      ["/oauth2/par", { response_type: "code" }],
      ["/oauth2/device_authorization", {}],
      ["/oauth2/revoke", { token: "x" }],
      ["/oauth2/introspect", { token: "x" }],
    ]) {
      const answer = await post(path, { client_id: confidential.id, ...params });
      assert.deepEqual([answer.status, answer.body.error], [401, "invalid_client"], path);
    }
    assert.equal((await ask({ grant_type: "client_credentials" }, basic(client.id, "x"))).status, 401);
  });
});
