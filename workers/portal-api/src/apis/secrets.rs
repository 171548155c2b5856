//! Secrets of endpoints: sealed by the keys Worker before they come near the database.

use lifecycle::Draft;
use runtime::{
    Outcome, call as service,
    db::{Statement, sql},
    id,
};
use serde::Deserialize;
use serde_json::json;

use crate::call::Call;

/// Takes new secrets out of the draft; the statements that keep them. What was not sent again stays as `before` has it.
pub(crate) async fn take(
    call: &Call,
    api_id: &str,
    draft: &mut Draft,
    before: Option<&Draft>,
) -> Outcome<Vec<Statement>> {
    #[derive(Deserialize)]
    struct Sealed {
        sealed: String,
    }
    let mut statements = Vec::new();
    for secret in draft.take_secrets(before, id::uuid)? {
        let wanted = json!({"name": secret.name, "secret": secret.value});
        let path = "/internal/upstream-secrets/sealings";
        let answer = service::post(&call.env, "KEYS", path, &wanted).await?;
        let sealed: Sealed = service::expect_json(answer).await?;
        statements.push(
            sql("INSERT INTO upstream_secret (name, api_id, sealed, created_at) VALUES (?, ?, ?, ?)")
                .bind(secret.name)
                .bind(api_id)
                .bind(sealed.sealed)
                .bind(call.now),
        );
    }
    Ok(statements)
}
