// A client of the front channel without a browser: it follows redirects by hand, so that each can be looked at.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { ADMIN, ORIGIN, administrator, fresh, nobody } from "./manage.mjs";

export const CALLBACK = "http://127.0.0.1/callback";
export const FORM = { "content-type": "application/x-www-form-urlencoded" };
export const OWN_PAGE = { "sec-fetch-site": "same-origin", "x-postern-csrf": "1" };
const REGISTER = "/client-registration/v0.17/register";

export const basic = (name, secret) => ({ authorization: `Basic ${Buffer.from(`${name}:${secret}`).toString("base64")}` });
export const bearer = (token) => ({ authorization: `Bearer ${token}` });
export const decoded = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url"));

/** A person with a password, made by the administrator. */
export async function person(roles = ["Internal/subscriber"]) {
  const { admin } = await administrator();
  const made = { username: fresh("eve"), password: "tin lamp river 9", email: "eve@example.org", displayName: "Eve Example" };
  const { body } = await admin.expect(201, "POST", `${ADMIN}/users`, { ...made, roles });
  return { ...made, id: body.id };
}

/** A confidential client that its owner registered for the front channel. */
export async function register(owner, { grants = "authorization_code refresh_token", callback = CALLBACK, name = fresh("client") } = {}) {
  const body = { clientName: name, grantType: grants, callbackUrl: callback };
  const answer = await nobody.expect(200, "POST", REGISTER, body, basic(owner.username, owner.password));
  return { id: answer.body.clientId, secret: answer.body.clientSecret, name };
}

/** The cookie of a new session. */
export async function signIn({ username, password }) {
  const answer = await nobody.expect(200, "POST", "/session", { username, password }, OWN_PAGE);
  return { cookie: answer.headers.getSetCookie()[0].split(";")[0] };
}

/** A verifier with its challenge. */
export function proof() {
  const verifier = randomBytes(32).toString("base64url");
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  return { verifier, query: { code_challenge: challenge, code_challenge_method: "S256" } };
}

/** Asks for something by GET, as a browser that is sent there, and does not follow. */
export async function go(path, headers = {}) {
  const response = await fetch(ORIGIN + path, { headers: { accept: "text/html", ...headers }, redirect: "manual" });
  await response.arrayBuffer();
  return { status: response.status, headers: response.headers, location: response.headers.get("location") ?? "" };
}

export const authorize = (query, headers) => go(`/oauth2/authorize?${new URLSearchParams(query)}`, headers);

/** The parameters that an answer carries to the client. */
export function carried({ status, location, headers }, callback = CALLBACK) {
  assert.equal(status, 303, location);
  assert.ok(location.startsWith(`${callback}?`), location);
  assert.equal(headers.get("referrer-policy"), "no-referrer");
  const found = Object.fromEntries(new URL(location).searchParams);
  assert.equal(found.iss, `${ORIGIN}/oauth2/token`, "every answer names its issuer");
  return found;
}

export const interactionOf = ({ location }) => new URLSearchParams(location.split("?")[1]).get("interaction");

export const say = (id, decision, cookie, remember = true) =>
  nobody.send("POST", `/oauth2/interactions/${id}`, { decision, remember }, { ...OWN_PAGE, ...cookie });

/** From a request to a code, by whatever questions there are. `more` are parameters that may stand several times. */
export async function codeFor(client, cookie, query = {}, more = []) {
  const { verifier, query: challenge } = proof();
  const first = { response_type: "code", client_id: client.id, redirect_uri: CALLBACK, scope: "openid", state: "s", ...challenge, ...query };
  const asked = [...Object.entries(first), ...more];
  let answer = await authorize(asked, cookie);
  if (answer.location.startsWith("/consent/")) {
    const id = interactionOf(answer);
    assert.equal((await say(id, "approve", cookie)).status, 200);
    answer = await go(`/oauth2/authorize/resume?interaction=${id}`, cookie);
  }
  return { code: carried(answer).code, verifier };
}

export const token = (client, params) =>
  nobody.send("POST", "/oauth2/token", new URLSearchParams(params).toString(), { ...FORM, ...basic(client.id, client.secret) });

export const redeem = (client, { code, verifier }, more = {}) =>
  token(client, { grant_type: "authorization_code", code, code_verifier: verifier, redirect_uri: CALLBACK, ...more });

export async function isActive(client, shown) {
  const body = new URLSearchParams({ token: shown }).toString();
  const answer = await nobody.expect(200, "POST", "/oauth2/introspect", body, { ...FORM, ...basic(client.id, client.secret) });
  return answer.body.active;
}
