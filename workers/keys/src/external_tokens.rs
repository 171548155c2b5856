//! What external issuers sign, for tokens of ours: the subject tokens of exchanges (RFC 8693) and assertions (RFC 7523).
//!
//! Whom it is about has to be known here: by a federated sign-in that linked the two, or where an administrator has mapped
//! a claim to our usernames. Nobody becomes somebody here for having chosen their name there. And what is given is for
//! applications only: nothing of an external issuer leads to the management APIs.

use credential::{
    Claims, Jwt, LEEWAY_MS, TokenFault, TokenUse, check_external, choose_external, claimed_issuer,
};
use model::{TrustedIssuer, VerificationKey};
use oauth::{ACCESS_TOKEN_KIND, Bounds, ErrorKind, ExchangeRequest, OauthError, TokenResponse};
use runtime::{Outcome, crypto::VerifyingKey, db::sql, id};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{
    call::{Call, ORGANIZATION},
    clients::Registered,
    external_issuers,
    people::{self, Person},
    refresh::{self, Kept},
    stop::Step,
    token::{ClientGrant, PersonGrant},
};

/// Is this a token that names somebody else as its issuer?
pub(crate) fn read<'t>(call: &Call, text: &'t str) -> Option<Jwt<'t>> {
    let token = Jwt::parse(text).ok()?;
    let is_ours = claimed_issuer(&token).is_none_or(|name| name == call.issuer);
    (!is_ours).then_some(token)
}

/// Exchanges a token of an external issuer.
pub(crate) async fn exchange(
    call: &Call,
    registered: &Registered,
    token: &Jwt<'_>,
    request: &ExchangeRequest,
    scopes: &[String],
) -> Step<TokenResponse> {
    let Some(signed) = signed(call, token).await? else {
        return Err(refused().into());
    };
    let Ok(claims) = check_external(token, &signed.issuer, call.now) else {
        return Err(refused().into());
    };
    require_application(registered)?;
    let expires_at = claims.expires_at.plus_ms(-LEEWAY_MS);
    let holder = claims.bound_to.as_deref().or(claims.certificate.as_deref());
    if expires_at <= call.now || (holder.is_some() && holder != registered.holder()) {
        return Err(refused().into());
    }
    let bounds = Bounds {
        audience: request.targets.clone(),
        actor: (claims.token_use == TokenUse::ApplicationUser)
            .then(|| json!({"sub": registered.client.id.as_str()})),
        expires_at: Some(expires_at),
    };
    let mut response = match claims.token_use {
        TokenUse::Application => for_client(call, registered, &claims, scopes, &bounds).await?,
        TokenUse::ApplicationUser => {
            let person = signed.person(call, &token.claims).await?;
            let person = person.filter(|it| claims.issued_at >= it.tokens_valid_from);
            let person = person.ok_or_else(refused)?;
            for_person(call, registered, &person, scopes, &bounds).await?
        }
    };
    response.issued_token_type = Some(ACCESS_TOKEN_KIND);
    Ok(response)
}

/// Whom an assertion of an external issuer is about, if it is to be believed.
pub(crate) async fn asserted(
    call: &Call,
    registered: &Registered,
    assertion: &Jwt<'_>,
) -> Step<Option<Person>> {
    let Some(signed) = signed(call, assertion).await? else {
        return Ok(None);
    };
    require_application(registered)?;
    Ok(signed.person(call, &assertion.claims).await?)
}

/// What is signed by an enabled issuer.
pub(crate) struct Signed {
    issuer: TrustedIssuer,
    /// The claim that an administrator has mapped to our usernames.
    username_claim: Option<String>,
}

impl Signed {
    /// The person here.
    async fn person(&self, call: &Call, claims: &Map<String, Value>) -> Outcome<Option<Person>> {
        #[derive(Deserialize)]
        struct Linked {
            user_id: String,
        }
        let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
        let find = sql(
            "SELECT user_id FROM federated_identity WHERE organization = ? AND issuer = ? AND subject = ?",
        );
        let find = find
            .bind(ORGANIZATION)
            .bind(&self.issuer.issuer)
            .bind(text("sub"));
        let linked: Option<Linked> = call.db.first(find).await?;
        match (linked, &self.username_claim) {
            (Some(linked), _) => people::by_id(call, &linked.user_id).await,
            (None, Some(claim)) => people::by_name(call, text(claim)).await,
            (None, None) => Ok(None),
        }
    }
}

