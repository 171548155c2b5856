// An administrator's hand on the traffic, in a browser: who is refused, and rules over all calls.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ORIGIN, faults, launch, look, open, signIn, step } from "./browser.mjs";
import { signIn as enter, enterMinute, get, startUpstream, within } from "./platform.mjs";

const STAMP = Date.now().toString(36);
const RULE = `Trial${STAMP}`;
const WHOM = `mallory${STAMP}`;
const GROUPS = `Groups${STAMP}`;
// What a group's second condition looks at, as it is or turned round; a call that meets it, and one that does not.
// The first is a header that says which group is meant.
const CONDITIONS = [
  { looks: "Range of addresses", first: "127.0.0.1", value: "127.0.0.9", meets: {} },
  { looks: "Range of addresses", first: "127.0.0.1", value: "127.0.0.9", not: true, misses: {} },
  { looks: "Range of addresses", first: "203.0.113.1", value: "203.0.113.9", not: true, meets: {} },
  { looks: "Header", name: "x-tier", value: "gold|silver", meets: { headers: { "x-tier": "silver" } }, misses: {} },
  { looks: "Header", name: "x-tier", value: "gold", not: true, meets: {}, misses: { headers: { "x-tier": "gold" } } },
  { looks: "Query parameter", name: "tier", value: "g.*", meets: { query: "?tier=gold" }, misses: { query: "?tier=silver" } },
  { looks: "Query parameter", name: "tier", value: "g.*", not: true, meets: { query: "?tier=silver" }, misses: { query: "?tier=gold" } },
  { looks: "Claim of the token", name: "client_id", value: ".+", meets: {} },
  { looks: "Claim of the token", name: "client_id", value: ".+", not: true, misses: {} },
  { looks: "Claim of the token", name: "client_id", value: "somebody", not: true, meets: {} },
];
const WITHOUT = 1_000;
let browser, person;

before(async () => {
  browser = await launch();
  person = await open(browser);
});

after(() => browser?.close());

const dialog = () => person.getByRole("dialog");
const go = (name) => person.getByRole("link", { name, exact: true }).click();

step("somebody is refused, for a while and with a reason", async () => {
  await person.goto(`${ORIGIN}/admin/deny-policies`);
  await signIn(person);
  await person.getByRole("button", { name: "Refuse somebody" }).first().click();
  await dialog().getByLabel("Kind").selectOption({ label: "Range of addresses" });
  await dialog().getByLabel("First address").fill("203.0.113.9");
  await dialog().getByLabel("Last address").fill("203.0.113.1");
  await dialog().getByRole("button", { name: "Refuse somebody" }).click();
  await dialog().getByRole("alert").waitFor();
  await look(person, "admin-deny-fault");
  await dialog().getByLabel("Kind").selectOption({ label: "User" });
  await dialog().getByLabel("Username").fill(WHOM);
  await dialog().getByLabel("Until").fill("2099-01-01T10:00");
  await dialog().getByLabel("Reason").fill("Under investigation");
  await dialog().getByRole("button", { name: "Refuse somebody" }).click();
  await person.getByRole("row", { name: WHOM }).getByText("Under investigation").waitFor();
  await look(person, "admin-deny-policies");
});

step("the refusal is switched off, and taken back", async () => {
  const counts = person.getByRole("switch", { name: `${WHOM} is refused` });
  await person.getByRole("row", { name: WHOM }).locator("label").first().click();
  await assertEventually(async () => !(await counts.isChecked()));
  await person.getByRole("button", { name: `Delete the policy for ${WHOM}` }).click();
  await dialog().getByRole("button", { name: "Delete" }).click();
  await person.getByText(`${WHOM} may call again`).waitFor();
});

step("a rule over all calls is written, and its faults are told", async () => {
  await go("Custom rules");
  await person.getByRole("button", { name: "New rule" }).first().click();
  await dialog().getByLabel("Name").fill(RULE);
  await dialog().getByRole("textbox", { name: "Condition" }).fill("request.headers['x-plan'] ==");
  await dialog().getByRole("button", { name: "New rule" }).click();
  await dialog().getByRole("alert").first().waitFor();
  await dialog().getByRole("textbox", { name: "Condition" }).fill("request.headers['x-plan'] == 'trial'");
  await dialog().getByLabel("Counted how").click();
  await person.getByRole("option", { name: "Sliding window" }).click();
  await dialog().getByText("Never more in any period of that length, wherever it starts.").waitFor();
  await look(person, "admin-custom-rule-new");
  await dialog().getByRole("button", { name: "New rule" }).click();
  await person.getByRole("row", { name: RULE }).getByText("request.headers['x-plan'] == 'trial'").waitFor();
  await look(person, "admin-custom-rules");
  await person.getByRole("button", { name: `Delete ${RULE}` }).click();
  await dialog().getByRole("button", { name: "Delete" }).click();
  await person.getByText(`${RULE} is gone`).waitFor();
});

