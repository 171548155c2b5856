-- Who may do what in a fresh installation: WSO2's roles, its system scopes, and the roles that may be granted each.
-- A scope that has no row here is a scope of an API, granted to every client that asks for it.

INSERT OR IGNORE INTO organization (id, name, created_at) VALUES ('default', 'carbon.super', unixepoch() * 1000);

INSERT OR IGNORE INTO role (organization, name, description) VALUES
  ('default', 'admin', 'May do everything'),
  ('default', 'Internal/creator', 'Designs and updates APIs'),
  ('default', 'Internal/publisher', 'Publishes APIs and looks after their subscriptions'),
  ('default', 'Internal/subscriber', 'Uses APIs: has applications, subscriptions and keys'),
  ('default', 'Internal/devops', 'Moves APIs and applications between installations'),
  ('default', 'Internal/analytics', 'Looks at statistics'),
  ('default', 'Internal/observer', 'Looks at APIs without changing them'),
  ('default', 'Internal/everyone', 'Every signed-in person');

-- Tokens that a person got before this moment are refused by the management APIs (set when the password changes).
ALTER TABLE user ADD COLUMN tokens_valid_from INTEGER NOT NULL DEFAULT 0;
-- Digest of the refresh token that a spent one was exchanged for: makes the exchange one conditional step.
ALTER TABLE refresh_token ADD COLUMN successor TEXT;
-- The access token that was issued with it, so that taking back the one takes back the other.
ALTER TABLE refresh_token ADD COLUMN access_jti TEXT;
ALTER TABLE refresh_token ADD COLUMN access_expires_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX refresh_token_by_user ON refresh_token (user_id);
CREATE INDEX refresh_token_by_client ON refresh_token (client_id);

INSERT OR IGNORE INTO scope_role (organization, scope, role)
  SELECT 'default', scope.value, role.value FROM
    json_each('["admin"]') AS role,
    json_each('["apim:admin","apim:admin_alert_manage","apim:admin_api_view","apim:admin_application_view",
      "apim:admin_operations","apim:admin_settings","apim:admin_tier_create","apim:admin_tier_delete",
      "apim:admin_tier_manage","apim:admin_tier_update","apim:admin_tier_view","apim:api_category",
      "apim:api_category_create","apim:api_category_delete","apim:api_category_update","apim:api_category_view",
      "apim:api_manage","apim:api_provider_change","apim:api_workflow_approve","apim:api_workflow_view",
      "apim:app_owner_change","apim:app_settings_change","apim:bl_create","apim:bl_delete","apim:bl_manage",
      "apim:bl_update","apim:bl_view","apim:bot_data","apim:gov_policy_create","apim:gov_policy_delete",
      "apim:gov_policy_manage","apim:gov_policy_update","apim:gov_rule_create","apim:gov_rule_delete",
      "apim:gov_rule_manage","apim:gov_rule_update","apim:keymanagers_create","apim:keymanagers_delete",
      "apim:keymanagers_manage","apim:keymanagers_update","apim:keymanagers_view","apim:label_create",
      "apim:label_delete","apim:label_manage","apim:label_update","apim:label_view","apim:llm_provider_create",
      "apim:llm_provider_delete","apim:llm_provider_manage","apim:llm_provider_update","apim:llm_provider_view",
      "apim:mcp_server_manage","apim:monetization_usage_publish","apim:organization_create",
      "apim:organization_delete","apim:organization_manage","apim:organization_read","apim:organization_update",
      "apim:role_manage","apim:scope_manage","apim:tenantInfo","apim:tenant_theme_manage","apim:tier_manage"]') AS scope;

INSERT OR IGNORE INTO scope_role (organization, scope, role)
  SELECT 'default', scope.value, role.value FROM
    json_each('["admin","Internal/creator"]') AS role,
    json_each('["apim:api_create","apim:api_create_only","apim:api_definition_update","apim:api_delete",
      "apim:api_mediation_policy_manage","apim:api_product_create","apim:api_product_delete",
      "apim:api_product_update","apim:api_product_version_create","apim:api_update","apim:api_version_create",
      "apim:client_certificates_add","apim:client_certificates_manage","apim:client_certificates_update",
      "apim:common_operation_policy_create","apim:common_operation_policy_delete",
      "apim:common_operation_policy_manage","apim:ep_certificates_add","apim:ep_certificates_manage",
      "apim:ep_certificates_update","apim:mcp_server_create","apim:mcp_server_create_only","apim:mcp_server_delete",
      "apim:mcp_server_update","apim:mcp_server_version_create","apim:mediation_policy_create",
      "apim:mediation_policy_manage","apim:shared_scope_create","apim:shared_scope_delete","apim:shared_scope_manage",
      "apim:shared_scope_update","apim:threat_protection_policy_create","apim:threat_protection_policy_manage",
      "service_catalog:service_write"]') AS scope;

