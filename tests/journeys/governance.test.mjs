// Rules that APIs are held to: rulesets in Spectral's form, policies that block or tell, and what was found.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ADMIN, PUBLISHER, administrator, change, deploy, fresh, makeApi, somebody, upload } from "./manage.mjs";

const GOVERNANCE = "/api/am/governance/v1";
const APIS = `${PUBLISHER}/apis`;
const RULES = `
rules:
  described:
    message: "{{property}}: {{error}}"
    severity: error
    given: $.info
    then: {field: description, function: truthy}
  tagged:
    severity: warn
    given: $.paths[*][get,put,post,delete]
    then: {field: tags, function: truthy}
`;
let admin, client, label;
const made = [];

before(async () => {
  ({ admin, client } = await administrator());
  label = (await admin.expect(201, "POST", `${ADMIN}/labels`, { name: fresh("label") })).body;
});

after(async () => {
  for (const at of made.reverse()) await admin.send("DELETE", at);
});

function form(content, more = {}) {
  const body = new FormData();
  const parts = { name: fresh("Rules"), ruleType: "API_DEFINITION", artifactType: "REST_API", ...more };
  for (const [name, value] of Object.entries(parts)) body.set(name, value);
  body.set("rulesetContent", new Blob([content]), "rules.yaml");
  return body;
}

async function ruleset(content = RULES, more) {
  const { body } = await admin.expect(201, "POST", `${GOVERNANCE}/rulesets`, form(content, more));
  made.push(`${GOVERNANCE}/rulesets/${body.id}`);
  return body;
}

/** A policy about APIs with this journey's label only, so that nobody else's are met. */
async function policy(rulesets, more = {}) {
  const wish = {
    name: fresh("Policy"),
    governableStates: ["API_UPDATE", "API_DEPLOY", "API_PUBLISH"],
    actions: [{ state: "API_PUBLISH", ruleSeverity: "ERROR", type: "BLOCK" }, { state: "API_DEPLOY", ruleSeverity: "ERROR", type: "NOTIFY" }],
    rulesets: rulesets.map(({ id }) => id),
    labels: [label.id],
    ...more,
  };
  const { body } = await admin.expect(201, "POST", `${GOVERNANCE}/policies`, wish);
  made.push(`${GOVERNANCE}/policies/${body.id}`);
  return body;
}

async function labelled(more) {
  const api = await makeApi(admin, more);
  await admin.expect(200, "POST", `${APIS}/${api.id}/attach-labels`, { labels: [label.id] });
  return api;
}

const described = (api) => ({
  openapi: "3.0.3",
  info: { title: api.name, version: "1.0.0", description: "What it is for" },
  paths: { "/a": { get: { tags: ["a"], responses: { 200: { description: "a" } } } } },
});

