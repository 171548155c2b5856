//! Who gets in, who does not, and with which code.

mod world;

use credential::ApiKey;
use model::{ApiKeyRecord, ApiState, ApplicationStatus, KeyType, SubscriptionStatus, Timestamp};
use pipeline::Outcome;
use serde_json::{Value, json};
use world::{START, World, but, claims, get, signed, token};

const PET: &str = "/pets/1.0.0/pet/7";

#[test]
fn a_good_token_is_forwarded() {
    let mut world = World::new();
    let ask = get("/pets/1.0.0/pet/7?a=1").bearer(&token(&claims()));
    let plan = world.forwarded(&ask);
    assert_eq!(plan.url, "http://up.example/v1/pet/7?a=1");
    assert_eq!(plan.edits.drop, ["authorization"]);
    let outcome = Outcome {
        status: 200,
        upstream_ms: 7,
        ..Outcome::default()
    };
    let event = plan.trace.forwarded(&outcome, START.plus_ms(9)).to_event();
    assert_eq!((event.status, event.upstream_status), (200, Some(200)));
    assert_eq!((event.total_ms, event.upstream_ms), (9, Some(7)));
    assert_eq!(event.template.as_deref(), Some("/pet/{petId}"));
    assert_eq!(event.application.map(|it| it.name), Some("Shop".to_owned()));
    assert_eq!(event.plan.as_deref(), Some("Gold"));
}

#[test]
fn second_call_fetches_nothing() {
    let mut world = World::new();
    let ask = get(PET).bearer(&token(&claims()));
    world.forwarded(&ask);
    world.fetched.clear();
    world.forwarded(&ask);
    assert!(world.fetched.is_empty(), "{:?}", world.fetched);
}

#[test]
fn tokens_are_refused_with_their_reason() {
    let expired = START.seconds() - 1;
    let later = START.seconds() + 600;
    let cases: [(&str, Value, &str); 8] = [
        ("expired", json!({"exp": expired}), "900903"),
        ("revoked", json!({"jti": "taken-back"}), "900904"),
        (
            "foreign issuer",
            json!({"iss": "https://evil.example"}),
            "900901",
        ),
        ("not yet valid", json!({"nbf": later}), "900901"),
        ("no expiry", json!({"exp": null}), "900901"),
        ("expiry in words", json!({"exp": "tomorrow"}), "900901"),
        ("no name", json!({"jti": ""}), "900901"),
        ("odd use", json!({"aut": "ROOT"}), "900901"),
    ];
    for (name, changes, code) in cases {
        let mut world = World::new();
        let ask = get(PET).bearer(&token(&but(changes)));
        assert_eq!(world.refused(&ask), (401, code.to_owned()), "{name}");
    }
}

#[test]
fn a_forged_signature_is_verified_once() {
    let mut world = World::new();
    let ask = get(PET).bearer(&signed("at+jwt", &claims(), "bad"));
    assert_eq!(world.refused(&ask), (401, "900901".to_owned()));
    world.fetched.clear();
    assert_eq!(world.refused(&ask), (401, "900901".to_owned()));
    assert!(!world.fetched.contains(&"signature"), "{:?}", world.fetched);
}

#[test]
fn a_token_of_another_type_is_none() {
    for kind in ["JWT", "id+jwt", "internal-key+jwt", ""] {
        let mut world = World::new();
        let ask = get(PET).bearer(&signed(kind, &claims(), "good"));
        assert_eq!(world.refused(&ask), (401, "900901".to_owned()), "{kind}");
    }
}

#[test]
fn a_revocation_reaches_remembered_tokens() {
    let mut world = World::new();
    let ask = get(PET).bearer(&token(&claims()));
    world.forwarded(&ask);
    world.trust.revocations.tokens.push(model::RevokedToken {
        jti: "t-1".into(),
        expires_at: START.plus_ms(3_600_000),
    });
    world.publish();
    world.wait_ms(61_000);
    assert_eq!(world.refused(&ask), (401, "900904".to_owned()));
}

#[test]
fn a_user_who_is_taken_back_loses_remembered_tokens() {
    let mut world = World::new();
    let mut theirs = claims();
    theirs["sub"] = json!("ann");
    theirs["aut"] = json!("APPLICATION_USER");
    let ask = get(PET).bearer(&token(&theirs));
    world.forwarded(&ask);
    let revoke = |user: &str| {
        let before = START.plus_ms(1);
        let user = user.to_owned();
        vec![model::RevokedUser { user, before }].into()
    };
    world.trust.revocations.users = revoke("bob");
    world.publish();
    world.wait_ms(61_000);
    world.forwarded(&ask);
    world.trust.revocations.users = revoke("ann");
    world.publish();
    world.wait_ms(61_000);
    assert_eq!(world.refused(&ask), (401, "900904".to_owned()));
}

