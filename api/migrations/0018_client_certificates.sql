-- Certificates by which callers of an API may prove who they are.
CREATE TABLE client_certificate (
  api_id TEXT NOT NULL REFERENCES api (id) ON DELETE CASCADE,
  organization TEXT NOT NULL,
  key_type TEXT NOT NULL,                -- PRODUCTION or SANDBOX: which endpoint its calls go to
  alias TEXT NOT NULL,
  plan TEXT NOT NULL,                    -- name of the subscription policy that its calls count under
  der TEXT NOT NULL,                     -- base64
  thumbprint TEXT NOT NULL,              -- x5t#S256
  subject TEXT NOT NULL,
  version INTEGER NOT NULL,
  not_before INTEGER NOT NULL,
  not_after INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (api_id, key_type, alias),
  UNIQUE (api_id, thumbprint)
);
