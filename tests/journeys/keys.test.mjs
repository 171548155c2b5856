// The key manager from outside: registration, tokens, rotation, revocation, sessions, and guesses that are slowed down.

import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { before, describe, it } from "node:test";
import { ADMIN, ORIGIN, administrator, fresh, nobody } from "./manage.mjs";

const REGISTER = "/client-registration/v0.17/register";
const FORM = { "content-type": "application/x-www-form-urlencoded" };
const NO_CREDENTIAL = { "x-none": "1" };

let admin, ann, client;

const basic = (name, secret) => ({ authorization: `Basic ${Buffer.from(`${name}:${secret}`).toString("base64")}` });
const bearer = (token) => ({ authorization: `Bearer ${token}` });
const post = (path, params, headers = basic(client.clientId, client.clientSecret)) =>
  nobody.send("POST", path, new URLSearchParams(params).toString(), { ...FORM, ...headers });

/** A token for ann through the client. */
async function enter(scope = "apim:api_create") {
  const { username, password } = ann;
  const answer = await post("/oauth2/token", { grant_type: "password", username, password, scope });
  assert.equal(answer.status, 200, answer.text);
  return answer.body;
}

async function isActive(token) {
  const answer = await post("/oauth2/introspect", { token });
  assert.equal(answer.status, 200, answer.text);
  return answer.body.active;
}

const refresh = (token, more = {}) => post("/oauth2/token", { grant_type: "refresh_token", refresh_token: token, ...more });

before(async () => {
  ({ admin } = await administrator());
  ann = { username: fresh("ann"), password: "tin lamp river 9" };
  const made = await admin.expect(201, "POST", `${ADMIN}/users`, { ...ann, roles: ["Internal/creator"] });
  ann.id = made.body.id;
  const registered = await nobody.expect(
    200,
    "POST",
    REGISTER,
    { clientName: fresh("c"), owner: ann.username, grantType: "client_credentials password refresh_token", saasApp: true },
    basic(ann.username, ann.password),
  );
  client = registered.body;
});

describe("registration", () => {
  it("repeated gives the same client a further secret", async () => {
    const name = fresh("again");
    const register = () =>
      nobody.expect(200, "POST", REGISTER, { clientName: name }, basic(`${ann.username}@carbon.super`, ann.password));
    const [first, second] = [(await register()).body, (await register()).body];
    assert.equal(first.clientId, second.clientId);
    assert.notEqual(first.clientSecret, second.clientSecret);
    for (const { clientId, clientSecret } of [first, second]) {
      const answer = await post("/oauth2/token", { grant_type: "client_credentials" }, basic(clientId, clientSecret));
      assert.equal(answer.status, 200, answer.text);
    }
  });

  it("refuses strangers, surplus properties, wrong types and long bodies", async () => {
    const own = basic(ann.username, ann.password);
    await nobody.expect(401, "POST", REGISTER, { clientName: "x" });
    await nobody.expect(403, "POST", REGISTER, { clientName: "x", owner: "admin" }, own);
    await nobody.expect(400, "POST", REGISTER, { clientName: "x", role: "admin" }, own);
    await nobody.expect(400, "POST", REGISTER, { clientName: 7 }, own);
    const { body } = await nobody.expect(400, "POST", REGISTER, { clientName: "<", grantType: "magic", saasApp: 1 }, own);
    assert.deepEqual(body.error.map((fault) => fault.description), ["clientName", "grantType", "saasApp"]);
    await nobody.expect(415, "POST", REGISTER, "clientName=x", { ...own, ...FORM });
    await nobody.expect(413, "POST", REGISTER, { clientName: "x".repeat(2_000_000) }, own);
    await nobody.expect(405, "PATCH", REGISTER);
  });
});

