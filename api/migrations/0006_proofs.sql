-- Proofs: what is good once, and which key a refresh token is bound to.

-- Names of assertions and proofs that were shown. Kept as SHA-256, as long as the thing itself is good.
CREATE TABLE shown_once (
  digest TEXT PRIMARY KEY,
  expires_at INTEGER NOT NULL
);
CREATE INDEX shown_once_by_end ON shown_once (expires_at);

-- RFC 9449 section 5: the thumbprint of the key that a public client has to prove at each refresh.
ALTER TABLE refresh_token ADD COLUMN bound_to TEXT;

-- RFC 8693: what came of a token is taken back along with it.
CREATE INDEX refresh_token_by_access ON refresh_token (access_jti);
