// What administrators decide: approvals, the organization's configuration, scopes and roles, owners, environments.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ADMIN, DEVPORTAL, PUBLISHER, administrator, fresh, publishApi, somebody } from "./manage.mjs";

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

  it("are asked no more about what is gone", async () => {
    await configure({ Workflows: { ApplicationCreation: "APPROVAL" } });
    const { body: shop } = await application(consumer);
    const waiting = await task("APPLICATION_CREATION", shop.name);
    await consumer.expect(200, "DELETE", `${DEVPORTAL}/applications/${shop.applicationId}`);
    assert.equal((await decide(waiting.referenceId, "APPROVED", 404)).body.code, 900551);
    await configure({});
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
