// What administrators decide: approvals, the organization's configuration, scopes and roles, owners, environments.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ADMIN, DEVPORTAL, PUBLISHER, administrator, change, deploy, enter, fresh, makeApi, nobody, publishApi, somebody } from "./manage.mjs";
import { within } from "./platform.mjs";
import { serve } from "./serve.mjs";

let admin, client, consumer, other, api;

before(async () => {
  const entered = await administrator();
  ({ admin, client } = entered);
  consumer = await somebody(admin, entered.client, ["Internal/subscriber"]);
  other = await somebody(admin, entered.client, ["Internal/subscriber"]);
  api = await publishApi(admin);
});

after(() => configure({}));

const configure = (config) => admin.expect(200, "PUT", `${ADMIN}/tenant-config`, config);
const application = (person, more = {}) =>
  person.expect(201, "POST", `${DEVPORTAL}/applications`, { name: fresh("shop"), throttlingPolicy: "Unlimited", ...more });
const subscribe = (person, id, status = 201) =>
  person.expect(status, "POST", `${DEVPORTAL}/subscriptions`, { applicationId: id, apiId: api.id, throttlingPolicy: "Unlimited" });

/** The task that waits about something of this person. */
async function task(kind, word) {
  const { body } = await admin.expect(200, "GET", `${ADMIN}/workflows?workflowType=${kind}&limit=100`);
  return body.list.find(({ description }) => description.includes(word));
}
const decide = (id, status, expected = 200) =>
  admin.expect(expected, "POST", `${ADMIN}/workflows/update-workflow-status?workflowReferenceId=${id}`, { status, description: "because" });

