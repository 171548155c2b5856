// The front channel over HTTP: what a request may ask, where an answer may go, what a code is good for.

import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { before, describe, it } from "node:test";
import {
  CALLBACK,
  FORM,
  OWN_PAGE,
  authorize,
  basic,
  bearer,
  carried,
  codeFor,
  decoded,
  go,
  interactionOf,
  isActive,
  person,
  proof,
  redeem,
  register,
  say,
  signIn,
  token,
} from "./authorize.mjs";
import { ORIGIN, administrator, nobody } from "./manage.mjs";

let eve, client, cookie;

const asked = (more = {}) => ({
  response_type: "code",
  client_id: client.id,
  redirect_uri: CALLBACK,
  scope: "openid",
  state: "xyz",
  ...proof().query,
  ...more,
});
const without = (...names) => Object.fromEntries(Object.entries(asked()).filter(([name]) => !names.includes(name)));

before(async () => {
  eve = await person();
  client = await register(eve);
  cookie = await signIn(eve);
});

describe("a request that nobody may be sent on with", () => {
  it("ends on a page of ours and never at the client", async () => {
    for (const [query, reason] of [
      [{ ...asked(), client_id: "nobody" }, "unknown-client"],
      [without("client_id"), "unknown-client"],
      [asked({ redirect_uri: "https://evil.example/cb" }), "unregistered-redirect"],
      [asked({ redirect_uri: `${CALLBACK}/` }), "unregistered-redirect"],
      [asked({ redirect_uri: `${CALLBACK}?x=1` }), "unregistered-redirect"],
      [asked({ redirect_uri: "javascript:alert(1)" }), "unregistered-redirect"],
      [asked({ redirect_uri: "http://127.0.0.1@evil.example/callback" }), "unregistered-redirect"],
      [asked({ request_uri: "urn:ietf:params:oauth:request_uri:none" }), "unknown-request"],
    ]) {
      for (const headers of [{}, cookie]) {
        const answer = await authorize(query, headers);
        assert.deepEqual([answer.status, answer.location], [303, `/consent/error?reason=${reason}`], JSON.stringify(query));
      }
    }
    const twice = await go(`/oauth2/authorize?${new URLSearchParams(asked())}&state=other`, cookie);
    assert.equal(twice.location, "/consent/error?reason=malformed");
    const program = await go(`/oauth2/authorize?${new URLSearchParams({ ...asked(), client_id: "nobody" })}`, { accept: "*/*" });
    assert.equal(program.status, 400);
  });

  it("goes to any port of a registered loopback address", async () => {
    const there = "http://127.0.0.1:50123/callback";
    const answer = await authorize(asked({ redirect_uri: there, prompt: "none" }));
    assert.equal(carried(answer, there).error, "login_required");
  });
});

describe("a refusal", () => {
  it("reaches the client in the words of the standards, with state and issuer", async () => {
    for (const [query, error] of [
      [asked({ response_type: "token" }), "unsupported_response_type"],
      [asked({ response_type: "code id_token" }), "unsupported_response_type"],
      [without("response_type"), "invalid_request"],
      [without("code_challenge", "code_challenge_method"), "invalid_request"],
      [asked({ code_challenge_method: "plain" }), "invalid_request"],
      [without("code_challenge_method"), "invalid_request"],
      [asked({ scope: 'a"b' }), "invalid_scope"],
      [asked({ prompt: "none login" }), "invalid_request"],
      [asked({ prompt: "none" }), "login_required"],
      [asked({ request: "a.b.c" }), "request_not_supported"],
      [asked({ request_uri: "https://evil.example/r" }), "request_uri_not_supported"],
      [asked({ resource: "not a uri" }), "invalid_target"],
      [asked({ response_mode: "fragment" }), "invalid_request"],
    ]) {
      const found = carried(await authorize(query));
      assert.deepEqual([found.error, found.state], [error, "xyz"], JSON.stringify(query));
      assert.equal(found.code, undefined);
    }
    const long = carried(await authorize(asked({ state: "s".repeat(2049) })));
    assert.deepEqual([long.error, long.state], ["invalid_request", undefined]);
    const state = "a b&c=d\"<ü>".padEnd(500, "x");
    assert.equal(carried(await authorize(asked({ prompt: "none", state }))).state, state);
  });

  it("names the client that is not registered for codes", async () => {
    const other = await register(eve, { grants: "client_credentials" });
    assert.equal(carried(await authorize(asked({ client_id: other.id }))).error, "unauthorized_client");
  });

  it("says which question a silent request would need", async () => {
    const fresh = await register(eve);
    const silent = { client_id: fresh.id, prompt: "none" };
    assert.equal(carried(await authorize(asked(silent), cookie)).error, "consent_required");
    await codeFor(fresh, cookie);
    assert.ok(carried(await authorize(asked(silent), cookie)).code);
    assert.equal(carried(await authorize(asked({ ...silent, scope: "openid email" }), cookie)).error, "consent_required");
    assert.equal(carried(await authorize(asked({ ...silent, max_age: "0" }), cookie)).error, "login_required");
    assert.equal(carried(await authorize(asked({ ...silent, acr_values: "2" }), cookie)).error, "interaction_required");
  });
});

