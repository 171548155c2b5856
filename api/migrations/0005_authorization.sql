-- The front channel: authorization requests on their way, codes, consent, devices. Everything that opens something is
-- kept as the lower-case hexadecimal SHA-256 of what was told.

-- Clients registered before keep working without PKCE until their settings say otherwise; new ones need it.
UPDATE oauth_client SET settings = json_set(settings, '$.pkceMandatory', json('false'))
  WHERE json_extract(settings, '$.pkceMandatory') IS NULL;
-- The platform's own clients ask for no consent.
ALTER TABLE oauth_client ADD COLUMN first_party INTEGER NOT NULL DEFAULT 0;

-- RFC 9126: used once, by the client that pushed it, within a minute.
CREATE TABLE pushed_request (
  digest TEXT PRIMARY KEY,               -- of the request_uri
  client_id TEXT NOT NULL REFERENCES oauth_client (client_id) ON DELETE CASCADE,
  parameters TEXT NOT NULL,              -- as a form
  expires_at INTEGER NOT NULL
);

-- A request that waits for its person to sign in or to decide.
CREATE TABLE interaction (
  digest TEXT PRIMARY KEY,
  client_id TEXT NOT NULL REFERENCES oauth_client (client_id) ON DELETE CASCADE,
  request TEXT NOT NULL,                 -- JSON: oauth::AuthorizationRequest
  chosen_user TEXT,                      -- who said: this is the account to use
  decided_user TEXT,                     -- who decided
  decision TEXT,                         -- approve, deny
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
);
CREATE INDEX interaction_by_client ON interaction (client_id);

CREATE TABLE authorization_code (
  digest TEXT PRIMARY KEY,
  client_id TEXT NOT NULL REFERENCES oauth_client (client_id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  session TEXT NOT NULL,                 -- id of the browser session that it was made in
  redirect_uri TEXT NOT NULL,
  redirect_named INTEGER NOT NULL,
  challenge TEXT,                        -- JSON: oauth::Challenge
  scopes TEXT NOT NULL,                  -- space separated
  nonce TEXT,
  resources TEXT NOT NULL DEFAULT '[]',  -- JSON array
  auth_time INTEGER NOT NULL,
  amr TEXT NOT NULL DEFAULT '[]',        -- JSON array
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  family TEXT                            -- of the refresh tokens that it gave; NULL: not redeemed
);
CREATE INDEX authorization_code_by_user ON authorization_code (user_id, client_id);

-- What a person allowed a client, for the next time.
CREATE TABLE consent (
  user_id TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  client_id TEXT NOT NULL REFERENCES oauth_client (client_id) ON DELETE CASCADE,
  organization TEXT NOT NULL,
  scopes TEXT NOT NULL,                  -- space separated
  granted_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, client_id)
);
CREATE INDEX consent_by_client ON consent (client_id);

-- RFC 8628.
CREATE TABLE device_code (
  digest TEXT PRIMARY KEY,
  user_code TEXT NOT NULL UNIQUE,        -- digest of the letters
  client_id TEXT NOT NULL REFERENCES oauth_client (client_id) ON DELETE CASCADE,
  scopes TEXT NOT NULL,                  -- space separated
  resources TEXT NOT NULL DEFAULT '[]',  -- JSON array
  status TEXT NOT NULL DEFAULT 'PENDING', -- PENDING, APPROVED, DENIED, SPENT
  user_id TEXT REFERENCES user (id) ON DELETE CASCADE,
  auth_time INTEGER,
  amr TEXT NOT NULL DEFAULT '[]',        -- JSON array
  family TEXT,                           -- of the refresh tokens that it gave
  polled_at INTEGER,
  interval_seconds INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
);
CREATE INDEX device_code_by_client ON device_code (client_id);
