//! `/session`: the portals' sign-in. The browser holds one cookie and no token.

use ::people::{
    SessionState, clear_cookie, is_alive, require_own_page, session_expiry, session_id, set_cookie,
};
use credential::{Secret, sha256_hex};
use model::Timestamp;
use runtime::{
    Failure, Outcome, body,
    db::{Statement, sql},
    id, reply,
};
use serde::Deserialize;
use serde_json::json;
use worker::Response;

use crate::{
    account,
    call::{Call, ORGANIZATION},
    people::{self, Person},
    stop::as_failure,
};

/// `GET /session`: who is signed in?
pub(crate) async fn read(call: &Call) -> Outcome<Response> {
    match signed_in(call).await? {
        Some(signed_in) => reply::json(200, &signed_in.describe()),
        None => reply::json(200, &json!({"signedIn": false})),
    }
}

/// `POST /session`: signs in under a new id, whatever the browser had before.
pub(crate) async fn sign_in(call: &Call) -> Outcome<Response> {
    own_site(call)?;
    let Credentials { username, password } =
        body::json_within(&call.request, SIGN_IN_LIMIT).await?;
    let person = people::prove_password(call, &username, &password)
        .await
        .map_err(as_failure)?;
    account::go_on(call, &person, &["pwd"]).await
}

/// Starts a session under a new id; `amr` is how the person proved who they are, in RFC 8176's words.
pub(crate) async fn start(call: &Call, person: &Person, amr: &[&str]) -> Outcome<Response> {
    let cookie = begin(call, person, amr).await?;
    reply::with_header(reply::json(200, &describe(person))?, "set-cookie", &cookie)
}

