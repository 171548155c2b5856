//! The contract of a draft: what its definition promises, compiled for gateways, with what else is watched for on the way
//! (`enableSchemaValidation`, `schemaValidation`, policies against threats) and the replies of an API without an upstream.

use model::{Care, Endpoint, Endpoints};
use serde_json::{Map, Value};
use validate::{
    Contract, Mode, Source,
    threat::{self, Guard},
};

use crate::{
    Draft, Fault,
    compile::steps,
    draft::{Object, Operation, SchemaValidation, fault},
};

/// Compiles the contract of a draft and its definition; `None` when nothing is looked at.
///
/// # Errors
/// All that cannot be held to, with its place in the draft or in the definition.
pub fn contract(draft: &Draft, document: &Value) -> Result<Option<Contract>, Vec<Fault>> {
    let mut faults = Vec::new();
    let settings = Settings::of(draft, &mut faults);
    let shared = guards(draft.api_policies.as_ref(), "apiPolicies", &mut faults);
    let operations = draft.operations.as_deref().unwrap_or_default();
    let mut own = Vec::new();
    for (index, operation) in operations.iter().enumerate() {
        let place = format!("operations[{index}].operationPolicies");
        own.push(guards(
            operation.operation_policies.as_ref(),
            &place,
            &mut faults,
        ));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let is_watched = !shared.is_empty() || own.iter().any(|it| !it.is_empty());
    if !settings.is_on() && !is_watched {
        return Ok(None);
    }
    let names: Vec<(String, &str)> = operations.iter().map(named_as).collect();
    let sources: Vec<Source<'_>> = names
        .iter()
        .map(|(method, target)| Source {
            method,
            template: target,
            request: settings.request,
            reply: settings.reply,
            is_mocked: settings.is_mocked,
        })
        .collect();
    let mut contract = validate::compile(document, &sources).map_err(named)?;
    for (source, own) in sources.iter().zip(own) {
        let name = format!("{} {}", source.method, source.template);
        let operation = contract.operations.entry(name).or_default();
        operation.guards = shared.iter().cloned().chain(own).collect();
        operation.body_limit = settings.body_limit;
        operation.content_types.clone_from(&settings.content_types);
        if settings.is_mocked && operation.examples.is_empty() {
            operation.examples = vec![nothing()];
        }
    }
    Ok(Some(contract))
}

/// Does the API answer from its definition, without an upstream?
pub(crate) fn is_mocked(draft: &Draft) -> bool {
    matches!(
        draft.endpoint_implementation_type.as_deref(),
        Some("MOCKED_OAS" | "INLINE")
    )
}

/// The endpoints of such an API: it takes calls with every key, and none of them gets to this address, which no name
/// server knows (RFC 2606).
pub(crate) fn nowhere() -> Endpoints {
    let endpoint = || {
        Some(Endpoint {
            url: "https://mock.invalid".to_owned(),
            timeout_ms: 1_000,
            cap: None,
            care: Care::default(),
            pool: None,
            login: None,
        })
    };
    Endpoints {
        production: endpoint(),
        sandbox: endpoint(),
    }
}

/// What is wrong with the settings, at the door.
pub(crate) fn setting_faults(draft: &Draft) -> Vec<Fault> {
    let mut faults = Vec::new();
    let _ = Settings::of(draft, &mut faults);
    faults
}

#[derive(Debug)]
struct Settings {
    request: Mode,
    reply: Mode,
    body_limit: u64,
    content_types: Vec<String>,
    is_mocked: bool,
}

impl Settings {
    fn of(draft: &Draft, faults: &mut Vec<Fault>) -> Self {
        let unset = SchemaValidation::default();
        let given = draft.schema_validation.as_ref().unwrap_or(&unset);
        let otherwise = match draft.enable_schema_validation {
            Some(true) => Mode::Block,
            Some(false) | None => Mode::Off,
        };
        let mut mode = |name: &str, word: Option<&str>| match word {
            None => otherwise,
            Some("off") => Mode::Off,
            Some("report") => Mode::Report,
            Some("block") => Mode::Block,
            Some(other) => {
                faults.push(fault(
                    &format!("schemaValidation.{name}"),
                    format!("`{other}` is none of `off`, `report`, `block`"),
                ));
                Mode::Off
            }
        };
        let request = mode("request", given.request.as_deref());
        let reply = mode("response", given.response.as_deref());
        let limit = given.body_limit.unwrap_or_default();
        if given.body_limit.is_some() && !(1..=MOST_BYTES).contains(&limit) {
            faults.push(fault(
                "schemaValidation.bodyLimit",
                format!("is not a number of bytes from 1 to {MOST_BYTES}"),
            ));
        }
        let content_types = given.content_types.iter().flatten();
        Self {
            request,
            reply,
            body_limit: u64::try_from(limit).unwrap_or_default(),
            content_types: content_types
                .map(|it| it.trim().to_ascii_lowercase())
                .collect(),
            is_mocked: is_mocked(draft),
        }
    }

    const fn is_on(&self) -> bool {
        !self.request.is_off()
            || !self.reply.is_off()
            || self.body_limit > 0
            || !self.content_types.is_empty()
            || self.is_mocked
    }
}

/// The policies against threats among those of the request's way.
fn guards(policies: Option<&Object>, place: &str, faults: &mut Vec<Fault>) -> Vec<Guard> {
    let mut found = Vec::new();
    for (index, policy) in steps::listed(policies, "request").enumerate() {
        let name = steps::name_of(policy);
        let none = Map::new();
        let parameters = policy.get("parameters").and_then(Value::as_object);
        match threat::read(name, parameters.unwrap_or(&none)) {
            None => {}
            Some(Ok(guard)) => found.push(guard),
            Some(Err(wrong)) => faults.extend(wrong.into_iter().map(|(parameter, reason)| {
                fault(
                    &format!("{place}.request[{index}].parameters.{parameter}"),
                    reason,
                )
            })),
        }
    }
    found
}

/// Method and template of an operation, as a contract names them.
pub(crate) fn named_as(operation: &Operation) -> (String, &str) {
    let verb = operation.verb.as_deref().unwrap_or_default();
    let target = operation.target.as_deref().unwrap_or_default();
    (verb.to_ascii_uppercase(), template(target))
}

/// As `compile` has it: some definitions tell operations apart by what no path can have.
fn template(target: &str) -> &str {
    match target.split(['?', '#']).next() {
        None | Some("") => "/",
        Some(path) => path,
    }
}

pub(crate) fn named(faults: Vec<(String, String)>) -> Vec<Fault> {
    faults
        .into_iter()
        .map(|(place, message)| fault(&place, message))
        .collect()
}

pub(crate) fn nothing() -> validate::mock::Example {
    validate::mock::Example {
        status: 200,
        content_type: String::new(),
        name: String::new(),
        body: String::new(),
    }
}

/// An isolate has 128 MiB for all its calls; what is larger passes as a stream, or not at all.
const MOST_BYTES: i64 = 100 * 1024 * 1024;

#[cfg(test)]
mod tests;
