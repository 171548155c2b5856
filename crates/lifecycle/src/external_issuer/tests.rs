use serde_json::{Value, json};

use super::*;

const OWN: &str = "https://api.example.org";

fn places(change: Value) -> Vec<String> {
    let mut whole = json!({
        "name": "Cloak", "issuer": "https://id.example.org/realms/a",
        "certificates": {"type": "JWKS", "value": "https://id.example.org/realms/a/certs"},
    });
    if let (Some(whole), Value::Object(change)) = (whole.as_object_mut(), change) {
        for (name, value) in change {
            whole.insert(name, value);
        }
    }
    let read: ExternalIssuer = serde_json::from_value(whole).unwrap();
    let faults = read.completed().faults(OWN, false);
    faults.into_iter().map(|fault| fault.place).collect()
}

#[test]
fn every_fault_names_its_place() {
    assert_eq!(places(json!({})), [] as [&str; 0]);
    for (change, place) in [
        (json!({"name": null}), "name"),
        (json!({"name": " a"}), "name"),
        (json!({"name": "resident key manager"}), "name"),
        (json!({"type": "default"}), "type"),
        (json!({"issuer": null}), "issuer"),
        (json!({"issuer": OWN}), "issuer"),
        (json!({"issuer": "nobody"}), "issuer"),
        (json!({"certificates": null}), "certificates"),
        (json!({"issuer": format!("{OWN}/oauth2/token")}), "issuer"),
        (
            json!({"certificates": {"type": "PEM", "value": "-".repeat(16 * 1024 + 1)}}),
            "certificates.value",
        ),
        (
            json!({"certificates": {"type": "JWKS", "value": "http://169.254.169.254/keys"}}),
            "certificates.value",
        ),
        (
            json!({"tokenEndpoint": "http://10.0.0.1/token"}),
            "tokenEndpoint",
        ),
        (json!({"consumerKeyClaim": ""}), "consumerKeyClaim"),
        (
            json!({"claimMapping": [{"remoteClaim": "a", "localClaim": ""}]}),
            "claimMapping[0]",
        ),
        (json!({"alias": ""}), "alias"),
        (
            json!({"additionalProperties": {"client_secret": "s"}}),
            "additionalProperties.client_secret",
        ),
        (
            json!({"additionalProperties": {"initial_access_token": "two words"}}),
            "additionalProperties.initial_access_token",
        ),
        (
            json!({"additionalProperties": {"initial_access_token": 7}}),
            "additionalProperties.initial_access_token",
        ),
    ] {
        assert_eq!(places(change.clone()), [place], "{change}");
    }
}

#[test]
fn registration_token_stays_until_something_is_said_of_it() {
    let check = |said: Value, expected: RegistrationToken<'_>| {
        let read: ExternalIssuer =
            serde_json::from_value(json!({"additionalProperties": said})).unwrap();
        assert_eq!(read.registration_token(), expected, "{said}");
    };
    check(Value::Null, RegistrationToken::Kept);
    check(json!({}), RegistrationToken::Kept);
    check(
        json!({"initial_access_token": ""}),
        RegistrationToken::Removed,
    );
    check(
        json!({"initial_access_token": "t"}),
        RegistrationToken::Set("t"),
    );
}

#[test]
fn roles_open_and_close_a_key_manager() {
    let check = |permissions: Value, roles: &[&str], expected: bool| {
        let read: ExternalIssuer =
            serde_json::from_value(json!({"permissions": permissions})).unwrap();
        let roles: Vec<String> = roles.iter().map(|role| (*role).to_owned()).collect();
        assert_eq!(read.is_for(&roles), expected, "{permissions} {roles:?}");
    };
    check(Value::Null, &[], true);
    check(
        json!({"permissionType": "PUBLIC", "roles": ["a"]}),
        &[],
        true,
    );
    check(
        json!({"permissionType": "ALLOW", "roles": ["a", "b"]}),
        &["b"],
        true,
    );
    check(
        json!({"permissionType": "ALLOW", "roles": ["a"]}),
        &["b"],
        false,
    );
    check(
        json!({"permissionType": "DENY", "roles": ["a"]}),
        &["a", "b"],
        false,
    );
    check(
        json!({"permissionType": "DENY", "roles": ["a"]}),
        &["b"],
        true,
    );
}

#[test]
fn metadata_speaks_for_its_own_issuer_only() {
    let check = |issuer: &str, address: &str| {
        let text = json!({"issuer": issuer, "jwks_uri": "https://id.example.org/keys", "other": 1});
        discovered(address, &text.to_string()).is_ok()
    };
    for (issuer, address, right) in [
        (
            "https://a.example",
            "https://a.example/.well-known/openid-configuration",
            true,
        ),
        (
            "https://a.example/",
            "https://a.example/.well-known/openid-configuration",
            true,
        ),
        (
            "https://a.example/t",
            "https://a.example/t/.well-known/openid-configuration",
            true,
        ),
        (
            "https://a.example/t",
            "https://a.example/.well-known/oauth-authorization-server/t",
            true,
        ),
        (
            "https://b.example",
            "https://a.example/.well-known/openid-configuration",
            false,
        ),
        (
            "https://a.example/t",
            "https://a.example/.well-known/openid-configuration",
            false,
        ),
        (
            "nobody",
            "https://a.example/.well-known/openid-configuration",
            false,
        ),
    ] {
        assert_eq!(check(issuer, address), right, "{issuer} at {address}");
    }
    assert!(discovered("https://a.example", "[]").is_err());
}

#[test]
fn metadata_becomes_the_peers_fields() {
    let text = json!({
        "issuer": "https://a.example", "jwks_uri": "https://a.example/keys",
        "registration_endpoint": "https://a.example/clients", "userinfo_endpoint": "https://a.example/me",
    });
    let address = "https://a.example/.well-known/openid-configuration";
    let found = discovered(address, &text.to_string()).unwrap();
    assert_eq!(found.certificates.unwrap().value, "https://a.example/keys");
    assert_eq!(
        found.client_registration_endpoint.as_deref(),
        Some("https://a.example/clients")
    );
    assert_eq!(
        found.user_info_endpoint.as_deref(),
        Some("https://a.example/me")
    );
}
