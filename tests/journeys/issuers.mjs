// External key managers for the journeys: a certified one that registers clients and rotates its keys, and one that
// fails on demand.

import * as jose from "jose";
import Provider from "oidc-provider";
import { serve } from "./serve.mjs";

export const INITIAL_ACCESS_TOKEN = "only-for-those-who-register";

/** A certified provider (`oidc-provider`) on loopback, with JWT access tokens for clients that register there. */
export async function keyManager() {
  let provider;
  const { url: issuer, close } = await serve((request, response) => provider.callback()(request, response));
  const keys = [];
  const kept = adapter(new Map());
  /** Signs by a new key from now on; the old ones stay in the set. */
  const rotate = async () => {
    const { privateKey } = await jose.generateKeyPair("RS256", { extractable: true });
    const kid = `k${keys.length + 1}`;
    keys.unshift({ ...(await jose.exportJWK(privateKey)), kid, alg: "RS256", use: "sig" });
    provider = new Provider(issuer, { ...settings([...keys]), adapter: kept });
    provider.on("server_error", (_, error) => console.error(error));
  };
  await rotate();
  const token = async (client, secret, scope) => {
    const body = new URLSearchParams({ grant_type: "client_credentials", ...(scope && { scope }) });
    const authorization = `Basic ${Buffer.from(`${encodeURIComponent(client)}:${encodeURIComponent(secret)}`).toString("base64")}`;
    const answer = await fetch(`${issuer}/token`, { method: "POST", headers: { authorization }, body });
    return { status: answer.status, ...(await answer.json()) };
  };
  return { issuer, rotate, token, close };
}

/** A store that outlives the provider's settings: its own forgets every client with them. */
const adapter = (store) =>
  class {
    constructor(kind) {
      this.kind = kind;
    }

    async upsert(id, payload) {
      store.set(`${this.kind} ${id}`, payload);
    }

    async find(id) {
      return store.get(`${this.kind} ${id}`);
    }

    async destroy(id) {
      store.delete(`${this.kind} ${id}`);
    }
  };

const settings = (keys) => ({
  jwks: { keys },
  scopes: ["read", "write"],
  clientDefaults: { grant_types: ["client_credentials"], response_types: [], redirect_uris: [] },
  features: {
    clientCredentials: { enabled: true },
    registration: { enabled: true, initialAccessToken: INITIAL_ACCESS_TOKEN },
    registrationManagement: { enabled: true },
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => "https://api.example.org",
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({ scope: "read write", accessTokenFormat: "jwt", accessTokenTTL: 600 }),
    },
  },
});

/** An issuer made by hand, whose keys are answered as `mode` says; `asked` counts how often. */
export async function frailIssuer() {
  const frail = { mode: "good", asked: 0, keys: [] };
  const { url, close } = await serve((request, response) => {
    frail.asked += 1;
    MODES[frail.mode](response, frail);
  });
  frail.issuer = url;
  frail.addKey = async (kid) => {
    const { privateKey, publicKey } = await jose.generateKeyPair("ES256", { extractable: true });
    const key = { kid, privateKey, pem: await jose.exportSPKI(publicKey), jwk: { ...(await jose.exportJWK(publicKey)), kid, alg: "ES256", use: "sig" } };
    frail.keys.push(key);
    return key;
  };
  await frail.addKey("first");
  /** A token by a key of its own; `header` and `claims` change what it says. */
  frail.sign = (claims = {}, { key = frail.keys[0], header = {} } = {}) => {
    const now = Math.floor(Date.now() / 1000);
    const whole = { iss: frail.issuer, sub: "somebody", azp: "their-client", iat: now, exp: now + 600, scope: "read", ...claims };
    return new jose.SignJWT(whole).setProtectedHeader({ alg: "ES256", kid: key.kid, ...header }).sign(key.privateKey);
  };
  frail.close = close;
  return frail;
}

const json = (response, value) => {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(value));
};

const set = ({ keys }) => ({ keys: keys.map(({ jwk }) => jwk) });

const MODES = {
  good: (response, frail) => json(response, set(frail)),
  error: (response) => response.writeHead(500).end(),
  html: (response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>a login page</html>"),
  huge: (response, frail) => json(response, { ...set(frail), padding: "x".repeat(10 * 1024 * 1024) }),
  many: (response, frail) => json(response, { keys: Array.from({ length: 10_000 }, (_, n) => ({ ...frail.keys[0].jwk, kid: `k${n}` })) }),
  elsewhere: (response) => response.writeHead(302, { location: "file:///etc/passwd" }).end(),
  around: (response) => response.writeHead(302, { location: "/again" }).end(),
  silent: () => undefined,
};

/** What else than a set may come of asking. */
export const FAULTS = Object.keys(MODES).filter((mode) => mode !== "good");
