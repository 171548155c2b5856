//! Who calls. The keys Worker says; what comes from a browser by cookie has to show that it comes from our own pages.

use runtime::{Failure, Outcome, call};
use serde::{Deserialize, Deserializer};
use worker::{Headers, Method, Request, RequestInit, Response};

use crate::call::Call;

/// A caller that the keys Worker knows.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Principal {
    /// Empty for a client that acts for itself.
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) username: String,
    pub(crate) organization: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) roles: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) scopes: Vec<String>,
}

/// `null` is nothing.
fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(
    given: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(given)?.unwrap_or_default())
}

impl Principal {
    /// Whether the caller holds any one of `scopes`.
    pub(crate) fn has_any(&self, scopes: &[&str]) -> bool {
        self.scopes
            .iter()
            .any(|held| scopes.contains(&held.as_str()))
    }
}

/// The answer to "who is this?".
pub(crate) enum Identity {
    Known(Principal),
    /// Nobody, or a credential that is no longer good; the answer to pass on.
    Unknown(Response),
}

/// Asks the keys Worker.
pub(crate) async fn identify(call: &Call) -> Outcome<Identity> {
    let headers = Headers::new();
    for name in PASSED_ON {
        if let Some(value) = call.header(name)? {
            headers.set(name, &value)?;
        }
    }
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_headers(headers);
    let response = call::send(&call.env, "KEYS", "/internal/authenticate", init).await?;
    match response.status_code() {
        200 => Ok(Identity::Known(call::expect_json(response).await?)),
        400..=499 => Ok(Identity::Unknown(response)),
        503 => Err(Failure::code("503")),
        status => Err(Failure::Internal(format!("authenticate answered {status}"))),
    }
}

/// Whether the request carries something that says who calls.
pub(crate) fn has_credential(call: &Call) -> Outcome<bool> {
    Ok(call.header("authorization")?.is_some()
        || call
            .header("cookie")?
            .is_some_and(|cookies| cookies.contains(SESSION_COOKIE)))
}

/// A browser sends its cookie whoever wrote the page. A change by cookie is taken only from our own pages: they send a
/// header that a foreign page cannot, and the browser names their origin.
pub(crate) fn require_same_origin(request: &Request, origin: &str) -> Outcome<()> {
    let headers = request.headers();
    if headers.get("authorization")?.is_some()
        || matches!(request.method(), Method::Get | Method::Head)
    {
        return Ok(());
    }
    let foreign =
        |name: &str| Failure::because("403", format!("a change by session cookie needs `{name}`"));
    if headers.get("x-postern-csrf")?.as_deref() != Some("1") {
        return Err(foreign("X-Postern-CSRF: 1"));
    }
    if let Some(site) = headers.get("sec-fetch-site")?
        && site != "same-origin"
    {
        return Err(foreign("Sec-Fetch-Site: same-origin"));
    }
    if let Some(from) = headers.get("origin")?
        && from != origin
        && from != request.url()?.origin().ascii_serialization()
    {
        return Err(foreign("Origin of this site"));
    }
    Ok(())
}

const SESSION_COOKIE: &str = "__Host-postern-session=";

/// What the keys Worker judges by.
const PASSED_ON: &[&str] = &[
    "authorization",
    "cookie",
    "origin",
    "sec-fetch-site",
    "x-postern-csrf",
    "cf-connecting-ip",
    "user-agent",
];