describe("approvals", () => {
  it("hold applications and subscriptions back until an administrator decides, once", async () => {
    await configure({ Workflows: { ApplicationCreation: "APPROVAL", SubscriptionCreation: "APPROVAL" } });
    const { body: shop } = await application(consumer);
    assert.equal(shop.status, "CREATED");
    assert.equal((await subscribe(consumer, shop.applicationId, 400)).body.code, 900309);
    const waiting = await task("APPLICATION_CREATION", shop.name);
    await decide(waiting.referenceId, "APPROVED");
    assert.equal((await decide(waiting.referenceId, "REJECTED", 400)).body.code, 900552);
    const { body: subscription } = await subscribe(consumer, shop.applicationId);
    assert.equal(subscription.status, "ON_HOLD");
    await decide((await task("SUBSCRIPTION_CREATION", shop.name)).referenceId, "APPROVED");
    const at = `${DEVPORTAL}/subscriptions/${subscription.subscriptionId}`;
    assert.equal((await consumer.expect(200, "GET", at)).body.status, "UNBLOCKED");

    await configure({ Workflows: { SubscriptionUpdate: "APPROVAL" } });
    const wish = { applicationId: shop.applicationId, apiId: api.id, throttlingPolicy: "Gold" };
    const pending = (await consumer.expect(200, "PUT", at, wish)).body;
    assert.deepEqual([pending.status, pending.throttlingPolicy, pending.requestedThrottlingPolicy], ["TIER_UPDATE_PENDING", "Unlimited", "Gold"]);
    await decide((await task("SUBSCRIPTION_UPDATE", api.name)).referenceId, "REJECTED");
    assert.equal((await consumer.expect(200, "GET", at)).body.throttlingPolicy, "Unlimited");
    await consumer.expect(200, "PUT", at, wish);
    await decide((await task("SUBSCRIPTION_UPDATE", api.name)).referenceId, "APPROVED");
    const done = (await consumer.expect(200, "GET", at)).body;
    assert.deepEqual([done.status, done.throttlingPolicy], ["UNBLOCKED", "Gold"]);
  });

  it("hold changes and ends of applications and subscriptions back, which stay in force meanwhile", async () => {
    await configure({});
    const { body: shop } = await application(consumer);
    const at = `${DEVPORTAL}/applications/${shop.applicationId}`;
    const { body: subscription } = await subscribe(consumer, shop.applicationId);
    const subscribed = `${DEVPORTAL}/subscriptions/${subscription.subscriptionId}`;
    await configure({ Workflows: { ApplicationUpdate: "APPROVAL", ApplicationDeletion: "APPROVAL", SubscriptionDeletion: "APPROVAL" } });

    const wish = { name: fresh("Renamed"), throttlingPolicy: "Unlimited", description: "another" };
    const status = async (path) => (await consumer.expect(200, "GET", path)).body.status;
    for (const decision of ["REJECTED", "APPROVED"]) {
      const pending = (await consumer.expect(200, "PUT", at, wish)).body;
      assert.deepEqual([pending.status, pending.name], ["UPDATE_PENDING", shop.name]);
      // Asked twice, it waits once.
      await consumer.expect(200, "PUT", at, wish);
      const { list } = (await admin.expect(200, "GET", `${ADMIN}/workflows?workflowType=APPLICATION_UPDATE&limit=100`)).body;
      const mine = list.filter(({ description }) => description.includes(shop.name));
      assert.equal(mine.length, 1);
      assert.equal(mine[0].properties.change.name, wish.name);
      await decide(mine[0].referenceId, decision);
      const after = (await consumer.expect(200, "GET", at)).body;
      assert.deepEqual([after.status, after.name], ["APPROVED", decision === "APPROVED" ? wish.name : shop.name]);
    }
    // A name that was free when it was asked for.
    const taken = fresh("Taken");
    await consumer.expect(200, "PUT", at, { ...wish, name: taken });
    await application(consumer, { name: taken });
    assert.equal((await decide((await task("APPLICATION_UPDATE", wish.name)).referenceId, "APPROVED", 409)).body.code, 900301);
    await decide((await task("APPLICATION_UPDATE", wish.name)).referenceId, "REJECTED");

    for (const decision of ["REJECTED", "APPROVED"]) {
      assert.equal((await consumer.expect(202, "DELETE", subscribed)).body.workflowStatus, "CREATED");
      assert.equal(await status(subscribed), "DELETE_PENDING");
      const ending = await admin.expect(200, "GET", `${PUBLISHER}/subscriptions?apiId=${api.id}&query=status:DELETE_PENDING`);
      assert.deepEqual(ending.body.list.map(({ subscriptionStatus }) => subscriptionStatus), ["DELETE_PENDING"]);
      await decide((await task("SUBSCRIPTION_DELETION", wish.name)).referenceId, decision);
      if (decision === "REJECTED") assert.equal(await status(subscribed), "UNBLOCKED");
      else await consumer.expect(404, "GET", subscribed);
    }
    for (const decision of ["REJECTED", "APPROVED"]) {
      assert.equal((await consumer.expect(202, "DELETE", at)).body.workflowStatus, "CREATED");
      assert.equal(await status(at), "DELETE_PENDING");
      await decide((await task("APPLICATION_DELETION", wish.name)).referenceId, decision);
      if (decision === "REJECTED") assert.equal(await status(at), "APPROVED");
      else await consumer.expect(404, "GET", at);
    }
    await configure({});
  });

  it("hold keys back, whose secret only their owner sees", async () => {
    await configure({ Workflows: { ProductionApplicationRegistration: "APPROVAL", SandboxApplicationRegistration: "APPROVAL" } });
    const { body: shop } = await application(consumer);
    const at = `${DEVPORTAL}/applications/${shop.applicationId}`;
    const generate = (keyType) =>
      consumer.expect(200, "POST", `${at}/generate-keys`, { keyType, grantTypesToBeSupported: ["client_credentials"] });
    const states = async () => (await consumer.expect(200, "GET", `${at}/oauth-keys`)).body.list.map(({ keyType, keyState, consumerKey }) => [keyType, keyState, Boolean(consumerKey)]);
    for (const keyType of ["PRODUCTION", "SANDBOX"]) {
      const kind = `APPLICATION_REGISTRATION_${keyType}`;
      for (let count = 0; count < 2; count += 1) {
        const { body } = await generate(keyType);
        assert.deepEqual([body.keyState, body.consumerKey, body.consumerSecret], ["CREATED", undefined, undefined]);
      }
      await decide((await task(kind, shop.name)).referenceId, "REJECTED");
      assert.ok((await states()).some(([type, state]) => type === keyType && state === "REJECTED"));
      await generate(keyType);
      await decide((await task(kind, shop.name)).referenceId, "APPROVED");
      assert.equal(await task(kind, shop.name), undefined);
      const { body } = await generate(keyType);
      assert.ok(body.consumerKey && body.consumerSecret && body.keyState === "APPROVED", JSON.stringify(body));
      const again = await consumer.expect(409, "POST", `${at}/generate-keys`, { keyType, grantTypesToBeSupported: ["client_credentials"] });
      assert.equal(again.body.code, 900951);
    }
    assert.deepEqual((await states()).sort(), [["PRODUCTION", "APPROVED", true], ["SANDBOX", "APPROVED", true]]);
    // What was approved once is used up: other keys are asked for again.
    const { list } = (await consumer.expect(200, "GET", `${at}/oauth-keys`)).body;
    await consumer.expect(200, "DELETE", `${at}/oauth-keys/${list.find(({ keyType }) => keyType === "SANDBOX").keyMappingId}`);
    assert.equal((await generate("SANDBOX")).body.keyState, "CREATED");
    await configure({});
  });

  it("are asked no more about what is gone", async () => {
    await configure({ Workflows: { ApplicationCreation: "APPROVAL" } });
    const { body: shop } = await application(consumer);
    const waiting = await task("APPLICATION_CREATION", shop.name);
    await consumer.expect(200, "DELETE", `${DEVPORTAL}/applications/${shop.applicationId}`);
    assert.equal((await decide(waiting.referenceId, "APPROVED", 404)).body.code, 900551);
    await configure({});
  });
});

