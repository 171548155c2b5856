// What is done to calls, and the rules that APIs are held to, in the browser: policies of an API and of all, products, governance.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ORIGIN, definition, faults, file, launch, look, open, signIn, step } from "./browser.mjs";
import { ADMIN, PUBLISHER, administrator, deploy, fresh, publishApi } from "./manage.mjs";
import { within } from "./platform.mjs";
import { serve } from "./serve.mjs";

const NAME = fresh("Steps");
const PRODUCT = fresh("Bundle");
const SCOPE = fresh("scope").toLowerCase();
const ENVIRONMENT = fresh("Spare");
const MAPPING = fresh("Everybody");
const POLICY = fresh("tenant");
const SERVICE = fresh("Pets");
const RULESET = fresh("Rules");
const HOLD = fresh("Hold");
const undo = [];
let browser, upstream, person, admin, api;

before(async () => {
  upstream = await echo();
  ({ admin } = await administrator());
  const endpoint = { url: upstream.url };
  api = await publishApi(admin, {
    name: NAME,
    operations: ["/dogs", "/cats"].map((target) => ({ target, verb: "GET", authType: "None", throttlingPolicy: "Unlimited" })),
    endpointConfig: { endpoint_type: "http", production_endpoints: endpoint, sandbox_endpoints: endpoint },
  });
  undo.push(`${PUBLISHER}/apis/${api.id}`);
  const { body } = await admin.expect(201, "POST", `${ADMIN}/environments`, { name: ENVIRONMENT, displayName: ENVIRONMENT, vhosts: [{ host: `${ENVIRONMENT.toLowerCase()}.example` }] });
  undo.push(`${ADMIN}/environments/${body.id}`);
  browser = await launch();
  person = await open(browser);
});

after(async () => {
  await browser?.close();
  for (const path of undo.reverse()) await admin.send("DELETE", path);
  upstream?.close();
});

/** An upstream that tells the headers that it was sent. */
async function echo() {
  return serve((request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ url: request.url, headers: request.headers }));
  });
}

const dialog = () => person.getByRole("dialog");
const stepsOf = (flow) => person.getByRole("list", { name: `Steps: ${flow}` }).getByRole("listitem");
const namesOf = async (flow) => (await stepsOf(flow).locator("strong").allInnerTexts()).join(", ");

async function add(flow, policy, fields, condition) {
  await person.getByRole("button", { name: `Add a policy: ${flow}` }).click();
  await dialog().getByLabel("Policy").selectOption({ label: policy });
  for (const [label, value] of Object.entries(fields)) await dialog().getByLabel(label, { exact: false }).fill(value);
  if (condition) await dialog().getByLabel("Only for calls that meet").fill(condition);
  await dialog().getByRole("button", { name: "Add a policy" }).click();
  await dialog().waitFor({ state: "detached" });
}

/** What is said of the save before may still stand there; so the answer itself is waited for. */
async function save() {
  const answered = person.waitForResponse((reply) => reply.request().method() === "PUT" && reply.url().includes(`/apis/${api.id}`));
  await person.getByRole("button", { name: "Save policies" }).click();
  assert.equal((await answered).status(), 200);
  await person.getByText("Policies saved.").first().waitFor();
}

step("steps are put together, moved by the keyboard, and saved", async () => {
  await person.goto(`${ORIGIN}/publisher/apis/${api.id}/policies`);
  await signIn(person);
  await person.getByText("Nothing is done here.").first().waitFor();
  await look(person, "policies-empty");
  await person.getByRole("button", { name: "Add a policy: Request" }).click();
  await dialog().getByLabel("Policy").selectOption({ label: "Set header" });
  await dialog().getByRole("button", { name: "Add a policy" }).click();
  await dialog().getByText("This is needed").first().waitFor();
  await look(person, "policies-step");
  await dialog().getByRole("button", { name: "Cancel" }).click();
  await add("Request", "Set header", { "Header name": "x-tier", "Header value": "gold" }, "request.query['tier'] == 'gold'");
  await add("Request", "Add query parameter", { Parameter: "by", Value: "postern" });
  await add("Response", "Set header", { "Header name": "x-told", "Header value": "postern" });
  assert.equal(await namesOf("Request"), "Set header, Add query parameter");
  await person.getByRole("button", { name: "Move Set header down" }).first().focus();
  await person.keyboard.press("Enter");
  await person.getByText("Set header is step 2 of 2").waitFor();
  assert.equal(await namesOf("Request"), "Add query parameter, Set header");
  // The focus goes along: back up again without looking for it.
  assert.equal(await person.evaluate(() => document.activeElement.getAttribute("aria-label")), "Move Set header up");
  await look(person, "policies");
  await save();
});

