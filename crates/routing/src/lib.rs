//! Where a call goes: the endpoint for its kind of key, the one of its addresses that works, and the upstream's URL.

#![warn(missing_docs)]

pub mod aws;
mod health;
mod login;
mod pick;
mod retry;

pub use health::{Health, counts, place};
pub use login::{basic, client, parameter, token_form};
pub use pick::{Caller, Chosen, Tried, cookie};
pub use retry::{is_repeatable, pause_ms};

use model::{Endpoint, Endpoints, KeyType};

/// The endpoint for a kind of key; `None` when the API has none for it (403 / 900916).
#[must_use]
pub const fn choose(endpoints: &Endpoints, key_type: KeyType) -> Option<&Endpoint> {
    match key_type {
        KeyType::Production => endpoints.production.as_ref(),
        KeyType::Sandbox => endpoints.sandbox.as_ref(),
    }
}

/// The upstream's URL: the endpoint, the canonical path below the base path, and the query without the API key.
#[must_use]
pub fn url(endpoint: &str, below: &str, query: &str) -> String {
    let mut url = String::with_capacity(endpoint.len() + below.len() + query.len() + 1);
    url.push_str(endpoint);
    url.push_str(below);
    push_query(&mut url, query, '?');
    url
}

/// A query without the API key, for a call whose URL is put together later, by [`address`].
#[must_use]
pub fn query(query: &str) -> String {
    let mut kept = String::with_capacity(query.len());
    push_query(&mut kept, query, '&');
    match kept.strip_prefix('&') {
        Some(rest) => rest.to_owned(),
        None => kept,
    }
}

/// The URL of an endpoint's address with a path and a query.
#[must_use]
pub fn address(endpoint: &str, path: &str, query: &str) -> String {
    let separator = if query.is_empty() { "" } else { "?" };
    [endpoint, path, separator, query].concat()
}

fn push_query(text: &mut String, query: &str, mut separator: char) {
    for pair in query
        .split('&')
        .filter(|pair| !pair.is_empty() && !is_credential(pair))
    {
        text.push(separator);
        text.push_str(pair);
        separator = '&';
    }
}

fn is_credential(pair: &str) -> bool {
    pair.split('=').next() == Some("apikey")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_api_key_stays_here() {
        for (query, expected) in [
            ("", "http://up/api/pet/7"),
            ("a=1&b=2", "http://up/api/pet/7?a=1&b=2"),
            ("apikey=k", "http://up/api/pet/7"),
            ("a=1&apikey=k&b", "http://up/api/pet/7?a=1&b"),
            ("apikeys=k", "http://up/api/pet/7?apikeys=k"),
        ] {
            assert_eq!(url("http://up/api", "/pet/7", query), expected, "{query}");
            let kept = super::query(query);
            assert_eq!(address("http://up/api", "/pet/7", &kept), expected);
        }
    }
}
