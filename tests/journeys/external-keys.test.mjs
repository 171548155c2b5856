// An application's keys at an external key manager: a certified provider where clients register themselves.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { INITIAL_ACCESS_TOKEN, frailIssuer, keyManager } from "./issuers.mjs";
import { ADMIN, DEVPORTAL, administrator, fresh, somebody } from "./manage.mjs";
import { get, signIn, startUpstream, within } from "./platform.mjs";

const AT = `${ADMIN}/key-managers`;
const CREDENTIALS = { keyType: "PRODUCTION", grantTypesToBeSupported: ["client_credentials"], callbackUrl: "" };
let admin, bob, upstream, desk, api, provider, manager;

before(async () => {
  const entered = await administrator();
  admin = entered.admin;
  bob = await somebody(admin, entered.client, ["Internal/subscriber"]);
  upstream = await startUpstream();
  desk = await signIn();
  api = await desk.publishApi(upstream.url);
  provider = await keyManager();
  const form = new FormData();
  form.set("url", `${provider.issuer}/.well-known/openid-configuration`);
  const { value } = (await admin.expect(200, "POST", `${AT}/discover`, form)).body;
  const wish = {
    ...value,
    name: fresh("Certified"),
    enabled: true,
    consumerKeyClaim: "client_id",
    additionalProperties: { initial_access_token: INITIAL_ACCESS_TOKEN },
  };
  const made = await admin.expect(201, "POST", AT, wish);
  manager = made.body;
  assert.ok(!made.text.includes(INITIAL_ACCESS_TOKEN));
});

after(async () => {
  try {
    if (manager) await admin.expect(200, "DELETE", `${AT}/${manager.id}`);
    await desk?.tidy();
  } finally {
    await upstream?.close();
    await provider?.close();
  }
});

/** An application of the administrator's, subscribed to the API. */
async function application() {
  const { id } = await desk.subscribe(api);
  return `${DEVPORTAL}/applications/${id}`;
}

const generate = (at, change = {}) => admin.send("POST", `${at}/generate-keys`, { ...CREDENTIALS, keyManager: manager.name, ...change });
const status = async (token) => (await get(`${api.base}/pets/1`, token)).status;

describe("an external key manager", () => {
  it("is shown to consumers with what they need there", async () => {
    const { list } = (await bob.expect(200, "GET", `${DEVPORTAL}/key-managers`)).body;
    assert.equal(list[0].name, "Resident Key Manager");
    const shown = list.find(({ name }) => name === manager.name);
    assert.equal(shown.tokenEndpoint, `${provider.issuer}/token`);
    assert.ok(shown.availableGrantTypes.includes("client_credentials"));
    assert.deepEqual([shown.enabled, shown.enableOAuthAppCreation, shown.enableMapOAuthConsumerApps], [true, true, true]);
    assert.ok(!JSON.stringify(list).includes(INITIAL_ACCESS_TOKEN));
  });

  it("is for those whom its permissions name", async () => {
    const frail = await frailIssuer();
    const permissions = { permissionType: "ALLOW", roles: ["Internal/publisher"] };
    const certificates = { type: "JWKS", value: `${frail.issuer}/keys` };
    const { body } = await admin.expect(201, "POST", AT, { name: fresh("Few"), issuer: frail.issuer, certificates, permissions, enabled: true });
    const seen = async () => (await bob.expect(200, "GET", `${DEVPORTAL}/key-managers`)).body.list.some(({ id }) => id === body.id);
    assert.equal(await seen(), false);
    const wish = { name: fresh("app"), throttlingPolicy: "Unlimited" };
    const { applicationId } = (await bob.expect(201, "POST", `${DEVPORTAL}/applications`, wish)).body;
    const mapping = { consumerKey: "c", keyType: "SANDBOX", keyManager: body.name };
    const refused = await bob.expect(400, "POST", `${DEVPORTAL}/applications/${applicationId}/map-keys`, mapping);
    assert.match(refused.body.description, /there is no key manager/);
    await admin.expect(200, "PUT", `${AT}/${body.id}`, { ...body, permissions: { permissionType: "DENY", roles: ["Internal/publisher"] } });
    assert.equal(await seen(), true);
    await bob.expect(200, "POST", `${DEVPORTAL}/applications/${applicationId}/map-keys`, mapping);
    await admin.expect(200, "DELETE", `${AT}/${body.id}`);
    assert.equal((await bob.expect(200, "GET", `${DEVPORTAL}/applications/${applicationId}/oauth-keys`)).body.count, 0);
    await bob.expect(200, "DELETE", `${DEVPORTAL}/applications/${applicationId}`);
    await frail.close();
  });
});

