//! `/usage` and `/events`: statistics of the analytics Worker, narrowed to what the caller may see.

use std::ops::RangeInclusive;

use model::{ApiId, ApplicationId, Timestamp};
use runtime::{Failure, Outcome, call as service, db::sql, reply};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::json;
use usage::{
    Answer, Dimension, Event, Filter, Query, Recent, Told,
    export::{SCRAPED, csv, prometheus},
    month_start,
};
use worker::Response;

use crate::{
    call::Call,
    devportal::application_row::{MINE, roles},
    refusal, time,
};

/// `GET /usage`
pub(crate) async fn usage(call: &Call) -> Outcome<Response> {
    let query = query(call).await?;
    let answer = service::post(&call.env, "ANALYTICS", "/internal/query", &query).await?;
    match call.query("format") {
        None | Some("json") => Ok(answer),
        Some("csv") => {
            let answer: Answer = service::expect_json(answer).await?;
            let table = reply::text(200, "text/csv; charset=UTF-8", csv(&answer))?;
            reply::with_header(
                table,
                "content-disposition",
                "attachment; filename=usage.csv",
            )
        }
        Some(_) => Err(refusal::one(
            "900703",
            "format",
            "is neither `json` nor `csv`",
        )),
    }
}

/// `GET /metrics`: this month's counters, for a scrape by Prometheus.
pub(crate) async fn metrics(call: &Call) -> Outcome<Response> {
    let query = Query {
        group_by: SCRAPED.to_vec(),
        filter: filter(call).await?,
        ..Query::of(call.organization().into(), month_start(call.now), call.now)
    };
    let answer = service::post(&call.env, "ANALYTICS", "/internal/query", &query).await?;
    let page = prometheus(&service::expect_json(answer).await?);
    reply::text(200, "text/plain; version=0.0.4; charset=UTF-8", page)
}

/// `GET /transaction-count?startTime=&endTime=` of the admin API: calls that gateways took, those that they refused included.
pub(crate) async fn transactions(call: &Call) -> Outcome<Response> {
    let time = |name: &'static str| {
        call.required(name)?;
        let time = moment(call, name)?;
        time.ok_or_else(|| refusal::one("900700", name, "is missing"))
    };
    let query = Query {
        only_counts: true,
        ..Query::of(
            call.organization().into(),
            time("startTime")?,
            time("endTime")?,
        )
    };
    query
        .spans()
        .map_err(|invalid| Failure::because("400", invalid.to_string()))?;
    let answer = service::post(&call.env, "ANALYTICS", "/internal/query", &query).await?;
    let answer: Answer = service::expect_json(answer).await?;
    let count = answer
        .list
        .iter()
        .fold(0_u64, |sum, row| sum.saturating_add(row.figures.requests));
    reply::json(200, &json!({"count": count}))
}

/// `GET /events`
pub(crate) async fn events(call: &Call) -> Outcome<Response> {
    let filter = filter(call).await?;
    let ids = |dimension: Dimension| filter.only.get(&dimension).cloned();
    let limit = number(call, "limit", 1..=MOST_EVENTS)?.unwrap_or(25);
    let question = Recent {
        organization: call.organization().into(),
        apis: ids(Dimension::Api).map(|ids| ids.into_iter().map(ApiId).collect()),
        applications: ids(Dimension::Application)
            .map(|ids| ids.into_iter().map(ApplicationId).collect()),
        before_ms: moment(call, "before")?.unwrap_or_else(|| call.now.plus_ms(1)),
        only_errors: call.flag("onlyErrors")?,
        limit,
    };
    let answer = service::post(&call.env, "ANALYTICS", "/internal/recent", &question).await?;
    let events: Vec<Event> = service::expect_json(answer).await?;
    let list: Vec<Told> = events.into_iter().map(Told::from).collect();
    reply::json(200, &json!({"count": list.len(), "list": list}))
}

/// The question of a request, narrowed to what its caller may see.
pub(crate) async fn query(call: &Call) -> Outcome<Query> {
    let to = moment(call, "to")?.unwrap_or(call.now);
    let from = moment(call, "from")?.unwrap_or_else(|| to.plus_ms(-HOUR_MS));
    let compare = match call.query("compare") {
        None => false,
        Some("previous") => true,
        Some(_) => return Err(refusal::one("900703", "compare", "is not `previous`")),
    };
    let query = Query {
        granularity: word(call, "granularity")?.unwrap_or_default(),
        filter: filter(call).await?,
        group_by: words(call, "groupBy")?,
        top: number(call, "top", 1..=MOST_GROUPS)?,
        order_by: word(call, "orderBy")?.unwrap_or_default(),
        only_counts: call.query("percentiles") == Some("none"),
        percentiles: percentiles(call)?,
        compare,
        ..Query::of(call.organization().into(), from, to)
    };
    query
        .spans()
        .map_err(|invalid| Failure::because("400", invalid.to_string()))?;
    Ok(query)
}