step("one operation has steps of its own, and a call meets all of them", async () => {
  await person.getByLabel("Steps for").selectOption({ label: "GET /cats" });
  await person.getByText("Nothing is done here.").nth(2).waitFor();
  await add("Request", "Set header", { "Header name": "x-cat", "Header value": "1" });
  await person.getByRole("button", { name: "Edit Set header" }).click();
  await dialog().getByLabel("Header value", { exact: false }).fill("2");
  await dialog().getByRole("button", { name: "Apply" }).click();
  await save();
  await person.reload();
  await stepsOf("Request").getByText("x-cat").waitFor();
  await deploy(admin, api);
  const call = async (path) => {
    const answer = await fetch(`${ORIGIN}${api.context}/1.0.0${path}`);
    return { told: answer.headers.get("x-told"), ...(await answer.json()) };
  };
  const cat = await within(10_000, "the gateway has the steps", async () => {
    const found = await call("/cats?tier=gold");
    return found.headers?.["x-cat"] && found;
  });
  assert.deepEqual([cat.headers["x-cat"], cat.headers["x-tier"], cat.told, cat.url], ["2", "gold", "postern", "/cats?tier=gold&by=postern"]);
  const dog = await call("/dogs");
  assert.deepEqual([dog.headers["x-cat"], dog.headers["x-tier"], dog.told], [undefined, undefined, "postern"]);
});

step("a dry run says what the steps would do, saved or not", async () => {
  await person.getByLabel("Steps for").selectOption({ label: "GET /cats (1 step)" });
  await person.getByLabel("Path").fill("/cats?tier=gold");
  await person.getByRole("button", { name: "Run", exact: true }).click();
  const taken = person.getByRole("list", { name: "Steps taken" });
  await taken.getByText("x-cat: 2").waitFor();
  await taken.getByText("x-tier: gold").waitFor();
  await taken.getByText("GET /cats?tier=gold&by=postern").first().waitFor();
  await add("Response", "Mask fields", { "JSON pointers": "/card" });
  await person.getByLabel("Path").fill("/cats");
  await person.getByLabel("Body of the answer").fill('{"card": "4111"}');
  await person.getByRole("button", { name: "Run", exact: true }).click();
  await taken.getByText("Condition not met").waitFor();
  await taken.getByText('"****"', { exact: false }).first().waitFor();
  await look(person, "policies-dry-run");
  await person.getByLabel("Headers", { exact: true }).fill("nonsense");
  await person.getByRole("button", { name: "Run", exact: true }).click();
  await person.getByText("No header: nonsense").waitFor();
});

step("a service becomes an API", async () => {
  await person.getByRole("link", { name: "Services" }).click();
  await person.getByRole("button", { name: "Add a service" }).first().click();
  await dialog().getByLabel("Name", { exact: false }).fill(SERVICE);
  await dialog().getByLabel("Address", { exact: false }).fill(upstream.url);
  await dialog().getByRole("button", { name: "Add a service" }).click();
  await dialog().getByText("This is needed").waitFor();
  await look(person, "service-new");
  const [chooser] = await Promise.all([person.waitForEvent("filechooser"), dialog().getByRole("button", { name: "Definition file" }).click()]);
  await chooser.setFiles(file("kennel.json", JSON.stringify(definition(SERVICE, upstream.url))));
  await dialog().getByRole("button", { name: "Add a service" }).click();
  await person.getByRole("row", { name: SERVICE }).waitFor();
  await look(person, "services");
  await person.getByRole("button", { name: `Make an API of ${SERVICE}` }).click();
  await dialog().getByRole("button", { name: "Make an API" }).click();
  await person.getByRole("heading", { name: SERVICE, level: 1 }).waitFor();
  const id = new URL(person.url()).pathname.split("/").pop();
  await person.getByRole("link", { name: "Services" }).click();
  await person.getByRole("button", { name: `Delete ${SERVICE}` }).click();
  await dialog().getByRole("button", { name: "Delete" }).click();
  await dialog().getByRole("alert").waitFor();
  await admin.expect(200, "DELETE", `${PUBLISHER}/apis/${id}`);
  await dialog().getByRole("button", { name: "Delete" }).click();
  await person.getByText(`${SERVICE} is gone`).waitFor();
});

