//! Where calls go: the upstream's addresses, how one of several is chosen, what is done when one fails, and how the
//! gateway signs in to it.

use serde::{Deserialize, Serialize};

use crate::{ApiId, Limit};

/// Where calls go, by the kind of key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoints {
    /// For production keys; `None` refuses them (403 / 900901).
    pub production: Option<Endpoint>,
    /// For sandbox keys; `None` refuses them.
    pub sandbox: Option<Endpoint>,
}

/// The upstream of another API, for a run of operations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upstream {
    /// Whose it is; what it can take is counted there, together with that API's own calls.
    pub api: ApiId,
    /// Place of the first operation that is not among them; they begin where those of the one before end.
    pub until: usize,
    /// Where calls go.
    pub endpoints: Endpoints,
}

/// Where calls with one kind of key go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// Absolute URL without query, fragment or trailing slash; the first member's, where there are several.
    pub url: String,
    /// Deadline for the reply's head, in milliseconds; 1 to 300,000.
    pub timeout_ms: u32,
    /// What the upstream can take from all callers together (WSO2 `maxTps`); beyond it calls are answered 503 / 900801.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<Limit>,
    /// What is done when it fails; a pool's members have their own.
    #[serde(default, skip_serializing_if = "Care::is_none")]
    pub care: Care,
    /// Several addresses; `None` for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pool: Option<Box<Pool>>,
    /// How the gateway signs in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<Box<Login>>,
}

/// Several addresses that give the same answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pool {
    /// How one is chosen.
    pub choice: Choice,
    /// A call that failed at one and may be repeated is sent to the next.
    pub moves_on: bool,
    /// Two to 32.
    pub members: Vec<Member>,
}

/// How one of several addresses is chosen, among those that are not suspended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// The first that works: failover.
    Order,
    /// In turns, by weight.
    Turns,
    /// Always the same for a client's address.
    Address,
    /// Always the same for a browser, by a cookie of the gateway's.
    Cookie {
        /// Seconds that the cookie lives; 0 for as long as the browser runs.
        seconds: u32,
    },
}

/// One address of a pool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// As [`Endpoint::url`].
    pub url: String,
    /// As [`Endpoint::timeout_ms`].
    pub timeout_ms: u32,
    /// Its share of calls, 1 to 100, relative to the others'.
    pub weight: u32,
    /// What is done when it fails.
    #[serde(default, skip_serializing_if = "Care::is_none")]
    pub care: Care,
}

/// What is done when an address fails.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Care {
    /// It is left out for a while.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspension: Option<Suspension>,
    /// It is asked again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry: Option<Retry>,
}

/// For how long an address that failed is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    /// Failures that count; empty for all that give no reply. See [`Retry::codes`].
    pub codes: Vec<u32>,
    /// The first time, in milliseconds.
    pub first_ms: u32,
    /// What each next time in a row is multiplied by, in percent; at least 100.
    pub factor_percent: u32,
    /// At most, in milliseconds.
    pub longest_ms: u32,
}

/// How often a call that may be repeated is sent to the same address again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retry {
    /// WSO2's codes of failures (101503, ...) or HTTP statuses; empty for all failures that give no reply.
    pub codes: Vec<u32>,
    /// At most so often; that many failures also come before the address is suspended.
    pub times: u32,
    /// Pause before the first, in milliseconds; doubled before each next.
    pub delay_ms: u32,
}

/// How the gateway signs in to the upstream. Secrets are named, not held: the Key Manager keeps them sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Login {
    /// HTTP Basic.
    Basic {
        /// Name of the user.
        username: String,
        /// Name of the password.
        password: String,
    },
    /// A key in a header or in the query.
    ApiKey {
        /// Name of the header (lower-case) or parameter.
        name: String,
        /// In the query rather than in a header.
        in_query: bool,
        /// Name of the key.
        value: String,
    },
    /// A token of OAuth 2, got by the gateway for itself and kept while it is good.
    OAuth(OAuth),
    /// Signature Version 4 of AWS.
    Aws {
        /// Id of the access key.
        access_key: String,
        /// Name of the secret access key.
        secret_key: String,
        /// For example `eu-central-1`.
        region: String,
        /// For example `execute-api`.
        service: String,
    },
}

/// How the gateway gets a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OAuth {
    /// Absolute URL of the token endpoint.
    pub token_url: String,
    /// Client id.
    pub client_id: String,
    /// Name of the client secret.
    pub client_secret: String,
    /// User name and the name of the password, for the grant `password`; else `client_credentials`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<(String, String)>,
    /// More parameters of the token request, `scope` among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<(String, String)>,
}

impl Care {
    /// Nothing is done.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        self.suspension.is_none() && self.retry.is_none()
    }
}

impl Login {
    /// Names of its secrets.
    #[must_use]
    pub fn secrets(&self) -> Vec<&str> {
        match self {
            Self::Basic { password, .. } => vec![password],
            Self::ApiKey { value, .. } => vec![value],
            Self::Aws { secret_key, .. } => vec![secret_key],
            Self::OAuth(oauth) => {
                let password = oauth.user.as_ref().map(|(_, password)| password.as_str());
                std::iter::once(oauth.client_secret.as_str())
                    .chain(password)
                    .collect()
            }
        }
    }
}
