//! API products: operations of several APIs under one name, as one draft.
//!
//! A product's draft holds what it needs of each API as that was when the product was last saved, so that a revision of
//! it stays what it is; whether an API has changed since is asked for by comparing with a fresh [`part`].

use model::{Endpoints, Upstream};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    Draft, Fault,
    compile::{path_of, shape, upstream},
    contract,
    draft::{ApiScope, EndpointConfig, Object, Operation, fault},
};

/// The `type` of an API product.
pub const PRODUCT: &str = "APIPRODUCT";

/// What a client says of an API that a product bundles (WSO2's `ProductAPI`).
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
pub struct Wish {
    /// Said by the platform.
    #[serde(default)]
    pub name: Option<String>,
    /// Which API.
    pub api_id: String,
    /// Said by the platform.
    #[serde(default)]
    pub version: Option<String>,
    /// Which of its operations, by verb and target; all when left out. How they may be called is a matter of the API.
    #[serde(default)]
    pub operations: Option<Vec<Operation>>,
}

/// An API as a product may bundle it.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its version.
    pub version: &'a str,
    /// Its working copy.
    pub draft: &'a Draft,
}

/// What a product keeps of an API.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// Which API.
    pub api_id: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The operations, with the API's settings.
    pub operations: Vec<Operation>,
    /// The scopes that they name.
    pub scopes: Vec<ApiScope>,
    /// Where calls go.
    #[serde(default)]
    pub endpoint_config: Option<EndpointConfig>,
    /// Which of its endpoints get calls with production keys, where it is not the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_production_endpoint_id: Option<String>,
    /// The same for sandbox keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_sandbox_endpoint_id: Option<String>,
    /// What the upstream can take.
    #[serde(default)]
    pub max_tps: Option<Object>,
}

/// What a product keeps of an API, of those operations that are wished for.
///
/// # Errors
/// Why the API cannot be bundled, or which operations it does not have.
pub fn part(place: &str, wish: &Wish, member: Member<'_>) -> Result<Part, Vec<Fault>> {
    let draft = member.draft;
    let kind = draft.kind.as_deref().unwrap_or("HTTP");
    if kind != "HTTP" {
        let message = format!("is of type `{kind}`; products bundle APIs of type `HTTP`");
        return Err(vec![fault(&format!("{place}.apiId"), message)]);
    }
    if contract::is_mocked(draft) {
        let message = "answers from its definition; products bundle APIs with an upstream";
        return Err(vec![fault(&format!("{place}.apiId"), message)]);
    }
    let known = draft.operations.as_deref().unwrap_or_default();
    let mut faults = Vec::new();
    let chosen: Vec<&Operation> = match &wish.operations {
        None => known.iter().collect(),
        Some(wished) => {
            let find = |(index, wished): (usize, &Operation)| {
                let found = known.iter().find(|it| is_same(it, wished));
                if found.is_none() {
                    let (verb, target) = words(wished);
                    let message = format!("`{}` has no operation `{verb} {target}`", member.name);
                    faults.push(fault(&format!("{place}.operations[{index}]"), message));
                }
                found
            };
            wished.iter().enumerate().filter_map(find).collect()
        }
    };
    if chosen.is_empty() && faults.is_empty() {
        faults.push(fault(&format!("{place}.operations"), "is empty"));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let operations: Vec<Operation> = chosen.into_iter().map(|it| within(draft, it)).collect();
    Ok(Part {
        api_id: member.id.to_owned(),
        name: member.name.to_owned(),
        version: member.version.to_owned(),
        scopes: scopes_of(draft, &operations),
        operations,
        endpoint_config: draft.endpoint_config.clone(),
        primary_production_endpoint_id: draft.primary_production_endpoint_id.clone(),
        primary_sandbox_endpoint_id: draft.primary_sandbox_endpoint_id.clone(),
        max_tps: draft.max_tps.clone(),
    })
}

/// What two parts of a product get into each other's way with.
#[must_use]
pub fn clashes(parts: &[Part]) -> Vec<Fault> {
    let mut seen: Vec<(String, String, &str)> = Vec::new();
    let mut faults = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        if parts.iter().take(index).any(|it| it.api_id == part.api_id) {
            let message = format!("`{}` stands twice", part.name);
            faults.push(fault(&format!("apis[{index}].apiId"), message));
            continue;
        }
        for operation in &part.operations {
            let (verb, target) = words(operation);
            let path = shape(&path_of(target));
            let first = seen
                .iter()
                .find(|(known, at, _)| *known == verb && *at == path);
            if let Some((_, _, owner)) = first.filter(|(_, _, owner)| *owner != part.name) {
                faults.push(fault(
                    &format!("apis[{index}].operations"),
                    format!(
                        "`{verb} {target}` is an operation of `{owner}` and of `{}`",
                        part.name
                    ),
                ));
            }
            seen.push((verb, path, &part.name));
        }
    }
    faults
}

