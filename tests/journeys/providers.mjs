// Other OpenID Connect providers for the journeys: a certified one (`oidc-provider`), and one that lies on demand.

import * as jose from "jose";
import Provider from "oidc-provider";
import { serve } from "./serve.mjs";

/** A certified provider on loopback, where everybody may sign in by any name. */
export async function honestProvider(client, claimsOf) {
  const { url: issuer, close } = await serve((request, response) => provider.callback()(request, response));
  const provider = new Provider(issuer, {
    clients: [{ ...client, grant_types: ["authorization_code"], response_types: ["code"] }],
    claims: { openid: ["sub"], profile: ["name", "preferred_username", "groups"], email: ["email", "email_verified"] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...claimsOf(id) }) }),
    cookies: { keys: ["journey"] },
    pkce: { required: () => true },
  });
  provider.on("server_error", (_, error) => console.error(error));
  return { issuer, close };
}

/** Signs in at the honest provider as a browser does, following it from `address`; where it sends the browser back. */
export async function signInThere(address, login) {
  const jar = new Map();
  let at = new URL(address);
  const home = at.origin;
  let form;
  for (let step = 0; step < 20; step += 1) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(at, {
      method: form ? "POST" : "GET",
      body: form,
      redirect: "manual",
      headers: { cookie },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [pair] = line.split(";");
      const [name, value] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
      if (value) jar.set(name, value);
      else jar.delete(name);
    }
    form = undefined;
    const text = await answer.text();
    const next = answer.headers.get("location");
    if (next) {
      at = new URL(next, at);
      if (at.origin !== home) return at;
      continue;
    }
    const prompt = /name="prompt" value="(\w+)"/.exec(text)?.[1];
    const action = /action="([^"]+)"/.exec(text)?.[1];
    if (!prompt || !action) throw new Error(`${at} answered ${answer.status}: ${text.slice(0, 300)}`);
    at = new URL(action, at);
    form = new URLSearchParams({ prompt, login, password: "any" });
  }
  throw new Error("the provider sends the browser around in circles");
}

/** A provider that says what `lie` makes of the truth; `asked` is the last request of a browser. */
export async function lyingProvider(clientId) {
  const { privateKey, publicKey } = await jose.generateKeyPair("ES256", { extractable: true });
  const jwk = { ...(await jose.exportJWK(publicKey)), kid: "k", alg: "ES256", use: "sig" };
  const liar = { lie: {}, asked: undefined, key: privateKey, jwk };
  const { url: issuer, close } = await serve(async (request, response) => {
    const url = new URL(request.url, liar.issuer);
    response.setHeader("content-type", "application/json");
    const answers = {
      "/.well-known/openid-configuration": () => ({
        issuer: liar.issuer,
        authorization_endpoint: `${liar.issuer}/auth`,
        token_endpoint: `${liar.issuer}/token`,
        jwks_uri: `${liar.issuer}/jwks`,
        ...liar.lie.metadata,
      }),
      "/jwks": () => ({ keys: [jwk] }),
      "/token": async () => ({ access_token: "a", token_type: "Bearer", id_token: await idToken(liar, clientId) }),
    };
    const answer = await answers[url.pathname]?.();
    response.statusCode = answer ? 200 : 404;
    response.end(JSON.stringify(answer ?? {}));
  });
  return Object.assign(liar, { issuer, close });
}

async function idToken(liar, clientId) {
  if (liar.lie.token) return liar.lie.token(liar, clientId);
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: liar.issuer,
    aud: clientId,
    sub: "mallory",
    iat: now,
    exp: now + 60,
    nonce: liar.asked.searchParams.get("nonce"),
    ...liar.lie.claims,
  };
  const header = { alg: "ES256", kid: "k", typ: "JWT", ...liar.lie.header };
  return new jose.SignJWT(claims).setProtectedHeader(header).sign(liar.lie.key ?? liar.key);
}
