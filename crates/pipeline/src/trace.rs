//! How far a request got: what is recorded of it, whatever its outcome. Never a credential, never a body, never the path
//! itself.

use std::rc::Rc;

use model::{
    ApplicationRecord, Deployment, KeyType, Operation, OrganizationId, SubscriptionRecord,
    Timestamp,
};
use usage::{ApiRef, ApplicationRef, Event, Fault};

use crate::{Facts, Request, cors::origin_of};

/// What is known of a request so far.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// When it came.
    pub at: Timestamp,
    request_id: String,
    organization: OrganizationId,
    environment: String,
    config_version: u64,
    method: String,
    deployment: Option<Rc<Deployment>>,
    template: Option<String>,
    application: Option<ApplicationRef>,
    subscription: Option<(model::SubscriptionId, String)>,
    key_type: Option<KeyType>,
    user: Option<String>,
    user_agent: Option<String>,
    country: Option<String>,
    destination: Option<String>,
    request_bytes: Option<u64>,
    fault: Option<u32>,
    counter_calls: u32,
}

/// What came of a request that was forwarded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The status that the client got.
    pub status: u16,
    /// Code of the failure, when the upstream gave no answer that could be passed on.
    pub fault: Option<u32>,
    /// Milliseconds until the head of the upstream's answer, or until it was given up.
    pub upstream_ms: u32,
    /// Bytes of the answer's body, where known.
    pub response_bytes: Option<u64>,
}

impl Trace {
    pub(crate) fn begin(request: &Request<'_>, facts: &Facts) -> Self {
        let agent = request
            .header("user-agent")
            .map(|it| it.chars().take(USER_AGENT_CHARS).collect());
        Self {
            at: request.at,
            request_id: request.request_id.clone(),
            organization: facts.settings.organization.clone(),
            environment: facts.settings.environment.clone(),
            config_version: facts.catalog_version(),
            method: request.method.to_owned(),
            user_agent: agent,
            country: (!request.country.is_empty()).then(|| request.country.to_owned()),
            request_bytes: request.content_length(),
            ..Self::default()
        }
    }

    pub(crate) fn api(&mut self, deployment: &Rc<Deployment>) {
        self.organization = deployment.organization.clone();
        self.deployment = Some(Rc::clone(deployment));
    }

    pub(crate) fn operation(&mut self, operation: &Operation) {
        self.template = Some(operation.template.clone());
    }

    pub(crate) fn principal(
        &mut self,
        user: &str,
        application: Option<&ApplicationRecord>,
        key_types: &[KeyType],
    ) {
        self.user = Some(user.to_owned());
        self.key_type = key_types.first().copied();
        self.application = application.map(|it| ApplicationRef {
            id: it.id.clone(),
            name: it.name.clone(),
            owner: it.owner.clone(),
        });
    }

    pub(crate) fn subscription(&mut self, subscription: &SubscriptionRecord) {
        self.subscription = Some((subscription.id.clone(), subscription.plan.clone()));
    }

    pub(crate) fn refused(&mut self, code: &str) {
        self.fault = code.parse().ok();
    }

    /// The calls to counters' owners since the last event. With calls under way side by side one's may be told by
    /// another; the sum is right.
    pub(crate) fn counter_calls(&mut self, facts: &mut Facts) {
        self.counter_calls = facts.book.take_calls();
    }

    /// The upstream's origin, without path or query.
    pub(crate) fn destination(&mut self, url: &str) {
        self.destination = Some(origin_of(url).to_owned());
    }

    /// Cross-origin headers of a refusal, so that a script can read it.
    pub(crate) fn cors(&self, request: &Request<'_>) -> Vec<(&'static str, String)> {
        let cors = self
            .deployment
            .as_ref()
            .and_then(|deployment| deployment.cors.as_ref());
        cors.map(|cors| crate::cors::origin_headers(request, cors))
            .unwrap_or_default()
    }

    /// The event of a request that the gateway answered itself.
    #[must_use]
    pub fn answered(self, status: u16, now: Timestamp) -> Event {
        let fault = self.fault;
        self.event(status, fault, now)
    }

    /// The event of a request that was forwarded.
    #[must_use]
    pub fn forwarded(self, outcome: &Outcome, now: Timestamp) -> Event {
        let mut event = self.event(outcome.status, outcome.fault, now);
        event.upstream_status = outcome.fault.is_none().then_some(outcome.status);
        event.upstream_ms = Some(outcome.upstream_ms);
        event.response_bytes = outcome.response_bytes;
        event
    }

    fn event(self, status: u16, fault: Option<u32>, now: Timestamp) -> Event {
        let (subscription, plan) = self.subscription.unzip();
        Event {
            at: self.at,
            correlation_id: self.request_id,
            organization: self.organization,
            environment: self.environment,
            api: self.deployment.as_deref().map(api_ref),
            method: self.method,
            template: self.template,
            application: self.application,
            subscription,
            plan,
            key_type: self.key_type,
            user: self.user,
            user_ip: None,
            user_agent: self.user_agent,
            country: self.country,
            destination: self.destination,
            status,
            upstream_status: None,
            fault: fault.map(|code| Fault { code }),
            total_ms: u32::try_from(now.ms_since(self.at).max(0)).unwrap_or(u32::MAX),
            upstream_ms: None,
            request_bytes: self.request_bytes,
            response_bytes: None,
            cache_hit: false,
            counter_calls: self.counter_calls,
            config_version: self.config_version,
        }
    }
}

fn api_ref(deployment: &Deployment) -> ApiRef {
    let api = &deployment.api;
    ApiRef {
        id: api.id.clone(),
        name: api.name.clone(),
        version: api.version.clone(),
        context: api.context.clone(),
        creator: api.provider.clone(),
        kind: api.kind.clone(),
    }
}

/// Enough to tell the program; longer ones are somebody's experiment.
const USER_AGENT_CHARS: usize = 200;
