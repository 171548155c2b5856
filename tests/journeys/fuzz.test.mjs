// Every operation of every document with what a hostile or careless client sends: by its own schemas, and off them.
// Whatever comes, the answer is one that the document names, in the shape that it says, and never a fault of ours.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { before, describe, it } from "node:test";
import { PUBLISHER, administrator, upload } from "./manage.mjs";

/** A seed that failed is set here, or by the environment, to be looked at. */
const SEED = Number(process.env.POSTERN_FUZZ_SEED ?? Date.now() % 1_000_000);
const ROUNDS = Number(process.env.POSTERN_FUZZ_ROUNDS ?? 3);
/** What would end the session of the one who asks, or the platform's own keys. */
const SPARED = [/change-password/, /signing-key/, /\/users/, /tenant-config$/, /people-policy/, /system-scopes$/, /client-registration-policy/];

let admin, operations;

before(async () => {
  admin = (await administrator()).admin;
  operations = (await Promise.all(["publisher", "devportal", "admin", "analytics", "alerts", "governance", "service-catalog"].map(read))).flat();
});

describe(`any client (seed ${SEED})`, () => {
  it("is answered as the document says, whatever it sends", async () => {
    const chance = seeded(SEED);
    const wrong = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const one of operations) {
        if (one.method !== "GET" && SPARED.some((spared) => spared.test(one.path))) continue;
        const asked = question(one, chance);
        const answer = await admin.send(one.method, asked.path, asked.body, asked.headers);
        const fault = judge(one, answer);
        if (fault) wrong.push(`${one.method} ${asked.path} ${JSON.stringify(asked.body)?.slice(0, 300)}: ${fault}: ${answer.text.slice(0, 200)}`);
      }
    }
    assert.deepEqual(wrong.slice(0, 10), [], `${wrong.length} answers with seed ${SEED}`);
  });
});

/** What is wrong with an answer; nothing when it is one of those that the document names. */
function judge(one, { status, body, headers, text }) {
  if (status >= 500 && status !== 501) return `status ${status}`;
  if (/SQLITE|D1_ERROR|panicked|\.rs:/.test(text)) return "the inside shows";
  if (!(status in one.responses)) return `status ${status} is not in the document`;
  if (status >= 400 && one.method !== "HEAD") {
    return typeof body?.code === "number" && typeof body.description === "string" ? undefined : "no problem";
  }
  const schema = one.responses[status].content?.["application/json"]?.schema;
  const isJson = headers.get("content-type")?.startsWith("application/json");
  return schema && isJson && one.method !== "HEAD" ? misfit(body, schema, one.document, "$") : undefined;
}

/** Where a value does not fit its schema. */
function misfit(value, schema, document, place) {
  const rule = resolved(schema, document);
  if (value === null) return rule.nullable || !rule.type ? undefined : `${place} is null`;
  if (rule.enum && !rule.enum.includes(value)) return `${place} is ${JSON.stringify(value)}`;
  if (rule.type === "array") {
    if (!Array.isArray(value)) return `${place} is no array`;
    return value.map((item, index) => misfit(item, rule.items ?? {}, document, `${place}[${index}]`)).find(Boolean);
  }
  if (rule.type === "object") {
    if (typeof value !== "object" || Array.isArray(value)) return `${place} is no object`;
    const known = rule.properties ?? {};
    const names = Object.keys(value).filter((name) => name in known);
    return names.map((name) => misfit(value[name], known[name], document, `${place}.${name}`)).find(Boolean);
  }
  const types = { string: "string", integer: "number", number: "number", boolean: "boolean" };
  const wanted = types[rule.type];
  return wanted && typeof value !== wanted ? `${place} is ${typeof value}, not ${rule.type}` : undefined;
}

