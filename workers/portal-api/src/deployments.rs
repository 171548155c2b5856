//! What runs where: the statements that put a revision into an environment, take it out, and follow a change of state.

mod environment;

use lifecycle::{Target, naming::Context};
use model::{ApiState, Deployment, Hash, SCHEMA_VERSION, shard_of};
use runtime::{
    Outcome, Value,
    db::{Statement, sql},
};
use serde::Deserialize;
use serde_json::json;

use crate::{
    apis::{ApiRow, row, scopes},
    blob,
    call::Call,
    certificates,
    gateways::{self, Acknowledgement},
    guard, operation_policies, policies,
    publisher::interfaces::complexity,
    refusal,
    time::iso,
};

pub(crate) use environment::{EnvironmentRow, environments};

/// A row of `deployment` with its environment.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct DeploymentRow {
    pub(crate) api_id: String,
    pub(crate) environment: String,
    pub(crate) revision_id: String,
    pub(crate) vhost: String,
    pub(crate) display_on_devportal: i64,
    pub(crate) hash: String,
    /// Name of the contract's text; empty for none.
    pub(crate) contract: String,
    pub(crate) deployed_at: i64,
    /// From which version on the catalogue names it.
    pub(crate) catalog_version: i64,
    /// How far gateways are with it, where that was asked.
    #[serde(skip)]
    pub(crate) acknowledgement: Option<Acknowledgement>,
}

impl DeploymentRow {
    /// WSO2's `APIRevisionDeployment`.
    pub(crate) fn shown(&self) -> serde_json::Value {
        let mut shown = json!({
            "revisionUuid": self.revision_id,
            "name": self.environment,
            "status": "APPROVED",
            "vhost": self.vhost,
            "displayOnDevportal": self.display_on_devportal == 1,
            "deployedTime": iso(self.deployed_at),
            "successDeployedTime": iso(self.deployed_at),
        });
        if let Some(acknowledgement) = &self.acknowledgement {
            acknowledgement.add_to(&mut shown);
        }
        shown
    }
}

/// Where an API runs.
pub(crate) async fn of_api(call: &Call, api: &str) -> Outcome<Vec<DeploymentRow>> {
    call.db
        .all(
            sql("SELECT api_id, environment, revision_id, vhost, display_on_devportal, hash, contract, deployed_at, \
                 catalog_version FROM deployment WHERE api_id = ? ORDER BY environment")
            .bind(api),
        )
        .await
}

/// The same, with how far gateways are with it.
pub(crate) async fn acknowledged(call: &Call, api: &str) -> Outcome<Vec<DeploymentRow>> {
    let mut running = of_api(call, api).await?;
    gateways::acknowledge(call, &mut running).await;
    Ok(running)
}

/// Where a revision is to run.
pub(crate) struct Place {
    pub(crate) environment: String,
    pub(crate) vhost: String,
    pub(crate) display_on_devportal: bool,
}

/// A revision as far as deploying it goes.
pub(crate) struct Source<'a> {
    pub(crate) revision: &'a str,
    pub(crate) body: &'a str,
    /// Name of its definition's text.
    pub(crate) definition: &'a str,
    /// Name of the text that it was made of beside that; empty for most.
    pub(crate) made_of: &'a str,
}

/// The statements that make a revision run in these places, each compiled for its own.
pub(crate) async fn deploy(
    call: &Call,
    row: &ApiRow,
    source: Source<'_>,
    places: &[Place],
) -> Outcome<Vec<Statement>> {
    let draft = row::draft(call, source.body).await?;
    let set = policies::set(&call.db, &row.organization).await?;
    let accepted = certificates::compiled(&certificates::of_api(&call.db, &row.id).await?);
    let own = operation_policies::usable(call, &row.id).await?;
    let document = row::document(call, source.definition).await?;
    let contract = lifecycle::contract(&draft, &document)
        .map_err(|faults| refusal::several("900361", faults))?;
    let complexity = complexity::compiled(call, &draft, source.made_of).await?;
    let mut statements = Vec::new();
    let contract = match contract {
        None => None,
        Some(contract) => {
            let (hash, kept) = blob::keep(&serde_json::to_string(&contract)?);
            statements.extend(kept);
            statements.push(note("contract", hash.as_str(), call));
            Some(hash)
        }
    };
    for place in places {
        let target = Target {
            own_policies: own.clone(),
            certificates: accepted.clone(),
            organization: row.organization.as_str().into(),
            api: row.id.as_str().into(),
            provider: row.provider.clone(),
            state: row.state()?,
            revision: source.revision.to_owned(),
            environment: place.environment.clone(),
            deprecated_at: deprecated_at(call, row).await?,
            allow_private: call.allow_private(),
        };
        let mut compiled = lifecycle::compile(&draft, &target, &set)
            .map_err(|faults| refusal::several("900361", faults))?;
        compiled.contract.clone_from(&contract);
        compiled.complexity.clone_from(&complexity);
        let (hash, kept) = blob::keep(&serde_json::to_string(&compiled)?);
        statements.extend(kept);
        let named = Named {
            deployment: &hash,
            contract: contract.as_ref(),
        };
        statements.extend(put(call, row, source.revision, place, &named));
        statements.push(note("deployment", hash.as_str(), call));
        statements.extend(touch_with(&row.id, &place.environment, call));
    }
    let (organization, api) = (&row.organization, &row.id);
    statements.push(scopes::of_revision(
        organization,
        api,
        source.revision,
        &draft,
    ));
    statements.push(scopes::forget_idle(api));
    Ok(statements)
}