describe("keys at an external key manager", () => {
  it("are made there, open the API, are changed there, and go from there", async () => {
    const at = await application();
    const { status: made, body: key, text } = await generate(at);
    assert.equal(made, 200, text);
    assert.deepEqual([key.keyManager, key.mode, key.keyType], [manager.name, "CREATED", "PRODUCTION"]);
    assert.ok(key.consumerSecret && key.token.accessToken);
    await within(10_000, "the gateway knows the client", async () => (await status(key.token.accessToken)) === 200);
    const { access_token: token } = await provider.token(key.consumerKey, key.consumerSecret);
    assert.equal(await status(token), 200);
    const again = await generate(at);
    assert.deepEqual([again.status, again.body.code], [409, 900951]);
    const own = `${at}/oauth-keys/${key.keyMappingId}`;
    const read = (await admin.expect(200, "GET", own)).body;
    assert.deepEqual([read.consumerKey, read.consumerSecret], [key.consumerKey, undefined]);
    assert.equal((await admin.expect(200, "GET", `${at}/oauth-keys`)).body.count, 2, "beside the built-in one's");
    assert.equal((await admin.expect(200, "GET", `${at}/keys/PRODUCTION`)).body.keyManager, "Resident Key Manager");
    const trial = { consumerSecret: key.consumerSecret };
    const fromHere = (await admin.expect(200, "POST", `${own}/generate-token`, trial)).body;
    assert.equal(await status(fromHere.accessToken), 200);
    await admin.expect(400, "POST", `${own}/generate-token`, {});
    await admin.expect(400, "POST", `${own}/generate-token`, { consumerSecret: "wrong" });
    await admin.expect(400, "POST", `${own}/regenerate-secret`);
    await admin.expect(400, "POST", `${own}/generate-secret`);
    await admin.expect(400, "GET", `${own}/secrets`);
    await admin.expect(200, "POST", `${own}/clean-up`);
    assert.equal(await status(token), 200, "whole keys stay");
    const change = { supportedGrantTypes: ["client_credentials", "authorization_code"], callbackUrl: "https://app.example.org/cb" };
    const changed = (await admin.expect(200, "PUT", own, change)).body;
    assert.deepEqual([changed.supportedGrantTypes, changed.callbackUrl], [change.supportedGrantTypes, change.callbackUrl]);
    await admin.expect(200, "DELETE", own);
    await within(5_000, "the token stops", async () => (await status(token)) !== 200);
    assert.equal((await provider.token(key.consumerKey, key.consumerSecret)).error, "invalid_client");
    assert.equal((await generate(at)).status, 200);
  });

  it("go with their application", async () => {
    const wish = { name: fresh("short"), throttlingPolicy: "Unlimited" };
    const { applicationId } = (await admin.expect(201, "POST", `${DEVPORTAL}/applications`, wish)).body;
    const { body: key } = await generate(`${DEVPORTAL}/applications/${applicationId}`);
    await admin.expect(200, "DELETE", `${DEVPORTAL}/applications/${applicationId}`);
    assert.equal((await provider.token(key.consumerKey, key.consumerSecret)).error, "invalid_client");
  });

  it("are refused with a reason", async () => {
    const at = await application();
    for (const [change, word] of [
      [{ keyManager: "Nobody" }, "keyManager"],
      [{ keyType: "NONE" }, "keyType"],
      [{ grantTypesToBeSupported: [] }, "grantTypesToBeSupported"],
      [{ grantTypesToBeSupported: ["password"] }, "grantTypesToBeSupported"],
      [{ grantTypesToBeSupported: ["authorization_code"] }, "callbackUrl"],
      [{ additionalProperties: { pkceMandatory: true } }, "pkceMandatory"],
      [{ additionalProperties: { token_endpoint_auth_method: "made-up" } }, "token_endpoint_auth_method"],
    ]) {
      const { status: found, body } = await generate(at, change);
      assert.deepEqual([found, body.description.includes(word)], [400, true], body.description);
    }
    assert.equal((await admin.expect(200, "GET", `${at}/oauth-keys`)).body.count, 1);
  });

  it("survive the provider's new keys without one failed call", async () => {
    const at = await application();
    const { body: key } = await generate(at);
    const calls = [];
    const call = async () => {
      const { access_token: token, error } = await provider.token(key.consumerKey, key.consumerSecret);
      calls.push(error ?? (await status(token)));
    };
    await within(10_000, "the gateway knows the client", async () => (await status(key.token.accessToken)) === 200);
    for (let n = 0; n < 5; n += 1) await call();
    await provider.rotate();
    for (let n = 0; n < 20; n += 1) await call();
    assert.deepEqual(new Set(calls), new Set([200]));
    assert.equal(await status(key.token.accessToken), 200, "what the old key signed");
  });

  it("are mapped for whoever has their secret, and for one application", async () => {
    const at = await application();
    const headers = { authorization: `Bearer ${INITIAL_ACCESS_TOKEN}`, "content-type": "application/json" };
    const metadata = { grant_types: ["client_credentials"], response_types: [], redirect_uris: [] };
    const answer = await fetch(`${provider.issuer}/reg`, { method: "POST", headers, body: JSON.stringify(metadata) });
    const client = await answer.json();
    const mapping = { consumerKey: client.client_id, consumerSecret: client.client_secret, keyType: "PRODUCTION", keyManager: manager.name };
    for (const consumerSecret of ["wrong", "", undefined]) await admin.expect(400, "POST", `${at}/map-keys`, { ...mapping, consumerSecret });
    const key = (await admin.expect(200, "POST", `${at}/map-keys`, mapping)).body;
    assert.deepEqual([key.mode, key.consumerKey], ["MAPPED", client.client_id]);
    const { access_token: token } = await provider.token(client.client_id, client.client_secret);
    await within(10_000, "the gateway knows the client", async () => (await status(token)) === 200);
    const other = await application();
    await admin.expect(409, "POST", `${other}/map-keys`, mapping);
    await admin.expect(409, "POST", `${at}/generate-keys`, { ...CREDENTIALS, keyManager: manager.name });
    await admin.expect(400, "PUT", `${at}/oauth-keys/${key.keyMappingId}`, { supportedGrantTypes: ["client_credentials"] });
    await admin.expect(200, "DELETE", `${at}/oauth-keys/${key.keyMappingId}`);
    await within(5_000, "the token stops", async () => (await status(token)) !== 200);
    assert.equal((await provider.token(client.client_id, client.client_secret)).status, 200, "the client is its own again");
    await admin.expect(200, "POST", `${other}/map-keys`, mapping);
  });

  it("never reach a client of ours that has the same name", async () => {
    const victim = await application();
    const { consumerKey } = (await admin.expect(200, "GET", `${victim}/keys/PRODUCTION`)).body;
    const frail = await frailIssuer();
    const certificates = { type: "JWKS", value: `${frail.issuer}/keys` };
    const { body } = await admin.expect(201, "POST", AT, { name: fresh("Twin"), issuer: frail.issuer, certificates, enabled: true });
    const wish = { name: fresh("twin"), throttlingPolicy: "Unlimited" };
    const { applicationId } = (await bob.expect(201, "POST", `${DEVPORTAL}/applications`, wish)).body;
    const at = `${DEVPORTAL}/applications/${applicationId}`;
    const key = (await bob.expect(200, "POST", `${at}/map-keys`, { consumerKey, keyType: "PRODUCTION", keyManager: body.name })).body;
    await bob.expect(400, "POST", `${at}/oauth-keys/${key.keyMappingId}/regenerate-secret`);
    await bob.expect(200, "DELETE", `${at}/oauth-keys/${key.keyMappingId}`);
    await bob.expect(200, "DELETE", at);
    assert.equal((await admin.expect(200, "GET", `${victim}/keys/PRODUCTION`)).body.consumerKey, consumerKey);
    await admin.expect(200, "POST", `${victim}/keys/PRODUCTION/generate-token`, {});
    await admin.expect(200, "DELETE", `${AT}/${body.id}`);
    await frail.close();
  });
});
