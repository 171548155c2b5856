// What operators and owners say about a gateway: under which hosts and addresses an API is met, which statuses the faults of
// upstreams have, what the log is told of a call, and from where a key may be used. Starts its own platform, because other
// hosts and statuses would be everybody's.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { OwnGateway, OwnPlatform } from "./own-platform.mjs";
import { within } from "./platform.mjs";
import { serve } from "./serve.mjs";
import { Office, call, named } from "./throttled.mjs";

const platform = new OwnPlatform({ POSTERN_FAULT_STATUSES: "peer" }, { lends: true });
const gateway = new OwnGateway();
const seen = [];
let office, upstream, api, key;

before(async () => {
  upstream = await serve((incoming, response) => {
    seen.push(incoming.url);
    if (incoming.url === "/broken") return void incoming.socket.destroy();
    if (incoming.url === "/silent") return;
    response.end("{}");
  });
  await platform.start();
  await gateway.start(platform);
  office = await new Office(platform).enter();
  api = await office.api(upstream.url);
  ({ key } = await office.application(api));
  for (const { origin } of [platform, gateway]) {
    await within(10_000, "the API is known", async () => (await call(origin, `${api.base}/pets`, key)).status === 200);
  }
});

after(() => {
  gateway.stop();
  platform.remove();
  upstream?.close();
});

describe("where an API is met", () => {
  test("below the domain of its tenant, letter by letter", async () => {
    const before = seen.length;
    assert.equal((await call(platform.origin, `/t/default${api.base}/pets`, key)).status, 200);
    assert.deepEqual(seen.slice(before), ["/pets"]);
    for (const prefix of ["/t/Default", "/T/default", "/t/DEFAULT", "/t/other", "/t/default/t/default", "/t", "/t/"]) {
      const answer = await call(platform.origin, `${prefix}${api.base}/pets`, key);
      assert.equal(answer.status, 404, `${prefix}: ${answer.text}`);
    }
    assert.equal(seen.length, before + 1, "the upstream heard of none of them");
  });

  test("under any host, until its environment has several; then under its own", async () => {
    const at = (host) => statusAt(host, `${api.base}/pets`);
    assert.equal(await at("anything.example"), 200);
    const [{ id }] = (await office.call(200, "GET", "/admin/v4/environments")).list;
    await changeHosts(id, (vhosts) => [...vhosts, { host: "shop.example" }], 200);
    await within(10_000, "it stays under the host that it was deployed to", async () => (await at("anything.example")) === 404);
    assert.deepEqual([await at("localhost"), await at("shop.example")], [200, 404]);

    const place = `/publisher/v4/apis/${api.id}/deployments/Default`;
    await office.call(200, "PUT", place, { name: "Default", vhost: "shop.example", displayOnDevportal: true });
    await within(10_000, "it moves to the other host", async () => (await at("shop.example")) === 200);
    for (const [host, status] of [
      ["SHOP.Example", 200], ["shop.example:8443", 200], ["localhost", 404], ["evil.shop.example", 404], ["shop.example.evil", 404], ["shop", 404],
    ]) {
      assert.equal(await at(host), status, host);
    }
    await changeHosts(id, (vhosts) => vhosts.filter(({ host }) => host !== "shop.example"), 409);

    await office.call(200, "PUT", place, { name: "Default", vhost: "localhost", displayOnDevportal: true });
    await changeHosts(id, (vhosts) => vhosts.filter(({ host }) => host !== "shop.example"), 200);
    await within(10_000, "any host is good again", async () => (await at("anything.example")) === 200);
  });
});

test("faults of upstreams have the peer's statuses where that is wanted, and nothing else has", async () => {
  const gone = await serve(() => {});
  gone.close();
  const config = { actionDuration: "700", suspendDuration: "20000" };
  const single = await office.api(upstream.url, { endpointConfig: { endpoint_type: "http", production_endpoints: { url: upstream.url, config: { actionDuration: "700" } } } });
  const failing = await office.api(upstream.url, {
    endpointConfig: { endpoint_type: "failover", production_endpoints: { url: gone.url, config }, production_failovers: [{ url: gone.url.replace("127.0.0.1", "localhost"), config }] },
  });
  const [one, two] = [(await office.application(single)).key, (await office.application(failing)).key];
  const ask = async (base, path, withKey) => {
    const { status, body } = await call(platform.origin, base + path, withKey);
    return [status, body.code];
  };
  await within(10_000, "the API is known", async () => (await ask(single.base, "/pets", one))[0] === 200);
  assert.deepEqual(await ask(single.base, "/broken", one), [500, "101503"]);
  assert.deepEqual(await ask(single.base, "/silent", one), [500, "101504"]);
  await within(10_000, "all addresses are left out", async () => (await ask(failing.base, "/pets", two))[1] === "303001");
  const none = await call(platform.origin, `${failing.base}/pets`, two);
  assert.equal(none.status, 500);
  const seconds = Number(none.headers.get("retry-after"));
  assert.ok(seconds > 10 && seconds <= 20, `the first address is tried again in ${seconds} s`);
  assert.deepEqual(await ask(single.base, "/pets"), [401, "900902"]);
  assert.deepEqual(await ask("/no/such/api", "/"), [404, "404"]);
  // The gateway beside it was not told so.
  const honest = await call(gateway.origin, `${single.base}/broken`, one);
  assert.deepEqual([honest.status, honest.body.code], [502, "101503"]);
});

