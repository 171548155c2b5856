// APIs as archives: what leaves one installation comes back as it was, and nothing else gets in.

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { DEVPORTAL, ORIGIN, PUBLISHER, administrator, deploy, fresh, makeApi, publishApi } from "./manage.mjs";

let admin;

before(async () => {
  admin = (await administrator()).admin;
});

/** The bytes of an export. */
async function exported(query, noun = "apis") {
  const response = await fetch(`${ORIGIN}${PUBLISHER}/${noun}/export?${query}`, { headers: { authorization: `Bearer ${admin.token}` } });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "application/zip");
  return new Uint8Array(await response.arrayBuffer());
}

function archive(bytes) {
  const form = new FormData();
  form.set("file", new Blob([bytes], { type: "application/zip" }), "api.zip");
  return form;
}

const bring = (status, bytes, query = "") => admin.expect(status, "POST", `${PUBLISHER}/apis/import${query}`, archive(bytes));

/** The API of that name; none when it is gone. */
async function found(name) {
  const { body } = await admin.expect(200, "GET", `${PUBLISHER}/apis?query=name:"${name}"`);
  return body.list[0] && (await admin.expect(200, "GET", `${PUBLISHER}/apis/${body.list[0].id}`)).body;
}

describe("an archive", () => {
  for (const format of ["YAML", "JSON"]) {
    it(`brings an API back as it was (${format})`, async () => {
      const api = await makeApi(admin, { description: "Worth keeping: \"yes\" & no", tags: ["kept"] });
      const at = `${PUBLISHER}/apis/${api.id}`;
      const guide = { name: "Guide", type: "HOWTO", sourceType: "MARKDOWN", visibility: "PRIVATE", inlineContent: "# How\n\nLike this." };
      await admin.expect(201, "POST", `${at}/documents`, guide);
      const file = { name: "Sheet", type: "OTHER", otherTypeName: "Table", sourceType: "FILE", visibility: "API_LEVEL" };
      const { documentId } = (await admin.expect(201, "POST", `${at}/documents`, file)).body;
      const form = new FormData();
      form.set("file", new Blob(["a,b\n1,2\n"], { type: "text/csv" }), "sheet.csv");
      await admin.expect(200, "POST", `${at}/documents/${documentId}/content`, form);
      const before = (await admin.expect(200, "GET", `${at}/swagger`)).body;
      const bytes = await exported(`name=${api.name}&version=${api.version}&format=${format}`);

      assert.equal((await bring(409, bytes)).body.code, 900300);
      assert.equal((await bring(200, bytes, "?overwrite=true&dryRun=true")).body.overwrites, true);
      await admin.expect(200, "DELETE", at);
      assert.equal((await bring(200, bytes, "?dryRun=true")).body.overwrites, false);
      assert.equal(await found(api.name), undefined, "a dry run changes nothing");
      await bring(200, bytes);
      const back = await found(api.name);
      for (const property of ["name", "version", "context", "description", "tags", "policies", "operations", "endpointConfig"]) {
        assert.deepEqual(back[property], api[property], property);
      }
      assert.deepEqual((await admin.expect(200, "GET", `${PUBLISHER}/apis/${back.id}/swagger`)).body, before);
      await bring(200, bytes, "?overwrite=true");
      const { body } = await admin.expect(200, "GET", `${PUBLISHER}/apis/${back.id}/documents`);
      assert.deepEqual(body.list.map(({ name, visibility }) => [name, visibility]), [["Guide", "PRIVATE"], ["Sheet", "API_LEVEL"]]);
      const [markdown, table] = await Promise.all(
        body.list.map(({ documentId }) => admin.send("GET", `${PUBLISHER}/apis/${back.id}/documents/${documentId}/content`)),
      );
      assert.equal(markdown.text, "# How\n\nLike this.");
      assert.deepEqual([table.text, table.headers.get("content-type")], ["a,b\n1,2\n", "text/csv"]);
    });
  }

  it("carries the operation policies of its API", async () => {
    const name = fresh("ofapi");
    const source = `# Whose call it is\nname: ${name}\nversion: v1\ndisplayName: Tenant\napplicableFlows: [request]\npolicyAttributes: [{name: tenant, required: true}]\nsteps: [{policyName: setHeader, parameters: {headerName: x-tenant, headerValue: "\${tenant}"}}]\n`;
    const add = async (api, text) => {
      const form = new FormData();
      form.set("policySpecFile", new Blob([text]), "policy.yaml");
      return (await admin.expect(201, "POST", `${PUBLISHER}/apis/${api.id}/operation-policies`, form)).body;
    };
    const own = async (api) => (await admin.expect(200, "GET", `${PUBLISHER}/apis/${api.id}/operation-policies`)).body.list;
    const api = await makeApi(admin, { apiPolicies: { request: [{ policyName: name, policyVersion: "v1", parameters: { tenant: "t1" } }] } });
    const { id: _, ...made } = await add(api, source);
    const bytes = await exported(`apiId=${api.id}`);
    await admin.expect(200, "DELETE", `${PUBLISHER}/apis/${api.id}`);

    await bring(200, bytes);
    const back = await found(api.name);
    const [{ id, ...policy }] = await own(back);
    assert.deepEqual(policy, made);
    await deploy(admin, back);
    // One that was changed since becomes what the archive has, and no other goes.
    await admin.expect(409, "DELETE", `${PUBLISHER}/apis/${back.id}/operation-policies/${id}`);
    await add(back, source.replaceAll(name, `${name}2`));
    await bring(200, bytes, "?overwrite=true");
    assert.deepEqual((await own(back)).map((it) => it.name), [name, `${name}2`]);
    assert.equal((await own(back))[0].id, id);
    await admin.expect(200, "DELETE", `${PUBLISHER}/apis/${back.id}`);
  });

  it("that is none, is cut off or damaged is refused, and leaves nothing", async () => {
    const api = await makeApi(admin, { name: fresh("Cut") });
    const bytes = await exported(`apiId=${api.id}`);
    await admin.expect(200, "DELETE", `${PUBLISHER}/apis/${api.id}`);
    const damaged = bytes.slice();
    damaged[60] ^= 0xff;
    for (const nonsense of [new TextEncoder().encode("no archive"), bytes.slice(0, -30), damaged]) {
      const { body } = await bring(400, nonsense);
      assert.equal(body.code, 400);
    }
    assert.equal(await found(api.name), undefined);
    await admin.expect(404, "GET", `${PUBLISHER}/apis/export?apiId=${api.id}`);
    await admin.expect(400, "GET", `${PUBLISHER}/apis/export?name=${api.name}`);
  });
});

