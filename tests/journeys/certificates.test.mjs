// Tokens that are bound to a certificate (RFC 8705), where the operator has said who tells it: whoever ends TLS before
// this platform, by the header of RFC 9440. Starts its own platform, because nobody is believed by default.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { OwnPlatform } from "./own-platform.mjs";
import { startUpstream, within } from "./platform.mjs";

const platform = new OwnPlatform({ POSTERN_CLIENT_CERTIFICATE: "client-cert" });
const API = "/bound/1.0.0/pets";
// What a proxy tells of two certificates: their DER, of which only the first octet has to be one.
const own = told("the client's certificate");
const other = told("somebody else's certificate");
// A certificate for `/C=CH/O=Example, Inc./OU=Shops/CN=shop`, made with OpenSSL.
const SHOP = "MIIB3zCCAYWgAwIBAgIUXa1LZvw33FpHlA13Hwi9IWoo5OcwCgYIKoZIzj0EAwIwRDELMAkGA1UEBhMCQ0gxFjAUBgNVBAoMDUV4YW1wbGUsIEluYy4xDjAMBgNVBAsMBVNob3BzMQ0wCwYDVQQDDARzaG9wMCAXDTI2MTEyNjE2NTY0OVoYDzIxMjYxMTAyMTY1NjQ5WjBEMQswCQYDVQQGEwJDSDEWMBQGA1UECgwNRXhhbXBsZSwgSW5jLjEOMAwGA1UECwwFU2hvcHMxDTALBgNVBAMMBHNob3AwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQ8N1MXkFxn5EFjd1U0EoOgI8Pcz/4r6KbILcMID4SFLwyx/OsxCrNVDPokk8JjK2Iuo5gi6n33AVCNtI7zZF0oo1MwUTAdBgNVHQ4EFgQUwWyutoGa9qtgxm9oRAangusDK9wwHwYDVR0jBBgwFoAUwWyutoGa9qtgxm9oRAangusDK9wwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAndvZ3+bLTW0XHYw5drUQZ0BzG/3HWab+3Z9DFSwEJ3QCIHtGTdKFikBeXH91ZCHvel0MXb1bb5fvrADhPJCV7nMz";
let upstream, client, desk;

const basic = (user, secret) => ({ authorization: `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}` });
const bearer = (token) => ({ authorization: `Bearer ${token}` });
const admin = (status, method, path, body) => platform.expect(status, method, `/api/am${path}`, body, bearer(desk));
const grant = (who, params, headers = {}) =>
  platform.send("POST", "/oauth2/token", new URLSearchParams(params), { ...basic(who.id, who.secret), ...headers });
const call = (token, headers = {}) => platform.send("GET", API, undefined, { ...bearer(token), ...headers });

function told(text) {
  const der = Buffer.concat([Buffer.from([0x30]), Buffer.from(text)]);
  return { headers: { "client-cert": `:${der.toString("base64")}:` }, thumbprint: createHash("sha256").update(der).digest("base64url") };
}

before(async () => {
  upstream = await startUpstream();
  await platform.start();
  const { username, password } = platform.administrator;
  const wish = { clientName: "desk", owner: username, grantType: "password", callbackUrl: "", saasApp: true };
  const tool = await platform.expect(200, "POST", "/client-registration/v0.17/register", wish, basic(username, password));
  const scope = "apim:admin apim:api_create apim:api_publish apim:api_view apim:subscribe apim:app_manage apim:sub_manage";
  const entered = await grant({ id: tool.clientId, secret: tool.clientSecret }, { grant_type: "password", username, password, scope });
  desk = entered.body.access_token;
  client = await subscribed(await publish());
});

after(async () => {
  platform.remove();
  await upstream?.close();
});

async function publish() {
  const api = await admin(201, "POST", "/publisher/v4/apis", {
    name: "Bound", version: "1.0.0", context: "/bound", policies: ["Unlimited"],
    operations: [{ target: "/pets", verb: "GET", throttlingPolicy: "Unlimited", authType: "Application & Application User" }],
    endpointConfig: { endpoint_type: "http", production_endpoints: { url: upstream.url } },
  });
  const path = `/publisher/v4/apis/${api.id}`;
  const revision = await admin(201, "POST", `${path}/revisions`, { description: "" });
  await admin(201, "POST", `${path}/deploy-revision?revisionId=${revision.id}`, [{ name: "Default", vhost: "localhost", displayOnDevportal: true }]);
  await admin(200, "POST", `/publisher/v4/apis/change-lifecycle?action=Publish&apiId=${api.id}`);
  return api;
}