/// The scopes of all parts, each once.
#[must_use]
pub fn scopes(parts: &[Part]) -> Vec<ApiScope> {
    let mut found: Vec<ApiScope> = Vec::new();
    for scope in parts.iter().flat_map(|part| &part.scopes) {
        if !found.iter().any(|it| it.scope.name == scope.scope.name) {
            found.push(scope.clone());
        }
    }
    found
}

/// The operations of all parts, one part after the other.
pub(crate) fn operations(parts: &[Part]) -> Vec<Operation> {
    let operations = parts.iter().flat_map(|part| &part.operations);
    operations.cloned().collect()
}

/// Where the operations of each part go; `compiled` are those of the whole, in the same order, each once.
pub(crate) fn upstreams(
    draft: &Draft,
    compiled: &[model::Operation],
    faults: &mut Vec<Fault>,
) -> Vec<Upstream> {
    let mut until = 0;
    let mut found = Vec::new();
    for (index, part) in draft.parts.iter().enumerate() {
        let source = Draft {
            kind: Some("HTTP".to_owned()),
            endpoint_config: part.endpoint_config.clone(),
            primary_production_endpoint_id: part.primary_production_endpoint_id.clone(),
            primary_sandbox_endpoint_id: part.primary_sandbox_endpoint_id.clone(),
            max_tps: part.max_tps.clone(),
            ..Draft::default()
        };
        let mut own = Vec::new();
        let endpoints: Endpoints = upstream::endpoints(&source, &mut own);
        faults.extend(own.into_iter().map(|it| Fault {
            place: format!("apis[{index}].{}", it.place),
            message: format!("of `{}`: {}", part.name, it.message),
        }));
        let mine = |it: &&model::Operation| {
            let same = |own: &Operation| {
                let (verb, target) = words(own);
                verb == it.method && shape(&path_of(target)) == shape(&it.template)
            };
            part.operations.iter().any(same)
        };
        until += compiled.iter().skip(until).take_while(mine).count();
        found.push(Upstream {
            api: part.api_id.as_str().into(),
            until,
            endpoints,
        });
    }
    found
}

/// The operation with what its API does to all of its calls: first on the way there, last on the way back.
fn within(draft: &Draft, operation: &Operation) -> Operation {
    let Some(outer) = &draft.api_policies else {
        return operation.clone();
    };
    let empty = Object::new();
    let inner = operation.operation_policies.as_ref().unwrap_or(&empty);
    let list = |from: &Object, flow: &str| -> Vec<Value> {
        let steps = from.get(flow).and_then(Value::as_array);
        steps.cloned().unwrap_or_default()
    };
    let mut both = Object::new();
    for (flow, outer_first) in [("request", true), ("response", false), ("fault", false)] {
        let (outer, inner) = (list(outer, flow), list(inner, flow));
        let steps = if outer_first {
            [outer, inner].concat()
        } else {
            [inner, outer].concat()
        };
        if !steps.is_empty() {
            both.insert(flow.to_owned(), json!(steps));
        }
    }
    Operation {
        operation_policies: (!both.is_empty()).then_some(both),
        ..operation.clone()
    }
}

fn scopes_of(draft: &Draft, operations: &[Operation]) -> Vec<ApiScope> {
    let is_named = |scope: &&ApiScope| {
        let mut named = operations.iter().flat_map(|it| it.scopes.iter().flatten());
        named.any(|name| *name == scope.scope.name)
    };
    let scopes = draft.scopes.iter().flatten();
    scopes.filter(is_named).cloned().collect()
}

fn is_same(a: &Operation, b: &Operation) -> bool {
    words(a) == words(b)
}

fn words(operation: &Operation) -> (String, &str) {
    let verb = operation.verb.as_deref().unwrap_or_default();
    let target = operation.target.as_deref().unwrap_or_default();
    (verb.to_ascii_uppercase(), target)
}

#[cfg(test)]
#[expect(
    clippy::needless_pass_by_value,
    reason = "cases read better with `json!` in place"
)]
mod tests;
