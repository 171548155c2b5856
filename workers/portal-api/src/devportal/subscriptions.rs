//! `/subscriptions`, as consumers see theirs.

use std::collections::BTreeMap;

use lifecycle::{Fault, PolicyKind};
use runtime::{
    Failure, Outcome, Value,
    db::{Statement, sql},
    id, reply,
};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use worker::Response;

use super::{
    apis,
    application_row::{self, ApplicationRow},
    visible,
};
use crate::{
    apis::{
        ApiRow,
        row::{self, COLUMNS},
        write,
    },
    call::Call,
    deployments::note,
    etag, guard,
    page::Page,
    policies, refusal,
    subscriptions::{self, SubscriptionRow},
    workflows::{self, Step, Waits},
};

/// `GET /subscriptions?apiId=&applicationId=`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let page = Page::of(call)?;
    let mut conditions = String::new();
    let mut values: Vec<Value> = Vec::new();
    if let Some(api) = call.query("apiId") {
        conditions.push_str(" AND subscription.api_id = ?");
        values.push(api.into());
    }
    if let Some(application) = call.query("applicationId") {
        application_row::find(call, application).await?;
        conditions.push_str(" AND subscription.application_id = ?");
        values.push(application.into());
    }
    let (rows, total) =
        subscriptions::own(call, &conditions, values, (page.limit, page.offset)).await?;
    etag::content(call, &page.list(call, shown_all(call, &rows).await?, total))
}

/// `POST /subscriptions`
pub(crate) async fn create(call: &Call) -> Outcome<Response> {
    let body: Body = call.json().await?;
    let (subscription, statements) = body.insert(call).await?;
    guard::or(call.db.batch(statements).await, lost_race).map_err(already_there)?;
    let row = subscriptions::find(call, &subscription).await?;
    let response = etag::changed(201, row.updated_at, &shown(call, &row).await?)?;
    let location = format!("/api/am/devportal/v3/subscriptions/{subscription}");
    reply::with_header(response, "location", &location)
}

/// `POST /subscriptions/multiple`: all or none.
pub(crate) async fn create_several(call: &Call) -> Outcome<Response> {
    let bodies: Vec<Body> = call.json().await?;
    if bodies.is_empty() || bodies.len() > SEVERAL_LIMIT {
        return Err(refusal::one(
            "400",
            "",
            format!("send 1 to {SEVERAL_LIMIT} subscriptions"),
        ));
    }
    let mut made = Vec::new();
    let mut statements = Vec::new();
    for body in bodies {
        let (subscription, insert) = body.insert(call).await?;
        made.push(subscription);
        statements.extend(insert);
    }
    guard::or(call.db.batch(statements).await, lost_race).map_err(already_there)?;
    let mut rows = Vec::new();
    for subscription in &made {
        rows.push(subscriptions::find(call, subscription).await?);
    }
    reply::json(200, &shown_all(call, &rows).await?)
}

/// `GET /subscriptions/{subscriptionId}`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let row = subscriptions::find(call, call.path("subscriptionId")).await?;
    etag::generation(call, row.updated_at, &shown(call, &row).await?)
}

