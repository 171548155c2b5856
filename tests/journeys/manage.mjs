// People before the management APIs, with the whole answer in hand: status, headers and body.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

export const ORIGIN = required("POSTERN_URL").replace(/\/$/, "");
export const PUBLISHER = "/api/am/publisher/v4";
export const DEVPORTAL = "/api/am/devportal/v3";
export const ADMIN = "/api/am/admin/v4";

/** A name that nobody else has. */
export const fresh = (prefix) => `${prefix}${randomUUID().replaceAll("-", "").slice(0, 12)}`;

/** Who sends requests: with a bearer token, or as nobody. */
export class Person {
  constructor(name, token) {
    this.name = name;
    this.token = token;
  }

  /** Sends and reads; `body` is an object, a form, or text with its type in `headers`. */
  async send(method, path, body, headers = {}) {
    const all = { ...(this.token && { authorization: `Bearer ${this.token}` }), ...headers };
    const asIs = body === undefined || body instanceof FormData || typeof body === "string" || body instanceof ReadableStream;
    if (!asIs && !all["content-type"]) all["content-type"] = "application/json";
    const init = { method, redirect: "manual", headers: all, body: asIs ? body : JSON.stringify(body) };
    if (body instanceof ReadableStream) init.duplex = "half";
    const response = await fetch(ORIGIN + path, init);
    const text = await response.text();
    let parsed;
    try {
      parsed = text ? JSON.parse(text) : undefined;
    } catch {
      parsed = text;
    }
    return { status: response.status, headers: response.headers, body: parsed, text };
  }

  /** Sends and insists on a status. */
  async expect(status, method, path, body, headers) {
    const answer = await this.send(method, path, body, headers);
    assert.equal(answer.status, status, `${method} ${path} answered ${answer.status}: ${answer.text.slice(0, 500)}`);
    if (status >= 400) assertProblem(answer, `${method} ${path}`);
    return answer;
  }
}

export const nobody = new Person("nobody");

/** The administrator, with every scope that there is. */
export async function administrator() {
  const user = required("POSTERN_ADMIN_USER");
  const password = required("POSTERN_ADMIN_PASSWORD");
  const client = await register(user, password);
  return { admin: await enter(client, user, password), client };
}

/** Somebody new with these roles, signed in through `client`. */
export async function somebody(admin, client, roles) {
  const username = fresh("user");
  const password = `A ${randomUUID()} b`;
  await admin.expect(201, "POST", `${ADMIN}/users`, { username, password, roles });
  return Object.assign(await enter(client, username, password), { password });
}

/** A small OpenAPI document. */
export const petstore = (title = "Pets") => ({
  openapi: "3.0.3",
  info: { title, version: "1.0.0" },
  servers: [{ url: "https://petstore.example.org/v1" }],
  tags: [{ name: "pets" }],
  paths: {
    "/pets": { get: { responses: { 200: { description: "All" } } }, post: { responses: { 201: { description: "Made" } } } },
    "/pets/{petId}": {
      get: {
        parameters: [{ name: "petId", in: "path", required: true, schema: { type: "string" } }],
        responses: { 200: { description: "One" } },
      },
    },
  },
});

/** The form of an import. */
export function upload(definition, properties, part = "file") {
  const form = new FormData();
  const text = typeof definition === "string" ? definition : JSON.stringify(definition);
  form.set(part, part === "file" ? new Blob([text]) : text, ...(part === "file" ? ["definition"] : []));
  if (properties) form.set("additionalProperties", JSON.stringify(properties));
  return form;
}

/** An API in state CREATED; its object. */
export async function makeApi(person, more = {}) {
  const name = more.name ?? fresh("Api");
  const endpoint = { url: "https://upstream.example.org" };
  const body = {
    name,
    version: "1.0.0",
    context: `/${name.toLowerCase()}`,
    policies: ["Gold", "Unlimited"],
    endpointConfig: { endpoint_type: "http", production_endpoints: endpoint },
    ...more,
  };
  return (await person.expect(201, "POST", `${PUBLISHER}/apis`, body)).body;
}

