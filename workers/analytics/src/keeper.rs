//! Who keeps the statistics: the variable `EVENT_STORE`.

use js_sys::Reflect;
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
        match variable(env, "EVENT_STORE").as_str() {
            "engine" => Self::Engine,
            "both" => Self::Both,
            _ => Self::Embedded,
        }
    }

    /// How many events a batch of a gateway should have at most. The engine takes so many points of an invocation; the
    /// embedded store takes twice as many, which it has done after some 20 ms, while self-hosted calls share its thread.
    pub(crate) const fn events_at_once(self) -> usize {
        match self {
            Self::Embedded => 500,
            Self::Engine | Self::Both => 250,
        }
    }
}

/// A variable or secret; empty when it is not set. Stock workerd says `null` then, over which the binding's own way to
/// read one breaks.
pub(crate) fn variable(env: &Env, name: &str) -> String {
    let value = Reflect::get(env, &name.into()).ok();
    value.and_then(|it| it.as_string()).unwrap_or_default()
}
