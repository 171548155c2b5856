//! What an introspection says (RFC 7662).

use model::Timestamp;
use serde_json::{Map, Value, json};

/// A token that is good: its claims under the names of RFC 7662, nothing else.
#[must_use]
pub fn introspection(claims: &Map<String, Value>) -> Value {
    let mut answer = Map::new();
    answer.insert("active".into(), json!(true));
    let kind = if claims.contains_key("cnf") {
        "DPoP"
    } else {
        "Bearer"
    };
    answer.insert("token_type".into(), json!(kind));
    for name in SAME_NAME {
        if let Some(value) = claims.get(*name) {
            answer.insert((*name).to_owned(), value.clone());
        }
    }
    if claims.get("aut") == Some(&json!("APPLICATION_USER"))
        && let Some(subject) = claims.get("sub")
    {
        answer.insert("username".into(), subject.clone());
    }
    Value::Object(answer)
}

/// Every other token, whatever is wrong with it.
#[must_use]
pub fn inactive() -> Value {
    json!({"active": false})
}

/// What is signed of an answer, for a client that keeps it as evidence (RFC 9701 section 5): who says it, to whom, when.
#[must_use]
pub fn introspection_claims(answer: &Value, issuer: &str, client: &str, now: Timestamp) -> Value {
    json!({
        "iss": issuer,
        "aud": client,
        "iat": now.seconds(),
        "token_introspection": answer,
    })
}

/// Does `accept` ask for the answer as a JWT?
#[must_use]
pub fn wants_signed_introspection(accept: &str) -> bool {
    accept.split(',').any(|range| {
        let kind = range.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case(INTROSPECTION_MEDIA_TYPE)
    })
}

/// The media type of a signed answer.
pub const INTROSPECTION_MEDIA_TYPE: &str = "application/token-introspection+jwt";
/// `typ` of a signed answer: it can't pass for an access token.
pub const INTROSPECTION_TYPE: &str = "token-introspection+jwt";

const SAME_NAME: &[&str] = &[
    "scope",
    "client_id",
    "exp",
    "iat",
    "nbf",
    "sub",
    "aud",
    "iss",
    "jti",
    "aut",
    "cnf",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signed_answers_are_for_who_asks_for_them() {
        let check = |accept: &str, expected: bool| {
            assert_eq!(wants_signed_introspection(accept), expected, "{accept}");
        };
        check("application/token-introspection+jwt", true);
        check(
            "application/json;q=0.5, Application/Token-Introspection+JWT;q=0.9",
            true,
        );
        check("application/json", false);
        check("*/*", false);
        check("", false);
        let claims = introspection_claims(&inactive(), "i", "c", Timestamp(1_500));
        assert_eq!(claims["token_introspection"], json!({"active": false}));
        assert_eq!(
            (&claims["iss"], &claims["aud"], &claims["iat"]),
            (&json!("i"), &json!("c"), &json!(1))
        );
        assert_eq!(
            claims.get("sub"),
            None,
            "a reader must not take it for a token"
        );
    }

    #[test]
    fn only_user_tokens_have_a_username() {
        let check = |usage: &str, expected: Option<&Value>| {
            let claims = json!({"sub": "ann", "aut": usage, "organization": "default"});
            let answer = introspection(claims.as_object().unwrap());
            assert_eq!(answer.get("username"), expected, "{usage}");
            assert_eq!(answer.get("organization"), None);
        };
        let bound = json!({"sub": "ann", "cnf": {"jkt": "t"}});
        let answer = introspection(bound.as_object().unwrap());
        assert_eq!(
            (&answer["token_type"], &answer["cnf"]),
            (&json!("DPoP"), &bound["cnf"])
        );
        check("APPLICATION", None);
        check("APPLICATION_USER", Some(&json!("ann")));
    }
}
