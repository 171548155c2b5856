// A publisher holds callers and upstream to the definition, and keeps attacks out: what each is told, and what passes.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { ORIGIN, signIn, within } from "./platform.mjs";
import { serve } from "./serve.mjs";

const definition = {
  openapi: "3.0.3",
  info: { title: "Pets", version: "1.0.0" },
  paths: {
    "/pets": {
      get: {
        parameters: [
          { name: "limit", in: "query", required: true, schema: { type: "integer", maximum: 100 } },
          { name: "x-shop", in: "header", schema: { type: "string", enum: ["north", "south"] } },
        ],
        responses: {
          200: {
            description: "Fine",
            content: {
              "application/json": {
                schema: { type: "array", items: { $ref: "#/components/schemas/Pet" } },
                examples: { full: { value: [{ id: 1, name: "Rex" }] }, empty: { value: [] } },
              },
            },
          },
          404: { description: "None", content: { "application/json": { example: { why: "none" } } } },
        },
      },
      post: {
        requestBody: { required: true, content: { "application/json": { schema: { $ref: "#/components/schemas/Pet" } } } },
        responses: { 200: { description: "Fine" } },
      },
    },
    "/pets/{id}": {
      get: {
        parameters: [{ name: "id", in: "path", required: true, schema: { type: "integer" } }],
        responses: { 200: { description: "Fine", content: { "application/json": { schema: { $ref: "#/components/schemas/Pet" } } } } },
      },
    },
    "/notes": { post: { requestBody: { content: { "*/*": {} } }, responses: { 200: { description: "Fine" } } } },
  },
  components: {
    schemas: {
      Pet: {
        type: "object",
        required: ["id", "name"],
        additionalProperties: false,
        properties: {
          id: { type: "integer", readOnly: true },
          name: { type: "string", minLength: 2, pattern: "^[A-Z]" },
          tags: { type: "array", maxItems: 2, items: { type: "string" } },
        },
      },
    },
  },
};

let desk, upstream;
const made = [];

before(async () => {
  upstream = await startUpstream();
  desk = await signIn();
});

after(async () => {
  for (const id of made) await desk.call(200, "DELETE", `/publisher/v4/apis/${id}`);
  await upstream?.close();
});

/** Answers what it is told to by `next`, and remembers the bodies that got there. */
async function startUpstream() {
  const seen = [];
  const state = { next: '{"id":1,"name":"Rex"}' };
  const server = await serve(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    seen.push(`${request.method} ${request.url} ${body}`);
    response.writeHead(200, { "content-type": "application/json" });
    response.end(state.next);
  });
  return { ...server, seen, state };
}

/** An API that anybody may call, with these properties, deployed; its base path. */
async function deployed(more) {
  const name = `Valid${randomUUID().replaceAll("-", "").slice(0, 12)}`;
  const endpoint = { url: upstream.url };
  const form = new FormData();
  form.set("file", new Blob([JSON.stringify(definition)], { type: "application/json" }), "pets.json");
  form.set(
    "additionalProperties",
    JSON.stringify({
      name,
      version: "1.0.0",
      context: `/${name.toLowerCase()}`,
      policies: ["Unlimited"],
      endpointConfig: { endpoint_type: "http", production_endpoints: endpoint, sandbox_endpoints: endpoint },
    }),
  );
  const { id } = await desk.call(201, "POST", "/publisher/v4/apis/import-openapi", form);
  made.push(id);
  const api = await desk.call(200, "GET", `/publisher/v4/apis/${id}`);
  const operations = api.operations.map((operation) => ({ ...operation, authType: "None" }));
  const changed = await desk.call(200, "PUT", `/publisher/v4/apis/${id}`, { ...api, operations, ...more });
  for (const [property, value] of Object.entries(more)) assert.deepEqual(changed[property], value, property);
  const revision = await desk.call(201, "POST", `/publisher/v4/apis/${id}/revisions`, {});
  await desk.call(201, "POST", `/publisher/v4/apis/${id}/deploy-revision?revisionId=${revision.id}`, [
    { name: "Default", vhost: "localhost", displayOnDevportal: true },
  ]);
  await desk.call(200, "POST", `/publisher/v4/apis/change-lifecycle?action=Publish&apiId=${id}`);
  const base = `${ORIGIN}/${name.toLowerCase()}/1.0.0`;
  await within(5_000, "the gateway knows the API", async () => (await fetch(`${base}/none`)).status !== 503 && (await fetch(`${base}/pets`, { method: "PATCH" })).status === 405);
  return base;
}

const policies = (...list) => ({ request: list.map(([policyName, parameters]) => ({ policyName, policyVersion: "v1", parameters })), response: [], fault: [] });
const json = (body, more = {}) => ({ method: "POST", headers: { "content-type": "application/json" }, body, ...more });

async function refused(response, status, expected) {
  const text = await response.text();
  assert.equal(response.status, status, text);
  const body = JSON.parse(text);
  if (!expected) return body;
  const places = (body.details ?? []).map(({ place, message }) => `${place} ${message}`).sort();
  assert.deepEqual(places, [...expected].sort(), text);
  return body;
}