/** Freezes and deploys; the revision. */
export async function deploy(person, api) {
  const at = `${PUBLISHER}/apis/${api.id}`;
  const revision = (await person.expect(201, "POST", `${at}/revisions`, { description: "one" })).body;
  const places = [{ name: "Default", vhost: "localhost", displayOnDevportal: true }];
  await person.expect(201, "POST", `${at}/deploy-revision?revisionId=${revision.id}`, places);
  return revision;
}

/** One step of the lifecycle. */
export const change = (person, api, action, status = 200) =>
  person.expect(status, "POST", `${PUBLISHER}/apis/change-lifecycle?apiId=${api.id}&action=${encodeURIComponent(action)}`);

/** An API that consumers can subscribe to. */
export async function publishApi(person, more) {
  const api = await makeApi(person, more);
  await deploy(person, api);
  await change(person, api, "Publish");
  return api;
}

/** The error shape of the management APIs, and never a word of the inside. */
export function assertProblem(answer, what) {
  assert.ok(answer.status < 500, `${what} answered ${answer.status}: ${answer.text}`);
  const { code, message, description, moreInfo, error } = answer.body ?? {};
  assert.equal(typeof code, "number", `${what}: code in ${answer.text}`);
  for (const text of [message, description, moreInfo]) assert.equal(typeof text, "string", `${what}: ${answer.text}`);
  assert.ok(description.length > 0 && Array.isArray(error), `${what}: ${answer.text}`);
  assert.doesNotMatch(answer.text, /SQLITE|D1_ERROR|constraint|panicked|\.rs:/i, what);
}

async function register(user, password) {
  const answer = await nobody.expect(
    200,
    "POST",
    "/client-registration/v0.17/register",
    { clientName: fresh("journey-"), owner: user, grantType: "password refresh_token", callbackUrl: "", saasApp: true },
    { authorization: basic(user, password) },
  );
  return answer.body;
}

/** Signs somebody in through a client, with every scope that their roles allow. */
export async function enter(client, username, password) {
  const scope = SCOPES.join(" ");
  const form = new URLSearchParams({ grant_type: "password", username, password, scope });
  const headers = {
    authorization: basic(client.clientId, client.clientSecret),
    "content-type": "application/x-www-form-urlencoded",
  };
  const answer = await nobody.expect(200, "POST", "/oauth2/token", form.toString(), headers);
  return new Person(username, answer.body.access_token);
}

const basic = (user, password) => `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

function required(name) {
  const value = process.env[name];
  assert.ok(value, `\`${name}\` is not set; run the journeys by \`cargo xtask test\``);
  return value;
}

const SCOPES = [
  "apim:api_create",
  "apim:api_view",
  "apim:api_publish",
  "apim:api_delete",
  "apim:api_manage",
  "apim:api_generate_key",
  "apim:tier_view",
  "apim:tier_manage",
  "apim:subscription_view",
  "apim:subscription_block",
  "apim:publisher_settings",
  "apim:subscribe",
  "apim:app_manage",
  "apim:sub_manage",
  "apim:api_key",
  "apim:store_settings",
  "apim:admin",
  "apim:admin_settings",
  "apim:environment_read",
  "apim:app_import_export",
  "apim:api_product_import_export",
  "apim:policies_import_export",
  "apim:subscription_approval_view",
  "apim:subscription_approval_manage",
  "apim:comment_write",
  "apim:shared_scope_manage",
  "apim:common_operation_policy_manage",
  "apim:gateway_policy_manage",
  "apim:subscription_manage",
  "apim:gov_rule_read",
  "apim:gov_rule_manage",
  "apim:gov_policy_read",
  "apim:gov_policy_manage",
  "apim:gov_result_read",
  "service_catalog:service_view",
  "service_catalog:service_write",
];
