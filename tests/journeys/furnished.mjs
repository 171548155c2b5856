// A platform with something on every page: for pictures of them, and for what holds of every page.

import { ADMIN, DEVPORTAL, PUBLISHER, administrator, fresh } from "./manage.mjs";
import { signIn as desk } from "./platform.mjs";

const GUIDE = "# Begin\n\nGet a key, then **ask for a dog**:\n\n```\ncurl https://api.example/dogs\n```\n\n| Dog | Age |\n|---|---|\n| Rex | 7 |\n\n1. Read the reference.\n2. Try the console.\n";

/** Furnishes the platform, and tells the addresses of all pages by their names. */
export async function furnished() {
  const { admin } = await administrator();
  const api = await (await desk()).publishApi(process.env.POSTERN_UPSTREAM ?? "http://127.0.0.1:9", ["Unlimited", "Gold", "Silver"]);
  const path = `${PUBLISHER}/apis/${api.id}`;
  const document = { name: "First steps", type: "HOWTO", sourceType: "MARKDOWN", summary: "From a key to an answer.", inlineContent: GUIDE };
  const { body: guide } = await admin.expect(201, "POST", `${path}/documents`, document);
  await admin.expect(201, "POST", `${path}/documents`, { name: "Forum", type: "PUBLIC_FORUM", sourceType: "URL", sourceUrl: "https://forum.example" });
  const { body: comment } = await admin.expect(201, "POST", `${path}/comments`, { content: "Does it know cats, too?" });
  await admin.expect(201, "POST", `${path}/comments?replyTo=${comment.id}`, { content: "Dogs and cats, since version 2." });
  await admin.expect(200, "PUT", `${DEVPORTAL}/apis/${api.id}/user-rating`, { rating: 4 });
  const { body: application } = await admin.expect(201, "POST", `${DEVPORTAL}/applications`, { name: `Shop ${Date.now()}`, throttlingPolicy: "Unlimited" });
  const { applicationId } = application;
  await admin.expect(201, "POST", `${DEVPORTAL}/subscriptions`, { apiId: api.id, applicationId, throttlingPolicy: "Gold" });
  await admin.expect(200, "POST", `${DEVPORTAL}/applications/${applicationId}/api-keys/PRODUCTION/generate`, { keyName: "Server key", validityPeriod: -1 });
  for (const keyName of ["Partner key", "Spare key"]) await admin.expect(200, "POST", `${DEVPORTAL}/apis/${api.id}/api-keys/generate`, { keyName, validityPeriod: -1 });
  const graph = await graphOf(admin);
  const product = await productOf(admin, api);
  const { body: handbook } = await admin.expect(201, "POST", `${PUBLISHER}/api-products/${product.id}/documents`, document);
  const { body: environments } = await admin.expect(200, "GET", `${ADMIN}/environments`);
  const lanes = await gatewayPolicy(admin);
  await alerts(admin, api, applicationId);
  const of = (portal, names, base) => Object.fromEntries(names.map((name) => [`${portal}-${name.replace(/[/?=&]/g, "-") || "start"}`, `${base}${name}`]));
  return {
    landing: "/",
    "sign-in": "/sign-in/",
    account: "/account/",
    ...of("publisher", ["", "apis", "import", "products", "products/new", "policies", "scopes", "services", "statistics", "alerts", "alerts?view=rules", "nowhere"], "/publisher/"),
    ...of("api", ["", "operations", "definition", "endpoints", "policies", "plans", "documents", `documents/${guide.documentId}`, "test", "revisions", "lifecycle", "versions", "subscribers", "compliance", "comments", "statistics", "alerts", "alerts?view=rules", "changes"], `/publisher/apis/${api.id}/`),
    ...of("graph", ["complexity"], `/publisher/apis/${graph.id}/`),
    ...of("product", ["", "documents", `documents/${handbook.documentId}`, "revisions", "lifecycle", "versions", "subscribers", "changes"], `/publisher/products/${product.id}/`),
    ...of("devportal", ["", "apis", "applications", "statistics", "signed-in"], "/devportal/"),
    ...of("consumer", ["", "reference", "console", "documents", `documents?document=${guide.documentId}`, "keys", "comments"], `/devportal/apis/${api.id}/`),
    ...of("application", ["", "?part=oauth", "?part=api-keys", "?part=requests", "?part=alerts", "?part=alerts&view=rules"], `/devportal/applications/${applicationId}`),
    ...of("admin", ["", "approvals", "alerts", "alerts?view=rules", "alerts?view=past", "webhooks", "audit-log", "policies", "custom-rules", "deny-policies", "gateway-policies", "gateway-policies/new", `gateway-policies/${lanes.id}`, "statistics", "users", "permissions", "organizations", "sign-in", "key-managers", "client-registration", "signing-keys", "apis", "applications", "api-keys", "governance", "categories", "environments", `environments/${environments.list[0].id}`, "theme"], "/admin/"),
  };
}

