//! validate, once more: does the call keep to what its API's definition promises, as far as that can be told before its
//! body is read? What needs the body, and what becomes of replies, is told in `course/checks.rs`.

use std::rc::Rc;

use problem::Problem;
use validate::{Contract, Mode, Operation, Violation, listed};

use crate::{Facts, charges::Call, decision::Stop, locate::Located};

/// The contract of the API that is called, if there is one.
pub(crate) fn of(located: &Located, facts: &mut Facts) -> Result<Option<Rc<Contract>>, Stop> {
    match &located.deployment.contract {
        None => Ok(None),
        Some(hash) => facts.contract(hash).map(Some),
    }
}

/// Refuses what breaks it by its head: before the limits are charged, so that it costs nobody's quota.
pub(crate) fn keep(call: &Call<'_>) -> Result<(), Stop> {
    let Some((contract, operation)) = promised(call) else {
        return Ok(());
    };
    sizes(call, operation)?;
    for guard in &operation.guards {
        let headers = call.request.headers.iter().copied();
        if let Some(found) = guard.head(&call.located.below, call.request.query(), headers) {
            return Err(refused("400", &[found]).into());
        }
    }
    if operation.request != Mode::Block {
        return Ok(());
    }
    let template = call.located.operation().map(|it| it.template.as_str());
    let parts = validate::Call {
        template: template.unwrap_or_default(),
        path: &call.located.below,
        query: call.request.query(),
        headers: &call.request.headers,
    };
    let mut found = contract.parameters(operation, &parts);
    if !call.request.has_body() {
        found.extend(contract.request_body(operation, "", None));
    }
    match found.is_empty() {
        true => Ok(()),
        false => Err(refused("400", &found).into()),
    }
}

/// What the contract says of the operation that is called.
pub(crate) fn promised<'a>(call: &Call<'a>) -> Option<(&'a Contract, &'a Operation)> {
    let contract = call.contract?;
    let operation = call.located.operation()?;
    let promised = contract.operation(&operation.method, &operation.template)?;
    Some((contract.as_ref(), promised))
}

fn sizes(call: &Call<'_>, operation: &Operation) -> Result<(), Stop> {
    let request = call.request;
    if !request.has_body() {
        return Ok(());
    }
    let limit = operation.body_limit;
    if limit > 0
        && request
            .content_length()
            .is_some_and(|length| length > limit)
    {
        return Err(too_long(limit).into());
    }
    let kind = request.header("content-type").unwrap_or_default();
    if !Contract::accepts(operation, kind) {
        return Err(Problem::new("415").into());
    }
    // What is packed cannot be looked into, and must not pass for that.
    let is_packed = request
        .header("content-encoding")
        .is_some_and(|it| !it.trim().eq_ignore_ascii_case("identity"));
    if is_packed && operation.request != Mode::Report && Contract::reads_request(operation) {
        return Err(Problem::new("415")
            .detail("this API looks into bodies; send it without `Content-Encoding`")
            .into());
    }
    Ok(())
}

/// 413, with the limit.
pub(crate) fn too_long(limit: u64) -> Problem {
    Problem::new("413").detail(format!(
        "the body is longer than {limit} bytes, which is the most that this API reads"
    ))
}

/// A refusal that lists what was found.
pub(crate) fn refused(code: &str, found: &[Violation]) -> Problem {
    let mut problem = Problem::new(code).detail(listed(found));
    for violation in found {
        problem = problem.fault(&violation.place, &violation.message);
    }
    problem
}
