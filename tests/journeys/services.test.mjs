// The service catalogue: services with their definitions, archives of them, and APIs that are made of them.

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { PUBLISHER, administrator, fresh, nobody, petstore } from "./manage.mjs";

const CATALOGUE = "/api/am/service-catalog/v1";
const SERVICES = `${CATALOGUE}/services`;
let admin;

before(async () => {
  ({ admin } = await administrator());
});

function form(more = {}, definition = petstore()) {
  const name = fresh("Service");
  const said = { name, version: "1.0.0", serviceKey: name, serviceUrl: "https://pets.example.org/v1", definitionType: "OAS3", ...more };
  const body = new FormData();
  body.set("serviceMetadata", JSON.stringify(said));
  body.set("definitionFile", new Blob([typeof definition === "string" ? definition : JSON.stringify(definition)]), "definition");
  return body;
}

const make = async (more, definition) => (await admin.expect(201, "POST", SERVICES, form(more, definition))).body;

describe("a service", () => {
  it("is made, found, read, changed and deleted", async () => {
    const service = await make();
    const at = `${SERVICES}/${service.id}`;
    const found = await admin.expect(200, "GET", `${SERVICES}?name=${service.name}&definitionType=OAS3`);
    assert.deepEqual(found.body.list.map(({ id }) => id), [service.id]);
    const definition = await admin.expect(200, "GET", `${at}/definition`);
    assert.equal(definition.body.openapi, "3.0.3");
    const again = { name: service.name, serviceKey: service.serviceKey };
    await admin.expect(412, "PUT", at, form(again), { "if-match": '"9"' });
    const changed = await admin.expect(200, "PUT", at, form({ ...again, serviceUrl: "https://other.example.org" }), { "if-match": '"1"' });
    assert.equal(changed.body.serviceUrl, "https://other.example.org");
    assert.notEqual(changed.body.md5, service.md5);
    await admin.expect(409, "POST", SERVICES, form(again));
    await admin.expect(400, "PUT", at, form());
    await admin.expect(204, "DELETE", at);
    await admin.expect(404, "GET", at);
    assert.ok((await nobody.expect(200, "GET", `${CATALOGUE}/settings`)).body.scopes.includes("service_catalog:service_write"));
  });

  it("is refused with what is wrong", async () => {
    for (const [more, definition, said] of [
      [{ definitionType: "OAS4" }, undefined, /`definitionType`: `OAS4` is none of/],
      [{ definitionType: "OAS2" }, undefined, /is version 3\.0\.3, not what `definitionType` says/],
      [{ definitionType: "GRAPHQL_SDL" }, "type Query { a: B }", /there is no type `B`/],
      [{ definitionType: "WSDL1" }, "<!DOCTYPE a><a/>", /document type declaration|is no WSDL/],
      [{ serviceUrl: "file:///etc/passwd" }, undefined, /`serviceUrl`/],
      [{ unknown: 1 }, undefined, /unknown property/],
    ]) {
      const answer = await admin.expect(400, "POST", SERVICES, form(more, definition));
      assert.match(answer.body.description, said);
    }
  });

  it("goes out as an archive, and comes in again", async () => {
    const service = await make();
    const bytes = await fetch(`${process.env.POSTERN_URL}${SERVICES}/export?name=${service.name}&version=1.0.0`, { headers: { authorization: `Bearer ${admin.token}` } });
    assert.equal(bytes.status, 200);
    const archive = await bytes.blob();
    const parcel = (verifier) => {
      const body = new FormData();
      body.set("file", archive, "services.zip");
      if (verifier) body.set("verifier", JSON.stringify(verifier));
      return body;
    };
    await admin.expect(409, "POST", `${SERVICES}/import`, parcel());
    const same = await admin.expect(200, "POST", `${SERVICES}/import`, parcel([{ key: service.serviceKey, md5: service.md5 }]));
    assert.equal(same.body.list[0].md5, service.md5);
    await admin.expect(200, "POST", `${SERVICES}/import?overwrite=true`, parcel());
    await admin.expect(204, "DELETE", `${SERVICES}/${service.id}`);
    const back = await admin.expect(200, "POST", `${SERVICES}/import`, parcel());
    assert.equal(back.body.list[0].name, service.name);
    await admin.expect(404, "GET", `${SERVICES}/export?name=${service.name}&version=9`);
  });
});

describe("an API of a service", () => {
  it("has the service's definition and address, and is brought up to it", async () => {
    const service = await make();
    const name = fresh("Api");
    const { body } = await admin.expect(201, "POST", `${PUBLISHER}/apis/import-service?serviceKey=${service.serviceKey}`, { name, context: `/${name.toLowerCase()}`, version: "1.0.0" });
    assert.equal(body.operations.length, 3);
    assert.equal(body.endpointConfig.production_endpoints.url, "https://pets.example.org/v1");
    assert.deepEqual(body.serviceInfo, { key: service.serviceKey, name: service.name, version: "1.0.0", outdated: false });
    assert.deepEqual((await admin.expect(200, "GET", `${SERVICES}/${service.id}/usage`)).body.list.map(({ id }) => id), [body.id]);
    await admin.expect(409, "DELETE", `${SERVICES}/${service.id}`);

    const more = petstore();
    more.paths["/toys"] = { get: { responses: { 200: { description: "toys" } } } };
    await admin.expect(200, "PUT", `${SERVICES}/${service.id}`, form({ name: service.name, serviceKey: service.serviceKey, serviceUrl: "https://toys.example.org" }, more));
    const at = `${PUBLISHER}/apis/${body.id}`;
    assert.equal((await admin.expect(200, "GET", at)).body.serviceInfo.outdated, true);
    const renewed = await admin.expect(200, "PUT", `${at}/reimport-service`);
    assert.equal(renewed.body.operations.length, 4);
    assert.equal(renewed.body.endpointConfig.production_endpoints.url, "https://toys.example.org");
    assert.equal((await admin.expect(200, "GET", at)).body.serviceInfo.outdated, false);
  });

  it("may be of GraphQL, WSDL or AsyncAPI", async () => {
    for (const [definitionType, definition, serviceUrl, type] of [
      ["GRAPHQL_SDL", "type Query { a: Int }", "https://a.example.org", "GRAPHQL"],
      ["ASYNC_API", "asyncapi: 2.6.0\ninfo: {title: News, version: 1.0.0}\nchannels: {a: {subscribe: {}}}", "wss://a.example.org", "WS"],
    ]) {
      const service = await make({ definitionType, serviceUrl }, definition);
      const name = fresh("Api");
      const { body } = await admin.expect(201, "POST", `${PUBLISHER}/apis/import-service?serviceKey=${service.serviceKey}`, { name, context: `/${name.toLowerCase()}`, version: "1.0.0" });
      assert.equal(body.type, type);
    }
    await admin.expect(404, "POST", `${PUBLISHER}/apis/import-service?serviceKey=nothing`, {});
    const plain = (await admin.expect(200, "GET", `${PUBLISHER}/apis?limit=1&query=type:HTTP`)).body.list[0];
    const own = await admin.send("PUT", `${PUBLISHER}/apis/${plain.id}/reimport-service`);
    assert.ok([200, 400].includes(own.status), own.text);
  });
});
