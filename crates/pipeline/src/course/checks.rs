//! validate: what is checked against the API's contract, or for threats, when it takes a body; and the replies of an API
//! that has no upstream.

use std::rc::Rc;

use model::Fields;
use problem::Problem;
use validate::{
    Contract, Mode, Operation, Violation, listed,
    mock::{self, Wish},
};

use super::{Step, Travel};
use crate::{
    Facts,
    charges::Call,
    contract::{promised, refused},
};

/// Is there something to check?
pub(super) fn attends(call: &Call<'_>) -> bool {
    promised(call).is_some_and(|(_, operation)| {
        operation.reply != Mode::Off
            || operation.request == Mode::Report
            || !operation.examples.is_empty()
            || call.request.has_body() && reads(call, operation)
    })
}

/// A length that was announced has been compared with the limit.
fn reads(call: &Call<'_>, operation: &Operation) -> bool {
    let is_unmeasured = operation.body_limit > 0 && call.request.content_length().is_none();
    is_unmeasured || Contract::reads_request(operation)
}

/// Looks at the request.
pub(super) fn request(travel: &mut Travel, _facts: &mut Facts) -> Step {
    let Some(contract) = travel.contract.clone() else {
        return Step::Done;
    };
    let Some(operation) = promise(travel, &contract) else {
        return Step::Done;
    };
    let is_read = Contract::reads_request(operation) || operation.body_limit > 0;
    if is_read && let Some(step) = travel.reads_request() {
        return step;
    }
    if let Some(problem) = request_fault(travel, &contract, operation) {
        return Step::Fault(problem);
    }
    if operation.examples.is_empty() {
        return Step::Done;
    }
    mocked(travel, operation)
}

/// Looks at the reply.
pub(super) fn reply(travel: &mut Travel, _facts: &mut Facts) -> Step {
    let Some(contract) = travel.contract.clone() else {
        return Step::Done;
    };
    let Some(operation) = promise(travel, &contract) else {
        return Step::Done;
    };
    let status = travel.reply.status;
    let kind = travel.reply.headers.get("content-type").unwrap_or_default();
    if travel.is_fault() || !Contract::reads_reply(operation, status, kind) {
        return Step::Done;
    }
    if let Some(step) = travel.reads_reply() {
        return step;
    }
    let Some(body) = travel.reply.body.as_deref() else {
        return Step::Done;
    };
    let kind = travel.reply.headers.get("content-type").unwrap_or_default();
    let found = contract.reply(operation, status, kind, body);
    if found.is_empty() {
        return Step::Done;
    }
    if operation.reply == Mode::Block {
        return Step::Fault(refused("500", &found));
    }
    travel.broken(found.len(), told("the reply", &found));
    Step::Done
}

fn promise<'a>(travel: &Travel, contract: &'a Rc<Contract>) -> Option<&'a Operation> {
    let operation = travel.operation()?;
    contract.operation(&operation.method, &operation.template)
}

fn request_fault(
    travel: &mut Travel,
    contract: &Contract,
    operation: &Operation,
) -> Option<Problem> {
    let kind = travel
        .request
        .headers
        .get("content-type")
        .unwrap_or_default();
    let body = travel.request.body.as_deref();
    if let Some(bytes) = body {
        let mut guards = operation.guards.iter().filter(|guard| guard.reads_body());
        if let Some(found) = guards.find_map(|guard| guard.body(kind, bytes)) {
            return Some(refused("400", &[found]));
        }
    }
    let found = match operation.request {
        Mode::Off => return None,
        Mode::Block => contract.request_body(operation, kind, body),
        Mode::Report => {
            let headers: Vec<(&str, &str)> = travel.request.headers.iter().collect();
            let parts = validate::Call {
                template: travel.operation().map_or("", |it| it.template.as_str()),
                path: &travel.request.path,
                query: &travel.request.query,
                headers: &headers,
            };
            let mut found = contract.parameters(operation, &parts);
            found.extend(contract.request_body(operation, kind, body));
            found
        }
    };
    if found.is_empty() {
        return None;
    }
    if operation.request == Mode::Block {
        return Some(refused("400", &found));
    }
    travel.broken(found.len(), told("the request", &found));
    None
}

/// Answers with an example of the definition.
fn mocked(travel: &mut Travel, operation: &Operation) -> Step {
    let headers = &travel.request.headers;
    let prefer = headers.get("prefer").unwrap_or_default();
    let wish = Wish::read(prefer, headers.get("accept").unwrap_or_default());
    let Some(example) = mock::choose(&operation.examples, &wish) else {
        return Step::Fault(Problem::new("400").detail(
            "the definition has no such example; see its responses for what `Prefer: code=..., example=...` may name",
        ));
    };
    let mut headers = Fields::default();
    if !example.content_type.is_empty() {
        headers.set("content-type", &example.content_type);
    }
    let body = example.body.clone().into_bytes();
    travel.answer(example.status, headers, body);
    Step::Answered
}

/// For the log: places and reasons, never a value of the message.
fn told(what: &str, found: &[Violation]) -> String {
    format!("{what} breaks the contract: {}", listed(found))
}
