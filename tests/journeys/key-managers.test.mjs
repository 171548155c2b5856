// External issuers as administrators register them, with a certified provider to read from.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ADMIN, ORIGIN, administrator, fresh, somebody } from "./manage.mjs";
import { honestProvider, lyingProvider } from "./providers.mjs";

const AT = `${ADMIN}/key-managers`;
const WELL_KNOWN = "/.well-known/openid-configuration";
let admin, bob, client, provider;

before(async () => {
  const entered = await administrator();
  ({ admin, client } = entered);
  bob = await somebody(admin, client, ["Internal/subscriber"]);
  provider = await honestProvider({ client_id: "c", client_secret: "s", redirect_uris: ["http://localhost/cb"] }, () => ({}));
  // A provider of another journey may have stood at the very port that this one was given.
  for (const { id } of (await admin.expect(200, "GET", AT)).body.list) {
    const { issuer } = (await admin.expect(200, "GET", `${AT}/${id}`)).body;
    if (issuer === provider.issuer) await admin.expect(200, "DELETE", `${AT}/${id}`);
  }
});

after(() => provider.close());

function form(url) {
  const body = new FormData();
  if (url !== undefined) body.set("url", url);
  return body;
}

function wish(change = {}) {
  const issuer = `https://${fresh("id").toLowerCase()}.example.org`;
  return { name: fresh("Manager"), type: "custom", issuer, certificates: { type: "JWKS", value: `${issuer}/keys` }, ...change };
}

describe("the key managers", () => {
  it("are discovered, registered, changed and deleted", async () => {
    const found = (await admin.expect(200, "POST", `${AT}/discover`, form(provider.issuer + WELL_KNOWN))).body;
    assert.equal(found.value.issuer, provider.issuer);
    assert.equal(found.value.certificates.value, `${provider.issuer}/jwks`);
    assert.equal(found.value.tokenEndpoint, `${provider.issuer}/token`);
    const made = await admin.expect(201, "POST", AT, { ...found.value, name: fresh("Oidc") });
    assert.equal(made.headers.get("location"), `${AT}/${made.body.id}`);
    assert.equal(made.body.enabled, false);
    const one = `${AT}/${made.body.id}`;
    const read = await admin.expect(200, "GET", one);
    const tag = { "if-match": read.headers.get("etag") };
    const changed = await admin.expect(200, "PUT", one, { ...read.body, scopesClaim: "scp" }, tag);
    assert.equal(changed.body.scopesClaim, "scp");
    await admin.expect(412, "PUT", one, read.body, tag);
    await admin.expect(400, "PUT", one, { ...read.body, name: "Other" });
    const listed = (await admin.expect(200, "GET", AT)).body.list.find(({ id }) => id === made.body.id);
    assert.equal(listed.enabled, false);
    await admin.expect(412, "DELETE", one, undefined, tag);
    await admin.expect(200, "DELETE", one);
    await admin.expect(404, "GET", one);
    await admin.expect(404, "DELETE", one);
  });

  it("have one name and one issuer each", async () => {
    const first = wish();
    await admin.expect(201, "POST", AT, first);
    await admin.expect(409, "POST", AT, wish({ name: first.name }));
    await admin.expect(409, "POST", AT, wish({ issuer: first.issuer }));
    const second = (await admin.expect(201, "POST", AT, wish())).body;
    await admin.expect(409, "PUT", `${AT}/${second.id}`, { ...second, issuer: first.issuer });
  });

  it("are administrators' business", async () => {
    const { id } = (await admin.expect(201, "POST", AT, wish())).body;
    await bob.expect(403, "GET", AT);
    await bob.expect(403, "POST", AT, wish());
    await bob.expect(403, "POST", `${AT}/discover`, form(provider.issuer + WELL_KNOWN));
    await bob.expect(403, "POST", `${AT}/test-token`, { token: bob.token });
    await bob.expect(403, "GET", `${AT}/${id}`);
    await bob.expect(403, "PUT", `${AT}/${id}`, wish());
    await bob.expect(403, "DELETE", `${AT}/${id}`);
  });

  it("say whose a token of ours is, until it is taken back", async () => {
    const test = async (token) => (await admin.expect(200, "POST", `${AT}/test-token`, { token })).body;
    const good = await test(` ${bob.token} `);
    assert.deepEqual([good.valid, good.keyManager, good.claims.sub], [true, { id: "resident", name: "Resident Key Manager" }, bob.name]);
    const spoiled = await test(`${bob.token.slice(0, -8)}AAAAAAAA`);
    assert.deepEqual([spoiled.valid, spoiled.claims.sub], [false, bob.name]);
    assert.match(spoiled.reason, /signature/);
    for (const body of [{}, { token: "" }, { token: "  " }, { token: 1 }, { token: "x".repeat(8193) }, { token: "x", more: 1 }]) {
      await admin.expect(400, "POST", `${AT}/test-token`, body);
    }
    const { body } = await admin.expect(200, "GET", `${ADMIN}/users?limit=500`);
    const { id } = body.list.find(({ username }) => username === bob.name);
    await admin.send("DELETE", `${ADMIN}/users/${id}`);
    const gone = await test(bob.token);
    assert.deepEqual([gone.valid, gone.reason], [false, "the token was revoked"]);
    bob = await somebody(admin, client, ["Internal/subscriber"]);
  });

  it("keep the built-in one", async () => {
    assert.equal((await admin.expect(200, "GET", `${AT}/resident`)).body.name, "Resident Key Manager");
    await admin.expect(403, "PUT", `${AT}/resident`, wish());
    await admin.expect(403, "DELETE", `${AT}/resident`);
  });

  it("are refused by the name of what is wrong", async () => {
    for (const [change, word] of [
      [{ name: undefined }, "name"],
      [{ issuer: undefined }, "issuer"],
      [{ issuer: "nobody" }, "issuer"],
      [{ certificates: undefined }, "certificates"],
      [{ certificates: { type: "PEM", value: "x" } }, "certificates.value"],
      [{ certificates: { type: "DER", value: "x" } }, "certificates"],
      [{ tokenEndpoint: "ftp://a.example" }, "tokenEndpoint"],
      [{ tokenType: "NONE" }, "tokenType"],
      [{ enabled: true, certificates: { type: "JWKS", value: `${provider.issuer}/nothing` } }, "certificates.value"],
      [{ issuer: `${ORIGIN}/oauth2/token` }, "issuer"],
      [{ permissions: { permissionType: "SOME" } }, "permissions"],
      [{ additionalProperties: { client_secret: "s" } }, "additionalProperties"],
      [{ surprise: 1 }, "surprise"],
    ]) {
      const { body } = await admin.expect(400, "POST", AT, wish(change));
      assert.ok(body.description.includes(word), `${word}: ${body.description}`);
    }
  });

  it("are not discovered from metadata of somebody else", async () => {
    const liar = await lyingProvider("c");
    try {
      liar.lie.metadata = { issuer: "https://other.example.org" };
      for (const url of [liar.issuer + WELL_KNOWN, `${liar.issuer}/jwks`, `${liar.issuer}/nothing`, "file:///etc/passwd", undefined]) {
        await admin.expect(400, "POST", `${AT}/discover`, form(url));
      }
    } finally {
      await liar.close();
    }
  });
});
