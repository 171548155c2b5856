-- Other names of roles: whoever has the alias may be granted what the role may be.
CREATE TABLE role_alias (
  organization TEXT NOT NULL REFERENCES organization (id),
  role TEXT NOT NULL,
  alias TEXT NOT NULL,                   -- name of a role
  PRIMARY KEY (organization, role, alias)
);
CREATE INDEX role_alias_by_alias ON role_alias (organization, alias);

-- Which roles may be granted a system scope, by themselves or as the alias of one that may.
CREATE VIEW granted_role AS
  SELECT organization, scope, role FROM scope_role
  UNION ALL SELECT scope_role.organization, scope_role.scope, role_alias.alias FROM scope_role
  JOIN role_alias ON role_alias.organization = scope_role.organization AND role_alias.role = scope_role.role;
