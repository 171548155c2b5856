// Operation policies on the real runtime: each kind, in order, of an API, of an operation, of one's own and of everybody.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { ORIGIN, PUBLISHER, administrator, change, deploy, fresh, makeApi } from "./manage.mjs";
import { within } from "./platform.mjs";
import { serve } from "./serve.mjs";

let admin, upstream, elsewhere;
const made = [];

before(async () => {
  ({ admin } = await administrator());
  upstream = await echo("first");
  elsewhere = await echo("other");
});

after(async () => {
  for (const id of made) await admin.send("DELETE", `${PUBLISHER}/apis/${id}`);
  await upstream?.close();
  await elsewhere?.close();
});

/** An upstream that says what it got, or, on some paths, what it is known for. */
async function echo(name) {
  return serve(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    const { pathname } = new URL(request.url, "http://up");
    const [status, kind, text] = SAYS[pathname] ?? [
      200,
      "application/json",
      JSON.stringify({ name, method: request.method, url: request.url, headers: request.headers, body }),
    ];
    response.writeHead(status, { "content-type": kind, "x-told": "upstream", "x-gone": "1" });
    response.end(text);
  });
}

const SAYS = {
  "/card": [200, "application/json", '{"card":"4111","id":1}'],
  "/broken": [200, "application/json", '{"card":"41'],
  "/xml": [200, "application/xml", "<pets><pet id='1'>Rex</pet><pet id='2'/></pets>"],
  "/down": [500, "text/plain", "down"],
  "/yes": [204, "text/plain", ""],
  "/no": [401, "text/plain", "no"],
};

const policy = (policyName, parameters = {}, more = {}) => ({ policyName, policyVersion: "v1", parameters, ...more });
const set = (headerName, headerValue, more) => policy("setHeader", { headerName, headerValue }, more);
const add = (headerName, headerValue) => policy("addHeader", { headerName, headerValue });

/** An API before the first upstream; how to call it. `operation`: policies of its only operation. */
async function published({ api = {}, operation = {}, auth = "None", ...more } = {}) {
  const endpoint = { url: upstream.url };
  const verbs = ["GET", "POST"];
  const body = await makeApi(admin, {
    endpointConfig: { endpoint_type: "http", production_endpoints: endpoint, sandbox_endpoints: endpoint },
    operations: verbs.map((verb) => ({ target: "/*", verb, authType: auth, throttlingPolicy: "Unlimited", operationPolicies: operation })),
    apiPolicies: api,
    ...more,
  });
  made.push(body.id);
  await deploy(admin, body);
  await change(admin, body, "Publish");
  const base = `${ORIGIN}${body.context}/1.0.0`;
  const call = (path, init) => fetch(base + path, { redirect: "manual", ...init });
  await within(5_000, "the gateway knows the API", async () => {
    const answer = await call("/known", { method: "HEAD" });
    await answer.body?.cancel();
    return answer.status !== 404;
  });
  return { id: body.id, call, said: async (path, init) => (await call(path, init)).json() };
}

const posted = (body, kind = "application/json") => ({ method: "POST", body, headers: { "content-type": kind } });

