//! What waits for somebody's decision: asked for by the batch that makes it, and decided once. Who decides outside is told by a
//! webhook, whose message is written by the same batch.

use lifecycle::tenant::{Executor, Workflows};
use runtime::{
    Outcome,
    db::{Statement, sql},
    id, reply,
};
use serde_json::{Value, json};
use worker::Response;

use crate::{
    apis::{row::Noun, write},
    call::Call,
    guard, tenant,
    time::iso,
};

/// A step that may have to wait.
#[derive(Clone, Copy)]
pub(crate) enum Step {
    NewApplication,
    ApplicationUpdate,
    ApplicationDeletion,
    ProductionKeys,
    SandboxKeys,
    NewSubscription,
    OtherPlan,
    SubscriptionDeletion,
    State(Noun),
    Deployment,
}

impl Step {
    /// Keys of this type; of what is no type, production's.
    pub(crate) fn keys(key_type: &str) -> Self {
        if key_type == "SANDBOX" {
            Self::SandboxKeys
        } else {
            Self::ProductionKeys
        }
    }

    /// The peer's word.
    pub(crate) const fn kind(self) -> &'static str {
        match self {
            Self::NewApplication => "APPLICATION_CREATION",
            Self::ApplicationUpdate => "APPLICATION_UPDATE",
            Self::ApplicationDeletion => "APPLICATION_DELETION",
            Self::ProductionKeys => "APPLICATION_REGISTRATION_PRODUCTION",
            Self::SandboxKeys => "APPLICATION_REGISTRATION_SANDBOX",
            Self::NewSubscription => "SUBSCRIPTION_CREATION",
            Self::OtherPlan => "SUBSCRIPTION_UPDATE",
            Self::SubscriptionDeletion => "SUBSCRIPTION_DELETION",
            Self::State(Noun::Api) => "API_STATE",
            Self::State(Noun::Product) => "API_PRODUCT_STATE",
            Self::Deployment => "REVISION_DEPLOYMENT",
        }
    }

    const fn executor(self, workflows: &Workflows) -> Executor {
        match self {
            Self::NewApplication => workflows.application_creation,
            Self::ApplicationUpdate => workflows.application_update,
            Self::ApplicationDeletion => workflows.application_deletion,
            Self::ProductionKeys => workflows.production_application_registration,
            Self::SandboxKeys => workflows.sandbox_application_registration,
            Self::NewSubscription => workflows.subscription_creation,
            Self::OtherPlan => workflows.subscription_update,
            Self::SubscriptionDeletion => workflows.subscription_deletion,
            Self::State(Noun::Api) => workflows.api_state,
            Self::State(Noun::Product) => workflows.api_product_state,
            Self::Deployment => workflows.revision_deployment,
        }
    }
}

/// That a step waits.
pub(crate) struct Waits {
    step: Step,
    /// Of who decides outside: the webhook to tell.
    webhook: Option<String>,
}

/// Whether the step waits in the caller's organization, and who is to be told.
pub(crate) async fn waits(call: &Call, step: Step) -> Outcome<Option<Waits>> {
    let (config, _) = tenant::read(call).await?;
    let workflows = config.workflows;
    Ok(match step.executor(&workflows) {
        Executor::Automatic => None,
        Executor::Approval => Some(Waits {
            step,
            webhook: None,
        }),
        Executor::Http => Some(Waits {
            step,
            webhook: workflows.webhook,
        }),
    })
}

impl Waits {
    /// The statements that have somebody asked about a thing that is still as it was read, and file it as `action`. What was
    /// asked of the same step before, and not decided, is asked no more.
    pub(crate) fn ask_anew(
        &self,
        call: &Call,
        unchanged: Statement,
        (action, subject): (&str, &str),
        about: (&str, &Value),
    ) -> Outcome<Vec<Statement>> {
        let mut statements = vec![unchanged, withdraw_step(subject, self.step)];
        statements.extend(self.ask(call, subject, about)?);
        statements.push(write::audit(call, action, subject)?);
        Ok(statements)
    }

    /// The statements that have somebody asked.
    pub(crate) fn ask(
        &self,
        call: &Call,
        subject: &str,
        (description, properties): (&str, &Value),
    ) -> Outcome<Vec<Statement>> {
        let reference = id::uuid()?;
        let mut statements = vec![
            sql("INSERT INTO workflow (id, organization, kind, subject, description, properties, created_at, created_by, updated_at) \
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(&reference)
            .bind(call.organization())
            .bind(self.step.kind())
            .bind(subject)
            .bind(description)
            .bind(properties.to_string())
            .bind(call.now)
            .bind(call.user()?)
            .bind(call.now),
        ];
        if let Some(webhook) = &self.webhook {
            let told = json!({"type": "workflow.created", "timestamp": iso(call.now.0), "data": {
                "referenceId": reference,
                "workflowType": self.step.kind(),
                "description": description,
                "properties": properties,
                "createdBy": call.user()?,
                "callbackUrl": format!("{}{CALLBACK}?workflowReferenceId={reference}", call.variable("ORIGIN")),
            }});
            statements.push(
                sql("INSERT INTO alert_delivery (id, organization, rule, channel, target, subject, body, next_at, created_at) \
                     VALUES (?, ?, ?, 'webhook', ?, ?, ?, ?, ?)")
                .bind(format!("msg_{}", id::uuid()?))
                .bind(call.organization())
                .bind(&reference)
                .bind(webhook)
                .bind(description)
                .bind(told.to_string())
                .bind(call.now)
                .bind(call.now),
            );
        }
        Ok(statements)
    }
}

/// Carries out what asks for something, and answers 202 with WSO2's `WorkflowResponse`.
pub(crate) async fn accepted(call: &Call, asking: Vec<Statement>) -> Outcome<Response> {
    guard::or(call.db.batch(asking).await, guard::changed_meanwhile)?;
    let body = json!({"workflowStatus": "CREATED", "jsonPayload": ""});
    reply::json(202, &body)
}

/// Whether somebody has to decide about that.
pub(crate) async fn is_waiting(call: &Call, subject: &str) -> Outcome<bool> {
    let query = sql("SELECT id FROM workflow WHERE subject = ? AND status = 'CREATED' LIMIT 1");
    let found: Option<Value> = call.db.first(query.bind(subject)).await?;
    Ok(found.is_some())
}

/// Nobody has to decide about that any more.
pub(crate) fn withdraw(subject: &str) -> Statement {
    sql("DELETE FROM workflow WHERE subject = ? AND status = 'CREATED'").bind(subject)
}

/// The same for one step of that.
fn withdraw_step(subject: &str, step: Step) -> Statement {
    sql("DELETE FROM workflow WHERE subject = ? AND kind = ? AND status = 'CREATED'")
        .bind(subject)
        .bind(step.kind())
}

/// The same for everything about an API: its state, and where its revisions are to run.
pub(crate) fn withdraw_all(api: &str) -> Statement {
    sql("DELETE FROM workflow WHERE status = 'CREATED' AND (subject = ? OR subject IN (SELECT id FROM revision WHERE api_id = ?))")
        .bind(api)
        .bind(api)
}

/// The same for a revision in an environment.
pub(crate) fn withdraw_deployment(revision: &str, environment: &str) -> Statement {
    sql("DELETE FROM workflow WHERE subject = ? AND status = 'CREATED' AND json_extract(properties, '$.environment') = ?")
        .bind(revision)
        .bind(environment)
}

/// Where a decision goes.
const CALLBACK: &str = "/api/am/admin/v4/workflows/update-workflow-status";
