// The keys of an application as their owner sees them: making, changing, several secrets, mapping, trying, taking back.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { DEVPORTAL, ORIGIN, administrator, fresh, nobody, somebody } from "./manage.mjs";
import { signIn, startUpstream, within } from "./platform.mjs";

const FORM = { "content-type": "application/x-www-form-urlencoded" };
const CALLBACK = "https://app.example.org/cb";
const CREDENTIALS = { keyType: "PRODUCTION", grantTypesToBeSupported: ["client_credentials"] };

let admin, ann, bob;

const basic = (name, secret) => ({ authorization: `Basic ${Buffer.from(`${name}:${secret}`).toString("base64")}` });
const ask = (path, params, id, secret) =>
  nobody.send("POST", path, new URLSearchParams(params).toString(), { ...FORM, ...basic(id, secret) });
const token = (id, secret) => ask("/oauth2/token", { grant_type: "client_credentials" }, id, secret);
const places = ({ body }) => body.error.map((fault) => fault.description);

/** An application of somebody's; the path of its keys. */
async function makeApplication(person) {
  const body = { name: fresh("app"), throttlingPolicy: "Unlimited" };
  const made = await person.expect(201, "POST", `${DEVPORTAL}/applications`, body);
  return `${DEVPORTAL}/applications/${made.body.applicationId}`;
}

/** An application with keys: where it is, and what it has. */
async function makeKeys(person, more = {}) {
  const at = await makeApplication(person);
  const { body } = await person.expect(200, "POST", `${at}/generate-keys`, { ...CREDENTIALS, ...more });
  return { at, own: `${at}/oauth-keys/${body.keyMappingId}`, key: body };
}

/** A client that its owner registers by itself. */
async function registerClient(person) {
  const body = { clientName: fresh("c"), grantType: "client_credentials", saasApp: true };
  const own = basic(person.name, person.password);
  return (await nobody.expect(200, "POST", "/client-registration/v0.17/register", body, own)).body;
}

before(async () => {
  const entered = await administrator();
  admin = entered.admin;
  ann = await somebody(admin, entered.client, ["Internal/subscriber"]);
  bob = await somebody(admin, entered.client, ["Internal/subscriber"]);
  admin.password = process.env.POSTERN_ADMIN_PASSWORD;
});

