//! Who may call: the records of clients, API keys and applications, each written as a whole.

use model::{
    ApiKeyRecord, ApplicationRecord, ApplicationStatus, ClientRecord, KeyType, SCHEMA_VERSION,
    SubscriptionRecord, SubscriptionStatus, Timestamp,
};
use runtime::{Db, Failure, Outcome, db::sql};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::value::Shelf;

/// KV `client/<id>`.
pub(crate) async fn client(db: &Db, shelf: &Shelf, id: &str) -> Outcome<()> {
    settle(shelf, &format!("client/{id}"), async || {
        client_record(db, id).await
    })
    .await
}

/// KV `api-key/<digest>`.
pub(crate) async fn api_key(db: &Db, shelf: &Shelf, digest: &str) -> Outcome<()> {
    settle(shelf, &format!("api-key/{digest}"), async || {
        api_key_record(db, digest).await
    })
    .await
}

/// KV `application/<id>`.
pub(crate) async fn application(db: &Db, shelf: &Shelf, id: &str) -> Outcome<()> {
    settle(shelf, &format!("application/{id}"), async || {
        application_record(db, id).await
    })
    .await
}

/// Writes what the database says until it says the same after the write as before: another isolate may have written an
/// older word in between.
async fn settle(
    shelf: &Shelf,
    key: &str,
    read: impl AsyncFn() -> Outcome<Option<String>>,
) -> Outcome<()> {
    let mut wanted = read().await?;
    for _ in 0..ROUNDS {
        match &wanted {
            Some(json) => shelf.put(key, json).await?,
            None => shelf.delete(key).await?,
        }
        let now = read().await?;
        if now == wanted {
            return Ok(());
        }
        wanted = now;
    }
    Err(Failure::Internal(format!(
        "`{key}` changes faster than it is published"
    )))
}

async fn client_record(db: &Db, id: &str) -> Outcome<Option<String>> {
    #[derive(Deserialize)]
    struct Row {
        organization: String,
        application_id: String,
        key_type: String,
    }
    let row: Option<Row> = db
        .first(
            sql("SELECT application.organization, key_mapping.application_id, key_mapping.key_type FROM key_mapping \
                 JOIN application ON application.id = key_mapping.application_id WHERE key_mapping.client_id = ?")
            .bind(id),
        )
        .await?;
    row.map(|row| {
        Ok(serde_json::to_string(&ClientRecord {
            schema: SCHEMA_VERSION,
            organization: row.organization.into(),
            client: id.into(),
            application: row.application_id.into(),
            key_type: word::<KeyType>(&row.key_type)?,
        })?)
    })
    .transpose()
}

async fn api_key_record(db: &Db, digest: &str) -> Outcome<Option<String>> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
        organization: String,
        application_id: String,
        api_id: Option<String>,
        key_type: String,
        owner: String,
        permitted_ips: String,
        permitted_referers: String,
        expires_at: Option<i64>,
    }
    let row: Option<Row> = db
        .first(
            sql("SELECT api_key.id, api_key.organization, application_id, api_id, key_type, application.owner, permitted_ips, \
                 permitted_referers, expires_at FROM api_key JOIN application ON application.id = api_key.application_id \
                 WHERE digest = ? AND revoked_at IS NULL")
            .bind(digest),
        )
        .await?;
    row.map(|row| {
        Ok(serde_json::to_string(&ApiKeyRecord {
            schema: SCHEMA_VERSION,
            organization: row.organization.into(),
            id: row.id.into(),
            application: row.application_id.into(),
            api: row.api_id.map(Into::into),
            key_type: word::<KeyType>(&row.key_type)?,
            user: row.owner,
            expires_at: row.expires_at.map(Timestamp),
            permitted_ips: serde_json::from_str(&row.permitted_ips)?,
            permitted_referers: serde_json::from_str(&row.permitted_referers)?,
        })?)
    })
    .transpose()
}

async fn application_record(db: &Db, id: &str) -> Outcome<Option<String>> {
    #[derive(Deserialize)]
    struct Row {
        organization: String,
        name: String,
        owner: String,
        policy: String,
        status: String,
        throttle_resets: u32,
    }
    #[derive(Deserialize)]
    struct Right {
        id: String,
        api_id: String,
        plan: String,
        status: String,
    }
    let row: Option<Row> = db
        .first(
            sql("SELECT organization, name, owner, policy, status, throttle_resets FROM application WHERE id = ?")
                .bind(id),
        )
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let rights: Vec<Right> = db
        .all(sql("SELECT id, api_id, plan, status FROM subscription WHERE application_id = ? ORDER BY id").bind(id))
        .await?;
    let subscriptions = rights
        .into_iter()
        .map(|right| {
            Ok(SubscriptionRecord {
                id: right.id.into(),
                api: right.api_id.into(),
                plan: right.plan,
                status: word::<SubscriptionStatus>(&right.status)?,
            })
        })
        .collect::<Outcome<_>>()?;
    Ok(Some(serde_json::to_string(&ApplicationRecord {
        schema: SCHEMA_VERSION,
        organization: row.organization.into(),
        id: id.into(),
        name: row.name,
        owner: row.owner,
        policy: row.policy,
        status: word::<ApplicationStatus>(&row.status)?,
        throttle_resets: row.throttle_resets,
        subscriptions,
    })?))
}

/// A word of the database as the type that gateways read.
fn word<T: DeserializeOwned>(text: &str) -> Outcome<T> {
    let value: Value = json!(text);
    Ok(serde_json::from_value(value)?)
}

/// A record that changes more often than this during one publication is changed by a fault.
const ROUNDS: usize = 10;