step("a policy of one's own joins the shared ones, and its faults are named", async () => {
  await person.getByRole("link", { name: "Shared policies" }).click();
  await person.getByRole("row", { name: "Set header" }).waitFor();
  await look(person, "shared-policies");
  await person.getByRole("button", { name: "Add a policy" }).click();
  const editor = dialog().getByRole("textbox", { name: "Specification of the policy" });
  await write(editor, "name: broken\nsteps:\n  - policyName: nothingLikeIt\n");
  await dialog().getByRole("button", { name: "Add a policy" }).click();
  await dialog().getByRole("alert").waitFor();
  await look(person, "shared-policy-fault");
  await write(editor, specification());
  await dialog().getByRole("button", { name: "Add a policy" }).click();
  await person.getByText("Tenant may be used by every API now").waitFor();
  await person.goto(`${ORIGIN}/publisher/apis/${api.id}/policies`);
  await add("Request", "Tenant", { Name: "acme" });
  await person.goto(`${ORIGIN}/publisher/policies?query=${POLICY}`);
  await person.getByRole("button", { name: "Delete Tenant" }).click();
  await dialog().getByRole("button", { name: "Delete" }).click();
  await person.getByText("Tenant is gone").waitFor();
  await person.getByRole("heading", { name: "Nothing matches" }).waitFor();
});

step("a scope is shared, used, and stays while it is", async () => {
  await person.getByRole("link", { name: "Shared scopes" }).click();
  await person.getByRole("heading", { name: "Shared scopes", level: 1 }).waitFor();
  await person.getByRole("button", { name: "New scope" }).click();
  await dialog().getByLabel("Name in tokens").fill("dogs read");
  await dialog().getByRole("button", { name: "New scope" }).click();
  await dialog().getByText(/^1 to 255 characters/).waitFor();
  await dialog().getByLabel("Name in tokens").fill(SCOPE);
  await dialog().getByLabel("Roles").fill("no-such-role");
  await dialog().getByRole("button", { name: "New scope" }).click();
  await dialog().getByRole("alert").filter({ hasText: "no-such-role" }).waitFor();
  await dialog().getByLabel("Roles").fill("Internal/subscriber");
  await look(person, "scope-new");
  await dialog().getByRole("button", { name: "New scope" }).click();
  const { body } = await admin.expect(200, "GET", `${PUBLISHER}/apis/${api.id}`);
  const scopes = [{ scope: { name: SCOPE }, shared: true }];
  await admin.expect(200, "PUT", `${PUBLISHER}/apis/${api.id}`, { ...body, scopes });
  await person.reload();
  await person.getByRole("button", { name: `APIs that demand ${SCOPE}` }).click();
  await dialog().getByRole("row", { name: NAME }).waitFor();
  await look(person, "scope-usage");
  await dialog().getByRole("button", { name: "Close" }).click();
  await person.getByRole("button", { name: `Delete ${SCOPE}` }).click();
  await dialog().getByRole("button", { name: "Delete" }).click();
  await dialog().getByRole("alert").waitFor();
  await dialog().getByRole("button", { name: "Cancel" }).click();
  const { body: held } = await admin.expect(200, "GET", `${PUBLISHER}/apis/${api.id}`);
  await admin.expect(200, "PUT", `${PUBLISHER}/apis/${api.id}`, { ...held, scopes: [] });
  await person.getByRole("button", { name: `Delete ${SCOPE}` }).click();
  await dialog().getByRole("button", { name: "Delete" }).click();
  await person.getByText(`${SCOPE} is gone`).waitFor();
});

