-- Grants and kinds of tokens: what a grant covers and who was there, for the tokens that follow from it.

-- RFC 8707: the resources that were authorized, a JSON array; empty for wherever the client may go.
ALTER TABLE refresh_token ADD COLUMN resources TEXT NOT NULL DEFAULT '[]';
-- When and how the person signed in, for the ID tokens of refreshes; NULL: none is made.
ALTER TABLE refresh_token ADD COLUMN auth_time INTEGER;
ALTER TABLE refresh_token ADD COLUMN amr TEXT NOT NULL DEFAULT '[]';
ALTER TABLE refresh_token ADD COLUMN session TEXT;

-- RFC 9449 section 10: the thumbprint of the key that redeems the code.
ALTER TABLE authorization_code ADD COLUMN bound_to TEXT;

-- RFC 8693: an access token and the one that it was exchanged for. Whatever takes the first back takes the second back.
CREATE TABLE exchanged_token (
  jti TEXT PRIMARY KEY,
  origin TEXT NOT NULL,                  -- jti of the subject token
  expires_at INTEGER NOT NULL
);
CREATE INDEX exchanged_token_by_origin ON exchanged_token (origin);
CREATE INDEX exchanged_token_by_end ON exchanged_token (expires_at);

-- Opaque access tokens, of applications whose `token_type` is OAUTH: claims by digest.
CREATE TABLE reference_token (
  digest TEXT PRIMARY KEY,               -- lower-case hexadecimal SHA-256 of the token
  client_id TEXT NOT NULL REFERENCES oauth_client (client_id) ON DELETE CASCADE,
  claims TEXT NOT NULL,                  -- JSON: what a signed token would say
  expires_at INTEGER NOT NULL
);
CREATE INDEX reference_token_by_client ON reference_token (client_id);
CREATE INDEX reference_token_by_end ON reference_token (expires_at);

-- The minute in which a key was last used; NULL: never, as far as is known.
ALTER TABLE api_key ADD COLUMN last_used_at INTEGER;
