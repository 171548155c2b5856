//! `POST /oauth2/token`: one function per grant, one way to issue.

use credential::Secret;
use model::Timestamp;
use oauth::{
    Beneficiary, Bounds, Grant, GrantKind, ID_TOKEN_TYPE, IdToken, Issue, PasswordGrant, Presence,
    ShownCode, Subject, TokenRequest, TokenResponse, grant_scopes, may_refresh, signing_input,
};
use runtime::{Outcome, id, reply};
use worker::Response;

use crate::{
    authorize,
    call::Call,
    certificate,
    clients::{self, ReadRules, Registered},
    cors, device, dpop, exchange, jwt_bearer,
    people::{self, Person},
    reference,
    refresh::{self, Kept},
    scope_rules, signing,
    stop::Step,
};

/// Answers a token request, with the nonce of the proof to come where this one has a proof or needs one.
pub(crate) async fn answer(call: &Call) -> Outcome<Response> {
    let step = granted(call).await;
    dpop::answer(call, step)
}

async fn granted(call: &Call) -> Step<Response> {
    let form = clients::form(call).await?;
    // Read before it is known who asks, for the scopes that it names; what is wrong with it is told afterwards only.
    let request = TokenRequest::read(&form);
    let scopes = request.as_ref().map_or(&[][..], |it| &it.scopes);
    let rules = |client: &str| scope_rules::query(scopes, client);
    let (mut registered, row) = clients::authenticate_with(call, &form, &rules).await?;
    registered.rules = Some(ReadRules {
        scopes: scopes.to_vec(),
        rules: scope_rules::read(row)?,
    });
    let request = request?;
    // Who may refresh is for the refresh token to say: a scope of it may be `offline_access`.
    if request.grant.kind() != GrantKind::RefreshToken {
        registered.client.require_grant(request.grant.kind())?;
    }
    registered.bound_to = dpop::of_request(call, &registered).await?;
    registered.certificate = certificate::of_request(call, &registered)?;
    let response = match &request.grant {
        Grant::ClientCredentials => {
            let grant = ClientGrant {
                registered: &registered,
                requested: &request.scopes,
                seconds: None,
                bounds: &Bounds::to(request.resources.clone()),
            };
            grant.issue(call, &id::uuid()?).await?
        }
        Grant::Password { username, password } => {
            password_grant(call).require(&registered.client)?;
            let person = people::sign_in(call, username, password).await?;
            for_person(call, &registered, &person, &request).await?
        }
        Grant::RefreshToken(shown) => refresh::exchange(call, &registered, shown, &request).await?,
        Grant::AuthorizationCode {
            code,
            redirect_uri,
            verifier,
        } => {
            let shown = ShownCode {
                client: &registered.client.id,
                redirect_uri: redirect_uri.as_deref(),
                verifier: verifier.as_deref(),
                key: registered.bound_to.as_deref(),
            };
            authorize::exchange(call, &registered, code, shown, &request.resources).await?
        }
        Grant::DeviceCode(shown) => {
            device::exchange(call, &registered, shown, &request.resources).await?
        }
        Grant::TokenExchange(wish) => {
            exchange::exchange(call, &registered, wish, &request.scopes).await?
        }
        Grant::JwtBearer(assertion) => {
            jwt_bearer::exchange(call, &registered, assertion, &request).await?
        }
    };
    let response = reply::json(200, &response)?;
    let response = reply::with_header(response, "pragma", "no-cache")?;
    Ok(cors::allow(call, &registered.client, response)?)
}

/// For which clients the operator has the password grant on.
pub(crate) fn password_grant(call: &Call) -> PasswordGrant {
    let text = call.env.var("PASSWORD_GRANT").ok();
    PasswordGrant::chosen(text.map(|text| text.to_string()).as_deref())
}

/// A token for the client itself.
pub(crate) struct ClientGrant<'a> {
    pub(crate) registered: &'a Registered,
    pub(crate) requested: &'a [String],
    /// May shorten its life.
    pub(crate) seconds: Option<i64>,
    /// What it covers.
    pub(crate) bounds: &'a Bounds,
}

impl ClientGrant<'_> {
    /// Makes the token under this name.
    pub(crate) async fn issue(&self, call: &Call, token_id: &str) -> Outcome<TokenResponse> {
        let client = &self.registered.client;
        let rules = self.registered.rules_of(call, self.requested).await?;
        let owner_roles = &rules.owner_roles;
        let whom = Beneficiary::Client { owner_roles };
        let scopes = grant_scopes(self.requested, whom, &rules.rules);
        let lifetime = Subject::Client.seconds(client);
        let issue = Issue {
            issuer: &call.issuer,
            client,
            subject: Subject::Client,
            scopes: &scopes,
            id: token_id,
            now: call.now,
            not_issued_before: self.registered.revoked_before,
            seconds: self
                .seconds
                .map_or(lifetime, |seconds| seconds.clamp(1, lifetime)),
            bound_to: self.registered.bound_to.as_deref(),
            certificate: self.registered.certificate.as_deref(),
            bounds: Some(self.bounds),
        };
        let token = reference::access_token(call, self.registered, &issue).await?;
        Ok(issue.response(token, None))
    }
}

