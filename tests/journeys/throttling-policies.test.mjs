// Throttle policies of every kind over the admin API: what is taken, what is refused by name, and what never happens.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { ADMIN, DEVPORTAL, PUBLISHER, administrator, fresh, makeApi, petstore, publishApi, somebody, upload } from "./manage.mjs";
import { get, signIn, startUpstream, within } from "./platform.mjs";

const POLICIES = `${ADMIN}/throttling/policies`;
const DENY = `${ADMIN}/throttling/deny-policies`;

let admin, bob, carol;

before(async () => {
  const entered = await administrator();
  admin = entered.admin;
  bob = await somebody(admin, entered.client, ["Internal/subscriber"]);
  carol = await somebody(admin, entered.client, ["Internal/subscriber", "Internal/creator"]);
});

const count = (requests, more = {}, timeUnit = "min") => ({
  type: "REQUESTCOUNTLIMIT",
  requestCount: { timeUnit, unitTime: 1, requestCount: requests },
  ...more,
});

const curl = { type: "HEADERCONDITION", headerCondition: { headerName: "User-Agent", headerValue: "curl/.*" } };
const inside = {
  type: "IPCONDITION",
  invertCondition: true,
  ipCondition: { ipConditionType: "IPRANGE", startingIP: "10.0.0.1", endingIP: "10.0.0.9" },
};

/** What a refusal names first. */
const place = ({ body }) => body.error[0].description;

/** Each change of a good body is refused by the name of its field, and nothing of it is there afterwards. */
async function refuses(kind, good, cases) {
  for (const [change, where] of cases) {
    const body = { ...good, policyName: fresh("Bad"), ...change };
    const refused = await admin.expect(400, "POST", `${POLICIES}/${kind}`, body);
    assert.equal(place(refused), where, JSON.stringify(change));
  }
  const all = (await admin.expect(200, "GET", `${POLICIES}/${kind}`)).body.list;
  assert.deepEqual(all.filter(({ policyName }) => policyName.startsWith("Bad")), []);
}

describe("an advanced policy", () => {
  const group = (conditions, requests) => ({ description: "some", conditions, limit: count(requests) });

  it("keeps its groups, and each group its id", async () => {
    const at = `${POLICIES}/advanced`;
    const body = {
      policyName: fresh("Groups"),
      perUser: true,
      onFailure: "closed",
      defaultLimit: count(100),
      conditionalGroups: [group([curl], 5), group([inside, curl], 7)],
    };
    const made = await admin.expect(201, "POST", at, body);
    const [first, second] = made.body.conditionalGroups;
    assert.notEqual(first.groupId, second.groupId);
    assert.equal(made.body.perUser, true);
    assert.equal(second.conditions[0].ipCondition.endingIP, "10.0.0.9");
    const one = `${at}/${made.body.policyId}`;
    // By a client that knows of no ids: moved, and edited.
    const moved = { ...body, conditionalGroups: [group([inside, curl], 70), group([curl], 50)] };
    const after = (await admin.expect(200, "PUT", one, moved)).body.conditionalGroups;
    assert.deepEqual(after.map(({ groupId }) => groupId), [second.groupId, first.groupId]);
    const tag = { "if-match": made.headers.get("etag") };
    await admin.expect(412, "PUT", one, body, tag);
    await admin.expect(412, "DELETE", one, undefined, tag);
    await admin.expect(200, "DELETE", one);
    await admin.expect(404, "GET", one);
  });

  it("is refused by the path of what is wrong", async () => {
    const good = { defaultLimit: count(100) };
    const only = (condition) => ({ conditionalGroups: [group([curl], 5), group([condition], 5)] });
    const at = "conditionalGroups[1].conditions[0]";
    const address = (ipCondition) => only({ type: "IPCONDITION", ipCondition });
    await refuses("advanced", good, [
      [{ conditionalGroups: "no" }, "conditionalGroups"],
      [{ conditionalGroups: [{ conditions: [curl] }] }, "conditionalGroups[0].limit"],
      [{ conditionalGroups: [group([], 5)] }, "conditionalGroups[0].conditions"],
      [{ conditionalGroups: Array(21).fill(group([curl], 5)) }, "conditionalGroups"],
      [{ conditionalGroups: [group(Array(11).fill(curl), 5)] }, "conditionalGroups[0].conditions"],
      [{ conditionalGroups: [group([curl], 0)] }, "conditionalGroups[0].limit.requestCount.requestCount"],
      [only({ type: "COOKIECONDITION" }), `${at}.type`],
      [only({ type: "IPCONDITION" }), `${at}.ipCondition`],
      [only({ ...curl, headerCondition: { headerName: "a", headerValue: "(" } }), `${at}.headerCondition.headerValue`],
      [only({ ...curl, headerCondition: { headerName: "a", headerValue: "(a)\\1" } }), `${at}.headerCondition.headerValue`],
      [only({ ...curl, headerCondition: { headerName: "a", headerValue: "x".repeat(600) } }), `${at}.headerCondition.headerValue`],
      [only({ ...curl, headerCondition: { headerName: "a:b", headerValue: "x" } }), `${at}.headerCondition.headerName`],
      [only({ ...curl, headerCondition: { name: "a" } }), `${at}.headerCondition.name`],
      [address({ ipConditionType: "IPRANGE", startingIP: "10.0.0.9", endingIP: "10.0.0.1" }), `${at}.ipCondition.endingIP`],
      [address({ ipConditionType: "IPRANGE", startingIP: "10.0.0.9", endingIP: "::1" }), `${at}.ipCondition.endingIP`],
      [address({ ipConditionType: "IPRANGE", startingIP: "10.0.0.9" }), `${at}.ipCondition.endingIP`],
      [address({ ipConditionType: "IPSPECIFIC", specificIP: "ten" }), `${at}.ipCondition.specificIP`],
      [address({ ipConditionType: "ANY" }), `${at}.ipCondition.ipConditionType`],
      [{ perUser: "yes" }, "perUser"],
      [{ concurrency: 3 }, "concurrency"],
    ]);
  });
});

