//! Carries what changed in the database to KV, where gateways read it.
//!
//! A change and its notes are one batch, so a note is there exactly when the change is. A note goes only after KV has
//! what it speaks of; whoever comes next repeats what an isolate that died left undone. Values that are named by their
//! content come first, pointers to them last. Two isolates may publish the same thing at once; each compares, after
//! its last write, what it wrote with what the database says then, and writes again when they differ, so that the last
//! word in KV is the database's.

use runtime::{Db, Outcome, clock, db::sql};
use serde::Deserialize;
use worker::Env;

use crate::publish::{catalogue, record, value::Shelf};

/// Publishes until there is nothing left to publish.
pub(crate) async fn drain(env: &Env) -> Outcome<()> {
    let db = Db::of(env)?;
    let shelf = Shelf::new(env.kv("CONFIG")?, clock::now());
    for _ in 0..ROUNDS {
        let notes: Vec<Note> = db
            .all(sql("SELECT id, topic, subject FROM outbox WHERE writer = 'portal-api' ORDER BY id LIMIT 200"))
            .await?;
        if notes.is_empty() {
            return Ok(());
        }
        publish(&db, &shelf, &notes).await?;
        let ids: Vec<i64> = notes.iter().map(|note| note.id).collect();
        db.run(
            sql("DELETE FROM outbox WHERE id IN (SELECT value FROM json_each(?))")
                .bind(serde_json::to_string(&ids)?),
        )
        .await?;
    }
    Ok(())
}

/// As [`drain`]; a failure is for the log, since the notes stay and the next one to come tries again.
pub(crate) async fn drain_or_log(env: &Env) {
    if let Err(failure) = drain(env).await {
        worker::console_error!("outbox: {failure:?}");
    }
}

async fn publish(db: &Db, shelf: &Shelf, notes: &[Note]) -> Outcome<()> {
    let of = |topic: &str| {
        let mut subjects: Vec<&str> = notes
            .iter()
            .filter(|note| note.topic == topic)
            .map(|note| note.subject.as_str())
            .collect();
        subjects.sort_unstable();
        subjects.dedup();
        subjects
    };
    for hash in of("contract") {
        catalogue::kept(db, shelf, "contract", hash).await?;
    }
    for hash in of("deployment") {
        catalogue::kept(db, shelf, "deployment", hash).await?;
    }
    for client in of("client") {
        record::client(db, shelf, client).await?;
    }
    for application in of("application") {
        record::application(db, shelf, application).await?;
    }
    for digest in of("api-key") {
        record::api_key(db, shelf, digest).await?;
    }
    let mut environments: Vec<String> = of("catalog").into_iter().map(str::to_owned).collect();
    if !of("policies").is_empty() {
        environments = catalogue::environments(db).await?;
    }
    for environment in environments {
        catalogue::pointer(db, shelf, &environment).await?;
    }
    Ok(())
}

#[derive(Deserialize)]
struct Note {
    id: i64,
    topic: String,
    subject: String,
}

/// Bounds the work of one request; what is left waits for the next one or for the clock.
const ROUNDS: usize = 20;
