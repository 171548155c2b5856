//! Entries of the audit log: written by the batch of the change itself, which puts down the object's state before
//! everything else it does, and its state after that. What the states hold is said here, table by table, so that no
//! secret gets in: columns are named one by one, and secrets, sealed or not, are not among them.

use model::Timestamp;

use crate::db::{Statement, sql};

/// Who changes something, and from where.
#[derive(Clone, Debug)]
pub struct Trail<'a> {
    /// Whose log it is.
    pub organization: &'a str,
    /// User name; empty for a client that acts for itself.
    pub actor: &'a str,
    /// Network address; empty when unknown.
    pub address: &'a str,
    /// `User-Agent`; empty when unknown.
    pub agent: &'a str,
    /// When.
    pub at: Timestamp,
}

/// The statement that writes down a change; it goes after the change, and brings along the one that goes before.
#[must_use]
pub fn entry(trail: &Trail<'_>, action: &str, subject: &str) -> Statement {
    let state = state_of(action);
    let name = format!("{action} {subject}");
    let columns = "organization, actor, action, subject, at, address, agent";
    let begin = |text: String| {
        sql(text)
            .bind(trail.organization)
            .bind(trail.actor)
            .bind(action)
            .bind(subject)
            .bind(trail.at)
            .bind(trail.address)
            .bind(cut(trail.agent, AGENT_BYTES))
    };
    let Some(state) = state else {
        return begin(format!(
            "INSERT INTO audit ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)"
        ));
    };
    let first = begin(format!(
        "INSERT INTO audit ({columns}, open, before) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ({state}))"
    ))
    .bind(&name)
    .bind(subject);
    sql(format!(
        "UPDATE audit SET after = ({state}), open = NULL WHERE open = ?"
    ))
    .bind(subject)
    .bind(&name)
    .led_by(first)
}

fn cut(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len()))
        .rev()
        .find(|end| text.is_char_boundary(*end));
    end.and_then(|end| text.get(..end)).unwrap_or_default()
}

/// The query, by the subject's id, of what is kept of an object's state; none for what has no state.
fn state_of(action: &str) -> Option<&'static str> {
    let (noun, verb) = action.split_once('.')?;
    match noun {
        "api" => Some(API),
        "revision" => Some(REVISION),
        "application" => match verb {
            "create" | "update" | "delete" | "change-owner" | "change-settings" | "approve"
            | "reject" | "ask-update" | "ask-deletion" | "ask-keys" | "approve-keys"
            | "reject-keys" => Some(APPLICATION),
            "generate-secret" | "revoke-secret" => Some(CLIENT_SECRET),
            "reset-throttle" => None,
            _ => Some(CLIENT),
        },
        "client" => Some(CLIENT),
        "client-certificate" => Some(CLIENT_CERTIFICATES),
        "endpoint-certificate" => Some(ENDPOINT_CERTIFICATE),
        "subscription" => Some(SUBSCRIPTION),
        "api-key" => Some(API_KEY),
        "policy" => Some(POLICY),
        "deny-policy" => Some(DENY_POLICY),
        "key-manager" => Some(KEY_MANAGER),
        "document" => Some(DOCUMENT),
        "comment" => Some(COMMENT),
        "scope" => Some(SCOPE),
        "category" => Some(CATEGORY),
        "label" => Some(LABEL),
        "role" => Some(ROLE),
        "role-alias" => Some(ROLE_ALIASES),
        "organization" => Some(ORGANIZATION),
        "system-scope" => Some(SYSTEM_SCOPE),
        "tenant-config" => Some(TENANT_CONFIG),
        "user" => Some(USER),
        "environment" => Some(ENVIRONMENT),
        "operation-policy" => Some(OPERATION_POLICY),
        "gateway-policy" => Some(GATEWAY_POLICY),
        "ruleset" => Some(RULESET),
        "governance-policy" => Some(GOVERNANCE_POLICY),
        "service" => Some(SERVICE),
        _ => None,
    }
}

/// The body is left out where it is too large to be kept with each change; its hash is there either way.
const API: &str = "SELECT json_object('name', name, 'version', version, 'context', context, 'provider', provider, \
    'state', state, 'isDefaultVersion', is_default_version, 'visibility', visibility, 'generation', generation, \
    'bodyHash', body, 'definitionHash', definition, 'body', CASE WHEN (SELECT count(*) FROM blob WHERE hash = api.body) = 1 \
    THEN (SELECT json_remove(content, '$.endpointConfig.endpoint_security', '$.parts') FROM blob \
    WHERE hash = api.body AND length(content) < 65536) END) FROM api WHERE id = ?";
