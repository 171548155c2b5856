// Signing keys come and go under load: by schedule without one failed call, in an emergency within five seconds, and the
// key that seals them is replaced under way.
//
// Starts its own platform on stock workerd: what a withdrawn key signed is refused everywhere.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, it } from "node:test";
import * as jose from "jose";
import { code } from "./accounts.mjs";
import { OwnPlatform, keyEncryptionKey } from "./own-platform.mjs";
import { pause, startUpstream, within } from "./platform.mjs";

const ADMIN = "/api/am/admin/v4";
const ANNOUNCEMENT_S = 8;
const HASHES = { ES256: "sha256", RS256: "sha256", EdDSA: "sha512" };

const platform = new OwnPlatform({ KEY_ANNOUNCEMENT_SECONDS: String(ANNOUNCEMENT_S) });
let upstream, api, tool, keys, desk;

const basic = (user, secret) => ({ authorization: `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}` });
const bearer = (token) => ({ authorization: `Bearer ${token}` });
const grant = (client, params) =>
  platform.send("POST", "/oauth2/token", new URLSearchParams(params), basic(client.id, client.secret));
const admin = (status, method, path, body) => platform.expect(status, method, `/api/am${path}`, body, bearer(desk));
const signingKeys = () => admin(200, "GET", "/admin/v4/signing-keys");
const jwks = () => platform.expect(200, "GET", "/oauth2/jwks");
const call = (token) => platform.send("GET", api, undefined, bearer(token));
const clientToken = async () => (await grant(keys, { grant_type: "client_credentials" })).body.access_token;
const person = async (scope) => (await grant(tool, { grant_type: "password", ...platform.administrator, scope })).body;
const introspect = async (token) =>
  (await platform.send("POST", "/oauth2/introspect", new URLSearchParams({ token }), basic(keys.id, keys.secret))).body.active;
const userinfo = async (token) => (await platform.send("GET", "/oauth2/userinfo", undefined, bearer(token))).status;

/** Signs the administrator in: after an emergency, older tokens are good for nothing. */
async function enter() {
  desk = (await person("apim:admin apim:api_create apim:api_publish apim:api_view apim:subscribe apim:app_manage apim:sub_manage")).access_token;
}

before(async () => {
  upstream = await startUpstream();
  await platform.start();
  const { username, password } = platform.administrator;
  const registration = { clientName: "rotation", owner: username, grantType: "password client_credentials", callbackUrl: "", saasApp: true };
  const made = await platform.expect(200, "POST", "/client-registration/v0.17/register", registration, basic(username, password));
  tool = { id: made.clientId, secret: made.clientSecret };
  await enter();
  const published = await admin(201, "POST", "/publisher/v4/apis", {
    name: "Rotation", version: "1.0.0", context: "/rotation", policies: ["Unlimited"],
    operations: [{ target: "/pets", verb: "GET", throttlingPolicy: "Unlimited", authType: "Application & Application User" }],
    endpointConfig: { endpoint_type: "http", production_endpoints: { url: upstream.url } },
  });
  api = "/rotation/1.0.0/pets";
  const path = `/publisher/v4/apis/${published.id}`;
  const revision = await admin(201, "POST", `${path}/revisions`, { description: "" });
  await admin(201, "POST", `${path}/deploy-revision?revisionId=${revision.id}`, [{ name: "Default", vhost: "localhost", displayOnDevportal: true }]);
  await admin(200, "POST", `/publisher/v4/apis/change-lifecycle?action=Publish&apiId=${published.id}`);
  const { applicationId } = await admin(201, "POST", "/devportal/v3/applications", { name: "rotation", throttlingPolicy: "Unlimited", description: "" });
  await admin(201, "POST", "/devportal/v3/subscriptions", { applicationId, apiId: published.id, throttlingPolicy: "Unlimited" });
  const application = await admin(200, "POST", `/devportal/v3/applications/${applicationId}/generate-keys`, {
    keyType: "PRODUCTION", grantTypesToBeSupported: ["client_credentials"], callbackUrl: "", validityTime: 3600,
  });
  keys = { id: application.consumerKey, secret: application.consumerSecret };
  const token = await clientToken();
  await within(5_000, "the gateway knows the API", async () => (await call(token)).status === 200);
});

after(async () => {
  platform.remove();
  await upstream?.close();
});

