//! Enabling a key manager: its keys are there before anybody is to believe it, and gateways hear of every change.

use credential::{issuer_keys, pem_key};
use lifecycle::external_issuer::{CertificateKind, ExternalIssuer, RegistrationToken};
use model::VerificationKey;
use runtime::{
    Failure, Outcome, call as service,
    db::{Statement, sql},
    outbound::Outbound,
};
use serde::Deserialize;
use serde_json::json;

use crate::{call::Call, refusal};

/// What is written beside the administrator's words.
pub(super) struct Said {
    pub(super) enabled: i64,
    pub(super) keys: String,
    pub(super) keys_fetched_at: Option<i64>,
    pub(super) sealed_registration: String,
}

/// What was written before.
#[derive(Default, Deserialize)]
pub(super) struct Held {
    keys: String,
    keys_fetched_at: Option<i64>,
    sealed_registration: String,
    /// Where the keys are from.
    certificates: Option<String>,
}

/// What is held of a key manager.
pub(super) async fn held(call: &Call, id: &str) -> Outcome<Held> {
    let find = sql(
        "SELECT keys, keys_fetched_at, sealed_registration, body ->> '$.certificates' AS certificates \
         FROM key_manager WHERE id = ? AND organization = ?",
    );
    let held: Option<Held> = call
        .db
        .first(find.bind(id).bind(call.organization()))
        .await?;
    Ok(held.unwrap_or_default())
}

impl Said {
    /// Fetches what is missing. Keys that are held of the same place stay: whoever changes the name of a claim does not
    /// depend on the provider.
    pub(super) async fn of(
        call: &Call,
        id: &str,
        wish: &ExternalIssuer,
        held: &Held,
    ) -> Outcome<Self> {
        let is_enabled = wish.enabled == Some(true);
        let certificates = json!(wish.certificates).to_string();
        let is_same = held.certificates.as_deref() == Some(&certificates);
        let is_young = |at: i64| call.now.0 - at < MAX_AGE_MS;
        let is_held = is_same
            && !["", NO_KEYS].contains(&held.keys.as_str())
            && held.keys_fetched_at.is_none_or(is_young);
        let (keys, keys_fetched_at) = if is_held {
            (held.keys.clone(), held.keys_fetched_at)
        } else {
            fetched(call, wish, is_enabled).await?
        };
        Ok(Self {
            enabled: i64::from(is_enabled),
            keys,
            keys_fetched_at,
            sealed_registration: match wish.registration_token() {
                RegistrationToken::Kept => held.sealed_registration.clone(),
                RegistrationToken::Removed => String::new(),
                RegistrationToken::Set(token) => sealed(call, id, token).await?,
            },
        })
    }
}

/// The keys with when they were fetched. A certificate is read even of a disabled key manager: it costs nothing, and its
/// faults are told to whoever can mend them.
async fn fetched(
    call: &Call,
    wish: &ExternalIssuer,
    is_enabled: bool,
) -> Outcome<(String, Option<i64>)> {
    let Some(certificates) = &wish.certificates else {
        return Ok((NO_KEYS.to_owned(), None));
    };
    let refuse = |reason: String| refusal::one("400", "certificates.value", reason);
    let (keys, at): (Vec<VerificationKey>, _) = match certificates.kind {
        CertificateKind::Pem => {
            let key = pem_key(&certificates.value);
            (vec![key.map_err(|reason| refuse(reason.to_owned()))?], None)
        }
        CertificateKind::Jwks if !is_enabled => (Vec::new(), None),
        CertificateKind::Jwks => {
            let outbound = Outbound::new(call.allow_private()).within(KEY_SET_LIMIT);
            let text = outbound.get(&certificates.value).await;
            let text = text.map_err(|fault| refuse(fault.to_string()))?;
            let keys = issuer_keys(&text).map_err(|fault| refuse(fault.to_string()))?;
            (keys, Some(call.now.0))
        }
    };
    Ok((serde_json::to_string(&keys)?, at))
}

/// The token under the key that only the keys Worker has.
async fn sealed(call: &Call, id: &str, token: &str) -> Outcome<String> {
    #[derive(Deserialize)]
    struct Sealed {
        sealed: String,
    }
    let wanted = json!({"keyManager": id, "token": token});
    let path = "/internal/registration-tokens";
    let answer = service::post(&call.env, "KEYS", path, &wanted).await?;
    let sealed: Sealed = service::expect_json(answer).await?;
    Ok(sealed.sealed)
}

/// What belongs into the batch of every change: the keys Worker publishes it, at once or when it comes to it.
pub(super) fn noted(call: &Call) -> [Statement; 2] {
    [
        sql("INSERT INTO publication (pointer, version) VALUES ('trust', 1) \
             ON CONFLICT (pointer) DO UPDATE SET version = version + 1"),
        sql("INSERT INTO outbox (writer, topic, subject, created_at) VALUES ('keys', 'trust', ?, ?)")
            .bind(call.organization())
            .bind(call.now),
    ]
}

/// Has it published now. A failure is for the log, since the note stays.
pub(super) async fn publish(call: &Call) {
    let told = service::post(
        &call.env,
        "KEYS",
        "/internal/trust-publications",
        &json!({}),
    )
    .await;
    let told = told.and_then(|answer| match answer.status_code() {
        200..=299 => Ok(()),
        status => Err(Failure::Internal(format!("keys answers {status}"))),
    });
    if let Err(failure) = told {
        worker::console_error!("trust is published later: {failure:?}");
    }
}

/// Older keys are not believed: see the keys Worker.
const MAX_AGE_MS: i64 = 24 * 3600 * 1000;
const NO_KEYS: &str = "[]";
/// As the keys Worker has it.
const KEY_SET_LIMIT: usize = 256 * 1024;