INSERT OR IGNORE INTO scope_role (organization, scope, role)
  SELECT 'default', scope.value, role.value FROM
    json_each('["admin","Internal/creator","Internal/publisher"]') AS role,
    json_each('["apim:api_generate_key","apim:api_product_revision_create","apim:api_product_revision_delete",
      "apim:api_revision_create","apim:api_revision_delete","apim:comment_manage","apim:comment_view",
      "apim:comment_write","apim:document_create","apim:document_delete","apim:document_manage",
      "apim:document_update","apim:mcp_server_generate_key","apim:mcp_server_revision_create",
      "apim:mcp_server_revision_delete"]') AS scope;

INSERT OR IGNORE INTO scope_role (organization, scope, role)
  SELECT 'default', scope.value, role.value FROM
    json_each('["admin","Internal/creator","Internal/publisher","Internal/observer"]') AS role,
    json_each('["apim:client_certificates_view","apim:common_operation_policy_view","apim:document_view",
      "apim:ep_certificates_view","apim:gateway_policy_view","apim:gov_policy_read","apim:gov_result_read",
      "apim:gov_rule_read","apim:llm_provider_read","apim:mediation_policy_view","apim:publisher_organization_read",
      "apim:publisher_settings","apim:shared_scope_view","apim:tier_view","service_catalog:service_view"]') AS scope;

INSERT OR IGNORE INTO scope_role (organization, scope, role)
  SELECT 'default', scope.value, role.value FROM
    json_each('["admin","Internal/creator","Internal/publisher","Internal/analytics","Internal/observer"]') AS role,
    json_each('["apim:api_definition_view","apim:api_lifecycle_view","apim:api_list_view","apim:api_metadata_view",
      "apim:api_product_lifecycle_view","apim:api_product_metadata_view","apim:api_view",
      "apim:mcp_server_lifecycle_view","apim:mcp_server_list_view","apim:mcp_server_metadata_view",
      "apim:mcp_server_view"]') AS scope;

INSERT OR IGNORE INTO scope_role (organization, scope, role)
  SELECT 'default', scope.value, role.value FROM
    json_each('["admin","Internal/devops"]') AS role,
    json_each('["apim:api_import_export","apim:api_product_import_export","apim:app_import_export","apim:environment_create",
      "apim:environment_delete","apim:environment_manage","apim:environment_read","apim:environment_update",
      "apim:mcp_server_import_export","apim:policies_import_export"]') AS scope;

INSERT OR IGNORE INTO scope_role (organization, scope, role)
  SELECT 'default', scope.value, role.value FROM
    json_each('["admin","Internal/publisher"]') AS role,
    json_each('["apim:api_lifecycle_manage","apim:api_product_lifecycle_manage","apim:api_publish",
      "apim:mcp_server_lifecycle_manage","apim:mcp_server_publish","apim:pub_alert_manage",
      "apim:subscription_approval_manage","apim:subscription_approval_view","apim:subscription_block",
      "apim:subscription_manage"]') AS scope;

INSERT OR IGNORE INTO scope_role (organization, scope, role)
  SELECT 'default', scope.value, role.value FROM
    json_each('["admin","Internal/creator","Internal/devops"]') AS role,
    json_each('["apim:gateway_policy_create","apim:gateway_policy_delete","apim:gateway_policy_manage",
      "apim:gateway_policy_update"]') AS scope;

INSERT OR IGNORE INTO scope_role (organization, scope, role)
  SELECT 'default', scope.value, role.value FROM
    json_each('["admin","Internal/creator","Internal/publisher","Internal/devops"]') AS role,
    json_each('["apim:api_deploy","apim:api_product_deploy","apim:mcp_server_deploy"]') AS scope;

INSERT OR IGNORE INTO scope_role (organization, scope, role)
  SELECT 'default', scope.value, role.value FROM
    json_each('["admin","Internal/creator","Internal/publisher","Internal/devops","Internal/observer"]') AS role,
    json_each('["apim:api_deploy_view","apim:api_product_deploy_view","apim:mcp_server_deploy_view"]') AS scope;

INSERT OR IGNORE INTO scope_role (organization, scope, role)
  SELECT 'default', scope.value, role.value FROM
    json_each('["admin","Internal/subscriber"]') AS role,
    json_each('["apim:api_key","apim:store_settings","apim:sub_alert_manage"]') AS scope;

INSERT OR IGNORE INTO scope_role (organization, scope, role)
  SELECT 'default', scope.value, role.value FROM
    json_each('["admin","Internal/subscriber","Internal/devops"]') AS role,
    json_each('["apim:app_manage","apim:sub_manage","apim:subscribe"]') AS scope;

INSERT OR IGNORE INTO scope_role (organization, scope, role)
  SELECT 'default', scope.value, role.value FROM
    json_each('["admin","Internal/publisher","Internal/creator","Internal/observer"]') AS role,
    json_each('["apim:subscription_view"]') AS scope;
