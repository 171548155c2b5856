//! `/apis/import-service` and `/apis/{apiId}/reimport-service`: APIs made of services of the catalogue.

use interface::{asyncapi, graphql, wsdl};
use lifecycle::{
    Draft,
    draft::{Address, Addresses, EndpointConfig, Operation},
    naming, operation,
};
use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
};
use serde_json::{Value, json};
use worker::Response;

use super::{apis, import};
use crate::{
    apis::{row, source, write},
    blob,
    call::Call,
    etag, policies, refusal,
    services::{
        self,
        row::{self as service_row, ServiceRow},
    },
};

/// `POST /apis/import-service?serviceKey=`
pub(crate) async fn import(call: &Call) -> Outcome<Response> {
    let service = service(call, call.required("serviceKey")?).await?;
    let given: Draft = call.json().await?;
    let made = Made::of(call, &service, given).await?;
    let draft = made.draft.with_defaults();
    write::check(call, &draft).await?;
    let document = match made.document {
        Some(document) => document,
        None => of_operations(&draft)?,
    };
    let source = made.source;
    write::create_with(call, draft, &document, |api| {
        let mut more = vec![uses(api, &service)];
        if let Some(text) = &source {
            more.extend(source::keep(api, text));
        }
        Ok(more)
    })
    .await
}

/// `PUT /apis/{apiId}/reimport-service`: brings an API up to the service that it was made of.
pub(crate) async fn renew(call: &Call) -> Outcome<Response> {
    let row = row::of_path(call).await?;
    etag::require_match(call, row.generation)?;
    let before = row.draft(call).await?;
    let key = before
        .service_info
        .as_ref()
        .and_then(|it| it.get("key"))
        .and_then(Value::as_str);
    let key = key.ok_or_else(|| Failure::because("400", "this API was made of no service"))?;
    let service = service(call, key).await?;
    let named = Draft {
        name: Some(row.name.clone()),
        version: Some(row.version.clone()),
        context: Some(row.context.clone()),
        endpoint_config: None,
        ..before
    };
    let made = Made::of(call, &service, named).await?;
    let draft = made.draft.with_defaults();
    write::check(call, &draft).await?;
    let document = match made.document {
        Some(document) => document,
        None => of_operations(&draft)?,
    };
    let mut more = vec![uses(&row.id, &service)];
    if let Some(text) = &made.source {
        more.extend(source::keep(&row.id, text));
        more.push(blob::sweep(&[&row.source]));
    }
    apis::save(call, &row, draft, (&document, more)).await
}

/// Whether the service that an API was made of has changed since.
pub(super) async fn is_outdated(call: &Call, api: &str) -> Outcome<bool> {
    let query = "SELECT 1 AS found FROM service_use JOIN service ON service.id = service_id \
         WHERE api_id = ? AND service.digest <> service_use.digest";
    let found: Option<Value> = call.db.first(sql(query).bind(api)).await?;
    Ok(found.is_some())
}

async fn service(call: &Call, key: &str) -> Outcome<ServiceRow> {
    service_row::keyed(call, key)
        .await?
        .ok_or_else(|| services::unknown(key))
}

fn uses(api: &str, service: &ServiceRow) -> Statement {
    sql("INSERT INTO service_use (api_id, service_id, digest) VALUES (?, ?, ?) \
         ON CONFLICT (api_id) DO UPDATE SET service_id = excluded.service_id, digest = excluded.digest")
        .bind(api)
        .bind(&service.id)
        .bind(&service.digest)
}

fn of_operations(draft: &Draft) -> Outcome<Value> {
    let (title, version) = (
        write::text(draft.name.as_ref()),
        write::text(draft.version.as_ref()),
    );
    openapi::from_operations(&title, &version, &write::operations(draft))
        .map_err(refusal::of_definition)
}

/// An API that a service makes.
struct Made {
    draft: Draft,
    /// An OpenAPI document, where the service has one.
    document: Option<Value>,
    /// The text that is kept beside it, where it has another.
    source: Option<String>,
}

impl Made {
    async fn of(call: &Call, service: &ServiceRow, given: Draft) -> Outcome<Self> {
        let text = blob::read(&call.db, &service.definition).await?;
        let broken =
            || Failure::Internal(format!("definition of service {} is broken", service.id));
        let kind = match service.definition_type.as_str() {
            "GRAPHQL_SDL" => "GRAPHQL",
            "WSDL1" | "WSDL2" => "SOAP",
            "ASYNC_API" if service.url.starts_with("ws") => "WS",
            "ASYNC_API" => given.kind.as_deref().unwrap_or("SSE"),
            _ => "HTTP",
        }
        .to_owned();
        let given = Draft {
            name: given
                .name
                .clone()
                .or_else(|| Some(naming::name_from(&service.name))),
            version: given
                .version
                .clone()
                .or_else(|| Some(service.version.clone())),
            context: given
                .context
                .clone()
                .or_else(|| Some(naming::context_from(&service.name))),
            description: given
                .description
                .clone()
                .or_else(|| Some(service.description.clone())),
            endpoint_config: given
                .endpoint_config
                .clone()
                .or_else(|| Some(endpoints(&service.url, &kind))),
            service_info: about(service),
            kind: Some(kind.clone()),
            ..given
        };
        if kind == "HTTP" {
            let definition = openapi::read(&text).map_err(|_| broken())?;
            let advanced = policies::names(call, lifecycle::PolicyKind::Advanced).await?;
            return Ok(Self {
                draft: import::draft(given, &definition, &advanced, call.allow_private()),
                document: Some(definition.document),
                source: None,
            });
        }
        let (operations, source) = match kind.as_str() {
            "GRAPHQL" => (graphql::read(&text).map_err(|_| broken())?.operations, text),
            "SOAP" => {
                wsdl::read(&text).map_err(|_| broken())?;
                (Vec::new(), text)
            }
            _ => {
                let found = asyncapi::read(&text).map_err(|_| broken())?;
                (found.operations, found.document.to_string())
            }
        };
        let fresh = if kind == "SOAP" {
            vec![one("POST", "/*")]
        } else {
            operations
                .iter()
                .map(|it| one(it.verb, &it.target))
                .collect()
        };
        let known = given.operations.as_deref().unwrap_or_default();
        Ok(Self {
            draft: Draft {
                operations: Some(operation::keep_settings(fresh, known)),
                ..given
            },
            document: None,
            source: Some(source),
        })
    }
}

fn one(verb: &str, target: &str) -> Operation {
    Operation {
        verb: Some(verb.to_owned()),
        target: Some(target.to_owned()),
        ..Operation::default()
    }
}

fn about(service: &ServiceRow) -> Option<lifecycle::draft::Object> {
    json!({"key": service.key, "name": service.name, "version": service.version, "outdated": false})
        .as_object()
        .cloned()
}

fn endpoints(url: &str, kind: &str) -> EndpointConfig {
    let one = || {
        Some(Addresses::One(Address {
            url: Some(url.to_owned()),
            ..Address::default()
        }))
    };
    let word = match kind {
        "WS" => "ws",
        "SOAP" => "address",
        _ => "http",
    };
    EndpointConfig {
        endpoint_type: Some(word.to_owned()),
        production_endpoints: one(),
        sandbox_endpoints: one(),
        ..EndpointConfig::default()
    }
}
