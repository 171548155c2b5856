//! Handshakes of sockets. A script in a browser cannot set their headers, so APIs of type `WS` take the token from the
//! query as well, as the peer does; it goes no further than here.

use std::borrow::Cow;

use credential::Shown;

use crate::{Request, locate::Located};

/// Adds the query's token to what a request shows, where it shows no other.
pub(crate) fn shown<'a>(request: &Request<'a>, located: &Located, shown: Shown<'a>) -> Shown<'a> {
    if shown.first().is_some() || !takes_token(request, located) {
        return shown;
    }
    let token = request.query().split('&').find_map(token_of);
    Shown {
        bearer: token,
        ..shown
    }
}

/// The query without that token.
pub(crate) fn query<'a>(request: &Request<'a>, located: &Located) -> Cow<'a, str> {
    let query = request.query();
    if !takes_token(request, located) || !query.split('&').any(|pair| token_of(pair).is_some()) {
        return Cow::Borrowed(query);
    }
    let kept = query.split('&').filter(|pair| token_of(pair).is_none());
    Cow::Owned(kept.collect::<Vec<_>>().join("&"))
}

fn takes_token(request: &Request<'_>, located: &Located) -> bool {
    let deployment = &located.deployment;
    deployment.api.kind == "WS"
        && deployment.security.oauth2
        && request
            .header("upgrade")
            .is_some_and(|upgrade| upgrade.eq_ignore_ascii_case("websocket"))
}

fn token_of(pair: &str) -> Option<&str> {
    let (name, token) = pair.split_once('=')?;
    (name == "access_token").then_some(token)
}
