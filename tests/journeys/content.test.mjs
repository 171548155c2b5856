// What is said about APIs: documents, pictures, comments, ratings, labels, shared scopes, new versions, and finding it.

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { ADMIN, DEVPORTAL, PUBLISHER, administrator, deploy, fresh, makeApi, nobody, petstore, publishApi, somebody, upload } from "./manage.mjs";

const PNG = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
let admin, publisher, consumer, api, at, store;

before(async () => {
  const entered = await administrator();
  admin = entered.admin;
  publisher = await somebody(admin, entered.client, ["Internal/publisher", "Internal/creator"]);
  consumer = await somebody(admin, entered.client, ["Internal/subscriber"]);
  api = await publishApi(admin, { description: "All about zebras" });
  at = `${PUBLISHER}/apis/${api.id}`;
  store = `${DEVPORTAL}/apis/${api.id}`;
});

/** A form with one part. */
function part(name, content, file) {
  const form = new FormData();
  if (file) form.set(name, new Blob([content], { type: file.type }), file.name);
  else form.set(name, content);
  return form;
}

const document = (more) => ({ name: fresh("Doc"), type: "HOWTO", sourceType: "MARKDOWN", visibility: "API_LEVEL", ...more });

describe("documents", () => {
  it("are written, read, found, changed and deleted", async () => {
    const made = await admin.expect(201, "POST", `${at}/documents`, document({ summary: "First steps" }));
    const path = `${at}/documents/${made.body.documentId}`;
    await admin.expect(404, "GET", `${path}/content`);
    await admin.expect(200, "POST", `${path}/content`, part("inlineContent", "# Okapi: how to ride one."));
    const read = await nobody.send("GET", `${store}/documents/${made.body.documentId}/content`);
    assert.equal(read.text, "# Okapi: how to ride one.");
    assert.match(read.headers.get("content-type"), /^text\/markdown/);
    assert.match(read.headers.get("content-security-policy"), /sandbox/);
    const found = await nobody.expect(200, "GET", `${DEVPORTAL}/search?query=content:okap`);
    assert.deepEqual(found.body.list.map(({ type, id }) => [type, id]), [["DOC", made.body.documentId]]);
    const current = await admin.expect(200, "GET", path);
    await admin.expect(200, "PUT", path, { ...current.body, summary: "Second steps" }, { "if-match": current.headers.get("etag") });
    await admin.expect(412, "PUT", path, { ...current.body, summary: "Third" }, { "if-match": current.headers.get("etag") });
    assert.equal((await nobody.send("GET", `${store}/documents/${made.body.documentId}/content`)).status, 200);
    await admin.expect(200, "DELETE", path);
    assert.equal((await nobody.expect(200, "GET", `${DEVPORTAL}/search?query=content:okapi`)).body.count, 0);
  });

  it("are read by those whom they are for", async () => {
    const ids = {};
    for (const visibility of ["API_LEVEL", "OWNER_ONLY", "PRIVATE"]) {
      const { body } = await admin.expect(201, "POST", `${at}/documents`, document({ visibility, inlineContent: `quagga ${visibility}` }));
      ids[visibility] = body.documentId;
    }
    const seen = async (person) => {
      const { body } = await person.expect(200, "GET", `${store}/documents?limit=100`);
      return Object.keys(ids).filter((visibility) => body.list.some(({ documentId }) => documentId === ids[visibility]));
    };
    assert.deepEqual(await seen(nobody), ["API_LEVEL"]);
    assert.deepEqual(await seen(consumer), ["API_LEVEL", "OWNER_ONLY"]);
    assert.equal((await nobody.expect(404, "GET", `${store}/documents/${ids.OWNER_ONLY}/content`)).body.code, 900315);
    await consumer.expect(404, "GET", `${store}/documents/${ids.PRIVATE}`);
    assert.equal((await nobody.expect(200, "GET", `${DEVPORTAL}/search?query=quagga`)).body.count, 1);
    assert.equal((await admin.expect(200, "GET", `${PUBLISHER}/search?query=quagga`)).body.count, 3);
    assert.equal((await admin.expect(200, "GET", `${at}/documents?limit=100`)).body.pagination.total >= 3, true);
  });

  it("give files out as files, whatever they say they are", async () => {
    const { body } = await admin.expect(201, "POST", `${at}/documents`, document({ sourceType: "FILE" }));
    const path = `${at}/documents/${body.documentId}/content`;
    await admin.expect(200, "POST", path, part("file", "<script>alert(1)</script>", { name: "../evil.html", type: "text/html" }));
    const read = await nobody.send("GET", `${store}/documents/${body.documentId}/content`);
    assert.equal(read.text, "<script>alert(1)</script>");
    assert.equal(read.headers.get("content-type"), "application/octet-stream");
    assert.equal(read.headers.get("content-disposition"), 'attachment; filename="evil.html"');
    assert.equal(read.headers.get("x-content-type-options"), "nosniff");
    const away = await admin.expect(201, "POST", `${at}/documents`, document({ sourceType: "URL", sourceUrl: "https://example.org/guide" }));
    const lead = await nobody.send("GET", `${store}/documents/${away.body.documentId}/content`);
    assert.deepEqual([lead.status, lead.headers.get("location")], [303, "https://example.org/guide"]);
    await admin.expect(400, "POST", `${at}/documents`, document({ sourceType: "URL", sourceUrl: "javascript:alert(1)" }));
  });

  it("have names of their own", async () => {
    const name = fresh("Guide");
    await admin.expect(201, "POST", `${at}/documents`, document({ name }));
    assert.equal((await admin.expect(409, "POST", `${at}/documents`, document({ name }))).body.code, 900312);
    await admin.expect(200, "POST", `${at}/documents/validate?name=${name}`);
    await admin.expect(404, "POST", `${at}/documents/validate?name=${fresh("Free")}`);
  });
});

