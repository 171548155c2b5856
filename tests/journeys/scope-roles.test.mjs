// A scope that is bound to roles is given to who has one of them, by whichever grant, and silently left out for others.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { CALLBACK, FORM, OWN_PAGE, authorize, basic, bearer, codeFor, decoded, interactionOf, person, proof, redeem, register, signIn, token } from "./authorize.mjs";
import { ASSERTION, assertion, enroll, keyPair, letIn, post } from "./enrolled.mjs";
import { ADMIN, DEVPORTAL, PUBLISHER, administrator, deploy, fresh, makeApi, nobody } from "./manage.mjs";
import { ORIGIN, startUpstream, within } from "./platform.mjs";

const DEVICE = "urn:ietf:params:oauth:grant-type:device_code";
const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const ACCESS = "urn:ietf:params:oauth:token-type:access_token";
const GRANTS = `authorization_code refresh_token client_credentials password ${DEVICE} ${EXCHANGE}`;

let admin, role, other, miner, clerk, api, shared, own, common, free;
/** Clients: of who has the role, and of who has not. */
let rich, poor;

before(async () => {
  ({ admin } = await administrator());
  [role, other] = [fresh("Miner"), fresh("Smith")];
  for (const name of [role, other]) await admin.expect(201, "POST", `${ADMIN}/roles`, { name });
  [own, common, free] = [fresh("dig-"), fresh("share-"), fresh("look-")];
  shared = (await admin.expect(201, "POST", `${PUBLISHER}/scopes`, { name: common, bindings: [role] })).body;
  api = await makeApi(admin, drafted());
  miner = await person(["Internal/subscriber", role]);
  clerk = await person(["Internal/subscriber"]);
  [rich, poor] = [await register(miner, { grants: GRANTS }), await register(clerk, { grants: GRANTS })];
});

after(async () => {
  await admin.send("DELETE", `${PUBLISHER}/apis/${api.id}`);
  await admin.send("DELETE", `${PUBLISHER}/scopes/${shared.id}`);
});

/** What of a draft is about scopes. */
function drafted(bindings = [role]) {
  const scope = (name, more) => ({ scope: { name, ...more.scope }, shared: false, ...more.flags });
  const scopes = [scope(own, { scope: { bindings } }), scope(free, { scope: { bindings: [] } }), scope(common, { scope: {}, flags: { shared: true } })];
  const operations = [own, common, free].map((name) => ({ target: `/${name}`, verb: "GET", scopes: [name] }));
  return { scopes, operations };
}

const all = () => `openid ${own} ${common} ${free}`;
const open = () => `openid ${free}`;
const sorted = (text) => text.split(" ").sort();
/** The scopes of an answer, which its token has too. */
function given({ status, body, text }) {
  assert.equal(status, 200, text);
  assert.equal(decoded(body.access_token).scope, body.scope);
  return sorted(body.scope);
}
/** The one gets all of it, the other what anybody gets. */
async function both(grant) {
  assert.deepEqual(given(await grant(miner)), sorted(all()));
  assert.deepEqual(given(await grant(clerk)), sorted(open()));
}
const refresh = ({ body }, more = {}) => token(rich, { grant_type: "refresh_token", refresh_token: body.refresh_token, ...more });
const byCode = async (who) => redeem(rich, await codeFor(rich, await signIn(who), { scope: all() }));
const byPassword = (who) => token(rich, { grant_type: "password", username: who.username, password: who.password, scope: all() });

