//! What is asked of a provider: by the keys Worker where a credential of ours is needed, from here where a client's is.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use runtime::{Failure, Outcome, call as service, outbound::Outbound};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{super::client_row::ClientRow, elsewhere};
use crate::{call::Call, key_managers::External, refusal};

/// A client as its provider made it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Made {
    pub(super) client_id: String,
    pub(super) client_secret: Option<String>,
    pub(super) registration_uri: String,
    pub(super) sealed: String,
}

pub(super) async fn register(
    call: &Call,
    manager: &External,
    mapping: &str,
    metadata: &Value,
) -> Outcome<Made> {
    let wanted = json!({"keyManager": manager.id, "mapping": mapping, "metadata": metadata});
    let text = ask(call, "/internal/external-clients", &wanted).await?;
    Ok(serde_json::from_str(&text)?)
}

pub(super) async fn change(call: &Call, client: &ClientRow, metadata: &Value) -> Outcome<()> {
    let mut metadata = metadata.clone();
    if let Some(members) = metadata.as_object_mut() {
        members.insert("client_id".to_owned(), json!(client.consumer_key));
    }
    let wanted = json!({
        "mapping": client.mapping,
        "registrationUri": client.registration_uri,
        "sealed": client.sealed_registration,
        "metadata": metadata,
    });
    ask(call, CHANGES, &wanted).await.map(drop)
}

/// Nothing to do where the provider offers no way.
pub(super) async fn delete(call: &Call, mapping: &str, uri: &str, sealed: &str) -> Outcome<()> {
    if uri.is_empty() || sealed.is_empty() {
        return Ok(());
    }
    let wanted = json!({"mapping": mapping, "registrationUri": uri, "sealed": sealed});
    ask(call, CHANGES, &wanted).await.map(drop)
}

/// The first token of a client; without one its keys are good all the same.
pub(super) async fn first(
    manager: &External,
    call: &Call,
    consumer_key: &str,
    secret: &str,
    scopes: &[String],
) -> Option<Value> {
    match granted(call, manager, (consumer_key, secret), scopes).await {
        Ok(Answer::Token(token)) => Some(token),
        Ok(Answer::Refused(_)) | Err(_) => None,
    }
}

/// `generate-token`: by the client's secret, which is not kept here.
pub(crate) async fn token(
    call: &Call,
    client: &ClientRow,
    secret: Option<&str>,
    scopes: &[String],
) -> Outcome<Value> {
    let Some(manager) = client.external_issuer(call).await? else {
        return Err(elsewhere(client));
    };
    let Some(secret) = secret.filter(|secret| !secret.is_empty()) else {
        return Err(refusal::one(
            "900953",
            "consumerSecret",
            "is needed; it is not kept here",
        ));
    };
    match granted(call, &manager, (&client.consumer_key, secret), scopes).await? {
        Answer::Token(token) => Ok(token),
        Answer::Refused(error) => {
            let message = format!("the key manager refuses the token: {error}");
            Err(Failure::because("900953", message))
        }
    }
}

/// Refuses a client whose secret is not the one that was shown. Where its issuer has no token endpoint, or an
/// administrator says so, the client is taken at the user's word.
pub(super) async fn require_possession(
    call: &Call,
    manager: &External,
    consumer_key: &str,
    secret: &str,
) -> Outcome<()> {
    if !manager.validates_clients() {
        return Ok(());
    }
    let stranger = || {
        refusal::one(
            "900953",
            "consumerKey",
            "the key manager knows no client of this key and secret; check the secret",
        )
    };
    if secret.is_empty() {
        return Err(stranger());
    }
    match granted(call, manager, (consumer_key, secret), &[]).await? {
        Answer::Token(_) => Ok(()),
        // It knows the client, and refuses it something else.
        Answer::Refused(error) if PROVEN.contains(&error.as_str()) => Ok(()),
        Answer::Refused(_) => Err(stranger()),
    }
}

enum Answer {
    /// WSO2's `ApplicationToken`.
    Token(Value),
    /// `error` of RFC 6749.
    Refused(String),
}

