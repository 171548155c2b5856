//! Rows of `subscription` with the API and the application that they join.

use runtime::{
    Failure, Outcome, Value,
    db::{Statement, sql},
};
use serde::Deserialize;

use crate::{
    call::Call,
    devportal::application_row::{MINE, roles},
    guard,
};

/// A row of `subscription`.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct SubscriptionRow {
    pub(crate) id: String,
    pub(crate) application_id: String,
    pub(crate) api_id: String,
    pub(crate) plan: String,
    pub(crate) requested_plan: String,
    pub(crate) status: String,
    pub(crate) updated_at: i64,
    /// Whether somebody has to decide about its end.
    pub(crate) waits: i64,
}

impl SubscriptionRow {
    /// Its status as clients see it. It is in force while somebody decides about its end.
    pub(crate) fn status(&self) -> &str {
        if self.waits == 1 {
            "DELETE_PENDING"
        } else {
            &self.status
        }
    }

    /// Undoes the batch when the subscription was changed since it was read.
    pub(crate) fn unchanged(&self) -> Statement {
        guard::require("EXISTS (SELECT 1 FROM subscription WHERE id = ? AND updated_at = ?)")
            .bind(&self.id)
            .bind(self.updated_at)
    }
}

/// The status as clients see it, in SQL: for lists that narrow by it, and for those of other rows.
pub(crate) fn status_shown() -> String {
    format!("CASE WHEN {WAITS} THEN 'DELETE_PENDING' ELSE subscription.status END")
}

const COLUMNS: &str = "subscription.id, subscription.application_id, subscription.api_id, subscription.plan, \
    subscription.requested_plan, subscription.status, subscription.updated_at";
/// Whether somebody has to decide about its end.
const WAITS: &str = "EXISTS (SELECT 1 FROM workflow WHERE workflow.subject = subscription.id \
    AND workflow.status = 'CREATED' AND workflow.kind = 'SUBSCRIPTION_DELETION')";

/// The caller's subscriptions that meet further conditions, a part of them, and how many there are.
pub(crate) async fn own(
    call: &Call,
    conditions: &str,
    values: Vec<Value>,
    (limit, offset): (i64, i64),
) -> Outcome<(Vec<SubscriptionRow>, i64)> {
    #[derive(Deserialize)]
    struct Count {
        total: i64,
    }
    let from = format!(
        "FROM subscription JOIN application ON application.id = subscription.application_id \
         WHERE +subscription.organization = ? AND {MINE} {conditions}"
    );
    let mut all: Vec<Value> = vec![
        call.organization().into(),
        call.user()?.into(),
        roles(call).into(),
    ];
    all.extend(values);
    let with = |text: String| {
        all.iter()
            .cloned()
            .fold(sql(text), |query, value| query.bind(value))
    };
    let count: Option<Count> = call
        .db
        .first(with(format!("SELECT count(*) AS total {from}")))
        .await?;
    let rows = with(format!("SELECT {COLUMNS}, {WAITS} AS waits {from} ORDER BY subscription.created_at DESC, subscription.id LIMIT ? OFFSET ?"))
        .bind(limit)
        .bind(offset);
    Ok((
        call.db.all(rows).await?,
        count.map_or(0, |count| count.total),
    ))
}

/// The caller's subscription of that id.
pub(crate) async fn find(call: &Call, id: &str) -> Outcome<SubscriptionRow> {
    let (rows, _) = own(call, "AND subscription.id = ?", vec![id.into()], (1, 0)).await?;
    rows.into_iter()
        .next()
        .ok_or_else(|| Failure::code("900310"))
}
