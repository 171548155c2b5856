//! `/apis/validate-openapi` and `/apis/import-openapi`.

use lifecycle::{
    Draft, address, door,
    draft::{Address, Addresses, EndpointConfig, Operation, Scope},
    naming, operation,
};
use openapi::Definition;
use runtime::{Outcome, reply};
use serde_json::{Value, json};
use worker::Response;

use crate::{apis::write, call::Call, fetch, policies, refusal, upload::Upload};

/// `POST /apis/validate-openapi`
pub(crate) async fn validate(call: &Call) -> Outcome<Response> {
    let with_content = call.flag("returnContent")?;
    let upload = Upload::read(call).await?;
    let text = source(call, &upload).await?;
    let answer = match openapi::read(&text) {
        Err(faults) => json!({"isValid": false, "errors": listed(faults)}),
        Ok(definition) => json!({
            "isValid": true,
            "content": with_content.then(|| openapi::render(&definition.document, openapi::OutputFormat::Json)),
            "info": described(&definition),
            "errors": [],
        }),
    };
    reply::json(200, &lifecycle::defaults::without_nulls(answer))
}

/// `POST /apis/import-openapi`
pub(crate) async fn import(call: &Call) -> Outcome<Response> {
    let upload = Upload::read(call).await?;
    let text = source(call, &upload).await?;
    let given = properties(&upload).await?;
    let definition = openapi::read(&text).map_err(refusal::of_definition)?;
    let advanced = policies::names(call, lifecycle::PolicyKind::Advanced).await?;
    let draft = draft(given, &definition, &advanced, call.allow_private());
    write::create(call, draft, &definition.document).await
}

/// What the publisher says of the API, beside the definition.
pub(super) async fn properties(upload: &Upload) -> Outcome<Draft> {
    let properties = upload
        .text("additionalProperties")
        .await?
        .unwrap_or_else(|| "{}".to_owned());
    door::parse(&properties).map_err(|mut fault| {
        fault.place = format!("additionalProperties.{}", fault.place);
        refusal::several("400", vec![fault])
    })
}

/// The definition's text, from whichever part has it.
pub(crate) async fn source(call: &Call, upload: &Upload) -> Outcome<String> {
    match upload.only(&["file", "url", "inlineAPIDefinition"]).await? {
        ("url", address) => fetch::definition(call, address.trim()).await,
        (_, text) => Ok(text),
    }
}

/// What the definition says, where the publisher has not said otherwise.
pub(super) fn draft(
    given: Draft,
    definition: &Definition,
    advanced: &[String],
    allow_private: bool,
) -> Draft {
    let known = |name: Option<String>| name.filter(|name| advanced.contains(name));
    let name = given
        .name
        .clone()
        .unwrap_or_else(|| naming::name_from(&definition.title));
    let version = given
        .version
        .clone()
        .unwrap_or_else(|| naming::version_from(&definition.version));
    let mut draft = Draft {
        context: given
            .context
            .clone()
            .or_else(|| Some(definition.context.clone())),
        description: given
            .description
            .clone()
            .or_else(|| short(definition.description.as_ref())),
        api_throttling_policy: given
            .api_throttling_policy
            .clone()
            .or_else(|| known(definition.throttling_tier.clone())),
        endpoint_config: given
            .endpoint_config
            .clone()
            .or_else(|| endpoints(&definition.servers, allow_private)),
        operations: Some(operation::keep_settings(
            operations(definition, advanced),
            given.operations.as_deref().unwrap_or_default(),
        )),
        name: Some(name),
        version: Some(version),
        ..given
    };
    draft.add_scopes(scopes(definition));
    draft
}

/// The operations of a definition as a draft has them. Names of policies that there are not here are left out.
pub(crate) fn operations(definition: &Definition, advanced: &[String]) -> Vec<Operation> {
    definition
        .operations
        .iter()
        .map(|operation| Operation {
            target: Some(operation.template.clone()),
            verb: Some(operation.method.clone()),
            auth_type: operation
                .security
                .map(|kind| openapi::auth_type_word(kind).to_owned()),
            throttling_policy: operation
                .throttling_tier
                .clone()
                .filter(|name| advanced.contains(name)),
            throttling_weight: operation.throttling_weight,
            scopes: Some(operation.scopes.clone()).filter(|scopes| !scopes.is_empty()),
            ..Operation::default()
        })
        .collect()
}

/// The scopes of a definition as a draft has them.
pub(crate) fn scopes(definition: &Definition) -> Vec<Scope> {
    definition
        .scopes
        .iter()
        .map(|scope| Scope {
            name: scope.name.clone(),
            display_name: Some(scope.name.clone()),
            description: Some(
                scope
                    .description
                    .chars()
                    .take(SCOPE_DESCRIPTION_LIMIT)
                    .collect(),
            ),
            bindings: Some(scope.roles.clone()),
            ..Scope::default()
        })
        .collect()
}

/// The first server that may be called, for both kinds of key.
pub(super) fn endpoints(servers: &[String], allow_private: bool) -> Option<EndpointConfig> {
    let url = servers
        .iter()
        .find(|server| address::parse(server, allow_private).is_ok())?;
    let one = || {
        Some(Addresses::One(Address {
            url: Some(url.clone()),
            ..Address::default()
        }))
    };
    Some(EndpointConfig {
        endpoint_type: Some("http".to_owned()),
        production_endpoints: one(),
        sandbox_endpoints: one(),
        ..EndpointConfig::default()
    })
}

/// Descriptions of public definitions are sometimes whole books; the book stays in the definition.
fn short(description: Option<&String>) -> Option<String> {
    description.map(|text| text.chars().take(DESCRIPTION_LIMIT).collect())
}

fn described(definition: &Definition) -> Value {
    let operations: Vec<Value> = definition
        .operations
        .iter()
        .map(|operation| json!({"target": operation.template, "verb": operation.method, "scopes": operation.scopes}))
        .collect();
    json!({
        "name": naming::name_from(&definition.title),
        "version": naming::version_from(&definition.version),
        "context": definition.context,
        "description": definition.description,
        "openAPIVersion": definition.format_version,
        "endpoints": definition.servers,
        "operations": operations,
    })
}

fn listed(faults: Vec<openapi::Fault>) -> Vec<Value> {
    faults
        .into_iter()
        .map(|fault| {
            let code = fault.code.as_str();
            let fault = refusal::definition_fault(fault);
            json!({"code": code, "message": fault.message, "description": fault.place})
        })
        .collect()
}

const DESCRIPTION_LIMIT: usize = 5_000;
const SCOPE_DESCRIPTION_LIMIT: usize = 512;