step("a product is bundled, published and called", async () => {
  await person.getByRole("link", { name: "API products" }).click();
  await person.getByRole("link", { name: "New API product" }).first().click();
  await person.getByRole("heading", { name: "New API product", level: 1 }).waitFor();
  await person.getByLabel("Name", { exact: false }).fill(PRODUCT);
  await person.getByLabel("Context", { exact: false }).fill(`/${PRODUCT.toLowerCase()}`);
  await person.getByRole("button", { name: "Create product" }).click();
  await person.getByText("Choose at least one operation").waitFor();
  await person.locator("summary").filter({ hasText: NAME }).click();
  await person.getByRole("checkbox", { name: "GET /dogs" }).check();
  await look(person, "product-new");
  await person.getByRole("button", { name: "Create product" }).click();
  await person.getByRole("heading", { name: PRODUCT, level: 1 }).waitFor();
  const id = new URL(person.url()).pathname.split("/").pop();
  undo.push(`${PUBLISHER}/api-products/${id}`);
  await person.getByRole("button", { name: "Deploy and publish" }).click();
  await person.getByText("Deployed and published.").first().waitFor();
  await look(person, "product");
  const path = `${ORIGIN}/${PRODUCT.toLowerCase()}/1.0.0`;
  await within(10_000, "the gateway knows the product", async () => (await fetch(`${path}/dogs`)).status !== 404);
  assert.equal((await fetch(`${path}/cats`)).status, 404, "an operation that was not chosen");
  const { body } = await admin.expect(200, "GET", `${PUBLISHER}/apis/${api.id}`);
  await admin.expect(200, "PUT", `${PUBLISHER}/apis/${api.id}`, { ...body, apiPolicies: { request: [], response: [], fault: [] } });
  await person.reload();
  await person.getByRole("button", { name: "Bring it up to its APIs" }).click();
  await person.getByText("It has what its APIs have now.").first().waitFor();
  await person.getByText("An API behind it has changed").waitFor({ state: "detached" });
});

step("a product has documents, revisions, a lifecycle, versions and subscribers as an API has", async () => {
  const part = (name) => person.getByRole("navigation", { name: PRODUCT }).getByRole("link", { name, exact: true }).click();
  await part("Documents");
  await person.getByRole("button", { name: "Add a document" }).click();
  await dialog().getByLabel("Name").fill("First steps");
  await dialog().getByRole("button", { name: "Add a document" }).click();
  await person.getByRole("heading", { name: "First steps", level: 1 }).waitFor();
  await person.getByLabel("Text").fill("# Begin");
  await person.getByRole("button", { name: "Save document" }).click();
  await person.getByText("First steps is saved").waitFor();
  await part("Documents");
  await person.getByRole("row", { name: "First steps" }).waitFor();
  await look(person, "product-documents");
  await part("Revisions");
  const { body: held } = await admin.expect(200, "GET", person.url().replace(`${ORIGIN}/publisher/products`, `${PUBLISHER}/api-products`).replace("/revisions", ""));
  await admin.expect(200, "PUT", `${PUBLISHER}/api-products/${held.id}`, { ...held, description: "Dogs, and only dogs." });
  await person.getByRole("button", { name: "Compare Revision 1 with the draft" }).click();
  await dialog().getByText("Settings", { exact: true }).click();
  await dialog().getByText("Dogs, and only dogs.").first().waitFor();
  await look(person, "product-compare");
  await dialog().getByRole("button", { name: "Close" }).click();
  await person.getByRole("button", { name: "Create revision" }).click();
  await dialog().getByLabel("Note").fill("What it is for");
  await dialog().getByRole("button", { name: "Create revision" }).click();
  await person.getByRole("row", { name: "What it is for" }).getByText("Default").waitFor();
  await look(person, "product-revisions");
  await part("Lifecycle");
  await person.getByRole("button", { name: "Block" }).click();
  await person.getByText("It is Blocked now").waitFor();
  await person.getByRole("button", { name: "Re-Publish" }).click();
  await person.getByText("It is Published now").waitFor();
  await look(person, "product-lifecycle");
  await part("Subscribers");
  await person.getByRole("heading", { name: "Nobody has subscribed yet" }).waitFor();
  await look(person, "product-subscribers");
  await part("Versions");
  await person.getByRole("button", { name: "New version" }).click();
  await dialog().getByRole("textbox", { name: "Version" }).fill("2.0.0");
  await dialog().getByRole("button", { name: "New version" }).click();
  await person.getByText("Version 2.0.0 is a draft now").waitFor();
  undo.push(`${PUBLISHER}/api-products/${new URL(person.url()).pathname.split("/").pop()}`);
  await part("Versions");
  await person.getByRole("row", { name: "1.0.0" }).waitFor();
  await person.getByRole("row", { name: "2.0.0" }).getByText("This one").waitFor();
  await look(person, "product-versions");
  await person.getByRole("link", { name: "API products" }).first().click();
  await person.getByRole("table", { name: "API products" }).getByRole("row", { name: new RegExp(`${PRODUCT}.*1\\.0\\.0`) }).waitFor();
  await look(person, "products");
});

