//! Mails: written into the database in the batch of what they speak of, sent after the answer by whatever is configured.
//!
//! `MAILER` says by what: `http` posts JSON to `MAILER_URL`, `outbox` (also when nothing is said) keeps them for whoever
//! holds the set-up token (`GET /setup/mail`), and `none` writes none. They are sealed, because their links open accounts.

use ::people::Mail;
use credential::{Secret, sha256_hex};
use model::Timestamp;
use runtime::{
    Db, Failure, Outcome, clock,
    crypto::SealingKey,
    db::{Statement, sql},
    reply,
};
use serde::Deserialize;
use serde_json::json;
use wasm_bindgen::JsValue;
use worker::{AbortSignal, Env, Fetch, Headers, Method, Request, RequestInit, Response};

use crate::call::{Call, ORGANIZATION, kek, optional};

/// What sends mails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mailer {
    Http,
    Outbox,
    None,
}

/// What is configured; anything unknown is `none`.
pub(crate) fn mailer(env: &Env) -> Mailer {
    match setting(env, "MAILER").as_str() {
        "http" => Mailer::Http,
        "" | "outbox" => Mailer::Outbox,
        _ => Mailer::None,
    }
}

/// The statement that keeps a mail until it is sent; `None` where nobody sends any.
pub(crate) async fn kept(env: &Env, mail: &Mail, now: Timestamp) -> Outcome<Option<Statement>> {
    if mailer(env) == Mailer::None {
        return Ok(None);
    }
    let sealing = SealingKey::import(&kek(env)?).await?;
    let sealed = sealing
        .seal(serde_json::to_string(mail)?.as_bytes(), CONTEXT)
        .await?;
    Ok(Some(
        sql("INSERT INTO mail (organization, sealed, created_at) VALUES (?, ?, ?)")
            .bind(ORGANIZATION)
            .bind(sealed)
            .bind(now),
    ))
}

/// Sends what waits; a failure is for the log, and the next round tries again.
pub(crate) async fn send_or_log(env: Env) {
    if let Err(failure) = send(&env).await {
        worker::console_error!("mail is sent later: {failure:?}");
    }
}

/// Sends what waits, where the mailer is one that sends. A mail is tried every minute, and given up after five.
pub(crate) async fn send(env: &Env) -> Outcome<()> {
    if mailer(env) != Mailer::Http {
        return Ok(());
    }
    let db = Db::of(env)?;
    let now = clock::now();
    let due = sql("SELECT id, sealed, attempts, created_at FROM mail \
         WHERE attempts < ? AND created_at + attempts * 60000 <= ? ORDER BY id LIMIT 20");
    let rows: Vec<Row> = db.all(due.bind(MOST_ATTEMPTS).bind(now)).await?;
    for row in rows {
        let claim = sql("UPDATE mail SET attempts = attempts + 1 WHERE id = ? AND attempts = ?");
        if db.run(claim.bind(row.id).bind(row.attempts)).await? != 1 {
            continue;
        }
        match post(env, &row.open(env).await?).await {
            Ok(()) => {
                let sent = sql("DELETE FROM mail WHERE id = ?").bind(row.id);
                db.run(sent).await?;
            }
            // One address that the mailer does not like keeps nobody else's mail back.
            Err(failure) => worker::console_error!("mail {} is sent later: {failure:?}", row.id),
        }
    }
    Ok(())
}

/// `GET /setup/mail`: what the outbox holds, the newest first, for whoever holds the set-up token. Elsewhere 404.
pub(crate) async fn outbox(call: &Call) -> Outcome<Response> {
    let shown = call.bearer()?.unwrap_or_default();
    if !Secret::matches(&shown, &sha256_hex(&call.setup_token()?)) {
        return Err(Failure::because(
            "401",
            "send the set-up token as `Authorization: Bearer`",
        ));
    }
    if mailer(&call.env) != Mailer::Outbox {
        return Err(Failure::because(
            "404",
            "mails are not kept here; `MAILER` is not `outbox`",
        ));
    }
    let newest = sql("SELECT id, sealed, attempts, created_at FROM mail ORDER BY id DESC LIMIT 50");
    let rows: Vec<Row> = call.db.all(newest).await?;
    let mut list = Vec::new();
    for row in rows {
        let mail = row.open(&call.env).await?;
        list.push(json!({
            "to": mail.to, "subject": mail.subject, "text": mail.text, "createdAt": row.created_at,
        }));
    }
    reply::json(200, &json!({"count": list.len(), "list": list}))
}

/// Forgets what was not sent, or not looked at, within a day.
pub(crate) fn forgotten(now: Timestamp) -> Statement {
    sql("DELETE FROM mail WHERE created_at < ?").bind(now.plus_ms(-KEPT_MS))
}

async fn post(env: &Env, mail: &Mail) -> Outcome<()> {
    let headers = Headers::new();
    headers.set("content-type", "application/json")?;
    if let Some(key) = optional(env, "MAILER_KEY") {
        headers.set("authorization", &format!("Bearer {key}"))?;
    }
    let body = json!({
        "from": setting(env, "MAILER_FROM"), "to": mail.to, "subject": mail.subject, "text": mail.text,
    });
    let mut init = RequestInit::new();
    init.with_method(Method::Post)
        .with_headers(headers)
        .with_body(Some(JsValue::from_str(&body.to_string())));
    let request = Request::new_with_init(&setting(env, "MAILER_URL"), &init)?;
    let signal = AbortSignal::from(web_sys::AbortSignal::timeout_with_u32(DEADLINE_MS));
    let answer = Fetch::Request(request).send_with_signal(&signal).await?;
    match answer.status_code() {
        200..=299 => Ok(()),
        status => Err(Failure::Internal(format!("the mailer answered {status}"))),
    }
}

fn setting(env: &Env, name: &str) -> String {
    optional(env, name).unwrap_or_default()
}

#[derive(Deserialize)]
struct Row {
    id: i64,
    sealed: String,
    attempts: i64,
    created_at: i64,
}

impl Row {
    async fn open(&self, env: &Env) -> Outcome<Mail> {
        let sealing = SealingKey::import(&kek(env)?).await?;
        Ok(serde_json::from_slice(
            &sealing.open(&self.sealed, CONTEXT).await?,
        )?)
    }
}

/// What sealed mails are bound to.
pub(crate) const CONTEXT: &str = "default/mail";
const MOST_ATTEMPTS: i64 = 5;
const DEADLINE_MS: u32 = 10_000;
const KEPT_MS: i64 = 24 * 3_600_000;
