// API products: operations of several APIs under one name, called through the gateway, each at the upstream of its API.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { DEVPORTAL, PUBLISHER, administrator, fresh, makeApi, petstore, somebody, upload } from "./manage.mjs";
import { get, startUpstream, within } from "./platform.mjs";

const PRODUCTS = `${PUBLISHER}/api-products`;
let admin, bob, pets, toys, upstreams;

before(async () => {
  const entered = await administrator();
  admin = entered.admin;
  bob = await somebody(admin, entered.client, ["Internal/subscriber"]);
  upstreams = [await startUpstream(), await startUpstream()];
  [pets, toys] = await Promise.all([
    makeApi(admin, { operations: [{ verb: "GET", target: "/pets/{id}" }, { verb: "POST", target: "/pets" }], ...at(upstreams[0].url) }),
    makeApi(admin, { operations: [{ verb: "GET", target: "/toys/{id}" }], ...at(upstreams[1].url) }),
  ]);
});

after(async () => {
  for (const upstream of upstreams) await upstream.close();
});

const at = (url) => ({ endpointConfig: { endpoint_type: "http", production_endpoints: { url }, sandbox_endpoints: { url } } });

function wish(more = {}) {
  const name = fresh("Shop");
  return {
    name,
    context: `/${name.toLowerCase()}`,
    version: "1.0.0",
    policies: ["Unlimited"],
    apis: [{ apiId: pets.id, operations: [{ verb: "GET", target: "/pets/{id}" }] }, { apiId: toys.id }],
    ...more,
  };
}

async function make(more) {
  return (await admin.expect(201, "POST", PRODUCTS, wish(more))).body;
}

