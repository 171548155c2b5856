//! Clients that are known by the address of a document about themselves (Client ID Metadata Document): who controls the
//! address is the client, and nobody registers anything.

use serde_json::{Map, Value, json};
use url::{Host, Url};

use crate::{ClientRegistration, GrantKind};

/// Is this client id meant as the address of a document?
#[must_use]
pub fn is_document_address(client_id: &str) -> bool {
    client_id.starts_with("https://") || client_id.starts_with("http://")
}

/// Sees that an address may name a client: `https`, or `http` on this very machine; a path, spelled as a URL parser leaves
/// it, so that no two spellings are one client; no user, no fragment and no query.
///
/// # Errors
/// What is wrong, in words that do not repeat the address.
pub fn check_document_address(client_id: &str) -> Result<(), &'static str> {
    let url = Url::parse(client_id).map_err(|_| "is not an absolute URL")?;
    if client_id.len() > MAX_ADDRESS {
        return Err("is too long");
    }
    if url.as_str() != client_id {
        return Err(
            "is not spelled as URLs are: no dots in the path, host in small letters, no default port",
        );
    }
    if !(url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url))) {
        return Err("is neither `https` nor on a loopback address");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("names a user");
    }
    if url.path() == "/" || url.query().is_some() || url.fragment().is_some() {
        return Err("has no path, or a query or a fragment");
    }
    Ok(())
}

/// Reads the document at the address that is the client's id.
///
/// # Errors
/// What is wrong with it.
pub fn parse_document(text: &str, client_id: &str) -> Result<ClientRegistration, String> {
    let mut members: Map<String, Value> =
        serde_json::from_str(text).map_err(|_| "it is no JSON object".to_owned())?;
    if members.get("client_id").and_then(Value::as_str) != Some(client_id) {
        return Err("its `client_id` is not its own address".to_owned());
    }
    if let Some(name) = SECRETS.iter().find(|name| members.contains_key(**name)) {
        return Err(format!("it has `{name}`, and a document keeps no secret"));
    }
    let method = members
        .entry("token_endpoint_auth_method")
        .or_insert_with(|| json!("none"));
    if !matches!(method.as_str(), Some("none" | "private_key_jwt")) {
        return Err(
            "its `token_endpoint_auth_method` is neither `none` nor `private_key_jwt`".to_owned(),
        );
    }
    if let Some(grants) = members.get_mut("grant_types").and_then(Value::as_array_mut) {
        // The document is written for many servers: what people are not asked about is left out.
        grants.retain(|name| name.as_str().is_none_or(is_for_people));
    }
    let registration = ClientRegistration::read(members).map_err(|error| error.description)?;
    let metadata = &registration.metadata;
    let places = metadata
        .redirect_uris
        .iter()
        .chain(&metadata.post_logout_redirect_uris);
    for place in places {
        if !is_own_place(place, client_id) {
            return Err(format!(
                "`{place}` is neither of its own origin nor on a loopback address"
            ));
        }
    }
    Ok(registration)
}

/// How long a document is believed that came with this `Cache-Control`.
#[must_use]
pub fn document_life_ms(cache_control: Option<&str>) -> i64 {
    let directives = || {
        cache_control
            .unwrap_or_default()
            .split(',')
            .map(|directive| directive.trim().to_ascii_lowercase())
    };
    if directives().any(|directive| matches!(directive.as_str(), "no-store" | "no-cache")) {
        return SHORTEST_MS;
    }
    let seconds = directives().find_map(|directive| {
        let seconds = directive.strip_prefix("max-age=")?;
        seconds.trim_matches('"').parse::<i64>().ok()
    });
    seconds.map_or(USUAL_MS, |seconds| {
        seconds.saturating_mul(1000).clamp(SHORTEST_MS, LONGEST_MS)
    })
}

