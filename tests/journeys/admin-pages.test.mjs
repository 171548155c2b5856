// An administrator decides what waits, looks up who did what and who may what, and moves things to other hands.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ORIGIN, USER, faults, launch, look, open, signIn, step } from "./browser.mjs";
import { signIn as desk, within } from "./platform.mjs";

const STAMP = Date.now().toString(36);
const APPLICATION = `Waiting ${STAMP}`;
const OWNER = `owner${STAMP}`;
let browser, person, admin;

before(async () => {
  admin = await desk();
  // On a platform that nothing has happened on, there would be no change to tell of.
  await admin.call(200, "PUT", "/admin/v4/tenant-config", { Workflows: { ApplicationCreation: "AUTOMATIC" } });
  browser = await launch();
  person = await open(browser);
});

after(async () => {
  await admin?.call(200, "PUT", "/admin/v4/tenant-config", { Workflows: { ApplicationCreation: "AUTOMATIC" } });
  await browser?.close();
});

const dialog = () => person.getByRole("dialog");
const go = async (name) => {
  await person.getByRole("navigation", { name: "Administration" }).getByRole("link", { name, exact: true }).click();
  await person.getByRole("heading", { name, level: 1 }).waitFor();
};

step("the overview says how the platform fares", async () => {
  await person.goto(`${ORIGIN}/admin/`);
  await signIn(person);
  await person.getByRole("heading", { name: "Overview", level: 1 }).waitFor();
  const services = person.getByRole("region", { name: "Services" });
  await assertCount(services.getByText(/^answers in \d+ ms$/), 4);
  await person.getByRole("table", { name: "Latest changes" }).waitFor();
  await look(person, "admin-overview");
});

step("what needs an approval waits until it has one", async () => {
  await go("Approvals");
  await person.getByLabel("A new application").selectOption("When an administrator agrees");
  await person.getByText("The rules are saved").waitFor();
  const made = (name) => admin.call(201, "POST", "/devportal/v3/applications", { name, throttlingPolicy: "Unlimited" });
  await made(APPLICATION);
  await made(`${APPLICATION} no`);
  await person.reload();
  const row = person.getByRole("row", { name: new RegExp(`${APPLICATION}(?! no)`) });
  await row.first().waitFor();
  await look(person, "admin-approvals");
  await row.first().getByRole("button", { name: /^Approve/ }).click();
  await person.getByText("Approved", { exact: true }).waitFor();
  await person.getByRole("row", { name: `${APPLICATION} no` }).getByRole("button", { name: /^Reject/ }).click();
  await dialog().getByLabel("Reason").fill("Not this one.");
  await look(person, "admin-rejection");
  await dialog().getByRole("button", { name: "Reject" }).click();
  await person.getByText("Rejected", { exact: true }).waitFor();
  const rules = async () => (await admin.call(200, "GET", "/admin/v4/tenant-config")).Workflows;
  await person.getByLabel("A new application").selectOption("At once");
  await within(5_000, "applications are made at once again", async () => (await rules()).ApplicationCreation === "AUTOMATIC");
  const { list } = await admin.call(200, "GET", `/devportal/v3/applications?query=${encodeURIComponent(APPLICATION)}&limit=50`);
  const states = Object.fromEntries(list.map(({ name, status }) => [name, status]));
  assert.equal(states[APPLICATION], "APPROVED");
  assert.equal(states[`${APPLICATION} no`], "REJECTED");
});

step("somebody outside decides when there is a way to tell them", async () => {
  const rules = async () => (await admin.call(200, "GET", "/admin/v4/tenant-config")).Workflows;
  await person.getByText("Nothing can be decided outside until somebody is told.").waitFor();
  assert.ok(await person.getByLabel("Another plan for a subscription").getByRole("option", { name: "When somebody outside agrees" }).isDisabled());
  await person.getByRole("button", { name: "New webhook" }).click();
  await dialog().getByLabel("Name").fill(`Desk ${STAMP}`);
  await dialog().getByLabel("Address").fill("desk.example");
  await dialog().getByRole("button", { name: "New webhook" }).click();
  await dialog().getByText("An address that begins with https://").waitFor();
  await dialog().getByLabel("Address").fill("https://desk.example/hook");
  await dialog().getByRole("button", { name: "New webhook" }).click();
  await dialog().getByRole("region", { name: "What messages are signed by" }).waitFor();
  await look(person, "admin-webhook");
  await dialog().getByRole("button", { name: "Close" }).last().click();
  await within(5_000, "the webhook is told", async () => (await rules()).Webhook !== undefined);
  await person.getByLabel("Another plan for a subscription").selectOption("When somebody outside agrees");
  await within(5_000, "plans change outside", async () => (await rules()).SubscriptionUpdate === "HTTP");
  await look(person, "admin-approval-rules");
  await admin.call(200, "PUT", "/admin/v4/tenant-config", { Workflows: { ApplicationCreation: "AUTOMATIC" } });
});

step("the audit log has it all, each entry sealed", async () => {
  await go("Audit log");
  await person.getByRole("searchbox", { name: "What" }).fill("application");
  await person.getByRole("row", { name: /application\.create/ }).first().waitFor();
  await look(person, "admin-audit-log");
  await person.getByRole("button", { name: /^Details of entry/ }).first().click();
  await dialog().getByText("Seal").waitFor();
  await look(person, "admin-audit-entry");
  await dialog().getByRole("button", { name: "Close" }).click();
  await person.getByRole("button", { name: "Check the chain" }).click();
  await person.getByText(/entries are as they were written/).waitFor();
  await look(person, "admin-audit-chain");
  const [download] = await Promise.all([person.waitForEvent("download"), person.getByRole("link", { name: "Export as CSV" }).click()]);
  assert.equal(download.suggestedFilename(), "audit-log.csv");
  await person.getByRole("searchbox", { name: "What" }).fill("nobody.did");
  await person.getByRole("heading", { name: "Nothing matches" }).waitFor();
});

