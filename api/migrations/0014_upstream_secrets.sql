-- What signs gateways in to upstreams. A draft has the names of its secrets, and so have its revisions and Deployments;
-- a name stands for one value for ever.
CREATE TABLE upstream_secret (
  name TEXT PRIMARY KEY,
  api_id TEXT NOT NULL REFERENCES api (id) ON DELETE CASCADE,
  sealed TEXT NOT NULL,        -- under POSTERN_KEK, which only the keys Worker has
  created_at INTEGER NOT NULL
);
CREATE INDEX upstream_secret_of_api ON upstream_secret (api_id);