describe("a product's archive", () => {
  const products = `${PUBLISHER}/api-products`;
  const bring = (status, bytes, query = "") => admin.expect(status, "POST", `${products}/import${query}`, archive(bytes));
  const there = async (name) => (await admin.expect(200, "GET", `${products}?query=name:"${name}"`)).body.list[0];

  async function packed() {
    const pets = await makeApi(admin, { operations: [{ verb: "GET", target: "/pets/{id}" }, { verb: "POST", target: "/pets" }] });
    const toys = await makeApi(admin, { operations: [{ verb: "GET", target: "/toys" }] });
    const name = fresh("Shop");
    const wish = {
      name, version: "1.0.0", context: `/${name.toLowerCase()}`, policies: ["Gold"], description: "Both",
      apis: [{ apiId: pets.id, operations: [{ verb: "GET", target: "/pets/{id}" }] }, { apiId: toys.id }],
    };
    const product = (await admin.expect(201, "POST", products, wish)).body;
    const guide = { name: "Guide", type: "HOWTO", sourceType: "MARKDOWN", visibility: "API_LEVEL", inlineContent: "# Both" };
    await admin.expect(201, "POST", `${products}/${product.id}/documents`, guide);
    return { pets, toys, product, bytes: await exported(`name=${name}&version=1.0.0`, "api-products") };
  }

  async function gone({ pets, toys, product }) {
    await admin.expect(200, "DELETE", `${products}/${product.id}`);
    for (const api of [pets, toys]) await admin.expect(200, "DELETE", `${PUBLISHER}/apis/${api.id}`);
  }

  it("brings it back with the APIs that it bundles, where that is asked for", async () => {
    const was = await packed();
    assert.equal((await bring(409, was.bytes)).body.code, 900300);
    await bring(200, was.bytes, "?overwriteAPIProduct=true&importAPIs=true&overwriteAPIs=true");
    await gone(was);
    assert.equal((await bring(404, was.bytes)).body.code, 900308);
    assert.equal((await bring(200, was.bytes, "?importAPIs=true&dryRun=true")).body.overwrites, false);
    assert.equal(await found(was.pets.name), undefined, "a dry run changes nothing");
    await bring(200, was.bytes, "?importAPIs=true");
    const pets = await found(was.pets.name);
    assert.deepEqual(pets.endpointConfig, was.pets.endpointConfig);
    const { id } = await there(was.product.name);
    const back = (await admin.expect(200, "GET", `${products}/${id}`)).body;
    const bundled = ({ apis }) => apis.map(({ name, operations }) => [name, operations.map(({ verb, target }) => `${verb} ${target}`)]);
    assert.deepEqual(bundled(back), bundled(was.product));
    assert.equal(back.apis[0].apiId, pets.id, "the ids are those of this installation");
    for (const property of ["version", "context", "description", "policies"]) assert.deepEqual(back[property], was.product[property], property);
    const documents = (await admin.expect(200, "GET", `${products}/${id}/documents`)).body.list;
    assert.deepEqual(documents.map(({ name }) => name), ["Guide"]);
    assert.equal((await admin.expect(200, "GET", `${products}/${id}/is-outdated`)).body.isOutdated, false);
  });

  it("leaves nothing where the product cannot be made", async () => {
    const was = await packed();
    await gone(was);
    const other = await makeApi(admin, { context: was.product.context });
    assert.equal((await bring(409, was.bytes, "?importAPIs=true")).body.code, 900251);
    for (const api of [was.pets, was.toys]) assert.equal(await found(api.name), undefined);
    await admin.expect(200, "DELETE", `${PUBLISHER}/apis/${other.id}`);
    await bring(400, await exported(`apiId=${(await makeApi(admin)).id}`));
    await admin.expect(404, "GET", `${products}/export?name=${was.product.name}&version=1.0.0`);
  });
});

