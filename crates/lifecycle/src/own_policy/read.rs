//! From what was uploaded to a policy that cannot be wrong.

use expression::{Expression, Pattern};
use serde_json::{Map, Value};
use transform::policies::{CATALOGUE, Flow, Kind};
use validate::threat;

use super::{Attribute, AttributeKind, OwnPolicy, OwnStep, asked, word};
use crate::{Fault, draft::fault};

/// Reads a specification, bare or as the `data` of WSO2's `operation_policy` files.
///
/// # Errors
/// All that is wrong with it, each with its place.
pub fn read(file: &Value) -> Result<OwnPolicy, Vec<Fault>> {
    let mut reader = Reader { faults: Vec::new() };
    let (object, place) = match (file.get("data"), file) {
        (Some(Value::Object(object)), _) => (object, "data."),
        (_, Value::Object(object)) => (object, ""),
        _ => return Err(vec![fault("", "is not an object")]),
    };
    if let Some(kind) = file.get("type").filter(|_| place == "data.")
        && kind != "operation_policy"
    {
        reader.wrong("type", "is not `operation_policy`");
    }
    for key in object.keys().filter(|key| !KEYS.contains(&key.as_str())) {
        reader.wrong(&format!("{place}{key}"), "is not a property of a policy");
    }
    let policy = reader.policy(object, place);
    match reader.faults.is_empty() {
        true => Ok(policy),
        false => Err(reader.faults),
    }
}

struct Reader {
    faults: Vec<Fault>,
}

impl Reader {
    fn wrong(&mut self, place: &str, help: impl Into<String>) {
        self.faults.push(fault(place, help));
    }

    fn policy(&mut self, object: &Map<String, Value>, at: &str) -> OwnPolicy {
        let name = self.word(object, at, "name", None);
        if CATALOGUE.iter().any(|kind| kind.name == name)
            || threat::read(&name, &Map::new()).is_some()
        {
            self.wrong(
                &format!("{at}name"),
                format!("`{name}` is a policy of the catalogue"),
            );
        }
        let policy_attributes = self.attributes(object.get("policyAttributes"), at);
        let applicable_flows = self.flows(object.get("applicableFlows"), at);
        let supported_api_types = self.texts(
            object.get("supportedApiTypes"),
            &format!("{at}supportedApiTypes"),
        );
        let steps = self.steps(
            object.get("steps"),
            at,
            &applicable_flows,
            &policy_attributes,
        );
        OwnPolicy {
            version: self.word(object, at, "version", Some("v1")),
            display_name: self
                .text(object, at, "displayName")
                .unwrap_or_else(|| name.clone()),
            description: self.text(object, at, "description").unwrap_or_default(),
            category: self
                .text(object, at, "category")
                .unwrap_or_else(|| "Mediation".to_owned()),
            applicable_flows,
            supported_api_types: match supported_api_types.is_empty() {
                true => API_TYPES.map(str::to_owned).to_vec(),
                false => supported_api_types,
            },
            policy_attributes,
            steps,
            name,
        }
    }

    /// A name: letters, digits and `_-.`.
    fn word(
        &mut self,
        object: &Map<String, Value>,
        at: &str,
        key: &str,
        default: Option<&str>,
    ) -> String {
        let place = format!("{at}{key}");
        let found = self
            .text(object, at, key)
            .or_else(|| default.map(str::to_owned));
        let Some(text) = found else {
            if object.get(key).is_none_or(Value::is_null) {
                self.wrong(&place, "is missing");
            }
            return String::new();
        };
        if !is_word(&text) {
            self.wrong(
                &place,
                format!("is not 1 to {MOST_NAME} letters, digits, `_`, `-` and `.`"),
            );
        }
        text
    }