describe("a limit", () => {
  it("says how it is counted and on whose calendar", async () => {
    const at = `${POLICIES}/subscription`;
    for (const limit of [
      count(10, { algorithm: "sliding" }),
      count(10, { algorithm: "gcra", burst: 4 }),
      count(10, { timeZone: "Europe/Berlin" }, "day"),
      { type: "BANDWIDTHLIMIT", bandwidth: { timeUnit: "month", unitTime: 1, dataAmount: 5, dataUnit: "GB" } },
      { type: "EVENTCOUNTLIMIT", eventCount: { timeUnit: "hour", unitTime: 2, eventCount: 5 } },
    ]) {
      const made = (await admin.expect(201, "POST", at, { policyName: fresh("Counted"), defaultLimit: limit })).body;
      assert.deepEqual(made.defaultLimit, limit);
      await admin.expect(200, "DELETE", `${at}/${made.policyId}`);
    }
    await refuses("subscription", {}, [
      [{}, "defaultLimit"],
      [{ defaultLimit: count(10, { algorithm: "leaky" }) }, "defaultLimit.algorithm"],
      [{ defaultLimit: count(10, { algorithm: "gcra" }) }, "defaultLimit.burst"],
      [{ defaultLimit: count(10, { burst: 4 }) }, "defaultLimit.burst"],
      [{ defaultLimit: count(10, { timeZone: "Europe/Berlin" }) }, "defaultLimit.timeZone"],
      [{ defaultLimit: count(10, { timeZone: "Mars/Base" }, "day") }, "defaultLimit.timeZone"],
      [{ defaultLimit: count(10, { timeZone: "no zone" }, "day") }, "defaultLimit.timeZone"],
      [{ defaultLimit: { type: "COUNT" } }, "defaultLimit.type"],
    ]);
  });
});