describe("the definition holds both ways", () => {
  let base;
  before(async () => (base = await deployed({ enableSchemaValidation: true })));

  test("all violations of a request are listed, and it never gets to the upstream", async () => {
    upstream.seen.length = 0;
    await refused(await fetch(`${base}/pets?limit=200`, { headers: { "x-shop": "west" } }), 400, [
      "query.limit must be at most 100",
      "header.x-shop is none of `north`, `south`",
    ]);
    await refused(await fetch(`${base}/pets/one`), 400, ["path.id must be `integer`, and is `string`"]);
    await refused(await fetch(`${base}/pets`, json('{"name":"x","tags":[1,"a","b"],"color":"red"}')), 400, [
      "body/name must have at least 2 characters",
      "body/name must match `^[A-Z]`",
      "body/tags must have at most 2 items",
      "body/tags/0 must be `string`, and is `number`",
      "body/color is not a property that the contract knows",
    ]);
    await refused(await fetch(`${base}/pets`, json('{"name":"Rex","name":"Max"}')), 400);
    await refused(await fetch(`${base}/pets`, { method: "POST" }), 400, ["body is missing"]);
    assert.deepEqual(upstream.seen, []);
    const problem = await fetch(`${base}/pets`, { headers: { accept: "application/problem+json" } });
    assert.deepEqual((await refused(problem, 400)).errors, [{ pointer: "query.limit", detail: "is missing" }]);
  });

  test("what keeps to it passes unchanged", async () => {
    const body = '{"name": "Rex",  "tags": ["a"]}';
    assert.equal((await fetch(`${base}/pets`, json(body))).status, 200);
    assert.equal(upstream.seen.at(-1), `POST /pets ${body}`);
  });

  test("another content type is 415, also one that hides what it is", async () => {
    await refused(await fetch(`${base}/pets`, json("<pet/>", { headers: { "content-type": "text/xml" } })), 415);
    const packed = { "content-type": "application/json", "content-encoding": "gzip" };
    await refused(await fetch(`${base}/pets`, json("{}", { headers: packed })), 415);
  });

  test("a reply that breaks it is 500, and one that keeps it passes", async () => {
    upstream.state.next = '{"id":1,"name":"Rex"}';
    assert.deepEqual(await (await fetch(`${base}/pets/1`)).json(), { id: 1, name: "Rex" });
    upstream.state.next = '{"id":"1","name":"Rex"}';
    await refused(await fetch(`${base}/pets/1`), 500, ["body/id must be `integer`, and is `string`"]);
    upstream.state.next = "<html>";
    const body = await refused(await fetch(`${base}/pets/1`), 500);
    assert.equal(body.code, "500");
    upstream.state.next = '{"id":1,"name":"Rex"}';
  });
});

test("in report mode everything passes", async () => {
  const base = await deployed({ schemaValidation: { request: "report", response: "report", bodyLimit: 1000, contentTypes: ["application/json"] } });
  upstream.state.next = '{"wrong":true}';
  assert.equal((await fetch(`${base}/pets?limit=many`)).status, 200);
  assert.deepEqual(await (await fetch(`${base}/pets/one`)).json(), { wrong: true });
  assert.equal((await fetch(`${base}/pets`, json('{"name":1}'))).status, 200);
  // What is let in at all is not a matter of the contract.
  await refused(await fetch(`${base}/pets`, json(JSON.stringify("x".repeat(1000)))), 413);
  const stream = new Blob([JSON.stringify("x".repeat(1000))]).stream();
  await refused(await fetch(`${base}/pets`, json(stream, { duplex: "half" })), 413);
  await refused(await fetch(`${base}/pets`, json("x", { headers: { "content-type": "text/plain" } })), 415);
  upstream.state.next = "{}";
});

test("attacks are kept out wherever they stand", async () => {
  const base = await deployed({
    apiPolicies: policies(
      ["jsonValidator", { maxJsonDepth: "5", maxPropertyCount: "3" }],
      ["xmlValidator", { maxElementCount: "10" }],
      ["regexPolicy", { threatType: "SQL-Injection,JavaScript-Injection,Path-Traversal" }],
    ),
  });
  upstream.seen.length = 0;
  const note = (kind, body) => fetch(`${base}/notes`, json(body, { headers: { "content-type": kind } }));
  const deep = await refused(await note("application/json", "[".repeat(100_000)), 400);
  assert.match(deep.description, /more than 5 levels/);
  await refused(await note("application/json", '{"a":1,"b":2,"c":3,"d":4}'), 400, ["body has more than 3 properties in one object"]);
  const laughs = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>';
  await refused(await note("application/xml", laughs), 400, ["body has a document type (DTD), which is not allowed here"]);
  await refused(await note("text/xml", `<a>${"<b/>".repeat(20)}</a>`), 400, ["body has more than 10 elements"]);
  await refused(await note("text/plain", "x' OR '1'='1"), 400, ["body looks like SQL injection"]);
  await refused(await note("application/json", '{"a":"\\u003cscript>"}'), 400, ["body looks like JavaScript injection"]);
  await refused(await fetch(`${base}/pets?limit=1%3B+DROP+TABLE+pets`), 400, ["query.limit looks like SQL injection"]);
  await refused(await fetch(`${base}/pets?limit=..%2f..%2fetc`), 400, ["query.limit looks like path traversal"]);
  await refused(await fetch(`${base}/pets`, { headers: { "x-note": "javascript:alert(1)" } }), 400, ["header.x-note looks like JavaScript injection"]);
  assert.deepEqual(upstream.seen, []);
  assert.equal((await note("application/json", '{"name":"It\'s O\'Hara, and a friend"}')).status, 200);
  assert.equal((await note("application/xml", "<order><item id='1'>tea</item></order>")).status, 200);
  assert.equal(upstream.seen.length, 2);
});

