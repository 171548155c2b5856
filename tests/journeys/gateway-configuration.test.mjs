// Configuration that no control plane should have written: a gateway refuses what it cannot understand, serves on what was
// there before, and lets nobody pass without what guards an API. What is published by a real platform and arrives damaged is
// in gateway-faults.test.mjs.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Configuration } from "./configured.mjs";
import { OwnGateway } from "./own-platform.mjs";
import { within } from "./platform.mjs";
import { serve } from "./serve.mjs";
import { call } from "./throttled.mjs";

const configuration = new Configuration();
const gateway = new OwnGateway();
let upstream, token, good, other;

before(async () => {
  upstream = await serve((request, response) => response.end(JSON.stringify({ url: request.url })));
  await configuration.start();
  other = configuration.keep("deployment", configuration.deployment("other", upstream.url));
  good = configuration.keep("deployment", guarded());
  configuration.publish([["guarded", good], ["other", other]]);
  token = configuration.token("client");
  await gateway.start(undefined, configuration.lent);
});

after(() => {
  gateway.stop();
  configuration.stop();
  upstream?.close();
});

/** An API that answers everybody 418 before its upstream is asked. */
const guard = { policy: "respond", status: 418, media_type: "text/plain", body: "guarded" };
const guarded = (more = {}) => configuration.deployment("guarded", upstream.url, { steps: [{ request: [guard] }], ...more });
const ask = (at, name) => call(at.origin, `/${name}/1.0.0/x`, undefined, { authorization: `Bearer ${token}`, "x-postern-debug": "1" });
const without = (object, ...names) => Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));

const CASES = [
  ["a policy that it does not know", () => guarded({ steps: [{ request: [{ policy: "guardOfTomorrow", strict: true }] }] })],
  ["a policy without what it needs", () => guarded({ steps: [{ request: [{ policy: "respond", status: 418 }] }] })],
  ["a policy with a value out of range", () => guarded({ steps: [{ request: [{ ...guard, status: 99_999 }] }] })],
  ["a newer schema", () => guarded({ schema: 99 })],
  ["no security", () => without(guarded(), "security")],
  ["no operations", () => without(guarded(), "operations")],
  ["an operation of unknown security", () => guarded({ operations: [{ method: "GET", template: "/*", security: "", scopes: [], limit: null }] })],
  ["a state that there is not", () => guarded({ state: "" })],
  ["a list in the place of an object", () => []],
  ["nothing", () => ""],
  ["half of it", () => JSON.stringify(guarded()).slice(0, 300)],
  ["text that is no text", () => "\u0000\ufffd\u0000"],
  ["an object that is very deep", () => `${'{"api":'.repeat(50_000)}1${"}".repeat(50_000)}`],
  ["24 MiB", () => JSON.stringify({ ...guarded({ steps: [] }), padding: "x".repeat(24 * 1024 * 1024) })],
];

for (const [what, written] of CASES) {
  describe(`a Deployment with ${what}`, () => {
    before(() => configuration.publish([["guarded", configuration.keep("deployment", written())], ["other", other]]));
    after(async () => {
      configuration.publish([["guarded", good], ["other", other]]);
      await within(10_000, "what is good again is taken", async () => {
        const answers = [await ask(gateway, "guarded"), await ask(gateway, "other")];
        return answers.every(({ headers }) => !headers.has("x-postern-degraded"));
      });
    });

    test("leaves the one of before in service, with its guard", async () => {
      await within(10_000, "the gateway says so", async () => (await ask(gateway, "guarded")).headers.get("x-postern-degraded") === "config");
      for (let count = 0; count < 20; count += 1) {
        const { status, text } = await ask(gateway, "guarded");
        assert.deepEqual([status, text], [418, "guarded"]);
        assert.equal((await ask(gateway, "other")).status, 200, "nor does the other API suffer");
      }
    });

    test("keeps a gateway that knows no other from serving that API, and no other API", async () => {
      const cold = await new OwnGateway().start(undefined, configuration.lent);
      try {
        for (let count = 0; count < 3; count += 1) {
          const { status, body, text } = await ask(cold, "guarded");
          assert.deepEqual([status, body.code], [503, "303100"], text);
          assert.equal((await ask(cold, "other")).status, 200);
        }
      } finally {
        cold.stop();
      }
    });
  });
}

describe("a policy whose condition nobody can read", () => {
  test("is not left out", async () => {
    for (const condition of ["(((", "nobody.knows.this == 1", ""]) {
      const hash = configuration.keep("deployment", guarded({ steps: [{ request: [{ ...guard, condition }] }], revision: `r-${condition}` }));
      configuration.publish([["guarded", hash], ["other", other]]);
      const cold = await new OwnGateway().start(undefined, configuration.lent);
      try {
        const { status, text } = await ask(cold, "guarded");
        assert.notEqual(status, 200, `${condition}: ${text}`);
        assert.equal((await ask(cold, "other")).status, 200);
      } finally {
        cold.stop();
      }
    }
  });
});
