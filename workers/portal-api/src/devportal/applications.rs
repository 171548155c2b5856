//! `/applications` and `/applications/{applicationId}`.

use lifecycle::search;
use runtime::{
    Failure, Outcome, Value,
    db::{Statement, sql},
    id, reply,
};
use serde::Deserialize;
use worker::Response;

use super::{
    application_body::Body,
    application_row::{self, ApplicationRow, COLUMNS},
    application_wishes, client_row, external_keys,
};
use crate::{
    apis::write,
    call::Call,
    deployments::note,
    etag, guard,
    page::Page,
    refusal,
    workflows::{self, Step},
};

/// `GET /applications`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    #[derive(Deserialize)]
    struct Count {
        total: i64,
    }
    let page = Page::of(call)?;
    let mut conditions = format!("+organization = ? AND {}", application_row::MINE);
    let mut values: Vec<Value> = vec![
        call.organization().into(),
        call.user()?.into(),
        application_row::roles(call).into(),
    ];
    if let Some(text) = call.query("query") {
        conditions.push_str(" AND instr(lower(name), ?) > 0");
        values.push(search::needle(text.strip_prefix("name:").unwrap_or(text)).into());
    }
    let with = |text: String| {
        values
            .iter()
            .cloned()
            .fold(sql(text), |query, value| query.bind(value))
    };
    let rows = with(format!(
        "SELECT {COLUMNS} FROM application WHERE {conditions} ORDER BY {} LIMIT ? OFFSET ?",
        order(call)?
    ))
    .bind(page.limit)
    .bind(page.offset);
    let rows: Vec<ApplicationRow> = call.db.all(rows).await?;
    let count: Option<Count> = call
        .db
        .first(with(format!(
            "SELECT count(*) AS total FROM application WHERE {conditions}"
        )))
        .await?;
    let total = count.map_or(0, |count| count.total);
    let list = rows.iter().map(ApplicationRow::line).collect();
    etag::content(call, &page.list(call, list, total))
}

/// `POST /applications`
pub(crate) async fn create(call: &Call) -> Outcome<Response> {
    let body: Body = call.json().await?;
    body.check(call).await?;
    let application = id::uuid()?;
    let statements = body.insert(call, &application, call.user()?).await?;
    call.db.batch(statements).await.map_err(name_taken)?;
    let row = application_row::find(call, &application).await?;
    let response = etag::changed(201, row.generation, &row.whole(Vec::new()))?;
    let location = format!("/api/am/devportal/v3/applications/{application}");
    reply::with_header(response, "location", &location)
}

/// `GET /applications/{applicationId}`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let row = application_row::of_path(call).await?;
    let keys = client_row::of_application(call, &row.id).await?;
    let shown = row.whole(keys.iter().map(client_row::ClientRow::shown).collect());
    etag::generation(call, row.generation, &shown)
}

/// `PUT /applications/{applicationId}`
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    let row = application_row::of_path(call).await?;
    etag::require_match(call, row.generation)?;
    let body: Body = call.json().await?;
    body.check(call).await?;
    body.keep_groups_to_owner(call, &row)?;
    let statements = body.update(call, &row).await?;
    guard::or(call.db.batch(statements).await, guard::changed_meanwhile).map_err(name_taken)?;
    let row = application_row::of_path(call).await?;
    let keys = client_row::of_application(call, &row.id).await?;
    let shown = row.whole(keys.iter().map(client_row::ClientRow::shown).collect());
    etag::changed(200, row.generation, &shown)
}

/// `DELETE /applications/{applicationId}`: with its keys, API keys and subscriptions; tokens stop with it.
pub(crate) async fn delete(call: &Call) -> Outcome<Response> {
    let row = application_row::of_path(call).await?;
    etag::require_match(call, row.generation)?;
    if row.owner != call.user()? {
        return Err(Failure::because(
            "900333",
            "an application is deleted by its owner",
        ));
    }
    match workflows::waits(call, Step::ApplicationDeletion).await? {
        // One that was never approved goes at once.
        Some(waits) if row.status == "APPROVED" => {
            application_wishes::ask_deletion(call, &row, &waits).await
        }
        _ => remove(call, &row).await,
    }
}

/// Deletes an application, whoever has the right to.
pub(crate) async fn remove(call: &Call, row: &ApplicationRow) -> Outcome<Response> {
    let clients = client_row::of_application(call, &row.id).await?;
    call.db.batch(removal(call, &row.id)?).await?;
    forget(call, &clients).await;
    reply::empty(200)
}

/// The statements that delete an application with all that it has.
pub(crate) fn removal(call: &Call, application: &str) -> Outcome<Vec<Statement>> {
    Ok(vec![
        sql("INSERT INTO outbox (writer, topic, subject, created_at) \
             SELECT 'portal-api', 'api-key', digest, ? FROM api_key WHERE application_id = ?")
        .bind(call.now)
        .bind(application),
        sql("INSERT INTO outbox (writer, topic, subject, created_at) \
             SELECT 'portal-api', 'client', client_id, ? FROM key_mapping WHERE application_id = ?")
        .bind(call.now)
        .bind(application),
        // A key that is for one API waits for another application.
        sql("UPDATE api_key SET application_id = NULL WHERE application_id = ? AND api_id IS NOT NULL")
            .bind(application),
        client_row::release("application_id = ?").bind(application),
        sql("DELETE FROM oauth_client WHERE application_id = ?").bind(application),
        sql(
            "DELETE FROM workflow WHERE status = 'CREATED' AND (subject = ?1 OR subject IN \
             (SELECT id FROM subscription WHERE application_id = ?1))",
        )
        .bind(application),
        sql("DELETE FROM application WHERE id = ?").bind(application),
        note("application", application, call),
        write::audit(call, "application.delete", application)?,
    ])
}

/// Ends what clients of an application that is gone have out there.
pub(crate) async fn forget(call: &Call, clients: &[client_row::ClientRow]) {
    for client in clients {
        client_row::revoke(call, &client.client_id).await;
        external_keys::forget(call, client).await;
    }
}

fn order(call: &Call) -> Outcome<String> {
    let column = match call.query("sortBy") {
        None | Some("name") => "name COLLATE NOCASE",
        Some("throttlingPolicy") => "policy",
        Some("status") => "application.status",
        Some(_) => {
            return Err(refusal::one(
                "900703",
                "sortBy",
                "is none of `name`, `throttlingPolicy`, `status`",
            ));
        }
    };
    match call.query("sortOrder") {
        None | Some("asc") => Ok(format!("{column} ASC, application.id")),
        Some("desc") => Ok(format!("{column} DESC, application.id")),
        Some(_) => Err(refusal::one(
            "900703",
            "sortOrder",
            "is neither `asc` nor `desc`",
        )),
    }
}

pub(crate) fn name_taken(failure: Failure) -> Failure {
    guard::taken(failure, "application.", Failure::code("900301"))
}
