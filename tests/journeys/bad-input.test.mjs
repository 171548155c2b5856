// Bad input: a clear refusal in the peer's error shape, never a 500, never a half-done write.

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import {
  ADMIN,
  DEVPORTAL,
  PUBLISHER,
  administrator,
  fresh,
  makeApi,
  nobody,
  petstore,
  somebody,
  upload,
} from "./manage.mjs";
import { serve } from "./serve.mjs";

let admin, bob;

before(async () => {
  const entered = await administrator();
  admin = entered.admin;
  bob = await somebody(admin, entered.client, ["Internal/subscriber"]);
});

const good = () => {
  const name = fresh("Bad");
  return { name, context: `/${name.toLowerCase()}`, version: "1.0.0" };
};

describe("a body", () => {
  it("with an unknown property or a wrong type is refused by name", async () => {
    for (const [change, place] of [
      [{ colour: "red" }, "colour"],
      [{ name: 7 }, "name"],
      [{ tags: "food" }, "tags"],
      [{ operations: [{ verb: "GET", target: "/a", speed: 3 }] }, "operations[0].speed"],
      [{ operations: [{ verb: "GET", target: 1 }] }, "operations[0].target"],
      [{ isDefaultVersion: "yes" }, "isDefaultVersion"],
      [{ scopes: [{ scope: {} }] }, "scopes[0].scope.name"],
    ]) {
      const { body } = await admin.expect(400, "POST", `${PUBLISHER}/apis`, { ...good(), ...change });
      assert.equal(body.error[0].description, place, JSON.stringify(change));
    }
  });

  it("with a wrong value is refused by name", async () => {
    for (const [change, place] of [
      [{ name: "" }, "name"],
      [{ name: "a/b" }, "name"],
      [{ version: "1 0" }, "version"],
      [{ context: "/a/../b" }, "context"],
      [{ context: "/api" }, "context"],
      [{ context: "/OAuth2/x" }, "context"],
      [{ context: "/x/{id}" }, "context"],
      [{ visibility: "SOME" }, "visibility"],
      [{ policies: ["Platinum"] }, "policies"],
      [{ apiThrottlingPolicy: "None" }, "apiThrottlingPolicy"],
      [{ operations: [{ verb: "FETCH", target: "/a" }] }, "operations[0].verb"],
      [{ operations: [{ verb: "GET", target: "a" }] }, "operations[0].target"],
      [{ operations: [{ verb: "GET", target: "/a", scopes: ["none"] }] }, "operations[0].scopes"],
      [{ operations: [{ verb: "GET", target: "/a" }, { verb: "get", target: "/a" }] }, "operations[1].target"],
      [{ endpointConfig: { production_endpoints: { url: "ftp://x.example.org" } } }, "endpointConfig.production_endpoints.url"],
      [{ endpointConfig: { production_endpoints: { url: "https://a:b@x.example.org" } } }, "endpointConfig.production_endpoints.url"],
    ]) {
      const { body } = await admin.expect(400, "POST", `${PUBLISHER}/apis`, { ...good(), ...change });
      assert.equal(body.error[0].description, place, JSON.stringify(change));
    }
    for (const missing of ["name", "context", "version"]) {
      const { body } = await admin.expect(400, "POST", `${PUBLISHER}/apis`, { ...good(), [missing]: undefined });
      assert.equal(body.error[0].description, missing);
    }
  });

  it("that is no JSON, no object or too deep is refused", async () => {
    const json = { "content-type": "application/json" };
    for (const text of ["", "{", "[]", "null", '"x"', "{'a': 1}", `${"[".repeat(5000)}`, '{"name":"\ud800"}']) {
      await admin.expect(400, "POST", `${PUBLISHER}/apis`, text, json);
    }
    await admin.expect(400, "POST", `${PUBLISHER}/apis`, `{"endpointConfig":${'{"a":'.repeat(300)}1${"}".repeat(300)}}`, json);
  });

  it("of another content type is refused", async () => {
    await admin.expect(415, "POST", `${PUBLISHER}/apis`, "a=1", { "content-type": "application/x-www-form-urlencoded" });
    await admin.expect(415, "POST", `${PUBLISHER}/apis/import-openapi`, { a: 1 });
    await bob.expect(415, "POST", `${DEVPORTAL}/applications`, "<a/>", { "content-type": "text/xml" });
    await admin.expect(400, "POST", `${PUBLISHER}/apis/import-openapi`, "nonsense", { "content-type": "multipart/form-data; boundary=x" });
    await admin.expect(400, "POST", `${PUBLISHER}/apis/import-openapi`, "nonsense", { "content-type": "multipart/form-data" });
  });

  it("that is too large is refused, announced or not", async () => {
    const large = `{"description":"${"x".repeat(11 * 1024 * 1024)}"}`;
    await admin.expect(413, "POST", `${PUBLISHER}/apis`, large, { "content-type": "application/json" });
    const chunks = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 11; i += 1) controller.enqueue(new Uint8Array(1024 * 1024).fill(32));
        controller.close();
      },
    });
    await admin.expect(413, "POST", `${PUBLISHER}/apis`, chunks, { "content-type": "application/json" });
    await admin.expect(413, "POST", `${PUBLISHER}/apis/import-openapi`, upload(large));
  });
});

