//! Which of the scopes that were asked for are granted.

use crate::{ErrorKind, OauthError, consent::PERSON_SCOPES};

/// A scope that only people with one of the roles may get. A scope has as many rules as there are who bind it, and all of
/// them must be met: an API that gives its scope a name that another one has opens nothing there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeRule {
    /// The scope.
    pub scope: String,
    /// Any one of these suffices.
    pub roles: Vec<String>,
}

/// Whom the token is for.
#[derive(Clone, Copy, Debug)]
pub enum Beneficiary<'a> {
    /// The client itself, which may have of bound scopes what its owner may, as in WSO2.
    Client {
        /// The roles of its owner; none where it has no owner who may act.
        owner_roles: &'a [String],
    },
    /// A person, with these roles, through a client.
    User {
        /// The person's roles.
        roles: &'a [String],
        /// The client was registered by itself, not for an application: only such a client may hold system scopes.
        by_management_client: bool,
    },
}

/// Splits a `scope` parameter (RFC 6749 section 3.3); each scope once, in the order given.
///
/// # Errors
/// `invalid_scope` for a forbidden character, or more than 200 scopes.
pub fn parse_scopes(text: &str) -> Result<Vec<String>, OauthError> {
    let mut scopes: Vec<String> = Vec::new();
    for scope in text.split(' ').filter(|scope| !scope.is_empty()) {
        if !scope.bytes().all(is_scope_byte) {
            return Err(OauthError::new(
                ErrorKind::InvalidScope,
                "a scope has printable ASCII characters only, without `\"` and `\\`",
            ));
        }
        if scopes.len() == MAX_SCOPES {
            return Err(OauthError::new(
                ErrorKind::InvalidScope,
                "ask for at most 200 scopes",
            ));
        }
        if !scopes.iter().any(|known| known == scope) {
            scopes.push(scope.to_owned());
        }
    }
    Ok(scopes)
}

/// What of `requested` is granted; what is not is left out silently, as WSO2 does. Nothing granted is the scope
/// `default`. A scope with rules needs a person (or a client whose owner is one) with a role of each; a system scope needs
/// a rule, a person and a management client.
#[must_use]
pub fn grant_scopes(
    requested: &[String],
    beneficiary: Beneficiary<'_>,
    rules: &[ScopeRule],
) -> Vec<String> {
    let granted: Vec<String> = requested
        .iter()
        .filter(|scope| *scope != DEFAULT && is_granted(scope, beneficiary, rules))
        .cloned()
        .collect();
    if granted.is_empty() {
        return vec![DEFAULT.to_owned()];
    }
    granted
}

/// Is this one of the product's own scopes, for its management APIs?
#[must_use]
pub fn is_system(scope: &str) -> bool {
    SYSTEM.iter().any(|prefix| scope.starts_with(prefix))
}

/// May APIs say who gets this scope? Not for the product's own, nor for what sign-in itself is made of.
#[must_use]
pub fn is_for_apis_to_bind(scope: &str) -> bool {
    !is_system(scope) && scope != DEFAULT && !PERSON_SCOPES.contains(&scope)
}

fn is_granted(scope: &str, beneficiary: Beneficiary<'_>, rules: &[ScopeRule]) -> bool {
    let mut own = rules.iter().filter(|rule| rule.scope == scope).peekable();
    let is_bound = own.peek().is_some();
    let mut meets = |roles: &[String]| own.all(|rule| overlap(&rule.roles, roles));
    match beneficiary {
        Beneficiary::Client { owner_roles } => {
            !is_system(scope) && scope != OPENID && meets(owner_roles)
        }
        Beneficiary::User {
            roles,
            by_management_client,
        } => meets(roles) && (!is_system(scope) || (is_bound && by_management_client)),
    }
}

fn overlap(one: &[String], other: &[String]) -> bool {
    one.iter().any(|item| other.contains(item))
}

/// `%x21 / %x23-5B / %x5D-7E` of RFC 6749 section 3.3.
const fn is_scope_byte(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E)
}

