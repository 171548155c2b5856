//! `POST /oauth2/par` (RFC 9126): a client brings its request by the back door, authenticated, and gets a name for it.

use credential::{Secret, sha256_hex};
use oauth::{
    AuthorizationRequest, ErrorKind, Form, OauthError, PUSHED_LIFE_MS, PUSHED_PREFIX, PageFault,
    Target,
};
use runtime::{Outcome, db::sql, id, reply};
use serde::Deserialize;
use serde_json::json;
use worker::Response;

use crate::{call::Call, clients, dpop, stop::Step};

/// Answers a pushed request: it is read as it would be at `/oauth2/authorize`, so that what is wrong is said here.
pub(crate) async fn push(call: &Call) -> Step<Response> {
    let form = clients::form(call).await?;
    let registered = clients::authenticate(call, &form).await?;
    let client = &registered.client;
    if form.get("request_uri").is_some() {
        let why = "a pushed request can't name another one by `request_uri`";
        return Err(OauthError::new(ErrorKind::InvalidRequest, why).into());
    }
    let target = Target::find(&form, client).map_err(PageFault::error)?;
    let request = AuthorizationRequest::read(&form, client, target)?;
    // A proof binds the code as `dpop_jkt` does (RFC 9449 section 10.1).
    let form = match dpop::shown(call).await? {
        None => form,
        Some(key) if request.key.is_none_or(|named| named == key) => form.with("dpop_jkt", &key),
        Some(_) => {
            let why = "`dpop_jkt` is not the key of the proof";
            return Err(OauthError::new(ErrorKind::InvalidDpopProof, why).into());
        }
    };
    let name = Secret::generate(&id::random()?);
    let uri = format!("{PUSHED_PREFIX}{}", name.reveal());
    let statement = sql(
        "INSERT INTO pushed_request (digest, client_id, parameters, expires_at) VALUES (?, ?, ?, ?)",
    )
    .bind(sha256_hex(&uri))
    .bind(client.id.as_str())
    .bind(form.encoded_without(&CREDENTIALS))
    .bind(call.now.plus_ms(PUSHED_LIFE_MS));
    call.db.run(statement).await?;
    let answer = json!({"request_uri": uri, "expires_in": PUSHED_LIFE_MS / 1000});
    Ok(reply::json(201, &answer)?)
}

/// The request of this name, which is gone with that.
pub(super) async fn take(call: &Call, client_id: &str, uri: &str) -> Outcome<Option<Form>> {
    let statement = sql(
        "DELETE FROM pushed_request WHERE digest = ? AND client_id = ? AND expires_at > ? \
         RETURNING parameters",
    );
    let statement = statement
        .bind(sha256_hex(uri))
        .bind(client_id)
        .bind(call.now);
    let row: Option<Row> = call.db.first(statement).await?;
    Ok(row.and_then(|row| Form::parse(&row.parameters).ok()))
}

#[derive(Deserialize)]
struct Row {
    parameters: String,
}

/// What proved who the client is stays out of the database.
const CREDENTIALS: [&str; 3] = ["client_secret", "client_assertion", "client_assertion_type"];
