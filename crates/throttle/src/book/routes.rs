//! Where messages go: to a counter's owner, or to one of the relays before it.

use std::collections::HashMap;

use model::Timestamp;

use crate::{Holder, ObjectName};

/// What the owners said of their relays.
#[derive(Clone, Debug)]
pub(super) struct Routes {
    /// Which relay of many is this holder's.
    place: u32,
    by_object: HashMap<ObjectName, Route>,
}

#[derive(Clone, Copy, Debug)]
struct Route {
    /// None: one of them failed a moment ago.
    relays: Option<u32>,
    until: Timestamp,
}

impl Routes {
    pub(super) fn new(holder: &Holder) -> Self {
        Self {
            place: holder.place(),
            by_object: HashMap::new(),
        }
    }

    /// The relay that is to be asked in the owner's place, if one is.
    pub(super) fn relay(&self, object: &ObjectName, now: Timestamp) -> Option<u32> {
        if self.by_object.is_empty() {
            return None;
        }
        let route = self.by_object.get(object).filter(|it| it.until > now)?;
        route
            .relays
            .and_then(|relays| self.place.checked_rem(relays))
    }

    /// Takes the word of an owner, or of a relay that passes it on; 0 for no relays.
    pub(super) fn learn(&mut self, object: &ObjectName, relays: u32, now: Timestamp) {
        let known = self.by_object.get(object);
        if known.is_none() && relays == 0 {
            return;
        }
        if known.is_some_and(|it| it.relays.is_none() && it.until > now) {
            return;
        }
        if relays == 0 {
            self.by_object.remove(object);
            return;
        }
        self.make_room(now);
        let until = now.plus_ms(KNOWN_FOR_MS);
        let route = Route {
            relays: Some(relays),
            until,
        };
        self.by_object.insert(object.clone(), route);
    }

    /// A relay gave no answer: the owner itself is asked for a while.
    pub(super) fn failed(&mut self, object: &ObjectName, now: Timestamp) {
        let until = now.plus_ms(SHUNNED_FOR_MS);
        let route = Route {
            relays: None,
            until,
        };
        self.by_object.insert(object.clone(), route);
    }

    fn make_room(&mut self, now: Timestamp) {
        if self.by_object.len() >= OBJECTS_AT_MOST {
            self.by_object.retain(|_, route| route.until > now);
        }
        if self.by_object.len() >= OBJECTS_AT_MOST {
            self.by_object.clear();
        }
    }
}

/// Whoever spends asks about once a minute, and hears anew.
const KNOWN_FOR_MS: i64 = 300_000;
const SHUNNED_FOR_MS: i64 = 30_000;
/// Objects that hundreds of isolates ask; one that is forgotten says it again.
const OBJECTS_AT_MOST: usize = 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_763_949_990_000);

    #[test]
    fn a_relay_is_asked_until_it_fails() {
        let object = ObjectName::of_application(&"acme".into(), &"app".into());
        let mut routes = Routes::new(&Holder::from_random(5));
        assert_eq!(routes.relay(&object, NOW), None);
        routes.learn(&object, 8, NOW);
        let relay = routes.relay(&object, NOW);
        assert!(relay.is_some_and(|relay| relay < 8), "{relay:?}");
        routes.failed(&object, NOW);
        routes.learn(&object, 8, NOW.plus_ms(1));
        assert_eq!(routes.relay(&object, NOW.plus_ms(1)), None, "it is shunned");
        let later = NOW.plus_ms(SHUNNED_FOR_MS);
        routes.learn(&object, 8, later);
        assert_eq!(routes.relay(&object, later), relay);
        routes.learn(&object, 0, later);
        assert_eq!(routes.relay(&object, later), None, "the crowd has gone");
    }

    #[test]
    fn what_an_owner_said_long_ago_is_forgotten() {
        let object = ObjectName::of_application(&"acme".into(), &"app".into());
        let mut routes = Routes::new(&Holder::from_random(5));
        routes.learn(&object, 8, NOW);
        assert_eq!(routes.relay(&object, NOW.plus_ms(KNOWN_FOR_MS)), None);
    }
}
