//! The catalogue of an environment: Deployments, shards and policies first, the pointer last.

use lifecycle::catalogue;
use model::{Catalog, Flows, Hash, Route, SCHEMA_VERSION};
use runtime::{Db, Failure, Outcome, db::sql};
use serde::Deserialize;

use super::value::Shelf;
use crate::{blob, policies};

/// Writes a Deployment or a contract, unless the database has forgotten it since: then nothing points to it either.
pub(crate) async fn kept(db: &Db, shelf: &Shelf, what: &str, hash: &str) -> Outcome<()> {
    match blob::find(db, hash).await? {
        Some(json) => shelf.keep(db, &[(format!("{what}/{hash}"), json)]).await,
        None => Ok(()),
    }
}

/// Writes what the pointer points to, then the pointer, until the database says nothing newer.
pub(crate) async fn pointer(db: &Db, shelf: &Shelf, environment: &str) -> Outcome<()> {
    let mut written = None;
    for _ in 0..ROUNDS {
        let version = version(db, environment).await?;
        if written == Some(version) {
            return Ok(());
        }
        let catalog = contents(db, shelf, environment, version).await?;
        shelf
            .put(
                &format!("catalog/{environment}"),
                &serde_json::to_string(&catalog)?,
            )
            .await?;
        written = Some(version);
    }
    Err(Failure::Internal(format!(
        "catalogue of {environment} changes faster than it is published"
    )))
}

/// Every environment there is.
pub(crate) async fn environments(db: &Db) -> Outcome<Vec<String>> {
    #[derive(Deserialize)]
    struct Name {
        name: String,
    }
    let names: Vec<Name> = db
        .all(sql("SELECT DISTINCT name FROM environment ORDER BY name"))
        .await?;
    Ok(names.into_iter().map(|row| row.name).collect())
}

/// Read before what it counts: what changes in between is published under this version too, and again under the next.
async fn version(db: &Db, environment: &str) -> Outcome<u64> {
    #[derive(Deserialize)]
    struct Version {
        version: i64,
    }
    let row: Option<Version> = db
        .first(
            sql("SELECT version FROM publication WHERE pointer = ?")
                .bind(format!("catalog/{environment}")),
        )
        .await?;
    Ok(row
        .and_then(|row| u64::try_from(row.version).ok())
        .unwrap_or(1))
}

async fn contents(db: &Db, shelf: &Shelf, environment: &str, version: u64) -> Outcome<Catalog> {
    let routes = routes(db, environment).await?;
    for name in unpublished(db, environment).await? {
        if let Some((what, hash)) = name.split_once('/') {
            kept(db, shelf, what, hash).await?;
        }
    }
    let shards = catalogue::shards(routes)?;
    let set = serde_json::to_string(&policies::set(db, crate::call::DEFAULT_ORGANIZATION).await?)?;
    let policies = Hash::of(set.as_bytes());
    let mut values = vec![(format!("policies/{policies}"), set)];
    values.extend(
        shards
            .iter()
            .map(|shard| (format!("shard/{}", shard.name), shard.json.clone())),
    );
    shelf.keep(db, &values).await?;
    let flows = flows(db, environment).await?;
    Ok(Catalog {
        flows,
        latest: latest(db, environment).await?,
        schema: SCHEMA_VERSION,
        version,
        policies,
        shards: shards
            .into_iter()
            .map(|shard| (shard.number, shard.name))
            .collect(),
    })
}

/// What is done to the calls of every API here.
async fn flows(db: &Db, environment: &str) -> Outcome<Flows> {
    #[derive(Deserialize)]
    struct Row {
        flows: String,
    }
    let query = sql(
        "SELECT flows FROM gateway_policy_deployment WHERE organization = ? AND environment = ?",
    );
    let query = query
        .bind(crate::call::DEFAULT_ORGANIZATION)
        .bind(environment);
    let row: Option<Row> = db.first(query).await?;
    match row {
        None => Ok(Flows::default()),
        Some(row) => Ok(serde_json::from_str(&row.flows)?),
    }
}

/// The Deployments that were put here last.
async fn latest(db: &Db, environment: &str) -> Outcome<Vec<Hash>> {
    #[derive(Deserialize)]
    struct Row {
        hash: String,
    }
    let query = sql(
        "SELECT hash FROM deployment WHERE environment = ? AND catalog_version > 0 \
         ORDER BY catalog_version DESC, api_id LIMIT ?",
    );
    let rows: Vec<Row> = db.all(query.bind(environment).bind(LATEST)).await?;
    Ok(rows.into_iter().map(|row| row.hash.into()).collect())
}

/// Where an environment has several hosts, an API is served on the one that it was deployed to; else on whichever a caller
/// uses.
async fn routes(db: &Db, environment: &str) -> Outcome<Vec<Route>> {
    #[derive(Deserialize)]
    struct Row {
        base_path: String,
        host: Option<String>,
        api_id: String,
        hash: String,
    }
    let rows: Vec<Row> = db
        .all(
            sql("SELECT route.base_path, route.api_id, deployment.hash, CASE WHEN deployment.vhost <> '' AND \
                 (SELECT max(json_array_length(e.vhosts)) FROM environment e WHERE e.name = route.environment) > 1 \
                 THEN deployment.vhost END AS host FROM route \
                 JOIN deployment ON deployment.api_id = route.api_id AND deployment.environment = route.environment \
                 WHERE route.environment = ?")
            .bind(environment),
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Route {
            base_path: row.base_path,
            host: row.host,
            api: row.api_id.into(),
            deployment: row.hash.into(),
        })
        .collect())
}

/// Deployments that run here, and their contracts, that are not known to be in KV, contracts first: a change that came between two notes.
async fn unpublished(db: &Db, environment: &str) -> Outcome<Vec<String>> {
    #[derive(Deserialize)]
    struct Row {
        name: String,
    }
    let rows: Vec<Row> = db
        .all(
            sql("SELECT name FROM (\
                 SELECT 'contract/' || contract AS name FROM deployment WHERE environment = ?1 AND contract <> '' \
                 UNION SELECT 'deployment/' || hash FROM deployment WHERE environment = ?1) \
                 WHERE name NOT IN (SELECT name FROM published) ORDER BY name")
            .bind(environment),
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}

/// A pointer that moves more often than this during one publication is moved by a fault.
const ROUNDS: usize = 20;
/// Gateways take up as many ahead of calls.
const LATEST: i64 = 4;
