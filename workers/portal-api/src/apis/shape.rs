//! APIs as the publisher API shows them.

use lifecycle::Draft;
use serde_json::{Value, json};

use super::ApiRow;
use crate::time::iso;

/// The whole object.
pub(crate) fn api(row: &ApiRow, draft: Draft) -> Value {
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
        "monetizedInfo": false,
        "businessOwner": owner("businessOwner"),
        "businessOwnerEmail": owner("businessOwnerEmail"),
        "TechnicalOwner": owner("technicalOwner"),
        "TechnicalOwnerEmail": owner("technicalOwnerEmail"),
    }))
}