    fn text(&mut self, object: &Map<String, Value>, at: &str, key: &str) -> Option<String> {
        let place = format!("{at}{key}");
        match object.get(key) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if text.len() <= MOST_TEXT => Some(text.clone()),
            Some(Value::Number(number)) => Some(number.to_string()),
            Some(Value::Bool(flag)) => Some(flag.to_string()),
            Some(Value::String(_)) => {
                self.wrong(&place, format!("is longer than {MOST_TEXT} bytes"));
                None
            }
            Some(Value::Array(_) | Value::Object(_)) => {
                self.wrong(&place, "is not a text");
                None
            }
        }
    }

    fn texts(&mut self, list: Option<&Value>, place: &str) -> Vec<String> {
        let list = match list {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Array(list)) => list,
            Some(_) => {
                self.wrong(place, "is not a list of texts");
                return Vec::new();
            }
        };
        let texts: Vec<String> = list
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        if texts.len() != list.len() {
            self.wrong(place, "is not a list of texts");
        }
        texts
    }

    fn flows(&mut self, list: Option<&Value>, at: &str) -> Vec<String> {
        let place = format!("{at}applicableFlows");
        let flows = self.texts(list, &place);
        if flows.is_empty() {
            self.wrong(&place, "names none of `request`, `response`, `fault`");
        }
        for flow in flows.iter().filter(|it| flow_of(it).is_none()) {
            self.wrong(
                &place,
                format!("`{flow}` is none of `request`, `response`, `fault`"),
            );
        }
        flows
    }

    fn objects<'a>(
        &mut self,
        list: Option<&'a Value>,
        place: &str,
        most: usize,
    ) -> Vec<&'a Map<String, Value>> {
        let list = match list {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Array(list)) if list.len() <= most => list,
            Some(_) => {
                self.wrong(place, format!("is not a list of at most {most} objects"));
                return Vec::new();
            }
        };
        let objects: Vec<_> = list.iter().filter_map(Value::as_object).collect();
        if objects.len() != list.len() {
            self.wrong(place, "has something in it that is not an object");
        }
        objects
    }

    fn attributes(&mut self, list: Option<&Value>, at: &str) -> Vec<Attribute> {
        let place = format!("{at}policyAttributes");
        let mut attributes: Vec<Attribute> = Vec::new();
        for (index, object) in self
            .objects(list, &place, MOST_ATTRIBUTES)
            .into_iter()
            .enumerate()
        {
            let at = format!("{place}[{index}].");
            for key in object
                .keys()
                .filter(|key| !ATTRIBUTE_KEYS.contains(&key.as_str()))
            {
                self.wrong(&format!("{at}{key}"), "is not a property of an attribute");
            }
            let attribute = self.attribute(object, &at);
            if attributes.iter().any(|it| it.name == attribute.name) {
                self.wrong(&format!("{at}name"), "is there twice");
            }
            attributes.push(attribute);
        }
        attributes
    }

    fn attribute(&mut self, object: &Map<String, Value>, at: &str) -> Attribute {
        let name = self.word(object, at, "name", None);
        let word = self
            .text(object, at, "type")
            .unwrap_or_else(|| "String".to_owned());
        let kind = AttributeKind::named(&word);
        if kind.is_none() {
            self.wrong(
                &format!("{at}type"),
                "is none of `String`, `Integer`, `Boolean`, `Enum`",
            );
        }
        let required = match object.get("required") {
            None | Some(Value::Null) => false,
            Some(Value::Bool(required)) => *required,
            Some(_) => {
                self.wrong(&format!("{at}required"), "is neither `true` nor `false`");
                false
            }
        };
        let attribute = Attribute {
            display_name: self
                .text(object, at, "displayName")
                .unwrap_or_else(|| name.clone()),
            kind: kind.unwrap_or(AttributeKind::String),
            required,
            default_value: self
                .text(object, at, "defaultValue")
                .filter(|it| !it.is_empty()),
            validation_regex: self
                .text(object, at, "validationRegex")
                .filter(|it| !it.is_empty()),
            allowed_values: self.texts(object.get("allowedValues"), &format!("{at}allowedValues")),
            name,
        };
        if attribute.kind == AttributeKind::Enum && attribute.allowed_values.is_empty() {
            self.wrong(
                &format!("{at}allowedValues"),
                "is missing; an `Enum` is one of them",
            );
        }
        if let Some(Err(wrong)) = attribute.validation_regex.as_deref().map(Pattern::read) {
            self.wrong(&format!("{at}validationRegex"), wrong.to_string());
        } else if let Some(Err(wrong)) = attribute
            .default_value
            .as_deref()
            .map(|it| attribute.takes(it))
        {
            self.wrong(&format!("{at}defaultValue"), wrong);
        }
        attribute
    }

    fn steps(
        &mut self,
        list: Option<&Value>,
        at: &str,
        flows: &[String],
        attributes: &[Attribute],
    ) -> Vec<OwnStep> {
        let place = format!("{at}steps");
        let objects = self.objects(list, &place, MOST_STEPS);
        if objects.is_empty() {
            self.wrong(&place, "has no step of the catalogue in it");
        }
        let mut steps = Vec::new();
        for (index, object) in objects.into_iter().enumerate() {
            let at = format!("{place}[{index}].");
            let step = self.step(object, &at);
            self.consistent(&step, &at, flows, attributes);
            steps.push(step);
        }
        steps
    }

    fn step(&mut self, object: &Map<String, Value>, at: &str) -> OwnStep {
        for key in object
            .keys()
            .filter(|key| !STEP_KEYS.contains(&key.as_str()))
        {
            self.wrong(&format!("{at}{key}"), "is not a property of a step");
        }
        let none = Map::new();
        let parameters = match object.get("parameters") {
            None | Some(Value::Null) => &none,
            Some(Value::Object(parameters)) => parameters,
            Some(_) => {
                self.wrong(&format!("{at}parameters"), "is not an object");
                &none
            }
        };
        let inside = format!("{at}parameters.");
        let texts = parameters.keys().filter_map(|name| {
            let text = self.text(parameters, &inside, name)?;
            Some((name.clone(), text))
        });
        let parameters = texts.collect();
        OwnStep {
            policy_name: self.text(object, at, "policyName").unwrap_or_default(),
            parameters,
            condition: self.text(object, at, "condition"),
        }
    }

    /// What can be said of a step before its attributes are known.
    fn consistent(&mut self, step: &OwnStep, at: &str, flows: &[String], attributes: &[Attribute]) {
        let Some(kind) = CATALOGUE.iter().find(|kind| kind.name == step.policy_name) else {
            return self.wrong(&format!("{at}policyName"), "is no policy of the catalogue");
        };
        for flow in flows.iter().filter_map(|it| flow_of(it)) {
            if !kind.flows.contains(&flow) {
                let help = format!("`{}` cannot stand in the flow `{}`", kind.name, word(flow));
                self.wrong(&format!("{at}policyName"), help);
            }
        }
        for (name, text) in &step.parameters {
            let place = format!("{at}parameters.{name}");
            if !has_parameter(kind, name) {
                self.wrong(&place, format!("`{}` has no such parameter", kind.name));
            }
            for unknown in asked(text).filter(|it| attributes.iter().all(|known| known.name != *it))
            {
                self.wrong(&place, format!("there is no attribute `{unknown}`"));
            }
        }
        if let Some(Err(wrong)) = step.condition.as_deref().map(Expression::read) {
            self.wrong(&format!("{at}condition"), wrong.to_string());
        }
    }
}

