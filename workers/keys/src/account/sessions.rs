//! Where a person is signed in.

use runtime::{Failure, Outcome, db::sql, reply};
use serde::{Deserialize, Serialize};
use serde_json::json;
use worker::Response;

use super::owner;
use crate::call::Call;

/// `GET /session/list`: the last used first.
pub(super) async fn list(call: &Call) -> Outcome<Response> {
    let owner = owner(call).await?;
    let list = sql(
        "SELECT id, created_at, last_seen_at, expires_at, user_agent, address, amr FROM session \
         WHERE user_id = ? AND expires_at > ? ORDER BY last_seen_at DESC LIMIT 100",
    );
    let rows: Vec<Row> = call
        .db
        .all(list.bind(&owner.person.id).bind(call.now))
        .await?;
    let rows = rows
        .into_iter()
        .map(|row| row.shown(&owner.session))
        .collect::<Outcome<Vec<_>>>()?;
    reply::json(200, &json!({"count": rows.len(), "list": rows}))
}

/// `DELETE /session/list/{id}`: ends one of one's own.
pub(super) async fn end(call: &Call, id: &str) -> Outcome<Response> {
    let owner = owner(call).await?;
    let end = sql("DELETE FROM session WHERE id = ? AND user_id = ?");
    if call.db.run(end.bind(id).bind(&owner.person.id)).await? == 0 {
        return Err(Failure::because(
            "404",
            "there is no such session; it may have ended",
        ));
    }
    reply::empty(204)
}

#[derive(Deserialize)]
struct Row {
    id: String,
    created_at: i64,
    last_seen_at: i64,
    expires_at: i64,
    user_agent: String,
    address: String,
    amr: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    is_this: bool,
    id: String,
    created_at: i64,
    last_seen_at: i64,
    expires_at: i64,
    user_agent: String,
    address: String,
    amr: Vec<String>,
}

impl Row {
    fn shown(self, this: &str) -> Outcome<Shown> {
        Ok(Shown {
            is_this: self.id == this,
            id: self.id,
            created_at: self.created_at,
            last_seen_at: self.last_seen_at,
            expires_at: self.expires_at,
            user_agent: self.user_agent,
            address: self.address,
            amr: serde_json::from_str(&self.amr)?,
        })
    }
}
