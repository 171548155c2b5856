//! What an upstream is told of who calls (WSO2's backend JWT).

use std::collections::BTreeMap;

use model::Timestamp;
use serde_json::{Map, Value, json};

/// The claims of an introduction: ours, and those of WSO2's dialect among what the gateway says; nothing else gets in, so
/// that no introduction can say what an access token says.
#[must_use]
pub fn introduction_claims(
    (issuer, subject, id): (&str, &str, &str),
    told: &BTreeMap<String, String>,
    now: Timestamp,
    seconds: i64,
) -> Value {
    let issued = now.seconds();
    let mut claims = Map::new();
    let dialect = told.iter().filter(|(name, _)| name.starts_with(DIALECT));
    claims.extend(dialect.map(|(name, value)| (name.clone(), Value::from(value.as_str()))));
    for (name, value) in [
        ("iss", json!(issuer)),
        ("sub", json!(subject)),
        ("jti", json!(id)),
        ("iat", json!(issued)),
        ("exp", json!(issued.saturating_add(seconds))),
    ] {
        claims.insert(name.to_owned(), value);
    }
    Value::Object(claims)
}

/// `typ` of an introduction: no access token has it, so that none can be taken for one.
pub const BACKEND_TYPE: &str = "backend+jwt";
const DIALECT: &str = "http://wso2.org/claims/";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_dialect_gets_in() {
        let told = [
            ("http://wso2.org/claims/enduser", "ann"),
            ("scope", "apim:admin"),
            ("iss", "https://evil.example"),
        ];
        let told = told.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let claims = introduction_claims(
            ("https://issuer.example", "ann", "j1"),
            &told.into(),
            Timestamp(1_000_000),
            900,
        );
        let expected = json!({
            "iss": "https://issuer.example", "sub": "ann", "jti": "j1", "iat": 1_000, "exp": 1_900,
            "http://wso2.org/claims/enduser": "ann",
        });
        assert_eq!(claims, expected);
    }
}