/// `PUT /subscriptions/{subscriptionId}`: another plan.
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    let row = subscriptions::find(call, call.path("subscriptionId")).await?;
    let body: Body = call.json().await?;
    let wanted = body
        .requested_throttling_policy
        .clone()
        .unwrap_or_else(|| body.throttling_policy.clone());
    if body.application_id != row.application_id {
        return Err(refusal::one(
            "400",
            "applicationId",
            "cannot be changed; subscribe the other application instead",
        ));
    }
    etag::require_match(call, row.updated_at)?;
    let api = row::find(call, &row.api_id).await?;
    require_plan(call, &api, &wanted).await?;
    let waits = if wanted == row.plan {
        None
    } else {
        workflows::waits(call, Step::OtherPlan).await?
    };
    let (plan, status) = after_wish(&row, &wanted, waits.is_some())?;
    let mut statements = vec![
        row.unchanged(),
        sql("UPDATE subscription SET plan = ?, requested_plan = ?, status = ?, updated_at = max(?, updated_at + 1) WHERE id = ?")
            .bind(plan)
            .bind(&wanted)
            .bind(status)
            .bind(call.now)
            .bind(&row.id),
        note("application", &row.application_id, call),
        write::audit(call, "subscription.update", &row.id)?,
    ];
    if let Some(waits) = waits {
        let about = json!({"apiName": api.name, "apiVersion": api.version, "currentTier": row.plan, "requestedTier": wanted});
        let what = format!(
            "`{}` wants `{wanted}` instead of `{}` of `{}`",
            call.user()?,
            row.plan,
            api.name
        );
        statements.push(workflows::withdraw(&row.id));
        statements.extend(waits.ask(call, &row.id, (&what, &about))?);
    } else if row.status != "ON_HOLD" {
        statements.push(workflows::withdraw(&row.id));
    }
    guard::or(call.db.batch(statements).await, guard::changed_meanwhile)?;
    let row = subscriptions::find(call, &row.id).await?;
    etag::changed(200, row.updated_at, &shown(call, &row).await?)
}

/// The plan that is in force and the status, once another plan is wished for.
fn after_wish<'a>(
    row: &'a SubscriptionRow,
    wanted: &'a str,
    waits: bool,
) -> Outcome<(&'a str, &'a str)> {
    match (waits, row.status.as_str()) {
        (true, "UNBLOCKED" | "TIER_UPDATE_PENDING") => Ok((&row.plan, "TIER_UPDATE_PENDING")),
        (true, status) => {
            let detail = format!("the subscription is in the state `{status}`");
            Err(Failure::because("900318", detail))
        }
        (false, "TIER_UPDATE_PENDING") => Ok((wanted, "UNBLOCKED")),
        (false, status) => Ok((wanted, status)),
    }
}

/// WSO2's `Subscription` as clients send it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
struct Body {
    application_id: String,
    api_id: Option<String>,
    throttling_policy: String,
    requested_throttling_policy: Option<String>,
    #[serde(rename = "subscriptionId")]
    _id: Option<String>,
    #[serde(rename = "apiInfo")]
    _api: Option<Json>,
    #[serde(rename = "applicationInfo")]
    _application: Option<Json>,
    #[serde(rename = "status")]
    _status: Option<String>,
    #[serde(rename = "redirectionParams")]
    _redirection: Option<String>,
}

