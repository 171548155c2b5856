//! Lifetimes of a client's tokens, and what it has to prove: WSO2's `additionalProperties` of a key.

use problem::Problem;
use serde_json::{Map, Value, json};

/// Lifetimes in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Of tokens for the application itself.
    pub application_seconds: i64,
    /// Of tokens for a user.
    pub user_seconds: i64,
    /// Of refresh tokens.
    pub refresh_seconds: i64,
    /// Of ID tokens.
    pub id_seconds: i64,
    /// A code is given for a PKCE challenge only. Public clients have to send one in any case.
    pub pkce_required: bool,
    /// The challenge may be the verifier itself. Never for public clients.
    pub pkce_plain: bool,
    /// The client can keep no secret and authenticates by nothing: WSO2's `bypassClientCredentials`.
    pub is_public: bool,
}

impl Default for Settings {
    /// WSO2's lifetimes: an hour, and a day for refresh tokens. PKCE is our own default: required, by S256.
    fn default() -> Self {
        Self {
            application_seconds: 3600,
            user_seconds: 3600,
            refresh_seconds: 86_400,
            id_seconds: 3600,
            pkce_required: true,
            pkce_plain: false,
            is_public: false,
        }
    }
}

impl Settings {
    /// Reads `additionalProperties`: numbers, or numbers as text as WSO2's portal sends them; `"N/A"`, `""`, `null` and
    /// absent mean the default.
    ///
    /// # Errors
    /// 900953 with a fault for each unknown name, and each lifetime that is not a whole number from 1 to 30 days.
    pub fn parse(properties: &Map<String, Value>) -> Result<Self, Problem> {
        let mut settings = Self::default();
        let mut problem = Problem::new("900953");
        for (name, value) in properties {
            match settings.set(name, value) {
                Ok(()) => {}
                Err(message) => problem = problem.fault(name.clone(), message),
            }
        }
        if problem.faults.is_empty() {
            Ok(settings)
        } else {
            Err(problem)
        }
    }

    /// Reads what was stored. Unreadable text is the defaults: stored settings were parsed before they were stored.
    #[must_use]
    pub fn stored(text: &str) -> Self {
        serde_json::from_str(text)
            .ok()
            .and_then(|properties| Self::parse(&properties).ok())
            .unwrap_or_default()
    }

    /// All of them by WSO2's names, as `additionalProperties` tells them.
    #[must_use]
    pub fn properties(&self) -> Value {
        json!({
            "application_access_token_expiry_time": self.application_seconds,
            "user_access_token_expiry_time": self.user_seconds,
            "refresh_token_expiry_time": self.refresh_seconds,
            "id_token_expiry_time": self.id_seconds,
            "pkceMandatory": self.pkce_required,
            "pkceSupportPlain": self.pkce_plain,
            "bypassClientCredentials": self.is_public,
        })
    }

    fn set(&mut self, name: &str, value: &Value) -> Result<(), String> {
        let field = match name {
            "application_access_token_expiry_time" => &mut self.application_seconds,
            "user_access_token_expiry_time" => &mut self.user_seconds,
            "refresh_token_expiry_time" => &mut self.refresh_seconds,
            "id_token_expiry_time" => &mut self.id_seconds,
            "pkceMandatory" => return flag(value, &mut self.pkce_required),
            "pkceSupportPlain" => return flag(value, &mut self.pkce_plain),
            "bypassClientCredentials" => return flag(value, &mut self.is_public),
            _ => return Err("is not a setting of a client".into()),
        };
        if let Some(seconds) = seconds(value)? {
            *field = seconds;
        }
        Ok(())
    }
}

/// A flag, or its text as WSO2's portal sends it.
fn flag(value: &Value, field: &mut bool) -> Result<(), String> {
    let read = match value {
        Value::Null => return Ok(()),
        Value::String(text) if matches!(text.trim(), "" | "N/A") => return Ok(()),
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => text.trim().parse().ok(),
        Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
    };
    *field = read.ok_or("give `true` or `false`")?;
    Ok(())
}

fn seconds(value: &Value) -> Result<Option<i64>, String> {
    let number = match value {
        Value::Null => return Ok(None),
        Value::String(text) if matches!(text.trim(), "" | "N/A") => return Ok(None),
        Value::String(text) => text.trim().parse().ok(),
        Value::Number(number) => number.as_i64(),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    number
        .filter(|seconds| (1..=MAX_SECONDS).contains(seconds))
        .map(Some)
        .ok_or_else(|| format!("give whole seconds from 1 to {MAX_SECONDS}"))
}

/// 30 days: a revocation has to be remembered for as long.
const MAX_SECONDS: i64 = 30 * 24 * 3600;

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(value: &Value) -> Result<Settings, Problem> {
        Settings::parse(value.as_object().unwrap())
    }

    #[test]
    fn lifetimes_are_numbers_or_their_text() {
        let settings = parse(&json!({
            "application_access_token_expiry_time": "60",
            "user_access_token_expiry_time": 120,
            "refresh_token_expiry_time": "N/A",
            "id_token_expiry_time": 90,
            "pkceMandatory": "false",
            "pkceSupportPlain": true,
            "bypassClientCredentials": "true",
        }));
        let expected = Settings {
            application_seconds: 60,
            user_seconds: 120,
            refresh_seconds: 86_400,
            id_seconds: 90,
            pkce_required: false,
            pkce_plain: true,
            is_public: true,
        };
        assert_eq!(settings, Ok(expected));
        assert_eq!(parse(&expected.properties()), Ok(expected));
    }

    #[test]
    fn clients_from_before_keep_their_way() {
        // What the migration 0005_authorization writes into the settings of clients that it finds.
        let before =
            Settings::stored(r#"{"refresh_token_expiry_time":"60","pkceMandatory":false}"#);
        assert_eq!((before.refresh_seconds, before.pkce_required), (60, false));
        let new = Settings::stored("{}");
        assert!(new.pkce_required && !new.pkce_plain);
    }

    #[test]
    fn every_bad_setting_is_named() {
        let problem = parse(&json!({
            "application_access_token_expiry_time": 0,
            "user_access_token_expiry_time": "1e3",
            "refresh_token_expiry_time": 2_592_001,
            "ttl": 1,
            "pkceMandatory": "perhaps",
            "bypassClientCredentials": 1,
        }));
        assert_eq!(problem.unwrap_err().faults.len(), 6);
    }
}