describe("steps", () => {
  test("headers of an API stand around those of an operation, and nobody waits for them", async () => {
    const { call } = await published({
      api: { request: [add("x-way", "api"), set("x-tier", "api")], response: [add("x-back", "api")] },
      operation: {
        request: [add("x-way", "operation"), set("x-tier", "operation"), policy("removeHeader", { headerName: "x-secret" })],
        response: [add("x-back", "operation"), set("x-told", "policy"), policy("removeHeader", { headerName: "x-gone" })],
      },
    });
    const answer = await call("/a?b=1", { headers: { "x-way": "client", "x-secret": "s" } });
    const got = await answer.json();
    assert.equal(got.headers["x-way"], "client, api, operation");
    assert.deepEqual([got.headers["x-tier"], got.headers["x-secret"], got.url], ["operation", undefined, "/a?b=1"]);
    const { headers } = answer;
    assert.deepEqual([headers.get("x-back"), headers.get("x-told"), headers.get("x-gone")], ["operation, api", "policy", null]);
  });

  test("the same holds for a call that is attended", async () => {
    const { call } = await published({
      api: { request: [add("x-way", "api")], response: [add("x-back", "api")] },
      operation: {
        request: [policy("addQueryParam", { paramKey: "c", paramValue: "2 3" }), add("x-way", "operation")],
        response: [add("x-back", "operation")],
      },
    });
    const answer = await call("/a?b=1", { headers: { "x-way": "client" } });
    const got = await answer.json();
    assert.deepEqual([got.headers["x-way"], got.url], ["client, api, operation", "/a?b=1&c=2%203"]);
    assert.equal(answer.headers.get("x-back"), "operation, api");
  });

  test("path, query and method", async () => {
    const { said } = await published({
      operation: {
        request: [
          policy("removeQueryParam", { paramKey: "b" }),
          policy("rewriteResourcePath", { newResourcePath: "/v2/x" }),
          policy("changeHTTPMethod", { updatedMethod: "PUT" }),
        ],
      },
    });
    const { method, url } = await said("/a?b=1&c=2", posted("{}"));
    assert.deepEqual([method, url], ["PUT", "/v2/x?c=2"]);
  });

  test("conditions choose, header by header", async () => {
    const { said } = await published({
      operation: { request: [set("x-a", "1", { condition: "request.headers['x-who'] == 'ann'" }), set("x-b", "1", { condition: "request.query['q'] == '1'" })] },
    });
    const { headers } = await said("/a?q=1", { headers: { "x-who": "bob" } });
    assert.deepEqual([headers["x-a"], headers["x-b"]], [undefined, "1"]);
    assert.equal((await said("/a", { headers: { "x-who": "ann" } })).headers["x-a"], "1");
  });

  test("addresses, early answers and redirects", async () => {
    const kept = await published({ operation: { request: [policy("ipFilter", { mode: "allow", addresses: "192.0.2.0/24" })] } });
    const refused = await kept.call("/a");
    assert.deepEqual([refused.status, (await refused.json()).code], [403, "403"]);
    const early = await published({
      operation: { request: [policy("respond", { statusCode: 202, contentType: "text/plain", body: "one\ntwo" })], response: [set("x-late", "1")] },
    });
    const answer = await early.call("/a");
    assert.deepEqual([answer.status, await answer.text(), answer.headers.get("x-late")], [202, "one\ntwo", "1"]);
    const away = await published({ operation: { request: [policy("redirect", { statusCode: 307, location: "https://new.example/" })] } });
    const sent = await away.call("/a");
    assert.deepEqual([sent.status, sent.headers.get("location")], [307, "https://new.example/"]);
  });

  test("masked fields are not shown, and what cannot be masked is not passed on", async () => {
    const { call, said } = await published({ operation: { response: [policy("maskFields", { fields: "/card" })] } });
    assert.deepEqual(await said("/card"), { card: "****", id: 1 });
    const broken = await call("/broken");
    assert.deepEqual([broken.status, (await broken.json()).code], [502, "101505"]);
  });
});

describe("bodies that are made anew", () => {
  test("from a template, both ways", async () => {
    const template = '{"who": {{ body.user }}, "at": {{ message.path }}}';
    const { said, call } = await published({
      operation: {
        request: [policy("setBody", { template })],
        response: [policy("setBody", { template: "{{ message.status }}: {{ body.body }}", contentType: "text/plain" })],
      },
    });
    const answer = await call("/t", posted('{"user": "a\\"b"}'));
    assert.equal(await answer.text(), '200: {"who": "a\\"b", "at": "/t"}');
    assert.match(answer.headers.get("content-type"), /^text\/plain/);
    const broken = await published({ operation: { request: [policy("setBody", { template: "{{ body.a.b.c }}" })] } });
    const fault = await broken.call("/t", posted("{}"));
    assert.equal(fault.status, 400, await fault.text());
    assert.ok(said);
  });

  test("JSON as XML and XML as JSON", async () => {
    const { said } = await published({ operation: { request: [policy("jsonToXML", { root: "order" })], response: [] } });
    const got = await said("/t", posted('{"item": [1, "a<b"]}'));
    assert.equal(got.body.split("\n")[1], "<order><item>1</item><item>a&lt;b</item></order>");
    assert.match(got.headers["content-type"], /xml/);
    assert.equal(Number(got.headers["content-length"]), Buffer.byteLength(got.body));
    const back = await published({ operation: { response: [policy("xmlToJSON")] } });
    assert.deepEqual(await back.said("/xml"), { pets: { pet: [{ "@id": "1", "#text": "Rex" }, { "@id": "2" }] } });
    const bomb = await published({ operation: { request: [policy("xmlToJSON")] } });
    const refused = await bomb.call("/t", posted("<!DOCTYPE a [<!ENTITY e 'e'>]><a>&e;</a>", "text/xml"));
    assert.equal(refused.status, 400);
  });
});