impl Answer {
    fn is_unknown_client(&self) -> bool {
        matches!(self, Self::Refused(error) if error == INVALID_CLIENT)
    }
}

/// Asks for a token by client credentials, with the secret in the header and, should that be refused, in the form.
async fn granted(
    call: &Call,
    manager: &External,
    (consumer_key, secret): (&str, &str),
    scopes: &[String],
) -> Outcome<Answer> {
    let Some(endpoint) = manager.token_endpoint() else {
        return Ok(Answer::Refused("it has no token endpoint".to_owned()));
    };
    let encode =
        |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encode(consumer_key), encode(secret));
    let basic = format!("Basic {}", BASE64_STANDARD.encode(pair));
    let form = |with_secret: bool| {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "client_credentials");
        if !scopes.is_empty() {
            form.append_pair("scope", &scopes.join(" "));
        }
        if with_secret {
            form.append_pair("client_id", consumer_key)
                .append_pair("client_secret", secret);
        }
        form.finish()
    };
    let outbound = Outbound::new(call.allow_private());
    for (authorization, form) in [(Some(basic.as_str()), form(false)), (None, form(true))] {
        let (status, text) = outbound
            .post_form(endpoint, authorization, &form)
            .await
            .map_err(|fault| unreachable(&fault.to_string()))?;
        let answer = understood(status, &text)?;
        if authorization.is_none() || !answer.is_unknown_client() {
            return Ok(answer);
        }
    }
    Ok(Answer::Refused(INVALID_CLIENT.to_owned()))
}

fn understood(status: u16, text: &str) -> Outcome<Answer> {
    let answer: Value = serde_json::from_str(text).unwrap_or_default();
    let member = |name: &str| answer.get(name).and_then(Value::as_str);
    match (status, member("access_token")) {
        (200, Some(token)) => {
            let scopes: Vec<&str> = member("scope")
                .unwrap_or_default()
                .split_whitespace()
                .collect();
            let seconds = answer.get("expires_in").and_then(Value::as_i64);
            Ok(Answer::Token(json!({
                "accessToken": token,
                "tokenScopes": scopes,
                "validityTime": seconds.unwrap_or(-1),
            })))
        }
        (400..=499, _) => {
            let fallback = if status == 401 {
                INVALID_CLIENT
            } else {
                "invalid_request"
            };
            let error = member("error").unwrap_or(fallback);
            Ok(Answer::Refused(
                error
                    .chars()
                    .filter(|it| !it.is_control())
                    .take(100)
                    .collect(),
            ))
        }
        _ => Err(unreachable(&format!(
            "its token endpoint answered {status}"
        ))),
    }
}

/// The text of a good answer of the keys Worker; its refusals are passed on.
async fn ask(call: &Call, path: &str, wanted: &Value) -> Outcome<String> {
    let mut answer = service::post(&call.env, "KEYS", path, wanted).await?;
    let status = answer.status_code();
    let text = answer.text().await?;
    let said = || {
        let body: Value = serde_json::from_str(&text).unwrap_or_default();
        let said = ["description", "detail"]
            .iter()
            .find_map(|name| body.get(name)?.as_str());
        said.unwrap_or("the key manager refuses").to_owned()
    };
    match status {
        200..=299 => Ok(text),
        400 => Err(Failure::because("900953", said())),
        404 => Err(refusal::one(
            "900953",
            "keyManager",
            "cannot register clients any more",
        )),
        503 => Err(Failure::because("503", said())),
        _ => Err(Failure::Internal(format!(
            "keys answers {status} about an external client"
        ))),
    }
}

fn unreachable(reason: &str) -> Failure {
    Failure::because(
        "503",
        format!("the key manager cannot be used now: {reason}"),
    )
}

const CHANGES: &str = "/internal/external-clients/changes";
const INVALID_CLIENT: &str = "invalid_client";
/// What is said of a client only once it has authenticated.
const PROVEN: [&str; 3] = [
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
];
