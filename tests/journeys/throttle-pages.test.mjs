// An administrator's hand on the traffic, in a browser: who is refused, and rules over all calls.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ORIGIN, faults, launch, look, open, signIn, step } from "./browser.mjs";

const STAMP = Date.now().toString(36);
const RULE = `Trial${STAMP}`;
const WHOM = `mallory${STAMP}`;
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

test("nothing went wrong on the way", () => assert.deepEqual(faults, []));

async function assertEventually(holds) {
  for (const end = Date.now() + 5_000; Date.now() < end; ) if (await holds()) return;
  assert.fail("it did not come about within 5 s");
}
