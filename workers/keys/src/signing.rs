//! The signing key: made once, sealed in the database, unsealed once per isolate.

use std::cell::RefCell;

use model::Timestamp;
use oauth::compact;
use runtime::{
    Failure, Outcome,
    crypto::{NewKey, SealingKey, SigningKey},
    db::{Statement, sql},
    id,
};
use serde::Deserialize;
use worker::Env;

use crate::call::{Call, ORGANIZATION, kek};

/// Signs what a token says; the whole token. `input` gets the name of the key.
pub(crate) async fn sign(call: &Call, input: impl FnOnce(&str) -> String) -> Outcome<String> {
    let signer = match held(call.now) {
        Some(signer) => signer,
        None => unseal(call).await?,
    };
    let input = input(&signer.kid);
    let signature = signer.key.sign(input.as_bytes()).await?;
    Ok(compact(&input, &signature))
}

/// The statement that keeps a fresh signing key, unless there is one already.
pub(crate) async fn ensure(env: &Env, now: Timestamp) -> Outcome<Statement> {
    let pair = NewKey::generate().await?;
    let kid = id::uuid()?;
    let sealing = SealingKey::import(&kek(env)?).await?;
    let sealed = sealing
        .seal(pair.private.to_string().as_bytes(), &context(&kid))
        .await?;
    Ok(sql(
        "INSERT INTO signing_key (kid, organization, alg, public_jwk, sealed_private, created_at, active_from) \
         SELECT ?, ?, 'ES256', ?, ?, ?, ? \
         WHERE NOT EXISTS (SELECT 1 FROM signing_key WHERE organization = ? AND retired_at IS NULL)",
    )
    .bind(kid)
    .bind(ORGANIZATION)
    .bind(pair.public.to_string())
    .bind(sealed)
    .bind(now)
    .bind(now)
    .bind(ORGANIZATION))
}

#[derive(Clone)]
struct Signer {
    kid: String,
    key: SigningKey,
    until: Timestamp,
}

thread_local! {
    static SIGNER: RefCell<Option<Signer>> = const { RefCell::new(None) };
}

fn held(now: Timestamp) -> Option<Signer> {
    SIGNER.with_borrow(|signer| signer.clone().filter(|signer| now < signer.until))
}

async fn unseal(call: &Call) -> Outcome<Signer> {
    let statement = sql("SELECT kid, sealed_private FROM signing_key \
         WHERE organization = ? AND retired_at IS NULL AND active_from <= ? ORDER BY active_from DESC LIMIT 1");
    let row: Option<Row> = call
        .db
        .first(statement.bind(ORGANIZATION).bind(call.now))
        .await?;
    let row = row.ok_or_else(|| {
        Failure::because("909001", "there is no signing key yet; send `POST /setup`")
    })?;
    let sealing = SealingKey::import(&kek(&call.env)?).await?;
    let private = sealing
        .open(&row.sealed_private, &context(&row.kid))
        .await?;
    let signer = Signer {
        key: SigningKey::import(&serde_json::from_slice(&private)?).await?,
        kid: row.kid,
        until: call.now.plus_ms(HELD_MS),
    };
    SIGNER.set(Some(signer.clone()));
    Ok(signer)
}

/// What a sealed key is bound to: it opens for this organization, under this name, for this purpose only.
fn context(kid: &str) -> String {
    format!("{ORGANIZATION}/{kid}/signing")
}

#[derive(Deserialize)]
struct Row {
    kid: String,
    sealed_private: String,
}

/// A new key takes over within five minutes of its `active_from`, which lies longer than that after its publication.
const HELD_MS: i64 = 5 * 60_000;
