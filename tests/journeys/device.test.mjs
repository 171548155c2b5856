// The device flow over HTTP (RFC 8628): two codes, one person, one pair of tokens.

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { FORM, OWN_PAGE, basic, bearer, decoded, person, register, signIn, token } from "./authorize.mjs";
import { ORIGIN, fresh, nobody } from "./manage.mjs";

const DEVICE = "urn:ietf:params:oauth:grant-type:device_code";

let eve, client, cookie;

const begin = (who = client, params = { scope: "openid profile" }) =>
  nobody.send("POST", "/oauth2/device_authorization", new URLSearchParams(params).toString(), { ...FORM, ...basic(who.id, who.secret) });
const poll = (device, who = client) => token(who, { grant_type: DEVICE, device_code: device.device_code });
const ask = (path, body, headers = cookie) => nobody.send("POST", `/oauth2/device/${path}`, body, { ...OWN_PAGE, ...headers });

before(async () => {
  eve = await person();
  client = await register(eve, { grants: `${DEVICE} refresh_token`, callback: "", name: fresh("Lamp") });
  cookie = await signIn(eve);
});

describe("a device", () => {
  it("gets its tokens when its person has confirmed the code", async () => {
    const { status, body: device } = await begin();
    assert.equal(status, 200);
    assert.match(device.user_code, /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
    assert.deepEqual([device.verification_uri, device.expires_in, device.interval], [`${ORIGIN}/device`, 600, 5]);
    assert.equal((await poll(device)).body.error, "authorization_pending");
    assert.equal((await poll(device)).body.error, "slow_down");
    const typed = device.user_code.toLowerCase().replace("-", " ");
    const found = await ask("lookup", { userCode: typed });
    assert.equal(found.status, 200, found.text);
    assert.deepEqual([found.body.userCode, found.body.client.name, found.body.user.username], [device.user_code, client.name, eve.username]);
    assert.equal((await ask("decision", { userCode: typed, decision: "approve" })).status, 204);
    const answer = await poll(device);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(decoded(answer.body.id_token).sub, eve.username);
    const me = await nobody.expect(200, "GET", "/oauth2/userinfo", undefined, bearer(answer.body.access_token));
    assert.equal(me.body.name, eve.displayName);
    const again = await poll(device);
    assert.deepEqual([again.status, again.body.error], [400, "invalid_grant"]);
    assert.equal((await token(client, { grant_type: "refresh_token", refresh_token: answer.body.refresh_token })).status, 200);
  });

  it("is told when its person says no", async () => {
    const { body: device } = await begin();
    assert.equal((await ask("decision", { userCode: device.user_code, decision: "deny" })).status, 204);
    assert.equal((await poll(device)).body.error, "access_denied");
    const late = await ask("decision", { userCode: device.user_code, decision: "approve" });
    assert.equal(late.status, 404);
  });

  it("of one client is nothing to another", async () => {
    const other = await register(eve, { grants: DEVICE, callback: "" });
    const { body: device } = await begin();
    assert.equal((await ask("decision", { userCode: device.user_code, decision: "approve" })).status, 204);
    assert.equal((await poll(device, other)).body.error, "invalid_grant");
    assert.equal((await poll(device)).status, 200);
  });

  it("has to be registered for it, authenticated and well-spoken", async () => {
    const other = await register(eve, { grants: "client_credentials" });
    assert.equal((await begin(other)).body.error, "unauthorized_client");
    assert.equal((await begin({ ...client, secret: "wrong" })).body.error, "invalid_client");
    assert.equal((await begin(client, { scope: 'a"b' })).body.error, "invalid_scope");
    assert.equal((await begin(client, { resource: "x" })).body.error, "invalid_target");
    assert.equal((await token(client, { grant_type: DEVICE })).body.error, "invalid_request");
    assert.equal((await token(client, { grant_type: DEVICE, device_code: "none" })).body.error, "invalid_grant");
    await nobody.expect(405, "GET", "/oauth2/device_authorization");
  });
});

describe("the device page", () => {
  it("answers people who are signed in, on pages of ours", async () => {
    const { body: device } = await begin();
    const wish = { userCode: device.user_code };
    assert.equal((await ask("lookup", wish, {})).status, 401);
    await nobody.expect(403, "POST", "/oauth2/device/lookup", wish, cookie);
    await nobody.expect(403, "POST", "/oauth2/device/decision", { ...wish, decision: "approve" }, cookie);
    assert.equal((await ask("decision", { ...wish, decision: "perhaps" })).status, 400);
    assert.equal((await poll(device)).body.error, "authorization_pending");
  });

  it("lets nobody guess", async () => {
    const guesser = await signIn(await person());
    const guess = () => ask("lookup", { userCode: "BCDF-GHJK" }, guesser);
    let answer;
    for (let count = 0; count < 14 && answer?.status !== 429; count += 1) answer = await guess();
    assert.equal(answer.status, 429, answer.text);
    assert.ok(Number(answer.headers.get("retry-after")) <= 60);
    const { body: device } = await begin();
    assert.equal((await ask("lookup", { userCode: device.user_code })).status, 200, "others may go on");
  });
});
