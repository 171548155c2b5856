//! What an API has when its publisher says nothing (the peer's defaults), and what of an API is kept.

use serde_json::{Map, Value, json};

use crate::{
    Draft, bundle,
    draft::{ApiScope, CorsConfiguration, Operation, Scope},
    operation,
};

impl Draft {
    /// The draft with every default filled in.
    #[must_use]
    pub fn with_defaults(mut self) -> Self {
        let words = |list: &[&str]| {
            list.iter()
                .map(|word| (*word).to_owned())
                .collect::<Vec<_>>()
        };
        fill(&mut self.kind, "HTTP");
        fill(&mut self.visibility, "PUBLIC");
        fill(&mut self.access_control, "NONE");
        fill(&mut self.subscription_availability, "CURRENT_TENANT");
        fill(&mut self.authorization_header, "Authorization");
        fill(&mut self.api_key_header, "ApiKey");
        fill(&mut self.endpoint_implementation_type, "ENDPOINT");
        fill(&mut self.gateway_vendor, "wso2");
        fill(&mut self.gateway_type, "wso2/synapse");
        self.display_name = self.display_name.or_else(|| self.name.clone());
        self.description.get_or_insert_default();
        self.transport
            .get_or_insert_with(|| words(&["http", "https"]));
        self.policies.get_or_insert_with(|| words(&["Unlimited"]));
        self.security_scheme
            .get_or_insert_with(|| words(&["oauth2", "oauth_basic_auth_api_key_mandatory"]));
        self.tags.get_or_insert_default();
        self.categories.get_or_insert_default();
        self.visible_roles.get_or_insert_default();
        self.scopes.get_or_insert_default();
        self.additional_properties.get_or_insert_default();
        self.is_default_version.get_or_insert(false);
        self.enable_schema_validation.get_or_insert(false);
        self.response_caching_enabled.get_or_insert(false);
        self.cache_timeout.get_or_insert(CACHE_SECONDS);
        self.cors_configuration.get_or_insert_with(cors);
        self.key_managers.get_or_insert_with(|| json!(["all"]));
        if !self.parts.is_empty() {
            self.operations = Some(bundle::operations(&self.parts));
        }
        let operations = self
            .operations
            .take()
            .filter(|operations| !operations.is_empty());
        self.operations = Some(
            operations
                .unwrap_or_else(operation::everything)
                .into_iter()
                .map(operation_with_defaults)
                .collect(),
        );
        if self
            .context
            .as_deref()
            .is_some_and(|context| !context.starts_with('/'))
        {
            self.context = self.context.map(|context| format!("/{context}"));
        }
        self
    }

    /// What is kept: without what the platform says about the API, and without `null`s.
    #[must_use]
    pub fn kept(mut self) -> Value {
        self.id = None;
        self.life_cycle_status = None;
        self.is_revision = None;
        self.revisioned_api_id = None;
        self.revision_id = None;
        self.has_thumbnail = None;
        self.workflow_status = None;
        self.created_time = None;
        self.last_updated_time = None;
        self.last_updated_timestamp = None;
        self.initiated_from_gateway = None;
        self.provider = None;
        let parts = std::mem::take(&mut self.parts);
        let mut kept = serde_json::to_value(self).unwrap_or(Value::Null);
        if let Value::Object(members) = &mut kept
            && !parts.is_empty()
        {
            members.insert(PARTS.to_owned(), json!(parts));
        }
        without_nulls(kept)
    }

