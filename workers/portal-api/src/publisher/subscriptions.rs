//! `/subscriptions`, as the owner of the APIs sees them.

use lifecycle::search;
use runtime::{Failure, Outcome, Value, db::sql, reply};
use serde::Deserialize;
use serde_json::json;
use worker::Response;

use crate::{
    apis::write, call::Call, deployments::note, etag, page::Page, refusal,
    subscriptions::status_shown,
};

/// `GET /subscriptions?apiId=`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let page = Page::of(call)?;
    let (conditions, values) = conditions(call);
    let bound = |text: &str, values: &[Value]| {
        let values = values.iter().cloned();
        values.fold(sql(text), |query, value| query.bind(value))
    };
    let joined = "application.id = subscription.application_id";
    // Those of one API are few; of all of them, the first by name are found by going through the names.
    let (from, all) = match call.query("apiId") {
        Some(_) => (
            format!("FROM subscription JOIN application ON {joined} WHERE {conditions}"),
            values.clone(),
        ),
        None => (
            format!(
                "FROM application CROSS JOIN subscription ON {joined} WHERE application.organization = ? AND {conditions}"
            ),
            [vec![call.organization().into()], values.clone()].concat(),
        ),
    };
    let rows = bound(
        &format!(
            "SELECT subscription.id, plan, {} AS status, application.id AS application_id, \
             application.name, application.owner, application.description, \
             (SELECT count(*) FROM subscription AS other WHERE other.application_id = application.id) AS subscriptions \
             {from} ORDER BY application.name COLLATE NOCASE, subscription.id LIMIT ? OFFSET ?",
            status_shown()
        ),
        &all,
    );
    let rows: Vec<Row> = call.db.all(rows.bind(page.limit).bind(page.offset)).await?;
    let shown = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let total = if shown < page.limit && (shown > 0 || page.offset == 0) {
        // The last page says how many there are.
        page.offset.saturating_add(shown)
    } else {
        // Of very many it is enough to know that there are very many.
        let most = page
            .offset
            .saturating_add(page.limit)
            .saturating_add(COUNTED);
        let counted = |from: &str, values: &[Value]| {
            let text = format!("SELECT count(*) AS total FROM (SELECT 1 {from} LIMIT ?)");
            bound(&text, values).bind(most)
        };
        let count = match (call.query("query"), call.query("apiId")) {
            (Some(_), _) => counted(&from, &all),
            (None, Some(_)) => counted(&format!("FROM subscription WHERE {conditions}"), &values),
            (None, None) => counted("FROM subscription WHERE organization = ?", &values),
        };
        let count: Option<Count> = call.db.first(count).await?;
        count.map_or(0, |count| count.total)
    };
    etag::content(
        call,
        &page.list(call, rows.iter().map(Row::shown).collect(), total),
    )
}

/// `POST /subscriptions/block-subscription?subscriptionId=&blockState=`
pub(crate) async fn block(call: &Call) -> Outcome<Response> {
    match call.required("blockState")? {
        state @ ("BLOCKED" | "PROD_ONLY_BLOCKED") => set(call, state, "subscription.block").await,
        _ => Err(refusal::one(
            "900703",
            "blockState",
            "is neither `BLOCKED` nor `PROD_ONLY_BLOCKED`",
        )),
    }
}

/// `POST /subscriptions/unblock-subscription?subscriptionId=`
pub(crate) async fn unblock(call: &Call) -> Outcome<Response> {
    set(call, "UNBLOCKED", "subscription.unblock").await
}

/// Sets the status of a subscription that is good or blocked; one that waits for approval is another matter.
async fn set(call: &Call, status: &str, action: &str) -> Outcome<Response> {
    let id = call.required("subscriptionId")?;
    let found: Option<Known> = call
        .db
        .first(
            sql(
                "SELECT application_id, status FROM subscription WHERE id = ? AND organization = ?",
            )
            .bind(id)
            .bind(call.organization()),
        )
        .await?;
    let known = found.ok_or_else(|| Failure::code("900310"))?;
    if !matches!(
        known.status.as_str(),
        "UNBLOCKED" | "BLOCKED" | "PROD_ONLY_BLOCKED"
    ) {
        return Err(Failure::because(
            "900318",
            format!("the subscription is in the state `{}`", known.status),
        ));
    }
    call.db
        .batch(vec![
            sql("UPDATE subscription SET status = ?, updated_at = ? WHERE id = ?")
                .bind(status)
                .bind(call.now)
                .bind(id),
            note("application", &known.application_id, call),
            write::audit(call, action, id)?,
        ])
        .await?;
    reply::empty(200)
}

fn conditions(call: &Call) -> (String, Vec<Value>) {
    // They are found by their API or their application, however many the organization has.
    let mut clauses = vec!["+subscription.organization = ?".to_owned()];
    let mut values: Vec<Value> = vec![call.organization().into()];
    if let Some(api) = call.query("apiId") {
        clauses.push("subscription.api_id = ?".to_owned());
        values.push(api.into());
    }
    for condition in search::parse(
        call.query("query").unwrap_or_default(),
        &["name", "plan", "subscriber", "status"],
    ) {
        let column = match condition.key.as_str() {
            "plan" => "subscription.plan".to_owned(),
            "subscriber" => "application.owner".to_owned(),
            "status" => status_shown(),
            _ => "application.name".to_owned(),
        };
        clauses.push(format!("instr(lower({column}), ?) > 0"));
        values.push(search::needle(&condition.value).into());
    }
    (clauses.join(" AND "), values)
}

impl Row {
    fn shown(&self) -> serde_json::Value {
        json!({
            "subscriptionId": self.id,
            "applicationInfo": {
                "applicationId": self.application_id,
                "name": self.name,
                "subscriber": self.owner,
                "description": self.description,
                "subscriptionCount": self.subscriptions,
            },
            "throttlingPolicy": self.plan,
            "subscriptionStatus": self.status,
        })
    }
}

#[derive(Deserialize)]
struct Row {
    id: String,
    plan: String,
    status: String,
    application_id: String,
    name: String,
    owner: String,
    description: String,
    subscriptions: i64,
}

#[derive(Deserialize)]
struct Known {
    application_id: String,
    status: String,
}

#[derive(Deserialize)]
struct Count {
    total: i64,
}

/// Subscriptions beyond a page that its `total` counts.
const COUNTED: i64 = 10_000;