step("an administrator makes rules, and binds APIs to them", async () => {
  await person.goto(`${ORIGIN}/admin/governance`);
  await person.getByRole("button", { name: "New ruleset" }).click();
  await dialog().getByLabel("Name", { exact: false }).first().fill(RULESET);
  await look(person, "governance-ruleset");
  await dialog().getByRole("button", { name: "New ruleset" }).click();
  await person.getByRole("row", { name: RULESET }).waitFor();
  await person.getByRole("button", { name: `Edit ${RULESET}` }).click();
  await dialog().getByRole("textbox", { name: "Rules" }).getByText("described").waitFor();
  await dialog().getByLabel("Description").fill("Says what it is for");
  await dialog().getByRole("button", { name: "Save changes" }).click();
  await person.getByRole("row", { name: RULESET }).getByText("Says what it is for").waitFor();
  await person.getByRole("button", { name: "New governance policy" }).click();
  await dialog().getByRole("button", { name: "New governance policy" }).click();
  await dialog().getByText("Choose at least one").waitFor();
  await dialog().getByLabel("Name", { exact: false }).first().fill(HOLD);
  await dialog().getByRole("checkbox", { name: RULESET }).check();
  await look(person, "governance-policy");
  await dialog().getByRole("button", { name: "New governance policy" }).click();
  await person.getByRole("row", { name: HOLD }).getByText("Deployment, Publication").waitFor();
  await person.getByRole("row", { name: HOLD }).getByText("Not by all").waitFor();
  await look(person, "governance");
});

step("a publisher reads which rules an API breaks", async () => {
  await person.goto(`${ORIGIN}/publisher/apis/${api.id}/compliance`);
  await person.getByRole("table", { name: RULESET }).getByText("described").waitFor();
  await person.getByText("Breaks rules").waitFor();
  await look(person, "compliance");
  await person.goto(`${ORIGIN}/admin/governance`);
  for (const name of [HOLD, RULESET]) {
    await person.getByRole("button", { name: `Delete ${name}` }).click();
    await dialog().getByRole("button", { name: "Delete" }).click();
    await person.getByText(`${name} is gone`).waitFor();
  }
  await person.goto(`${ORIGIN}/publisher/apis/${api.id}/compliance`);
  await person.getByRole("heading", { name: "No rules apply to this API" }).waitFor();
});

step("steps for all APIs run in an environment, and no longer", async () => {
  await person.goto(`${ORIGIN}/admin/gateway-policies`);
  await person.getByRole("link", { name: "New gateway policy" }).first().click();
  await person.getByRole("button", { name: "New gateway policy" }).click();
  await person.getByText("This is needed").waitFor();
  await person.getByLabel("Name", { exact: false }).fill(MAPPING);
  await add("Response", "Set header", { "Header name": "x-all", "Header value": "1" });
  await look(person, "gateway-policy");
  await person.getByRole("button", { name: "New gateway policy" }).click();
  const toggle = person.getByRole("switch", { name: `${MAPPING} runs in ${ENVIRONMENT}` });
  await toggle.click();
  await person.getByText(`${MAPPING} runs in ${ENVIRONMENT} now`).waitFor();
  await look(person, "gateway-policies");
  await person.getByRole("button", { name: `Delete ${MAPPING}` }).click();
  await dialog().getByRole("button", { name: "Delete" }).click();
  await dialog().getByRole("alert").waitFor();
  await dialog().getByRole("button", { name: "Cancel" }).click();
  await toggle.click();
  await person.getByText(`${MAPPING} no longer runs in ${ENVIRONMENT}`).waitFor();
  await person.getByRole("button", { name: `Delete ${MAPPING}` }).click();
  await dialog().getByRole("button", { name: "Delete" }).click();
  await person.getByText(`${MAPPING} is gone`).waitFor();
});

test("nothing went wrong on the way", () => assert.deepEqual(faults, []));

function specification() {
  return [
    `name: ${POLICY}`,
    "displayName: Tenant",
    "applicableFlows: [request]",
    'policyAttributes: [{name: who, displayName: Name, type: String, required: true, validationRegex: "[a-z]+"}]',
    'steps: [{policyName: setHeader, parameters: {headerName: x-tenant, headerValue: "${who}"}}]',
  ].join("\n");
}

async function write(editor, text) {
  await editor.click();
  await person.keyboard.press("Control+A");
  await person.keyboard.press("Delete");
  await person.keyboard.insertText(text);
}
