//! `POST /oauth2/register` (RFC 7591): a client registers itself, let in by an initial access token, or by an
//! administrator's word that anybody may.

use credential::{Secret, sha256_hex};
use oauth::{ClientRegistration, ErrorKind, OauthError, RegisteredClient};
use runtime::{
    Outcome,
    db::{Statement, sql},
    id, reply,
};
use worker::Response;

use super::{address, fresh_secret, invalid_token, policy, wish};
use crate::{
    call::{Call, ORGANIZATION},
    guard, limits,
    stop::{Step, Stop},
    users::audit_by,
};

/// Answers a registration.
pub(super) async fn answer(call: &Call) -> Step<Response> {
    let admission = admission(call).await?;
    let registration = wish(call, ClientRegistration::parse).await?;
    let token = Secret::generate(&id::random()?);
    let fresh = Secret::generate(&id::random()?);
    let client_id: String = fresh.reveal().chars().take(CLIENT_ID_DIGITS).collect();
    let secret = if registration.metadata.has_secret() {
        Some(fresh_secret(call, &client_id)?)
    } else {
        None
    };
    let mut batch = admission.spending(call);
    batch.push(admission.client(call, &registration, [&client_id, &token.digest()])?);
    let secret = secret.map(|(secret, keep)| {
        batch.push(keep);
        secret
    });
    batch.push(audit_by(call, "", "client.register", &client_id));
    if let Err(failure) = call.db.batch(batch).await {
        return Err(if guard::has_refused(&failure) {
            admission.refusal()
        } else {
            failure.into()
        });
    }
    let made = RegisteredClient {
        id: &client_id,
        issued_at_seconds: call.now.0 / 1000,
        secret: secret.as_ref().map(Secret::reveal),
        token: token.reveal(),
        address: &address(call, &client_id),
    };
    let response = reply::json(201, &registration.answer(&made))?;
    Ok(reply::with_header(response, "pragma", "no-cache")?)
}

/// What lets the client in.
enum Admission {
    Open,
    /// The digest of an initial access token.
    Token(String),
}

async fn admission(call: &Call) -> Step<Admission> {
    if let Some(shown) = call.bearer()? {
        let digest = sha256_hex(&shown);
        let find = sql(format!("SELECT id FROM initial_access_token WHERE {GOOD}"));
        let found: Option<serde_json::Value> =
            call.db.first(find.bind(&digest).bind(call.now)).await?;
        // Told before the body is read; whether it is still so is looked at again as it is spent.
        if found.is_some() {
            return Ok(Admission::Token(digest));
        }
        limits::by_address(call, "register", STRANGERS_A_MINUTE).await?;
        return Err(Admission::Token(digest).refusal());
    }
    limits::by_address(call, "register", STRANGERS_A_MINUTE).await?;
    if policy::current(call).await?.open_registration {
        Ok(Admission::Open)
    } else {
        Err(invalid_token(
            "send an initial access token, which an administrator hands out, as `Authorization: Bearer`",
        ))
    }
}

impl Admission {
    /// What has to hold still, and what it costs.
    fn spending(&self, call: &Call) -> Vec<Statement> {
        match self {
            Self::Open => vec![guard::unless_found(&format!(
                "SELECT 1 WHERE (SELECT count(*) FROM oauth_client WHERE registered_by = 'open') < {MOST_OPEN}"
            ))],
            Self::Token(digest) => vec![
                guard::unless_found(&format!("SELECT 1 FROM initial_access_token WHERE {GOOD}"))
                    .bind(digest)
                    .bind(call.now),
                sql("UPDATE initial_access_token SET uses_left = uses_left - 1 WHERE digest = ?")
                    .bind(digest),
            ],
        }
    }

    fn client(
        &self,
        call: &Call,
        registration: &ClientRegistration,
        [client_id, token_digest]: [&str; 2],
    ) -> Outcome<Statement> {
        let by = match self {
            Self::Open => "'open'",
            Self::Token(_) => "(SELECT id FROM initial_access_token WHERE digest = ?)",
        };
        // Nobody owns it, and its name in the table is its id: what it calls itself is in its metadata, and many may
        // call themselves alike.
        let insert = sql(format!(
            "INSERT INTO oauth_client (client_id, organization, name, owner, grant_types, metadata, registration_token, \
             created_at, registered_by) VALUES (?, ?, ?, '', ?, ?, ?, ?, {by})"
        ))
        .bind(client_id)
        .bind(ORGANIZATION)
        .bind(client_id)
        .bind(serde_json::to_string(&registration.grants)?)
        .bind(serde_json::to_string(&registration.metadata)?)
        .bind(token_digest)
        .bind(call.now);
        Ok(match self {
            Self::Open => insert,
            Self::Token(digest) => insert.bind(digest),
        })
    }

    fn refusal(&self) -> Stop {
        match self {
            Self::Open => OauthError::new(
                ErrorKind::TemporarilyUnavailable,
                "too many clients have registered themselves; ask an administrator for an initial access token",
            )
            .into(),
            Self::Token(_) => invalid_token(
                "the initial access token is unknown, expired or used up; ask an administrator for another",
            ),
        }
    }
}

/// Bound to the digest and to the time.
const GOOD: &str = "digest = ? AND expires_at > ? AND uses_left > 0";
/// Of one address, without a good token, whatever comes of them.
const STRANGERS_A_MINUTE: i64 = 120;
/// A flood stops here, and leaves the clients that administrators let in alone.
const MOST_OPEN: i64 = 10_000;
/// As long as those of other clients.
const CLIENT_ID_DIGITS: usize = 28;
