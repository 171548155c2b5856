// The audit log: who, what, before and after, when, from where; and that nobody can have changed it unseen.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { before, describe, it } from "node:test";
import { ADMIN, PUBLISHER, DEVPORTAL, administrator, fresh, makeApi, somebody } from "./manage.mjs";

const LOG = `${ADMIN}/audit-log`;
let admin, consumer;

before(async () => {
  const entered = await administrator();
  admin = entered.admin;
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
