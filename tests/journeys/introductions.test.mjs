// An upstream that wants to know who calls is told so by the Key Manager's signature.

import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { after, before, test } from "node:test";
import { ORIGIN, get, signIn, startUpstream, within } from "./platform.mjs";

let desk, upstream;

before(async () => {
  upstream = await startUpstream();
  desk = await signIn();
});

after(async () => {
  await desk?.tidy();
  await upstream?.close();
});

test("who calls is signed for the upstream, once for many calls, and opens nothing", async () => {
  const additionalProperties = [{ name: "backendJwt", value: "true", display: false }];
  const api = await desk.publishApi(upstream.url, ["Unlimited"], { additionalProperties });
  const shop = await desk.subscribe(api);
  const token = await shop.token();
  const path = `${api.base}/pets/1`;
  await within(8_000, "the call passes", async () => (await get(path, token)).status === 200);
  const headers = { authorization: `Bearer ${token}`, "x-jwt-assertion": "forged" };
  for (let calls = 0; calls < 5; calls++) assert.equal((await fetch(ORIGIN + path, { headers })).status, 200);
  const told = upstream.seen.map((it) => it.headers["x-jwt-assertion"]);
  assert.equal(new Set(told).size, 1, "one lasts for a caller's calls");
  const [header, claims] = told[0].split(".").slice(0, 2).map((part) => JSON.parse(Buffer.from(part, "base64url")));
  assert.equal(header.typ, "backend+jwt");
  const { keys } = await (await fetch(`${ORIGIN}/oauth2/jwks`)).json();
  const key = createPublicKey({ key: keys.find(({ kid }) => kid === header.kid), format: "jwk" });
  const [signed, signature] = [told[0].slice(0, told[0].lastIndexOf(".")), told[0].split(".")[2]];
  const hash = header.alg === "EdDSA" ? null : "sha256";
  assert.ok(verify(hash, Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" }, Buffer.from(signature, "base64url")));
  const dialect = (name) => claims[`http://wso2.org/claims/${name}`];
  assert.deepEqual(
    [dialect("applicationname"), dialect("apiname"), dialect("version"), dialect("tier"), dialect("keytype"), dialect("usertype")],
    [shop.name, api.name, "1.0.0", "Unlimited", "PRODUCTION", "Application"],
  );
  assert.equal(claims.exp - claims.iat, 900);
  assert.equal((await get(path, told[0])).status, 401, "it is no access token");
});

test("an upstream that does not ask is told nothing", async () => {
  const api = await desk.publishApi(upstream.url);
  const token = await (await desk.subscribe(api)).token();
  upstream.seen.length = 0;
  await within(8_000, "the call passes", async () => (await get(`${api.base}/pets/1`, token)).status === 200);
  assert.equal(upstream.seen.at(-1).headers["x-jwt-assertion"], undefined);
});