describe("generate-keys", () => {
  it("names every fault, and makes nothing", async () => {
    const at = await makeApplication(ann);
    const refuse = async (more, expected) => {
      const answer = await ann.expect(400, "POST", `${at}/generate-keys`, { ...CREDENTIALS, ...more });
      assert.deepEqual(places(answer).sort(), expected);
    };
    const code = { grantTypesToBeSupported: ["authorization_code"] };
    await refuse(code, ["callbackUrl"]);
    await refuse({ ...code, callbackUrl: "http://app.example.org/cb" }, ["callbackUrl"]);
    await refuse({ ...code, callbackUrl: "javascript:alert(1)" }, ["callbackUrl"]);
    await refuse({ keyType: "TEST", grantTypesToBeSupported: [] }, ["grantTypesToBeSupported", "keyType"]);
    await refuse({ keyManager: "Other", validityTime: "soon" }, ["keyManager", "validityTime"]);
    const wrong = { refresh_token_expiry_time: -5, pkceMandatory: "perhaps", id_token_expiry_time: 1e9, surplus: 1 };
    await refuse(
      { additionalProperties: wrong },
      Object.keys(wrong).map((name) => `additionalProperties.${name}`).sort(),
    );
    await refuse({ additionalProperties: { bypassClientCredentials: true } }, ["additionalProperties.bypassClientCredentials"]);
    await ann.expect(400, "POST", `${at}/generate-keys`, { ...CREDENTIALS, surplus: 1 });
    await ann.expect(400, "POST", `${at}/generate-keys`, "{", { "content-type": "application/json" });
    await ann.expect(415, "POST", `${at}/generate-keys`, "{}", { "content-type": "text/plain" });
    assert.deepEqual((await ann.expect(200, "GET", `${at}/keys`)).body, { count: 0, list: [] });
  });

  it("heeds lifetimes, and tells every setting", async () => {
    const additionalProperties = { application_access_token_expiry_time: "120", refresh_token_expiry_time: "N/A" };
    const { key } = await makeKeys(ann, { additionalProperties });
    assert.deepEqual(key.additionalProperties, {
      application_access_token_expiry_time: 120,
      user_access_token_expiry_time: 3600,
      refresh_token_expiry_time: 86_400,
      id_token_expiry_time: 3600,
      pkceMandatory: true,
      pkceSupportPlain: false,
      bypassClientCredentials: false,
    });
    assert.equal(key.token.validityTime, 120);
    assert.equal((await token(key.consumerKey, key.consumerSecret)).body.expires_in, 120);
  });

  it("is refused a second time for the same type of key, also at the same moment", async () => {
    const { at, key } = await makeKeys(ann);
    const again = await ann.expect(409, "POST", `${at}/generate-keys`, CREDENTIALS);
    assert.equal(again.body.code, 900951);
    const sandbox = { ...CREDENTIALS, keyType: "SANDBOX" };
    const both = await Promise.all([1, 2].map(() => ann.send("POST", `${at}/generate-keys`, sandbox)));
    assert.deepEqual(both.map(({ status }) => status).sort(), [200, 409]);
    assert.equal((await ann.expect(200, "GET", `${at}/keys`)).body.count, 2);
    const read = (await ann.expect(200, "GET", `${at}/keys/PRODUCTION`)).body;
    assert.equal(read.consumerKey, key.consumerKey);
    assert.equal(read.consumerSecret, undefined);
  });

  it("asks for PKCE as the settings say", async () => {
    const code = { grantTypesToBeSupported: ["authorization_code"], callbackUrl: CALLBACK };
    const begin = async (additionalProperties, params) => {
      const { key } = await makeKeys(ann, { ...code, additionalProperties });
      const query = new URLSearchParams({ client_id: key.consumerKey, response_type: "code", redirect_uri: CALLBACK, ...params });
      const answer = await fetch(`${ORIGIN}/oauth2/authorize?${query}`, { redirect: "manual" });
      const to = new URL(answer.headers.get("location"), ORIGIN);
      return to.href.startsWith(CALLBACK) ? to.searchParams.get("error") : to.pathname;
    };
    const plain = { code_challenge: "x".repeat(43), code_challenge_method: "plain" };
    assert.equal(await begin({}, {}), "invalid_request");
    assert.equal(await begin({}, plain), "invalid_request");
    assert.equal(await begin({ pkceMandatory: false }, {}), "/sign-in/");
    assert.equal(await begin({ pkceSupportPlain: true }, plain), "/sign-in/");
    const bypassClientCredentials = true;
    assert.equal(await begin({ pkceMandatory: false, bypassClientCredentials }, {}), "invalid_request");
    assert.equal(await begin({ pkceSupportPlain: true, bypassClientCredentials }, plain), "invalid_request");
  });
});