describe("other services", () => {
  test("are asked, and what they say counts", async () => {
    const out = (path, more) => policy("callOut", { url: `${elsewhere.url}${path}`, sendHeaders: "x-ask", takeHeaders: "x-told", ...more });
    const good = await published({ operation: { request: [out("/yes")] } });
    assert.equal((await good.said("/a", { headers: { "x-ask": "1" } })).headers["x-told"], "upstream");
    const bad = await published({ operation: { request: [out("/no")] } });
    assert.equal((await bad.call("/a")).status, 403);
    const none = await published({ operation: { request: [policy("callOut", { url: "http://127.0.0.1:9/" })] } });
    assert.equal((await none.call("/a")).status, 503);
    const lenient = await published({ operation: { request: [policy("callOut", { url: "http://127.0.0.1:9/", onFailure: "continue" })] } });
    assert.equal((await lenient.call("/a")).status, 200);
  });

  test("take calls, if they are among those that the API allows", async () => {
    const step = policy("setDynamicEndpoint", { headerName: "x-to" });
    const { said, call } = await published({
      operation: { request: [step] },
      endpointConfig: {
        endpoint_type: "http",
        production_endpoints: { url: upstream.url },
        dynamic_endpoints: [`${elsewhere.url}/v1`],
      },
    });
    assert.equal((await said("/a")).name, "first");
    const led = await said("/a?b=1", { headers: { "x-to": `${elsewhere.url}/v1/sub` } });
    assert.deepEqual([led.name, led.url, led.headers["x-to"]], ["other", "/v1/sub/a?b=1", undefined]);
    for (const to of [`${elsewhere.url}/v2`, "http://169.254.169.254/", `${elsewhere.url}/v1/../v2`]) {
      const astray = await call("/a", { headers: { "x-to": to } });
      assert.equal(astray.status, 400, to);
    }
    const led2 = await published({
      operation: { request: [policy("setDynamicEndpoint", { url: `${elsewhere.url}/v1` })] },
      endpointConfig: { endpoint_type: "default", dynamic_endpoints: [`${elsewhere.url}/v1`] },
    });
    assert.equal((await led2.said("/a")).name, "other");
  });
});

describe("faults", () => {
  const told = policy("customFault", { body: '{"c":"{code}","d":"{description}"}', codes: "900902,101503" });

  test("are told in the owner's words, before a call is admitted and after", async () => {
    const guarded = await published({ auth: "Application & Application User", operation: { fault: [told, set("x-fault", "1")] } });
    const refused = await guarded.call("/a");
    const body = await refused.json();
    assert.deepEqual([refused.status, body.c, refused.headers.get("x-fault")], [401, "900902", "1"]);
    assert.ok(refused.headers.get("www-authenticate"));
    const down = await published({
      operation: { fault: [told, set("x-fault", "1")] },
      endpointConfig: { endpoint_type: "http", production_endpoints: { url: "http://127.0.0.1:9" } },
    });
    const failed = await down.call("/a");
    assert.deepEqual([failed.status, (await failed.json()).c, failed.headers.get("x-fault")], [502, "101503", "1"]);
  });

  test("leave what an upstream answers alone", async () => {
    const { call } = await published({ operation: { fault: [set("x-fault", "1")], response: [set("x-back", "1")] } });
    for (const path of ["/down", "/a"]) {
      const answer = await call(path);
      assert.deepEqual([answer.headers.get("x-fault"), answer.headers.get("x-back")], [null, "1"], path);
      await answer.text();
    }
  });

  test("keep the lines of their bodies", async () => {
    const { call } = await published({
      auth: "Application & Application User",
      operation: { fault: [policy("respond", { statusCode: 401, contentType: "text/plain", body: "one\ntwo\n" })] },
    });
    assert.equal(await (await call("/a")).text(), "one\ntwo\n");
  });
});

