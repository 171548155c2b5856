//! Whether a step may be taken: rules whose breaking blocks it are looked at first.

use lifecycle::Fault;
use runtime::Outcome;

use super::{
    standing::{self, artifact},
    subject::Subject,
};
use crate::{apis::ApiRow, call::Call, refusal};

/// A step of an API's life that policies may govern.
#[derive(Clone, Copy)]
pub(crate) enum Step {
    Create,
    Update,
    Deploy,
    Publish,
}

impl Step {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "API_CREATE",
            Self::Update => "API_UPDATE",
            Self::Deploy => "API_DEPLOY",
            Self::Publish => "API_PUBLISH",
        }
    }
}

/// Refuses the step (903300) when the API breaks a rule by which a policy blocks it.
pub(crate) async fn pass(call: &Call, step: Step, row: &ApiRow) -> Outcome<()> {
    pass_as(call, step, async || Subject::of(call, row).await).await
}

/// As [`pass`], of an API as it is about to be; what it is is asked for only where a policy may block.
pub(crate) async fn pass_as(
    call: &Call,
    step: Step,
    subject: impl AsyncFnOnce() -> Outcome<Subject>,
) -> Outcome<()> {
    let state = step.as_str();
    let mut policies = standing::all(call).await?;
    policies.retain(|policy| {
        let mut severities = SEVERITIES.iter();
        policy.governs(state) && severities.any(|severity| policy.blocks(state, severity))
    });
    if policies.is_empty() {
        return Ok(());
    }
    let subject = subject().await?;
    policies.retain(|policy| policy.is_about(&subject.labels));
    let rulesets = standing::rulesets(call).await?;
    let mut faults = Vec::new();
    for ruleset in rulesets
        .iter()
        .filter(|it| Some(it.artifact.as_str()) == artifact(&subject.kind))
    {
        let naming: Vec<_> = policies
            .iter()
            .filter(|policy| policy.ruleset_ids().contains(&ruleset.id))
            .collect();
        if naming.is_empty() {
            continue;
        }
        let report = subject.held_to(call, &ruleset.id, &ruleset.about).await?;
        for violation in report.violations {
            let severity = violation.severity.as_str();
            if let Some(policy) = naming.iter().find(|policy| policy.blocks(state, severity)) {
                faults.push(Fault {
                    place: violation.path,
                    message: format!(
                        "{} (rule `{}` of `{}`, by the policy `{}`)",
                        violation.message, violation.rule, ruleset.name, policy.name
                    ),
                });
            }
        }
    }
    refusal::unless_empty("903300", faults)
}

const SEVERITIES: [&str; 3] = ["ERROR", "WARN", "INFO"];
