//! The grant `urn:ietf:params:oauth:grant-type:device_code`: the device asks until its person has said something.

use credential::sha256_hex;
use model::Timestamp;
use oauth::{
    Bounds, DeviceState, DeviceStatus, OauthError, PollVerdict, Presence, TokenResponse,
    judge_poll, narrow_resources,
};
use runtime::{Failure, Outcome, db::sql, id};
use serde::Deserialize;

use crate::{
    call::Call,
    clients::Registered,
    people,
    refresh::{self, Kept},
    stop::Step,
    token::{Identity, Issued, PersonGrant},
};

/// Answers a poll.
pub(crate) async fn exchange(
    call: &Call,
    registered: &Registered,
    shown: &str,
    resources: &[String],
) -> Step<TokenResponse> {
    let digest = sha256_hex(shown);
    let row: Option<Row> = call.db.first(sql(FIND).bind(&digest)).await?;
    let Some(row) = row else {
        return Err(OauthError::device_code().into());
    };
    match judge_poll(&row.state()?, &registered.client.id, call.now) {
        PollVerdict::Redeem => {}
        PollVerdict::Refused(error) => return Err(error.into()),
        PollVerdict::Wait {
            interval_seconds,
            error,
        } => {
            let note =
                sql("UPDATE device_code SET polled_at = ?, interval_seconds = ? WHERE digest = ?");
            call.db
                .run(note.bind(call.now).bind(interval_seconds).bind(&digest))
                .await?;
            return Err(error.into());
        }
    }
    let user = row.user_id.as_deref().unwrap_or_default();
    let Some(person) = people::by_id(call, user).await? else {
        return Err(OauthError::device_code().into());
    };
    let presence = Presence {
        subject: person.username.clone(),
        auth_time: Timestamp(row.auth_time.unwrap_or_default()),
        amr: serde_json::from_str(&row.amr).map_err(Failure::from)?,
    };
    let authorized: Vec<String> = serde_json::from_str(&row.resources).map_err(Failure::from)?;
    let bounds = Bounds::to(narrow_resources(&authorized, resources)?);
    let scopes: Vec<String> = row
        .scopes
        .split_ascii_whitespace()
        .map(ToOwned::to_owned)
        .collect();
    let grant = PersonGrant {
        registered,
        person: &person,
        requested: &scopes,
        identity: Some(Identity {
            presence: &presence,
            nonce: None,
            session: None,
        }),
        resources: &authorized,
        bounds: &bounds,
    };
    let issued = grant.issue(call).await?;
    if redeem(call, &digest, &grant, &issued).await? {
        return Ok(issued.response);
    }
    Err(OauthError::device_code().into())
}

/// As for a code: spent under the condition that nobody spent it, followed under the condition that this was the spending.
async fn redeem(
    call: &Call,
    digest: &str,
    grant: &PersonGrant<'_>,
    issued: &Issued,
) -> Outcome<bool> {
    let family = id::uuid()?;
    let client = &grant.registered.client;
    let spend = sql("UPDATE device_code SET status = 'SPENT', family = ? \
         WHERE digest = ? AND status = 'APPROVED' AND client_id = ? AND expires_at > ?")
    .bind(&family)
    .bind(digest)
    .bind(client.id.as_str())
    .bind(call.now);
    let kept = Kept {
        digest: &issued.refresh.digest(),
        family: &family,
        expires_at: call
            .now
            .plus_ms(client.settings.refresh_seconds.saturating_mul(1000)),
        issued,
    };
    let condition = "WHERE EXISTS (SELECT 1 FROM device_code WHERE digest = ? AND family = ?)";
    let first = refresh::row(call, &kept, grant, condition)
        .bind(digest)
        .bind(&family);
    let changed = call.db.batch(vec![spend, first]).await?;
    Ok(changed.first() == Some(&1))
}

#[derive(Deserialize)]
struct Row {
    client_id: String,
    scopes: String,
    resources: String,
    status: String,
    user_id: Option<String>,
    auth_time: Option<i64>,
    amr: String,
    polled_at: Option<i64>,
    interval_seconds: i64,
    expires_at: i64,
}

impl Row {
    fn state(&self) -> Outcome<DeviceState> {
        Ok(DeviceState {
            client: self.client_id.as_str().into(),
            status: DeviceStatus::named(&self.status)
                .ok_or_else(|| Failure::Internal(format!("a device code is {}", self.status)))?,
            expires_at: Timestamp(self.expires_at),
            polled_at: self.polled_at.map(Timestamp),
            interval_seconds: self.interval_seconds,
        })
    }
}

const FIND: &str = "SELECT client_id, scopes, resources, status, user_id, auth_time, amr, polled_at, interval_seconds, expires_at \
    FROM device_code WHERE digest = ?";
