//! `/applications/{applicationId}/reset-throttle-policy`: a user of an application begins anew.

use model::{ApplicationId, OrganizationId};
use runtime::{Failure, Outcome, db::sql, reply};
use serde::Deserialize;
use throttle::{CounterKey, ObjectName, ResetRequest};
use wasm_bindgen::JsValue;
use worker::{Headers, Method, Request, RequestInit, Response};

use super::application_row::{self, ApplicationRow};
use crate::{apis::write, call::Call, deployments::note, refusal};

/// `POST /applications/{applicationId}/reset-throttle-policy`
///
/// What counts for the application's own policy is forgotten, burst included; plans of subscriptions stay as they are.
pub(crate) async fn reset(call: &Call) -> Outcome<Response> {
    let application = application_row::of_path(call).await?;
    let body: Body = call.json().await?;
    let name = body.user_name.trim();
    let user = name.strip_suffix("@carbon.super").unwrap_or(name);
    if user.is_empty() || user.len() > USER_BYTES {
        let help = format!("is not 1 to {USER_BYTES} bytes");
        return Err(refusal::one("400", "userName", help));
    }
    let mut users = vec![user.to_owned()];
    if user == application.owner {
        // Its clients call in their own name when they call for nobody else.
        users.extend(clients(call, &application.id).await?);
    }
    // Written down first: a reset that nobody can find again is worse than a note of one that failed.
    let audited = write::audit(call, "application.reset-throttle", &application.id)?;
    call.db.batch(vec![audited]).await?;
    for user in &users {
        forget(call, &application, user).await?;
    }
    // After the counters, so that a gateway which drops what it remembers finds them empty.
    let count = sql("UPDATE application SET throttle_resets = throttle_resets + 1 WHERE id = ?");
    let statements = vec![
        count.bind(&application.id),
        note("application", &application.id, call),
    ];
    call.db.batch(statements).await?;
    reply::empty(200)
}

/// WSO2's `ApplicationThrottleReset`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
struct Body {
    user_name: String,
}

/// The client ids of an application.
async fn clients(call: &Call, application: &str) -> Outcome<Vec<String>> {
    #[derive(Deserialize)]
    struct Row {
        client_id: String,
    }
    let rows: Vec<Row> = call
        .db
        .all(sql("SELECT client_id FROM key_mapping WHERE application_id = ?").bind(application))
        .await?;
    Ok(rows.into_iter().map(|row| row.client_id).collect())
}

async fn forget(call: &Call, application: &ApplicationRow, user: &str) -> Outcome<()> {
    let organization = OrganizationId::from(call.organization());
    let id = ApplicationId::from(application.id.as_str());
    let object = ObjectName::of_application_user(&organization, &id, &application.owner, user);
    let keys = vec![
        CounterKey::application(&id, user),
        CounterKey::application_burst(&id, user),
    ];
    send(call, &object, &ResetRequest { keys }).await
}

/// To the owner of the counters.
async fn send(call: &Call, object: &ObjectName, reset: &ResetRequest) -> Outcome<()> {
    let headers = Headers::new();
    headers.set("content-type", "application/json")?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post)
        .with_headers(headers)
        .with_body(Some(JsValue::from_str(&serde_json::to_string(reset)?)));
    let request = Request::new_with_init("http://traffic/reset", &init)?;
    let owner = call.env.durable_object("TRAFFIC")?;
    let answer = owner
        .get_by_name(object.as_str())?
        .fetch_with_request(request)
        .await?;
    match answer.status_code() {
        200..=299 => Ok(()),
        503 => Err(Failure::code("503")),
        status => Err(Failure::Internal(format!("reset answered {status}"))),
    }
}

const USER_BYTES: usize = 256;
