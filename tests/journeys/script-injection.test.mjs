// Texts of strangers are texts: hundreds of payloads in every field that people write, through the APIs, and every page opened after.
//
// Nothing may run, nothing may become an element or an address that runs, and the content security policy may not have to help.
// The platform is its own, because it is full of such texts after. `POSTERN_PAYLOADS=whole` brings all of them; otherwise each kind
// comes once, with one way to call.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { standAlone } from "./own-platform.mjs";
import { payloads, spread } from "./payloads.mjs";

const platform = await standAlone();
const { ORIGIN, faults, launch, open, signIn, step, upstreamOf } = await import("./browser.mjs");
const { ADMIN, DEVPORTAL, PUBLISHER, administrator, fresh } = await import("./manage.mjs");

const IS_WHOLE = process.env.POSTERN_PAYLOADS === "whole";
const ALL = payloads(IS_WHOLE ? undefined : 1);
/** How many payloads there have to be, and how many a field has to hold to count. */
const LEAST = IS_WHOLE ? 500 : 100;
const WHOLE = ALL.join("\n\n");
const NAME = fresh("Hostile");
/** By field: how many payloads were kept, and how many were refused as bad input. */
const told = {};
const broken = [];
let browser, upstream, person, admin, api, application;

before(async () => {
  upstream = await upstreamOf({ said: ALL });
  ({ admin } = await administrator());
  browser = await launch();
  person = await open(browser);
  person.setDefaultNavigationTimeout(40_000);
  await person.addInitScript(listen);
});

after(async () => {
  await browser?.close();
  upstream?.close();
  platform.remove();
  for (const [field, { kept, refused }] of Object.entries(told)) console.log(`${field}: ${kept} kept, ${refused} refused`);
});

/** Runs in every page before anything else: what a payload does is remembered. */
function listen() {
  window.ran = [];
  const caught = (name) => (...words) => window.ran.push(`${name}(${words.join()}) in ${location.pathname}`);
  window.alert = caught("alert");
  document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) =>
    window.ran.push(`policy: ${violatedDirective} ${blockedURI} ${sample} in ${location.pathname}`),
  );
}

/**
 * Brings the payloads into a field, in as many calls as its limit asks for, at most `calls`; several at once where each makes a
 * thing of its own. In a field of one line they stand in one. An error of ours (5xx) is a fault.
 */
async function field(name, { limit, calls = 200, atOnce = 1, isLine = false }, write) {
  told[name] = { kept: 0, refused: 0 };
  const from = isLine ? ALL.map((one) => one.replace(/\p{Cc}|\p{Zl}/gu, " ")) : ALL;
  const texts = spread(from, limit, isLine ? " " : undefined).slice(0, calls);
  for (let at = 0; at < texts.length; at += atOnce) {
    const written = texts.slice(at, at + atOnce).map(async (text, index) => {
      const { status, text: answer } = await write(text, at + index);
      if (status >= 500) faults.push(`${name}: ${status} ${answer.slice(0, 200)}`);
      told[name][status < 400 ? "kept" : "refused"] += from.filter((one) => text.includes(one)).length;
    });
    await Promise.all(written);
  }
}

const send = (method, path, body) => admin.send(method, path, body);

test("there are hundreds of payloads", () => assert.ok(ALL.length >= LEAST, String(ALL.length)));

test("a definition carries them in all its texts", async () => {
  const form = new FormData();
  form.set("file", new Blob([JSON.stringify(definition())], { type: "application/json" }), "hostile.json");
  const endpoint = { url: upstream.address };
  form.set(
    "additionalProperties",
    JSON.stringify({
      name: NAME,
      version: "1.0.0",
      context: `/${NAME.toLowerCase()}`,
      policies: ["Unlimited"],
      endpointConfig: { endpoint_type: "http", production_endpoints: endpoint, sandbox_endpoints: endpoint },
      securityScheme: ["api_key", "oauth_basic_auth_api_key_mandatory"],
    }),
  );
  ({ body: api } = await admin.expect(201, "POST", `${PUBLISHER}/apis/import-openapi`, form));
  for (const name of ["info.description", "summary", "operation description", "parameter", "schema", "example", "answer", "tag"])
    told[`definition: ${name}`] = { kept: ALL.length, refused: 0 };
});

