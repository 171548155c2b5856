//! `/key-managers/{keyManagerId}/api-usages` and `/app-usages`: what would miss a key manager.

use runtime::{Outcome, db::sql, reply};
use serde_json::{Value, json};
use worker::Response;

use crate::{call::Call, key_managers};

/// `GET /key-managers/{keyManagerId}/api-usages`: the APIs whose drafts name it.
pub(crate) async fn apis(call: &Call) -> Outcome<Response> {
    let name = name(call).await?;
    let list: Vec<Value> = call
        .db
        .all(
            sql("SELECT api.id AS uuid, api.name, api.version, api.provider, api.organization FROM api \
                 JOIN blob ON blob.hash = api.body AND blob.part = 0 \
                 WHERE api.organization = ? AND json_valid(blob.content) AND EXISTS \
                 (SELECT 1 FROM json_each(blob.content, '$.keyManagers') AS item WHERE item.value = ?) \
                 ORDER BY api.name, api.version LIMIT 1000")
            .bind(call.organization())
            .bind(name),
        )
        .await?;
    reply::json(200, &json!({"apiCount": list.len(), "apis": list}))
}

/// `GET /key-managers/{keyManagerId}/app-usages`: the applications that have keys there.
pub(crate) async fn applications(call: &Call) -> Outcome<Response> {
    let name = name(call).await?;
    let list: Vec<Value> = call
        .db
        .all(
            sql("SELECT DISTINCT application.id AS uuid, application.name, application.owner, application.organization \
                 FROM key_mapping JOIN application ON application.id = key_mapping.application_id \
                 WHERE application.organization = ? AND key_mapping.key_manager = ? ORDER BY application.name LIMIT 1000")
            .bind(call.organization())
            .bind(name),
        )
        .await?;
    reply::json(
        200,
        &json!({"applicationCount": list.len(), "applications": list}),
    )
}

async fn name(call: &Call) -> Outcome<String> {
    let id = call.path(super::ID);
    if id == key_managers::RESIDENT_ID {
        return Ok(key_managers::RESIDENT.to_owned());
    }
    Ok(super::find(call, id).await?.name)
}
