//! `/adoption`: who looked at APIs, subscribed to them and called them, and how applications and subscriptions grew.

use std::collections::{BTreeMap, BTreeSet};

use model::Timestamp;
use runtime::{Db, Outcome, call as service, db::sql, reply};
use serde::Deserialize;
use serde_json::json;
use usage::{Answer, Dimension, Filter, Granularity, Query};
use worker::Response;

use crate::{analytics, call::Call, time::iso};

/// `GET /adoption`
pub(crate) async fn adoption(call: &Call) -> Outcome<Response> {
    let asked = analytics::query(call).await?;
    let (from, to) = asked.range();
    let api = call.query("apiId").unwrap_or_default();
    let viewed = distinct(call, VIEWED, api, (from, to)).await?;
    let subscribed = subscribers(call, api, (from, to)).await?;
    let called = called(call, &asked, &subscribed).await?;
    let people: BTreeSet<&str> = subscribed.iter().map(|it| it.owner.as_str()).collect();
    let step_ms = asked.granularity.length_ms().unwrap_or(DAY_MS).max(DAY_MS);
    let growth = growth(call, api, (from, to), step_ms).await?;
    reply::json(
        200,
        &json!({
            "from": iso(from.0),
            "to": iso(to.0),
            "funnel": {"viewed": viewed, "subscribed": people.len(), "called": called},
            "list": growth,
            "count": growth.len(),
        }),
    )
}

/// Notes that the caller looks at an API; of who is not signed in nothing is noted. A day's second look writes nothing.
pub(crate) async fn note_view(call: &Call, api: &str) {
    let Ok(viewer) = call.user() else { return };
    let day = Granularity::Day.start_of(call.now).unwrap_or(call.now);
    let note = sql(
        "INSERT OR IGNORE INTO api_view (organization, api_id, day, viewer) VALUES (?, ?, ?, ?)",
    )
    .bind(call.organization())
    .bind(api)
    .bind(day)
    .bind(viewer);
    if let Err(failure) = call.db.run(note).await {
        worker::console_error!("a look at an API: {failure:?}");
    }
}

/// Looks that are older than statistics are forgotten.
pub(crate) async fn forget(db: &Db, now: Timestamp) -> Outcome<()> {
    let old =
        sql("DELETE FROM api_view WHERE day < ?").bind(now.plus_ms(-Query::MAX_DAYS * DAY_MS));
    db.run(old).await.map(drop)
}

type Range = (Timestamp, Timestamp);

#[derive(Deserialize)]
struct Count {
    number: i64,
}

#[derive(Deserialize)]
struct Subscriber {
    application: String,
    api: String,
    owner: String,
}

async fn distinct(call: &Call, text: &str, api: &str, (from, to): Range) -> Outcome<i64> {
    let statement = sql(text)
        .bind(call.organization())
        .bind(Granularity::Day.start_of(from).unwrap_or(from))
        .bind(to)
        .bind(api)
        .bind(api);
    let found: Option<Count> = call.db.first(statement).await?;
    Ok(found.map_or(0, |it| it.number))
}

async fn subscribers(call: &Call, api: &str, (from, to): Range) -> Outcome<Vec<Subscriber>> {
    let statement = sql(SUBSCRIBED)
        .bind(call.organization())
        .bind(from)
        .bind(to)
        .bind(api)
        .bind(api);
    call.db.all(statement).await
}

/// How many of those people have called an API that they subscribed to.
async fn called(call: &Call, asked: &Query, subscribed: &[Subscriber]) -> Outcome<usize> {
    let applications: BTreeSet<String> =
        subscribed.iter().map(|it| it.application.clone()).collect();
    if applications.is_empty() {
        return Ok(0);
    }
    let (from, to) = asked.range();
    let query = Query {
        filter: Filter::default().with(Dimension::Application, applications.into_iter().collect()),
        group_by: vec![Dimension::Application, Dimension::Api],
        only_counts: true,
        ..Query::of(call.organization().into(), from, to)
    };
    let answer = service::post(&call.env, "ANALYTICS", "/internal/query", &query).await?;
    let answer: Answer = service::expect_json(answer).await?;
    let calls: BTreeSet<(&str, &str)> = answer
        .list
        .iter()
        .filter_map(|row| Some((row.application_id.as_deref()?, row.api_id.as_deref()?)))
        .collect();
    let has_called = |it: &&Subscriber| calls.contains(&(it.application.as_str(), it.api.as_str()));
    let people: BTreeSet<&str> = subscribed
        .iter()
        .filter(has_called)
        .map(|it| it.owner.as_str())
        .collect();
    Ok(people.len())
}

/// How many applications and subscriptions there were at the end of each step, of those that there are today.
async fn growth(
    call: &Call,
    api: &str,
    (from, to): Range,
    step_ms: i64,
) -> Outcome<Vec<serde_json::Value>> {
    #[derive(Deserialize)]
    struct Made {
        step: i64,
        applications: i64,
        subscriptions: i64,
    }
    let statement = sql(MADE)
        .bind(step_ms)
        .bind(call.organization())
        .bind(to)
        .bind(api)
        .bind(step_ms)
        .bind(call.organization())
        .bind(to)
        .bind(api)
        .bind(api);
    let made: Vec<Made> = call.db.all(statement).await?;
    let by_step: BTreeMap<i64, (i64, i64)> = made
        .into_iter()
        .map(|it| (it.step, (it.applications, it.subscriptions)))
        .collect();
    let first = from.0 - from.0.rem_euclid(step_ms);
    let (mut applications, mut subscriptions) = (0_i64, 0_i64);
    for (a, s) in by_step.range(..first).map(|(_, made)| *made) {
        applications += a;
        subscriptions += s;
    }
    let mut list = Vec::new();
    let mut at = first;
    while at < to.0 {
        let (new_applications, new_subscriptions) = by_step.get(&at).copied().unwrap_or_default();
        applications += new_applications;
        subscriptions += new_subscriptions;
        list.push(json!({
            "at": iso(at), "applications": applications, "subscriptions": subscriptions,
            "newApplications": new_applications, "newSubscriptions": new_subscriptions,
        }));
        at += step_ms;
    }
    Ok(list)
}

const VIEWED: &str = "SELECT COUNT(DISTINCT viewer) AS number FROM api_view WHERE organization = ? AND day >= ? AND day < ? \
     AND (? = '' OR api_id = ?)";
const SUBSCRIBED: &str = "SELECT s.application_id AS application, s.api_id AS api, a.owner AS owner FROM subscription AS s \
     JOIN application AS a ON a.id = s.application_id \
     WHERE s.organization = ? AND s.created_at >= ? AND s.created_at < ? AND (? = '' OR s.api_id = ?) \
     ORDER BY s.created_at LIMIT 10000";
/// Of one API, only its subscriptions.
const MADE: &str = "SELECT step, SUM(applications) AS applications, SUM(subscriptions) AS subscriptions FROM ( \
     SELECT created_at - created_at % ? AS step, 1 AS applications, 0 AS subscriptions FROM application \
     WHERE organization = ? AND created_at < ? AND ? = '' \
     UNION ALL SELECT created_at - created_at % ? AS step, 0, 1 FROM subscription \
     WHERE organization = ? AND created_at < ? AND (? = '' OR api_id = ?)) GROUP BY step ORDER BY step";
const DAY_MS: i64 = 86_400_000;
