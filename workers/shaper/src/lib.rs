//! The Shaper: makes bodies anew for gateways, for the few operations whose policies want that.
//!
//! It also measures GraphQL queries for plans that limit them, for the same reasons.
//!
//! A Worker of its own, so that what a template's author wants of time and memory is not taken from the isolate that every
//! call goes through, and so that the gateway's module stays small (docs/decisions/0017). It holds nothing and knows nobody;
//! only gateways are bound to it.

use graphql::{Call, Limits, Values};
use runtime::{Failure, Outcome, body, reply};
use serde::Deserialize;
use shape::{Fault, MOST_BYTES, template, xml};
use worker::{Context, Env, Request, Response, event};

#[event(fetch)]
async fn fetch(request: Request, _env: Env, _context: Context) -> worker::Result<Response> {
    Ok(reply::finish(shaped(&request).await, ""))
}

/// 200 with the body, or 422 with the reason why there is none.
async fn shaped(request: &Request) -> Outcome<Response> {
    let path = request.path();
    let given = body::bytes(request, MOST_GIVEN).await?;
    let made = match path.as_str() {
        "/template" => filled(&given)?,
        "/json-to-xml" => {
            let url = request.url()?;
            let root = url.query_pairs().find(|(name, _)| name == "root");
            let root = root.map_or_else(|| "root".to_owned(), |(_, root)| root.into_owned());
            xml::from_json(&given, &root)
        }
        "/graphql" => return measured(&given),
        "/xml-to-json" => xml::to_json(&given),
        _ => return Err(Failure::code("404")),
    };
    match made {
        Ok(bytes) => Ok(Response::from_bytes(bytes)?),
        Err(fault) => Ok(Response::ok(fault.to_string())?.with_status(422)),
    }
}

fn filled(given: &[u8]) -> Outcome<Result<Vec<u8>, Fault>> {
    #[derive(Deserialize)]
    struct Filled {
        template: String,
        media_type: String,
        message: template::Message,
    }
    let given: Filled = serde_json::from_slice(given)?;
    Ok(template::made(
        &given.template,
        &given.media_type,
        &given.message,
    ))
}

/// 200 for a query within its limits, or 422 with a code, a space and the reason.
fn measured(given: &[u8]) -> Outcome<Response> {
    #[derive(Deserialize)]
    struct Asked {
        values: Option<String>,
        #[serde(flatten)]
        limits: Limits,
        query: String,
        kind: Option<String>,
        body: String,
    }
    let asked: Asked = serde_json::from_slice(given)?;
    let values = match &asked.values {
        Some(values) => serde_json::from_str(values)?,
        None => Values::default(),
    };
    let call = Call {
        query: &asked.query,
        kind: asked.kind.as_deref().unwrap_or_default(),
        body: &asked.body,
    };
    Ok(match graphql::judge(&call, &values, &asked.limits) {
        Ok(_) => Response::empty()?.with_status(200),
        Err(refusal) => {
            let told = format!("{} {refusal}", refusal.code());
            Response::ok(told)?.with_status(422)
        }
    })
}

/// A body that is text within JSON, and what is said beside it.
const MOST_GIVEN: usize = 6 * MOST_BYTES;
