// A running platform as its users see it: everything over HTTP, by the public REST APIs.
//
// The journeys get it from the environment (`cargo xtask test` sets it):
//   POSTERN_URL, POSTERN_ADMIN_USER, POSTERN_ADMIN_PASSWORD

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { serve } from "./serve.mjs";

export const ORIGIN = required("POSTERN_URL").replace(/\/$/, "");

/** Signs the administrator in by client registration and a password grant. */
export async function signIn() {
  const user = required("POSTERN_ADMIN_USER");
  const password = required("POSTERN_ADMIN_PASSWORD");
  const client = await expect(200, "/client-registration/v0.17/register", {
    method: "POST",
    headers: { authorization: basic(user, password), "content-type": "application/json" },
    body: JSON.stringify({
      clientName: `journey-${randomUUID().slice(0, 8)}`,
      owner: user,
      grantType: "password refresh_token",
      callbackUrl: "",
      saasApp: true,
    }),
  });
  const token = await expect(200, "/oauth2/token", {
    method: "POST",
    headers: { authorization: basic(client.clientId, client.clientSecret) },
    body: new URLSearchParams({ grant_type: "password", username: user, password, scope: SCOPES }),
  });
  return new Desk(token.access_token);
}

/** A signed-in administrator before the management APIs. */
export class Desk {
  #bearer;
  #undo = [];

  constructor(token) {
    this.#bearer = `Bearer ${token}`;
  }

  /** Calls a management API and expects a status; the parsed body. */
  async call(status, method, path, body) {
    const isForm = body instanceof FormData;
    const headers = { authorization: this.#bearer };
    if (body !== undefined && !isForm) headers["content-type"] = "application/json";
    const text = body === undefined || isForm ? body : JSON.stringify(body);
    return expect(status, `/api/am${path}`, { method, headers, body: text });
  }

  /** Imports, deploys and publishes a small API before `upstream`; its id, context and version. */
  async publishApi(upstream, plans = ["Unlimited"], more = {}) {
    const name = `Journey${randomUUID().replaceAll("-", "").slice(0, 12)}`;
    const context = `/${name.toLowerCase()}`;
    const endpoint = { url: upstream };
    const form = new FormData();
    form.set("file", new Blob([JSON.stringify(definition(name))], { type: "application/json" }), "pets.json");
    form.set(
      "additionalProperties",
      JSON.stringify({
        name,
        version: "1.0.0",
        context,
        policies: plans,
        endpointConfig: { endpoint_type: "http", production_endpoints: endpoint, sandbox_endpoints: endpoint },
        ...more,
      }),
    );
    const api = await this.call(201, "POST", "/publisher/v4/apis/import-openapi", form);
    this.#undo.push(() => this.call(200, "DELETE", `/publisher/v4/apis/${api.id}`));
    const revisions = `/publisher/v4/apis/${api.id}`;
    const revision = await this.call(201, "POST", `${revisions}/revisions`, { description: "The first" });
    await this.call(201, "POST", `${revisions}/deploy-revision?revisionId=${revision.id}`, [
      { name: "Default", vhost: "localhost", displayOnDevportal: true },
    ]);
    await this.call(200, "POST", `/publisher/v4/apis/change-lifecycle?action=Publish&apiId=${api.id}`);
    const base = `${context}/1.0.0`;
    await within(5_000, "the gateway knows the API", async () => (await get(`${base}/pets/1`)).status !== 404);
    return { id: api.id, name, base };
  }

  /** Makes an application under a policy, subscribed to `api`; its id and how to get its tokens. */
  async subscribe(api, { policy = "Unlimited", plan = "Unlimited" } = {}) {
    const application = await this.call(201, "POST", "/devportal/v3/applications", {
      name: `journey-${randomUUID().slice(0, 8)}`,
      throttlingPolicy: policy,
      description: "A journey",
    });
    const id = application.applicationId;
    this.#undo.push(() => this.call(200, "DELETE", `/devportal/v3/applications/${id}`));
    await this.call(201, "POST", "/devportal/v3/subscriptions", {
      applicationId: id,
      apiId: api.id,
      throttlingPolicy: plan,
    });
    const keys = await this.call(200, "POST", `/devportal/v3/applications/${id}/generate-keys`, {
      keyType: "PRODUCTION",
      grantTypesToBeSupported: ["client_credentials"],
      callbackUrl: "",
      validityTime: 3600,
    });
    return { id, name: application.name, token: () => clientToken(keys.consumerKey, keys.consumerSecret) };
  }

  /** Takes down what this desk has put up, the last first. */
  async tidy() {
    for (const undo of this.#undo.reverse()) await undo();
  }
}

/** An upstream on loopback that answers JSON and counts; `close` it at the end. */
export async function startUpstream(delayMs = 0) {
  const seen = [];
  const server = await serve((request, response) => {
    seen.push({ method: request.method, url: request.url, headers: request.headers });
    setTimeout(() => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ path: request.url }));
    }, delayMs);
  });
  return { ...server, seen };
}

/** A call through the gateway. */
export function get(path, token, more = {}) {
  const headers = token ? { authorization: `Bearer ${token}`, ...more } : more;
  return fetch(ORIGIN + path, { headers });
}

/** Asks again until it is so; what it was that never came, otherwise. */
export async function within(limitMs, what, isSo) {
  const end = Date.now() + limitMs;
  for (;;) {
    const found = await isSo();
    if (found) return found;
    assert.ok(Date.now() < end, `within ${limitMs} ms: ${what}`);
    await pause(100);
  }
}

/** Waits for the next minute when less than `leastMs` of this one remain, so that a story stays in one window. */
export async function enterMinute(leastMs) {
  const left = 60_000 - (Date.now() % 60_000);
  if (left < leastMs) await pause(left + 50);
}

export const pause = (ms) => new Promise((over) => setTimeout(over, ms));

async function clientToken(key, secret) {
  const token = await expect(200, "/oauth2/token", {
    method: "POST",
    headers: { authorization: basic(key, secret) },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  return token.access_token;
}

async function expect(status, path, init) {
  const response = await fetch(ORIGIN + path, init);
  const text = await response.text();
  assert.equal(response.status, status, `${init.method} ${path} answered ${response.status}: ${text}`);
  const isJson = response.headers.get("content-type")?.includes("json");
  return text && isJson ? JSON.parse(text) : text || undefined;
}

function basic(user, password) {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

function required(name) {
  const value = process.env[name];
  assert.ok(value, `\`${name}\` is not set; run the journeys by \`cargo xtask test\``);
  return value;
}

function definition(title) {
  const responses = { 200: { description: "Fine" } };
  const id = { name: "id", in: "path", required: true, schema: { type: "string" } };
  return {
    openapi: "3.0.3",
    info: { title, version: "1.0.0" },
    paths: {
      "/pets": { get: { responses }, post: { responses } },
      "/pets/{id}": { get: { parameters: [id], responses } },
    },
  };
}

const SCOPES = [
  "apim:api_create",
  "apim:api_view",
  "apim:api_publish",
  "apim:api_delete",
  "apim:subscribe",
  "apim:app_manage",
  "apim:sub_manage",
  "apim:api_key",
  "apim:subscription_view",
  "apim:subscription_block",
  "apim:admin",
].join(" ");