/// Who has signed it, if we believe them and take their tokens.
async fn signed(call: &Call, token: &Jwt<'_>) -> Outcome<Option<Signed>> {
    let Some(name) = claimed_issuer(token) else {
        return Ok(None);
    };
    let Some(row) = external_issuers::exchanged(call, name).await? else {
        return Ok(None);
    };
    Ok(verified(call, token, row).await?.ok())
}

/// Verifies a signature by the keys of the issuer that the token names. A key that is not here is asked for, as gateways
/// do. The inner result is the verdict.
pub(crate) async fn verified(
    call: &Call,
    token: &Jwt<'_>,
    row: external_issuers::Row,
) -> Outcome<Result<Signed, TokenFault>> {
    let mut signed = Signed::by(row);
    if signed.key(call, token).is_err() {
        external_issuers::renew(&call.env, &call.db, &call.issuer, &signed.issuer.id).await?;
        match external_issuers::enabled(call, &signed.issuer.issuer).await? {
            Some(row) => signed = Signed::by(row),
            None => return Ok(Err(TokenFault::IssuerMismatch)),
        }
    }
    let key = match signed.key(call, token) {
        Ok(key) => key,
        Err(fault) => return Ok(Err(fault)),
    };
    let Ok(key) = VerifyingKey::import(key).await else {
        return Ok(Err(TokenFault::UnsuitableKey("it cannot be read")));
    };
    let is_good = key
        .verifies(token.signing_input.as_bytes(), &token.signature)
        .await?;
    Ok(if is_good {
        Ok(signed)
    } else {
        Err(TokenFault::BadSignature)
    })
}

impl Signed {
    fn by(row: external_issuers::Row) -> Self {
        Self {
            username_claim: row.username_claim().map(ToOwned::to_owned),
            issuer: row.trusted(),
        }
    }

    /// Whose rules the rest of the token has to keep.
    pub(crate) const fn issuer(&self) -> &TrustedIssuer {
        &self.issuer
    }

    fn key(&self, call: &Call, token: &Jwt<'_>) -> Result<&VerificationKey, TokenFault> {
        if call.now >= self.issuer.good_until {
            return Err(TokenFault::UnknownKey);
        }
        choose_external(&self.issuer.keys, token)
    }
}

/// A client's own token is exchanged by the same application's client here, and by nobody else's.
async fn for_client(
    call: &Call,
    registered: &Registered,
    claims: &Claims,
    scopes: &[String],
    bounds: &Bounds,
) -> Step<TokenResponse> {
    #[derive(Deserialize)]
    struct Owner {
        application_id: String,
    }
    let client = claims.client.as_ref().map_or("", |client| client.as_str());
    let find = sql("SELECT application_id FROM key_mapping WHERE client_id = ?").bind(client);
    let owner: Option<Owner> = call.db.first(find).await?;
    let application = registered.client.application.as_ref().map(|it| it.as_str());
    if owner.as_ref().map(|it| it.application_id.as_str()) != application {
        return Err(refused().into());
    }
    let grant = ClientGrant {
        registered,
        requested: scopes,
        seconds: None,
        bounds,
    };
    Ok(grant.issue(call, &id::uuid()?).await?)
}

/// Written down, so that what takes the person's or the client's tokens back finds it; there is no refresh token to tell.
async fn for_person(
    call: &Call,
    registered: &Registered,
    person: &Person,
    scopes: &[String],
    bounds: &Bounds,
) -> Step<TokenResponse> {
    let grant = PersonGrant {
        registered,
        person,
        requested: scopes,
        identity: None,
        resources: &bounds.audience,
        bounds,
    };
    let issued = grant.issue(call).await?;
    let kept = Kept {
        digest: &issued.refresh.digest(),
        family: &id::uuid()?,
        expires_at: issued.access_expires_at,
        issued: &issued,
    };
    refresh::keep(call, &kept, &grant).await?;
    let mut response = issued.response;
    response.refresh_token = None;
    Ok(response)
}

/// Clients without an application may have rights over the platform itself.
fn require_application(registered: &Registered) -> Result<(), OauthError> {
    if registered.client.application.is_some() {
        return Ok(());
    }
    Err(OauthError::new(
        ErrorKind::UnauthorizedClient,
        "what external issuers sign is exchanged by the clients of applications only",
    ))
}

/// The same whatever is wrong.
fn refused() -> OauthError {
    OauthError::new(
        ErrorKind::InvalidGrant,
        "the subject token is of no issuer whose tokens are exchanged here, has expired, or is about nobody who is known here",
    )
}