/** An API of GraphQL, some fields of which count more. */
async function graphOf(admin) {
  const name = fresh("Heroes");
  const form = new FormData();
  form.set("file", new Blob(["type Query { hero(id: ID!): Hero heroes(first: Int): [Hero!]! }\ntype Hero { id: ID! name: String friends(first: Int): [Hero!]! }"]), "schema.graphql");
  const endpointConfig = { endpoint_type: "http", production_endpoints: { url: "https://heroes.example.org" } };
  form.set("additionalProperties", JSON.stringify({ name, version: "1.0.0", context: `/${name.toLowerCase()}`, endpointConfig }));
  const { body: graph } = await admin.expect(201, "POST", `${PUBLISHER}/apis/import-graphql-schema`, form);
  const list = [{ type: "Hero", field: "friends", complexityValue: 5 }];
  await admin.expect(200, "PUT", `${PUBLISHER}/apis/${graph.id}/graphql-policies/complexity`, { list });
  return graph;
}

async function productOf(admin, api) {
  const name = fresh("Bundle");
  const apis = [{ apiId: api.id, operations: [{ verb: "GET", target: "/pets/{id}" }] }];
  const wish = { name, context: `/${name.toLowerCase()}`, version: "1.0.0", policies: ["Unlimited"], apis };
  return (await admin.expect(201, "POST", `${PUBLISHER}/api-products`, wish)).body;
}

async function gatewayPolicy(admin) {
  const header = { policyName: "setHeader", policyVersion: "v1", parameters: { headerName: "x-gate", headerValue: "1" } };
  const wish = { displayName: fresh("gate"), policyMapping: { request: [header], response: [], fault: [] } };
  return (await admin.expect(201, "POST", `${PUBLISHER}/gateway-policies`, wish)).body;
}

/** A rule that finds something at once: a key that ends; and one that finds nothing. */
async function alerts(admin, api, applicationId) {
  const { list } = (await admin.expect(200, "GET", `${ALERTS}/rules`)).body;
  if (list.length > 0) return;
  const emails = ["ops@example.com"];
  await admin.expect(201, "POST", `${ALERTS}/rules`, { name: "Keys of the shop", applicationId, emails, condition: { kind: "keyExpiry", days: 30 } });
  await admin.expect(201, "POST", `${ALERTS}/rules`, { name: "Too many errors", apiId: api.id, emails, condition: { kind: "errorRate", percent: 5 } });
  await admin.expect(201, "POST", `${ALERTS}/rules`, { name: "Slow answers", enabled: false, condition: { kind: "latency", percentile: 95, milliseconds: 800 } });
  const ending = { keyName: "Old server key", validityPeriod: 86_400 };
  await admin.expect(200, "POST", `${DEVPORTAL}/applications/${applicationId}/api-keys/PRODUCTION/generate`, ending);
  await admin.expect(200, "POST", `${ALERTS}/evaluate`);
}

const ALERTS = "/api/am/analytics/v1/alerts";