describe("a plan", () => {
  it("keeps everything that administrators say of it", async () => {
    const at = `${POLICIES}/subscription`;
    const body = {
      policyName: fresh("Whole"),
      displayName: "Whole",
      description: "everything",
      defaultLimit: count(10),
      rateLimitCount: 5,
      rateLimitTimeUnit: "sec",
      subscriberCount: 3,
      customAttributes: [{ name: "a", value: "b" }],
      stopOnQuotaReach: false,
      billingPlan: "COMMERCIAL",
      graphQLMaxComplexity: 400,
      graphQLMaxDepth: 10,
      monetization: { monetizationPlan: "FIXEDRATE", properties: { price: "5" } },
      permissions: { permissionType: "ALLOW", roles: ["Internal/creator"] },
      concurrency: 8,
      onFailure: "open",
    };
    const { policyId, isDeployed, type, ...kept } = (await admin.expect(201, "POST", at, body)).body;
    assert.deepEqual(kept, body);
    assert.equal(type, "SubscriptionThrottlePolicy");
    assert.equal(isDeployed, true);
    await admin.expect(200, "DELETE", `${at}/${policyId}`);
    await refuses("subscription", { defaultLimit: count(10) }, [
      [{ permissions: { permissionType: "SOME", roles: ["a"] } }, "permissions.permissionType"],
      [{ permissions: { permissionType: "ALLOW", roles: [] } }, "permissions.roles"],
      [{ permissions: { permissionType: "ALLOW", roles: ["a"], users: [] } }, "permissions.users"],
      [{ monetization: { monetizationPlan: "FREE", properties: {} } }, "monetization.monetizationPlan"],
      [{ monetization: { properties: { a: 1 } } }, "monetization.properties"],
      [{ concurrency: 0 }, "concurrency"],
      [{ onFailure: "maybe" }, "onFailure"],
      [{ subscriberCount: -1 }, "subscriberCount"],
      [{ customAttributes: [{ name: "", value: "b" }] }, "customAttributes[0].name"],
      [{ rateLimitCount: 5, rateLimitTimeUnit: "day" }, "rateLimitTimeUnit"],
      [{ billingPlan: "CHEAP" }, "billingPlan"],
      [{ conditionalGroups: [{ conditions: [curl], limit: count(1) }] }, "conditionalGroups"],
    ]);
    await refuses("application", { defaultLimit: count(10) }, [
      [{ burstLimit: { rateLimitCount: 5, rateLimitTimeUnit: "day" } }, "burstLimit.rateLimitTimeUnit"],
      [{ permissions: { permissionType: "ALLOW", roles: ["a"] } }, "permissions"],
    ]);
  });

  it("is offered to and taken by those alone whose roles allow it", async () => {
    const permissions = { permissionType: "ALLOW", roles: ["Internal/creator"] };
    const policyName = fresh("Inner");
    await admin.expect(201, "POST", `${POLICIES}/subscription`, { policyName, defaultLimit: count(10), permissions });
    const api = await publishApi(admin, { policies: [policyName, "Gold"] });
    const offered = async (person) =>
      (await person.expect(200, "GET", `${DEVPORTAL}/apis/${api.id}/subscription-policies`)).body.map(({ name }) => name);
    assert.deepEqual(await offered(bob), ["Gold"]);
    assert.deepEqual((await offered(carol)).sort(), ["Gold", policyName].sort());
    const subscribe = async (person, status) => {
      const application = { name: fresh("App"), throttlingPolicy: "Unlimited" };
      const { applicationId } = (await person.expect(201, "POST", `${DEVPORTAL}/applications`, application)).body;
      return person.expect(status, "POST", `${DEVPORTAL}/subscriptions`, { applicationId, apiId: api.id, throttlingPolicy: policyName });
    };
    assert.equal((await subscribe(bob, 400)).body.code, 902018);
    await subscribe(carol, 201);
    await bob.expect(404, "GET", `${DEVPORTAL}/throttling-policies/subscription/${policyName}`);
  });
});

