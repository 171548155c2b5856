//! `/operation-policies` and `/apis/{apiId}/operation-policies`: the catalogue, and what an organization adds to it.

use lifecycle::{OwnPolicy, own_policy};
use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
    id, reply,
};
use serde::Deserialize;
use serde_json::Value;
use worker::Response;

use crate::{
    apis::{row as api_row, write},
    call::Call,
    etag, guard,
    operation_policies::{self, Row},
    page::Page,
    refusal,
    upload::Upload,
};

/// `GET /operation-policies`: kinds of the catalogue, and policies that are for all APIs.
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let mut all = own_policy::catalogue();
    for row in operation_policies::of(call, EVERY_API).await? {
        all.push(row.shown()?);
    }
    listed(call, all)
}

/// `GET /apis/{apiId}/operation-policies`
pub(crate) async fn list_of_api(call: &Call) -> Outcome<Response> {
    let api = api_row::of_path(call).await?;
    let rows = operation_policies::of(call, &api.id).await?;
    let all: Outcome<Vec<Value>> = rows.iter().map(Row::shown).collect();
    listed(call, all?)
}

/// `query` is `name:` or `version:` and a part of it, or a part of a name.
fn listed(call: &Call, mut all: Vec<Value>) -> Outcome<Response> {
    let page = Page::of(call)?;
    if let Some(query) = call.query("query") {
        let (field, part) = query.split_once(':').unwrap_or(("name", query));
        if !["name", "version"].contains(&field) {
            return Err(refusal::one(
                "400",
                "query",
                "begins neither with `name:` nor with `version:`",
            ));
        }
        let part = part.to_lowercase();
        all.retain(|it| {
            let text = it.get(field).and_then(Value::as_str).unwrap_or_default();
            text.to_lowercase().contains(&part)
        });
    }
    etag::content(call, &page.cut(call, all))
}

/// `POST /operation-policies`
pub(crate) async fn create(call: &Call) -> Outcome<Response> {
    add(call, EVERY_API, "/api/am/publisher/v4/operation-policies").await
}

/// `POST /apis/{apiId}/operation-policies`
pub(crate) async fn create_of_api(call: &Call) -> Outcome<Response> {
    let api = api_row::of_path(call).await?;
    let place = format!("/api/am/publisher/v4/apis/{}/operation-policies", api.id);
    add(call, &api.id, &place).await
}

async fn add(call: &Call, api: &str, place: &str) -> Outcome<Response> {
    let upload = Upload::read(call).await?;
    for part in ["synapsePolicyDefinitionFile", "ccPolicyDefinitionFile"] {
        if upload.text(part).await?.is_some() {
            return Err(refusal::one("400", part, OF_ANOTHER_GATEWAY));
        }
    }
    let Some(source) = upload.text("policySpecFile").await? else {
        return Err(refusal::one("900700", "policySpecFile", "is missing"));
    };
    let (policy_id, policy) = keep(call, api, &source).await?;
    let shown = policy.shown(&policy_id, !api.is_empty());
    let response = reply::json(201, &shown)?;
    reply::with_header(response, "location", &format!("{place}/{policy_id}"))
}

/// Makes a specification a policy of an API, or of all (`""`); its new id.
pub(super) async fn keep(call: &Call, api: &str, source: &str) -> Outcome<(String, OwnPolicy)> {
    if source.len() > MOST_BYTES {
        return Err(Failure::because(
            "413",
            "a specification has 256 KiB at the most",
        ));
    }
    let tree = openapi::tree(source)
        .map_err(|fault| refusal::several("400", vec![refusal::definition_fault(fault)]))?;
    let policy = own_policy::read(&tree).map_err(|faults| refusal::several("400", faults))?;
    let policy_id = id::uuid()?;
    let number = "(SELECT count(*) FROM operation_policy WHERE organization = ?) < ?";
    let statements = vec![
        guard::require(number)
            .bind(call.organization())
            .bind(MOST_POLICIES),
        row(call, api, &policy_id, (&policy, source), "")?,
        write::audit(call, "operation-policy.create", &policy_id)?,
    ];
    let taken = || {
        let help = format!(
            "there is a policy `{}` in version `{}` already",
            policy.name, policy.version
        );
        Failure::because("409", help)
    };
    let done = call
        .db
        .batch(statements)
        .await
        .map_err(|failure| guard::taken(failure, "operation_policy.", taken()));
    guard::or(done, || Failure::because("409", TOO_MANY))?;
    Ok((policy_id, policy))
}

