//! `/reports`: statistics that are sent by the clock, by mail and to webhooks.

mod body;
mod row;
mod send;

use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
    id, reply,
};
use worker::{Env, Response};

use self::{
    body::Body,
    row::{COLUMNS, Report},
};
use crate::{alerts::deliver, apis::write, call::Call, etag, guard, page, refusal};

/// `GET /reports`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let all = sql(format!(
        "SELECT {COLUMNS} FROM report WHERE organization = ? ORDER BY name, id"
    ));
    let rows: Vec<Report> = call.db.all(all.bind(call.organization())).await?;
    let list = rows.iter().map(Report::shown).collect::<Outcome<_>>()?;
    reply::json(200, &page::whole(list))
}

/// `POST /reports`
pub(crate) async fn create(call: &Call) -> Outcome<Response> {
    let body: Body = call.json().await?;
    let next = body.check(call).await?;
    let report = id::uuid()?;
    let room = guard::require("(SELECT count(*) FROM report WHERE organization = ?) < ?")
        .bind(call.organization())
        .bind(MOST);
    let insert = sql(
        "INSERT INTO report (id, organization, owner, created_at, name, schedule, days, question, format, emails, \
         webhooks, next_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&report)
    .bind(call.organization())
    .bind(call.user()?)
    .bind(call.now);
    let batch = vec![
        room,
        body.bound(insert, next, call)?,
        write::audit(call, "report.create", &report)?,
    ];
    let made = guard::or(call.db.batch(batch).await, || {
        let help = format!("there are {MOST} reports already; delete those that nobody reads");
        refusal::one("400", "", help)
    });
    made.map_err(name_taken)?;
    let row = find(call, &report).await?;
    let response = etag::changed(201, row.generation, &row.shown()?)?;
    let location = format!("/api/am/analytics/v1/reports/{report}");
    reply::with_header(response, "location", &location)
}

/// `GET /reports/{reportId}`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let row = find(call, call.path("reportId")).await?;
    etag::generation(call, row.generation, &row.shown()?)
}

/// `PUT /reports/{reportId}`
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    let row = find(call, call.path("reportId")).await?;
    etag::require_match(call, row.generation)?;
    let body: Body = call.json().await?;
    let next = body.check(call).await?;
    let change = sql(
        "UPDATE report SET generation = generation + 1, name = ?, schedule = ?, days = ?, question = ?, format = ?, \
         emails = ?, webhooks = ?, next_at = ?, updated_at = ? WHERE id = ?",
    );
    let batch = vec![
        unchanged(&row),
        body.bound(change, next, call)?.bind(&row.id),
        write::audit(call, "report.update", &row.id)?,
    ];
    guard::or(call.db.batch(batch).await, guard::changed_meanwhile).map_err(name_taken)?;
    let row = find(call, &row.id).await?;
    etag::changed(200, row.generation, &row.shown()?)
}

/// `DELETE /reports/{reportId}`: what of it is on its way is given up.
pub(crate) async fn delete(call: &Call) -> Outcome<Response> {
    let row = find(call, call.path("reportId")).await?;
    etag::require_match(call, row.generation)?;
    let batch = vec![
        unchanged(&row),
        sql("DELETE FROM alert_delivery WHERE rule = ?").bind(&row.id),
        sql("DELETE FROM report WHERE id = ?").bind(&row.id),
        write::audit(call, "report.delete", &row.id)?,
    ];
    guard::or(call.db.batch(batch).await, guard::changed_meanwhile)?;
    reply::empty(204)
}

/// `POST /reports/{reportId}/send`: now, beside what the clock sends.
pub(crate) async fn send_now(call: &Call) -> Outcome<Response> {
    let row = find(call, call.path("reportId")).await?;
    let messages = send::messages(&call.env, &row, call.now).await?;
    let count = messages.len();
    call.db.batch(messages).await?;
    deliver::due(&call.env, call.now).await?;
    reply::json(202, &serde_json::json!({"messages": count}))
}

/// What is due by the clock; a failure is for the log, and the next minute tries again.
pub(crate) async fn send_or_log(env: &Env) {
    if let Err(failure) = send::due(env, runtime::clock::now()).await {
        worker::console_error!("reports: {failure:?}");
    }
}

async fn find(call: &Call, report: &str) -> Outcome<Report> {
    let one = sql(format!(
        "SELECT {COLUMNS} FROM report WHERE id = ? AND organization = ?"
    ));
    let row: Option<Report> = call
        .db
        .first(one.bind(report).bind(call.organization()))
        .await?;
    row.ok_or_else(|| Failure::because("404", "there is no such report"))
}

fn unchanged(row: &Report) -> Statement {
    guard::unchanged("report", &row.id, row.generation)
}

fn name_taken(failure: Failure) -> Failure {
    let instead = Failure::because("409", "you have a report of this name already");
    guard::taken(failure, "report.", instead)
}

const MOST: i64 = 100;
