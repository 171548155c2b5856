//! Self-registration: one role, an address that is confirmed by a link, and an administrator's word where the policy
//! wants one.

use ::people::{CONFIRMATION_LINK_MS, Mail, NewUser, SignUp};
use runtime::{
    Failure, Outcome, body,
    db::{Statement, sql},
    id, reply,
};
use serde::Deserialize;
use serde_json::json;
use worker::Response;

use super::link::{self, Followed, Purpose};
use crate::{
    call::{Call, ORGANIZATION},
    limits,
    mail::{self, Mailer},
    password, policy, session, users,
};

/// `POST /session/sign-up`: adds a person who may not sign in yet.
pub(super) async fn ask(call: &Call) -> Outcome<Response> {
    session::own_site(call)?;
    let has_mailer = mail::mailer(&call.env) != Mailer::None;
    let policy = policy::current(call).await?.self_registration;
    let Some(needs_approval) = policy.needs_approval(has_mailer) else {
        return Err(Failure::because(
            "403",
            "people do not register themselves here; ask an administrator",
        ));
    };
    let wish: SignUp = body::json_within(&call.request, 16 * 1024).await?;
    limits::by_address(call, "sign-up", ASKED_A_MINUTE).await?;
    let person = wish.person()?;
    limits::by_recipient(call, person.email.as_deref().unwrap_or_default()).await?;
    let hash = password::hash(&call.env, &person.password).await?;
    let batch = registration(call, &person, &hash, needs_approval).await?;
    call.db
        .batch(batch)
        .await
        .map_err(|failure| match failure {
            Failure::Problem(problem) if problem.status() == 409 => Failure::code("900604"),
            other @ (Failure::Problem(_) | Failure::Internal(_)) => other,
        })?;
    call.later(mail::send_or_log(call.env.clone()));
    reply::json(
        202,
        &json!({"status": "PENDING", "confirmation": has_mailer, "approval": needs_approval}),
    )
}

/// `POST /session/sign-up/confirmation`: the link was followed.
pub(super) async fn confirm(call: &Call) -> Outcome<Response> {
    session::own_site(call)?;
    let Confirmation { token } = body::json_within(&call.request, 4096).await?;
    let followed = Followed::new(&token, Purpose::ConfirmEmail, call.now);
    let owner: Option<Owner> = call.db.first(followed.owner()).await?;
    let owner = owner.ok_or_else(link::stale)?;
    let mut batch = Vec::from(followed.spending());
    batch.push(
        sql("UPDATE sign_up SET email_confirmed_at = ? WHERE user_id = ?")
            .bind(call.now)
            .bind(&owner.user_id),
    );
    batch.push(
        sql("UPDATE user SET status = 'ACTIVE', updated_at = ? WHERE id = ? AND status = 'PENDING' \
             AND EXISTS (SELECT 1 FROM sign_up s WHERE s.user_id = user.id AND s.needs_approval = 0)")
        .bind(call.now)
        .bind(&owner.user_id),
    );
    call.db.batch(batch).await.map_err(link::stale_if_refused)?;
    let find = sql("SELECT id AS user_id, status FROM user WHERE id = ?");
    let now: Option<Now> = call.db.first(find.bind(&owner.user_id)).await?;
    let status = now.map_or_else(|| "PENDING".to_owned(), |now| now.status);
    reply::json(200, &json!({"status": status}))
}

async fn registration(
    call: &Call,
    person: &NewUser,
    hash: &str,
    needs_approval: bool,
) -> Outcome<Vec<Statement>> {
    let user_id = id::uuid()?;
    let user = sql(
        "INSERT INTO user (id, organization, username, email, display_name, password_hash, status, created_at, updated_at) \
         VALUES (?, ?, ?, ?, ?, ?, 'PENDING', ?, ?)",
    )
    .bind(&user_id)
    .bind(ORGANIZATION)
    .bind(&person.username)
    .bind(person.email.as_ref())
    .bind(person.display_name.as_ref())
    .bind(hash)
    .bind(call.now)
    .bind(call.now);
    let sign_up = sql(
        "INSERT INTO sign_up (user_id, organization, created_at, needs_approval) VALUES (?, ?, ?, ?)",
    )
    .bind(&user_id)
    .bind(ORGANIZATION)
    .bind(call.now)
    .bind(needs_approval);
    let (token, link) = link::make(
        Purpose::ConfirmEmail,
        &user_id,
        call.now,
        CONFIRMATION_LINK_MS,
    )?;
    // By the username: a name that a stranger chose could say anything to whoever gets the mail.
    let name = &person.username;
    let to = person.email.as_deref().unwrap_or_default();
    let text = Mail::confirmation(to, name, call.endpoints().origin(), token.reveal());
    let mut batch = vec![user, users::grant(&user_id, &person.roles)?, sign_up];
    if let Some(mail) = mail::kept(&call.env, &text, call.now).await? {
        batch.extend(link);
        batch.push(mail);
    }
    batch.push(users::audit_by(
        call,
        &person.username,
        "user.sign-up",
        &user_id,
    ));
    Ok(batch)
}

#[derive(Deserialize)]
struct Owner {
    user_id: String,
}

#[derive(Deserialize)]
struct Now {
    status: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Confirmation {
    token: String,
}

const ASKED_A_MINUTE: i64 = 10;
