-- Operation policies that an organization writes itself: for all its APIs, or for one.
CREATE TABLE operation_policy (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organization (id),
  api_id TEXT NOT NULL DEFAULT '',       -- '' for all APIs
  name TEXT NOT NULL,
  version TEXT NOT NULL,
  specification TEXT NOT NULL,           -- JSON: lifecycle::OwnPolicy
  source TEXT NOT NULL,                  -- as it was uploaded
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (organization, api_id, name, version)
);
CREATE INDEX operation_policy_by_api ON operation_policy (api_id);
CREATE TRIGGER operation_policy_goes_with_its_api AFTER DELETE ON api BEGIN
  DELETE FROM operation_policy WHERE api_id = OLD.id;
END;

-- What is done to the calls of every API of an environment.
CREATE TABLE gateway_policy (
  id TEXT PRIMARY KEY,
  organization TEXT NOT NULL REFERENCES organization (id),
  display_name TEXT NOT NULL,
  mapping TEXT NOT NULL,                 -- JSON: policies of the flows request, response, fault
  generation INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  UNIQUE (organization, display_name)
);
CREATE TABLE gateway_policy_deployment (
  organization TEXT NOT NULL,
  environment TEXT NOT NULL,             -- one of them each
  policy_id TEXT NOT NULL REFERENCES gateway_policy (id),
  flows TEXT NOT NULL,                   -- JSON: model::Flows, compiled
  PRIMARY KEY (organization, environment)
);
CREATE INDEX gateway_policy_deployment_by_policy ON gateway_policy_deployment (policy_id);
