-- Clients that register themselves (RFC 7591), and what lets them.

-- JSON: oauth::ClientMetadata, under RFC 7591's names.
ALTER TABLE oauth_client ADD COLUMN metadata TEXT NOT NULL DEFAULT '{}';
-- SHA-256 of the token by which the client reads, changes and deletes its registration (RFC 7592); NULL: it cannot.
ALTER TABLE oauth_client ADD COLUMN registration_token TEXT;

-- What an administrator hands to whoever may register clients.
CREATE TABLE initial_access_token (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organization (id),
  digest TEXT NOT NULL UNIQUE,           -- SHA-256 of what was told once
  label TEXT NOT NULL,
  created_by TEXT NOT NULL,              -- username
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  uses_left INTEGER NOT NULL CHECK (uses_left >= 0)
);
