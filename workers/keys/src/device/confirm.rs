//! What the page `/device` asks: whose code is this, and yes or no. Guessing is slowed down as guessing second factors is.

use credential::sha256_hex;
use oauth::{DeviceStatus, UserCode, document_host, scope_lines};
use runtime::{Failure, Outcome, body, db::sql, reply};
use serde::Deserialize;
use serde_json::json;
use worker::Response;

use crate::{
    authorize::{self, Terms},
    call::Call,
    clients, limits,
    present::{self, Present},
    session,
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
            "client": {
                "id": row.client_id,
                "name": asked.terms.name,
                "host": document_host(&row.client_id),
                "uri": asked.home,
            },
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

/// The code that waits under these letters. Each attempt counts before it is looked at, so that a thousand at once are no
/// more than the allowance; one that was right is taken back.
async fn pending(call: &Call, here: &Present, typed: &str) -> Outcome<(Row, UserCode)> {
    limits::by_person(call, GUESS, &here.person.id, TYPED_A_MINUTE).await?;
    limits::by_address(call, GUESS, TYPED_A_MINUTE_THERE).await?;
    let code = UserCode::typed(typed).ok_or_else(unknown)?;
    let statement = sql("SELECT client_id, scopes FROM device_code \
         WHERE user_code = ? AND status = 'PENDING' AND expires_at > ?");
    let statement = statement.bind(sha256_hex(code.letters())).bind(call.now);
    let row: Option<Row> = call.db.first(statement).await?;
    let row = row.ok_or_else(unknown)?;
    limits::forgive(call, GUESS, &here.person.id).await?;
    Ok((row, code))
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
/// The name under which wrong codes are counted.
const GUESS: &str = "device-code";
/// Wrong codes of one person.
const TYPED_A_MINUTE: i64 = 5;
/// Wrong codes of all people behind one address.
const TYPED_A_MINUTE_THERE: i64 = 30;
