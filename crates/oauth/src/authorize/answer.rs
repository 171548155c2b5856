//! The way back to the client, with the issuer's name in every answer (RFC 9207) so that answers cannot be mixed up.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use sha2::{Digest as _, Sha256};
use url::form_urlencoded;

use super::{ResponseMode, Target};
use crate::OauthError;

/// What the browser is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Go there (303, so that a posted password is never posted on).
    Redirect(String),
    /// Post this page's form.
    Form {
        /// The whole page.
        html: String,
        /// Its content security policy: this script, this destination, nothing else.
        policy: String,
    },
}

impl Target {
    /// The answer that carries a code.
    #[must_use]
    pub fn answer(&self, issuer: &str, code: &str) -> Answer {
        self.carry(issuer, &[("code", code)])
    }

    /// The answer that carries a refusal.
    #[must_use]
    pub fn refuse(&self, issuer: &str, error: &OauthError) -> Answer {
        self.carry(
            issuer,
            &[
                ("error", error.kind.as_str()),
                ("error_description", &error.description),
            ],
        )
    }

    fn carry(&self, issuer: &str, outcome: &[(&str, &str)]) -> Answer {
        let mut parameters = outcome.to_vec();
        parameters.extend(self.state.as_deref().map(|state| ("state", state)));
        parameters.push(("iss", issuer));
        match self.response_mode {
            ResponseMode::Query => Answer::Redirect(with_query(&self.redirect_uri, &parameters)),
            ResponseMode::FormPost => form(&self.redirect_uri, &parameters),
        }
    }
}

/// Appends parameters to an address, which otherwise stays as it was registered.
pub(crate) fn with_query(address: &str, parameters: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(parameters)
        .finish();
    let joint = match address.split_once('?') {
        None => "?",
        Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
        Some(_) => "&",
    };
    format!("{address}{joint}{query}")
}

fn form(address: &str, parameters: &[(&str, &str)]) -> Answer {
    let fields: String = parameters
        .iter()
        .map(|(name, value)| {
            format!(
                "<input type=\"hidden\" name=\"{name}\" value=\"{}\">",
                escape(value)
            )
        })
        .collect();
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>One moment</title></head><body>\
         <form method=\"post\" action=\"{}\">{fields}<noscript><p>Press the button to go back to the application.</p>\
         <button>Continue</button></noscript></form><script>{SUBMIT}</script></body></html>",
        escape(address)
    );
    let hash = BASE64_STANDARD.encode(Sha256::digest(SUBMIT.as_bytes()));
    let policy = format!(
        "default-src 'none'; script-src 'sha256-{hash}'; form-action {}; frame-ancestors 'none'; base-uri 'none'",
        source(address)
    );
    Answer::Form { html, policy }
}

/// The address as a source of a content security policy: its origin, or its scheme where it has none.
fn source(address: &str) -> String {
    match url::Url::parse(address) {
        Ok(url) if url.origin().is_tuple() => url.origin().ascii_serialization(),
        Ok(url) => format!("{}:", url.scheme()),
        Err(_) => "'none'".to_owned(),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

const SUBMIT: &str = "document.forms[0].submit()";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    fn target(redirect_uri: &str, response_mode: ResponseMode) -> Target {
        Target {
            redirect_uri: redirect_uri.into(),
            is_named: true,
            response_mode,
            state: Some("a b&\"<".into()),
        }
    }

    #[test]
    fn every_answer_names_issuer_and_state() {
        let check = |address: &str, expected: &str| {
            let answer = target(address, ResponseMode::Query).answer("https://i", "c");
            assert_eq!(answer, Answer::Redirect(expected.into()), "{address}");
        };
        let rest = "code=c&state=a+b%26%22%3C&iss=https%3A%2F%2Fi";
        check("https://a.example", &format!("https://a.example?{rest}"));
        check("https://a.example/?", &format!("https://a.example/?{rest}"));
        check(
            "https://a.example/?x=%20y",
            &format!("https://a.example/?x=%20y&{rest}"),
        );
        check("com.example:/cb", &format!("com.example:/cb?{rest}"));
        let error = OauthError::new(ErrorKind::AccessDenied, "no");
        let Answer::Redirect(address) =
            target("https://a", ResponseMode::Query).refuse("https://i", &error)
        else {
            panic!("a form");
        };
        assert!(
            address.contains("error=access_denied") && address.contains("iss="),
            "{address}"
        );
    }

    #[test]
    fn posted_answer_lets_nothing_else_run() {
        let answer = target("https://a.example:8443/cb?x=\"1", ResponseMode::FormPost)
            .answer("https://i", "c");
        let Answer::Form { html, policy } = answer else {
            panic!("a redirect");
        };
        assert!(html.contains("value=\"a b&amp;&quot;&lt;\""), "{html}");
        assert!(
            html.contains("action=\"https://a.example:8443/cb?x=&quot;1\""),
            "{html}"
        );
        assert!(
            policy.contains("form-action https://a.example:8443;"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe"), "{policy}");
    }
}