/** A client that asks for bound tokens, as the key of an application that may call the API. */
async function subscribed(api) {
  const { token } = await admin(201, "POST", "/admin/v4/initial-access-tokens", { label: "bound", uses: 1 });
  const wish = { grant_types: ["client_credentials"], tls_client_certificate_bound_access_tokens: true };
  const made = await platform.expect(201, "POST", "/oauth2/register", wish, bearer(token));
  const { applicationId } = await admin(201, "POST", "/devportal/v3/applications", { name: "bound", throttlingPolicy: "Unlimited", description: "" });
  await admin(201, "POST", "/devportal/v3/subscriptions", { applicationId, apiId: api.id, throttlingPolicy: "Unlimited" });
  const keys = { consumerKey: made.client_id, consumerSecret: made.client_secret, keyType: "PRODUCTION" };
  await admin(200, "POST", `/devportal/v3/applications/${applicationId}/map-keys`, keys);
  return { id: made.client_id, secret: made.client_secret };
}

/** A client of this kind; its id. */
async function registered(method) {
  const { token } = await admin(201, "POST", "/admin/v4/initial-access-tokens", { label: "certificate", uses: 1 });
  const wish = { grant_types: ["client_credentials"], ...method };
  return (await platform.expect(201, "POST", "/oauth2/register", wish, bearer(token))).client_id;
}

test("a token opens an API only together with its certificate", async () => {
  const answer = await grant(client, { grant_type: "client_credentials" }, own.headers);
  assert.equal(answer.status, 200, answer.text);
  const token = answer.body.access_token;
  const claims = JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
  assert.deepEqual(claims.cnf, { "x5t#S256": own.thumbprint });
  await within(5_000, "the gateway knows the key", async () => (await call(token, own.headers)).status === 200);
  for (const [what, headers] of [
    ["without a certificate", {}],
    ["with another's", other.headers],
    ["with what is no certificate", { "client-cert": ":AAAA:" }],
    ["under a name of ours", { "x-client-cert": own.headers["client-cert"] }],
  ]) {
    const refused = await call(token, headers);
    assert.deepEqual([refused.status, refused.body.code], [401, "900901"], `${what}: ${refused.text}`);
  }
});

test("a client of bound tokens gets none without a certificate", async () => {
  const answer = await grant(client, { grant_type: "client_credentials" });
  assert.deepEqual([answer.status, answer.body.error], [400, "invalid_request"], answer.text);
});

test("a client authenticates by a certificate of its own, and by no other", async () => {
  const jwks = { keys: [{ kty: "EC", crv: "P-256", x: "A".repeat(43), y: "A".repeat(43), x5c: [own.headers["client-cert"].slice(1, -1)] }] };
  const id = await registered({ token_endpoint_auth_method: "self_signed_tls_client_auth", jwks });
  const ask = (headers, more = {}) =>
    platform.send("POST", "/oauth2/token", new URLSearchParams({ grant_type: "client_credentials", client_id: id, ...more }), headers);
  const given = await ask(own.headers);
  assert.equal(given.status, 200, given.text);
  for (const [what, headers, more] of [
    ["without one", {}],
    ["with another's", other.headers],
    ["with what is none", { "client-cert": ":AAAA:" }],
    ["by a secret", basic(id, "x")],
  ]) {
    const refused = await ask(headers, more);
    assert.deepEqual([refused.status, refused.body.error], [401, "invalid_client"], `${what}: ${refused.text}`);
  }
});

test("a client authenticates by the name in its certificate", async () => {
  const names = "CN=shop,OU=Shops,O=Example\\, Inc.,C=CH";
  const right = await registered({ token_endpoint_auth_method: "tls_client_auth", tls_client_auth_subject_dn: names });
  const wrong = await registered({ token_endpoint_auth_method: "tls_client_auth", tls_client_auth_subject_dn: "CN=shop" });
  const ask = (id, headers) =>
    platform.send("POST", "/oauth2/token", new URLSearchParams({ grant_type: "client_credentials", client_id: id }), headers);
  const shop = { "client-cert": `:${SHOP}:` };
  const given = await ask(right, shop);
  assert.equal(given.status, 200, given.text);
  for (const [id, headers] of [[wrong, shop], [right, {}], [right, own.headers]]) {
    const refused = await ask(id, headers);
    assert.deepEqual([refused.status, refused.body.error], [401, "invalid_client"], refused.text);
  }
});

test("the metadata says that tokens can be bound", async () => {
  const metadata = await platform.expect(200, "GET", "/.well-known/oauth-authorization-server");
  assert.equal(metadata.tls_client_certificate_bound_access_tokens, true);
  for (const method of ["tls_client_auth", "self_signed_tls_client_auth"]) {
    assert.ok(metadata.token_endpoint_auth_methods_supported.includes(method), method);
  }
});

const pem = (der) => `-----BEGIN CERTIFICATE-----\n${der.match(/.{1,64}/g).join("\n")}\n-----END CERTIFICATE-----\n`;
const shop = { "client-cert": `:${SHOP}:` };

