// The audit log: who, what, before and after, when, from where; and that nobody can have changed it unseen.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { before, describe, it } from "node:test";
import { ADMIN, PUBLISHER, DEVPORTAL, administrator, fresh, makeApi, publishApi, somebody } from "./manage.mjs";

const LOG = `${ADMIN}/audit-log`;
let admin, consumer, publisher;

before(async () => {
  const entered = await administrator();
  admin = entered.admin;
  publisher = await somebody(admin, entered.client, ["Internal/publisher"]);
  consumer = await somebody(admin, entered.client, ["Internal/subscriber"]);
});

describe("the audit log", () => {
  it("tells who changed what from what to what", async () => {
    const api = await makeApi(admin, { description: "The first words" });
    const at = `${PUBLISHER}/apis/${api.id}`;
    await admin.expect(200, "PUT", at, { ...api, description: "Other words" });
    await admin.expect(200, "DELETE", at);
    const { body } = await admin.expect(200, "GET", `${LOG}?subject=${api.id}`);
    assert.deepEqual(body.list.map(({ action }) => action), ["api.delete", "api.update", "api.create"]);
    const [deleted, updated, created] = await Promise.all(
      body.list.map(async ({ id }) => (await admin.expect(200, "GET", `${LOG}/${id}`)).body),
    );
    assert.equal(created.before, null);
    assert.equal(created.after.name, api.name);
    const change = updated.changes.find(({ place }) => place === "body.description");
    assert.deepEqual([change.before, change.after], ["The first words", "Other words"]);
    assert.equal(deleted.after, null);
    assert.equal(deleted.subjectName, api.name);
    assert.ok(updated.address && updated.userAgent && Date.parse(updated.time) > Date.now() - 60_000);
    assert.equal(updated.actor, admin.name);
  });

  it("keeps what people do who are no administrators", async () => {
    const application = { name: fresh("shop"), throttlingPolicy: "Unlimited" };
    const { body } = await consumer.expect(201, "POST", `${DEVPORTAL}/applications`, application);
    const found = await admin.expect(200, "GET", `${LOG}?actor=${consumer.name}&action=application`);
    assert.deepEqual(found.body.list.map(({ subject }) => subject), [body.applicationId]);
    const made = await admin.expect(200, "GET", `${LOG}?action=user.create&limit=1`);
    const user = await admin.expect(200, "GET", `${LOG}/${made.body.list[0].id}`);
    assert.equal(user.body.after.username, consumer.name);
    assert.doesNotMatch(user.text, /argon2/);
  });

  it("leaves nothing of a change that was refused", async () => {
    const api = await makeApi(admin);
    const head = async () => (await admin.expect(200, "GET", `${LOG}?limit=1`)).body.list[0].id;
    const last = await head();
    await admin.expect(409, "POST", `${PUBLISHER}/apis`, { ...api, id: undefined });
    assert.equal(await head(), last);
  });

  it("is one chain that anybody can compute again", async () => {
    const verdict = await admin.expect(200, "GET", `${LOG}/verification`);
    assert.equal(verdict.body.isIntact, true);
    assert.ok(verdict.body.verified > 4);
    const exported = await admin.expect(200, "GET", `${LOG}/export`);
    const links = exported.text.trim().split("\n").map((line) => JSON.parse(line));
    let previous = "";
    for (const { number, entry, seal } of links) {
      const { id, organization, actor, action, subject, at, address, agent, before, after } = entry;
      const text = JSON.stringify([previous, number, id, organization, actor, action, subject, at, address, agent, before, after]);
      assert.equal(createHash("sha256").update(text).digest("hex"), seal, `entry ${number}`);
      previous = seal;
    }
    assert.equal(verdict.body.head, previous);
    const csv = await admin.expect(200, "GET", `${LOG}/export?format=csv`);
    assert.equal(csv.headers.get("content-type"), "text/csv; charset=utf-8");
  });

  it("pages backwards without losing an entry", async () => {
    const seen = [];
    for (let path = `${LOG}?limit=3`; path && seen.length < 9; ) {
      const { body } = await admin.expect(200, "GET", path);
      seen.push(...body.list.map(({ number }) => number));
      path = body.pagination.next;
    }
    assert.deepEqual(seen, seen.map((_, index) => seen[0] - index));
  });

  it("refuses what it cannot filter by", async () => {
    for (const query of ["from=yesterday", "limit=many", "before=-1"]) {
      const { body } = await admin.expect(400, "GET", `${LOG}?${query}`);
      assert.equal(body.code, 900703, query);
    }
    await admin.expect(400, "GET", `${LOG}/export?format=xml`);
    await admin.expect(404, "GET", `${LOG}/0`);
    await consumer.expect(403, "GET", LOG);
  });
});

