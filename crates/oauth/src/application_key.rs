//! What an application's client may be: the rules of WSO2's `generate-keys` and `oauth-keys`.

use problem::Problem;
use serde_json::{Map, Value};
use url::Url;

use crate::{GrantKind, Settings, is_redirect_uri};

/// A client as its application's owner wants it.
#[derive(Clone, Copy, Debug)]
pub struct ClientWish<'a> {
    /// The property that names the grants: it differs between making and changing.
    pub grants_place: &'static str,
    /// Names of grants.
    pub grants: &'a [String],
    /// Where a person is sent back to; may be empty.
    pub callback: &'a str,
    /// WSO2's `additionalProperties`.
    pub properties: &'a Map<String, Value>,
}

impl ClientWish<'_> {
    /// Sees that the client could work and would be safe.
    ///
    /// # Errors
    /// 900953 with every fault.
    pub fn check(&self) -> Result<(), Problem> {
        let mut problem = Problem::new("900953");
        for message in self.grant_faults() {
            problem = problem.fault(self.grants_place, message);
        }
        if let Some(message) = self.callback_fault() {
            problem = problem.fault("callbackUrl", message);
        }
        match Settings::parse(self.properties) {
            Ok(settings) if settings.is_public && self.needs_secret() => {
                problem = problem.fault(place("bypassClientCredentials"), PUBLIC_RULE);
            }
            Ok(_) => {}
            Err(refusal) => {
                for fault in refusal.faults {
                    problem = problem.fault(place(&fault.place), fault.message);
                }
            }
        }
        match problem.faults.as_slice() {
            [] => Ok(()),
            [first, ..] => {
                let detail = format!("`{}`: {}", first.place, first.message);
                Err(problem.detail(detail))
            }
        }
    }

    fn grant_faults(&self) -> Vec<String> {
        if self.grants.is_empty() {
            return vec!["names no grant type".to_owned()];
        }
        self.grants
            .iter()
            .filter(|name| GrantKind::named(name).is_none())
            .map(|name| format!("there is no grant type `{name}`"))
            .collect()
    }

    /// Who gets codes has to have a place that codes may be sent to; for others it is a note.
    fn callback_fault(&self) -> Option<&'static str> {
        let sends = self.has(GrantKind::AuthorizationCode) || self.has(GrantKind::Implicit);
        match self.callback {
            "" if sends => Some("is missing; `authorization_code` and `implicit` need it"),
            "" => None,
            callback if sends && !is_redirect_uri(callback) => Some(REDIRECT_RULE),
            callback if callback.len() <= MAX_LENGTH && Url::parse(callback).is_ok() => None,
            _ => Some("is not an absolute URL of 2,048 characters at the most"),
        }
    }

    /// Grants that whoever knows the client's id could use, were there no secret.
    fn needs_secret(&self) -> bool {
        self.has(GrantKind::ClientCredentials) || self.has(GrantKind::Password)
    }

    fn has(&self, kind: GrantKind) -> bool {
        self.grants.iter().any(|name| name == kind.as_str())
    }
}

fn place(name: &str) -> String {
    format!("additionalProperties.{name}")
}

const MAX_LENGTH: usize = 2048;
const REDIRECT_RULE: &str = "is neither `https`, nor `http` on this machine, nor an application's own scheme; no fragment, no user name";
const PUBLIC_RULE: &str = "a client without a secret cannot have `client_credentials` or `password`: anybody could act as it";

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const CODE: &str = "authorization_code";
    const CREDENTIALS: &str = "client_credentials";

    fn check(grants: &[&str], callback: &str, properties: &Value, expected: &[&str]) {
        let grants: Vec<String> = grants.iter().map(|name| (*name).to_owned()).collect();
        let wish = ClientWish {
            grants_place: "grants",
            grants: &grants,
            callback,
            properties: properties.as_object().unwrap(),
        };
        let faults = wish
            .check()
            .map_or_else(|problem| problem.faults, |()| vec![]);
        let mut places: Vec<String> = faults.into_iter().map(|fault| fault.place).collect();
        places.sort();
        assert_eq!(places, expected, "{grants:?} {callback} {properties}");
    }

    #[test]
    fn codes_need_a_place_to_go_to() {
        let none = &json!({});
        let bad = &["callbackUrl"];
        check(&[CREDENTIALS], "", none, &[]);
        check(&[CREDENTIALS], "http://a.example/cb", none, &[]);
        check(&[CREDENTIALS], "cb", none, bad);
        check(&[CODE, "refresh_token"], "https://a.example/cb", none, &[]);
        check(&[CODE], "com.example.app:/cb", none, &[]);
        check(&["implicit"], "", none, bad);
        for callback in [
            "",
            "http://a.example/cb",
            "https://a.example/cb#f",
            "javascript:alert(1)",
        ] {
            check(&[CODE], callback, none, bad);
        }
    }

    #[test]
    fn grants_are_known_ones() {
        check(&[], "", &json!({}), &["grants"]);
        check(
            &["magic", "kerberos"],
            "",
            &json!({}),
            &["grants", "grants"],
        );
        check(&["magic"], "cb", &json!({}), &["callbackUrl", "grants"]);
    }

    #[test]
    fn settings_are_read_and_public_clients_kept_harmless() {
        let bypass = "additionalProperties.bypassClientCredentials";
        let public = &json!({"bypassClientCredentials": "true"});
        check(&[CODE], "com.example.app:/cb", public, &[]);
        check(&[CREDENTIALS], "", public, &[bypass]);
        check(&["password", "refresh_token"], "", public, &[bypass]);
        let unclear = &json!({"bypassClientCredentials": "maybe"});
        check(&[CREDENTIALS], "", unclear, &[bypass]);
        let several = &json!({"refresh_token_expiry_time": -1, "pkceMandatory": 1, "x": 1});
        let expected = [
            "additionalProperties.pkceMandatory",
            "additionalProperties.refresh_token_expiry_time",
            "additionalProperties.x",
        ];
        check(&[CREDENTIALS], "", several, &expected);
    }
}
