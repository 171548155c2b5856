//! OAuth clients: their rows, and how they authenticate.

use std::cell::RefCell;

use credential::sha256_hex;
use model::{ApplicationId, Timestamp};
use oauth::{
    Client, ClientCredential, ClientMetadata, Failures, Form, OauthError, Settings, ShownClient,
    is_document_address, shown_client,
};
use runtime::{
    Outcome,
    body::{self, require_content_type},
    db::{Statement, sql},
};
use serde::Deserialize;

use crate::{assertion, call::Call, registration, stop::Step};

/// A client with what the issue of a token has to heed.
#[derive(Clone, Debug)]
pub(crate) struct Registered {
    pub(crate) client: Client,
    /// Its tokens issued before this are revoked.
    pub(crate) revoked_before: Option<Timestamp>,
    /// The thumbprint of the key that its request proves: its tokens are bound to it.
    pub(crate) bound_to: Option<String>,
    /// The thumbprint of the certificate that it comes with, where its tokens are bound to that.
    pub(crate) certificate: Option<String>,
    /// Its access tokens are opaque: WSO2's token type `OAUTH` of its application.
    pub(crate) has_opaque_tokens: bool,
}

impl Registered {
    /// The thumbprint of what its tokens are bound to: a key, or a certificate. None of one kind is one of the other.
    pub(crate) fn holder(&self) -> Option<&str> {
        self.bound_to.as_deref().or(self.certificate.as_deref())
    }
}

/// The form of a request to an OAuth endpoint.
///
/// # Errors
/// `invalid_request` for another content type or malformed text; 413 beyond 64 KiB.
pub(crate) async fn form(call: &Call) -> Step<Form> {
    let malformed = |text: &str| OauthError::new(oauth::ErrorKind::InvalidRequest, text.to_owned());
    if require_content_type(&call.request, FORM).is_err() {
        return Err(malformed("send the body as `application/x-www-form-urlencoded`").into());
    }
    let bytes = body::bytes(&call.request, FORM_LIMIT).await?;
    let text = String::from_utf8(bytes).map_err(|_| malformed("the body is not UTF-8 text"))?;
    Ok(Form::parse(&text)?)
}

/// The client that a request authenticates as, by the one method that it is registered for.
///
/// # Errors
/// `invalid_client`, the same whatever is wrong; `invalid_request` for two methods at once; `slow_down` after too many
/// failures.
pub(crate) async fn authenticate(call: &Call, form: &Form) -> Step<Registered> {
    let shown = shown_client(call.header("authorization")?.as_deref(), form)?;
    let address = call.address()?;
    let named = match &shown {
        ShownClient::Secret(credential) => credential.id.as_str(),
        ShownClient::Assertion { id, .. } => id.as_deref().unwrap_or_default(),
        ShownClient::Public(id) => id,
    };
    let wait = FAILURES.with_borrow_mut(|it| it.wait_seconds(&address, named, call.now));
    if let Some(seconds) = wait {
        return Err(OauthError::slow_down(seconds).into());
    }
    let found = match &shown {
        ShownClient::Secret(credential) => by_secret(call, credential)
            .await?
            .filter(|it| it.client.metadata.has_secret()),
        ShownClient::Assertion { text, id } => assertion::client(call, text)
            .await?
            .filter(|it| id.as_deref().is_none_or(|id| id == it.client.id.as_str())),
        ShownClient::Public(id) => by_id(call, id).await?.filter(|it| it.client.is_public()),
    };
    if let Some(registered) = found {
        return Ok(registered);
    }
    FAILURES.with_borrow_mut(|it| it.count(&address, named, call.now));
    Err(OauthError::client().into())
}

thread_local! {
    static FAILURES: RefCell<Failures> = RefCell::default();
}

async fn by_secret(call: &Call, shown: &ClientCredential) -> Outcome<Option<Registered>> {
    let statement = select(
        "JOIN client_secret s ON s.client_id = c.client_id \
         WHERE c.client_id = ? AND s.digest = ? AND (s.expires_at IS NULL OR s.expires_at > ?) LIMIT 1",
    )
    .bind(&shown.id)
    .bind(sha256_hex(&shown.secret))
    .bind(call.now);
    let row: Option<Row> = call.db.first(statement).await?;
    row.map(Row::registered).transpose()
}

/// The client of this id, registered or known by its document.
pub(crate) async fn by_id(call: &Call, id: &str) -> Outcome<Option<Registered>> {
    if is_document_address(id) {
        return registration::document::client(call, id).await;
    }
    known(call, id).await
}

/// The client of this id as the database has it.
pub(crate) async fn known(call: &Call, id: &str) -> Outcome<Option<Registered>> {
    let statement = select("WHERE c.client_id = ?").bind(id);
    let row: Option<Row> = call.db.first(statement).await?;
    row.map(Row::registered).transpose()
}

fn select(rest: &str) -> Statement {
    sql(format!(
        "SELECT c.client_id, c.organization, c.owner, c.application_id, c.grant_types, c.settings, c.callback_url, c.metadata, \
         (SELECT r.before FROM revoked_client r WHERE r.client_id = c.client_id) AS revoked_before, \
         (SELECT a.token_type FROM application a WHERE a.id = c.application_id) AS token_type \
         FROM oauth_client c {rest}"
    ))
}

#[derive(Deserialize)]
struct Row {
    client_id: String,
    organization: String,
    owner: String,
    application_id: Option<String>,
    grant_types: String,
    settings: String,
    callback_url: String,
    metadata: String,
    revoked_before: Option<i64>,
    token_type: Option<String>,
}

impl Row {
    fn registered(self) -> Outcome<Registered> {
        let mut metadata = ClientMetadata::stored(&self.metadata);
        // WSO2's clients have one, and it is kept in a column of its own.
        if metadata.redirect_uris.is_empty() && !self.callback_url.is_empty() {
            metadata.redirect_uris.push(self.callback_url);
        }
        Ok(Registered {
            client: Client {
                id: self.client_id.into(),
                organization: self.organization.into(),
                owner: self.owner,
                application: self.application_id.map(ApplicationId::from),
                grants: serde_json::from_str(&self.grant_types)?,
                settings: Settings::stored(&self.settings),
                metadata,
            },
            revoked_before: self.revoked_before.map(Timestamp),
            bound_to: None,
            certificate: None,
            has_opaque_tokens: self.token_type.as_deref() == Some("OAUTH"),
        })
    }
}

const FORM: &str = "application/x-www-form-urlencoded";
/// Room for two tokens and all scopes.
const FORM_LIMIT: usize = 64 * 1024;
