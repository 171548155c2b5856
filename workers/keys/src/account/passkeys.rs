//! Passkeys: adding, listing, removing, and verifying what one has signed.

use ::people::passkey::{
    self, Assertion, Attestation, Expected, NewPasskey, Signed, counter_goes_on, creation_options,
    user_handle,
};
use model::VerificationKey;
use problem::Problem;
use runtime::{Failure, Outcome, body, crypto::VerifyingKey, db::sql, id, reply};
use serde::{Deserialize, Serialize};
use worker::Response;

use super::{
    challenge::{self, Purpose},
    fresh_owner,
};
use crate::{
    call::{Call, ORGANIZATION},
    session,
    users::audit_by,
};

/// `POST /session/passkeys/options`: what to ask the browser for.
pub(super) async fn options(call: &Call) -> Outcome<Response> {
    let owner = fresh_owner(call).await?.person;
    let known = ids_of(call, &owner.id).await?;
    if known.len() >= MOST_PASSKEYS {
        return Err(Failure::because(
            "409",
            "20 passkeys are enough; remove one first",
        ));
    }
    let asked = challenge::ask(call, Purpose::PasskeyRegister, Some(&owner.id), &[]).await?;
    let name = owner.display_name.as_deref().unwrap_or(&owner.username);
    let user = (owner.id.as_str(), owner.username.as_str(), name);
    let options = creation_options(&asked, call.endpoints().origin(), user, &known);
    reply::json(200, &options)
}

/// `POST /session/passkeys`: keeps a new one. Other sessions end when it is the first, since they began without it.
pub(super) async fn add(call: &Call) -> Outcome<Response> {
    let owner = fresh_owner(call).await?;
    let wish: NewKey = body::json_within(&call.request, 64 * 1024).await?;
    let label = wish.label.trim();
    if label.is_empty() || label.chars().count() > 60 || label.chars().any(char::is_control) {
        return Err(Problem::new("400")
            .fault("label", "give a name of 1 to 60 characters")
            .into());
    }
    let asked = challenge::find(call, &wish.challenge, Purpose::PasskeyRegister).await?;
    if asked.user_id != owner.person.id {
        return Err(Failure::because(
            "401",
            "this was asked of somebody else; start again",
        ));
    }
    let made = passkey::register(
        &wish.response,
        Expected {
            challenge: &wish.challenge,
            origin: &origin(call),
            user_verification: false,
        },
    )
    .map_err(bad)?;
    prove(&made).await?;
    challenge::spend(call, &wish.challenge).await?;
    let passkey_id = id::uuid()?;
    let insert = sql(
        "INSERT INTO passkey (credential_id, id, organization, user_id, label, alg, public_jwk, sign_count, created_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&made.credential_id)
    .bind(&passkey_id)
    .bind(ORGANIZATION)
    .bind(&owner.person.id)
    .bind(label)
    .bind(made.key.alg)
    .bind(made.key.jwk.to_string())
    .bind(made.sign_count)
    .bind(call.now);
    let mut batch = vec![insert];
    batch.extend(session::proved(&owner, "pop")?);
    batch.push(audit_by(
        call,
        &owner.person.username,
        "passkey.add",
        &owner.person.id,
    ));
    call.db.batch(batch).await?;
    let kept = of(call, &owner.person.id).await?;
    let kept = kept.into_iter().find(|kept| kept.id == passkey_id);
    reply::json(201, &kept)
}

/// `DELETE /session/passkeys/{id}`.
pub(super) async fn remove(call: &Call, id: &str) -> Outcome<Response> {
    let owner = fresh_owner(call).await?.person;
    let batch = vec![
        sql("DELETE FROM passkey WHERE id = ? AND user_id = ?")
            .bind(id)
            .bind(&owner.id),
        audit_by(call, &owner.username, "passkey.remove", &owner.id),
    ];
    match call.db.batch(batch).await?.first() {
        Some(1) => reply::empty(204),
        _ => Err(Failure::because("404", "there is no such passkey")),
    }
}

/// What a browser answers by a passkey.
pub(super) struct Answer<'a> {
    pub(super) id: &'a str,
    pub(super) challenge: &'a str,
    pub(super) response: &'a Assertion,
    /// Without a password before: the authenticator has to have seen who it is, and to say whose passkey it is.
    pub(super) alone: bool,
}

