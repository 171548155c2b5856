// APIs made of GraphQL schemas, WSDL and AsyncAPI: validated, imported, changed, and read by consumers.

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { DEVPORTAL, PUBLISHER, administrator, change, deploy, fresh, nobody } from "./manage.mjs";

const APIS = `${PUBLISHER}/apis`;
const SCHEMA = "type Query { hero(id: ID!): Hero heroes: [Hero!]! }\ntype Mutation { addHero(name: String!): Hero }\ntype Hero { id: ID! name: String }\n";
const WSDL = `<wsdl:definitions name="Phone" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/">
<wsdl:portType name="P"><wsdl:operation name="Check"/></wsdl:portType>
<wsdl:service name="PhoneService"><wsdl:port name="Soap" binding="B"><soap:address location="https://phone.example.org/soap"/></wsdl:port></wsdl:service>
</wsdl:definitions>`;
const NEWS = "asyncapi: 2.6.0\ninfo: {title: News, version: 1.0.0}\nservers: {main: {url: 'wss://news.example.org/feed', protocol: wss}}\nchannels: {headlines: {subscribe: {}}, opinions: {publish: {}}}\n";
const XXE = `<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>${WSDL.replace("PhoneService", "&x;")}`;

let admin;

before(async () => {
  ({ admin } = await administrator());
});

function form(text, properties, part = "file") {
  const body = new FormData();
  body.set(part, part === "file" ? new Blob([text]) : text, ...(part === "file" ? ["definition"] : []));
  if (properties) body.set("additionalProperties", JSON.stringify(properties));
  return body;
}

function properties(url, kind = "http") {
  const name = fresh("Api");
  return { name, context: `/${name.toLowerCase()}`, version: "1.0.0", ...(url && { endpointConfig: { endpoint_type: kind, production_endpoints: { url } } }) };
}

const verbs = (api) => api.operations.map(({ verb, target }) => `${verb} ${target}`);

describe("a GraphQL schema", () => {
  it("becomes an API with a field for each operation, and consumers read it", async () => {
    const valid = await admin.expect(200, "POST", `${APIS}/validate-graphql-schema`, form(SCHEMA));
    assert.equal(valid.body.isValid, true);
    assert.equal(valid.body.graphQLInfo.operations.length, 3);
    const made = await admin.expect(201, "POST", `${APIS}/import-graphql-schema`, form(SCHEMA, properties("https://heroes.example.org")));
    assert.deepEqual(verbs(made.body), ["QUERY hero", "QUERY heroes", "MUTATION addHero"]);
    const at = `${APIS}/${made.body.id}`;
    const read = await admin.expect(200, "GET", `${at}/graphql-schema`);
    assert.equal(read.body.schemaDefinition, SCHEMA);
    await deploy(admin, made.body);
    await change(admin, made.body, "Publish");
    assert.equal((await nobody.expect(200, "GET", `${DEVPORTAL}/apis/${made.body.id}/graphql-schema`)).body.schemaDefinition, SCHEMA);

    // The working copy goes on; what runs stays.
    const next = `${SCHEMA}extend type Query { villain: Hero }`;
    await admin.expect(412, "PUT", `${at}/graphql-schema`, form(next, undefined, "schemaDefinition"), { "if-match": '"999"' });
    await admin.expect(200, "PUT", `${at}/graphql-schema`, form(next, undefined, "schemaDefinition"));
    assert.ok(verbs((await admin.expect(200, "GET", at)).body).includes("QUERY villain"));
    assert.equal((await nobody.expect(200, "GET", `${DEVPORTAL}/apis/${made.body.id}/graphql-schema`)).body.schemaDefinition, SCHEMA);
    const revisions = (await admin.expect(200, "GET", `${at}/revisions`)).body.list;
    await admin.expect(201, "POST", `${at}/restore-revision?revisionId=${revisions[0].id}`);
    assert.equal((await admin.expect(200, "GET", `${at}/graphql-schema`)).body.schemaDefinition, SCHEMA);
    const copy = await admin.expect(201, "POST", `${APIS}/copy-api?apiId=${made.body.id}&newVersion=2.0.0`);
    assert.equal((await admin.expect(200, "GET", `${APIS}/${copy.body.id}/graphql-schema`)).body.schemaDefinition, SCHEMA);
  });

  it("keeps scopes and policies of fields that stay", async () => {
    const wish = { ...properties("https://heroes.example.org"), scopes: [{ scope: { name: fresh("read") } }] };
    const scope = wish.scopes[0].scope.name;
    wish.operations = ["hero", "heroes"].map((target) => ({ verb: "QUERY", target, scopes: [scope] }));
    const { body } = await admin.expect(201, "POST", `${APIS}/import-graphql-schema`, form(SCHEMA, wish, "schema"));
    assert.deepEqual(body.operations.map(({ scopes }) => scopes), [[scope], [scope], []]);
  });

  it("is refused with the place of each fault", async () => {
    const bad = "type Query { a: Missing }";
    const told = await admin.expect(200, "POST", `${APIS}/validate-graphql-schema`, form(bad));
    assert.deepEqual(told.body, { isValid: false, errorMessage: "line 1, column 17: there is no type `Missing`" });
    await admin.expect(400, "POST", `${APIS}/import-graphql-schema`, form(bad, properties()));
    const deep = `type Query { a: ${"[".repeat(50_000)}Int${"]".repeat(50_000)} }`;
    await admin.expect(400, "POST", `${APIS}/import-graphql-schema`, form(deep, properties()));
    await admin.expect(400, "POST", `${APIS}/import-graphql-schema`, form(SCHEMA, {}));
    await admin.expect(400, "POST", `${APIS}/validate-graphql-schema?useIntrospection=true`, form(SCHEMA));
  });
});