describe("approvals of what publishers do", () => {
  const publisher = `${PUBLISHER}/apis`;
  const state = async (id) => (await admin.expect(200, "GET", `${publisher}/${id}/lifecycle-state`)).body.state;

  it("hold a step of the lifecycle back, and take it when it is approved", async () => {
    const mine = await makeApi(admin);
    await deploy(admin, mine);
    await configure({ Workflows: { ApiState: "APPROVAL" } });
    const asked = (await change(admin, mine, "Publish")).body;
    assert.deepEqual([asked.workflowStatus, asked.lifecycleState.state], ["CREATED", "Created"]);
    assert.equal((await admin.expect(200, "GET", `${publisher}/${mine.id}`)).body.workflowStatus, "CREATED");
    await admin.expect(200, "DELETE", `${publisher}/${mine.id}/lifecycle-state/pending-tasks`);
    assert.equal(await task("API_STATE", mine.name), undefined);
    await change(admin, mine, "Publish");
    await decide((await task("API_STATE", mine.name)).referenceId, "REJECTED");
    assert.equal(await state(mine.id), "Created");
    await change(admin, mine, "Publish");
    await decide((await task("API_STATE", mine.name)).referenceId, "APPROVED");
    assert.equal(await state(mine.id), "Published");
    await change(admin, mine, "Demote to Created");
    await admin.expect(200, "DELETE", `${publisher}/${mine.id}`);
    assert.equal(await task("API_STATE", mine.name), undefined, "an API that is gone waits for nobody");
    await configure({});
  });

  it("hold a revision back from an environment", async () => {
    const mine = await makeApi(admin);
    const at = `${publisher}/${mine.id}`;
    await configure({ Workflows: { RevisionDeployment: "APPROVAL" } });
    const revision = await deploy(admin, mine);
    const running = async () => (await admin.expect(200, "GET", `${at}/deployments`)).body.list.map(({ name, status }) => [name, status]);
    assert.deepEqual(await running(), [["Default", "CREATED"]]);
    await admin.expect(200, "DELETE", `${at}/cancel-revision-workflow/${revision.id}/Default`);
    await admin.expect(404, "DELETE", `${at}/cancel-revision-workflow/${revision.id}/Default`);
    assert.deepEqual(await running(), []);
    const places = [{ name: "Default", vhost: "localhost", displayOnDevportal: true }];
    for (const status of ["REJECTED", "APPROVED"]) {
      await admin.expect(201, "POST", `${at}/deploy-revision?revisionId=${revision.id}`, places);
      await decide((await task("REVISION_DEPLOYMENT", mine.name)).referenceId, status);
      assert.deepEqual(await running(), status === "APPROVED" ? [["Default", "APPROVED"]] : []);
    }
    await configure({});
  });

  it("are made by publishers where they are about subscriptions, and nothing else", async () => {
    await configure({ Workflows: { SubscriptionCreation: "APPROVAL", ApplicationCreation: "APPROVAL" } });
    const { body: shop } = await application(consumer);
    const created = await task("APPLICATION_CREATION", shop.name);
    assert.equal((await admin.expect(404, "GET", `${PUBLISHER}/workflows/${created.referenceId}`)).body.code, 900551);
    await decide(created.referenceId, "APPROVED");
    const { body: subscription } = await subscribe(consumer, shop.applicationId);
    const { body } = await admin.expect(200, "GET", `${PUBLISHER}/workflows?workflowType=AM_SUBSCRIPTION_CREATION&limit=100`);
    const waiting = body.list.find(({ description }) => description.includes(shop.name));
    await admin.expect(200, "POST", `${PUBLISHER}/workflows/update-workflow-status?workflowReferenceId=${waiting.referenceId}`, { status: "APPROVED" });
    assert.equal((await consumer.expect(200, "GET", `${DEVPORTAL}/subscriptions/${subscription.subscriptionId}`)).body.status, "UNBLOCKED");
    await configure({});
  });

  it("are made outside by who is told with a signature, and calls back", async () => {
    const told = [];
    const server = await serve(async (request, response) => {
      let text = "";
      for await (const part of request) text += part;
      told.push({ headers: request.headers, body: JSON.parse(text) });
      response.writeHead(204).end();
    });
    try {
      const alerts = "/api/am/analytics/v1/alerts";
      const hook = (await admin.expect(201, "POST", `${alerts}/webhooks`, { name: fresh("desk"), url: `${server.url}/` })).body;
      await admin.expect(400, "PUT", `${ADMIN}/tenant-config`, { Workflows: { ApplicationCreation: "HTTP" } });
      await admin.expect(400, "PUT", `${ADMIN}/tenant-config`, { Workflows: { ApplicationCreation: "HTTP", Webhook: "unknown" } });
      await configure({ Workflows: { ApplicationCreation: "HTTP", Webhook: hook.id } });
      const { body: shop } = await application(consumer);
      assert.equal(shop.status, "CREATED");
      const mine = () => told.find(({ body }) => body.data.properties.applicationName === shop.name);
      await within(90_000, "the desk is told", async () => {
        await admin.expect(200, "POST", `${alerts}/evaluate`);
        return mine();
      });
      const { headers, body } = mine();
      assert.match(headers["webhook-signature"], /^v1,/);
      assert.deepEqual([body.type, body.data.workflowType, body.data.createdBy], ["workflow.created", "APPLICATION_CREATION", consumer.name]);
      const back = new URL(body.data.callbackUrl);
      await nobody.expect(401, "POST", back.pathname + back.search, { status: "APPROVED" });
      await admin.expect(200, "POST", back.pathname + back.search, { status: "APPROVED" });
      assert.equal((await consumer.expect(200, "GET", `${DEVPORTAL}/applications/${shop.applicationId}`)).body.status, "APPROVED");
    } finally {
      await configure({});
      server.close();
    }
  });
});

