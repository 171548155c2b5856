//! The authenticator app: enrolled by a first code, each code good once.

use ::people::{TotpSecret, base32, matching_step, otpauth_uri};
use runtime::{
    Failure, Outcome, body,
    crypto::SealingKey,
    db::{Statement, sql},
    id, reply,
};
use serde::Deserialize;
use serde_json::json;
use worker::Response;

use super::fresh_owner;
use crate::{
    call::{Call, ORGANIZATION, kek},
    limits, session,
    users::audit_by,
};

/// `POST /session/totp`: a fresh secret, shown this once and asked for only when its first code was confirmed. A
/// confirmed app stays until it is removed.
pub(super) async fn begin(call: &Call) -> Outcome<Response> {
    let owner = fresh_owner(call).await?;
    let secret: TotpSecret = id::random()?;
    let sealing = SealingKey::import(&kek(&call.env)?).await?;
    let sealed = sealing.seal(&secret, &context(&owner.person.id)).await?;
    let keep = sql(
        "INSERT INTO totp (user_id, organization, sealed_secret, created_at) VALUES (?, ?, ?, ?) \
         ON CONFLICT (user_id) DO UPDATE SET sealed_secret = excluded.sealed_secret, \
         created_at = excluded.created_at, last_step = 0 WHERE confirmed_at IS NULL",
    )
    .bind(&owner.person.id)
    .bind(ORGANIZATION)
    .bind(sealed)
    .bind(call.now);
    if call.db.run(keep).await? == 0 {
        return Err(Failure::because(
            "409",
            "there is an authenticator app already; remove it first",
        ));
    }
    let host = call.endpoints().origin().to_owned();
    let host = host.split("://").nth(1).unwrap_or(&host);
    let issuer = format!("Postern {}", host.replace(':', " "));
    reply::json(
        201,
        &json!({
            "secret": base32(&secret),
            "uri": otpauth_uri(&secret, &issuer, &owner.person.username),
        }),
    )
}

/// `POST /session/totp/confirmation`: the first code. From now on the app is asked for; other sessions end, since they
/// began without it.
pub(super) async fn confirm(call: &Call) -> Outcome<Response> {
    let owner = fresh_owner(call).await?;
    let Confirmation { code } = body::json(&call.request).await?;
    limits::of_codes(call, &owner.person.id).await?;
    let step = match kept(call, &owner.person.id).await? {
        Some(kept) if kept.confirmed_at.is_none() => {
            kept.step(call, &owner.person.id, &code).await?
        }
        Some(_) | None => {
            return Err(Failure::because(
                "409",
                "there is no app to confirm; begin anew",
            ));
        }
    };
    let Some(step) = step else {
        return Err(problem::Problem::new("400")
            .fault(
                "code",
                "the code is wrong; look at the app and at its clock",
            )
            .into());
    };
    let confirm = sql("UPDATE totp SET confirmed_at = ?, last_step = ? \
         WHERE user_id = ? AND confirmed_at IS NULL")
    .bind(call.now)
    .bind(step)
    .bind(&owner.person.id);
    let mut batch = vec![confirm];
    batch.extend(session::proved(&owner, "otp")?);
    batch.push(audit_by(
        call,
        &owner.person.username,
        "totp.add",
        &owner.person.id,
    ));
    call.db.batch(batch).await?;
    limits::forget_codes(call, &owner.person.id).await?;
    reply::empty(204)
}

/// `DELETE /session/totp`.
pub(super) async fn remove(call: &Call) -> Outcome<Response> {
    let owner = fresh_owner(call).await?;
    let batch: Vec<Statement> = vec![
        sql("DELETE FROM totp WHERE user_id = ?").bind(&owner.person.id),
        audit_by(
            call,
            &owner.person.username,
            "totp.remove",
            &owner.person.id,
        ),
    ];
    call.db.batch(batch).await?;
    reply::empty(204)
}

/// Is this a good code of the person, now used up? Of several at once, one is.
pub(super) async fn spend(call: &Call, user_id: &str, code: &str) -> Outcome<bool> {
    let Some(kept) = kept(call, user_id).await? else {
        return Ok(false);
    };
    if kept.confirmed_at.is_none() {
        return Ok(false);
    }
    let Some(step) = kept.step(call, user_id, code).await? else {
        return Ok(false);
    };
    let spend = sql("UPDATE totp SET last_step = ? WHERE user_id = ? AND last_step < ?")
        .bind(step)
        .bind(user_id)
        .bind(step);
    Ok(call.db.run(spend).await? == 1)
}

async fn kept(call: &Call, user_id: &str) -> Outcome<Option<Row>> {
    let find = sql("SELECT sealed_secret, confirmed_at, last_step FROM totp WHERE user_id = ?");
    call.db.first(find.bind(user_id)).await
}

pub(crate) fn context(user_id: &str) -> String {
    format!("{ORGANIZATION}/{user_id}/totp")
}

#[derive(Deserialize)]
struct Row {
    sealed_secret: String,
    confirmed_at: Option<i64>,
    last_step: i64,
}

impl Row {
    async fn step(&self, call: &Call, user_id: &str, code: &str) -> Outcome<Option<i64>> {
        let sealing = SealingKey::import(&kek(&call.env)?).await?;
        let secret = sealing.open(&self.sealed_secret, &context(user_id)).await?;
        Ok(matching_step(&secret, code, call.now, self.last_step))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Confirmation {
    code: String,
}
