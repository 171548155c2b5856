// Clients that register themselves (RFC 7591), and what they sign.

import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { FORM, bearer } from "./authorize.mjs";
import { ADMIN, ORIGIN, fresh, nobody } from "./manage.mjs";
import { serve } from "./serve.mjs";

export const REGISTER = "/oauth2/register";
export const ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** What lets `uses` clients in. */
export async function letIn(admin, uses = 1, more = {}) {
  const { body } = await admin.expect(201, "POST", `${ADMIN}/initial-access-tokens`, { label: fresh("let-in-"), uses, ...more });
  return body;
}

/** Registers; `token` is an initial access token. */
export const enroll = (metadata, token) => nobody.send("POST", REGISTER, metadata, token ? bearer(token) : {});

/** Sends a form to an OAuth endpoint, as whoever the form says. */
export const post = (path, params, headers = {}) =>
  nobody.send("POST", path, new URLSearchParams(params).toString(), { ...FORM, ...headers });

const KINDS = {
  ec: { alg: "ES256", hash: "sha256", pair: () => generateKeyPairSync("ec", { namedCurve: "P-256" }) },
  rsa: { alg: "RS256", hash: "sha256", pair: () => generateKeyPairSync("rsa", { modulusLength: 2048 }) },
  ed: { alg: "EdDSA", hash: null, pair: () => generateKeyPairSync("ed25519") },
};

/** A pair of keys, and its public half as a key set has it. */
export function keyPair(kind = "ec") {
  const { publicKey, privateKey } = KINDS[kind].pair();
  const kid = randomUUID();
  return { ...KINDS[kind], kid, privateKey, publicKey, jwk: { ...publicKey.export({ format: "jwk" }), kid, alg: KINDS[kind].alg, use: "sig" } };
}

const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A JWT by these keys; `signature` may be made otherwise. */
export function signed(keys, header, claims, signature) {
  const input = `${encode({ alg: keys.alg, kid: keys.kid, ...header })}.${encode(claims)}`;
  const bytes = signature ? signature(input) : sign(keys.hash, Buffer.from(input), { key: keys.privateKey, dsaEncoding: "ieee-p1363" });
  return `${input}.${Buffer.from(bytes).toString("base64url")}`;
}

/** What a client signs to be known; claims and header may be bent. */
export function assertion(id, keys, { claims = {}, header = {}, signature } = {}) {
  const now = Math.floor(Date.now() / 1000);
  const about = { iss: id, sub: id, aud: `${ORIGIN}/oauth2/token`, iat: now, exp: now + 60, jti: randomUUID() };
  return signed(keys, header, { ...about, ...claims }, signature);
}

/** A server of a client's own on loopback; `answer(request)` gives a document, or `{ status, headers, body }`. */
export async function publisher(answer) {
  const seen = [];
  const server = await serve((request, response) => {
    seen.push(request.url);
    const { status = 200, headers = {}, body } = answer(request.url);
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  return { ...server, seen };
}