describe("an alias of a role", () => {
  it("may be granted what the role may be, as long as it is one", async () => {
    const at = `${ADMIN}/system-scopes/role-aliases`;
    const role = fresh("creators");
    await admin.expect(201, "POST", `${ADMIN}/roles`, { name: role });
    const maker = await somebody(admin, client, [role]);
    const may = async () => (await admin.send("GET", `${ADMIN}/system-scopes/apim:api_create?username=${maker.name}`)).status === 200;
    assert.equal(await may(), false);
    await maker.expect(403, "POST", `${PUBLISHER}/apis`, {});
    const kept = (await admin.expect(200, "PUT", at, { list: [{ role: "Internal/creator", aliases: [role, "Internal/creator"] }] })).body;
    assert.deepEqual(kept, { count: 1, list: [{ role: "Internal/creator", aliases: [role] }] });
    assert.equal(await may(), true);
    const again = await enter(client, maker.name, maker.password);
    await again.expect(400, "POST", `${PUBLISHER}/apis`, {});
    for (const bad of [{ list: [{ role: "unknown", aliases: [] }] }, { list: [{ role: "admin", aliases: ["unknown"] }] }, { list: 7 }]) {
      await admin.expect(400, "PUT", at, bad);
    }
    await admin.expect(200, "PUT", at, { list: [] });
    assert.equal(await may(), false);
    await admin.expect(200, "GET", at);
  });
});

