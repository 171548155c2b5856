// An administrator, a publisher and a consumer before a platform of a journey's own, for stories about limits.

import { randomBytes } from "node:crypto";
import assert from "node:assert/strict";

const SCOPES =
  "apim:admin apim:api_create apim:api_publish apim:api_view apim:subscribe apim:app_manage apim:sub_manage apim:subscription_block apim:api_key apim:gov_rule_manage apim:gov_policy_manage";

export const named = (prefix) => `${prefix}${randomBytes(4).toString("hex")}`;
const basic = (user, secret) => ({ authorization: `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}` });

/** A limit as the admin API reads it. */
export const requests = (requestCount, more = {}) => ({
  type: "REQUESTCOUNTLIMIT", requestCount: { timeUnit: "min", unitTime: 1, requestCount }, ...more,
});
export const bytes = (dataAmount) => ({
  type: "BANDWIDTHLIMIT", bandwidth: { timeUnit: "min", unitTime: 1, dataAmount, dataUnit: "KB" },
});
export const events = (eventCount) => ({ type: "EVENTCOUNTLIMIT", eventCount: { timeUnit: "min", unitTime: 1, eventCount } });

export class Office {
  #bearer;

  constructor(platform) {
    this.platform = platform;
  }

  async enter() {
    const { username, password } = this.platform.administrator;
    const registration = { clientName: named("throttled"), owner: username, grantType: "password", callbackUrl: "", saasApp: true };
    const made = await this.platform.expect(200, "POST", "/client-registration/v0.17/register", registration, basic(username, password));
    const grant = new URLSearchParams({ grant_type: "password", username, password, scope: SCOPES });
    const token = await this.platform.expect(200, "POST", "/oauth2/token", grant, basic(made.clientId, made.clientSecret));
    this.#bearer = { authorization: `Bearer ${token.access_token}` };
    return this;
  }

  /** What says who asks. */
  get bearer() {
    return this.#bearer;
  }

  call(status, method, path, body) {
    return this.platform.expect(status, method, `/api/am${path}`, body, this.#bearer);
  }

  /** A policy of this kind (`advanced`, `application`, `subscription`, `custom`); its name. */
  async policy(kind, body) {
    const policyName = named("P");
    const made = await this.call(201, "POST", `/admin/v4/throttling/policies/${kind}`, { policyName, displayName: policyName, description: "", ...body });
    return { name: policyName, id: made.policyId, kind };
  }

  remove(policy) {
    return this.call(200, "DELETE", `/admin/v4/throttling/policies/${policy.kind}/${policy.id}`);
  }

  async deny(conditionType, conditionValue, more = {}) {
    const made = await this.call(201, "POST", "/admin/v4/throttling/deny-policies", { conditionType, conditionValue, conditionStatus: true, ...more });
    return () => this.call(200, "DELETE", `/admin/v4/throttling/deny-policy/${made.conditionId}`);
  }

  /** A published API before `upstream`; its id and base path. */
  async api(upstream, more = {}, operation = {}) {
    const name = named("Api");
    const endpoint = { url: upstream };
    const api = await this.call(201, "POST", "/publisher/v4/apis", {
      name, version: "1.0.0", context: `/${name.toLowerCase()}`, policies: ["Unlimited"], securityScheme: ["api_key", "oauth2"],
      operations: [
        { target: "/*", verb: "GET", throttlingPolicy: "Unlimited", authType: "Application & Application User", ...operation },
        { target: "/*", verb: "POST", throttlingPolicy: "Unlimited", authType: "Application & Application User" },
        { target: "/open", verb: "GET", throttlingPolicy: "Unlimited", authType: "None" },
      ],
      endpointConfig: { endpoint_type: "http", production_endpoints: endpoint },
      ...more,
    });
    const revision = await this.call(201, "POST", `/publisher/v4/apis/${api.id}/revisions`, { description: "" });
    await this.call(201, "POST", `/publisher/v4/apis/${api.id}/deploy-revision?revisionId=${revision.id}`, [
      { name: "Default", vhost: "localhost", displayOnDevportal: true },
    ]);
    await this.call(200, "POST", `/publisher/v4/apis/change-lifecycle?action=Publish&apiId=${api.id}`);
    return { id: api.id, base: `/${name.toLowerCase()}/1.0.0`, name };
  }

  /** An application subscribed to `api`; its name and a key. */
  async application(api, { policy = "Unlimited", plan = "Unlimited" } = {}) {
    const name = named("app");
    const application = await this.call(201, "POST", "/devportal/v3/applications", { name, throttlingPolicy: policy, description: "" });
    const id = application.applicationId;
    await this.call(201, "POST", "/devportal/v3/subscriptions", { applicationId: id, apiId: api.id, throttlingPolicy: plan });
    const key = await this.call(200, "POST", `/devportal/v3/applications/${id}/api-keys/PRODUCTION/generate`, {
      keyName: "k", validityPeriod: -1, additionalProperties: {},
    });
    return { id, name, key: key.apikey };
  }
}

/** Calls `origin` + `path`: status, headers and the body, read to its end. */
export async function call(origin, path, key, headers = {}, init = {}) {
  const answer = await fetch(origin + path, { ...init, headers: { ...(key && { apikey: key }), ...headers } });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, body: /^[[{]/.test(text) ? JSON.parse(text) : text };
}

/** That an answer refuses with `code` and says when to come back. */
export function assertThrottled(answer, status, code) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(String(answer.body.code), code);
  assert.match(answer.body.nextAccessTime, /^\d{4}-\w{3}-\d{2} \d{2}:\d{2}:\d{2}\+0000 UTC$/);
  const seconds = Number(answer.headers.get("retry-after"));
  assert.ok(seconds > 0 && seconds <= 60, `retry-after: ${answer.headers.get("retry-after")}`);
  assert.match(answer.headers.get("ratelimit"), /r=0;t=\d+/);
  assert.match(answer.headers.get("ratelimit-policy"), /;q=\d+;(qu="[a-z-]+";)?w=60/);
}