step("whether somebody may do something is the platform's own answer", async () => {
  await go("Permissions");
  await ask(USER, "apim:api_create");
  await person.getByText(`${USER} may be granted apim:api_create.`).waitFor();
  await ask("nobody-at-all", "apim:api_create");
  await person.getByText("nobody-at-all may not be granted apim:api_create.").waitFor();
  await person.getByRole("searchbox").fill("apim:tier_view");
  await person.getByRole("button", { name: "Edit the roles of apim:tier_view", exact: true }).click();
  await look(person, "admin-scope");
  await dialog().getByRole("button", { name: "Save changes" }).click();
  await person.getByText("The roles of apim:tier_view are saved").waitFor();
  await look(person, "admin-permissions");
});

step("an application gets another owner, and can go", async () => {
  await admin.call(201, "POST", "/admin/v4/users", { username: OWNER, password: "long enough to be good", roles: ["Internal/subscriber"] });
  await go("Applications");
  await person.getByRole("searchbox", { name: "Search by name" }).fill(APPLICATION);
  await person.getByRole("button", { name: `Change owner: ${APPLICATION}`, exact: true }).click();
  await dialog().getByLabel("New owner").fill("nobody-at-all");
  await dialog().getByRole("button", { name: "Change owner" }).click();
  await dialog().getByRole("alert").waitFor();
  await dialog().getByLabel("New owner").fill(OWNER);
  await dialog().getByRole("button", { name: "Change owner" }).click();
  await person.getByText(`${APPLICATION} belongs to ${OWNER} now`).waitFor();
  await look(person, "admin-applications");
  await person.getByRole("button", { name: `Delete ${APPLICATION}`, exact: true }).click();
  await dialog().getByRole("button", { name: "Delete" }).click();
  await person.getByText(`${APPLICATION} is gone`).waitFor();
});

step("API keys and APIs of everybody are there", async () => {
  const { applicationId } = await admin.call(201, "POST", "/devportal/v3/applications", { name: `Keys ${STAMP}`, throttlingPolicy: "Unlimited" });
  const key = { keyName: `Key ${STAMP}`, validityPeriod: -1 };
  await admin.call(200, "POST", `/devportal/v3/applications/${applicationId}/api-keys/PRODUCTION/generate`, key);
  await go("API keys");
  await person.getByRole("searchbox").fill(key.keyName);
  await person.getByRole("row", { name: key.keyName }).waitFor();
  await look(person, "admin-api-keys");
  await person.getByRole("button", { name: `Revoke ${key.keyName}` }).click();
  await dialog().getByRole("button", { name: "Revoke" }).click();
  await person.getByText(`${key.keyName} is revoked`).waitFor();
  await go("APIs");
  await look(person, "admin-apis");
});

step("categories, labels and environments are made and go", async () => {
  await go("Categories and labels");
  for (const [kind, list] of [["category", "Categories"], ["label", "Labels"]]) {
    const name = `${kind}-${STAMP}`;
    await person.getByRole("button", { name: `New ${kind}` }).click();
    await dialog().getByLabel("Name").fill(name);
    await dialog().getByRole("button", { name: `New ${kind}` }).click();
    await person.getByRole("table", { name: list }).getByRole("row", { name }).waitFor();
  }
  await look(person, "admin-categories");
  for (const kind of ["category", "label"]) {
    await person.getByRole("button", { name: `Delete ${kind}-${STAMP}` }).click();
    await dialog().getByRole("button", { name: "Delete" }).click();
    await person.getByText(`${kind}-${STAMP} is gone`).waitFor();
  }
  await go("Environments");
  await person.getByRole("button", { name: "New environment" }).click();
  await dialog().getByLabel("Name for gateways").fill(`Stage-${STAMP}`);
  await dialog().getByLabel("Hosts").fill("https://no");
  await dialog().getByRole("button", { name: "New environment" }).click();
  await dialog().getByText("At least one host").waitFor();
  await dialog().getByLabel("Hosts").fill("stage.example.com");
  await look(person, "admin-environment-new");
  await dialog().getByRole("button", { name: "New environment" }).click();
  await person.getByRole("row", { name: `Stage-${STAMP}` }).getByText("stage.example.com").waitFor();
  await person.getByRole("button", { name: `Delete Stage-${STAMP}` }).click();
  await dialog().getByRole("button", { name: "Delete" }).click();
  await person.getByText(`Stage-${STAMP} is gone`).waitFor();
});

step("a gateway says what it holds", async () => {
  await go("Environments");
  await person.getByRole("link", { name: "Default", exact: true }).click();
  await person.getByRole("heading", { name: "Gateways" }).waitFor();
  // It speaks after a call; that it has the newest configuration is a matter of seconds.
  const row = person.getByRole("table", { name: "Gateways" }).getByText("In sync");
  await within(30_000, "a gateway is in sync", async () => {
    await fetch(`${ORIGIN}/nothing-is-served-here`);
    return (await row.count()) > 0;
  });
  await look(person, "admin-gateways");
});

test("nothing went wrong on the way", () => assert.deepEqual(faults, []));

async function ask(who, scope) {
  await person.getByLabel("Person").fill(who);
  await person.getByRole("combobox", { name: "Scope" }).or(person.getByRole("textbox", { name: "Scope" })).first().click();
  await person.getByRole("option", { name: scope, exact: true }).click();
  await person.getByRole("button", { name: "Ask", exact: true }).click();
}

/** Waits until there are so many. */
async function assertCount(found, count) {
  await found.nth(count - 1).waitFor();
  assert.equal(await found.count(), count);
}
