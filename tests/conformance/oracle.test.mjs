// The certified `oidc-provider` as an oracle: the same requests to both, the same verdicts. Where it takes what we refuse,
// or the other way round, one of the two checks is wrong.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, describe, it } from "node:test";
import Provider from "oidc-provider";
import { CALLBACK, basic, codeFor, person, proof, register, signIn } from "../journeys/authorize.mjs";
import { ORIGIN } from "../journeys/manage.mjs";
import { signInThere } from "../journeys/providers.mjs";

let server, ours, theirs;

before(async () => {
  server = createServer((request, response) => theirs.provider.callback()(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  theirs = await certified(`http://127.0.0.1:${server.address().port}`);
  ours = await platform();
});

after(async () => {
  server.closeAllConnections();
  await new Promise((over) => server.close(over));
});

/** Each has two clients, and a way from a request to a code. */
async function certified(issuer) {
  const client = (id) => ({
    client_id: id,
    client_secret: `secret-of-${id}-with-32-letters-or-more`,
    application_type: "native",
    redirect_uris: [CALLBACK],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
  });
  const provider = new Provider(issuer, {
    clients: [client("one"), client("other")],
    cookies: { keys: ["oracle"] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    issueRefreshToken: () => true,
    pkce: { required: () => true },
    rotateRefreshToken: true,
  });
  const clients = ["one", "other"].map((id) => ({ id, secret: client(id).client_secret }));
  const code = async (query) => {
    const at = await signInThere(`${issuer}/auth?${new URLSearchParams(query)}`, "eve");
    return at.searchParams.get("code");
  };
  return { provider, clients, code, authorize: `${issuer}/auth`, token: `${issuer}/token` };
}

async function platform() {
  const eve = await person();
  const cookie = await signIn(eve);
  const clients = [await register(eve), await register(eve)];
  const code = async (query) => (await codeFor(clients[0], cookie, query)).code;
  return { clients, code, authorize: `${ORIGIN}/oauth2/authorize`, token: `${ORIGIN}/oauth2/token` };
}

const request = ({ clients: [{ id }] }, change = {}) => {
  const query = { response_type: "code", client_id: id, redirect_uri: CALLBACK, scope: "openid", state: "s", ...change };
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
};

/** What becomes of a browser: it is asked something, goes back with an error, or is told so where it is. */
async function verdictOfAuthorize(side, change) {
  const address = `${side.authorize}?${new URLSearchParams(request(side, change))}`;
  const answer = await fetch(address, { headers: { accept: "text/html" }, redirect: "manual" });
  await answer.arrayBuffer();
  const location = answer.headers.get("location");
  if (!location || location.startsWith("/consent/error")) return "told there";
  const to = new URL(location, side.authorize);
  if (to.origin === new URL(side.authorize).origin) return "asked";
  // A request for tokens is answered in the fragment there.
  const told = to.search ? to.searchParams : new URLSearchParams(to.hash.slice(1));
  return `back with ${told.get("error")}`;
}

async function ask(side, parameters, client = side.clients[0]) {
  const body = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== undefined));
  const answer = await fetch(side.token, { method: "POST", headers: basic(client.id, client.secret), body });
  return { status: answer.status, ...(await answer.json()) };
}

const verdict = ({ status, error }) => (status === 200 ? "given" : `${status} ${error}`);

/** A code with what redeems it. */
async function codeOf(side) {
  const { verifier, query } = proof();
  return { grant_type: "authorization_code", code: await side.code(request(side, query)), code_verifier: verifier, redirect_uri: CALLBACK };
}

/** Asks both, and wants them to agree on what is expected. */
async function both(expected, what, find) {
  const found = { ours: await find(ours), theirs: await find(theirs) };
  assert.deepEqual(found, { ours: expected, theirs: expected }, what);
}

describe("both answer alike", () => {
  it("to redirect URIs", async () => {
    for (const [redirect_uri, expected] of [
      [CALLBACK, "asked"],
      ["http://127.0.0.1:50123/callback", "asked"],
      [`${CALLBACK}/`, "told there"],
      [`${CALLBACK}?x=1`, "told there"],
      [`${CALLBACK}#x`, "told there"],
      ["http://127.0.0.1/Callback", "told there"],
      ["http://127.0.0.1/other/../callback", "told there"],
      ["https://127.0.0.1/callback", "told there"],
      ["http://127.0.0.2/callback", "told there"],
      ["http://evil.example/callback", "told there"],
      ["http://127.0.0.1@evil.example/callback", "told there"],
      ["javascript:alert(1)", "told there"],
      // A parameter without a value is one that was left out (RFC 6749 section 3.1), and one is registered.
      ["", "asked"],
    ]) {
      await both(expected, redirect_uri, (side) => verdictOfAuthorize(side, { redirect_uri, ...proof().query }));
    }
  });

  it("to requests without a good challenge, and for nobody", async () => {
    const { code_challenge } = proof().query;
    for (const [change, expected] of [
      [{ code_challenge, code_challenge_method: "S256" }, "asked"],
      [{}, "back with invalid_request"],
      [{ code_challenge, code_challenge_method: "plain" }, "back with invalid_request"],
      [{ code_challenge: "short", code_challenge_method: "S256" }, "back with invalid_request"],
      [{ code_challenge, code_challenge_method: "S256", client_id: "nobody" }, "told there"],
      [{ code_challenge, code_challenge_method: "S256", response_type: "token" }, "back with unsupported_response_type"],
      [{ code_challenge, code_challenge_method: "S256", prompt: "none" }, "back with login_required"],
      [{ code_challenge, code_challenge_method: "S256", prompt: "none login" }, "back with invalid_request"],
    ]) {
      await both(expected, JSON.stringify(change), (side) => verdictOfAuthorize(side, change));
    }
  });

  it("to codes that are redeemed wrongly", async () => {
    for (const [change, expected] of [
      [{}, "given"],
      [{ code_verifier: proof().verifier }, "400 invalid_grant"],
      [{ code_verifier: undefined }, "400 invalid_grant"],
      [{ redirect_uri: `${CALLBACK}/` }, "400 invalid_grant"],
      [{ code: "made-up" }, "400 invalid_grant"],
      [{ grant_type: "made-up" }, "400 unsupported_grant_type"],
    ]) {
      await both(expected, JSON.stringify(change), async (side) => verdict(await ask(side, { ...(await codeOf(side)), ...change })));
    }
    await both("400 invalid_grant", "another client's code", async (side) => verdict(await ask(side, await codeOf(side), side.clients[1])));
    const wrong = (side) => ({ ...side.clients[0], secret: "wrong" });
    await both("401 invalid_client", "a wrong secret", async (side) => verdict(await ask(side, await codeOf(side), wrong(side))));
  });

  it("to a code that comes again, which ends what it gave", async () => {
    await both(["given", "400 invalid_grant", "400 invalid_grant"], "replay", async (side) => {
      const code = await codeOf(side);
      const first = await ask(side, code);
      const again = await ask(side, code);
      const refreshed = await ask(side, { grant_type: "refresh_token", refresh_token: first.refresh_token });
      return [first, again, refreshed].map(verdict);
    });
  });

  it("to a refresh token that comes again, which ends its family", async () => {
    await both(["given", "400 invalid_grant", "400 invalid_grant"], "reuse", async (side) => {
      const { refresh_token: first } = await ask(side, await codeOf(side));
      const refresh = (refresh_token, client) => ask(side, { grant_type: "refresh_token", refresh_token }, client);
      const second = await refresh(first);
      return [second, await refresh(first), await refresh(second.refresh_token)].map(verdict);
    });
    await both("400 invalid_grant", "another client's", async (side) => {
      const { refresh_token } = await ask(side, await codeOf(side));
      return verdict(await ask(side, { grant_type: "refresh_token", refresh_token }, side.clients[1]));
    });
  });
});
