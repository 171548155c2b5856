// Whoever steals the disks or the log gets no secret: after a run that makes every kind, none is found in D1, KV, any
// object or in what the platform said.
//
// Starts its own platform on stock workerd, because it has to know where its disks are.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { standAlone } from "./own-platform.mjs";

const kinds = new Map();
let own;

/** Remembers a secret of the run. */
function keep(kind, secret) {
  assert.ok(typeof secret === "string" && secret.length >= 8, `${kind}: ${secret}`);
  kinds.set(kind, secret);
  return secret;
}

before(async () => {
  own = await standAlone();
  await makeSecrets();
});

after(() => own?.remove());

test("no secret of a run is on the disks, in whatever spelling", () => {
  const disk = contents();
  const found = [...kinds].flatMap(([kind, secret]) => spellings(secret).filter((bytes) => disk.includes(bytes)).map((bytes) => `${kind} as ${bytes}`));
  assert.deepEqual(found, []);
  console.log(`# ${kinds.size} kinds of secrets, ${disk.length} bytes of disk`);
});

test("the log is looked at too", () => {
  assert.ok(readdirSync(own.state).includes("log"));
});

test("no private key is on the disks", () => {
  const disk = contents();
  const pkcs8 = Buffer.from("308187020100301306072a8648ce3d0201", "hex");
  for (const mark of [pkcs8, "PRIVATE KEY", '"d":"', "MIGHAgEAMBMGByqGSM49AgEG"]) assert.equal(disk.includes(mark), false, String(mark));
});

test("a secret that is planted is found, in whatever spelling", async () => {
  const { administrator } = await import("./manage.mjs");
  const { admin } = await administrator();
  const secret = randomBytes(32);
  for (const planted of [secret.toString("base64url"), secret.toString("hex"), Buffer.from(secret.toString("base64url")).toString("base64")]) {
    const name = `planted${randomBytes(4).toString("hex")}`;
    const body = { name, throttlingPolicy: "Unlimited", description: planted };
    assert.equal(contents().includes(planted), false);
    await admin.expect(201, "POST", "/api/am/devportal/v3/applications", body);
    const disk = contents();
    assert.ok(spellings(secret.toString("base64url")).some((bytes) => disk.includes(bytes) && planted.includes(bytes)), planted);
  }
});

/** What opens something at another key manager. */
async function makeExternalSecrets(admin, ADMIN, at, fresh) {
  const { INITIAL_ACCESS_TOKEN, keyManager } = await import("./issuers.mjs");
  const provider = await keyManager();
  const form = new FormData();
  form.set("url", `${provider.issuer}/.well-known/openid-configuration`);
  const { value } = (await admin.expect(200, "POST", `${ADMIN}/key-managers/discover`, form)).body;
  const additionalProperties = { initial_access_token: keep("an initial access token of another key manager", INITIAL_ACCESS_TOKEN) };
  const wish = { ...value, name: fresh("m"), enabled: true, consumerKeyClaim: "client_id", additionalProperties };
  const { name: keyManagerName } = (await admin.expect(201, "POST", `${ADMIN}/key-managers`, wish)).body;
  const keys = { keyType: "SANDBOX", grantTypesToBeSupported: ["client_credentials"], callbackUrl: "", keyManager: keyManagerName };
  const made = (await admin.expect(200, "POST", `${at}/generate-keys`, keys)).body;
  keep("a consumer secret of another key manager", made.consumerSecret);
  keep("a token of another key manager", made.token.accessToken);
  await provider.close();
}

