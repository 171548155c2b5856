use super::*;
use crate::{ClientMetadata, Settings};

const BASE: &str = "response_type=code&client_id=c&redirect_uri=https%3A%2F%2Fa%2Fcb\
    &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";

fn client() -> Client {
    Client {
        id: "c".into(),
        organization: "default".into(),
        owner: "ann".into(),
        application: None,
        grants: vec!["authorization_code".into()],
        settings: Settings::default(),
        metadata: ClientMetadata {
            redirect_uris: vec!["https://a/cb".into()],
            ..ClientMetadata::default()
        },
    }
}

fn read(query: &str, client: &Client) -> Result<AuthorizationRequest, OauthError> {
    let form = Form::parse(query)?;
    let target = Target::find(&form, client).map_err(crate::PageFault::error)?;
    AuthorizationRequest::read(&form, client, target)
}

#[test]
fn each_fault_has_its_own_word() {
    let check = |more: &str, expected: Result<(), ErrorKind>| {
        let found = read(&format!("{BASE}&{more}"), &client());
        assert_eq!(
            found.map(|_| ()).map_err(|error| error.kind),
            expected,
            "{more}"
        );
    };
    check(
        "scope=openid&nonce=n&state=s&prompt=login+consent&max_age=0&login_hint=ann",
        Ok(()),
    );
    check("response_mode=form_post", Ok(()));
    check("response_mode=fragment", Err(ErrorKind::InvalidRequest));
    check("request=x.y.z", Err(ErrorKind::RequestNotSupported));
    check(
        "request_uri=https://evil/r",
        Err(ErrorKind::RequestUriNotSupported),
    );
    check("registration={}", Err(ErrorKind::RegistrationNotSupported));
    check("prompt=none+login", Err(ErrorKind::InvalidRequest));
    check("prompt=create", Err(ErrorKind::InvalidRequest));
    check("prompt=none", Ok(()));
    check("max_age=-1", Err(ErrorKind::InvalidRequest));
    check("max_age=soon", Err(ErrorKind::InvalidRequest));
    check("scope=a%22b", Err(ErrorKind::InvalidScope));
    check("resource=https://api.example&resource=urn:x:y", Ok(()));
    check("resource=api", Err(ErrorKind::InvalidTarget));
    check(
        "resource=https://api.example%23x",
        Err(ErrorKind::InvalidTarget),
    );
    check(
        &format!("nonce={}", "n".repeat(1025)),
        Err(ErrorKind::InvalidRequest),
    );
    check(&format!("state={}", "s".repeat(2048)), Ok(()));
    check(
        &format!("state={}", "s".repeat(2049)),
        Err(ErrorKind::InvalidRequest),
    );
    check("acr_values=2+urn:unknown", Ok(()));
    check(&format!("dpop_jkt={}", "k".repeat(43)), Ok(()));
    for text in ["k".repeat(42), format!("{}%3D", "k".repeat(42))] {
        check(&format!("dpop_jkt={text}"), Err(ErrorKind::InvalidRequest));
    }
}

#[test]
fn only_codes_are_given_out() {
    for kind in [
        "token",
        "id_token",
        "code+id_token",
        "code+token",
        "none",
        "magic",
    ] {
        let query = BASE.replace("response_type=code", &format!("response_type={kind}"));
        let refusal = read(&query, &client()).unwrap_err();
        assert_eq!(refusal.kind, ErrorKind::UnsupportedResponseType, "{kind}");
    }
    let query = BASE.replace("response_type=code&", "");
    assert_eq!(
        read(&query, &client()).unwrap_err().kind,
        ErrorKind::InvalidRequest
    );
}

#[test]
fn client_has_to_be_registered_for_codes() {
    let other = Client {
        grants: vec!["password".into()],
        ..client()
    };
    assert_eq!(
        read(BASE, &other).unwrap_err().kind,
        ErrorKind::UnauthorizedClient
    );
}

#[test]
fn answers_go_to_registered_places_only() {
    let with = |uris: &[&str]| Client {
        metadata: ClientMetadata {
            redirect_uris: uris.iter().map(ToString::to_string).collect(),
            ..ClientMetadata::default()
        },
        ..client()
    };
    let check = |shown: Option<&str>, registered: &[&str], expected: Option<(&str, bool)>| {
        let query = shown.map_or(String::new(), |uri| {
            url::form_urlencoded::Serializer::new(String::new())
                .append_pair("redirect_uri", uri)
                .finish()
        });
        let found = Target::find(&Form::parse(&query).unwrap(), &with(registered));
        let found = found
            .map(|target| (target.redirect_uri, target.is_named))
            .ok();
        let expected = expected.map(|(uri, is_named)| (uri.to_owned(), is_named));
        assert_eq!(found, expected, "{shown:?} {registered:?}");
    };
    check(
        Some("https://a/cb"),
        &["https://b/cb", "https://a/cb"],
        Some(("https://a/cb", true)),
    );
    check(None, &["https://a/cb"], Some(("https://a/cb", false)));
    check(None, &["https://a/cb", "https://b/cb"], None);
    check(None, &[], None);
    for stranger in [
        "https://a/cb/",
        "https://a/cb?x=1",
        "https://a/CB",
        "https://a:443/cb",
        "https://a/x/../cb",
        "https://a/cb#f",
        "https://a@evil/cb",
        "https://evil/cb",
        "//a/cb",
        "/cb",
        "http://a/cb",
    ] {
        check(Some(stranger), &["https://a/cb"], None);
    }
    check(
        Some("http://127.0.0.1:5123/cb"),
        &["http://127.0.0.1/cb"],
        Some(("http://127.0.0.1:5123/cb", true)),
    );
    check(
        Some("http://127.0.0.1:5123/other"),
        &["http://127.0.0.1/cb"],
        None,
    );
}

#[test]
fn unknown_contexts_ask_for_nothing() {
    let request = read(&format!("{BASE}&acr_values=urn:x+2"), &client()).unwrap();
    assert_eq!(request.acr_values, ["2"]);
}

#[test]
fn pkce_may_be_left_out_where_settings_say_so() {
    let bare = "response_type=code&client_id=c&redirect_uri=https%3A%2F%2Fa%2Fcb";
    assert_eq!(
        read(bare, &client()).unwrap_err().kind,
        ErrorKind::InvalidRequest
    );
    let settings = Settings {
        pkce_required: false,
        ..Settings::default()
    };
    assert!(
        read(
            bare,
            &Client {
                settings,
                ..client()
            }
        )
        .is_ok()
    );
}

#[test]
fn kept_request_reads_as_it_was() {
    let request = read(
        &format!("{BASE}&scope=openid+a&prompt=login&response_mode=form_post"),
        &client(),
    )
    .unwrap();
    let text = serde_json::to_string(&request).unwrap();
    assert_eq!(
        serde_json::from_str::<AuthorizationRequest>(&text).unwrap(),
        request
    );
}
