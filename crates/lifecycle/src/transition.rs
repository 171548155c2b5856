//! The states of an API as data: which event leads from where to where, and what may be asked for on the way.

use model::ApiState::{self, Blocked, Created, Deprecated, Prototyped, Published, Retired};

/// One arrow of the state machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// Where it starts.
    pub from: ApiState,
    /// What it is called: the `action` of `change-lifecycle`.
    pub event: &'static str,
    /// Where it leads.
    pub to: ApiState,
}

/// Every arrow, in the order in which portals show them (WSO2 API Manager 4, `APILifeCycle`).
pub const TRANSITIONS: &[Transition] = &[
    arrow(Created, PUBLISH, Published),
    arrow(Created, PROTOTYPE, Prototyped),
    arrow(Prototyped, PUBLISH, Published),
    arrow(Prototyped, DEMOTE, Created),
    arrow(Prototyped, PROTOTYPE, Prototyped),
    arrow(Published, BLOCK, Blocked),
    arrow(Published, PROTOTYPE, Prototyped),
    arrow(Published, DEMOTE, Created),
    arrow(Published, DEPRECATE, Deprecated),
    arrow(Published, PUBLISH, Published),
    arrow(Blocked, DEPRECATE, Deprecated),
    arrow(Blocked, RE_PUBLISH, Published),
    arrow(Deprecated, RETIRE, Retired),
];

/// What a publisher may ask for when publishing (the peer's check items, with its words).
pub const CHECK_ITEMS: &[&str] = &[DEPRECATE_OLD_VERSIONS, REQUIRE_RESUBSCRIPTION];

/// Publishing deprecates the other published versions of the same API.
pub const DEPRECATE_OLD_VERSIONS: &str = "Deprecate old versions after publishing the API";

/// Publishing a new version leaves the subscriptions of the old ones with the old ones. Without it they are copied by
/// the peer; here they always stay, so the item has no effect.
pub const REQUIRE_RESUBSCRIPTION: &str = "Requires re-subscription when publishing the API";

/// Where `event` leads from `state`; `None` when it leads nowhere from there.
#[must_use]
pub fn next(state: ApiState, event: &str) -> Option<ApiState> {
    available(state)
        .find(|transition| transition.event.eq_ignore_ascii_case(event))
        .map(|transition| transition.to)
}

/// The arrows that start at `state`.
pub fn available(state: ApiState) -> impl Iterator<Item = &'static Transition> {
    TRANSITIONS
        .iter()
        .filter(move |transition| transition.from == state)
}

/// `true` for the name of any event, whatever the state.
#[must_use]
pub fn is_event(name: &str) -> bool {
    TRANSITIONS
        .iter()
        .any(|transition| transition.event.eq_ignore_ascii_case(name))
}

/// Reads `lifecycleChecklist` (`<item>:true,<item>:false`): the items that are asked for.
///
/// # Errors
/// What is wrong with the text, in words.
pub fn checklist(text: &str) -> Result<Vec<&'static str>, String> {
    let mut asked = Vec::new();
    for part in text
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        let (name, value) = part
            .rsplit_once(':')
            .ok_or_else(|| format!("`{part}` is not `<check item>:true`"))?;
        let item = CHECK_ITEMS
            .iter()
            .find(|item| item.eq_ignore_ascii_case(name.trim()))
            .ok_or_else(|| format!("`{name}` is not a check item"))?;
        match value.trim() {
            "true" => asked.push(*item),
            "false" => {}
            other => return Err(format!("`{other}` is neither `true` nor `false`")),
        }
    }
    Ok(asked)
}

const PUBLISH: &str = "Publish";
const PROTOTYPE: &str = "Deploy as a Prototype";
const DEMOTE: &str = "Demote to Created";
const BLOCK: &str = "Block";
const DEPRECATE: &str = "Deprecate";
const RE_PUBLISH: &str = "Re-Publish";
const RETIRE: &str = "Retire";

const fn arrow(from: ApiState, event: &'static str, to: ApiState) -> Transition {
    Transition { from, event, to }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_event_leads_where_the_peer_leads() {
        let check =
            |state, event, expected| assert_eq!(next(state, event), expected, "{state:?} {event}");
        check(Created, "Publish", Some(Published));
        check(Created, "Block", None);
        check(Published, "Block", Some(Blocked));
        check(Blocked, "Publish", None);
        check(Blocked, "Re-Publish", Some(Published));
        check(Deprecated, "Retire", Some(Retired));
        check(Published, "publish", Some(Published));
    }

    #[test]
    fn retired_is_the_end() {
        assert_eq!(available(Retired).count(), 0);
    }

    #[test]
    fn checklist_takes_known_items_only() {
        assert_eq!(
            checklist(&format!(
                "{DEPRECATE_OLD_VERSIONS}:true,{REQUIRE_RESUBSCRIPTION}:false"
            )),
            Ok(vec![DEPRECATE_OLD_VERSIONS])
        );
        assert_eq!(checklist(""), Ok(vec![]));
        assert!(checklist("Wash the dishes:true").is_err());
        assert!(checklist(&format!("{DEPRECATE_OLD_VERSIONS}:maybe")).is_err());
    }
}