describe("keys", () => {
  it("are changed as a whole or not at all", async () => {
    const { at, own, key } = await makeKeys(ann);
    const { consumerSecret, token: first, ...shown } = key;
    await ann.expect(200, "PUT", own, { ...shown, consumerSecret: null });
    const bad = { ...shown, supportedGrantTypes: ["authorization_code"], additionalProperties: { x: 1 } };
    assert.deepEqual(places(await ann.expect(400, "PUT", own, bad)), ["callbackUrl", "additionalProperties.x"]);
    assert.deepEqual((await ann.expect(200, "GET", own)).body, shown);
    const wanted = { supportedGrantTypes: ["password"], additionalProperties: { id_token_expiry_time: 60 } };
    const changed = (await ann.expect(200, "PUT", `${at}/keys/PRODUCTION`, wanted)).body;
    assert.deepEqual(changed.supportedGrantTypes, ["password"]);
    assert.equal(changed.additionalProperties.id_token_expiry_time, 60);
    assert.equal((await token(key.consumerKey, consumerSecret)).body.error, "unauthorized_client");
    await ann.expect(400, "POST", `${own}/generate-token`, {});
    assert.ok(first.accessToken);
  });

  it("of others are not there", async () => {
    const { at, own, key } = await makeKeys(ann);
    const other = await makeKeys(bob);
    const secretId = (await ann.expect(200, "GET", `${own}/secrets`)).body.list[0].secretId;
    const uuid = { keyUUID: randomUUID() };
    for (const [method, path, body] of [
      ["POST", `${at}/generate-keys`, { ...CREDENTIALS, keyType: "SANDBOX" }],
      ["POST", `${at}/map-keys`, { consumerKey: "c", consumerSecret: "s", keyType: "SANDBOX" }],
      ["GET", `${at}/keys`],
      ["GET", `${at}/keys/PRODUCTION`],
      ["PUT", `${at}/keys/PRODUCTION`, { supportedGrantTypes: ["password"] }],
      ["POST", `${at}/keys/PRODUCTION/clean-up`],
      ["POST", `${at}/keys/PRODUCTION/regenerate-secret`],
      ["POST", `${at}/keys/PRODUCTION/generate-token`, {}],
      ["GET", `${at}/oauth-keys`],
      ["GET", own],
      ["PUT", own, { supportedGrantTypes: ["password"] }],
      ["DELETE", own],
      ["POST", `${own}/clean-up`],
      ["POST", `${own}/regenerate-secret`],
      ["POST", `${own}/generate-token`, {}],
      ["POST", `${own}/generate-secret`, {}],
      ["GET", `${own}/secrets`],
      ["POST", `${own}/revoke-secret`, { secretId }],
      ["POST", `${at}/api-keys/PRODUCTION/regenerate`, uuid],
      // A mapping of ann's below bob's own application.
      ["GET", `${other.at}/oauth-keys/${key.keyMappingId}`],
      ["DELETE", `${other.at}/oauth-keys/${key.keyMappingId}`],
      ["POST", `${other.own}/revoke-secret`, { secretId }],
    ]) {
      await bob.expect(404, method, path, body);
    }
    assert.equal((await token(key.consumerKey, key.consumerSecret)).status, 200);
  });

  it("stay when they are whole and a clean-up is asked for", async () => {
    const { at, own, key } = await makeKeys(ann);
    await ann.expect(200, "POST", `${own}/clean-up`);
    await ann.expect(200, "POST", `${at}/keys/PRODUCTION/clean-up`);
    await ann.expect(404, "POST", `${at}/keys/SANDBOX/clean-up`);
    assert.equal((await token(key.consumerKey, key.consumerSecret)).status, 200);
  });

  it("take their tokens along when they go, alone or with the application", async () => {
    const isActive = async (text) => (await ask("/oauth2/introspect", { token: text }, admin.name, admin.password)).body.active;
    for (const remove of [({ own }) => own, ({ at }) => at]) {
      const made = await makeKeys(ann);
      const issued = (await token(made.key.consumerKey, made.key.consumerSecret)).body.access_token;
      assert.equal(await isActive(issued), true);
      await ann.expect(200, "DELETE", remove(made));
      assert.equal(await isActive(issued), false);
      assert.equal((await token(made.key.consumerKey, made.key.consumerSecret)).status, 401);
      await ann.expect(404, "GET", made.own);
    }
  });
});