/// The names of what a gateway reads.
struct Named<'a> {
    deployment: &'a Hash,
    contract: Option<&'a Hash>,
}

/// When a deprecated API became so.
async fn deprecated_at(call: &Call, row: &ApiRow) -> Outcome<Option<model::Timestamp>> {
    #[derive(Deserialize)]
    struct Event {
        at: i64,
    }
    if row.state()? != ApiState::Deprecated {
        return Ok(None);
    }
    let query = sql(
        "SELECT at FROM lifecycle_event WHERE api_id = ? AND post_state = 'DEPRECATED' ORDER BY id DESC LIMIT 1",
    );
    let event: Option<Event> = call.db.first(query.bind(&row.id)).await?;
    Ok(event.map(|event| model::Timestamp(event.at)))
}

fn put(
    call: &Call,
    row: &ApiRow,
    revision: &str,
    place: &Place,
    named: &Named<'_>,
) -> Vec<Statement> {
    let mut statements = vec![
        sql("INSERT INTO deployment (api_id, environment, organization, revision_id, vhost, display_on_devportal, hash, \
             contract, deployed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (api_id, environment) DO UPDATE SET \
             revision_id = excluded.revision_id, vhost = excluded.vhost, \
             display_on_devportal = excluded.display_on_devportal, hash = excluded.hash, \
             contract = excluded.contract, deployed_at = excluded.deployed_at")
        .bind(&row.id)
        .bind(&place.environment)
        .bind(&row.organization)
        .bind(revision)
        .bind(&place.vhost)
        .bind(place.display_on_devportal)
        .bind(named.deployment.as_str())
        .bind(named.contract.map_or("", Hash::as_str))
        .bind(call.now),
        sql("DELETE FROM route WHERE api_id = ? AND environment = ?")
            .bind(&row.id)
            .bind(&place.environment),
        route(row, &row.base_path, &place.environment),
    ];
    if row.is_default_version == 1
        && let Some(alias) = row.alias()
    {
        statements.push(route(row, &alias, &place.environment));
    }
    statements
}

fn route(row: &ApiRow, base_path: &str, environment: &str) -> Statement {
    sql("INSERT INTO route (environment, organization, base_path, shard, api_id) VALUES (?, ?, ?, ?, ?)")
        .bind(environment)
        .bind(&row.organization)
        .bind(base_path)
        .bind(i64::from(shard_of(base_path)))
        .bind(&row.id)
}

/// The statements that take an API out of an environment.
pub(crate) fn undeploy(call: &Call, deployment: &DeploymentRow) -> Vec<Statement> {
    let out_of = |table: &str| {
        sql(format!(
            "DELETE FROM {table} WHERE api_id = ? AND environment = ?"
        ))
        .bind(&deployment.api_id)
        .bind(&deployment.environment)
    };
    let mut statements = vec![out_of("route"), out_of("deployment")];
    statements.push(scopes::forget_idle(&deployment.api_id));
    statements.extend(touch(&deployment.environment, call));
    statements
}

/// The statements that make running deployments follow a change of state; a retired API runs nowhere.
pub(crate) async fn follow(call: &Call, api: &str, state: ApiState) -> Outcome<Vec<Statement>> {
    if state != ApiState::Retired {
        let deprecated_at = (state == ApiState::Deprecated).then_some(call.now);
        let change = |compiled: &mut Deployment| {
            compiled.state = state;
            compiled.conduct.deprecated_at = deprecated_at;
        };
        return rewritten(call, api, change).await;
    }
    let running = of_api(call, api).await?;
    let mut statements = vec![as_read(api, &running)];
    statements.extend(running.iter().flat_map(|one| undeploy(call, one)));
    Ok(statements)
}

