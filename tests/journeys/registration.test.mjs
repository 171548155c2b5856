// Clients that register themselves, from outside: who is let in, what is kept, and how it is changed (RFC 7591, 7592).

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { CALLBACK, basic, bearer, codeFor, decoded, isActive, person, redeem, register, signIn } from "./authorize.mjs";
import { REGISTER, enroll, keyPair, letIn, post } from "./enrolled.mjs";
import { ADMIN, ORIGIN, administrator, fresh, nobody } from "./manage.mjs";
import { within } from "./platform.mjs";

const POLICY = `${ADMIN}/client-registration-policy`;
const TOKENS = `${ADMIN}/initial-access-tokens`;
const OWN = { grant_types: ["client_credentials"] };

let admin, token;

before(async () => {
  ({ admin } = await administrator());
  token = (await letIn(admin, 200)).token;
});

after(() => admin.expect(200, "PUT", POLICY, {}));

/** A registration that went well. */
async function enrolled(metadata) {
  const answer = await enroll(metadata, token);
  assert.equal(answer.status, 201, answer.text);
  return answer.body;
}

const look = (client, how = "GET", body) => nobody.send(how, `${REGISTER}/${client.client_id}`, body, bearer(client.registration_access_token));
const ownToken = (client) => post("/oauth2/token", { grant_type: "client_credentials" }, basic(client.client_id, client.client_secret));

describe("registration", () => {
  it("is closed to whoever has no initial access token", async () => {
    const bare = await enroll(OWN);
    assert.deepEqual([bare.status, bare.body.error, bare.headers.get("www-authenticate")], [401, "invalid_token", 'Bearer realm="Postern"']);
    for (const wrong of ["nonsense", admin.token]) {
      const answer = await nobody.send("POST", REGISTER, OWN, { authorization: `Bearer ${wrong}` });
      assert.equal(answer.status, 401, wrong);
      assert.match(answer.headers.get("www-authenticate"), /error="invalid_token"/);
    }
  });

  it("is open when an administrator says so, and only then", async () => {
    assert.deepEqual((await admin.expect(200, "GET", POLICY)).body, { openRegistration: false, clientIdMetadataDocuments: false });
    await admin.expect(200, "PUT", POLICY, { openRegistration: true });
    assert.equal((await enroll(OWN)).status, 201);
    await admin.expect(400, "PUT", POLICY, { openRegistration: true, everything: true });
    await admin.expect(200, "PUT", POLICY, { openRegistration: false });
    assert.equal((await enroll(OWN)).status, 401);
  });

  it("lets in as many clients as the token says, also at once", async () => {
    const made = await letIn(admin, 2);
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => enroll(OWN, made.token)));
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [201, 201, 401, 401, 401]);
    const { body } = await admin.expect(200, "GET", TOKENS);
    assert.ok(!body.list.some(({ id }) => id === made.id));
  });

  it("costs nothing when it is refused", async () => {
    const made = await letIn(admin, 1);
    assert.equal((await enroll({ redirect_uris: ["http://a.example/cb"] }, made.token)).status, 400);
    assert.equal((await enroll(OWN, made.token)).status, 201);
  });

  it("ends with the token: revoked, or late", async () => {
    const made = await letIn(admin, 5);
    const shown = (await admin.expect(200, "GET", TOKENS)).body.list.find(({ id }) => id === made.id);
    assert.deepEqual([shown.usesLeft, shown.token], [5, undefined]);
    await admin.expect(204, "DELETE", `${TOKENS}/${made.id}`);
    assert.equal((await enroll(OWN, made.token)).status, 401);
    await admin.expect(404, "DELETE", `${TOKENS}/${made.id}`);
    const short = await letIn(admin, 10_000, { validitySeconds: 1 });
    await within(5_000, "the token has expired", async () => (await enroll({}, short.token)).status === 401);
    for (const bad of [{}, { label: "" }, { label: "a", uses: 0 }, { label: "a", validitySeconds: -1 }, { label: "a", more: 1 }]) {
      await admin.expect(400, "POST", TOKENS, bad);
    }
  });

  it("tells the client all that it needs, once", async () => {
    const answer = await enroll({ redirect_uris: [CALLBACK], client_name: "Lamp", unknown: 1 }, token);
    assert.deepEqual([answer.status, answer.headers.get("cache-control")], [201, "no-store"]);
    const client = answer.body;
    assert.equal(client.registration_client_uri, `${ORIGIN}${REGISTER}/${client.client_id}`);
    assert.deepEqual([client.client_name, client.client_secret_expires_at, client.unknown], ["Lamp", 0, undefined]);
    assert.deepEqual([client.grant_types, client.response_types, client.token_endpoint_auth_method], [["authorization_code"], ["code"], "client_secret_basic"]);
    assert.ok(client.client_secret && client.registration_access_token);
    const read = await look(client);
    assert.equal(read.body.client_secret, undefined);
  });

  it("names what is wrong in the words of RFC 7591", async () => {
    for (const [body, error] of [
      [{}, "invalid_redirect_uri"],
      [{ redirect_uris: ["http://a.example/cb"] }, "invalid_redirect_uri"],
      [{ redirect_uris: ["javascript:alert(1)"] }, "invalid_redirect_uri"],
      [{ redirect_uris: [`${CALLBACK}#f`] }, "invalid_redirect_uri"],
      [{ redirect_uris: CALLBACK }, "invalid_client_metadata"],
      [{ grant_types: ["password"] }, "invalid_client_metadata"],
      [{ grant_types: ["client_credentials"], token_endpoint_auth_method: "none" }, "invalid_client_metadata"],
      [{ ...OWN, token_endpoint_auth_method: "private_key_jwt" }, "invalid_client_metadata"],
      [{ ...OWN, token_endpoint_auth_method: "private_key_jwt", jwks_uri: "http://a.example/keys" }, "invalid_client_metadata"],
      [{ ...OWN, token_endpoint_auth_method: "private_key_jwt", jwks: { keys: [keyPair().privateKey.export({ format: "jwk" })] } }, "invalid_client_metadata"],
      [{ ...OWN, client_name: "a\u202eb" }, "invalid_client_metadata"],
      [{ ...OWN, software_statement: "x" }, "invalid_software_statement"],
      [{ ...OWN, software_statement: "eyJhbGciOiJub25lIn0.e30.c2ln" }, "unapproved_software_statement"],
      ["[]", "invalid_client_metadata"],
      ["{", "invalid_client_metadata"],
      ["", "invalid_client_metadata"],
    ]) {
      const answer = await nobody.send("POST", REGISTER, body, { ...bearer(token), "content-type": "application/json" });
      assert.deepEqual([answer.status, answer.body.error], [400, error], `${JSON.stringify(body)}: ${answer.text}`);
    }
    const form = await nobody.send("POST", REGISTER, "a=b", { ...bearer(token), "content-type": "application/x-www-form-urlencoded" });
    assert.equal(form.status, 415);
    assert.equal((await nobody.send("GET", REGISTER)).status, 405);
    assert.equal((await nobody.send("POST", `${REGISTER}/x`, OWN)).status, 405);
  });

  it("is advertised where clients look", async () => {
    for (const path of ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"]) {
      const { body } = await nobody.expect(200, "GET", path);
      assert.equal(body.registration_endpoint, `${ORIGIN}${REGISTER}`);
      assert.ok(body.token_endpoint_auth_methods_supported.includes("none"));
      assert.ok(!body.introspection_endpoint_auth_methods_supported.includes("none"));
    }
  });
});

