// Holds recorded answers (see `record.mjs`) against the contracts of WSO2 API Manager, which are not part of this house:
//
//   node tests/conformance/peer-contracts.mjs DIR ANSWERS
//
// DIR has `publisher-v4.json`, `devportal-v3.json` and `admin-v4.json` (the peer's YAML, as JSON), ANSWERS a line of JSON
// for each answer. Told are answers, operations, and each difference once, with how often it was met.

import { readFileSync } from "node:fs";
import path from "node:path";

const APIS = {
  "/api/am/publisher/v4": "publisher-v4.json",
  "/api/am/devportal/v3": "devportal-v3.json",
  "/api/am/admin/v4": "admin-v4.json",
};
/** Where the peer answers otherwise than its contract says: its own tests have these statuses. */
const DRIFT = {
  "POST /apis/{apiId}/deploy-revision 201": "200",
  "POST /apis/{apiId}/undeploy-revision 201": "200",
  "POST /api-products/{apiProductId}/deploy-revision 201": "200",
  "POST /api-products/{apiProductId}/undeploy-revision 201": "200",
  "POST /endpoint-certificates 201": "200",
  "POST /apis/{apiId}/client-certificates 201": "200",
};
/** Documents whose schema the contract gives as `string`, and which the peer sends as the object that they are. */
const OBJECTS = ["/swagger", "/generate-mock-scripts"];

const [folder, answers] = process.argv.slice(2);
if (!answers) {
  console.error("usage: node tests/conformance/peer-contracts.mjs DIR ANSWERS");
  process.exit(2);
}
const contracts = Object.entries(APIS).map(([base, file]) => ({ base, document: JSON.parse(readFileSync(path.join(folder, file), "utf8")) }));
const operations = new Set();
const own = new Set();
const differences = new Map();
let held = 0;

for (const line of readFileSync(answers, "utf8").split("\n").filter(Boolean)) check(JSON.parse(line));
for (const [difference, count] of [...differences].sort((a, b) => b[1] - a[1])) console.log(`${count}\t${difference}`);
console.log(`${held} answers of ${operations.size} operations held; ${differences.size} differences; ${own.size} operations are not the peer's`);

function check({ method, path: at, status, body }) {
  const contract = contracts.find(({ base }) => at.startsWith(`${base}/`));
  if (!contract) return;
  const found = find(contract.document, method, at.slice(contract.base.length));
  const name = `${contract.base} ${method} ${found?.template ?? at.slice(contract.base.length)}`;
  if (!found) return void own.add(name.replace(/[0-9a-f-]{36}/g, "{id}"));
  const { responses } = found.operation;
  const drift = DRIFT[`${method} ${found.template} ${status}`];
  const response = follow(contract.document, responses[status] ?? responses[drift] ?? (status >= 400 && { $ref: "#/components/responses/BadRequest" }));
  operations.add(name);
  held += 1;
  if (!response) return note(`${name}: status ${status} is not in the contract`);
  const schema = response.content?.["application/json"]?.schema;
  if (!schema || OBJECTS.some((end) => found.template.endsWith(end))) return;
  for (const fault of violations(contract.document, schema, body, "", 0)) note(`${name} ${status}: ${fault}`);
}

function note(difference) {
  differences.set(difference, (differences.get(difference) ?? 0) + 1);
}

/** The template with the most literal pieces that fits. */
function find(document, method, at) {
  const pieces = at.split("/");
  const fits = (template) => {
    const parts = template.split("/");
    return parts.length === pieces.length && parts.every((part, index) => part.startsWith("{") || part === pieces[index]);
  };
  const literal = (template) => template.split("/").filter((part) => !part.startsWith("{")).length;
  const [template] = Object.keys(document.paths).filter(fits).sort((a, b) => literal(b) - literal(a));
  const operation = document.paths[template]?.[method.toLowerCase()];
  return operation && { template, operation };
}

function follow(document, value) {
  let at = value;
  while (at?.$ref) at = at.$ref.slice(2).split("/").reduce((inner, name) => inner?.[name.replaceAll("~1", "/").replaceAll("~0", "~")], document);
  return at;
}

function* violations(document, given, value, place, depth) {
  const schema = follow(document, given);
  if (!schema || depth > 30) return;
  const here = place || "the body";
  for (const part of schema.allOf ?? []) yield* violations(document, part, value, place, depth + 1);
  const kind = kindOf(value);
  if (value === null && schema.nullable) return;
  if (schema.type && schema.type !== kind && !(schema.type === "number" && kind === "integer")) return yield `${here} is ${kind}, not ${schema.type}`;
  if (schema.enum && !schema.enum.includes(value)) yield `${here} is \`${value}\`, none of ${schema.enum.join(", ")}`;
  if (kind === "string" && value.length > (schema.maxLength ?? Infinity)) yield `${here} is longer than ${schema.maxLength}`;
  if (kind === "array") for (const item of value) yield* violations(document, schema.items, item, `${place}[]`, depth + 1);
  if (kind !== "object") return;
  for (const name of schema.required ?? []) if (!(name in value)) yield `${place}.${name} is missing`;
  for (const [name, inner] of Object.entries(schema.properties ?? {}))
    if (name in value) yield* violations(document, inner, value[name], `${place}.${name}`, depth + 1);
}

function kindOf(value) {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (Number.isInteger(value)) return "integer";
  return typeof value;
}