describe("what the log is told of a call", () => {
  const lines = (base) => readFileSync(join(platform.state, "log"), "utf8").split("\n").filter((line) => line.includes(`call GET ${base}/`));
  const SECRETS = { apikey: "s3cret-in-apikey", authorization: "Bearer s3cret-in-authorization", cookie: "a=s3cret-in-cookie", "x-member": "s3cret-in-x-member", "x-auth-code": "s3cret-in-x-auth-code" };

  for (const [level, tells] of [["STANDARD", true], ["BASIC", true], [undefined, false]]) {
    test(`at ${level ?? "no"} level`, async () => {
      const additionalProperties = level ? [{ name: "logLevel", value: level, display: false }] : [];
      const logged = await office.api(upstream.url, { additionalProperties, apiKeyHeader: "X-Member" });
      const application = await office.application(logged);
      const ask = (headers) => call(platform.origin, `${logged.base}/pets?name=s3cret-in-query`, undefined, { "x-seen": "plain", ...headers });
      await within(10_000, "the API is known", async () => (await ask({ "x-member": application.key })).status === 200);
      assert.equal((await ask(SECRETS)).status, 401);
      // A line that tells of this call says that those of the calls before have been written too.
      const known = await office.api(upstream.url, { additionalProperties: [{ name: "logLevel", value: "BASIC", display: false }] });
      await within(10_000, "the log is written", async () => {
        await call(platform.origin, `${known.base}/open`);
        return lines(known.base).length > 0;
      });
      const found = lines(logged.base);
      if (!tells) return assert.deepEqual(found, []);
      const text = found.join("\n");
      assert.match(text, new RegExp(`call GET ${logged.base}/\\*: 200 in \\d+ ms, upstream \\d+ ms, request \\w+`));
      assert.match(text, new RegExp(`call GET ${logged.base}/\\*: 401 in \\d+ ms, fault 90090\\d, request \\w+`));
      assert.equal(text.includes("x-seen=plain"), level === "STANDARD");
      assert.ok(!text.includes("s3cret") && !text.includes(application.key), text);
      if (level === "STANDARD") for (const name of Object.keys(SECRETS)) assert.ok(text.includes(` ${name}=***`), `${name} in ${text}`);
    });
  }
});

describe("from where a key may be used", () => {
  /** A key with these restrictions; what a call with it is answered. */
  async function restricted(additionalProperties) {
    const { id } = await office.application(api);
    const { apikey } = await office.call(200, "POST", `/devportal/v3/applications/${id}/api-keys/PRODUCTION/generate`, {
      keyName: named("k"), validityPeriod: -1, additionalProperties,
    });
    return async (origin, headers) => {
      const { status, body } = await call(origin, `${api.base}/pets`, apikey, headers);
      return status === 200 ? 200 : body.code;
    };
  }

  test("by the client's address, which nobody chooses for himself", async () => {
    const ask = await restricted({ permittedIP: "203.0.113.0/24,198.51.100.7,2001:db8::/32" });
    const from = (address) => ask(gateway.origin, address ? { "cf-connecting-ip": address } : {});
    await within(10_000, "the key is known", async () => (await from("198.51.100.7")) === 200);
    for (const [address, expected] of [
      ["203.0.113.0", 200], ["203.0.113.255", 200], ["203.0.114.0", "900917"], ["198.51.100.8", "900917"], ["2001:db8:ffff::1", 200],
      ["2001:db9::1", "900917"], ["::ffff:203.0.113.9", 200], ["203.0.113.9, 192.0.2.1", "900917"], ["", "900917"], ["nonsense", "900917"],
    ]) {
      assert.equal(await from(address), expected, address);
    }
    const claims = ["cf-connecting-ip", "x-forwarded-for", "x-real-ip", "true-client-ip", "forwarded"];
    for (const name of claims) assert.equal(await ask(platform.origin, { [name]: "203.0.113.9" }), "900917", name);
  });

  test("by the page that it is used on", async () => {
    const ask = await restricted({ permittedReferer: "https://shop.example/*,https://*.portal.example/try" });
    const on = (referer) => ask(platform.origin, referer ? { referer } : {});
    await within(10_000, "the key is known", async () => (await on("https://shop.example/")) === 200);
    for (const [referer, expected] of [
      ["https://shop.example/a/b?c=1", 200], ["https://a.portal.example/try", 200], ["https://a.portal.example/try/it", "900917"],
      ["http://shop.example/", "900917"], ["https://shop.example.evil/", "900917"], ["https://evil/?https://shop.example/", "900917"], ["", "900917"],
    ]) {
      assert.equal(await on(referer), expected, referer);
    }
  });
});

/** Changes the hosts of an environment, and expects a status. */
async function changeHosts(id, change, status) {
  const at = `/api/am/admin/v4/environments/${id}`;
  const { body, headers } = await platform.send("GET", at, undefined, office.bearer);
  const answer = await platform.send("PUT", at, { ...body, vhosts: change(body.vhosts) }, { ...office.bearer, "if-match": headers.get("etag") });
  assert.equal(answer.status, status, answer.text);
}

/** The status of a call whose `Host` is chosen; `fetch` would not have it. */
function statusAt(host, path) {
  const { port } = new URL(platform.origin);
  return new Promise((done, failed) => {
    const asked = request({ host: "127.0.0.1", port, path, headers: { host, apikey: key } }, (answer) => {
      answer.resume().on("end", () => done(answer.statusCode));
    });
    asked.on("error", failed).end();
  });
}
