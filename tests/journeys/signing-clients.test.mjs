// Clients that authenticate by what they sign (`private_key_jwt`, RFC 7523), with keys that they registered or publish.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { ASSERTION, assertion, enroll, keyPair, letIn, post, publisher } from "./enrolled.mjs";
import { ORIGIN, administrator } from "./manage.mjs";
import { within } from "./platform.mjs";

const OWN = { grant_types: ["client_credentials"], token_endpoint_auth_method: "private_key_jwt" };

let token;

before(async () => {
  const { admin } = await administrator();
  token = (await letIn(admin, 20)).token;
});

async function enrolled(metadata) {
  const answer = await enroll({ ...OWN, ...metadata }, token);
  assert.equal(answer.status, 201, answer.text);
  assert.equal(answer.body.client_secret, undefined);
  return answer.body.client_id;
}

const ask = (shown, more = {}) => post("/oauth2/token", { grant_type: "client_credentials", client_assertion_type: ASSERTION, client_assertion: shown, ...more });

describe("a client with registered keys", () => {
  for (const kind of ["ec", "rsa", "ed"]) {
    it(`is known by what it signs: ${kind}`, async () => {
      const keys = keyPair(kind);
      const id = await enrolled({ jwks: { keys: [keys.jwk] } });
      const answer = await ask(assertion(id, keys), { client_id: id });
      assert.equal(answer.status, 200, answer.text);
    });
  }

  it("shows each assertion once, also of several at once", async () => {
    const keys = keyPair();
    const id = await enrolled({ jwks: { keys: [keys.jwk] } });
    const shown = assertion(id, keys);
    const answers = await Promise.all([1, 2, 3, 4].map(() => ask(shown)));
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 401, 401, 401]);
    const again = await ask(shown);
    assert.deepEqual([again.status, again.body.error], [401, "invalid_client"]);
  });

  it("is refused with an assertion that is anything else", async () => {
    const keys = keyPair();
    const rsa = keyPair("rsa");
    const thief = keyPair();
    const id = await enrolled({ jwks: { keys: [keys.jwk, rsa.jwk] } });
    const other = await enrolled({ jwks: { keys: [thief.jwk] } });
    const now = Math.floor(Date.now() / 1000);
    const mac = (secret) => (input) => createHmac("sha256", secret).update(input).digest();
    const pem = rsa.publicKey.export({ type: "spki", format: "pem" });
    for (const [what, shown, more] of [
      ["nonsense", "x.y.z"],
      ["for another server", assertion(id, keys, { claims: { aud: "https://other.example/token" } })],
      ["for our origin", assertion(id, keys, { claims: { aud: ORIGIN } })],
      ["for us and another", assertion(id, keys, { claims: { aud: [`${ORIGIN}/oauth2/token`, "https://other.example"] } })],
      ["expired", assertion(id, keys, { claims: { exp: now - 120 } })],
      ["for ever", assertion(id, keys, { claims: { exp: now + 86_400 } })],
      ["without an end", assertion(id, keys, { claims: { exp: undefined } })],
      ["not yet good", assertion(id, keys, { claims: { nbf: now + 600 } })],
      ["without a name", assertion(id, keys, { claims: { jti: undefined } })],
      ["by another issuer", assertion(id, keys, { claims: { iss: other } })],
      ["by another's key", assertion(id, thief)],
      ["by another's key in its name", assertion(id, thief, { header: { kid: keys.kid } })],
      ["by a key that it brings along", assertion(id, thief, { header: { kid: keys.kid, jwk: thief.jwk } })],
      ["alg none", assertion(id, keys, { header: { alg: "none" }, signature: () => "" })],
      ["HS256 with the public PEM", assertion(id, rsa, { header: { alg: "HS256" }, signature: mac(pem) })],
      ["HS256 with the public JWK", assertion(id, rsa, { header: { alg: "HS256" }, signature: mac(JSON.stringify(rsa.jwk)) })],
      ["another algorithm than the key's", assertion(id, rsa, { header: { alg: "PS256" } })],
      ["with another `client_id`", assertion(id, keys), { client_id: other }],
    ]) {
      const answer = await ask(shown, more);
      assert.deepEqual([answer.status, answer.body.error], [401, "invalid_client"], `${what}: ${answer.text}`);
    }
    const bare = await post("/oauth2/token", { grant_type: "client_credentials", client_id: id });
    assert.equal(bare.body.error, "invalid_client");
    assert.equal((await ask(assertion(id, keys))).status, 200);
  });
});

describe("a client that publishes its keys", () => {
  let keys, shop;

  before(async () => {
    keys = [keyPair()];
    shop = await publisher((path) => (path === "/keys" ? { body: { keys: keys.map(({ jwk }) => jwk) } } : { status: 302, headers: { location: "/keys" }, body: "" }));
  });

  after(() => shop.close());

  it("has them fetched once, and again for a key that is new", async () => {
    const id = await enrolled({ jwks_uri: `${shop.url}/keys` });
    const first = await Promise.all([ask(assertion(id, keys[0])), ask(assertion(id, keys[0]))]);
    assert.deepEqual(first.map((answer) => answer.status), [200, 200]);
    const fetched = shop.seen.length;
    assert.equal((await ask(assertion(id, keys[0]))).status, 200);
    assert.equal(shop.seen.length, fetched, "kept");
    const added = keyPair();
    keys.push(added);
    for (let again = 0; again < 5; again += 1) assert.equal((await ask(assertion(id, added))).status, 401);
    assert.equal(shop.seen.length, fetched, "unknown names cost no fetch within 30 s of the last");
    await within(45_000, "the new key is known", async () => {
      await new Promise((next) => setTimeout(next, 2_000));
      return (await ask(assertion(id, added), { client_id: id })).status === 200;
    });
    assert.equal(shop.seen.length, fetched + 1);
    assert.equal((await ask(assertion(id, keys[0]))).status, 200);
  });

  it("is not known while its keys cannot be had", async () => {
    const away = await publisher(() => ({ status: 500, body: "" }));
    const id = await enrolled({ jwks_uri: `${away.url}/keys` });
    assert.equal((await ask(assertion(id, keys[0]))).body.error, "invalid_client");
    assert.equal((await ask(assertion(id, keys[0]))).body.error, "invalid_client");
    assert.equal(away.seen.length, 1, "not asked again with each request");
    await away.close();
  });
});