/// Each dimension has a parameter of its name, and ids have the name of what they are of.
async fn filter(call: &Call) -> Outcome<Filter> {
    let mut filter = Filter::default();
    for dimension in Dimension::ALL {
        let word = json!(dimension);
        let word = word.as_str().unwrap_or_default();
        let is_id = matches!(dimension, Dimension::Api | Dimension::Application);
        let name = format!("{word}{}", if is_id { "Id" } else { "" });
        if let Some(values) = list(call, &name) {
            filter = filter.with(dimension, values);
        }
    }
    Ok(match own_applications(call).await? {
        Some(own) => filter.with(Dimension::Application, own),
        None => filter,
    })
}

/// Who looks after APIs sees every application; a consumer sees those that they work with, also by a group.
pub(crate) async fn own_applications(call: &Call) -> Outcome<Option<Vec<String>>> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
    }
    if call
        .principal
        .as_ref()
        .is_some_and(|principal| principal.has_any(SEE_ALL))
    {
        return Ok(None);
    }
    let own = format!("SELECT id FROM application WHERE organization = ? AND {MINE}");
    let own: Vec<Row> = call
        .db
        .all(
            sql(own)
                .bind(call.organization())
                .bind(call.user()?)
                .bind(roles(call)),
        )
        .await?;
    Ok(Some(own.into_iter().map(|row| row.id).collect()))
}

fn percentiles(call: &Call) -> Outcome<Vec<f64>> {
    if call.query("percentiles") == Some("none") {
        return Ok(Vec::new());
    }
    let given = list(call, "percentiles").unwrap_or_default();
    if given.len() > MOST_PERCENTILES {
        return Err(refusal::one("900703", "percentiles", "are more than ten"));
    }
    given
        .iter()
        .map(|text| {
            text.parse().map_err(|_| {
                refusal::one("900703", "percentiles", format!("`{text}` is not a number"))
            })
        })
        .collect()
}

fn number(call: &Call, name: &str, range: RangeInclusive<usize>) -> Outcome<Option<usize>> {
    let Some(text) = call.query(name) else {
        return Ok(None);
    };
    match text.parse() {
        Ok(number) if range.contains(&number) => Ok(Some(number)),
        _ => Err(refusal::one(
            "900703",
            name,
            format!("is not a number from {} to {}", range.start(), range.end()),
        )),
    }
}

fn word<T: DeserializeOwned>(call: &Call, name: &str) -> Outcome<Option<T>> {
    Ok(words(call, name)?.into_iter().next())
}

fn moment(call: &Call, name: &str) -> Outcome<Option<Timestamp>> {
    let Some(text) = call.query(name) else {
        return Ok(None);
    };
    match time::parse(text) {
        Some(moment) if (0..=LAST_MS).contains(&moment.0) => Ok(Some(moment)),
        _ => Err(refusal::one(
            "900703",
            name,
            "is neither an ISO 8601 moment nor milliseconds since the epoch",
        )),
    }
}

fn list(call: &Call, name: &str) -> Option<Vec<String>> {
    let text = call.query(name)?;
    Some(
        text.split(',')
            .map(|part| part.trim().to_owned())
            .filter(|part| !part.is_empty())
            .collect(),
    )
}

/// Words of a closed set, separated by commas.
fn words<T: DeserializeOwned>(call: &Call, name: &str) -> Outcome<Vec<T>> {
    list(call, name)
        .unwrap_or_default()
        .into_iter()
        .map(|word| {
            serde_json::from_value(json!(word)).map_err(|_| {
                refusal::one("900703", name, format!("`{word}` is not one of its words"))
            })
        })
        .collect()
}

const HOUR_MS: i64 = 3_600_000;
/// The end of the year 9999.
const LAST_MS: i64 = 253_402_300_799_999;
const MOST_EVENTS: usize = 500;
const MOST_GROUPS: usize = 1_000;
const MOST_PERCENTILES: usize = 10;
const SEE_ALL: &[&str] = &["apim:admin", "apim:api_view"];
