-- Deny policies (WSO2's blocking conditions): whose calls are refused, whatever their limits say. Custom rules are rows of
-- `throttle_policy` of the kind `custom`.
CREATE TABLE deny_policy (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organization (id),
  kind TEXT NOT NULL,                    -- API, APPLICATION, USER, IP, IPRANGE, SUBSCRIPTION
  value TEXT NOT NULL,                   -- JSON; two that mean the same are written alike
  active INTEGER NOT NULL DEFAULT 1,
  expires_at INTEGER,                    -- milliseconds; none is for ever
  reason TEXT NOT NULL DEFAULT '',
  generation INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (organization, kind, value)
);