describe("organizations", () => {
  it("see the APIs that are for them, and nobody else does", async () => {
    const role = fresh("acme");
    const made = await admin.expect(201, "POST", `${ADMIN}/organizations`, { externalOrganizationId: role, displayName: "Acme", description: "Buys" });
    const at = made.headers.get("location");
    assert.equal(at, `${ADMIN}/organizations/${made.body.organizationId}`);
    await admin.expect(409, "POST", `${ADMIN}/organizations`, { externalOrganizationId: role });
    for (const bad of [{ externalOrganizationId: "admin" }, { externalOrganizationId: "a b" }, {}, { externalOrganizationId: role, displayName: "" }]) {
      await admin.expect(400, "POST", `${ADMIN}/organizations`, bad);
    }
    const member = await somebody(admin, client, ["Internal/subscriber", role]);
    const [theirs, others] = [await publishApi(admin, { visibleOrganizations: [made.body.organizationId] }), await publishApi(admin, { visibleOrganizations: ["none"] })];
    const sees = async (person, { id, name }) => {
      const { status } = await person.send("GET", `${DEVPORTAL}/apis/${id}`);
      const { body } = await person.expect(200, "GET", `${DEVPORTAL}/apis?query=name:"${name}"`);
      const found = await person.expect(200, "GET", `${DEVPORTAL}/search?query=${name}`);
      // A search finds its definition too.
      assert.deepEqual([body.count, found.body.count > 0], status === 200 ? [1, true] : [0, false]);
      return status === 200;
    };
    assert.deepEqual([await sees(member, theirs), await sees(consumer, theirs), await sees(nobody, theirs)], [true, false, false]);
    assert.deepEqual([await sees(member, others), await sees(consumer, others), await sees(nobody, others)], [false, true, true]);
    assert.deepEqual((await member.expect(200, "GET", `${DEVPORTAL}/me/organization-information`)).body, { organizationId: made.body.organizationId, name: "Acme" });
    assert.ok((await admin.expect(200, "GET", `${PUBLISHER}/organizations`)).body.list.some(({ externalOrganizationId }) => externalOrganizationId === role));

    await admin.expect(409, "DELETE", at);
    const now = (await admin.expect(200, "GET", `${PUBLISHER}/apis/${theirs.id}`)).body;
    assert.match((await admin.expect(400, "PUT", `${PUBLISHER}/apis/${theirs.id}`, { ...now, visibleOrganizations: ["unknown"] })).text, /visibleOrganizations\[0\]/);
    await admin.expect(200, "PUT", `${PUBLISHER}/apis/${theirs.id}`, { ...now, visibleOrganizations: [] });
    assert.equal(await sees(consumer, theirs), true);
    assert.equal((await admin.expect(200, "PUT", at, { externalOrganizationId: role, displayName: "Acme AG" })).body.displayName, "Acme AG");
    await admin.expect(200, "DELETE", at);
    await admin.expect(404, "GET", at);
  });
});

