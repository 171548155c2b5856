-- Organizations whose people consume APIs, within the one that this installation is for. Their people are those who have the
-- role of the external id.
CREATE TABLE consumer_organization (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organization (id),
  external_id TEXT NOT NULL,             -- name of a role
  display_name TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  UNIQUE (organization, external_id)
);

-- Ids of the organizations that see the API, or 'all', or 'none' for people of no organization; '[]' is all too.
ALTER TABLE api ADD COLUMN visible_to TEXT NOT NULL DEFAULT '[]';
