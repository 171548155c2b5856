//! `/apis/export` and `/api-products/export`: archives in the peer's layout, which `/apis/import` and
//! `/api-products/import` read.

use lifecycle::Draft;
use runtime::{Failure, Outcome};
use serde_json::{Value, json};
use worker::Response;

use super::{archive_files::Archive, products::body::KNOWN, revision_row};
use crate::{
    apis::{
        ApiRow,
        row::{self, Noun},
    },
    call::Call,
};

/// `GET /apis/export?apiId=`, or by `name` and `version`; `revisionNumber` or `latestRevision` for a frozen one.
pub(crate) async fn export(call: &Call) -> Outcome<Response> {
    let row = named(call, Noun::Api).await?;
    let mut archive = Archive::of(call, &row)?;
    let (body, definition) = texts(call, &row).await?;
    let told = described(call, &row, &body).await?;
    let document = row::document(call, &definition).await?;
    archive.all(call, &row, "api", (&told, &document)).await?;
    archive.answer()
}

/// `GET /api-products/export?name=&version=`: the product, and the working copies of the APIs that it bundles.
pub(crate) async fn export_product(call: &Call) -> Outcome<Response> {
    let row = named(call, Noun::Product).await?;
    let mut archive = Archive::of(call, &row)?;
    let (body, definition) = texts(call, &row).await?;
    let mut told = described(call, &row, &body).await?;
    if let Value::Object(members) = &mut told {
        members.retain(|name, _| KNOWN.contains(&name.as_str()));
        if call.flag("preserveStatus")? {
            members.insert("state".to_owned(), json!(row.state));
        }
    }
    let document = row::document(call, &definition).await?;
    archive
        .all(call, &row, "api_product", (&told, &document))
        .await?;
    for part in row::draft(call, &body).await?.parts {
        // An API that is gone since is in the product's revision still, and not to be had any more.
        let api = match row::one(call, &part.api_id, Noun::Api).await {
            Err(Failure::Problem(_)) => continue,
            api => api?,
        };
        archive.enter(&api);
        let told = described(call, &api, &api.body).await?;
        let document = api.document(call).await?;
        archive.all(call, &api, "api", (&told, &document)).await?;
    }
    archive.answer()
}

async fn named(call: &Call, noun: Noun) -> Outcome<ApiRow> {
    if noun == Noun::Api
        && let Some(id) = call.query("apiId")
    {
        return row::one(call, id, noun).await;
    }
    let (name, version) = (call.required("name")?, call.required("version")?);
    row::named(call, name, version)
        .await?
        .filter(|row| row.noun() == noun)
        .ok_or_else(|| Failure::code("900308"))
}

/// The hashes of body and definition: of the working copy, or of a revision.
async fn texts(call: &Call, row: &ApiRow) -> Outcome<(String, String)> {
    let revision = match call.query("revisionNumber") {
        Some(number) => Some(revision_row::numbered(call, &row.id, number).await?),
        None if call.flag("latestRevision")? => {
            let all = revision_row::all(call, &row.id).await?;
            let latest = all.into_iter().max_by_key(|one| one.number);
            Some(latest.ok_or_else(|| Failure::code("900347"))?)
        }
        None => None,
    };
    Ok(revision.map_or_else(
        || (row.body.clone(), row.definition.clone()),
        |revision| (revision.body, revision.definition),
    ))
}

/// The API's object without what only this installation knows, and without credentials.
async fn described(call: &Call, row: &ApiRow, body: &str) -> Outcome<Value> {
    let draft = row::draft(call, body).await?;
    let mut kept = whole(draft);
    if let Value::Object(members) = &mut kept {
        for (name, value) in [
            ("name", json!(row.name)),
            ("version", json!(row.version)),
            ("context", json!(row.context)),
            ("type", json!(row.kind)),
            ("isDefaultVersion", json!(row.is_default_version == 1)),
        ] {
            members.insert(name.to_owned(), value);
        }
        if call.flag("preserveStatus")? {
            members.insert("lifeCycleStatus".to_owned(), json!(row.state));
        }
        if let Some(Value::Object(endpoints)) = members.get_mut("endpointConfig") {
            endpoints.remove("endpoint_security");
        }
    }
    Ok(lifecycle::defaults::without_nulls(kept))
}

/// What is kept of a draft, with what a product bundles as its clients send it.
fn whole(mut draft: Draft) -> Value {
    let parts = std::mem::take(&mut draft.parts);
    let mut kept = draft.without_secrets().kept();
    if let Value::Object(members) = &mut kept
        && !parts.is_empty()
    {
        let bundled: Vec<Value> = parts
            .iter()
            .map(|part| {
                json!({"name": part.name, "version": part.version, "apiId": part.api_id, "operations": part.operations})
            })
            .collect();
        members.insert("apis".to_owned(), json!(bundled));
    }
    kept
}
