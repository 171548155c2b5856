// Who may call, in every combination that an owner can set: the states of a subscription by the kind of key, which
// credentials open an API of which schemes, for which audience a token is, and where a version stands in the address. Starts
// its own platform: nobody is believed about certificates by default, and approvals would be everybody's.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { OwnPlatform } from "./own-platform.mjs";
import { startUpstream, within } from "./platform.mjs";
import { Office, call, named } from "./throttled.mjs";

const platform = new OwnPlatform({ POSTERN_CLIENT_CERTIFICATE: "client-cert" });
// A certificate for `/C=CH/O=Example, Inc./OU=Shops/CN=shop`, made with OpenSSL.
const SHOP = "MIIB3zCCAYWgAwIBAgIUXa1LZvw33FpHlA13Hwi9IWoo5OcwCgYIKoZIzj0EAwIwRDELMAkGA1UEBhMCQ0gxFjAUBgNVBAoMDUV4YW1wbGUsIEluYy4xDjAMBgNVBAsMBVNob3BzMQ0wCwYDVQQDDARzaG9wMCAXDTI2MTEyNjE2NTY0OVoYDzIxMjYxMTAyMTY1NjQ5WjBEMQswCQYDVQQGEwJDSDEWMBQGA1UECgwNRXhhbXBsZSwgSW5jLjEOMAwGA1UECwwFU2hvcHMxDTALBgNVBAMMBHNob3AwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQ8N1MXkFxn5EFjd1U0EoOgI8Pcz/4r6KbILcMID4SFLwyx/OsxCrNVDPokk8JjK2Iuo5gi6n33AVCNtI7zZF0oo1MwUTAdBgNVHQ4EFgQUwWyutoGa9qtgxm9oRAangusDK9wwHwYDVR0jBBgwFoAUwWyutoGa9qtgxm9oRAangusDK9wwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAndvZ3+bLTW0XHYw5drUQZ0BzG/3HWab+3Z9DFSwEJ3QCIHtGTdKFikBeXH91ZCHvel0MXb1bb5fvrADhPJCV7nMz";
const CERTIFICATE = { "client-cert": `:${SHOP}:` };
let office, upstream;

before(async () => {
  upstream = await startUpstream();
  await platform.start();
  office = await new Office(platform).enter();
});

after(async () => {
  platform.remove();
  await upstream?.close();
});

