//! transform: who calls, signed for the upstream (WSO2's backend JWT, `X-JWT-Assertion`), where its API asks for that.

use std::{collections::BTreeMap, rc::Rc};

use model::Timestamp;
use serde::Serialize;

use crate::{Facts, Need, authenticate::Granted, charges::Call, decision::Stop, shelf::Shelf};

/// What the Key Manager is to sign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Introduction {
    /// Who calls, to the upstream.
    pub subject: String,
    /// Claims in WSO2's dialect, all texts.
    pub claims: BTreeMap<String, String>,
}

/// The signed introduction; `None` for most calls, whose upstreams do not ask.
pub(crate) fn of(
    call: &Call<'_>,
    granted: &Granted<'_>,
    facts: &mut Facts,
    now: Timestamp,
) -> Result<Option<Rc<str>>, Stop> {
    if !call.located.deployment.conduct.introduces {
        return Ok(None);
    }
    let introduction = Introduction::of(call, granted);
    match facts.introductions.find(&introduction, now) {
        Some(token) => Ok(Some(token)),
        None => Err(Stop::missing(Need::Introduction(Box::new(introduction)))),
    }
}

impl Introduction {
    fn of(call: &Call<'_>, granted: &Granted<'_>) -> Self {
        let deployment = &call.located.deployment;
        let principal = call.principal;
        let user = principal.user.name();
        let mut claims = BTreeMap::new();
        let mut add = |name: &str, value: &str| {
            claims.insert(format!("{DIALECT}{name}"), value.to_owned());
        };
        if let Some(application) = principal.application.as_deref() {
            add("subscriber", &application.owner);
            add("applicationid", application.id.as_str());
            add("applicationUUId", application.id.as_str());
            add("applicationname", &application.name);
            add("applicationtier", &application.policy);
        }
        add("apiname", &deployment.api.name);
        add("apicontext", &deployment.api.context);
        add("version", &deployment.api.version);
        if let Granted::Plan(plan) = granted {
            add("tier", plan);
        }
        add("keytype", call.target.key_type.as_str());
        let is_user = principal.is_user();
        add(
            "usertype",
            if is_user {
                "Application_User"
            } else {
                "Application"
            },
        );
        add("enduser", user);
        Self {
            subject: user.to_owned(),
            claims,
        }
    }

    fn key(&self) -> String {
        let values: Vec<&str> = self.claims.values().map(String::as_str).collect();
        // No value of a name has this letter in it.
        values.join("\u{1f}")
    }
}

/// Signed introductions, until they end.
#[derive(Debug)]
pub(crate) struct Introductions(Shelf<String, (Rc<str>, Timestamp)>);

impl Default for Introductions {
    fn default() -> Self {
        Self(Shelf::of_bytes(MOST, MOST_BYTES))
    }
}

impl Introductions {
    fn find(&mut self, introduction: &Introduction, now: Timestamp) -> Option<Rc<str>> {
        let (token, until) = self.0.get(&introduction.key())?;
        (now < *until).then(|| Rc::clone(token))
    }

    /// Keeps one that is good for so many seconds; the last part of that is left to whoever reads it.
    pub(crate) fn keep(
        &mut self,
        introduction: &Introduction,
        token: &str,
        seconds: i64,
        now: Timestamp,
    ) {
        let until = now.plus_ms(seconds.clamp(0, MOST_SECONDS) * 1_000 - RESERVE_MS);
        let bytes = token.len() + OVERHEAD_BYTES;
        self.0
            .put_of(bytes, introduction.key(), (token.into(), until));
    }
}

/// By which WSO2 API Manager calls what it says of a caller.
const DIALECT: &str = "http://wso2.org/claims/";
const MOST: usize = 10_000;
const MOST_BYTES: usize = 8 << 20;
const OVERHEAD_BYTES: usize = 300;
const MOST_SECONDS: i64 = 3_600;
/// A call may wait that long for its upstream, and clocks differ.
const RESERVE_MS: i64 = 120_000;
