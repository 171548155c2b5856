//! `/apis` and `/apis/{apiId}`.

use lifecycle::Draft;
use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
    reply,
};
use serde_json::{Value, json};
use worker::Response;

use crate::{
    apis::{
        ApiRow,
        row::{self, Noun},
        search::Filter,
        secrets, shape, write,
    },
    blob,
    call::Call,
    deployments, etag,
    governance::{compliance, gate::Step},
    guard,
    page::Page,
    policies::{self, Audience},
    publisher::{from_service, products},
    refusal, searchable, workflows,
};

/// `GET /apis`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let page = Page::of(call)?;
    let (rows, total) = Filter::asked(call).of(Noun::Api).page(call, page).await?;
    etag::content(
        call,
        &page.list(call, rows.iter().map(shape::line).collect(), total),
    )
}

/// `POST /apis`
pub(crate) async fn create(call: &Call) -> Outcome<Response> {
    let draft: Draft = call.json().await?;
    let draft = draft.with_defaults();
    // Names and operations are looked at before a definition is made of them.
    write::check(call, &draft).await?;
    let title = write::text(draft.name.as_ref());
    let version = write::text(draft.version.as_ref());
    let document = openapi::from_operations(&title, &version, &write::operations(&draft))
        .map_err(refusal::of_definition)?;
    write::create(call, draft, &document).await
}

/// `GET /apis/{apiId}`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let row = row::of_path(call).await?;
    let mut draft = row.draft(call).await?;
    if let Some(service) = &mut draft.service_info {
        let outdated = from_service::is_outdated(call, &row.id).await?;
        service.insert("outdated".to_owned(), outdated.into());
        return etag::content(call, &shape::whole(&row, draft));
    }
    if workflows::is_waiting(call, &row.id).await? {
        let mut shown = shape::whole(&row, draft);
        if let Value::Object(members) = &mut shown {
            members.insert("workflowStatus".to_owned(), "CREATED".into());
        }
        return etag::content(call, &shown);
    }
    etag::generation(call, row.generation, &shape::whole(&row, draft))
}

/// `PUT /apis/{apiId}`
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    let row = row::of_path(call).await?;
    etag::require_match(call, row.generation)?;
    let given: Draft = call.json().await?;
    require_identity(&row, &given)?;
    let before = row.draft(call).await?;
    let mut draft = Draft {
        operations: given
            .operations
            .clone()
            .or_else(|| before.operations.clone()),
        graphql_complexity: before.graphql_complexity.clone(),
        scopes: given.scopes.clone().or_else(|| before.scopes.clone()),
        ..given
    }
    .with_defaults();
    write::check(call, &draft).await?;
    let document = revised(call, &row, &before, &draft).await?;
    let secrets = secrets::take(call, &row.id, &mut draft, Some(&before)).await?;
    save(call, &row, draft, (&document, secrets)).await
}

/// Makes a draft the working copy of an API, with the definition and with what else goes into the batch.
pub(super) async fn save(
    call: &Call,
    row: &ApiRow,
    draft: Draft,
    with: (&Value, Vec<Statement>),
) -> Outcome<Response> {
    let row = store(call, row, &draft, with).await?;
    etag::changed(200, row.generation, &shape::whole(&row, draft))
}

/// As [`save`]; the row as it is then.
pub(super) async fn store(
    call: &Call,
    row: &ApiRow,
    draft: &Draft,
    (document, more): (&Value, Vec<Statement>),
) -> Outcome<ApiRow> {
    write::govern(call, Step::Update, Some(row), (draft, document)).await?;
    let is_default = draft.is_default_version == Some(true);
    let mut statements = write::replace(call, row, draft, document)?;
    statements.extend(more);
    if is_default != (row.is_default_version == 1) {
        statements.extend(deployments::follow_default(call, row, is_default).await?);
    }
    guard::or(call.db.batch(statements).await, guard::changed_meanwhile)?;
    let row = row::find(call, &row.id).await?;
    compliance::renew(call, &row).await?;
    Ok(row)
}