const basic = (user, secret) => `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;
const get = (path, headers) => call(platform.origin, path, undefined, headers);
const said = ({ status, body }) => (status === 200 ? 200 : `${status} ${body.code}`);
/** An API with both kinds of endpoint. */
const published = (more) => {
  const endpoint = { url: upstream.url };
  return office.api(upstream.url, { endpointConfig: { endpoint_type: "http", production_endpoints: endpoint, sandbox_endpoints: endpoint }, ...more });
};

/** An application with keys and clients of both kinds; what it shows to call. */
async function application() {
  const made = await office.call(201, "POST", "/devportal/v3/applications", { name: named("app"), throttlingPolicy: "Unlimited", description: "" });
  const at = `/devportal/v3/applications/${made.applicationId}`;
  const shows = {};
  const clients = {};
  for (const kind of ["PRODUCTION", "SANDBOX"]) {
    const { apikey } = await office.call(200, "POST", `${at}/api-keys/${kind}/generate`, { keyName: "k", validityPeriod: -1, additionalProperties: {} });
    clients[kind] = await office.call(200, "POST", `${at}/generate-keys`, {
      keyType: kind, grantTypesToBeSupported: ["client_credentials"], callbackUrl: "", validityTime: 3600,
    });
    shows[`${kind} key`] = { apikey };
    shows[`${kind} token`] = { authorization: `Bearer ${await tokenOf(clients[kind])}` };
  }
  return { id: made.applicationId, name: made.name, shows, clients };
}

async function tokenOf({ consumerKey, consumerSecret }, ...resources) {
  const form = new URLSearchParams({ grant_type: "client_credentials" });
  for (const resource of resources) form.append("resource", resource);
  return (await platform.expect(200, "POST", "/oauth2/token", form, { authorization: basic(consumerKey, consumerSecret) })).access_token;
}

const subscribe = (application, api, plan = "Unlimited") =>
  office.call(201, "POST", "/devportal/v3/subscriptions", { applicationId: application.id, apiId: api.id, throttlingPolicy: plan });

describe("a subscription", () => {
  const configure = (Workflows) => office.call(200, "PUT", "/admin/v4/tenant-config", { Workflows });
  const decide = async (kind, status) => {
    const { list } = await office.call(200, "GET", `/admin/v4/workflows?workflowType=${kind}&limit=100`);
    assert.equal(list.length, 1);
    await office.call(200, "POST", `/admin/v4/workflows/update-workflow-status?workflowReferenceId=${list[0].referenceId}`, { status, description: "because" });
  };
  let api, theirs, path;

  /** That every kind of caller is told this. */
  async function lets(production, sandbox = production) {
    for (const [what, headers] of Object.entries(theirs.shows)) {
      const expected = what.startsWith("PRODUCTION") ? production : sandbox;
      await within(10_000, `${what}: ${expected}`, async () => said(await get(path, headers)) === expected);
    }
  }

  before(async () => {
    api = await published({ policies: ["Unlimited", "Gold", "Bronze"] });
    path = `${api.base}/pets`;
    theirs = await application();
  });

  after(() => configure({}));

  test("that there is none of opens nothing", () => lets("403 900908"));

  test("opens nothing while it is on hold, nor once it is rejected", async () => {
    await configure({ SubscriptionCreation: "APPROVAL" });
    const { subscriptionId, status } = await subscribe(theirs, api);
    assert.equal(status, "ON_HOLD");
    await lets("401 900909");
    await decide("SUBSCRIPTION_CREATION", "REJECTED");
    assert.equal((await office.call(200, "GET", `/devportal/v3/subscriptions/${subscriptionId}`)).status, "REJECTED");
    // Nobody sees the difference, so the change is waited for by its version.
    await lets("401 900909");
    await office.call(200, "DELETE", `/devportal/v3/subscriptions/${subscriptionId}`);
    await lets("403 900908");
    await subscribe(theirs, api, "Gold");
    await lets("401 900909");
    await decide("SUBSCRIPTION_CREATION", "APPROVED");
    await lets(200);
  });

  test("is blocked for production only, or for all", async () => {
    const [{ subscriptionId }] = (await office.call(200, "GET", `/devportal/v3/subscriptions?applicationId=${theirs.id}`)).list;
    const block = (state) => office.call(200, "POST", `/publisher/v4/subscriptions/block-subscription?subscriptionId=${subscriptionId}&blockState=${state}`);
    await block("PROD_ONLY_BLOCKED");
    await lets("401 900907", 200);
    await block("BLOCKED");
    await lets("401 900907");
    await office.call(200, "POST", `/publisher/v4/subscriptions/unblock-subscription?subscriptionId=${subscriptionId}`);
    await lets(200);
  });

  test("stays under its plan while another is asked for", async () => {
    await configure({ SubscriptionUpdate: "APPROVAL" });
    const [{ subscriptionId }] = (await office.call(200, "GET", `/devportal/v3/subscriptions?applicationId=${theirs.id}`)).list;
    const wish = { applicationId: theirs.id, apiId: api.id, throttlingPolicy: "Bronze" };
    const plan = async () => (await get(path, theirs.shows["PRODUCTION key"])).headers.get("ratelimit-policy");
    const { status } = await office.call(200, "PUT", `/devportal/v3/subscriptions/${subscriptionId}`, wish);
    assert.equal(status, "TIER_UPDATE_PENDING");
    await lets(200);
    assert.match(await plan(), /"Gold"/);
    await decide("SUBSCRIPTION_UPDATE", "APPROVED");
    await within(10_000, "the other plan", async () => /"Bronze"/.test(await plan()));
    await lets(200);
  });
});

describe("what opens an API", () => {
  const SETS = [[], ["api_key"], ["oauth2", "api_key", "basic_auth"]];
  const CERTIFIED = [[], ["mutualssl"], ["mutualssl", "mutualssl_mandatory"]];
  const BOTH = "oauth_basic_auth_api_key_mandatory";
  let theirs;

  before(async () => {
    theirs = await application();
  });

  /** Every subset of what can be shown at once. */
  function* shown() {
    const { username, password } = platform.administrator;
    for (const certificate of [false, true]) {
      for (const key of [false, true]) {
        for (const authorization of ["", "oauth2", "basic_auth"]) {
          const schemes = [...(key ? ["api_key"] : []), ...(authorization ? [authorization] : [])];
          const headers = {
            ...(certificate && CERTIFICATE),
            ...(key && theirs.shows["PRODUCTION key"]),
            ...(authorization === "oauth2" && theirs.shows["PRODUCTION token"]),
            ...(authorization === "basic_auth" && { authorization: basic(username, password) }),
          };
          yield { certificate, schemes, headers };
        }
      }
    }
  }

  for (const certified of CERTIFIED) {
    for (const set of SETS) {
      for (const both of [false, true]) {
        const scheme = [...certified, ...set, ...(both ? [BOTH] : [])];
        if (certified.length === 0 && (set.length === 0 || both)) continue;
        if (both && set.length === 0) continue;
        test(`of ${scheme.join(", ")}`, async () => {
          const api = await published({ securityScheme: scheme });
          await subscribe(theirs, api);
          if (certified.length > 0) await certificate(api);
          const path = `${api.base}/pets`;
          const all = { ...CERTIFICATE, ...theirs.shows["PRODUCTION key"] };
          await within(10_000, "it is open", async () => (await get(path, all)).status === 200);
          for (const { certificate, schemes, headers } of shown()) {
            const hasOther = schemes.some((it) => set.includes(it));
            const isMandatory = certified.includes("mutualssl_mandatory");
            const byCertificate = certificate && certified.length > 0;
            const opens = both ? hasOther && (byCertificate || !isMandatory) : byCertificate || (hasOther && !isMandatory);
            const what = `${certificate ? "certificate " : ""}${schemes}`;
            // Its certificate may be known before the application's subscription is.
            if (opens) await within(10_000, `${what} opens it`, async () => said(await get(path, headers)) === 200);
            else assert.equal(said(await get(path, headers)), "401 900902", what);
          }
        });
      }
    }
  }

  async function certificate(api) {
    const pem = `-----BEGIN CERTIFICATE-----\n${SHOP.match(/.{1,64}/g).join("\n")}\n-----END CERTIFICATE-----\n`;
    const form = new FormData();
    form.set("certificate", new Blob([pem], { type: "application/x-pem-file" }));
    form.set("alias", named("shop"));
    form.set("tier", "Unlimited");
    const answer = await fetch(`${platform.origin}/api/am/publisher/v4/apis/${api.id}/client-certificates`, { method: "POST", headers: office.bearer, body: form });
    assert.equal(answer.status, 201, await answer.text());
  }
});

test("an API of several audiences takes a token for any of them, and for no other", async () => {
  const [PETS, SHOP_, STAFF] = ["pets", "shop", "staff"].map((name) => `https://${name}.example/`);
  const api = await published({ audiences: [PETS, SHOP_] });
  const theirs = await application();
  await subscribe(theirs, api);
  const by = async (...resources) => said(await get(`${api.base}/pets`, { authorization: `Bearer ${await tokenOf(theirs.clients.PRODUCTION, ...resources)}` }));
  await within(10_000, "the API is known", async () => (await by(PETS)) === 200);
  for (const [resources, expected] of [
    [[SHOP_], 200], [[PETS, SHOP_], 200], [[STAFF, PETS], 200], [[STAFF, SHOP_], 200],
    [[STAFF], "403 900914"], [[], "403 900914"], [[PETS.slice(0, -1)], "403 900914"], [[`${PETS}x`], "403 900914"],
  ]) {
    assert.equal(await by(...resources), expected, `${resources}`);
  }
  assert.equal(said(await get(`${api.base}/pets`, theirs.shows["PRODUCTION key"])), 200, "a key is for no audience");
});

