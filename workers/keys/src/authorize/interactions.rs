//! Requests that wait for their person: what a page is told about one, and what the person says.

use credential::{Secret, sha256_hex};
use model::Timestamp;
use oauth::{
    Agreement, Ask, AuthorizationRequest, ErrorKind, INTERACTION_LIFE_MS, OauthError, Step,
    document_host, joined, scope_lines,
};
use runtime::{
    Failure, Outcome, body,
    db::{Statement, sql},
    id, reply,
};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use super::weigh::{Weighed, weigh};
use crate::{
    call::{Call, ORGANIZATION},
    clients::{self, Registered},
    session,
};

/// An interaction that is not over.
pub(super) struct Kept {
    pub(super) digest: String,
    pub(super) request: AuthorizationRequest,
    pub(super) chosen_user: Option<String>,
    pub(super) created_at: Timestamp,
    decided_user: Option<String>,
    decision: Option<String>,
}

impl Kept {
    /// What was decided, if this person did. A refusal counts for everybody: it only ends the request.
    pub(super) fn decision_of(&self, user: &str) -> Option<Agreement> {
        match self.decision.as_deref() {
            Some("deny") => Some(Agreement::Denied),
            Some("approve") if self.decided_user.as_deref() == Some(user) => Some(Agreement::Given),
            Some(_) | None => None,
        }
    }
}

/// Writes a request down; the name of the interaction. `None` when too many of the client's wait already.
pub(super) async fn open(call: &Call, request: &AuthorizationRequest) -> Outcome<Option<String>> {
    let name = Secret::generate(&id::random()?);
    let client = request.client.as_str();
    let statement = sql(format!(
        "INSERT INTO interaction (digest, client_id, request, created_at, expires_at) SELECT ?, ?, ?, ?, ? \
         WHERE (SELECT count(*) FROM interaction WHERE client_id = ?) < {MOST_WAITING}"
    ))
    .bind(name.digest())
    .bind(client)
    .bind(serde_json::to_string(request)?)
    .bind(call.now)
    .bind(call.now.plus_ms(INTERACTION_LIFE_MS))
    .bind(client);
    let made = call.db.run(statement).await?;
    Ok((made == 1).then(|| name.reveal().to_owned()))
}

/// What a client is told when too many of its requests wait.
pub(super) fn too_many() -> OauthError {
    OauthError::new(
        ErrorKind::TemporarilyUnavailable,
        "too many sign-ins of this client are under way; try again in some minutes",
    )
}

/// The interaction of this name.
pub(super) async fn find(call: &Call, name: &str) -> Outcome<Option<Kept>> {
    let digest = sha256_hex(name);
    let statement = sql(
        "SELECT request, chosen_user, decided_user, decision, created_at FROM interaction \
         WHERE digest = ? AND expires_at > ?",
    );
    let row: Option<Row> = call
        .db
        .first(statement.bind(&digest).bind(call.now))
        .await?;
    row.map(|row| {
        Ok(Kept {
            digest,
            request: serde_json::from_str(&row.request)?,
            chosen_user: row.chosen_user,
            created_at: Timestamp(row.created_at),
            decided_user: row.decided_user,
            decision: row.decision,
        })
    })
    .transpose()
}

/// Ends an interaction.
pub(super) async fn close(call: &Call, digest: &str) -> Outcome<()> {
    call.db.run(closing(digest)).await?;
    Ok(())
}

/// The statement that ends an interaction.
pub(super) fn closing(digest: &str) -> Statement {
    sql("DELETE FROM interaction WHERE digest = ?").bind(digest)
}

/// `GET /oauth2/interactions/{id}`: what there is to ask.
pub(crate) async fn read(call: &Call, name: &str) -> Outcome<Response> {
    let (kept, registered) = required(call, name).await?;
    let weighed = weigh(call, &registered, &kept.request, Some(&kept)).await?;
    reply::json(200, &described(&kept, &registered, &weighed, name))
}

