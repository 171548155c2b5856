//! `/applications`: everybody's.

use runtime::{Failure, Outcome, Value, db::sql, reply};
use serde::Deserialize;
use serde_json::json;
use worker::Response;

use crate::{
    apis::write,
    call::Call,
    deployments::note,
    devportal::{
        application_row::{ApplicationRow, COLUMNS},
        applications,
    },
    guard,
    page::Page,
    refusal,
};

/// `GET /applications?user=&name=`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    #[derive(Deserialize)]
    struct Count {
        total: i64,
    }
    let page = Page::of(call)?;
    let mut conditions = "organization = ?".to_owned();
    let mut values: Vec<Value> = vec![call.organization().into()];
    if let Some(user) = call.query("user") {
        conditions.push_str(" AND owner = ?");
        values.push(user.into());
    }
    if let Some(name) = call.query("name") {
        conditions.push_str(" AND instr(lower(name), ?) > 0");
        values.push(lifecycle::search::needle(name).into());
    }
    let with = |text: String| {
        values
            .iter()
            .cloned()
            .fold(sql(text), |query, value| query.bind(value))
    };
    let order = order(call)?;
    let count = with(format!(
        "SELECT count(*) AS total FROM application WHERE {conditions}"
    ));
    let count: Option<Count> = call.db.first(count).await?;
    let rows: Vec<ApplicationRow> = call
        .db
        .all(
            with(format!(
                "SELECT {COLUMNS} FROM application WHERE {conditions} ORDER BY {order} \
                 LIMIT ? OFFSET ?"
            ))
            .bind(page.limit)
            .bind(page.offset),
        )
        .await?;
    let list = rows.iter().map(line).collect();
    reply::json(
        200,
        &page.list(call, list, count.map_or(0, |count| count.total)),
    )
}

fn order(call: &Call) -> Outcome<String> {
    let column = match call.query("sortBy") {
        None | Some("name") => "name COLLATE NOCASE",
        Some("owner") => "owner",
        Some(_) => {
            return Err(refusal::one(
                "900703",
                "sortBy",
                "is neither `name` nor `owner`",
            ));
        }
    };
    let direction = if call.query("sortOrder") == Some("desc") {
        "DESC"
    } else {
        "ASC"
    };
    Ok(format!("{column} {direction}, application.id"))
}

/// WSO2's `ApplicationInfo` of the admin API.
fn line(row: &ApplicationRow) -> serde_json::Value {
    let mut line = row.line();
    if let serde_json::Value::Object(members) = &mut line {
        members.insert("groupId".to_owned(), json!(""));
    }
    line
}

/// `GET /applications/{applicationId}`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    reply::json(200, &find(call).await?.line())
}

/// `DELETE /applications/{applicationId}`
pub(crate) async fn delete(call: &Call) -> Outcome<Response> {
    let row = find(call).await?;
    applications::remove(call, &row).await
}

/// `POST /applications/{applicationId}/change-owner?owner=`
pub(crate) async fn change_owner(call: &Call) -> Outcome<Response> {
    let row = find(call).await?;
    let owner = call.required("owner")?;
    give(call, &row, owner, &row.token_type).await?;
    reply::empty(200)
}

/// `POST /applications/{applicationId}/change-settings`: another owner or kind of token.
pub(crate) async fn change_settings(call: &Call) -> Outcome<Response> {
    let row = find(call).await?;
    let body: Body = call.json().await?;
    let kind = body.token_type.as_deref().unwrap_or(&row.token_type);
    if !["JWT", "OAUTH"].contains(&kind) {
        return Err(refusal::one(
            "400",
            "tokenType",
            "is neither `JWT` nor `OAUTH`",
        ));
    }
    give(
        call,
        &row,
        body.owner.as_deref().unwrap_or(&row.owner),
        kind,
    )
    .await?;
    reply::json(200, &find(call).await?.line())
}

/// The application with its clients goes to somebody else; what its tokens and keys say of their owner is told anew.
async fn give(call: &Call, row: &ApplicationRow, owner: &str, token_type: &str) -> Outcome<()> {
    let known: Option<serde_json::Value> = call
        .db
        .first(
            sql(
                "SELECT id FROM user WHERE organization = ? AND username = ? AND status = 'ACTIVE'",
            )
            .bind(call.organization())
            .bind(owner),
        )
        .await?;
    known.ok_or_else(|| {
        refusal::one("400", "owner", format!("there is no active user `{owner}`"))
    })?;
    let statements = vec![
        guard::unchanged("application", &row.id, row.generation),
        sql("UPDATE application SET owner = ?, token_type = ?, generation = generation + 1, updated_at = ? WHERE id = ?")
            .bind(owner)
            .bind(token_type)
            .bind(call.now)
            .bind(&row.id),
        sql("UPDATE oauth_client SET owner = ? WHERE application_id = ?").bind(owner).bind(&row.id),
        sql("INSERT INTO outbox (writer, topic, subject, created_at) \
             SELECT 'portal-api', 'api-key', digest, ? FROM api_key WHERE application_id = ?")
        .bind(call.now)
        .bind(&row.id),
        note("application", &row.id, call),
        write::audit(call, "application.change-owner", &row.id)?,
    ];
    guard::or(call.db.batch(statements).await, guard::changed_meanwhile).map_err(|failure| {
        let instead = Failure::because(
            "900301",
            format!("`{owner}` has an application or a client of that name"),
        );
        match failure {
            Failure::Problem(problem) if problem.description().contains("already taken") => instead,
            other @ (Failure::Problem(_) | Failure::Internal(_)) => other,
        }
    })?;
    Ok(())
}

async fn find(call: &Call) -> Outcome<ApplicationRow> {
    let query = sql(format!(
        "SELECT {COLUMNS} FROM application WHERE id = ? AND organization = ?"
    ));
    call.db
        .first(
            query
                .bind(call.path("applicationId"))
                .bind(call.organization()),
        )
        .await?
        .ok_or_else(|| Failure::code("900307"))
}

/// WSO2's `ApplicationUpdateRequest`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
struct Body {
    owner: Option<String>,
    token_type: Option<String>,
}
