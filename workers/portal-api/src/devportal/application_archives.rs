//! `/applications/export` and `/applications/import`: an application with its subscriptions as an archive. Keys stay
//! where they are: their secrets are not kept, and could not leave.

use archive::File;
use lifecycle::door;
use openapi::OutputFormat;
use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
    id, reply,
};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use super::{
    application_body::Body,
    application_row::{ApplicationRow, COLUMNS},
    applications, visible,
};
use crate::{
    apis::{row, write},
    call::Call,
    deployments::note,
    download,
    publisher::archive_import::described,
    refusal,
    upload::Upload,
    workflows::{self, Step},
};

/// `GET /applications/export?appName=&appOwner=`
pub(crate) async fn export(call: &Call) -> Outcome<Response> {
    let owner = call.query("appOwner").unwrap_or(call.user()?);
    let found = find(call, owner, call.required("appName")?).await?;
    let row = found.ok_or_else(|| Failure::code("900307"))?;
    let subscribed: Vec<Subscribed> = call
        .db
        .all(
            sql("SELECT api.name, api.version, api.provider, subscription.plan FROM subscription \
                 JOIN api ON api.id = subscription.api_id WHERE application_id = ? ORDER BY api.name, api.version")
            .bind(&row.id),
        )
        .await?;
    let data = json!({
        "applicationInfo": {
            "name": row.name,
            "owner": row.owner,
            "throttlingPolicy": row.policy,
            "description": row.description,
            "tokenType": row.token_type,
            "attributes": serde_json::from_str::<Value>(&row.attributes).unwrap_or_else(|_| json!({})),
        },
        "subscribedAPIs": subscribed.iter().map(Subscribed::shown).collect::<Vec<_>>(),
    });
    let (format, end) = match call.query("format").unwrap_or("YAML") {
        "YAML" => (OutputFormat::Yaml, "yaml"),
        "JSON" => (OutputFormat::Json, "json"),
        _ => {
            return Err(refusal::one(
                "900703",
                "format",
                "is neither `YAML` nor `JSON`",
            ));
        }
    };
    let tree = json!({"type": "application", "version": "v4.5.0", "data": data});
    let bytes = openapi::render(&tree, format).into_bytes();
    let file = File {
        path: format!("application/application.{end}"),
        bytes,
    };
    download::archive("application", &[file])
}

/// `POST /applications/import?preserveOwner=&appOwner=&update=&skipSubscriptions=`: 207 when some subscriptions could
/// not be made, with their APIs.
pub(crate) async fn import(call: &Call) -> Outcome<Response> {
    let package = read(call).await?;
    let said = package.application_info;
    let owner = match (call.query("appOwner"), call.flag("preserveOwner")?) {
        (Some(owner), _) => owner.to_owned(),
        (None, true) => said.owner().unwrap_or(call.user()?).to_owned(),
        (None, false) => call.user()?.to_owned(),
    };
    require_user(call, &owner).await?;
    said.check(call).await?;
    let existing = find(call, &owner, said.name()).await?;
    if existing.is_some() && !call.flag("update")? {
        let detail = format!("`{owner}` has an application of that name; `update=true` changes it");
        return Err(Failure::because("900301", detail));
    }
    let (application, mut statements) = match existing {
        Some(row) => (row.id.clone(), said.update(call, &row).await?),
        None => {
            let new = id::uuid()?;
            let statements = said.insert(call, &new, &owner).await?;
            (new, statements)
        }
    };
    let mut skipped = Vec::new();
    if !call.flag("skipSubscriptions")? {
        for one in &package.subscribed {
            match one.subscribe(call, &application).await? {
                Some(more) => statements.extend(more),
                None => skipped
                    .push(json!({"name": one.api_id.api_name, "version": one.api_id.version})),
            }
        }
    }
    call.db
        .batch(statements)
        .await
        .map_err(applications::name_taken)?;
    if !skipped.is_empty() {
        return reply::json(207, &json!({"count": skipped.len(), "list": skipped}));
    }
    let row = find_by_id(call, &application).await?;
    reply::json(200, &row.line())
}

