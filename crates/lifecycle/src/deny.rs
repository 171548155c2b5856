//! Deny policies at the door (WSO2's blocking conditions): whose calls are refused, whatever their limits say.

use model::{Condition, DenyTarget, KeyType, Trait};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    Fault,
    draft::{fault, missing},
    plan::{address, range},
};

/// WSO2's `BlockingCondition` as the admin API writes it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(
    rename_all = "camelCase",
    deny_unknown_fields,
    default,
    expecting = "an object"
)]
#[expect(
    missing_docs,
    reason = "the names are the peer's; api/admin.yaml describes them"
)]
pub struct DenyBody {
    pub condition_id: Option<String>,
    pub condition_type: Option<String>,
    pub condition_value: Option<Value>,
    pub condition_status: Option<bool>,
    /// Ours: RFC 3339.
    pub expires_at: Option<String>,
    /// Ours.
    pub reason: Option<String>,
}

/// A deny policy whose words are understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Denial {
    /// The peer's type.
    pub kind: String,
    /// The value as it is kept and shown: two that mean the same are written alike.
    pub value: Value,
    /// What gateways look at.
    pub target: DenyTarget,
}

impl DenyBody {
    /// What the policy means.
    ///
    /// # Errors
    /// The first fault.
    pub fn read(&self) -> Result<Denial, Fault> {
        if let Some(reason) = &self.reason
            && (reason.chars().count() > REASON_LETTERS || reason.chars().any(char::is_control))
        {
            let help = format!("is not at most {REASON_LETTERS} letters in one line");
            return Err(fault("reason", help));
        }
        let kind = self.condition_type.as_deref();
        let kind = kind.ok_or_else(|| missing("conditionType"))?;
        let value = self.condition_value.as_ref();
        denial(kind, value.ok_or_else(|| missing("conditionValue"))?)
    }
}

/// Reads a type and a value, also back from where they are kept.
///
/// # Errors
/// The first fault.
pub fn denial(kind: &str, value: &Value) -> Result<Denial, Fault> {
    let (value, target) = match kind {
        "API" => {
            let api = context(text(value, VALUE)?, VALUE)?;
            (json!(api), DenyTarget::Api(api))
        }
        "APPLICATION" => {
            let name = application(text(value, VALUE)?, VALUE)?;
            (json!(name), DenyTarget::Application(name))
        }
        "USER" => {
            let name = user(text(value, VALUE)?).to_owned();
            (json!(name), DenyTarget::User(name))
        }
        "IP" => one_address(value)?,
        "IPRANGE" => several_addresses(value)?,
        "SUBSCRIPTION" => subscription(value)?,
        other => {
            return Err(fault(
                "conditionType",
                format!("`{other}` is none of `{}`", KINDS.join("`, `")),
            ));
        }
    };
    Ok(Denial {
        kind: kind.to_owned(),
        value,
        target,
    })
}

fn one_address(value: &Value) -> Result<(Value, DenyTarget), Fault> {
    known(value, &["fixedIp", "invert"])?;
    let one = address(member(value, "fixedIp")?, VALUE, "fixedIp")?;
    let inverted = flag(value)?;
    let shown = json!({"fixedIp": one.to_string(), "invert": inverted});
    let about = Trait::Address { from: one, to: one };
    Ok((shown, DenyTarget::Address(Condition { about, inverted })))
}

fn several_addresses(value: &Value) -> Result<(Value, DenyTarget), Fault> {
    known(value, &["startingIp", "endingIp", "invert"])?;
    let starting = member(value, "startingIp")?;
    let ending = member(value, "endingIp")?;
    let about = range((starting, "startingIp"), (ending, "endingIp"), VALUE)?;
    let inverted = flag(value)?;
    let (from, to) = match &about {
        Trait::Address { from, to } => (from.to_string(), to.to_string()),
        Trait::Header { .. } | Trait::Query { .. } | Trait::Claim { .. } => Default::default(),
    };
    let shown = json!({"startingIp": from, "endingIp": to, "invert": inverted});
    Ok((shown, DenyTarget::Address(Condition { about, inverted })))
}

fn subscription(value: &Value) -> Result<(Value, DenyTarget), Fault> {
    known(value, &["application", "api", "keyType"])?;
    let place = |name: &str| format!("{VALUE}.{name}");
    let whole = |name: &str| member(value, name)?.ok_or_else(|| missing(&place(name)));
    let application = application(whole("application")?, &place("application"))?;
    let api = context(whole("api")?, &place("api"))?;
    let key_type = match member(value, "keyType")? {
        None => None,
        Some("PRODUCTION") => Some(KeyType::Production),
        Some("SANDBOX") => Some(KeyType::Sandbox),
        Some(other) => {
            return Err(fault(
                &place("keyType"),
                format!("`{other}` is neither `PRODUCTION` nor `SANDBOX`"),
            ));
        }
    };
    let mut shown = json!({"application": application, "api": api});
    if let (Some(shown), Some(name)) = (shown.as_object_mut(), value.get("keyType"))
        && !name.is_null()
    {
        shown.insert("keyType".to_owned(), name.clone());
    }
    let target = DenyTarget::Subscription {
        application,
        api,
        key_type,
    };
    Ok((shown, target))
}