#[test]
fn a_key_that_goes_takes_its_tokens_along() {
    let mut world = World::new();
    let ask = get(PET).bearer(&token(&claims()));
    world.forwarded(&ask);
    world.trust.keys.clear();
    world.publish();
    world.wait_ms(61_000);
    assert_eq!(world.refused(&ask), (401, "900901".to_owned()));
}

#[test]
fn a_remembered_token_still_expires() {
    let mut world = World::new();
    let ask = get(PET).bearer(&token(&claims()));
    world.forwarded(&ask);
    world.wait_ms(3_600_000);
    assert_eq!(world.refused(&ask), (401, "900903".to_owned()));
}

#[test]
fn no_credential_is_told_what_is_expected() {
    let mut world = World::new();
    let answer = world.answered(&get(PET));
    assert_eq!(answer.status, 401);
    assert!(
        answer.body.contains("900902") && answer.body.contains("authorization"),
        "{}",
        answer.body
    );
    let challenge = answer
        .headers
        .iter()
        .find(|(name, _)| *name == "www-authenticate");
    assert!(challenge.is_some_and(|(_, value)| value.starts_with("Bearer realm=")));
}

#[test]
fn a_scheme_that_is_off_counts_as_not_shown() {
    let mut world = World::new();
    world.deployment.security.oauth2 = false;
    world.publish();
    let ask = get(PET).bearer(&token(&claims()));
    assert_eq!(world.refused(&ask), (401, "900902".to_owned()));
}

#[test]
fn subscriptions_decide_by_their_state() {
    use SubscriptionStatus as S;
    for (status, expected) in [
        (S::Blocked, Some((401, "900907"))),
        (S::ProdOnlyBlocked, Some((401, "900907"))),
        (S::OnHold, Some((401, "900909"))),
        (S::Rejected, Some((401, "900909"))),
        (S::TierUpdatePending, None),
        (S::DeletePending, None),
    ] {
        let mut world = World::new();
        world.subscribe(&[("pets", status)]);
        let ask = get(PET).bearer(&token(&claims()));
        match expected {
            Some((code, text)) => {
                assert_eq!(world.refused(&ask), (code, text.to_owned()), "{status:?}")
            }
            None => drop(world.forwarded(&ask)),
        }
    }
}

#[test]
fn an_application_of_another_organization_is_not_subscribed() {
    let mut world = World::new();
    world.deployment.organization = "umbrella".into();
    world.publish();
    let ask = get(PET).bearer(&token(&claims()));
    assert_eq!(world.refused(&ask), (403, "900908".to_owned()));
}

#[test]
fn scope_kind_of_token_and_endpoint_are_rights() {
    let mut world = World::new();
    let good = token(&claims());
    let post = get("/pets/1.0.0/pet").method("POST").bearer(&good);
    assert_eq!(world.refused(&post), (403, "900910".to_owned()));
    let writer = token(&but(json!({"scope": "read write"})));
    world.forwarded(&get("/pets/1.0.0/pet").method("POST").bearer(&writer));
    assert_eq!(
        world.refused(&get("/pets/1.0.0/mine").bearer(&good)),
        (401, "900905".to_owned())
    );
    let bob = token(&but(json!({"sub": "bob", "aut": "APPLICATION_USER"})));
    world.forwarded(&get("/pets/1.0.0/mine").bearer(&bob));
    world.client("trial-client", "shop", KeyType::Sandbox);
    let sandbox = token(&but(json!({"client_id": "trial-client"})));
    assert_eq!(
        world.refused(&get(PET).bearer(&sandbox)),
        (403, "900916".to_owned())
    );
}

#[test]
fn audiences_of_the_api_are_held_to() {
    let mut world = World::new();
    world.deployment.security.audiences = vec!["pets-api".into()];
    world.publish();
    assert_eq!(
        world.refused(&get(PET).bearer(&token(&claims()))),
        (403, "900914".to_owned())
    );
    let meant = token(&but(json!({"aud": ["x", "pets-api"]})));
    world.forwarded(&get(PET).bearer(&meant));
}

