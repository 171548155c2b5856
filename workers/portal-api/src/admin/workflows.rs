//! `/workflows`: what waits for an administrator.

use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
    reply,
};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::{Method, Response};

use super::users;
use crate::{
    apis::write,
    call::Call,
    deployments::note,
    devportal::{application_wishes, applications, client_row, subscription_end},
    guard,
    page::Page,
    publisher::{lifecycle_state, running::waiting},
    refusal,
    time::iso,
    workflows::Step,
};

/// `GET /workflows?workflowType=`: what still waits, the oldest first.
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let page = Page::of(call)?;
    // The publisher API has the peer's older words for the same.
    let kind = call.query("workflowType");
    let kind = kind.map(|kind| kind.strip_prefix("AM_").unwrap_or(kind));
    let rows: Vec<Row> = call
        .db
        .all(
            sql(format!(
                "SELECT {COLUMNS} FROM ({TASKS}) WHERE status = 'CREATED' AND coalesce(?, kind) = kind AND {} \
                 ORDER BY created_at, id LIMIT ? OFFSET ?",
                shown_here(call)
            ))
            .bind(call.organization())
            .bind(call.organization())
            .bind(kind)
            .bind(page.limit)
            .bind(page.offset),
        )
        .await?;
    let list: Vec<Value> = rows.iter().map(Row::shown).collect();
    reply::json(
        200,
        &json!({"count": list.len(), "next": "", "previous": "", "list": list}),
    )
}

/// `GET /workflows/{externalWorkflowRef}`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let row = find(call, call.path("externalWorkflowRef")).await?;
    reply::json(200, &row.shown())
}

/// `POST /workflows/update-workflow-status?workflowReferenceId=`
pub(crate) async fn decide(call: &Call) -> Outcome<Response> {
    let row = find(call, call.required("workflowReferenceId")?).await?;
    let body: Body = call.json().await?;
    let is_approved = match body.status.as_str() {
        "APPROVED" => true,
        "REJECTED" => false,
        _ => {
            return Err(refusal::one(
                "400",
                "status",
                "is neither `APPROVED` nor `REJECTED`",
            ));
        }
    };
    let reason = body.description.clone().unwrap_or_default();
    if reason.chars().count() > 1000 {
        return Err(refusal::one(
            "400",
            "description",
            "is longer than 1000 characters",
        ));
    }
    if row.kind == SIGN_UP {
        return admit(call, &row.subject, is_approved).await;
    }
    let mut statements = vec![
        guard::require("EXISTS (SELECT 1 FROM workflow WHERE id = ? AND status = 'CREATED')").bind(&row.id),
        sql("UPDATE workflow SET status = ?, description = ?, updated_at = ?, decided_by = ? WHERE id = ?")
            .bind(&body.status)
            .bind(if reason.is_empty() { &row.description } else { &reason })
            .bind(call.now)
            .bind(call.user()?)
            .bind(&row.id),
    ];
    statements.extend(row.consequences(call, is_approved).await?);
    let clients = if is_approved && row.kind == Step::ApplicationDeletion.kind() {
        client_row::of_application(call, &row.subject).await?
    } else {
        Vec::new()
    };
    guard::or(call.db.batch(statements).await, || Failure::code("900552"))
        .map_err(applications::name_taken)?;
    applications::forget(call, &clients).await;
    let attributes = body.attributes.unwrap_or_else(|| json!({}));
    reply::json(
        200,
        &json!({"status": body.status, "attributes": attributes, "description": reason}),
    )
}

/// People are the key manager's: it lets a person in, or forgets the registration.
async fn admit(call: &Call, user: &str, is_approved: bool) -> Outcome<Response> {
    let path = format!("/internal/users/{}", users::segment(user));
    let (method, words, status) = if is_approved {
        (Method::Put, Some("{\"status\":\"ACTIVE\"}"), "APPROVED")
    } else {
        (Method::Delete, None, "REJECTED")
    };
    let answer = users::send(call, method, &path, words).await?;
    if answer.status_code() >= 400 {
        return Ok(answer);
    }
    reply::json(
        200,
        &json!({"status": status, "attributes": {}, "description": ""}),
    )
}

/// Publishers decide about subscriptions, administrators about everything.
fn shown_here(call: &Call) -> &'static str {
    if call.request.path().starts_with("/api/am/publisher/") {
        "kind IN ('SUBSCRIPTION_CREATION', 'SUBSCRIPTION_UPDATE', 'SUBSCRIPTION_DELETION')"
    } else {
        "1"
    }
}

async fn find(call: &Call, id: &str) -> Outcome<Row> {
    let query = sql(format!(
        "SELECT {COLUMNS} FROM ({TASKS}) WHERE id = ? AND {}",
        shown_here(call)
    ))
    .bind(call.organization())
    .bind(call.organization())
    .bind(id);
    call.db
        .first(query)
        .await?
        .ok_or_else(|| Failure::code("900551"))
}

#[derive(Deserialize)]
struct Row {
    id: String,
    kind: String,
    subject: String,
    status: String,
    description: String,
    properties: String,
    created_at: i64,
    created_by: String,
    updated_at: i64,
}

