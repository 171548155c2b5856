// Whoever loses an account, a password or a role loses every token at the gateway too, whichever grant it came by.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { CALLBACK, codeFor, redeem, signIn as openSession } from "./authorize.mjs";
import { ADMIN, fresh } from "./manage.mjs";
import { ORIGIN, signIn, startUpstream, within } from "./platform.mjs";

let desk, upstream, api, keys;

before(async () => {
  desk = await signIn();
  upstream = await startUpstream();
  api = await desk.publishApi(upstream.url);
  const application = await desk.subscribe(api);
  keys = await desk.call(200, "POST", `/devportal/v3/applications/${application.id}/generate-keys`, {
    keyType: "SANDBOX", grantTypesToBeSupported: ["client_credentials", "authorization_code", "refresh_token"], callbackUrl: CALLBACK, validityTime: 3600,
  });
});

after(async () => {
  await desk?.tidy();
  await upstream?.close();
});

const users = ADMIN.replace("/api/am", "");
const call = (token) => fetch(`${ORIGIN}${api.base}/pets/1`, { headers: { authorization: `Bearer ${token}` } });

async function grant(params) {
  const response = await fetch(`${ORIGIN}/oauth2/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${keys.consumerKey}:${keys.consumerSecret}`)}` },
    body: new URLSearchParams(params),
  });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return JSON.parse(text).access_token;
}

/** A token of the person, by signing in with the browser. */
async function enter(person) {
  const client = { id: keys.consumerKey, secret: keys.consumerSecret };
  const { status, body, text } = await redeem(client, await codeFor(client, await openSession(person)));
  assert.equal(status, 200, text);
  return body.access_token;
}

async function somebody(username = fresh("u"), roles = ["Internal/creator", "Internal/publisher"]) {
  const password = `A lamp ${fresh("x")}`;
  const { id } = await desk.call(201, "POST", `${users}/users`, { username, password, roles });
  return { id, username, password };
}

/** The person's tokens are refused within five seconds, everybody else's go on; the person. */
async function losing(take) {
  const [ann, bob] = [await somebody(), await somebody()];
  const tokens = [await enter(ann), await enter(ann)];
  const others = [await enter(bob), await grant({ grant_type: "client_credentials" })];
  for (const token of [...tokens, ...others]) assert.equal((await call(token)).status, 200);
  await take(ann);
  await within(5_000, "the tokens are refused", async () => (await call(tokens[0])).status === 401);
  for (const token of tokens) {
    const refused = await call(token);
    const text = await refused.text();
    assert.deepEqual([refused.status, JSON.parse(text).code], [401, "900904"], text);
  }
  for (const token of others) assert.equal((await call(token)).status, 200);
  return ann;
}

describe("every token of a person is refused at the gateway within five seconds", () => {
  test("when an administrator sets a new password", async () => {
    const ann = await losing(({ id }) => desk.call(204, "POST", `${users}/users/${id}/password`, { password: "Another lamp 77" }));
    const token = await enter({ ...ann, password: "Another lamp 77" });
    assert.equal((await call(token)).status, 200, "a token of the same second is good");
  });

  test("when a role is lost", async () => {
    const ann = await losing(({ id }) => desk.call(200, "PUT", `${users}/users/${id}`, { roles: ["Internal/creator"] }));
    assert.equal((await call(await enter(ann))).status, 200);
  });

  test("when everything is signed out", async () => {
    const ann = await losing(({ id }) => desk.call(204, "DELETE", `${users}/users/${id}/sessions`));
    assert.equal((await call(await enter(ann))).status, 200);
  });

  test("when the account is disabled", () =>
    losing(({ id }) => desk.call(200, "PUT", `${users}/users/${id}`, { status: "DISABLED" })));

  test("when the account is deleted, and somebody else gets the name", async () => {
    const old = [];
    const gone = await losing(async (ann) => {
      old.push(await enter(ann));
      await desk.call(204, "DELETE", `${users}/users/${ann.id}`);
    });
    const next = await somebody(gone.username);
    assert.equal((await call(await enter(next))).status, 200);
    assert.equal((await call(old[0])).status, 401);
  });
});
