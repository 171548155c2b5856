//! `/usage`: statistics of the analytics Worker, narrowed to what the caller may see.

use model::{ApiId, ApplicationId, Timestamp};
use runtime::{Outcome, call as service, db::sql};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::json;
use usage::{Dimension, Filter, Granularity, Query};
use worker::Response;

use crate::{call::Call, refusal, time};

/// `GET /usage`
pub(crate) async fn usage(call: &Call) -> Outcome<Response> {
    let to = moment(call, "to")?.unwrap_or(call.now);
    let query = Query {
        organization: call.organization().into(),
        from_ms: moment(call, "from")?.unwrap_or_else(|| to.plus_ms(-HOUR_MS)),
        to_ms: to,
        granularity: words::<Granularity>(call, "granularity")?
            .into_iter()
            .next()
            .unwrap_or_default(),
        filter: Filter {
            apis: list(call, "apiId").map(|ids| ids.into_iter().map(ApiId).collect()),
            applications: applications(call).await?,
        },
        group_by: words::<Dimension>(call, "groupBy")?,
    };
    service::post(&call.env, "ANALYTICS", "/internal/query", &query).await
}

/// Who looks after APIs sees every application; a consumer sees their own.
async fn applications(call: &Call) -> Outcome<Option<Vec<ApplicationId>>> {
    #[derive(Deserialize)]
    struct Row {
        id: String,
    }
    let asked = list(call, "applicationId");
    if call
        .principal
        .as_ref()
        .is_some_and(|principal| principal.has_any(SEE_ALL))
    {
        return Ok(asked.map(|ids| ids.into_iter().map(ApplicationId).collect()));
    }
    let own: Vec<Row> = call
        .db
        .all(
            sql("SELECT id FROM application WHERE organization = ? AND owner = ?")
                .bind(call.organization())
                .bind(call.user()?),
        )
        .await?;
    let seen = own
        .into_iter()
        .map(|row| row.id)
        .filter(|id| asked.as_ref().is_none_or(|asked| asked.contains(id)));
    Ok(Some(seen.map(ApplicationId).collect()))
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
const SEE_ALL: &[&str] = &["apim:admin", "apim:api_view"];
