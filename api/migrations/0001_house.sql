-- The API Manager database. Every row belongs to an organization; a single-tenant install has one.
-- Times are milliseconds since the Unix epoch, UTC. Ids are UUIDs unless said otherwise. JSON columns hold objects or arrays.
-- Written by: keys (people, clients, tokens, trust) and portal-api (everything else).

CREATE TABLE organization (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL
);

-- People ------------------------------------------------------------------------------------------------------------

CREATE TABLE user (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organization (id),
  username TEXT NOT NULL,
  email TEXT,
  display_name TEXT,
  password_hash TEXT NOT NULL,           -- argon2id, PHC string
  status TEXT NOT NULL DEFAULT 'ACTIVE', -- ACTIVE, DISABLED
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (organization, username)
);

CREATE TABLE role (
  organization TEXT NOT NULL REFERENCES organization (id),
  name TEXT NOT NULL,                    -- admin, Internal/publisher, ...
  description TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (organization, name)
);

CREATE TABLE user_role (
  organization TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  role TEXT NOT NULL,
  PRIMARY KEY (user_id, role),
  FOREIGN KEY (organization, role) REFERENCES role (organization, name)
);

-- Which roles may be granted a system scope (`apim:api_create`, ...).
CREATE TABLE scope_role (
  organization TEXT NOT NULL REFERENCES organization (id),
  scope TEXT NOT NULL,
  role TEXT NOT NULL,
  PRIMARY KEY (organization, scope, role)
);

-- A person signed in to the portals. The cookie's value is never stored, only its SHA-256.
CREATE TABLE session (
  digest TEXT PRIMARY KEY,
  organization TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  user_agent TEXT NOT NULL DEFAULT ''
);
CREATE INDEX session_by_user ON session (user_id);

-- Failed sign-ins by account and by address, for slowing down guesses.
CREATE TABLE sign_in_failure (
  subject TEXT NOT NULL,                 -- 'user:<org>/<name>' or 'ip:<address>'
  window_start INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  PRIMARY KEY (subject, window_start)
);

-- Clients and tokens -------------------------------------------------------------------------------------------------

CREATE TABLE oauth_client (
  client_id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organization (id),
  name TEXT NOT NULL,
  owner TEXT NOT NULL,                   -- username
  application_id TEXT,                   -- NULL: registered by itself (client-registration), may hold system scopes
  key_type TEXT,                         -- PRODUCTION or SANDBOX with an application
  grant_types TEXT NOT NULL,             -- JSON array
  callback_url TEXT NOT NULL DEFAULT '',
  token_type TEXT NOT NULL DEFAULT 'JWT',
  settings TEXT NOT NULL DEFAULT '{}',   -- JSON: application_access_token_expiry_time, ...
  created_at INTEGER NOT NULL,
  UNIQUE (organization, owner, name)
);

-- Consumer secrets, as lower-case hexadecimal SHA-256 only (they have 256 bits of randomness).
CREATE TABLE client_secret (
  id TEXT PRIMARY KEY,
  client_id TEXT NOT NULL REFERENCES oauth_client (client_id) ON DELETE CASCADE,
  digest TEXT NOT NULL,
  label TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  expires_at INTEGER                     -- NULL: never
);
CREATE INDEX client_secret_by_client ON client_secret (client_id);

