//! `/apis/{apiId}/dry-run`: what policies would do to a call that somebody makes up.

use lifecycle::{Around, Fault, Sample, Subject, dry_run, led_to};
use runtime::{Outcome, reply};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use worker::Response;

use crate::{apis::row, call::Call, operation_policies, refusal};

/// `POST /apis/{apiId}/dry-run`: nobody is called, and nothing is kept.
pub(crate) async fn run(call: &Call) -> Outcome<Response> {
    let api = row::of_path(call).await?;
    let body: Body = call.json().await?;
    refusal::unless_empty("400", body.faults())?;
    let own = operation_policies::usable(call, &api.id).await?;
    let led_to = led_to(&api.draft(call).await?);
    let around = Around {
        own: &own,
        allow_private: call.allow_private(),
        led_to: &led_to,
    };
    let subject = Subject {
        of_api: body.api_policies.as_ref(),
        of_operation: body.operation_policies.as_ref(),
        api: [&api.name, &api.version, &api.base_path],
        template: &body.target,
    };
    let taken =
        dry_run(subject, &body.sample, around).map_err(|faults| refusal::several("400", faults))?;
    reply::json(200, &json!({"steps": taken}))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
struct Body {
    /// Template of the operation.
    #[serde(default)]
    target: String,
    api_policies: Option<Map<String, Value>>,
    operation_policies: Option<Map<String, Value>>,
    sample: Sample,
}

impl Body {
    fn faults(&self) -> Vec<Fault> {
        let status = self.sample.reply.as_ref().map_or(200, |it| it.status);
        let wrong = |place: &str, help: &str| Fault {
            place: place.to_owned(),
            message: help.to_owned(),
        };
        let mut faults = Vec::new();
        if !self.sample.path.starts_with('/') {
            faults.push(wrong("sample.path", "does not begin with `/`"));
        }
        if self.sample.method.is_empty() {
            faults.push(wrong("sample.method", "is missing"));
        }
        if !(100..=599).contains(&status) {
            faults.push(wrong("sample.reply.status", "is not 100 to 599"));
        }
        faults
    }
}