/// The statement that makes this the policy of an API of its name and version, in the place of one that is there.
pub(super) fn replace(
    call: &Call,
    api: &str,
    (policy, source): (&OwnPolicy, &str),
) -> Outcome<Statement> {
    let instead = "ON CONFLICT (organization, api_id, name, version) DO UPDATE \
                   SET specification = excluded.specification, source = excluded.source";
    row(call, api, &id::uuid()?, (policy, source), instead)
}

fn row(
    call: &Call,
    api: &str,
    policy_id: &str,
    (policy, source): (&OwnPolicy, &str),
    on_conflict: &str,
) -> Outcome<Statement> {
    let add = sql(format!(
        "INSERT INTO operation_policy (id, organization, api_id, name, version, specification, source, created_by, created_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) {on_conflict}"
    ));
    Ok(add
        .bind(policy_id)
        .bind(call.organization())
        .bind(api)
        .bind(&policy.name)
        .bind(&policy.version)
        .bind(serde_json::to_string(policy)?)
        .bind(source)
        .bind(call.user()?)
        .bind(call.now))
}

/// Refuses so many more policies than an organization may have.
pub(super) async fn require_room_for(call: &Call, more: usize) -> Outcome<()> {
    #[derive(Deserialize)]
    struct Count {
        count: i64,
    }
    let query = sql("SELECT count(*) AS count FROM operation_policy WHERE organization = ?");
    let there: Option<Count> = call.db.first(query.bind(call.organization())).await?;
    let there = there.map_or(0, |it| it.count);
    match there.saturating_add(i64::try_from(more).unwrap_or(i64::MAX)) > MOST_POLICIES {
        true => Err(Failure::because("409", TOO_MANY)),
        false => Ok(()),
    }
}

/// `GET /operation-policies/{operationPolicyId}`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    match built_in(call) {
        Some(kind) => etag::content(call, &kind),
        None => etag::content(call, &one(call, EVERY_API).await?.shown()?),
    }
}

/// `GET /apis/{apiId}/operation-policies/{operationPolicyId}`
pub(crate) async fn get_of_api(call: &Call) -> Outcome<Response> {
    let api = api_row::of_path(call).await?;
    etag::content(call, &one(call, &api.id).await?.shown()?)
}

/// `DELETE /operation-policies/{operationPolicyId}`
pub(crate) async fn delete(call: &Call) -> Outcome<Response> {
    if built_in(call).is_some() {
        return Err(Failure::because(
            "403",
            "a policy of the catalogue cannot be deleted",
        ));
    }
    remove(call, EVERY_API).await
}

/// `DELETE /apis/{apiId}/operation-policies/{operationPolicyId}`
pub(crate) async fn delete_of_api(call: &Call) -> Outcome<Response> {
    let api = api_row::of_path(call).await?;
    remove(call, &api.id).await
}

/// Not while a draft, or what runs, would miss it at the next deploy.
async fn remove(call: &Call, api: &str) -> Outcome<Response> {
    let row = one(call, api).await?;
    let statements = vec![
        operation_policies::require_unused(call, &row),
        sql("DELETE FROM operation_policy WHERE id = ?").bind(&row.id),
        write::audit(call, "operation-policy.delete", &row.id)?,
    ];
    match call.db.batch(statements).await {
        Err(failure) if guard::refused(&failure) => {
            let users = operation_policies::users(call, &row).await?;
            refusal::unless_empty("409", users)?;
            Err(guard::changed_meanwhile())
        }
        done => done.and_then(|_| reply::empty(200)),
    }
}

/// A kind of the catalogue is found by its name.
pub(super) fn built_in(call: &Call) -> Option<Value> {
    let wanted = call.path("operationPolicyId");
    let mut kinds = own_policy::catalogue().into_iter();
    kinds.find(|kind| kind.get("id").and_then(Value::as_str) == Some(wanted))
}

pub(super) async fn one(call: &Call, api: &str) -> Outcome<Row> {
    let found = operation_policies::find(call, api, call.path("operationPolicyId")).await?;
    found.ok_or_else(|| Failure::because("404", "there is no operation policy of that id"))
}

pub(super) const EVERY_API: &str = "";
pub(super) const OF_ANOTHER_GATEWAY: &str =
    "is a template of another gateway; write what the policy does as `steps` of the specification";
/// Of a specification.
pub(super) const MOST_BYTES: usize = 256 * 1024;
const MOST_POLICIES: i64 = 1_000;
const TOO_MANY: &str = "an organization has 1,000 operation policies at the most";
