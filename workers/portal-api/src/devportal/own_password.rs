//! `/me/change-password`.

use runtime::{Failure, Outcome};
use serde::Deserialize;
use serde_json::json;
use worker::Response;

use crate::{admin::users, call::Call};

/// `POST /me/change-password`: ends every session and takes back every token, this one too.
pub(crate) async fn change(call: &Call) -> Outcome<Response> {
    let body: Body = call.json().await?;
    if call.user()?.is_empty() {
        return Err(Failure::because(
            "403",
            "a client that acts for itself has no password to change",
        ));
    }
    let words = json!({"current": body.current_password, "password": body.new_password});
    users::forward_body(call, "/internal/users/own/password", &words.to_string()).await
}

/// WSO2's `CurrentAndNewPasswords`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
struct Body {
    current_password: String,
    new_password: String,
}
