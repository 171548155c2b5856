//! A forgotten password: a link goes to the address that the account has, whoever asks, and the answer never says
//! whether there is one.

use ::people::{Mail, RECOVERY_LINK_MS, code_window, require_password};
use model::Timestamp;
use runtime::{Db, Outcome, body, db::sql, reply};
use serde::Deserialize;
use serde_json::json;
use worker::{Env, Response};

use super::link::{self, Followed, Purpose};
use crate::{
    call::{Call, ORGANIZATION},
    limits, mail, password, session, users,
};

/// `POST /session/recovery`: answered before anything is looked up, so that it takes the same time for everybody.
pub(super) async fn ask(call: &Call) -> Outcome<Response> {
    session::own_site(call)?;
    let Ask { account } = body::json_within(&call.request, 4096).await?;
    limits::by_address(call, "recovery", ASKED_A_MINUTE).await?;
    let desk = Desk {
        env: call.env.clone(),
        now: call.now,
        origin: call.endpoints().origin().to_owned(),
    };
    call.later(async move {
        if let Err(failure) = desk.write_to(account.trim()).await {
            worker::console_error!("a link was not sent: {failure:?}");
        }
        mail::send_or_log(desk.env).await;
    });
    reply::json(202, &json!({}))
}

/// `POST /session/recovery/password`: a new password for a link. It signs nobody in: a second factor is still asked for.
pub(super) async fn set(call: &Call) -> Outcome<Response> {
    session::own_site(call)?;
    let Choice { token, password } = body::json_within(&call.request, 16 * 1024).await?;
    limits::by_address(call, "link", FOLLOWED_A_MINUTE).await?;
    let followed = Followed::new(&token, Purpose::Recovery, call.now);
    let owner: Option<Owner> = call.db.first(followed.owner()).await?;
    let owner = owner.ok_or_else(link::stale)?;
    require_password(&password, &owner.username)?;
    let hash = password::hash(&call.env, &password).await?;
    users::set_password_by(call, &owner.user_id, &hash, followed.spending().into())
        .await
        .map_err(link::stale_if_refused)?;
    reply::empty(204)
}

/// What is needed after the answer is out.
struct Desk {
    env: Env,
    now: Timestamp,
    origin: String,
}

impl Desk {
    /// Writes to the people of this name or address. Nobody gets more than three such mails an hour.
    async fn write_to(&self, account: &str) -> Outcome<()> {
        let db = Db::of(&self.env)?;
        let find = sql(
            "SELECT id, coalesce(display_name, username) AS name, email FROM user \
             WHERE organization = ? AND status = 'ACTIVE' AND password_hash <> '' AND email IS NOT NULL \
             AND (username = ? OR lower(email) = lower(?)) LIMIT 3",
        );
        let find = find.bind(ORGANIZATION).bind(account).bind(account);
        let people: Vec<Addressee> = db.all(find).await?;
        for person in people {
            let subject = format!("hour:recovery:{ORGANIZATION}/{}", person.id);
            let sent = limits::count_in(&db, &subject, code_window(self.now)).await?;
            if sent > MAILS_AN_HOUR {
                continue;
            }
            let (token, statements) =
                link::make(Purpose::Recovery, &person.id, self.now, RECOVERY_LINK_MS)?;
            let text = Mail::recovery(&person.email, &person.name, &self.origin, token.reveal());
            if let Some(mail) = mail::kept(&self.env, &text, self.now).await? {
                let mut batch = Vec::from(statements);
                batch.push(mail);
                db.batch(batch).await?;
            }
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Addressee {
    id: String,
    name: String,
    email: String,
}

#[derive(Deserialize)]
struct Owner {
    user_id: String,
    username: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ask {
    /// A username or an address.
    account: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Choice {
    token: String,
    password: String,
}

const ASKED_A_MINUTE: i64 = 10;
const FOLLOWED_A_MINUTE: i64 = 20;
const MAILS_AN_HOUR: i64 = 3;
