//! OAuth clients: their rows, and how they authenticate.

mod held;

use std::{borrow::Cow, cell::RefCell};

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
use serde::{
    Deserialize,
    de::{DeserializeOwned, IgnoredAny},
};

use crate::{
    assertion,
    call::Call,
    certificate, registration,
    revocations::{self, Version},
    scope_rules::{self, Rules},
    stop::{Step, Stop},
};

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
    /// The rules of the scopes that its request names, where they were read along with it.
    pub(crate) rules: Option<ReadRules>,
}

/// Rules with the scopes that they were read for: of any other scope they say nothing.
#[derive(Clone, Debug)]
pub(crate) struct ReadRules {
    pub(crate) scopes: Vec<String>,
    pub(crate) rules: Rules,
}

impl ReadRules {
    /// The rules, if they were read for all of these.
    pub(crate) fn of(&self, scopes: &[String]) -> Option<&Rules> {
        let are_read = scopes.iter().all(|scope| self.scopes.contains(scope));
        are_read.then_some(&self.rules)
    }
}

/// One more row that is read along with a client, by its id.
pub(crate) type Beside<'a> = dyn Fn(&str) -> Outcome<Option<Statement>> + 'a;

impl Registered {
    /// The thumbprint of what its tokens are bound to: a key, or a certificate. None of one kind is one of the other.
    pub(crate) fn holder(&self) -> Option<&str> {
        self.bound_to.as_deref().or(self.certificate.as_deref())
    }

    /// The rules of these scopes: those that were read along, or read now.
    pub(crate) async fn rules_of(&self, call: &Call, scopes: &[String]) -> Outcome<Cow<'_, Rules>> {
        let read = self.rules.as_ref().and_then(|read| read.of(scopes));
        Ok(match read {
            Some(rules) => Cow::Borrowed(rules),
            None => Cow::Owned(scope_rules::of(call, scopes, self.client.id.as_str()).await?),
        })
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
    let (registered, _) = authenticate_with::<IgnoredAny>(call, form, &|_| Ok(None)).await?;
    Ok(registered)
}

/// As [`authenticate`], with one more row, which is read in the same round trip where a secret is shown.
///
/// # Errors
/// As [`authenticate`].
pub(crate) async fn authenticate_with<T: DeserializeOwned>(
    call: &Call,
    form: &Form,
    beside: &Beside<'_>,
) -> Step<(Registered, Option<T>)> {
    let (attempt, shown) = Attempt::of(call, form)?;
    match find(call, &shown, beside).await? {
        (Shown::Proven(registered), row) => Ok((*registered, row)),
        (Shown::Unproven | Shown::Nobody, _) => Err(attempt.failed()),
    }
}

/// As [`authenticate`], for questions that change nothing: a secret that was right a moment ago is believed without the
/// database. With the version of what was taken back, where that is read anew. `None` when what is shown is the name of no
/// client.
///
/// # Errors
/// As [`authenticate`].
pub(crate) async fn authenticate_held(
    call: &Call,
    form: &Form,
) -> Step<Option<(Client, Option<Version>)>> {
    let (attempt, shown) = Attempt::of(call, form)?;
    if let Some(client) = held::find(&shown, call.now) {
        return Ok(Some((client, None)));
    }
    let epoch = revocations::epoch();
    let is_fresh = revocations::fresh(call.now).is_some();
    let version = |_: &str| Ok((!is_fresh).then(revocations::version));
    match find(call, &shown, &version).await? {
        (Shown::Proven(registered), row) => {
            held::keep(&shown, &registered.client, call.now, epoch);
            Ok(Some((registered.client, row)))
        }
        (Shown::Unproven, _) => Err(attempt.failed()),
        (Shown::Nobody, _) => Ok(None),
    }
}

/// Who tries, for the limit on failures.
struct Attempt<'a> {
    call: &'a Call,
    address: String,
    name: String,
}

