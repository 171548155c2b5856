//! The document that consumers see: the gateway's addresses and credentials, and nothing of what lies behind.

use model::OperationSecurity;
use serde_json::{Map, Value, json};

use crate::definition::{Format, parse_auth_type};
use crate::fault::Findings;
use crate::paths::{self, inlined};
use crate::security::{self, Schemes};

/// How consumers come in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entrance {
    /// Absolute URLs of the API on its gateways, for example `https://gw.example/petstore/1.0.0`. Swagger 2.0 can name
    /// one; it is the first.
    pub servers: Vec<String>,
    /// Where tokens come from; `None` when the API takes none.
    pub token_url: Option<String>,
    /// Header of the API key, for example `ApiKey`; `None` when the API takes none.
    pub api_key_header: Option<String>,
}

/// The document for consumers: servers are the gateway's (also those of single paths), security is the gateway's
/// (`OAuth2` with scopes, `ApiKey`), and extensions that tell of gateways or upstreams are gone.
#[must_use]
pub fn for_consumers(document: &Value, entrance: &Entrance) -> Value {
    let format = Format::of(document);
    let schemes = Schemes::read(document, format);
    let mut shown = document.clone();
    strip(&mut shown);
    let Value::Object(root) = &mut shown else {
        return shown;
    };
    root.shift_remove("security");
    set_servers(root, format, &entrance.servers);
    set_schemes(root, format, document, &schemes, entrance);
    let paths = document.get("paths").and_then(Value::as_object);
    let paths: Map<String, Value> = paths
        .into_iter()
        .flatten()
        .map(|(path, item)| {
            let item = path_item(document, item, format, &schemes, entrance);
            (path.clone(), item)
        })
        .collect();
    root.insert("paths".to_owned(), Value::Object(paths));
    shown
}

/// A path item, written out where it was a reference, each operation with the gateway's security.
fn path_item(
    document: &Value,
    item: &Value,
    format: Format,
    schemes: &Schemes<'_>,
    entrance: &Entrance,
) -> Value {
    let mut shown = inlined(document, item);
    let secured = |value: &mut Value| {
        let requirements = requirements(value, schemes, entrance);
        strip(value);
        if let Value::Object(members) = value {
            members.insert("security".to_owned(), requirements);
        }
    };
    shown.retain(|name, _| !is_internal(name) && name != "servers");
    for (name, value) in &mut shown {
        match (name.as_str(), &mut *value) {
            ("additionalOperations", Value::Object(more)) => more.values_mut().for_each(secured),
            (method, _) if format.methods().contains(&method) => secured(value),
            _ => strip(value),
        }
    }
    Value::Object(shown)
}

/// What a consumer has to show: any one of the credentials, or none.
fn requirements(operation: &Value, schemes: &Schemes<'_>, entrance: &Entrance) -> Value {
    let mut any_of = Vec::new();
    if !is_open(operation) {
        if entrance.token_url.is_some() {
            any_of.push(json!({OAUTH: schemes.scopes_of(operation)}));
        }
        if entrance.api_key_header.is_some() {
            any_of.push(json!({API_KEY: []}));
        }
    }
    Value::Array(any_of)
}

fn is_open(operation: &Value) -> bool {
    let auth_type = operation.get("x-auth-type").and_then(Value::as_str);
    auth_type.and_then(parse_auth_type) == Some(OperationSecurity::None)
        || operation.get("x-wso2-disable-security") == Some(&Value::Bool(true))
}

fn set_servers(root: &mut Map<String, Value>, format: Format, servers: &[String]) {
    match format {
        Format::OpenApi30 | Format::OpenApi31 | Format::OpenApi32 => {
            let servers: Vec<Value> = servers.iter().map(|url| json!({"url": url})).collect();
            root.insert("servers".to_owned(), Value::Array(servers));
        }
        Format::Swagger2 => {
            root.retain(|name, _| !matches!(name.as_str(), "host" | "basePath" | "schemes"));
            let Some((scheme, rest)) = servers.first().and_then(|url| url.split_once("://")) else {
                return;
            };
            let cut = rest.find('/').unwrap_or(rest.len());
            let (host, base_path) = rest.split_at_checked(cut).unwrap_or((rest, ""));
            root.insert("host".to_owned(), json!(host));
            if !base_path.is_empty() {
                root.insert("basePath".to_owned(), json!(base_path));
            }
            root.insert("schemes".to_owned(), json!([scheme]));
        }
    }
}

fn set_schemes(
    root: &mut Map<String, Value>,
    format: Format,
    document: &Value,
    schemes: &Schemes<'_>,
    entrance: &Entrance,
) {
    let mut shown = Map::new();
    if let Some(token_url) = &entrance.token_url {
        let mut scopes = schemes.declared_scopes(document);
        let operations = paths::read(document, format, schemes, &mut Findings::default());
        security::complete(&mut scopes, &operations);
        let scopes = scopes.into_iter();
        let scopes = scopes.map(|scope| (scope.name, Value::String(scope.description)));
        let scheme = security::oauth_scheme(format, token_url, &scopes.collect());
        shown.insert(OAUTH.to_owned(), Value::Object(scheme));
    }
    if let Some(header) = &entrance.api_key_header {
        let scheme = json!({"type": "apiKey", "in": "header", "name": header});
        shown.insert(API_KEY.to_owned(), scheme);
    }
    let shown = Value::Object(shown);
    if format == Format::Swagger2 {
        root.insert("securityDefinitions".to_owned(), shown);
    } else if let Value::Object(components) = root
        .entry("components")
        .or_insert_with(|| Value::Object(Map::new()))
    {
        components.insert("securitySchemes".to_owned(), shown);
    }
}

/// Removes what tells of gateways and upstreams, at any depth: internal extensions, servers of single operations and
/// links, and security of callbacks, whose schemes are gone.
fn strip(value: &mut Value) {
    match value {
        Value::Object(members) => {
            let is_operation = members.get("responses").is_some_and(Value::is_object);
            members.retain(|name, member| {
                let leaks = match name.as_str() {
                    "security" | "schemes" => is_operation,
                    "servers" => member
                        .as_array()
                        .is_some_and(|list| list.iter().any(has_url)),
                    "server" => has_url(member),
                    other => is_internal(other),
                };
                !leaks
            });
            for (name, member) in members {
                if !matches!(name.as_str(), "example" | "examples" | "enum" | "const") {
                    strip(member);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn has_url(value: &Value) -> bool {
    value.get("url").is_some_and(Value::is_string)
}

/// Extensions that configure a gateway (ours, WSO2's, or the one that the definition was exported from).
fn is_internal(name: &str) -> bool {
    INTERNAL_PREFIXES
        .iter()
        .any(|prefix| name.starts_with(prefix))
        || INTERNAL_NAMES.contains(&name)
}

const INTERNAL_PREFIXES: [&str; 5] = [
    "x-wso2-",
    "x-postern-",
    "x-amazon-apigateway-",
    "x-google-",
    "x-kong-",
];

const INTERNAL_NAMES: [&str; 7] = [
    "x-auth-type",
    "x-throttling-tier",
    "x-throttling-bandwidth",
    "x-throttling-weight",
    "x-scope",
    "x-mediation-script",
    "x-scopes-bindings",
];

/// Name of the token scheme that consumers see.
const OAUTH: &str = "OAuth2";

/// Name of the API key scheme that consumers see.
const API_KEY: &str = "ApiKey";

#[cfg(test)]
mod tests;