describe("a definition", () => {
  const refused = (form) => admin.expect(400, "POST", `${PUBLISHER}/apis/import-openapi`, form);

  it("that is malformed is refused with its place", async () => {
    const yaml = await refused(upload("openapi: 3.0.0\ninfo:\n  title: [a\npaths: {}\n", good()));
    assert.equal(yaml.body.code, 900758);
    assert.match(yaml.body.error[0].description, /line \d+/);
    const empty = await refused(upload({ openapi: "3.0.0", info: {}, paths: {} }, good()));
    assert.equal(empty.body.code, 900754);
    assert.ok(empty.body.error.length >= 2, empty.text);
    for (const text of ["just text", "[1, 2]", '{"openapi": "9.0"}', "a: &a [*a]", `{"swagger": 2}`]) {
      await refused(upload(text, good()));
    }
    await refused(upload(petstore(), { ...good(), colour: 1 }));
    const both = upload(petstore(), good());
    both.set("inlineAPIDefinition", "x");
    await refused(both);
    await refused(new FormData());
  });

  it("with circular references is imported whole", async () => {
    const definition = petstore();
    definition.components = { schemas: { Node: { type: "object", properties: { next: { $ref: "#/components/schemas/Node" } } } } };
    definition.paths["/pets"].get.responses[200].content = { "application/json": { schema: { $ref: "#/components/schemas/Node" } } };
    const { body } = await admin.expect(201, "POST", `${PUBLISHER}/apis/import-openapi`, upload(definition, good()));
    assert.equal(body.operations.length, 3);
    const loop = petstore();
    loop.components = { schemas: { A: { $ref: "#/components/schemas/B" }, B: { $ref: "#/components/schemas/A" } } };
    const answer = await admin.send("POST", `${PUBLISHER}/apis/import-openapi`, upload(loop, good()));
    assert.ok([201, 400].includes(answer.status), answer.text);
  });

  it("with a hundred thousand paths is answered, not choked on", async () => {
    const lines = ['openapi: "3.0.3"', 'info: {title: Big, version: "1"}', "paths:"];
    for (let i = 0; i < 100_000; i += 1) lines.push(`  /p${i}: {get: {responses: {200: {description: a}}}}`);
    const answer = await admin.send("POST", `${PUBLISHER}/apis/import-openapi`, upload(lines.join("\n"), good()));
    assert.ok([201, 400, 413].includes(answer.status), `${answer.status}: ${answer.text.slice(0, 300)}`);
  });

  it("with thousands of paths is imported, frozen, deployed and read back", async () => {
    const definition = petstore();
    for (let i = 0; i < 5_000; i += 1) {
      definition.paths[`/collection${i}/{id}`] = { get: { description: "x".repeat(200), responses: { 200: { description: "é".repeat(50) } } } };
    }
    const { body: api } = await admin.expect(201, "POST", `${PUBLISHER}/apis/import-openapi`, upload(definition, good()));
    assert.equal(api.operations.length, 5_003);
    const at = `${PUBLISHER}/apis/${api.id}`;
    const { body: revision } = await admin.expect(201, "POST", `${at}/revisions`, {});
    await admin.expect(201, "POST", `${at}/deploy-revision?revisionId=${revision.id}`, [{ name: "Default", vhost: "localhost" }]);
    const { body: back } = await admin.expect(200, "GET", `${at}/swagger`);
    assert.equal(Object.keys(back.paths).length, 5_002);
  });

  it("behind an address that misbehaves is refused", async () => {
    const server = await serve((request, response) => {
      if (request.url === "/loop") return response.writeHead(302, { location: "/loop" }).end();
      if (request.url === "/file") return response.writeHead(302, { location: "file:///etc/passwd" }).end();
      if (request.url === "/gone") return response.writeHead(404).end();
      if (request.url === "/big") return void response.end("x".repeat(11 * 1024 * 1024));
      return undefined; // never answers
    });
    try {
      for (const path of ["/loop", "/file", "/gone", "/big", "/slow"]) {
        const { body, text } = await refused(upload(server.url + path, good(), "url"));
        assert.equal(body.code, 900756, path);
        assert.doesNotMatch(text, /root:|xxxx/);
      }
      for (const url of ["file:///etc/passwd", "data:text/plain,x", "http://a:b@127.0.0.1/", "nonsense"]) {
        assert.equal((await refused(upload(url, good(), "url"))).body.code, 900756, url);
      }
    } finally {
      server.close();
    }
  });
});