async function makeSecrets() {
  const { ADMIN, DEVPORTAL, PUBLISHER, administrator, fresh, nobody, publishApi } = await import("./manage.mjs");
  const front = await import("./authorize.mjs");
  const { Browser, code, mailTo, tokenOf } = await import("./accounts.mjs");
  const { letIn, enroll } = await import("./enrolled.mjs");
  const { admin, client: tool } = await administrator();
  keep("the secret of a tool", tool.clientSecret);
  keep("an administrator's token", admin.token);

  const upstream = { enabled: true, type: "BASIC", username: "us", password: keep("a password for an upstream", fresh("up")) };
  const endpointConfig = { production_endpoints: { url: "https://upstream.example.org" }, endpoint_security: { production: upstream } };
  const api = await publishApi(admin, { endpointConfig });
  keep("an internal key", (await admin.expect(200, "POST", `${PUBLISHER}/apis/${api.id}/generate-key`)).body.apikey);
  const { applicationId } = (await admin.expect(201, "POST", `${DEVPORTAL}/applications`, { name: fresh("a"), throttlingPolicy: "Unlimited" })).body;
  const at = `${DEVPORTAL}/applications/${applicationId}`;
  await admin.expect(201, "POST", `${DEVPORTAL}/subscriptions`, { applicationId, apiId: api.id, throttlingPolicy: "Unlimited" });
  const keys = (await admin.expect(200, "POST", `${at}/generate-keys`, { keyType: "PRODUCTION", grantTypesToBeSupported: ["client_credentials"], callbackUrl: "" })).body;
  keep("a consumer secret", keys.consumerSecret);
  const further = await admin.expect(201, "POST", `${at}/oauth-keys/${keys.keyMappingId}/generate-secret`, { additionalProperties: { description: "second" } });
  keep("a further consumer secret", further.body.secretValue);
  await makeExternalSecrets(admin, ADMIN, at, fresh);
  const made = await admin.expect(200, "POST", `${at}/api-keys/PRODUCTION/generate`, { keyName: "k", validityPeriod: -1, additionalProperties: {} });
  keep("an API key", made.body.apikey);
  const consumer = { id: keys.consumerKey, secret: keys.consumerSecret };
  const opaque = { name: fresh("o"), throttlingPolicy: "Unlimited", tokenType: "OAUTH" };
  const other = `${DEVPORTAL}/applications/${(await admin.expect(201, "POST", `${DEVPORTAL}/applications`, opaque)).body.applicationId}`;
  const others = (await admin.expect(200, "POST", `${other}/generate-keys`, { keyType: "PRODUCTION", grantTypesToBeSupported: ["client_credentials"], callbackUrl: "" })).body;
  keep("an opaque token", others.token.accessToken);
  assert.match(others.token.accessToken, /^ptn_at_/);
  // What goes wrong is what is logged.
  for (const path of ["/oauth2/token", "/oauth2/introspect", "/oauth2/revoke"]) {
    await nobody.send("POST", path, new URLSearchParams({ token: others.token.accessToken, client_secret: keys.consumerSecret }).toString(), front.FORM);
  }
  keep("an application's token", (await front.token(consumer, { grant_type: "client_credentials" })).body.access_token);

  const eve = { username: fresh("eve"), password: keep("a password", `lamp ${fresh("p")}`), email: `${fresh("eve")}@example.org` };
  await admin.expect(201, "POST", `${ADMIN}/users`, { ...eve, roles: ["Internal/subscriber"] });
  const DEVICE = "urn:ietf:params:oauth:grant-type:device_code";
  const client = await front.register(eve, { grants: `authorization_code refresh_token ${DEVICE}` });
  keep("the secret of a registered client", client.secret);
  const cookie = await front.signIn(eve);
  keep("a session", cookie.cookie.split("=")[1]);
  keep("a code", (await front.codeFor(client, cookie)).code);
  const redeemed = await front.codeFor(client, cookie);
  keep("a spent code", redeemed.code);
  keep("a verifier", redeemed.verifier);
  const tokens = (await front.redeem(client, redeemed)).body;
  for (const kind of ["access_token", "refresh_token", "id_token"]) keep(`a person's ${kind}`, tokens[kind]);
  const renewed = (await front.token(client, { grant_type: "refresh_token", refresh_token: tokens.refresh_token })).body;
  keep("a second refresh token", renewed.refresh_token);
  const asked = new URLSearchParams({ scope: "openid" }).toString();
  const headers = { ...front.FORM, ...front.basic(client.id, client.secret) };
  const device = (await nobody.expect(200, "POST", "/oauth2/device_authorization", asked, headers)).body;
  keep("a device code", device.device_code);
  keep("a user code", device.user_code);

  await nobody.send("POST", "/session/recovery", { account: eve.email });
  keep("a recovery link", tokenOf(await mailTo(eve.email)));
  const browser = new Browser();
  await browser.signIn(eve);
  const { secret } = await browser.expect(201, "POST", "/session/totp");
  keep("the secret of an authenticator app", secret);
  await browser.expect(204, "POST", "/session/totp/confirmation", { code: code(secret, -1) });
  const { codes } = await browser.expect(201, "POST", "/session/recovery-codes");
  codes.forEach((shown, at) => keep(`recovery code ${at}`, shown));

  const initial = await letIn(admin, 2);
  keep("an initial access token", initial.token);
  const enrolled = (await enroll({ client_name: fresh("self"), grant_types: ["client_credentials"] }, initial.token)).body;
  keep("the secret of a client that registered itself", enrolled.client_secret);
  keep("a registration token", enrolled.registration_access_token);
  keep("the key-encryption key", own.environment.POSTERN_KEK);
  keep("the set-up token", own.environment.POSTERN_SETUP_TOKEN);
  keep("the administrator's password", own.administrator.password);
}

/** A secret as somebody might have written it down: as it is, as the bytes that it spells, and both encoded. */
function spellings(secret) {
  const forms = [Buffer.from(secret)];
  // Of a signed token, its signature: the rest may be told.
  const core = secret.split(".").at(-1);
  forms.push(Buffer.from(core));
  const isBase64 = /^[\w+/-]{22,}=*$/.test(core);
  if (isBase64) forms.push(Buffer.from(core, "base64url"));
  if (/^([0-9a-f]{2}){16,}$/.test(core)) forms.push(Buffer.from(core, "hex"));
  if (/^[A-Z2-7]{32,}$/.test(core)) forms.push(fromBase32(core));
  if (core.includes("-")) forms.push(Buffer.from(core.replaceAll("-", "")));
  return forms.flatMap((bytes) => [bytes, bytes.toString("hex"), bytes.toString("hex").toUpperCase(), ...aligned(bytes, "base64"), ...aligned(bytes, "base64url")]);
}

function fromBase32(text) {
  const bits = [...text].map((digit) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(digit).toString(2).padStart(5, "0")).join("");
  return Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
}

/** The middle of base64, wherever in a longer text the bytes begin. */
function aligned(bytes, encoding) {
  return [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString(encoding).replace(/=+$/, "");
    return text.slice([0, 2, 3][shift], (bytes.length + shift) % 3 === 0 ? undefined : -1);
  });
}

/** Everything on the disks: the files of D1, KV and objects, with what is not yet written back. */
function contents() {
  const files = readdirSync(own.state, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  assert.ok(files.length > 0);
  return Buffer.concat(files.map((file) => readFileSync(join(file.parentPath, file.name))));
}
