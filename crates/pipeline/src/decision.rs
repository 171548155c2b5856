//! What [`crate::admit`] says.

use model::{ApplicationId, ClientId, Hash, Timestamp, VerificationKey};
use problem::Problem;
use throttle::{Admitted, LeaseCall, rate_limit, rate_limit_policy};
use transform::Edits;

use crate::{
    Facts, Request, Trace, cors,
    locate::{Located, Target},
    refusal::Rejection,
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
    },
    /// Blocks of allowances.
    Lease(Box<LeaseCall>),
}

impl Need {
    /// Does its value never change under its name?
    #[must_use]
    pub const fn is_immutable(&self) -> bool {
        matches!(
            self,
            Self::Shard(_) | Self::Deployment(_) | Self::Policies(_)
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
            Self::Policies(hash) => format!("policies/{hash}"),
            Self::Client(client) => format!("client/{client}"),
            Self::ApiKey(digest) => format!("api-key/{digest}"),
            Self::Application(id) => format!("application/{id}"),
            Self::Signature { .. } | Self::Lease(_) => return None,
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
    /// Headers to set on the reply.
    pub reply_headers: Vec<(&'static str, String)>,
    /// What to record when it is over.
    pub trace: Trace,
}

impl Plan {
    pub(crate) fn new(
        request: &Request<'_>,
        located: &Located,
        target: &Target,
        edits: Edits,
        admitted: &Admitted,
        now: Timestamp,
    ) -> Self {
        let mut reply_headers = cors::reply_headers(request, located);
        let standings = admitted.standings();
        if !standings.is_empty() {
            reply_headers.push(("ratelimit-policy", rate_limit_policy(standings, now)));
            reply_headers.push(("ratelimit", rate_limit(standings, now)));
        }
        Self {
            url: routing::url(&target.endpoint, &located.below, request.query()),
            timeout_ms: target.endpoint.timeout_ms,
            edits,
            reply_headers,
            trace: Trace::default(),
        }
    }

    pub(crate) fn with_trace(mut self, trace: Trace) -> Self {
        self.trace = trace;
        self
    }
}

/// An answer of the gateway itself.
#[derive(Debug, Default)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: Vec<(&'static str, String)>,
    /// Body; empty for none.
    pub body: String,
    /// What to record; nothing of a preflight, which is a browser's question and not a call.
    pub trace: Option<Trace>,
}

/// Why the story ends before the upstream.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Something has to be fetched first.
    Missing(Vec<Need>),
    /// Answered here, and rightly so.
    Answered(Answer),
    /// Refused.
    Rejected(Rejection),
}

impl Stop {
    pub(crate) fn missing(need: Need) -> Self {
        Self::Missing(vec![need])
    }
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Rejected(Rejection {
            problem,
            headers: Vec::new(),
        })
    }
}

impl Facts {
    /// The debug header's value: which configuration this isolate ran on.
    #[must_use]
    pub fn version(&self) -> String {
        format!("{}.{}", self.catalog_version(), self.trust_version())
    }
}
