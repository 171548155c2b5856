//! What the page `/device` asks: whose code is this, and yes or no. Guessing is slowed down as guessing passwords is.

use credential::sha256_hex;
use oauth::{DeviceStatus, OauthError, UserCode, scope_lines};
use runtime::{Failure, Outcome, body, db::sql, reply};
use serde::Deserialize;
use serde_json::json;
use worker::Response;

use crate::{
    authorize::{self, Terms},
    call::Call,
    clients, guesses,
    present::{self, Present},
    session,
    stop::as_failure,
};

/// `POST /oauth2/device/lookup`: what the code stands for.
pub(crate) async fn look_up(call: &Call) -> Outcome<Response> {
    session::own_page(call)?;
    let here = present::required(call).await?;
    let wish: LookUp = body::json_within(&call.request, WISH_LIMIT).await?;
    let (row, code) = pending(call, &here, &wish.user_code).await?;
    let asked = asked(call, &here, &row).await?;
    reply::json(
        200,
        &json!({
            "userCode": code.shown(),
            "client": {"id": row.client_id, "name": asked.terms.name, "uri": asked.home},
            "scopes": scope_lines(&asked.scopes),
            "user": {"username": here.person.username, "displayName": here.person.display_name},
        }),
    )
}

/// `POST /oauth2/device/decision`: what the person says.
pub(crate) async fn decide(call: &Call) -> Outcome<Response> {
    session::own_page(call)?;
    let here = present::required(call).await?;
    let wish: Wish = body::json_within(&call.request, WISH_LIMIT).await?;
    let (row, code) = pending(call, &here, &wish.user_code).await?;
    let scopes = asked(call, &here, &row).await?.scopes.join(" ");
    let status = match wish.decision {
        Decision::Approve => DeviceStatus::Approved,
        Decision::Deny => DeviceStatus::Denied,
    };
    let statement = sql(
        "UPDATE device_code SET status = ?, scopes = ?, user_id = ?, auth_time = ?, amr = ? \
         WHERE user_code = ? AND status = 'PENDING' AND expires_at > ?",
    )
    .bind(status.as_str())
    .bind(scopes)
    .bind(&here.person.id)
    .bind(here.presence.auth_time)
    .bind(serde_json::to_string(&here.presence.amr)?)
    .bind(sha256_hex(code.letters()))
    .bind(call.now);
    if call.db.run(statement).await? != 1 {
        return Err(unknown());
    }
    reply::empty(204)
}

/// What the client asks of this person: what is shown, and what is granted.
struct Asked {
    terms: Terms,
    home: Option<String>,
    scopes: Vec<String>,
}

async fn asked(call: &Call, here: &Present, row: &Row) -> Outcome<Asked> {
    let registered = clients::by_id(call, &row.client_id)
        .await?
        .ok_or_else(unknown)?;
    let requested: Vec<String> = row
        .scopes
        .split_ascii_whitespace()
        .map(ToOwned::to_owned)
        .collect();
    let terms = authorize::terms(call, &row.client_id, &here.person.id).await?;
    let scopes = authorize::grantable(call, &registered, here, &terms, &requested).await?;
    Ok(Asked {
        terms,
        home: registered.client.metadata.client_uri,
        scopes,
    })
}

/// The code that waits under these letters. A wrong one counts as a guess of this person from this address.
async fn pending(call: &Call, present: &Present, typed: &str) -> Outcome<(Row, UserCode)> {
    let subjects = guesses::Subjects::of_device(&present.person.id, &call.address()?);
    guesses::judge(call, &subjects)
        .await?
        .map_err(|seconds| as_failure(OauthError::slow_down(seconds).into()))?;
    let found = match UserCode::typed(typed) {
        None => None,
        Some(code) => {
            let statement = sql("SELECT client_id, scopes FROM device_code \
                 WHERE user_code = ? AND status = 'PENDING' AND expires_at > ?");
            let statement = statement.bind(sha256_hex(code.letters())).bind(call.now);
            let row: Option<Row> = call.db.first(statement).await?;
            row.map(|row| (row, code))
        }
    };
    if found.is_none() {
        guesses::count(call, &subjects).await?;
    }
    found.ok_or_else(unknown)
}

fn unknown() -> Failure {
    Failure::because(
        "404",
        "no device waits with this code; check it, or start again on the device",
    )
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct LookUp {
    user_code: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Wish {
    user_code: String,
    decision: Decision,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Decision {
    Approve,
    Deny,
}

#[derive(Deserialize)]
struct Row {
    client_id: String,
    scopes: String,
}

const WISH_LIMIT: usize = 1024;
