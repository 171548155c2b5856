-- Alerts: rules, the alerts that they open, and how somebody is told. Times are milliseconds since the epoch.
CREATE TABLE alert_rule (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organization (id),
  owner TEXT NOT NULL,                   -- username; who sees all APIs sees all rules
  name TEXT NOT NULL,
  condition TEXT NOT NULL,               -- JSON: alerting::Condition
  api_id TEXT,                           -- NULL: every API that the owner may see
  application_id TEXT,                   -- NULL: every application
  emails TEXT NOT NULL DEFAULT '[]',     -- JSON array
  webhooks TEXT NOT NULL DEFAULT '[]',   -- JSON array of alert_webhook.id
  enabled INTEGER NOT NULL DEFAULT 1,
  evaluated_at INTEGER NOT NULL,         -- when it was last looked at
  generation INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (organization, owner, name)
);

-- Where signed messages go (Standard Webhooks).
CREATE TABLE alert_webhook (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organization (id),
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  url TEXT NOT NULL,
  sealed_secret TEXT NOT NULL,           -- AES-256-GCM under the key-encryption key, by the keys Worker
  created_at INTEGER NOT NULL,
  UNIQUE (organization, owner, name)
);

CREATE TABLE alert (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL,
  rule TEXT NOT NULL REFERENCES alert_rule (id) ON DELETE CASCADE,
  cause TEXT NOT NULL,                   -- what stays the same about it: 'api:<id>'
  summary TEXT NOT NULL,
  value REAL NOT NULL,
  threshold REAL NOT NULL,
  opened_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  resolved_at INTEGER                    -- NULL: open
);
-- One open alert for each cause, whoever evaluates at the same time.
CREATE UNIQUE INDEX alert_open ON alert (rule, cause) WHERE resolved_at IS NULL;
CREATE INDEX alert_by_time ON alert (organization, opened_at);

-- Messages about alerts, until they are delivered or given up, and for a while after.
CREATE TABLE alert_delivery (
  id TEXT PRIMARY KEY,                   -- the webhook-id, the same for each attempt
  organization TEXT NOT NULL,
  alert TEXT,                            -- NULL: a test
  rule TEXT NOT NULL,
  channel TEXT NOT NULL,                 -- webhook, mail
  target TEXT NOT NULL,                  -- alert_webhook.id, or an address
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  failed INTEGER NOT NULL DEFAULT 0,     -- attempts that failed
  next_at INTEGER,                       -- NULL: delivered or given up
  delivered_at INTEGER,
  fault TEXT NOT NULL DEFAULT '',        -- of the last attempt
  created_at INTEGER NOT NULL
);
CREATE INDEX alert_delivery_due ON alert_delivery (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX alert_delivery_by_alert ON alert_delivery (alert);
