//! Refresh tokens: kept as digests, exchanged once, taken back as families.

use credential::sha256_hex;
use model::Timestamp;
use oauth::{
    Bounds, GrantKind, OauthError, Presence, RefreshState, RefreshVerdict, TokenRequest,
    TokenResponse, judge_refresh, may_refresh, narrow_resources,
};
use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
};
use serde::Deserialize;
use serde_json::json;

use crate::{
    call::{Call, ORGANIZATION},
    clients::Registered,
    people,
    stop::Step,
    token::{Identity, Issued, PersonGrant},
    trust,
};

/// A refresh token about to be written down.
pub(crate) struct Kept<'a> {
    pub(crate) digest: &'a str,
    pub(crate) family: &'a str,
    pub(crate) expires_at: Timestamp,
    pub(crate) issued: &'a Issued,
}

/// Writes down the first token of a family.
pub(crate) async fn keep(call: &Call, kept: &Kept<'_>, grant: &PersonGrant<'_>) -> Outcome<()> {
    call.db.run(row(call, kept, grant, "")).await?;
    Ok(())
}

/// Exchanges a refresh token for a new pair. The row is spent under the condition that nobody spent it before, and the
/// successor is written under the condition that it was spent for it: of two requests at once, one gets tokens.
pub(crate) async fn exchange(
    call: &Call,
    registered: &Registered,
    shown: &str,
    request: &TokenRequest,
) -> Step<TokenResponse> {
    let digest = sha256_hex(shown);
    let Some(row) = find(call, &digest).await? else {
        return Err(OauthError::refresh_token().into());
    };
    let client = &registered.client;
    if !may_refresh(client, &row.state().scopes) {
        client.require_grant(GrantKind::RefreshToken)?;
    }
    if row.bound_to.is_some() && row.bound_to.as_deref() != registered.holder() {
        return Err(OauthError::refresh_token().into());
    }
    let lifetime = client.settings.refresh_seconds;
    let verdict = judge_refresh(
        &row.state(),
        &client.id,
        &request.scopes,
        lifetime,
        call.now,
    );
    let (scopes, expires_at) = match verdict {
        RefreshVerdict::Rotate { scopes, expires_at } => (scopes, expires_at),
        RefreshVerdict::Refused(error) => return Err(error.into()),
        RefreshVerdict::Reused => {
            revoke_family(call, &row.family).await?;
            return Err(OauthError::refresh_token().into());
        }
    };
    let Some(person) = people::by_id(call, &row.user_id).await? else {
        return Err(OauthError::refresh_token().into());
    };
    let authorized: Vec<String> = serde_json::from_str(&row.resources).map_err(Failure::from)?;
    let presence = row.presence(&person.username)?;
    let grant = PersonGrant {
        registered,
        person: &person,
        requested: &scopes,
        identity: presence.as_ref().map(|presence| Identity {
            presence,
            nonce: None,
            session: row.session.as_deref(),
        }),
        resources: &authorized,
        bounds: &Bounds::to(narrow_resources(&authorized, &request.resources)?),
    };
    let issued = grant.issue(call).await?;
    let kept = Kept {
        digest: &issued.refresh.digest(),
        family: &row.family,
        expires_at,
        issued: &issued,
    };
    if rotate(call, &digest, &kept, &grant).await? {
        return Ok(issued.response);
    }
    revoke_family(call, &row.family).await?;
    Err(OauthError::refresh_token().into())
}

/// Takes a family back, with the access tokens that were issued along. One that is gone already costs no publication:
/// whoever shows a spent token or code over and over makes no gateway read anything.
pub(crate) async fn revoke_family(call: &Call, family: &str) -> Outcome<()> {
    let alive =
        sql("SELECT family FROM refresh_token WHERE family = ? AND revoked_at IS NULL LIMIT 1");
    let row: Option<Alive> = call.db.first(alive.bind(family)).await?;
    if row.is_none() {
        return Ok(());
    }
    let mut batch = revoking("family", family, call.now);
    batch.extend(trust::noted(call.now));
    call.db.batch(batch).await?;
    trust::publish_or_log(&call.env, &call.db, &call.issuer, call.now).await;
    Ok(())
}

/// The statements that take back every refresh token whose `column` has this value, and the access tokens issued along
/// with them. `column` is ours, never a client's.
pub(crate) fn revoking(column: &str, value: &str, now: Timestamp) -> Vec<Statement> {
    vec![
        sql(format!(
            "INSERT OR IGNORE INTO revoked_token (jti, organization, expires_at, revoked_at) \
             SELECT access_jti, ?, access_expires_at, ? FROM refresh_token \
             WHERE {column} = ? AND access_jti IS NOT NULL AND access_expires_at > ?"
        ))
        .bind(ORGANIZATION)
        .bind(now)
        .bind(value)
        .bind(now),
        sql(format!(
            "UPDATE refresh_token SET revoked_at = ? WHERE {column} = ? AND revoked_at IS NULL"
        ))
        .bind(now)
        .bind(value),
    ]
}