describe("the configuration", () => {
  it("makes applications say what the organization wants to know", async () => {
    const attribute = fresh("Centre ");
    await configure({ ApplicationAttributes: [{ attribute, required: true }] });
    const { body } = await consumer.expect(200, "GET", `${DEVPORTAL}/settings/application-attributes`);
    assert.deepEqual(body.list.map(({ attribute, required }) => [attribute, required]), [[attribute, "true"]]);
    const refused = await consumer.expect(400, "POST", `${DEVPORTAL}/applications`, { name: fresh("shop"), throttlingPolicy: "Unlimited" });
    assert.equal(refused.body.code, 900970);
    await application(consumer, { attributes: { [attribute]: "7" } });
    await configure({});
  });

  it("is changed by one at a time, and only to what has an effect", async () => {
    const current = await admin.expect(200, "GET", `${ADMIN}/tenant-config`);
    const etag = { "if-match": current.headers.get("etag") };
    await admin.expect(200, "PUT", `${ADMIN}/tenant-config`, {}, etag);
    await admin.expect(412, "PUT", `${ADMIN}/tenant-config`, {}, etag);
    await admin.expect(400, "PUT", `${ADMIN}/tenant-config`, { EnableMonetization: true });
    await admin.expect(200, "GET", `${ADMIN}/tenant-config-schema`);
  });

  it("tells an organization, and no other, where its developer portal is", async () => {
    const { tenantDomain } = (await admin.expect(200, "GET", `${ADMIN}/tenant-info/${encodeURIComponent(process.env.POSTERN_ADMIN_USER)}`)).body;
    const { body } = await admin.expect(200, "GET", `${ADMIN}/custom-urls/${tenantDomain}`);
    assert.equal(body.enabled, false);
    assert.equal((await fetch(body.devPortal.url)).status, 200);
    await admin.expect(404, "GET", `${ADMIN}/custom-urls/${fresh("elsewhere")}`);
  });
});

describe("owners", () => {
  it("of applications change, with their keys, and nobody else's name is taken", async () => {
    const { body: shop } = await application(consumer);
    const at = `${ADMIN}/applications/${shop.applicationId}`;
    await admin.expect(400, "POST", `${at}/change-owner?owner=${fresh("ghost")}`);
    const twin = (await application(other)).body;
    const mine = `${DEVPORTAL}/applications/${shop.applicationId}`;
    await admin.expect(200, "POST", `${at}/change-owner?owner=${other.name}`);
    await consumer.expect(404, "GET", mine);
    assert.equal((await other.expect(200, "GET", mine)).body.owner, other.name);
    const again = (await application(consumer, { name: twin.name })).body;
    const clash = await admin.expect(409, "POST", `${ADMIN}/applications/${again.applicationId}/change-owner?owner=${other.name}`);
    assert.equal(clash.body.code, 900301);
    const listed = await admin.expect(200, "GET", `${ADMIN}/applications?user=${other.name}`);
    assert.equal(listed.body.count, 2);
    await admin.expect(200, "DELETE", at);
    await other.expect(404, "GET", mine);
  });

  it("of APIs are people who may have some", async () => {
    assert.equal((await admin.expect(400, "POST", `${ADMIN}/apis/${api.id}/change-provider?provider=${consumer.name}`)).body.code, 900703);
    await admin.expect(200, "POST", `${ADMIN}/apis/${api.id}/change-provider?provider=${admin.name}`);
    const { body } = await admin.expect(200, "GET", `${ADMIN}/apis?query=${api.name}`);
    assert.deepEqual(body.apis.map(({ id }) => id), [api.id]);
  });
});