/// `POST /oauth2/interactions/{id}`: what the person says; where the browser goes then.
pub(crate) async fn decide(call: &Call, name: &str) -> Outcome<Response> {
    session::own_page(call)?;
    let wish: Wish = body::json_within(&call.request, WISH_LIMIT).await?;
    let (kept, registered) = required(call, name).await?;
    let weighed = weigh(call, &registered, &kept.request, Some(&kept)).await?;
    let user = weighed
        .present
        .as_ref()
        .map(|present| present.person.id.clone());
    let statements = match (wish.decision, &weighed.step, user) {
        (Decision::Deny, _, user) => vec![decided(&kept, user.as_deref(), "deny")],
        (Decision::Approve, Step::Ask(Ask::Consent), Some(user)) => {
            let mut batch = vec![decided(&kept, Some(&user), "approve")];
            if wish.remember {
                batch.push(remembered(call, &kept, &weighed, &user));
            }
            batch
        }
        (Decision::Continue, Step::Ask(Ask::SignIn { may_continue: true }), Some(user)) => {
            let choose = sql("UPDATE interaction SET chosen_user = ? WHERE digest = ?");
            vec![choose.bind(user).bind(&kept.digest)]
        }
        (Decision::Approve | Decision::Continue, _, _) => {
            return Err(Failure::because(
                "409",
                "something else is to be answered first; load the page again",
            ));
        }
    };
    call.db.batch(statements).await?;
    reply::json(200, &json!({"redirectTo": resume_address(name)}))
}

fn decided(kept: &Kept, user: Option<&str>, decision: &str) -> Statement {
    sql("UPDATE interaction SET decided_user = ?, decision = ? WHERE digest = ? AND decision IS NULL")
        .bind(user)
        .bind(decision)
        .bind(&kept.digest)
}

/// Remembers what the person allows, under the condition that the decision above is the one that counted.
fn remembered(call: &Call, kept: &Kept, weighed: &Weighed, user: &str) -> Statement {
    sql("INSERT INTO consent (user_id, client_id, organization, scopes, granted_at) SELECT ?, ?, ?, ?, ? \
         WHERE EXISTS (SELECT 1 FROM interaction WHERE digest = ? AND decision = 'approve' AND decided_user = ?) \
         ON CONFLICT (user_id, client_id) DO UPDATE SET scopes = excluded.scopes, granted_at = excluded.granted_at")
    .bind(user)
    .bind(kept.request.client.as_str())
    .bind(ORGANIZATION)
    .bind(joined(&weighed.terms.allowed, &weighed.scopes).join(" "))
    .bind(call.now)
    .bind(&kept.digest)
    .bind(user)
}

fn described(kept: &Kept, registered: &Registered, weighed: &Weighed, name: &str) -> Value {
    let metadata = &registered.client.metadata;
    let person = weighed.present.as_ref().map(|present| &present.person);
    let (kind, may_continue) = match &weighed.step {
        Step::Ask(question) => (
            question.as_str(),
            *question == Ask::SignIn { may_continue: true },
        ),
        Step::Issue | Step::Refuse(_) => ("done", false),
    };
    json!({
        "kind": kind,
        "client": {
            "id": registered.client.id.as_str(),
            "name": weighed.terms.name,
            "host": document_host(registered.client.id.as_str()),
            "uri": metadata.client_uri,
            "policyUri": metadata.policy_uri,
            "tosUri": metadata.tos_uri,
        },
        "returnsTo": host_of(&kept.request.target.redirect_uri),
        "scopes": scope_lines(&weighed.scopes),
        "user": person.map(|person| json!({"username": person.username, "displayName": person.display_name})),
        "loginHint": kept.request.login_hint.as_ref().or(kept.request.subject.as_ref()),
        "mayContinue": may_continue,
        "resumeAt": resume_address(name),
    })
}

/// What a person can check: the host that the code goes to, or the scheme of an installed application.
fn host_of(address: &str) -> String {
    worker::Url::parse(address)
        .map(|url| {
            url.host_str()
                .map_or_else(|| format!("{}:", url.scheme()), ToOwned::to_owned)
        })
        .unwrap_or_default()
}

fn resume_address(name: &str) -> String {
    format!("/oauth2/authorize/resume?interaction={name}")
}

async fn required(call: &Call, name: &str) -> Outcome<(Kept, Registered)> {
    let over = || {
        Failure::because(
            "404",
            "the interaction is over; start again at the application",
        )
    };
    let kept = find(call, name).await?.ok_or_else(over)?;
    let registered = clients::by_id(call, kept.request.client.as_str()).await?;
    Ok((kept, registered.ok_or_else(over)?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Wish {
    decision: Decision,
    #[serde(default)]
    remember: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Decision {
    Approve,
    Deny,
    Continue,
}

#[derive(Deserialize)]
struct Row {
    request: String,
    chosen_user: Option<String>,
    decided_user: Option<String>,
    decision: Option<String>,
    created_at: i64,
}

/// More than any client has people signing in within ten minutes; a flood stops here.
const MOST_WAITING: usize = 5000;
const WISH_LIMIT: usize = 1024;