describe("a registration", () => {
  it("is opened by its own token, and by no other", async () => {
    const client = await enrolled(OWN);
    const other = await enrolled(OWN);
    const read = await look(client);
    assert.equal(read.status, 200, read.text);
    assert.deepEqual([read.body.client_id, read.body.registration_access_token], [client.client_id, client.registration_access_token]);
    for (const wrong of [other.registration_access_token, token, admin.token, "x"]) {
      for (const how of ["GET", "PUT", "DELETE"]) {
        const answer = await look({ ...client, registration_access_token: wrong }, how, how === "PUT" ? { ...OWN, client_id: client.client_id } : undefined);
        assert.deepEqual([answer.status, answer.body.error], [401, "invalid_token"], `${how} by ${wrong}`);
      }
    }
    const absent = await look({ ...client, client_id: "nobody" });
    assert.deepEqual([absent.status, absent.body], [401, (await look({ ...client, registration_access_token: "x" })).body]);
    const console = await register(await person());
    assert.equal((await look({ client_id: console.id, registration_access_token: console.secret })).status, 401);
    assert.equal((await ownToken(client)).status, 200);
  });

  it("is replaced by a change, which also renews its token", async () => {
    const client = await enrolled({ ...OWN, client_name: "Before", contacts: ["a@a.example"] });
    const wish = { client_id: client.client_id, redirect_uris: [CALLBACK], client_name: "After" };
    for (const bad of [{ ...wish, client_id: "x" }, { ...wish, client_id: undefined }, { ...wish, registration_access_token: "x" }, { ...wish, redirect_uris: ["/"] }]) {
      assert.equal((await look(client, "PUT", bad)).status, 400, JSON.stringify(bad));
    }
    const changed = await look(client, "PUT", wish);
    assert.equal(changed.status, 200, changed.text);
    assert.notEqual(changed.body.registration_access_token, client.registration_access_token);
    assert.deepEqual([changed.body.client_name, changed.body.contacts, changed.body.client_secret], ["After", undefined, undefined]);
    assert.equal((await look(client)).status, 401);
    assert.deepEqual((await look(changed.body)).body.redirect_uris, [CALLBACK]);
    const refused = await ownToken(client);
    assert.deepEqual([refused.status, refused.body.error], [400, "unauthorized_client"]);
  });

  it("is changed once by one token, also of many changes at once", async () => {
    const client = await enrolled(OWN);
    const changes = ["a", "b", "c", "d"].map((client_name) => look(client, "PUT", { ...OWN, client_id: client.client_id, client_name }));
    const answers = await Promise.all(changes);
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 401, 401, 401]);
    const winner = answers.find((answer) => answer.status === 200).body;
    assert.equal((await look(winner)).body.client_name, winner.client_name);
  });

  it("that gives up its secret loses it, and gets another when it wants one", async () => {
    const client = await enrolled(OWN);
    const keys = { token_endpoint_auth_method: "private_key_jwt", jwks: { keys: [keyPair().jwk] } };
    const signs = await look(client, "PUT", { ...OWN, ...keys, client_id: client.client_id });
    assert.deepEqual([signs.status, signs.body.client_secret], [200, undefined], signs.text);
    assert.equal((await ownToken(client)).status, 401);
    const back = await look(signs.body, "PUT", { ...OWN, client_id: client.client_id });
    assert.ok(back.body.client_secret);
    assert.equal((await ownToken(client)).status, 401);
    assert.equal((await ownToken(back.body)).status, 200);
  });

  it("ends with all that the client was given", async () => {
    const eve = await person();
    const cookie = await signIn(eve);
    const client = await enrolled({ redirect_uris: [CALLBACK], grant_types: ["authorization_code", "refresh_token", "client_credentials"] });
    const shown = { id: client.client_id, secret: client.client_secret };
    const { body: tokens } = await redeem(shown, await codeFor(shown, cookie));
    const other = await register(eve);
    assert.equal(await isActive(shown, tokens.access_token), true);
    assert.equal((await look(client, "DELETE")).status, 204);
    assert.equal((await look(client)).status, 401);
    assert.equal((await look(client, "DELETE")).status, 401);
    assert.equal((await ownToken(client)).body.error, "invalid_client");
    const said = await post("/oauth2/introspect", { token: tokens.access_token }, bearer(admin.token));
    assert.deepEqual([said.status, said.body], [200, { active: false }]);
    assert.equal((await nobody.send("GET", "/oauth2/userinfo", undefined, bearer(tokens.access_token))).status, 401);
    assert.equal((await post("/oauth2/token", { grant_type: "refresh_token", refresh_token: tokens.refresh_token }, basic(other.id, other.secret))).body.error, "invalid_grant");
  });

  it("under another name asks people again", async () => {
    const cookie = await signIn(await person());
    const client = await enrolled({ redirect_uris: [CALLBACK], client_name: fresh("Lamp ") });
    const shown = { id: client.client_id, secret: client.client_secret };
    await redeem(shown, await codeFor(shown, cookie));
    const list = async () => (await nobody.expect(200, "GET", "/session/consents", undefined, cookie)).body.list.filter(({ clientId }) => clientId === client.client_id);
    assert.deepEqual((await list()).map(({ name, clientName }) => name ?? clientName), [client.client_name]);
    await look(client, "PUT", { client_id: client.client_id, redirect_uris: [CALLBACK], client_name: "Postern" });
    assert.deepEqual(await list(), []);
  });

  it("opens nothing of the platform, whoever signs in", async () => {
    const cookie = await signIn({ username: process.env.POSTERN_ADMIN_USER, password: process.env.POSTERN_ADMIN_PASSWORD });
    const client = await enrolled({ redirect_uris: [CALLBACK] });
    const shown = { id: client.client_id, secret: client.client_secret };
    const { body } = await redeem(shown, await codeFor(shown, cookie, { scope: "openid apim:admin apim:api_create" }));
    assert.equal(decoded(body.access_token).scope, "openid");
    assert.equal((await nobody.send("GET", TOKENS, undefined, bearer(body.access_token))).status, 403);
  });
});
