//! transform: the fault flow of a call that was refused before it was admitted, as far as it got.

use std::borrow::Cow;

use expression::{Call as Asked, Field};
use matching::Path;
use model::{Action, Flows, Message};
use problem::Problem;
use serde_json::Value;
use transform::policies::{Around, Told};

use crate::{Answer, Facts, Request, Trace, course};

/// The refusal as the operation's fault flow tells it; untouched where there is none, or no operation was met.
pub(crate) fn told(
    mut answer: Answer,
    problem: &Problem,
    request: &Request<'_>,
    facts: &mut Facts,
) -> Answer {
    let Some(trace) = answer.trace.take() else {
        return answer;
    };
    let steps = chosen(&trace, request, facts);
    answer.trace = Some(trace);
    if steps.is_empty() {
        return answer;
    }
    let headers = answer.headers.drain(..);
    let mut reply = Message {
        method: request.method.to_owned(),
        status: answer.status,
        headers: headers.collect(),
        body: Some(answer.body.into_bytes()),
        ..Message::default()
    };
    let around = Around {
        client: request.client_address.parse().ok(),
        fault: Some(Told {
            code: problem.entry.code,
            message: problem.entry.title,
            description: problem.description().to_owned(),
            request_id: request.request_id.to_owned(),
        }),
    };
    answer.notes = course::tell(&steps, &mut reply, &around);
    answer.status = reply.status;
    let body = match request.method {
        "HEAD" => Vec::new(),
        _ => reply.body.unwrap_or_default(),
    };
    answer.body = String::from_utf8(body).unwrap_or_default();
    answer.more = reply.headers;
    answer
}

/// The steps whose conditions are met by what is known.
fn chosen(trace: &Trace, request: &Request<'_>, facts: &mut Facts) -> Vec<Action> {
    let none = Flows::default();
    let of_all = facts.flows_of_all();
    let Some((deployment, operation)) = trace.called() else {
        return Vec::new();
    };
    let own = deployment.steps.get(operation).unwrap_or(&none);
    let all = of_all.as_deref().map_or(&none, |it| &it.flows);
    let refused = Refused { request, trace };
    let steps = own.fault.iter().chain(&all.fault);
    let met = steps.filter(|step| facts.meets(&refused, step.condition.as_deref()));
    met.map(|step| step.action.clone()).collect()
}

/// A call as far as it got. What was not found out yet, it has not.
struct Refused<'a> {
    request: &'a Request<'a>,
    trace: &'a Trace,
}

impl Asked for Refused<'_> {
    fn field(&self, field: Field) -> Option<Cow<'_, str>> {
        let (deployment, operation) = self.trace.called()?;
        let application = self.trace.application();
        let text = match field {
            Field::Method => self.request.method,
            Field::Path => {
                let path = Path::parse(self.request.raw_path()).ok()?;
                return Some(Cow::Owned(path.as_str().to_owned()));
            }
            Field::Host => self.request.host(),
            Field::Address => self.request.client_address,
            Field::User => self.trace.user()?,
            Field::ApplicationId => application?.id.as_str(),
            Field::ApplicationName => &application?.name,
            Field::ApplicationOwner => &application?.owner,
            Field::Plan => return None,
            Field::ApiId => deployment.api.id.as_str(),
            Field::ApiName => &deployment.api.name,
            Field::ApiVersion => &deployment.api.version,
            Field::ApiContext => &deployment.api.context,
            Field::Organization => deployment.organization.as_str(),
            Field::OperationMethod => &deployment.operations.get(operation)?.method,
            Field::OperationTemplate => &deployment.operations.get(operation)?.template,
        };
        Some(Cow::Borrowed(text))
    }

    fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        crate::subject::header(self.request, name)
    }

    fn query(&self, name: &str) -> Option<Cow<'_, str>> {
        crate::subject::query(self.request, name)
    }

    fn claim(&self, _name: &str) -> Option<&Value> {
        None
    }
}