/** A form with a specification. */
function file(specification, part = "policySpecFile") {
  const form = new FormData();
  const text = typeof specification === "string" ? specification : JSON.stringify(specification);
  form.set(part, new Blob([text]), "policy.yaml");
  return form;
}

const tenantHeader = (name) => `name: ${name}
displayName: Tenant header
applicableFlows: [request]
policyAttributes:
  - {name: tenant, required: true, validationRegex: "[a-z]+"}
  - {name: level, type: Enum, allowedValues: [low, high], defaultValue: low}
steps:
  - policyName: setHeader
    parameters: {headerName: x-tenant, headerValue: "\${tenant}/\${level}"}
  - policyName: removeHeader
    parameters: {headerName: x-old}
    condition: "request.query['drop'] == '1'"
`;

describe("policies of one's own", () => {
  const COMMON = `${PUBLISHER}/operation-policies`;

  test("are listed beside the catalogue, read back and deleted", async () => {
    const name = fresh("own");
    const { body: one, headers } = await admin.expect(201, "POST", COMMON, file(tenantHeader(name)));
    assert.deepEqual([one.name, one.version, one.isAPISpecific, one.policyAttributes.length], [name, "v1", false, 2]);
    assert.equal(headers.get("location"), `${COMMON}/${one.id}`);
    const { list } = (await admin.expect(200, "GET", `${COMMON}?limit=100`)).body;
    assert.ok(list.some((it) => it.id === one.id) && list.some((it) => it.name === "setHeader") && list.some((it) => it.name === "JSONThreatProtector"));
    assert.deepEqual((await admin.expect(200, "GET", `${COMMON}?query=name:${name}`)).body.count, 1);
    assert.equal((await admin.expect(200, "GET", `${COMMON}/${one.id}`)).body.name, name);
    assert.equal((await admin.expect(200, "GET", `${COMMON}/setHeader`)).body.policyAttributes.length, 2);
    assert.match((await admin.expect(200, "GET", `${COMMON}/${one.id}/content`)).text, /^PK/);
    await admin.expect(409, "POST", COMMON, file(tenantHeader(name)));
    await admin.expect(403, "DELETE", `${COMMON}/setHeader`);
    await admin.expect(200, "DELETE", `${COMMON}/${one.id}`);
    await admin.expect(404, "GET", `${COMMON}/${one.id}`);
  });

  test("do what they say with what they are given", async () => {
    const name = fresh("own");
    await admin.expect(201, "POST", COMMON, file(tenantHeader(name)));
    const { said } = await published({ operation: { request: [policy(name, { tenant: "acme" })] } });
    const got = await said("/a?drop=1", { headers: { "x-old": "1" } });
    assert.deepEqual([got.headers["x-tenant"], got.headers["x-old"]], ["acme/low", undefined]);
    assert.equal((await said("/a", { headers: { "x-old": "1" } })).headers["x-old"], "1");
    const faults = await refusedDeploy({ request: [policy(name, { tenant: "ACME", odd: "1" })], response: [policy(name, { tenant: "a" })] });
    assert.match(faults, /parameters\.tenant/);
    assert.match(faults, /no attribute `odd`/);
    assert.match(faults, /cannot stand in this flow/);
  });

  test("of one API are that API's only, and take a common one's place", async () => {
    const name = fresh("own");
    await admin.expect(201, "POST", COMMON, file(tenantHeader(name)));
    const { id } = await published();
    const own = `${PUBLISHER}/apis/${id}/operation-policies`;
    const spec = { name, applicableFlows: ["request"], steps: [{ policyName: "setHeader", parameters: { headerName: "x-tenant", headerValue: "mine" } }] };
    const { body: one } = await admin.expect(201, "POST", own, file(spec));
    assert.equal(one.isAPISpecific, true);
    assert.deepEqual((await admin.expect(200, "GET", own)).body.list.map((it) => it.id), [one.id]);
    await admin.expect(404, "GET", `${COMMON}/${one.id}`);
    const other = await published();
    await admin.expect(404, "GET", `${PUBLISHER}/apis/${other.id}/operation-policies/${one.id}`);
    await admin.expect(404, "DELETE", `${PUBLISHER}/apis/${other.id}/operation-policies/${one.id}`);
    assert.match((await admin.expect(200, "GET", `${own}/${one.id}/content`)).text, /^PK/);
    await admin.expect(200, "DELETE", `${own}/${one.id}`);
  });

  test("are not deleted while somebody's next deploy would miss them", async () => {
    const name = fresh("own");
    const { body: one } = await admin.expect(201, "POST", COMMON, file(tenantHeader(name)));
    const use = { request: [policy(name, { tenant: "acme" })] };
    const running = await published({ operation: use });
    const drafted = await makeApi(admin, { apiPolicies: use });
    made.push(drafted.id);
    const own = `${PUBLISHER}/apis/${drafted.id}/operation-policies`;
    const { body: mapping } = await admin.expect(201, "POST", `${PUBLISHER}/gateway-policies`, { displayName: name, policyMapping: use });
    const users = async () => {
      const { body } = await admin.expect(409, "DELETE", `${COMMON}/${one.id}`);
      return body.error.map(({ description, message }) => `${description}: ${message}`).sort();
    };
    const named = await users();
    assert.equal(named.length, 4, "a working copy, another and what it runs, a gateway policy");
    assert.ok(named.some((it) => it.includes(drafted.name)) && named.some((it) => it.includes("`Default`")), `${named}`);

    const at = `${PUBLISHER}/gateway-policies/${mapping.id}`;
    const etag = (await admin.expect(200, "GET", at)).headers.get("etag");
    await admin.expect(200, "DELETE", at, undefined, { "if-match": etag });
    const full = (await admin.expect(200, "GET", `${PUBLISHER}/apis/${running.id}`)).body;
    const operations = full.operations.map((it) => ({ ...it, operationPolicies: {} }));
    await admin.expect(200, "PUT", `${PUBLISHER}/apis/${running.id}`, { ...full, operations });
    assert.equal((await users()).length, 2, "what runs still has it");
    await deploy(admin, running);

    const { body: mine } = await admin.expect(201, "POST", own, file(tenantHeader(name)));
    await admin.expect(200, "DELETE", `${COMMON}/${one.id}`);
    assert.match((await admin.expect(409, "DELETE", `${own}/${mine.id}`)).text, /working copy/);
    const draft = (await admin.expect(200, "GET", `${PUBLISHER}/apis/${drafted.id}`)).body;
    await admin.expect(200, "PUT", `${PUBLISHER}/apis/${drafted.id}`, { ...draft, apiPolicies: {} });
    await admin.expect(200, "DELETE", `${own}/${mine.id}`);
  });

  test("that are wrong are refused with every place", async () => {
    const wrong = { name: "setHeader", applicableFlows: ["sideways"], steps: [{ policyName: "none" }], odd: 1 };
    const { body } = await admin.expect(400, "POST", COMMON, file(wrong));
    const places = JSON.stringify(body.error);
    for (const place of ["name", "applicableFlows", "steps[0].policyName", "odd"]) assert.ok(places.includes(place), `${place} in ${places}`);
    await admin.expect(400, "POST", COMMON, file("a: [", "policySpecFile"));
    await admin.expect(400, "POST", COMMON, file("<sequence/>", "synapsePolicyDefinitionFile"));
    await admin.expect(400, "POST", COMMON, new FormData());
    await admin.expect(415, "POST", COMMON, wrong);
  });
});

