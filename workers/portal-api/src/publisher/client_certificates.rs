//! `/apis/{apiId}/client-certificates` and `/apis/{apiId}/client-certs/{keyType}`: by which certificates an API may be
//! called. The first paths are the peer's older ones, and mean production.

use credential::ReadCertificate;
use model::{KeyType, Timestamp};
use runtime::{Failure, Outcome, reply};
use serde_json::{Value, json};
use worker::Response;

use crate::{
    apis::{ApiRow, row, write},
    call::Call,
    certificates::{self, Row},
    guard,
    page::Page,
    policies, refusal,
    upload::Upload,
};

/// `GET /apis/{apiId}/client-certs/{keyType}`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let api = row::either(call).await?;
    let key_type = key_type(call)?;
    let alias = call.query("alias");
    let list = certificates::of_api(&call.db, &api.id)
        .await?
        .iter()
        .filter(|one| one.key_type == key_type.as_str())
        .filter(|one| alias.is_none_or(|alias| one.alias == alias))
        .map(|one| shown(&api, one))
        .collect();
    let mut body = Page::of(call)?.cut(call, list);
    // The peer's name for this one list.
    if let Some(body) = body.as_object_mut()
        && let Some(list) = body.remove("list")
    {
        body.insert("certificates".to_owned(), list);
    }
    reply::json(200, &body)
}

/// `POST /apis/{apiId}/client-certs/{keyType}`
pub(crate) async fn add(call: &Call) -> Outcome<Response> {
    let api = row::either(call).await?;
    let key_type = key_type(call)?;
    let upload = Upload::read(call).await?;
    let alias = upload.text("alias").await?.unwrap_or_default();
    certificates::require_alias(&alias)?;
    let known = certificates::of_api(&call.db, &api.id).await?;
    if known.iter().any(|it| it.alias == alias) {
        return Err(Failure::because(
            "409",
            format!("the API has a certificate `{alias}` already"),
        ));
    }
    let read = certificates::uploaded(call, &upload)
        .await?
        .ok_or_else(|| refusal::one("400", "certificate", "is missing"))?;
    let plan = plan(call, &upload)
        .await?
        .unwrap_or_else(|| UNLIMITED.to_owned());
    let new = of(read, key_type.as_str(), alias, plan);
    let body = shown(&api, &new);
    let location = format!(
        "/api/am/publisher/v4/apis/{}/client-certs/{}/{}",
        api.id,
        key_type.as_str(),
        new.alias
    );
    keep(call, &api, &known, new, "client-certificate.add").await?;
    reply::with_header(reply::json(201, &body)?, "location", &location)
}

/// `GET /apis/{apiId}/client-certs/{keyType}/{alias}`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let (_, _, found) = of_path(call).await?;
    let validity = (found.not_before, found.not_after);
    let told = certificates::told(call, validity, found.version, &found.subject);
    reply::json(200, &told)
}

/// `PUT /apis/{apiId}/client-certs/{keyType}/{alias}`: another certificate, another plan, or both.
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    let (api, known, found) = of_path(call).await?;
    let upload = Upload::read(call).await?;
    let plan = plan(call, &upload)
        .await?
        .unwrap_or_else(|| found.plan.clone());
    let new = match certificates::uploaded(call, &upload).await? {
        Some(read) => of(read, &found.key_type, found.alias, plan),
        None => Row { plan, ..found },
    };
    let body = shown(&api, &new);
    keep(call, &api, &known, new, "client-certificate.update").await?;
    reply::json(200, &body)
}

/// `DELETE /apis/{apiId}/client-certs/{keyType}/{alias}`
pub(crate) async fn delete(call: &Call) -> Outcome<Response> {
    let (api, mut known, found) = of_path(call).await?;
    known.retain(|it| !is_same(it, &found));
    let mut statements = vec![found.delete(&api)];
    statements.extend(certificates::follow(call, &api, &known).await?);
    statements.push(write::audit(call, "client-certificate.delete", &api.id)?);
    guard::or(call.db.batch(statements).await, guard::changed_meanwhile)?;
    reply::empty(200)
}

/// `GET /apis/{apiId}/client-certs/{keyType}/{alias}/content`
pub(crate) async fn content(call: &Call) -> Outcome<Response> {
    let (_, _, found) = of_path(call).await?;
    certificates::file(&found.alias, &found.der)
}

async fn keep(call: &Call, api: &ApiRow, known: &[Row], new: Row, action: &str) -> Outcome<()> {
    let mut all: Vec<Row> = known.to_vec();
    all.retain(|it| !is_same(it, &new));
    if let Some(other) = all.iter().find(|it| it.thumbprint == new.thumbprint) {
        return Err(Failure::because(
            "409",
            format!("this certificate is there already, as `{}`", other.alias),
        ));
    }
    let mut statements = vec![new.put(call, api)];
    all.push(new);
    if all.len() > MOST {
        return Err(refusal::one(
            "400",
            "certificate",
            format!("an API takes at most {MOST} certificates"),
        ));
    }
    statements.extend(certificates::follow(call, api, &all).await?);
    statements.push(write::audit(call, action, &api.id)?);
    guard::or(call.db.batch(statements).await, guard::changed_meanwhile)?;
    Ok(())
}

fn is_same(one: &Row, other: &Row) -> bool {
    one.alias == other.alias && one.key_type == other.key_type
}

/// The API of the path, its certificates, and the one of the path.
async fn of_path(call: &Call) -> Outcome<(ApiRow, Vec<Row>, Row)> {
    let api = row::either(call).await?;
    let key_type = key_type(call)?;
    let known = certificates::of_api(&call.db, &api.id).await?;
    let alias = call.path("alias");
    let found = known
        .iter()
        .find(|it| it.alias == alias && it.key_type == key_type.as_str())
        .cloned()
        .ok_or_else(|| Failure::because("404", "the API has no such certificate"))?;
    Ok((api, known, found))
}

/// The part `tier`, if it is there.
async fn plan(call: &Call, upload: &Upload) -> Outcome<Option<String>> {
    let Some(plan) = upload.text("tier").await? else {
        return Ok(None);
    };
    let set = policies::set(&call.db, call.organization()).await?;
    if !set.subscription.contains_key(&plan) {
        let message = format!("there is no plan `{plan}`");
        return Err(refusal::one("900305", "tier", message));
    }
    Ok(Some(plan))
}

fn of(read: ReadCertificate, key_type: &str, alias: String, plan: String) -> Row {
    let Timestamp(not_before) = read.not_before;
    let Timestamp(not_after) = read.not_after;
    Row {
        key_type: key_type.to_owned(),
        subject: read.subject.unwrap_or_else(|| alias.clone()),
        alias,
        plan,
        der: read.der,
        thumbprint: read.thumbprint,
        version: i64::from(read.version),
        not_before,
        not_after,
    }
}

fn shown(api: &ApiRow, one: &Row) -> Value {
    json!({"alias": one.alias, "apiId": api.id, "tier": one.plan})
}

/// Of the path; production where it names none.
fn key_type(call: &Call) -> Outcome<KeyType> {
    match call.path("keyType").to_ascii_uppercase().as_str() {
        "" | "PRODUCTION" => Ok(KeyType::Production),
        "SANDBOX" => Ok(KeyType::Sandbox),
        _ => Err(refusal::one(
            "400",
            "keyType",
            "is `PRODUCTION` or `SANDBOX`",
        )),
    }
}

const UNLIMITED: &str = "Unlimited";
/// They are part of the Deployment, which every gateway holds.
const MOST: usize = 100;