describe("a version", () => {
  for (const [what, context, at] of [
    ["in the midst of an address", (name) => `/${name}/{version}/pets`, (name, version) => `/${name}/${version}/pets`],
    ["before it", (name) => `/{version}/${name}`, (name, version) => `/${version}/${name}`],
    ["at its end", (name) => `/${name}/{version}`, (name, version) => `/${name}/${version}`],
  ]) {
    test(`stands ${what}`, async () => {
      const name = named("ver").toLowerCase();
      const api = await published({ context: context(name), isDefaultVersion: true });
      const copy = await office.call(201, "POST", `/publisher/v4/apis/copy-api?apiId=${api.id}&newVersion=2.1-beta`, undefined);
      const revision = await office.call(201, "POST", `/publisher/v4/apis/${copy.id}/revisions`, { description: "" });
      await office.call(201, "POST", `/publisher/v4/apis/${copy.id}/deploy-revision?revisionId=${revision.id}`, [{ name: "Default", vhost: "localhost", displayOnDevportal: true }]);
      await office.call(200, "POST", `/publisher/v4/apis/change-lifecycle?action=Publish&apiId=${copy.id}`);
      const theirs = await application();
      for (const one of [api, copy]) await subscribe(theirs, one);
      const ask = async (path) => (await get(`${path}/cats/7`, theirs.shows["PRODUCTION key"])).status;
      const alias = at(name, "").replaceAll("//", "/").replace(/\/$/, "");
      for (const path of [at(name, "1.0.0"), at(name, "2.1-beta"), alias]) {
        await within(10_000, `${path} is served`, async () => (await ask(path)) === 200);
        assert.equal(upstream.seen.at(-1).url, "/cats/7", "the upstream sees what is below it");
      }
      for (const path of [at(name, "1.0.1"), at(name, "{version}"), at(name, "%7Bversion%7D"), at(name, "1.0.0/2.1-beta"), at(name, "1.0")]) {
        const status = await ask(path);
        assert.ok(status === 404 || (path.startsWith(`${alias}/`) && status === 200), `${path}: ${status}`);
      }
    });
  }
});