/// Whose passkey has answered well? `None` when the passkey is not known. The counter goes on with it.
///
/// # Errors
/// 400 with what is wrong, 401 when the signature or the counter is.
pub(super) async fn verify(call: &Call, answer: &Answer<'_>) -> Outcome<Option<String>> {
    let find = sql("SELECT user_id, alg, public_jwk, sign_count FROM passkey \
         WHERE organization = ? AND credential_id = ?");
    let found: Option<KeyRow> = call
        .db
        .first(
            find.bind(ORGANIZATION)
                .bind(answer.id.trim_end_matches('=')),
        )
        .await?;
    let Some(row) = found else {
        return Ok(None);
    };
    let origin = origin(call);
    let expected = Expected {
        challenge: answer.challenge,
        origin: &origin,
        user_verification: answer.alone,
    };
    let asserted = passkey::assert(answer.response, &row.alg, expected).map_err(bad)?;
    let told = asserted
        .user_handle
        .as_deref()
        .map(|told| told.trim_end_matches('='));
    let is_his = told.map_or(!answer.alone, |told| told == user_handle(&row.user_id));
    let key = VerificationKey {
        kid: answer.id.to_owned(),
        alg: row.alg,
        jwk: serde_json::from_str(&row.public_jwk)?,
    };
    let key = VerifyingKey::import(&key).await?;
    if !is_his || !is_signed(&key, &asserted.proof).await? {
        return Err(Failure::because("401", "the passkey's signature is wrong"));
    }
    if !counter_goes_on(row.sign_count, asserted.sign_count) {
        return Err(copied());
    }
    let count = sql("UPDATE passkey SET sign_count = ?, last_used_at = ? \
         WHERE credential_id = ? AND sign_count = ?")
    .bind(asserted.sign_count)
    .bind(call.now)
    .bind(answer.id.trim_end_matches('='))
    .bind(row.sign_count);
    if call.db.run(count).await? == 1 {
        return Ok(Some(row.user_id));
    }
    Err(copied())
}

/// A person's passkeys, as lists show them.
pub(super) async fn of(call: &Call, user_id: &str) -> Outcome<Vec<Kept>> {
    let list = sql("SELECT id, label, created_at, last_used_at FROM passkey \
         WHERE user_id = ? ORDER BY created_at");
    call.db.all(list.bind(user_id)).await
}

/// A person's passkeys, as authenticators know them.
pub(super) async fn ids_of(call: &Call, user_id: &str) -> Outcome<Vec<String>> {
    let list = sql("SELECT credential_id FROM passkey WHERE user_id = ? ORDER BY created_at");
    let rows: Vec<IdRow> = call.db.all(list.bind(user_id)).await?;
    Ok(rows.into_iter().map(|row| row.credential_id).collect())
}

/// Can the platform use the key, and has it signed for itself where it claims to?
async fn prove(made: &NewPasskey) -> Outcome<()> {
    let key = VerificationKey {
        kid: made.credential_id.clone(),
        alg: made.key.alg.to_owned(),
        jwk: made.key.jwk.clone(),
    };
    let Ok(key) = VerifyingKey::import(&key).await else {
        return Err(bad("the key is none"));
    };
    match &made.proof {
        Some(proof) if !is_signed(&key, proof).await? => {
            Err(bad("the attestation's signature is wrong"))
        }
        Some(_) | None => Ok(()),
    }
}

async fn is_signed(key: &VerifyingKey, proof: &Signed) -> Outcome<bool> {
    key.verifies(&proof.bytes, &proof.signature).await
}

fn origin(call: &Call) -> String {
    call.endpoints().origin().to_owned()
}

fn bad(fault: &'static str) -> Failure {
    Problem::new("400").fault("response", fault).into()
}

fn copied() -> Failure {
    Failure::because(
        "401",
        "the passkey's counter went back, as if there were a copy of it; sign in another way and remove it",
    )
}

/// A passkey without its key.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    id: String,
    label: String,
    #[serde(rename(serialize = "createdAt"))]
    created_at: i64,
    #[serde(rename(serialize = "lastUsedAt"))]
    last_used_at: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewKey {
    challenge: String,
    label: String,
    response: Attestation,
}

#[derive(Deserialize)]
struct KeyRow {
    user_id: String,
    alg: String,
    public_jwk: String,
    sign_count: i64,
}

#[derive(Deserialize)]
struct IdRow {
    credential_id: String,
}

const MOST_PASSKEYS: usize = 20;