impl<'a> Attempt<'a> {
    fn of(call: &'a Call, form: &Form) -> Step<(Self, ShownClient)> {
        let shown = shown_client(call.header("authorization")?.as_deref(), form)?;
        let address = call.address()?;
        let name = match &shown {
            ShownClient::Secret(credential) => credential.id.clone(),
            ShownClient::Assertion { id, .. } => id.clone().unwrap_or_default(),
            ShownClient::Public(id) => id.clone(),
        };
        let wait = FAILURES.with_borrow_mut(|it| it.wait_seconds(&address, &name, call.now));
        match wait {
            Some(seconds) => Err(OauthError::slow_down(seconds).into()),
            None => Ok((
                Self {
                    call,
                    address,
                    name,
                },
                shown,
            )),
        }
    }

    fn failed(&self) -> Stop {
        FAILURES.with_borrow_mut(|it| it.count(&self.address, &self.name, self.call.now));
        OauthError::client().into()
    }
}

/// What is shown, and whether it proves anything.
enum Shown {
    Proven(Box<Registered>),
    Unproven,
    Nobody,
}

async fn find<T: DeserializeOwned>(
    call: &Call,
    shown: &ShownClient,
    beside: &Beside<'_>,
) -> Outcome<(Shown, Option<T>)> {
    let found = match shown {
        ShownClient::Secret(credential) => return by_secret(call, credential, beside).await,
        ShownClient::Assertion { text, id } => assertion::client(call, text)
            .await?
            .filter(|it| id.as_deref().is_none_or(|id| id == it.client.id.as_str())),
        ShownClient::Public(id) => match by_id(call, id).await? {
            Some(it) if it.client.is_public() || certificate::authenticates(call, &it)? => Some(it),
            Some(_) | None => None,
        },
    };
    let Some(registered) = found else {
        return Ok((Shown::Unproven, None));
    };
    let row = match beside(registered.client.id.as_str())? {
        Some(statement) => call.db.first(statement).await?,
        None => None,
    };
    Ok((Shown::Proven(Box::new(registered)), row))
}

thread_local! {
    static FAILURES: RefCell<Failures> = RefCell::default();
}

async fn by_secret<T: DeserializeOwned>(
    call: &Call,
    shown: &ClientCredential,
    beside: &Beside<'_>,
) -> Outcome<(Shown, Option<T>)> {
    let statement = select(
        "LEFT JOIN client_secret s ON s.client_id = c.client_id AND s.digest = ? \
         AND (s.expires_at IS NULL OR s.expires_at > ?) WHERE c.client_id = ? LIMIT 1",
        ", s.client_id IS NOT NULL AS proven",
    )
    .bind(sha256_hex(&shown.secret))
    .bind(call.now)
    .bind(&shown.id);
    let (row, other): (Option<ProvenRow>, Option<T>) = match beside(&shown.id)? {
        Some(beside) => call.db.both(statement, beside).await?,
        None => (call.db.first(statement).await?, None),
    };
    let Some(row) = row else {
        return Ok((Shown::Nobody, None));
    };
    let is_proven = row.proven != 0;
    let registered = row.client.registered()?;
    if is_proven && registered.client.metadata.has_secret() {
        Ok((Shown::Proven(Box::new(registered)), other))
    } else {
        Ok((Shown::Unproven, None))
    }
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
    let statement = select("WHERE c.client_id = ?", "").bind(id);
    let row: Option<Row> = call.db.first(statement).await?;
    row.map(Row::registered).transpose()
}

fn select(rest: &str, more: &str) -> Statement {
    sql(format!(
        "SELECT c.client_id, c.organization, c.owner, c.application_id, c.grant_types, c.settings, c.callback_url, c.metadata, \
         (SELECT r.before FROM revoked_client r WHERE r.client_id = c.client_id) AS revoked_before, \
         (SELECT a.token_type FROM application a WHERE a.id = c.application_id) AS token_type \
         {more} FROM oauth_client c {rest}"
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

#[derive(Deserialize)]
struct ProvenRow {
    #[serde(flatten)]
    client: Row,
    /// Whether the secret that was shown is one of the client's.
    proven: i64,
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
            rules: None,
            has_opaque_tokens: self.token_type.as_deref() == Some("OAUTH"),
        })
    }
}

const FORM: &str = "application/x-www-form-urlencoded";
/// Room for two tokens and all scopes.
const FORM_LIMIT: usize = 64 * 1024;
