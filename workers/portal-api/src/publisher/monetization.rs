//! `/apis/{apiId}/monetize` and `/apis/{apiId}/monetization`: whether an API is sold, and at which prices. Prices are those of
//! its plans; what they come to is in `billing`.

use std::collections::BTreeMap;

use lifecycle::{Draft, Fault};
use runtime::{Outcome, reply};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use super::apis;
use crate::{
    apis::{ApiRow, row},
    billing::of_api,
    call::Call,
    etag, refusal,
};

/// `POST /apis/{apiId}/monetize`
pub(crate) async fn set(call: &Call) -> Outcome<Response> {
    let api = row::either(call).await?;
    etag::require_match(call, api.generation)?;
    let body: Body = call.json().await?;
    let mut faults = body.faults();
    if body.enabled && of_api::prices(call, &plans(&api.card())).await?.is_empty() {
        faults.push(Fault {
            place: "enabled".to_owned(),
            message: "none of the API's plans has a price; give one a price first".to_owned(),
        });
    }
    refusal::unless_empty("400", faults)?;
    let kept = json!({"enabled": body.enabled, "properties": body.properties});
    let draft = Draft {
        monetization: kept.as_object().cloned(),
        ..api.draft(call).await?
    };
    let document = api.document(call).await?;
    apis::store(call, &api, &draft, (&document, Vec::new())).await?;
    reply::empty(201)
}

/// `GET /apis/{apiId}/monetization`: the plans that have a price, with it.
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let api = row::either(call).await?;
    let properties = of_api::prices(call, &plans(&api.card())).await?;
    let body = json!({"enabled": is_sold(&api), "properties": properties});
    etag::content(call, &body)
}

/// Whether its publisher sells it.
pub(crate) fn is_sold(api: &ApiRow) -> bool {
    api.card().get("monetized").and_then(Value::as_bool) == Some(true)
}

fn plans(card: &Value) -> Vec<&str> {
    let plans = card.get("policies").and_then(Value::as_array);
    plans
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

/// WSO2's `APIMonetizationInfo`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Body {
    enabled: bool,
    #[serde(default)]
    properties: BTreeMap<String, String>,
}

impl Body {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.properties.len() > MOST {
            faults.push(Fault {
                place: "properties".to_owned(),
                message: format!("has more than {MOST} of them"),
            });
        }
        for (name, value) in &self.properties {
            if name.is_empty() || name.len() > 100 || value.len() > 1_000 {
                faults.push(Fault {
                    place: format!("properties.{name}"),
                    message: "has a name of more than 100 or a value of more than 1000 bytes"
                        .to_owned(),
                });
            }
        }
        faults
    }
}

const MOST: usize = 50;
