//! What waits for an administrator: asked for by the batch that makes it, and decided once.

use lifecycle::tenant::{Executor, Workflows};
use runtime::{
    Outcome,
    db::{Statement, sql},
    id,
};
use serde_json::Value;

use crate::{call::Call, tenant};

/// A step that may have to wait.
#[derive(Clone, Copy)]
pub(crate) enum Step {
    NewApplication,
    NewSubscription,
    OtherPlan,
}

impl Step {
    const fn kind(self) -> &'static str {
        match self {
            Self::NewApplication => "APPLICATION_CREATION",
            Self::NewSubscription => "SUBSCRIPTION_CREATION",
            Self::OtherPlan => "SUBSCRIPTION_UPDATE",
        }
    }

    const fn executor(self, workflows: &Workflows) -> Executor {
        match self {
            Self::NewApplication => workflows.application_creation,
            Self::NewSubscription => workflows.subscription_creation,
            Self::OtherPlan => workflows.subscription_update,
        }
    }
}

/// Whether the step waits for an administrator in the caller's organization.
pub(crate) async fn waits(call: &Call, step: Step) -> Outcome<bool> {
    let (config, _) = tenant::read(call).await?;
    Ok(step.executor(&config.workflows) == Executor::Approval)
}

/// The statements that have an administrator asked; an earlier question about the same step is dropped.
pub(crate) fn ask(
    call: &Call,
    step: Step,
    subject: &str,
    (description, properties): (&str, &Value),
) -> Outcome<Vec<Statement>> {
    Ok(vec![
        withdraw(subject),
        sql("INSERT INTO workflow (id, organization, kind, subject, description, properties, created_at, created_by, updated_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(id::uuid()?)
        .bind(call.organization())
        .bind(step.kind())
        .bind(subject)
        .bind(description)
        .bind(properties.to_string())
        .bind(call.now)
        .bind(call.user()?)
        .bind(call.now),
    ])
}

/// Nobody has to decide about that any more.
pub(crate) fn withdraw(subject: &str) -> Statement {
    sql("DELETE FROM workflow WHERE subject = ? AND status = 'CREATED'").bind(subject)
}
