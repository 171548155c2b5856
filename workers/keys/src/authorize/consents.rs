//! `/session/consents`: what a person has allowed which client, and how to take it back.

use oauth::Form;
use runtime::{Failure, Outcome, db::sql, reply};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use crate::{
    call::{Call, ORGANIZATION},
    present, revoke, session,
};

/// `GET /session/consents`.
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let here = present::required(call).await?;
    let statement = sql(
        "SELECT n.client_id, coalesce(json_extract(c.metadata, '$.client_name'), c.name) AS name, n.scopes, n.granted_at FROM consent n \
         JOIN oauth_client c ON c.client_id = n.client_id WHERE n.user_id = ? ORDER BY n.granted_at DESC",
    );
    let rows: Vec<Row> = call.db.all(statement.bind(&here.person.id)).await?;
    let list: Vec<Value> = rows.iter().map(Row::described).collect();
    reply::json(200, &json!({"count": list.len(), "list": list}))
}

/// `DELETE /session/consents/{clientId}`: with the consent go the codes, the refresh tokens and the access tokens that
/// came of it.
pub(crate) async fn withdraw(call: &Call, client_id: &str) -> Outcome<Response> {
    session::own_page(call)?;
    let here = present::required(call).await?;
    // An id that is an address has slashes, which stand in the path as escapes.
    let named = Form::parse(&format!("id={client_id}")).ok();
    let client_id = named.as_ref().and_then(|form| form.get("id"));
    let client_id = client_id.unwrap_or_default();
    let user = &here.person.id;
    let known = sql("SELECT client_id FROM consent WHERE user_id = ? AND client_id = ?");
    let row: Option<Known> = call.db.first(known.bind(user).bind(client_id)).await?;
    if row.is_none() {
        return Err(Failure::because(
            "404",
            "you have not allowed this client anything",
        ));
    }
    let families = "SELECT family FROM refresh_token WHERE user_id = ? AND client_id = ? AND revoked_at IS NULL";
    let batch = vec![
        sql(format!(
            "INSERT OR IGNORE INTO revoked_token (jti, organization, expires_at, revoked_at) \
             SELECT access_jti, ?, access_expires_at, ? FROM refresh_token \
             WHERE access_jti IS NOT NULL AND access_expires_at > ? AND family IN ({families})"
        ))
        .bind(ORGANIZATION)
        .bind(call.now)
        .bind(call.now)
        .bind(user)
        .bind(client_id),
        sql("UPDATE refresh_token SET revoked_at = ? WHERE user_id = ? AND client_id = ? AND revoked_at IS NULL")
            .bind(call.now)
            .bind(user)
            .bind(client_id),
        sql("DELETE FROM authorization_code WHERE user_id = ? AND client_id = ? AND family IS NULL")
            .bind(user)
            .bind(client_id),
        sql("DELETE FROM consent WHERE user_id = ? AND client_id = ?").bind(user).bind(client_id),
    ];
    revoke::publish_with(call, batch).await?;
    reply::empty(204)
}

#[derive(Deserialize)]
struct Known {
    #[serde(rename = "client_id")]
    _client: String,
}

#[derive(Deserialize)]
struct Row {
    client_id: String,
    name: String,
    scopes: String,
    granted_at: i64,
}

impl Row {
    fn described(&self) -> Value {
        let scopes: Vec<&str> = self.scopes.split_ascii_whitespace().collect();
        json!({
            "clientId": self.client_id,
            "clientName": self.name,
            "scopes": scopes,
            "grantedAt": self.granted_at,
        })
    }
}