describe("a token", () => {
  it("says what was granted and verifies by the published key", async () => {
    const token = await enter("apim:api_create apim:admin openid");
    assert.equal(token.scope, "apim:api_create openid");
    assert.equal(token.expires_in, 3600);
    const [header, claims, signature] = token.access_token.split(".");
    const { keys } = (await nobody.expect(200, "GET", "/oauth2/jwks")).body;
    const { kid, typ } = JSON.parse(Buffer.from(header, "base64url"));
    assert.equal(typ, "at+jwt");
    const key = createPublicKey({ key: keys.find((key) => key.kid === kid), format: "jwk" });
    const signed = Buffer.from(`${header}.${claims}`);
    assert.ok(verify("sha256", signed, { key, dsaEncoding: "ieee-p1363" }, Buffer.from(signature, "base64url")));
    const said = JSON.parse(Buffer.from(claims, "base64url"));
    assert.deepEqual([said.sub, said.aut, said.client_id], [ann.username, "APPLICATION_USER", client.clientId]);
    const me = await nobody.expect(200, "GET", "/oauth2/userinfo", undefined, bearer(token.access_token));
    assert.equal(me.body.sub, ann.username);
  });

  it("for the client alone has no system scope", async () => {
    const answer = await post("/oauth2/token", { grant_type: "client_credentials", scope: "apim:admin read:pets" });
    assert.equal(answer.body.scope, "read:pets");
    assert.equal(answer.body.refresh_token, undefined);
    assert.equal(answer.headers.get("cache-control"), "no-store");
    await nobody.expect(403, "GET", `${ADMIN}/users`, undefined, bearer(answer.body.access_token));
  });

  it("is refused in the words of RFC 6749", async () => {
    const cc = { grant_type: "client_credentials" };
    for (const [params, headers, status, error] of [
      [cc, basic(client.clientId, "x"), 401, "invalid_client"],
      [cc, basic("nobody", "x"), 401, "invalid_client"],
      [cc, NO_CREDENTIAL, 401, "invalid_client"],
      [{ ...cc, client_secret: "x" }, undefined, 400, "invalid_request"],
      [{}, undefined, 400, "invalid_request"],
      [{ grant_type: "password", username: "x" }, undefined, 400, "invalid_request"],
      [{ grant_type: "magic" }, undefined, 400, "unsupported_grant_type"],
      [{ ...cc, scope: 'a"b' }, undefined, 400, "invalid_scope"],
      [{ grant_type: "refresh_token", refresh_token: "x" }, undefined, 400, "invalid_grant"],
      [{ grant_type: "password", username: fresh("no"), password: "x" }, undefined, 400, "invalid_grant"],
    ]) {
      const answer = await post("/oauth2/token", params, headers);
      assert.deepEqual([answer.status, answer.body.error], [status, error], JSON.stringify(params));
    }
    const own = basic(client.clientId, client.clientSecret);
    const twice = await nobody.send("POST", "/oauth2/token", "grant_type=a&grant_type=b", { ...FORM, ...own });
    assert.equal(twice.body.error, "invalid_request");
    const json = await nobody.send("POST", "/oauth2/token", cc, own);
    assert.equal(json.body.error, "invalid_request");
    assert.equal((await post("/oauth2/token", { ...cc, pad: "x".repeat(70_000) })).status, 413);
  });

  it("bent in any part is nobody's", async () => {
    const { access_token: token } = await enter();
    const [header, claims, signature] = token.split(".");
    const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const decoded = JSON.parse(Buffer.from(claims, "base64url"));
    for (const bent of [
      `${encode({ alg: "none", typ: "at+jwt" })}.${claims}.`,
      `${encode({ alg: "HS256", typ: "at+jwt" })}.${claims}.${signature}`,
      `${header}.${encode({ ...decoded, scope: "apim:admin" })}.${signature}`,
      `${header}.${claims}.${signature}==`,
      `${header}.${claims}`,
      `${header}.${claims}.${"A".repeat(86)}`,
    ]) {
      assert.equal(await isActive(bent), false, bent);
      await nobody.expect(401, "GET", `${ADMIN}/users`, undefined, bearer(bent));
    }
    assert.equal(await isActive(token), true);
  });
});

describe("a refresh token", () => {
  it("works once, and its copy takes the family down", async () => {
    const first = await enter("apim:api_create openid");
    const second = await refresh(first.refresh_token, { scope: "openid" });
    assert.deepEqual([second.status, second.body.scope], [200, "openid"]);
    const wider = await refresh(second.body.refresh_token, { scope: "apim:api_create" });
    assert.equal(wider.body.error, "invalid_scope");
    assert.equal((await refresh(first.refresh_token)).body.error, "invalid_grant");
    assert.equal((await refresh(second.body.refresh_token)).body.error, "invalid_grant");
    assert.equal(await isActive(second.body.access_token), false);
  });

  it("shown by eight at once gives tokens to one", async () => {
    const { refresh_token: token } = await enter();
    const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(token)));
    assert.equal(answers.filter((answer) => answer.status === 200).length, 1);
  });

  it("of one client is nothing to another", async () => {
    const { refresh_token: token } = await enter();
    const other = (await nobody.expect(200, "POST", REGISTER, { clientName: fresh("o") }, basic(ann.username, ann.password))).body;
    const credential = basic(other.clientId, other.clientSecret);
    const stolen = await post("/oauth2/token", { grant_type: "refresh_token", refresh_token: token }, credential);
    assert.equal(stolen.body.error, "invalid_grant");
    assert.equal((await post("/oauth2/revoke", { token }, credential)).status, 200);
    assert.equal((await refresh(token)).status, 200);
  });
});