/// The family of a refresh token of this client.
pub(crate) async fn family_of(
    call: &Call,
    shown: &str,
    registered: &Registered,
) -> Outcome<Option<String>> {
    let row = find(call, &sha256_hex(shown)).await?;
    let own = row.filter(|row| row.client_id == registered.client.id.as_str());
    Ok(own.map(|row| row.family))
}

async fn rotate(
    call: &Call,
    digest: &str,
    kept: &Kept<'_>,
    grant: &PersonGrant<'_>,
) -> Outcome<bool> {
    let spend = sql("UPDATE refresh_token SET spent_at = ?, successor = ? \
         WHERE digest = ? AND spent_at IS NULL AND revoked_at IS NULL")
    .bind(call.now)
    .bind(kept.digest)
    .bind(digest);
    let condition = "WHERE EXISTS (SELECT 1 FROM refresh_token WHERE digest = ? AND successor = ?)";
    let follow = row(call, kept, grant, condition)
        .bind(digest)
        .bind(kept.digest);
    let changed = call.db.batch(vec![spend, follow]).await?;
    Ok(changed.first() == Some(&1))
}

/// The statement that writes a token down, under a condition whose values are still to be bound.
pub(crate) fn row(
    call: &Call,
    kept: &Kept<'_>,
    grant: &PersonGrant<'_>,
    condition: &str,
) -> Statement {
    let presence = grant.identity.map(|it| it.presence);
    sql(format!(
        "INSERT INTO refresh_token (digest, family, client_id, user_id, scopes, created_at, expires_at, \
         access_jti, access_expires_at, bound_to, resources, auth_time, amr, session) \
         SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? {condition}"
    ))
    .bind(kept.digest)
    .bind(kept.family)
    .bind(grant.registered.client.id.as_str())
    .bind(&grant.person.id)
    .bind(&kept.issued.scopes)
    .bind(call.now)
    .bind(kept.expires_at)
    .bind(&kept.issued.access_id)
    .bind(kept.issued.access_expires_at)
    .bind(binding(grant.registered))
    .bind(json!(grant.resources).to_string())
    .bind(presence.map(|it| it.auth_time))
    .bind(presence.map_or_else(|| "[]".to_owned(), |it| json!(it.amr).to_string()))
    .bind(grant.identity.and_then(|it| it.session))
}

/// The key or certificate that a public client has to prove at each refresh. Others authenticate, which binds their refresh tokens well
/// enough (RFC 9449 section 5), and lets them change their keys.
fn binding(registered: &Registered) -> Option<&str> {
    registered
        .holder()
        .filter(|_| registered.client.is_public())
}

async fn find(call: &Call, digest: &str) -> Outcome<Option<Row>> {
    let statement = sql(
        "SELECT t.family, t.client_id, t.user_id, t.scopes, t.expires_at, t.spent_at, t.revoked_at, t.bound_to, \
         t.resources, t.auth_time, t.amr, t.session, \
         (SELECT min(f.created_at) FROM refresh_token f WHERE f.family = t.family) AS family_created_at \
         FROM refresh_token t WHERE t.digest = ?",
    );
    call.db.first(statement.bind(digest)).await
}

#[derive(Deserialize)]
struct Alive {
    #[serde(rename = "family")]
    _family: String,
}

#[derive(Deserialize)]
struct Row {
    family: String,
    client_id: String,
    user_id: String,
    scopes: String,
    expires_at: i64,
    spent_at: Option<i64>,
    revoked_at: Option<i64>,
    family_created_at: i64,
    bound_to: Option<String>,
    resources: String,
    auth_time: Option<i64>,
    amr: String,
    session: Option<String>,
}

impl Row {
    /// How the person signed in; `None` for a token from before that was written down.
    fn presence(&self, username: &str) -> Outcome<Option<Presence>> {
        let Some(auth_time) = self.auth_time else {
            return Ok(None);
        };
        Ok(Some(Presence {
            subject: username.to_owned(),
            auth_time: Timestamp(auth_time),
            amr: serde_json::from_str(&self.amr)?,
        }))
    }

    fn state(&self) -> RefreshState {
        RefreshState {
            client: self.client_id.as_str().into(),
            scopes: self
                .scopes
                .split_ascii_whitespace()
                .map(ToOwned::to_owned)
                .collect(),
            family_created_at: Timestamp(self.family_created_at),
            expires_at: Timestamp(self.expires_at),
            spent_at: self.spent_at.map(Timestamp),
            revoked_at: self.revoked_at.map(Timestamp),
        }
    }
}
