//! Roles, as far as these APIs look at them: which there are, and whether the caller has one.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use runtime::{Outcome, db::sql, reply};
use serde::Deserialize;
use worker::Response;

use crate::call::Call;

/// The roles of the caller's organization.
pub(crate) async fn all(call: &Call) -> Outcome<Vec<String>> {
    #[derive(Deserialize)]
    struct Row {
        name: String,
    }
    let rows: Vec<Row> = call
        .db
        .all(
            sql("SELECT name FROM role WHERE organization = ? ORDER BY name")
                .bind(call.organization()),
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}

/// `HEAD /roles/{roleId}`: whether there is such a role.
pub(crate) async fn exists(call: &Call) -> Outcome<Response> {
    let wanted = decoded(call.path("roleId"));
    let known = all(call)
        .await?
        .iter()
        .any(|role| role.eq_ignore_ascii_case(&wanted));
    reply::empty(if known { 200 } else { 404 })
}

/// `HEAD /me/roles/{roleId}`: whether the caller has it.
pub(crate) async fn is_mine(call: &Call) -> Outcome<Response> {
    let wanted = decoded(call.path("roleId"));
    let mine = call.principal.as_ref().is_some_and(|principal| {
        principal
            .roles
            .iter()
            .any(|role| role.eq_ignore_ascii_case(&wanted))
    });
    reply::empty(if mine { 200 } else { 404 })
}

/// A name in a path: in base64url, as the peer's portals send it, or as it is.
pub(crate) fn decoded(text: &str) -> String {
    URL_SAFE_NO_PAD
        .decode(text.trim_end_matches('='))
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .filter(|name| !name.chars().any(char::is_control) && !name.is_empty())
        .unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn names_in_paths_are_read_either_way() {
        assert_eq!(decoded("SW50ZXJuYWwvcHVibGlzaGVy"), "Internal/publisher");
        assert_eq!(decoded("admin"), "admin");
        assert_eq!(decoded("Internal/publisher"), "Internal/publisher");
    }
}
