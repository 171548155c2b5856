//! `/applications` and `/applications/{applicationId}`.

use lifecycle::{Fault, PolicyKind, search};
use runtime::{Failure, Outcome, Value, db::sql, id, reply};
use serde::Deserialize;
use serde_json::{Map, json};
use worker::Response;

use super::{
    application_row::{self, ApplicationRow, COLUMNS},
    client_row, external_keys,
};
use crate::{
    apis::write,
    call::Call,
    deployments::note,
    etag, guard,
    page::Page,
    policies, refusal, tenant,
    workflows::{self, Step},
};

/// `GET /applications`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    #[derive(Deserialize)]
    struct Count {
        total: i64,
    }
    let page = Page::of(call)?;
    let mut conditions = "organization = ? AND owner = ?".to_owned();
    let mut values: Vec<Value> = vec![call.organization().into(), call.user()?.into()];
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
    let waits = workflows::waits(call, Step::NewApplication).await?;
    let about = json!({"applicationName": body.name.trim(), "userName": call.user()?, "applicationTier": body.throttling_policy});
    let name = body.name.trim().to_owned();
    let insert = sql(
        "INSERT INTO application (id, organization, owner, name, policy, description, token_type, attributes, \
         status, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&application)
    .bind(call.organization())
    .bind(call.user()?)
    .bind(body.name.trim())
    .bind(&body.throttling_policy)
    .bind(body.description.unwrap_or_default())
    .bind(body.token_type.unwrap_or_else(|| "JWT".to_owned()))
    .bind(json!(body.attributes.unwrap_or_default()).to_string())
    .bind(if waits { "CREATED" } else { "APPROVED" })
    .bind(call.now)
    .bind(call.now);
    let mut statements = vec![
        insert,
        note("application", &application, call),
        write::audit(call, "application.create", &application)?,
    ];
    if waits {
        let what = format!("`{}` wants an application `{name}`", call.user()?);
        statements.extend(workflows::ask(
            call,
            Step::NewApplication,
            &application,
            (&what, &about),
        )?);
    }
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
    let change = sql(
        "UPDATE application SET name = ?, policy = ?, description = ?, token_type = ?, attributes = ?, \
         generation = generation + 1, updated_at = ? WHERE id = ?",
    )
    .bind(body.name.trim())
    .bind(&body.throttling_policy)
    .bind(body.description.unwrap_or_default())
    .bind(body.token_type.unwrap_or(row.token_type))
    .bind(body.attributes.map_or(row.attributes, |given| json!(given).to_string()))
    .bind(call.now)
    .bind(&row.id);
    let statements = vec![
        guard::require("EXISTS (SELECT 1 FROM application WHERE id = ? AND generation = ?)")
            .bind(&row.id)
            .bind(row.generation),
        change,
        note("application", &row.id, call),
        write::audit(call, "application.update", &row.id)?,
    ];
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
    remove(call, &row).await
}

/// Deletes an application, whoever has the right to.
pub(crate) async fn remove(call: &Call, row: &ApplicationRow) -> Outcome<Response> {
    let clients = client_row::of_application(call, &row.id).await?;
    let mut statements = vec![
        sql("INSERT INTO outbox (writer, topic, subject, created_at) \
             SELECT 'portal-api', 'api-key', digest, ? FROM api_key WHERE application_id = ?")
        .bind(call.now)
        .bind(&row.id),
        sql("INSERT INTO outbox (writer, topic, subject, created_at) \
             SELECT 'portal-api', 'client', client_id, ? FROM key_mapping WHERE application_id = ?")
        .bind(call.now)
        .bind(&row.id),
        client_row::release("application_id = ?").bind(&row.id),
        sql("DELETE FROM oauth_client WHERE application_id = ?").bind(&row.id),
        sql(
            "DELETE FROM workflow WHERE status = 'CREATED' AND (subject = ? OR subject IN \
             (SELECT id FROM subscription WHERE application_id = ?))",
        )
        .bind(&row.id)
        .bind(&row.id),
        sql("DELETE FROM application WHERE id = ?").bind(&row.id),
        note("application", &row.id, call),
    ];
    statements.push(write::audit(call, "application.delete", &row.id)?);
    call.db.batch(statements).await?;
    for client in &clients {
        client_row::revoke(call, &client.client_id).await;
        external_keys::forget(call, client).await;
    }
    reply::empty(200)
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

fn name_taken(failure: Failure) -> Failure {
    guard::taken(failure, "application.", Failure::code("900301"))
}

/// WSO2's `Application` as clients send it; what the platform says of it is only read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
struct Body {
    name: String,
    throttling_policy: String,
    description: Option<String>,
    token_type: Option<String>,
    attributes: Option<Map<String, serde_json::Value>>,
    groups: Option<Vec<String>>,
    visibility: Option<String>,
    #[serde(rename = "applicationId")]
    _id: Option<String>,
    #[serde(rename = "status")]
    _status: Option<String>,
    #[serde(rename = "subscriptionCount")]
    _subscriptions: Option<i64>,
    #[serde(rename = "keys")]
    _keys: Option<serde_json::Value>,
    #[serde(rename = "subscriptionScopes")]
    _scopes: Option<serde_json::Value>,
    #[serde(rename = "owner")]
    _owner: Option<String>,
    #[serde(rename = "hashEnabled")]
    _hashed: Option<bool>,
    #[serde(rename = "createdTime")]
    _created: Option<String>,
    #[serde(rename = "updatedTime")]
    _updated: Option<String>,
}

impl Body {
    async fn check(&self, call: &Call) -> Outcome<()> {
        refusal::unless_empty("400", self.faults())?;
        let (config, _) = tenant::read(call).await?;
        let nothing = Map::new();
        let said = self.attributes.as_ref().unwrap_or(&nothing);
        refusal::unless_empty("900970", config.missing(said))?;
        policies::require(
            call,
            PolicyKind::Application,
            "throttlingPolicy",
            &self.throttling_policy,
        )
        .await
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut add = |place: &str, message: &str| {
            faults.push(Fault {
                place: place.to_owned(),
                message: message.to_owned(),
            });
        };
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
            add(
                "name",
                "is not 1 to 100 characters without control characters",
            );
        }
        if self
            .description
            .as_ref()
            .is_some_and(|text| text.chars().count() > 512)
        {
            add("description", "is longer than 512 characters");
        }
        if self
            .token_type
            .as_deref()
            .is_some_and(|kind| !["JWT", "OAUTH"].contains(&kind))
        {
            add("tokenType", "is neither `JWT` nor `OAUTH`");
        }
        if self
            .groups
            .as_ref()
            .is_some_and(|groups| !groups.is_empty())
        {
            add(
                "groups",
                "applications are not shared with groups yet; leave it out",
            );
        }
        if self
            .visibility
            .as_deref()
            .is_some_and(|word| word != "PRIVATE")
        {
            add(
                "visibility",
                "is not `PRIVATE`; applications are not shared yet",
            );
        }
        if json!(self.attributes).to_string().len() > ATTRIBUTES_LIMIT {
            add("attributes", "is longer than 16 KiB");
        }
        faults
    }
}

const ATTRIBUTES_LIMIT: usize = 16 * 1024;
