//! `POST /session/federated/{name}`: where to send the browser, and what it has to bring back.

use ::people::federation::{Discovery, Request, own_path};
use credential::Secret;
use runtime::{Failure, Outcome, body, crypto::SealingKey, db::sql, id, reply};
use serde::{Deserialize, Serialize};
use serde_json::json;
use worker::Response;

use super::{BROWSER_COOKIE, Provider, outbound};
use crate::{
    account::fresh_owner,
    call::{Call, ORGANIZATION, kek},
    limits, session,
};

/// Answers with the address to go to. With `link`, whoever is signed in gets the account there as a way in.
pub(super) async fn leave(call: &Call, name: &str) -> Outcome<Response> {
    session::own_page(call)?;
    limits::by_address(call, "federated", STARTS_A_MINUTE).await?;
    let Wish { return_to, link } = body::json_within(&call.request, 8 * 1024).await?;
    let provider = Provider::find(call, name).await?;
    let owner = if link {
        Some(fresh_owner(call).await?.person.id)
    } else {
        None
    };
    let discovery = discover(call, &provider).await?;
    let secret = || Ok::<_, Failure>(Secret::generate(&id::random()?));
    let (state, browser) = (secret()?, secret()?);
    let kept = Kept {
        nonce: secret()?.reveal().to_owned(),
        verifier: secret()?.reveal().to_owned(),
    };
    let address = discovery
        .authorization_url(Request {
            client_id: &provider.client_id,
            redirect_uri: &provider.redirect_uri(call),
            scope: &provider.rules.scope(),
            state: state.reveal(),
            nonce: &kept.nonce,
            verifier: &kept.verifier,
        })
        .map_err(|reason| Failure::because("503", reason))?;
    let sealing = SealingKey::import(&kek(&call.env)?).await?;
    let sealed = sealing
        .seal(serde_json::to_string(&kept)?.as_bytes(), &state.digest())
        .await?;
    let insert = sql(
        "INSERT INTO federated_sign_in (digest, organization, provider_id, browser, sealed, return_to, user_id, expires_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(state.digest())
    .bind(ORGANIZATION)
    .bind(&provider.id)
    .bind(browser.digest())
    .bind(sealed)
    .bind(own_path(return_to.as_deref().unwrap_or("/")))
    .bind(owner)
    .bind(call.now.plus_ms(LIFE_MS));
    call.db.run(insert).await?;
    let response = reply::json(200, &json!({"redirectTo": address}))?;
    let cookie = format!(
        "{BROWSER_COOKIE}={}; Path=/; Max-Age={}; Secure; HttpOnly; SameSite=Lax",
        browser.reveal(),
        LIFE_MS / 1000
    );
    reply::with_header(response, "set-cookie", &cookie)
}

/// The provider's metadata, as it stands now.
pub(super) async fn discover(call: &Call, provider: &Provider) -> Outcome<Discovery> {
    let text = outbound(&call.env)
        .get(&Discovery::address(&provider.issuer))
        .await
        .map_err(|fault| {
            Failure::because("503", format!("the provider cannot be asked: {fault}"))
        })?;
    Discovery::read(&text, &provider.issuer).map_err(|reason| Failure::because("503", reason))
}

/// What the browser does not carry.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) nonce: String,
    pub(super) verifier: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Wish {
    return_to: Option<String>,
    #[serde(default)]
    link: bool,
}

/// Ten minutes to sign in there.
const LIFE_MS: i64 = 10 * 60_000;
const STARTS_A_MINUTE: i64 = 60;