/** Somebody else's resource server: it keeps its copy of the keys for as long as it may, and never looks before. */
function reader() {
  let copy, until = 0;
  return async (token) => {
    if (Date.now() >= until) {
      const answer = await platform.send("GET", "/oauth2/jwks");
      const seconds = Number(/max-age=(\d+)/.exec(answer.headers.get("cache-control"))[1]);
      copy = jose.createLocalJWKSet(answer.body);
      until = Date.now() + seconds * 1_000;
    }
    await jose.jwtVerify(token, copy);
  };
}

/** Calls without pause until told to stop; what failed. */
function load(old) {
  let running = true;
  const failed = [];
  const done = { calls: 0 };
  const check = (isGood, what) => {
    done.calls += 1;
    if (!isGood) failed.push(what);
  };
  const loop = async (round) => {
    while (running) await round().catch((error) => failed.push(String(error)));
  };
  const verify = reader();
  const loops = [
    async () => check((await call(old.client)).status === 200, "gateway, older token"),
    async () => {
      const token = await clientToken();
      check((await call(token)).status === 200, "gateway, new token");
      check((await introspect(token)) === true, "introspection, new token");
      await verify(token);
      check(true, "reader");
    },
    async () => check((await introspect(old.client)) === true, "introspection, older token"),
    async () => check((await userinfo(old.person)) === 200, "userinfo, older token"),
    async () => {
      const token = (await person("openid")).access_token;
      check((await userinfo(token)) === 200, "userinfo, new token");
      await pause(200);
    },
  ].map(loop);
  return async () => {
    running = false;
    await Promise.all(loops);
    return { failed, calls: done.calls };
  };
}

describe("a rotation", () => {
  for (const algorithm of ["EdDSA", "RS256", "ES256"]) {
    it(`to ${algorithm} under load fails no call, and tokens of before and after are good`, { timeout: 60_000 }, async () => {
      const old = { client: await clientToken(), person: (await person("openid")).access_token };
      const stop = load(old);
      const next = await admin(201, "POST", "/admin/v4/signing-keys", { algorithm });
      assert.deepEqual([next.algorithm, next.state], [algorithm, "ANNOUNCED"]);
      assert.ok((await jwks()).keys.some(({ kid, alg }) => kid === next.keyId && alg === algorithm), "published before its first use");
      await admin(409, "POST", "/admin/v4/signing-keys", {});
      await within(ANNOUNCEMENT_S * 1_000 + 15_000, "the key signs", async () =>
        (await signingKeys()).list.some(({ keyId, state }) => keyId === next.keyId && state === "SIGNING"));
      const signing = (await signingKeys()).list.filter(({ state }) => state === "SIGNING");
      assert.equal(signing.length, 1);
      const since = Date.parse(signing[0].signingFrom) - Date.parse(signing[0].publishedAt);
      assert.ok(since >= (ANNOUNCEMENT_S - 1) * 1_000, `it was known for ${since} ms only`);
      await within(5_000, "new tokens are signed by it", async () => jose.decodeProtectedHeader(await clientToken()).kid === next.keyId);
      await pause(4_000);
      const { failed, calls } = await stop();
      assert.deepEqual(failed, [], `of ${calls} calls`);
      assert.ok(calls > 50, `only ${calls} calls; the test says nothing`);
      console.log(`# ${algorithm}: ${calls} calls, 0 failed`);

      const token = await clientToken();
      assert.equal(jose.decodeProtectedHeader(token).alg, algorithm);
      assert.equal((await call(token)).status, 200);
      assert.equal((await call(old.client)).status, 200);
      assert.equal(await userinfo(old.person), 200);
    });

    it(`to ${algorithm} makes ID tokens and metadata that say so`, async () => {
      const { id_token: idToken, access_token: accessToken } = await person("openid");
      const metadata = await platform.expect(200, "GET", "/.well-known/openid-configuration");
      assert.equal(metadata.id_token_signing_alg_values_supported[0], algorithm);
      const { payload, protectedHeader } = await jose.jwtVerify(idToken, jose.createLocalJWKSet(await jwks()));
      assert.equal(protectedHeader.alg, algorithm);
      const hash = createHash(HASHES[algorithm]).update(accessToken).digest();
      assert.equal(payload.at_hash, hash.subarray(0, hash.length / 2).toString("base64url"));
    });
  }

  it("leaves keys to which a token of another algorithm means nothing", async () => {
    const token = await clientToken();
    const [head, body, signature] = token.split(".");
    for (const alg of ["RS256", "EdDSA", "HS256", "none"]) {
      const { kid, typ } = JSON.parse(Buffer.from(head, "base64url"));
      const bent = [Buffer.from(JSON.stringify({ alg, typ, kid })).toString("base64url"), body, signature].join(".");
      assert.equal((await call(bent)).status, 401, alg);
      assert.equal(await introspect(bent), false, alg);
    }
  });
});

