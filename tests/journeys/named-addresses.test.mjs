// Addresses that users name, on a platform whose operator keeps its own network to itself: whatever form an address has and
// wherever it is named, nobody is sent to a listener on loopback.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { OwnPlatform } from "./own-platform.mjs";
import { Office, named } from "./throttled.mjs";

const platform = new OwnPlatform({}, { isPublic: true });
const hits = [];
let office, canary, port;

before(async () => {
  canary = createServer((request, response) => {
    hits.push(request.url);
    response.end('{"openapi":"3.0.3","info":{"title":"Canary","version":"1"},"paths":{}}');
  });
  await new Promise((listening) => canary.listen(0, "::", listening));
  ({ port } = canary.address());
  await platform.start();
  office = await new Office(platform).enter();
  // The canary sings.
  assert.equal((await fetch(`http://127.0.0.1:${port}/known`)).status, 200);
  assert.equal((await fetch(`http://[::1]:${port}/known`)).status, 200);
  hits.length = 0;
});

after(() => {
  platform.remove();
  canary?.closeAllConnections();
  canary?.close();
});

/** Hosts that are this machine, or a network that is not the Internet. */
const HOSTS = [
  "127.0.0.1", "localhost", "LOCALHOST", "localhost.", "foo.localhost", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0x7f.1",
  "017700000001", "0177.0.0.1", "0", "0.0.0.0", "127.255.255.254", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
  "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[2001:0:7f00:1:0:0:80ff:fffe]", "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]",
  "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "100.64.0.1", "169.254.169.254", "169.254.170.2", "192.0.0.1", "198.18.0.1", "224.0.0.1",
  "240.0.0.1", "255.255.255.255", "intranet", "db.internal", "printer.local", "metadata.google.internal", "%31%32%37.0.0.1", "①②⑦.⓪.⓪.①", "127。0。0。1",
  "127.0.0.1%00.example.com", "[::1%25lo]",
];

const FORMS = () => [
  ...HOSTS.map((host) => `http://${host}:${port}/x`),
  ...["127.0.0.1", "localhost", "[::1]"].flatMap((host) => [
    `https://${host}:${port}/x`, `HTTP://${host}:${port}/x`, `http:${host}:${port}/x`, `http:/${host}:${port}/x`, `http:///${host}:${port}/x`,
    `http:\\\\${host}:${port}\\x`, `//${host}:${port}/x`, `http://a@${host}:${port}/x`, `http://1.1.1.1@${host}:${port}/x`,
    `http://${host}:${port}\\@1.1.1.1/x`, ` http://${host}:${port}/x`, `http://${host}\t:${port}/x`, `ht\ntp://${host}:${port}/x`,
    `ftp://${host}:${port}/x`, `gopher://${host}:${port}/x`, `file://${host}/etc/passwd`,
  ]),
  "data:application/json,{}", "javascript:alert(1)", "blob:http://localhost/x", "about:blank", "file:///etc/passwd", "unix:/tmp/x",
];

const send = async (method, path, body) => {
  const isForm = body instanceof FormData;
  const headers = { ...office.bearer, ...(body && !isForm && { "content-type": "application/json" }) };
  const answer = await fetch(platform.origin + path, { method, headers, body: isForm || !body ? body : JSON.stringify(body) });
  return { status: answer.status, text: await answer.text() };
};
const form = (fields) => {
  const made = new FormData();
  for (const [name, value] of Object.entries(fields)) made.set(name, value);
  return made;
};

const PUBLISHER = "/api/am/publisher/v4";
const api = (endpointConfig, more = {}) => {
  const name = named("Walled");
  return { name, version: "1", context: `/${name.toLowerCase()}`, policies: ["Unlimited"], endpointConfig: { endpoint_type: "http", ...endpointConfig }, ...more };
};
const public_ = { production_endpoints: { url: "https://upstream.example.org" } };