describe("pictures", () => {
  it("are shown where the API is", async () => {
    await nobody.expect(404, "GET", `${store}/thumbnail`);
    await admin.expect(400, "PUT", `${at}/thumbnail`, part("file", "<svg/>", { name: "a.svg", type: "image/svg+xml" }));
    const { body } = await admin.expect(200, "PUT", `${at}/thumbnail`, part("file", PNG, { name: "a.png", type: "image/png" }));
    assert.equal(body.mediaType, "image/png");
    const read = await nobody.send("GET", `${store}/thumbnail`);
    assert.deepEqual([read.status, read.headers.get("content-type")], [200, "image/png"]);
    assert.equal((await nobody.send("GET", `${store}/thumbnail`, undefined, { "if-none-match": read.headers.get("etag") })).status, 304);
    assert.equal((await nobody.expect(200, "GET", store)).body.hasThumbnail, true);
  });
});

describe("comments", () => {
  it("are threads that both portals share", async () => {
    const asked = await consumer.expect(201, "POST", `${store}/comments`, { content: "Does it bite?" });
    const answer = await publisher.expect(201, "POST", `${at}/comments?replyTo=${asked.body.id}`, { content: "Rarely." });
    assert.equal(answer.body.parentCommentId, asked.body.id);
    const { body } = await nobody.expect(200, "GET", `${store}/comments`);
    const thread = body.list.find(({ id }) => id === asked.body.id);
    assert.deepEqual([thread.entryPoint, thread.replies.list[0].content, thread.replies.list[0].entryPoint], ["devPortal", "Rarely.", "publisher"]);
    assert.equal((await publisher.expect(403, "PATCH", `${at}/comments/${asked.body.id}`, { content: "No" })).body.code, 900332);
    await consumer.expect(200, "PATCH", `${store}/comments/${asked.body.id}`, { content: "Does it really bite?" });
    assert.equal((await consumer.expect(403, "DELETE", `${store}/comments/${answer.body.id}`)).body.code, 900333);
    await consumer.expect(200, "DELETE", `${store}/comments/${asked.body.id}`);
    await nobody.expect(404, "GET", `${store}/comments/${answer.body.id}`);
    await consumer.expect(400, "POST", `${store}/comments`, { content: " " });
  });
});