/** Uploads, changes or deletes a client certificate of an API. */
async function certificate(status, method, api, rest, parts) {
  const body = parts && Object.entries(parts).reduce((form, [name, value]) => (form.set(name, value instanceof Blob ? value : String(value)), form), new FormData());
  const path = `/api/am/publisher/v4/apis/${api.id}/client-certificates${rest}`;
  const answer = await fetch(platform.origin + path, { method, headers: bearer(desk), body });
  const text = await answer.text();
  assert.equal(answer.status, status, `${method} ${path}: ${text}`);
  return /^\{/.test(text) ? JSON.parse(text) : text;
}

/** An API whose callers have to show these. */
async function guarded(name, securityScheme) {
  const api = await admin(201, "POST", "/publisher/v4/apis", {
    name, version: "1.0.0", context: `/${name.toLowerCase()}`, policies: ["Unlimited"], securityScheme,
    scopes: [{ scope: { name: `${name}:write`, bindings: [] }, shared: false }],
    operations: [
      { target: "/pets", verb: "GET", throttlingPolicy: "Unlimited", authType: "Application & Application User" },
      { target: "/pets", verb: "POST", throttlingPolicy: "Unlimited", authType: "Application & Application User", scopes: [`${name}:write`] },
    ],
    endpointConfig: { endpoint_type: "http", production_endpoints: { url: upstream.url } },
  });
  const path = `/publisher/v4/apis/${api.id}`;
  const revision = await admin(201, "POST", `${path}/revisions`, { description: "" });
  await admin(201, "POST", `${path}/deploy-revision?revisionId=${revision.id}`, [{ name: "Default", vhost: "localhost", displayOnDevportal: true }]);
  await admin(200, "POST", `/publisher/v4/apis/change-lifecycle?action=Publish&apiId=${api.id}`);
  const ask = (headers = {}, method = "GET") => platform.send(method, `/${name.toLowerCase()}/1.0.0/pets`, undefined, headers);
  await within(5_000, "the gateway knows the API", async () => (await ask()).status === 401);
  return { id: api.id, ask };
}

test("a certificate that an API takes opens it, from its upload to its deletion", async () => {
  const api = await guarded("Certified", ["mutualssl", "mutualssl_mandatory"]);
  assert.equal((await api.ask(shop)).body.code, "900901");
  const file = new Blob([pem(SHOP)], { type: "application/x-pem-file" });
  const made = await certificate(201, "POST", api, "", { certificate: file, alias: "shop", tier: "Bronze" });
  assert.deepEqual(made, { alias: "shop", apiId: api.id, tier: "Bronze" });
  await within(5_000, "it opens the API", async () => (await api.ask(shop)).status === 200);
  assert.match((await api.ask(shop)).headers.get("ratelimit-policy"), /"Bronze";q=1000/);
  for (const [headers, code] of [[{}, "900902"], [own.headers, "900901"]]) {
    const refused = await api.ask(headers);
    assert.deepEqual([refused.status, refused.body.code], [401, code]);
  }
  const info = await certificate(200, "GET", api, "/shop");
  assert.deepEqual([info.status, info.version, info.subject], ["Active", "V3", "CN=shop,OU=Shops,O=Example\\, Inc.,C=CH"]);
  const list = await certificate(200, "GET", api, "?alias=shop");
  assert.deepEqual([list.count, list.certificates[0].tier], [1, "Bronze"]);
  await certificate(200, "PUT", api, "/shop", { tier: "Unlimited" });
  await within(5_000, "it has another plan", async () => !(await api.ask(shop)).headers.has("ratelimit-policy"));
  for (const [parts, status] of [
    [{ certificate: file, alias: "shop" }, 409],
    [{ certificate: file, alias: "again" }, 409],
    [{ certificate: file, alias: "a b" }, 400],
    [{ certificate: file, alias: "x", tier: "None" }, 400],
    [{ certificate: new Blob(["nonsense"]), alias: "x" }, 400],
    [{ alias: "x" }, 400],
  ]) {
    await certificate(status, "POST", api, "", parts);
  }
  await certificate(404, "GET", api, "/nothing");
  await certificate(200, "DELETE", api, "/shop");
  await within(5_000, "it opens nothing any more", async () => (await api.ask(shop)).status === 401);
});

test("a user's name and password open an API that takes them, with the user's scopes", async () => {
  const api = await guarded("Passworded", ["basic_auth"]);
  const { username, password } = platform.administrator;
  const seen = await api.ask(basic(username, password));
  assert.equal(seen.status, 200, seen.text);
  for (const [user, secret] of [[username, "guess"], ["nobody", password]]) {
    const refused = await api.ask(basic(user, secret));
    assert.deepEqual([refused.status, refused.body.code], [401, "900901"]);
    assert.match(refused.headers.get("www-authenticate"), /Basic realm=/);
  }
  assert.equal((await api.ask({ authorization: "Bearer x" })).body.code, "900902", "a scheme that is off is not seen");
  assert.equal((await api.ask(basic(username, password), "POST")).status, 200, "a scope that is for everybody");
});
