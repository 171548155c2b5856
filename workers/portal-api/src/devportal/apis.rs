//! `/apis`, as consumers see them: what runs, not what is being worked on.

use lifecycle::Draft;
use runtime::{Failure, Outcome, db::sql};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use super::visible;
use crate::{
    adoption,
    apis::{ApiRow, row, search::Filter},
    blob,
    call::Call,
    deployments::{self, DeploymentRow},
    etag,
    page::Page,
    policies::Audience,
    publisher,
    time::iso,
};

/// `GET /apis`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let page = Page::of(call)?;
    let mut filter = Filter::asked(call);
    let (condition, values) = visible::condition(call);
    filter.and(condition, values);
    let (rows, total) = filter.page(call, page).await?;
    etag::content(
        call,
        &page.list(call, rows.iter().map(line).collect(), total),
    )
}

/// `GET /apis/{apiId}`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let row = visible::find(call, call.path("apiId")).await?;
    adoption::note_view(call, &row.id).await;
    let running = shown_deployments(call, &row).await?;
    let frozen = frozen(call, &running).await?;
    let body = frozen.map_or_else(|| row.body.clone(), |frozen| frozen.body);
    let draft = row::draft(call, &body).await?;
    let plans = publisher::apis::offered_plans(call, &row, Audience::Consumers).await?;
    let shown = whole(call, &row, &draft, (&running, &plans));
    etag::content(call, &shown)
}

/// `GET /apis/{apiId}/swagger?environmentName=`
pub(crate) async fn swagger(call: &Call) -> Outcome<Response> {
    let row = visible::find(call, call.path("apiId")).await?;
    let mut running = shown_deployments(call, &row).await?;
    if let Some(environment) = call.query("environmentName") {
        running.retain(|one| one.environment == environment);
        if running.is_empty() {
            return Err(Failure::because(
                "404",
                format!("the API does not run in `{environment}`"),
            ));
        }
    }
    etag::content(call, &definition(call, &row, &running).await?)
}

/// The definition of an API where it runs, as consumers see it.
pub(crate) async fn defined(call: &Call, row: &ApiRow) -> Outcome<Value> {
    let running = shown_deployments(call, row).await?;
    definition(call, row, &running).await
}

async fn definition(call: &Call, row: &ApiRow, running: &[DeploymentRow]) -> Outcome<Value> {
    let frozen = frozen(call, running).await?;
    let (body, definition) = frozen.map_or_else(
        || (row.body.clone(), row.definition.clone()),
        |frozen| (frozen.body, frozen.definition),
    );
    let draft = row::draft(call, &body).await?;
    let document: Value = serde_json::from_str(&blob::read(&call.db, &definition).await?)?;
    Ok(openapi::for_consumers(
        &document,
        &entrance(call, row, &draft),
    ))
}

/// `GET /apis/{apiId}/subscription-policies`
pub(crate) async fn plans(call: &Call) -> Outcome<Response> {
    let row = visible::find(call, call.path("apiId")).await?;
    etag::content(
        call,
        &publisher::apis::offered_plans(call, &row, Audience::Consumers).await?,
    )
}

/// WSO2's `APIInfo` of the developer portal.
pub(crate) fn line(row: &ApiRow) -> Value {
    let card = row.card();
    lifecycle::defaults::without_nulls(json!({
        "id": row.id,
        "name": row.name,
        "displayName": card.get("displayName"),
        "description": row.description,
        "context": row.base_path,
        "version": row.version,
        "type": row.kind,
        "createdTime": row.created_at.to_string(),
        "provider": row.provider,
        "lifeCycleStatus": row.state,
        "throttlingPolicies": card.get("policies"),
        "advertiseInfo": {"advertised": card.get("advertised").and_then(Value::as_bool).unwrap_or(false)},
        "businessInformation": card.get("businessInformation"),
        "isSubscriptionAvailable": is_subscribable(row),
        "gatewayType": card.get("gatewayType"),
        "gatewayVendor": card.get("gatewayVendor"),
        "additionalProperties": displayed(card.get("additionalProperties")),
        "hasThumbnail": row.has_thumbnail == 1,
        "avgRating": format!("{:.1}", row.rating.unwrap_or(0.0)),
        "monetizedInfo": card.get("monetized").and_then(Value::as_bool).unwrap_or(false),
        "egress": false,
        "subtype": "DEFAULT",
    }))
}

/// Published, and with plans to choose from.
fn is_subscribable(row: &ApiRow) -> bool {
    let has_plans = row
        .card()
        .get("policies")
        .and_then(Value::as_array)
        .is_some_and(|plans| !plans.is_empty());
    row.state == "PUBLISHED" && has_plans
}