describe("the changes of one API", () => {
  it("are told to its publishers with those of what belongs to it, and nothing else is", async () => {
    const api = await publishApi(admin);
    const other = await makeApi(admin);
    const at = `${PUBLISHER}/apis/${api.id}`;
    const document = { name: "First steps", type: "HOWTO", sourceType: "MARKDOWN", summary: "Old", inlineContent: "# Begin" };
    const { body: made } = await admin.expect(201, "POST", `${at}/documents`, document);
    await admin.expect(200, "PUT", `${at}/documents/${made.documentId}`, { ...made, summary: "New" });
    await admin.expect(200, "DELETE", `${at}/documents/${made.documentId}`);
    const { body: shop } = await consumer.expect(201, "POST", `${DEVPORTAL}/applications`, { name: fresh("shop"), throttlingPolicy: "Unlimited" });
    const wish = { applicationId: shop.applicationId, apiId: api.id, throttlingPolicy: "Unlimited" };
    await consumer.expect(201, "POST", `${DEVPORTAL}/subscriptions`, wish);

    const { body, text } = await publisher.expect(200, "GET", `${at}/audit-log`);
    const actions = body.list.map(({ action }) => action);
    assert.deepEqual(actions.slice(0, 4), ["subscription.create", "document.delete", "document.update", "document.create"]);
    assert.equal(actions.at(-1), "api.create");
    assert.ok(["revision.create", "revision.deploy", "api.change-lifecycle"].every((action) => actions.includes(action)), actions.join());
    assert.equal(body.list[0].actor, consumer.name);
    assert.doesNotMatch(text, /address|userAgent|"seal"/);
    const updated = await publisher.expect(200, "GET", `${at}/audit-log/${body.list[2].id}`);
    assert.deepEqual(updated.body.changes, [{ place: "summary", before: "Old", after: "New" }]);
    assert.equal(updated.body.subjectName, "First steps");
    assert.doesNotMatch(updated.text, /"address"|userAgent|"seal"/);

    await publisher.expect(404, "GET", `${PUBLISHER}/apis/${other.id}/audit-log/${body.list[2].id}`);
    const others = await publisher.expect(200, "GET", `${PUBLISHER}/apis/${other.id}/audit-log`);
    assert.deepEqual(others.body.list.map(({ action }) => action), ["api.create"]);
  });

  it("come page by page, and by who, what and when", async () => {
    const api = await makeApi(admin, { description: "1" });
    const at = `${PUBLISHER}/apis/${api.id}`;
    for (const description of ["2", "3", "4"]) await admin.expect(200, "PUT", at, { ...api, description });
    const pages = [];
    for (let path = `${at}/audit-log?limit=3`; path && pages.length < 9; ) {
      const { body } = await publisher.expect(200, "GET", path);
      pages.push(body.list.map(({ action }) => action));
      path = body.pagination.next;
    }
    assert.deepEqual(pages, [["api.update", "api.update", "api.update"], ["api.create"]]);
    const counted = async (query) => (await publisher.expect(200, "GET", `${at}/audit-log?${query}`)).body.count;
    assert.deepEqual(await Promise.all(["action=api.create", "action=document", `actor=${consumer.name}`, `from=${Date.now() + 60_000}`].map(counted)), [1, 0, 0, 0]);
    // An address that nobody may see is not to be guessed by asking either.
    assert.equal(await counted("address=203.0.113.9"), 4);
  });

  it("are refused to who may not see the API, and to nonsense", async () => {
    const api = await makeApi(admin);
    const at = `${PUBLISHER}/apis/${api.id}/audit-log`;
    await consumer.expect(403, "GET", at);
    await publisher.expect(404, "GET", `${PUBLISHER}/apis/unknown/audit-log`);
    for (const entry of ["0", "first"]) await publisher.expect(404, "GET", `${at}/${entry}`);
    for (const query of ["limit=many", "before=-1", "to=tomorrow"]) {
      assert.equal((await publisher.expect(400, "GET", `${at}?${query}`)).body.code, 900703, query);
    }
  });
});
