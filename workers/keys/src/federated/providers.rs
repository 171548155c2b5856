//! Providers as administrators keep them (`/internal/identity-providers`, which the admin API forwards), and as the
//! sign-in page offers them.

use ::people::federation::{Discovery, NewProvider, ProviderRules};
use problem::Problem;
use runtime::{
    Failure, Outcome, body,
    crypto::SealingKey,
    db::{Statement, sql},
    id, reply,
};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use super::{outbound, secret_context};
use crate::{
    call::{Call, ORGANIZATION, kek},
    mail::{self, Mailer},
    policy,
    users::{audit_by, require_roles},
};

/// `GET /session/providers`: what the sign-in page may offer besides a password.
pub(super) async fn offered(call: &Call) -> Outcome<Response> {
    let rows = rows(call, "ORDER BY display_name", None).await?;
    let list: Vec<Value> = rows
        .iter()
        .map(|row| json!({"name": row.name, "displayName": row.display_name}))
        .collect();
    reply::json(
        200,
        &json!({
            "count": list.len(),
            "list": list,
            "selfRegistration": policy::current(call).await?.self_registration,
            "recovery": mail::mailer(&call.env) != Mailer::None,
        }),
    )
}

/// `GET /internal/identity-providers`.
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let rows = rows(call, "ORDER BY name", None).await?;
    let list = rows.iter().map(Row::shown).collect::<Outcome<Vec<_>>>()?;
    reply::json(200, &json!({"count": list.len(), "list": list}))
}

/// `GET /internal/identity-providers/{id}`.
pub(crate) async fn read(call: &Call, id: &str) -> Outcome<Response> {
    reply::json(200, &one(call, id).await?.shown()?)
}

/// `POST /internal/identity-providers`: added once its metadata has been read.
pub(crate) async fn create(call: &Call) -> Outcome<Response> {
    let wish = wish(call).await?;
    let provider_id = id::uuid()?;
    let insert = sql(
        "INSERT INTO identity_provider (id, organization, name, display_name, issuer, client_id, sealed_secret, body, \
         created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&provider_id)
    .bind(ORGANIZATION)
    .bind(&wish.name)
    .bind(&wish.display_name)
    .bind(&wish.issuer)
    .bind(&wish.client_id)
    .bind(sealed(call, &wish, &provider_id).await?)
    .bind(serde_json::to_string(&wish.rules)?)
    .bind(call.now)
    .bind(call.now);
    call.db
        .batch(vec![insert, audit(call, "create", &provider_id)?])
        .await?;
    reply::json(201, &one(call, &provider_id).await?.shown()?)
}

/// `PUT /internal/identity-providers/{id}`: replaces it; a secret that is left out stays.
pub(crate) async fn update(call: &Call, id: &str) -> Outcome<Response> {
    let wish = wish(call).await?;
    one(call, id).await?;
    let update = sql(
        "UPDATE identity_provider SET name = ?, display_name = ?, issuer = ?, client_id = ?, \
         sealed_secret = coalesce(?, sealed_secret), body = ?, updated_at = ? WHERE organization = ? AND id = ?",
    )
    .bind(&wish.name)
    .bind(&wish.display_name)
    .bind(&wish.issuer)
    .bind(&wish.client_id)
    .bind(sealed(call, &wish, id).await?)
    .bind(serde_json::to_string(&wish.rules)?)
    .bind(call.now)
    .bind(ORGANIZATION)
    .bind(id);
    call.db
        .batch(vec![update, audit(call, "update", id)?])
        .await?;
    reply::json(200, &one(call, id).await?.shown()?)
}

/// `DELETE /internal/identity-providers/{id}`. Its people stay, and stay known: they come back with the provider.
pub(crate) async fn delete(call: &Call, id: &str) -> Outcome<Response> {
    one(call, id).await?;
    let delete = sql("DELETE FROM identity_provider WHERE organization = ? AND id = ?");
    let delete = delete.bind(ORGANIZATION).bind(id);
    call.db
        .batch(vec![delete, audit(call, "delete", id)?])
        .await?;
    reply::empty(204)
}

async fn wish(call: &Call) -> Outcome<NewProvider> {
    let wish: NewProvider = body::json(&call.request).await?;
    wish.check()?;
    require_roles(call, &wish.rules.named_roles()).await?;
    let text = outbound(&call.env)
        .get(&Discovery::address(&wish.issuer))
        .await
        .map_err(|fault| bad_issuer(&fault.to_string()))?;
    Discovery::read(&text, &wish.issuer).map_err(bad_issuer)?;
    Ok(wish)
}

fn bad_issuer(reason: &str) -> Failure {
    Problem::new("400")
        .fault("issuer", format!("its metadata cannot be used: {reason}"))
        .into()
}

async fn sealed(call: &Call, wish: &NewProvider, provider_id: &str) -> Outcome<Option<String>> {
    let Some(secret) = &wish.client_secret else {
        return Ok(None);
    };
    let sealing = SealingKey::import(&kek(&call.env)?).await?;
    let context = secret_context(provider_id);
    sealing.seal(secret.as_bytes(), &context).await.map(Some)
}

async fn one(call: &Call, id: &str) -> Outcome<Row> {
    let found = rows(call, "AND id = ?", Some(id)).await?;
    let first = found.into_iter().next();
    first.ok_or_else(|| Failure::because("404", "there is no such provider"))
}

async fn rows(call: &Call, more: &str, value: Option<&str>) -> Outcome<Vec<Row>> {
    let list = sql(format!(
        "SELECT id, name, display_name, issuer, client_id, sealed_secret IS NOT NULL AS has_secret, body \
         FROM identity_provider WHERE organization = ? {more}"
    ))
    .bind(ORGANIZATION);
    call.db
        .all(match value {
            Some(value) => list.bind(value),
            None => list,
        })
        .await
}

fn audit(call: &Call, verb: &str, id: &str) -> Outcome<Statement> {
    let actor = call.query("actor")?.unwrap_or_default();
    Ok(audit_by(
        call,
        &actor,
        &format!("identity-provider.{verb}"),
        id,
    ))
}

#[derive(Deserialize)]
struct Row {
    id: String,
    name: String,
    display_name: String,
    issuer: String,
    client_id: String,
    has_secret: i64,
    body: String,
}

impl Row {
    /// Without the secret, which nobody sees again.
    fn shown(&self) -> Outcome<Value> {
        let rules: ProviderRules = serde_json::from_str(&self.body)?;
        let mut shown = json!({
            "id": self.id, "name": self.name, "displayName": self.display_name, "issuer": self.issuer,
            "clientId": self.client_id, "hasClientSecret": self.has_secret != 0,
        });
        if let (Some(members), Value::Object(rules)) = (shown.as_object_mut(), json!(rules)) {
            members.extend(rules);
        }
        Ok(shown)
    }
}
