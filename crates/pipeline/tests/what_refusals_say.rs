//! Every way to be refused, row by row: status, code, the shape of the body and the challenge; in each shape that a client
//! may speak, and without a word of what is nobody's business.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a story that is wrong ends"
)]

mod world;

use credential::ApiKey;
use model::{
    ApiKeyRecord, ApiState, ApplicationStatus, DenyRule, DenyTarget, KeyType, Limit, Measure,
    SubscriptionStatus, TimeUnit,
};
use pipeline::{Answer, upstream_failure};
use serde_json::{Value, json};
use world::{Ask, START, World, but, claims, get, signed, token};

const PET: &str = "/pets/1.0.0/pet/7";

/// The members that bodies of this kind have beside `code` and `description`.
const ACCESS: &[&str] = &["message"];
const THROTTLE: &[&str] = &["message", "nextAccessTime"];
const BLOCKED: &[&str] = &["type"];
const RUNTIME: &[&str] = &["message", "type"];

struct Row {
    name: &'static str,
    /// Sets the world up.
    given: fn(&mut World),
    ask: fn() -> Ask,
    expected: (u16, &'static str),
    shape: &'static [&'static str],
}

fn good() -> Ask {
    get(PET).bearer(&token(&claims()))
}

fn with(changes: Value) -> Ask {
    get(PET).bearer(&token(&but(changes)))
}

fn key() -> ApiKey {
    ApiKey::generate(KeyType::Production, &[7; 32])
}

fn with_key() -> Ask {
    get(PET).with("apikey", key().reveal())
}

fn restricted(world: &mut World) {
    let record = ApiKeyRecord {
        schema: 1,
        organization: "default".into(),
        id: "key-1".into(),
        application: "shop".into(),
        api: None,
        key_type: KeyType::Production,
        user: "ann".into(),
        expires_at: None,
        permitted_ips: vec!["198.51.100.0/24".into()],
        permitted_referers: Vec::new(),
    };
    world.write(&format!("api-key/{}", key().digest()), &record);
}

fn in_state(world: &mut World, state: ApiState) {
    world.deployment.state = state;
    world.publish();
}

fn subscribed(world: &mut World, status: SubscriptionStatus) {
    world.subscribe(&[("pets", status)]);
}

fn limited(world: &mut World, requests: u64) {
    if let Some(gold) = world.policies.subscription.get_mut("Gold") {
        gold.limit = Some(Limit::new(Measure::Requests(requests), 1, TimeUnit::Min));
    }
    world.publish();
}

fn denied(world: &mut World) {
    world.policies.deny = vec![DenyRule {
        target: DenyTarget::Application("ann:Shop".into()),
        until: None,
        reason: None,
    }];
    world.publish();
}

fn waiting(world: &mut World) {
    let mut record: model::ApplicationRecord =
        serde_json::from_str(&world.kv["application/shop"]).expect("a record");
    record.status = ApplicationStatus::Created;
    world.write("application/shop", &record);
}

const fn nothing(_: &mut World) {}

