//! One path item at a time: what differs is changed, everything else stays.

use std::collections::HashSet;

use model::OperationSecurity;
use serde_json::{Map, Value, json};

use super::{MethodKey, key_of};
use crate::definition::{Format, Operation, auth_type_word, parse_auth_type};
use crate::paths::inlined;
use crate::security::{DEFAULT_SCHEME, Schemes, oauth_scheme, throttling_tier, throttling_weight};
use crate::template;

pub(super) struct Edit<'d> {
    document: &'d Value,
    format: Format,
    schemes: Schemes<'d>,
    /// An operation asks for the `default` scheme, which therefore has to be declared.
    uses_default: bool,
    /// Scopes that it has to declare.
    named: Vec<String>,
}

impl<'d> Edit<'d> {
    pub(super) fn new(document: &'d Value, format: Format) -> Self {
        Self {
            document,
            format,
            schemes: Schemes::read(document, format),
            uses_default: false,
            named: Vec::new(),
        }
    }

    /// The path item with exactly these operations. One behind a `$ref` is written out if anything changes.
    pub(super) fn path_item(&mut self, path: &str, item: &Value, wanted: Vec<&Operation>) -> Value {
        let whole = inlined(self.document, item);
        let mut edited = whole.clone();
        let methods: HashSet<&str> = wanted
            .iter()
            .map(|operation| operation.method.as_str())
            .collect();
        edited.retain(|name, _| {
            !self.format.methods().contains(&name.as_str())
                || methods.contains(name.to_ascii_uppercase().as_str())
        });
        if let Some(Value::Object(additional)) = edited.get_mut(ADDITIONAL) {
            additional.retain(|name, _| methods.contains(name.as_str()));
        }
        for operation in wanted {
            let declared = edited.contains_key("parameters");
            let Some(slot) = slot(&mut edited, operation, self.format) else {
                continue;
            };
            if slot.is_object() {
                self.update(slot, operation);
            } else {
                *slot = self.added(path, operation, declared);
            }
        }
        if edited == whole {
            return item.clone();
        }
        Value::Object(edited)
    }

    /// Whether the document gives this path anything to call.
    pub(super) fn has_operations(&self, item: &Value) -> bool {
        let additional = |value: &Value| value.as_object().is_some_and(|more| !more.is_empty());
        inlined(self.document, item).iter().any(|(name, value)| {
            self.format.methods().contains(&name.as_str())
                || (name == ADDITIONAL && additional(value))
        })
    }

    /// Declares the `default` OAuth scheme, if an operation asks for it, with the scopes that are named.
    pub(super) fn declare(self, root: &mut Map<String, Value>) {
        if !self.uses_default {
            return;
        }
        let two = self.format == Format::Swagger2;
        let schemes = if two {
            object_in(root, "securityDefinitions")
        } else {
            object_in(root, "components")
                .and_then(|components| object_in(components, "securitySchemes"))
        };
        let Some(scheme) = schemes.and_then(|schemes| object_in(schemes, DEFAULT_SCHEME)) else {
            return;
        };
        if scheme.is_empty() {
            *scheme = oauth_scheme(self.format, TOKEN_PATH, &Map::new());
        }
        let flow = if two {
            Some(scheme)
        } else {
            let flows = object_in(scheme, "flows");
            flows.and_then(|flows| flows.values_mut().next().and_then(Value::as_object_mut))
        };
        if let Some(scopes) = flow.and_then(|flow| object_in(flow, "scopes")) {
            for name in self.named {
                scopes
                    .entry(name)
                    .or_insert_with(|| Value::String(String::new()));
            }
        }
    }

    /// Changes what differs in an operation that is there.
    fn update(&mut self, value: &mut Value, wanted: &Operation) {
        let scopes = self.schemes.scopes_of(value).into_owned();
        let requirements = self.without_scopes(value);
        let tier = throttling_tier(value);
        let weight = throttling_weight(value);
        let Value::Object(members) = value else {
            return;
        };
        update_security(members, wanted.security);
        if tier != wanted.throttling_tier {
            members.shift_remove("x-wso2-throttling-tier");
            set(
                members,
                "x-throttling-tier",
                wanted.throttling_tier.as_deref(),
            );
        }
        if weight != wanted.throttling_weight {
            set_weight(members, wanted.throttling_weight);
        }
        let same = scopes.len() == wanted.scopes.len()
            && wanted.scopes.iter().all(|scope| scopes.contains(scope));
        if !same {
            members.shift_remove("x-scope");
            self.require(members, requirements, &wanted.scopes);
        }
    }

