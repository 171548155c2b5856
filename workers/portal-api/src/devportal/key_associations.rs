//! `/applications/{applicationId}/api-keys/{keyType}/…`: which keys that are for one API belong to the application.

use runtime::{Failure, Outcome, db::sql, reply};
use serde::Deserialize;
use serde_json::json;
use worker::Response;

use super::{
    api_bound_keys::{KEYS, Key, own},
    api_key_renewal::Wanted,
    api_keys,
    application_row::{self, ApplicationRow},
    visible,
};
use crate::{
    apis::{ApiRow, write},
    call::Call,
    deployments::note,
    etag, guard, page, refusal,
};

/// `GET …/api-keys/{keyType}/associations`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let application = application_row::of_path(call).await?;
    let rows = of_application(call, &application, "").await?;
    let list = rows.iter().map(|key| {
        let api = [("apiName", json!(key.api)), ("apiUUID", json!(key.api_id))];
        key.told().with(api)
    });
    etag::content(call, &page::whole(list.collect()))
}

/// `GET …/api-keys/{keyType}/subscriptions`: the caller's keys that could be associated, by the APIs that the application is
/// subscribed to.
pub(crate) async fn candidates(call: &Call) -> Outcome<Response> {
    let application = application_row::of_path(call).await?;
    let query = sql(format!(
        "{KEYS} WHERE k.application_id IS NULL AND k.key_type = ? AND k.created_by = ? AND k.organization = ? \
         AND k.revoked_at IS NULL AND EXISTS (SELECT 1 FROM subscription AS s WHERE s.api_id = k.api_id \
         AND s.application_id = ?) ORDER BY api.name, k.created_at DESC, k.id"
    ));
    let rows: Vec<Key> = call
        .db
        .all(
            query
                .bind(api_keys::kind(call)?.as_str())
                .bind(call.user()?)
                .bind(call.organization())
                .bind(&application.id),
        )
        .await?;
    let list = rows.iter().map(|key| {
        json!({"keyUUID": key.id, "keyName": key.name, "apiName": key.api, "apiUUID": key.api_id})
    });
    etag::content(call, &page::whole(list.collect()))
}

/// `POST …/api-keys/{keyType}/associate`
pub(crate) async fn add(call: &Call) -> Outcome<Response> {
    let application = application_row::of_path(call).await?;
    let kind = api_keys::kind(call)?;
    let body: Association = call.json().await?;
    let api = visible::find(call, &body.api_uuid).await?;
    let key = own(call, &api.id, &body.key_uuid).await?;
    if key.key_type != kind.as_str() {
        let message = format!("is a key for `{}`", key.key_type);
        return Err(refusal::one("400", "keyUUID", message));
    }
    associate(call, &key, &application, &api).await
}

/// `POST …/api-keys/{keyType}/dissociate`: by anybody who works with the application.
pub(crate) async fn remove(call: &Call) -> Outcome<Response> {
    let application = application_row::of_path(call).await?;
    let body: Wanted = call.json().await?;
    let rows = of_application(call, &application, &body.key_uuid).await?;
    let key = rows.first().ok_or_else(|| {
        Failure::because("404", "no such API key is associated with the application")
    })?;
    dissociate(call, key).await
}

/// Makes a key belong to an application: WSO2's `APIKeyAssociation`.
pub(super) async fn associate(
    call: &Call,
    key: &Key,
    application: &ApplicationRow,
    api: &ApiRow,
) -> Outcome<Response> {
    if application.status != "APPROVED" {
        return Err(Failure::code("900309"));
    }
    let belongs = key.application_id.as_ref();
    if belongs.is_some_and(|other| *other != application.id) {
        let help = "the key is associated with another application; dissociate it first";
        return Err(Failure::because("409", help));
    }
    let statements = vec![
        guard::require(
            "EXISTS (SELECT 1 FROM subscription WHERE application_id = ? AND api_id = ?) \
             AND EXISTS (SELECT 1 FROM api_key WHERE id = ? AND revoked_at IS NULL AND coalesce(application_id, ?) = ?)",
        )
        .bind(&application.id)
        .bind(&api.id)
        .bind(&key.id)
        .bind(&application.id)
        .bind(&application.id),
        sql("UPDATE api_key SET application_id = ? WHERE id = ?")
            .bind(&application.id)
            .bind(&key.id),
        note("api-key", &key.digest, call),
        note("application", &application.id, call),
        write::audit(call, "api-key.associate", &key.id)?,
    ];
    guard::or(call.db.batch(statements).await, || {
        Failure::because(
            "409",
            "the application is not subscribed to the API, or the key was changed meanwhile",
        )
    })?;
    reply::json(
        200,
        &json!({"keyName": key.name, "apiName": api.name, "applicationName": application.name}),
    )
}

/// Takes a key from its application: it opens nothing any more.
pub(super) async fn dissociate(call: &Call, key: &Key) -> Outcome<Response> {
    call.db
        .batch(vec![
            sql("UPDATE api_key SET application_id = NULL WHERE id = ?").bind(&key.id),
            note("api-key", &key.digest, call),
            write::audit(call, "api-key.dissociate", &key.id)?,
        ])
        .await?;
    reply::empty(200)
}

/// The application's keys of the path's type that are for one API; of that id, unless that is empty.
async fn of_application(call: &Call, application: &ApplicationRow, id: &str) -> Outcome<Vec<Key>> {
    let query = sql(format!(
        "{KEYS} WHERE k.application_id = ? AND k.key_type = ? AND (? = '' OR k.id = ?) AND k.revoked_at IS NULL \
         ORDER BY k.created_at DESC, k.id"
    ));
    call.db
        .all(
            query
                .bind(&application.id)
                .bind(api_keys::kind(call)?.as_str())
                .bind(id)
                .bind(id),
        )
        .await
}

/// WSO2's `AppAPIKeyAssociateRequest`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Association {
    #[serde(rename = "apiUUID")]
    api_uuid: String,
    #[serde(rename = "keyUUID")]
    key_uuid: String,
}
