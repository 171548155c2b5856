//! A further consumer secret, as its owner wants it.

use model::Timestamp;
use problem::Problem;
use serde_json::{Map, Value, json};

/// How long a secret lives, and what it is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecretWish {
    /// `None`: until it is revoked.
    pub seconds: Option<i64>,
    /// What its owner knows it by.
    pub description: String,
}

impl SecretWish {
    /// Reads the `additionalProperties` of `generate-secret`: `expiresIn` in seconds (-1 or absent: never), `description`.
    ///
    /// # Errors
    /// 400 with every fault.
    pub fn parse(properties: &Map<String, Value>) -> Result<Self, Problem> {
        let mut wish = Self::default();
        let mut problem = Problem::new("400");
        for (name, value) in properties {
            if let Err(message) = wish.set(name, value) {
                problem = problem.fault(format!("additionalProperties.{name}"), message);
            }
        }
        match problem.faults.as_slice() {
            [] => Ok(wish),
            [first, ..] => {
                let detail = format!("`{}`: {}", first.place, first.message);
                Err(problem.detail(detail))
            }
        }
    }

    /// When it ends.
    #[must_use]
    pub fn expires_at(&self, now: Timestamp) -> Option<Timestamp> {
        self.seconds
            .map(|seconds| now.plus_ms(seconds.saturating_mul(1000)))
    }

    fn set(&mut self, name: &str, value: &Value) -> Result<(), String> {
        match (name, value) {
            ("expiresIn" | "description", Value::Null) => Ok(()),
            ("expiresIn", value) => {
                self.seconds = lifetime(value)?;
                Ok(())
            }
            ("description", Value::String(text)) if is_description(text) => {
                text.clone_into(&mut self.description);
                Ok(())
            }
            ("description", _) => Err(format!(
                "give text of at most {MAX_DESCRIPTION} characters in one line"
            )),
            _ => Err("is not a property of a secret; give `expiresIn` and `description`".into()),
        }
    }
}

/// What is told of a secret: in seconds since 1970, as WSO2 has it.
#[must_use]
pub fn secret_properties(description: &str, expires_at: Option<Timestamp>) -> Value {
    let mut shown = Map::new();
    if !description.is_empty() {
        shown.insert("description".to_owned(), json!(description));
    }
    if let Some(end) = expires_at {
        shown.insert("expiresAt".to_owned(), json!(end.0 / 1000));
    }
    Value::Object(shown)
}

/// A number of seconds, or its text as WSO2's portal sends it; `None` for ever.
fn lifetime(value: &Value) -> Result<Option<i64>, String> {
    let seconds = match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    match seconds {
        Some(-1) => Ok(None),
        Some(seconds @ 1..=MAX_SECONDS) => Ok(Some(seconds)),
        _ => Err(format!("give -1, or whole seconds from 1 to {MAX_SECONDS}")),
    }
}

fn is_description(text: &str) -> bool {
    text.chars().count() <= MAX_DESCRIPTION && !text.chars().any(char::is_control)
}

/// Ten years: more is a slip of the hand.
const MAX_SECONDS: i64 = 315_360_000;
const MAX_DESCRIPTION: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(properties: &Value) -> Result<SecretWish, Problem> {
        SecretWish::parse(properties.as_object().unwrap())
    }

    #[test]
    fn secret_lives_as_long_as_was_asked() {
        let check = |properties: Value, expected: Option<i64>| {
            let wish = parse(&properties).unwrap();
            let end = wish.expires_at(Timestamp(1000)).map(|end| end.0);
            assert_eq!(end, expected, "{properties}");
        };
        check(json!({}), None);
        check(json!({"expiresIn": -1}), None);
        check(json!({"expiresIn": null, "description": null}), None);
        check(json!({"expiresIn": 86_400}), Some(86_401_000));
        check(
            json!({"expiresIn": " 60 ", "description": "for ci"}),
            Some(61_000),
        );
    }

    #[test]
    fn every_bad_property_is_named() {
        for value in [
            json!(0),
            json!(-2),
            json!(1.5),
            json!("x"),
            json!(315_360_001),
            json!(true),
        ] {
            assert!(parse(&json!({"expiresIn": value})).is_err(), "{value}");
        }
        for value in [json!("a\nb"), json!("x".repeat(201)), json!(1)] {
            assert!(parse(&json!({"description": value})).is_err(), "{value}");
        }
        let problem = parse(&json!({"expiresIn": 0, "ttl": 1})).unwrap_err();
        assert_eq!(problem.status(), 400);
        assert_eq!(problem.faults.len(), 2);
    }

    #[test]
    fn telling_leaves_out_what_is_not() {
        assert_eq!(secret_properties("", None), json!({}));
        let end = Some(Timestamp(61_500));
        assert_eq!(
            secret_properties("ci", end),
            json!({"description": "ci", "expiresAt": 61})
        );
    }
}