/// A context with its version, by one leading slash.
fn context(text: &str, place: &str) -> Result<String, Fault> {
    let bare = text.trim_matches('/');
    if bare.is_empty() || bare.len() > TEXT_BYTES {
        return Err(fault(
            place,
            "is not a context with its version, such as `/petstore/1.0.0`",
        ));
    }
    Ok(format!("/{bare}"))
}

/// `owner:name`; the owner without the tenant of the installation.
fn application(text: &str, place: &str) -> Result<String, Fault> {
    match text.split_once(':') {
        Some((owner, name)) if !owner.trim().is_empty() && !name.trim().is_empty() => {
            Ok(format!("{}:{}", user(owner.trim()), name.trim()))
        }
        _ => Err(fault(
            place,
            "is not the owner and the name of an application, such as `ann:Shop`",
        )),
    }
}

fn user(name: &str) -> &str {
    name.strip_suffix("@carbon.super").unwrap_or(name)
}

fn text<'a>(value: &'a Value, place: &str) -> Result<&'a str, Fault> {
    value
        .as_str()
        .map(str::trim)
        .filter(|text| !text.is_empty() && text.len() <= TEXT_BYTES)
        .ok_or_else(|| fault(place, format!("is not a text of 1 to {TEXT_BYTES} bytes")))
}

fn known(value: &Value, names: &[&str]) -> Result<(), Fault> {
    let members = value
        .as_object()
        .ok_or_else(|| fault(VALUE, "is not an object"))?;
    match members.keys().find(|key| !names.contains(&key.as_str())) {
        None => Ok(()),
        Some(key) => Err(fault(
            &format!("{VALUE}.{key}"),
            format!("unknown property `{key}`"),
        )),
    }
}

fn member<'a>(value: &'a Value, name: &str) -> Result<Option<&'a str>, Fault> {
    match value.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(inside) => text(inside, &format!("{VALUE}.{name}")).map(Some),
    }
}

/// `invert`, also as the text that the peer's portal sends.
fn flag(value: &Value) -> Result<bool, Fault> {
    match value.get("invert") {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(is)) => Ok(*is),
        Some(Value::String(text)) if text == "true" || text == "false" => Ok(text == "true"),
        Some(_) => Err(fault(
            &format!("{VALUE}.invert"),
            "is neither `true` nor `false`",
        )),
    }
}

const VALUE: &str = "conditionValue";

const KINDS: &[&str] = &[
    "API",
    "APPLICATION",
    "IP",
    "IPRANGE",
    "USER",
    "SUBSCRIPTION",
];

const TEXT_BYTES: usize = 512;

/// It is told in an answer's body.
const REASON_LETTERS: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_the_same_is_written_alike() {
        let check = |kind: &str, given: Value, expected: Value| {
            let found = denial(kind, &given).unwrap();
            assert_eq!(found.value, expected, "{given}");
            assert_eq!(denial(kind, &found.value).unwrap(), found, "read back");
        };
        check("API", json!("petstore/1.0.0/"), json!("/petstore/1.0.0"));
        check(
            "APPLICATION",
            json!("ann@carbon.super:Shop"),
            json!("ann:Shop"),
        );
        check("USER", json!(" ann@carbon.super"), json!("ann"));
        check(
            "IP",
            json!({"fixedIp": "2001:DB8:0::1", "invert": "true"}),
            json!({"fixedIp": "2001:db8::1", "invert": true}),
        );
        check(
            "IPRANGE",
            json!({"startingIp": "10.0.0.1", "endingIp": "10.0.0.9"}),
            json!({"startingIp": "10.0.0.1", "endingIp": "10.0.0.9", "invert": false}),
        );
        check(
            "SUBSCRIPTION",
            json!({"application": "ann:Shop", "api": "a/1", "keyType": "SANDBOX"}),
            json!({"application": "ann:Shop", "api": "/a/1", "keyType": "SANDBOX"}),
        );
    }

    #[test]
    fn each_fault_names_its_place() {
        let check = |kind: &str, given: Value, place: &str| {
            let fault = denial(kind, &given).unwrap_err();
            assert_eq!(fault.place, place, "{kind} {given}");
        };
        check("TENANT", json!("x"), "conditionType");
        check("API", json!({"a": 1}), "conditionValue");
        check("API", json!("/"), "conditionValue");
        check("APPLICATION", json!("Shop"), "conditionValue");
        check("USER", json!(""), "conditionValue");
        check("IP", json!("10.0.0.1"), "conditionValue");
        check("IP", json!({"fixedIp": "10.0.0"}), "conditionValue.fixedIp");
        check("IP", json!({"fixedIp": 7}), "conditionValue.fixedIp");
        check(
            "IP",
            json!({"fixedIp": "::1", "invert": 1}),
            "conditionValue.invert",
        );
        check("IP", json!({"fixedip": "::1"}), "conditionValue.fixedip");
        check(
            "IPRANGE",
            json!({"startingIp": "::1"}),
            "conditionValue.endingIp",
        );
        check(
            "IPRANGE",
            json!({"startingIp": "10.0.0.2", "endingIp": "10.0.0.1"}),
            "conditionValue.endingIp",
        );
        check(
            "SUBSCRIPTION",
            json!({"application": "a:b"}),
            "conditionValue.api",
        );
        check(
            "SUBSCRIPTION",
            json!({"application": "a:b", "api": "/a/1", "keyType": "TEST"}),
            "conditionValue.keyType",
        );
    }
}
