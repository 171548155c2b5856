//! Operation policies: the draft's `apiPolicies` and `operationPolicies` as steps that gateways carry out.

use model::{Flows, Step};
use serde_json::{Map, Value};
use transform::policies::{self, Flow, Given};
use validate::threat;

use super::{path_of, shape};
use crate::{
    Draft, Fault,
    draft::{Object, Operation, fault},
};

/// The steps of each compiled operation. Those of the API stand outside: first on the way there, last on the way back.
pub(super) fn steps(
    draft: &Draft,
    compiled: &[model::Operation],
    faults: &mut Vec<Fault>,
) -> Vec<Flows> {
    let of_api = flows(draft.api_policies.as_ref(), "apiPolicies", faults);
    let given = draft.operations.as_deref().unwrap_or_default();
    let own: Vec<Flows> = given
        .iter()
        .enumerate()
        .map(|(index, operation)| {
            let place = format!("operations[{index}].operationPolicies");
            flows(operation.operation_policies.as_ref(), &place, faults)
        })
        .collect();
    let mut all = Vec::new();
    for operation in compiled {
        let mut alike = given
            .iter()
            .zip(&own)
            .enumerate()
            .filter(|(_, (it, _))| is_same(it, operation));
        let inner = alike.next().map(|(_, (_, flows))| flows.clone());
        let inner = inner.unwrap_or_default();
        for (index, _) in alike.filter(|(_, (_, flows))| **flows != inner) {
            faults.push(fault(
                &format!("operations[{index}].operationPolicies"),
                format!(
                    "meets the same calls as `{} {}` with other policies",
                    operation.method, operation.template
                ),
            ));
        }
        all.push(Flows {
            request: [of_api.request.clone(), inner.request].concat(),
            response: [inner.response, of_api.response.clone()].concat(),
            fault: [inner.fault, of_api.fault.clone()].concat(),
        });
    }
    if all.iter().all(Flows::is_empty) {
        return Vec::new();
    }
    all
}

fn is_same(given: &Operation, compiled: &model::Operation) -> bool {
    let method = given.verb.as_deref().unwrap_or_default();
    let template = path_of(given.target.as_deref().unwrap_or_default());
    method.eq_ignore_ascii_case(&compiled.method) && shape(&template) == shape(&compiled.template)
}

fn flows(given: Option<&Object>, place: &str, faults: &mut Vec<Fault>) -> Flows {
    let mut flows = Flows::default();
    for (name, value) in given.into_iter().flatten() {
        let place = format!("{place}.{name}");
        let (flow, steps) = match name.as_str() {
            "request" => (Flow::Request, &mut flows.request),
            "response" => (Flow::Response, &mut flows.response),
            "fault" => (Flow::Fault, &mut flows.fault),
            _ => {
                faults.push(fault(&place, "is none of `request`, `response`, `fault`"));
                continue;
            }
        };
        match value {
            Value::Null => {}
            Value::Array(policies) if policies.len() <= MOST => {
                for (index, policy) in policies.iter().enumerate() {
                    steps.extend(step(policy, flow, &format!("{place}[{index}]"), faults));
                }
            }
            Value::Array(_)
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Object(_) => {
                let help = format!("is not a list of at most {MOST} policies");
                faults.push(fault(&place, help));
            }
        }
    }
    flows
}

fn step(policy: &Value, flow: Flow, place: &str, faults: &mut Vec<Fault>) -> Option<Step> {
    let before = faults.len();
    let Some(name) = policy.get("policyName").and_then(Value::as_str) else {
        faults.push(fault(&format!("{place}.policyName"), "is missing"));
        return None;
    };
    if flow == Flow::Request && threat::read(name, &Map::new()).is_some() {
        // It is read into the contract, which looks before any step is taken.
        if policy.get("condition").is_some_and(|it| !it.is_null()) {
            let help = format!("`{name}` looks at every call; it has no condition");
            faults.push(fault(&format!("{place}.condition"), help));
        }
        return None;
    }
    if let Some(version) = policy.get("policyVersion").filter(|it| !it.is_null())
        && version != "v1"
    {
        let help = format!("there is `{name}` in version `v1` only");
        faults.push(fault(&format!("{place}.policyVersion"), help));
    }
    let condition = condition(policy, place, faults);
    let given = parameters(policy, place, faults);
    match policies::read(name, flow, given) {
        Ok(action) => (faults.len() == before).then_some(Step { action, condition }),
        Err(wrong) => {
            for (attribute, help) in wrong {
                let place = match attribute {
                    "" => place.to_owned(),
                    attribute => format!("{place}.parameters.{attribute}"),
                };
                faults.push(fault(&place, help));
            }
            None
        }
    }
}

fn condition(policy: &Value, place: &str, faults: &mut Vec<Fault>) -> Option<String> {
    let place = format!("{place}.condition");
    let text = match policy.get("condition") {
        None | Some(Value::Null) => return None,
        Some(Value::String(text)) => text,
        Some(_) => {
            faults.push(fault(&place, "is not a text"));
            return None;
        }
    };
    if let Err(wrong) = expression::Expression::read(text) {
        faults.push(fault(&place, wrong.to_string()));
    }
    Some(text.clone())
}

/// Numbers and booleans are what they would be as texts.
fn parameters(policy: &Value, place: &str, faults: &mut Vec<Fault>) -> Given {
    let place = format!("{place}.parameters");
    let mut given = Given::new();
    let object = match policy.get("parameters") {
        None | Some(Value::Null) => return given,
        Some(Value::Object(object)) => object,
        Some(_) => {
            faults.push(fault(&place, "is not an object"));
            return given;
        }
    };
    for (name, value) in object {
        let text = match value {
            Value::Null => continue,
            Value::String(text) => text.clone(),
            Value::Bool(_) | Value::Number(_) => value.to_string(),
            Value::Array(_) | Value::Object(_) => {
                faults.push(fault(&format!("{place}.{name}"), "is not a text"));
                continue;
            }
        };
        given.insert(name.clone(), text);
    }
    given
}

/// Steps of one flow of one operation; each costs every call something.
const MOST: usize = 50;