const DEFAULT: &str = "default";
const OPENID: &str = "openid";
const SYSTEM: &[&str] = &["apim:", "apim_analytics:", "service_catalog:"];
/// WSO2's publisher has 110 of them, and a portal asks for all.
const MAX_SCOPES: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(text: &str) -> Vec<String> {
        text.split_ascii_whitespace()
            .map(ToOwned::to_owned)
            .collect()
    }

    fn rules() -> Vec<ScopeRule> {
        [
            ("apim:admin", "admin"),
            ("apim:api_view", "admin Internal/creator"),
            ("gold", "vip"),
        ]
        .map(|(scope, roles)| ScopeRule {
            scope: scope.into(),
            roles: strings(roles),
        })
        .to_vec()
    }

    #[test]
    fn roles_limit_what_people_get() {
        let check = |requested: &str, roles: &str, managing: bool, expected: &str| {
            let roles = strings(roles);
            let user = Beneficiary::User {
                roles: &roles,
                by_management_client: managing,
            };
            let granted = grant_scopes(&strings(requested), user, &rules());
            assert_eq!(
                granted.join(" "),
                expected,
                "{requested} {roles:?} {managing}"
            );
        };
        check(
            "apim:admin apim:api_view",
            "Internal/creator",
            true,
            "apim:api_view",
        );
        check(
            "apim:admin apim:api_view",
            "admin",
            true,
            "apim:admin apim:api_view",
        );
        check("apim:admin openid", "admin", false, "openid");
        check("apim:unknown", "admin", true, "default");
        check("gold free", "Internal/creator", false, "free");
        check("gold free", "vip", false, "gold free");
        check("", "admin", true, "default");
        check("default x", "admin", true, "x");
    }

    #[test]
    fn clients_get_what_their_owner_may_have() {
        let check = |requested: &str, roles: &str, expected: &str| {
            let owner_roles = &strings(roles);
            let client = Beneficiary::Client { owner_roles };
            let granted = grant_scopes(&strings(requested), client, &rules());
            assert_eq!(granted.join(" "), expected, "{requested} {roles}");
        };
        check("apim:admin apim:other gold openid read", "", "read");
        check("gold read", "Internal/creator", "read");
        check("gold read", "vip", "gold read");
        check("apim:admin apim:api_view openid", "admin", "default");
    }

    #[test]
    fn all_who_bind_a_scope_are_heeded() {
        let rules = [("gold", "vip"), ("gold", "miner smith"), ("silver", "vip")];
        let rules = rules.map(|(scope, roles)| ScopeRule {
            scope: scope.into(),
            roles: strings(roles),
        });
        let check = |roles: &str, expected: &str| {
            let roles = &strings(roles);
            let user = Beneficiary::User {
                roles,
                by_management_client: false,
            };
            let client = Beneficiary::Client { owner_roles: roles };
            for whom in [user, client] {
                let granted = grant_scopes(&strings("gold silver"), whom, &rules);
                assert_eq!(granted.join(" "), expected, "{roles:?}");
            }
        };
        check("vip", "silver");
        check("smith", "default");
        check("vip smith", "gold silver");
    }

    #[test]
    fn apis_bind_no_scope_of_ours() {
        for ours in [
            "apim:admin",
            "apim_analytics:x",
            "service_catalog:y",
            "openid",
            "offline_access",
            "default",
        ] {
            assert!(!is_for_apis_to_bind(ours), "{ours}");
        }
        assert!(is_for_apis_to_bind("read:pets"));
    }

    #[test]
    fn scopes_are_read_as_the_standard_writes() {
        assert_eq!(parse_scopes(" a  b a ").unwrap(), ["a", "b"]);
        for bad in ["a\"b", "a\\b", "ä", "a\tb"] {
            assert!(parse_scopes(bad).is_err(), "{bad}");
        }
        let many: String = (0..201).map(|n| format!("s{n} ")).collect();
        assert!(parse_scopes(&many).is_err());
    }
}
