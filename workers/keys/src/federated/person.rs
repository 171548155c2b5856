//! Who somebody at a provider is here.

use ::people::federation::Identity;
use credential::sha256_hex;
use runtime::{Failure, Outcome, db::sql, id};
use serde::Deserialize;

use super::Provider;
use crate::{
    call::{Call, ORGANIZATION},
    people::{self, Person},
    users,
};

/// The person that this identity is a way in for, with the roles that the provider gives now; `None` when there is
/// nobody, and nobody is to be made.
pub(super) async fn of(
    call: &Call,
    provider: &Provider,
    identity: &Identity,
) -> Outcome<Option<Person>> {
    let user_id = match known(call, provider, identity).await? {
        Some(user_id) => user_id,
        None if provider.rules.create_people => match create(call, provider, identity).await? {
            Some(user_id) => user_id,
            None => return Ok(None),
        },
        None => return Ok(None),
    };
    let before = users::roles_of(call, &user_id).await?;
    let after = provider.rules.roles_after(&before, &identity.groups);
    if after != before {
        users::set_roles(call, &user_id, &after, &provider.name).await?;
    }
    people::by_id(call, &user_id).await
}

/// Makes the identity a way in for somebody who is signed in.
///
/// # Errors
/// 409 when it is one for somebody else.
pub(super) async fn link(
    call: &Call,
    provider: &Provider,
    identity: &Identity,
    user_id: &str,
) -> Outcome<()> {
    match known(call, provider, identity).await? {
        Some(owner) if owner == user_id => Ok(()),
        Some(_) => Err(Failure::because(
            "409",
            "this account there is somebody else's way in",
        )),
        None => {
            call.db
                .batch(vec![
                    way_in(call, provider, identity, user_id),
                    users::audit_by(call, user_id, "identity.link", &provider.name),
                ])
                .await?;
            Ok(())
        }
    }
}

async fn known(call: &Call, provider: &Provider, identity: &Identity) -> Outcome<Option<String>> {
    let find = sql("SELECT user_id FROM federated_identity \
         WHERE organization = ? AND issuer = ? AND subject = ?")
    .bind(ORGANIZATION)
    .bind(&provider.issuer)
    .bind(&identity.subject);
    let row: Option<Row> = call.db.first(find).await?;
    Ok(row.map(|row| row.user_id))
}

/// A new person, under the name there if nobody here has it; without a password.
async fn create(call: &Call, provider: &Provider, identity: &Identity) -> Outcome<Option<String>> {
    let digest = sha256_hex(&format!("{} {}", provider.issuer, identity.subject));
    let own: String = digest.chars().take(12).collect();
    let own = format!("{}-{own}", provider.name);
    for username in identity.username.iter().chain([&own]) {
        let user_id = id::uuid()?;
        let person = sql(
            "INSERT INTO user (id, organization, username, email, display_name, password_hash, created_at, updated_at) \
             VALUES (?, ?, ?, ?, ?, '', ?, ?)",
        )
        .bind(&user_id)
        .bind(ORGANIZATION)
        .bind(username)
        .bind(identity.email.as_ref())
        .bind(identity.display_name.as_ref())
        .bind(call.now)
        .bind(call.now);
        let batch = vec![
            person,
            users::grant(&user_id, &provider.rules.default_roles)?,
            way_in(call, provider, identity, &user_id),
            users::audit_by(call, &provider.name, "user.federated", &user_id),
        ];
        match call.db.batch(batch).await {
            Ok(_) => return Ok(Some(user_id)),
            // The name is taken, or the same person came twice at once.
            Err(Failure::Problem(problem)) if problem.status() == 409 => {
                if let Some(user_id) = known(call, provider, identity).await? {
                    return Ok(Some(user_id));
                }
            }
            Err(other) => return Err(other),
        }
    }
    Ok(None)
}

fn way_in(
    call: &Call,
    provider: &Provider,
    identity: &Identity,
    user_id: &str,
) -> runtime::db::Statement {
    sql(
        "INSERT INTO federated_identity (organization, issuer, subject, user_id, created_at) \
         VALUES (?, ?, ?, ?, ?)",
    )
    .bind(ORGANIZATION)
    .bind(&provider.issuer)
    .bind(&identity.subject)
    .bind(user_id)
    .bind(call.now)
}

#[derive(Deserialize)]
struct Row {
    user_id: String,
}
