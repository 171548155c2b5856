//! Which credentials a request shows.

use model::Security;

/// A credential as the client wrote it; nothing about it has been believed yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presented<'a> {
    /// What follows `Bearer` in the API's authorization header; may be empty.
    Bearer(&'a str),
    /// What follows `DPoP` in the API's authorization header: a token that comes with a proof.
    Bound(&'a str),
    /// What follows `Basic` in the API's authorization header: a user's name and password.
    Basic(&'a str),
    /// The API key header's or query parameter's value.
    ApiKey(&'a str),
    /// The `Internal-Key` header: the publisher's own trial calls.
    InternalKey(&'a str),
}

/// The credentials of a request that its API accepts. One of a scheme that the API does not accept counts as not shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shown<'a> {
    /// Bearer token.
    pub bearer: Option<&'a str>,
    /// Token that comes with a proof.
    pub bound: Option<&'a str>,
    /// A user's name and password, in base64.
    pub basic: Option<&'a str>,
    /// API key.
    pub api_key: Option<&'a str>,
    /// Internal key.
    pub internal_key: Option<&'a str>,
}

impl<'a> Shown<'a> {
    /// The one that decides: the peer tries OAuth 2 first, then a password, then the API key, then the internal key.
    #[must_use]
    pub fn first(&self) -> Option<Presented<'a>> {
        self.bearer
            .map(Presented::Bearer)
            .or_else(|| self.bound.map(Presented::Bound))
            .or_else(|| self.basic.map(Presented::Basic))
            .or_else(|| self.api_key.map(Presented::ApiKey))
            .or_else(|| self.internal_key.map(Presented::InternalKey))
    }
}

/// Finds what a request shows. `header` answers a lower-case name with the header's value; `query` is the raw query
/// string without `?`. The `apikey` parameter is read undecoded: a key has no character that needs an escape.
pub fn find<'a>(
    header: impl Fn(&str) -> Option<&'a str>,
    query: &'a str,
    security: &Security,
) -> Shown<'a> {
    let authorization = (security.oauth2 || security.basic)
        .then(|| header(&security.authorization_header))
        .flatten();
    let token = authorization.filter(|_| security.oauth2);
    let api_key = security
        .api_key
        .then(|| header(&security.api_key_header).or_else(|| parameter(query, QUERY_NAME)))
        .flatten()
        .map(str::trim);
    Shown {
        bearer: token.and_then(|value| token_of(value, "bearer")),
        bound: token.and_then(|value| token_of(value, "dpop")),
        basic: authorization
            .filter(|_| security.basic)
            .and_then(|value| token_of(value, "basic")),
        api_key,
        internal_key: header("internal-key").map(str::trim),
    }
}

/// The token of a credential of this scheme; `None` for another scheme, `""` when the token is left out.
fn token_of<'a>(value: &'a str, wanted: &str) -> Option<&'a str> {
    let value = value.trim();
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    scheme
        .eq_ignore_ascii_case(wanted)
        .then(|| token.trim_start())
}

fn parameter<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// WSO2's name of the query parameter; it is removed before the upstream sees the request.
const QUERY_NAME: &str = "apikey";

#[cfg(test)]
mod tests {
    use super::*;

    fn security(oauth2: bool, api_key: bool) -> Security {
        Security {
            oauth2,
            api_key,
            authorization_header: "authorization".into(),
            api_key_header: "apikey".into(),
            ..Security::default()
        }
    }

    #[test]
    fn only_accepted_schemes_are_seen() {
        let both = [
            ("authorization", "bearer abc"),
            ("apikey", "k"),
            ("internal-key", "i"),
        ];
        let check = |headers: &[(&str, &'static str)], oauth2, api_key, expected| {
            let header = |name: &str| {
                let found = headers.iter().find(|(key, _)| *key == name);
                found.map(|(_, value)| *value)
            };
            let shown = find(header, "", &security(oauth2, api_key));
            assert_eq!(shown.first(), expected, "{headers:?} {oauth2} {api_key}");
        };
        check(&both, true, true, Some(Presented::Bearer("abc")));
        check(&both, false, true, Some(Presented::ApiKey("k")));
        check(&both, false, false, Some(Presented::InternalKey("i")));
        check(&[], true, true, None);
        check(&[("authorization", "Basic eDp5")], true, true, None);
        check(
            &[("authorization", "Bearer")],
            true,
            true,
            Some(Presented::Bearer("")),
        );
        check(&[("authorization", "Bearers x")], true, true, None);
        let bound = [("authorization", "DPoP abc")];
        check(&bound, true, true, Some(Presented::Bound("abc")));
        check(&bound, false, true, None);
    }

    #[test]
    fn a_password_is_seen_where_the_api_takes_one() {
        let shown = |basic, oauth2| {
            let security = Security {
                basic,
                ..security(oauth2, true)
            };
            let header = |name: &str| (name == "authorization").then_some("Basic YTpi");
            find(header, "", &security).first()
        };
        assert_eq!(shown(true, false), Some(Presented::Basic("YTpi")));
        assert_eq!(shown(true, true), Some(Presented::Basic("YTpi")));
        assert_eq!(shown(false, true), None);
    }

    #[test]
    fn api_key_may_stand_in_the_query() {
        let shown = find(|_| None, "a=1&apikey=ptn_x&b", &security(true, true));
        assert_eq!(shown.api_key, Some("ptn_x"));
        let shown = find(|_| None, "xapikey=1&APIKEY=2", &security(true, true));
        assert_eq!(shown.api_key, None);
    }
}
