// Forged and misplaced tokens at every door that takes one: each is refused with the right code, and none breaks anything.
//
// What only our own key could sign, and what a strict reader alone can tell, is in crates/credential/tests/tokens.rs.

import assert from "node:assert/strict";
import { createHmac, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { basic, bearer } from "./authorize.mjs";
import { PUBLISHER, administrator, fresh, nobody } from "./manage.mjs";
import { get, signIn, startUpstream } from "./platform.mjs";

const FORM = { "content-type": "application/x-www-form-urlencoded" };
const USER = process.env.POSTERN_ADMIN_USER;
const PASSWORD = process.env.POSTERN_ADMIN_PASSWORD;
const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const KIND = "urn:ietf:params:oauth:token-type:access_token";

let desk, admin, upstream, api, application, front, next, keys, person, id, own, internal, signedAnswer;

const post = (path, params, headers) => nobody.send("POST", path, new URLSearchParams(params).toString(), { ...FORM, ...headers });
const as = (client) => basic(client.clientId, client.clientSecret);
const exchange = (token) => post("/oauth2/token", { grant_type: EXCHANGE, subject_token: token, subject_token_type: KIND }, as(next));
const introspect = (token) => post("/oauth2/introspect", { token }, bearer(admin.token));
const userinfo = (token) => nobody.send("GET", "/oauth2/userinfo", undefined, bearer(token));
const atGateway = async (headers) => {
  const response = await fetch(`${process.env.POSTERN_URL.replace(/\/$/, "")}${api.base}/pets/1`, { headers });
  return { status: response.status, code: String(JSON.parse(await response.text()).code) };
};

async function register(grantType) {
  const body = { clientName: fresh("attack"), grantType, callbackUrl: "" };
  return (await nobody.expect(200, "POST", "/client-registration/v0.17/register", body, basic(USER, PASSWORD))).body;
}

before(async () => {
  desk = await signIn();
  ({ admin } = await administrator());
  upstream = await startUpstream();
  api = await desk.publishApi(upstream.url);
  application = await desk.subscribe(api);
  [front, next] = [await register("password refresh_token"), await register(EXCHANGE)];
  const entered = await post("/oauth2/token", { grant_type: "password", username: USER, password: PASSWORD, scope: "openid" }, as(front));
  assert.equal(entered.status, 200, entered.text);
  ({ access_token: person, id_token: id } = entered.body);
  own = await application.token();
  internal = (await admin.expect(200, "POST", `${PUBLISHER}/apis/${api.id}/generate-key`)).body.apikey;
  const accept = { accept: "application/token-introspection+jwt" };
  signedAnswer = (await post("/oauth2/introspect", { token: person }, { ...as(front), ...accept })).text;
  ({ keys } = (await nobody.expect(200, "GET", "/oauth2/jwks")).body);
});

after(async () => {
  await desk?.tidy();
  await upstream?.close();
});

const encode = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const parts = (token) => {
  const [header, claims, signature] = token.split(".");
  const read = (part) => JSON.parse(Buffer.from(part, "base64url"));
  return { header, claims, signature, head: read(header), said: read(claims) };
};

/** Signed by somebody else's key, as `alg` wants it. */
function signedBy({ privateKey }, head, claims, hash = "sha256") {
  const input = `${encode(head)}.${encode(claims)}`;
  const bytes = sign(hash, Buffer.from(input), { key: privateKey, dsaEncoding: "ieee-p1363" });
  return `${input}.${bytes.toString("base64url")}`;
}

function mac(hash, secret, head, claims) {
  const input = `${encode(head)}.${encode(claims)}`;
  return `${input}.${createHmac(hash, secret).update(input).digest("base64url")}`;
}

/** Tokens whose algorithm is not the key's. */
function confusions(token) {
  const { claims, signature, head, said } = parts(token);
  const found = [];
  for (const alg of ["none", "None", "NONE", "nOnE", "none ", "", null, 0, ["ES256"], ["none"], {}]) {
    for (const end of ["", "A", signature]) found.push([`alg ${JSON.stringify(alg)} and "${end.slice(0, 3)}"`, `${encode({ ...head, alg })}.${claims}.${end}`]);
  }
  const { alg: unsaid, ...silent } = head;
  assert.ok(unsaid);
  found.push(["no alg", `${encode(silent)}.${claims}.${signature}`]);
  const jwk = keys.find((key) => key.kid === head.kid);
  const key = createPublicKey({ key: jwk, format: "jwk" });
  const pem = key.export({ type: "spki", format: "pem" });
  const secrets = {
    PEM: pem, "trimmed PEM": pem.trim(), DER: key.export({ type: "spki", format: "der" }),
    JWK: JSON.stringify(jwk), "bare JWK": JSON.stringify(key.export({ format: "jwk" })), x: jwk.x ?? jwk.n, nothing: "",
    bytes: Buffer.from(jwk.x ?? jwk.n, "base64url"),
  };
  for (const [name, secret] of Object.entries(secrets)) {
    found.push([`HS256 by ${name}`, mac("sha256", secret, { ...head, alg: "HS256" }, said)]);
    found.push([`HS256 by ${name}, without kid`, mac("sha256", secret, { typ: head.typ, alg: "HS256" }, said)]);
    found.push([`HS512 by ${name}`, mac("sha512", secret, { ...head, alg: "HS512" }, said)]);
    found.push([`${head.alg} that is a MAC by ${name}`, mac("sha256", secret, head, said)]);
  }
  for (const alg of ["RS256", "PS256", "ES384", "ES512", "EdDSA", "ES256K", "es256", "A128KW", "dir"]) {
    found.push([`alg ${alg}`, `${encode({ ...head, alg })}.${claims}.${signature}`]);
  }
  return found;
}

/** Tokens of a key that is not ours. */
function strangers(token) {
  const { head, said } = parts(token);
  const mine = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const wide = generateKeyPairSync("ec", { namedCurve: "P-384" });
  const bitcoin = generateKeyPairSync("ec", { namedCurve: "secp256k1" });
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const jwk = { ...mine.publicKey.export({ format: "jwk" }), kid: head.kid, alg: "ES256", use: "sig" };
  const es = { ...head, alg: "ES256" };
  const found = [
    ["another P-256 key", signedBy(mine, es, said)],
    ["no kid", signedBy(mine, { alg: "ES256", typ: head.typ }, said)],
    ["jwk", signedBy(mine, { ...es, jwk }, said)],
    ["jwk and its own kid", signedBy(mine, { ...es, kid: "mine", jwk: { ...jwk, kid: "mine" } }, said)],
    ["jwk without kid", signedBy(mine, { alg: "ES256", typ: head.typ, jwk }, said)],
    ["jku", signedBy(mine, { ...es, kid: "mine", jku: `${upstream.url}/keys` }, said)],
    ["x5u", signedBy(mine, { ...es, kid: "mine", x5u: `${upstream.url}/chain` }, said)],
    ["x5c", signedBy(mine, { ...es, x5c: ["MIIB"] }, said)],
    ["P-384 as ES384", signedBy(wide, { ...head, alg: "ES384" }, said, "sha384")],
    ["P-384 as ES256", signedBy(wide, es, said)],
    ["secp256k1 as ES256", signedBy(bitcoin, es, said)],
    ["RSA as RS256", signedBy(rsa, { ...head, alg: "RS256" }, said)],
    ["RSA as ES256", signedBy(rsa, es, said)],
    ["nbf to come", signedBy(mine, es, { ...said, nbf: 9_999_999_999 })],
    ["exp as text", signedBy(mine, es, { ...said, exp: "9999999999" })],
    ["exp of 1e300", signedBy(mine, es, `${JSON.stringify(said).slice(0, -1)},"more":1e300}`)],
    ["another issuer", signedBy(mine, es, { ...said, iss: `${upstream.url}/oauth2/token` })],
    ["another audience", signedBy(mine, es, { ...said, aud: ["other"] })],
    ["more rights", signedBy(mine, es, { ...said, scope: "apim:admin", sub: "admin", aut: "APPLICATION_USER" })],
  ];
  const kids = ["mine", "", "../../../../dev/null", "/dev/null", "' OR '1'='1", "x' UNION SELECT 'a' --", "__proto__", "constructor", "k\u0000", "ключ", "k".repeat(1_500), "k".repeat(5_000), 7, null, {}, [head.kid]];
  for (const kid of kids) found.push([`kid ${JSON.stringify(kid).slice(0, 30)}`, signedBy(mine, { ...es, kid }, said)]);
  return found;
}

/** Spellings of a good token that are none. */
function spellings(token, other) {
  const { header, claims, signature, head, said } = parts(token);
  const [h, c, s] = [header, claims, signature];
  const again = (name, value) => `{"${name}":${JSON.stringify(value)},`;
  const json = JSON.stringify(said);
  const found = [
    ["no signature", `${h}.${c}.`], ["two parts", `${h}.${c}`], ["one part", h], ["four parts", `${token}.${s}`],
    ["five parts", `${h}.${c}.${s}.${s}.${s}`], ["an empty header", `.${c}.${s}`], ["empty claims", `${h}..${s}`], ["dots", ".."],
    ["a dot before", `.${token}`], ["a dot behind", `${token}.`], ["padding", `${token}=`], ["more padding", `${token}==`],
    ["padding inside", `${h}=.${c}.${s}`], ["+ and /", `${h}.${c}.+/${s.slice(2)}`], ["zeros", `${h}.${c}.${"A".repeat(86)}`],
    ["the order of the curve", `${h}.${c}.${encodeBytes(ORDER + ORDER)}`], ["a DER signature", `${h}.${c}.${encodeBytes(der(s))}`],
    ["a long signature", `${h}.${c}.${s}AAAA`], ["another token's signature", `${h}.${c}.${parts(other).signature}`],
    ["another token's claims", `${h}.${parts(other).claims}.${s}`], ["crit", `${encode({ ...head, crit: ["exp"] })}.${c}.${s}`],
    ["crit of nothing", `${encode({ ...head, crit: [] })}.${c}.${s}`], ["b64", `${encode({ ...head, b64: false })}.${c}.${s}`],
    ["zip", `${encode({ ...head, zip: "DEF" })}.${c}.${s}`], ["alg twice", `${encode(again("alg", "none") + JSON.stringify(head).slice(1))}.${c}.${s}`],
    ["sub twice", `${h}.${encode(again("sub", "admin") + json.slice(1))}.${s}`], ["a list for a header", `${encode([head])}.${c}.${s}`],
    ["a list for claims", `${h}.${encode([said])}.${s}`], ["null for claims", `${h}.${encode("null")}.${s}`], ["no JSON", `${encode("{")}.${c}.${s}`],
    ["nested a thousand times", `${h}.${encode("[".repeat(1_000))}.${s}`], ["not UTF-8", `${encodeBytes("fffe7b7d")}.${c}.${s}`], ["9 KiB", `${h}.${c}.${"A".repeat(9_000)}`],
  ];
  const last = DIGITS.indexOf(s.at(-1));
  if (s.length % 4 === 2) found.push(["spare bits", `${h}.${c}.${s.slice(0, -1)}${DIGITS[last + 1]}`]);
  for (let end = 0; end < token.length - 1; end += 61) if (end > 0) found.push([`the first ${end}`, token.slice(0, end)]);
  found.push(["without its last character", token.slice(0, -1)]);
  return found;
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const ORDER = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
const encodeBytes = (hex) => Buffer.from(hex, "hex").toString("base64url");

/** The same two numbers as ASN.1 spells them. */
function der(signature) {
  const bytes = Buffer.from(signature, "base64url");
  const number = (part) => `0221${"00"}${part.toString("hex")}`;
  const both = number(bytes.subarray(0, 32)) + number(bytes.subarray(32, 64));
  return `30${(both.length / 2).toString(16)}${both}`;
}

const attacks = (token, other) => [...confusions(token), ...strangers(token), ...spellings(token, other)];

/** What is ours and signed, and is no access token. */
const misplaced = () => [["an ID token", id], ["an internal key", internal], ["a signed introspection", signedAnswer]];

/** Whatever the door answered otherwise, all of it at once. */
async function refusedAll(tokens, ask, expected) {
  const wrong = [];
  for (const [what, token] of tokens) {
    const found = await ask(token);
    if (JSON.stringify(found) !== JSON.stringify(expected)) wrong.push([what, found]);
  }
  assert.deepEqual(wrong, []);
}

describe("a forged or misplaced token", () => {
  it("would be taken everywhere if it were good", async () => {
    assert.equal((await get(`${api.base}/pets/1`, own)).status, 200);
    assert.equal((await introspect(person)).body.active, true);
    assert.equal((await userinfo(person)).status, 200);
    assert.equal((await exchange(person)).status, 200);
  });

  it("is 900901 at the gateway", async () => {
    const tokens = [...attacks(own, await application.token()), ...misplaced()];
    assert.ok(tokens.length > 100);
    await refusedAll(tokens, async (token) => Object.values(await atGateway(bearer(token))), [401, "900901"]);
    assert.equal((await get(`${api.base}/pets/1`, own)).status, 200);
  });

  it("is not active when it is introspected", () =>
    refusedAll([...attacks(person, own), ...misplaced()], async (token) => {
      const { status, body } = await introspect(token);
      return [status, body];
    }, [200, { active: false }]));

  it("is `invalid_token` at userinfo", () =>
    refusedAll([...attacks(person, own), ...misplaced()], async (token) => {
      const { status, body, headers } = await userinfo(token);
      return [status, body.error, /error="invalid_token"/.test(headers.get("www-authenticate"))];
    }, [401, "invalid_token", true]));

  it("is `invalid_grant` when it is to be exchanged", () =>
    refusedAll([...attacks(person, own), ...misplaced()], async (token) => {
      const { status, body } = await exchange(token);
      return [status, body.error];
    }, [400, "invalid_grant"]));

  it("opens no management API", () =>
    refusedAll([...attacks(admin.token, own), ...misplaced()], async (token) => {
      const { status } = await nobody.send("GET", `${PUBLISHER}/apis`, undefined, bearer(token));
      return status;
    }, 401));

  it("never has us ask the address that it names", () => {
    const asked = upstream.seen.filter(({ url }) => /keys|chain|jwks/.test(url));
    assert.deepEqual(asked, []);
  });
});

describe("a good token at another's door", () => {
  it("is no internal key, and an internal key is good for its own API only", async () => {
    assert.deepEqual(await atGateway({ "internal-key": internal }).then(({ status }) => status), 200);
    for (const token of [own, person, id, signedAnswer, `${internal.slice(0, -4)}AAAA`]) {
      assert.deepEqual(Object.values(await atGateway({ "internal-key": token })), [401, "900901"]);
    }
  });
});
