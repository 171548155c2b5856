//! What a person has allowed a client, and how a page words it.

use serde::Serialize;

/// A scope as a consent page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScopeLine {
    /// Its name.
    pub name: String,
    /// What it allows, where we know.
    pub description: Option<&'static str>,
}

/// Does what was allowed before cover all that is wanted now?
#[must_use]
pub fn covers(allowed: &[String], wanted: &[String]) -> bool {
    wanted.iter().all(|scope| allowed.contains(scope))
}

/// What is allowed from now on: a client that asks for less the next time does not lose the rest.
#[must_use]
pub fn joined(allowed: &[String], wanted: &[String]) -> Vec<String> {
    let mut all = allowed.to_vec();
    all.extend(
        wanted
            .iter()
            .filter(|scope| !allowed.contains(scope))
            .cloned(),
    );
    all
}

/// The lines of a consent page. `default` allows nothing that a person could weigh, so it has none.
#[must_use]
pub fn scope_lines(scopes: &[String]) -> Vec<ScopeLine> {
    let lines = scopes
        .iter()
        .filter(|scope| *scope != "default")
        .map(|scope| {
            let known = DESCRIPTIONS.iter().find(|(name, _)| name == scope);
            ScopeLine {
                name: scope.clone(),
                description: known.map(|(_, description)| *description),
            }
        });
    lines.collect()
}

/// The scopes of people that this server knows the meaning of.
pub(crate) const PERSON_SCOPES: [&str; 6] = [
    "openid",
    "profile",
    "email",
    "groups",
    "roles",
    "offline_access",
];

const DESCRIPTIONS: [(&str, &str); 6] = [
    ("openid", "Know which account you are"),
    ("profile", "See your username and your name"),
    ("email", "See your email address"),
    ("groups", "See the groups that you are in"),
    ("roles", "See the roles that you have"),
    (
        "offline_access",
        "Keep its access while you are away, until you take it back",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(text: &str) -> Vec<String> {
        text.split_ascii_whitespace()
            .map(ToOwned::to_owned)
            .collect()
    }

    #[test]
    fn consent_covers_what_it_named_and_no_more() {
        let check = |allowed: &str, wanted: &str, expected| {
            assert_eq!(
                covers(&strings(allowed), &strings(wanted)),
                expected,
                "{allowed} / {wanted}"
            );
        };
        check("a b", "b", true);
        check("a b", "", true);
        check("a b", "b c", false);
        check("", "a", false);
        check("a", "A", false);
    }

    #[test]
    fn consent_grows_and_does_not_shrink() {
        assert_eq!(joined(&strings("a b"), &strings("c b")), strings("a b c"));
        assert_eq!(joined(&[], &strings("a")), strings("a"));
    }

    #[test]
    fn known_scopes_are_told_in_words() {
        let lines = scope_lines(&strings("openid read:pets default"));
        assert_eq!(lines.len(), 2);
        assert!(lines[0].description.is_some());
        assert_eq!(lines[1].description, None);
        for scope in PERSON_SCOPES {
            assert!(
                scope_lines(&[scope.to_owned()])[0].description.is_some(),
                "{scope}"
            );
        }
    }
}