/** A request to an operation: mostly what its document asks for, with a flaw here and there. */
function question({ method, path, operation, document, parameters }, chance) {
  const filled = path.replace(/\{(\w+)\}/g, (_, name) =>
    encodeURIComponent(name === "keyType" ? "PRODUCTION" : name === "policyLevel" ? "subscription" : chance.pick([randomUUID(), ...ODD.filter((odd) => odd.isWellFormed() && !["", ".", ".."].includes(odd))])),
  );
  const query = new URLSearchParams();
  for (const one of parameters.filter((one) => one.in === "query")) {
    if (one.required || chance.next() < 0.5) query.set(one.name, String(sample(one.schema ?? {}, document, chance, 0)));
  }
  const content = operation.requestBody?.content ?? {};
  const [kind] = Object.keys(content);
  const headers = {};
  let body;
  if (kind === "application/json") body = sample(content[kind].schema, document, chance, 0);
  if (kind === "application/json" && (body === null || typeof body !== "object")) {
    body = JSON.stringify(body);
    headers["content-type"] = "application/json";
  }
  if (kind === "multipart/form-data") {
    body = new FormData();
    for (const name of Object.keys(resolved(content[kind].schema, document).properties ?? {})) {
      if (chance.next() < 0.7) body.set(name, chance.next() < 0.5 ? new Blob([chance.pick(ODD)]) : chance.pick(ODD));
    }
    body.set("unknown", "x");
  }
  if (!kind && ["POST", "PUT", "PATCH"].includes(method) && chance.next() < 0.3) body = {};
  const text = query.toString();
  return { path: text ? `${filled}?${text}` : filled, body, headers };
}

/** A value of a schema, one in six of them something else. */
function sample(schema, document, chance, depth) {
  const rule = resolved(schema, document);
  if (chance.next() < 1 / 6) return chance.pick([...ODD, 0, -1, 2 ** 53, 1.5, true, null, [], {}]);
  if (rule.enum) return chance.pick(rule.enum);
  if (rule.type === "array") return depth > 4 ? [] : Array.from({ length: Math.floor(chance.next() * 3) }, () => sample(rule.items ?? {}, document, chance, depth + 1));
  if (rule.type === "object") {
    const known = Object.entries(rule.properties ?? {}).filter(([name]) => rule.required?.includes(name) || chance.next() < 0.5);
    return depth > 4 ? {} : Object.fromEntries(known.map(([name, inner]) => [name, sample(inner, document, chance, depth + 1)]));
  }
  if (rule.type === "integer" || rule.type === "number") return Math.floor(chance.next() * 100) - 5;
  if (rule.type === "boolean") return chance.next() < 0.5;
  return chance.pick([`Word${Math.floor(chance.next() * 1e9)}`, ...ODD]);
}

const ODD = ["", " ", "..", ".", "a/b", "%00", "\u0000", "'; DROP TABLE api; --", "\"", "🦓".repeat(20), "x".repeat(5000), "{{7*7}}", "<script>", "2024-13-45", "null", "\ud800"];

function resolved(schema, document) {
  if (!schema?.$ref) return schema ?? {};
  return resolved(schema.$ref.slice(2).split("/").reduce((part, name) => part?.[name], document), document);
}

/** The operations of one of our documents, read by the product itself. */
async function read(name) {
  const text = readFileSync(new URL(`../../api/${name}.yaml`, import.meta.url), "utf8");
  const { body } = await admin.expect(200, "POST", `${PUBLISHER}/apis/validate-openapi?returnContent=true`, upload(text));
  const document = JSON.parse(body.content);
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path: document.servers[0].url + path,
      operation,
      document,
      parameters: (operation.parameters ?? []).map((one) => resolved(one, document)),
      responses: Object.fromEntries(Object.entries(operation.responses).map(([status, one]) => [status, resolved(one, document)])),
    })),
  );
}

/** A generator of numbers from 0 to 1 that a seed determines (mulberry32). */
function seeded(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { next, pick: (list) => list[Math.floor(next() * list.length)] };
}
