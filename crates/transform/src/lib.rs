//! How a call looks upstream: which headers are dropped, and which are added.
//!
//! No credential reaches the upstream, nor does what belongs to one connection only, nor a header by which somebody else
//! could pass for us. Names are compared with `_` and `.` read as `-`, because upstreams often do.

#![warn(missing_docs)]

mod plain;
pub mod policies;
mod redact;

pub use plain::{Change, ReplyEdit, is_plain};
pub use redact::redacted;

/// What to do to the headers of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edits {
    /// Names to remove, as the client wrote them.
    pub drop: Vec<String>,
    /// Names and values to set.
    pub set: Vec<(&'static str, String)>,
    /// Names and values that policies set, after those.
    pub more: Vec<(String, String)>,
    /// What policies do to the headers of the reply, in order.
    pub reply: Vec<ReplyEdit>,
}

/// What the edits depend on.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The API's authorization header, lower-case.
    pub authorization_header: &'a str,
    /// The API's key header, lower-case.
    pub api_key_header: &'a str,
    /// Address of the client.
    pub client_address: &'a str,
    /// `http` or `https`, as the client called.
    pub scheme: &'a str,
    /// The host that the client called.
    pub host: &'a str,
    /// Id of the request, for logs on both sides.
    pub request_id: &'a str,
    /// By which the client calls the request, if it does: what it says by that header in a bad form is no name.
    pub correlation_id: Option<&'a str>,
    /// The call's place in its trace.
    pub traceparent: &'a str,
    /// The trace came along with the call; otherwise what came along beside it belongs to no trace.
    pub is_trace_continued: bool,
    /// How often this call has been through a gateway, this time included.
    pub hops: u32,
}

/// The edits for a request with these headers (names lower-case).
#[must_use]
pub fn edits<'h>(
    headers: impl Iterator<Item = (&'h str, &'h str)> + Clone,
    context: &Context<'_>,
) -> Edits {
    let connection = headers
        .clone()
        .find(|(name, _)| *name == "connection")
        .map(|(_, value)| value);
    let is_upgrade = headers
        .clone()
        .any(|(name, value)| name == "upgrade" && value.eq_ignore_ascii_case("websocket"));
    let mut edits = Edits {
        drop: Vec::new(),
        set: Vec::with_capacity(MOST_SET),
        ..Edits::default()
    };
    for (name, value) in headers {
        if name == "cookie" {
            if let Some(kept) = without_session(value) {
                edits.cookie(name, kept);
            }
        } else if is_dropped(name, connection, is_upgrade, context)
            || name == "tracestate" && !context.is_trace_continued
            || name == CORRELATION && context.correlation_id.is_none()
        {
            edits.drop.push(name.to_owned());
        }
    }
    edits
        .set
        .push(("x-forwarded-for", context.client_address.to_owned()));
    edits
        .set
        .push(("x-forwarded-proto", context.scheme.to_owned()));
    edits
        .set
        .push(("x-forwarded-host", context.host.to_owned()));
    edits
        .set
        .push(("x-request-id", context.request_id.to_owned()));
    if let Some(name) = context.correlation_id {
        edits.set.push((CORRELATION, name.to_owned()));
    }
    edits
        .set
        .push(("traceparent", context.traceparent.to_owned()));
    edits.set.push((HOPS, context.hops.to_string()));
    edits
}

impl Edits {
    /// Tells the upstream who calls.
    pub fn introduce(&mut self, token: Option<&str>) {
        if let Some(token) = token {
            self.more.push((INTRODUCTION.to_owned(), token.to_owned()));
        }
    }

    fn cookie(&mut self, name: &str, kept: String) {
        if kept.is_empty() {
            self.drop.push(name.to_owned())
        } else {
            self.set.push(("cookie", kept))
        }
    }
}

/// By which clients name their requests, beside WSO2's `activityid`. A call that nobody named has only the gateway's name.
pub const CORRELATION: &str = "x-correlation-id";

/// Counts the gateways that a call has been through, so that an endpoint that points at the gateway ends in 508.
pub const HOPS: &str = "x-postern-hops";

fn is_dropped(
    name: &str,
    connection: Option<&str>,
    is_upgrade: bool,
    context: &Context<'_>,
) -> bool {
    if is_upgrade && matches!(name, "upgrade" | "connection") {
        return false;
    }
    if name == context.authorization_header || name == context.api_key_header {
        return true;
    }
    if !name.bytes().any(|byte| matches!(byte, b'_' | b'.')) {
        return is_ours(name) || nominated(name, connection);
    }
    let plain = name.replace(['_', '.'], "-");
    is_ours(&plain)
        || nominated(name, connection)
        || plain == context.authorization_header
        || plain == context.api_key_header
}