/** All that is wrong with an API of these policies, when it is to be deployed. */
async function refusedDeploy(operationPolicies) {
  const operations = [{ target: "/*", verb: "GET", authType: "None", throttlingPolicy: "Unlimited", operationPolicies }];
  const api = await makeApi(admin, { operations });
  made.push(api.id);
  const at = `${PUBLISHER}/apis/${api.id}`;
  const revision = (await admin.expect(201, "POST", `${at}/revisions`, {})).body;
  const places = [{ name: "Default", vhost: "localhost", displayOnDevportal: true }];
  return (await admin.expect(400, "POST", `${at}/deploy-revision?revisionId=${revision.id}`, places)).text;
}

describe("policies of everybody", () => {
  const ALL = `${PUBLISHER}/gateway-policies`;

  test("stand around those of every API, while they are deployed", async () => {
    const { call } = await published({ operation: { request: [add("x-way", "operation")], response: [add("x-back", "operation")] } });
    const name = fresh("all");
    // Only this journey's calls say so: others share the environment.
    const condition = `request.headers['x-journey'] == '${name}'`;
    const mapping = (value) => ({
      displayName: name,
      policyMapping: {
        request: [policy("addHeader", { headerName: "x-way", headerValue: value }, { condition })],
        response: [policy("addHeader", { headerName: "x-back", headerValue: value }, { condition })],
      },
    });
    const { body: one } = await admin.expect(201, "POST", ALL, mapping("all"));
    await admin.expect(409, "POST", ALL, mapping("all"));
    const at = `${ALL}/${one.id}`;
    const engage = (gatewayDeployment) => admin.expect(200, "POST", `${at}/deploy`, [{ gatewayLabel: "Default", gatewayDeployment }]);
    const way = async () => {
      const answer = await call("/a", { headers: { "x-journey": name } });
      return `${(await answer.json()).headers["x-way"]} | ${answer.headers.get("x-back")}`;
    };
    await engage(true);
    await within(8_000, "calls follow", async () => (await way()) === "all, operation | operation, all");
    const shown = await admin.expect(200, "GET", at);
    assert.deepEqual(shown.body.appliedGatewayLabels, ["Default"]);
    assert.ok((await admin.expect(200, "GET", `${ALL}?query=gatewayLabel:Default`)).body.list.some((it) => it.id === one.id));
    await admin.expect(409, "DELETE", at, undefined, { "if-match": shown.headers.get("etag") });
    await admin.expect(200, "PUT", at, mapping("new"), { "if-match": shown.headers.get("etag") });
    await within(8_000, "calls follow a change", async () => (await way()) === "new, operation | operation, new");
    await engage(false);
    await within(8_000, "calls follow the end", async () => (await way()) === "operation | operation");
    const last = await admin.expect(200, "GET", at);
    await admin.expect(200, "DELETE", at, undefined, { "if-match": last.headers.get("etag") });
  });

  test("that are wrong are refused", async () => {
    for (const policyMapping of [{ sideways: [] }, { request: [policy("none")] }, { request: [policy("JSONThreatProtector")] }, { request: [policy("setDynamicEndpoint", { url: "https://a.example" })] }]) {
      await admin.expect(400, "POST", ALL, { displayName: fresh("all"), policyMapping });
    }
    await admin.expect(400, "POST", ALL, { displayName: "", policyMapping: {} });
    const { body: one } = await admin.expect(201, "POST", ALL, { displayName: fresh("all"), policyMapping: {} });
    await admin.expect(400, "POST", `${ALL}/${one.id}/deploy`, [{ gatewayLabel: "Nowhere", gatewayDeployment: true }]);
    await admin.expect(400, "POST", `${ALL}/${one.id}/deploy`, []);
    await admin.expect(404, "POST", `${ALL}/none/deploy`, [{ gatewayLabel: "Default", gatewayDeployment: true }]);
  });
});
