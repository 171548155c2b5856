//! `/apis/{apiId}/revenue` and `/subscriptions/{subscriptionId}/usage`: what an API earns, and what a subscription costs, so far
//! in the month; by the calls that were counted (docs/decisions/0019).

use std::collections::BTreeMap;

use lifecycle::defaults::without_nulls;
use runtime::{Failure, Outcome, db::sql, reply};
use serde_json::{Map, Value, json};
use usage::Dimension;
use worker::Response;

use super::{Month, Row, SUBSCRIPTIONS, Used, counts};
use crate::{apis::row, call::Call, subscriptions};

/// `GET /apis/{apiId}/revenue?month=`
pub(crate) async fn revenue(call: &Call) -> Outcome<Response> {
    let api = row::either(call).await?;
    let month = Month::of_or_running(call)?;
    let rows: Vec<Row> = call
        .db
        .all(
            sql(format!(
                "{SUBSCRIPTIONS} WHERE +s.organization = ? AND s.api_id = ? LIMIT ?"
            ))
            .bind(call.organization())
            .bind(&api.id)
            .bind(MOST),
        )
        .await?;
    let used = used(call, &month, (Dimension::Api, api.id), rows).await?;
    let mut totals: BTreeMap<&str, u64> = BTreeMap::new();
    for invoice in used.iter().filter_map(|one| one.invoice.as_ref()) {
        let sum = totals.entry(invoice.currency.as_str()).or_default();
        *sum = sum.saturating_add(invoice.total_minor);
    }
    let calls = used
        .iter()
        .fold(0_u64, |sum, one| sum.saturating_add(one.counted));
    let mut properties = Map::new();
    properties.insert("month".to_owned(), json!(month.name));
    properties.insert("subscriptions".to_owned(), json!(used.len().to_string()));
    properties.insert("calls".to_owned(), json!(calls.to_string()));
    for (currency, minor) in totals {
        let name = format!("total.{currency}");
        properties.insert(name, json!(billing::minor_text(minor, currency)));
    }
    reply::json(200, &json!({"properties": properties}))
}

/// `GET /subscriptions/{subscriptionId}/usage?month=` of the publisher.
pub(crate) async fn for_publishers(call: &Call) -> Outcome<Response> {
    usage(call, call.path("subscriptionId")).await
}

/// `GET /subscriptions/{subscriptionId}/usage?month=` of the developer portal: of a subscription of one's own.
pub(crate) async fn for_consumers(call: &Call) -> Outcome<Response> {
    let own = subscriptions::find(call, call.path("subscriptionId")).await?;
    usage(call, &own.id).await
}

async fn usage(call: &Call, id: &str) -> Outcome<Response> {
    let month = Month::of_or_running(call)?;
    let query = sql(format!(
        "{SUBSCRIPTIONS} WHERE s.organization = ? AND s.id = ?"
    ));
    let rows: Vec<Row> = call
        .db
        .all(query.bind(call.organization()).bind(id))
        .await?;
    let application = rows.first().map(|row| row.application_id.clone());
    let application = application.ok_or_else(|| Failure::code("900310"))?;
    let used = used(call, &month, (Dimension::Application, application), rows).await?;
    let one = used.first().ok_or_else(|| Failure::code("900310"))?;
    let invoice = one.invoice.as_ref();
    let total = invoice.map(|it| billing::minor_text(it.total_minor, it.currency.as_str()));
    let properties = without_nulls(json!({
        "month": month.name,
        "plan": one.row.plan,
        "calls": one.counted.to_string(),
        "currency": invoice.map(|it| it.currency.as_str()),
        "total": total,
        "fault": one.fault,
    }));
    reply::json(200, &json!({"properties": properties}))
}

async fn used(
    call: &Call,
    month: &Month,
    (dimension, of): (Dimension, String),
    rows: Vec<Row>,
) -> Outcome<Vec<Used>> {
    let counts = counts(call, (dimension, vec![of]), month).await?;
    rows.into_iter()
        .map(|row| {
            let key = (row.application_id.clone(), row.api_id.clone());
            let counted = counts.get(&key).copied().unwrap_or_default();
            Used::new(row, None, counted)
        })
        .collect()
}

/// The prices of an API's plans by name, for people; of those that have one.
pub(crate) async fn prices(call: &Call, plans: &[&str]) -> Outcome<Map<String, Value>> {
    let mut found = Map::new();
    for policy in crate::policies::all(call, lifecycle::PolicyKind::Subscription).await? {
        if !plans.contains(&policy.name.as_str()) {
            continue;
        }
        if let Ok(Some(price)) = super::price_of(Some(&policy.body()?)) {
            found.insert(policy.name, json!(price.to_string()));
        }
    }
    Ok(found)
}

/// Subscriptions that are added up; an API with more of them is one to ask `/billing/usage` about, page by page.
const MOST: i64 = 10_000;