describe("revocation", () => {
  it("ends a token and says so to whoever asks", async () => {
    const { access_token: token } = await enter();
    await nobody.expect(403, "GET", `${ADMIN}/users`, undefined, bearer(token));
    assert.equal((await post("/oauth2/revoke", { token })).status, 200);
    assert.equal(await isActive(token), false);
    await nobody.expect(401, "GET", `${ADMIN}/users`, undefined, bearer(token));
    assert.equal((await post("/oauth2/revoke", { token: "junk" })).status, 200);
    assert.equal((await post("/oauth2/revoke", { token }, NO_CREDENTIAL)).status, 401);
  });
});

describe("a session", () => {
  const sameSite = { "sec-fetch-site": "same-origin", "x-postern-csrf": "1" };
  const signIn = (headers = {}) =>
    nobody.send("POST", "/session", { username: ann.username, password: ann.password }, { ...sameSite, ...headers });
  const cookieOf = (answer) => ({ cookie: answer.headers.getSetCookie()[0].split(";")[0] });

  it("has a strict cookie and a new id at each sign-in", async () => {
    const first = await signIn();
    assert.match(first.headers.getSetCookie()[0], /^__Host-postern-session=[^;]{43}; Path=\/; .*Secure; HttpOnly; SameSite=Lax$/);
    assert.deepEqual(first.body.portals, ["publisher"]);
    const second = await signIn(cookieOf(first));
    assert.notDeepEqual(cookieOf(first), cookieOf(second));
    const who = async (cookie) => (await nobody.send("GET", "/session", undefined, cookie)).body.signedIn;
    assert.deepEqual([await who(cookieOf(first)), await who(cookieOf(second))], [false, true]);
    await nobody.expect(403, "DELETE", "/session", undefined, cookieOf(second));
    const out = await nobody.send("DELETE", "/session", undefined, { ...sameSite, ...cookieOf(second) });
    assert.equal(out.status, 204);
    assert.equal(await who(cookieOf(second)), false);
  });

  it("refuses foreign pages, surplus properties and other content types", async () => {
    await nobody.expect(403, "POST", "/session", { username: "a", password: "b" }, { "sec-fetch-site": "cross-site" });
    await nobody.expect(400, "POST", "/session", { username: "a", password: "b", remember: true });
    await nobody.expect(415, "POST", "/session", "username=a", FORM);
    await nobody.expect(405, "PUT", "/session", {});
  });

  it("ends when the person is disabled or gets a new password", async () => {
    const cookie = cookieOf(await signIn());
    const { access_token: token } = await enter();
    await admin.expect(204, "POST", `${ADMIN}/users/${ann.id}/password`, { password: "another lamp 77" });
    ann.password = "another lamp 77";
    assert.equal((await nobody.send("GET", "/session", undefined, cookie)).body.signedIn, false);
    assert.equal(await isActive(token), false);
    const next = await enter();
    assert.equal(await isActive(next.access_token), true);
    await admin.expect(200, "PUT", `${ADMIN}/users/${ann.id}`, { status: "DISABLED" });
    assert.equal(await isActive(next.access_token), false);
    assert.equal((await signIn()).status, 401);
    await admin.expect(200, "PUT", `${ADMIN}/users/${ann.id}`, { status: "ACTIVE" });
  });
});

describe("people", () => {
  it("never lose their last administrator", async () => {
    const { list } = (await admin.expect(200, "GET", `${ADMIN}/users?limit=500`)).body;
    const last = list.filter((user) => user.roles.includes("admin") && user.status === "ACTIVE");
    assert.equal(last.length, 1);
    const path = `${ADMIN}/users/${last[0].id}`;
    for (const change of [{ roles: [] }, { status: "DISABLED" }]) {
      assert.equal((await admin.expect(409, "PUT", path, change)).body.code, 900605);
    }
    // 409 alone: other journeys have left what the administrator owns, which is said first.
    assert.ok([900605, 409].includes((await admin.expect(409, "DELETE", path)).body.code));
    assert.ok((await admin.expect(200, "GET", path)).body.roles.includes("admin"));
  });

  it("guessing at a password are slowed down, and nobody else is", async () => {
    const username = fresh("guess");
    const guess = () => nobody.send("POST", "/session", { username, password: "x" });
    let answer;
    for (let count = 0; count < 12 && answer?.status !== 429; count += 1) answer = await guess();
    assert.equal(answer.status, 429, answer.text);
    assert.ok(Number(answer.headers.get("retry-after")) <= 60);
    await enter();
  });
});

it("metadata names addresses that answer", async () => {
  for (const path of ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"]) {
    const { body } = await nobody.expect(200, "GET", path);
    assert.ok(body.issuer.endsWith("/oauth2/token"));
    const jwks = await fetch(ORIGIN + new URL(body.jwks_uri).pathname);
    assert.equal(jwks.status, 200);
  }
});

it("internal paths are for nobody", async () => {
  await nobody.expect(404, "POST", "/internal/tokens", { clientId: client.clientId, scopes: [] });
  await nobody.expect(404, "GET", "/internal/users");
});