/// The statements that change what runs of an API, everywhere, without a deploy.
pub(crate) async fn rewritten(
    call: &Call,
    api: &str,
    change: impl Fn(&mut Deployment),
) -> Outcome<Vec<Statement>> {
    let running = of_api(call, api).await?;
    let mut statements = vec![as_read(api, &running)];
    for running in running {
        let text = blob::read(&call.db, &running.hash).await?;
        let mut compiled: Deployment = serde_json::from_str(&text)?;
        change(&mut compiled);
        compiled.schema = SCHEMA_VERSION;
        let (hash, kept) = blob::keep(&serde_json::to_string(&compiled)?);
        if hash.as_str() == running.hash {
            continue;
        }
        statements.extend(kept);
        statements.push(
            sql("UPDATE deployment SET hash = ? WHERE api_id = ? AND environment = ?")
                .bind(hash.as_str())
                .bind(api)
                .bind(&running.environment),
        );
        statements.push(note("deployment", hash.as_str(), call));
        statements.extend(touch_with(api, &running.environment, call));
        statements.push(blob::sweep(&[&running.hash]));
    }
    Ok(statements)
}

/// Undoes the batch when something was deployed, replaced or taken out since it was read.
fn as_read(api: &str, running: &[DeploymentRow]) -> Statement {
    let hashes: Vec<&str> = running.iter().map(|one| one.hash.as_str()).collect();
    guard::require(
        "(SELECT count(*) FROM deployment WHERE api_id = ?) = json_array_length(?) AND NOT EXISTS (\
         SELECT 1 FROM deployment WHERE api_id = ? AND hash NOT IN (SELECT value FROM json_each(?)))",
    )
    .bind(api)
    .bind(json!(hashes).to_string())
    .bind(api)
    .bind(json!(hashes).to_string())
}

/// The statements that make the routes of an API's aliases say which version is the default one now.
pub(crate) async fn follow_default(
    call: &Call,
    row: &ApiRow,
    is_default: bool,
) -> Outcome<Vec<Statement>> {
    let Some(alias) = Context::parse(&row.context)
        .ok()
        .and_then(|context| context.alias())
    else {
        return Ok(Vec::new());
    };
    let family = "api_id IN (SELECT id FROM api WHERE organization = ? AND name = ?)";
    let mine = "api_id = ?";
    let values: Vec<Value> = if is_default {
        vec![row.organization.as_str().into(), row.name.as_str().into()]
    } else {
        vec![row.id.as_str().into()]
    };
    let scope = if is_default { family } else { mine };
    let remove = sql(format!("DELETE FROM route WHERE base_path = ? AND {scope}")).bind(&alias);
    let mut statements = vec![
        values
            .into_iter()
            .fold(remove, |statement, value| statement.bind(value)),
    ];
    if is_default {
        statements.push(
            sql(
                "INSERT INTO route (environment, organization, base_path, shard, api_id) \
                 SELECT environment, organization, ?, ?, api_id FROM deployment WHERE api_id = ?",
            )
            .bind(&alias)
            .bind(i64::from(shard_of(&alias)))
            .bind(&row.id),
        );
    }
    for environment in environments(call).await? {
        statements.extend(touch(&environment.name, call));
    }
    Ok(statements)
}

/// The statements that have an environment's catalogue published anew.
pub(crate) fn touch(environment: &str, call: &Call) -> Vec<Statement> {
    vec![
        sql("INSERT INTO publication (pointer, version) VALUES (?, 1) \
             ON CONFLICT (pointer) DO UPDATE SET version = version + 1")
        .bind(format!("catalog/{environment}")),
        note("catalog", environment, call),
    ]
}

/// The same, because what it says of an API is new.
pub(crate) fn touch_with(api: &str, environment: &str, call: &Call) -> Vec<Statement> {
    let mut statements = touch(environment, call);
    statements.push(
        sql(
            "UPDATE deployment SET catalog_version = (SELECT version FROM publication \
             WHERE pointer = 'catalog/' || environment) WHERE api_id = ? AND environment = ?",
        )
        .bind(api)
        .bind(environment),
    );
    statements
}

/// A note in the outbox: what has to be carried to KV.
pub(crate) fn note(topic: &str, subject: &str, call: &Call) -> Statement {
    sql("INSERT INTO outbox (writer, topic, subject, created_at) VALUES ('portal-api', ?, ?, ?)")
        .bind(topic)
        .bind(subject)
        .bind(call.now)
}