describe("scopes and roles", () => {
  it("are put together by administrators, who cannot lock themselves out", async () => {
    const { body } = await admin.expect(200, "GET", `${ADMIN}/system-scopes`);
    const scope = body.list.find(({ name }) => name === "apim:api_key");
    await admin.expect(200, "PUT", `${ADMIN}/system-scopes`, { list: [{ ...scope, roles: [...scope.roles, "Internal/observer"] }] });
    const changed = (await admin.expect(200, "GET", `${ADMIN}/system-scopes`)).body.list.find(({ name }) => name === "apim:api_key");
    assert.ok(changed.roles.includes("Internal/observer"));
    await admin.expect(200, "PUT", `${ADMIN}/system-scopes`, { list: [scope] });
    const log = (await admin.expect(200, "GET", `${ADMIN}/audit-log?action=system-scope.update&subject=apim:api_key&limit=1`)).body.list[0];
    const entry = (await admin.expect(200, "GET", `${ADMIN}/audit-log/${log.id}`)).body;
    assert.ok(entry.before.roles.includes("Internal/observer") && !entry.after.roles.includes("Internal/observer"));
    await admin.expect(400, "PUT", `${ADMIN}/system-scopes`, { list: [{ name: "apim:admin", roles: ["Internal/observer"] }] });
    await admin.expect(400, "PUT", `${ADMIN}/system-scopes`, { list: [{ name: "apim:api_key", roles: ["ghosts"] }] });
    await admin.expect(200, "GET", `${ADMIN}/system-scopes/apim:subscribe?username=${consumer.name}`);
    await admin.expect(404, "GET", `${ADMIN}/system-scopes/apim:admin?username=${consumer.name}`);
    assert.equal((await admin.send("HEAD", `${ADMIN}/roles/${Buffer.from("Internal/creator").toString("base64url")}`)).status, 200);
    assert.equal((await admin.send("HEAD", `${ADMIN}/roles/ghosts`)).status, 404);
  });
});

describe("environments", () => {
  it("are made, run APIs, and stay while they do", async () => {
    const name = fresh("env");
    const wish = { name, displayName: "Over there", vhosts: [{ host: `${name}.example.org`, httpContext: "", httpPort: 80, httpsPort: 443 }] };
    const { body } = await admin.expect(201, "POST", `${ADMIN}/environments`, wish);
    await admin.expect(409, "POST", `${ADMIN}/environments`, wish);
    await admin.expect(400, "POST", `${ADMIN}/environments`, { ...wish, name: "../up" });
    const at = `${ADMIN}/environments/${body.id}`;
    const revision = (await admin.expect(201, "POST", `${PUBLISHER}/apis/${api.id}/revisions`, {})).body;
    const place = [{ name, vhost: wish.vhosts[0].host, displayOnDevportal: true }];
    await admin.expect(201, "POST", `${PUBLISHER}/apis/${api.id}/deploy-revision?revisionId=${revision.id}`, place);
    await admin.expect(409, "DELETE", at);
    await admin.expect(409, "PUT", at, { ...wish, vhosts: [{ host: "elsewhere.example.org" }] });
    await admin.expect(201, "POST", `${PUBLISHER}/apis/${api.id}/undeploy-revision?revisionId=${revision.id}`, place);
    await admin.expect(200, "PUT", at, { ...wish, description: "Cold" });
    await admin.expect(200, "DELETE", at);
    assert.equal((await admin.expect(404, "GET", at)).body.code, 900506);
  });
});