    /// What the operation asks for beside scopes, for example an upstream's own key.
    fn without_scopes(&self, operation: &Value) -> Vec<Value> {
        let asked = operation
            .get("security")
            .or_else(|| self.document.get("security"));
        let asked = asked.and_then(Value::as_array).into_iter().flatten();
        let scoped = |one: &&Value| {
            let schemes = one.as_object().into_iter().flatten();
            schemes
                .into_iter()
                .any(|(scheme, _)| self.schemes.grants_scopes(scheme))
        };
        asked.filter(|one| !scoped(one)).cloned().collect()
    }

    fn require(
        &mut self,
        members: &mut Map<String, Value>,
        mut others: Vec<Value>,
        scopes: &[String],
    ) {
        others.push(json!({DEFAULT_SCHEME: scopes}));
        members.insert("security".to_owned(), Value::Array(others));
        self.uses_default = true;
        self.named.extend(scopes.iter().cloned());
    }

    /// A new operation: its path parameters, an answer, and what the API's author set.
    fn added(&mut self, path: &str, wanted: &Operation, parameters_declared: bool) -> Value {
        let mut members = Map::new();
        set(&mut members, "summary", wanted.summary.as_deref());
        set(&mut members, "operationId", wanted.operation_id.as_deref());
        let parameters: Vec<Value> = template::parameters(path)
            .map(|name| match self.format {
                Format::Swagger2 => json!({"name": name, "in": "path", "required": true, "type": "string"}),
                Format::OpenApi30 | Format::OpenApi31 | Format::OpenApi32 => {
                    json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}})
                }
            })
            .collect();
        if !parameters.is_empty() && !parameters_declared {
            members.insert("parameters".to_owned(), Value::Array(parameters));
        }
        members.insert(
            "responses".to_owned(),
            json!({"200": {"description": "OK"}}),
        );
        update_security(&mut members, wanted.security);
        set(
            &mut members,
            "x-throttling-tier",
            wanted.throttling_tier.as_deref(),
        );
        set_weight(&mut members, wanted.throttling_weight);
        if !wanted.scopes.is_empty() {
            self.require(&mut members, Vec::new(), &wanted.scopes);
        }
        Value::Object(members)
    }
}

fn set_weight(members: &mut Map<String, Value>, weight: Option<i64>) {
    match weight {
        Some(weight) => members.insert("x-throttling-weight".to_owned(), weight.into()),
        None => members.shift_remove("x-throttling-weight"),
    };
}

/// The place of an operation in its path item; `Null` when it is new.
fn slot<'m>(
    item: &'m mut Map<String, Value>,
    operation: &Operation,
    format: Format,
) -> Option<&'m mut Value> {
    match key_of(&operation.method, format)? {
        MethodKey::Field(field) => Some(item.entry(field).or_insert(Value::Null)),
        MethodKey::Additional => item
            .entry(ADDITIONAL)
            .or_insert_with(|| Value::Object(Map::new()))
            .as_object_mut()
            .map(|additional| {
                additional
                    .entry(operation.method.clone())
                    .or_insert(Value::Null)
            }),
    }
}

fn update_security(members: &mut Map<String, Value>, wanted: Option<OperationSecurity>) {
    let Some(wanted) = wanted else {
        return;
    };
    let disabled = members.get("x-wso2-disable-security") == Some(&Value::Bool(true));
    let written = members.get("x-auth-type").and_then(Value::as_str);
    let current = if disabled {
        OperationSecurity::None
    } else {
        written
            .and_then(parse_auth_type)
            .unwrap_or(OperationSecurity::Any)
    };
    if current != wanted {
        members.shift_remove("x-wso2-disable-security");
        set(members, "x-auth-type", Some(auth_type_word(wanted)));
    }
}

fn set(members: &mut Map<String, Value>, name: &str, text: Option<&str>) {
    match text {
        Some(text) => {
            members.insert(name.to_owned(), Value::String(text.to_owned()));
        }
        None => {
            members.shift_remove(name);
        }
    }
}

/// The object under this name, made if there is none (or something else).
fn object_in<'m>(
    members: &'m mut Map<String, Value>,
    name: &str,
) -> Option<&'m mut Map<String, Value>> {
    let slot = members.entry(name).or_insert(Value::Null);
    if !slot.is_object() {
        *slot = Value::Object(Map::new());
    }
    slot.as_object_mut()
}

/// OpenAPI 3.2: methods that have no field of their own.
const ADDITIONAL: &str = "additionalOperations";

/// Where tokens come from, until the document is shown to consumers with the gateway's own address.
const TOKEN_PATH: &str = "/oauth2/token";