async fn read(call: &Call) -> Outcome<Package> {
    let form = Upload::read(call).await?;
    let file = form
        .file("file")
        .await?
        .ok_or_else(|| refusal::one("900700", "file", "is missing"))?;
    let bounds = archive::Bounds {
        files: 20,
        bytes: 1024 * 1024,
    };
    let files = archive::read(&file.bytes, bounds)
        .map_err(|fault| refusal::one("400", "file", fault.to_string()))?;
    let path = files
        .iter()
        .find_map(|file| {
            let (path, end) = file.path.rsplit_once('.')?;
            let name = path.rsplit('/').next()?;
            (name == "application" && matches!(end, "yaml" | "yml" | "json")).then_some(path)
        })
        .ok_or_else(|| {
            refusal::one(
                "400",
                "file",
                "holds no `application.yaml` or `application.json`",
            )
        })?;
    let tree: Value = described(&files, path)?;
    door::parse(&tree.to_string()).map_err(|fault| refusal::several("400", vec![fault]))
}

async fn require_user(call: &Call, name: &str) -> Outcome<()> {
    let query =
        sql("SELECT id FROM user WHERE organization = ? AND username = ? AND status = 'ACTIVE'")
            .bind(call.organization())
            .bind(name);
    let found: Option<Value> = call.db.first(query).await?;
    found.map(drop).ok_or_else(|| {
        refusal::one(
            "900703",
            "appOwner",
            format!("there is no active user `{name}`"),
        )
    })
}

async fn find(call: &Call, owner: &str, name: &str) -> Outcome<Option<ApplicationRow>> {
    let query = sql(format!(
        "SELECT {COLUMNS} FROM application WHERE organization = ? AND owner = ? AND name = ?"
    ))
    .bind(call.organization())
    .bind(owner)
    .bind(name);
    call.db.first(query).await
}

async fn find_by_id(call: &Call, id: &str) -> Outcome<ApplicationRow> {
    let query = sql(format!(
        "SELECT {COLUMNS} FROM application WHERE id = ? AND organization = ?"
    ));
    let row = call
        .db
        .first(query.bind(id).bind(call.organization()))
        .await?;
    row.ok_or_else(|| Failure::code("900307"))
}

#[derive(Deserialize)]
struct Subscribed {
    name: String,
    version: String,
    provider: String,
    plan: String,
}

impl Subscribed {
    fn shown(&self) -> Value {
        json!({
            "apiId": {"providerName": self.provider, "apiName": self.name, "version": self.version},
            "throttlingPolicy": self.plan,
        })
    }
}

/// What an archive says.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Package {
    application_info: Body,
    #[serde(rename = "subscribedAPIs", default)]
    subscribed: Vec<Wanted>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Wanted {
    api_id: Named,
    throttling_policy: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Named {
    api_name: String,
    version: String,
}

impl Wanted {
    /// The statements that subscribe; none where there is no such API to subscribe to here, or not under that plan.
    async fn subscribe(&self, call: &Call, application: &str) -> Outcome<Option<Vec<Statement>>> {
        let Some(api) = row::named(call, &self.api_id.api_name, &self.api_id.version).await? else {
            return Ok(None);
        };
        let card = api.card();
        let is_offered = card
            .get("policies")
            .and_then(Value::as_array)
            .is_some_and(|plans| {
                plans
                    .iter()
                    .any(|plan| plan.as_str() == Some(&self.throttling_policy))
            });
        if api.state != "PUBLISHED" || !is_offered || visible::find(call, &api.id).await.is_err() {
            return Ok(None);
        }
        let subscription = id::uuid()?;
        let waits = workflows::waits(call, Step::NewSubscription).await?;
        let mut statements = vec![
            sql("INSERT INTO subscription (id, organization, application_id, api_id, plan, requested_plan, status, \
                 created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (application_id, api_id) DO NOTHING")
            .bind(&subscription)
            .bind(call.organization())
            .bind(application)
            .bind(&api.id)
            .bind(&self.throttling_policy)
            .bind(&self.throttling_policy)
            .bind(if waits.is_some() { "ON_HOLD" } else { "UNBLOCKED" })
            .bind(call.now)
            .bind(call.now),
            note("application", application, call),
            write::audit(call, "subscription.create", &subscription)?,
        ];
        if let Some(waits) = waits {
            let about = json!({"apiName": api.name, "apiVersion": api.version, "subscriptionTier": self.throttling_policy});
            let what = format!(
                "`{}` imports a subscription to `{}`",
                call.user()?,
                api.name
            );
            statements.extend(waits.ask(call, &subscription, (&what, &about))?);
        }
        Ok(Some(statements))
    }
}
