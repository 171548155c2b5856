-- Signing keys come and go, and what was given to a person is taken back at the gateway too.

-- ANNOUNCED: published, does not sign yet. SIGNING: the one that signs. RETIRING: its tokens are still good. RETIRED: its
-- last token has expired. WITHDRAWN: compromised; its tokens are refused. The private half goes when it no longer signs.
ALTER TABLE signing_key ADD COLUMN state TEXT NOT NULL DEFAULT 'SIGNING';
ALTER TABLE signing_key ADD COLUMN published_at INTEGER; -- when gateways could first read it; NULL: not yet
ALTER TABLE signing_key ADD COLUMN replaced_at INTEGER;  -- when it stopped to sign
UPDATE signing_key SET published_at = created_at;
UPDATE signing_key SET state = 'RETIRED', replaced_at = retired_at, sealed_private = '' WHERE retired_at IS NOT NULL;
UPDATE signing_key SET state = 'RETIRING', replaced_at = unixepoch() * 1000 WHERE state = 'SIGNING' AND kid <>
  (SELECT k.kid FROM signing_key k WHERE k.organization = signing_key.organization AND k.state = 'SIGNING'
   ORDER BY k.active_from DESC, k.kid LIMIT 1);
CREATE UNIQUE INDEX signing_key_in_turn ON signing_key (organization, state) WHERE state IN ('ANNOUNCED', 'SIGNING');

-- How the administrators want keys to change. One row per organization; without one, the defaults of crates/oauth.
CREATE TABLE key_schedule (
  organization TEXT PRIMARY KEY REFERENCES organization (id),
  body TEXT NOT NULL                     -- JSON
);

-- By name, as tokens have it: the person may be gone, and another may have the name by then.
CREATE TABLE revoked_user (
  organization TEXT NOT NULL,
  username TEXT NOT NULL,
  before INTEGER NOT NULL,               -- tokens issued before this moment
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (organization, username)
);