describe("secrets", () => {
  it("work side by side, are told once, and end one by one", async () => {
    const { own, key } = await makeKeys(ann);
    const properties = { expiresIn: 3600, description: "for the new data centre" };
    const made = (await ann.expect(201, "POST", `${own}/generate-secret`, { additionalProperties: properties })).body;
    assert.equal(made.additionalProperties.description, properties.description);
    assert.ok(Math.abs(made.additionalProperties.expiresAt - Date.now() / 1000 - 3600) < 60);
    for (const secret of [key.consumerSecret, made.secretValue]) assert.equal((await token(key.consumerKey, secret)).status, 200);
    const { body, text } = await ann.expect(200, "GET", `${own}/secrets`);
    assert.equal(body.count, 2);
    assert.equal(body.list[0].secretId, made.secretId);
    assert.ok(!text.includes(made.secretValue) && !text.includes("secretValue"));
    assert.deepEqual(places(await ann.expect(400, "POST", `${own}/revoke-secret`, { secretId: made.secretId })), ["secretId"]);
    const gone = await ann.expect(204, "POST", `${own}/revoke-secret`, { secretId: body.list[1].secretId });
    assert.equal(gone.text, "");
    assert.equal((await token(key.consumerKey, key.consumerSecret)).status, 401);
    assert.equal((await token(key.consumerKey, made.secretValue)).status, 200);
    await ann.expect(404, "POST", `${own}/revoke-secret`, { secretId: body.list[1].secretId });
  });

  it("end at their time", async () => {
    const { own, key } = await makeKeys(ann);
    const made = (await ann.expect(201, "POST", `${own}/generate-secret`, { additionalProperties: { expiresIn: "1" } })).body;
    await within(5_000, "the secret ends", async () => (await token(key.consumerKey, made.secretValue)).status === 401);
    assert.equal((await ann.expect(200, "GET", `${own}/secrets`)).body.count, 1);
    assert.equal((await token(key.consumerKey, key.consumerSecret)).status, 200);
  });

  it("are refused with nonsense, and beyond ten", async () => {
    const { own } = await makeKeys(ann);
    const wrong = { expiresIn: 0, description: "x".repeat(201), surplus: 1 };
    const refusal = await ann.expect(400, "POST", `${own}/generate-secret`, { additionalProperties: wrong });
    assert.equal(places(refusal).length, 3);
    for (const body of [{ additionalProperties: 7 }, { additionalProperties: { expiresIn: "1e3" } }, { surplus: 1 }]) {
      await ann.expect(400, "POST", `${own}/generate-secret`, body);
    }
    await ann.expect(400, "POST", `${own}/revoke-secret`, {});
    await ann.expect(404, "POST", `${own}/revoke-secret`, { secretId: "none" });
    for (let made = 1; made < 10; made += 1) await ann.expect(201, "POST", `${own}/generate-secret`);
    await ann.expect(400, "POST", `${own}/generate-secret`);
    assert.equal((await ann.expect(200, "GET", `${own}/secrets`)).body.count, 10);
  });

  it("all end at once when one is regenerated", async () => {
    const { own, key } = await makeKeys(ann);
    const more = (await ann.expect(201, "POST", `${own}/generate-secret`)).body;
    const { body } = await ann.expect(200, "POST", `${own}/regenerate-secret`);
    for (const old of [key.consumerSecret, more.secretValue]) assert.equal((await token(key.consumerKey, old)).status, 401);
    assert.equal((await token(body.consumerKey, body.consumerSecret)).status, 200);
  });
});

