//! How far a request got: what is recorded of it, whatever its outcome. Never a credential, never a body, never the path
//! itself.

use std::{borrow::Cow, rc::Rc};

use model::{ApplicationRecord, Deployment, KeyType, LogLevel, SubscriptionRecord, Timestamp};
use telemetry::TraceContext;
use usage::{CacheState, Details, WrittenEvent};

use crate::{Facts, Request, Settings, Stopped, authenticate::User, cors::origin_of, logged};

/// What is known of a request so far. It holds what the isolate holds, and copies only what is the request's own.
#[derive(Clone, Debug)]
pub struct Trace {
    /// When it came.
    pub at: Timestamp,
    settings: Rc<Settings>,
    /// By which the client calls the request, or else we do.
    pub(crate) correlation_id: String,
    pub(crate) context: TraceContext,
    /// The context as the upstream gets it.
    pub(crate) traceparent: String,
    config_version: u64,
    method: String,
    deployment: Option<Rc<Deployment>>,
    operation: Option<usize>,
    application: Option<Rc<ApplicationRecord>>,
    /// Index of the subscription among the application's.
    subscription: Option<usize>,
    key_type: Option<KeyType>,
    user: Option<User>,
    user_ip: Option<String>,
    user_agent: Option<String>,
    country: Option<String>,
    destination: Option<String>,
    request_bytes: Option<u64>,
    fault: Option<u32>,
    counter_calls: u32,
    details: Details<'static>,
    /// The request's headers, for the log of an API that wants them.
    heard: String,
}

/// What came of a request that was forwarded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The status that the client got.
    pub status: u16,
    /// Code of the failure, when the upstream gave no answer that could be passed on.
    pub fault: Option<u32>,
    /// Milliseconds until the head of the upstream's answer, or until it was given up.
    pub upstream_ms: u32,
    /// Bytes of the answer's body, where known.
    pub response_bytes: Option<u64>,
    /// Attempts beyond the first.
    pub retries: u32,
    /// What the cache did, where there is one.
    pub cache: Option<CacheState>,
    /// The origin that was called in the end, where that is another than was decided.
    pub destination: Option<String>,
    /// Promises of the contract that were not kept, and only reported.
    pub violations: u32,
}

impl Trace {
    pub(crate) fn begin(request: &Request<'_>, facts: &Facts) -> Self {
        let agent = request.header("user-agent").map(beginning);
        let correlation_id = request.correlation().unwrap_or(request.request_id);
        let parent = request.header("traceparent");
        let sampling = facts.settings.sampling;
        let context = TraceContext::begin(parent, request.request_id, sampling);
        Self {
            at: request.at,
            settings: Rc::clone(&facts.settings),
            correlation_id: correlation_id.to_owned(),
            traceparent: context.traceparent(),
            context,
            config_version: facts.catalog_version(),
            method: request.method.to_owned(),
            deployment: None,
            operation: None,
            application: None,
            subscription: None,
            key_type: None,
            user: None,
            user_ip: (!request.client_address.is_empty())
                .then(|| request.client_address.to_owned()),
            user_agent: agent,
            country: (!request.country.is_empty()).then(|| request.country.to_owned()),
            destination: None,
            request_bytes: request.content_length(),
            fault: None,
            counter_calls: 0,
            details: request.header(EDGE).map(edge).unwrap_or_default(),
            heard: String::new(),
        }
    }

    /// One more attempt is made to reach an upstream, after the first.
    pub const fn retried(&mut self) {
        self.details.retries = self.details.retries.saturating_add(1);
    }

    /// What the cache did.
    pub const fn cached(&mut self, state: CacheState) {
        self.details.cache = Some(state);
    }

    /// Is a line of the log told of this call?
    #[must_use]
    pub fn is_logged(&self) -> bool {
        self.log_level() != LogLevel::Off
    }

    /// Is this a call of the same API as that?
    pub(crate) fn is_of_api(&self, other: &Self) -> bool {
        match (&self.deployment, &other.deployment) {
            (Some(one), Some(other)) => one.api.id == other.api.id,
            _ => false,
        }
    }

    pub(crate) fn heard(&self) -> &str {
        &self.heard
    }

    fn log_level(&self) -> LogLevel {
        let deployment = self.deployment.as_ref();
        deployment.map_or(LogLevel::Off, |it| it.conduct.log)
    }

    /// The call is decided, now.
    pub(crate) fn decided(&mut self, request: &Request<'_>, now: Timestamp) {
        if let Some(deployment) = self.deployment.as_deref().filter(|_| self.is_logged()) {
            self.heard = logged::headers(request, deployment);
        }
        self.details.wait_ms = u32::try_from(now.ms_since(self.at).max(0)).unwrap_or(u32::MAX);
    }

    pub(crate) fn api(&mut self, deployment: &Rc<Deployment>) {
        self.deployment = Some(Rc::clone(deployment));
    }

    /// The operation, by its index in the Deployment.
    pub(crate) const fn operation(&mut self, index: usize) {
        self.operation = Some(index);
    }

    pub(crate) fn principal(
        &mut self,
        user: &User,
        application: Option<&Rc<ApplicationRecord>>,
        key_types: &[KeyType],
    ) {
        self.user = Some(user.clone());
        self.key_type = key_types.first().copied();
        self.application = application.cloned();
    }