async fn for_person(
    call: &Call,
    registered: &Registered,
    person: &Person,
    request: &TokenRequest,
) -> Outcome<TokenResponse> {
    let presence = Presence {
        subject: person.username.clone(),
        auth_time: call.now,
        amr: vec!["pwd".into()],
    };
    let grant = PersonGrant {
        registered,
        person,
        requested: &request.scopes,
        identity: Some(Identity {
            presence: &presence,
            nonce: None,
            session: None,
        }),
        resources: &request.resources,
        bounds: &Bounds::to(request.resources.clone()),
    };
    let issued = grant.issue(call).await?;
    let family = id::uuid()?;
    let lifetime_ms = registered.client.settings.refresh_seconds * 1000;
    let kept = Kept {
        digest: &issued.refresh.digest(),
        family: &family,
        expires_at: call.now.plus_ms(lifetime_ms),
        issued: &issued,
    };
    refresh::keep(call, &kept, &grant).await?;
    Ok(issued.response)
}

/// A token for a person through a client.
pub(crate) struct PersonGrant<'a> {
    pub(crate) registered: &'a Registered,
    pub(crate) person: &'a Person,
    pub(crate) requested: &'a [String],
    /// What an ID token would say; without it, none is made.
    pub(crate) identity: Option<Identity<'a>>,
    /// What the grant covers (RFC 8707), for the refreshes to come.
    pub(crate) resources: &'a [String],
    /// What this token covers.
    pub(crate) bounds: &'a Bounds,
}

/// How a person signed in, for an ID token.
#[derive(Clone, Copy)]
pub(crate) struct Identity<'a> {
    pub(crate) presence: &'a Presence,
    pub(crate) nonce: Option<&'a str>,
    pub(crate) session: Option<&'a str>,
}

/// What was made, before it is written down.
pub(crate) struct Issued {
    pub(crate) response: TokenResponse,
    pub(crate) refresh: Secret,
    pub(crate) scopes: String,
    pub(crate) access_id: String,
    pub(crate) access_expires_at: Timestamp,
}

impl PersonGrant<'_> {
    /// Makes the pair of tokens. A refresh token is made for every client, and told to those that may use it: its row
    /// remembers which access token there is to take back.
    pub(crate) async fn issue(&self, call: &Call) -> Outcome<Issued> {
        let client = &self.registered.client;
        let rules = self.registered.rules_of(call, self.requested).await?;
        let whom = self.person.beneficiary(client.application.is_none());
        let scopes = grant_scopes(self.requested, whom, &rules.rules);
        let subject = Subject::User(&self.person.username);
        let access_id = id::uuid()?;
        let issue = Issue {
            issuer: &call.issuer,
            client,
            subject,
            scopes: &scopes,
            id: &access_id,
            now: call.now,
            not_issued_before: self
                .registered
                .revoked_before
                .max(Some(self.person.tokens_valid_from)),
            seconds: subject.seconds(client),
            bound_to: self.registered.bound_to.as_deref(),
            certificate: self.registered.certificate.as_deref(),
            bounds: Some(self.bounds),
        };
        let refresh = Secret::generate(&id::random()?);
        let told = may_refresh(client, &scopes).then(|| refresh.reveal().to_owned());
        let token = reference::access_token(call, self.registered, &issue).await?;
        let id_token = self.id_token(call, &scopes, &token).await?;
        let mut response = issue.response(token, told);
        response.id_token = id_token;
        let lifetime = response.expires_in;
        Ok(Issued {
            response,
            refresh,
            scopes: scopes.join(" "),
            access_expires_at: call.now.plus_ms((lifetime + 1) * 1000),
            access_id,
        })
    }

    /// The ID token, where the scope `openid` was granted.
    async fn id_token(
        &self,
        call: &Call,
        scopes: &[String],
        access_token: &str,
    ) -> Outcome<Option<String>> {
        let Some(identity) = self
            .identity
            .filter(|_| scopes.iter().any(|scope| scope == "openid"))
        else {
            return Ok(None);
        };
        let client = &self.registered.client;
        let token = IdToken {
            issuer: &call.issuer,
            client: &client.id,
            session: identity.session,
            nonce: identity.nonce,
            presence: identity.presence,
            access_token,
            now: call.now,
            seconds: client.settings.id_seconds,
        };
        let signed = signing::sign(call, |key| {
            signing_input(ID_TOKEN_TYPE, key, &token.claims(key.algorithm))
        });
        Ok(Some(signed.await?))
    }
}
