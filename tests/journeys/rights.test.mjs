// Every operation of every document, before every kind of caller. The documents are read by the product itself.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { before, describe, it } from "node:test";
import { DEVPORTAL, PUBLISHER, Person, administrator, fresh, nobody, publishApi, somebody, upload } from "./manage.mjs";

/** Operations that cannot be asked in this way; a reviewer sees this list change. */
const UNCOVERED = [];

let admin, powerless, operations, owner, stranger;

before(async () => {
  const entered = await administrator();
  admin = entered.admin;
  powerless = await somebody(admin, entered.client, []);
  owner = await somebody(admin, entered.client, ["Internal/subscriber", "Internal/devops"]);
  stranger = await somebody(admin, entered.client, ["Internal/subscriber", "Internal/devops"]);
  operations = (await Promise.all(["publisher", "devportal", "admin", "analytics", "alerts", "governance", "service-catalog"].map(read))).flat();
});

describe("every operation", () => {
  it("is listed", () => {
    assert.ok(operations.length > 220, `only ${operations.length} operations`);
  });

  it("refuses who is not known, unless it is open", async () => {
    for (const one of operations) {
      for (const person of [nobody, new Person("forger", "eyJhbGciOiJub25lIn0.e30.")]) {
        const { status, text } = await ask(person, one);
        if (one.isOpen) assert.ok(![401, 403].includes(status) && status < 500, `${one.name} answered ${status}: ${text}`);
        else assert.equal(status, 401, `${one.name} before ${person.name}: ${text}`);
      }
    }
  });

  it("refuses who is known and lacks the scope", async () => {
    for (const one of operations.filter(({ isOpen }) => !isOpen)) {
      const { status, body, text } = await ask(powerless, one);
      assert.equal(status, 403, `${one.name}: ${text}`);
      // An answer to HEAD has no body.
      if (one.method !== "HEAD") assert.equal(body.code, 900915, one.name);
    }
  });

  it("answers who has the scope, and never breaks on nonsense", async () => {
    for (const one of operations) {
      const { status, text } = await ask(admin, one);
      assert.ok(status < 500 && status !== 401 && !text.includes("900915"), `${one.name} answered ${status}: ${text}`);
    }
  });
});

describe("every operation on something of one's own", () => {
  it("answers somebody else as if it were not there, and changes nothing", async () => {
    const mine = await belongings();
    const shown = async () => (await owner.expect(200, "GET", `${DEVPORTAL}/applications/${mine.applicationId}`)).text;
    const before = await shown();
    const owned = operations.filter(({ path }) => path.startsWith(DEVPORTAL) && /\{(applicationId|subscriptionId)\}/.test(path));
    assert.ok(owned.length > 25, `only ${owned.length} operations`);
    for (const { method, path, name } of owned) {
      const filled = path.replace(/\{(\w+)\}/g, (_, parameter) => mine[parameter] ?? assert.fail(`${name}: {${parameter}}`));
      const body = ["POST", "PUT", "PATCH"].includes(method) ? wishes(path, mine) : undefined;
      const { status, text } = await stranger.send(method, filled, body);
      assert.equal(status, 404, `${name}: ${text}`);
    }
    await stranger.expect(404, "GET", `${DEVPORTAL}/subscriptions?applicationId=${mine.applicationId}`);
    const theirs = await stranger.expect(200, "GET", `${DEVPORTAL}/applications?limit=500`);
    assert.ok(!theirs.text.includes(mine.applicationId));
    assert.equal(await shown(), before);
    await owner.expect(200, "GET", `${DEVPORTAL}/subscriptions/${mine.subscriptionId}`);
  });
});

/** An application of the owner's with keys, an API key and a subscription: what paths name. */
async function belongings() {
  const api = await publishApi(admin);
  const wish = { name: fresh("shop"), throttlingPolicy: "Unlimited" };
  const { applicationId } = (await owner.expect(201, "POST", `${DEVPORTAL}/applications`, wish)).body;
  const subscription = { applicationId, apiId: api.id, throttlingPolicy: "Unlimited" };
  const { subscriptionId } = (await owner.expect(201, "POST", `${DEVPORTAL}/subscriptions`, subscription)).body;
  const at = `${DEVPORTAL}/applications/${applicationId}`;
  const keys = { keyType: "PRODUCTION", grantTypesToBeSupported: ["client_credentials"] };
  const { keyMappingId, consumerKey } = (await owner.expect(200, "POST", `${at}/generate-keys`, keys)).body;
  const key = await owner.expect(200, "POST", `${at}/api-keys/PRODUCTION/generate`, { keyName: "one", validityPeriod: -1 });
  return { applicationId, subscriptionId, keyMappingId, consumerKey, apiId: api.id, keyType: "PRODUCTION", apikey: key.body.apikey };
}

/** A body that its owner could send, so that nothing but the person is wrong. */
function wishes(path, mine) {
  const last = path.split("/").at(-1);
  const application = { name: fresh("stolen"), throttlingPolicy: "Unlimited" };
  const keys = { keyType: "SANDBOX", grantTypesToBeSupported: ["client_credentials"] };
  const bodies = {
    "{applicationId}": application,
    "{subscriptionId}": { applicationId: mine.applicationId, apiId: mine.apiId, throttlingPolicy: "Gold" },
    "generate-keys": keys,
    "map-keys": { keyType: "SANDBOX", consumerKey: mine.consumerKey },
    "{keyType}": { supportedGrantTypes: ["client_credentials"] },
    "{keyMappingId}": { supportedGrantTypes: ["client_credentials"] },
    "reset-throttle-policy": { userName: "somebody" },
    generate: { keyName: "two", validityPeriod: -1 },
    regenerate: { keyUUID: "unknown" },
    revoke: { apikey: mine.apikey },
    "revoke-secret": { secretId: "unknown" },
  };
  return bodies[last] ?? {};
}

/** The operations of one of our documents. */
async function read(name) {
  const text = readFileSync(new URL(`../../api/${name}.yaml`, import.meta.url), "utf8");
  const { body } = await admin.expect(200, "POST", `${PUBLISHER}/apis/validate-openapi?returnContent=true`, upload(text));
  assert.equal(body.isValid, true, JSON.stringify(body.errors));
  const document = JSON.parse(body.content);
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path: document.servers[0].url + path,
      isOpen: operation.security.some((one) => Object.keys(one).length === 0),
    })),
  ).filter((one) => !UNCOVERED.includes(one.name));
}

/** Asks for something that there is not, with a body that says nothing. */
function ask(person, { method, path }) {
  const filled = path
    .replace("{keyType}", "PRODUCTION")
    .replace("{policyLevel}", "subscription")
    .replace(/\{\w+\}/g, () => randomUUID());
  return person.send(method, filled, ["POST", "PUT", "PATCH"].includes(method) ? {} : undefined);
}