describe("ratings", () => {
  it("are one of each person, with their mean", async () => {
    await consumer.expect(200, "PUT", `${store}/user-rating`, { rating: 4 });
    await consumer.expect(200, "PUT", `${store}/user-rating`, { rating: 2 });
    await publisher.expect(403, "PUT", `${store}/user-rating`, { rating: 5 });
    await admin.expect(200, "PUT", `${store}/user-rating`, { rating: 5 });
    const { body } = await consumer.expect(200, "GET", `${store}/ratings`);
    assert.deepEqual([body.count, body.avgRating, body.userRating], [2, "3.5", 2]);
    assert.equal((await nobody.expect(200, "GET", store)).body.avgRating, "3.5");
    await consumer.expect(400, "PUT", `${store}/user-rating`, { rating: 6 });
    await admin.expect(200, "DELETE", `${store}/user-rating`);
    await admin.expect(404, "DELETE", `${store}/user-rating`);
  });
});

describe("search", () => {
  it("finds names, words of descriptions and of definitions, and narrows by keys", async () => {
    const word = fresh("gnu");
    const definition = petstore(word);
    definition.paths["/pets"].get.summary = `Lists every ${word}dom`;
    const endpointConfig = { endpoint_type: "http", production_endpoints: { url: "https://upstream.example.org" } };
    const properties = { name: fresh("Herd"), version: "1", context: `/${word}`, policies: ["Gold"], tags: ["wild"], endpointConfig };
    await admin.expect(201, "POST", `${PUBLISHER}/apis/import-openapi`, upload(definition, properties));
    const kinds = async (query) => (await admin.expect(200, "GET", `${PUBLISHER}/search?query=${encodeURIComponent(query)}`)).body.list.map(({ type }) => type).sort();
    assert.deepEqual(await kinds(`${word}dom`), ["DEFINITION"]);
    assert.deepEqual(await kinds(`${properties.name} tag:wild`), ["API", "DEFINITION"]);
    assert.deepEqual(await kinds(`${properties.name} tag:tame`), []);
    assert.deepEqual(await kinds(`${word} OR ) "* NEAR`), []);
    assert.equal((await nobody.expect(200, "GET", `${DEVPORTAL}/search?query=${word}dom`)).body.count, 0, "it is not published");

    const draft = petstore();
    draft.paths["/pets"].get.summary = `Lists the ${word}lings`;
    const found = async (person, base) => (await person.expect(200, "GET", `${base}/search?query=${word}lings`)).body.count;
    const shown = await publishApi(admin);
    await admin.expect(200, "PUT", `${PUBLISHER}/apis/${shown.id}/swagger`, upload(draft, undefined, "apiDefinition"));
    assert.deepEqual([await found(admin, PUBLISHER), await found(nobody, DEVPORTAL)], [1, 0], "a draft is no news for consumers");
    await deploy(admin, shown);
    assert.equal(await found(nobody, DEVPORTAL), 1);
  });
});