describe("a policy", () => {
  it("keeps an API that breaks its rules from being published, and lets it go once it follows them", async () => {
    const rules = await ruleset();
    const bound = await policy([rules]);
    const api = await labelled();
    await deploy(admin, api);
    const refused = await change(admin, api, "Publish", 400);
    assert.equal(refused.body.code, 903300);
    assert.match(refused.body.description, /description: `description` must be there and not be empty/);
    assert.ok(refused.body.error[0].message.includes(`rule \`described\` of \`${rules.name}\``), refused.text);

    const at = `${GOVERNANCE}/artifact-compliance/api/${api.id}`;
    const before = (await admin.expect(200, "GET", at)).body;
    assert.equal(before.status, "NON-COMPLIANT");
    assert.deepEqual(before.governedPolicies.map(({ id, status }) => [id, status]), [[bound.id, "VIOLATED"]]);
    const results = (await admin.expect(200, "GET", `${at}/ruleset-validation-results/${rules.id}`)).body;
    assert.equal(results.status, "FAILED");
    assert.ok(results.violatedRules.some(({ name, severity, violatedPath }) => name === "described" && severity === "ERROR" && violatedPath.path === "info.description"));
    assert.ok(results.violatedRules.some(({ name, severity }) => name === "tagged" && severity === "WARN"));

    await admin.expect(200, "PUT", `${APIS}/${api.id}/swagger`, upload(described(api)));
    await deploy(admin, api);
    await change(admin, api, "Publish");
    assert.equal((await admin.expect(200, "GET", at)).body.status, "COMPLIANT");
    const adherence = (await admin.expect(200, "GET", `${GOVERNANCE}/policy-adherence/${bound.id}`)).body;
    assert.deepEqual(adherence.evaluatedArtifacts.map(({ id, status }) => [id, status]), [[api.id, "COMPLIANT"]]);
    assert.equal(adherence.status, "FOLLOWED");
  });

  it("is about APIs with its labels only", async () => {
    await policy([await ruleset()]);
    const api = await makeApi(admin);
    await deploy(admin, api);
    await change(admin, api, "Publish");
    const standing = (await admin.expect(200, "GET", `${GOVERNANCE}/artifact-compliance/api/${api.id}`)).body;
    assert.equal(standing.status, "NOT-APPLICABLE");
  });

  it("blocks a change where it says so, by an API's object", async () => {
    const rules = await ruleset("rules: {tags: {severity: error, given: $, then: {field: tags, function: length, functionOptions: {min: 1}}}}", { ruleType: "API_METADATA" });
    const bound = await policy([rules], { governableStates: ["API_UPDATE"], actions: [{ state: "API_UPDATE", ruleSeverity: "ERROR", type: "BLOCK" }] });
    const api = await labelled();
    const now = (await admin.expect(200, "GET", `${APIS}/${api.id}`)).body;
    const refused = await admin.expect(400, "PUT", `${APIS}/${api.id}`, { ...now, description: "other" });
    assert.equal(refused.body.code, 903300);
    await admin.expect(200, "PUT", `${APIS}/${api.id}`, { ...now, tags: ["a"] });
    await admin.expect(204, "DELETE", `${GOVERNANCE}/policies/${bound.id}`);
  });

  it("names what is wrong with it", async () => {
    const rules = await ruleset();
    const good = { name: fresh("Policy"), governableStates: ["API_DEPLOY"], actions: [], rulesets: [rules.id], labels: ["GLOBAL"] };
    for (const [wrong, said] of [
      [{ rulesets: ["none"] }, /`rulesets`: one of these is the id of no ruleset/],
      [{ rulesets: [] }, /`rulesets`: is empty/],
      [{ governableStates: ["API_DREAM"] }, /`governableStates\[0\]`: `API_DREAM` is none of/],
      [{ actions: [{ state: "API_DEPLOY", ruleSeverity: "ERROR", type: "WISH" }] }, /`actions\[0\]\.type`/],
      [{ unknown: 1 }, /unknown property `unknown`/],
    ]) {
      const answer = await admin.expect(400, "POST", `${GOVERNANCE}/policies`, { ...good, ...wrong });
      assert.match(answer.body.description, said);
    }
  });
});

describe("a ruleset", () => {
  it("is read as it came, changed, and kept while a policy names it", async () => {
    const rules = await ruleset();
    const at = `${GOVERNANCE}/rulesets/${rules.id}`;
    assert.equal((await admin.expect(200, "GET", `${at}/content`)).text, RULES);
    const read = await admin.expect(200, "GET", at);
    await admin.expect(412, "PUT", at, form(RULES, { name: rules.name }), { "if-match": '"9"' });
    const changed = await admin.expect(200, "PUT", at, form(RULES, { name: rules.name, description: "new" }), { "if-match": read.headers.get("etag") });
    assert.equal(changed.body.description, "new");
    const bound = await policy([rules]);
    assert.deepEqual((await admin.expect(200, "GET", `${at}/usage`)).body, [bound.id]);
    await admin.expect(409, "DELETE", at);
    await admin.expect(204, "DELETE", `${GOVERNANCE}/policies/${bound.id}`);
    await admin.expect(204, "DELETE", at);
    await admin.expect(404, "GET", at);
  });

  it("is refused with the place of each fault", async () => {
    const bad = "rules: {one: {given: 'paths', then: {function: mine}}, two: {given: $, severity: fatal, then: {function: truthy}}}";
    const { body } = await admin.expect(400, "POST", `${GOVERNANCE}/rulesets`, form(bad));
    const places = body.error.map(({ message }) => message).join("\n");
    for (const said of ["does not begin with `$`", "none of the functions", "`fatal` is none of"]) assert.ok(places.includes(said), places);
    await admin.expect(400, "POST", `${GOVERNANCE}/rulesets`, form(RULES, { ruleType: "API_WISHES" }));
    const first = await ruleset();
    await admin.expect(409, "POST", `${GOVERNANCE}/rulesets`, form(RULES, { name: first.name }));
  });

  it("is read by publishers, and written by administrators only", async () => {
    const publisher = await somebody(admin, client, ["Internal/publisher"]);
    await publisher.expect(200, "GET", `${GOVERNANCE}/rulesets`);
    await publisher.expect(200, "GET", `${GOVERNANCE}/artifact-compliance/api/summary`);
    await publisher.expect(403, "POST", `${GOVERNANCE}/rulesets`, form(RULES));
  });
});
