-- Rules that APIs are held to, what becomes of those that break them, and what was found.

CREATE TABLE ruleset (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organization (id),
  name TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  about TEXT NOT NULL,                   -- API_METADATA, API_DEFINITION, API_DOCUMENTATION
  artifact TEXT NOT NULL,                -- REST_API, ASYNC_API
  content TEXT NOT NULL,                 -- YAML or JSON as it came
  link TEXT NOT NULL DEFAULT '',
  provider TEXT NOT NULL DEFAULT '',
  generation INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by TEXT NOT NULL,
  UNIQUE (organization, name)
);

CREATE TABLE governance_policy (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organization (id),
  name TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  body TEXT NOT NULL,                    -- JSON: {governableStates, actions, labels}
  generation INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by TEXT NOT NULL,
  UNIQUE (organization, name)
);
CREATE TABLE governance_policy_ruleset (
  policy_id TEXT NOT NULL REFERENCES governance_policy (id) ON DELETE CASCADE,
  ruleset_id TEXT NOT NULL REFERENCES ruleset (id),
  place INTEGER NOT NULL,
  PRIMARY KEY (policy_id, ruleset_id)
);
CREATE INDEX governance_policy_ruleset_by_ruleset ON governance_policy_ruleset (ruleset_id);

-- What an API was like by a ruleset; good while both are of the generation that was looked at.
CREATE TABLE compliance (
  api_id TEXT NOT NULL REFERENCES api (id) ON DELETE CASCADE,
  ruleset_id TEXT NOT NULL REFERENCES ruleset (id) ON DELETE CASCADE,
  api_generation INTEGER NOT NULL,
  ruleset_generation INTEGER NOT NULL,
  is_passed INTEGER NOT NULL,
  errors INTEGER NOT NULL,
  warnings INTEGER NOT NULL,
  hints INTEGER NOT NULL,
  body TEXT NOT NULL,                    -- JSON: {violated: [{rule, severity, path, message}], followed: [rule]}
  at INTEGER NOT NULL,
  PRIMARY KEY (api_id, ruleset_id)
);
