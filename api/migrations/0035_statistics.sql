-- Who has looked at an API in the developer portal, once a day for each person with an account.
CREATE TABLE api_view (
  organization TEXT NOT NULL,
  api_id TEXT NOT NULL REFERENCES api (id) ON DELETE CASCADE,
  day INTEGER NOT NULL,                  -- start of the day (UTC), milliseconds since the epoch
  viewer TEXT NOT NULL,                  -- username
  PRIMARY KEY (organization, api_id, day, viewer)
);
CREATE INDEX api_view_by_day ON api_view (organization, day);

-- Statistics that are sent by the clock: as messages in alert_delivery, whose `rule` is the report's id.
CREATE TABLE report (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organization (id),
  owner TEXT NOT NULL,                   -- username; who sees all APIs sees all reports
  name TEXT NOT NULL,
  schedule TEXT NOT NULL,                -- cron in UTC: five fields
  days INTEGER NOT NULL,                 -- the whole days before the moment of sending that it tells of
  question TEXT NOT NULL,                -- JSON: dimensions, filter, top and order of usage::Query
  format TEXT NOT NULL,                  -- csv, json
  emails TEXT NOT NULL DEFAULT '[]',     -- JSON array
  webhooks TEXT NOT NULL DEFAULT '[]',   -- JSON array of alert_webhook.id
  next_at INTEGER NOT NULL,              -- when it is sent next
  sent_at INTEGER,                       -- when it was sent last
  generation INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (organization, owner, name)
);
CREATE INDEX report_due ON report (next_at);