describe("a WSDL", () => {
  it("becomes an API of type SOAP, and consumers read it with the gateway's address", async () => {
    const valid = await admin.expect(200, "POST", `${APIS}/validate-wsdl`, form(WSDL));
    assert.deepEqual(valid.body.wsdlInfo, { version: "1.1", endpoints: [{ name: "Soap", location: "https://phone.example.org/soap" }] });
    const { body } = await admin.expect(201, "POST", `${APIS}/import-wsdl`, form(WSDL, properties()));
    assert.equal(body.type, "SOAP");
    assert.deepEqual(verbs(body), ["POST /*"]);
    assert.equal(body.endpointConfig.production_endpoints.url, "https://phone.example.org/soap");
    assert.equal((await admin.expect(200, "GET", `${APIS}/${body.id}/wsdl`)).text, WSDL);
    assert.equal((await admin.expect(200, "GET", `${APIS}/${body.id}/wsdl-info`)).body.type, "WSDL");
    await deploy(admin, body);
    await change(admin, body, "Publish");
    const shown = await nobody.expect(200, "GET", `${DEVPORTAL}/apis/${body.id}/wsdl`);
    assert.ok(shown.text.includes(`${body.context}/1.0.0"`) && !shown.text.includes("phone.example.org"), shown.text);
    assert.equal(shown.headers.get("x-content-type-options"), "nosniff");
    await admin.expect(200, "PUT", `${APIS}/${body.id}/wsdl`, form(WSDL.replace("Check", "Look")));
    await nobody.expect(404, "GET", `${DEVPORTAL}/apis/${body.id}/graphql-schema`);
  });

  it("is refused with a document type, so that no entity reads a file or grows", async () => {
    const told = await admin.expect(200, "POST", `${APIS}/validate-wsdl`, form(XXE));
    assert.equal(told.body.isValid, false);
    assert.match(told.body.errors[0].message, /document type declaration/);
    const refused = await admin.expect(400, "POST", `${APIS}/import-wsdl`, form(XXE, properties()));
    assert.match(refused.body.description, /line 1, column 1.*leave `<!DOCTYPE` out/);
    for (const text of ["<a/>", "<a>", "{}", "<a>".repeat(50_000)]) {
      await admin.expect(400, "POST", `${APIS}/import-wsdl`, form(text, properties()));
    }
    const body = form(WSDL, properties());
    body.set("implementationType", "SOAPTOREST");
    await admin.expect(400, "POST", `${APIS}/import-wsdl`, body);
  });
});

describe("an AsyncAPI document", () => {
  it("becomes an API of its protocol's type, and consumers read it with the gateway's address", async () => {
    const valid = await admin.expect(200, "POST", `${APIS}/validate-asyncapi?returnContent=true`, form(NEWS));
    assert.equal(valid.body.info.protocol, "WS");
    assert.equal(JSON.parse(valid.body.content).asyncapi, "2.6.0");
    const { body } = await admin.expect(201, "POST", `${APIS}/import-asyncapi`, form(NEWS, properties()));
    assert.equal(body.type, "WS");
    assert.deepEqual(verbs(body), ["SUBSCRIBE /headlines", "PUBLISH /opinions"]);
    assert.equal(body.endpointConfig.production_endpoints.url, "wss://news.example.org/feed");
    const at = `${APIS}/${body.id}/asyncapi`;
    assert.equal((await admin.expect(200, "GET", at)).body.info.title, "News");
    await deploy(admin, body);
    await change(admin, body, "Publish");
    const shown = await nobody.expect(200, "GET", `${DEVPORTAL}/apis/${body.id}/async-api-specification`);
    assert.match(shown.body.servers.gateway.url, new RegExp(`^wss?://.*${body.context}/1\\.0\\.0$`));
    const changed = await admin.expect(200, "PUT", at, form(NEWS.replace("opinions", "letters")));
    assert.ok(changed.body.channels.letters);
    await admin.expect(404, "GET", `${APIS}/${body.id}/wsdl`);
    await admin.expect(400, "PUT", `${APIS}/${body.id}/graphql-schema`, form(SCHEMA, undefined, "schemaDefinition"));
  });

  it("is refused with the place of each fault", async () => {
    const told = await admin.expect(200, "POST", `${APIS}/validate-asyncapi`, form("asyncapi: 1.0.0"));
    assert.deepEqual(told.body.errors, [{ code: "invalid", message: "`1.0.0` is neither version 2 nor version 3", description: "/asyncapi" }]);
    await admin.expect(400, "POST", `${APIS}/import-asyncapi`, form("asyncapi: [", properties()));
    await admin.expect(400, "POST", `${APIS}/import-asyncapi`, form(NEWS, { ...properties(), type: "HTTP" }));
  });
});