    /// Reads what [`Draft::kept`] wrote.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn stored(text: &str) -> Result<Self, serde_json::Error> {
        let mut whole: Map<String, Value> = serde_json::from_str(text)?;
        let parts = whole.remove(PARTS);
        let draft: Self = serde_json::from_value(Value::Object(whole))?;
        Ok(Self {
            parts: parts
                .map(serde_json::from_value)
                .transpose()?
                .unwrap_or_default(),
            ..draft
        })
    }

    /// The few properties that lists show and search: kept beside the whole, so that a list reads no whole.
    #[must_use]
    pub fn card(&self) -> Value {
        let advertised = self
            .advertise_info
            .as_ref()
            .and_then(|advertise| advertise.get("advertised"));
        let monetized = self
            .monetization
            .as_ref()
            .and_then(|given| given.get("enabled"));
        without_nulls(json!({
            "displayName": self.display_name,
            "policies": self.policies,
            "securityScheme": self.security_scheme,
            "businessInformation": self.business_information,
            "additionalProperties": self.additional_properties,
            "audiences": self.audiences,
            "gatewayType": self.gateway_type,
            "gatewayVendor": self.gateway_vendor,
            "visibleRoles": self.visible_roles,
            "categories": self.categories,
            "advertised": advertised,
            "monetized": monetized,
            "sharedScopes": self.shared_scopes(),
        }))
    }

    /// The names of scopes that belong to the organization; none when there are none.
    fn shared_scopes(&self) -> Option<Vec<&str>> {
        let names: Vec<&str> = self
            .scopes
            .iter()
            .flatten()
            .filter(|scope| scope.shared == Some(true))
            .map(|scope| scope.scope.name.as_str())
            .collect();
        (!names.is_empty()).then_some(names)
    }

    /// Adds scopes that are not there yet.
    pub fn add_scopes(&mut self, scopes: impl IntoIterator<Item = Scope>) {
        let known = self.scopes.get_or_insert_default();
        for scope in scopes {
            if !known.iter().any(|other| other.scope.name == scope.name) {
                known.push(ApiScope {
                    scope,
                    shared: Some(false),
                });
            }
        }
    }
}

/// Takes `null`s out of objects, at any depth.
#[must_use]
pub fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .filter(|(_, member)| !member.is_null())
                .map(|(name, member)| (name, without_nulls(member)))
                .collect::<Map<_, _>>(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(without_nulls).collect()),
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => other,
    }
}

fn operation_with_defaults(mut operation: Operation) -> Operation {
    operation.verb = operation.verb.map(|verb| verb.to_ascii_uppercase());
    fill(&mut operation.auth_type, "Application & Application User");
    fill(&mut operation.throttling_policy, "Unlimited");
    operation.scopes.get_or_insert_default();
    operation
}

fn fill(field: &mut Option<String>, default: &str) {
    if field.as_deref().is_none_or(str::is_empty) {
        *field = Some(default.to_owned());
    }
}

fn cors() -> CorsConfiguration {
    let words = |list: &[&str]| Some(list.iter().map(|word| (*word).to_owned()).collect());
    CorsConfiguration {
        cors_configuration_enabled: Some(false),
        access_control_allow_origins: words(&["*"]),
        access_control_allow_credentials: Some(false),
        access_control_allow_headers: words(crate::compile::cors::CORS_HEADERS),
        access_control_allow_methods: words(crate::compile::cors::CORS_METHODS),
    }
}

/// The member of a product's text that no client sees.
const PARTS: &str = "parts";
/// The peer's default time to keep a response.
const CACHE_SECONDS: i64 = 300;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_can_be_sent_back() {
        let draft = Draft {
            name: Some("a".into()),
            ..Draft::default()
        }
        .with_defaults();
        let kept = draft.clone().kept();
        let again: Draft = crate::door::parse(&kept.to_string()).unwrap();
        assert_eq!(again.kept(), kept);
        assert_eq!(draft.operations.unwrap().len(), 5);
    }

    #[test]
    fn what_the_platform_says_is_not_kept() {
        let draft = Draft {
            id: Some("x".into()),
            life_cycle_status: Some("PUBLISHED".into()),
            ..Draft::default()
        };
        assert_eq!(draft.kept(), json!({}));
    }

    #[test]
    fn an_empty_list_of_plans_stays_empty() {
        let draft = Draft {
            policies: Some(vec![]),
            ..Draft::default()
        }
        .with_defaults();
        assert_eq!(draft.policies, Some(vec![]));
    }
}
