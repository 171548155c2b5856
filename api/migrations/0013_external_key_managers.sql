-- External key managers: enabled ones are believed, and applications have clients at them.
ALTER TABLE key_manager ADD COLUMN enabled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE key_manager ADD COLUMN keys TEXT NOT NULL DEFAULT '[]'; -- JSON: model::VerificationKey as last fetched, or of the certificate
ALTER TABLE key_manager ADD COLUMN keys_fetched_at INTEGER;         -- NULL: never, or of a certificate, which is not fetched
ALTER TABLE key_manager ADD COLUMN keys_asked_at INTEGER;           -- when the issuer was last asked, whatever came of it
ALTER TABLE key_manager ADD COLUMN sealed_registration TEXT NOT NULL DEFAULT ''; -- initial access token (RFC 7591); '' for none

-- An application's client at an external key manager. Its row of `key_mapping` has in `client_id` the name that it has
-- here (model::ClientId::external), which no client of ours has: two issuers may have clients of one name.
CREATE TABLE external_client (
  mapping TEXT PRIMARY KEY REFERENCES key_mapping (id) ON DELETE CASCADE,
  organization TEXT NOT NULL,
  key_manager TEXT NOT NULL REFERENCES key_manager (id),
  client_id TEXT NOT NULL,               -- the consumer key, as its issuer calls it
  grant_types TEXT NOT NULL,             -- JSON array
  callback_url TEXT NOT NULL DEFAULT '',
  settings TEXT NOT NULL DEFAULT '{}',   -- JSON: additionalProperties
  registration_uri TEXT NOT NULL DEFAULT '',   -- where it is changed and deleted there (RFC 7592); '' for nowhere
  sealed_registration TEXT NOT NULL DEFAULT '',-- the registration access token for it
  UNIQUE (key_manager, client_id)
);