const REVISION: &str = "SELECT json_object('api', api_id, 'number', number, 'description', description, 'bodyHash', body, \
    'definitionHash', definition, 'environments', (SELECT json_group_array(environment) FROM deployment \
    WHERE revision_id = revision.id)) FROM revision WHERE id = ?";
const APPLICATION: &str = "SELECT json_object('name', name, 'owner', owner, 'policy', policy, 'description', description, \
    'tokenType', token_type, 'status', status, 'groups', json(groups), 'attributes', json(attributes)) FROM application WHERE id = ?";
const CLIENT: &str = "SELECT json_object('name', name, 'owner', owner, 'application', application_id, 'keyType', key_type, \
    'grantTypes', json(grant_types), 'callbackUrl', callback_url, 'tokenType', token_type) FROM oauth_client \
    WHERE client_id = ?";
const CLIENT_SECRET: &str = "SELECT json_object('client', client_id, 'description', label, 'expiresAt', expires_at) \
    FROM client_secret WHERE id = ?";
const CLIENT_CERTIFICATES: &str = "SELECT json_group_array(json_object('alias', alias, 'keyType', key_type, 'plan', plan, \
    'subject', subject, 'thumbprint', thumbprint)) FROM client_certificate WHERE api_id = ?";
const ENDPOINT_CERTIFICATE: &str = "SELECT json_object('alias', alias, 'endpoint', endpoint, 'subject', subject, \
    'thumbprint', thumbprint, 'notAfter', not_after) FROM endpoint_certificate WHERE alias = ?";
const SUBSCRIPTION: &str = "SELECT json_object('application', application_id, 'api', api_id, 'plan', plan, \
    'requestedPlan', requested_plan, 'status', status) FROM subscription WHERE id = ?";
const API_KEY: &str = "SELECT json_object('application', application_id, 'keyType', key_type, 'name', name, \
    'lastFour', last_four, 'permittedIps', json(permitted_ips), 'permittedReferers', json(permitted_referers), \
    'expiresAt', expires_at, 'revokedAt', revoked_at) FROM api_key WHERE id = ?";
const POLICY: &str = "SELECT json_object('kind', kind, 'name', name, 'displayName', display_name, \
    'description', description, 'body', json(body)) FROM throttle_policy WHERE id = ?";
const DENY_POLICY: &str = "SELECT json_object('kind', kind, 'value', json(value), 'active', active, \
    'expiresAt', expires_at, 'reason', reason) FROM deny_policy WHERE id = ?";
const KEY_MANAGER: &str = "SELECT json_object('name', name, 'issuer', issuer, 'enabled', enabled) FROM key_manager WHERE id = ?";
const USER: &str = "SELECT json_object('username', username, 'email', email, 'displayName', display_name, 'status', status, \
    'roles', (SELECT json_group_array(role) FROM user_role WHERE user_id = user.id)) FROM user WHERE id = ?";
const ENVIRONMENT: &str = "SELECT json_object('name', name, 'displayName', display_name, 'description', description, \
    'kind', kind, 'vhosts', json(vhosts)) FROM environment WHERE id = ?";

const DOCUMENT: &str = "SELECT json_object('api', api_id, 'name', name, 'kind', kind, 'summary', summary, 'source', source, \
    'sourceUrl', source_url, 'visibility', visibility, 'contentHash', content, 'fileName', file_name) FROM document WHERE id = ?";
const COMMENT: &str = "SELECT json_object('api', api_id, 'content', content, 'category', category, 'createdBy', created_by) \
    FROM comment WHERE id = ?";
const SCOPE: &str = "SELECT json_object('name', name, 'displayName', display_name, 'description', description, \
    'bindings', json(bindings)) FROM shared_scope WHERE id = ?";
const CATEGORY: &str =
    "SELECT json_object('name', name, 'description', description) FROM api_category WHERE id = ?";
const LABEL: &str =
    "SELECT json_object('name', name, 'description', description) FROM label WHERE id = ?";

