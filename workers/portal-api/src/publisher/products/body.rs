//! What clients, and archives, say of a product.

use lifecycle::{Draft, Fault, PRODUCT, bundle::Wish};
use runtime::Outcome;
use serde_json::{Map, Value, json};

use crate::refusal;

/// What a client says of a product: the draft that it has in common with an API, and what it bundles.
pub(crate) fn read(mut members: Map<String, Value>) -> Outcome<(Draft, Vec<Wish>)> {
    let unknown = members.keys().find(|name| !KNOWN.contains(&name.as_str()));
    if let Some(name) = unknown {
        return Err(refusal::one(
            "400",
            name,
            "is no property of an API product",
        ));
    }
    let wishes = members.remove("apis").unwrap_or_else(|| json!([]));
    for name in ["state", "apiType", "revisionedApiProductId"] {
        members.remove(name);
    }
    let wishes: Vec<Wish> = part_of("apis", &wishes)?;
    if wishes.is_empty() || wishes.len() > MOST_APIS {
        let message = format!("names not 1 to {MOST_APIS} APIs");
        return Err(refusal::one("400", "apis", message));
    }
    let draft: Draft = part_of("", &Value::Object(members))?;
    Ok((
        Draft {
            kind: Some(PRODUCT.to_owned()),
            ..draft
        },
        wishes,
    ))
}

fn part_of<T: serde::de::DeserializeOwned>(place: &str, value: &Value) -> Outcome<T> {
    lifecycle::door::parse(&value.to_string()).map_err(|fault| {
        let place = match (place, fault.place.as_str()) {
            ("", inner) => inner.to_owned(),
            (outer, "") => outer.to_owned(),
            (outer, inner) => format!("{outer}{inner}"),
        };
        refusal::several("400", vec![Fault { place, ..fault }])
    })
}

/// WSO2's `APIProduct`.
pub(crate) const KNOWN: &[&str] = &[
    "id",
    "name",
    "displayName",
    "description",
    "context",
    "version",
    "provider",
    "hasThumbnail",
    "state",
    "enableSchemaValidation",
    "isDefaultVersion",
    "isRevision",
    "revisionedApiProductId",
    "revisionId",
    "responseCachingEnabled",
    "cacheTimeout",
    "visibility",
    "visibleRoles",
    "visibleTenants",
    "accessControl",
    "accessControlRoles",
    "apiType",
    "transport",
    "tags",
    "policies",
    "apiThrottlingPolicy",
    "authorizationHeader",
    "apiKeyHeader",
    "securityScheme",
    "subscriptionAvailability",
    "subscriptionAvailableTenants",
    "additionalProperties",
    "additionalPropertiesMap",
    "monetization",
    "businessInformation",
    "corsConfiguration",
    "createdTime",
    "lastUpdatedTime",
    "lastUpdatedTimestamp",
    "gatewayVendor",
    "apis",
    "scopes",
    "categories",
    "workflowStatus",
    "audiences",
    "egress",
];
/// Each is read with its definition.
const MOST_APIS: usize = 50;
