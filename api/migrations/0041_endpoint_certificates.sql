-- Certificates of upstreams, as publishers keep them: what is known of them, and when they end.
CREATE TABLE endpoint_certificate (
  organization TEXT NOT NULL REFERENCES organization (id),
  alias TEXT NOT NULL,
  endpoint TEXT NOT NULL,                -- the address that it is about; those below it are meant too
  der TEXT NOT NULL,                     -- base64
  thumbprint TEXT NOT NULL,              -- x5t#S256
  subject TEXT NOT NULL,
  version INTEGER NOT NULL,
  not_before INTEGER NOT NULL,
  not_after INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (organization, alias),
  UNIQUE (organization, endpoint, thumbprint)
);