describe("labels and shared scopes", () => {
  it("are made once, used by APIs, and kept while they are", async () => {
    const label = (await admin.expect(201, "POST", `${ADMIN}/labels`, { name: fresh("Label") })).body;
    await admin.expect(409, "POST", `${ADMIN}/labels`, { name: label.name });
    await admin.expect(200, "POST", `${at}/attach-labels`, { labels: [label.id] });
    await admin.expect(404, "POST", `${at}/attach-labels`, { labels: ["unknown"] });
    assert.equal((await admin.expect(200, "GET", `${ADMIN}/labels/${label.id}/usage`)).body.apis.list[0].id, api.id);
    await admin.expect(409, "DELETE", `${ADMIN}/labels/${label.id}`);
    await admin.expect(200, "POST", `${at}/detach-labels`, { labels: [label.id] });
    await admin.expect(200, "DELETE", `${ADMIN}/labels/${label.id}`);

    const name = fresh("herd:");
    await admin.expect(400, "POST", `${PUBLISHER}/scopes`, { name: "apim:everything" });
    await admin.expect(400, "POST", `${PUBLISHER}/scopes`, { name, bindings: ["nobody"] });
    const scope = (await admin.expect(201, "POST", `${PUBLISHER}/scopes`, { name, displayName: "Herds", bindings: ["admin"] })).body;
    assert.equal((await admin.expect(409, "POST", `${PUBLISHER}/scopes`, { name })).body.code, 900984);
    assert.equal((await admin.send("HEAD", `${PUBLISHER}/scopes/${Buffer.from(name).toString("base64url")}`)).status, 200);
    await admin.expect(404, "POST", `${PUBLISHER}/apis`, { name: fresh("Api"), version: "1", context: `/${fresh("c")}`, scopes: [{ scope: { name: "unheard" }, shared: true }] });
    const operations = [{ target: "/herd", verb: "GET", scopes: [name] }, { target: "/herd", verb: "POST" }];
    const user = await makeApi(admin, { scopes: [{ scope: { name }, shared: true }], operations });
    const usage = await admin.expect(200, "GET", `${PUBLISHER}/scopes/${scope.id}/usage`);
    assert.deepEqual(usage.body.usedApiList.map(({ name, usedResourceList }) => [name, usedResourceList]), [[user.name, [{ target: "/herd", verb: "GET" }]]]);
    assert.equal((await admin.expect(409, "DELETE", `${PUBLISHER}/scopes/${scope.id}`)).body.code, 900985);
    await admin.expect(200, "DELETE", `${PUBLISHER}/apis/${user.id}`);
    await admin.expect(200, "DELETE", `${PUBLISHER}/scopes/${scope.id}`);
  });
});

describe("a new version", () => {
  it("brings definition, documents and picture along, and may become the default one", async () => {
    const old = await makeApi(admin);
    const from = `${PUBLISHER}/apis/${old.id}`;
    await admin.expect(201, "POST", `${from}/documents`, document({ inlineContent: "Words" }));
    await admin.expect(200, "PUT", `${from}/thumbnail`, part("file", PNG, { name: "a.png", type: "image/png" }));
    const { body } = await admin.expect(201, "POST", `${PUBLISHER}/apis/copy-api?apiId=${old.id}&newVersion=2.0.0&defaultVersion=true`);
    assert.deepEqual([body.name, body.version, body.context, body.isDefaultVersion, body.hasThumbnail], [old.name, "2.0.0", old.context, true, true]);
    const documents = (await admin.expect(200, "GET", `${PUBLISHER}/apis/${body.id}/documents`)).body.list;
    const copied = await admin.send("GET", `${PUBLISHER}/apis/${body.id}/documents/${documents[0].documentId}/content`);
    assert.equal(copied.text, "Words");
    const again = await admin.expect(409, "POST", `${PUBLISHER}/apis/copy-api?apiId=${old.id}&newVersion=2.0.0`);
    assert.equal(again.body.code, 900252);
    await admin.expect(200, "DELETE", from);
    assert.equal((await admin.send("GET", `${PUBLISHER}/apis/${body.id}/documents/${documents[0].documentId}/content`)).text, "Words");
  });
});

describe("endpoints and deployments", () => {
  it("are looked at before they are trusted", async () => {
    const silent = await admin.expect(200, "POST", `${PUBLISHER}/apis/validate-endpoint?endpointUrl=${encodeURIComponent("http://127.0.0.1:9/")}`);
    assert.equal(silent.body.statusCode, 0);
    const own = await admin.expect(200, "POST", `${PUBLISHER}/apis/validate-endpoint?endpointUrl=${encodeURIComponent(`${process.env.POSTERN_URL}/`)}`);
    assert.equal(own.body.statusCode, 200, JSON.stringify(own.body));
  });

  it("are hidden from consumers at the publisher's wish", async () => {
    await admin.expect(200, "PUT", `${at}/deployments/Default`, { name: "Default", vhost: "localhost", displayOnDevportal: false });
    assert.deepEqual((await nobody.expect(200, "GET", store)).body.environmentList, []);
    await admin.expect(400, "PUT", `${at}/deployments/Default`, { vhost: "elsewhere.example.org" });
    await admin.expect(200, "PUT", `${at}/deployments/${Buffer.from("Default").toString("base64url")}`, { displayOnDevportal: true });
    assert.deepEqual((await nobody.expect(200, "GET", store)).body.environmentList, ["Default"]);
  });
});
