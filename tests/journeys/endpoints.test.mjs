// Upstreams of an API one by one, and the certificates of upstreams that publishers keep.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ORIGIN, PUBLISHER, administrator, change, deploy, fresh, makeApi } from "./manage.mjs";
import { get, startUpstream, within } from "./platform.mjs";

// For `/C=CH/O=Example, Inc./OU=Shops/CN=shop`, until 2126; made with OpenSSL.
const SHOP = "MIIB3zCCAYWgAwIBAgIUXa1LZvw33FpHlA13Hwi9IWoo5OcwCgYIKoZIzj0EAwIwRDELMAkGA1UEBhMCQ0gxFjAUBgNVBAoMDUV4YW1wbGUsIEluYy4xDjAMBgNVBAsMBVNob3BzMQ0wCwYDVQQDDARzaG9wMCAXDTI2MTEyNjE2NTY0OVoYDzIxMjYxMTAyMTY1NjQ5WjBEMQswCQYDVQQGEwJDSDEWMBQGA1UECgwNRXhhbXBsZSwgSW5jLjEOMAwGA1UECwwFU2hvcHMxDTALBgNVBAMMBHNob3AwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQ8N1MXkFxn5EFjd1U0EoOgI8Pcz/4r6KbILcMID4SFLwyx/OsxCrNVDPokk8JjK2Iuo5gi6n33AVCNtI7zZF0oo1MwUTAdBgNVHQ4EFgQUwWyutoGa9qtgxm9oRAangusDK9wwHwYDVR0jBBgwFoAUwWyutoGa9qtgxm9oRAangusDK9wwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAndvZ3+bLTW0XHYw5drUQZ0BzG/3HWab+3Z9DFSwEJ3QCIHtGTdKFikBeXH91ZCHvel0MXb1bb5fvrADhPJCV7nMz";
const PEM = `-----BEGIN CERTIFICATE-----\n${SHOP.replace(/(.{64})/g, "$1\n")}\n-----END CERTIFICATE-----\n`;
const CERTIFICATES = `${PUBLISHER}/endpoint-certificates`;
let admin, upstreams;

before(async () => {
  admin = (await administrator()).admin;
  upstreams = [await startUpstream(), await startUpstream()];
});

after(async () => {
  for (const upstream of upstreams) await upstream.close();
});