describe("map-keys", () => {
  it("gives an application a client that its owner registered, and gives it back", async () => {
    const at = await makeApplication(ann);
    const client = await registerClient(ann);
    const wanted = { consumerKey: client.clientId, consumerSecret: client.clientSecret, keyType: "SANDBOX" };
    const key = (await ann.expect(200, "POST", `${at}/map-keys`, wanted)).body;
    assert.deepEqual([key.mode, key.consumerKey, key.keyType], ["MAPPED", client.clientId, "SANDBOX"]);
    await ann.expect(400, "POST", `${at}/map-keys`, { ...wanted, keyType: "PRODUCTION" });
    const change = { supportedGrantTypes: ["client_credentials", "authorization_code"], callbackUrl: CALLBACK };
    await ann.expect(200, "PUT", `${at}/keys/SANDBOX`, change);
    assert.equal((await ann.expect(200, "GET", `${at}/keys/SANDBOX`)).body.callbackUrl, CALLBACK);
    assert.equal((await ann.expect(409, "POST", `${at}/generate-keys`, { ...CREDENTIALS, keyType: "SANDBOX" })).body.code, 900951);
    const issued = (await token(client.clientId, client.clientSecret)).body.access_token;
    await ann.expect(200, "DELETE", `${at}/oauth-keys/${key.keyMappingId}`);
    const state = await ask("/oauth2/introspect", { token: issued }, client.clientId, client.clientSecret);
    assert.equal(state.body.active, false);
    assert.equal((await token(client.clientId, client.clientSecret)).status, 200);
    await ann.expect(200, "POST", `${at}/map-keys`, wanted);
    await ann.expect(200, "DELETE", at);
    assert.equal((await token(client.clientId, client.clientSecret)).status, 200);
  });

  it("refuses wrong secrets, others' clients and clients that are taken, all alike", async () => {
    const at = await makeApplication(ann);
    const own = await registerClient(ann);
    const others = await registerClient(bob);
    const { key } = await makeKeys(ann);
    const answers = [];
    for (const [consumerKey, consumerSecret] of [
      [own.clientId, "wrong"],
      [own.clientId, undefined],
      [own.clientId, others.clientSecret],
      [others.clientId, others.clientSecret],
      [key.consumerKey, key.consumerSecret],
      ["none", "none"],
    ]) {
      const wanted = { consumerKey, consumerSecret, keyType: "PRODUCTION" };
      answers.push((await ann.expect(400, "POST", `${at}/map-keys`, wanted)).text);
    }
    assert.equal(new Set(answers).size, 1);
    for (const bad of [{}, { consumerKey: "", keyType: "X" }, { consumerKey: 7, keyType: "SANDBOX" }]) {
      await ann.expect(400, "POST", `${at}/map-keys`, bad);
    }
    assert.equal((await ann.expect(200, "GET", `${at}/keys`)).body.count, 0);
  });
});

describe("a token for trying", () => {
  it("can take the place of the last one, and of no other's", async () => {
    const { own, key } = await makeKeys(ann);
    const other = await makeKeys(bob);
    const isActive = async (text) => (await ask("/oauth2/introspect", { token: text }, key.consumerKey, key.consumerSecret)).body.active;
    const revokeToken = key.token.accessToken;
    assert.equal(await isActive(revokeToken), true);
    const { body } = await ann.expect(200, "POST", `${own}/generate-token`, { validityPeriod: 60, revokeToken });
    assert.equal(body.validityTime, 60);
    assert.equal(await isActive(revokeToken), false);
    assert.equal(await isActive(body.accessToken), true);
    await ann.expect(200, "POST", `${own}/generate-token`, { revokeToken: other.key.token.accessToken });
    await ann.expect(200, "POST", `${own}/generate-token`, { revokeToken: "nonsense" });
    assert.equal((await token(other.key.consumerKey, other.key.consumerSecret)).status, 200);
    const { consumerKey, consumerSecret } = other.key;
    const state = await ask("/oauth2/introspect", { token: other.key.token.accessToken }, consumerKey, consumerSecret);
    assert.equal(state.body.active, true);
  });
});