step("a policy for APIs counts each user for itself", async () => {
  await person.goto(`${ORIGIN}/admin/policies?kind=advanced`);
  await person.getByRole("button", { name: "New advanced policy" }).click();
  await dialog().getByLabel("Name").fill(RULE);
  await dialog().getByRole("switch", { name: "Each user has the limit for itself" }).check();
  await look(person, "admin-policy-advanced");
  await dialog().getByRole("button", { name: "New advanced policy" }).click();
  await person.getByRole("button", { name: `Edit ${RULE}` }).click();
  assert.ok(await dialog().getByRole("switch", { name: "Each user has the limit for itself" }).isChecked());
  await dialog().getByRole("button", { name: "Cancel" }).click();
  await person.getByRole("button", { name: `Delete ${RULE}` }).click();
  await dialog().getByRole("button", { name: "Delete" }).click();
  await person.getByText(`${RULE} is gone`).waitFor();
});

step("groups of conditions are put together", async () => {
  await person.getByRole("button", { name: "New advanced policy" }).click();
  await dialog().getByLabel("Name").fill(GROUPS);
  await dialog().getByLabel("How many").fill(String(WITHOUT));
  for (const [place, condition] of CONDITIONS.entries()) {
    await dialog().getByRole("button", { name: "Add a group" }).click();
    await fillGroup(dialog().getByRole("group", { name: `Group ${place + 1}`, exact: true }), place, condition);
  }
  await look(person, "admin-policy-groups");
  await dialog().getByRole("button", { name: "New advanced policy" }).click();
  await person.getByText(`${GROUPS} is saved`).waitFor();
});

step("calls are throttled by the group whose conditions they meet", async () => {
  const upstream = await startUpstream();
  const desk = await enter();
  try {
    const api = await desk.publishApi(upstream.url, ["Unlimited"], { apiThrottlingPolicy: GROUPS });
    const token = await (await desk.subscribe(api)).token();
    const ask = (place, { headers = {}, query = "" }) =>
      get(`${api.base}/pets${query}`, token, { "x-group": String(place), ...headers });
    await within(10_000, "the gateway knows the policy", async () => (await ask(99, {})).status === 200);
    await enterMinute(30_000);
    for (const [place, { meets, misses, looks, not }] of CONDITIONS.entries()) {
      const what = `${looks}${not ? ", turned round" : ""}, of group ${place + 1}`;
      if (misses) assert.match(quota(await ask(place, misses)), new RegExp(`q=${WITHOUT};`), `${what}: not met`);
      if (!meets) continue;
      for (let count = 0; count <= place; count += 1) {
        const answer = await ask(place, meets);
        assert.equal(answer.status, 200, `${what}: call ${count + 1}`);
        assert.match(quota(answer), new RegExp(`q=${place + 1};`), what);
      }
      const refused = await ask(place, meets);
      assert.equal(refused.status, 429, what);
      assert.equal(String((await refused.json()).code), "900800", what);
    }
  } finally {
    await desk.tidy();
    await upstream.close();
  }
  await person.getByRole("button", { name: `Delete ${GROUPS}` }).click();
  await dialog().getByRole("button", { name: "Delete" }).click();
  await person.getByText(`${GROUPS} is gone`).waitFor();
});

test("nothing went wrong on the way", () => assert.deepEqual(faults, []));

const quota = (answer) => answer.headers.get("ratelimit-policy") ?? "";

/** A group for calls that name it and meet one more condition; its limit is its place, counted from 1. */
async function fillGroup(group, place, { looks, first, name, value, not }) {
  await group.getByLabel("Name", { exact: true }).fill("x-group");
  await group.getByLabel("Pattern").fill(String(place));
  await group.getByRole("button", { name: "Add a condition" }).click();
  await group.getByLabel("What it looks at").nth(1).selectOption({ label: looks });
  if (first) {
    await group.getByLabel("First address").fill(first);
    await group.getByLabel("Last address").fill(value);
  } else {
    await group.getByLabel("Name", { exact: true }).nth(1).fill(name);
    await group.getByLabel("Pattern").nth(1).fill(value);
  }
  if (not) await group.getByLabel("Not", { exact: true }).nth(1).check();
  await group.getByLabel("How many").fill(String(place + 1));
}

async function assertEventually(holds) {
  for (const end = Date.now() + 5_000; Date.now() < end; ) if (await holds()) return;
  assert.fail("it did not come about within 5 s");
}
