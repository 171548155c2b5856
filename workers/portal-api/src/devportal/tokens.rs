//! `generate-token`: a token for trying, from the keys Worker.

use runtime::{Failure, Outcome, call as service, reply};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use worker::Response;

use super::{
    client_row::{self, ClientRow},
    external_keys,
};
use crate::{call::Call, refusal};

/// `POST …/keys/{keyType}/generate-token` and `…/oauth-keys/{keyMappingId}/generate-token`
pub(crate) async fn generate(call: &Call) -> Outcome<Response> {
    let client = client_row::of_path(call).await?;
    let body: Body = call.json_or_default().await?;
    match body.grant_type.as_deref() {
        None | Some("CLIENT_CREDENTIALS") => {}
        Some("TOKEN_EXCHANGE") => return exchange(call, &client, body).await,
        Some(_) => {
            return Err(refusal::one(
                "900953",
                "grantType",
                "is neither `CLIENT_CREDENTIALS` nor `TOKEN_EXCHANGE`",
            ));
        }
    }
    if client.external.is_some() {
        let scopes = body.scopes.unwrap_or_default();
        let secret = body.secret.as_deref();
        let token = external_keys::token(call, &client, secret, &scopes).await?;
        return reply::json(200, &token);
    }
    if !may_use_client_credentials(&client) {
        return Err(refusal::one(
            "900953",
            "grantType",
            "the key does not support `client_credentials`",
        ));
    }
    let validity = match body.validity_period {
        None | Some(-1) => None,
        Some(seconds @ 1..=VALIDITY_LIMIT_SECONDS) => Some(seconds),
        Some(_) => {
            let message = format!("is not a number of seconds from 1 to {VALIDITY_LIMIT_SECONDS}");
            return Err(refusal::one("400", "validityPeriod", message));
        }
    };
    let token = issue(call, &client, body.scopes.unwrap_or_default(), validity).await?;
    if let Some(old) = body.revoke_token.filter(|old| !old.is_empty()) {
        client_row::revoke_token(call, &client.client_id, &old).await?;
    }
    reply::json(200, &token)
}

/// A token for another one, as the client would get it by RFC 8693.
async fn exchange(call: &Call, client: &ClientRow, body: Body) -> Outcome<Response> {
    if client.external.is_some() {
        let why = "is for keys of the built-in key manager; exchange tokens of others by those";
        return Err(refusal::one("900953", "grantType", why));
    }
    let subject = body
        .additional
        .as_ref()
        .and_then(|it| it.get("subject_token"));
    let Some(subject) = subject.and_then(Value::as_str) else {
        let place = "additionalProperties.subject_token";
        return Err(refusal::one("900953", place, "is the token to exchange"));
    };
    let scopes = body.scopes.unwrap_or_default();
    let wanted = json!({"clientId": client.client_id, "scopes": scopes, "subjectToken": subject});
    reply::json(200, &ask(call, &wanted).await?)
}

/// The token that comes with new keys; without one the keys are good all the same.
pub(crate) async fn first(
    call: &Call,
    client: &ClientRow,
    scopes: Vec<String>,
    validity: Option<i64>,
) -> Option<Value> {
    if !may_use_client_credentials(client) {
        return None;
    }
    let validity = validity.filter(|seconds| (1..=VALIDITY_LIMIT_SECONDS).contains(seconds));
    match issue(call, client, scopes, validity).await {
        Ok(token) => Some(token),
        Err(failure) => {
            worker::console_error!("first token of {}: {failure:?}", client.client_id);
            None
        }
    }
}

async fn issue(
    call: &Call,
    client: &ClientRow,
    scopes: Vec<String>,
    validity: Option<i64>,
) -> Outcome<Value> {
    let mut wanted = json!({"clientId": client.client_id, "scopes": scopes});
    if let (Some(seconds), Value::Object(members)) = (validity, &mut wanted) {
        members.insert("validitySeconds".to_owned(), json!(seconds));
    }
    ask(call, &wanted).await
}

/// What the keys Worker gives, in WSO2's words.
async fn ask(call: &Call, wanted: &Value) -> Outcome<Value> {
    #[derive(Deserialize)]
    struct Issued {
        access_token: String,
        expires_in: i64,
        #[serde(default)]
        scope: Option<String>,
    }
    let mut answer = service::post(&call.env, "KEYS", "/internal/tokens", wanted).await?;
    if (400..500).contains(&answer.status_code()) {
        let text = answer.text().await?;
        return Err(Failure::because("900953", reason(&text)));
    }
    let issued: Issued = service::expect_json(answer).await?;
    let scopes: Vec<&str> = issued
        .scope
        .as_deref()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    Ok(json!({
        "accessToken": issued.access_token,
        "tokenScopes": scopes,
        "validityTime": issued.expires_in,
    }))
}

/// What the keys Worker says, in either shape of its errors.
fn reason(text: &str) -> String {
    let body: Value = serde_json::from_str(text).unwrap_or(Value::Null);
    ["error_description", "description", "error"]
        .iter()
        .find_map(|name| body.get(name)?.as_str())
        .unwrap_or("the key manager refused the token")
        .to_owned()
}

fn may_use_client_credentials(client: &ClientRow) -> bool {
    let grants: Vec<String> = serde_json::from_str(&client.grant_types).unwrap_or_default();
    grants.iter().any(|grant| grant == "client_credentials")
}

/// WSO2's `ApplicationTokenGenerateRequest`.
#[derive(Default, Deserialize)]
#[serde(
    rename_all = "camelCase",
    deny_unknown_fields,
    default,
    expecting = "an object"
)]
struct Body {
    validity_period: Option<i64>,
    scopes: Option<Vec<String>>,
    grant_type: Option<String>,
    /// For an external key manager. Ours keeps only its digest, and the caller has already shown who they are.
    #[serde(rename = "consumerSecret")]
    secret: Option<String>,
    revoke_token: Option<String>,
    /// For an exchange, `subject_token`.
    #[serde(rename = "additionalProperties")]
    additional: Option<Map<String, Value>>,
}

/// A token for trying lives a day at the most.
const VALIDITY_LIMIT_SECONDS: i64 = 86_400;