/// Credentials, what belongs to one connection (RFC 9110 section 7.6.1), what the platform adds, and what only we say.
fn is_ours(name: &str) -> bool {
    matches!(
        name,
        "internal-key"
            | "dpop"
            | "authorization"
            | "apikey"
            | "connection"
            | "keep-alive"
            | "proxy-connection"
            | "proxy-authorization"
            | "proxy-authenticate"
            | "te"
            | "trailer"
            | "transfer-encoding"
            | "upgrade"
            | "http2-settings"
            | "client-cert"
            | "client-cert-chain"
            | "x-client-cert"
            | "ssl-client-cert"
            | "x-ssl-client-cert"
            | "true-client-ip"
            | "x-real-ip"
            | "forwarded"
            | "cdn-loop"
            | "x-jwt-assertion"
            | "x-original-url"
            | "x-rewrite-url"
    ) || name.starts_with("x-forwarded-")
        || name.starts_with("x-postern-")
        || name.starts_with("cf-")
        || name.starts_with("x-wso2-")
        || name.starts_with("mf-")
}

fn nominated(name: &str, connection: Option<&str>) -> bool {
    connection.is_some_and(|list| {
        list.split(',')
            .any(|item| item.trim().eq_ignore_ascii_case(name))
    })
}

/// The cookies without the portals' session, which is on the same origin in a local run; `None` when it is not there.
fn without_session(cookies: &str) -> Option<String> {
    if !cookies.contains(SESSION_COOKIE) {
        return None;
    }
    let kept: Vec<&str> = cookies
        .split(';')
        .map(str::trim)
        .filter(|cookie| !cookie.starts_with(SESSION_COOKIE))
        .collect();
    Some(kept.join("; "))
}

/// Seven, and the cookies.
const MOST_SET: usize = 8;
/// WSO2's; what a client sends by this name is dropped.
const INTRODUCTION: &str = "x-jwt-assertion";
const SESSION_COOKIE: &str = "__Host-postern-session=";

#[cfg(test)]
mod tests {
    use super::*;

    const CONTEXT: Context<'_> = Context {
        authorization_header: "authorization",
        api_key_header: "x-pets-key",
        client_address: "192.0.2.7",
        scheme: "https",
        host: "api.example.com",
        request_id: "r1",
        correlation_id: Some("order-7"),
        traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
        is_trace_continued: false,
        hops: 1,
    };

    fn dropped(headers: &[(&str, &str)]) -> Vec<String> {
        edits(headers.iter().copied(), &CONTEXT).drop
    }

    #[test]
    fn credentials_and_spoofs_stay_here() {
        for name in [
            "authorization",
            "x-pets-key",
            "x_pets_key",
            "internal-key",
            "internal_key",
            "dpop",
            "apikey",
            "x-forwarded-for",
            "x_forwarded_for",
            "x.forwarded.for",
            "x-jwt-assertion",
            "x_jwt.assertion",
            "cf-connecting-ip",
            "te",
            "proxy-authorization",
            "x-postern-hops",
            "http2-settings",
            "cdn-loop",
            "transfer-encoding",
            "x-original-url",
            "client-cert",
            "client_cert",
        ] {
            assert_eq!(dropped(&[(name, "v")]), [name], "{name}");
        }
        for name in ["accept", "content-type", "x-trace", "traceparent", "cfg"] {
            assert!(dropped(&[(name, "v")]).is_empty(), "{name}");
        }
    }

    #[test]
    fn what_connection_names_belongs_to_the_connection() {
        assert_eq!(
            dropped(&[
                ("connection", "close, X-Hop"),
                ("x-hop", "v"),
                ("x-other", "v")
            ]),
            ["connection", "x-hop"]
        );
    }

    #[test]
    fn what_came_beside_no_trace_is_dropped() {
        assert_eq!(dropped(&[("tracestate", "a=1")]), ["tracestate"]);
        let continued = Context {
            is_trace_continued: true,
            ..CONTEXT
        };
        let edits = edits([("tracestate", "a=1")].into_iter(), &continued);
        assert!(edits.drop.is_empty());
        assert!(
            edits
                .set
                .contains(&("traceparent", CONTEXT.traceparent.to_owned()))
        );
    }

    #[test]
    fn a_bad_name_of_a_request_is_none() {
        let unnamed = Context {
            correlation_id: None,
            ..CONTEXT
        };
        let edits = edits([("x-correlation-id", "a b")].into_iter(), &unnamed);
        assert_eq!(edits.drop, ["x-correlation-id"]);
        assert!(edits.set.iter().all(|(name, _)| *name != CORRELATION));
    }

    #[test]
    fn a_websocket_handshake_keeps_its_upgrade() {
        assert!(dropped(&[("connection", "Upgrade"), ("upgrade", "websocket")]).is_empty());
    }

    #[test]
    fn the_portals_session_is_not_the_upstreams() {
        let with = |cookies| edits([("cookie", cookies)].into_iter(), &CONTEXT);
        let kept = with("a=1; __Host-postern-session=s; b=2");
        assert!(
            kept.set.contains(&("cookie", "a=1; b=2".to_owned())),
            "{kept:?}"
        );
        assert_eq!(with("__Host-postern-session=s").drop, ["cookie"]);
        assert!(with("a=1").drop.is_empty());
    }
}
