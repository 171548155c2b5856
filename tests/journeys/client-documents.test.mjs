// Clients that are known by a document at the address that is their id: what is believed, and what is not even fetched.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { OWN_PAGE, authorize, bearer, decoded, go, interactionOf, person, proof, say, signIn } from "./authorize.mjs";
import { ASSERTION, assertion, keyPair, post, publisher } from "./enrolled.mjs";
import { ADMIN, administrator, nobody } from "./manage.mjs";

const POLICY = `${ADMIN}/client-registration-policy`;
const BACK = "http://127.0.0.1/callback";

let admin, cookie, shop, keys;
const documents = new Map();

before(async () => {
  ({ admin } = await administrator());
  cookie = await signIn(await person());
  keys = keyPair();
  shop = await publisher((path) => documents.get(path) ?? { status: 404, body: {} });
});

after(async () => {
  await admin.expect(200, "PUT", POLICY, {});
  await shop.close();
});

const allow = (clientIdMetadataDocuments) => admin.expect(200, "PUT", POLICY, { clientIdMetadataDocuments });

/** Publishes a document; the client's id. */
function publish(path, bent = {}, answer = {}) {
  const id = shop.url + path;
  documents.set(path, { body: { client_id: id, client_name: "Lamp", redirect_uris: [BACK], ...bent }, ...answer });
  return id;
}

const asked = (id, challenge, more = {}) =>
  authorize({ response_type: "code", client_id: id, redirect_uri: BACK, scope: "openid", state: "s", ...challenge, ...more }, cookie);

/** Is the person asked about this client, or told that there is none? */
const isKnown = async (id) => {
  const { location } = await asked(id, proof().query);
  assert.match(location, /^\/consent\//);
  return !location.startsWith("/consent/error");
};

const supported = async () => (await nobody.expect(200, "GET", "/.well-known/oauth-authorization-server")).body.client_id_metadata_document_supported;

describe("a client's document", () => {
  it("is not asked for unless administrators say so", async () => {
    const id = publish("/off");
    assert.equal(await supported(), false);
    assert.equal(await isKnown(id), false);
    assert.deepEqual(shop.seen, []);
  });

  it("makes the client known, by its address and with its host shown", async () => {
    await allow(true);
    assert.equal(await supported(), true);
    const id = publish("/lamp");
    const { verifier, query } = proof();
    const first = await asked(id, query);
    const interaction = interactionOf(first);
    const { body: shown } = await nobody.expect(200, "GET", `/oauth2/interactions/${interaction}`, undefined, cookie);
    assert.deepEqual([shown.client.name, shown.client.host, shown.client.id], ["Lamp", new URL(id).host, id]);
    assert.equal((await say(interaction, "approve", cookie)).status, 200);
    const back = await go(`/oauth2/authorize/resume?interaction=${interaction}`, cookie);
    const code = new URL(back.location).searchParams.get("code");
    const { body: tokens, status, text } = await post("/oauth2/token", { grant_type: "authorization_code", client_id: id, code, code_verifier: verifier, redirect_uri: BACK });
    assert.equal(status, 200, text);
    assert.deepEqual([decoded(tokens.access_token).client_id, decoded(tokens.id_token).aud], [id, id]);
    assert.equal((await nobody.send("GET", "/oauth2/userinfo", undefined, bearer(tokens.access_token))).status, 200);
    assert.deepEqual(shop.seen.filter((path) => path === "/lamp").length, 1, "fetched once for all of this");
    const list = async () => (await nobody.expect(200, "GET", "/session/consents", undefined, cookie)).body.list.filter(({ clientId }) => clientId === id);
    assert.equal((await list()).length, 1);
    const gone = await nobody.send("DELETE", `/session/consents/${encodeURIComponent(id)}`, undefined, { ...OWN_PAGE, ...cookie });
    assert.equal(gone.status, 204, gone.text);
    assert.deepEqual(await list(), []);
  });

  it("has keys, where the client signs", async () => {
    const id = publish("/signs", { token_endpoint_auth_method: "private_key_jwt", jwks: { keys: [keys.jwk] } });
    const { query } = proof();
    const request = { response_type: "code", redirect_uri: BACK, scope: "openid", ...query, client_id: id };
    const bare = await post("/oauth2/par", request);
    assert.deepEqual([bare.status, bare.body.error], [401, "invalid_client"]);
    const signed = await post("/oauth2/par", { ...request, client_assertion_type: ASSERTION, client_assertion: assertion(id, keys) });
    assert.equal(signed.status, 201, signed.text);
  });

  it("that says something else is not believed", async () => {
    const own = `${shop.url}/x`;
    for (const [path, bent, answer] of [
      ["/another-id", { client_id: own }],
      ["/no-id", { client_id: undefined }],
      ["/secret", { client_secret: "s" }],
      ["/by-secret", { token_endpoint_auth_method: "client_secret_basic" }],
      ["/foreign-place", { redirect_uris: ["https://evil.example/cb"] }],
      ["/no-place", { redirect_uris: [] }],
      ["/scheme", { redirect_uris: ["com.example.lamp:/cb"] }],
      ["/machine", { grant_types: ["client_credentials"] }],
      ["/shared-key", { jwks: { keys: [{ kty: "oct", k: "c2VjcmV0" }] } }],
      ["/page", {}, { headers: { "content-type": "text/html" } }],
      ["/large", { client_uri: `https://a.example/${"a".repeat(20_000)}` }],
      ["/broken", {}, { body: "{" }],
      ["/list", {}, { body: "[]" }],
      ["/created", {}, { status: 201 }],
      ["/failing", {}, { status: 500 }],
      ["/moved", {}, { status: 302, headers: { location: "/lamp" } }],
    ]) {
      const id = publish(path, bent, answer);
      assert.equal(await isKnown(id), false, path);
      assert.equal(await isKnown(id), false, path);
      assert.equal(shop.seen.filter((seen) => seen === path).length, 1, `${path} is not asked again at once`);
    }
  });

  it("is not fetched from an address that names no client", async () => {
    const before = shop.seen.length;
    for (const id of [shop.url, `${shop.url}/`, `${shop.url}/a?b`, `${shop.url}/a#b`, `${shop.url}/a/../lamp`, shop.url.replace("//", "//me@") + "/lamp", "http://lamp.example/a"]) {
      assert.equal(await isKnown(id), false, id);
    }
    assert.equal(shop.seen.length, before);
  });

  it("counts no more when administrators take it back", async () => {
    const id = publish("/taken-back");
    assert.equal(await isKnown(id), true);
    await allow(false);
    assert.equal(await isKnown(id), false);
    assert.equal((await post("/oauth2/token", { grant_type: "refresh_token", client_id: id, refresh_token: "x" })).body.error, "invalid_client");
  });
});