const ORGANIZATION: &str = "SELECT json_object('externalId', external_id, 'displayName', display_name, \
    'description', description) FROM consumer_organization WHERE id = ?";
const ROLE_ALIASES: &str =
    "SELECT json_group_array(json_array(role, alias)) FROM role_alias WHERE organization = ?";
const ROLE: &str =
    "SELECT json_object('name', name, 'description', description) FROM role WHERE name = ?";
const SYSTEM_SCOPE: &str = "SELECT json_object('name', scope, 'roles', json_group_array(role)) FROM scope_role \
    WHERE scope = ? GROUP BY scope";
const OPERATION_POLICY: &str = "SELECT json_object('api', api_id, 'name', name, 'version', version, \
    'specification', json(specification)) FROM operation_policy WHERE id = ?";
const GATEWAY_POLICY: &str = "SELECT json_object('displayName', display_name, 'mapping', json(mapping), 'environments', \
    (SELECT json_group_array(environment) FROM gateway_policy_deployment WHERE policy_id = gateway_policy.id)) \
    FROM gateway_policy WHERE id = ?";
/// Of a logo it is enough to know that it is another one.
const TENANT_CONFIG: &str = "SELECT json_set(json_remove(body, '$.Theme.Logo'), '$.Theme.LogoLength', \
    length(json_extract(body, '$.Theme.Logo'))) FROM tenant_config WHERE organization = ?";

/// Longer ones are made up, or carry what nobody needs.
const AGENT_BYTES: usize = 200;
const RULESET: &str = "SELECT json_object('name', name, 'description', description, 'about', about, 'artifact', artifact, \
    'provider', provider, 'content', CASE WHEN length(content) < 65536 THEN content END) FROM ruleset WHERE id = ?";
const GOVERNANCE_POLICY: &str = "SELECT json_object('name', name, 'description', description, 'body', json(body), \
    'rulesets', (SELECT json_group_array(ruleset_id) FROM governance_policy_ruleset WHERE policy_id = governance_policy.id)) \
    FROM governance_policy WHERE id = ?";
const SERVICE: &str = "SELECT json_object('name', name, 'version', version, 'key', key, 'url', url, 'definitionType', \
    definition_type, 'definitionHash', definition, 'securityType', security_type) FROM service WHERE id = ?";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_state_reads_a_secret() {
        for state in [
            API,
            REVISION,
            APPLICATION,
            CLIENT,
            CLIENT_SECRET,
            CLIENT_CERTIFICATES,
            SUBSCRIPTION,
            API_KEY,
            POLICY,
            DENY_POLICY,
            KEY_MANAGER,
            USER,
            ENVIRONMENT,
            DOCUMENT,
            COMMENT,
            SCOPE,
            CATEGORY,
            LABEL,
            ROLE,
            SYSTEM_SCOPE,
            TENANT_CONFIG,
            OPERATION_POLICY,
            GATEWAY_POLICY,
            ENDPOINT_CERTIFICATE,
            ORGANIZATION,
            ROLE_ALIASES,
        ] {
            for secret in ["digest", "sealed", "password", "settings", "secret,"] {
                assert!(!state.contains(secret), "{secret} in {state}");
            }
            assert_eq!(state.matches('?').count(), 1, "{state}");
        }
    }

    #[test]
    fn entries_of_what_belongs_to_an_api_are_found_by_it() {
        let computed = include_str!("../../../api/migrations/0047_changes_of_apis.sql");
        for noun in [
            "revision",
            "document",
            "comment",
            "subscription",
            "operation-policy",
        ] {
            let state = state_of(&format!("{noun}.update")).unwrap();
            assert!(state.contains("'api', api_id"), "{noun}: {state}");
            let read = format!("WHEN '{noun}' THEN json_extract(coalesce(after, before), '$.api')");
            assert!(computed.contains(&read), "{noun}");
        }
        // An API is its own subject, and what is kept in its row or is the whole of a table for it.
        for noun in ["api", "client-certificate", "rating", "thumbnail"] {
            assert!(
                computed.contains(&format!("WHEN '{noun}' THEN subject")),
                "{noun}"
            );
        }
    }

    #[test]
    fn long_agents_are_cut_at_a_character() {
        assert_eq!(cut("abc", 5), "abc");
        assert_eq!(cut("aéb", 2), "a");
        assert_eq!(cut("", 2), "");
    }
}
