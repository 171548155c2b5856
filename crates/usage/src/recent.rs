//! The question for single events: "what just happened?".

use model::{ApiId, ApplicationId, OrganizationId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Cause, Event, answer::iso};

/// Body of `POST /internal/recent`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recent {
    /// Whose events.
    pub organization: OrganizationId,
    /// Only of these APIs; `None` for all, an empty list for none.
    #[serde(default)]
    pub apis: Option<Vec<ApiId>>,
    /// Only of these applications; `None` for all, an empty list for none.
    #[serde(default)]
    pub applications: Option<Vec<ApplicationId>>,
    /// Only what came before this moment.
    pub before_ms: Timestamp,
    /// Only answers of 400 and above.
    #[serde(default)]
    pub only_errors: bool,
    /// At most so many.
    pub limit: usize,
}

/// An event as people are told it, with WSO2's names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(
    missing_docs,
    reason = "each field is documented at the field of `Event` that it is made of, and in `api/analytics.yaml`"
)]
pub struct Told {
    pub request_timestamp: String,
    pub correlation_id: String,
    pub environment_id: String,
    pub api_id: Option<String>,
    pub api_name: Option<String>,
    pub api_version: Option<String>,
    pub api_method: String,
    pub api_resource_template: Option<String>,
    pub application_id: Option<String>,
    pub application_name: Option<String>,
    pub application_owner: Option<String>,
    pub subscription_id: Option<String>,
    pub plan: Option<String>,
    pub key_type: Option<String>,
    pub user_name: Option<String>,
    pub user_ip: Option<String>,
    pub user_agent_header: Option<String>,
    pub country: Option<String>,
    pub destination: Option<String>,
    pub proxy_response_code: u16,
    pub target_response_code: Option<u16>,
    pub error_type: Option<String>,
    pub error_code: Option<u32>,
    pub error_message: Option<String>,
    pub limit: Option<String>,
    pub over_limit: Option<String>,
    pub response_latency: u32,
    pub backend_latency: Option<u32>,
    pub wait_latency: u32,
    pub retries: u32,
    pub request_size: Option<u64>,
    pub response_size: Option<u64>,
    pub cache: Option<crate::CacheState>,
    pub region_id: Option<String>,
    pub tls_version: Option<String>,
    pub http_version: Option<String>,
    pub trace_id: Option<String>,
    pub config_version: u64,
}

impl From<Event> for Told {
    fn from(event: Event) -> Self {
        let own = |text: Option<std::borrow::Cow<'static, str>>| text.map(|it| it.into_owned());
        let code = event.fault.as_ref().map(|fault| fault.code);
        let kind = event.error_type();
        let (api, application) = (event.api, event.application);
        Self {
            request_timestamp: iso(event.at),
            correlation_id: event.correlation_id,
            environment_id: event.environment,
            api_name: api.as_ref().map(|it| it.name.clone()),
            api_version: api.as_ref().map(|it| it.version.clone()),
            api_id: api.map(|it| it.id.0),
            api_method: event.method,
            api_resource_template: event.template,
            application_name: application.as_ref().map(|it| it.name.clone()),
            application_owner: application.as_ref().map(|it| it.owner.clone()),
            application_id: application.map(|it| it.id.0),
            subscription_id: event.subscription.map(|it| it.0),
            plan: event.plan,
            key_type: event.key_type.map(|kind| kind.as_str().to_owned()),
            user_name: event.user,
            user_ip: event.user_ip,
            user_agent_header: event.user_agent,
            country: event.country,
            destination: event.destination,
            proxy_response_code: event.status,
            target_response_code: event.upstream_status,
            error_type: kind.map(|kind| kind.as_str().to_owned()),
            error_code: code,
            error_message: code.map(|code| Cause::of(code).as_str().to_owned()),
            limit: own(event.details.limit),
            over_limit: own(event.details.over),
            response_latency: event.total_ms,
            backend_latency: event.upstream_ms,
            wait_latency: event.details.wait_ms,
            retries: event.details.retries,
            request_size: event.request_bytes,
            response_size: event.response_bytes,
            cache: event.details.cache,
            region_id: own(event.details.colo),
            tls_version: own(event.details.tls),
            http_version: own(event.details.http),
            trace_id: own(event.details.trace_id),
            config_version: event.config_version,
        }
    }
}