describe("a scope with roles is for who has one of them", () => {
  it("by code", () => both(byCode));

  it("by password", () => both(byPassword));

  it("by refresh", () => both(async (who) => refresh(await byCode(who))));

  it("by device", () =>
    both(async (who) => {
      const form = new URLSearchParams({ scope: all() }).toString();
      const begun = await nobody.send("POST", "/oauth2/device_authorization", form, { ...FORM, ...basic(rich.id, rich.secret) });
      const decision = { userCode: begun.body.user_code, decision: "approve" };
      assert.equal((await nobody.send("POST", "/oauth2/device/decision", decision, { ...OWN_PAGE, ...(await signIn(who)) })).status, 204);
      return token(rich, { grant_type: DEVICE, device_code: begun.body.device_code });
    }));

  it("by an assertion", async () => {
    const keys = keyPair();
    const wish = { grant_types: [BEARER], token_endpoint_auth_method: "private_key_jwt", jwks: { keys: [keys.jwk] } };
    const { body } = await enroll(wish, (await letIn(admin, 1)).token);
    const id = body.client_id;
    await admin.expect(204, "PUT", `/oauth2/clients/${id}/first-party`);
    const show = (who) =>
      post("/oauth2/token", {
        grant_type: BEARER,
        assertion: assertion(id, keys, { claims: { sub: who.username } }),
        client_assertion_type: ASSERTION,
        client_assertion: assertion(id, keys),
        scope: all(),
      });
    await both(show);
  });

  it("for a client, if its owner is one", async () => {
    const ask = (client) => token(client, { grant_type: "client_credentials", scope: `${own} ${common} ${free}` });
    assert.deepEqual(given(await ask(rich)), [own, common, free].sort());
    assert.deepEqual(given(await ask(poor)), [free]);
  });

  it("in a token for trying", async () => {
    for (const [who, expected] of [[miner, [own, common, free].sort()], [clerk, [free]]]) {
      const mine = await register(who, { grants: "password" });
      const { body } = await token(mine, { grant_type: "password", username: who.username, password: who.password, scope: "apim:subscribe apim:app_manage" });
      const desk = (method, path, sent) => nobody.send(method, `${DEVPORTAL}${path}`, sent, bearer(body.access_token));
      const made = await desk("POST", "/applications", { name: fresh("app"), throttlingPolicy: "Unlimited" });
      const at = `/applications/${made.body.applicationId}`;
      const keys = await desk("POST", `${at}/generate-keys`, { keyType: "PRODUCTION", grantTypesToBeSupported: ["client_credentials"], scopes: [own, free] });
      assert.deepEqual(keys.body.token.tokenScopes.toSorted(), expected.filter((it) => it !== common), JSON.stringify(keys.body));
      const tried = await desk("POST", `${at}/oauth-keys/${keys.body.keyMappingId}/generate-token`, { scopes: [own, common, free] });
      assert.deepEqual(sorted(decoded(tried.body.accessToken).scope), expected, tried.text);
      await desk("DELETE", at);
    }
  });

  it("on the page that asks for consent", async () => {
    for (const [who, expected] of [[await person(["Internal/subscriber", role]), all()], [await person(), open()]]) {
      const cookie = await signIn(who);
      const asked = await authorize({ response_type: "code", client_id: rich.id, redirect_uri: CALLBACK, scope: all(), ...proof().query }, cookie);
      const { body } = await nobody.expect(200, "GET", `/oauth2/interactions/${interactionOf(asked)}`, undefined, { ...OWN_PAGE, ...cookie });
      assert.deepEqual(body.scopes.map((line) => line.name).sort(), sorted(expected), JSON.stringify(body));
    }
  });
});

describe("what is exchanged", () => {
  it("has no scope that the subject has lost a role for", async () => {
    const change = (subject) => token(rich, { grant_type: EXCHANGE, subject_token: subject, subject_token_type: ACCESS, scope: `${own} ${free}` });
    const first = await byPassword(miner);
    assert.deepEqual(given(await change(first.body.access_token)), [own, free].sort());
    await bound([other], async () => assert.deepEqual(given(await change(first.body.access_token)), [free]));
  });
});

/** Has the API's own scope, and the shared one, bound to these roles for a while. */
async function bound(roles, story) {
  const set = async (bindings) => {
    const at = `${PUBLISHER}/apis/${api.id}`;
    const current = (await admin.expect(200, "GET", at)).body;
    await admin.expect(200, "PUT", at, { ...current, ...drafted(bindings) });
    await admin.expect(200, "PUT", `${PUBLISHER}/scopes/${shared.id}`, { name: common, bindings });
  };
  await set(roles);
  try {
    await story();
  } finally {
    await set([role]);
  }
}