describe("a request with an Idempotency-Key", () => {
  it("is carried out once, however often it is sent", async () => {
    const key = { "idempotency-key": fresh("key") };
    const wish = { name: fresh("shop"), throttlingPolicy: "Unlimited" };
    const path = `${DEVPORTAL}/applications`;
    const first = await consumer.expect(201, "POST", path, wish, key);
    const second = await consumer.expect(201, "POST", path, wish, key);
    assert.deepEqual(second.body, first.body);
    assert.equal(second.headers.get("etag"), first.headers.get("etag"));
    assert.equal(second.headers.get("idempotency-replayed"), "true");
    await consumer.expect(409, "POST", path, { ...wish, description: "other" }, key);
    // Somebody else's key of the same name is another one.
    await other.expect(201, "POST", path, wish, key);
    const many = { "idempotency-key": fresh("key") };
    const rush = await Promise.all(Array.from({ length: 8 }, () => consumer.send("POST", path, { ...wish, name: fresh("shop") + "x".repeat(3) }, many)));
    assert.equal(rush.filter(({ status }) => status === 201).length, 1, rush.map(({ text }) => text).join("\n"));
    const keys = `${path}/${first.body.applicationId}/api-keys/PRODUCTION/generate`;
    const secret = { "idempotency-key": fresh("key") };
    await consumer.expect(200, "POST", keys, { keyName: "one", validityPeriod: -1 }, secret);
    await consumer.expect(409, "POST", keys, { keyName: "one", validityPeriod: -1 }, secret);
    await consumer.expect(400, "POST", path, wish, { "idempotency-key": "x".repeat(300) });
  });
});

describe("a password", () => {
  it("is changed by who knows it, which ends every token", async () => {
    const path = `${DEVPORTAL}/me/change-password`;
    await other.expect(400, "POST", path, { currentPassword: "wrong", newPassword: "quite another phrase 7" });
    await other.expect(200, "POST", path, { currentPassword: other.password, newPassword: "quite another phrase 7" });
    await other.expect(401, "GET", `${DEVPORTAL}/applications`);
  });
});

describe("an application with groups", () => {
  it("is worked with by its groups, and given away by its owner only", async () => {
    const role = fresh("team");
    await admin.expect(201, "POST", `${ADMIN}/roles`, { name: role });
    const [ann, bob] = [await somebody(admin, client, ["Internal/subscriber", role]), await somebody(admin, client, ["Internal/subscriber", role])];
    await consumer.expect(400, "POST", `${DEVPORTAL}/applications`, { name: fresh("shop"), throttlingPolicy: "Unlimited", groups: [role] });
    await ann.expect(400, "POST", `${DEVPORTAL}/applications`, { name: fresh("shop"), throttlingPolicy: "Unlimited", groups: ["Internal/subscriber"] });
    const { body: shop } = await application(ann, { groups: [role] });
    const at = `${DEVPORTAL}/applications/${shop.applicationId}`;
    assert.deepEqual((await bob.expect(200, "GET", at)).body.groups, [role]);
    const { body: subscription } = await subscribe(bob, shop.applicationId);
    await ann.expect(200, "GET", `${DEVPORTAL}/subscriptions/${subscription.subscriptionId}`);
    await bob.expect(200, "PUT", at, { name: shop.name, throttlingPolicy: "Unlimited", description: "Ours" });
    assert.equal((await bob.expect(403, "PUT", at, { name: shop.name, throttlingPolicy: "Unlimited", groups: [] })).body.code, 900332);
    assert.equal((await bob.expect(403, "DELETE", at)).body.code, 900333);
    await consumer.expect(404, "GET", at);
    await ann.expect(200, "PUT", at, { name: shop.name, throttlingPolicy: "Unlimited", groups: [] });
    await bob.expect(404, "GET", at);
  });
});
