//! A provider as administrators describe it.

use std::collections::BTreeMap;

use problem::Problem;
use serde::{Deserialize, Serialize};
use url::Url;

/// A provider to be added or replaced.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NewProvider {
    /// In addresses: lower-case letters, digits and dashes.
    pub name: String,
    /// On the button.
    pub display_name: String,
    /// Exactly as the provider's metadata spells it.
    pub issuer: String,
    /// Our client there.
    pub client_id: String,
    /// Absent for a public client, or to leave what there is when replacing.
    pub client_secret: Option<String>,
    /// The rest.
    #[serde(flatten)]
    pub rules: ProviderRules,
}

/// How a provider's people become ours. (No `deny_unknown_fields`: it is flattened into one that has it.)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ProviderRules {
    /// Asked for besides `openid`.
    pub scopes: Vec<String>,
    /// The claim that lists a person's groups.
    pub groups_claim: String,
    /// Group to roles. The roles named here are the provider's to give and to take, at each sign-in.
    pub roles: BTreeMap<String, Vec<String>>,
    /// Roles of a person who signs in for the first time.
    pub default_roles: Vec<String>,
    /// Whether whoever signs in there for the first time gets an account here.
    pub create_people: bool,
}

impl Default for ProviderRules {
    fn default() -> Self {
        Self {
            scopes: vec!["profile".into(), "email".into()],
            groups_claim: "groups".into(),
            roles: BTreeMap::new(),
            default_roles: Vec::new(),
            create_people: false,
        }
    }
}

impl NewProvider {
    /// Is everything in order? Whether the roles exist is for the database to say.
    ///
    /// # Errors
    /// 400 with all faults.
    pub fn check(&self) -> Result<(), Problem> {
        let mut problem = Problem::new("400");
        let is_slug = (1..=40).contains(&self.name.len())
            && self
                .name
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if !is_slug {
            problem = problem.fault("name", "give 1 to 40 lower-case letters, digits and dashes");
        }
        if !is_line(&self.display_name, 60) {
            problem = problem.fault("displayName", "give 1 to 60 characters");
        }
        if !is_issuer(&self.issuer) {
            problem = problem.fault(
                "issuer",
                "give an `https` address without query and fragment",
            );
        }
        if !is_line(&self.client_id, 200) {
            problem = problem.fault(
                "clientId",
                "give the id of the client that the provider made for you",
            );
        }
        if self
            .client_secret
            .as_deref()
            .is_some_and(|secret| !is_line(secret, 500))
        {
            problem = problem.fault("clientSecret", "give 1 to 500 characters, or leave it out");
        }
        let is_token = |scope: &String| is_line(scope, 100) && !scope.contains([' ', '"', '\\']);
        if self.rules.scopes.len() > 20 || !self.rules.scopes.iter().all(is_token) {
            problem = problem.fault("scopes", "give at most 20 scopes without spaces");
        }
        if self.rules.roles.len() > 200 || !is_line(&self.rules.groups_claim, 100) {
            problem = problem.fault(
                "roles",
                "map at most 200 groups, and name the claim that lists them",
            );
        }
        if problem.faults.is_empty() {
            Ok(())
        } else {
            Err(problem)
        }
    }
}

impl ProviderRules {
    /// Every role that is named, to be looked up.
    #[must_use]
    pub fn named_roles(&self) -> Vec<String> {
        let mut named: Vec<String> = self.roles.values().flatten().cloned().collect();
        named.extend(self.default_roles.iter().cloned());
        named.sort_unstable();
        named.dedup();
        named
    }

    /// What is asked for.
    #[must_use]
    pub fn scope(&self) -> String {
        let others = self.scopes.iter().filter(|scope| *scope != "openid");
        std::iter::once("openid")
            .chain(others.map(String::as_str))
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The roles of a person after a sign-in with these groups: what the provider gives is as it says, the rest stays.
    #[must_use]
    pub fn roles_after(&self, before: &[String], groups: &[String]) -> Vec<String> {
        let governed: Vec<&String> = self.roles.values().flatten().collect();
        let mut after: Vec<String> = before
            .iter()
            .filter(|role| !governed.contains(role))
            .cloned()
            .collect();
        after.extend(
            groups
                .iter()
                .filter_map(|group| self.roles.get(group))
                .flatten()
                .cloned(),
        );
        after.sort_unstable();
        after.dedup();
        after
    }
}

fn is_line(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

/// `http` is for the guarded fetch to refuse where it is not a local platform.
fn is_issuer(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "https" | "http")
            && url.has_host()
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(more: &Value) -> Result<NewProvider, serde_json::Error> {
        let mut provider = json!({
            "name": "corp", "displayName": "Corp", "issuer": "https://idp.example", "clientId": "c",
        });
        let members = provider.as_object_mut().unwrap();
        members.extend(more.as_object().unwrap().clone());
        serde_json::from_value(provider)
    }

    #[test]
    fn every_fault_is_named() {
        assert!(read(&json!({})).unwrap().check().is_ok());
        let bad = json!({
            "name": "Corp!", "displayName": "", "issuer": "https://a?b", "clientId": "\n", "clientSecret": "",
            "scopes": ["a b"], "groupsClaim": "",
        });
        assert!(read(&json!({"open": true})).is_err());
        let faults = read(&bad).unwrap().check().unwrap_err().faults;
        assert_eq!(faults.len(), 7, "{faults:?}");
    }

    #[test]
    fn provider_gives_and_takes_its_own_roles_only() {
        let rules = read(&json!({"roles": {"dev": ["Internal/creator"], "ops": ["Internal/devops", "Internal/creator"]}}))
            .unwrap()
            .rules;
        let check = |before: &[&str], groups: &[&str], after: &[&str]| {
            let own = |list: &[&str]| {
                list.iter()
                    .map(|word| (*word).to_owned())
                    .collect::<Vec<_>>()
            };
            assert_eq!(
                rules.roles_after(&own(before), &own(groups)),
                own(after),
                "{groups:?}"
            );
        };
        check(&["admin"], &[], &["admin"]);
        check(&["admin", "Internal/creator"], &[], &["admin"]);
        check(
            &[],
            &["ops", "dev", "unknown"],
            &["Internal/creator", "Internal/devops"],
        );
        check(&["Internal/devops"], &["dev"], &["Internal/creator"]);
    }

    #[test]
    fn openid_is_always_asked_for() {
        assert_eq!(ProviderRules::default().scope(), "openid profile email");
        let rules = read(&json!({"scopes": ["openid", "groups"]}))
            .unwrap()
            .rules;
        assert_eq!(rules.scope(), "openid groups");
    }
}
