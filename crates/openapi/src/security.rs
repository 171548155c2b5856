//! Security schemes, scopes, and what each operation asks for.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use model::OperationSecurity;
use serde_json::{Map, Value, json};

use crate::definition::{Format, Operation, Scope, SecurityScheme, parse_auth_type};
use crate::fault::{FaultCode, Findings};
use crate::limit::MAX_SCOPES_EACH;
use crate::pointer::{Pointer, Target, resolve};

/// The name under which WSO2 writes its own OAuth scheme.
pub(crate) const DEFAULT_SCHEME: &str = "default";

/// The declared schemes with what they say about scopes.
pub(crate) struct Schemes<'d> {
    pub(crate) list: Vec<SecurityScheme>,
    bodies: Vec<&'d Value>,
    granting: HashSet<&'d str>,
    /// Scopes of an operation that has no `security` of its own.
    inherited: Vec<String>,
}

impl<'d> Schemes<'d> {
    pub(crate) fn read(document: &'d Value, format: Format) -> Self {
        let declared = match format {
            Format::Swagger2 => document.get("securityDefinitions"),
            Format::OpenApi30 | Format::OpenApi31 | Format::OpenApi32 => document
                .get("components")
                .and_then(|components| components.get("securitySchemes")),
        };
        let mut schemes = Self {
            list: Vec::new(),
            bodies: Vec::new(),
            granting: HashSet::from([DEFAULT_SCHEME]),
            inherited: Vec::new(),
        };
        for (name, scheme) in declared.and_then(Value::as_object).into_iter().flatten() {
            let body = followed(document, scheme);
            let kind = text(body, "type").unwrap_or_default();
            if matches!(kind, "oauth2" | "openIdConnect") {
                schemes.granting.insert(name);
            }
            schemes.list.push(SecurityScheme {
                name: name.clone(),
                kind: kind.to_owned(),
            });
            schemes.bodies.push(body);
        }
        schemes.inherited = schemes.named(document.get("security"), None);
        schemes
    }

    /// Whether scopes under this name are scopes of a token.
    pub(crate) fn grants_scopes(&self, name: &str) -> bool {
        self.granting.contains(name)
    }

    /// The scopes that a token needs one of: those of `security` under OAuth schemes (the operation's, else the
    /// document's), then `x-scope`.
    pub(crate) fn scopes_of(&self, operation: &Value) -> Cow<'_, [String]> {
        match (operation.get("security"), operation.get("x-scope")) {
            (None, None) => Cow::Borrowed(&self.inherited),
            (None, extension) => {
                let mut scopes = self.inherited.clone();
                let more = self.named(None, extension);
                scopes.extend(
                    more.into_iter()
                        .filter(|scope| !self.inherited.contains(scope)),
                );
                Cow::Owned(scopes)
            }
            (requirements, extension) => Cow::Owned(self.named(requirements, extension)),
        }
    }

    /// Scopes by name, each once, at most one more than [`MAX_SCOPES_EACH`].
    fn named(&self, requirements: Option<&Value>, extension: Option<&Value>) -> Vec<String> {
        let alternatives = requirements.and_then(Value::as_array).into_iter().flatten();
        let members = alternatives.filter_map(Value::as_object).flatten();
        let lists = members
            .filter(|(scheme, _)| self.grants_scopes(scheme))
            .map(|(_, scopes)| scopes)
            .chain(extension);
        let mut met = HashSet::new();
        lists
            .flat_map(words)
            .filter(|scope| met.insert(scope.clone()))
            .take(MAX_SCOPES_EACH + 1)
            .collect()
    }

    /// The scopes that the schemes and WSO2's extensions declare.
    pub(crate) fn declared_scopes(&self, document: &'d Value) -> Vec<Scope> {
        let mut declared = Declared::default();
        let mut met = HashSet::new();
        // Two schemes may refer to the same body.
        for body in self
            .bodies
            .iter()
            .filter(|body| met.insert(std::ptr::from_ref(**body)))
        {
            let flows = body.get("flows").and_then(Value::as_object);
            for flow in flows.into_iter().flat_map(Map::values) {
                declared.add_flow(flow);
            }
            // 2.0 has one flow, which is the scheme itself.
            declared.add_flow(body);
        }
        let wso2 = document
            .pointer("/x-wso2-security/apim/x-wso2-scopes")
            .or_else(|| document.get("x-wso2-scopes"));
        for scope in wso2.and_then(Value::as_array).into_iter().flatten() {
            let name = text(scope, "key").or_else(|| text(scope, "name"));
            if let Some(name) = name {
                let description = text(scope, "description").unwrap_or_default();
                declared.add(name, description, scope.get("roles"));
            }
        }
        declared.scopes
    }
}

