-- The scopes of APIs with the roles that they are bound to, for the Key Manager: whoever has none of a scope's roles gets no
-- token with it. Kept of the draft, and of each revision that runs somewhere: what a draft no longer names is bound for as
-- long as a gateway asks for it.
CREATE TABLE api_scope (
  organization TEXT NOT NULL REFERENCES organization (id),
  scope TEXT NOT NULL,
  api_id TEXT NOT NULL REFERENCES api (id) ON DELETE CASCADE,
  revision_id TEXT NOT NULL DEFAULT '',  -- '': the draft
  is_shared INTEGER NOT NULL,            -- 1: shared_scope says the roles
  roles TEXT NOT NULL DEFAULT '[]',      -- JSON array; empty: anybody may have it
  PRIMARY KEY (organization, scope, api_id, revision_id)
);
CREATE INDEX api_scope_by_api ON api_scope (api_id, revision_id);

INSERT OR IGNORE INTO api_scope (organization, scope, api_id, revision_id, is_shared, roles)
  SELECT source.organization, json_extract(item.value, '$.scope.name'), source.api_id, source.revision_id,
    coalesce(json_extract(item.value, '$.shared'), 0), coalesce(json_extract(item.value, '$.scope.bindings'), '[]')
  FROM (
    SELECT organization, id AS api_id, '' AS revision_id, body FROM api
    UNION
    SELECT deployment.organization, deployment.api_id, revision.id, revision.body
    FROM deployment JOIN revision ON revision.id = deployment.revision_id
  ) AS source,
  json_each((SELECT group_concat(content, '') FROM (SELECT content FROM blob WHERE hash = source.body ORDER BY part)), '$.scopes')
    AS item;

-- What `saasApp` of WSO2's client registration said.
ALTER TABLE oauth_client ADD COLUMN is_saas INTEGER NOT NULL DEFAULT 0;
