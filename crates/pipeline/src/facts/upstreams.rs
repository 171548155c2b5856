//! What is held to reach upstreams: opened secrets, and tokens that the gateway got for itself.

use std::rc::Rc;

use model::Timestamp;

use super::Facts;
use crate::{Need, decision::Stop, shelf::Shelf};

/// Secrets and tokens of upstreams, in memory only.
#[derive(Debug)]
pub(crate) struct Upstreams {
    secrets: Shelf<String, Rc<str>>,
    tokens: Shelf<String, Token>,
}

/// A token, or the question for one that is under way.
#[derive(Debug)]
enum Token {
    Held { token: Rc<str>, until: Timestamp },
    Asked(Timestamp),
}

/// How it stands with the token for an upstream.
#[derive(Debug)]
pub(crate) enum Standing {
    /// This one is good.
    Held(Rc<str>),
    /// Another call is asking for one.
    Asked,
    /// The caller is to ask; others wait for it.
    Absent,
}

impl Default for Upstreams {
    fn default() -> Self {
        Self {
            secrets: Shelf::new(SECRETS),
            tokens: Shelf::new(SECRETS),
        }
    }
}

impl Upstreams {
    /// The token of this name. One that is about to expire is none.
    pub(crate) fn token(&mut self, name: &str, now: Timestamp) -> Standing {
        match self.tokens.get(name) {
            Some(Token::Held { token, until }) if now < *until => {
                return Standing::Held(Rc::clone(token));
            }
            Some(Token::Asked(at)) if now.ms_since(*at) < ASKING_MS => return Standing::Asked,
            _ => {}
        }
        self.tokens.put(name.to_owned(), Token::Asked(now));
        Standing::Absent
    }

    /// Keeps what was asked for; `seconds`: how long it is said to be good.
    pub(crate) fn keep_token(&mut self, name: &str, token: Rc<str>, seconds: u64, now: Timestamp) {
        let seconds = i64::try_from(seconds.min(MOST_SECONDS)).unwrap_or(0);
        // A tenth of its life earlier, so that none expires on its way; a minute earlier at most.
        let until = now.plus_ms(seconds * 1_000 - (seconds * 100).min(60_000));
        self.tokens
            .put(name.to_owned(), Token::Held { token, until });
    }

    /// It is no good, or could not be got. One that came since stays.
    pub(crate) fn drop_token(&mut self, name: &str, used: Option<&str>) {
        let is_it = match (self.tokens.get(name), used) {
            (Some(Token::Held { token, .. }), Some(used)) => &**token == used,
            (Some(Token::Asked(_)), None) => true,
            _ => false,
        };
        if is_it {
            self.tokens.remove(name);
        }
    }
}

impl Facts {
    /// A secret by its name, which stands for one value for ever.
    pub(crate) fn secret(&mut self, name: &str) -> Result<Rc<str>, Stop> {
        let held = self.upstreams.secrets.get(name).map(|it| Rc::clone(it));
        held.ok_or_else(|| Stop::missing(Need::Secret(name.to_owned())))
    }

    pub(super) fn put_secret(&mut self, name: &str, secret: &str) {
        self.upstreams
            .secrets
            .put(name.to_owned(), Rc::from(secret));
    }
}

/// Endpoints that sign in, in one isolate.
const SECRETS: usize = 1_000;
/// A question for a token that has no answer by then is asked by somebody else.
const ASKING_MS: i64 = 10_000;
/// A day: longer than tokens live that matter.
const MOST_SECONDS: u64 = 86_400;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_call_asks_for_a_token_and_others_wait() {
        let (mut held, now) = (Upstreams::default(), Timestamp(0));
        assert!(matches!(held.token("t", now), Standing::Absent));
        assert!(matches!(held.token("t", now), Standing::Asked));
        assert!(matches!(
            held.token("t", now.plus_ms(ASKING_MS)),
            Standing::Absent
        ));
        held.keep_token("t", "one".into(), 100, now);
        assert!(matches!(
            held.token("t", now.plus_ms(89_999)),
            Standing::Held(_)
        ));
        assert!(matches!(
            held.token("t", now.plus_ms(90_000)),
            Standing::Absent
        ));
    }

    #[test]
    fn only_the_token_that_failed_is_dropped() {
        let (mut held, now) = (Upstreams::default(), Timestamp(0));
        held.keep_token("t", "new".into(), 100, now);
        held.drop_token("t", Some("old"));
        held.drop_token("t", None);
        assert!(matches!(held.token("t", now), Standing::Held(_)));
        held.drop_token("t", Some("new"));
        assert!(matches!(held.token("t", now), Standing::Absent));
    }
}
