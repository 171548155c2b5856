use super::*;

const CALLBACK: &str = "https://a.example/cb";

fn parse(body: &Value) -> Result<ClientRegistration, OauthError> {
    ClientRegistration::parse(&body.to_string())
}

#[test]
fn defaults_are_those_of_the_standard() {
    let registration = parse(&json!({"redirect_uris": [CALLBACK], "unknown": 1})).unwrap();
    assert_eq!(registration.grants, ["authorization_code"]);
    let answer = registration.answer(&RegisteredClient {
        id: "c",
        issued_at_seconds: 7,
        secret: Some("s"),
        token: "t",
        address: "https://p.example/oauth2/register/c",
    });
    for (name, expected) in [
        ("client_id", json!("c")),
        ("client_id_issued_at", json!(7)),
        ("client_secret", json!("s")),
        ("client_secret_expires_at", json!(0)),
        ("token_endpoint_auth_method", json!("client_secret_basic")),
        ("response_types", json!(["code"])),
        ("redirect_uris", json!([CALLBACK])),
        ("unknown", Value::Null),
    ] {
        assert_eq!(answer[name], expected, "{name}");
    }
}

fn check(body: &Value, expected: Result<(), ErrorKind>) {
    let found = parse(body).map(drop).map_err(|error| error.kind);
    assert_eq!(found, expected, "{body}");
}

fn with(name: &str, value: &Value) -> Value {
    let mut body = json!({"redirect_uris": [CALLBACK]});
    body[name] = value.clone();
    body
}

#[test]
fn only_harmless_redirects_are_registered() {
    let refused = Err(ErrorKind::InvalidRedirectUri);
    check(&json!({}), refused);
    check(&json!({"grant_types": ["client_credentials"]}), Ok(()));
    for uri in [
        "http://127.0.0.1/cb",
        "http://localhost:1/cb",
        "com.example.app:/cb",
    ] {
        check(&json!({"redirect_uris": [uri]}), Ok(()));
    }
    for uri in [
        "http://a.example/cb",
        "https://a.example/cb#f",
        "https://u@a.example/cb",
        "javascript:alert(1)",
        "data:text/html,x",
        "app:/cb",
        "/cb",
        "",
    ] {
        check(&json!({"redirect_uris": [CALLBACK, uri]}), refused);
        check(&with("post_logout_redirect_uris", &json!([uri])), refused);
    }
    check(&json!({"redirect_uris": vec![CALLBACK; 21]}), refused);
}

#[test]
fn metadata_that_cannot_be_is_refused() {
    let refused = Err(ErrorKind::InvalidClientMetadata);
    check(&json!([]), refused);
    for (name, value) in [
        ("redirect_uris", json!(CALLBACK)),
        ("grant_types", json!(["password"])),
        ("grant_types", json!(["implicit"])),
        ("grant_types", json!(["magic"])),
        ("grant_types", json!([])),
        ("response_types", json!(["token"])),
        ("response_types", json!([])),
        ("token_endpoint_auth_method", json!("magic")),
        ("client_name", json!("safe\u{202E}txt")),
        ("client_name", json!("")),
        ("logo_uri", json!("http://a.example/l.png")),
        ("contacts", json!(["a\nb"])),
        ("default_max_age", json!(-1)),
    ] {
        check(&with(name, &value), refused);
    }
    let idle = json!({"grant_types": ["client_credentials"], "token_endpoint_auth_method": "none"});
    check(&idle, refused);
    check(&with("token_endpoint_auth_method", &json!("none")), Ok(()));
    check(&with("client_name", &json!("Ann's Ünïcode app")), Ok(()));
}

#[test]
fn nobodys_statement_is_trusted() {
    for (statement, kind) in [
        (json!("a.b.c"), ErrorKind::UnapprovedSoftwareStatement),
        (json!("abc"), ErrorKind::InvalidSoftwareStatement),
        (json!("a..c"), ErrorKind::InvalidSoftwareStatement),
        (json!(7), ErrorKind::InvalidSoftwareStatement),
    ] {
        check(&with("software_statement", &statement), Err(kind));
    }
}

#[test]
fn all_faults_are_told_at_once() {
    let error = parse(&json!({
        "redirect_uris": ["app:/cb"], "grant_types": ["authorization_code", "magic"], "client_name": "", "tos_uri": "x",
    }))
    .unwrap_err();
    for part in ["app:/cb", "magic", "client_name", "tos_uri"] {
        assert!(error.description.contains(part), "{}", error.description);
    }
}

#[test]
fn change_is_for_this_client_and_by_the_clients_names() {
    let check = |body: Value, good: bool| {
        let found = ClientRegistration::parse_change(&body.to_string(), "c");
        assert_eq!(found.is_ok(), good, "{body}");
    };
    check(json!({"client_id": "c", "redirect_uris": [CALLBACK]}), true);
    check(
        json!({"client_id": "d", "redirect_uris": [CALLBACK]}),
        false,
    );
    check(json!({"redirect_uris": [CALLBACK]}), false);
    for name in SERVERS_OWN {
        let mut body = json!({"client_id": "c", "redirect_uris": [CALLBACK]});
        body[name] = json!("x");
        check(body, false);
    }
}

#[test]
fn keys_are_public_and_in_one_place() {
    let good = json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "A"}]});
    let signing = |name: &str, value: &Value| {
        let mut body = with("token_endpoint_auth_method", &json!("private_key_jwt"));
        body[name] = value.clone();
        body
    };
    let refused = Err(ErrorKind::InvalidClientMetadata);
    check(&signing("jwks", &good), Ok(()));
    check(
        &signing("jwks_uri", &json!("https://a.example/keys")),
        Ok(()),
    );
    check(&with("dpop_bound_access_tokens", &json!(true)), Ok(()));
    check(&signing("client_name", &json!("no keys")), refused);
    check(
        &signing("jwks_uri", &json!("http://a.example/keys")),
        refused,
    );
    let mut both = signing("jwks", &good);
    both["jwks_uri"] = json!("https://a.example/keys");
    check(&both, refused);
    for bad in [
        json!({}),
        json!({"keys": []}),
        json!({"keys": [7]}),
        json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "A", "d": "A"}]}),
        json!({"keys": [{"kty": "oct", "k": "A"}]}),
        json!("keys"),
    ] {
        check(&signing("jwks", &bad), refused);
    }
}
