//! Whom an ID token speaks of, once its signature is good.

use model::Timestamp;
use serde_json::{Map, Value};
use subtle::ConstantTimeEq as _;

use crate::require_username;

/// What an ID token has to say.
#[derive(Clone, Copy, Debug)]
pub struct ExpectedIdToken<'a> {
    /// `iss`.
    pub issuer: &'a str,
    /// Our client there: in `aud`, and `azp` where there is one.
    pub client_id: &'a str,
    /// What this browser was sent with.
    pub nonce: &'a str,
    /// The claim that lists groups.
    pub groups_claim: &'a str,
}

/// Somebody at a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// `sub`: the only name that we know a person by.
    pub subject: String,
    /// What the person is called there, if it could be a name here.
    pub username: Option<String>,
    /// Only where the provider says that it is verified; it links nobody to an account, it is written to.
    pub email: Option<String>,
    /// For people to read.
    pub display_name: Option<String>,
    /// What the groups' claim lists.
    pub groups: Vec<String>,
}

/// Why an ID token is not believed.
pub type IdentityFault = &'static str;

/// Weighs the claims of an ID token (section 3.1.3.7).
///
/// # Errors
/// The first fault.
pub fn check_id_token(
    typ: Option<&str>,
    claims: &Map<String, Value>,
    expected: ExpectedIdToken<'_>,
    now: Timestamp,
) -> Result<Identity, IdentityFault> {
    // An access token is no ID token, whoever signed it.
    if typ.is_some_and(|typ| !typ.eq_ignore_ascii_case("JWT")) {
        return Err("the token is none of identity");
    }
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    if text("iss") != Some(expected.issuer) {
        return Err("another issuer");
    }
    check_audience(claims, expected.client_id)?;
    check_time(claims, now)?;
    let nonce = text("nonce").unwrap_or_default();
    if !bool::from(nonce.as_bytes().ct_eq(expected.nonce.as_bytes())) {
        return Err("another nonce");
    }
    let subject = text("sub")
        .filter(|sub| (1..=255).contains(&sub.len()))
        .ok_or("no subject")?;
    let is_verified = claims.get("email_verified").is_some_and(|value| {
        value
            .as_bool()
            .unwrap_or_else(|| value.as_str() == Some("true"))
    });
    let short = |name: &str, most: usize| {
        let told = text(name).filter(|told| told.chars().count() <= most);
        told.filter(|told| !told.chars().any(char::is_control))
            .map(ToOwned::to_owned)
    };
    Ok(Identity {
        subject: subject.to_owned(),
        username: text("preferred_username")
            .filter(|name| require_username(name).is_ok())
            .map(ToOwned::to_owned),
        email: short("email", 254).filter(|_| is_verified),
        display_name: short("name", 100),
        groups: groups(claims.get(expected.groups_claim)),
    })
}

/// Does the ID token leave out what a person is called, or their groups?
#[must_use]
pub fn lacks_claims(claims: &Map<String, Value>, groups_claim: &str) -> bool {
    !claims.contains_key("preferred_username") || !claims.contains_key(groups_claim)
}

/// The claims of an ID token with those that userinfo adds; what the token says stands. Userinfo of another subject
/// (section 5.3.2) adds nothing.
#[must_use]
pub fn with_userinfo(
    mut claims: Map<String, Value>,
    userinfo: Map<String, Value>,
) -> Map<String, Value> {
    if claims.get("sub") == userinfo.get("sub") {
        for (name, value) in userinfo {
            if !ABOUT_THE_TOKEN.contains(&name.as_str()) {
                claims.entry(name).or_insert(value);
            }
        }
    }
    claims
}

/// What only the signed token can say.
const ABOUT_THE_TOKEN: &[&str] = &["iss", "aud", "azp", "exp", "iat", "nbf", "nonce", "sub"];

fn check_audience(claims: &Map<String, Value>, client_id: &str) -> Result<(), IdentityFault> {
    let (is_ours, is_alone) = match claims.get("aud") {
        Some(Value::String(one)) => (one == client_id, true),
        Some(Value::Array(several)) => (
            several.iter().any(|one| one.as_str() == Some(client_id)),
            several.len() == 1,
        ),
        _ => (false, false),
    };
    let azp = claims.get("azp").and_then(Value::as_str);
    if !is_ours || azp.map_or(!is_alone, |azp| azp != client_id) {
        return Err("for another client");
    }
    Ok(())
}