test("an API and what stands beside it carry them", async () => {
  const path = `${PUBLISHER}/apis/${api.id}`;
  const change = async (part) => {
    const { body } = await admin.expect(200, "GET", path);
    return send("PUT", path, { ...body, ...part });
  };
  await field("API: description", { limit: 32_000 }, (description) => change({ description }));
  await field("API: name for people", { limit: 200, calls: 4, isLine: true }, (displayName) => change({ displayName }));
  await field("API: owner", { limit: 20_000 }, (text) => change({ businessInformation: { businessOwner: text, technicalOwner: text } }));
  await field("API: properties", { limit: 20_000 }, (value) => change({ additionalProperties: [{ name: "hostile", value, display: true }] }));
  await change({ tags: spread(ALL, 60).slice(0, 20) });
  for (const [sourceType, type] of [["MARKDOWN", "HOWTO"], ["INLINE", "SAMPLES"]]) {
    await field(`document: ${sourceType}`, { limit: 200_000 }, (inlineContent) =>
      send("POST", `${path}/documents`, { name: `Hostile ${sourceType}`, type, sourceType, summary: ALL[0].slice(0, 200), inlineContent }),
    );
  }
  await field("document: summary", { limit: 255, calls: 18, atOnce: 6, isLine: true }, (summary, at) =>
    send("POST", `${path}/documents`, { name: `Summary ${at}`, type: "HOWTO", sourceType: "MARKDOWN", summary }),
  );
  const page = { name: "Page", type: "OTHER", otherTypeName: "<b>x", sourceType: "FILE" };
  const { body: file } = await admin.expect(201, "POST", `${path}/documents`, page);
  await field("document: file", { limit: 5_000_000 }, (text) => {
    const form = new FormData();
    form.set("file", new Blob([`<!doctype html>${text}`], { type: "text/html" }), "page.html");
    return send("POST", `${path}/documents/${file.documentId}/content`, form);
  });
  await field("revision: note", { limit: 255, calls: 3, isLine: true }, (description) => send("POST", `${path}/revisions`, { description }));
  const { body: revision } = await admin.expect(201, "POST", `${path}/revisions`, { description: ALL[7] });
  const place = [{ name: "Default", vhost: "localhost", displayOnDevportal: true }];
  await admin.expect(201, "POST", `${path}/deploy-revision?revisionId=${revision.id}`, place);
  await admin.expect(200, "POST", `${PUBLISHER}/apis/change-lifecycle?action=Publish&apiId=${api.id}`);
  await field("comment", { limit: 500, atOnce: 6 }, (content) => send("POST", `${path}/comments`, { content }));
  const { body: thread } = await admin.expect(201, "POST", `${path}/comments`, { content: "Well?" });
  await field("reply", { limit: 500, atOnce: 6 }, (content) => send("POST", `${DEVPORTAL}/apis/${api.id}/comments?replyTo=${thread.id}`, { content }));
});

