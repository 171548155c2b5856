-- Key managers: external issuers as administrators register them. The one that is built in has no row.
CREATE TABLE key_manager (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL,
  name TEXT NOT NULL,
  issuer TEXT NOT NULL,                  -- compared exactly
  body TEXT NOT NULL,                    -- JSON: the rest of what the administrator said
  generation INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (organization, name),
  UNIQUE (organization, issuer)
);