/// `DELETE /apis/{apiId}`
pub(crate) async fn delete(call: &Call) -> Outcome<Response> {
    let row = row::of_path(call).await?;
    etag::require_match(call, row.generation)?;
    products::require_free(call, &row).await?;
    let mut statements = vec![
        guard::require("NOT EXISTS (SELECT 1 FROM subscription WHERE api_id = ?)").bind(&row.id),
        guard::require("NOT EXISTS (SELECT 1 FROM product_part WHERE api_id = ?)").bind(&row.id),
    ];
    let mut texts = vec![row.body.clone(), row.definition.clone(), row.source.clone()];
    for running in deployments::of_api(call, &row.id).await? {
        statements.extend(deployments::undeploy(call, &running));
        texts.extend([running.hash, running.contract]);
    }
    statements.extend(searchable::forget_api(&row.id));
    texts.extend(contents(call, &row.id).await?);
    for revision in super::revision_row::all(call, &row.id).await? {
        texts.extend([revision.body, revision.definition, revision.source]);
    }
    statements.push(workflows::withdraw_all(&row.id));
    statements.push(
        sql("INSERT INTO outbox (writer, topic, subject, created_at) \
             SELECT 'portal-api', 'api-key', digest, ? FROM api_key WHERE api_id = ?")
        .bind(call.now)
        .bind(&row.id),
    );
    statements.push(sql("DELETE FROM api WHERE id = ?").bind(&row.id));
    statements.push(write::audit(call, "api.delete", &row.id)?);
    statements.push(blob::sweep(
        &texts.iter().map(String::as_str).collect::<Vec<_>>(),
    ));
    guard::or(call.db.batch(statements).await, || Failure::code("900382"))?;
    reply::empty(200)
}

/// The names of the texts and files that go with an API.
async fn contents(call: &Call, api: &str) -> Outcome<Vec<String>> {
    #[derive(serde::Deserialize)]
    struct Row {
        content: String,
    }
    let rows: Vec<Row> = call
        .db
        .all(
            sql("SELECT content FROM document WHERE api_id = ? UNION SELECT content FROM thumbnail WHERE api_id = ?")
                .bind(api)
                .bind(api),
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.content).collect())
}

/// `POST /apis/validate?query=`
pub(crate) async fn validate(call: &Call) -> Outcome<Response> {
    let query = call.required("query")?;
    let conditions = lifecycle::search::parse(query, &["name", "context", "version"]);
    let filter = if conditions.iter().all(|condition| condition.key.is_empty()) {
        let text = query.trim_matches('"');
        let mut filter = Filter::everything(call);
        filter.and(
            "(name = ? COLLATE NOCASE OR context = ? COLLATE NOCASE)",
            vec![text.into(), text.into()],
        );
        filter
    } else {
        Filter::exactly(call, &conditions)
    };
    let (rows, _) = filter
        .page(
            call,
            Page {
                limit: 1,
                offset: 0,
            },
        )
        .await?;
    if rows.is_empty() {
        Err(Failure::code("900308"))
    } else {
        reply::empty(200)
    }
}

/// `GET /apis/{apiId}/resource-paths`
pub(crate) async fn paths(call: &Call) -> Outcome<Response> {
    let page = Page::of(call)?;
    let row = row::of_path(call).await?;
    let draft = row.draft(call).await?;
    let paths = write::operations(&draft)
        .into_iter()
        .enumerate()
        .map(|(index, it)| json!({"id": index + 1, "resourcePath": it.template, "httpVerb": it.method}))
        .collect();
    etag::content(call, &page.cut(call, paths))
}

/// `GET /apis/{apiId}/subscription-policies`
pub(crate) async fn plans(call: &Call) -> Outcome<Response> {
    let row = row::either(call).await?;
    etag::content(
        call,
        &offered_plans(call, &row, Audience::Publishers).await?,
    )
}

/// The plans that an API offers, as portals see them.
pub(crate) async fn offered_plans(
    call: &Call,
    row: &ApiRow,
    audience: Audience,
) -> Outcome<Vec<Value>> {
    let card = row.card();
    let names: Vec<&str> = card
        .get("policies")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let mut offered = Vec::new();
    for policy in policies::all(call, lifecycle::PolicyKind::Subscription).await? {
        let is_named = names.contains(&policy.name.as_str());
        if is_named && (audience == Audience::Publishers || policy.is_for(call)?) {
            offered.push(policies::shown(&policy)?);
        }
    }
    Ok(offered)
}

/// Name, version, context, owner and type stay what they are: another of them is another API.
pub(super) fn require_identity(row: &ApiRow, draft: &Draft) -> Outcome<()> {
    let slashed = draft
        .context
        .as_ref()
        .map(|context| format!("/{}", context.trim_start_matches('/')));
    let pairs = [
        ("name", &draft.name, &row.name),
        ("version", &draft.version, &row.version),
        ("context", &slashed, &row.context),
        ("type", &draft.kind, &row.kind),
    ];
    for (place, given, known) in pairs {
        if given.as_ref().is_some_and(|given| given != known) {
            let message = format!(
                "cannot be changed from `{known}`; create a new version or another API instead"
            );
            return Err(refusal::one("400", place, message));
        }
    }
    Ok(())
}

/// The definition brought in line with the operations, where these have changed.
async fn revised(call: &Call, row: &ApiRow, before: &Draft, draft: &Draft) -> Outcome<Value> {
    let document = row.document(call).await?;
    let operations = write::operations(draft);
    if operations == write::operations(before) {
        return Ok(document);
    }
    openapi::apply_operations(&document, &operations).map_err(refusal::of_definition)
}