/// As [`start`], for answers of another form: the `Set-Cookie` of the new session.
pub(crate) async fn begin(call: &Call, person: &Person, amr: &[&str]) -> Outcome<String> {
    let secret = Secret::generate(&id::random()?);
    let mut user_agent = call.header("user-agent")?.unwrap_or_default();
    user_agent = user_agent.chars().take(200).collect();
    let start = sql(
        "INSERT INTO session (digest, organization, user_id, created_at, last_seen_at, expires_at, user_agent, \
         id, auth_time, amr, address) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(secret.digest())
    .bind(ORGANIZATION)
    .bind(&person.id)
    .bind(call.now)
    .bind(call.now)
    .bind(session_expiry(call.now))
    .bind(user_agent)
    .bind(id::uuid()?)
    .bind(call.now)
    .bind(serde_json::to_string(amr)?)
    .bind(call.address()?);
    let end_old = sql("DELETE FROM session WHERE digest = ?").bind(shown_digest(call)?);
    call.db.batch(vec![end_old, start]).await?;
    Ok(set_cookie(secret.reveal()))
}

/// `DELETE /session`: signs out, and says so to a browser that was not signed in too.
pub(crate) async fn sign_out(call: &Call) -> Outcome<Response> {
    own_page(call)?;
    let end = sql("DELETE FROM session WHERE digest = ?").bind(shown_digest(call)?);
    call.db.run(end).await?;
    reply::with_header(reply::empty(204)?, "set-cookie", &clear_cookie())
}

/// Refuses a sign-in that a foreign page has sent.
pub(crate) fn own_site(call: &Call) -> Outcome<()> {
    if call
        .header("sec-fetch-site")?
        .is_some_and(|site| site != "same-origin")
    {
        return Err(Failure::because("403", "sign in on this site's own page"));
    }
    Ok(())
}

/// Refuses a change that a foreign page has sent with the cookie.
pub(crate) fn own_page(call: &Call) -> Outcome<()> {
    require_own_page(
        call.header("x-postern-csrf")?.as_deref(),
        call.header("sec-fetch-site")?.as_deref(),
        call.header("origin")?.as_deref(),
        call.endpoints().origin(),
    )
    .map_err(|why| Failure::because("403", why))
}

/// Who is signed in, in which session, and how they proved who they are.
#[derive(Clone, Debug)]
pub(crate) struct SignedIn {
    pub(crate) person: Person,
    /// The session's public name.
    pub(crate) session: String,
    /// When the person last proved who they are (`auth_time`).
    pub(crate) auth_time: Timestamp,
    /// How (`amr`, RFC 8176): `pwd`, `otp`, `hwk`, `mfa`, ...
    pub(crate) amr: Vec<String>,
}

impl SignedIn {
    fn describe(&self) -> serde_json::Value {
        let mut told = describe(&self.person);
        if let Some(members) = told.as_object_mut() {
            members.insert(
                "session".into(),
                json!({"id": self.session, "authTime": self.auth_time.0 / 1000, "amr": self.amr}),
            );
        }
        told
    }
}

/// After a further proof within a session: it counts from now on, and the person's other sessions, which began without
/// it, end.
pub(crate) fn proved(owner: &SignedIn, word: &str) -> Outcome<[Statement; 2]> {
    let mut amr = owner.amr.clone();
    for word in [word, "mfa"] {
        if !amr.iter().any(|known| known == word) {
            amr.push(word.to_owned());
        }
    }
    Ok([
        sql("UPDATE session SET amr = ? WHERE id = ?")
            .bind(serde_json::to_string(&amr)?)
            .bind(&owner.session),
        sql("DELETE FROM session WHERE user_id = ? AND id <> ?")
            .bind(&owner.person.id)
            .bind(&owner.session),
    ])
}

/// The person of the session cookie, if the session is alive and the person may act.
pub(crate) async fn signed_in(call: &Call) -> Outcome<Option<SignedIn>> {
    let digest = shown_digest(call)?;
    if digest.is_empty() {
        return Ok(None);
    }
    let find = sql(
        "SELECT id, user_id, last_seen_at, expires_at, auth_time, amr FROM session WHERE digest = ?",
    );
    let Some(row) = call.db.first::<Row>(find.bind(&digest)).await? else {
        return Ok(None);
    };
    let state = SessionState {
        last_seen_at: Timestamp(row.last_seen_at),
        expires_at: Timestamp(row.expires_at),
    };
    if !is_alive(state, call.now) {
        return Ok(None);
    }
    if call.now.ms_since(state.last_seen_at) > TOUCH_MS {
        let touch = sql("UPDATE session SET last_seen_at = ? WHERE digest = ?");
        call.db.run(touch.bind(call.now).bind(&digest)).await?;
    }
    let Some(person) = people::by_id(call, &row.user_id).await? else {
        return Ok(None);
    };
    Ok(Some(SignedIn {
        person,
        session: row.id,
        auth_time: Timestamp(row.auth_time),
        amr: serde_json::from_str(&row.amr)?,
    }))
}

fn shown_digest(call: &Call) -> Outcome<String> {
    let cookies = call.header("cookie")?.unwrap_or_default();
    Ok(session_id(&cookies).map(sha256_hex).unwrap_or_default())
}

fn describe(person: &Person) -> serde_json::Value {
    json!({
        "signedIn": true,
        "username": person.username,
        "displayName": person.display_name,
        "organization": ORGANIZATION,
        "roles": person.roles,
        "scopes": person.scopes,
        "portals": portals(person),
    })
}

/// A portal is for those who may read its settings.
fn portals(person: &Person) -> Vec<&'static str> {
    [
        ("publisher", "apim:publisher_settings"),
        ("devportal", "apim:store_settings"),
        ("admin", "apim:admin_settings"),
    ]
    .into_iter()
    .filter(|(_, needed)| person.scopes.iter().any(|scope| scope == needed))
    .map(|(portal, _)| portal)
    .collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Credentials {
    username: String,
    password: String,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    user_id: String,
    last_seen_at: i64,
    expires_at: i64,
    auth_time: i64,
    amr: String,
}

/// The idle time is half an hour; to the minute is exact enough, and spares a write on each request.
const TOUCH_MS: i64 = 60_000;
const SIGN_IN_LIMIT: usize = 16 * 1024;
