//! Operation policies: the draft's `apiPolicies` and `operationPolicies` as steps that gateways carry out.

use model::{Action, Flows, Step};
use serde_json::{Map, Value};
use transform::policies::{self, Flow, Given};
use validate::threat;

use super::{path_of, shape as shape_of};
use crate::{
    Draft, Fault, OwnPolicy, address,
    draft::{Object, Operation, fault},
};

/// What operation policies may name beside the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct Around<'a> {
    /// Policies of the organization's own, and of the API's.
    pub own: &'a [OwnPolicy],
    /// The operator allows addresses on the local network.
    pub allow_private: bool,
    /// Where a call may be led that does not go to the API's endpoint.
    pub led_to: &'a [String],
}

/// The steps that stand around those of every API of an environment.
///
/// # Errors
/// All that is wrong with the mapping, with its places below `policyMapping`.
pub fn flows_of_all(mapping: &Object, around: Around<'_>) -> Result<Flows, Vec<Fault>> {
    let mut faults = Vec::new();
    for (index, policy) in listed(Some(mapping), "request").enumerate() {
        let name = name_of(policy);
        if threat::read(name, &Map::new()).is_some() {
            let help = format!("`{name}` belongs to an API, whose contract it is part of");
            faults.push(fault(&format!("policyMapping.request[{index}]"), help));
        }
    }
    let found = flows(Some(mapping), "policyMapping", around, &mut faults);
    if faults.is_empty() {
        Ok(found)
    } else {
        Err(faults)
    }
}

/// The policies of one flow, as they were written.
pub(crate) fn listed<'a>(given: Option<&'a Object>, flow: &str) -> impl Iterator<Item = &'a Value> {
    let list = given.and_then(|it| it.get(flow)).and_then(Value::as_array);
    list.into_iter().flatten()
}

/// The name that a policy is called by; empty for none.
pub(crate) fn name_of(policy: &Value) -> &str {
    let name = policy.get("policyName").and_then(Value::as_str);
    name.unwrap_or_default()
}