fn check_time(claims: &Map<String, Value>, now: Timestamp) -> Result<(), IdentityFault> {
    let seconds = |name: &str| claims.get(name).and_then(Value::as_f64);
    let now = now.0 as f64 / 1000.0;
    let expires = seconds("exp").ok_or("no expiry")?;
    let issued = seconds("iat").ok_or("no time of issue")?;
    let not_before = seconds("nbf").unwrap_or(0.0);
    if now >= expires + LEEWAY_SECONDS {
        return Err("expired");
    }
    if issued.max(not_before) > now + LEEWAY_SECONDS || issued < now - OLDEST_SECONDS {
        return Err("not of now");
    }
    Ok(())
}

fn groups(claim: Option<&Value>) -> Vec<String> {
    match claim {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(several)) => several
            .iter()
            .take(MOST_GROUPS)
            .filter_map(Value::as_str)
            .map(ToOwned::to_owned)
            .collect(),
        _ => Vec::new(),
    }
}

/// The two clocks may differ by a minute.
const LEEWAY_SECONDS: f64 = 60.0;
/// The token was made for this sign-in, which takes minutes.
const OLDEST_SECONDS: f64 = 600.0;
const MOST_GROUPS: usize = 1000;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const EXPECTED: ExpectedIdToken<'_> = ExpectedIdToken {
        issuer: "https://idp.example",
        client_id: "c",
        nonce: "N",
        groups_claim: "groups",
    };

    fn judged(typ: Option<&str>, changes: &Value) -> Result<Identity, IdentityFault> {
        let mut claims = json!({
            "iss": "https://idp.example", "sub": "s-1", "aud": "c", "exp": 2000, "iat": 1000, "nonce": "N",
            "preferred_username": "ann", "name": "Ann", "email": "ann@example.org", "groups": ["dev", 7],
        });
        let members = claims.as_object_mut().unwrap();
        for (name, value) in changes.as_object().unwrap() {
            if value.is_null() {
                members.remove(name);
            } else {
                members.insert(name.clone(), value.clone());
            }
        }
        check_id_token(typ, members, EXPECTED, Timestamp(1_100_000))
    }

    #[test]
    fn identity_is_the_subject() {
        let identity = judged(Some("JWT"), &json!({})).unwrap();
        assert_eq!(identity.subject, "s-1");
        assert_eq!(identity.username.as_deref(), Some("ann"));
        assert_eq!(identity.email, None, "nobody has verified it");
        assert_eq!(identity.groups, ["dev"]);
        let verified = judged(
            None,
            &json!({"email_verified": true, "preferred_username": "../ann"}),
        )
        .unwrap();
        assert_eq!(verified.email.as_deref(), Some("ann@example.org"));
        assert_eq!(verified.username, None);
    }

    #[test]
    fn userinfo_adds_and_never_changes() {
        let map = |value: Value| value.as_object().unwrap().clone();
        let claims = map(json!({"sub": "s", "name": "Ann"}));
        assert!(lacks_claims(&claims, "groups"));
        let told = map(
            json!({"sub": "s", "name": "Eve", "groups": ["dev"], "preferred_username": "ann", "nonce": "N"}),
        );
        let all = with_userinfo(claims.clone(), told.clone());
        assert_eq!(
            Value::Object(all.clone()),
            json!({"sub": "s", "name": "Ann", "groups": ["dev"], "preferred_username": "ann"})
        );
        assert!(!lacks_claims(&all, "groups"));
        let mut foreign = told;
        foreign.insert("sub".into(), json!("other"));
        assert_eq!(with_userinfo(claims.clone(), foreign), claims);
    }

    #[test]
    fn tokens_for_others_of_others_and_of_other_times_are_refused() {
        for (changes, why) in [
            (json!({"iss": "https://evil.example"}), "another issuer"),
            (json!({"iss": "https://idp.example/"}), "another issuer"),
            (json!({"aud": "d"}), "for another client"),
            (json!({"aud": ["c", "d"]}), "for another client"),
            (json!({"aud": ["c", "d"], "azp": "d"}), "for another client"),
            (json!({"azp": "d"}), "for another client"),
            (json!({"aud": null}), "for another client"),
            (json!({"exp": 1040}), "expired"),
            (json!({"exp": null}), "no expiry"),
            (json!({"iat": 1161}), "not of now"),
            (json!({"nbf": 1161}), "not of now"),
            (json!({"iat": 499}), "not of now"),
            (json!({"iat": null}), "no time of issue"),
            (json!({"nonce": "M"}), "another nonce"),
            (json!({"nonce": null}), "another nonce"),
            (json!({"sub": ""}), "no subject"),
            (json!({"sub": "x".repeat(256)}), "no subject"),
        ] {
            assert_eq!(judged(None, &changes), Err(why), "{changes}");
        }
        assert!(judged(None, &json!({"aud": ["c", "d"], "azp": "c"})).is_ok());
        assert_eq!(
            judged(Some("at+jwt"), &json!({})),
            Err("the token is none of identity")
        );
    }
}
