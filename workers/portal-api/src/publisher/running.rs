//! `deploy-revision`, `undeploy-revision` and `deployments`.

pub(crate) mod waiting;

use model::ApiState;
use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
    reply,
};
use serde::Deserialize;
use serde_json::Value;
use worker::Response;

use super::revision_row::{self, RevisionRow};
use crate::{
    apis::{ApiRow, row, write},
    blob,
    call::Call,
    deployments::{self, DeploymentRow, EnvironmentRow, Place, Source},
    governance::gate::{self, Step},
    guard, page, refusal, workflows,
};

/// `POST /apis/{apiId}/deploy-revision?revisionId=`
pub(crate) async fn deploy(call: &Call) -> Outcome<Response> {
    let row = row::of_path(call).await?;
    let revision = revision_row::find(call, &row.id, call.required("revisionId")?).await?;
    let wanted: Vec<Body> = call.json_or_default().await?;
    let places = places(&wanted, &deployments::environments(call).await?)?;
    let statements = set_going(call, &row, &revision, &places).await?;
    if let Some(waits) = workflows::waits(call, workflows::Step::Deployment).await? {
        return waiting::ask(call, (&row, &revision), &places, &waits).await;
    }
    guard::or(call.db.batch(statements).await, guard::changed_meanwhile).map_err(route_taken)?;
    answer(call, &row, &revision).await
}

/// The statements that make a revision run in these places; refuses one that cannot.
async fn set_going(
    call: &Call,
    row: &ApiRow,
    revision: &RevisionRow,
    places: &[Place],
) -> Outcome<Vec<Statement>> {
    if row.state()? == ApiState::Retired {
        return Err(Failure::because(
            "900380",
            "a retired API runs nowhere; restore it as a new API",
        ));
    }
    let frozen = ApiRow {
        body: revision.body.clone(),
        definition: revision.definition.clone(),
        source: revision.source.clone(),
        ..row.clone()
    };
    gate::pass(call, Step::Deploy, &frozen).await?;
    let running = deployments::of_api(call, &row.id).await?;
    let source = Source {
        revision: &revision.id,
        body: &revision.body,
        definition: &revision.definition,
        made_of: &revision.source,
    };
    let mut statements = vec![write::unchanged(row)];
    statements.extend(deployments::deploy(call, row, source, places).await?);
    statements.push(write::audit(call, "revision.deploy", &revision.id)?);
    let replaced: Vec<&str> = running
        .iter()
        .flat_map(|one| [one.hash.as_str(), one.contract.as_str()])
        .collect();
    statements.push(blob::sweep(&replaced));
    Ok(statements)
}

/// `POST /apis/{apiId}/undeploy-revision?revisionId=`
pub(crate) async fn undeploy(call: &Call) -> Outcome<Response> {
    let row = row::of_path(call).await?;
    let revision = match (call.query("revisionId"), call.query("revisionNumber")) {
        (Some(id), _) => revision_row::find(call, &row.id, id).await?,
        (None, Some(number)) => revision_row::numbered(call, &row.id, number).await?,
        (None, None) => return Err(refusal::one("900700", "revisionId", "is missing")),
    };
    let everywhere = call.flag("allEnvironments")?;
    let wanted: Vec<Body> = call.json_or_default().await?;
    let running: Vec<DeploymentRow> = deployments::of_api(call, &row.id)
        .await?
        .into_iter()
        .filter(|one| one.revision_id == revision.id)
        .collect();
    let mut statements = vec![write::unchanged(&row)];
    for name in named(&wanted, everywhere, &running)? {
        let one = running
            .iter()
            .find(|one| one.environment == name)
            .ok_or_else(|| {
                Failure::because("900356", format!("the revision does not run in `{name}`"))
            })?;
        statements.extend(deployments::undeploy(call, one));
    }
    statements.push(write::audit(call, "revision.undeploy", &revision.id)?);
    guard::or(call.db.batch(statements).await, guard::changed_meanwhile)?;
    answer(call, &row, &revision).await
}

/// `GET /apis/{apiId}/deployments`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let row = row::of_path(call).await?;
    let running = deployments::acknowledged(call, &row.id).await?;
    let mut list: Vec<Value> = running.iter().map(DeploymentRow::shown).collect();
    list.extend(waiting::of_api(call, &row.id).await?);
    reply::json(200, &page::whole(list))
}

