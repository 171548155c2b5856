//! Redirect URIs: compared exactly, but for the port of a loopback address (RFC 8252 section 7.3).

use url::{Host, Url};

/// Is `shown` one of the client's? Character by character, or, for `http` on a loopback address, with another port.
#[must_use]
pub fn is_registered(registered: &[String], shown: &str) -> bool {
    is_redirect_uri(shown)
        && registered
            .iter()
            .any(|known| known == shown || differs_by_port(known, shown))
}

/// May anybody be sent there at all? An absolute URI without user name and fragment: `https`, `http` on this very
/// machine, or a scheme that an installed application owns.
#[must_use]
pub fn is_redirect_uri(text: &str) -> bool {
    if text.len() > MAX_LENGTH || text.contains(['#', '\\']) || !text.bytes().all(is_printable) {
        return false;
    }
    let Ok(url) = Url::parse(text) else {
        return false;
    };
    if !url.username().is_empty() || url.password().is_some() {
        return false;
    }
    match url.scheme() {
        "https" => url.host().is_some(),
        "http" => is_loopback(&url) || url.host_str() == Some("localhost"),
        scheme => !FORBIDDEN.contains(&scheme),
    }
}

fn differs_by_port(known: &str, shown: &str) -> bool {
    let (Ok(mut known_url), Ok(mut shown_url)) = (Url::parse(known), Url::parse(shown)) else {
        return false;
    };
    if !is_loopback(&known_url) || !is_loopback(&shown_url) {
        return false;
    }
    // The rest has to be spelled alike, too: only a text that parsing leaves as it is may be compared parsed.
    if !is_canonical(known, &known_url) || !is_canonical(shown, &shown_url) {
        return false;
    }
    known_url.set_port(None).is_ok() && shown_url.set_port(None).is_ok() && known_url == shown_url
}

fn is_canonical(text: &str, url: &Url) -> bool {
    url.as_str() == text || url.as_str().strip_suffix('/') == Some(text)
}

fn is_loopback(url: &Url) -> bool {
    url.scheme() == "http"
        && match url.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(_)) | None => false,
        }
}

/// No space, no control character, nothing that a browser would have to guess about.
const fn is_printable(byte: u8) -> bool {
    matches!(byte, 0x21..=0x7E) && !matches!(byte, b'"' | b'<' | b'>')
}

const MAX_LENGTH: usize = 2048;
/// Schemes that run or read something in the browser.
const FORBIDDEN: [&str; 9] = [
    "javascript",
    "data",
    "vbscript",
    "file",
    "blob",
    "about",
    "view-source",
    "ws",
    "wss",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_harmless_places_are_redirected_to() {
        let check = |uri: &str, expected| assert_eq!(is_redirect_uri(uri), expected, "{uri}");
        check("https://a.example/cb?x=1", true);
        check("http://127.0.0.1:8080/cb", true);
        check("http://[::1]/cb", true);
        check("http://localhost:3000/cb", true);
        check("com.example.app:/cb", true);
        for bad in [
            "",
            "/cb",
            "//a.example/cb",
            "www.google.lk",
            "http://a.example/cb",
            "http://127.0.0.1.evil.example/cb",
            "https://a.example/cb#f",
            "https://user@a.example/cb",
            "https://user:pass@a.example/cb",
            "https://a.example\\@evil.example/",
            "https://a.example/c b",
            "https://a.example/\n",
            "https://a.example/<b>",
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
        ] {
            check(bad, false);
        }
        check(&format!("https://a.example/{}", "x".repeat(2048)), false);
    }

    #[test]
    fn only_the_port_of_a_loopback_address_may_differ() {
        let check = |registered: &str, shown: &str, expected| {
            assert_eq!(
                is_registered(&[registered.to_owned()], shown),
                expected,
                "{registered} {shown}"
            );
        };
        check("https://a.example/cb", "https://a.example/cb", true);
        check("http://127.0.0.1/cb", "http://127.0.0.1:5123/cb", true);
        check("http://127.0.0.1:80/cb", "http://127.0.0.1:5123/cb", false);
        check("http://127.0.0.1:1/cb", "http://127.0.0.1:2/cb", true);
        check("http://[::1]:1/cb", "http://[::1]:2/cb", true);
        check("http://127.0.0.1", "http://127.0.0.1:2", true);
        for (registered, shown) in [
            ("http://localhost:1/cb", "http://localhost:2/cb"),
            ("http://127.0.0.1/cb", "http://127.0.0.1:5123/other"),
            ("http://127.0.0.1/cb", "http://127.0.0.1:5123/cb?x=1"),
            ("http://127.0.0.1/cb", "http://127.0.0.1:5123/x/../cb"),
            ("http://127.0.0.1/cb", "http://127.1:5123/cb"),
            ("http://127.0.0.1/cb", "https://127.0.0.1:5123/cb"),
            ("http://127.0.0.1/cb", "http://[::1]:5123/cb"),
            ("http://127.0.0.1/cb", "http://127.0.0.2/cb"),
            ("https://a.example/cb", "https://a.example:8443/cb"),
            ("https://a.example/cb", "https://A.example/cb"),
            ("https://a.example/cb", "https://a.example/cb/"),
            ("https://a.example/cb", "https://a.example:443/cb"),
            ("https://*.example/cb", "https://a.example/cb"),
        ] {
            check(registered, shown, false);
        }
    }
}
