//! `/key-managers`: external issuers, beside the one that is built in.

mod trust;
pub(crate) mod usages;

use lifecycle::external_issuer::{self, ExternalIssuer};
use runtime::{Failure, Outcome, call as service, db::sql, id, outbound::Outbound, reply};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use crate::{apis::write, call::Call, etag, guard, key_managers, page, refusal, upload::Upload};
use trust::{Held, Said};

/// `GET /key-managers`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let rows: Vec<Row> = call
        .db
        .all(
            sql(format!(
                "{SELECT} WHERE organization = ? ORDER BY name COLLATE NOCASE"
            ))
            .bind(call.organization()),
        )
        .await?;
    let mut list = vec![key_managers::resident_of_admins()];
    for row in &rows {
        list.push(brief(row)?);
    }
    reply::json(200, &page::whole(list))
}

/// `POST /key-managers`
pub(crate) async fn create(call: &Call) -> Outcome<Response> {
    let wish = wish(call).await?;
    let key_manager = id::uuid()?;
    let said = Said::of(call, &key_manager, &wish, &Held::default()).await?;
    let insert = sql(
        "INSERT INTO key_manager (id, organization, name, issuer, body, enabled, keys, keys_fetched_at, \
         sealed_registration, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&key_manager)
    .bind(call.organization())
    .bind(wish.name.as_deref().unwrap_or_default())
    .bind(wish.issuer.as_deref().unwrap_or_default())
    .bind(serde_json::to_string(&wish)?)
    .bind(said.enabled)
    .bind(said.keys)
    .bind(said.keys_fetched_at)
    .bind(said.sealed_registration)
    .bind(call.now)
    .bind(call.now);
    let audit = write::audit(call, "key-manager.create", &key_manager)?;
    let mut statements = vec![insert, audit];
    statements.extend(trust::noted(call));
    call.db.batch(statements).await.map_err(said_twice)?;
    trust::publish(call).await;
    let row = find(call, &key_manager).await?;
    let response = etag::changed(201, row.generation, &shown(&row)?)?;
    let location = format!("/api/am/admin/v4/key-managers/{key_manager}");
    reply::with_header(response, "location", &location)
}

/// `POST /key-managers/discover`: what the provider at the address says of itself; nothing is kept.
pub(crate) async fn discover(call: &Call) -> Outcome<Response> {
    let address = Upload::read(call).await?.text("url").await?;
    let address = address.ok_or_else(|| refusal::one("900700", "url", "is missing"))?;
    let address = address.trim();
    let text = Outbound::new(call.allow_private())
        .get(address)
        .await
        .map_err(|fault| refusal::one("400", "url", fault.to_string()))?;
    let found = external_issuer::discovered(address, &text)
        .map_err(|fault| refusal::several("400", vec![fault]))?;
    let mut value = serde_json::to_value(&found)?;
    if let Some(members) = value.as_object_mut() {
        members.insert("issuer".into(), json!(found.issuer));
    }
    reply::json(200, &json!({"valid": true, "value": value}))
}

/// `POST /key-managers/test-token`: whose a token is, and whether it would be believed. The Key Manager decides; nothing is kept.
pub(crate) async fn test_token(call: &Call) -> Outcome<Response> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        token: String,
    }
    let body: Body = call.json().await?;
    if body.token.trim().is_empty() || body.token.len() > MOST_TOKEN_BYTES {
        return Err(refusal::one(
            "400",
            "token",
            format!("has between 1 and {MOST_TOKEN_BYTES} bytes"),
        ));
    }
    let wanted = json!({"token": body.token});
    let answer = service::post(&call.env, "KEYS", "/internal/token-tests", &wanted).await?;
    let said: Value = service::expect_json(answer).await?;
    reply::json(200, &said)
}

/// `GET /key-managers/{keyManagerId}`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    if call.path(ID) == key_managers::RESIDENT_ID {
        return etag::content(call, &key_managers::resident_of_admins());
    }
    let row = find(call, call.path(ID)).await?;
    etag::generation(call, row.generation, &shown(&row)?)
}

