//! What [`crate::admit`] says.

use credential::ReferenceToken;
use model::{ApplicationId, ClientId, Fields, Hash, Timestamp, VerificationKey};
use problem::Problem;
use throttle::{Charge, LeaseCall, SlotCall, Taken, Turn, rate_limit, rate_limit_policy};
use transform::{CORRELATION, Edits};

use crate::{
    Course, Facts, Introduction, Login, Request, Trace,
    charges::{Call, Passed, QueryLimits},
    cors,
    endpoint::Pass,
    notice,
    refusal::Rejection,
    socket,
};

/// The answer of the core.
#[derive(Debug)]
pub enum Decision {
    /// Send it upstream.
    Forward(Box<Plan>),
    /// Answer it here.
    Answer(Box<Answer>),
    /// Fetch these, put them in, ask again.
    Missing(Vec<Need>),
}

/// One thing that the isolate does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Need {
    /// The catalogue's pointer.
    Catalog,
    /// The issuer's keys and revocations.
    Trust,
    /// A shard of the catalogue.
    Shard(Hash),
    /// A compiled API.
    Deployment(Hash),
    /// What an API's definition promises, compiled.
    Contract(Hash),
    /// The throttle policies.
    Policies(Hash),
    /// The application of an OAuth client.
    Client(ClientId),
    /// The application of an API key, by the key's digest.
    ApiKey(String),
    /// An application with its subscriptions.
    Application(ApplicationId),
    /// Whether this token's signature is by this key.
    Signature {
        /// The whole token.
        token: String,
        /// The one key that may have signed it.
        key: Box<VerificationKey>,
        /// The external key manager by whose rules it is read; none of ours.
        key_manager: Option<String>,
    },
    /// The trust value with the newest keys of this external key manager, from whoever writes it.
    IssuerKeys(String),
    /// A secret by which the gateway signs in to an upstream, opened by the Key Manager.
    Secret(String),
    /// Who calls, signed by the Key Manager for an upstream.
    Introduction(Box<Introduction>),
    /// What an opaque token stands for: its claims, from the Key Manager.
    Reference(ReferenceToken),
    /// Whose a name and a password are, from the Key Manager.
    Login(Box<Login>),
    /// Blocks of allowances.
    Lease(Box<LeaseCall>),
    /// Blocks that another call has asked for: the shell waits until `LeaseBook::is_awaited` says no more.
    Turn(Box<Turn>),
    /// Slots for calls that are under way at the same time.
    Slots(Box<SlotCall>),
}

impl Need {
    /// Does its value never change under its name?
    #[must_use]
    pub const fn is_immutable(&self) -> bool {
        matches!(
            self,
            Self::Shard(_) | Self::Deployment(_) | Self::Contract(_) | Self::Policies(_)
        )
    }

    /// Is it a value of KV?
    pub(crate) const fn is_of_kv(&self) -> bool {
        !matches!(
            self,
            Self::Signature { .. }
                | Self::IssuerKeys(_)
                | Self::Reference(_)
                | Self::Secret(_)
                | Self::Introduction(_)
                | Self::Login(_)
                | Self::Lease(_)
                | Self::Turn(_)
                | Self::Slots(_)
        )
    }

    /// The KV key that has it; `None` for what is not in KV.
    #[must_use]
    pub fn kv_key(&self, environment: &str) -> Option<String> {
        Some(match self {
            Self::Catalog => format!("catalog/{environment}"),
            Self::Trust => "trust".to_owned(),
            Self::Shard(hash) => format!("shard/{hash}"),
            Self::Deployment(hash) => format!("deployment/{hash}"),
            Self::Contract(hash) => format!("contract/{hash}"),
            Self::Policies(hash) => format!("policies/{hash}"),
            Self::Client(client) => format!("client/{client}"),
            Self::ApiKey(digest) => format!("api-key/{digest}"),
            Self::Application(id) => format!("application/{id}"),
            Self::Signature { .. }
            | Self::IssuerKeys(_)
            | Self::Reference(_)
            | Self::Secret(_)
            | Self::Introduction(_)
            | Self::Login(_)
            | Self::Lease(_)
            | Self::Turn(_)
            | Self::Slots(_) => {
                return None;
            }
        })
    }
}

