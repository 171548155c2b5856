//! `POST /oauth2/token`: three grants, one way to issue.

use credential::Secret;
use model::Timestamp;
use oauth::{
    Beneficiary, Grant, GrantKind, Issue, Subject, TokenRequest, TokenResponse, grant_scopes,
};
use runtime::{Outcome, id, reply};
use worker::Response;

use crate::{
    call::Call,
    clients::{self, Registered},
    people::{self, Person},
    refresh::{self, Kept},
    signing,
    stop::Step,
};

/// Answers a token request.
pub(crate) async fn answer(call: &Call) -> Step<Response> {
    let form = clients::form(call).await?;
    let registered = clients::authenticate(call, &form).await?;
    let request = TokenRequest::read(&form)?;
    registered.client.require_grant(request.grant.kind())?;
    let response = match &request.grant {
        Grant::ClientCredentials => for_client(call, &registered, &request.scopes, None).await?,
        Grant::Password { username, password } => {
            let person = people::sign_in(call, username, password).await?;
            for_person(call, &registered, &person, &request.scopes).await?
        }
        Grant::RefreshToken(shown) => {
            refresh::exchange(call, &registered, shown, &request.scopes).await?
        }
    };
    let response = reply::json(200, &response)?;
    Ok(reply::with_header(response, "pragma", "no-cache")?)
}

/// A token for the client itself. `seconds` may shorten its life.
pub(crate) async fn for_client(
    call: &Call,
    registered: &Registered,
    requested: &[String],
    seconds: Option<i64>,
) -> Outcome<TokenResponse> {
    let rules = people::rules(call, requested).await?;
    let scopes = grant_scopes(requested, Beneficiary::Client, &rules);
    let token_id = id::uuid()?;
    let lifetime = Subject::Client.seconds(&registered.client);
    let issue = Issue {
        issuer: &call.issuer,
        client: &registered.client,
        subject: Subject::Client,
        scopes: &scopes,
        id: &token_id,
        now: call.now,
        not_issued_before: registered.revoked_before,
        seconds: seconds.map_or(lifetime, |seconds| seconds.clamp(1, lifetime)),
    };
    let token = signing::sign(call, |kid| issue.signing_input(kid)).await?;
    Ok(issue.response(token, None))
}

async fn for_person(
    call: &Call,
    registered: &Registered,
    person: &Person,
    requested: &[String],
) -> Outcome<TokenResponse> {
    let grant = PersonGrant {
        registered,
        person,
        requested,
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
        let rules = people::rules(call, self.requested).await?;
        let whom = self.person.beneficiary(client.application.is_none());
        let scopes = grant_scopes(self.requested, whom, &rules);
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
        };
        let refresh = Secret::generate(&id::random()?);
        let told = client
            .require_grant(GrantKind::RefreshToken)
            .is_ok()
            .then(|| refresh.reveal().to_owned());
        let token = signing::sign(call, |kid| issue.signing_input(kid)).await?;
        Ok(Issued {
            response: issue.response(token, told),
            refresh,
            scopes: scopes.join(" "),
            access_expires_at: call.now.plus_ms((issue.seconds + 1) * 1000),
            access_id,
        })
    }
}
