//! Consumer secrets: several may work at once, each is shown once, and the newest stays.

use credential::Secret;
use model::Timestamp;
use oauth::{SecretWish, secret_properties};
use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
    id, reply,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use worker::Response;

use super::client_row;
use crate::{apis::write, call::Call, guard, page, refusal};

/// `POST …/oauth-keys/{keyMappingId}/generate-secret`
pub(crate) async fn generate(call: &Call) -> Outcome<Response> {
    let client = client_row::of_path(call).await?.require_resident()?;
    let body: Wanted = call.json_or_default().await?;
    let wish = SecretWish::parse(&body.additional_properties.unwrap_or_default())?;
    let secret = Secret::generate(&id::random()?);
    let secret_id = id::uuid()?;
    let expires_at = wish.expires_at(call.now);
    let new = NewSecret {
        id: &secret_id,
        client: &client.client_id,
        digest: secret.digest(),
        description: &wish.description,
        expires_at,
    };
    let room = guard::require(&format!(
        "(SELECT count(*) FROM client_secret WHERE client_id = ?) < {LIMIT}"
    ));
    let statements = vec![
        sql("DELETE FROM client_secret WHERE client_id = ? AND expires_at <= ?")
            .bind(&client.client_id)
            .bind(call.now),
        room.bind(&client.client_id),
        insert(call, &new),
        write::audit(call, "application.generate-secret", &secret_id)?,
    ];
    guard::or(call.db.batch(statements).await, || {
        let message = format!("the client has {LIMIT} secrets; revoke one of them first");
        Failure::because("400", message)
    })?;
    let shown = json!({
        "secretId": secret_id,
        "secretValue": secret.reveal(),
        "additionalProperties": secret_properties(&wish.description, expires_at),
    });
    reply::json(201, &shown)
}

/// `GET …/oauth-keys/{keyMappingId}/secrets`: those that work, the newest first, without their values.
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let client = client_row::of_path(call).await?.require_resident()?;
    let rows: Vec<Row> = call
        .db
        .all(
            sql(format!(
                "SELECT id, label, expires_at FROM client_secret WHERE {LIVE} ORDER BY {NEWEST}"
            ))
            .bind(&client.client_id)
            .bind(call.now),
        )
        .await?;
    let list = rows.iter().map(Row::shown).collect();
    reply::json(200, &page::whole(list))
}

/// `POST …/oauth-keys/{keyMappingId}/revoke-secret`
pub(crate) async fn revoke(call: &Call) -> Outcome<Response> {
    let client = client_row::of_path(call).await?.require_resident()?;
    let body: Unwanted = call.json().await?;
    let found: Option<Row> = call
        .db
        .first(
            sql(format!(
                "SELECT id, label, expires_at FROM client_secret WHERE {LIVE} AND id = ?"
            ))
            .bind(&client.client_id)
            .bind(call.now)
            .bind(&body.secret_id),
        )
        .await?;
    let secret =
        found.ok_or_else(|| Failure::because("404", "the client has no such secret; list them"))?;
    let older = guard::require(&format!(
        "? <> (SELECT id FROM client_secret WHERE {LIVE} ORDER BY {NEWEST} LIMIT 1)"
    ));
    let statements = vec![
        older
            .bind(&secret.id)
            .bind(&client.client_id)
            .bind(call.now),
        sql("DELETE FROM client_secret WHERE id = ?").bind(&secret.id),
        write::audit(call, "application.revoke-secret", &secret.id)?,
    ];
    guard::or(call.db.batch(statements).await, || {
        let message = "is the newest one; generate another before you revoke it";
        refusal::one("400", "secretId", message)
    })?;
    reply::empty(204)
}

/// `POST …/keys/{keyType}/regenerate-secret` and `…/oauth-keys/{keyMappingId}/regenerate-secret`: every older one ends.
pub(crate) async fn regenerate(call: &Call) -> Outcome<Response> {
    let client = client_row::of_path(call).await?.require_resident()?;
    let secret = Secret::generate(&id::random()?);
    let new = NewSecret {
        id: &id::uuid()?,
        client: &client.client_id,
        digest: secret.digest(),
        description: "",
        expires_at: None,
    };
    call.db
        .batch(vec![
            sql("DELETE FROM client_secret WHERE client_id = ?").bind(&client.client_id),
            insert(call, &new),
            write::audit(call, "application.regenerate-secret", &client.client_id)?,
        ])
        .await?;
    reply::json(
        200,
        &json!({"consumerKey": client.client_id, "consumerSecret": secret.reveal()}),
    )
}

/// A secret that is about to be.
pub(crate) struct NewSecret<'a> {
    pub(crate) id: &'a str,
    pub(crate) client: &'a str,
    pub(crate) digest: String,
    pub(crate) description: &'a str,
    pub(crate) expires_at: Option<Timestamp>,
}

/// Keeps a secret's digest.
pub(crate) fn insert(call: &Call, new: &NewSecret<'_>) -> Statement {
    sql("INSERT INTO client_secret (id, client_id, digest, label, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)")
        .bind(new.id)
        .bind(new.client)
        .bind(new.digest.as_str())
        .bind(new.description)
        .bind(call.now)
        .bind(new.expires_at.map(|end| end.0))
}

#[derive(Deserialize)]
struct Row {
    id: String,
    label: String,
    expires_at: Option<i64>,
}

impl Row {
    fn shown(&self) -> Value {
        let expires_at = self.expires_at.map(Timestamp);
        json!({
            "secretId": self.id,
            "additionalProperties": secret_properties(&self.label, expires_at),
        })
    }
}

/// WSO2's `ConsumerSecretCreationRequest`.
#[derive(Default, Deserialize)]
#[serde(
    rename_all = "camelCase",
    deny_unknown_fields,
    default,
    expecting = "an object"
)]
struct Wanted {
    additional_properties: Option<Map<String, Value>>,
}

/// WSO2's `ConsumerSecretDeletionRequest`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
struct Unwanted {
    secret_id: String,
    #[serde(rename = "additionalProperties")]
    _additional: Option<Map<String, Value>>,
}

const LIVE: &str = "client_id = ? AND (expires_at IS NULL OR expires_at > ?)";
const NEWEST: &str = "created_at DESC, rowid DESC";
/// Enough for every place that is being moved to a new secret.
const LIMIT: usize = 10;