test("what consumers and administrators write carries them", async () => {
  ({ body: application } = await admin.expect(201, "POST", `${DEVPORTAL}/applications`, { name: fresh("Hostile"), throttlingPolicy: "Unlimited" }));
  const { applicationId } = application;
  await admin.expect(201, "POST", `${DEVPORTAL}/subscriptions`, { apiId: api.id, applicationId, throttlingPolicy: "Unlimited" });
  const own = (part) => send("PUT", `${DEVPORTAL}/applications/${applicationId}`, { ...application, ...part });
  await field("application: description", { limit: 510 }, (description) => own({ description }));
  await field("application: name", { limit: 70, calls: 12, isLine: true }, (name) => own({ name }));
  await own({ name: application.name });
  const keys = `${DEVPORTAL}/applications/${applicationId}/api-keys/PRODUCTION/generate`;
  await field("API key: name", { limit: 60, calls: 12, atOnce: 6, isLine: true }, (keyName) => send("POST", keys, { keyName, validityPeriod: -1 }));
  const many = { limit: 1_000, atOnce: 6 };
  await field("category: description", many, (description, at) => send("POST", `${ADMIN}/api-categories`, { name: `${NAME}-${at}`, description }));
  await field("label: description", many, (description, at) => send("POST", `${ADMIN}/labels`, { name: `${NAME}-${at}`, description }));
  const defaultLimit = { type: "REQUESTCOUNTLIMIT", requestCount: { timeUnit: "min", unitTime: 1, requestCount: 5 } };
  await field("plan: description", many, (description, at) =>
    send("POST", `${ADMIN}/throttling/policies/application`, { policyName: `${NAME}${at}`, displayName: description.slice(0, 100), description, defaultLimit }),
  );
  await field("environment: description", many, (description, at) =>
    send("POST", `${ADMIN}/environments`, { name: `${NAME}${at}`, displayName: description.slice(0, 100), description, vhosts: [{ host: `h${at}.example` }] }),
  );
  await field("denial: reason", { limit: 200, calls: 24, atOnce: 6, isLine: true }, (reason, at) =>
    send("POST", `${ADMIN}/throttling/deny-policies`, { conditionType: "USER", conditionValue: `${NAME}${at}`, reason }),
  );
  await field("user: name for people", { limit: 100, calls: 6, isLine: true }, (displayName) =>
    send("POST", `${ADMIN}/users`, { username: fresh("h"), password: "long enough to be good", displayName, roles: ["Internal/subscriber"] }),
  );
  await field("shared scope: description", { limit: 500, atOnce: 6 }, (description, at) =>
    send("POST", `${PUBLISHER}/scopes`, { name: `${NAME}-${at}`, displayName: description.slice(0, 100), description, bindings: [] }),
  );
  await field("organization: description", many, (description, at) =>
    send("POST", `${ADMIN}/organizations`, { externalOrganizationId: `${NAME}-${at}`, displayName: description.slice(0, 100), description }),
  );
  await field("user agent in the audit log", { limit: 400, atOnce: 6, isLine: true }, (text) =>
    admin.send("POST", `${PUBLISHER}/apis/${api.id}/comments`, { content: "Hm." }, { "user-agent": text.replace(/[^\x20-\x7e]/g, " ") }),
  );
});

test("at least 20 fields hold hundreds of them each", () => {
  const full = Object.values(told).filter(({ kept }) => kept >= LEAST);
  assert.ok(full.length >= 20, JSON.stringify(told, null, 1));
});

step("no page of the Publisher runs any of it", async () => {
  await person.goto(`${ORIGIN}/publisher/`);
  await signIn(person);
  await person.getByRole("heading", { name: "Home", exact: true }).waitFor();
  const { body: documents } = await admin.expect(200, "GET", `${PUBLISHER}/apis/${api.id}/documents?limit=100`);
  const written = documents.list.filter(({ name }) => name.startsWith("Hostile"));
  const parts = ["", "/operations", "/definition", "/endpoints", "/policies", "/documents", "/comments", "/comments?offset=20", "/versions", "/test", "/plans", "/revisions", "/lifecycle", "/subscribers", "/compliance", "/changes", "/statistics"];
  await visit(["/publisher/", "/publisher/apis", "/publisher/scopes", "/publisher/products/new", ...parts.map((part) => `/publisher/apis/${api.id}${part}`), ...written.map(({ documentId }) => `/publisher/apis/${api.id}/documents/${documentId}`)]);
});

step("no page of the Developer Portal runs any of it, and no answer of an upstream does", async () => {
  const { body: documents } = await admin.expect(200, "GET", `${DEVPORTAL}/apis/${api.id}/documents?limit=100`);
  const read = documents.list.map(({ documentId }) => `/documents?document=${documentId}`).slice(0, 6);
  const operation = encodeURIComponent("POST /hostile");
  const parts = ["", "/reference", `/reference?operation=${operation}`, "/console", `/console?operation=${operation}`, "/documents", ...read, "/comments"];
  const own = ["", "?part=oauth", "?part=api-keys", "?part=requests"].map((part) => `/devportal/applications/${application.applicationId}${part}`);
  await visit(["/devportal/", ...parts.map((part) => `/devportal/apis/${api.id}${part}`), "/devportal/applications", ...own]);
  await person.goto(`${ORIGIN}/devportal/apis/${api.id}/console`);
  await person.getByRole("button", { name: "Get a key and send" }).click();
  await person.getByText("200 OK").waitFor({ timeout: 20_000 });
  await check("the answer of an upstream");
});