test("an API without an upstream answers with its examples", async () => {
  const base = await deployed({ endpointImplementationType: "MOCKED_OAS", enableSchemaValidation: true });
  upstream.seen.length = 0;
  const ask = (path, headers = {}) => fetch(base + path, { headers });
  const full = await ask("/pets?limit=1");
  assert.equal(full.headers.get("content-type"), "application/json");
  assert.deepEqual(await full.json(), [{ id: 1, name: "Rex" }]);
  assert.deepEqual(await (await ask("/pets?limit=1", { prefer: "example=empty" })).json(), []);
  const none = await ask("/pets?limit=1", { prefer: "code=404" });
  assert.equal(none.status, 404);
  assert.deepEqual(await none.json(), { why: "none" });
  await refused(await ask("/pets?limit=1", { prefer: "code=503" }), 400);
  assert.equal(typeof (await (await ask("/pets/7")).json()).id, "number");
  await refused(await ask("/pets/seven"), 400);
  assert.deepEqual(upstream.seen, []);
});

test("an API without examples gets them, and its callers get what keeps the contract", async () => {
  const base = await deployed({ endpointImplementationType: "MOCKED_OAS", schemaValidation: { request: "block", response: "block" } });
  const api = `/publisher/v4/apis/${made.at(-1)}`;
  const before = await desk.call(200, "GET", `${api}/swagger`);
  const pet = (document) => document.paths["/pets/{id}"].get.responses["200"].content["application/json"];
  assert.equal(pet(before).example, undefined);
  const after = await desk.call(200, "POST", `${api}/generate-mock-scripts`);
  const { example } = pet(after);
  assert.equal(typeof example.id, "number");
  assert.match(example.name, /^[A-Z]./);
  assert.deepEqual(after.paths["/pets"], before.paths["/pets"], "what its author wrote was changed");
  assert.deepEqual(await desk.call(200, "GET", `${api}/swagger`), after);
  assert.deepEqual(await desk.call(200, "POST", `${api}/generate-mock-scripts`), after, "a second time changed something");
  const { list } = await desk.call(200, "GET", `${api}/generated-mock-scripts`);
  const told = (verb, path) => JSON.parse(list.find((one) => one.verb === verb && one.path === path).content);
  assert.deepEqual(told("GET", "/pets/{id}"), [{ status: 200, contentType: "application/json", name: "", body: example }]);
  assert.deepEqual(told("GET", "/pets").map((one) => [one.status, one.name]).sort(), [[200, "empty"], [200, "full"], [404, ""]]);
  const revision = await desk.call(201, "POST", `${api}/revisions`, {});
  await desk.call(201, "POST", `${api}/deploy-revision?revisionId=${revision.id}`, [{ name: "Default", vhost: "localhost" }]);
  await within(20_000, "the gateway answers with the example", async () => {
    const answer = await fetch(`${base}/pets/7`);
    return answer.status === 200 && JSON.stringify(await answer.json()) === JSON.stringify(example);
  });
});

test("what cannot be held to is named before anything is saved or deployed", async () => {
  const name = `Valid${randomUUID().replaceAll("-", "").slice(0, 12)}`;
  const api = { name, version: "1", context: `/${name}`, operations: [{ verb: "GET", target: "/a" }] };
  const mode = await desk.call(400, "POST", "/publisher/v4/apis", { ...api, schemaValidation: { request: "maybe", bodyLimit: 0 } });
  assert.deepEqual(mode.error.map((one) => one.description).sort(), ["schemaValidation.bodyLimit", "schemaValidation.request"]);
  const kept = await desk.call(201, "POST", "/publisher/v4/apis", {
    ...api,
    endpointConfig: { endpoint_type: "http", production_endpoints: { url: upstream.url } },
    apiPolicies: policies(["jsonValidator", { maxJsonDepth: "deep" }]),
  });
  made.push(kept.id);
  const revision = await desk.call(201, "POST", `/publisher/v4/apis/${kept.id}/revisions`, {});
  const faults = await desk.call(400, "POST", `/publisher/v4/apis/${kept.id}/deploy-revision?revisionId=${revision.id}`, [
    { name: "Default", vhost: "localhost" },
  ]);
  assert.equal(faults.error[0].description, "apiPolicies.request[0].parameters.maxJsonDepth");
});