describe("an API", () => {
  let theirs;

  before(async () => {
    theirs = await application();
  });

  test("without plans asks for no subscription, and for a credential all the same", async () => {
    const api = await published({ policies: [] });
    const path = `${api.base}/pets`;
    for (const [what, headers] of Object.entries(theirs.shows)) {
      await within(10_000, `${what} opens it`, async () => said(await get(path, headers)) === 200);
    }
    assert.equal(said(await get(path, {})), "401 900902");
  });

  test("asks for the kind of token that an operation wants", async () => {
    const operation = (target, authType) => ({ target, verb: "GET", throttlingPolicy: "Unlimited", authType });
    const api = await published({ operations: [operation("/people", "Application User"), operation("/programs", "Application"), operation("/open", "None")] });
    await subscribe(theirs, api);
    const token = theirs.shows["PRODUCTION token"];
    await within(10_000, "the API is known", async () => said(await get(`${api.base}/programs`, token)) === 200);
    assert.equal(said(await get(`${api.base}/people`, token)), "401 900905");
    for (const path of ["/people", "/programs"]) assert.equal(said(await get(api.base + path, theirs.shows["PRODUCTION key"])), 200, "a key stands for its application");
    for (const headers of [{}, { authorization: "Bearer nonsense" }]) assert.equal(said(await get(`${api.base}/open`, headers)), 200);
  });

  test("refuses in the language of the call", async () => {
    const api = await published({});
    await within(10_000, "the API is known", async () => (await get(`${api.base}/pets`, {})).status === 401);
    const post = (headers) => call(platform.origin, `${api.base}/pets`, undefined, headers, { method: "POST", body: "<a/>" });
    for (const [headers, type, looks] of [
      [{ "content-type": "text/xml", soapaction: '"pets"' }, /^text\/xml/, /<soapenv:Envelope xmlns:soapenv="http:\/\/schemas\.xmlsoap\.org\/soap\/envelope\/">.*<soapenv:Fault><faultcode>.*900902/s],
      [{ "content-type": "application/soap+xml" }, /^application\/soap\+xml/, /http:\/\/www\.w3\.org\/2003\/05\/soap-envelope.*900902/s],
      [{ accept: "application/problem+json" }, /^application\/problem\+json/, /"type":"[^"]*\/docs\/errors\/900902"/],
      [{ accept: "*/*" }, /^application\/json/, /"code":"900902"/],
    ]) {
      const answer = await post(headers);
      assert.equal(answer.status, 401);
      assert.match(answer.headers.get("content-type"), type);
      assert.match(answer.text, looks);
      assert.match(answer.headers.get("www-authenticate"), /Bearer realm=/);
    }
  });
});
