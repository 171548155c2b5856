//! The grant `authorization_code`: a code becomes tokens once, and its second showing takes them back.

use credential::sha256_hex;
use model::Timestamp;
use oauth::{
    Bounds, CodeState, CodeVerdict, OauthError, Presence, ShownCode, TokenResponse, judge_code,
    narrow_resources,
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

/// Exchanges a code.
pub(crate) async fn exchange(
    call: &Call,
    registered: &Registered,
    code: &str,
    shown: ShownCode<'_>,
    resources: &[String],
) -> Step<TokenResponse> {
    let digest = sha256_hex(code);
    let row: Option<Row> = call.db.first(sql(FIND).bind(&digest)).await?;
    let Some(row) = row else {
        return Err(OauthError::code().into());
    };
    match judge_code(&row.state()?, shown, call.now) {
        CodeVerdict::Redeem => {}
        CodeVerdict::Refused(error) => return Err(error.into()),
        CodeVerdict::Replayed => {
            take_back(call, &digest).await?;
            return Err(OauthError::code().into());
        }
    }
    let Some(person) = people::by_id(call, &row.user_id).await? else {
        return Err(OauthError::code().into());
    };
    let presence = row.presence(&person.username)?;
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
            nonce: row.nonce.as_deref(),
            session: Some(&row.session),
        }),
        resources: &authorized,
        bounds: &bounds,
    };
    let issued = grant.issue(call).await?;
    if redeem(call, &digest, &grant, &issued).await? {
        return Ok(issued.response);
    }
    take_back(call, &digest).await?;
    Err(OauthError::code().into())
}

/// Marks the code with the family that it gives, under the condition that it has given none and that all it is bound to
/// holds at this moment; and writes the family down under the condition that the code carries its name.
async fn redeem(
    call: &Call,
    digest: &str,
    grant: &PersonGrant<'_>,
    issued: &Issued,
) -> Outcome<bool> {
    let family = id::uuid()?;
    let client = &grant.registered.client;
    let spend = sql("UPDATE authorization_code SET family = ? \
         WHERE digest = ? AND family IS NULL AND client_id = ? AND expires_at > ? \
         AND EXISTS (SELECT 1 FROM session s WHERE s.id = authorization_code.session)")
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
    let condition =
        "WHERE EXISTS (SELECT 1 FROM authorization_code WHERE digest = ? AND family = ?)";
    let first = refresh::row(call, &kept, grant, condition)
        .bind(digest)
        .bind(&family);
    let changed = call.db.batch(vec![spend, first]).await?;
    Ok(changed.first() == Some(&1))
}

/// Takes back what a code gave. The family is read anew: the winner may have written it a moment ago.
async fn take_back(call: &Call, digest: &str) -> Outcome<()> {
    let statement =
        sql("SELECT family FROM authorization_code WHERE digest = ? AND family IS NOT NULL");
    let row: Option<FamilyRow> = call.db.first(statement.bind(digest)).await?;
    match row {
        Some(row) => refresh::revoke_family(call, &row.family).await,
        None => Ok(()),
    }
}

#[derive(Deserialize)]
struct Row {
    client_id: String,
    user_id: String,
    session: String,
    redirect_uri: String,
    redirect_named: i64,
    challenge: Option<String>,
    scopes: String,
    nonce: Option<String>,
    resources: String,
    bound_to: Option<String>,
    auth_time: i64,
    amr: String,
    expires_at: i64,
    family: Option<String>,
    has_session: i64,
}

impl Row {
    fn state(&self) -> Outcome<CodeState> {
        Ok(CodeState {
            client: self.client_id.as_str().into(),
            redirect_uri: self.redirect_uri.clone(),
            is_redirect_named: self.redirect_named != 0,
            bound_to: self.bound_to.clone(),
            challenge: self
                .challenge
                .as_deref()
                .map(serde_json::from_str)
                .transpose()?,
            expires_at: Timestamp(self.expires_at),
            is_spent: self.family.is_some(),
            has_session: self.has_session != 0,
        })
    }

    fn presence(&self, username: &str) -> Outcome<Presence> {
        Ok(Presence {
            subject: username.to_owned(),
            auth_time: Timestamp(self.auth_time),
            amr: serde_json::from_str(&self.amr)?,
        })
    }
}

#[derive(Deserialize)]
struct FamilyRow {
    family: String,
}

const FIND: &str = "SELECT c.client_id, c.user_id, c.session, c.redirect_uri, c.redirect_named, c.challenge, c.scopes, \
    c.nonce, c.resources, c.bound_to, c.auth_time, c.amr, c.expires_at, c.family, \
    EXISTS (SELECT 1 FROM session s WHERE s.id = c.session) AS has_session \
    FROM authorization_code c WHERE c.digest = ?";
