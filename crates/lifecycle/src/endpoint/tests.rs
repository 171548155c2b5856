use serde_json::json;

use super::*;
use crate::compile::upstream;

fn draft() -> Draft {
    serde_json::from_value(json!({"endpointConfig": {
        "endpoint_type": "http",
        "production_endpoints": {"url": "https://one.example.org"},
        "sandbox_endpoints": {"url": "https://sand.example.org"},
        "endpoint_security": {"production": {"enabled": false, "type": "BASIC", "username": "u"}},
    }}))
    .unwrap()
}

fn endpoint(id: &str, stage: &str, config: Value) -> ApiEndpoint {
    serde_json::from_value(
        json!({"id": id, "name": format!("of {id}"), "deploymentStage": stage, "endpointConfig": config}),
    )
    .unwrap()
}

fn urls(draft: &Draft) -> (Vec<Option<String>>, Vec<Fault>) {
    let mut faults = Vec::new();
    let found = upstream::endpoints(draft, &mut faults);
    let url = |one: Option<model::Endpoint>| one.map(|it| it.url);
    (vec![url(found.production), url(found.sandbox)], faults)
}

#[test]
fn own_endpoints_are_listed_by_stage() {
    let found = all(&draft());
    let told: Vec<_> = found
        .iter()
        .map(|it| (it.id.as_str(), it.deployment_stage))
        .collect();
    assert_eq!(
        told,
        [
            ("default_production_endpoint", Stage::Production),
            ("default_sandbox_endpoint", Stage::Sandbox)
        ]
    );
    assert!(found.iter().all(|it| {
        it.endpoint_config
            .addresses(it.deployment_stage.other())
            .is_none()
    }));
    assert_eq!(found[1].endpoint_config.rest[SECURITY], json!({}));
}

#[test]
fn calls_go_to_the_endpoint_that_is_primary() {
    let mut draft = draft();
    let two = json!({"endpoint_type": "failover", "production_endpoints": {"url": "https://two.example.org"},
        "production_failovers": [{"url": "https://three.example.org"}]});
    put(&mut draft, endpoint("two", "PRODUCTION", two)).unwrap();
    assert_eq!(
        draft
            .faults(false)
            .iter()
            .filter(|it| it.place.starts_with("endpointConfig"))
            .count(),
        0
    );
    let one = || Some("https://one.example.org".to_owned());
    let sand = || Some("https://sand.example.org".to_owned());
    assert_eq!(urls(&draft), (vec![one(), sand()], vec![]));
    draft.primary_production_endpoint_id = Some("two".to_owned());
    assert_eq!(
        urls(&draft),
        (
            vec![Some("https://two.example.org".to_owned()), sand()],
            vec![]
        )
    );
    let places =
        |draft: &Draft| -> Vec<String> { urls(draft).1.into_iter().map(|it| it.place).collect() };
    draft.primary_sandbox_endpoint_id = Some("two".to_owned());
    assert_eq!(
        places(&draft),
        ["primarySandboxEndpointId"],
        "of the other stage"
    );
    draft.primary_sandbox_endpoint_id = Some("three".to_owned());
    assert_eq!(
        places(&draft),
        ["primarySandboxEndpointId"],
        "there is none"
    );
    draft.primary_sandbox_endpoint_id = Some("default_sandbox_endpoint".to_owned());
    assert_eq!(places(&draft), [""; 0]);
    assert!(remove(&mut draft, "two").is_err(), "calls go there");
    draft.primary_production_endpoint_id = None;
    assert_eq!(remove(&mut draft, "two"), Ok(true));
    assert_eq!(remove(&mut draft, "two"), Ok(false));
    assert!(!draft.endpoint_config.unwrap().rest.contains_key(KEPT));
}

#[test]
fn own_endpoint_takes_what_is_said_of_its_stage() {
    let mut draft = draft();
    let config = json!({"endpoint_type": "http", "production_endpoints": {"url": "https://new.example.org"},
        "sandbox_endpoints": {"url": "https://never.example.org"},
        "endpoint_security": {"sandbox": {"enabled": true}}});
    put(
        &mut draft,
        endpoint("default_production_endpoint", "PRODUCTION", config),
    )
    .unwrap();
    let new = Some("https://new.example.org".to_owned());
    assert_eq!(all(&draft).len(), 2);
    let config = draft.endpoint_config.clone().unwrap();
    assert_eq!(
        config
            .addresses(Stage::Production)
            .and_then(|it| it.iter().next()?.url.clone()),
        new
    );
    assert_eq!(
        config.rest[SECURITY]["production"]["username"], "u",
        "what is not said again stays"
    );
    assert!(config.rest[SECURITY].get("sandbox").is_none());
    let other = json!({"endpoint_type": "load_balance", "production_endpoints": []});
    let refused = put(
        &mut draft,
        endpoint("default_production_endpoint", "PRODUCTION", other),
    );
    assert_eq!(refused.unwrap_err().place, "endpointConfig.endpoint_type");
    let moved = put(
        &mut draft,
        endpoint("default_production_endpoint", "SANDBOX", json!({})),
    );
    assert_eq!(moved.unwrap_err().place, "deploymentStage");
    assert_eq!(remove(&mut draft, "default_sandbox_endpoint"), Ok(true));
    assert_eq!(all(&draft).len(), 1);
}

#[test]
fn faults_name_the_endpoint() {
    for (named, expected) in [
        (json!("x"), "endpointConfig.named_endpoints"),
        (
            json!([{"id": "1", "name": "", "endpointConfig": {"production_endpoints": {"url": "https://a.example.org"}}}]),
            "endpointConfig.named_endpoints[0].name",
        ),
        (
            json!([{"id": "1", "name": "A", "endpointConfig": {"sandbox_endpoints": {"url": "https://a.example.org"}}}]),
            "endpointConfig.named_endpoints[0].endpointConfig",
        ),
        (
            json!([{"id": "1", "name": "A", "endpointConfig": {"production_endpoints": {"url": "https://a.example.org"},
            "endpoint_security": {}}}]),
            "endpointConfig.named_endpoints[0].endpointConfig.endpoint_security",
        ),
        (
            json!([{"id": "1", "name": "A", "endpointConfig": {"production_endpoints": {"url": "http://127.0.0.1"}}}]),
            "endpointConfig.named_endpoints[0].endpointConfig.production_endpoints.url",
        ),
    ] {
        let draft: Draft =
            serde_json::from_value(json!({"endpointConfig": {"named_endpoints": named}})).unwrap();
        let places: Vec<String> = draft.faults(false).into_iter().map(|it| it.place).collect();
        assert!(
            places.iter().any(|it| it == expected),
            "{places:?} for {named}"
        );
    }
}