impl Body {
    /// The new id and the statements that make it. What was checked before is required again inside the batch.
    async fn insert(&self, call: &Call) -> Outcome<(String, Vec<Statement>)> {
        let Some(api_id) = self.api_id.as_deref() else {
            return Err(refusal::several(
                "400",
                vec![Fault {
                    place: "apiId".into(),
                    message: "is missing".into(),
                }],
            ));
        };
        let application = application_row::find(call, &self.application_id).await?;
        let api = visible::find(call, api_id).await?;
        if api.state != "PUBLISHED" {
            let detail = format!(
                "the API is in the state `{}`; only published APIs take subscriptions",
                api.state
            );
            return Err(Failure::because("902019", detail));
        }
        require_plan(call, &api, &self.throttling_policy).await?;
        if application.status != "APPROVED" {
            return Err(Failure::code("900309"));
        }
        let subscription = id::uuid()?;
        let waits = workflows::waits(call, Step::NewSubscription).await?;
        let mut statements = vec![
            guard::require(
                "EXISTS (SELECT 1 FROM api WHERE id = ? AND state = 'PUBLISHED') \
                 AND EXISTS (SELECT 1 FROM application WHERE id = ? AND status = 'APPROVED')",
            )
            .bind(&api.id)
            .bind(&application.id),
            sql("INSERT INTO subscription (id, organization, application_id, api_id, plan, requested_plan, status, created_at, \
                 updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(&subscription)
            .bind(call.organization())
            .bind(&application.id)
            .bind(&api.id)
            .bind(&self.throttling_policy)
            .bind(&self.throttling_policy)
            .bind(if waits.is_some() { "ON_HOLD" } else { "UNBLOCKED" })
            .bind(call.now)
            .bind(call.now),
            note("application", &application.id, call),
            write::audit(call, "subscription.create", &subscription)?,
        ];
        if let Some(waits) = waits {
            statements.extend(self.ask(call, &waits, &subscription, (&api, &application))?);
        }
        Ok((subscription, statements))
    }
}

impl Body {
    /// Has an administrator asked.
    fn ask(
        &self,
        call: &Call,
        waits: &Waits,
        subscription: &str,
        (api, application): (&ApiRow, &ApplicationRow),
    ) -> Outcome<Vec<Statement>> {
        let about = json!({
            "apiName": api.name,
            "apiVersion": api.version,
            "applicationName": application.name,
            "subscriber": call.user()?,
            "subscriptionTier": self.throttling_policy,
        });
        let what = format!(
            "`{}` wants `{}` for `{}`",
            call.user()?,
            api.name,
            application.name
        );
        waits.ask(call, subscription, (&what, &about))
    }
}

/// The plan has to be one of those that the API offers to the caller.
async fn require_plan(call: &Call, api: &ApiRow, plan: &str) -> Outcome<()> {
    let card = api.card();
    let offered: Vec<&str> = card
        .get("policies")
        .and_then(Json::as_array)
        .into_iter()
        .flatten()
        .filter_map(Json::as_str)
        .collect();
    if offered.contains(&plan) {
        let policy = policies::by_name(call, PolicyKind::Subscription, plan).await?;
        if policy.is_for(call)? {
            return Ok(());
        }
        let help = format!("`{plan}` is not for your roles; choose another plan");
        return Err(refusal::one("902018", "throttlingPolicy", help));
    }
    let offered = offered.join("`, `");
    Err(refusal::one(
        "902018",
        "throttlingPolicy",
        format!("the API offers `{offered}`, not `{plan}`"),
    ))
}

fn lost_race() -> Failure {
    Failure::because(
        "902019",
        "the API or the application was changed at the same time; look at it and try again",
    )
}

fn already_there(failure: Failure) -> Failure {
    guard::taken(failure, "subscription.", Failure::code("900336"))
}

async fn shown(call: &Call, row: &SubscriptionRow) -> Outcome<Json> {
    let mut all = shown_all(call, std::slice::from_ref(row)).await?;
    all.pop().ok_or_else(|| Failure::code("900310"))
}

/// WSO2's `Subscription`s, their APIs and applications read at once.
async fn shown_all(call: &Call, rows: &[SubscriptionRow]) -> Outcome<Vec<Json>> {
    let ids = |pick: fn(&SubscriptionRow) -> &String| {
        json!(rows.iter().map(pick).collect::<Vec<_>>()).to_string()
    };
    let found: Vec<ApiRow> = call
        .db
        .all(
            sql(format!(
                "SELECT {COLUMNS} FROM api WHERE id IN (SELECT value FROM json_each(?))"
            ))
            .bind(ids(|row| &row.api_id)),
        )
        .await?;
    let applications: Vec<ApplicationRow> = call
        .db
        .all(
            sql(format!(
                "SELECT {} FROM application WHERE id IN (SELECT value FROM json_each(?))",
                application_row::COLUMNS
            ))
            .bind(ids(|row| &row.application_id)),
        )
        .await?;
    let found: BTreeMap<&str, &ApiRow> = found.iter().map(|row| (row.id.as_str(), row)).collect();
    let applications: BTreeMap<&str, &ApplicationRow> = applications
        .iter()
        .map(|row| (row.id.as_str(), row))
        .collect();
    Ok(rows
        .iter()
        .map(|row| {
            json!({
                "subscriptionId": row.id,
                "applicationId": row.application_id,
                "apiId": row.api_id,
                "apiInfo": found.get(row.api_id.as_str()).map(|api| apis::line(api)),
                "applicationInfo": applications.get(row.application_id.as_str()).map(|application| application.line()),
                "throttlingPolicy": row.plan,
                "requestedThrottlingPolicy": row.requested_plan,
                "status": row.status(),
            })
        })
        .collect())
}

/// One batch, one answer: more is a list to be worked off.
const SEVERAL_LIMIT: usize = 50;
