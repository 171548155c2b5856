// The management APIs, walked as WSO2's clients walk them: publish, find, get access, govern.

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import {
  ADMIN,
  DEVPORTAL,
  PUBLISHER,
  administrator,
  change,
  deploy,
  fresh,
  makeApi,
  nobody,
  petstore,
  publishApi,
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

describe("a publisher", () => {
  it("sees what a definition holds before importing it", async () => {
    const { body } = await admin.expect(200, "POST", `${PUBLISHER}/apis/validate-openapi?returnContent=true`, upload(petstore()));
    assert.equal(body.isValid, true);
    assert.deepEqual(
      body.info.operations.map(({ verb, target }) => `${verb} ${target}`),
      ["GET /pets", "POST /pets", "GET /pets/{petId}"],
    );
    assert.equal(JSON.parse(body.content).openapi, "3.0.3");
    const bad = await admin.expect(200, "POST", `${PUBLISHER}/apis/validate-openapi`, upload({ openapi: "3.0.3" }));
    assert.equal(bad.body.isValid, false);
    assert.ok(bad.body.errors.length > 0);
  });

  it("imports JSON and YAML of each version, by file, inline and address", async () => {
    const swagger2 = { swagger: "2.0", info: { title: "Two", version: "2" }, host: "two.example.org", schemes: ["https"], basePath: "/v2", paths: { "/a": { get: { responses: { 200: { description: "a" } } } } } };
    const yaml = 'openapi: 3.1.0\ninfo: {title: Three, version: "3.1"}\nservers: [{url: https://three.example.org}]\npaths:\n  /b/{id}:\n    get:\n      parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n      responses: {"200": {description: b}}\n';
    const server = await serve((_, response) => response.end(yaml));
    const url = `${server.url}/api.yaml`;
    try {
      for (const [definition, part, expected] of [
        [petstore(), "file", 3],
        [swagger2, "file", 1],
        [yaml, "file", 1],
        [yaml, "inlineAPIDefinition", 1],
        [url, "url", 1],
      ]) {
        const name = fresh("Import");
        const properties = { name, context: `/${name.toLowerCase()}`, version: "1.0.0" };
        const { body, headers } = await admin.expect(201, "POST", `${PUBLISHER}/apis/import-openapi`, upload(definition, properties, part));
        assert.equal(body.operations.length, expected, part);
        assert.equal(headers.get("location"), `${PUBLISHER}/apis/${body.id}`);
        assert.ok(headers.get("etag"));
        assert.ok(body.endpointConfig.production_endpoints.url.startsWith("https://"));
      }
    } finally {
      server.close();
    }
  });

  it("creates, finds, reads, changes and deletes an API", async () => {
    const api = await makeApi(admin, { tags: ["food", "fast"], description: "Pizza" });
    const at = `${PUBLISHER}/apis/${api.id}`;
    for (const query of [`name:${api.name}`, api.name, `name:"${api.name}" version:1.0.0`, `context:${api.context}`]) {
      const { body } = await admin.expect(200, "GET", `${PUBLISHER}/apis?query=${encodeURIComponent(query)}`);
      assert.deepEqual(body.list.map(({ id }) => id), [api.id], query);
    }
    await admin.expect(200, "POST", `${PUBLISHER}/apis/validate?query=name:${api.name}`);
    await admin.expect(404, "POST", `${PUBLISHER}/apis/validate?query=name:${fresh("None")}`);
    const read = await admin.expect(200, "GET", at);
    await admin.expect(304, "GET", at, undefined, { "if-none-match": read.headers.get("etag") });
    const body = { ...read.body, description: "Better", operations: [{ verb: "GET", target: "/menu" }] };
    const changed = await admin.expect(200, "PUT", at, body, { "if-match": read.headers.get("etag") });
    assert.equal(changed.body.description, "Better");
    await admin.expect(412, "PUT", at, body, { "if-match": read.headers.get("etag") });
    const definition = await admin.expect(200, "GET", `${at}/swagger`);
    assert.deepEqual(Object.keys(definition.body.paths), ["/menu"]);
    await admin.expect(200, "DELETE", at);
    await admin.expect(404, "GET", at);
  });

  it("keeps settings of operations when the definition changes", async () => {
    const name = fresh("Keep");
    const form = upload(petstore(), { name, context: `/${name}`, version: "1.0.0" });
    const { body: api } = await admin.expect(201, "POST", `${PUBLISHER}/apis/import-openapi`, form);
    const at = `${PUBLISHER}/apis/${api.id}`;
    const operations = api.operations.map((one) => ({ ...one, throttlingPolicy: "10KPerMin" }));
    await admin.expect(200, "PUT", at, { ...api, operations });
    const next = petstore();
    delete next.paths["/pets"].post;
    next.paths["/owners"] = { get: { responses: { 200: { description: "All" } } } };
    const form2 = new FormData();
    form2.set("apiDefinition", JSON.stringify(next));
    await admin.expect(200, "PUT", `${at}/swagger`, form2);
    const { body } = await admin.expect(200, "GET", at);
    const limits = Object.fromEntries(body.operations.map((one) => [`${one.verb} ${one.target}`, one.throttlingPolicy]));
    assert.equal(limits["GET /pets"], "10KPerMin");
    assert.equal(limits["GET /owners"], "Unlimited");
    assert.equal(limits["POST /pets"], undefined);
  });

  it("freezes, deploys, restores and takes back revisions", async () => {
    const api = await makeApi(admin, { description: "first" });
    const at = `${PUBLISHER}/apis/${api.id}`;
    const revision = await deploy(admin, api);
    assert.equal(revision.displayName, "Revision 1");
    await admin.expect(400, "DELETE", `${at}/revisions/${revision.id}`);
    await admin.expect(200, "PUT", at, { ...api, description: "second" });
    const restored = await admin.expect(201, "POST", `${at}/restore-revision?revisionId=${revision.id}`);
    assert.equal(restored.body.description, "first");
    const deployed = await admin.expect(200, "GET", `${at}/revisions?query=deployed:true`);
    assert.equal(deployed.body.list[0].deploymentInfo[0].name, "Default");
    assert.equal((await admin.expect(200, "GET", `${at}/deployments`)).body.count, 1);
    await admin.expect(201, "POST", `${at}/undeploy-revision?revisionId=${revision.id}`, [{ name: "Default", vhost: "localhost" }]);
    assert.equal((await admin.expect(200, "GET", `${at}/deployments`)).body.count, 0);
    const left = await admin.expect(200, "DELETE", `${at}/revisions/${revision.id}`);
    assert.equal(left.body.count, 0);
  });

  it("deploys only what compiles, and hears every fault", async () => {
    const api = await makeApi(admin, {
      endpointConfig: { endpoint_type: "awslambda" },
      securityScheme: ["oauth_basic_auth_api_key_mandatory"],
    });
    const at = `${PUBLISHER}/apis/${api.id}`;
    const { body: revision } = await admin.expect(201, "POST", `${at}/revisions`, {});
    const refusal = await admin.expect(400, "POST", `${at}/deploy-revision?revisionId=${revision.id}`, [{ name: "Default", vhost: "localhost" }]);
    assert.equal(refusal.body.code, 900361);
    assert.deepEqual(
      refusal.body.error.map(({ description }) => description).sort(),
      ["endpointConfig.endpoint_type", "securityScheme"],
    );
  });

  it("leads an API through its whole life", async () => {
    const api = await makeApi(admin);
    await change(admin, api, "Publish", 400);
    await deploy(admin, api);
    for (const [action, state] of [
      ["Deploy as a Prototype", "Prototyped"],
      ["Publish", "Published"],
      ["Block", "Blocked"],
      ["Re-Publish", "Published"],
      ["Deprecate", "Deprecated"],
      ["Retire", "Retired"],
    ]) {
      const { body } = await change(admin, api, action);
      assert.equal(body.lifecycleState.state, state);
    }
    await change(admin, api, "Publish", 400);
    const at = `${PUBLISHER}/apis/${api.id}`;
    assert.equal((await admin.expect(200, "GET", `${at}/lifecycle-state`)).body.availableTransitions.length, 0);
    const history = (await admin.expect(200, "GET", `${at}/lifecycle-history`)).body;
    assert.equal(history.count, 7);
    assert.equal(history.list[0].postState, "RETIRED");
    assert.equal((await admin.expect(200, "GET", `${at}/deployments`)).body.count, 0);
  });

  it("deprecates older versions when asked to", async () => {
    const old = await publishApi(admin);
    const young = await makeApi(admin, { name: old.name, context: old.context, version: "2.0.0" });
    await deploy(admin, young);
    const item = encodeURIComponent("Deprecate old versions after publishing the API:true");
    await admin.expect(200, "POST", `${PUBLISHER}/apis/change-lifecycle?action=Publish&apiId=${young.id}&lifecycleChecklist=${item}`);
    const { body } = await admin.expect(200, "GET", `${PUBLISHER}/apis/${old.id}`);
    assert.equal(body.lifeCycleStatus, "DEPRECATED");
  });

  it("makes one version the default one", async () => {
    const one = await makeApi(admin, { isDefaultVersion: true });
    const two = await makeApi(admin, { name: one.name, context: one.context, version: "2.0.0", isDefaultVersion: true });
    await deploy(admin, one);
    await deploy(admin, two);
    assert.equal((await admin.expect(200, "GET", `${PUBLISHER}/apis/${one.id}`)).body.isDefaultVersion, false);
    await admin.expect(200, "PUT", `${PUBLISHER}/apis/${one.id}`, { ...one, isDefaultVersion: true });
    assert.equal((await admin.expect(200, "GET", `${PUBLISHER}/apis/${two.id}`)).body.isDefaultVersion, false);
  });

  it("reads policies, settings, key managers and categories", async () => {
    const { body } = await admin.expect(200, "GET", `${PUBLISHER}/throttling-policies/subscription?limit=100`);
    const quotas = Object.fromEntries(body.list.map((one) => [one.name, one.requestCount]));
    assert.deepEqual([quotas.Gold, quotas.Silver, quotas.Bronze], [5000, 2000, 1000]);
    await admin.expect(200, "GET", `${PUBLISHER}/throttling-policies/api/10KPerMin`);
    await admin.expect(404, "GET", `${PUBLISHER}/throttling-policies/api/None`);
    const settings = (await admin.expect(200, "GET", `${PUBLISHER}/settings`)).body;
    assert.equal(settings.environment[0].name, "Default");
    assert.equal((await admin.expect(200, "GET", `${PUBLISHER}/key-managers`)).body.list[0].name, "Resident Key Manager");
    const category = fresh("Category");
    await admin.expect(400, "POST", `${PUBLISHER}/apis`, { name: fresh("Api"), version: "1", context: `/${fresh("c")}`, categories: [category] });
    await admin.expect(201, "POST", `${ADMIN}/api-categories`, { name: category });
    await makeApi(admin, { categories: [category] });
    const categories = (await admin.expect(200, "GET", `${PUBLISHER}/api-categories`)).body.list;
    assert.ok(categories.some(({ name }) => name === category));
  });

  it("gets an internal key, and blocks and unblocks subscriptions", async () => {
    const api = await publishApi(admin);
    const key = (await admin.expect(200, "POST", `${PUBLISHER}/apis/${api.id}/generate-key`)).body;
    assert.ok(key.apikey.length > 20 && key.validityTime > 0);
    const { subscription } = await access(bob, api);
    const at = `${PUBLISHER}/subscriptions`;
    const listed = (await admin.expect(200, "GET", `${at}?apiId=${api.id}`)).body;
    assert.equal(listed.list[0].subscriptionId, subscription.subscriptionId);
    assert.equal(listed.list[0].applicationInfo.subscriber, bob.name);
    for (const [path, status] of [
      [`block-subscription?blockState=PROD_ONLY_BLOCKED`, "PROD_ONLY_BLOCKED"],
      [`block-subscription?blockState=BLOCKED`, "BLOCKED"],
      [`unblock-subscription?`, "UNBLOCKED"],
    ]) {
      await admin.expect(200, "POST", `${at}/${path}&subscriptionId=${subscription.subscriptionId}`);
      const now = (await bob.expect(200, "GET", `${DEVPORTAL}/subscriptions/${subscription.subscriptionId}`)).body;
      assert.equal(now.status, status);
    }
    await admin.expect(409, "DELETE", `${PUBLISHER}/apis/${api.id}`);
  });
});

describe("a consumer", () => {
  it("finds what is published, signed in or not, and nothing else", async () => {
    const tag = fresh("tag");
    const open = await publishApi(admin, { tags: [tag] });
    const hidden = await publishApi(admin, { tags: [tag], visibility: "RESTRICTED", visibleRoles: ["admin"] });
    const draft = await makeApi(admin, { tags: [tag] });
    const found = async (person) => (await person.expect(200, "GET", `${DEVPORTAL}/apis?query=tag:${tag}`)).body.list.map(({ id }) => id).sort();
    assert.deepEqual(await found(nobody), [open.id]);
    assert.deepEqual(await found(bob), [open.id]);
    assert.deepEqual(await found(admin), [open.id, hidden.id].sort());
    await nobody.expect(404, "GET", `${DEVPORTAL}/apis/${hidden.id}`);
    await nobody.expect(404, "GET", `${DEVPORTAL}/apis/${draft.id}`);
    const { body } = await nobody.expect(200, "GET", `${DEVPORTAL}/apis/${open.id}`);
    assert.match(body.endpointURLs[0].URLs.http ?? body.endpointURLs[0].URLs.https, new RegExp(`${open.context}/1.0.0$`));
    const definition = (await nobody.expect(200, "GET", `${DEVPORTAL}/apis/${open.id}/swagger`)).body;
    assert.match(definition.servers[0].url, new RegExp(`${open.context}/1.0.0$`));
    assert.doesNotMatch(JSON.stringify(definition), /upstream\.example\.org/);
    const tags = (await nobody.expect(200, "GET", `${DEVPORTAL}/tags?limit=500`)).body.list;
    assert.equal(tags.find(({ value }) => value === tag).count, 1);
    const plans = (await nobody.expect(200, "GET", `${DEVPORTAL}/apis/${open.id}/subscription-policies`)).body;
    assert.deepEqual(plans.map(({ name }) => name), ["Gold", "Unlimited"]);
    await nobody.expect(200, "GET", `${DEVPORTAL}/throttling-policies/application`);
    await nobody.expect(200, "GET", `${DEVPORTAL}/settings`);
  });

  it("keeps applications to themselves", async () => {
    const name = fresh("App");
    const body = { name, throttlingPolicy: "10PerMin", description: "mine" };
    const made = await bob.expect(201, "POST", `${DEVPORTAL}/applications`, body);
    const at = `${DEVPORTAL}/applications/${made.body.applicationId}`;
    assert.equal(made.headers.get("location"), at);
    await bob.expect(409, "POST", `${DEVPORTAL}/applications`, body);
    await admin.expect(201, "POST", `${DEVPORTAL}/applications`, body);
    for (const [method, sent] of [["GET"], ["PUT", body], ["DELETE"]]) await admin.expect(404, method, at, sent);
    const read = await bob.expect(200, "GET", at);
    const tag = read.headers.get("etag");
    await bob.expect(200, "PUT", at, { ...read.body, description: "still mine" }, { "if-match": tag });
    await bob.expect(412, "PUT", at, { ...read.body, description: "no" }, { "if-match": tag });
    const listed = (await bob.expect(200, "GET", `${DEVPORTAL}/applications?query=${name}&sortBy=name&sortOrder=desc`)).body;
    assert.deepEqual(listed.list.map(({ description }) => description), ["still mine"]);
    await bob.expect(200, "DELETE", at);
    await bob.expect(404, "GET", at);
  });

  it("gets keys, tokens and a new secret, each shown once", async () => {
    const api = await publishApi(admin);
    const { at } = await access(bob, api);
    const wanted = { keyType: "PRODUCTION", grantTypesToBeSupported: ["client_credentials"], validityTime: "3600" };
    const { body: key } = await bob.expect(200, "POST", `${at}/generate-keys`, wanted);
    assert.ok(key.consumerKey && key.consumerSecret.length >= 40);
    await bob.expect(409, "POST", `${at}/generate-keys`, wanted);
    const listed = (await bob.expect(200, "GET", `${at}/oauth-keys`)).body;
    assert.equal(listed.count, 1);
    assert.equal(listed.list[0].consumerSecret, undefined);
    const token = (await bob.expect(200, "POST", `${at}/keys/PRODUCTION/generate-token`, { validityPeriod: 60 })).body;
    assert.equal(token.accessToken.split(".").length, 3);
    assert.equal(token.validityTime, 60);
    const mapping = `${at}/oauth-keys/${key.keyMappingId}`;
    await bob.expect(200, "POST", `${mapping}/generate-token`, {});
    const renewed = (await bob.expect(200, "POST", `${mapping}/regenerate-secret`)).body;
    assert.notEqual(renewed.consumerSecret, key.consumerSecret);
    const grant = (secret) =>
      nobody.send("POST", "/oauth2/token", "grant_type=client_credentials", {
        "content-type": "application/x-www-form-urlencoded",
        authorization: `Basic ${Buffer.from(`${key.consumerKey}:${secret}`).toString("base64")}`,
      });
    assert.equal((await grant(key.consumerSecret)).status, 401);
    assert.equal((await grant(renewed.consumerSecret)).status, 200);
    await bob.expect(200, "DELETE", mapping);
    assert.equal((await grant(renewed.consumerSecret)).status, 401);
    await bob.expect(404, "GET", mapping);
  });

  it("gets, lists and revokes API keys", async () => {
    const { at } = await access(bob, await publishApi(admin));
    const wanted = { keyName: "laptop", validityPeriod: 3600, additionalProperties: { permittedIP: "10.0.0.0/8,::1" } };
    const { body: key } = await bob.expect(200, "POST", `${at}/api-keys/PRODUCTION/generate`, wanted);
    assert.match(key.apikey, /^ptn_live_[0-9A-Za-z]{49}$/);
    const { body: listed } = await bob.expect(200, "GET", `${at}/api-keys/PRODUCTION`);
    assert.equal(listed.list[0].keyName, "laptop");
    assert.ok(!JSON.stringify(listed).includes(key.apikey));
    assert.equal((await bob.expect(200, "GET", `${at}/api-keys/SANDBOX`)).body.count, 0);
    await bob.expect(200, "POST", `${at}/api-keys/PRODUCTION/revoke`, { keyUUID: listed.list[0].keyUUID });
    assert.equal((await bob.expect(200, "GET", `${at}/api-keys/PRODUCTION`)).body.count, 0);
    await admin.expect(404, "GET", `${at}/api-keys/PRODUCTION`);
  });

  it("subscribes under offered plans, changes them and gives them up", async () => {
    const api = await publishApi(admin);
    const other = await publishApi(admin);
    const { at, id, subscription } = await access(bob, api);
    const path = `${DEVPORTAL}/subscriptions`;
    await bob.expect(409, "POST", path, { applicationId: id, apiId: api.id, throttlingPolicy: "Gold" });
    await bob.expect(400, "POST", path, { applicationId: id, apiId: other.id, throttlingPolicy: "Bronze" });
    await admin.expect(404, "POST", path, { applicationId: id, apiId: other.id, throttlingPolicy: "Gold" });
    // All or none: the first of the two exists already.
    const two = [api, other].map((one) => ({ applicationId: id, apiId: one.id, throttlingPolicy: "Gold" }));
    await bob.expect(409, "POST", `${path}/multiple`, two);
    assert.equal((await bob.expect(200, "GET", `${path}?applicationId=${id}`)).body.pagination.total, 1);
    await bob.expect(200, "POST", `${path}/multiple`, two.slice(1));
    const one = `${path}/${subscription.subscriptionId}`;
    const changed = await bob.expect(200, "PUT", one, { ...subscription, throttlingPolicy: "Unlimited", requestedThrottlingPolicy: "Unlimited" });
    assert.equal(changed.body.throttlingPolicy, "Unlimited");
    await admin.expect(404, "GET", one);
    await bob.expect(200, "DELETE", one);
    await bob.expect(404, "GET", one);
    await change(admin, other, "Deprecate");
    const third = (await bob.expect(201, "POST", `${DEVPORTAL}/applications`, { name: fresh("App"), throttlingPolicy: "Unlimited" })).body;
    await bob.expect(400, "POST", path, { applicationId: third.applicationId, apiId: other.id, throttlingPolicy: "Gold" });
    await bob.expect(200, "DELETE", at);
  });
});

describe("an administrator", () => {
  const count = (requests, unit = "min") => ({
    type: "REQUESTCOUNTLIMIT",
    requestCount: { timeUnit: unit, unitTime: 1, requestCount: requests },
  });

  for (const kind of ["application", "subscription", "advanced"]) {
    it(`creates, changes and deletes ${kind} policies`, async () => {
      const at = `${ADMIN}/throttling/policies/${kind}`;
      const body = { policyName: fresh("Policy"), description: "ten", defaultLimit: count(10) };
      const made = await admin.expect(201, "POST", at, body);
      assert.equal(made.body.defaultLimit.requestCount.requestCount, 10);
      await admin.expect(409, "POST", at, body);
      const one = `${at}/${made.body.policyId}`;
      const read = await admin.expect(200, "GET", one);
      const tag = read.headers.get("etag");
      const changed = await admin.expect(200, "PUT", one, { ...read.body, defaultLimit: count(20, "hour") }, { "if-match": tag });
      assert.equal(changed.body.defaultLimit.requestCount.timeUnit, "hour");
      await admin.expect(412, "PUT", one, { ...read.body, defaultLimit: count(30) }, { "if-match": tag });
      await admin.expect(400, "PUT", one, { ...read.body, policyName: "Other" });
      const all = (await admin.expect(200, "GET", at)).body.list;
      assert.ok(all.some(({ policyName }) => policyName === body.policyName));
      await bob.expect(403, "DELETE", one);
      await admin.expect(200, "DELETE", one);
      await admin.expect(404, "GET", one);
    });
  }

  it("cannot delete a policy that something uses", async () => {
    const body = { policyName: fresh("Used"), defaultLimit: count(10) };
    const made = {};
    for (const kind of ["application", "subscription", "advanced"]) {
      made[kind] = (await admin.expect(201, "POST", `${ADMIN}/throttling/policies/${kind}`, body)).body.policyId;
    }
    await bob.expect(201, "POST", `${DEVPORTAL}/applications`, { name: fresh("App"), throttlingPolicy: body.policyName });
    await makeApi(admin, { policies: [body.policyName], apiThrottlingPolicy: body.policyName });
    for (const kind of Object.keys(made)) {
      await admin.expect(403, "DELETE", `${ADMIN}/throttling/policies/${kind}/${made[kind]}`);
    }
  });

  it("sees people, roles, environments and key managers", async () => {
    const people = (await admin.expect(200, "GET", `${ADMIN}/users?limit=500`)).body.list;
    assert.ok(people.some(({ username }) => username === bob.name));
    const roles = (await admin.expect(200, "GET", `${ADMIN}/roles`)).body.list;
    assert.ok(roles.some(({ name }) => name === "Internal/subscriber"));
    assert.equal((await admin.expect(200, "GET", `${ADMIN}/environments`)).body.list[0].name, "Default");
    const managers = (await admin.expect(200, "GET", `${ADMIN}/key-managers`)).body.list;
    assert.equal(managers[0].name, "Resident Key Manager");
    assert.equal((await admin.expect(200, "GET", `${ADMIN}/settings`)).body.analyticsEnabled, true);
    const search = (await admin.expect(200, "GET", `${ADMIN}/throttling/policies/search?query=type:app`)).body.list;
    assert.ok(search.some(({ policyName }) => policyName === "10PerMin"));
    assert.ok(search.every(({ type }) => type === "app"));
  });
});

/** An application of `person` that is subscribed to `api`. */
async function access(person, api) {
  const body = { name: fresh("App"), throttlingPolicy: "10PerMin" };
  const id = (await person.expect(201, "POST", `${DEVPORTAL}/applications`, body)).body.applicationId;
  const wanted = { applicationId: id, apiId: api.id, throttlingPolicy: "Gold" };
  const subscription = (await person.expect(201, "POST", `${DEVPORTAL}/subscriptions`, wanted)).body;
  return { id, at: `${DEVPORTAL}/applications/${id}`, subscription };
}