/// Scopes in the order in which they are met.
#[derive(Default)]
struct Declared<'d> {
    scopes: Vec<Scope>,
    index: HashMap<&'d str, usize>,
}

impl<'d> Declared<'d> {
    fn add_flow(&mut self, flow: &'d Value) {
        let bindings = flow.get("x-scopes-bindings");
        let declared = flow.get("scopes").and_then(Value::as_object);
        for (name, description) in declared.into_iter().flatten() {
            let roles = bindings.and_then(|bindings| bindings.get(name));
            self.add(name, description.as_str().unwrap_or_default(), roles);
        }
    }

    fn add(&mut self, name: &'d str, description: &str, roles: Option<&Value>) {
        if name.is_empty() {
            return;
        }
        let index = *self.index.entry(name).or_insert(self.scopes.len());
        if index == self.scopes.len() {
            self.scopes.push(Scope {
                name: name.to_owned(),
                description: description.to_owned(),
                roles: Vec::new(),
            });
        }
        let Some(scope) = self.scopes.get_mut(index) else {
            return;
        };
        for role in roles.map(words).unwrap_or_default() {
            if !scope.roles.contains(&role) && scope.roles.len() < MAX_ROLES {
                scope.roles.push(role);
            }
        }
    }
}

/// A list of words, or one text with commas between them.
fn words(value: &Value) -> Vec<String> {
    let separate = |text: &str| -> Vec<String> {
        let words = text.split(',').map(str::trim);
        words
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    };
    match value {
        Value::String(text) => separate(text),
        Value::Array(list) => list
            .iter()
            .filter_map(Value::as_str)
            .flat_map(separate)
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Vec::new(),
    }
}

/// `x-auth-type`, with WSO2's `x-wso2-disable-security` as its other spelling of `None`.
pub(crate) fn auth_type(
    operation: &Value,
    at: &Pointer<'_>,
    findings: &mut Findings,
) -> Option<OperationSecurity> {
    if operation.get("x-wso2-disable-security") == Some(&Value::Bool(true)) {
        return Some(OperationSecurity::None);
    }
    let written = operation.get("x-auth-type")?;
    let known = written.as_str().and_then(parse_auth_type);
    if known.is_none() {
        findings.warn(
            FaultCode::UnknownWord,
            &at.at("x-auth-type"),
            format_args!("{written} is none of `None`, `Any`, `Application`, `Application User`; read as `Any`"),
        );
    }
    known
}

/// `x-throttling-tier`, or its name in WSO2's newer definitions.
pub(crate) fn throttling_tier(value: &Value) -> Option<String> {
    text(value, "x-throttling-tier")
        .or_else(|| text(value, "x-wso2-throttling-tier"))
        .filter(|tier| !tier.is_empty())
        .map(str::to_owned)
}

/// `x-throttling-weight`, as it is written: its reader knows which numbers are good.
pub(crate) fn throttling_weight(value: &Value) -> Option<i64> {
    let weight = value.get("x-throttling-weight")?;
    Some(weight.as_i64().unwrap_or(0))
}

/// Adds the scopes that operations name and no scheme declares.
pub(crate) fn complete(scopes: &mut Vec<Scope>, operations: &[Operation]) {
    let mut known: HashSet<String> = scopes.iter().map(|scope| scope.name.clone()).collect();
    for name in operations.iter().flat_map(|operation| &operation.scopes) {
        if known.insert(name.clone()) {
            scopes.push(Scope {
                name: name.clone(),
                ..Scope::default()
            });
        }
    }
}

/// An OAuth scheme with the client credentials grant.
pub(crate) fn oauth_scheme(
    format: Format,
    token_url: &str,
    scopes: &Map<String, Value>,
) -> Map<String, Value> {
    let scheme = match format {
        Format::Swagger2 => json!({
            "type": "oauth2", "flow": "application", "tokenUrl": token_url, "scopes": scopes,
        }),
        Format::OpenApi30 | Format::OpenApi31 | Format::OpenApi32 => json!({
            "type": "oauth2",
            "flows": {"clientCredentials": {"tokenUrl": token_url, "scopes": scopes}},
        }),
    };
    match scheme {
        Value::Object(members) => members,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Map::new()
        }
    }
}

/// The value behind one `$ref`, or the value itself.
pub(crate) fn followed<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    match text(value, "$ref").map(|reference| resolve(document, reference)) {
        Some(Target::Found(found)) => found,
        Some(Target::Missing | Target::Anchor | Target::External) | None => value,
    }
}

fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name).and_then(Value::as_str)
}

/// Roles of one scope; an organization has a handful.
const MAX_ROLES: usize = 100;