describe("an interaction", () => {
  it("asks for sign-in, then consent, then gives a code", async () => {
    const fresh = await register(eve);
    const first = await authorize(asked({ client_id: fresh.id, login_hint: "eve", scope: "openid profile read:pets" }));
    assert.match(first.location, /^\/sign-in\/\?interaction=[^&]{43}$/);
    const id = interactionOf(first);
    const told = (await nobody.expect(200, "GET", `/oauth2/interactions/${id}`)).body;
    assert.deepEqual([told.kind, told.client.name, told.loginHint, told.user], ["sign-in", fresh.name, "eve", null]);
    const second = await go(`/oauth2/authorize/resume?interaction=${id}`, cookie);
    assert.equal(second.location, `/consent/?interaction=${id}`);
    const wanted = (await nobody.expect(200, "GET", `/oauth2/interactions/${id}`, undefined, cookie)).body;
    assert.deepEqual([wanted.kind, wanted.user.username, wanted.returnsTo], ["consent", eve.username, "127.0.0.1"]);
    assert.deepEqual(wanted.scopes.map(({ name }) => name), ["openid", "profile", "read:pets"]);
    const said = await say(id, "approve", cookie);
    assert.deepEqual(said.body, { redirectTo: `/oauth2/authorize/resume?interaction=${id}` });
    const found = carried(await go(said.body.redirectTo, cookie));
    assert.equal(found.state, "xyz");
    assert.match(found.code, /^[0-9A-Za-z]{43}$/);
    const again = await go(said.body.redirectTo, cookie);
    assert.equal(again.location, "/consent/error?reason=unknown-interaction");
  });

  it("that is denied tells the client so, signed in or not", async () => {
    const fresh = await register(eve);
    for (const headers of [cookie, {}]) {
      const id = interactionOf(await authorize(asked({ client_id: fresh.id, prompt: "consent" }), headers));
      assert.equal((await say(id, "deny", headers)).status, 200);
      assert.equal(carried(await go(`/oauth2/authorize/resume?interaction=${id}`, headers)).error, "access_denied");
    }
  });

  it("takes no decision of foreign pages, strangers or out of turn", async () => {
    const fresh = await register(eve);
    const id = interactionOf(await authorize(asked({ client_id: fresh.id }), cookie));
    const path = `/oauth2/interactions/${id}`;
    await nobody.expect(403, "POST", path, { decision: "approve" }, cookie);
    await nobody.expect(403, "POST", path, { decision: "approve" }, { ...OWN_PAGE, ...cookie, "sec-fetch-site": "cross-site" });
    await nobody.expect(409, "POST", path, { decision: "approve" }, OWN_PAGE);
    await nobody.expect(409, "POST", path, { decision: "continue" }, { ...OWN_PAGE, ...cookie });
    await nobody.expect(400, "POST", path, { decision: "perhaps" }, { ...OWN_PAGE, ...cookie });
    await nobody.expect(400, "POST", path, { decision: "approve", scopes: ["admin"] }, { ...OWN_PAGE, ...cookie });
    await nobody.expect(404, "POST", "/oauth2/interactions/none", { decision: "approve" }, { ...OWN_PAGE, ...cookie });
    // What one person approves is nothing that another could use.
    assert.equal((await say(id, "approve", cookie, false)).status, 200);
    const other = await signIn(await person());
    const stolen = await go(`/oauth2/authorize/resume?interaction=${id}`, other);
    assert.equal(stolen.location, `/consent/?interaction=${id}`);
  });

  it("consents once, unless it was not to be remembered or more is wanted", async () => {
    const fresh = await register(eve);
    const ask = (scope) => authorize(asked({ client_id: fresh.id, scope }), cookie);
    const answer = async (scope, remember) => {
      const id = interactionOf(await ask(scope));
      await say(id, "approve", cookie, remember);
      assert.ok(carried(await go(`/oauth2/authorize/resume?interaction=${id}`, cookie)).code);
    };
    await answer("openid", false);
    assert.match((await ask("openid")).location, /^\/consent\//);
    await answer("openid email", true);
    assert.ok(carried(await ask("openid")).code);
    assert.match((await ask("openid profile")).location, /^\/consent\//);
    assert.match((await authorize(asked({ client_id: fresh.id, prompt: "consent" }), cookie)).location, /^\/consent\//);
  });

  it("asks to sign in again, and to choose an account, once", async () => {
    await codeFor(client, cookie);
    const again = interactionOf(await authorize(asked({ prompt: "login" }), cookie));
    const resume = (id, headers) => go(`/oauth2/authorize/resume?interaction=${id}`, headers);
    assert.match((await resume(again, cookie)).location, /^\/sign-in\//);
    assert.ok(carried(await resume(again, await signIn(eve))).code);
    const choose = interactionOf(await authorize(asked({ prompt: "select_account" }), cookie));
    assert.equal((await nobody.expect(200, "GET", `/oauth2/interactions/${choose}`, undefined, cookie)).body.mayContinue, true);
    assert.equal((await say(choose, "continue", cookie)).status, 200);
    assert.ok(carried(await resume(choose, cookie)).code);
  });

  it("has somebody who signed in too long ago sign in again, and says when", async () => {
    const first = decoded((await redeem(client, await codeFor(client, cookie))).body.id_token).auth_time;
    const { verifier, query } = proof();
    const asks = await authorize(asked({ max_age: "0", ...query }), cookie);
    assert.match(asks.location, /^\/sign-in\//);
    const resume = (headers) => go(`/oauth2/authorize/resume?interaction=${interactionOf(asks)}`, headers);
    assert.match((await resume(cookie)).location, /^\/sign-in\//, "the old sign-in is not enough");
    const { code } = carried(await resume(await signIn(eve)));
    const { body } = await redeem(client, { code, verifier });
    const { auth_time: again, iat } = decoded(body.id_token);
    assert.ok(again >= first && iat - again < 60, `${first} ${again} ${iat}`);
  });

  it("wants the person whom an ID token names", async () => {
    const { body } = await redeem(client, await codeFor(client, cookie));
    const hinted = { prompt: "none", id_token_hint: body.id_token };
    assert.ok(carried(await authorize(asked(hinted), cookie)).code);
    const other = await signIn(await person());
    assert.equal(carried(await authorize(asked(hinted), other)).error, "login_required");
    const junk = { ...hinted, id_token_hint: body.access_token };
    assert.equal(carried(await authorize(asked(junk), cookie)).error, "invalid_request");
  });

  it("begins by a form of another site too, which comes without the cookie", async () => {
    await codeFor(client, cookie);
    const body = new URLSearchParams(asked()).toString();
    const posted = await fetch(`${ORIGIN}/oauth2/authorize`, { method: "POST", headers: { ...FORM, accept: "text/html" }, body, redirect: "manual" });
    assert.equal(posted.status, 303);
    const there = posted.headers.get("location");
    assert.match(there, /^\/oauth2\/authorize\/resume\?interaction=/);
    assert.ok(carried(await go(there, cookie)).code);
  });
});

it("an answer can be a form that posts itself and nothing else", async () => {
  await codeFor(client, cookie);
  const query = new URLSearchParams(asked({ response_mode: "form_post" }));
  const answer = await fetch(`${ORIGIN}/oauth2/authorize?${query}`, { headers: { accept: "text/html", ...cookie }, redirect: "manual" });
  const html = await answer.text();
  assert.equal(answer.status, 200);
  assert.match(html, /<form method="post" action="http:\/\/127\.0\.0\.1\/callback"><input type="hidden" name="code" value="[^"]{43}">/);
  const policy = answer.headers.get("content-security-policy");
  assert.match(policy, /default-src 'none'; script-src 'sha256-[^']+'; form-action http:\/\/127\.0\.0\.1; frame-ancestors 'none'/);
});

describe("a code", () => {
  it("becomes tokens that say who, when and how", async () => {
    const nonce = "n-0S6_WzA2Mj";
    const query = { scope: "openid profile email offline_access", nonce };
    const answer = await redeem(client, await codeFor(client, cookie, query));
    assert.equal(answer.status, 200, answer.text);
    const { access_token: access, id_token: id, refresh_token: refreshToken } = answer.body;
    assert.ok(refreshToken);
    const [header, claims, signature] = id.split(".");
    const { keys } = (await nobody.expect(200, "GET", "/oauth2/jwks")).body;
    const jwk = keys.find(({ kid }) => kid === JSON.parse(Buffer.from(header, "base64url")).kid);
    const key = createPublicKey({ key: jwk, format: "jwk" });
    const signed = Buffer.from(`${header}.${claims}`);
    assert.ok(verify("sha256", signed, { key, dsaEncoding: "ieee-p1363" }, Buffer.from(signature, "base64url")));
    const said = decoded(id);
    assert.deepEqual(
      [said.iss, said.sub, said.aud, said.azp, said.nonce, said.acr, said.amr],
      [`${ORIGIN}/oauth2/token`, eve.username, client.id, client.id, nonce, "1", ["pwd"]],
    );
    assert.ok(Math.abs(Date.now() / 1000 - said.auth_time) < 600 && said.exp > said.iat && said.at_hash && said.sid);
    const me = await nobody.expect(200, "GET", "/oauth2/userinfo", undefined, bearer(access));
    assert.deepEqual(me.body, {
      sub: eve.username,
      preferred_username: eve.username,
      name: eve.displayName,
      email: eve.email,
    });
    await nobody.expect(401, "GET", "/api/am/admin/v4/users", undefined, bearer(id));
  });

  it("is good once, and its copy takes back what it gave", async () => {
    const code = await codeFor(client, cookie);
    const first = await redeem(client, code);
    assert.equal(first.status, 200, first.text);
    assert.equal(await isActive(client, first.body.access_token), true);
    const second = await redeem(client, code);
    assert.deepEqual([second.status, second.body.error], [400, "invalid_grant"]);
    assert.equal(await isActive(client, first.body.access_token), false);
    const refreshed = await token(client, { grant_type: "refresh_token", refresh_token: first.body.refresh_token });
    assert.equal(refreshed.body.error, "invalid_grant");
  });

  it("is good for its client, place and verifier only", async () => {
    const other = await register(eve);
    const code = await codeFor(client, cookie);
    for (const [who, more] of [
      [other, {}],
      [client, { redirect_uri: "http://127.0.0.1/other" }],
      [client, { redirect_uri: "" }],
      [client, { code_verifier: "x".repeat(43) }],
      [client, { code_verifier: "" }],
      [client, { code: "none" }],
    ]) {
      const answer = await redeem(who, code, more);
      assert.deepEqual([answer.status, answer.body.error], [400, "invalid_grant"], JSON.stringify(more));
    }
    assert.equal((await redeem(client, code)).status, 200, "nobody's attempt spoils it for its client");
  });

  it("ends with the session that it was made in", async () => {
    const own = await signIn(eve);
    const code = await codeFor(client, own);
    await nobody.expect(204, "DELETE", "/session", undefined, { ...OWN_PAGE, ...own });
    assert.equal((await redeem(client, code)).body.error, "invalid_grant");
  });
});

describe("a pushed request", () => {
  const push = (params, headers = basic(client.id, client.secret)) =>
    nobody.send("POST", "/oauth2/par", new URLSearchParams(params).toString(), { ...FORM, ...headers });

  it("is used once, by its client, and counts alone", async () => {
    await codeFor(client, cookie);
    const pushed = await push(asked({ state: "pushed" }));
    assert.deepEqual([pushed.status, pushed.body.expires_in], [201, 60], pushed.text);
    const request_uri = pushed.body.request_uri;
    const other = await register(eve);
    const stolen = await authorize({ client_id: other.id, request_uri }, cookie);
    assert.equal(stolen.location, "/consent/error?reason=unknown-request");
    const answer = carried(await authorize({ client_id: client.id, request_uri, state: "beside", scope: "email" }, cookie));
    assert.equal(answer.state, "pushed");
    assert.ok(answer.code);
    const again = await authorize({ client_id: client.id, request_uri }, cookie);
    assert.equal(again.location, "/consent/error?reason=unknown-request");
  });

  it("is refused at once when it could not be granted", async () => {
    for (const [params, headers, status, error] of [
      [asked({ redirect_uri: "https://evil.example" }), undefined, 400, "invalid_request"],
      [asked({ response_type: "token" }), undefined, 400, "unsupported_response_type"],
      [asked({ request_uri: "urn:x" }), undefined, 400, "invalid_request"],
      [without("code_challenge", "code_challenge_method"), undefined, 400, "invalid_request"],
      [asked(), basic(client.id, "wrong"), 401, "invalid_client"],
    ]) {
      const answer = await push(params, headers);
      assert.deepEqual([answer.status, answer.body.error], [status, error], answer.text);
    }
    await nobody.expect(405, "GET", "/oauth2/par");
  });
});

describe("consents", () => {
  it("are listed, and taken back with all that came of them", async () => {
    const fresh = await register(eve);
    const answer = await redeem(fresh, await codeFor(fresh, cookie, { scope: "openid email" }));
    const list = async () => (await nobody.expect(200, "GET", "/session/consents", undefined, cookie)).body.list;
    const found = (await list()).find(({ clientId }) => clientId === fresh.id);
    assert.deepEqual([found.clientName, found.scopes], [fresh.name, ["openid", "email"]]);
    const path = `/session/consents/${fresh.id}`;
    await nobody.expect(401, "GET", "/session/consents");
    await nobody.expect(403, "DELETE", path, undefined, cookie);
    await nobody.expect(204, "DELETE", path, undefined, { ...OWN_PAGE, ...cookie });
    await nobody.expect(404, "DELETE", path, undefined, { ...OWN_PAGE, ...cookie });
    assert.equal((await list()).some(({ clientId }) => clientId === fresh.id), false);
    assert.equal(await isActive(fresh, answer.body.access_token), false);
    const refreshed = await token(fresh, { grant_type: "refresh_token", refresh_token: answer.body.refresh_token });
    assert.equal(refreshed.body.error, "invalid_grant");
    assert.match((await authorize(asked({ client_id: fresh.id }), cookie)).location, /^\/consent\//);
  });
});

describe("a first party", () => {
  it("is made by administrators only, and asks nobody", async () => {
    const { admin } = await administrator();
    const fresh = await register(eve);
    const path = `/oauth2/clients/${fresh.id}/first-party`;
    const ask = () => authorize(asked({ client_id: fresh.id }), cookie);
    await nobody.expect(401, "PUT", path);
    await nobody.expect(403, "PUT", path, undefined, { ...OWN_PAGE, ...cookie });
    assert.match((await ask()).location, /^\/consent\//);
    await admin.expect(204, "PUT", path);
    assert.ok(carried(await ask()).code);
    await admin.expect(204, "DELETE", path);
    assert.match((await ask()).location, /^\/consent\//);
    await admin.expect(404, "PUT", "/oauth2/clients/none/first-party");
  });
});

it("a client gets system scopes for who registered it, and for nobody else", async () => {
  const scope = "openid apim:subscribe";
  const own = await redeem(client, await codeFor(client, cookie, { scope }));
  assert.equal(own.body.scope, scope);
  const lured = await redeem(client, await codeFor(client, await signIn(await person()), { scope }));
  assert.equal(lured.body.scope, "openid");
});

describe("userinfo", () => {
  it("refuses in the words of RFC 6750", async () => {
    const challenge = (answer) => answer.headers.get("www-authenticate");
    const none = await nobody.send("GET", "/oauth2/userinfo");
    assert.deepEqual([none.status, challenge(none)], [401, 'Bearer realm="Postern"']);
    const junk = await nobody.send("GET", "/oauth2/userinfo", undefined, bearer("junk"));
    assert.match(challenge(junk), /error="invalid_token"/);
    const { body } = await redeem(client, await codeFor(client, cookie, { scope: "email" }));
    assert.equal(body.id_token, undefined);
    const poor = await nobody.send("GET", "/oauth2/userinfo", undefined, bearer(body.access_token));
    assert.deepEqual([poor.status, /error="insufficient_scope"/.test(challenge(poor))], [403, true]);
  });

  it("is read by pages of the token's client only", async () => {
    const { body } = await redeem(client, await codeFor(client, cookie));
    const from = async (origin) => {
      const answer = await nobody.expect(200, "GET", "/oauth2/userinfo", undefined, { ...bearer(body.access_token), origin });
      return answer.headers.get("access-control-allow-origin");
    };
    assert.equal(await from("http://127.0.0.1"), "http://127.0.0.1");
    assert.equal(await from("https://evil.example"), null);
    assert.equal(await from("null"), null);
    const asking = await nobody.send("OPTIONS", "/oauth2/userinfo", undefined, { origin: "https://any.example" });
    assert.deepEqual([asking.status, asking.headers.get("access-control-allow-credentials")], [204, null]);
  });
});

describe("signing out", () => {
  it("follows the ID token of the session, and asks without one", async () => {
    const own = await signIn(eve);
    const { body } = await redeem(client, await codeFor(client, own));
    const who = async () => (await nobody.send("GET", "/session", undefined, own)).body.signedIn;
    const bare = await go("/oidc/logout", own);
    assert.equal(bare.location, "/signed-out/?confirm=1");
    const access = await go(`/oidc/logout?id_token_hint=${body.access_token}`, own);
    assert.equal(access.location, "/consent/error?reason=unknown-hint");
    const evil = new URLSearchParams({ id_token_hint: body.id_token, post_logout_redirect_uri: "https://evil.example" });
    assert.equal((await go(`/oidc/logout?${evil}`, own)).location, "/consent/error?reason=unregistered-logout");
    assert.equal(await who(), true);
    const out = await go(`/oidc/logout?id_token_hint=${body.id_token}`, own);
    assert.equal(out.location, "/signed-out/");
    assert.match(out.headers.getSetCookie()[0], /Max-Age=0/);
    assert.equal(await who(), false);
    assert.equal((await go("/oidc/logout")).location, "/signed-out/");
  });
});

it("the pages of an account may not be framed, and pass no Referer on", async () => {
  for (const path of ["/sign-in/", "/consent/", "/consent/error", "/device", "/signed-out/"]) {
    const { status, headers } = await go(path);
    assert.equal(status, 200, path);
    assert.match(headers.get("content-security-policy"), /frame-ancestors 'none'/);
    assert.deepEqual([headers.get("x-frame-options"), headers.get("referrer-policy")], ["DENY", "no-referrer"], path);
  }
});

it("discovery promises what is served, and nothing else", async () => {
  const { body } = await nobody.expect(200, "GET", "/.well-known/openid-configuration");
  assert.deepEqual(body.response_types_supported, ["code"]);
  assert.deepEqual(body.code_challenge_methods_supported, ["S256"]);
  assert.equal(body.authorization_response_iss_parameter_supported, true);
  for (const [name, address] of Object.entries(body)) {
    if (!/_endpoint$|_uri$/.test(name)) continue;
    assert.ok(address.startsWith(ORIGIN), `${name}: ${address}`);
    const answer = await go(address.slice(ORIGIN.length));
    assert.notEqual(answer.status, 404, `${name} is not there`);
    assert.ok(answer.status < 500, `${name} answers ${answer.status}`);
  }
});