/// `PUT /key-managers/{keyManagerId}`
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    refuse_resident(call)?;
    let row = find(call, call.path(ID)).await?;
    etag::require_match(call, row.generation)?;
    let wish = wish(call).await?;
    if wish.name.as_deref() != Some(&row.name) {
        let message = format!("cannot be changed from `{}`", row.name);
        return Err(refusal::one("400", "name", message));
    }
    let said = Said::of(call, &row.id, &wish, &trust::held(call, &row.id).await?).await?;
    let change = sql(
        "UPDATE key_manager SET issuer = ?, body = ?, enabled = ?, keys = ?, keys_fetched_at = ?, \
         sealed_registration = ?, generation = generation + 1, updated_at = ? WHERE id = ?",
    )
    .bind(wish.issuer.as_deref().unwrap_or_default())
    .bind(serde_json::to_string(&wish)?)
    .bind(said.enabled)
    .bind(said.keys)
    .bind(said.keys_fetched_at)
    .bind(said.sealed_registration)
    .bind(call.now)
    .bind(&row.id);
    let mut statements = vec![
        guard::unchanged("key_manager", &row.id, row.generation),
        change,
        write::audit(call, "key-manager.update", &row.id)?,
    ];
    statements.extend(trust::noted(call));
    let made = call.db.batch(statements).await.map_err(said_twice);
    guard::or(made, guard::changed_meanwhile)?;
    trust::publish(call).await;
    let row = find(call, &row.id).await?;
    etag::changed(200, row.generation, &shown(&row)?)
}

/// `DELETE /key-managers/{keyManagerId}`: with the keys that applications have there. Their clients there stay: they are
/// the provider's.
pub(crate) async fn delete(call: &Call) -> Outcome<Response> {
    refuse_resident(call)?;
    let row = find(call, call.path(ID)).await?;
    etag::require_match(call, row.generation)?;
    let mut statements = vec![
        sql("INSERT INTO outbox (writer, topic, subject, created_at) SELECT 'portal-api', 'client', key_mapping.client_id, ? \
             FROM key_mapping JOIN external_client ON mapping = key_mapping.id WHERE external_client.key_manager = ?")
        .bind(call.now)
        .bind(&row.id),
        sql("DELETE FROM key_mapping WHERE id IN (SELECT mapping FROM external_client WHERE key_manager = ?)").bind(&row.id),
        sql("DELETE FROM external_client WHERE key_manager = ?").bind(&row.id),
        sql("DELETE FROM key_manager WHERE id = ?").bind(&row.id),
        write::audit(call, "key-manager.delete", &row.id)?,
    ];
    statements.extend(trust::noted(call));
    call.db.batch(statements).await?;
    trust::publish(call).await;
    reply::empty(200)
}

async fn wish(call: &Call) -> Outcome<ExternalIssuer> {
    let wish = call.json::<ExternalIssuer>().await?.completed();
    let own = call.variable("ORIGIN");
    refusal::unless_empty("400", wish.faults(&own, call.allow_private()))?;
    Ok(wish)
}

fn refuse_resident(call: &Call) -> Outcome<()> {
    if call.path(ID) == key_managers::RESIDENT_ID {
        return Err(Failure::because(
            "403",
            "the built-in key manager can be neither changed nor deleted",
        ));
    }
    Ok(())
}

fn said_twice(failure: Failure) -> Failure {
    let name = Failure::because("409", "there is a key manager of this name");
    let issuer = Failure::because("409", "there is a key manager of this issuer");
    let failure = guard::taken(failure, "key_manager.name", name);
    guard::taken(failure, "key_manager.issuer", issuer)
}

async fn find(call: &Call, key_manager: &str) -> Outcome<Row> {
    let found = sql(format!("{SELECT} WHERE organization = ? AND id = ?"));
    let found = found.bind(call.organization()).bind(key_manager);
    let row: Option<Row> = call.db.first(found).await?;
    row.ok_or_else(|| Failure::because("404", "there is no such key manager"))
}

/// The whole object.
fn shown(row: &Row) -> Outcome<Value> {
    let mut shown = json!({
        "id": row.id, "name": row.name, "issuer": row.issuer, "global": false, "additionalProperties": {},
    });
    let body: Value = serde_json::from_str(&row.body)?;
    if let (Value::Object(shown), Value::Object(body)) = (&mut shown, body) {
        shown.extend(body);
    }
    Ok(shown)
}

/// The object as lists have it.
fn brief(row: &Row) -> Outcome<Value> {
    let body: ExternalIssuer = serde_json::from_str(&row.body)?;
    Ok(json!({
        "id": row.id,
        "name": row.name,
        "type": body.type_name,
        "description": body.description.unwrap_or_default(),
        "enabled": body.enabled,
        "isGlobal": false,
        "isUsed": row.clients > 0,
        "tokenType": body.token_type,
    }))
}

#[derive(Deserialize)]
struct Row {
    id: String,
    name: String,
    issuer: String,
    body: String,
    generation: i64,
    /// Clients that applications have there.
    clients: i64,
}

const SELECT: &str = "SELECT id, name, issuer, body, generation, \
    (SELECT count(*) FROM external_client WHERE external_client.key_manager = key_manager.id) AS clients FROM key_manager";
const ID: &str = "keyManagerId";
/// Longer ones no gateway reads.
const MOST_TOKEN_BYTES: usize = 8 * 1024;
