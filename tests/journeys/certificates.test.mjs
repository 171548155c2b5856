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

test("the metadata says that tokens can be bound", async () => {
  const metadata = await platform.expect(200, "GET", "/.well-known/oauth-authorization-server");
  assert.equal(metadata.tls_client_certificate_bound_access_tokens, true);
});