describe("an API product", () => {
  it("is called like an API, and each operation reaches the upstream of its own", async () => {
    const product = await make();
    const of = `${PRODUCTS}/${product.id}`;
    const revision = (await admin.expect(201, "POST", `${of}/revisions`, { description: "one" })).body;
    await admin.expect(201, "POST", `${of}/deploy-revision?revisionId=${revision.id}`, [{ name: "Default", vhost: "localhost", displayOnDevportal: true }]);
    await admin.expect(200, "POST", `${PRODUCTS}/change-lifecycle?apiProductId=${product.id}&action=Publish`);

    const shown = (await bob.expect(200, "GET", `${DEVPORTAL}/apis/${product.id}`)).body;
    assert.equal(shown.type, "APIPRODUCT");
    assert.deepEqual(shown.operations.map(({ verb, target }) => `${verb} ${target}`), ["GET /pets/{id}", "GET /toys/{id}"]);
    const found = await bob.expect(200, "GET", `${DEVPORTAL}/apis?query=${product.name}`);
    assert.equal(found.body.count, 1);

    const application = (await bob.expect(201, "POST", `${DEVPORTAL}/applications`, { name: fresh("shop"), throttlingPolicy: "Unlimited" })).body;
    await bob.expect(201, "POST", `${DEVPORTAL}/subscriptions`, { applicationId: application.applicationId, apiId: product.id, throttlingPolicy: "Unlimited" });
    const keys = (await bob.expect(200, "POST", `${DEVPORTAL}/applications/${application.applicationId}/generate-keys`, { keyType: "PRODUCTION", grantTypesToBeSupported: ["client_credentials"] })).body;
    const token = keys.token.accessToken;
    const base = `${product.context}/1.0.0`;
    await within(10_000, "the gateway knows the product", async () => (await get(`${base}/pets/1`, token)).status === 200);
    assert.equal((await get(`${base}/toys/2`, token)).status, 200);
    assert.equal(upstreams[0].seen.at(-1).url, "/pets/1");
    assert.equal(upstreams[1].seen.at(-1).url, "/toys/2");
    // What the product does not bundle is not there, and a subscription to it is none to its APIs.
    assert.equal((await fetch(`${process.env.POSTERN_URL}${base}/pets`, { method: "POST", headers: { authorization: `Bearer ${token}` } })).status, 404);
    await admin.expect(409, "DELETE", of);
  });

  it("says when an API of it has changed, and is brought up by saving it", async () => {
    const api = await makeApi(admin, { operations: [{ verb: "GET", target: "/a" }], ...at("https://one.example.org") });
    const product = await make({ apis: [{ apiId: api.id }] });
    const of = `${PRODUCTS}/${product.id}`;
    const outdated = async () => (await admin.expect(200, "GET", `${of}/is-outdated`)).body.isOutdated;
    assert.equal(await outdated(), false);
    const now = (await admin.expect(200, "GET", `${PUBLISHER}/apis/${api.id}`)).body;
    await admin.expect(200, "PUT", `${PUBLISHER}/apis/${api.id}`, { ...now, description: "another" });
    assert.equal(await outdated(), false);
    await admin.expect(200, "PUT", `${PUBLISHER}/apis/${api.id}`, { ...now, ...at("https://two.example.org") });
    assert.equal(await outdated(), true);
    const read = await admin.expect(200, "GET", of);
    await admin.expect(412, "PUT", of, read.body, { "if-match": '"99"' });
    await admin.expect(200, "PUT", of, read.body, { "if-match": read.headers.get("etag") });
    assert.equal(await outdated(), false);
    assert.ok(!read.text.includes("example.org"), "where calls go is shown to nobody");
  });

  it("has a definition made of those of its APIs", async () => {
    const imported = (await admin.expect(201, "POST", `${PUBLISHER}/apis/import-openapi`, upload(
      { ...petstore(), components: { schemas: { Pet: { type: "object" } } } },
      { name: fresh("Pets"), context: `/${fresh("pets")}`, version: "1.0.0" },
    ))).body;
    const product = await make({ apis: [{ apiId: imported.id, operations: [{ verb: "GET", target: "/pets/{petId}" }] }] });
    const { body } = await admin.expect(200, "GET", `${PRODUCTS}/${product.id}/swagger`);
    assert.deepEqual(Object.keys(body.paths), ["/pets/{petId}"]);
    assert.equal(body.info.title, product.name);
    assert.equal(body.paths["/pets/{petId}"].get.parameters[0].name, "petId");
  });

  it("keeps its APIs from being deleted, and lets go of them", async () => {
    const api = await makeApi(admin);
    const product = await make({ apis: [{ apiId: api.id }] });
    const refused = await admin.expect(409, "DELETE", `${PUBLISHER}/apis/${api.id}`);
    assert.match(refused.body.description, /the product `Shop\w+` 1\.0\.0 has operations of this API/);
    await admin.expect(200, "DELETE", `${PRODUCTS}/${product.id}`);
    await admin.expect(200, "DELETE", `${PUBLISHER}/apis/${api.id}`);
  });

  it("is no API, and an API is no product", async () => {
    const product = await make();
    await admin.expect(404, "GET", `${PUBLISHER}/apis/${product.id}`);
    await admin.expect(404, "GET", `${PRODUCTS}/${pets.id}`);
    const { body } = await admin.expect(200, "GET", `${PUBLISHER}/apis?query=${product.name}`);
    assert.equal(body.count, 0);
    const products = await admin.expect(200, "GET", `${PRODUCTS}?query=${product.name}`);
    assert.equal(products.body.list[0].state, "CREATED");
    await admin.expect(400, "POST", `${PUBLISHER}/apis`, { name: fresh("No"), context: "/no", version: "1", type: "APIPRODUCT" });
  });

  it("names what is wrong with it", async () => {
    const bad = async (status, change, said) => {
      const answer = await admin.expect(status, "POST", PRODUCTS, { ...wish(), ...change });
      assert.match(answer.body.description, said);
    };
    await bad(400, { apis: [] }, /`apis`: names not 1 to 50 APIs/);
    await bad(404, { apis: [{ apiId: "nothing" }] }, /`apis\[0\]\.apiId`: there is no API `nothing`/);
    await bad(400, { apis: [{ apiId: pets.id, operations: [{ verb: "PUT", target: "/pets" }] }] }, /has no operation `PUT \/pets`/);
    await bad(400, { apis: [{ apiId: pets.id }, { apiId: pets.id }] }, /stands twice/);
    await bad(400, { endpointConfig: {} }, /`endpointConfig`: is no property of an API product/);
    await bad(409, { name: pets.name, version: "2.0.0" }, /already exists with the context/);
    const socket = await makeApi(admin, { type: "WS", operations: [{ verb: "SUBSCRIBE", target: "/a" }], endpointConfig: { endpoint_type: "ws", production_endpoints: { url: "wss://a.example.org" } } });
    await bad(400, { apis: [{ apiId: socket.id }] }, /is of type `WS`/);
  });

  it("has versions, documents and a history of its own", async () => {
    const product = await make();
    const of = `${PRODUCTS}/${product.id}`;
    const document = await admin.expect(201, "POST", `${of}/documents`, { name: "Guide", type: "HOWTO", sourceType: "INLINE", visibility: "API_LEVEL", inlineContent: "How to shop" });
    assert.ok(document.headers.get("location").startsWith(of));
    const copy = await admin.expect(201, "POST", `${PRODUCTS}/copy-api-products?apiProductId=${product.id}&newVersion=2.0.0`);
    assert.equal(copy.body.version, "2.0.0");
    assert.equal(copy.body.apis.length, 2);
    assert.equal((await admin.expect(200, "GET", `${PRODUCTS}/${copy.body.id}/documents`)).body.count, 1);
    assert.equal((await admin.expect(200, "GET", `${of}/lifecycle-state`)).body.state, "Created");
    await admin.expect(400, "POST", `${PRODUCTS}/change-lifecycle?apiProductId=${product.id}&action=Publish`);
    assert.equal((await admin.expect(200, "GET", `${of}/lifecycle-history`)).body.count, 1);
  });
});

