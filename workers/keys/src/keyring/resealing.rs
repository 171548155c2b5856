//! Replacing the key-encryption key: what names another one is opened under the previous one and sealed anew.
//!
//! What a browser carries to another provider and back is left out: it is over in ten minutes.

use std::cell::RefCell;

use model::Timestamp;
use runtime::{Db, Outcome, clock, crypto::SealingKey, db::sql};
use serde::{Deserialize, Serialize};
use worker::Env;

use super::ring;
use crate::{
    account::totp_context,
    call::{Call, kek},
    external_clients,
    federated::secret_context,
    mail, upstream_secrets,
};

/// A column of sealed values.
struct Place {
    table: &'static str,
    column: &'static str,
    /// What names a row.
    key: &'static str,
    /// What the values of a row are bound to.
    context: fn(&str) -> String,
}

/// Which key seals, and how much is still sealed under another.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SealingState {
    key_id: String,
    waiting: i64,
}

thread_local! {
    /// The key under which everything was sealed when this isolate last looked, and when to look again: isolates that do
    /// not have the new key yet go on sealing under the old one.
    static DONE: RefCell<Option<(String, Timestamp)>> = const { RefCell::new(None) };
}

/// Seals anew what has to be, a few hundred values at a time.
pub(super) async fn run(env: &Env, db: &Db) -> Outcome<()> {
    let sealing = SealingKey::import(&kek(env)?).await?;
    let is_done = |(id, until): &(String, Timestamp)| id == sealing.id() && clock::now() < *until;
    if DONE.with_borrow(|done| done.as_ref().is_some_and(is_done)) {
        return Ok(());
    }
    let mut is_done = true;
    for place in PLACES {
        is_done &= reseal(db, &sealing, place).await?;
    }
    if is_done {
        let until = clock::now().plus_ms(LOOK_AGAIN_MS);
        DONE.set(Some((sealing.id().to_owned(), until)));
    }
    Ok(())
}

/// How it stands.
pub(super) async fn state(call: &Call) -> Outcome<SealingState> {
    let sealing = SealingKey::import(&kek(&call.env)?).await?;
    let mut waiting = 0;
    for Place { table, column, .. } in PLACES {
        let count = sql(format!(
            "SELECT count(*) AS number FROM {table} WHERE {column} <> '' AND {column} NOT LIKE ?"
        ));
        let row: Option<Count> = call.db.first(count.bind(pattern(&sealing))).await?;
        waiting += row.map_or(0, |row| row.number);
    }
    Ok(SealingState {
        key_id: sealing.id().to_owned(),
        waiting,
    })
}

/// Is nothing left? A value that neither key opens is named in the log and passed over.
async fn reseal(db: &Db, sealing: &SealingKey, place: &Place) -> Outcome<bool> {
    let Place {
        table, column, key, ..
    } = place;
    let mut after = String::new();
    for _ in 0..ROUNDS {
        let find = sql(format!(
            "SELECT CAST({key} AS TEXT) AS name, {column} AS sealed FROM {table} \
             WHERE {column} <> '' AND {column} NOT LIKE ? AND CAST({key} AS TEXT) > ? ORDER BY 1 LIMIT {AT_ONCE}"
        ));
        let find = find.bind(pattern(sealing)).bind(&after);
        let rows: Vec<Row> = db.all(find).await?;
        let Some(last) = rows.last() else {
            return Ok(true);
        };
        after.clone_from(&last.name);
        let mut batch = Vec::new();
        for Row { name, sealed } in rows {
            let context = (place.context)(&name);
            match sealing.open(&sealed, &context).await {
                Ok(plain) => batch.push(
                    sql(format!(
                        "UPDATE {table} SET {column} = ? WHERE CAST({key} AS TEXT) = ? AND {column} = ?"
                    ))
                    .bind(sealing.seal(&plain, &context).await?)
                    .bind(name)
                    .bind(sealed),
                ),
                Err(failure) => worker::console_error!("sealed value of {table}: {failure:?}"),
            }
        }
        if !batch.is_empty() {
            db.batch(batch).await?;
        }
    }
    Ok(false)
}

/// What every value begins with that is sealed under the current key.
fn pattern(sealing: &SealingKey) -> String {
    format!("{}:%", sealing.id())
}

#[derive(Deserialize)]
struct Row {
    name: String,
    sealed: String,
}

#[derive(Deserialize)]
struct Count {
    number: i64,
}

const PLACES: &[Place] = &[
    Place {
        table: "signing_key",
        column: "sealed_private",
        key: "kid",
        context: ring::context,
    },
    Place {
        table: "totp",
        column: "sealed_secret",
        key: "user_id",
        context: totp_context,
    },
    Place {
        table: "identity_provider",
        column: "sealed_secret",
        key: "id",
        context: secret_context,
    },
    Place {
        table: "key_manager",
        column: "sealed_registration",
        key: "id",
        context: external_clients::issuer_context,
    },
    Place {
        table: "external_client",
        column: "sealed_registration",
        key: "mapping",
        context: external_clients::client_context,
    },
    Place {
        table: "upstream_secret",
        column: "sealed",
        key: "name",
        context: upstream_secrets::context,
    },
    Place {
        table: "mail",
        column: "sealed",
        key: "id",
        context: |_| mail::CONTEXT.to_owned(),
    },
];
const LOOK_AGAIN_MS: i64 = 10 * 60_000;
const AT_ONCE: usize = 50;
const ROUNDS: usize = 10;