/// `PUT /apis/{apiId}/deployments/{deploymentId}`: whether consumers see where it runs, and under which host.
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    let row = row::of_path(call).await?;
    let named = call.path("deploymentId");
    let decoded = crate::roles::decoded(named);
    let running = deployments::of_api(call, &row.id).await?;
    let one = running
        .iter()
        .find(|one| one.environment == named || one.environment == decoded)
        .ok_or_else(|| Failure::code("900356"))?;
    let body: Body = call.json().await?;
    if body
        .name
        .as_deref()
        .is_some_and(|name| name != one.environment)
    {
        return Err(refusal::one(
            "900355",
            "name",
            "is another environment than that of the path",
        ));
    }
    let vhost = body.vhost.clone().unwrap_or_else(|| one.vhost.clone());
    let known = deployments::environments(call).await?;
    if !known
        .iter()
        .any(|place| place.name == one.environment && place.has_host(&vhost))
    {
        let message = format!("is no host of `{}`", one.environment);
        return Err(refusal::one("900355", "vhost", message));
    }
    let mut statements = vec![
        sql("UPDATE deployment SET display_on_devportal = ?, vhost = ? WHERE api_id = ? AND environment = ?")
            .bind(body.display_on_devportal.unwrap_or(one.display_on_devportal == 1))
            .bind(vhost)
            .bind(&row.id)
            .bind(&one.environment),
        write::audit(call, "revision.update-deployment", &one.revision_id)?,
    ];
    // Gateways know by the catalogue on which host an API is served.
    statements.extend(deployments::touch_with(&row.id, &one.environment, call));
    call.db.batch(statements).await?;
    let running = deployments::acknowledged(call, &row.id).await?;
    let shown = running
        .iter()
        .find(|now| now.environment == one.environment);
    reply::json(200, &shown.map(DeploymentRow::shown))
}

/// 201 with where the revision runs now.
async fn answer(call: &Call, row: &ApiRow, revision: &RevisionRow) -> Outcome<Response> {
    let running: Vec<Value> = deployments::acknowledged(call, &row.id)
        .await?
        .iter()
        .filter(|one| one.revision_id == revision.id)
        .map(DeploymentRow::shown)
        .collect();
    reply::json(201, &running)
}

/// The environments that are named, each once and each known; none named means none at all.
fn places(wanted: &[Body], known: &[EnvironmentRow]) -> Outcome<Vec<Place>> {
    if wanted.is_empty() {
        return Err(refusal::one(
            "900355",
            "",
            "name the environments: `[{\"name\": \"Default\", \"vhost\": \"localhost\"}]`",
        ));
    }
    let mut places: Vec<Place> = Vec::new();
    for (index, one) in wanted.iter().enumerate() {
        let name = one.name.as_deref().unwrap_or_default();
        let environment = known
            .iter()
            .find(|environment| environment.name == name)
            .ok_or_else(|| {
                refusal::one(
                    "900506",
                    &format!("[{index}].name"),
                    format!("there is no environment `{name}`"),
                )
            })?;
        let vhost = one
            .vhost
            .clone()
            .unwrap_or_else(|| environment.first_host());
        if !environment.has_host(&vhost) {
            let message = format!("`{vhost}` is no host of `{name}`");
            return Err(refusal::one("900355", &format!("[{index}].vhost"), message));
        }
        if places.iter().any(|place| place.environment == name) {
            return Err(refusal::one(
                "900355",
                &format!("[{index}].name"),
                format!("`{name}` stands twice"),
            ));
        }
        places.push(Place {
            environment: name.to_owned(),
            vhost,
            display_on_devportal: one.display_on_devportal.unwrap_or(true),
        });
    }
    Ok(places)
}

fn named(wanted: &[Body], everywhere: bool, running: &[DeploymentRow]) -> Outcome<Vec<String>> {
    if everywhere {
        return Ok(running.iter().map(|one| one.environment.clone()).collect());
    }
    if wanted.is_empty() {
        return Err(refusal::one(
            "900355",
            "",
            "name the environments, or send `allEnvironments=true`",
        ));
    }
    let mut names: Vec<String> = wanted.iter().filter_map(|one| one.name.clone()).collect();
    names.sort_unstable();
    names.dedup();
    Ok(names)
}

/// A base path that another API has in the environment.
fn route_taken(failure: Failure) -> Failure {
    guard::taken(
        failure,
        "route.",
        Failure::because(
            "409",
            "another API already answers at this base path in the environment",
        ),
    )
}

/// WSO2's `APIRevisionDeployment` as clients send it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
struct Body {
    name: Option<String>,
    vhost: Option<String>,
    display_on_devportal: Option<bool>,
    #[serde(rename = "revisionUuid")]
    _revision: Option<Value>,
    #[serde(rename = "status")]
    _status: Option<Value>,
    #[serde(rename = "deployedTime")]
    _deployed: Option<Value>,
    #[serde(rename = "successDeployedTime")]
    _succeeded: Option<Value>,
    #[serde(rename = "liveGatewayCount")]
    _live: Option<Value>,
    #[serde(rename = "deployedGatewayCount")]
    _count: Option<Value>,
    #[serde(rename = "failedGatewayCount")]
    _failed: Option<Value>,
    #[serde(rename = "failedGateways")]
    _failures: Option<Value>,
}