describe("a custom rule", () => {
  const at = `${POLICIES}/custom`;
  const siddhi = (eligible) =>
    `FROM RequestStream SELECT userId, ( ${eligible} ) AS isEligible, str:concat('admin@carbon.super','') as throttleKey ` +
    "INSERT INTO EligibilityStream; FROM EligibilityStream[isEligible==true]#throttler:timeBatch(1 min) " +
    "SELECT throttleKey, (count(userId) >= 5) as isThrottled, expiryTimeStamp group by throttleKey INSERT ALL EVENTS into ResultStream;";

  it("is read from WSO2's query, and says what it means", async () => {
    const body = { policyName: fresh("Rule"), description: "five", keyTemplate: "$userId", siddhiQuery: siddhi("userId == 'admin@carbon.super'") };
    const made = await admin.expect(201, "POST", at, body);
    assert.equal(made.body.condition, "user == 'admin'");
    assert.equal(made.body.defaultLimit.requestCount.requestCount, 5);
    assert.equal(made.body.type, "CustomRule");
    await admin.expect(409, "POST", at, body);
    const one = `${at}/${made.body.policyId}`;
    assert.match(made.headers.get("location"), /\/throttling\/policies\/custom\//);
    const changed = { ...body, siddhiQuery: siddhi("apiName == 'Pets'") };
    const after = await admin.expect(200, "PUT", one, changed, { "if-match": made.headers.get("etag") });
    assert.equal(after.body.condition, "api.name == 'Pets'");
    const search = (await admin.expect(200, "GET", `${POLICIES}/search?query=type:global`)).body.list;
    assert.ok(search.some(({ uuid, type }) => uuid === made.body.policyId && type === "global"));
    await admin.expect(200, "DELETE", one);
    await admin.expect(404, "GET", one);
  });

  it("is said in our own words too", async () => {
    const body = {
      policyName: fresh("Rule"),
      keyTemplate: "$apiContext:$clientIp",
      condition: "request.method == 'POST' && !has(claims.sub)",
      defaultLimit: count(3, { algorithm: "sliding" }),
      onFailure: "closed",
    };
    const made = (await admin.expect(201, "POST", at, body)).body;
    assert.equal(made.condition, body.condition);
    await admin.expect(200, "DELETE", `${at}/${made.policyId}`);
  });

  it("is refused with the part that is not understood", async () => {
    const good = { keyTemplate: "$userId", defaultLimit: count(5) };
    await refuses("custom", good, [
      [{ keyTemplate: undefined }, "keyTemplate"],
      [{ keyTemplate: "$userId:$cookie" }, "keyTemplate"],
      [{ condition: "user = 'ann'" }, "condition"],
      [{ condition: "person == 'ann'" }, "condition"],
      [{ condition: `${"(".repeat(500)}true${")".repeat(500)}` }, "condition"],
      [{ condition: "user.matches('(a')" }, "condition"],
      [{ defaultLimit: undefined }, "defaultLimit"],
      [{ rateLimitCount: 5, rateLimitTimeUnit: "sec" }, "rateLimitCount"],
      [{ siddhiQuery: "DEFINE STREAM x" }, "siddhiQuery"],
      [{ siddhiQuery: siddhi("true"), defaultLimit: count(6) }, "defaultLimit"],
      [{ siddhiQuery: siddhi("true"), defaultLimit: undefined, condition: "user == 'a'" }, "condition"],
    ]);
    const refused = await admin.expect(400, "POST", at, { ...good, policyName: fresh("Bad"), siddhiQuery: siddhi("time:now() > 5") });
    assert.match(refused.body.description, /time:now/);
  });
});

describe("a deny policy", () => {
  const one = ({ conditionId }) => `${ADMIN}/throttling/deny-policy/${conditionId}`;
  const user = () => ({ conditionType: "USER", conditionValue: fresh("mallory") });

  it("is made once, switched, found and deleted", async () => {
    const body = { ...user(), expiresAt: new Date(Date.now() + 3_600_000).toISOString(), reason: "too curious" };
    const made = await admin.expect(201, "POST", DENY, body);
    const { conditionId, conditionStatus, ...kept } = made.body;
    assert.deepEqual(kept, body);
    assert.equal(conditionStatus, true);
    assert.equal(made.headers.get("location"), one(made.body));
    const again = await admin.expect(409, "POST", DENY, { ...body, conditionValue: `${body.conditionValue}@carbon.super` });
    assert.equal(again.body.code, 900979);
    const tag = { "if-match": made.headers.get("etag") };
    const off = await admin.expect(200, "PATCH", one(made.body), { conditionStatus: false }, tag);
    assert.equal(off.body.conditionStatus, false);
    await admin.expect(412, "PATCH", one(made.body), { conditionStatus: true }, tag);
    assert.equal((await admin.expect(200, "GET", one(made.body))).body.conditionStatus, false);
    const query = encodeURIComponent(`conditionType:USER & conditionValue:${body.conditionValue}`);
    const found = (await admin.expect(200, "GET", `${DENY}?query=${query}`)).body;
    assert.deepEqual(found.list.map((row) => row.conditionId), [conditionId]);
    await admin.expect(200, "DELETE", one(made.body));
    for (const [method, sent] of [["GET"], ["PATCH", { conditionStatus: true }], ["DELETE"]]) {
      await admin.expect(404, method, one(made.body), sent);
    }
  });

  it("names what is there", async () => {
    const api = await makeApi(admin);
    const context = `${api.context}/${api.version}`;
    const name = fresh("App");
    await bob.expect(201, "POST", `${DEVPORTAL}/applications`, { name, throttlingPolicy: "Unlimited" });
    for (const [conditionType, conditionValue, shown] of [
      ["API", context.slice(1), context],
      ["APPLICATION", `${bob.name}:${name}`],
      ["IP", { fixedIp: "2001:db8::7", invert: false }],
      ["IPRANGE", { startingIp: "192.0.2.1", endingIp: "192.0.2.9", invert: true }],
      ["SUBSCRIPTION", { application: `${bob.name}:${name}`, api: context, keyType: "SANDBOX" }],
    ]) {
      // Switched off from the start: the journeys beside this one go on calling.
      const made = (await admin.expect(201, "POST", DENY, { conditionType, conditionValue, conditionStatus: false })).body;
      assert.deepEqual(made.conditionValue, shown ?? conditionValue);
      await admin.expect(200, "DELETE", one(made));
    }
    const missing = [
      ["API", "/nowhere/1.0.0", 900977],
      ["APPLICATION", `${bob.name}:Nothing`, 900978],
      ["SUBSCRIPTION", { application: `${bob.name}:Nothing`, api: context }, 900978],
    ];
    for (const [conditionType, conditionValue, code] of missing) {
      assert.equal((await admin.expect(400, "POST", DENY, { conditionType, conditionValue })).body.code, code);
    }
  });

  it("is refused by name", async () => {
    for (const [change, where] of [
      [{ conditionType: undefined }, "conditionType"],
      [{ conditionType: "TENANT" }, "conditionType"],
      [{ conditionValue: undefined }, "conditionValue"],
      [{ conditionValue: 7 }, "conditionValue"],
      [{ conditionType: "IP", conditionValue: "10.0.0.1" }, "conditionValue"],
      [{ conditionType: "IP", conditionValue: { fixedIp: "10.0.0.300" } }, "conditionValue.fixedIp"],
      [{ conditionType: "IPRANGE", conditionValue: { startingIp: "::2", endingIp: "::1" } }, "conditionValue.endingIp"],
      [{ expiresAt: "2001-01-01T00:00:00Z" }, "expiresAt"],
      [{ expiresAt: "tomorrow" }, "expiresAt"],
      [{ reason: "x".repeat(300) }, "reason"],
      [{ conditionStatus: "on" }, "conditionStatus"],
      [{ colour: "red" }, "colour"],
    ]) {
      const refused = await admin.expect(400, "POST", DENY, { ...user(), ...change });
      assert.equal(place(refused), where, JSON.stringify(change));
    }
    await bob.expect(403, "POST", DENY, user());
  });
});

describe("a policy as a document", () => {
  const file = (document) => {
    const form = new FormData();
    form.set("file", new Blob([typeof document === "string" ? document : JSON.stringify(document)]), "policy.json");
    return form;
  };
  const take = (status, document, query = "") => admin.expect(status, "POST", `${POLICIES}/import${query}`, file(document));

  it("goes out and comes in again", async () => {
    const policyName = fresh("Travels");
    const body = { policyName, defaultLimit: count(9), conditionalGroups: [{ conditions: [curl], limit: count(2) }] };
    const made = (await admin.expect(201, "POST", `${POLICIES}/advanced`, body)).body;
    const exported = (await admin.expect(200, "GET", `${POLICIES}/export?name=${policyName}&type=api`)).body;
    assert.deepEqual(exported, (await admin.expect(200, "GET", `${POLICIES}/export?policyId=${made.policyId}`)).body);
    assert.equal(exported.type, "rate-limiting policy");
    assert.equal(exported.subtype, "advanced");
    assert.deepEqual(exported.data, made);
    await take(409, exported);
    exported.data.description = "came back";
    const replaced = (await take(200, exported, "?overwrite=true")).body;
    assert.equal(replaced.policyId, made.policyId);
    assert.equal(replaced.description, "came back");
    await admin.expect(200, "DELETE", `${POLICIES}/advanced/${made.policyId}`);
    const renewed = (await take(200, exported)).body;
    assert.notEqual(renewed.policyId, made.policyId);
    assert.equal(renewed.conditionalGroups[0].groupId, made.conditionalGroups[0].groupId);
    await admin.expect(200, "DELETE", `${POLICIES}/advanced/${renewed.policyId}`);
  });

  it("is refused by name", async () => {
    const data = { policyName: fresh("Bad"), defaultLimit: count(9) };
    const document = { type: "throttling policy", subtype: "application policy", version: "v4.1.0", data };
    for (const [change, where] of [
      [{ type: "api" }, "type"],
      [{ subtype: "tenant" }, "subtype"],
      [{ data: { ...data, colour: 1 } }, "data.colour"],
      [{ data: { ...data, defaultLimit: { type: "COUNT" } } }, "defaultLimit.type"],
    ]) {
      assert.equal(place(await take(400, { ...document, ...change })), where, JSON.stringify(change));
    }
    await take(400, "{");
    await take(400, document, "?overwrite=perhaps");
    await admin.expect(404, "GET", `${POLICIES}/export?policyId=${randomUUID()}`);
    await admin.expect(400, "GET", `${POLICIES}/export?name=Gold`);
    await admin.expect(400, "GET", `${POLICIES}/export?name=Gold&type=plan`);
  });
});

describe("an API", () => {
  it("says what its upstream takes and what an operation costs", async () => {
    const maxTps = { production: 100, productionTimeUnit: "SECOND", sandbox: 10, sandboxTimeUnit: "MINUTE" };
    const api = await publishApi(admin, { maxTps });
    assert.deepEqual(api.maxTps, maxTps);
    for (const [change, where] of [
      [{ maxTps: { production: "many" } }, "maxTps.production"],
      [{ maxTps: { sandbox: 5, sandboxTimeUnit: "DAY" } }, "maxTps.sandboxTimeUnit"],
      [{ operations: [{ verb: "GET", target: "/a", throttlingWeight: 0 }] }, "operations[0].throttlingWeight"],
      [{ operations: [{ verb: "GET", target: "/a", throttlingWeight: 1001 }] }, "operations[0].throttlingWeight"],
    ]) {
      const refused = await admin.expect(400, "PUT", `${PUBLISHER}/apis/${api.id}`, { ...api, ...change });
      assert.equal(place(refused), where, JSON.stringify(change));
    }
    const definition = petstore();
    definition.paths["/pets"].get["x-throttling-weight"] = 5;
    const name = fresh("Heavy");
    const properties = { name, context: `/${name.toLowerCase()}`, version: "1.0.0", policies: ["Gold"] };
    const made = (await admin.expect(201, "POST", `${PUBLISHER}/apis/import-openapi`, upload(definition, properties))).body;
    const weights = made.operations.filter(({ verb, target }) => verb === "GET" && target === "/pets").map((one) => one.throttlingWeight);
    assert.deepEqual(weights, [5]);
  });
});

describe("a reset", () => {
  let desk, upstream;

  before(async () => {
    upstream = await startUpstream();
    desk = await signIn();
  });

  after(async () => {
    await desk?.tidy();
    await upstream?.close();
  });

  it("has a user begin anew, and no more than that", async () => {
    const policyName = fresh("Hourly");
    await admin.expect(201, "POST", `${POLICIES}/application`, { policyName, defaultLimit: count(10, {}, "hour") });
    const api = await desk.publishApi(upstream.url);
    const application = await desk.subscribe(api, { policy: policyName });
    const token = await application.token();
    const call = async () => (await get(`${api.base}/pets`, token)).status;
    // The policy is new: until gateways know it, they let nobody through.
    await within(5_000, "the policy is known", async () => (await call()) === 200);
    const before = [];
    for (let count = 0; count < 10; count += 1) before.push(await call());
    assert.deepEqual(before, [...Array(9).fill(200), 429]);
    const owner = { userName: process.env.POSTERN_ADMIN_USER };
    await desk.call(200, "POST", `/devportal/v3/applications/${application.id}/reset-throttle-policy`, owner);
    await within(10_000, "the user calls again", async () => (await call()) === 200);
    const after = [];
    for (let count = 0; count < 10; count += 1) after.push(await call());
    assert.deepEqual(after, [...Array(9).fill(200), 429]);
  });

  it("is for the owner of the application alone", async () => {
    const application = { name: fresh("App"), throttlingPolicy: "10PerMin" };
    const { applicationId } = (await bob.expect(201, "POST", `${DEVPORTAL}/applications`, application)).body;
    const at = `${DEVPORTAL}/applications/${applicationId}/reset-throttle-policy`;
    await bob.expect(200, "POST", at, { userName: bob.name });
    await bob.expect(200, "POST", at, { userName: `${bob.name}@carbon.super` });
    await carol.expect(404, "POST", at, { userName: bob.name });
    for (const [body, where] of [
      [{}, "userName"],
      [{ userName: " " }, "userName"],
      [{ userName: "x".repeat(300) }, "userName"],
      [{ userName: bob.name, all: true }, "all"],
    ]) {
      assert.equal(place(await bob.expect(400, "POST", at, body)), where, JSON.stringify(body));
    }
  });
});

describe("a simulation", () => {
  const at = `${POLICIES}/simulate`;
  const recorded = Array.from({ length: 12 }, (_, second) => ({ at: 1_763_949_960_000 + second * 1_000, key: "ann" }));

  it("says who would have been throttled, and does nothing", async () => {
    const policy = { defaultLimit: count(10) };
    const { body } = await admin.expect(200, "POST", at, { policy, mix: { recorded } });
    assert.deepEqual([body.calls, body.refused, body.keys, body.keysRefused], [12, 2, 1, 1]);
    assert.equal(body.mostRefused[0].key, "ann");
    assert.equal(body.mostRefused[0].firstRefusedAt, recorded[10].at);
    const synthetic = { keys: 100, callsPerSecond: 50, seconds: 60, seed: 7 };
    const once = (await admin.expect(200, "POST", at, { policy, mix: { synthetic } })).body;
    assert.ok(once.refused > 0 && once.refused < once.calls);
    assert.deepEqual((await admin.expect(200, "POST", at, { policy, mix: { synthetic } })).body, once);
  });

  it("is bounded and refused by name", async () => {
    const policy = { defaultLimit: count(10) };
    const synthetic = { keys: 10, callsPerSecond: 1, seconds: 10 };
    for (const [question, where] of [
      [{ policy }, "mix"],
      [{ policy: {}, mix: { synthetic } }, "policy.defaultLimit"],
      [{ policy: { defaultLimit: count(2147483647) }, mix: { synthetic } }, "policy"],
      [{ policy, mix: { synthetic: { ...synthetic, callsPerSecond: 1e9 } } }, "mix"],
      [{ policy, mix: { synthetic: { ...synthetic, keys: 0 } } }, "mix"],
    ]) {
      assert.equal(place(await admin.expect(400, "POST", at, question)), where, JSON.stringify(question));
    }
    await admin.expect(400, "POST", at, { policy, mix: { recorded: [{ at: "now", key: "a" }] } });
    await bob.expect(403, "POST", at, { policy, mix: { synthetic } });
  });
});
