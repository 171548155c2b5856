//! What clients send about an application's keys.

use lifecycle::Fault;
use oauth::ClientWish;
use runtime::Failure;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::refusal;

/// WSO2's `ApplicationKeyGenerateRequest`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
pub(crate) struct Request {
    pub(crate) key_type: String,
    pub(crate) grant_types_to_be_supported: Vec<String>,
    pub(crate) key_manager: Option<String>,
    pub(crate) callback_url: Option<String>,
    pub(crate) scopes: Option<Vec<String>>,
    validity_time: Option<Value>,
    pub(crate) additional_properties: Option<Map<String, Value>>,
    #[serde(rename = "clientId")]
    _client: Option<String>,
    #[serde(rename = "clientSecret")]
    _secret: Option<String>,
}

impl Request {
    /// Refuses what no key manager understands.
    pub(crate) fn check_type(&self) -> Result<(), Failure> {
        let faults = key_type_fault(&self.key_type).into_iter().collect();
        refusal::unless_empty("900953", faults)
    }

    /// Refuses keys that could not work at the built-in key manager, and any others for which there is a fault already.
    pub(crate) fn check(&self, fault_of_manager: Option<Fault>) -> Result<(), Failure> {
        let mut faults: Vec<Fault> = key_type_fault(&self.key_type).into_iter().collect();
        faults.extend(fault_of_manager);
        if !matches!(self.validity_time, None | Some(Value::Null)) && self.validity().is_none() {
            faults.push(fault("validityTime", "is not a number of seconds"));
        }
        let none = Map::new();
        let wish = ClientWish {
            grants_place: "grantTypesToBeSupported",
            grants: &self.grant_types_to_be_supported,
            callback: self.callback_url.as_deref().unwrap_or_default(),
            properties: self.additional_properties.as_ref().unwrap_or(&none),
        };
        faults.extend(wish_faults(&wish));
        refusal::unless_empty("900953", faults)
    }

    /// How long the first token shall live; `-1` is the default.
    pub(crate) fn validity(&self) -> Option<i64> {
        seconds(self.validity_time.as_ref())
    }
}

/// WSO2's `ApplicationKey` as clients send it back.
#[derive(Default, Deserialize)]
#[serde(
    rename_all = "camelCase",
    deny_unknown_fields,
    default,
    expecting = "an object"
)]
pub(crate) struct Change {
    supported_grant_types: Option<Vec<String>>,
    callback_url: Option<String>,
    pub(crate) additional_properties: Option<Map<String, Value>>,
    #[serde(rename = "keyMappingId")]
    _mapping: Option<String>,
    #[serde(rename = "keyManager")]
    _manager: Option<String>,
    #[serde(rename = "consumerKey")]
    _key: Option<String>,
    #[serde(rename = "consumerSecret")]
    _secret: Option<String>,
    #[serde(rename = "consumerSecrets")]
    _secrets: Option<Value>,
    #[serde(rename = "keyState")]
    _state: Option<String>,
    #[serde(rename = "keyType")]
    _type: Option<String>,
    #[serde(rename = "mode")]
    _mode: Option<String>,
    #[serde(rename = "groupId")]
    _group: Option<String>,
    #[serde(rename = "token")]
    _token: Option<Value>,
}

impl Change {
    /// What the client is to be, with `stored` where nothing is said of its settings.
    pub(crate) fn wish<'a>(&'a self, stored: &'a Map<String, Value>) -> ClientWish<'a> {
        ClientWish {
            grants_place: "supportedGrantTypes",
            grants: self.supported_grant_types.as_deref().unwrap_or_default(),
            callback: self.callback_url.as_deref().unwrap_or_default(),
            properties: self.additional_properties.as_ref().unwrap_or(stored),
        }
    }
}

/// WSO2's `ApplicationKeyMappingRequest`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
pub(crate) struct Mapping {
    pub(crate) consumer_key: String,
    pub(crate) consumer_secret: Option<String>,
    pub(crate) key_manager: Option<String>,
    pub(crate) key_type: String,
}

impl Mapping {
    pub(crate) fn check(&self, fault_of_manager: Option<Fault>) -> Result<(), Failure> {
        let mut faults: Vec<Fault> = key_type_fault(&self.key_type).into_iter().collect();
        faults.extend(fault_of_manager);
        if self.consumer_key.is_empty() {
            faults.push(fault("consumerKey", "is empty"));
        }
        if self.consumer_key.len() > CONSUMER_KEY_LIMIT {
            faults.push(fault("consumerKey", "is longer than 500 bytes"));
        }
        refusal::unless_empty("900953", faults)
    }
}

/// The faults of a client, in the words of this Worker.
pub(crate) fn wish_faults(wish: &ClientWish<'_>) -> Vec<Fault> {
    let Err(problem) = wish.check() else {
        return Vec::new();
    };
    let faults = problem.faults.into_iter();
    faults
        .map(|found| fault(&found.place, found.message))
        .collect()
}

fn key_type_fault(key_type: &str) -> Option<Fault> {
    (!["PRODUCTION", "SANDBOX"].contains(&key_type))
        .then(|| fault("keyType", "is neither `PRODUCTION` nor `SANDBOX`"))
}

/// Whole seconds, as a number or as digits in a string.
fn seconds(value: Option<&Value>) -> Option<i64> {
    match value? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn fault(place: &str, message: impl Into<String>) -> Fault {
    Fault {
        place: place.to_owned(),
        message: message.into(),
    }
}

const CONSUMER_KEY_LIMIT: usize = 500;
