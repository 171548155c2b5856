//! Changing people: each change one batch, with its audit row, and with the end of what it ends.

use model::Timestamp;
use people::{NewUser, UserUpdate};
use problem::Problem;
use runtime::{
    Failure, Outcome,
    audit::{self, Trail},
    db::{Statement, sql},
    id,
};
use serde::Deserialize;

use super::row::{self, User};
use crate::{
    call::{Call, ORGANIZATION},
    guard, refresh,
    revoke::LONGEST_LIFE_MS,
    trust,
};

/// Adds a person; the new id.
pub(crate) async fn insert(call: &Call, user: &NewUser, hash: &str) -> Outcome<String> {
    let user_id = id::uuid()?;
    let person = sql(
        "INSERT INTO user (id, organization, username, email, display_name, password_hash, created_at, updated_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&user_id)
    .bind(ORGANIZATION)
    .bind(&user.username)
    .bind(user.email.as_ref())
    .bind(user.display_name.as_ref())
    .bind(hash)
    .bind(call.now)
    .bind(call.now);
    let batch = vec![
        person,
        grant(&user_id, &user.roles)?,
        audit(call, "user.create", &user_id)?,
    ];
    call.db
        .batch(batch)
        .await
        .map_err(|failure| match failure {
            Failure::Problem(problem) if problem.status() == 409 => Failure::code("900604"),
            other @ (Failure::Problem(_) | Failure::Internal(_)) => other,
        })?;
    Ok(user_id)
}

/// Changes a person. Whoever is disabled loses sessions and tokens at once.
pub(crate) async fn update(call: &Call, before: &User, update: &UserUpdate) -> Outcome<()> {
    let email = update.email.as_ref().unwrap_or(&before.email);
    let name = update.display_name.as_ref().unwrap_or(&before.display_name);
    let status = update.status.as_ref().unwrap_or(&before.status);
    let person = sql(
        "UPDATE user SET email = ?, display_name = ?, status = ?, updated_at = ? WHERE organization = ? AND id = ?",
    )
    .bind(email.as_ref())
    .bind(name.as_ref())
    .bind(status)
    .bind(call.now)
    .bind(ORGANIZATION)
    .bind(&before.id);
    let mut batch = vec![person];
    let mut is_losing = false;
    if let Some(roles) = &update.roles {
        batch.push(sql("DELETE FROM user_role WHERE user_id = ?").bind(&before.id));
        batch.push(grant(&before.id, roles)?);
        is_losing = loses(&before.roles, roles);
    }
    let is_disabled = status == "DISABLED" && before.status != "DISABLED";
    let is_ending = is_disabled || is_losing;
    if is_disabled {
        batch.extend(ending(&before.id, call.now));
    } else if is_losing {
        batch.extend(taking_back(&before.id, call.now));
    }
    batch.push(an_administrator_stays());
    batch.push(audit(call, "user.update", &before.id)?);
    commit(call, batch, is_ending)
        .await
        .map_err(last_administrator)
}

/// Removes a person who owns nothing that others use.
pub(crate) async fn delete(call: &Call, before: &User) -> Outcome<()> {
    let owned = sql(
        "SELECT (SELECT count(*) FROM application WHERE organization = ? AND owner = ?) \
         + (SELECT count(*) FROM api WHERE organization = ? AND provider = ?) AS number",
    );
    let owned = owned
        .bind(ORGANIZATION)
        .bind(&before.username)
        .bind(ORGANIZATION)
        .bind(&before.username);
    let owned: Option<Count> = call.db.first(owned).await?;
    if owned.is_some_and(|owned| owned.number > 0) {
        return Err(Failure::because(
            "409",
            "the user owns APIs or applications; delete those, or disable the user instead",
        ));
    }
    let mut batch = ending(&before.id, call.now);
    batch.push(
        sql("DELETE FROM oauth_client WHERE organization = ? AND owner = ? AND application_id IS NULL")
            .bind(ORGANIZATION)
            .bind(&before.username),
    );
    batch.push(
        sql("DELETE FROM user WHERE organization = ? AND id = ?")
            .bind(ORGANIZATION)
            .bind(&before.id),
    );
    batch.push(an_administrator_stays());
    batch.push(audit(call, "user.delete", &before.id)?);
    commit(call, batch, true).await.map_err(last_administrator)
}

/// Sets a password; whoever had the old one is signed out everywhere.
pub(crate) async fn set_password(call: &Call, before: &User, hash: &str) -> Outcome<()> {
    let actor = call.query("actor")?.unwrap_or_default();
    set_password_of(call, &before.id, hash, &actor).await
}

/// Sets a password in the name of `actor`, who may be the person.
pub(crate) async fn set_password_of(
    call: &Call,
    user_id: &str,
    hash: &str,
    actor: &str,
) -> Outcome<()> {
    let first = vec![audit_by(call, actor, "user.password", user_id)];
    set_password_by(call, user_id, hash, first).await
}

/// Sets a password, behind `first` in one batch.
pub(crate) async fn set_password_by(
    call: &Call,
    user_id: &str,
    hash: &str,
    first: Vec<Statement>,
) -> Outcome<()> {
    let person =
        sql("UPDATE user SET password_hash = ?, updated_at = ? WHERE organization = ? AND id = ?");
    let person = person
        .bind(hash)
        .bind(call.now)
        .bind(ORGANIZATION)
        .bind(user_id);
    let mut batch = first;
    batch.push(person);
    batch.extend(ending(user_id, call.now));
    commit(call, batch, true).await
}

/// Takes a person's second factors away, for who lost them; whoever was signed in by them is signed out.
pub(crate) async fn reset_factors(call: &Call, before: &User) -> Outcome<()> {
    let mut batch: Vec<Statement> = ["totp", "passkey", "recovery_code", "sign_in_challenge"]
        .map(|table| sql(format!("DELETE FROM {table} WHERE user_id = ?")).bind(&before.id))
        .into();
    batch.extend(ending(&before.id, call.now));
    batch.push(audit(call, "user.second-factors", &before.id)?);
    commit(call, batch, true).await
}

/// Signs a person out everywhere and takes back every token.
pub(crate) async fn end_sessions(call: &Call, before: &User) -> Outcome<()> {
    let mut batch = ending(&before.id, call.now);
    batch.push(audit(call, "user.sessions", &before.id)?);
    commit(call, batch, true).await
}

/// The roles of a person, `Internal/everyone` always among them.
pub(crate) fn grant(user_id: &str, roles: &[String]) -> Outcome<Statement> {
    let mut all: Vec<&str> = roles.iter().map(String::as_str).collect();
    all.push("Internal/everyone");
    Ok(sql("INSERT OR IGNORE INTO user_role (organization, user_id, role) SELECT ?, ?, value FROM json_each(?)")
        .bind(ORGANIZATION)
        .bind(user_id)
        .bind(serde_json::to_string(&all)?))
}

/// Gives a person exactly these roles, in the name of a provider. The last administrator keeps the role.
pub(crate) async fn set_roles(
    call: &Call,
    user_id: &str,
    roles: &[String],
    actor: &str,
) -> Outcome<()> {
    let before = row::roles_of(call, user_id).await?;
    let mut batch = vec![
        sql("DELETE FROM user_role WHERE user_id = ?").bind(user_id),
        grant(user_id, roles)?,
        an_administrator_stays(),
        audit_by(call, actor, "user.roles", user_id),
    ];
    let is_losing = loses(&before, roles);
    if is_losing {
        batch.extend(taking_back(user_id, call.now));
    }
    match commit(call, batch, is_losing).await {
        Err(failure) if guard::has_refused(&failure) => Ok(()),
        other => other,
    }
}

/// Is there a role that was there before and is not any more? Tokens may say what it allowed.
fn loses(before: &[String], after: &[String]) -> bool {
    let kept = |role: &String| role == "Internal/everyone" || after.contains(role);
    !before.iter().all(kept)
}

/// Ends a person's sessions, refresh tokens and access tokens.
fn ending(user_id: &str, now: Timestamp) -> Vec<Statement> {
    let mut batch = vec![sql("DELETE FROM session WHERE user_id = ?").bind(user_id)];
    batch.extend(taking_back(user_id, now));
    batch
}

/// Takes back a person's refresh tokens and access tokens. Sessions look at today's roles, and may go on.
fn taking_back(user_id: &str, now: Timestamp) -> Vec<Statement> {
    let mut batch = vec![
        sql("UPDATE user SET tokens_valid_from = ? WHERE id = ?")
            .bind(now.plus_ms(1))
            .bind(user_id),
    ];
    batch.push(at_the_gateway(user_id, now));
    batch.extend(refresh::revoking("user_id", user_id, now));
    batch.extend(trust::noted(now));
    batch
}

/// Gateways refuse every token of the person, whichever grant it came by. The row outlives the person.
fn at_the_gateway(user_id: &str, now: Timestamp) -> Statement {
    sql(
        "INSERT INTO revoked_user (organization, username, before, expires_at) \
         SELECT organization, username, ?, ? FROM user WHERE id = ? \
         ON CONFLICT (organization, username) DO UPDATE \
         SET before = max(before, excluded.before), expires_at = excluded.expires_at",
    )
    .bind(now.plus_ms(1))
    .bind(now.plus_ms(LONGEST_LIFE_MS))
    .bind(user_id)
}

/// Breaks the batch when nobody is left who may administer.
fn an_administrator_stays() -> Statement {
    guard::unless_found(
        "SELECT 1 FROM user u JOIN user_role r ON r.user_id = u.id \
         WHERE u.organization = ? AND u.status = 'ACTIVE' AND r.role = 'admin'",
    )
    .bind(ORGANIZATION)
}

fn last_administrator(failure: Failure) -> Failure {
    if guard::has_refused(&failure) {
        return Problem::new("900605").into();
    }
    failure
}

async fn commit(call: &Call, batch: Vec<Statement>, is_ending: bool) -> Outcome<()> {
    call.db.batch(batch).await?;
    if is_ending {
        trust::publish_or_log(&call.env, &call.db, &call.issuer, call.now).await;
    }
    Ok(())
}

/// Who did it is what the forwarding Worker says in the parameter `actor`.
fn audit(call: &Call, action: &str, subject: &str) -> Outcome<Statement> {
    let actor = call.query("actor")?.unwrap_or_default();
    Ok(audit_by(call, &actor, action, subject))
}

/// The row that says who did what to whom.
pub(crate) fn audit_by(call: &Call, actor: &str, action: &str, subject: &str) -> Statement {
    let header = |name: &str| call.header(name).ok().flatten().unwrap_or_default();
    let trail = Trail {
        organization: ORGANIZATION,
        actor,
        address: &header("cf-connecting-ip"),
        agent: &header("user-agent"),
        at: call.now,
    };
    audit::entry(&trail, action, subject)
}

#[derive(Deserialize)]
struct Count {
    number: i64,
}
