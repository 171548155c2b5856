-- API keys for one API, which belong to an application only once they are associated with one; until then they open nothing.
CREATE TABLE api_key_next (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL,
  application_id TEXT REFERENCES application (id) ON DELETE CASCADE,
  api_id TEXT REFERENCES api (id) ON DELETE CASCADE, -- the only API that it opens; NULL for all that its application is subscribed to
  key_type TEXT NOT NULL,
  name TEXT NOT NULL,
  digest TEXT NOT NULL UNIQUE,           -- lower-case hexadecimal SHA-256 of the key
  last_four TEXT NOT NULL,
  permitted_ips TEXT NOT NULL DEFAULT '[]',
  permitted_referers TEXT NOT NULL DEFAULT '[]',
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER,
  last_used_at INTEGER,
  CHECK (application_id IS NOT NULL OR api_id IS NOT NULL)
);
INSERT INTO api_key_next (id, organization, application_id, key_type, name, digest, last_four, permitted_ips, permitted_referers,
  created_by, created_at, expires_at, revoked_at, last_used_at)
SELECT id, organization, application_id, key_type, name, digest, last_four, permitted_ips, permitted_referers,
  created_by, created_at, expires_at, revoked_at, last_used_at FROM api_key;
DROP TABLE api_key;
ALTER TABLE api_key_next RENAME TO api_key;
CREATE INDEX api_key_by_application ON api_key (application_id, key_type);
CREATE INDEX api_key_by_api ON api_key (api_id, created_by) WHERE api_id IS NOT NULL;
