//! Handshakes of sockets. A script in a browser cannot set their headers, so APIs of type `WS` take the token from the
//! query as well, as the peer does, or from the protocols that the script offers: `bearer` and the token behind it. It goes
//! no further than here.

use std::borrow::Cow;

use credential::Shown;

use transform::{Change, Edits, ReplyEdit};

use crate::{Request, locate::Located};

/// Adds the query's token to what a request shows, where it shows no other.
pub(crate) fn shown<'a>(request: &Request<'a>, located: &Located, shown: Shown<'a>) -> Shown<'a> {
    if shown.first().is_some() || !takes_token(request, located) {
        return shown;
    }
    let token = request.query().split('&').find_map(token_of);
    Shown {
        bearer: token.or_else(|| offered(request)),
        ..shown
    }
}

/// Takes the token out of the protocols that go upstream. A browser gives up unless one that it offered is chosen; where
/// the upstream chooses none, that is `bearer`.
pub(crate) fn keep(request: &Request<'_>, located: &Located, edits: &mut Edits) {
    if !takes_token(request, located) || offered(request).is_none() {
        return;
    }
    let mut items = protocols(request).peekable();
    let mut others: Vec<&str> = Vec::new();
    while let Some(item) = items.next() {
        if is_mark(item) {
            items.next();
        } else {
            others.push(item);
        }
    }
    if others.is_empty() {
        edits.drop.push(PROTOCOLS.to_owned());
    } else {
        edits.more.push((PROTOCOLS.to_owned(), others.join(", ")));
    }
    edits.reply.push(ReplyEdit {
        change: Change::Set,
        name: PROTOCOLS.to_owned(),
        value: MARK.to_owned(),
    });
}

/// The token behind the mark.
fn offered<'a>(request: &Request<'a>) -> Option<&'a str> {
    let mut items = protocols(request);
    items.find(|item| is_mark(item))?;
    items.next()
}

fn protocols<'a>(request: &Request<'a>) -> impl Iterator<Item = &'a str> {
    let offered = request.header(PROTOCOLS).unwrap_or_default();
    offered
        .split(',')
        .map(str::trim)
        .filter(|it| !it.is_empty())
}

fn is_mark(item: &str) -> bool {
    item.eq_ignore_ascii_case(MARK)
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

/// Is the API one of sockets?
pub(crate) fn is_of(located: &Located) -> bool {
    located.deployment.api.kind == "WS"
}

fn takes_token(request: &Request<'_>, located: &Located) -> bool {
    let deployment = &located.deployment;
    is_of(located)
        && deployment.security.oauth2
        && request
            .header("upgrade")
            .is_some_and(|upgrade| upgrade.eq_ignore_ascii_case("websocket"))
}

fn token_of(pair: &str) -> Option<&str> {
    let (name, token) = pair.split_once('=')?;
    (name == "access_token").then_some(token)
}

const PROTOCOLS: &str = "sec-websocket-protocol";
/// What stands before the token among the protocols.
const MARK: &str = "bearer";
