//! The catalogue's kinds and an organization's own policies, as WSO2's `OperationPolicyData` shows them.

use serde_json::{Map, Value, json};
use transform::policies::{self, CATALOGUE, Kind};

use super::{OwnPolicy, word};

/// Every kind of the catalogue, by name; the id of a kind is its name.
#[must_use]
pub fn catalogue() -> Vec<Value> {
    let mut shown: Vec<Value> = CATALOGUE.iter().map(kind).collect();
    shown.extend(THREATS.iter().map(threat));
    shown.sort_by(|a, b| a["name"].as_str().cmp(&b["name"].as_str()));
    shown
}

impl OwnPolicy {
    /// As it is listed. `is_of_api`: it belongs to one API.
    #[must_use]
    pub fn shown(&self, id: &str, is_of_api: bool) -> Value {
        json!({
            "id": id,
            "name": self.name,
            "version": self.version,
            "displayName": self.display_name,
            "description": self.description,
            "category": self.category,
            "applicableFlows": self.applicable_flows,
            "supportedGateways": GATEWAYS,
            "supportedApiTypes": self.supported_api_types,
            "isAPISpecific": is_of_api,
            "policyAttributes": self.policy_attributes,
        })
    }
}

fn kind(kind: &Kind) -> Value {
    let flows: Vec<&str> = kind.flows.iter().map(|flow| word(*flow)).collect();
    let attributes = kind
        .attributes
        .iter()
        .map(|attribute| described(attribute.name, attribute.display_name, attribute));
    built_in(
        kind.name,
        kind.display_name,
        kind.description,
        (&flows, attributes.collect()),
    )
}

fn described(name: &str, display_name: &str, attribute: &policies::Attribute) -> Value {
    let mut shown = Map::new();
    shown.insert("name".to_owned(), name.into());
    shown.insert("displayName".to_owned(), display_name.into());
    let kind = if attribute.allowed.is_empty() {
        "String"
    } else {
        "Enum"
    };
    shown.insert("type".to_owned(), kind.into());
    shown.insert("required".to_owned(), attribute.required.into());
    if let Some(default) = attribute.default {
        shown.insert("defaultValue".to_owned(), default.into());
    }
    if !attribute.allowed.is_empty() {
        shown.insert("allowedValues".to_owned(), json!(attribute.allowed));
    }
    Value::Object(shown)
}

fn built_in(
    name: &str,
    display_name: &str,
    description: &str,
    (flows, attributes): (&[&str], Vec<Value>),
) -> Value {
    json!({
        "id": name,
        "name": name,
        "version": "v1",
        "displayName": display_name,
        "description": description,
        "category": if flows == ["request"] && THREATS.iter().any(|it| it.0 == name) { "Security" } else { "Mediation" },
        "applicableFlows": flows,
        "supportedGateways": GATEWAYS,
        "supportedApiTypes": ["HTTP", "SOAP", "SOAPTOREST", "GRAPHQL"],
        "isAPISpecific": false,
        "policyAttributes": attributes,
    })
}

fn threat((name, display_name, description, attributes): &Threat) -> Value {
    let attributes = attributes.iter().map(|(name, default)| {
        let kind = match *default {
            "true" | "false" => "Boolean",
            other if other.parse::<u32>().is_ok() => "Integer",
            _ => "String",
        };
        json!({"name": name, "displayName": name, "type": kind, "required": false, "defaultValue": default})
    });
    built_in(
        name,
        display_name,
        description,
        (&["request"], attributes.collect()),
    )
}

/// Name, name for people, what it does, and parameters with what holds without them.
type Threat = (
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

/// They are read by `validate::threat`, which has more names for some of them.
const THREATS: [Threat; 3] = [
    (
        "JSONThreatProtector",
        "JSON threat protection",
        "Refuses JSON bodies beyond these limits; 0 is none.",
        &[
            ("maxPropertyCount", "100"),
            ("maxStringLength", "10000"),
            ("maxArrayElementCount", "1000"),
            ("maxKeyLength", "200"),
            ("maxJsonDepth", "50"),
        ],
    ),
    (
        "XMLThreatProtector",
        "XML threat protection",
        "Refuses XML bodies beyond these limits; 0 is none.",
        &[
            ("dtdEnabled", "false"),
            ("externalEntitiesEnabled", "false"),
            ("maxDepth", "50"),
            ("maxElementCount", "10000"),
            ("maxAttributeCount", "100"),
            ("maxAttributeLength", "10000"),
            ("entityExpansionLimit", "100"),
            ("maxChildrenPerElement", "1000"),
        ],
    ),
    (
        "RegularExpressionProtector",
        "Regular expression protection",
        "Refuses requests with texts that look like code, or that a pattern of one's own meets.",
        &[
            ("threatType", ""),
            ("regex", ""),
            ("enabledCheckPathParams", "true"),
            ("enabledCheckHeaders", "true"),
            ("enabledCheckBody", "true"),
        ],
    ),
];

/// The one gateway that there is, by the name that the peer's documents have for theirs.
const GATEWAYS: [&str; 1] = ["Synapse"];

#[cfg(test)]
mod tests {
    use validate::threat;

    use super::*;

    #[test]
    fn defaults_that_are_shown_are_those_that_hold() {
        for (name, _, _, attributes) in THREATS {
            let given = attributes
                .iter()
                .map(|(name, value)| ((*name).to_owned(), Value::from(*value)));
            let told = threat::read(name, &given.collect()).unwrap().unwrap();
            let silent = threat::read(name, &Map::new()).unwrap().unwrap();
            assert_eq!(json!(told), json!(silent), "{name}");
        }
    }

    #[test]
    fn each_kind_is_listed_once() {
        let names: Vec<String> = catalogue()
            .iter()
            .map(|it| it["name"].to_string())
            .collect();
        let mut unique = names.clone();
        unique.dedup();
        assert_eq!(names, unique);
        assert_eq!(names.len(), CATALOGUE.len() + THREATS.len());
    }
}