CREATE TABLE refresh_token (
  digest TEXT PRIMARY KEY,
  family TEXT NOT NULL,                  -- reuse of a spent token revokes its family
  client_id TEXT NOT NULL REFERENCES oauth_client (client_id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  scopes TEXT NOT NULL,                  -- space separated
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  spent_at INTEGER,
  revoked_at INTEGER
);
CREATE INDEX refresh_token_by_family ON refresh_token (family);

CREATE TABLE signing_key (
  kid TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organization (id),
  alg TEXT NOT NULL,                     -- ES256
  public_jwk TEXT NOT NULL,
  sealed_private TEXT NOT NULL,          -- AES-256-GCM under the key-encryption key, additional data = organization, kid
  created_at INTEGER NOT NULL,
  active_from INTEGER NOT NULL,
  retired_at INTEGER
);

-- Access tokens taken back; a row may go when the token would have expired.
CREATE TABLE revoked_token (
  jti TEXT PRIMARY KEY,
  organization TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER NOT NULL
);
CREATE TABLE revoked_client (
  client_id TEXT PRIMARY KEY,
  organization TEXT NOT NULL,
  before INTEGER NOT NULL,               -- tokens issued before this moment
  expires_at INTEGER NOT NULL
);

-- APIs ---------------------------------------------------------------------------------------------------------------

-- Large text (definitions, API bodies) by its content, in parts below the size that one row may have.
CREATE TABLE blob (
  hash TEXT NOT NULL,                    -- model::Hash of the whole text
  part INTEGER NOT NULL,                 -- 0, 1, ...
  content TEXT NOT NULL,
  PRIMARY KEY (hash, part)
);

CREATE TABLE api (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organization (id),
  name TEXT NOT NULL,
  version TEXT NOT NULL,
  context TEXT NOT NULL,                 -- as given, with {version} where it stands: '/petstore' or '/{version}/petstore'
  base_path TEXT NOT NULL,               -- context with its version filled in: '/petstore/1.0.0'
  provider TEXT NOT NULL,
  state TEXT NOT NULL,
  kind TEXT NOT NULL DEFAULT 'HTTP',
  is_default_version INTEGER NOT NULL DEFAULT 0,
  visibility TEXT NOT NULL DEFAULT 'PUBLIC',
  description TEXT NOT NULL DEFAULT '',
  tags TEXT NOT NULL DEFAULT '[]',       -- JSON array
  card TEXT NOT NULL DEFAULT '{}',       -- JSON: the few properties of the body that lists show and search
  body TEXT NOT NULL,                    -- blob hash: the publisher's API object without the columns above
  definition TEXT NOT NULL,              -- blob hash: the OpenAPI document
  generation INTEGER NOT NULL DEFAULT 1, -- grows with each change; the ETag
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by TEXT NOT NULL,
  UNIQUE (organization, name, version),
  UNIQUE (organization, base_path)
);

CREATE TABLE lifecycle_event (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  api_id TEXT NOT NULL REFERENCES api (id) ON DELETE CASCADE,
  previous_state TEXT,
  post_state TEXT NOT NULL,
  user TEXT NOT NULL,
  at INTEGER NOT NULL
);
CREATE INDEX lifecycle_event_by_api ON lifecycle_event (api_id);

CREATE TABLE revision (
  id TEXT PRIMARY KEY,
  api_id TEXT NOT NULL REFERENCES api (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,               -- 1, 2, ...: "Revision 1"
  description TEXT NOT NULL DEFAULT '',
  body TEXT NOT NULL,                    -- blob hash
  definition TEXT NOT NULL,              -- blob hash
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  UNIQUE (api_id, number)
);

CREATE TABLE environment (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organization (id),
  name TEXT NOT NULL,
  display_name TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  kind TEXT NOT NULL DEFAULT 'hybrid',
  vhosts TEXT NOT NULL DEFAULT '[]',     -- JSON array of {host, httpContext, httpPort, httpsPort}
  UNIQUE (organization, name)
);

-- One revision of an API per environment.
CREATE TABLE deployment (
  api_id TEXT NOT NULL REFERENCES api (id) ON DELETE CASCADE,
  environment TEXT NOT NULL,             -- environment name
  organization TEXT NOT NULL,
  revision_id TEXT NOT NULL REFERENCES revision (id),
  vhost TEXT NOT NULL DEFAULT '',
  display_on_devportal INTEGER NOT NULL DEFAULT 1,
  hash TEXT NOT NULL,                    -- model::Deployment: blob hash, and deployment/<hash> in KV
  deployed_at INTEGER NOT NULL,
  PRIMARY KEY (api_id, environment)
);
-- One base path serves one API per environment; the shard is model::shard_of(base_path).
CREATE TABLE route (
  environment TEXT NOT NULL,
  organization TEXT NOT NULL,
  base_path TEXT NOT NULL,
  shard INTEGER NOT NULL,
  api_id TEXT NOT NULL REFERENCES api (id) ON DELETE CASCADE,
  PRIMARY KEY (environment, base_path)
);
CREATE INDEX route_by_shard ON route (environment, shard);

-- Consumers ----------------------------------------------------------------------------------------------------------

CREATE TABLE application (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organization (id),
  owner TEXT NOT NULL,                   -- username
  name TEXT NOT NULL,
  policy TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  token_type TEXT NOT NULL DEFAULT 'JWT',
  status TEXT NOT NULL DEFAULT 'APPROVED',
  attributes TEXT NOT NULL DEFAULT '{}',
  generation INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (organization, owner, name)
);

-- An application's OAuth 2 client per key type.
CREATE TABLE key_mapping (
  id TEXT PRIMARY KEY,
  application_id TEXT NOT NULL REFERENCES application (id) ON DELETE CASCADE,
  key_type TEXT NOT NULL,
  key_manager TEXT NOT NULL DEFAULT 'Resident Key Manager',
  client_id TEXT NOT NULL,
  mode TEXT NOT NULL DEFAULT 'CREATED',
  created_at INTEGER NOT NULL,
  UNIQUE (application_id, key_type, key_manager)
);

CREATE TABLE api_key (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL,
  application_id TEXT NOT NULL REFERENCES application (id) ON DELETE CASCADE,
  key_type TEXT NOT NULL,
  name TEXT NOT NULL,
  digest TEXT NOT NULL UNIQUE,           -- lower-case hexadecimal SHA-256 of the key
  last_four TEXT NOT NULL,
  permitted_ips TEXT NOT NULL DEFAULT '[]',
  permitted_referers TEXT NOT NULL DEFAULT '[]',
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER
);
CREATE INDEX api_key_by_application ON api_key (application_id, key_type);

CREATE TABLE subscription (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organization (id),
  application_id TEXT NOT NULL REFERENCES application (id) ON DELETE CASCADE,
  api_id TEXT NOT NULL REFERENCES api (id),
  plan TEXT NOT NULL,
  requested_plan TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'UNBLOCKED',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (application_id, api_id)
);
CREATE INDEX subscription_by_api ON subscription (api_id);

CREATE TABLE throttle_policy (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organization (id),
  kind TEXT NOT NULL,                    -- subscription, application, advanced
  name TEXT NOT NULL,
  display_name TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  body TEXT NOT NULL,                    -- JSON: the admin REST object without the columns above
  generation INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (organization, kind, name)
);

-- Publication to gateways ----------------------------------------------------------------------------------------------

-- What changed here and is not yet in KV. Written in the same batch as the change, removed after the KV write, so that a
-- crash between the two is repaired by the next reader of this table.
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  writer TEXT NOT NULL,                  -- 'portal-api' or 'keys': who publishes it
  topic TEXT NOT NULL,                   -- catalog, deployment, policies, client, application, api-key, trust
  subject TEXT NOT NULL,                 -- environment, hash, client id, ...
  created_at INTEGER NOT NULL
);

-- Immutable values known to be in KV (shard/<hash>, deployment/<hash>, policies/<hash>), so that none is written twice.
CREATE TABLE published (
  name TEXT PRIMARY KEY,
  at INTEGER NOT NULL
);

-- Version of each pointer in KV; only grows.
CREATE TABLE publication (
  pointer TEXT PRIMARY KEY,              -- catalog/<environment>, trust
  version INTEGER NOT NULL
);

CREATE TABLE audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  organization TEXT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,                  -- 'api.create', ...
  subject TEXT NOT NULL,                 -- id of what was changed
  at INTEGER NOT NULL
);
