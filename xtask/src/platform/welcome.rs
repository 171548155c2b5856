//! The first words to a platform that has just started: bring the database up to date, make the administrator.

use anyhow::Context;

use super::{Platform, http};

/// The first administrator. The password is known now and never again.
#[derive(Clone)]
pub(crate) struct Administrator {
    pub(crate) username: String,
    pub(crate) password: String,
}

impl std::fmt::Debug for Administrator {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Administrator({})", self.username)
    }
}

/// Calls `/setup`: migrations and seeds, and on the first run the administrator.
pub(crate) fn welcome(platform: &Platform) -> anyhow::Result<Option<Administrator>> {
    let url = format!("http://127.0.0.1:{}/setup", platform.site.port);
    let token = format!("Bearer {}", platform.secrets.setup_token);
    let answer = http::call("POST", &url, &[("authorization", &token)], "")
        .context("the platform cannot be set up")?;
    if answer.get("created").and_then(serde_json::Value::as_bool) != Some(true) {
        return Ok(None);
    }
    let text = |name: &str| {
        let value = answer.get(name).and_then(serde_json::Value::as_str);
        value
            .map(str::to_owned)
            .with_context(|| format!("`/setup` did not answer a `{name}`"))
    };
    Ok(Some(Administrator {
        username: text("username")?,
        password: text("password")?,
    }))
}