/// The host that a person is shown beside the name that the client gives itself.
#[must_use]
pub fn document_host(client_id: &str) -> Option<String> {
    let url = Url::parse(client_id)
        .ok()
        .filter(|_| is_document_address(client_id))?;
    let host = url.host_str()?;
    Some(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}

fn is_own_place(place: &str, client_id: &str) -> bool {
    let (Ok(place), Ok(own)) = (Url::parse(place), Url::parse(client_id)) else {
        return false;
    };
    (place.scheme() == "http" && is_loopback(&place))
        || (place.scheme() == "https" && place.origin() == own.origin())
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

fn is_for_people(name: &str) -> bool {
    matches!(
        GrantKind::named(name),
        Some(GrantKind::AuthorizationCode | GrantKind::RefreshToken | GrantKind::DeviceCode)
    )
}

const SECRETS: [&str; 2] = ["client_secret", "client_secret_expires_at"];
/// Room for a key in KV.
const MAX_ADDRESS: usize = 400;
/// Whatever the document says: a flood of sign-ins fetches it no more often,
const SHORTEST_MS: i64 = 5 * 60_000;
/// without a word it is believed for so long,
const USUAL_MS: i64 = 60 * 60_000;
/// and a client that was taken over is believed no longer than this.
const LONGEST_MS: i64 = 24 * 60 * 60_000;

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "https://lamp.example/client.json";

    fn document(name: &str, value: Value) -> String {
        let mut document = json!({"client_id": ID, "redirect_uris": ["https://lamp.example/cb"]});
        document[name] = value;
        document.to_string()
    }

    #[test]
    fn only_plain_addresses_name_clients() {
        for good in [
            ID,
            "https://lamp.example:8443/client",
            "http://127.0.0.1:1234/c",
            "http://localhost/c",
            "http://[::1]/c",
        ] {
            assert_eq!(check_document_address(good), Ok(()), "{good}");
        }
        for bad in [
            "https://lamp.example",
            "https://lamp.example/",
            "https://lamp.example/a/../b",
            "https://lamp.example/a/%2e%2e/b",
            "https://LAMP.example/a",
            "https://lamp.example:443/a",
            "https://lamp.example/a#b",
            "https://lamp.example/a?b",
            "https://user@lamp.example/a",
            "https://user:pass@lamp.example/a",
            "http://lamp.example/a",
            "http://127.0.0.1.lamp.example/a",
            "https://",
            "https:///a",
            "ftp://lamp.example/a",
            "lamp",
        ] {
            assert!(check_document_address(bad).is_err(), "{bad}");
        }
        let long = format!("https://lamp.example/{}", "a".repeat(400));
        assert!(check_document_address(&long).is_err());
    }

    #[test]
    fn document_speaks_for_its_own_address_only() {
        assert!(parse_document(&document("client_name", json!("Lamp")), ID).is_ok());
        for (name, value) in [
            ("client_id", json!("https://lamp.example/other.json")),
            ("client_id", json!(null)),
            ("client_secret", json!("s")),
            ("client_secret_expires_at", json!(0)),
            ("token_endpoint_auth_method", json!("client_secret_basic")),
            ("token_endpoint_auth_method", json!("client_secret_post")),
            ("token_endpoint_auth_method", json!("private_key_jwt")),
            ("redirect_uris", json!(["https://evil.example/cb"])),
            ("redirect_uris", json!(["https://lamp.example:444/cb"])),
            ("redirect_uris", json!(["http://lamp.example/cb"])),
            ("redirect_uris", json!(["com.example.lamp:/cb"])),
            ("redirect_uris", json!([])),
            (
                "post_logout_redirect_uris",
                json!(["https://evil.example/"]),
            ),
            ("grant_types", json!(["client_credentials"])),
            ("client_name", json!("a\u{202e}b")),
            ("jwks", json!({"keys": [{"kty": "oct", "k": "x"}]})),
        ] {
            let text = document(name, value);
            assert!(parse_document(&text, ID).is_err(), "{text}");
        }
        assert!(parse_document("[]", ID).is_err());
    }

    #[test]
    fn document_without_a_method_is_of_a_public_client() {
        let text = document(
            "grant_types",
            json!([
                "authorization_code",
                "refresh_token",
                "client_credentials",
                "urn:x"
            ]),
        );
        let registration = parse_document(&text, ID).unwrap();
        assert!(registration.metadata.is_public());
        assert_eq!(registration.grants, ["authorization_code", "refresh_token"]);
        let loopback = document("redirect_uris", json!(["http://127.0.0.1/cb"]));
        assert!(parse_document(&loopback, ID).is_ok());
    }

    #[test]
    fn life_of_a_document_is_bounded() {
        let check = |header: Option<&str>, expected| {
            assert_eq!(document_life_ms(header), expected, "{header:?}");
        };
        check(None, USUAL_MS);
        check(Some("public"), USUAL_MS);
        check(Some("max-age=600"), 600_000);
        check(Some("public, Max-Age=\"600\""), 600_000);
        check(Some("max-age=0"), SHORTEST_MS);
        check(Some("max-age=-5"), SHORTEST_MS);
        check(Some("no-store, max-age=600"), SHORTEST_MS);
        check(Some("max-age=99999999999999999"), LONGEST_MS);
        check(Some("max-age=x"), USUAL_MS);
    }

    #[test]
    fn host_is_shown_of_documents_only() {
        assert_eq!(document_host(ID).as_deref(), Some("lamp.example"));
        let local = document_host("http://127.0.0.1:99/c");
        assert_eq!(local.as_deref(), Some("127.0.0.1:99"));
        assert_eq!(document_host("fosJTsHQyluahdppk"), None);
    }
}
