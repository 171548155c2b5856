//! Messages go out: claimed first, so that two rounds at once send none twice; what fails is tried again, later and later.

use alerting::next_attempt_ms;
use model::Timestamp;
use runtime::{Db, Outcome, call as service, db::sql};
use serde::Deserialize;
use serde_json::json;
use worker::Env;

/// Sends what is due, and forgets messages and alerts that are long past.
pub(crate) async fn due(env: &Env, now: Timestamp) -> Outcome<()> {
    let db = Db::of(env)?;
    let waiting = sql(
        "SELECT d.id, d.channel, d.target, d.subject, d.body, d.failed, d.next_at, w.url, w.sealed_secret \
         FROM alert_delivery AS d LEFT JOIN alert_webhook AS w ON d.channel = 'webhook' AND w.id = d.target \
         WHERE d.next_at <= ? ORDER BY d.next_at LIMIT 50",
    );
    let rows: Vec<Row> = db.all(waiting.bind(now)).await?;
    for row in rows {
        // Should this isolate die now, the message is tried again a minute later.
        let claim = "UPDATE alert_delivery SET next_at = ? WHERE id = ? AND next_at = ?";
        let claimed = sql(claim)
            .bind(now.plus_ms(60_000))
            .bind(&row.id)
            .bind(row.next_at);
        if db.run(claimed).await? == 1 {
            attempt(env, &db, &row, now).await?;
        }
    }
    let before = now.plus_ms(-KEPT_MS);
    db.batch(vec![
        sql("DELETE FROM alert_delivery WHERE created_at < ?").bind(before),
        sql("DELETE FROM alert WHERE resolved_at < ?").bind(before),
    ])
    .await?;
    Ok(())
}

async fn attempt(env: &Env, db: &Db, row: &Row, now: Timestamp) -> Outcome<()> {
    let fault = match row.send(env, now).await {
        Ok(None) => {
            let done = "UPDATE alert_delivery SET next_at = NULL, delivered_at = ?, fault = '' WHERE id = ?";
            db.run(sql(done).bind(now).bind(&row.id)).await?;
            return Ok(());
        }
        Ok(Some(fault)) => fault,
        Err(failure) => {
            worker::console_error!("{}: {failure:?}", row.id);
            "the platform failed".to_owned()
        }
    };
    let failed = row.failed.saturating_add(1);
    let next = next_attempt_ms(failed).map(|wait_ms| now.plus_ms(wait_ms).0);
    let note = "UPDATE alert_delivery SET failed = ?, next_at = ?, fault = ? WHERE id = ?";
    db.run(
        sql(note)
            .bind(i64::from(failed))
            .bind(next)
            .bind(fault)
            .bind(&row.id),
    )
    .await?;
    Ok(())
}

#[derive(Deserialize)]
struct Row {
    id: String,
    channel: String,
    target: String,
    subject: String,
    body: String,
    failed: u32,
    next_at: i64,
    url: Option<String>,
    sealed_secret: Option<String>,
}

#[derive(Deserialize)]
struct Sent {
    fault: Option<String>,
}

impl Row {
    /// What went wrong, if anything; the keys Worker sends, because it opens secrets and has the mailer.
    async fn send(&self, env: &Env, now: Timestamp) -> Outcome<Option<String>> {
        let answer = if self.channel == "mail" {
            let mail = json!({"to": self.target, "subject": self.subject, "text": self.body});
            service::post(env, "KEYS", "/internal/messages/mail", &mail).await?
        } else {
            let (Some(url), Some(sealed)) = (&self.url, &self.sealed_secret) else {
                return Ok(Some("the webhook is gone".to_owned()));
            };
            let message = json!({
                "id": self.id, "url": url, "sealed": sealed, "seconds": now.seconds(), "body": self.body,
            });
            service::post(env, "KEYS", "/internal/messages/webhook", &message).await?
        };
        let sent: Sent = service::expect_json(answer).await?;
        Ok(sent.fault)
    }
}

/// A quarter of a year.
const KEPT_MS: i64 = 90 * 86_400_000;
