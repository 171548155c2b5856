-- People: what a session says about the sign-in, second factors, links by mail, sign-up, and other providers' people.

-- Its public name (for lists; the digest stays inside), when and how the person proved who they are (OpenID Connect's
-- `auth_time` and `amr`), and from where.
ALTER TABLE session ADD COLUMN id TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN auth_time INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN amr TEXT NOT NULL DEFAULT '["pwd"]'; -- JSON array of RFC 8176 words
ALTER TABLE session ADD COLUMN address TEXT NOT NULL DEFAULT '';
UPDATE session SET id = lower(hex(randomblob(16))), auth_time = created_at;
CREATE UNIQUE INDEX session_by_id ON session (id);

-- Choices of the administrators. One row per organization; without one, the defaults of crates/people.
CREATE TABLE people_policy (
  organization TEXT PRIMARY KEY REFERENCES organization (id),
  body TEXT NOT NULL                     -- JSON
);

-- One authenticator app per person. `last_step` is the last time step whose code was used: each works once.
CREATE TABLE totp (
  user_id TEXT PRIMARY KEY REFERENCES user (id) ON DELETE CASCADE,
  organization TEXT NOT NULL,
  sealed_secret TEXT NOT NULL,           -- AES-256-GCM under the key-encryption key, additional data = organization, user, totp
  created_at INTEGER NOT NULL,
  confirmed_at INTEGER,                  -- NULL: no code was shown yet, so it is not asked for
  last_step INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE passkey (
  credential_id TEXT PRIMARY KEY,        -- base64url, chosen by the authenticator
  id TEXT NOT NULL UNIQUE,               -- for lists
  organization TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  label TEXT NOT NULL,
  alg TEXT NOT NULL,                     -- ES256, RS256, EdDSA
  public_jwk TEXT NOT NULL,
  sign_count INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER
);
CREATE INDEX passkey_by_user ON passkey (user_id);

-- Ten per person, each good once. SHA-256 only: a code has 80 random bits.
CREATE TABLE recovery_code (
  digest TEXT PRIMARY KEY,
  organization TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  used_at INTEGER
);
CREATE INDEX recovery_code_by_user ON recovery_code (user_id);

-- What a browser was asked to answer: a second factor, or a passkey's signature. Each is answered once.
CREATE TABLE sign_in_challenge (
  digest TEXT PRIMARY KEY,               -- SHA-256 of what the browser holds
  organization TEXT NOT NULL,
  purpose TEXT NOT NULL,                 -- second-factor, passkey-sign-in, passkey-register
  user_id TEXT REFERENCES user (id) ON DELETE CASCADE,
  amr TEXT NOT NULL DEFAULT '[]',        -- JSON array: what was proved before
  expires_at INTEGER NOT NULL,
  used_at INTEGER
);

-- Links in mails: recovery of a password, confirmation of an address. Each is good once.
CREATE TABLE one_time_link (
  digest TEXT PRIMARY KEY,
  organization TEXT NOT NULL,
  purpose TEXT NOT NULL,                 -- recovery, confirm-email
  user_id TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
);
CREATE INDEX one_time_link_by_user ON one_time_link (user_id);

-- People who registered themselves (user.status PENDING until address and administrator have said yes).
CREATE TABLE sign_up (
  user_id TEXT PRIMARY KEY REFERENCES user (id) ON DELETE CASCADE,
  organization TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  email_confirmed_at INTEGER,
  needs_approval INTEGER NOT NULL
);

-- Other OpenID Connect providers whose people may sign in here.
CREATE TABLE identity_provider (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organization (id),
  name TEXT NOT NULL,                    -- in addresses
  display_name TEXT NOT NULL,
  issuer TEXT NOT NULL,
  client_id TEXT NOT NULL,
  sealed_secret TEXT,                    -- AES-256-GCM, additional data = organization, id, provider; NULL: a public client
  body TEXT NOT NULL DEFAULT '{}',       -- JSON: scopes, groupsClaim, roles, defaultRoles, createPeople
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (organization, name)
);

-- A person here and at a provider: by issuer and subject, never by an address.
CREATE TABLE federated_identity (
  organization TEXT NOT NULL,
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (organization, issuer, subject)
);
CREATE INDEX federated_identity_by_user ON federated_identity (user_id);

-- A browser that was sent to a provider and has not come back yet.
CREATE TABLE federated_sign_in (
  digest TEXT PRIMARY KEY,               -- SHA-256 of the state
  organization TEXT NOT NULL,
  provider_id TEXT NOT NULL REFERENCES identity_provider (id) ON DELETE CASCADE,
  browser TEXT NOT NULL,                 -- SHA-256 of the cookie that the same browser has to bring back
  sealed TEXT NOT NULL,                  -- nonce and PKCE verifier, AES-256-GCM
  return_to TEXT NOT NULL,
  user_id TEXT REFERENCES user (id) ON DELETE CASCADE, -- who wants to link their account, signed in already
  expires_at INTEGER NOT NULL,
  used_at INTEGER
);

-- Mails that have not gone out, or never will where the outbox is the mailer. Sealed: they hold links.
CREATE TABLE mail (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  organization TEXT NOT NULL,
  sealed TEXT NOT NULL,                  -- JSON of recipient, subject and text, AES-256-GCM
  created_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0
);
