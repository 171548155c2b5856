//! Gateway environments as administrators describe them.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::Fault;

/// WSO2's `Environment` as clients send it; what the platform says of it is only read.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
#[expect(
    missing_docs,
    reason = "the names are the peer's; api/admin.yaml describes them"
)]
pub struct Environment {
    pub name: String,
    #[serde(default)]
    pub display_name: Option<String>,
    #[serde(default)]
    pub description: Option<String>,
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
    pub vhosts: Vec<Vhost>,
    #[serde(default)]
    pub provider: Option<String>,
    #[serde(default)]
    pub permissions: Option<Value>,
    #[serde(default, rename = "endpointURIs")]
    pub endpoint_uris: Option<Vec<Value>>,
    #[serde(default)]
    pub additional_properties: Option<Vec<Value>>,
    #[serde(default, rename = "id")]
    _id: Option<String>,
    #[serde(default, rename = "gatewayType")]
    _gateway: Option<String>,
    #[serde(default, rename = "isReadOnly")]
    _fixed: Option<bool>,
    #[serde(default, rename = "mode")]
    _mode: Option<String>,
    #[serde(default, rename = "apiDiscoveryScheduledWindow")]
    _window: Option<i64>,
    #[serde(default, rename = "status")]
    _status: Option<String>,
    #[serde(default, rename = "vhost")]
    _vhost: Option<String>,
    #[serde(default, rename = "platformGatewayVersions")]
    _versions: Option<Vec<String>>,
}

/// A host that an environment answers to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
#[expect(
    missing_docs,
    reason = "the names are the peer's; api/admin.yaml describes them"
)]
pub struct Vhost {
    pub host: String,
    #[serde(default)]
    pub http_context: String,
    #[serde(default = "http")]
    pub http_port: i64,
    #[serde(default = "https")]
    pub https_port: i64,
    #[serde(default = "http")]
    pub ws_port: i64,
    #[serde(default = "https")]
    pub wss_port: i64,
    #[serde(default)]
    pub websub_http_port: Option<i64>,
    #[serde(default)]
    pub websub_https_port: Option<i64>,
}

const fn http() -> i64 {
    80
}

const fn https() -> i64 {
    443
}

impl Environment {
    /// What is wrong with it.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut add = |place: String, message: &str| {
            faults.push(Fault {
                place,
                message: message.to_owned(),
            });
        };
        if !is_name(&self.name) {
            add(
                "name".to_owned(),
                "is not 1 to 50 of letters, digits, `.`, `_` and `-`, a letter or digit first",
            );
        }
        if self
            .display_name
            .as_ref()
            .is_some_and(|name| name.chars().count() > 200)
        {
            add("displayName".to_owned(), "is longer than 200 characters");
        }
        if self
            .description
            .as_ref()
            .is_some_and(|text| text.chars().count() > 1000)
        {
            add("description".to_owned(), "is longer than 1000 characters");
        }
        if !["hybrid", "production", "sandbox"].contains(&self.kind()) {
            add(
                "type".to_owned(),
                "is none of `hybrid`, `production`, `sandbox`",
            );
        }
        if json!([
            self.permissions,
            self.endpoint_uris,
            self.additional_properties
        ])
        .to_string()
        .len()
            > SETTINGS_BYTES
        {
            add("additionalProperties".to_owned(), "is longer than 16 KiB");
        }
        faults.extend(self.host_faults());
        faults
    }

    fn host_faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut add = |place: String, message: &str| {
            faults.push(Fault {
                place,
                message: message.to_owned(),
            });
        };
        if self.vhosts.is_empty() {
            add(
                "vhosts".to_owned(),
                "is empty; an environment answers to one host at least",
            );
        }
        for (index, vhost) in self.vhosts.iter().enumerate() {
            if !is_host(&vhost.host) {
                add(format!("vhosts[{index}].host"), "is no host name");
            }
            if self
                .vhosts
                .iter()
                .take(index)
                .any(|other| other.host.eq_ignore_ascii_case(&vhost.host))
            {
                add(format!("vhosts[{index}].host"), "is there twice");
            }
            if ![vhost.http_port, vhost.https_port]
                .iter()
                .all(|port| *port == -1 || (1..=65535).contains(port))
            {
                add(
                    format!("vhosts[{index}].httpPort"),
                    "is no port from 1 to 65535",
                );
            }
        }
        faults
    }

    /// `hybrid` when nothing is said.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.kind.as_deref().unwrap_or("hybrid")
    }

    /// What has no column of its own.
    #[must_use]
    pub fn settings(&self) -> Value {
        crate::defaults::without_nulls(json!({
            "provider": self.provider,
            "permissions": self.permissions,
            "endpointURIs": self.endpoint_uris,
            "additionalProperties": self.additional_properties,
        }))
    }
}

fn is_name(name: &str) -> bool {
    (1..=50).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name
            .chars()
            .all(|one| one.is_ascii_alphanumeric() || "._-".contains(one))
}

fn is_host(host: &str) -> bool {
    (1..=253).contains(&host.len())
        && host.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .chars()
                    .all(|one| one.is_ascii_alphanumeric() || one == '-')
        })
}

const SETTINGS_BYTES: usize = 16 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_of_environments_are_named() {
        let host = json!({"host": "eu.example.org"});
        for (body, expected) in [
            (json!({"name": "eu", "vhosts": [host]}), vec![]),
            (json!({"name": "a b", "vhosts": [host]}), vec!["name"]),
            (json!({"name": "../x", "vhosts": [host]}), vec!["name"]),
            (json!({"name": "eu", "vhosts": []}), vec!["vhosts"]),
            (
                json!({"name": "eu", "vhosts": [host, host]}),
                vec!["vhosts[1].host"],
            ),
            (
                json!({"name": "eu", "vhosts": [{"host": "http://x/"}]}),
                vec!["vhosts[0].host"],
            ),
            (
                json!({"name": "eu", "vhosts": [{"host": "x", "httpPort": 70000}]}),
                vec!["vhosts[0].httpPort"],
            ),
            (
                json!({"name": "eu", "type": "cloud", "vhosts": [host]}),
                vec!["type"],
            ),
        ] {
            let environment: Environment = serde_json::from_value(body.clone()).unwrap();
            let found: Vec<String> = environment
                .faults()
                .into_iter()
                .map(|fault| fault.place)
                .collect();
            assert_eq!(found, expected, "{body}");
        }
    }
}
