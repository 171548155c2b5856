//! Clients at external key managers: registered (RFC 7591), changed and deleted (RFC 7592) there on behalf of the
//! Developer Portal. Here, because only this Worker opens the credentials that it takes.

use runtime::{
    Failure, Outcome, body, crypto::SealingKey, db::sql, outbound::OutboundFault, reply,
};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use crate::{
    call::{Call, ORGANIZATION, kek},
    federated::outbound,
};

/// `POST /internal/registration-tokens`: an initial access token, sealed for its key manager's row.
pub(crate) async fn seal(call: &Call) -> Outcome<Response> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    struct Wish {
        key_manager: String,
        token: String,
    }
    let wish: Wish = body::json(&call.request).await?;
    let sealing = SealingKey::import(&kek(&call.env)?).await?;
    let context = issuer_context(&wish.key_manager);
    let sealed = sealing.seal(wish.token.as_bytes(), &context).await?;
    reply::json(200, &json!({"sealed": sealed}))
}

/// `POST /internal/external-clients`: registers a client. What is needed to change it later comes back sealed for its row.
pub(crate) async fn register(call: &Call) -> Outcome<Response> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    struct Wish {
        key_manager: String,
        mapping: String,
        metadata: Value,
    }
    #[derive(Deserialize)]
    struct Place {
        address: Option<String>,
        sealed: String,
    }
    let wish: Wish = body::json(&call.request).await?;
    let find = sql(
        "SELECT body ->> '$.clientRegistrationEndpoint' AS address, sealed_registration AS sealed \
         FROM key_manager WHERE id = ? AND enabled = 1",
    );
    let place: Option<Place> = call.db.first(find.bind(&wish.key_manager)).await?;
    let place = place.ok_or_else(|| Failure::code("404"))?;
    let address = place.address.ok_or_else(|| Failure::code("404"))?;
    let authorization = opened(call, &place.sealed, &issuer_context(&wish.key_manager)).await?;
    let text = wish.metadata.to_string();
    let sent = outbound(&call.env)
        .send_json("POST", &address, authorization.as_deref(), Some(&text))
        .await;
    let registered: Registered = understood(sent)?;
    let sealed = match &registered.registration_access_token {
        Some(token) => {
            let sealing = SealingKey::import(&kek(&call.env)?).await?;
            sealing
                .seal(token.as_bytes(), &client_context(&wish.mapping))
                .await?
        }
        None => String::new(),
    };
    reply::json(
        200,
        &json!({
            "clientId": registered.client_id,
            "clientSecret": registered.client_secret,
            "registrationUri": registered.registration_client_uri.unwrap_or_default(),
            "sealed": sealed,
        }),
    )
}

/// `POST /internal/external-clients/changes`: changes a client to `metadata`, or deletes it where there is none.
pub(crate) async fn change(call: &Call) -> Outcome<Response> {
    let wish: Change = body::json(&call.request).await?;
    let Some(authorization) = opened(call, &wish.sealed, &client_context(&wish.mapping)).await?
    else {
        return Err(Failure::code("404"));
    };
    let method = if wish.metadata.is_some() {
        "PUT"
    } else {
        "DELETE"
    };
    let text = wish.metadata.as_ref().map(ToString::to_string);
    let sent = outbound(&call.env)
        .send_json(
            method,
            &wish.registration_uri,
            Some(&authorization),
            text.as_deref(),
        )
        .await;
    if wish.metadata.is_none() {
        return match sent {
            Ok((200..=299 | 401 | 403 | 404, _)) => reply::empty(204),
            Ok((status, _)) => Err(unreachable(&format!("answered {status}"))),
            Err(fault) => Err(unreachable(&fault.to_string())),
        };
    }
    let changed: Registered = understood(sent)?;
    if let Some(token) = changed.registration_access_token {
        let sealing = SealingKey::import(&kek(&call.env)?).await?;
        let context = client_context(&wish.mapping);
        let sealed = sealing.seal(token.as_bytes(), &context).await?;
        let keep = sql("UPDATE external_client SET sealed_registration = ? WHERE mapping = ?");
        call.db.run(keep.bind(sealed).bind(&wish.mapping)).await?;
    }
    reply::empty(204)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Change {
    mapping: String,
    registration_uri: String,
    sealed: String,
    metadata: Option<Value>,
}

/// What a provider says of a client (RFC 7591 section 3.2.1, RFC 7592 section 3).
#[derive(Deserialize)]
struct Registered {
    client_id: String,
    client_secret: Option<String>,
    registration_access_token: Option<String>,
    registration_client_uri: Option<String>,
}

/// The client, or the provider's reason not to have it.
fn understood(sent: Result<(u16, String), OutboundFault>) -> Outcome<Registered> {
    let (status, text) = sent.map_err(|fault| unreachable(&fault.to_string()))?;
    match status {
        200 | 201 => serde_json::from_str(&text)
            .ok()
            .filter(|client: &Registered| !client.client_id.is_empty())
            .ok_or_else(|| unreachable("answered something that is no client")),
        400..=499 => Err(Failure::because("400", reason(status, &text))),
        _ => Err(unreachable(&format!("answered {status}"))),
    }
}

/// The provider's own words where they are an error of RFC 7591 section 3.2.2; nothing else of its answer.
fn reason(status: u16, text: &str) -> String {
    let answer: Value = serde_json::from_str(text).unwrap_or_default();
    let member = |name: &str| answer.get(name).and_then(Value::as_str).unwrap_or_default();
    let said = format!("{} {}", member("error"), member("error_description"));
    let shown: String = said
        .trim()
        .chars()
        .filter(|it| !it.is_control())
        .take(300)
        .collect();
    if shown.is_empty() {
        format!("the key manager refuses the client ({status})")
    } else {
        format!("the key manager refuses the client: {shown}")
    }
}

fn unreachable(reason: &str) -> Failure {
    Failure::because(
        "503",
        format!("the key manager cannot be used now: {reason}"),
    )
}

/// An `Authorization` header of a sealed token; none where nothing is sealed.
async fn opened(call: &Call, sealed: &str, context: &str) -> Outcome<Option<String>> {
    if sealed.is_empty() {
        return Ok(None);
    }
    let sealing = SealingKey::import(&kek(&call.env)?).await?;
    let token = sealing.open(sealed, context).await?;
    Ok(Some(format!("Bearer {}", String::from_utf8_lossy(&token))))
}

/// What an initial access token is sealed with.
pub(crate) fn issuer_context(key_manager: &str) -> String {
    format!("{ORGANIZATION}/{key_manager}/key-manager")
}

/// What a registration access token is sealed with.
pub(crate) fn client_context(mapping: &str) -> String {
    format!("{ORGANIZATION}/{mapping}/external-client")
}