describe("a name", () => {
  it("that is taken is refused", async () => {
    const api = await makeApi(admin);
    const again = { name: api.name, context: api.context, version: "1.0.0" };
    const create = async (change, code) => {
      const { body } = await admin.expect(409, "POST", `${PUBLISHER}/apis`, { ...again, ...change });
      assert.equal(body.code, code, JSON.stringify(change));
    };
    await create({}, 900252);
    await create({ context: `${api.context}x` }, 900252);
    await create({ context: `${api.context}x`, version: "2" }, 900250);
    await create({ name: `${api.name}x` }, 900251);
    await create({ name: `${api.name}x`, context: api.context.toUpperCase() }, 900251);
    await admin.expect(409, "POST", `${PUBLISHER}/apis/import-openapi`, upload(petstore(), again));
    await admin.expect(201, "POST", `${PUBLISHER}/apis`, { ...again, version: "2.0.0" });
  });

  it("wanted by fifty at once goes to one", async () => {
    const body = good();
    const answers = await Promise.all(Array.from({ length: 50 }, () => admin.send("POST", `${PUBLISHER}/apis`, body)));
    const counts = Object.groupBy(answers, ({ status }) => status);
    assert.deepEqual([counts[201]?.length, counts[409]?.length], [1, 49], answers.map(({ text }) => text.slice(0, 80)).join("\n"));
    const { body: list } = await admin.expect(200, "GET", `${PUBLISHER}/apis?query=name:${body.name}`);
    assert.equal(list.pagination.total, 1);
  });

  it("of one context wanted under many names goes to one", async () => {
    const { context } = good();
    const bodies = Array.from({ length: 20 }, () => ({ ...good(), context, version: fresh("v") }));
    const answers = await Promise.all(bodies.map((body) => admin.send("POST", `${PUBLISHER}/apis`, body)));
    assert.equal(answers.filter(({ status }) => status === 201).length, 1);
    assert.ok(answers.every(({ status }) => status === 201 || status === 409));
  });

  it("of an application wanted by many requests at once goes to one", async () => {
    const body = { name: fresh("App"), throttlingPolicy: "Unlimited" };
    const answers = await Promise.all(Array.from({ length: 20 }, () => bob.send("POST", `${DEVPORTAL}/applications`, body)));
    assert.equal(answers.filter(({ status }) => status === 201).length, 1);
    assert.ok(answers.every(({ status }) => status === 201 || status === 409));
  });

  it("changed by many at once with one tag changes once", async () => {
    const api = await makeApi(admin);
    const at = `${PUBLISHER}/apis/${api.id}`;
    const tag = (await admin.expect(200, "GET", at)).headers.get("etag");
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => admin.send("PUT", at, { ...api, description: `${i}` }, { "if-match": tag })),
    );
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    assert.ok(answers.every(({ status }) => [200, 409, 412].includes(status)));
  });
});