describe("revisions", () => {
  it("tell what has changed since, and what of it breaks callers", async () => {
    const api = (await admin.expect(201, "POST", `${PUBLISHER}/apis/import-openapi`, upload(petstore(), { name: fresh("Pets"), context: `/${fresh("pets")}`, version: "1.0.0" }))).body;
    const of = `${PUBLISHER}/apis/${api.id}`;
    const first = (await admin.expect(201, "POST", `${of}/revisions`, {})).body;
    const changes = async (query = "") => (await admin.expect(200, "GET", `${of}/revisions/${first.id}/changes${query}`)).body;
    assert.deepEqual(await changes(), { from: "Revision 1", until: "working copy", isBreaking: false, settings: { count: 0, list: [] }, definition: { count: 0, list: [] } });
    const next = petstore();
    delete next.paths["/pets"].post;
    next.paths["/toys"] = { get: { responses: { 200: { description: "toys" } } } };
    await admin.expect(200, "PUT", `${of}/swagger`, upload(next));
    const now = (await admin.expect(200, "GET", of)).body;
    await admin.expect(200, "PUT", of, { ...now, tags: ["new"] });
    const found = await changes();
    assert.equal(found.isBreaking, true);
    assert.deepEqual(found.definition.list.map(({ place, message, isBreaking }) => [place, message, isBreaking]), [["POST /pets", "is gone", true], ["GET /toys", "is new", false]]);
    const settings = found.settings.list.map(({ property }) => property);
    for (const property of ["tags", "operations[GET /toys]", "operations[POST /pets]"]) assert.ok(settings.includes(property), settings.join());
    const second = (await admin.expect(201, "POST", `${of}/revisions`, {})).body;
    assert.equal((await changes(`?until=${second.id}`)).until, "Revision 2");
    await admin.expect(404, "GET", `${of}/revisions/${first.id}/changes?until=none`);
  });
});
