//! `Idempotency-Key`: a POST that is sent twice is carried out once, and answered alike.
//!
//! A note of the key rides with the batch of the change, so that the one is there exactly when the other is. The answer
//! is kept afterwards, unless it may hold a secret; who then asks again learns that it was done.

use model::Hash;
use runtime::{Db, Failure, Outcome, body, db::sql, reply};
use serde::{Deserialize, Serialize};
use worker::{Method, Response};

use crate::{call::Call, refusal, routes::Route};

/// What a repeated request is answered by, or nothing when it is the first of its key.
pub(crate) async fn answered(call: &Call, route: &Route) -> Outcome<Option<Response>> {
    let Some(key) = key(call)? else {
        return Ok(None);
    };
    let request = fingerprint(call).await?;
    let row: Option<Row> = call
        .db
        .first(
            sql("SELECT request, status, reply FROM idempotent_request \
                 WHERE organization = ? AND actor = ? AND key = ? AND at > ?")
            .bind(call.organization())
            .bind(call.user()?)
            .bind(&key)
            .bind(call.now.0 - KEPT_MS),
        )
        .await?;
    let Some(row) = row else {
        call.db.ride(
            sql("INSERT INTO idempotent_request (organization, actor, key, request, at) VALUES (?, ?, ?, ?, ?)")
                .bind(call.organization())
                .bind(call.user()?)
                .bind(&key)
                .bind(&request)
                .bind(call.now),
        );
        return Ok(None);
    };
    if row.request != request {
        return Err(Failure::because(
            "409",
            "this `Idempotency-Key` belongs to another request",
        ));
    }
    let kept: Option<(u16, Kept)> = match (row.status, row.reply) {
        (Some(status), Some(text)) if !is_secret(route) => {
            Some((status, serde_json::from_str(&text)?))
        }
        _ => None,
    };
    let (status, kept) = kept.ok_or_else(|| {
        Failure::because(
            "409",
            "this request was carried out already, and its answer is not kept",
        )
    })?;
    Ok(Some(kept.replayed(status)?))
}

/// Keeps the answer to the first request of a key, when there is one and something was changed.
pub(crate) async fn keep(call: &Call, route: &Route, mut response: Response) -> Outcome<Response> {
    let status = response.status_code();
    let is_good = (200..300).contains(&status);
    let Some(key) = key(call)?.filter(|_| is_good && !is_secret(route) && !call.db.is_waiting())
    else {
        return Ok(response);
    };
    let header = |name: &str| response.headers().get(name).ok().flatten();
    let (etag, location, kind) = (header("etag"), header("location"), header("content-type"));
    let body = response.text().await?;
    let kept = Kept {
        body,
        etag,
        location,
        kind,
    };
    if kept.body.len() <= BODY_BYTES {
        let update = sql("UPDATE idempotent_request SET status = ?, reply = ? WHERE organization = ? AND actor = ? AND key = ?")
            .bind(i64::from(status))
            .bind(serde_json::to_string(&kept)?)
            .bind(call.organization())
            .bind(call.user()?)
            .bind(key);
        call.db.run(update).await?;
    }
    kept.rebuilt(status)
}

/// Says a race of two with one key as what it is.
pub(crate) fn raced(failure: Failure) -> Failure {
    match failure {
        Failure::Problem(problem) if problem.description().contains("idempotent_request") => {
            Failure::because(
                "409",
                "the same request with this `Idempotency-Key` is under way; send it again in a moment",
            )
        }
        other @ (Failure::Problem(_) | Failure::Internal(_)) => other,
    }
}

/// Forgets what is too old to be repeated.
pub(crate) async fn forget(db: &Db, now: model::Timestamp) -> Outcome<()> {
    let old = sql("DELETE FROM idempotent_request WHERE at <= ?").bind(now.0 - KEPT_MS);
    db.run(old).await.map(drop)
}

fn key(call: &Call) -> Outcome<Option<String>> {
    // A client that acts for itself has no name here that others do not have.
    let is_somebody = call
        .principal
        .as_ref()
        .is_some_and(|principal| !principal.username.is_empty());
    if !matches!(call.request.method(), Method::Post) || !is_somebody {
        return Ok(None);
    }
    let Some(given) = call.header("idempotency-key")? else {
        return Ok(None);
    };
    if !(1..=255).contains(&given.len()) || !given.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(refusal::one(
            "400",
            "Idempotency-Key",
            "is not 1 to 255 visible ASCII characters",
        ));
    }
    Ok(Some(Hash::of(given.as_bytes()).as_str().to_owned()))
}

/// Of a form only its address: clients draw a new boundary each time.
async fn fingerprint(call: &Call) -> Outcome<String> {
    let mut text = format!(
        "{} {}",
        call.request.path(),
        call.request.url()?.query().unwrap_or_default()
    );
    let kind = call.header("content-type")?.unwrap_or_default();
    if !kind.starts_with("multipart/") {
        let copy = call.request.clone()?;
        text.push_str(&body::text(&copy, body::UPLOAD_LIMIT).await?);
    }
    Ok(Hash::of(text.as_bytes()).as_str().to_owned())
}

/// Whether the answer may hold what is shown once and never kept.
fn is_secret(route: &Route) -> bool {
    ["key", "secret", "token", "password", "users", "register"]
        .iter()
        .any(|word| route.template.contains(word))
}

#[derive(Deserialize)]
struct Row {
    request: String,
    status: Option<u16>,
    reply: Option<String>,
}

/// An answer as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    body: String,
    etag: Option<String>,
    location: Option<String>,
    kind: Option<String>,
}

impl Kept {
    fn rebuilt(self, status: u16) -> Outcome<Response> {
        let mut response = match self.kind {
            Some(kind) if !self.body.is_empty() => reply::text(status, &kind, self.body)?,
            _ => reply::empty(status)?,
        };
        for (name, value) in [("etag", self.etag), ("location", self.location)] {
            if let Some(value) = value {
                response = reply::with_header(response, name, &value)?;
            }
        }
        Ok(response)
    }

    fn replayed(self, status: u16) -> Outcome<Response> {
        reply::with_header(self.rebuilt(status)?, "idempotency-replayed", "true")
    }
}

/// A day: longer than any client tries.
const KEPT_MS: i64 = 24 * 60 * 60 * 1000;
/// A larger answer is not kept; it was carried out all the same.
const BODY_BYTES: usize = 256 * 1024;
