// How deep and how complex a GraphQL query may be: values of fields by the publisher, limits by the plan, refusals by the
// gateway. On a platform of its own: plans are the administrator's.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { OwnPlatform } from "./own-platform.mjs";
import { within } from "./platform.mjs";
import { Office, call, named, requests } from "./throttled.mjs";

const SCHEMA = `type Query { hero(id: ID): Hero heroes(first: Int): [Hero!]! }
interface Being { name: String }
type Hero implements Being { id: ID! name: String friends(first: Int, limit: Int): [Hero!]! }
`;
const VALUES = [
  { type: "Query", field: "heroes", complexityValue: 5 },
  { type: "Hero", field: "friends", complexityValue: 3 },
];

const platform = new OwnPlatform();
const passed = [];
let office, upstream, url, api, plans, keys;

before(async () => {
  upstream = createServer((request, response) => {
    passed.push(request.url);
    request.resume().on("end", () => response.end("{}"));
  });
  await new Promise((listening) => upstream.listen(0, "127.0.0.1", listening));
  url = `http://127.0.0.1:${upstream.address().port}`;
  await platform.start();
  office = await new Office(platform).enter();
  const plan = (more) => office.policy("subscription", { defaultLimit: requests(10_000), ...more });
  plans = {
    deep: (await plan({ graphQLMaxDepth: 3 })).name,
    complex: (await plan({ graphQLMaxComplexity: 20 })).name,
    any: (await plan({ graphQLMaxDepth: 0, graphQLMaxComplexity: 0 })).name,
  };
});

after(() => {
  platform.remove();
  upstream?.closeAllConnections();
  upstream?.close();
});

const complexity = () => `/publisher/v4/apis/${api.id}/graphql-policies/complexity`;
/** Asks by the plan's key; what went upstream is noted in `passed`. */
const ask = (plan, body, headers = {}) =>
  call(platform.origin, api.base, keys[plan], { "content-type": "application/json", ...headers }, {
    method: "POST", body: typeof body === "string" ? body : JSON.stringify(body),
  });

function assertRefused(answer, status, code, title, detail) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(String(answer.body.code), code);
  assert.equal(answer.body.message, title);
  assert.match(answer.body.description, detail);
}

async function assertPasses(plan, body, headers) {
  const before = passed.length;
  const answer = await ask(plan, body, headers);
  assert.equal(answer.status, 200, answer.text);
  assert.equal(passed.length, before + 1);
}

