//! What other Workers ask for: tokens for clients that they vouch for, internal keys, revocations.

use credential::ApiClaim;
use oauth::{Bounds, ExchangeRequest, GrantKind, InternalKey, TokenResponse, parse_scopes};
use runtime::{Failure, Outcome, body, id, reply};
use serde::Deserialize;
use serde_json::json;
use worker::Response;

use crate::{
    call::Call,
    clients::{self, Registered},
    exchange, revoke, signing,
    stop::{Step, Stop},
    token::ClientGrant,
    verify,
};

/// `POST /internal/tokens`: a token for a client, without its secret.
pub(crate) async fn token(call: &Call) -> Outcome<Response> {
    let wish: TokenWish = body::json(&call.request).await?;
    let registered = clients::by_id(call, &wish.client_id)
        .await?
        .ok_or_else(|| Failure::because("404", "there is no such client"))?;
    let scopes = parse_scopes(&wish.scopes.join(" "))
        .map_err(|error| Failure::because("400", error.description))?;
    if let Some(subject_token) = wish.subject_token {
        let response = exchanged(call, &registered, subject_token, &scopes).await;
        return reply::json(200, &response.map_err(refused)?);
    }
    let grant = ClientGrant {
        registered: &registered,
        requested: &scopes,
        seconds: wish.validity_seconds,
        bounds: &Bounds::default(),
    };
    let response = grant.issue(call, &id::uuid()?).await?;
    reply::json(200, &response)
}

async fn exchanged(
    call: &Call,
    registered: &Registered,
    subject_token: String,
    scopes: &[String],
) -> Step<TokenResponse> {
    registered.client.require_grant(GrantKind::TokenExchange)?;
    let request = ExchangeRequest {
        subject_token,
        targets: Vec::new(),
    };
    exchange::exchange(call, registered, &request, scopes).await
}

/// Whoever asked is another Worker, for somebody who is signed in: what is wrong is the wish.
fn refused(stop: Stop) -> Failure {
    match stop {
        Stop::Oauth(error) => Failure::because("400", error.description),
        Stop::Failure(failure) => failure,
    }
}

/// `POST /internal/internal-keys`: a publisher's trial key for one API.
pub(crate) async fn internal_key(call: &Call) -> Outcome<Response> {
    let wish: KeyWish = body::json(&call.request).await?;
    let seconds = wish
        .validity_seconds
        .unwrap_or(TRIAL_SECONDS)
        .clamp(1, MAX_TRIAL_SECONDS);
    let api = wish.api();
    let key_id = id::uuid()?;
    let key = InternalKey {
        issuer: &call.issuer,
        user: &wish.user,
        id: &key_id,
        organization: &wish.organization,
        api: [&api.id, &api.name, &api.version, &api.context],
        now: call.now,
        seconds,
    };
    let text = signing::sign(call, |name| key.signing_input(name)).await?;
    reply::json(200, &json!({"apikey": text, "validityTime": seconds}))
}

/// `POST /internal/revocations`: takes back all tokens of a client, or one token, by its id or as it is.
pub(crate) async fn revoke(call: &Call) -> Outcome<Response> {
    let wish: RevocationWish = body::json(&call.request).await?;
    if wish.client_id.is_none() && wish.jti.is_none() {
        return Err(Failure::because("400", "name a `clientId` or a `jti`"));
    }
    match (&wish.client_id, &wish.token) {
        (Some(client), Some(token)) => revoke_own(call, client, token).await?,
        (Some(client), None) => revoke::revoke_client(call, client).await?,
        (None, _) => {}
    }
    if let Some(jti) = &wish.jti {
        let expires_at = call.now.plus_ms(revoke::LONGEST_LIFE_MS);
        revoke::revoke_token(call, jti, expires_at).await?;
    }
    reply::empty(204)
}

/// Takes back a token if it is this client's; otherwise there is nothing to do.
async fn revoke_own(call: &Call, client: &str, token: &str) -> Outcome<()> {
    if let Ok(verified) = verify::access_token(call, token).await?
        && verified
            .claims
            .client
            .as_ref()
            .is_some_and(|owner| owner.0 == client)
    {
        revoke::revoke_token(call, &verified.claims.id, verified.claims.expires_at).await?;
    }
    Ok(())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct TokenWish {
    client_id: String,
    #[serde(default)]
    scopes: Vec<String>,
    validity_seconds: Option<i64>,
    /// To be exchanged by the client.
    subject_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct KeyWish {
    organization: String,
    api_id: String,
    api_name: String,
    api_version: String,
    context: String,
    user: String,
    validity_seconds: Option<i64>,
}

impl KeyWish {
    fn api(&self) -> ApiClaim {
        ApiClaim {
            id: self.api_id.clone(),
            name: self.api_name.clone(),
            version: self.api_version.clone(),
            context: self.context.clone(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct RevocationWish {
    #[serde(rename = "organization")]
    _organization: Option<String>,
    client_id: Option<String>,
    jti: Option<String>,
    /// With a `clientId`: only this token of the client.
    token: Option<String>,
}

/// One hour: a trial in the publisher is over by then.
const TRIAL_SECONDS: i64 = 3600;
const MAX_TRIAL_SECONDS: i64 = 24 * 3600;
