//! Security schemes, scopes, and what each operation asks for.

use model::OperationSecurity;
use serde_json::{Map, Value, json};

use crate::definition::{Format, Operation, Scope, SecurityScheme, parse_auth_type};
use crate::fault::{FaultCode, Findings};
use crate::pointer::{Pointer, Target, resolve};

/// The name under which WSO2 writes its own OAuth scheme.
pub(crate) const DEFAULT_SCHEME: &str = "default";

/// The declared schemes with what they say about scopes.
pub(crate) struct Schemes<'d> {
    pub(crate) list: Vec<SecurityScheme>,
    bodies: Vec<&'d Value>,
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
        };
        for (name, scheme) in declared.and_then(Value::as_object).into_iter().flatten() {
            let body = followed(document, scheme);
            schemes.list.push(SecurityScheme {
                name: name.clone(),
                kind: text(body, "type").unwrap_or_default().to_owned(),
            });
            schemes.bodies.push(body);
        }
        schemes
    }

    /// Whether scopes under this name are scopes of a token.
    pub(crate) fn grants_scopes(&self, name: &str) -> bool {
        name == DEFAULT_SCHEME
            || self.list.iter().any(|scheme| {
                scheme.name == name && matches!(scheme.kind.as_str(), "oauth2" | "openIdConnect")
            })
    }

    /// The scopes that the schemes and WSO2's extensions declare.
    pub(crate) fn declared_scopes(&self, document: &Value) -> Vec<Scope> {
        let mut scopes = Vec::new();
        for body in &self.bodies {
            let flows = body.get("flows").and_then(Value::as_object);
            for flow in flows.into_iter().flat_map(Map::values) {
                add_flow(&mut scopes, flow);
            }
            // 2.0 has one flow, which is the scheme itself.
            add_flow(&mut scopes, body);
        }
        let wso2 = document
            .pointer("/x-wso2-security/apim/x-wso2-scopes")
            .or_else(|| document.get("x-wso2-scopes"));
        for scope in wso2.and_then(Value::as_array).into_iter().flatten() {
            let name = text(scope, "key").or_else(|| text(scope, "name"));
            if let Some(name) = name {
                let description = text(scope, "description").unwrap_or_default();
                add(&mut scopes, name, description, scope.get("roles"));
            }
        }
        scopes
    }
}

fn add_flow(scopes: &mut Vec<Scope>, flow: &Value) {
    let bindings = flow.get("x-scopes-bindings");
    let declared = flow.get("scopes").and_then(Value::as_object);
    for (name, description) in declared.into_iter().flatten() {
        let roles = bindings.and_then(|bindings| bindings.get(name));
        add(
            scopes,
            name,
            description.as_str().unwrap_or_default(),
            roles,
        );
    }
}

fn add(scopes: &mut Vec<Scope>, name: &str, description: &str, roles: Option<&Value>) {
    let roles = roles.map(words).unwrap_or_default();
    match scopes.iter_mut().find(|scope| scope.name == name) {
        Some(scope) => {
            for role in roles {
                if !scope.roles.contains(&role) {
                    scope.roles.push(role);
                }
            }
        }
        None if !name.is_empty() => scopes.push(Scope {
            name: name.to_owned(),
            description: description.to_owned(),
            roles,
        }),
        None => {}
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

/// The scopes that a token needs one of: those of `security` under OAuth schemes (the operation's, else the
/// document's), then `x-scope`.
pub(crate) fn scopes_of(document: &Value, operation: &Value, schemes: &Schemes<'_>) -> Vec<String> {
    let requirements = operation
        .get("security")
        .or_else(|| document.get("security"))
        .and_then(Value::as_array);
    let mut scopes: Vec<String> = Vec::new();
    let members = requirements
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .flatten();
    let named = members
        .filter(|(scheme, _)| schemes.grants_scopes(scheme))
        .map(|(_, scopes)| scopes)
        .chain(operation.get("x-scope"));
    for scope in named.flat_map(words) {
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    scopes
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

/// Adds the scopes that operations name and no scheme declares.
pub(crate) fn complete(scopes: &mut Vec<Scope>, operations: &[Operation]) {
    let mut known: std::collections::HashSet<String> =
        scopes.iter().map(|scope| scope.name.clone()).collect();
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
