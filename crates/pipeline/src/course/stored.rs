//! respond: answers that are kept for others who ask the same; `crates/cache` says which, for whom and for how long.
//!
//! What is kept is what the upstream said, before the API's checks and policies on replies: they are done anew for each
//! caller, and so is everything that is about the call itself.

use cache::{Ask, Asking, LookUp, Replied, Reply, Ticket};
use model::{OperationSecurity, Timestamp};
use problem::Problem;
use usage::CacheState;

use super::{Step, Travel, policies};
use crate::{Facts, authenticate::User, charges::Call};

/// What the cache knows of a call under way.
#[derive(Debug)]
pub(super) struct State {
    /// Who asks; `None` where nobody is asked who they are.
    caller: Option<String>,
    key_type: &'static str,
    seconds: u32,
    ask: Option<Ask>,
    /// A reply to be kept, once its body is there.
    ticket: Option<Ticket>,
    pub(super) told: Option<CacheState>,
}

/// May the answer to this call be kept, or be one that was? A stream of events or a socket has no end to wait for, and a
/// `HEAD` that is an operation of its own has rules of its own. Where policies change a call or its answer, what they do
/// may hang on who calls, which no key of an answer has.
pub(super) fn attends(call: &Call<'_>, facts: &Facts) -> bool {
    let request = call.request;
    call.located.deployment.conduct.cache_seconds.is_some()
        && !policies::attends(call, facts)
        && request.header("upgrade").is_none()
        && call
            .located
            .operation()
            .is_none_or(|it| it.method != "HEAD")
        && request
            .header("accept")
            .is_none_or(|accept| !accept.contains("text/event-stream"))
}

impl State {
    /// What is known when the call begins; nothing where answers are not kept.
    pub(super) fn begin(call: &Call<'_>, facts: &Facts) -> Option<Box<Self>> {
        if !attends(call, facts) {
            return None;
        }
        let located = call.located;
        let is_open = located
            .operation()
            .is_some_and(|it| it.security == OperationSecurity::None);
        Some(Box::new(Self {
            caller: (!is_open).then(|| caller(call)),
            key_type: call.target.key_type.as_str(),
            seconds: located.deployment.conduct.cache_seconds?,
            ask: None,
            ticket: None,
            told: None,
        }))
    }
}

/// Whoever has these in common is one caller: what was shown, by whom it was given out, for what, and whose it is.
fn caller(call: &Call<'_>) -> String {
    let principal = call.principal;
    let application = principal.application.as_ref();
    let shown = match &principal.user {
        User::OfToken(claims) => format!("token {} {}", claims.issuer, claims.scopes.join(" ")),
        User::OfCertificate(certificate) => format!("certificate {}", certificate.thumbprint),
        User::OfLogin(_) => "login".to_owned(),
        User::OfKey(_) => "key".to_owned(),
        User::Anonymous => "nothing".to_owned(),
    };
    let application = application.map_or("", |it| it.id.as_str());
    // The name comes last, so that none can pass for the rest.
    format!("{application}\u{1f}{shown}\u{1f}{}", principal.user.name())
}

/// Is there an answer already?
pub(super) fn look_up(travel: &mut Travel, facts: &mut Facts, now: Timestamp) -> Step {
    let Some(mut state) = travel.stored.take() else {
        return Step::Done;
    };
    let found = facts.cache.look_up(&state.asking(travel), now);
    let step = match found {
        LookUp::Answer(reply) => {
            state.answer(travel, reply, CacheState::Hit);
            Step::Answered
        }
        LookUp::NotHeld => Step::Fault(Problem::new("101510")),
        LookUp::Ask(ask) => {
            state.told = Some(if ask.is_bypass() {
                CacheState::Bypass
            } else {
                CacheState::Miss
            });
            if !ask.conditions.is_empty() {
                for name in ["if-none-match", "if-modified-since"] {
                    travel.request.headers.remove(name);
                }
            }
            for (name, value) in &ask.conditions {
                travel.request.headers.set(name, value.clone());
            }
            state.ask = Some(ask);
            Step::Done
        }
    };
    travel.stored = Some(state);
    step
}