impl Row {
    /// WSO2's `WorkflowInfo`.
    fn shown(&self) -> Value {
        json!({
            "workflowType": self.kind,
            "workflowStatus": self.status,
            "createdTime": iso(self.created_at),
            "updatedTime": iso(self.updated_at),
            "referenceId": self.id,
            "properties": serde_json::from_str::<Value>(&self.properties).unwrap_or_else(|_| json!({})),
            "description": self.description,
            "createdBy": self.created_by,
        })
    }

    /// What the decision does to the thing that waits.
    async fn consequences(&self, call: &Call, is_approved: bool) -> Outcome<Vec<Statement>> {
        let subject = &self.subject;
        let properties: Value = serde_json::from_str(&self.properties)?;
        let noted = |action: &str| -> Outcome<Vec<Statement>> {
            Ok(vec![write::audit(call, action, subject)?])
        };
        match (self.kind.as_str(), is_approved) {
            ("API_STATE" | "API_PRODUCT_STATE", true) => {
                lifecycle_state::approved(call, subject, &properties).await
            }
            ("API_STATE" | "API_PRODUCT_STATE", false) => noted("api.reject-state"),
            ("REVISION_DEPLOYMENT", true) => waiting::approved(call, subject, &properties).await,
            ("REVISION_DEPLOYMENT", false) => noted("revision.reject-deployment"),
            ("APPLICATION_CREATION", _) => self.of_application(call, is_approved),
            ("APPLICATION_UPDATE", true) => {
                application_wishes::approved(call, subject, &properties).await
            }
            ("APPLICATION_DELETION", true) => applications::removal(call, subject),
            ("APPLICATION_UPDATE" | "APPLICATION_DELETION", false) => noted("application.reject"),
            // What is approved is the right to have keys made: see `key_registration`.
            ("APPLICATION_REGISTRATION_PRODUCTION" | "APPLICATION_REGISTRATION_SANDBOX", true) => {
                noted("application.approve-keys")
            }
            ("APPLICATION_REGISTRATION_PRODUCTION" | "APPLICATION_REGISTRATION_SANDBOX", false) => {
                noted("application.reject-keys")
            }
            ("SUBSCRIPTION_DELETION", true) => subscription_end::removal(call, subject),
            ("SUBSCRIPTION_DELETION", false) => noted("subscription.reject"),
            _ => self.of_subscription(call, is_approved),
        }
    }

    /// A new application.
    fn of_application(&self, call: &Call, is_approved: bool) -> Outcome<Vec<Statement>> {
        let (status, action) = if is_approved {
            ("APPROVED", "application.approve")
        } else {
            ("REJECTED", "application.reject")
        };
        Ok(vec![
            sql(
                "UPDATE application SET status = ?, generation = generation + 1, updated_at = ? \
                 WHERE id = ? AND status = 'CREATED'",
            )
            .bind(status)
            .bind(call.now)
            .bind(&self.subject),
            note("application", &self.subject, call),
            write::audit(call, action, &self.subject)?,
        ])
    }

    /// A new subscription, or another plan for one.
    fn of_subscription(&self, call: &Call, is_approved: bool) -> Outcome<Vec<Statement>> {
        let change = match (self.kind.as_str(), is_approved) {
            ("SUBSCRIPTION_CREATION", true) => "status = 'UNBLOCKED'",
            ("SUBSCRIPTION_CREATION", false) => "status = 'REJECTED'",
            (_, true) => "status = 'UNBLOCKED', plan = requested_plan",
            (_, false) => "status = 'UNBLOCKED', requested_plan = plan",
        };
        let action = if is_approved {
            "subscription.approve"
        } else {
            "subscription.reject"
        };
        Ok(vec![
            sql(format!(
                "UPDATE subscription SET {change}, updated_at = max(?, updated_at + 1) \
                 WHERE id = ? AND status IN ('ON_HOLD', 'TIER_UPDATE_PENDING')"
            ))
            .bind(call.now)
            .bind(&self.subject),
            sql("INSERT INTO outbox (writer, topic, subject, created_at) \
                 SELECT 'portal-api', 'application', application_id, ? FROM subscription WHERE id = ?")
            .bind(call.now)
            .bind(&self.subject),
            write::audit(call, action, &self.subject)?,
        ])
    }
}

/// WSO2's `Workflow`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Body {
    status: String,
    attributes: Option<Value>,
    description: Option<String>,
}

const SIGN_UP: &str = "USER_SIGNUP";
/// What waits or waited, and the people who registered themselves, confirmed their address and wait to be let in.
const TASKS: &str = "SELECT id, kind, subject, status, description, properties, created_at, created_by, updated_at \
    FROM workflow WHERE organization = ? UNION ALL \
    SELECT 'sign-up-' || user.id, 'USER_SIGNUP', user.id, 'CREATED', '`' || username || '` wants an account', \
    json_object('userName', username, 'email', email), sign_up.created_at, username, sign_up.email_confirmed_at \
    FROM sign_up JOIN user ON user.id = sign_up.user_id WHERE user.organization = ? AND user.status = 'PENDING' \
    AND needs_approval = 1 AND email_confirmed_at IS NOT NULL";
const COLUMNS: &str =
    "id, kind, subject, status, description, properties, created_at, created_by, updated_at";
