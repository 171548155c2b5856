// The key manager before Authlib, the client that most Python applications use.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { person, register } from "../journeys/authorize.mjs";
import { ORIGIN, fresh } from "../journeys/manage.mjs";
import { application, browserOf } from "./browser.mjs";

let eve, app, browser, python, lines;

/** Sends one line to the Python application and reads its answer. */
async function tell(order) {
  python.stdin.write(`${JSON.stringify(order)}\n`);
  const { value, done } = await lines.next();
  assert.ok(!done, "the Python application ended; its traceback is above");
  return JSON.parse(value);
}

before(async () => {
  eve = await person();
  app = await application();
  const more = ["token-exchange", "device_code"].map((name) => `urn:ietf:params:oauth:grant-type:${name}`);
  const grants = ["authorization_code", "refresh_token", "client_credentials", ...more].join(" ");
  const made = await register(eve, { callback: app.callback, grants, name: fresh("python") });
  const env = { ...process.env, PYTHONPATH: process.env.POSTERN_PYTHONPATH };
  python = spawn("python3", [join(import.meta.dirname, "authlib_client.py")], { env, stdio: ["pipe", "pipe", "inherit"] });
  lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  browser = await browserOf(eve);
  const settings = { issuer: `${ORIGIN}/oauth2/token`, client_id: made.id, client_secret: made.secret, callback: app.callback };
  assert.deepEqual(await tell(settings), { ready: true });
});

after(async () => {
  python?.kill();
  await browser?.close();
  app?.close();
});

test("a person signs in with code + PKCE and the ID token holds", async () => {
  const { address } = await tell({ do: "begin" });
  await browser.allow(address);
  const { subject, user } = await tell({ do: "finish", address: String(await app.next()) });
  assert.deepEqual([subject, user], [eve.username, eve.username]);
});

test("a token is exchanged for one with less, for a resource", async () => {
  const resource = "https://pets.example/api";
  assert.deepEqual(await tell({ do: "exchange", scope: "profile", resource }), { audience: [resource], scope: "profile" });
});

test("a token is bound to a key, with the nonce that the server wants", async () => {
  assert.deepEqual(await tell({ do: "bind" }), { first: "use_dpop_nonce", type: "DPoP", is_own: true });
});

test("a device waits for its person", async () => {
  const { address, waits } = await tell({ do: "begin_device" });
  assert.equal(waits, "authorization_pending");
  await browser.confirm(address);
  // The server names the pace: two polls within five seconds are too many.
  await new Promise((over) => setTimeout(over, 5_500));
  assert.deepEqual(await tell({ do: "finish_device" }), { error: null, type: "Bearer" });
});

test("refresh, introspection, revocation", async () => {
  assert.deepEqual(await tell({ do: "renew" }), { rotated: true });
  assert.deepEqual(await tell({ do: "is_active" }), { active: true });
  assert.deepEqual(await tell({ do: "revoke" }), { status: 200 });
  assert.deepEqual(await tell({ do: "is_active" }), { active: false });
});
