// A client that the platform makes of an API is unpacked, loaded and used: it calls the gateway with a key, and its types hold.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { inflateRawSync } from "node:zlib";
import { DEVPORTAL, ORIGIN, PUBLISHER, administrator, change, deploy, fresh, somebody, upload } from "./manage.mjs";
import { startUpstream, within } from "./platform.mjs";

let admin, consumer, upstream, api, folder;

before(async () => {
  const entered = await administrator();
  admin = entered.admin;
  consumer = await somebody(admin, entered.client, ["Internal/subscriber"]);
  upstream = await startUpstream();
  folder = mkdtempSync(join(tmpdir(), "postern-sdk-"));
  const name = fresh("Pets");
  const pet = { type: "object", required: ["path"], properties: { path: { type: "string" } } };
  const one = { 200: { description: "One", content: { "application/json": { schema: { $ref: "#/components/schemas/Pet" } } } } };
  const definition = {
    openapi: "3.0.3", info: { title: name, version: "1.0.0" },
    components: { schemas: { Pet: pet } },
    paths: {
      "/pets/{petId}": {
        parameters: [{ name: "petId", in: "path", required: true, schema: { type: "string" } }],
        get: { operationId: "get-pet", parameters: [{ name: "tags", in: "query", schema: { type: "array", items: { type: "string" } } }], responses: one },
        put: { operationId: "put-pet", requestBody: { required: true, content: { "application/json": { schema: { $ref: "#/components/schemas/Pet" } } } }, responses: one },
      },
    },
  };
  const wish = {
    name, version: "1.0.0", context: `/${name.toLowerCase()}`, policies: ["Unlimited"], securityScheme: ["oauth2", "api_key"],
    endpointConfig: { endpoint_type: "http", production_endpoints: { url: upstream.url } },
  };
  api = (await admin.expect(201, "POST", `${PUBLISHER}/apis/import-openapi`, upload(definition, wish))).body;
  await deploy(admin, api);
  await change(admin, api, "Publish");
});

after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await upstream?.close();
});

/** The files of an archive, by the headers before each. */
function unpack(bytes) {
  const files = {};
  for (let at = 0; bytes.readUInt32LE(at) === 0x04034b50; ) {
    const [packed, name] = [bytes.readUInt32LE(at + 18), bytes.readUInt16LE(at + 26)];
    const from = at + 30 + name;
    files[bytes.toString("utf8", at + 30, from)] = inflateRawSync(bytes.subarray(from, from + packed)).toString("utf8");
    at = from + packed;
  }
  return files;
}

test("a client in TypeScript calls the API", async () => {
  assert.deepEqual((await consumer.expect(200, "GET", `${DEVPORTAL}/sdk-gen/languages`)).body, ["typescript"]);
  const answer = await fetch(`${ORIGIN}${DEVPORTAL}/apis/${api.id}/sdks/typescript`, { headers: { authorization: `Bearer ${consumer.token}` } });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("content-type"), "application/zip");
  const files = unpack(Buffer.from(await answer.arrayBuffer()));
  assert.deepEqual(Object.keys(files), ["package.json", "tsconfig.json", "README.md", "src/index.ts"]);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  // Node leaves the types out; that they are well formed is told by its parser.
  const { Client, ApiError } = await import(pathToFileURL(join(folder, "src/index.ts")).href);

  const shop = (await consumer.expect(201, "POST", `${DEVPORTAL}/applications`, { name: fresh("shop"), throttlingPolicy: "Unlimited" })).body;
  await consumer.expect(201, "POST", `${DEVPORTAL}/subscriptions`, { applicationId: shop.applicationId, apiId: api.id, throttlingPolicy: "Unlimited" });
  const key = await consumer.expect(200, "POST", `${DEVPORTAL}/applications/${shop.applicationId}/api-keys/PRODUCTION/generate`, { keyName: "sdk", validityPeriod: -1 });
  const client = new Client({ apiKey: key.body.apikey });
  const found = await within(10_000, "the gateway knows the key", () => client.getPet({ petId: "a b", tags: ["x", "y"] }).catch(() => undefined));
  assert.deepEqual(found, { path: "/pets/a%20b?tags=x&tags=y" });
  await client.putPet({ petId: "7" }, { path: "new" });
  const { method, headers } = upstream.seen.at(-1);
  assert.deepEqual([method, headers["content-type"]], ["PUT", "application/json"]);
  await assert.rejects(new Client().getPet({ petId: "7" }), (error) => error instanceof ApiError && error.status === 401 && error.body.code === "900902");
});

test("a language that is not made here is refused with the command that makes it", async () => {
  const { body } = await consumer.expect(400, "GET", `${DEVPORTAL}/apis/${api.id}/sdks/java`);
  assert.match(body.description, new RegExp(`openapi-generator-cli generate -g java -i ${ORIGIN}\\S*/apis/${api.id}/swagger`));
  await consumer.expect(404, "GET", `${DEVPORTAL}/apis/unknown/sdks/typescript`);
});
