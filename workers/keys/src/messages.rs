//! Messages about alerts, sent for portal-api: here, because only this Worker opens secrets, and it has the mailer.

use ::people::Mail;
use alerting::{Signed, secret};
use runtime::{Failure, Outcome, body, crypto::SealingKey, id, outbound::OutboundFault, reply};
use serde::Deserialize;
use serde_json::json;
use worker::Response;

use crate::{
    call::{Call, kek},
    federated::outbound,
    mail,
};

/// The three of them.
pub(crate) async fn answer(call: &Call, kind: &str) -> Outcome<Response> {
    match kind {
        "webhook-secret" => make(call).await,
        "webhook" => send(call).await,
        "mail" => keep(call).await,
        _ => Err(Failure::code("404")),
    }
}

/// `POST /internal/messages/webhook-secret`: a new secret, as it is for its receiver and sealed for its row; 400 for an address
/// that may not be called.
async fn make(call: &Call) -> Outcome<Response> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Wish {
        url: String,
    }
    let wish: Wish = body::json(&call.request).await?;
    outbound(&call.env)
        .permits(&wish.url)
        .map_err(|fault| refused(&fault))?;
    let secret = secret(&id::random::<32>()?);
    let sealing = SealingKey::import(&kek(&call.env)?).await?;
    let sealed = sealing.seal(secret.as_bytes(), CONTEXT).await?;
    reply::json(200, &json!({"secret": secret, "sealed": sealed}))
}

/// `POST /internal/messages/webhook`: signs a message and sends it; `fault` says why it did not arrive.
async fn send(call: &Call) -> Outcome<Response> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Message {
        id: String,
        url: String,
        sealed: String,
        seconds: i64,
        body: String,
    }
    let message: Message = body::json(&call.request).await?;
    let sealing = SealingKey::import(&kek(&call.env)?).await?;
    let opened = sealing.open(&message.sealed, CONTEXT).await?;
    let secret = String::from_utf8_lossy(&opened);
    let Some(signed) = Signed::new(&secret, &message.id, message.seconds, &message.body) else {
        return reply::json(
            200,
            &json!({"fault": "the secret cannot be used; make the webhook anew"}),
        );
    };
    let headers = [
        ("webhook-id", signed.id.as_str()),
        ("webhook-timestamp", signed.timestamp.as_str()),
        ("webhook-signature", signed.signature.as_str()),
    ];
    let sent = outbound(&call.env)
        .post(&message.url, &headers, &message.body)
        .await;
    let fault = match sent {
        Ok(200..=299) => None,
        Ok(status) => Some(format!("it answered with the status {status}")),
        Err(fault) => Some(fault.to_string()),
    };
    reply::json(200, &json!({"fault": fault}))
}

/// `POST /internal/messages/mail`: keeps a mail until it is sent, as all mails are.
async fn keep(call: &Call) -> Outcome<Response> {
    let wish: Mail = body::json(&call.request).await?;
    let Some(kept) = mail::kept(&call.env, &wish, call.now).await? else {
        return reply::json(200, &json!({"fault": "no mailer is configured"}));
    };
    call.db.batch(vec![kept]).await?;
    mail::send_or_log(call.env.clone()).await;
    reply::json(200, &json!({"fault": null}))
}

fn refused(fault: &OutboundFault) -> Failure {
    Failure::because("400", format!("`url`: {fault}"))
}

/// What sealed secrets are bound to.
const CONTEXT: &str = "default/alert-webhook";
