//! APIs as the publisher API shows them.

use lifecycle::Draft;
use serde_json::{Value, json};

use super::{ApiRow, row::Noun};
use crate::time::iso;

/// The whole object.
fn api(row: &ApiRow, draft: Draft) -> Value {
    let said = json!({
        "id": row.id,
        "name": row.name,
        "version": row.version,
        "context": row.context,
        "provider": row.provider,
        "lifeCycleStatus": row.state,
        "isDefaultVersion": row.is_default_version == 1,
        "isRevision": false,
        "revisionId": 0,
        "hasThumbnail": row.has_thumbnail == 1,
        "initiatedFromGateway": false,
        "createdTime": row.created_at.to_string(),
        "lastUpdatedTimestamp": row.updated_at.to_string(),
        "lastUpdatedTime": iso(row.updated_at),
    });
    let (Value::Object(mut shown), Value::Object(kept)) = (said, draft.without_secrets().kept())
    else {
        return Value::Null;
    };
    for (name, value) in kept {
        // The row knows better what both know.
        shown.entry(name).or_insert(value);
    }
    Value::Object(shown)
}

/// The whole object of an API or of a product.
pub(crate) fn whole(row: &ApiRow, mut draft: Draft) -> Value {
    if row.noun() == Noun::Api {
        return api(row, draft);
    }
    let parts = std::mem::take(&mut draft.parts);
    let Value::Object(mut shown) = api(row, draft) else {
        return Value::Null;
    };
    for name in OF_APIS {
        shown.remove(*name);
    }
    let bundled: Vec<Value> = parts
        .iter()
        .map(|part| {
            json!({"name": part.name, "apiId": part.api_id, "version": part.version, "operations": part.operations})
        })
        .collect();
    shown.insert(
        "apis".to_owned(),
        lifecycle::defaults::without_nulls(json!(bundled)),
    );
    shown.insert("state".to_owned(), json!(row.state));
    shown.insert("apiType".to_owned(), json!(lifecycle::PRODUCT));
    Value::Object(shown)
}

/// The line of a product in a list.
pub(crate) fn product_line(row: &ApiRow) -> Value {
    let mut shown = line(row);
    if let Value::Object(members) = &mut shown {
        members.insert("state".to_owned(), json!(row.state));
        for name in [
            "lifeCycleStatus",
            "type",
            "subtype",
            "advertiseOnly",
            "gatewayType",
            "updatedBy",
            "additionalProperties",
        ] {
            members.remove(name);
        }
    }
    shown
}

/// The line in a list.
pub(crate) fn line(row: &ApiRow) -> Value {
    let card = row.card();
    let business = card.get("businessInformation");
    let owner = |name: &str| business.and_then(|business| business.get(name)).cloned();
    lifecycle::defaults::without_nulls(json!({
        "id": row.id,
        "name": row.name,
        "displayName": card.get("displayName"),
        "description": row.description,
        "context": row.context,
        "additionalProperties": card.get("additionalProperties"),
        "version": row.version,
        "provider": row.provider,
        "type": row.kind,
        "subtype": "DEFAULT",
        "audiences": card.get("audiences"),
        "lifeCycleStatus": row.state,
        "hasThumbnail": row.has_thumbnail == 1,
        "securityScheme": card.get("securityScheme"),
        "createdTime": row.created_at.to_string(),
        "updatedTime": row.updated_at.to_string(),
        "updatedBy": row.updated_by,
        "gatewayVendor": card.get("gatewayVendor"),
        "gatewayType": card.get("gatewayType"),
        "advertiseOnly": card.get("advertised").and_then(Value::as_bool).unwrap_or(false),
        "monetizedInfo": card.get("monetized").and_then(Value::as_bool).unwrap_or(false),
        "businessOwner": owner("businessOwner"),
        "businessOwnerEmail": owner("businessOwnerEmail"),
        "TechnicalOwner": owner("technicalOwner"),
        "TechnicalOwnerEmail": owner("technicalOwnerEmail"),
    }))
}

/// What only an API has.
const OF_APIS: &[&str] = &[
    "type",
    "lifeCycleStatus",
    "operations",
    "endpointImplementationType",
    "initiatedFromGateway",
    "gatewayType",
    "keyManagers",
];