/// Keeps the upstream's reply, when it may be; its body, if it has one, comes later.
pub(super) fn keep(travel: &mut Travel, facts: &mut Facts, now: Timestamp) -> Step {
    let Some(mut state) = travel.stored.take() else {
        return Step::Done;
    };
    if let Some(ask) = state.ask.take() {
        let sent = Timestamp(now.0 - i64::from(travel.upstream_ms()));
        let head = (travel.reply.status, &travel.reply.headers);
        let asking = state.asking(travel);
        let replied = facts.cache.replied(&ask, &asking, head, (sent, now));
        match replied {
            Replied::Answer {
                reply,
                is_confirmed,
            } => {
                let told = if is_confirmed {
                    CacheState::Revalidated
                } else {
                    CacheState::Stale
                };
                state.answer(travel, reply, told);
            }
            Replied::Pass { ticket, status } => {
                for (name, value) in status.iter() {
                    travel.reply.headers.add(name, value);
                }
                state.ticket = ticket;
            }
        }
    }
    if !travel.has_body_to_come()
        && let Some(ticket) = state.ticket.take()
    {
        facts.cache.keep(ticket, &[]);
    }
    travel.stored = Some(state);
    Step::Done
}

/// The upstream could not be reached: is there an answer that may stand in for its?
pub(super) fn stands_in(travel: &mut Travel, facts: &mut Facts, now: Timestamp) -> bool {
    let Some(mut state) = travel.stored.take() else {
        return false;
    };
    let reply = state.ask.take().and_then(|ask| {
        let asking = state.asking(travel);
        facts.cache.failed(&ask, &asking, now)
    });
    let stands_in = reply.is_some();
    if let Some(reply) = reply {
        state.answer(travel, reply, CacheState::Stale);
    }
    travel.stored = Some(state);
    stands_in
}

/// A stage has had the reply's body read: it is kept before anything is changed.
pub(super) fn read(travel: &mut Travel, facts: &mut Facts) {
    let Some(body) = &travel.reply.body else {
        return;
    };
    let ticket = travel.stored.as_mut().and_then(|it| it.ticket.take());
    if let Some(ticket) = ticket {
        facts.cache.keep(ticket, body);
    }
}

/// Is the reply's body, which nobody here reads, wanted once it has gone by?
pub(super) fn waits(travel: &Travel) -> bool {
    travel.stored.as_ref().is_some_and(|it| it.ticket.is_some())
}

/// The body has gone by, whole.
pub(super) fn gone_by(travel: &mut Travel, body: &[u8], facts: &mut Facts) {
    let ticket = travel.stored.as_mut().and_then(|it| it.ticket.take());
    if let Some(ticket) = ticket {
        facts.cache.keep(ticket, body);
    }
}

impl State {
    fn asking<'a>(&'a self, travel: &'a Travel) -> Asking<'a> {
        let deployment = &travel.deployment;
        let headers = &travel.request.headers;
        let security = &deployment.security;
        Asking {
            scope: [
                deployment.api.id.as_str(),
                &deployment.revision,
                self.key_type,
                headers.get("x-forwarded-host").unwrap_or_default(),
                headers.get("x-forwarded-proto").unwrap_or_default(),
            ],
            method: &travel.request.method,
            path: &travel.request.path,
            query: &travel.request.query,
            headers,
            caller: self.caller.as_deref(),
            credentials: [&security.authorization_header, &security.api_key_header],
            seconds: self.seconds,
        }
    }

    fn answer(&mut self, travel: &mut Travel, reply: Reply, told: CacheState) {
        self.told = Some(if reply.is_stale && told == CacheState::Hit {
            CacheState::Stale
        } else {
            told
        });
        travel.answer(reply.status, reply.headers, reply.body.to_vec());
    }
}
