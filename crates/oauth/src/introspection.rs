//! What an introspection says (RFC 7662).

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