fn whole(call: &Call, row: &ApiRow, draft: &Draft, around: (&[DeploymentRow], &[Value])) -> Value {
    let (running, plans) = around;
    let operations: Vec<Value> = draft
        .operations
        .iter()
        .flatten()
        .map(|operation| json!({"target": operation.target, "verb": operation.verb}))
        .collect();
    let scopes: Vec<Value> = draft
        .scopes
        .iter()
        .flatten()
        .map(|scope| {
            let scope = &scope.scope;
            json!({
                "key": scope.name,
                "name": scope.display_name.as_ref().unwrap_or(&scope.name),
                "roles": scope.bindings,
                "description": scope.description,
            })
        })
        .collect();
    let tiers: Vec<Value> = plans
        .iter()
        .map(|plan| {
            json!({
                "tierName": plan.get("name"),
                "tierPlan": plan.get("tierPlan"),
                "monetizationAttributes": plan.get("monetizationAttributes"),
            })
        })
        .collect();
    let mut shown = line(row);
    let more = json!({
        "isDefaultVersion": row.is_default_version == 1,
        "transport": draft.transport,
        "operations": operations,
        "authorizationHeader": draft.authorization_header,
        "apiKeyHeader": draft.api_key_header,
        "securityScheme": draft.security_scheme,
        "tags": draft.tags,
        "tiers": tiers,
        "monetization": {"enabled": publisher::monetization::is_sold(row)},
        "endpointURLs": running.iter().map(|one| addresses(call, row, one)).collect::<Vec<_>>(),
        "environmentList": running.iter().map(|one| one.environment.as_str()).collect::<Vec<_>>(),
        "scopes": scopes,
        "categories": draft.categories,
        "keyManagers": draft.key_managers,
        "lastUpdatedTime": iso(row.updated_at),
    });
    if let (Value::Object(shown), Value::Object(more)) =
        (&mut shown, lifecycle::defaults::without_nulls(more))
    {
        shown.extend(more);
    }
    shown
}

/// WSO2's `endpointURLs` entry.
fn addresses(call: &Call, row: &ApiRow, running: &DeploymentRow) -> Value {
    let origin = call.variable("ORIGIN");
    let at = |path: &str| {
        let url = format!("{origin}{path}");
        let scheme = if origin.starts_with("https:") {
            "https"
        } else {
            "http"
        };
        json!({scheme: url})
    };
    let alias = row.alias().filter(|_| row.is_default_version == 1);
    json!({
        "environmentName": running.environment,
        "environmentDisplayName": running.environment,
        "environmentType": "hybrid",
        "URLs": at(&row.base_path),
        "defaultVersionURLs": alias.map_or_else(|| json!({}), |alias| at(&alias)),
    })
}

fn entrance(call: &Call, row: &ApiRow, draft: &Draft) -> openapi::Entrance {
    let origin = call.variable("ORIGIN");
    let has = |name: &str| {
        draft
            .security_scheme
            .iter()
            .flatten()
            .any(|scheme| scheme == name)
    };
    openapi::Entrance {
        servers: vec![format!("{origin}{}", row.base_path)],
        token_url: has("oauth2").then(|| format!("{origin}/oauth2/token")),
        api_key_header: has("api_key").then(|| {
            draft
                .api_key_header
                .clone()
                .unwrap_or_else(|| "ApiKey".to_owned())
        }),
    }
}

/// Where the API runs, as far as consumers are to know.
async fn shown_deployments(call: &Call, row: &ApiRow) -> Outcome<Vec<DeploymentRow>> {
    let mut running = deployments::of_api(call, &row.id).await?;
    running.retain(|one| one.display_on_devportal == 1);
    Ok(running)
}

/// Texts of the revision that runs.
#[derive(Deserialize)]
struct Frozen {
    body: String,
    definition: String,
    source: String,
}

async fn frozen(call: &Call, running: &[DeploymentRow]) -> Outcome<Option<Frozen>> {
    let Some(one) = running.first() else {
        return Ok(None);
    };
    call.db
        .first(
            sql("SELECT body, definition, source FROM revision WHERE id = ?")
                .bind(&one.revision_id),
        )
        .await
}

/// Name of the text that the revision which runs was made of, or else the working copy.
pub(super) async fn running_source(call: &Call, row: &ApiRow) -> Outcome<String> {
    let frozen = frozen(call, &shown_deployments(call, row).await?).await?;
    Ok(frozen.map_or_else(|| row.source.clone(), |frozen| frozen.source))
}

/// Name of the object that the revision which runs has, or else the working copy.
pub(super) async fn running_body(call: &Call, row: &ApiRow) -> Outcome<String> {
    let frozen = frozen(call, &shown_deployments(call, row).await?).await?;
    Ok(frozen.map_or_else(|| row.body.clone(), |frozen| frozen.body))
}

/// The properties that their owner wants shown.
fn displayed(properties: Option<&Value>) -> Vec<Value> {
    properties
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter(|property| property.get("display").and_then(Value::as_bool) == Some(true))
        .cloned()
        .collect()
}