#[rustfmt::skip]
const ROWS: &[Row] = &[
    Row { name: "odd path", given: nothing, ask: || get("/pets/1.0.0/pet/%zz"), expected: (400, "400"), shape: RUNTIME },
    Row { name: "no such API", given: nothing, ask: || get("/cats/1.0.0/cat/7"), expected: (404, "404"), shape: RUNTIME },
    Row { name: "no such resource", given: nothing, ask: || get("/pets/1.0.0/toys"), expected: (404, "404"), shape: RUNTIME },
    Row { name: "retired", given: |it| in_state(it, ApiState::Retired), ask: good, expected: (404, "404"), shape: RUNTIME },
    Row { name: "no such method", given: nothing, ask: || good().method("DELETE"), expected: (405, "405"), shape: RUNTIME },
    Row { name: "long address", given: nothing, ask: || get(&format!("/pets/{}", "a".repeat(17_000))), expected: (414, "414"), shape: RUNTIME },
    Row { name: "large headers", given: nothing, ask: || get(PET).with("x-large", "a".repeat(70_000)), expected: (431, "431"), shape: RUNTIME },
    Row { name: "odd method", given: nothing, ask: || get(PET).method("PROPFIND"), expected: (501, "501"), shape: RUNTIME },
    Row { name: "loop", given: nothing, ask: || get(PET).with("x-postern-hops", "9"), expected: (508, "508"), shape: RUNTIME },
    Row { name: "blocked API", given: |it| in_state(it, ApiState::Blocked), ask: good, expected: (503, "700700"), shape: BLOCKED },
    Row { name: "no configuration", given: |it| it.is_down = true, ask: good, expected: (503, "303100"), shape: RUNTIME },
    Row { name: "nothing shown", given: nothing, ask: || get(PET), expected: (401, "900902"), shape: ACCESS },
    Row { name: "scheme that is off", given: nothing, ask: || get(PET).with("authorization", "Basic YW5uOnNlY3JldA=="), expected: (401, "900902"), shape: ACCESS },
    Row { name: "forged", given: nothing, ask: || get(PET).bearer(&signed("at+jwt", &claims(), "bad")), expected: (401, "900901"), shape: ACCESS },
    Row { name: "unknown issuer", given: nothing, ask: || with(json!({"iss": "https://evil.example"})), expected: (401, "900901"), shape: ACCESS },
    Row { name: "mistyped key", given: nothing, ask: || get(PET).with("apikey", "ptn_live_guess"), expected: (401, "900901"), shape: ACCESS },
    Row { name: "unknown key", given: nothing, ask: with_key, expected: (401, "900901"), shape: ACCESS },
    Row { name: "expired", given: nothing, ask: || with(json!({"exp": START.seconds() - 1})), expected: (401, "900903"), shape: ACCESS },
    Row { name: "taken back", given: nothing, ask: || with(json!({"jti": "taken-back"})), expected: (401, "900904"), shape: ACCESS },
    Row { name: "other kind of token", given: nothing, ask: || get("/pets/1.0.0/mine").bearer(&token(&claims())), expected: (401, "900905"), shape: ACCESS },
    Row { name: "blocked", given: |it| subscribed(it, SubscriptionStatus::Blocked), ask: good, expected: (401, "900907"), shape: ACCESS },
    Row { name: "production blocked", given: |it| subscribed(it, SubscriptionStatus::ProdOnlyBlocked), ask: good, expected: (401, "900907"), shape: ACCESS },
    Row { name: "not subscribed", given: |it| it.subscribe(&[]), ask: good, expected: (403, "900908"), shape: ACCESS },
    Row { name: "client of nobody", given: nothing, ask: || with(json!({"client_id": "stranger"})), expected: (403, "900908"), shape: ACCESS },
    Row { name: "not published", given: |it| in_state(it, ApiState::Created), ask: good, expected: (403, "900908"), shape: ACCESS },
    Row { name: "on hold", given: |it| subscribed(it, SubscriptionStatus::OnHold), ask: good, expected: (401, "900909"), shape: ACCESS },
    Row { name: "rejected", given: |it| subscribed(it, SubscriptionStatus::Rejected), ask: good, expected: (401, "900909"), shape: ACCESS },
    Row { name: "application waits", given: waiting, ask: good, expected: (401, "900909"), shape: ACCESS },
    Row { name: "no scope", given: nothing, ask: || get("/pets/1.0.0/pet").method("POST").bearer(&token(&claims())), expected: (403, "900910"), shape: ACCESS },
    Row { name: "other audience", given: |it| { it.deployment.security.audiences = vec!["pets-api".into()]; it.publish(); }, ask: good, expected: (403, "900914"), shape: ACCESS },
    Row { name: "sandbox key", given: |it| it.client("trial-client", "shop", KeyType::Sandbox), ask: || with(json!({"client_id": "trial-client"})), expected: (403, "900916"), shape: ACCESS },
    Row { name: "address of a key", given: restricted, ask: with_key, expected: (403, "900917"), shape: ACCESS },
    Row { name: "quota used up", given: |it| limited(it, 0), ask: good, expected: (429, "900804"), shape: THROTTLE },
    Row { name: "denied", given: denied, ask: good, expected: (403, "900805"), shape: ACCESS },
];

fn value<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    let found = answer.headers.iter().find(|(key, _)| *key == name);
    found.map(|(_, value)| value.as_str())
}

fn answered(row: &Row, change: impl Fn(Ask) -> Ask) -> Answer {
    let mut world = World::new();
    (row.given)(&mut world);
    world.answered(&change((row.ask)()))
}

/// What no client may be told: names of rows, digests, and the credential itself.
fn is_told_nothing_else(row: &Row, answer: &Answer) {
    let secrets = [
        "sub-1",
        "key-1",
        "shop-client",
        "taken-back",
        "\"default\"",
        "eyJ",
        "ptn_",
        "YW5uOnNlY3JldA",
    ];
    let told = format!("{:?} {}", answer.headers, answer.body);
    for secret in secrets {
        assert!(!told.contains(secret), "{}: `{secret}` in {told}", row.name);
    }
}

