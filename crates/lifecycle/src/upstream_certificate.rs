//! Certificates of upstreams: which addresses one is about, and which APIs call these.

use url::Url;

use crate::{Draft, address, kind};

/// Reads the address that a certificate is about: an absolute URL, or a host with or without a port, which is `https` then.
///
/// # Errors
/// What is wrong with it.
pub fn endpoint(text: &str, allow_private: bool) -> Result<Url, String> {
    let text = text.trim();
    if text.contains("://") {
        return address::parse(&kind::address(text), allow_private);
    }
    address::parse(&format!("https://{text}"), allow_private)
}

/// Whether an API calls this address or one below it.
#[must_use]
pub fn is_called(endpoint: &Url, draft: &Draft) -> bool {
    draft.upstreams().iter().any(|url| is_below(endpoint, url))
}

fn is_below(endpoint: &Url, url: &str) -> bool {
    let Ok(url) = address::parse(url, true) else {
        return false;
    };
    let base = endpoint.path().trim_end_matches('/');
    let rest = url.path().strip_prefix(base);
    url.host() == endpoint.host()
        && url.port_or_known_default() == endpoint.port_or_known_default()
        && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_address_is_a_url_or_a_host() {
        for (text, expected) in [
            (
                "https://up.example.org/v1",
                Some("https://up.example.org/v1"),
            ),
            ("up.example.org", Some("https://up.example.org/")),
            ("up.example.org:8443", Some("https://up.example.org:8443/")),
            ("wss://up.example.org", Some("https://up.example.org/")),
            ("ftp://up.example.org", None),
            ("localhost", None),
            ("", None),
        ] {
            let found = endpoint(text, false).ok();
            assert_eq!(found.as_ref().map(Url::as_str), expected, "{text}");
        }
    }

    #[test]
    fn an_api_is_found_by_what_it_calls() {
        let draft: Draft = serde_json::from_value(json!({"endpointConfig": {
            "endpoint_type": "failover",
            "production_endpoints": {"url": "https://up.example.org/v1/"},
            "production_failovers": [{"url": "https://spare.example.org:8443"}],
        }}))
        .unwrap();
        for (text, expected) in [
            ("up.example.org", true),
            ("https://up.example.org/v1", true),
            ("https://up.example.org/v", false),
            ("https://up.example.org/v2", false),
            ("https://spare.example.org:8443", true),
            ("spare.example.org", false),
            ("example.org", false),
        ] {
            let endpoint = endpoint(text, false).unwrap();
            assert_eq!(is_called(&endpoint, &draft), expected, "{text}");
        }
    }

    #[test]
    fn a_product_calls_what_its_apis_call() {
        let draft = Draft::stored(
            &json!({"parts": [{"apiId": "1", "name": "A", "version": "1", "operations": [], "scopes": [],
                "endpointConfig": {"production_endpoints": {"url": "https://up.example.org"}}}]})
            .to_string(),
        )
        .unwrap();
        let endpoint = endpoint("up.example.org", false).unwrap();
        assert!(is_called(&endpoint, &draft), "{draft:?}");
    }
}