#[test]
fn the_state_of_the_api_decides_first() {
    for (state, status, code) in [
        (ApiState::Blocked, 503, "700700"),
        (ApiState::Created, 403, "900908"),
        (ApiState::Retired, 404, "404"),
    ] {
        let mut world = World::new();
        world.deployment.state = state;
        world.publish();
        let ask = get(PET).bearer(&token(&claims()));
        assert_eq!(world.refused(&ask), (status, code.to_owned()), "{state:?}");
    }
    let mut world = World::new();
    world.deployment.state = ApiState::Prototyped;
    world.publish();
    world.subscribe(&[]);
    world.forwarded(&get(PET).bearer(&token(&claims())));
}

#[test]
fn the_internal_key_opens_its_one_api_in_any_state() {
    let key = |api: &str| {
        let api = json!({"id": api, "name": "Pets", "version": "1.0.0", "context": "/pets/1.0.0"});
        signed(
            "internal-key+jwt",
            &but(json!({"sub": "admin", "api": api})),
            "good",
        )
    };
    let mut world = World::new();
    world.deployment.state = ApiState::Created;
    world.publish();
    let plan = world.forwarded(&get(PET).with("internal-key", key("pets")));
    assert_eq!(plan.edits.drop, ["internal-key"]);
    let other = get(PET).with("internal-key", key("cats"));
    assert_eq!(world.refused(&other), (401, "900901".to_owned()));
}

fn with_key(change: impl Fn(&mut ApiKeyRecord)) -> (World, String) {
    let mut world = World::new();
    let key = ApiKey::generate(KeyType::Production, &[7; 32]);
    let mut record = ApiKeyRecord {
        schema: 1,
        organization: "default".into(),
        id: "key-1".into(),
        application: "shop".into(),
        api: None,
        key_type: KeyType::Production,
        user: "ann".into(),
        expires_at: None,
        permitted_ips: Vec::new(),
        permitted_referers: Vec::new(),
    };
    change(&mut record);
    world.write(&format!("api-key/{}", key.digest()), &record);
    (world, key.reveal().to_owned())
}

#[test]
fn an_api_key_works_in_header_and_query() {
    let (mut world, key) = with_key(|_| {});
    let plan = world.forwarded(&get(PET).with("apikey", key.as_str()));
    assert_eq!(plan.edits.drop, ["apikey"]);
    let plan = world.forwarded(&get(&format!("{PET}?a=1&apikey={key}&b=2")));
    assert_eq!(plan.url, "http://up.example/v1/pet/7?a=1&b=2");
}

#[test]
fn an_api_key_is_held_to_its_restrictions() {
    let ask = |key: &str| get(PET).with("apikey", key);
    let (mut world, key) = with_key(|it| it.expires_at = Some(Timestamp(START.0)));
    assert_eq!(world.refused(&ask(&key)), (401, "900903".to_owned()));
    let (mut world, key) = with_key(|it| it.permitted_ips = vec!["198.51.100.0/24".into()]);
    assert_eq!(world.refused(&ask(&key)), (403, "900917".to_owned()));
    let (mut world, key) =
        with_key(|it| it.permitted_referers = vec!["https://shop.example/*".into()]);
    assert_eq!(world.refused(&ask(&key)), (403, "900917".to_owned()));
    world.forwarded(&ask(&key).with("referer", "https://shop.example/cart"));
}

#[test]
fn an_api_key_for_one_api_opens_no_other() {
    let ask = |key: &str| get(PET).with("apikey", key);
    let (mut world, key) = with_key(|it| it.api = Some("pets".into()));
    world.forwarded(&ask(&key));
    let (mut world, key) = with_key(|it| it.api = Some("cats".into()));
    assert_eq!(world.refused(&ask(&key)), (401, "900901".to_owned()));
}

#[test]
fn a_mistyped_api_key_costs_no_look_up() {
    let mut world = World::new();
    world.refused(&get("/pets/1.0.0/nothing"));
    world.fetched.clear();
    let ask = get(PET).with("apikey", "ptn_live_guess");
    assert_eq!(world.refused(&ask), (401, "900901".to_owned()));
    assert!(world.fetched.is_empty(), "{:?}", world.fetched);
}

#[test]
fn an_application_that_waits_is_refused() {
    let mut world = World::new();
    let mut record: model::ApplicationRecord =
        serde_json::from_str(&world.kv["application/shop"]).expect("a record");
    record.status = ApplicationStatus::Created;
    world.write("application/shop", &record);
    assert_eq!(
        world.refused(&get(PET).bearer(&token(&claims()))),
        (401, "900909".to_owned())
    );
}
