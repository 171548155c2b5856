// What lists, searches and details cost with 10,000 APIs, 100,000 applications and 1,000,000 subscriptions in the database.
//
//   cargo xtask build; node tests/bench/scale.mjs [APIs] [applications] [subscriptions]
//
// Starts a platform of its own on stock workerd, writes the rows into its database while it is down, and starts it again.
// Prints the median and the 95th percentile of each request in milliseconds, as JSON; the bar is 50 ms.

import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { OwnPlatform } from "../journeys/own-platform.mjs";

const [apis, applications, subscriptions] = [10_000, 100_000, 1_000_000].map((usual, place) => Number(process.argv[2 + place] ?? usual));
const ROUNDS = 60;

const seeds = (owner) => `
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${apis})
INSERT INTO api (id, organization, name, version, context, base_path, provider, state, kind, is_default_version, visibility,
  description, tags, card, body, definition, created_at, updated_at, updated_by)
SELECT printf('seed-api-%06d', i), 'default', printf('Seed %s %06d', word, i), '1.0.0', printf('/seed/%06d', i),
  printf('/seed/%06d/1.0.0', i), 'admin', CASE WHEN i % 10 = 0 THEN 'CREATED' ELSE 'PUBLISHED' END, 'HTTP', 0,
  CASE WHEN i % 7 = 0 THEN 'RESTRICTED' ELSE 'PUBLIC' END, 'Seeded', '["' || word || '"]',
  '{"policies":["Gold","Unlimited"],"categories":[],"visibleRoles":["admin"]}', model.body, model.definition, i, i, 'admin'
FROM (SELECT i, CASE i % 5 WHEN 0 THEN 'orders' WHEN 1 THEN 'payments' WHEN 2 THEN 'people' WHEN 3 THEN 'stock' ELSE 'weather' END AS word FROM n)
CROSS JOIN (SELECT body, definition FROM api LIMIT 1) AS model;
INSERT INTO searchable (api_id, kind, subject) SELECT id, 'API', id FROM api WHERE id LIKE 'seed-api-%';
INSERT INTO words (rowid, name, text) SELECT searchable.id, api.name, api.context || ' Seeded' FROM searchable
  JOIN api ON api.id = searchable.api_id WHERE api.id LIKE 'seed-api-%';
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${applications})
INSERT INTO application (id, organization, owner, name, policy, created_at, updated_at)
SELECT printf('seed-app-%06d', i), 'default', CASE WHEN i % 1000 = 0 THEN '${owner}' ELSE printf('seed-%05d', i % 20000) END,
  printf('Seed application %06d', i), 'Unlimited', i, i FROM n;
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${subscriptions - 1})
INSERT INTO subscription (id, organization, application_id, api_id, plan, requested_plan, created_at, updated_at)
SELECT printf('seed-sub-%07d', i), 'default', printf('seed-app-%06d', 1 + i * ${applications} / ${subscriptions}),
  printf('seed-api-%06d', 1 + (i * 7919 + i % 10) % ${apis}), 'Gold', 'Gold', i, i FROM n WHERE true ON CONFLICT DO NOTHING;
`;

const REQUESTS = {
  "publisher: list": "/api/am/publisher/v4/apis?limit=25",
  "publisher: list, newest first": "/api/am/publisher/v4/apis?limit=25&sortBy=createdTime&sortOrder=desc",
  "publisher: a part of a name": "/api/am/publisher/v4/apis?query=name:weather",
  "publisher: search by words": "/api/am/publisher/v4/search?query=weather",
  "publisher: detail": "/api/am/publisher/v4/apis/seed-api-000500",
  "publisher: products": "/api/am/publisher/v4/api-products",
  "publisher: subscriptions of an API": "/api/am/publisher/v4/subscriptions?apiId=seed-api-000500",
  "publisher: subscriptions of all APIs": "/api/am/publisher/v4/subscriptions?limit=25",
  "publisher: subscriptions by an application's name": "/api/am/publisher/v4/subscriptions?query=name:000500",
  "devportal: list": "/api/am/devportal/v3/apis?limit=25",
  "devportal: by tag": "/api/am/devportal/v3/apis?query=tag:weather",
  "devportal: detail": "/api/am/devportal/v3/apis/seed-api-000501",
  "devportal: own applications": "/api/am/devportal/v3/applications",
  "devportal: own subscriptions of an application": "/api/am/devportal/v3/subscriptions?applicationId=seed-app-001000",
  "devportal: recommendations": "/api/am/devportal/v3/recommendations",
  "admin: applications": "/api/am/admin/v4/applications",
  "billing: all subscriptions": `/api/am/analytics/v1/billing/usage?limit=25&month=${new Date().toISOString().slice(0, 7)}`,
  "billing: far behind": `/api/am/analytics/v1/billing/usage?limit=25&offset=500000&month=${new Date().toISOString().slice(0, 7)}`,
};

/** The database file among those that workerd keeps: the one that has APIs. */
function database(folder) {
  for (const name of readdirSync(folder, { recursive: true })) {
    const path = join(folder, name);
    if (!path.endsWith(".sqlite") || !statSync(path).isFile()) continue;
    const db = new DatabaseSync(path);
    if (db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'subscription'").get()) return db;
    db.close();
  }
  return assert.fail(`no database in ${folder}`);
}

const platform = new OwnPlatform();
try {
  await platform.start();
  const { username, password } = platform.administrator;
  const basic = (user, word) => `Basic ${Buffer.from(`${user}:${word}`).toString("base64")}`;
  const client = await platform.expect(200, "POST", "/client-registration/v0.17/register",
    { clientName: "scale", owner: username, grantType: "password", callbackUrl: "", saasApp: true }, { authorization: basic(username, password) });
  const scope = "apim:api_view apim:api_create apim:api_manage apim:subscribe apim:app_manage apim:subscription_view apim:admin apim:admin_application_view";
  const enter = async () => {
    const form = new URLSearchParams({ grant_type: "password", username, password, scope });
    const token = await platform.expect(200, "POST", "/oauth2/token", form, { authorization: basic(client.clientId, client.clientSecret) });
    return { authorization: `Bearer ${token.access_token}` };
  };
  // Seeded APIs share body and definition with one that was made as any other.
  await platform.expect(201, "POST", "/api/am/publisher/v4/apis", { name: "Model", context: "/model", version: "1.0.0", policies: ["Gold"] }, await enter());
  await platform.kill();
  const db = database(platform.state);
  db.exec(seeds(username));
  db.close();
  await platform.start();

  const headers = await enter();
  const results = {};
  for (const [name, path] of Object.entries(REQUESTS)) {
    const taken = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const since = performance.now();
      await platform.expect(200, "GET", path, undefined, headers);
      taken.push(performance.now() - since);
    }
    taken.sort((a, b) => a - b);
    results[name] = { median: Number(taken[ROUNDS / 2].toFixed(1)), p95: Number(taken[Math.floor(ROUNDS * 0.95)].toFixed(1)) };
  }
  console.log(JSON.stringify({ apis, applications, subscriptions, milliseconds: results }, null, 2));
} finally {
  platform.remove();
}