    pub(crate) fn subscription(&mut self, subscription: &SubscriptionRecord) {
        let all = self.application.as_ref().map(|it| &it.subscriptions);
        self.subscription = all.and_then(|all| all.iter().position(|it| it.id == subscription.id));
    }

    /// `policy` is what the caller is told in `RateLimit-Policy`: `"Gold";q=...`.
    pub(crate) fn refused(&mut self, code: &str, policy: Option<&str>) {
        self.fault = code.parse().ok();
        let limit = policy.and_then(|text| text.split('"').nth(1));
        self.details.limit = limit.map(|name| Cow::Owned(name.to_owned()));
    }

    /// The call became a socket long ago, and a limit ends that now: told apart from the handshake, which has its event.
    #[must_use]
    pub fn stopped(&self, by: &Stopped, now: Timestamp) -> Self {
        let mut trace = self.clone();
        trace.at = now;
        trace.fault = Some(by.code);
        trace.counter_calls = 0;
        trace.request_bytes = None;
        trace.details.wait_ms = 0;
        trace.details.limit = by.policy.as_deref().map(|name| Cow::Owned(name.to_owned()));
        trace
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The Deployment and the operation, once they are known.
    pub(crate) fn called(&self) -> Option<(&Deployment, usize)> {
        self.deployment.as_deref().zip(self.operation)
    }

    pub(crate) fn application(&self) -> Option<&ApplicationRecord> {
        self.application.as_deref()
    }

    pub(crate) fn user(&self) -> Option<&str> {
        self.user.as_ref().map(User::name)
    }

    /// The call may be beyond a limit that does not stop it.
    pub(crate) fn over(&mut self, policy: Option<&str>) {
        self.details.over = policy.map(|name| Cow::Owned(name.to_owned()));
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
    pub fn answered(&self, status: u16, now: Timestamp) -> WrittenEvent<'_> {
        let mut event = self.event(status, now);
        event.fault = self.fault;
        event
    }

    /// The event of a request that was forwarded.
    #[must_use]
    pub fn forwarded<'a>(&'a self, outcome: &'a Outcome, now: Timestamp) -> WrittenEvent<'a> {
        let mut event = self.event(outcome.status, now);
        event.fault = outcome.fault;
        event.upstream_status = outcome.fault.is_none().then_some(outcome.status);
        event.upstream_ms = Some(outcome.upstream_ms);
        event.response_bytes = outcome.response_bytes;
        event.details.retries = event.details.retries.saturating_add(outcome.retries);
        event.details.cache = outcome.cache.or(event.details.cache);
        event.details.violations = outcome.violations;
        event.destination = outcome.destination.as_deref().or(event.destination);
        if outcome.cache == Some(CacheState::Hit) {
            event.upstream_status = None;
            event.upstream_ms = None;
        }
        event
    }

    fn event(&self, status: u16, now: Timestamp) -> WrittenEvent<'_> {
        let deployment = self.deployment.as_deref();
        let application = self.application.as_deref();
        let operation = deployment
            .zip(self.operation)
            .and_then(|(deployment, index)| deployment.operations.get(index));
        WrittenEvent {
            at: self.at,
            correlation_id: &self.correlation_id,
            organization: deployment.map_or(&self.settings.organization, |it| &it.organization),
            environment: &self.settings.environment,
            api: deployment.map(|it| &it.api),
            method: &self.method,
            template: operation.map(|it| it.template.as_str()),
            application,
            subscription: application
                .zip(self.subscription)
                .and_then(|(application, index)| application.subscriptions.get(index)),
            key_type: self.key_type,
            user: self.user.as_ref().map(User::name),
            user_ip: self.user_ip.as_deref(),
            user_agent: self.user_agent.as_deref(),
            country: self.country.as_deref(),
            destination: self.destination.as_deref(),
            status,
            upstream_status: None,
            fault: None,
            total_ms: u32::try_from(now.ms_since(self.at).max(0)).unwrap_or(u32::MAX),
            upstream_ms: None,
            request_bytes: self.request_bytes,
            response_bytes: None,
            counter_calls: self.counter_calls,
            config_version: self.config_version,
            details: Details {
                trace_id: self.traceparent.get(3..35).map(Cow::Borrowed),
                ..self.details.lent()
            },
        }
    }
}

/// `FRA TLSv1.3 HTTP/2`, each of them `-` when unknown.
fn edge(line: &str) -> Details<'static> {
    let mut words = line
        .split(' ')
        .map(|word| (word != "-" && !word.is_empty()).then(|| Cow::Owned(word.to_owned())));
    let mut next = || words.next().flatten();
    Details {
        colo: next(),
        tls: next(),
        http: next(),
        ..Details::default()
    }
}

fn beginning(agent: &str) -> String {
    if agent.len() <= USER_AGENT_CHARS {
        return agent.to_owned();
    }
    let cut = agent.char_indices().nth(USER_AGENT_CHARS);
    let kept = cut.and_then(|(at, _)| agent.get(..at));
    kept.unwrap_or(agent).to_owned()
}

/// What the platform tells of the place and the connection; a name that no client can send.
const EDGE: &str = ":edge";
/// Enough to tell the program; longer ones are somebody's experiment.
const USER_AGENT_CHARS: usize = 200;