describe("an application's archive", () => {
  it("brings it back with its subscriptions, to whom it is meant for", async () => {
    const api = await publishApi(admin);
    const gone = await publishApi(admin);
    const wish = { name: fresh("shop"), throttlingPolicy: "Unlimited", description: "Sells", attributes: { site: "east" } };
    const { body: shop } = await admin.expect(201, "POST", `${DEVPORTAL}/applications`, wish);
    for (const one of [api, gone]) {
      await admin.expect(201, "POST", `${DEVPORTAL}/subscriptions`, { applicationId: shop.applicationId, apiId: one.id, throttlingPolicy: "Gold" });
    }
    const response = await fetch(`${ORIGIN}${DEVPORTAL}/applications/export?appName=${shop.name}&appOwner=${admin.name}`, { headers: { authorization: `Bearer ${admin.token}` } });
    assert.equal(response.status, 200);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const bring = (status, query = "") => admin.expect(status, "POST", `${DEVPORTAL}/applications/import${query}`, archive(bytes));
    assert.equal((await bring(409)).body.code, 900301);
    assert.equal((await bring(200, "?update=true&skipSubscriptions=true")).body.applicationId, shop.applicationId);
    await admin.expect(200, "DELETE", `${DEVPORTAL}/applications/${shop.applicationId}`);
    await admin.expect(200, "DELETE", `${PUBLISHER}/apis/${gone.id}`);
    await bring(400, "?appOwner=ghost");
    const { body } = await bring(207);
    assert.deepEqual(body.list, [{ name: gone.name, version: gone.version }]);
    const back = (await admin.expect(200, "GET", `${DEVPORTAL}/applications?query=${shop.name}`)).body.list[0];
    assert.deepEqual([back.description, back.attributes, back.subscriptionCount], ["Sells", { site: "east" }, 1]);
  });
});

describe("an operation policy", () => {
  const POLICIES = `${PUBLISHER}/operation-policies`;

  /** The bytes of a policy's archive. */
  async function exportedPolicy(query) {
    const response = await fetch(`${ORIGIN}${POLICIES}/export?${query}`, { headers: { authorization: `Bearer ${admin.token}` } });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), "application/zip");
    return new Uint8Array(await response.arrayBuffer());
  }

  const specification = (name) => ({
    name, version: "v2", displayName: "Tenant", applicableFlows: ["request"], policyAttributes: [{ name: "tenant", required: true }],
    steps: [{ policyName: "setHeader", parameters: { headerName: "x-tenant", headerValue: "${tenant}" } }],
  });

  for (const format of ["", "&format=YAML", "&format=JSON"]) {
    it(`comes back as it was (${format || "as it was uploaded"})`, async () => {
      const name = fresh("carried");
      const form = new FormData();
      form.set("policySpecFile", new Blob([JSON.stringify(specification(name))]), "policy.json");
      const { id, ...made } = (await admin.expect(201, "POST", POLICIES, form)).body;
      const bytes = await exportedPolicy(`name=${name}&version=v2${format}`);
      await admin.expect(409, "POST", `${POLICIES}/import`, archive(bytes));
      await admin.expect(200, "DELETE", `${POLICIES}/${id}`);
      await admin.expect(404, "GET", `${POLICIES}/export?name=${name}&version=v2`);
      await admin.expect(200, "POST", `${POLICIES}/import`, archive(bytes));
      const { list } = (await admin.expect(200, "GET", `${POLICIES}?query=name:${name}`)).body;
      const { id: back, ...found } = list[0];
      assert.deepEqual(found, made);
      await admin.expect(200, "DELETE", `${POLICIES}/${back}`);
    });
  }

  it("comes from nothing else", async () => {
    const api = await makeApi(admin);
    for (const bytes of [new TextEncoder().encode("no archive"), await exported(`name=${api.name}&version=${api.version}`)]) {
      const refused = await admin.expect(400, "POST", `${POLICIES}/import`, archive(bytes));
      assert.match(refused.body.description, /^`file`/);
    }
    await admin.expect(400, "POST", `${POLICIES}/import`, new FormData());
    await admin.expect(404, "GET", `${POLICIES}/export?name=setHeader&version=v1`);
    await admin.expect(400, "GET", `${POLICIES}/export?name=setHeader`);
    await admin.expect(400, "GET", `${POLICIES}/export?name=setHeader&version=v1&format=XML`);
    await admin.expect(200, "DELETE", `${PUBLISHER}/apis/${api.id}`);
  });
});