/** Where an address is named; whoever names it is refused, or told that nothing is there. */
const FIELDS = {
  "an upstream": (url) => send("POST", `${PUBLISHER}/apis`, api({ production_endpoints: { url } })),
  "an upstream for trials": (url) => send("POST", `${PUBLISHER}/apis`, api({ ...public_, sandbox_endpoints: { url } })),
  "a member that shares the calls": (url) =>
    send("POST", `${PUBLISHER}/apis`, api({ endpoint_type: "load_balance", production_endpoints: [{ url: "https://upstream.example.org" }, { url }] })),
  "a stand-in": (url) => send("POST", `${PUBLISHER}/apis`, api({ endpoint_type: "failover", ...public_, production_failovers: [{ url }] })),
  "a token endpoint of an upstream": (url) => {
    const production = { enabled: true, type: "OAUTH", grantType: "CLIENT_CREDENTIALS", tokenUrl: url, clientId: "c", clientSecret: "s", customParameters: {} };
    return send("POST", `${PUBLISHER}/apis`, api({ ...public_, endpoint_security: { production } }));
  },
  "an upstream that is tried": (url) => send("POST", `${PUBLISHER}/apis/validate-endpoint?endpointUrl=${encodeURIComponent(url)}`),
  "a definition that is looked at": (url) => send("POST", `${PUBLISHER}/apis/validate-openapi`, form({ url })),
  "a definition to import": (url) => {
    const { endpointConfig, ...properties } = api(public_);
    return send("POST", `${PUBLISHER}/apis/import-openapi`, form({ url, additionalProperties: JSON.stringify({ ...properties, endpointConfig }) }));
  },
  "a WSDL": (url) => send("POST", `${PUBLISHER}/apis/validate-wsdl`, form({ url })),
  "an AsyncAPI document": (url) => send("POST", `${PUBLISHER}/apis/validate-asyncapi`, form({ url })),
  "metadata of a key manager": (url) => send("POST", "/api/am/admin/v4/key-managers/discover", form({ url })),
  "keys of a key manager": (url) =>
    send("POST", "/api/am/admin/v4/key-managers", { name: named("Km"), type: "custom", enabled: true, issuer: `https://${named("id")}.example.org`, certificates: { type: "JWKS", value: url } }),
  "a webhook": (url) => send("POST", "/api/am/analytics/v1/alerts/webhooks", { name: named("hook"), url }),
};

describe("an address that is not on the Internet", () => {
  for (const [what, name] of Object.entries(FIELDS)) {
    test(`is nobody's way in as ${what}`, { timeout: 120_000 }, async () => {
      const forms = FORMS();
      assert.ok(forms.length >= 100, `${forms.length} forms`);
      const taken = [];
      for (const url of forms) {
        const { status, text } = await name(url);
        assert.ok(status < 500, `${url}: ${status} ${text.slice(0, 200)}`);
        if (status < 400 && !/"(isValid|statusCode)":(false|0)/.test(text)) taken.push(`${url}: ${text.slice(0, 120)}`);
      }
      assert.deepEqual(hits, [], "the canary was called");
      assert.deepEqual(taken, []);
    });
  }
});

test("an operation policy leads nowhere else either", async () => {
  for (const url of FORMS()) {
    const callOut = { policyName: "callOut", policyVersion: "v1", parameters: { url } };
    const operations = [{ verb: "GET", target: "/*", authType: "None", throttlingPolicy: "Unlimited", operationPolicies: { request: [callOut] } }];
    const made = await send("POST", `${PUBLISHER}/apis`, api(public_, { operations }));
    assert.ok(made.status < 500, made.text);
    if (made.status >= 400) continue;
    const { id } = JSON.parse(made.text);
    const revision = JSON.parse((await send("POST", `${PUBLISHER}/apis/${id}/revisions`, { description: "" })).text);
    const deployed = await send("POST", `${PUBLISHER}/apis/${id}/deploy-revision?revisionId=${revision.id}`, [{ name: "Default", vhost: "localhost", displayOnDevportal: true }]);
    assert.equal(deployed.status, 400, `${url}: ${deployed.text.slice(0, 200)}`);
  }
  assert.deepEqual(hits, []);
});