#[test]
fn each_row_has_its_status_code_and_shape() {
    for row in ROWS {
        let answer = answered(row, |ask| ask);
        let body: Value = serde_json::from_str(&answer.body).expect(&answer.body);
        let code = body["code"].as_str().unwrap_or_default();
        assert_eq!(
            (answer.status, code),
            row.expected,
            "{}: {}",
            row.name,
            answer.body
        );
        let mut members: Vec<&str> = body
            .as_object()
            .expect("an object")
            .keys()
            .map(String::as_str)
            .collect();
        members.retain(|name| !["code", "description"].contains(name));
        members.sort_unstable();
        assert_eq!(members, row.shape, "{}", row.name);
        assert!(
            body.as_object()
                .expect("an object")
                .values()
                .all(Value::is_string),
            "{}",
            row.name
        );
        assert_eq!(
            value(&answer, "content-type"),
            Some("application/json; charset=UTF-8")
        );
        assert_eq!(value(&answer, "cache-control"), Some("no-store"));
        is_told_nothing_else(row, &answer);
    }
}

#[test]
fn each_401_and_no_other_has_a_challenge() {
    for row in ROWS {
        let answer = answered(row, |ask| ask);
        let challenge = value(&answer, "www-authenticate");
        assert_eq!(
            challenge.is_some(),
            answer.status == 401,
            "{}: {challenge:?}",
            row.name
        );
        let Some(challenge) = challenge else { continue };
        assert!(
            challenge.starts_with("Bearer realm=\"Postern\""),
            "{}: {challenge}",
            row.name
        );
        assert!(
            challenge.contains("ApiKey realm=\"Postern\", header=\"apikey\""),
            "{}: {challenge}",
            row.name
        );
        let is_about_the_token = ["900901", "900903", "900904", "900905"].contains(&row.expected.1);
        assert_eq!(
            challenge.contains("error=\"invalid_token\""),
            is_about_the_token,
            "{}: {challenge}",
            row.name
        );
    }
}

#[test]
fn whoever_may_come_back_is_told_when() {
    for row in ROWS {
        let answer = answered(row, |ask| ask);
        let is_told = value(&answer, "retry-after").is_some();
        assert_eq!(is_told, [429, 503].contains(&answer.status), "{}", row.name);
    }
}

#[test]
fn every_row_is_written_in_what_the_client_speaks() {
    for row in ROWS {
        let (status, code) = row.expected;
        let problem = answered(row, |ask| ask.with("accept", "application/problem+json"));
        let body: Value = serde_json::from_str(&problem.body).expect(&problem.body);
        assert_eq!(
            (body["status"].as_u64(), body["code"].as_str()),
            (Some(status.into()), Some(code)),
            "{}",
            row.name
        );
        assert_eq!(
            value(&problem, "content-type"),
            Some("application/problem+json"),
            "{}",
            row.name
        );
        is_told_nothing_else(row, &problem);
        for (kind, action) in [("text/xml", true), ("application/soap+xml", false)] {
            let soap = answered(row, |ask| {
                let ask = ask.with("content-type", kind);
                if action {
                    ask.with("soapaction", "\"\"")
                } else {
                    ask
                }
            });
            assert_eq!(soap.status, status, "{}", row.name);
            assert!(
                soap.body.contains(&format!(":code>{code}</")),
                "{}: {}",
                row.name,
                soap.body
            );
            assert_eq!(
                value(&soap, "content-type"),
                Some(format!("{kind}; charset=UTF-8").as_str()),
                "{}",
                row.name
            );
            is_told_nothing_else(row, &soap);
        }
        let head = answered(row, |ask| {
            if ask.method == "GET" {
                ask.method("HEAD")
            } else {
                ask
            }
        });
        assert!(
            head.body.is_empty() || head.status == 405 || (row.ask)().method != "GET",
            "{}",
            row.name
        );
    }
}

#[test]
fn an_upstream_that_fails_is_told_in_what_the_client_speaks() {
    let honest = World::new().facts.settings().clone();
    let peer = pipeline::Settings {
        has_peer_statuses: true,
        ..honest.clone()
    };
    for (code, status) in [(101_503, 502), (101_504, 504), (101_505, 502)] {
        for (speaks, kind, text) in [
            (
                "\n",
                "application/json; charset=UTF-8",
                format!("\"code\":\"{code}\""),
            ),
            (
                "application/problem+json\n",
                "application/problem+json",
                format!("\"code\":\"{code}\""),
            ),
            (
                "\ntext/xml\n\"urn:a\"",
                "text/xml; charset=UTF-8",
                format!("<am:code>{code}</am:code>"),
            ),
            (
                "\napplication/soap+xml",
                "application/soap+xml; charset=UTF-8",
                format!("<am:code>{code}</am:code>"),
            ),
        ] {
            let (found, content, body) = upstream_failure(code, speaks, &honest);
            let (status_of_peer, _, same) = upstream_failure(code, speaks, &peer);
            assert_eq!((status_of_peer, &same), (500, &body));
            assert_eq!((found, content), (status, kind), "{speaks:?}");
            assert!(body.contains(&text), "{body}");
        }
    }
}
