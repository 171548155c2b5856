// What is decided at the desk holds at the gateway within seconds, however many decide at once.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { DEVPORTAL, ORIGIN, PUBLISHER, administrator, change, deploy, fresh, makeApi, nobody } from "./manage.mjs";
import { startUpstream, within } from "./platform.mjs";

const CROWD = 12;
let admin, upstream, apis, application, secret;

before(async () => {
  ({ admin } = await administrator());
  upstream = await startUpstream();
  const endpoint = { url: upstream.url };
  const endpointConfig = { endpoint_type: "http", production_endpoints: endpoint };
  apis = await Promise.all(
    Array.from({ length: CROWD }, async () => {
      const api = await makeApi(admin, { endpointConfig, operations: [{ verb: "GET", target: "/pets" }] });
      await deploy(admin, api);
      await change(admin, api, "Publish");
      return api;
    }),
  );
  const body = { name: fresh("Crowd"), throttlingPolicy: "Unlimited" };
  application = (await admin.expect(201, "POST", `${DEVPORTAL}/applications`, body)).body.applicationId;
  const wanted = { keyType: "PRODUCTION", grantTypesToBeSupported: ["client_credentials"], validityTime: 3600 };
  secret = (await admin.expect(200, "POST", `${DEVPORTAL}/applications/${application}/generate-keys`, wanted)).body;
});

after(() => upstream?.close());

const call = (api, token = secret.token.accessToken) =>
  nobody.send("GET", `${api.context}/1.0.0/pets`, undefined, { authorization: `Bearer ${token}` });

const soon = (api, status) =>
  within(5_000, `${api.name} answers ${status}`, async () => (await call(api)).status === status);

describe("the gateway", () => {
  it("knows every API of a crowd, and refuses those without a subscription", async () => {
    await Promise.all(apis.map((api) => soon(api, 403)));
  });

  it("knows every subscription of a crowd", async () => {
    await Promise.all(
      apis.map((api) =>
        admin.expect(201, "POST", `${DEVPORTAL}/subscriptions`, {
          applicationId: application,
          apiId: api.id,
          throttlingPolicy: "Unlimited",
        }),
      ),
    );
    await Promise.all(apis.map((api) => soon(api, 200)));
  });

  it("follows a block, an unblock and a blocked subscription", async () => {
    const [api] = apis;
    await change(admin, api, "Block");
    await soon(api, 503);
    await change(admin, api, "Re-Publish");
    await soon(api, 200);
    const { body } = await admin.expect(200, "GET", `${DEVPORTAL}/subscriptions?apiId=${api.id}`);
    const subscription = body.list.find(({ applicationId }) => applicationId === application).subscriptionId;
    const at = `${PUBLISHER}/subscriptions`;
    await admin.expect(200, "POST", `${at}/block-subscription?blockState=BLOCKED&subscriptionId=${subscription}`);
    await soon(api, 401);
    await admin.expect(200, "POST", `${at}/unblock-subscription?subscriptionId=${subscription}`);
    await soon(api, 200);
  });

  it("forgets what is taken out, retired or given up", async () => {
    const [, out, retired, given] = apis;
    const { body: revisions } = await admin.expect(200, "GET", `${PUBLISHER}/apis/${out.id}/revisions`);
    const revision = revisions.list[0].id;
    await admin.expect(201, "POST", `${PUBLISHER}/apis/${out.id}/undeploy-revision?revisionId=${revision}&allEnvironments=true`, []);
    await soon(out, 404);
    await change(admin, retired, "Deprecate");
    await soon(retired, 200);
    await change(admin, retired, "Retire");
    await soon(retired, 404);
    const { body } = await admin.expect(200, "GET", `${DEVPORTAL}/subscriptions?apiId=${given.id}`);
    await admin.expect(200, "DELETE", `${DEVPORTAL}/subscriptions/${body.list[0].subscriptionId}`);
    await soon(given, 403);
  });

  it("refuses the tokens of an application that is gone", async () => {
    const api = apis[4];
    await soon(api, 200);
    await admin.expect(200, "DELETE", `${DEVPORTAL}/applications/${application}`);
    await soon(api, 401);
  });
});

describe("a change by session cookie", () => {
  it("comes from our own pages only", async () => {
    const signIn = await nobody.send("POST", "/session", {
      username: process.env.POSTERN_ADMIN_USER,
      password: process.env.POSTERN_ADMIN_PASSWORD,
    }, { origin: ORIGIN, "x-postern-csrf": "1", "sec-fetch-site": "same-origin" });
    assert.equal(signIn.status, 200, signIn.text);
    const cookie = signIn.headers.getSetCookie()[0].split(";")[0];
    await nobody.expect(200, "GET", `${PUBLISHER}/apis`, undefined, { cookie });
    const body = { name: fresh("Cookie"), throttlingPolicy: "Unlimited" };
    const create = (status, headers) => nobody.expect(status, "POST", `${DEVPORTAL}/applications`, body, { cookie, ...headers });
    await create(403, {});
    await create(403, { "x-postern-csrf": "1", origin: "https://evil.example.org" });
    await create(403, { "x-postern-csrf": "1", "sec-fetch-site": "cross-site" });
    await create(201, { "x-postern-csrf": "1", origin: ORIGIN, "sec-fetch-site": "same-origin" });
    await nobody.expect(401, "GET", `${PUBLISHER}/apis`, undefined, { cookie: "__Host-postern-session=nonsense" });
  });
});
