//! What of an upstream's reply is passed on.

use model::{Fields, Message};

/// The headers without what belongs to one connection (RFC 9110 section 7.6.1), and without what would sign somebody in
/// to the portals, which may be on the same origin.
pub(super) fn passed_on(headers: &Fields) -> Fields {
    let nominated: Vec<String> = headers
        .all("connection")
        .flat_map(|list| list.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .collect();
    let stays_here = |name: &str, value: &str| {
        HOP_BY_HOP.contains(&name)
            || nominated.iter().any(|it| it == name)
            || (name == "set-cookie" && value.trim_start().starts_with(SESSION_COOKIE))
    };
    headers
        .iter()
        .filter(|(name, value)| !stays_here(name, value))
        .collect()
}

/// The platform decodes what it reads, so the headers no longer tell how it was encoded and how long that was.
pub(super) fn read(reply: &mut Message, body: Vec<u8>) {
    reply.headers.remove("content-encoding");
    reply.headers.remove("content-length");
    reply.headers.remove("transfer-encoding");
    reply.body = Some(body);
}

const HOP_BY_HOP: [&str; 7] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-connection",
    "trailer",
    "transfer-encoding",
    "upgrade",
];
const SESSION_COOKIE: &str = "__Host-postern-session=";