describe("an emergency", () => {
  it("withdraws the key within five seconds, and a new one signs at once", async () => {
    await enter();
    const old = await clientToken();
    assert.equal((await call(old)).status, 200);
    const { kid } = jose.decodeProtectedHeader(old);
    assert.equal(jose.decodeProtectedHeader(desk).kid, kid);
    const gone = await admin(200, "POST", `/admin/v4/signing-keys/${kid}/withdraw`, { algorithm: "EdDSA" });
    assert.equal(gone.state, "WITHDRAWN");
    await within(5_000, "the gateway refuses", async () => (await call(old)).status === 401);
    await within(5_000, "introspection refuses", async () => (await introspect(old)) === false);
    await within(5_000, "it is no longer published", async () => (await jwks()).keys.every((key) => key.kid !== kid));
    await within(5_000, "a new key signs", async () => jose.decodeProtectedHeader(await clientToken()).kid !== kid);
    const token = await clientToken();
    assert.equal(jose.decodeProtectedHeader(token).alg, "EdDSA");
    assert.equal((await call(token)).status, 200);
    const asDesk = async () => (await platform.send("GET", `${ADMIN}/signing-keys`, undefined, bearer(desk))).status;
    await within(5_000, "the administrator's own token is refused", async () => (await asDesk()) === 401);
    await enter();
    await admin(409, "POST", `/admin/v4/signing-keys/${kid}/withdraw`, {});
    await admin(404, "POST", "/admin/v4/signing-keys/nobody/withdraw", {});
  });

  it("takes an announced key back before it ever signs", async () => {
    const { keyId } = await admin(201, "POST", "/admin/v4/signing-keys", {});
    await admin(200, "POST", `/admin/v4/signing-keys/${keyId}/withdraw`, {});
    assert.ok((await jwks()).keys.every(({ kid }) => kid !== keyId));
    const { list } = await signingKeys();
    assert.deepEqual(list.filter(({ state }) => state === "ANNOUNCED"), []);
  });

  it("hears of bad wishes", async () => {
    await admin(400, "POST", "/admin/v4/signing-keys", { algorithm: "HS256" });
    await admin(400, "POST", "/admin/v4/signing-keys", { state: "SIGNING" });
    await admin(400, "PUT", "/admin/v4/signing-key-schedule", { periodDays: 0 });
    const schedule = { algorithm: "RS256", periodDays: 30 };
    assert.deepEqual(await admin(200, "PUT", "/admin/v4/signing-key-schedule", schedule), schedule);
    assert.deepEqual(await admin(200, "GET", "/admin/v4/signing-key-schedule"), schedule);
    await admin(200, "PUT", "/admin/v4/signing-key-schedule", {});
  });
});

describe("a new key-encryption key", () => {
  const page = { "sec-fetch-site": "same-origin", "x-postern-csrf": "1" };

  it("takes over while the platform serves, and the old one is forgotten", { timeout: 90_000 }, async () => {
    const session = await platform.send("POST", "/session", platform.administrator, page);
    const cookie = { ...page, cookie: session.headers.getSetCookie()[0].split(";")[0] };
    const { secret } = await platform.expect(201, "POST", "/session/totp", undefined, cookie);
    const old = await clientToken();
    const { kid } = jose.decodeProtectedHeader(old);
    const before = (await signingKeys()).keyEncryption;
    assert.equal(before.waiting, 0);

    const { POSTERN_KEK: previous } = platform.environment;
    Object.assign(platform.environment, { POSTERN_KEK: keyEncryptionKey(), POSTERN_KEK_PREVIOUS: previous });
    await platform.kill();
    await platform.start();
    const token = await clientToken();
    assert.equal(jose.decodeProtectedHeader(token).kid, kid, "the same key signs on");
    for (const one of [old, token]) assert.equal((await call(one)).status, 200);
    await within(10_000, "everything is sealed anew", async () => (await signingKeys()).keyEncryption.waiting === 0);
    assert.notEqual((await signingKeys()).keyEncryption.keyId, before.keyId);

    delete platform.environment.POSTERN_KEK_PREVIOUS;
    await platform.kill();
    await platform.start();
    assert.equal(jose.decodeProtectedHeader(await clientToken()).kid, kid);
    assert.equal((await call(await clientToken())).status, 200);
    await platform.expect(204, "POST", "/session/totp/confirmation", { code: code(secret) }, cookie);
  });
});
