// Keys and proofs of clients that bind their tokens (DPoP, RFC 9449).

import { createHash, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { ORIGIN } from "./manage.mjs";

const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
export const hash = (text) => createHash("sha256").update(text).digest("base64url");

/** A pair of keys with their name. */
export function holder(kind = "ec") {
  const made = {
    ec: { alg: "ES256", hash: "sha256", pair: () => generateKeyPairSync("ec", { namedCurve: "P-256" }), names: ["crv", "kty", "x", "y"] },
    rsa: { alg: "RS256", hash: "sha256", pair: () => generateKeyPairSync("rsa", { modulusLength: 2048 }), names: ["e", "kty", "n"] },
    ed: { alg: "EdDSA", hash: null, pair: () => generateKeyPairSync("ed25519"), names: ["crv", "kty", "x"] },
  }[kind];
  const { publicKey, privateKey } = made.pair();
  const jwk = publicKey.export({ format: "jwk" });
  const jkt = hash(JSON.stringify(Object.fromEntries(made.names.map((name) => [name, jwk[name]]))));
  return { ...made, jwk, jkt, privateKey };
}

/** A JWT signed by `who`. */
export function signed(who, header, claims) {
  const input = `${encode({ alg: who.alg, ...header })}.${encode(claims)}`;
  return `${input}.${sign(who.hash, Buffer.from(input), { key: who.privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
}

/** A proof by `who`; claims and header may be bent. */
export function proof(who, method, path, { claims = {}, header = {}, token } = {}) {
  const about = { htm: method, htu: ORIGIN + path, iat: Math.floor(Date.now() / 1000), jti: randomUUID(), ...(token && { ath: hash(token) }) };
  return signed(who, { typ: "dpop+jwt", jwk: who.jwk, ...header }, { ...about, ...claims });
}