describe("endpoints of an API", () => {
  const http = (stage, url) => ({ endpoint_type: "http", [`${stage}_endpoints`]: { url } });

  it("are those that calls go to, and the primary one is deployed with the next revision", async () => {
    const [first, second] = upstreams;
    const api = await makeApi(admin, {
      operations: [{ verb: "GET", target: "/pets", authType: "None" }],
      endpointConfig: { ...http("production", first.url), sandbox_endpoints: { url: first.url } },
    });
    const at = `${PUBLISHER}/apis/${api.id}`;
    const listed = (await admin.expect(200, "GET", `${at}/endpoints`)).body;
    assert.deepEqual(listed.list.map(({ id, deploymentStage }) => [id, deploymentStage]), [
      ["default_production_endpoint", "PRODUCTION"],
      ["default_sandbox_endpoint", "SANDBOX"],
    ]);
    const added = await admin.expect(201, "POST", `${at}/endpoints`, { name: "Blue", endpointConfig: http("production", second.url) });
    const blue = added.body;
    assert.equal(added.headers.get("location"), `${at}/endpoints/${blue.id}`);
    assert.equal(blue.deploymentStage, "PRODUCTION");
    assert.deepEqual((await admin.expect(200, "GET", `${at}/endpoints/${blue.id}`)).body, blue);

    const answers = async () => (await get(`${api.context}/1.0.0/pets`)).status === 200;
    await deploy(admin, api);
    await change(admin, api, "Publish");
    await within(10_000, "it is called", answers);
    const before = second.seen.length;
    await get(`${api.context}/1.0.0/pets`);
    assert.equal(second.seen.length, before, "an endpoint that is not primary gets no call");

    const now = (await admin.expect(200, "GET", at)).body;
    await admin.expect(200, "PUT", at, { ...now, primaryProductionEndpointId: blue.id });
    await deploy(admin, api);
    await within(10_000, "calls go to the primary one", async () => (await answers()) && second.seen.length > before);
    assert.equal((await admin.expect(409, "DELETE", `${at}/endpoints/${blue.id}`)).body.code, 409);

    await admin.expect(200, "PUT", at, { ...(await admin.expect(200, "GET", at)).body, primaryProductionEndpointId: "unknown" });
    const revision = (await admin.expect(201, "POST", `${at}/revisions`, { description: "bad" })).body;
    const refused = await admin.expect(400, "POST", `${at}/deploy-revision?revisionId=${revision.id}`, [{ name: "Default", vhost: "localhost" }]);
    assert.match(refused.text, /`primaryProductionEndpointId`: there is no endpoint `unknown`/);
    await admin.expect(200, "DELETE", `${at}/endpoints/${blue.id}`);
    await admin.expect(404, "GET", `${at}/endpoints/${blue.id}`);
  });

  it("are changed one stage at a time, and refuse what cannot run", async () => {
    const api = await makeApi(admin, {
      endpointConfig: {
        ...http("production", "https://one.example.org"), sandbox_endpoints: { url: "https://sand.example.org" },
        endpoint_security: { production: { enabled: true, type: "BASIC", username: "u", password: "secret" } },
      },
    });
    const at = `${PUBLISHER}/apis/${api.id}/endpoints`;
    const own = `${at}/default_production_endpoint`;
    const changed = { name: "Own", deploymentStage: "PRODUCTION", endpointConfig: http("production", "https://two.example.org") };
    const { body, text } = await admin.expect(200, "PUT", own, changed);
    assert.equal(body.endpointConfig.production_endpoints.url, "https://two.example.org");
    assert.equal(body.endpointConfig.endpoint_security.production.username, "u", "what is not said again stays");
    assert.doesNotMatch(text, /secret"/);
    const sandbox = (await admin.expect(200, "GET", `${at}/default_sandbox_endpoint`)).body;
    assert.equal(sandbox.endpointConfig.sandbox_endpoints.url, "https://sand.example.org");

    for (const [body, place] of [
      [{ name: "A", endpointConfig: http("sandbox", "https://a.example.org") }, "production_endpoints"],
      [{ name: "A", endpointConfig: http("production", "ftp://a.example.org") }, "ftp"],
      [{ name: "A", endpointConfig: { ...http("production", "https://a.example.org"), endpoint_security: {} } }, "endpoint_security"],
      [{ endpointConfig: {} }, "name"],
      [{ name: "A", colour: "blue" }, "colour"],
    ]) {
      const refused = await admin.expect(400, "POST", at, body);
      assert.match(refused.text, new RegExp(place));
    }
    const stale = await admin.send("PUT", own, changed, { "if-match": '"1"' });
    assert.equal(stale.status, 412);
    await admin.expect(404, "PUT", `${at}/unknown`, changed);
    await admin.expect(200, "DELETE", `${at}/default_sandbox_endpoint`);
    assert.equal((await admin.expect(200, "GET", at)).body.count, 1);
  });
});

describe("a certificate of an upstream", () => {
  const form = (parts) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(parts)) form.set(name, name === "certificate" ? new Blob([value]) : value);
    return form;
  };

  it("is kept with what it says, found by who calls there, and forgotten", async () => {
    const host = `${fresh("up")}.example.org`;
    const api = await makeApi(admin, { endpointConfig: { endpoint_type: "http", production_endpoints: { url: `https://${host}/v1` } } });
    const alias = fresh("cert-");
    const { body } = await admin.expect(200, "POST", CERTIFICATES, form({ alias, endpoint: `https://${host}`, certificate: PEM }));
    assert.deepEqual(body, { alias, endpoint: `https://${host}` });
    const told = (await admin.expect(200, "GET", `${CERTIFICATES}/${alias}`)).body;
    assert.deepEqual([told.status, told.version, told.subject], ["Active", "V3", "CN=shop,OU=Shops,O=Example\\, Inc.,C=CH"]);
    assert.match(told.validity.to, /^2126-11-02T/);
    const listed = (await admin.expect(200, "GET", `${CERTIFICATES}?endpoint=${host.toUpperCase()}`)).body;
    assert.deepEqual([listed.count, listed.certificates], [1, [body]]);
    const used = (await admin.expect(200, "GET", `${CERTIFICATES}/${alias}/usage`)).body;
    assert.deepEqual(used.list.map(({ id, name }) => [id, name]), [[api.id, api.name]]);
    const file = await fetch(`${ORIGIN}${CERTIFICATES}/${alias}/content`, { headers: { authorization: `Bearer ${admin.token}` } });
    assert.equal(Buffer.from(await file.arrayBuffer()).toString("base64"), SHOP);

    await admin.expect(409, "POST", CERTIFICATES, form({ alias, endpoint: "other.example.org", certificate: PEM }));
    await admin.expect(409, "POST", CERTIFICATES, form({ alias: `${alias}2`, endpoint: `https://${host}`, certificate: PEM }));
    await admin.expect(200, "PUT", `${CERTIFICATES}/${alias}`, form({ certificate: PEM }));
    await admin.expect(200, "DELETE", `${CERTIFICATES}/${alias}`);
    await admin.expect(404, "GET", `${CERTIFICATES}/${alias}`);
  });

  it("that is none, has ended or belongs nowhere is refused by name", async () => {
    const good = { alias: fresh("cert-"), endpoint: "up.example.org", certificate: PEM };
    for (const [parts, place] of [
      [{ ...good, certificate: "nonsense" }, "certificate"],
      [{ ...good, alias: "a b" }, "alias"],
      [{ ...good, endpoint: "ftp://up.example.org" }, "endpoint"],
      [{ alias: good.alias, certificate: PEM }, "endpoint"],
      [{ alias: good.alias, endpoint: good.endpoint }, "certificate"],
    ]) {
      const { body } = await admin.expect(400, "POST", CERTIFICATES, form(parts));
      assert.match(JSON.stringify(body), new RegExp(place));
    }
    await admin.expect(415, "POST", CERTIFICATES, good);
  });
});
