//! Client registration as WSO2's tooling does it (`/client-registration/v0.17/register`).

use problem::Problem;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::GrantKind;

/// The body as sent. WSO2's contract has every field as text; its tools send booleans for some.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct RegistrationRequest {
    client_name: Option<String>,
    owner: Option<String>,
    grant_type: Option<String>,
    callback_url: Option<String>,
    token_type: Option<String>,
    saas_app: Option<Value>,
    #[serde(rename = "userstoreDomainInSubject")]
    userstore_domain_in_subject: Option<Value>,
}

/// A registration in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// Unique for its owner; registering it again gives the same client a further secret.
    pub name: String,
    /// Who registers: always the caller.
    pub owner: String,
    /// Names of the grants.
    pub grants: Vec<String>,
    /// Where a user would be sent back to; may be empty.
    pub callback_url: String,
    /// What `saasApp` said; kept and told back, and without effect while there is one organization.
    pub saas: bool,
}

/// The answer: secrets are told once.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Registered<'a> {
    client_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<&'a str>,
    client_name: &'a str,
    #[serde(rename = "callBackURL")]
    callback: &'a str,
    callback_url: &'a str,
    app_owner: &'a str,
    is_saas_application: bool,
    token_type: &'static str,
    json_string: String,
    json_app_attribute: &'static str,
    #[serde(rename = "applicationUUID")]
    application_uuid: Option<&'a str>,
}

impl RegistrationRequest {
    /// Puts the request in order for the user who sent it.
    ///
    /// # Errors
    /// 400 with all faults; 403 for somebody else's `owner`.
    pub fn check(self, caller: &str) -> Result<Registration, Problem> {
        let owner = self.owner.unwrap_or_else(|| caller.to_owned());
        if owner.strip_suffix("@carbon.super").unwrap_or(&owner) != caller {
            return Err(Problem::new("403").detail("`owner` has to be the user who registers"));
        }
        let mut faults = Vec::new();
        let name = self.client_name.unwrap_or_default();
        if !is_name(&name) {
            faults.push(("clientName", NAME_RULE.to_owned()));
        }
        let grants = grants(self.grant_type.as_deref().unwrap_or(DEFAULT_GRANTS));
        let grants = grants.unwrap_or_else(|fault| {
            faults.push(("grantType", fault));
            Vec::new()
        });
        let callback_url = self.callback_url.unwrap_or_default();
        if !is_callback(&callback_url) {
            faults.push(("callbackUrl", CALLBACK_RULE.to_owned()));
        }
        if self
            .token_type
            .is_some_and(|kind| !kind.eq_ignore_ascii_case("JWT"))
        {
            faults.push(("tokenType", "only `JWT` is offered".to_owned()));
        }
        let mut read = |place, flag: Option<Value>| {
            let value = flag.map_or(Some(false), |flag| truth(&flag));
            if value.is_none() {
                faults.push((place, "give `true` or `false`".to_owned()));
            }
            value.unwrap_or_default()
        };
        let saas = read("saasApp", self.saas_app);
        read("userstoreDomainInSubject", self.userstore_domain_in_subject);
        if !faults.is_empty() {
            return Err(faults
                .into_iter()
                .fold(Problem::new("400"), |problem, (place, fault)| {
                    problem.fault(place, fault)
                }));
        }
        Ok(Registration {
            name,
            owner: caller.to_owned(),
            grants,
            callback_url,
            saas,
        })
    }
}

impl Registration {
    /// The answer for a client, with its secret where one was made.
    #[must_use]
    pub fn answer(&self, client_id: &str, secret: Option<&str>) -> Value {
        let answer = Registered {
            client_id,
            client_secret: secret,
            client_name: &self.name,
            callback: &self.callback_url,
            callback_url: &self.callback_url,
            app_owner: &self.owner,
            is_saas_application: self.saas,
            token_type: "JWT",
            json_string: json!({
                "grant_types": self.grants.join(" "),
                "redirect_uris": self.callback_url,
                "client_name": self.name,
            })
            .to_string(),
            json_app_attribute: "{}",
            application_uuid: None,
        };
        json!(answer)
    }
}

/// A flag as the contract has it, or as WSO2's tools send it.
fn truth(flag: &Value) -> Option<bool> {
    match flag {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => text.parse().ok(),
        Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn is_name(name: &str) -> bool {
    (1..=100).contains(&name.chars().count())
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, ' ' | '.' | '_' | '-'))
        && name.trim() == name
}

fn grants(text: &str) -> Result<Vec<String>, String> {
    let mut grants: Vec<String> = Vec::new();
    for name in text.split_ascii_whitespace() {
        if GrantKind::named(name).is_none() {
            return Err(format!("there is no grant `{name}`"));
        }
        if !grants.iter().any(|known| known == name) {
            grants.push(name.to_owned());
        }
    }
    if grants.is_empty() {
        return Err("name at least one grant, separated by spaces".into());
    }
    Ok(grants)
}

/// WSO2's tools send a host without a scheme too (`www.google.lk`); nobody is sent there before the grants that use
/// it are served, so the text is only kept from being harmful.
fn is_callback(text: &str) -> bool {
    let scheme = text
        .split(':')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    text.len() <= 2048
        && !text.chars().any(|c| c.is_control() || c == '#')
        && !matches!(scheme.as_str(), "javascript" | "data" | "vbscript" | "file")
}

const NAME_RULE: &str = "give a name of 1 to 100 letters, digits, spaces and `._-`";
const CALLBACK_RULE: &str = "give an absolute address, or leave it out";
const DEFAULT_GRANTS: &str = "client_credentials password refresh_token";

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: Value) -> Result<Registration, Problem> {
        serde_json::from_value::<RegistrationRequest>(body)
            .map_err(|error| Problem::new("400").detail(error.to_string()))?
            .check("admin")
    }

    #[test]
    fn peers_request_is_accepted() {
        let registration = check(json!({
            "callbackUrl": "www.google.lk", "clientName": "rest_api_publisher", "owner": "admin",
            "grantType": "client_credentials password refresh_token", "saasApp": true,
        }));
        let registration = registration.unwrap();
        assert_eq!(registration.grants.len(), 3);
        let answer = registration.answer("id", Some("secret"));
        assert_eq!(answer["clientSecret"], "secret");
        assert_eq!(answer["appOwner"], "admin");
        let later = registration.answer("id", None);
        assert_eq!(later.get("clientSecret"), None, "{later}");
    }

    #[test]
    fn every_fault_is_named() {
        let problem = check(json!({
            "clientName": "<b>", "grantType": "magic", "callbackUrl": "javascript:x", "tokenType": "opaque", "saasApp": "yes",
        }));
        assert_eq!(problem.unwrap_err().faults.len(), 5);
        assert_eq!(check(json!({})).unwrap_err().faults.len(), 1);
        let surplus = check(json!({"clientName": "a", "role": "admin"}));
        assert!(surplus.unwrap_err().description().contains("role"));
    }

    #[test]
    fn nobody_registers_for_others() {
        let problem = check(json!({"clientName": "a", "owner": "bob"})).unwrap_err();
        assert_eq!(problem.status(), 403);
        assert!(check(json!({"clientName": "a", "owner": "admin@carbon.super"})).is_ok());
    }
}
