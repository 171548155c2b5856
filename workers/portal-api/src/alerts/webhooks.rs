//! `/alerts/webhooks`: where signed messages go. The secret is shown once, when it is made.

use runtime::{Failure, Outcome, call as service, db::sql, id, reply};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use super::mine;
use crate::{apis::write, call::Call, guard, page, refusal, time::iso};

/// `GET /alerts/webhooks`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let mine = mine(call)?;
    let all = sql(
        "SELECT id, name, url, owner, created_at FROM alert_webhook \
         WHERE organization = ? AND (? = '' OR owner = ?) ORDER BY name, id",
    );
    let rows: Vec<Row> = call
        .db
        .all(
            all.bind(call.organization())
                .bind(mine.as_str())
                .bind(mine.as_str()),
        )
        .await?;
    reply::json(200, &page::whole(rows.iter().map(Row::shown).collect()))
}

/// `POST /alerts/webhooks`
pub(crate) async fn create(call: &Call) -> Outcome<Response> {
    let body: Body = call.json().await?;
    if !(1..=80).contains(&body.name.trim().chars().count()) {
        return Err(refusal::one("400", "name", "is not 1 to 80 letters"));
    }
    // The keys Worker makes and seals the secret, since only it can open one again; and says whether it may call there.
    let wish = json!({"url": body.url});
    let made = service::post(
        &call.env,
        "KEYS",
        "/internal/messages/webhook-secret",
        &wish,
    )
    .await?;
    if made.status_code() == 400 {
        return Ok(made);
    }
    let made: Made = service::expect_json(made).await?;
    let webhook = id::uuid()?;
    let room = guard::require("(SELECT count(*) FROM alert_webhook WHERE organization = ?) < ?")
        .bind(call.organization())
        .bind(MOST);
    let insert = sql(
        "INSERT INTO alert_webhook (id, organization, owner, name, url, sealed_secret, created_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&webhook)
    .bind(call.organization())
    .bind(call.user()?)
    .bind(body.name.trim())
    .bind(&body.url)
    .bind(&made.sealed)
    .bind(call.now);
    let batch = vec![
        room,
        insert,
        write::audit(call, "alert-webhook.create", &webhook)?,
    ];
    let written = guard::or(call.db.batch(batch).await, || {
        let help = format!("there are {MOST} webhooks already; delete those that nobody needs");
        refusal::one("400", "", help)
    });
    let taken = Failure::because("409", "you have a webhook of this name already");
    written.map_err(|failure| guard::taken(failure, "alert_webhook.", taken))?;
    let row = Row {
        id: webhook,
        name: body.name.trim().to_owned(),
        url: body.url,
        owner: call.user()?.to_owned(),
        created_at: call.now.0,
    };
    let mut shown = row.shown();
    if let Some(object) = shown.as_object_mut() {
        object.insert("secret".to_owned(), json!(made.secret));
    }
    reply::json(201, &shown)
}

/// `DELETE /alerts/webhooks/{webhookId}`: messages that still wait for it are given up.
pub(crate) async fn delete(call: &Call) -> Outcome<Response> {
    let mine = mine(call)?;
    let webhook = call.path("webhookId");
    let known = guard::require(
        "EXISTS (SELECT 1 FROM alert_webhook WHERE id = ? AND organization = ? AND (? = '' OR owner = ?))",
    )
    .bind(webhook)
    .bind(call.organization())
    .bind(mine.as_str())
    .bind(mine.as_str());
    let batch = vec![
        known,
        sql(
            "UPDATE alert_delivery SET next_at = NULL, fault = 'the webhook is gone' \
             WHERE channel = 'webhook' AND target = ? AND next_at IS NOT NULL",
        )
        .bind(webhook),
        sql("DELETE FROM alert_webhook WHERE id = ?").bind(webhook),
        write::audit(call, "alert-webhook.delete", webhook)?,
    ];
    guard::or(call.db.batch(batch).await, || {
        Failure::because("404", "there is no such webhook")
    })?;
    reply::empty(204)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Body {
    name: String,
    url: String,
}

#[derive(Deserialize)]
struct Made {
    secret: String,
    sealed: String,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    name: String,
    url: String,
    owner: String,
    created_at: i64,
}

impl Row {
    fn shown(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "url": self.url,
            "owner": self.owner,
            "createdTime": iso(self.created_at),
        })
    }
}

const MOST: i64 = 100;
