-- What administrators decide: how the organization is set up, what waits for their yes, and where gateways are.

CREATE TABLE tenant_config (
  organization TEXT PRIMARY KEY REFERENCES organization (id),
  body TEXT NOT NULL,                    -- JSON: lifecycle::TenantConfig
  generation INTEGER NOT NULL DEFAULT 1,
  updated_at INTEGER NOT NULL
);

-- Something that waits, or waited, for an administrator.
CREATE TABLE workflow (
  id TEXT PRIMARY KEY,                   -- the peer's external workflow reference
  organization TEXT NOT NULL REFERENCES organization (id),
  kind TEXT NOT NULL,                    -- APPLICATION_CREATION, SUBSCRIPTION_CREATION, SUBSCRIPTION_UPDATE
  subject TEXT NOT NULL,                 -- id of the application or the subscription
  status TEXT NOT NULL DEFAULT 'CREATED',-- CREATED, APPROVED, REJECTED
  description TEXT NOT NULL DEFAULT '',  -- what it is about; when it is decided, why
  properties TEXT NOT NULL DEFAULT '{}', -- JSON: what helps to decide
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  decided_by TEXT
);
CREATE INDEX workflow_by_status ON workflow (organization, status, created_at);
CREATE INDEX workflow_by_subject ON workflow (subject);

ALTER TABLE environment ADD COLUMN generation INTEGER NOT NULL DEFAULT 1;
ALTER TABLE environment ADD COLUMN settings TEXT NOT NULL DEFAULT '{}'; -- JSON: provider, permissions, endpointURIs, additionalProperties

-- Requests that their senders may repeat (`Idempotency-Key`). Written by the batch of the change itself.
CREATE TABLE idempotent_request (
  organization TEXT NOT NULL,
  actor TEXT NOT NULL,
  key TEXT NOT NULL,                     -- SHA-256 of the key
  request TEXT NOT NULL,                 -- hash of method, path, query and body
  at INTEGER NOT NULL,
  status INTEGER,                        -- NULL: carried out, and the answer is not kept
  reply TEXT,                            -- JSON: body, etag, location
  PRIMARY KEY (organization, actor, key)
);
CREATE INDEX idempotent_request_by_age ON idempotent_request (at);

-- Whoever has one of these roles works with the application like its owner; JSON array.
ALTER TABLE application ADD COLUMN groups TEXT NOT NULL DEFAULT '[]';
