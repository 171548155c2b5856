//! Secrets by which gateways sign in to upstreams. portal-api keeps them as they are sealed here; a gateway that is to
//! use one has it opened here, and holds it in memory.

use runtime::{Failure, Outcome, body, crypto::SealingKey, db::sql, reply};
use serde::Deserialize;
use serde_json::json;
use worker::Response;

use crate::call::{Call, kek};

/// `POST /internal/upstream-secrets/sealings`: a secret, sealed for its row.
pub(crate) async fn seal(call: &Call) -> Outcome<Response> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Wish {
        name: String,
        secret: String,
    }
    let wish: Wish = body::json(&call.request).await?;
    let sealing = SealingKey::import(&kek(&call.env)?).await?;
    let secret = wish.secret.as_bytes();
    let sealed = sealing.seal(secret, &context(&wish.name)).await?;
    reply::json(200, &json!({ "sealed": sealed }))
}

/// `POST /internal/upstream-secrets`: the secret of that name; 404 when there is none.
pub(crate) async fn open(call: &Call) -> Outcome<Response> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Wish {
        name: String,
    }
    #[derive(Deserialize)]
    struct Row {
        sealed: String,
    }
    let wish: Wish = body::json(&call.request).await?;
    let find = sql("SELECT sealed FROM upstream_secret WHERE name = ?").bind(&wish.name);
    let row: Option<Row> = call.db.first(find).await?;
    let row = row.ok_or_else(|| Failure::code("404"))?;
    let sealing = SealingKey::import(&kek(&call.env)?).await?;
    let secret = sealing.open(&row.sealed, &context(&wish.name)).await?;
    let secret = String::from_utf8(secret)
        .map_err(|_| Failure::Internal(format!("{} is no text", context(&wish.name))))?;
    reply::text(200, "text/plain; charset=UTF-8", secret)
}

/// A sealed secret is bound to its name, so that no row can be given another's.
pub(crate) fn context(name: &str) -> String {
    format!("upstream secret {name}")
}