test("publishers say what fields count, and only of fields that are there", async () => {
  const name = named("Graph");
  const form = new FormData();
  form.set("file", new Blob([SCHEMA]), "schema.graphql");
  form.set("additionalProperties", JSON.stringify({
    name, version: "1.0.0", context: `/${name.toLowerCase()}`, policies: Object.values(plans), securityScheme: ["api_key", "oauth2"],
    endpointConfig: { endpoint_type: "http", production_endpoints: { url } },
  }));
  const imported = await fetch(`${platform.origin}/api/am/publisher/v4/apis/import-graphql-schema`, { method: "POST", headers: office.bearer, body: form });
  assert.equal(imported.status, 201, await imported.clone().text());
  const made = await imported.json();
  api = { id: made.id, base: `/${name.toLowerCase()}/1.0.0` };

  const types = await office.call(200, "GET", `${complexity()}/types`);
  assert.deepEqual(types.typeList, [
    { type: "Being", fieldList: ["name"] },
    { type: "Hero", fieldList: ["id", "name", "friends"] },
    { type: "Query", fieldList: ["hero", "heroes"] },
  ]);
  assert.deepEqual(await office.call(200, "GET", complexity()), { list: [] });
  const wrong = await office.call(400, "PUT", complexity(), { list: [{ type: "Hero", field: "age", complexityValue: 2 }, VALUES[0], VALUES[0]] });
  assert.match(JSON.stringify(wrong), /Hero\.age/);
  assert.match(JSON.stringify(wrong), /Query\.heroes` stands twice/);
  await office.call(400, "PUT", complexity(), { list: [{ type: "Hero", field: "id", complexityValue: -1 }] });
  await office.call(400, "PUT", complexity(), { list: [{ type: "Hero", field: "id" }] });
  assert.deepEqual(await office.call(200, "PUT", complexity(), { list: VALUES }), { list: VALUES });

  // Whoever changes something else leaves them as they are.
  const whole = await office.call(200, "GET", `/publisher/v4/apis/${api.id}`);
  await office.call(200, "PUT", `/publisher/v4/apis/${api.id}`, { ...whole, description: "Heroes", graphQLComplexity: undefined });
  assert.deepEqual(await office.call(200, "GET", complexity()), { list: VALUES });

  const rest = await office.api(url);
  await office.call(404, "GET", `/publisher/v4/apis/${rest.id}/graphql-policies/complexity`);
});

test("a revision carries them to gateways and to consumers", async () => {
  const revision = await office.call(201, "POST", `/publisher/v4/apis/${api.id}/revisions`, { description: "" });
  await office.call(201, "POST", `/publisher/v4/apis/${api.id}/deploy-revision?revisionId=${revision.id}`, [
    { name: "Default", vhost: "localhost", displayOnDevportal: true },
  ]);
  await office.call(200, "POST", `/publisher/v4/apis/change-lifecycle?action=Publish&apiId=${api.id}`);
  keys = {};
  for (const [plan, name] of Object.entries(plans)) keys[plan] = (await office.application(api, { plan: name })).key;
  await within(10_000, "the gateway knows the API", async () => (await ask("any", { query: "{ hero { id } }" })).status === 200);

  // What is worked on goes on; what runs stays.
  await office.call(200, "PUT", complexity(), { list: [] });
  const read = (what = "") => platform.send("GET", `/api/am/devportal/v3/apis/${api.id}/graphql-policies/complexity${what}`, undefined, {});
  assert.deepEqual((await read()).body, { list: VALUES });
  assert.equal((await read("/types")).body.typeList.length, 3);
});

test("a query deeper than its plan is refused", async () => {
  await assertPasses("deep", { query: "{ hero { friends { id } } }" });
  await assertPasses("deep", { query: "query ($n: Int) { heroes(first: $n) { ...F } } fragment F on Hero { friends { id } }", variables: { n: 1_000_000 } });
  const before = passed.length;
  const deep = /4 levels of fields, and the plan allows 3/;
  assertRefused(await ask("deep", { query: "{ hero { friends { friends { id } } } }" }), 400, "900820", "QUERY TOO DEEP", deep);
  const hidden = "{ hero { ...F } } fragment F on Hero { friends { ... on Hero @include(if: false) { friends { id } } } }";
  assertRefused(await ask("deep", { query: hidden }), 400, "900820", "QUERY TOO DEEP", deep);
  const other = "query A { hero { id } } query B { hero { friends { friends { id } } } }";
  assertRefused(await ask("deep", { query: other, operationName: "A" }), 400, "900820", "QUERY TOO DEEP", deep);
  const byAddress = `${api.base}?query=${encodeURIComponent("{ hero { friends { friends { id } } } }")}`;
  assertRefused(await call(platform.origin, byAddress, keys.deep), 400, "900820", "QUERY TOO DEEP", deep);
  assert.equal(passed.length, before, "a refused query went upstream");
});

test("a query more complex than its plan is refused", async () => {
  // 5 + (3 + 1) * 3 + 1 = 18.
  await assertPasses("complex", { query: "{ heroes { id friends(first: 3) { id } } }" });
  await assertPasses("complex", { query: "query ($n: Int = 3) { heroes { friends(first: $n) { id } } }" });
  const before = passed.length;
  const over = async (body, complexity) =>
    assertRefused(await ask("complex", body), 400, "900821", "QUERY TOO COMPLEX", new RegExp(`complexity of ${complexity}, and the plan allows 20`));
  await over({ query: "{ heroes(first: 4) { id } }" }, 24);
  await over({ query: "query ($n: Int = 3) { heroes { friends(first: $n) { id } } }", variables: { n: 10 } }, 45);
  await over({ query: "{ a: heroes { ...F } b: heroes { ...F } c: heroes { ...F } } fragment F on Hero { id name }" }, 21);
  await over([{ query: "{ heroes(first: 2) { id } }" }, { query: "{ heroes { friends(limit: 1) { id } } }" }], 21);
  assert.equal(passed.length, before, "a refused query went upstream");
});

test("a bomb of fragments is counted at once, and what is no query is refused", async () => {
  let bomb = "{ ...F0 } fragment F120 on Hero { id }";
  for (let at = 0; at < 120; at += 1) bomb += ` fragment F${at} on Hero { ${`...F${at + 1} `.repeat(8)} }`;
  const began = performance.now();
  assertRefused(await ask("complex", { query: bomb }), 400, "900821", "QUERY TOO COMPLEX", /complexity of 18446744073709551615/);
  assert.ok(performance.now() - began < 2_000, "the bomb took its time");

  const invalid = (body, why, headers) => ask("deep", body, headers).then((answer) => assertRefused(answer, 422, "900422", "INVALID QUERY", why));
  await invalid({ query: "{ ...F } fragment F on Hero { friends { ...F } }" }, /within itself/);
  await invalid({ query: "{ hero {" }, /cannot be read/);
  await invalid({ extensions: { persistedQuery: { sha256Hash: "0" } } }, /no `query`/);
  await invalid("--x", /application\/json/, { "content-type": "multipart/form-data; boundary=x" });
  const packed = await ask("deep", "x", { "content-encoding": "gzip" });
  assert.equal(packed.status, 415, packed.text);
});

test("a plan without such limits lets every query pass", async () => {
  await assertPasses("any", { query: `{ hero { ${"friends { ".repeat(30)}id${" }".repeat(31)} }` });
  await assertPasses("any", "no query at all");
});