describe("a caller", () => {
  it("that nobody knows, or without the scope, is refused", async () => {
    for (const path of [`${PUBLISHER}/apis`, `${DEVPORTAL}/applications`, `${ADMIN}/settings`, "/api/am/analytics/v1/usage"]) {
      await nobody.expect(401, "GET", path);
      await nobody.expect(401, "GET", path, undefined, { authorization: "Bearer nonsense" });
    }
    for (const [method, path, body] of [
      ["GET", `${PUBLISHER}/apis`],
      ["POST", `${PUBLISHER}/apis`, good()],
      ["GET", `${ADMIN}/users`],
      ["POST", `${ADMIN}/throttling/policies/application`, {}],
    ]) {
      const { body: refusal } = await bob.expect(403, method, path, body);
      assert.equal(refusal.code, 900915, path);
    }
  });

  it("that takes no JSON is refused", async () => {
    await admin.expect(406, "GET", `${PUBLISHER}/apis`, undefined, { accept: "application/xml" });
    await admin.expect(406, "GET", `${PUBLISHER}/apis`, undefined, { accept: "application/json;q=0" });
    for (const accept of ["application/json", "*/*", "text/html, application/*;q=0.5", "application/problem+json"]) {
      await admin.expect(200, "GET", `${PUBLISHER}/apis?limit=1`, undefined, { accept });
    }
  });

  it("that asks for what there is not is told so", async () => {
    const id = "00000000-0000-4000-8000-000000000000";
    for (const path of [
      `${PUBLISHER}/apis/${id}`,
      `${PUBLISHER}/apis/${id}/swagger`,
      `${PUBLISHER}/apis/${id}/revisions`,
      `${PUBLISHER}/apis/${id}/lifecycle-state`,
      `${PUBLISHER}/apis/'%20OR%201=1--`,
      `${PUBLISHER}/nothing`,
      `${DEVPORTAL}/apis/${id}`,
      `${DEVPORTAL}/applications/${id}`,
      `${DEVPORTAL}/applications/${id}/oauth-keys`,
      `${DEVPORTAL}/subscriptions/${id}`,
      `${ADMIN}/throttling/policies/application/${id}`,
      `${ADMIN}/users/${id}`,
    ]) {
      await admin.expect(404, "GET", path);
    }
    const { headers } = await admin.expect(405, "PATCH", `${PUBLISHER}/apis/${id}`, {});
    assert.equal(headers.get("allow"), "GET, PUT, DELETE");
  });

  it("with odd parameters is refused by name", async () => {
    for (const [method, path, place] of [
      ["GET", `${PUBLISHER}/apis?limit=many`, "limit"],
      ["GET", `${PUBLISHER}/apis?offset=-1`, "offset"],
      ["GET", `${PUBLISHER}/throttling-policies/lunch`, "policyLevel"],
      ["POST", `${PUBLISHER}/apis/change-lifecycle?action=Publish`, "apiId"],
      ["POST", `${PUBLISHER}/apis/validate`, "query"],
      ["GET", `${DEVPORTAL}/applications?sortBy=colour`, "sortBy"],
      ["GET", "/api/am/analytics/v1/usage?from=yesterday", "from"],
      ["GET", "/api/am/analytics/v1/usage?groupBy=colour", "groupBy"],
    ]) {
      const { body } = await admin.expect(400, method, path);
      assert.equal(body.error[0].description, place, path);
    }
  });

  it("sees lists in pages that fit together", async () => {
    const tag = fresh("page");
    for (let i = 0; i < 5; i += 1) await makeApi(admin, { tags: [tag] });
    const seen = [];
    let next = `${PUBLISHER}/apis?limit=2&query=tag:${tag}`;
    while (next) {
      const { body } = await admin.expect(200, "GET", next);
      assert.equal(body.pagination.total, 5);
      seen.push(...body.list.map(({ id }) => id));
      next = body.pagination.next;
    }
    assert.equal(new Set(seen).size, 5);
  });
});

describe("a policy", () => {
  it("that makes no sense is refused by name", async () => {
    const limit = (change) => ({ type: "REQUESTCOUNTLIMIT", requestCount: { timeUnit: "min", unitTime: 1, requestCount: 5, ...change } });
    for (const [change, place] of [
      [{ policyName: "a b" }, "policyName"],
      [{ defaultLimit: undefined }, "defaultLimit"],
      [{ defaultLimit: { type: "SOME" } }, "defaultLimit.type"],
      [{ defaultLimit: limit({ requestCount: -1 }) }, "defaultLimit.requestCount.requestCount"],
      [{ defaultLimit: limit({ requestCount: 1.5 }) }, "defaultLimit.requestCount.requestCount"],
      [{ defaultLimit: limit({ timeUnit: "blink" }) }, "defaultLimit.requestCount.timeUnit"],
      [{ defaultLimit: limit({ unitTime: 0 }) }, "defaultLimit.requestCount.unitTime"],
      [{ burstLimit: { rateLimitCount: 5, rateLimitTimeUnit: "year" } }, "burstLimit.rateLimitTimeUnit"],
      [{ colour: 1 }, "colour"],
    ]) {
      const body = { policyName: fresh("P"), defaultLimit: limit({}), ...change };
      const answer = await admin.expect(400, "POST", `${ADMIN}/throttling/policies/application`, body);
      assert.equal(answer.body.error[0].description, place, JSON.stringify(change));
    }
  });
});
