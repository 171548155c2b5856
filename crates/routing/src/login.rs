//! How a gateway signs in to an upstream.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use model::OAuth;

/// The value of `Authorization` for HTTP Basic (RFC 7617).
#[must_use]
pub fn basic(username: &str, password: &str) -> String {
    format!(
        "Basic {}",
        BASE64_STANDARD.encode(format!("{username}:{password}"))
    )
}

/// A name and a value as they stand in a query or a form.
#[must_use]
pub fn parameter(name: &str, value: &str) -> String {
    format!("{}={}", encoded(name), encoded(value))
}

/// The form of a token request; the client signs in by [`client`].
#[must_use]
pub fn token_form(oauth: &OAuth, password: Option<&str>) -> String {
    let mut pairs = match (&oauth.user, password) {
        (Some((user, _)), Some(password)) => vec![
            parameter("grant_type", "password"),
            parameter("username", user),
            parameter("password", password),
        ],
        _ => vec![parameter("grant_type", "client_credentials")],
    };
    let more = oauth.parameters.iter();
    pairs.extend(more.map(|(name, value)| parameter(name, value)));
    pairs.join("&")
}

/// The value of `Authorization` by which a client signs in at a token endpoint (RFC 6749 section 2.3.1: both parts are
/// encoded as in a form first).
#[must_use]
pub fn client(id: &str, secret: &str) -> String {
    basic(&encoded(id), &encoded(secret))
}

/// Percent-encoding by which every reader gets the same text back.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        push_encoded(&mut encoded, byte);
    }
    encoded
}

/// Every byte but the unreserved ones of RFC 3986.
pub(crate) fn push_encoded(text: &mut String, byte: u8) {
    if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
        text.push(char::from(byte));
    } else {
        text.push_str(&format!("%{byte:02X}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_secrets_survive_the_encoding() {
        assert_eq!(
            basic("Aladdin", "open sesame"),
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
        );
        assert_eq!(client("a b", "c:d"), basic("a%20b", "c%3Ad"));
        assert_eq!(
            parameter("api key", "a&b=c/ü"),
            "api%20key=a%26b%3Dc%2F%C3%BC"
        );
        let mut oauth = OAuth {
            token_url: String::new(),
            client_id: String::new(),
            client_secret: String::new(),
            user: None,
            parameters: vec![("scope".into(), "a b".into())],
        };
        assert_eq!(
            token_form(&oauth, None),
            "grant_type=client_credentials&scope=a%20b"
        );
        oauth.user = Some(("u".into(), "name-of-secret".into()));
        assert_eq!(
            token_form(&oauth, Some("p&")),
            "grant_type=password&username=u&password=p%26&scope=a%20b"
        );
    }
}