describe("a token for trying, by exchange", () => {
  const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
  const wish = (subject_token, more = {}) => ({ grantType: "TOKEN_EXCHANGE", additionalProperties: { subject_token }, ...more });

  it("is what the client would get for the same token, and ends with it", async () => {
    const { own, key } = await makeKeys(ann, { grantTypesToBeSupported: ["client_credentials", EXCHANGE], scopes: ["read", "write"] });
    const subject = key.token.accessToken;
    const { body } = await ann.expect(200, "POST", `${own}/generate-token`, wish(subject, { scopes: ["read"] }));
    assert.deepEqual(body.tokenScopes, ["read"]);
    const isActive = async () => (await ask("/oauth2/introspect", { token: body.accessToken }, key.consumerKey, key.consumerSecret)).body.active;
    assert.equal(await isActive(), true);
    const wider = await ann.expect(400, "POST", `${own}/generate-token`, wish(body.accessToken, { scopes: ["write"] }));
    assert.match(wider.body.description, /no scope `write`/);
    await ask("/oauth2/revoke", { token: subject }, key.consumerKey, key.consumerSecret);
    assert.equal(await isActive(), false);
  });

  it("is refused by name of what is wrong", async () => {
    const { own, key } = await makeKeys(ann, { grantTypesToBeSupported: ["client_credentials", EXCHANGE] });
    const other = await makeKeys(ann);
    assert.deepEqual(places(await ann.expect(400, "POST", `${own}/generate-token`, { grantType: "TOKEN_EXCHANGE" })), ["additionalProperties.subject_token"]);
    assert.deepEqual(places(await ann.expect(400, "POST", `${own}/generate-token`, { grantType: "PASSWORD" })), ["grantType"]);
    await ann.expect(400, "POST", `${own}/generate-token`, wish("nonsense"));
    await ann.expect(400, "POST", `${own}/generate-token`, wish(other.key.token.accessToken), undefined, "another client's own token");
    await ann.expect(400, "POST", `${other.own}/generate-token`, wish(other.key.token.accessToken), undefined, "a client that is not registered for it");
    assert.equal((await token(key.consumerKey, key.consumerSecret)).status, 200);
  });
});

