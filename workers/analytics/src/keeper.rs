//! Who keeps the statistics: the variable `EVENT_STORE`.

use worker::Env;

/// Who keeps the statistics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keeper {
    /// Our own objects: exact, and with single events.
    Embedded,
    /// Cloudflare's Analytics Engine.
    Engine,
    /// Both keep them; our own objects are asked.
    Both,
}

impl Keeper {
    /// What is set; anything else is the embedded store.
    pub(crate) fn of(env: &Env) -> Self {
        let word = env.var("EVENT_STORE").map(|it| it.to_string());
        match word.unwrap_or_default().as_str() {
            "engine" => Self::Engine,
            "both" => Self::Both,
            _ => Self::Embedded,
        }
    }
}
