//! Sign-in through another OpenID Connect provider: who they are ([`providers`]), sending the browser there ([`start`]),
//! and what it brings back ([`callback`]). A person there is known here by issuer and subject, and by nothing else: an
//! address that two accounts have in common links nobody.

mod callback;
mod exchange;
mod identities;
mod person;
pub(crate) mod providers;
mod start;

use runtime::{Failure, Outcome, db::sql, outbound::Outbound};
use serde::Deserialize;
use worker::{Env, Response};

use ::people::federation::ProviderRules;

use crate::call::{Call, ORGANIZATION};

/// Answers what stands below `/session/federated`; `None` for what does not.
pub(crate) async fn answer(call: &Call, method: &str, rest: &[&str]) -> Option<Outcome<Response>> {
    match (method, rest) {
        ("GET", ["providers"]) => Some(providers::offered(call).await),
        ("GET", ["federated"]) => Some(identities::list(call).await),
        ("POST", ["federated", name]) => Some(start::leave(call, name).await),
        ("DELETE", ["federated", name]) => Some(identities::unlink(call, name).await),
        ("GET", ["federated", name, "callback"]) => Some(callback::come_back(call, name).await),
        _ => None,
    }
}

/// A provider as the database has it.
struct Provider {
    id: String,
    name: String,
    issuer: String,
    client_id: String,
    sealed_secret: Option<String>,
    rules: ProviderRules,
}

impl Provider {
    /// The provider of this name.
    ///
    /// # Errors
    /// 404.
    async fn find(call: &Call, name: &str) -> Outcome<Self> {
        let find = sql(
            "SELECT id, name, issuer, client_id, sealed_secret, body FROM identity_provider \
             WHERE organization = ? AND name = ?",
        );
        let row: Option<Row> = call.db.first(find.bind(ORGANIZATION).bind(name)).await?;
        let row = row.ok_or_else(|| Failure::because("404", "there is no such provider"))?;
        Ok(Self {
            rules: serde_json::from_str(&row.body)?,
            id: row.id,
            name: row.name,
            issuer: row.issuer,
            client_id: row.client_id,
            sealed_secret: row.sealed_secret,
        })
    }

    /// Where the provider sends browsers back to; registered there.
    fn redirect_uri(&self, call: &Call) -> String {
        let endpoints = call.endpoints();
        format!(
            "{}/session/federated/{}/callback",
            endpoints.origin(),
            self.name
        )
    }
}

/// How providers and clients are called: local ones only where the operator says so.
pub(crate) fn outbound(env: &Env) -> Outbound {
    let allowed = env.var("ALLOW_PRIVATE_ISSUERS");
    Outbound::new(allowed.is_ok_and(|value| value.to_string() == "on"))
}

/// What a client secret is sealed with.
pub(crate) fn secret_context(provider_id: &str) -> String {
    format!("{ORGANIZATION}/{provider_id}/provider")
}

/// The cookie that ties the way there and back to one browser. Lax: the way back begins at the provider.
const BROWSER_COOKIE: &str = "__Host-postern-federated";

#[derive(Deserialize)]
struct Row {
    id: String,
    name: String,
    issuer: String,
    client_id: String,
    sealed_secret: Option<String>,
    body: String,
}