step("no page of Admin runs any of it", async () => {
  const pages = ["", "approvals", "audit-log", "policies", "policies?kind=application", "custom-rules", "deny-policies", "gateway-policies", "governance", "users", "permissions", "organizations", "sign-in", "key-managers", "client-registration", "signing-keys", "environments", "theme", "apis", "applications", "api-keys", "categories"];
  await visit(pages.map((page) => `/admin/${page}`));
  await person.goto(`${ORIGIN}/admin/audit-log?action=api`);
  await person.getByRole("button", { name: /^Details of entry/ }).first().click();
  await person.getByRole("dialog").getByText("Seal").waitFor();
  await check("an entry of the audit log");
});

step("a document that is opened by its address runs nothing either", async () => {
  const { body: documents } = await admin.expect(200, "GET", `${DEVPORTAL}/apis/${api.id}/documents?limit=100`);
  for (const { documentId, sourceType } of documents.list.filter(({ name }) => /^(Hostile|Page)/.test(name))) {
    const address = `${ORIGIN}${DEVPORTAL}/apis/${api.id}/documents/${documentId}/content`;
    // A file is saved and not shown; then there is no page to look at.
    const isShown = await person.goto(address).then(() => true, () => false);
    if (isShown) await check(`${sourceType} by its address`);
  }
});

test("nothing ran, nothing became an element, and nothing broke", () => assert.deepEqual([...broken, ...faults], []));

async function visit(paths) {
  for (const path of paths) {
    await person.goto(ORIGIN + path);
    await person.getByRole("heading", { level: 1 }).first().waitFor();
    // Nothing is asserted of it: a page that asks again and again, as an overview does, is never idle.
    await person.waitForLoadState("networkidle", { timeout: 4_000 }).catch(() => {});
    await check(path);
  }
}

/** What has run, and what has become more than text: in the page and in the editors' shadow roots. */
async function check(where) {
  const found = await person.evaluate(() => {
    const roots = [document, ...[...document.querySelectorAll("*")].flatMap(({ shadowRoot }) => (shadowRoot ? [shadowRoot] : []))];
    const all = roots.flatMap((root) => [...root.querySelectorAll("*")]);
    const isBad = (element) =>
      element.hasAttribute("data-ran") ||
      [...element.attributes].some(({ name }) => /^on/i.test(name)) ||
      ["href", "src", "action", "formaction", "data", "srcdoc"].some((name) => /^[\s\u0000-\u001f]*(javascript|vbscript|data:text)/i.test(element.getAttribute(name) ?? ""));
    return [...(window.ran ?? []), ...all.filter(isBad).map((element) => element.outerHTML.slice(0, 160))];
  });
  for (const one of found) broken.push(`${where}: ${one}`);
}

function definition() {
  const answer = { description: WHOLE, content: { "application/json": { schema: { $ref: "#/components/schemas/Hostile" }, example: { said: WHOLE } } } };
  return {
    openapi: "3.0.3",
    info: { title: NAME, version: "1.0.0", description: WHOLE },
    tags: [{ name: "hostile", description: WHOLE }],
    servers: [{ url: upstream.address }],
    paths: {
      "/hostile": {
        get: { tags: ["hostile"], summary: WHOLE, description: WHOLE, responses: { 200: answer } },
        post: {
          summary: ALL[3],
          parameters: [{ name: "said", in: "query", description: WHOLE, schema: { type: "string", default: ALL[1], enum: ALL.slice(0, 50) } }],
          requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/Hostile" } } } },
          responses: { 200: answer },
        },
      },
    },
    components: {
      schemas: { Hostile: { type: "object", description: WHOLE, properties: { said: { type: "string", description: WHOLE, example: WHOLE } } } },
    },
  };
}