/// A request that may go upstream, and how. Only [`crate::admit`] makes one, from the proof that throttling gives.
#[derive(Debug)]
pub struct Plan {
    /// The upstream's URL.
    pub url: String,
    /// Deadline for the head of the reply, in milliseconds.
    pub timeout_ms: u32,
    /// Headers to drop and to set.
    pub edits: Edits,
    /// A header by which the gateway signs in upstream.
    pub pass: Option<(String, String)>,
    /// Headers to set on the reply.
    pub reply_headers: Vec<(&'static str, String)>,
    /// Limits of bytes, whose use is known when the call is over: the book settles it. Of an API of sockets those of
    /// events too, which [`crate::frame`] counts.
    pub metered: Vec<Charge>,
    /// The call's place among those that may be under way, to be given back when it is over.
    pub slot: Option<Taken>,
    /// What is still to be done beside the upstream's work, or only should the upstream fail
    /// ([`Course::is_in_reserve`]); `None` for most calls, which are passed through.
    pub course: Option<Box<Course>>,
    /// What to record when it is over.
    pub trace: Trace,
}

/// All of a plan but its trace, which is still being written while the stages run.
#[derive(Debug)]
pub(crate) struct Outbound {
    url: String,
    timeout_ms: u32,
    pub(crate) edits: Edits,
    pub(crate) pass: Option<(String, String)>,
    pub(crate) reply_headers: Vec<(&'static str, String)>,
    metered: Vec<Charge>,
    slot: Option<Taken>,
    pub(crate) query: Option<QueryLimits>,
    course: Option<Box<Course>>,
}

impl Outbound {
    pub(crate) fn new(
        call: &Call<'_>,
        edits: Edits,
        passed: Passed,
        facts: &mut Facts,
        now: Timestamp,
    ) -> Self {
        let Call {
            request,
            located,
            target,
            ..
        } = call;
        let mut reply_headers = cors::reply_headers(request, located);
        if let Some(cookie) = &target.cookie {
            reply_headers.push(("set-cookie", cookie.clone()));
        }
        let standings = passed.admitted.standings();
        if !standings.is_empty() {
            reply_headers.push(("ratelimit-policy", rate_limit_policy(standings, now)));
            reply_headers.push(("ratelimit", rate_limit(standings, now)));
        }
        reply_headers.extend(notice::headers(&located.deployment.conduct));
        let mut outbound = Self {
            url: routing::url(
                target.chosen.url,
                &located.below,
                &socket::query(request, located),
            ),
            timeout_ms: target.chosen.timeout_ms,
            pass: None,
            edits,
            reply_headers,
            metered: passed.metered,
            slot: passed.slot,
            query: passed.query,
            course: None,
        };
        match &target.pass {
            Some(Pass::Header(name, value)) => {
                outbound.pass = Some((name.clone(), value.clone()));
            }
            Some(Pass::Query(pair)) => {
                outbound
                    .url
                    .push(if outbound.url.contains('?') { '&' } else { '?' });
                outbound.url.push_str(pair);
            }
            None => {}
        }
        socket::keep(request, located, &mut outbound.edits);
        outbound.course = Course::of(call, &mut outbound, facts, now);
        outbound
    }

    pub(crate) fn traced(self, trace: Trace) -> Plan {
        Plan {
            url: self.url,
            timeout_ms: self.timeout_ms,
            edits: self.edits,
            pass: self.pass,
            reply_headers: self.reply_headers,
            metered: self.metered,
            slot: self.slot,
            course: self.course,
            trace,
        }
    }
}

/// An answer of the gateway itself.
#[derive(Debug, Default)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: Vec<(&'static str, String)>,
    /// Further headers: all of them where a fault flow has told the answer.
    pub more: Fields,
    /// Body; empty for none.
    pub body: String,
    /// Lines for the log.
    pub notes: Vec<String>,
    /// What to record; nothing of a preflight, which is a browser's question and not a call.
    pub trace: Option<Trace>,
}

/// Why the story ends before the upstream.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Something has to be fetched first.
    Missing(Vec<Need>),
    /// Answered here, and rightly so.
    Answered(Box<Answer>),
    /// Refused.
    Rejected(Box<Rejection>),
}

impl Stop {
    pub(crate) fn missing(need: Need) -> Self {
        Self::Missing(vec![need])
    }
}

impl From<Rejection> for Stop {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(Box::new(rejection))
    }
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Rejection {
            problem,
            headers: Vec::new(),
        }
        .into()
    }
}

impl Plan {
    /// Names the request as its client does, and the configuration that the decision rests on, when the client asks.
    pub(crate) fn tagged(mut self, request: &Request<'_>, facts: &Facts) -> Self {
        let told = correlation(request).into_iter().chain(tag(request, facts));
        let from = self.reply_headers.len();
        self.reply_headers.extend(told);
        if let Some(course) = &mut self.course {
            let told = self.reply_headers.get(from..).unwrap_or_default();
            course.tell(told.iter().cloned());
        }
        self
    }
}

impl Answer {
    /// As [`Plan::tagged`].
    pub(crate) fn tagged(mut self, request: &Request<'_>, facts: &Facts) -> Self {
        self.headers.extend(correlation(request));
        self.headers.extend(tag(request, facts));
        self
    }
}

/// A client that names its requests finds the name on the reply.
fn correlation(request: &Request<'_>) -> Option<(&'static str, String)> {
    let name = request.correlation()?;
    Some((CORRELATION, name.to_owned()))
}

/// Which configuration this isolate ran on: `<catalogue version>.<trust version>`, for a request that has a header
/// `x-postern-debug`; and what of it could not be brought up to date. Harmless to anybody.
fn tag(request: &Request<'_>, facts: &Facts) -> Vec<(&'static str, String)> {
    if request.header("x-postern-debug").is_none() {
        return Vec::new();
    }
    let version = format!("{}.{}", facts.catalog_version(), facts.trust_version());
    let mut tags = vec![("x-postern-config", version)];
    let kept = facts.kept();
    tags.extend(kept.map(|what| ("x-postern-degraded", what.to_owned())));
    tags
}