describe("roles and bindings of today count", () => {
  it("after consent and for a refresh, whatever they were", async () => {
    const first = await byCode(miner);
    assert.deepEqual(given(first), sorted(all()));
    await bound([other], async () => {
      const next = await refresh(first);
      assert.deepEqual(given(next), sorted(open()), "a refresh");
      assert.deepEqual(given(await byCode(miner)), sorted(open()), "a consent that is remembered");
    });
    assert.deepEqual(given(await byCode(miner)), sorted(all()));
  });

  it("when a role is lost, and when it is got", async () => {
    const eve = await person(["Internal/subscriber", role]);
    const first = await byCode(eve);
    assert.deepEqual(given(first), sorted(all()));
    await admin.expect(200, "PUT", `${ADMIN}/users/${eve.id}`, { roles: ["Internal/subscriber"] });
    assert.equal((await refresh(first)).status, 400, "losing a role takes refresh tokens back");
    assert.deepEqual(given(await byCode(eve)), sorted(open()));
    const kept = await byCode(eve);
    await admin.expect(200, "PUT", `${ADMIN}/users/${eve.id}`, { roles: ["Internal/subscriber", role] });
    assert.deepEqual(given(await refresh(kept)), sorted(open()), "a refresh gives no more than was agreed to");
    assert.deepEqual(given(await byCode(eve)), sorted(all()));
  });

  it("also when an owner loses the role", async () => {
    const owner = await person(["Internal/subscriber", role]);
    const client = await register(owner, { grants: "client_credentials" });
    const ask = () => token(client, { grant_type: "client_credentials", scope: `${own} ${free}` });
    assert.deepEqual(given(await ask()), [own, free].sort());
    await admin.expect(200, "PUT", `${ADMIN}/users/${owner.id}`, { roles: ["Internal/subscriber"] });
    assert.deepEqual(given(await ask()), [free]);
  });

  it("also where several APIs name the scope: all of them are heeded", async () => {
    const scopes = [{ scope: { name: own, bindings: [other] }, shared: false }];
    const second = await makeApi(admin, { scopes, operations: [{ target: "/x", verb: "GET", scopes: [own] }] });
    assert.deepEqual(given(await byPassword(miner)), sorted(`openid ${common} ${free}`));
    const two = await person(["Internal/subscriber", role, other]);
    assert.deepEqual(given(await byPassword(two)), sorted(all()));
    await admin.expect(200, "DELETE", `${PUBLISHER}/apis/${second.id}`);
    assert.deepEqual(given(await byPassword(miner)), sorted(all()));
  });

  it("as long as a revision runs with them, whatever its draft says", async () => {
    const scope = fresh("old-");
    const scopes = [{ scope: { name: scope, bindings: [role] }, shared: false }, { scope: { name: common }, shared: true }];
    const running = await makeApi(admin, { scopes, operations: [{ target: "/x", verb: "GET", scopes: [scope] }] });
    const at = `${PUBLISHER}/apis/${running.id}`;
    const ask = async (who) => given(await token(rich, { grant_type: "password", username: who.username, password: who.password, scope }));
    const revision = await deploy(admin, running);
    const current = (await admin.expect(200, "GET", at)).body;
    await admin.expect(200, "PUT", at, { ...current, scopes: [], operations: [{ target: "/x", verb: "GET" }] });
    assert.deepEqual(await ask(clerk), ["default"], "gateways still ask for the scope");
    assert.deepEqual(await ask(miner), [scope]);
    const places = [{ name: "Default", vhost: "localhost", displayOnDevportal: true }];
    await admin.expect(201, "POST", `${at}/undeploy-revision?revisionId=${revision.id}`, places);
    assert.deepEqual(await ask(clerk), [scope], "no API has it any more");
    await admin.expect(201, "POST", `${at}/deploy-revision?revisionId=${revision.id}`, places);
    assert.deepEqual(await ask(clerk), ["default"]);
    await admin.expect(200, "DELETE", at);
  });

  it("and a shared scope cannot go away under a revision that runs", async () => {
    const { body: made } = await admin.expect(201, "POST", `${PUBLISHER}/scopes`, { name: fresh("kept-"), bindings: [role] });
    const scopes = [{ scope: { name: made.name }, shared: true }];
    const running = await makeApi(admin, { scopes, operations: [{ target: "/x", verb: "GET", scopes: [made.name] }] });
    await deploy(admin, running);
    const at = `${PUBLISHER}/apis/${running.id}`;
    const current = (await admin.expect(200, "GET", at)).body;
    await admin.expect(200, "PUT", at, { ...current, scopes: [], operations: [{ target: "/x", verb: "GET" }] });
    const { body: listed } = await admin.expect(200, "GET", `${PUBLISHER}/scopes/${made.id}`);
    assert.equal(listed.usageCount, 0);
    await admin.expect(409, "DELETE", `${PUBLISHER}/scopes/${made.id}`);
    await admin.expect(200, "DELETE", at);
    await admin.expect(200, "DELETE", `${PUBLISHER}/scopes/${made.id}`);
  });
});

it("no API narrows the platform's own scopes, nor those of sign-in", async () => {
  const names = ["apim:subscribe", "openid", "profile", "offline_access"];
  const scopes = names.map((name) => ({ scope: { name, bindings: [other] }, shared: false }));
  const made = await makeApi(admin, { scopes, operations: [{ target: "/x", verb: "GET" }] });
  const answer = await token(poor, { grant_type: "password", username: clerk.username, password: clerk.password, scope: names.join(" ") });
  assert.deepEqual(given(answer), [...names].sort());
  await admin.expect(200, "DELETE", `${PUBLISHER}/apis/${made.id}`);
});

it("a name and password at a gateway bring the scopes of their roles", async () => {
  const upstream = await startUpstream();
  const endpoint = { url: upstream.url };
  const made = await makeApi(admin, {
    securityScheme: ["basic_auth", "oauth_basic_auth_api_key_mandatory"],
    scopes: [{ scope: { name: own, bindings: [role] }, shared: false }],
    operations: [{ target: "/x", verb: "GET", scopes: [own] }],
    endpointConfig: { endpoint_type: "http", production_endpoints: endpoint, sandbox_endpoints: endpoint },
  });
  try {
    await deploy(admin, made);
    await admin.expect(200, "POST", `${PUBLISHER}/apis/change-lifecycle?apiId=${made.id}&action=Publish`);
    const call = async (who) => (await fetch(`${ORIGIN}${made.context}/1.0.0/x`, { headers: basic(who.username, who.password) })).status;
    await within(5_000, "who has the role is let in", async () => (await call(miner)) === 200);
    assert.equal(await call(clerk), 403);
  } finally {
    await admin.send("DELETE", `${PUBLISHER}/apis/${made.id}`);
    await upstream.close();
  }
});
