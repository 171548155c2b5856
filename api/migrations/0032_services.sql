-- Services that APIs may be made of, and which APIs were.
CREATE TABLE service (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organization (id),
  name TEXT NOT NULL,
  version TEXT NOT NULL,
  key TEXT NOT NULL,
  url TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  definition_type TEXT NOT NULL,         -- OAS2, OAS3, WSDL1, WSDL2, GRAPHQL_SDL, ASYNC_API
  definition TEXT NOT NULL,              -- blob hash
  definition_url TEXT NOT NULL DEFAULT '',
  security_type TEXT NOT NULL,
  mutual_tls INTEGER NOT NULL DEFAULT 0,
  digest TEXT NOT NULL,                  -- of what makes it up: the peer's md5
  generation INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (organization, name, version),
  UNIQUE (organization, key)
);
CREATE TABLE service_use (
  api_id TEXT PRIMARY KEY REFERENCES api (id) ON DELETE CASCADE,
  service_id TEXT NOT NULL REFERENCES service (id),
  digest TEXT NOT NULL                   -- of the service when the API was made
);
CREATE INDEX service_use_by_service ON service_use (service_id);