/// The steps of each compiled operation. Those of the API stand outside: first on the way there, last on the way back.
pub(super) fn steps(
    draft: &Draft,
    compiled: &[model::Operation],
    around: Around<'_>,
    faults: &mut Vec<Fault>,
) -> Vec<Flows> {
    let of_api = flows(draft.api_policies.as_ref(), "apiPolicies", around, faults);
    let given = draft.operations.as_deref().unwrap_or_default();
    let own: Vec<Flows> = given
        .iter()
        .enumerate()
        .map(|(index, operation)| {
            let place = format!("operations[{index}].operationPolicies");
            flows(
                operation.operation_policies.as_ref(),
                &place,
                around,
                faults,
            )
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
    method.eq_ignore_ascii_case(&compiled.method)
        && shape_of(&template) == shape_of(&compiled.template)
}

pub(super) fn flows(
    given: Option<&Object>,
    place: &str,
    around: Around<'_>,
    faults: &mut Vec<Fault>,
) -> Flows {
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
                    let mut reader = Reader {
                        around,
                        flow,
                        place: format!("{place}[{index}]"),
                        faults,
                    };
                    steps.extend(reader.policy(policy));
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

/// Reads one policy.
struct Reader<'a, 'f> {
    around: Around<'a>,
    flow: Flow,
    place: String,
    faults: &'f mut Vec<Fault>,
}

impl<'a> Reader<'a, '_> {
    fn wrong(&mut self, below: &str, help: impl Into<String>) {
        let place = format!("{}{below}", self.place);
        self.faults.push(fault(&place, help));
    }

    fn policy(&mut self, policy: &Value) -> Vec<Step> {
        let name = name_of(policy);
        if name.is_empty() {
            self.wrong(".policyName", "is missing");
            return Vec::new();
        }
        if self.flow == Flow::Request && threat::read(name, &Map::new()).is_some() {
            // It is read into the contract, which looks before any step is taken.
            if policy.get("condition").is_some_and(|it| !it.is_null()) {
                let help = format!("`{name}` looks at every call; it has no condition");
                self.wrong(".condition", help);
            }
            return Vec::new();
        }
        let condition = self.condition(policy);
        let given = parameters(policy, &self.place, self.faults);
        let version = policy.get("policyVersion").and_then(Value::as_str);
        let is_known = policies::CATALOGUE.iter().any(|kind| kind.name == name);
        if !is_known && let Some(own) = self.own(name, version) {
            return self.own_steps(own, given, condition.as_deref());
        }
        if let Some(version) = version
            && is_known
            && version != "v1"
        {
            self.wrong(
                ".policyVersion",
                format!("there is `{name}` in version `v1` only"),
            );
        }
        self.step(name, given, condition).into_iter().collect()
    }

    /// An organization's own policy of that name; without a version, the first.
    fn own(&self, name: &str, version: Option<&str>) -> Option<&'a OwnPolicy> {
        let mut named = self.around.own.iter().filter(|it| it.name == name);
        match version {
            Some(version) => named.find(|it| it.version == version),
            None => named.next(),
        }
    }

    fn condition(&mut self, policy: &Value) -> Option<String> {
        let text = match policy.get("condition") {
            None | Some(Value::Null) => return None,
            Some(Value::String(text)) => text,
            Some(_) => {
                self.wrong(".condition", "is not a text");
                return None;
            }
        };
        if let Err(wrong) = expression::Expression::read(text) {
            self.wrong(".condition", wrong.to_string());
        }
        Some(text.clone())
    }

    fn own_steps(&mut self, own: &OwnPolicy, given: Given, condition: Option<&str>) -> Vec<Step> {
        if !own.may_stand_in(self.flow) {
            self.wrong("", format!("`{}` cannot stand in this flow", own.name));
        }
        let filled = match own.filled(given) {
            Ok(filled) => filled,
            Err(wrong) => {
                self.named(wrong.into_iter());
                return Vec::new();
            }
        };
        let steps = filled.into_iter().filter_map(|inner| {
            let condition = both(condition, inner.condition.as_deref());
            let given = inner.parameters.into_iter().collect();
            self.step(&inner.policy_name, given, condition)
        });
        steps.collect()
    }

    fn step(&mut self, name: &str, given: Given, condition: Option<String>) -> Option<Step> {
        let before = self.faults.len();
        match policies::read(name, self.flow, given) {
            Ok(mut action) => {
                self.addresses(&mut action);
                (self.faults.len() == before).then_some(Step { action, condition })
            }
            Err(wrong) => {
                let wrong = wrong.into_iter();
                self.named(wrong.map(|(attribute, help)| (attribute.to_owned(), help)));
                None
            }
        }
    }

    fn named(&mut self, wrong: impl Iterator<Item = (String, String)>) {
        for (attribute, help) in wrong {
            match attribute.as_str() {
                "" => self.wrong("", help),
                attribute => self.wrong(&format!(".parameters.{attribute}"), help),
            }
        }
    }

    /// What a step calls, or leads to, is held to what endpoints are held to.
    fn addresses(&mut self, action: &mut Action) {
        match action {
            Action::CallOut { url, .. } => {
                if let Err(reason) = address::parse(url, self.around.allow_private) {
                    self.wrong(".parameters.url", reason);
                }
            }
            Action::SetEndpoint { url, allowed, .. } => {
                allowed.extend_from_slice(self.around.led_to);
                if allowed.is_empty() {
                    self.wrong("", "the API allows no address: name them in `endpointConfig.dynamic_endpoints`");
                } else if let Some(url) = url
                    && !allowed.iter().any(|it| policies::is_below(it, url))
                {
                    self.wrong(
                        ".parameters.url",
                        "is none of `endpointConfig.dynamic_endpoints`",
                    );
                }
            }
            Action::SetBody { template, .. } => {
                if let Err(fault) = shape::template::check(template) {
                    self.wrong(".parameters.template", fault.to_string());
                }
            }
            Action::SetHeader { .. }
            | Action::AddHeader { .. }
            | Action::RemoveHeader { .. }
            | Action::AddQueryParam { .. }
            | Action::RemoveQueryParam { .. }
            | Action::RewritePath { .. }
            | Action::ChangeMethod { .. }
            | Action::FilterAddress { .. }
            | Action::Respond { .. }
            | Action::Redirect { .. }
            | Action::MaskFields { .. }
            | Action::Log { .. }
            | Action::TellFault { .. }
            | Action::JsonToXml { .. }
            | Action::XmlToJson => {}
        }
    }
}

fn both(outer: Option<&str>, inner: Option<&str>) -> Option<String> {
    match (outer, inner) {
        (Some(outer), Some(inner)) => Some(format!("({outer}) && ({inner})")),
        (one, other) => one.or(other).map(str::to_owned),
    }
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