describe("an API key", () => {
  let upstream, desk;
  before(async () => {
    upstream = await startUpstream();
    desk = await signIn();
  });
  after(async () => {
    await desk.tidy();
    await upstream.close();
  });

  it("is put in another's place, with its name and limits", async () => {
    const api = await desk.publishApi(upstream.url, undefined, { securityScheme: ["oauth2", "api_key"] });
    const { id } = await desk.subscribe(api);
    const at = `${DEVPORTAL}/applications/${id}/api-keys/PRODUCTION`;
    const call = async (key) => (await fetch(`${ORIGIN}${api.base}/pets/1`, { headers: { apikey: key } })).status;
    const made = (await admin.expect(200, "POST", `${at}/generate`, { keyName: "one", validityPeriod: 3600 })).body;
    await within(10_000, "the key works", async () => (await call(made.apikey)) === 200);
    const [listed] = (await admin.expect(200, "GET", at)).body.list;
    await admin.expect(400, "POST", `${at}/regenerate`, {});
    await admin.expect(404, "POST", `${at}/regenerate`, { keyUUID: randomUUID() });
    await admin.expect(404, "POST", at.replace("PRODUCTION", "SANDBOX") + "/regenerate", { keyUUID: listed.keyUUID });
    const { body } = await admin.expect(200, "POST", `${at}/regenerate`, { keyUUID: listed.keyUUID });
    assert.deepEqual([body.keyName, body.validityPeriod], ["one", 3600]);
    await within(10_000, "the new key works", async () => (await call(body.apikey)) === 200);
    await within(10_000, "the old key stops", async () => (await call(made.apikey)) === 401);
    await admin.expect(400, "POST", `${at}/revoke`, { keyUUID: listed.keyUUID, apikey: body.apikey });
    await admin.expect(200, "POST", `${at}/revoke`, { keyUUID: listed.keyUUID });
    await admin.expect(404, "POST", `${at}/regenerate`, { keyUUID: listed.keyUUID });
    await within(10_000, "the new key stops", async () => (await call(body.apikey)) === 401);
  });

  it("for one API opens that one alone, and only through an application that is subscribed to it", async () => {
    const scheme = { securityScheme: ["oauth2", "api_key"] };
    const api = await desk.publishApi(upstream.url, undefined, scheme);
    const other = await desk.publishApi(upstream.url, undefined, scheme);
    const make = async () =>
      (await admin.expect(201, "POST", `${DEVPORTAL}/applications`, { name: fresh("app"), throttlingPolicy: "Unlimited" })).body.applicationId;
    const [id, idle] = [await make(), await make()];
    for (const one of [api, other]) {
      await admin.expect(201, "POST", `${DEVPORTAL}/subscriptions`, { applicationId: id, apiId: one.id, throttlingPolicy: "Unlimited" });
    }
    const at = `${DEVPORTAL}/apis/${api.id}/api-keys`;
    const own = `${DEVPORTAL}/applications/${id}/api-keys/PRODUCTION`;
    const call = async ({ base }, key) => (await fetch(`${ORIGIN}${base}/pets/1`, { headers: { apikey: key } })).status;
    const names = async (path) => (await admin.expect(200, "GET", path)).body.list.map(({ keyName }) => keyName);

    await admin.expect(400, "POST", `${at}/generate`, { keyName: "bound", keyType: "TEST" });
    const made = (await admin.expect(200, "POST", `${at}/generate`, { keyName: "bound", keyType: "PRODUCTION", validityPeriod: 3600 })).body;
    const [{ keyUUID, associatedApp }] = (await admin.expect(200, "GET", at)).body.list;
    assert.equal(associatedApp, undefined);
    assert.equal(await call(api, made.apikey), 401, "it belongs to nobody yet");
    assert.deepEqual([await names(own), await names(`${own}/associations`), await names(`${own}/subscriptions`)], [[], [], ["bound"]]);

    // Nobody else has it, and no application that is not subscribed gets it.
    for (const step of ["regenerate", "revoke", "dissociate"]) await bob.expect(404, "POST", `${at}/${step}`, { keyUUID });
    assert.deepEqual((await bob.expect(200, "GET", at)).body.list, []);
    await admin.expect(409, "POST", `${at}/associate`, { keyUUID, applicationUUID: idle });
    await admin.expect(404, "POST", `${at}/associate`, { keyUUID, applicationUUID: randomUUID() });
    await admin.expect(400, "POST", `${own.replace("PRODUCTION", "SANDBOX")}/associate`, { keyUUID, apiUUID: api.id });
    await admin.expect(404, "POST", `${own}/associate`, { keyUUID, apiUUID: other.id });

    const { body } = await admin.expect(200, "POST", `${at}/associate`, { keyUUID, applicationUUID: id });
    assert.deepEqual([body.keyName, body.apiName], ["bound", api.name]);
    await within(10_000, "the key works", async () => (await call(api, made.apikey)) === 200);
    assert.equal(await call(other, made.apikey), 401, "it is for one API");
    assert.deepEqual([await names(own), await names(`${own}/associations`), await names(`${own}/subscriptions`)], [[], ["bound"], []]);

    const renewed = (await admin.expect(200, "POST", `${at}/regenerate`, { keyUUID })).body;
    await within(10_000, "the new key works", async () => (await call(api, renewed.apikey)) === 200);
    await within(10_000, "the old key stops", async () => (await call(api, made.apikey)) === 401);
    assert.equal(await call(other, renewed.apikey), 401);

    await admin.expect(200, "POST", `${own}/dissociate`, { keyUUID });
    await within(10_000, "the key stops", async () => (await call(api, renewed.apikey)) === 401);
    await admin.expect(404, "POST", `${own}/dissociate`, { keyUUID });
    await admin.expect(400, "POST", `${at}/dissociate`, { keyUUID });
    await admin.expect(200, "POST", `${own}/associate`, { keyUUID, apiUUID: api.id });
    await within(10_000, "the key works again", async () => (await call(api, renewed.apikey)) === 200);

    // It outlives its application, and waits for another one.
    await admin.expect(200, "DELETE", `${DEVPORTAL}/applications/${id}`);
    await within(10_000, "the key stops with the application", async () => (await call(api, renewed.apikey)) === 401);
    assert.deepEqual(await names(at), ["bound"]);
    await admin.expect(200, "POST", `${at}/revoke`, { keyUUID });
    assert.deepEqual(await names(at), []);
    await admin.expect(404, "POST", `${at}/associate`, { keyUUID, applicationUUID: idle });
  });
});
