// Every operation of every document, before every kind of caller. The documents are read by the product itself.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { before, describe, it } from "node:test";
import { PUBLISHER, Person, administrator, nobody, somebody, upload } from "./manage.mjs";

/** Operations that cannot be asked in this way; a reviewer sees this list change. */
const UNCOVERED = [];

let admin, powerless, operations;

before(async () => {
  const entered = await administrator();
  admin = entered.admin;
  powerless = await somebody(admin, entered.client, []);
  operations = (await Promise.all(["publisher", "devportal", "admin", "analytics"].map(read))).flat();
});

describe("every operation", () => {
  it("is listed", () => {
    assert.ok(operations.length > 90, `only ${operations.length} operations`);
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
      assert.equal(body.code, 900915, one.name);
    }
  });

  it("answers who has the scope, and never breaks on nonsense", async () => {
    for (const one of operations) {
      const { status, text } = await ask(admin, one);
      assert.ok(status < 500 && status !== 401 && !text.includes("900915"), `${one.name} answered ${status}: ${text}`);
    }
  });
});

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
  return person.send(method, filled, ["POST", "PUT"].includes(method) ? {} : undefined);
}
