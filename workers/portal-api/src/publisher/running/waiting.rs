//! Revisions that wait for somebody's yes before they run: one question for each environment.

use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
    reply,
};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use super::set_going;
use crate::{
    apis::{ApiRow, row, write},
    call::Call,
    deployments::Place,
    guard,
    publisher::revision_row::{self, RevisionRow},
    workflows::{self, Waits},
};

/// `DELETE /apis/{apiId}/cancel-revision-workflow/{revisionId}/{envName}`
pub(crate) async fn cancel(call: &Call) -> Outcome<Response> {
    let api = row::of_path(call).await?;
    let revision = revision_row::find(call, &api.id, call.path("revisionId")).await?;
    let environment = call.path("envName");
    let waits = of_api(call, &api.id).await?;
    let is_it = |one: &Value| {
        let word = |name: &str| one.get(name).and_then(Value::as_str).unwrap_or_default();
        word("revisionUuid") == revision.id && word("name") == environment
    };
    if !waits.iter().any(is_it) {
        let message = format!("the revision does not wait for `{environment}`");
        return Err(Failure::because("404", message));
    }
    call.db
        .batch(vec![
            workflows::withdraw_deployment(&revision.id, environment),
            write::audit(call, "revision.withdraw-deployment", &revision.id)?,
        ])
        .await?;
    reply::empty(200)
}

/// Has somebody asked, and says what waits; a revision that waits for the same environment is none any more.
pub(super) async fn ask(
    call: &Call,
    (api, revision): (&ApiRow, &RevisionRow),
    places: &[Place],
    waits: &Waits,
) -> Outcome<Response> {
    let mut statements = vec![write::unchanged(api)];
    for place in places {
        let about = json!({
            "apiId": api.id, "apiName": api.name, "apiVersion": api.version, "apiContext": api.context,
            "apiProvider": api.provider, "revisionId": revision.number.to_string(), "environment": place.environment,
            "vhost": place.vhost, "displayOnDevportal": place.display_on_devportal,
        });
        let what = format!(
            "`{}` wants revision {} of `{}` {} to run in `{}`",
            call.user()?,
            revision.number,
            api.name,
            api.version,
            place.environment
        );
        for older in revision_row::all(call, &api.id).await? {
            statements.push(workflows::withdraw_deployment(
                &older.id,
                &place.environment,
            ));
        }
        statements.extend(waits.ask(call, &revision.id, (&what, &about))?);
    }
    statements.push(write::audit(call, "revision.ask-deployment", &revision.id)?);
    guard::or(call.db.batch(statements).await, guard::changed_meanwhile)?;
    let all = of_api(call, &api.id).await?;
    let own = |one: &&Value| {
        let id = one.get("revisionUuid").and_then(Value::as_str);
        id == Some(revision.id.as_str())
    };
    let own: Vec<&Value> = all.iter().filter(own).collect();
    reply::json(201, &own)
}

/// What waits of an API, as WSO2's `APIRevisionDeployment`.
pub(super) async fn of_api(call: &Call, api: &str) -> Outcome<Vec<Value>> {
    let query = sql(
        "SELECT subject, properties FROM workflow WHERE status = 'CREATED' AND kind = 'REVISION_DEPLOYMENT' \
         AND subject IN (SELECT id FROM revision WHERE api_id = ?) ORDER BY created_at, id",
    );
    let rows: Vec<Row> = call.db.all(query.bind(api)).await?;
    rows.iter()
        .map(|row| {
            let wanted: Wanted = serde_json::from_str(&row.properties)?;
            Ok(json!({
                "revisionUuid": row.subject,
                "name": wanted.environment,
                "status": "CREATED",
                "vhost": wanted.vhost,
                "displayOnDevportal": wanted.display_on_devportal,
            }))
        })
        .collect()
}

/// The statements of a revision that waited and is approved now.
pub(crate) async fn approved(
    call: &Call,
    revision: &str,
    properties: &Value,
) -> Outcome<Vec<Statement>> {
    let wanted: Wanted = serde_json::from_value(properties.clone())?;
    let api = row::find(call, &wanted.api_id).await?;
    let revision = revision_row::find(call, &api.id, revision).await?;
    let place = Place {
        environment: wanted.environment,
        vhost: wanted.vhost,
        display_on_devportal: wanted.display_on_devportal,
    };
    set_going(call, &api, &revision, &[place]).await
}

#[derive(Deserialize)]
struct Row {
    subject: String,
    properties: String,
}

/// What a question keeps of the place.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wanted {
    #[serde(default)]
    api_id: String,
    environment: String,
    vhost: String,
    display_on_devportal: bool,
}