fn has_parameter(kind: &Kind, name: &str) -> bool {
    kind.attributes.iter().any(|it| it.name == name)
}

fn flow_of(text: &str) -> Option<Flow> {
    [Flow::Request, Flow::Response, Flow::Fault]
        .into_iter()
        .find(|flow| word(*flow) == text)
}

fn is_word(text: &str) -> bool {
    let is_part = |it: char| it.is_ascii_alphanumeric() || "_-.".contains(it);
    (1..=MOST_NAME).contains(&text.len()) && text.chars().all(is_part)
}

const KEYS: [&str; 10] = [
    "name",
    "version",
    "displayName",
    "description",
    "category",
    "applicableFlows",
    "supportedApiTypes",
    "supportedGateways",
    "policyAttributes",
    "steps",
];
const ATTRIBUTE_KEYS: [&str; 8] = [
    "name",
    "displayName",
    "description",
    "type",
    "required",
    "defaultValue",
    "validationRegex",
    "allowedValues",
];
const STEP_KEYS: [&str; 3] = ["policyName", "parameters", "condition"];
const API_TYPES: [&str; 4] = ["HTTP", "SOAP", "SOAPTOREST", "GRAPHQL"];
const MOST_NAME: usize = 100;
const MOST_TEXT: usize = 16_384;
const MOST_ATTRIBUTES: usize = 50;
const MOST_STEPS: usize = 20;
