//! `POST /oauth2/device_authorization`: two codes, one for the device and one for its person.

use credential::{Secret, sha256_hex};
use oauth::{
    DEVICE_LIFE_MS, GrantKind, OauthError, POLL_SECONDS, UserCode, parse_resources, parse_scopes,
};
use runtime::{Failure, Outcome, db::sql, id, reply};
use serde_json::json;
use worker::Response;

use crate::{call::Call, clients, limits, stop::Step};

/// Answers a device.
pub(crate) async fn begin(call: &Call) -> Step<Response> {
    let form = clients::form(call).await?;
    let registered = clients::authenticate(call, &form).await?;
    let client = &registered.client;
    client.require_grant(GrantKind::DeviceCode)?;
    if client.is_public() {
        // Anybody can say its id.
        limits::by_address(call, "device-begin", PUBLIC_A_MINUTE).await?;
    }
    let scopes = parse_scopes(form.get("scope").unwrap_or_default())?.join(" ");
    let resources = serde_json::to_string(&parse_resources(&form)?).map_err(Failure::from)?;
    let device_code = Secret::generate(&id::random()?);
    let mut written = None;
    for _ in 0..ATTEMPTS {
        let code = UserCode::generate(id::random()?);
        let row = [client.id.as_str(), &scopes, &resources];
        match write(call, &device_code, &code, row).await? {
            Written::New => {
                written = Some(code);
                break;
            }
            Written::Taken => {}
            Written::TooMany => return Err(OauthError::slow_down(MOST_LAST_SECONDS).into()),
        }
    }
    let code = written.ok_or_else(|| Failure::Internal("no user code is free".into()))?;
    let page = format!("{}/device", call.endpoints().origin());
    let answer = json!({
        "device_code": device_code.reveal(),
        "user_code": code.shown(),
        "verification_uri": page,
        "verification_uri_complete": format!("{page}?user_code={}", code.shown()),
        "expires_in": DEVICE_LIFE_MS / 1000,
        "interval": POLL_SECONDS,
    });
    Ok(reply::json(200, &answer)?)
}

enum Written {
    New,
    Taken,
    TooMany,
}

/// One statement that writes nothing when the letters are in use, or when too many codes of the client wait.
async fn write(
    call: &Call,
    device_code: &Secret,
    code: &UserCode,
    row: [&str; 3],
) -> Outcome<Written> {
    let [client, scopes, resources] = row;
    let letters = sha256_hex(code.letters());
    let insert = sql(format!(
        "INSERT INTO device_code (digest, user_code, client_id, scopes, resources, interval_seconds, created_at, expires_at) \
         SELECT ?, ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM device_code WHERE user_code = ?) \
         AND (SELECT count(*) FROM device_code WHERE client_id = ? AND expires_at > ?) < {MOST_WAITING}"
    ))
    .bind(device_code.digest())
    .bind(&letters)
    .bind(client)
    .bind(scopes)
    .bind(resources)
    .bind(POLL_SECONDS)
    .bind(call.now)
    .bind(call.now.plus_ms(DEVICE_LIFE_MS))
    .bind(&letters)
    .bind(client)
    .bind(call.now);
    if call.db.run(insert).await? == 1 {
        return Ok(Written::New);
    }
    let taken = sql("SELECT digest FROM device_code WHERE user_code = ?").bind(&letters);
    let found: Option<serde_json::Value> = call.db.first(taken).await?;
    Ok(if found.is_some() {
        Written::Taken
    } else {
        Written::TooMany
    })
}

/// Letters are taken by chance once in millions of times.
const ATTEMPTS: usize = 5;
/// Devices of public clients behind one address.
const PUBLIC_A_MINUTE: i64 = 120;
const MOST_WAITING: usize = 5000;
const MOST_LAST_SECONDS: u64 = 60;
