//! Drafts that name policies of one's own, and drafts whose calls are led elsewhere.

use model::Action;
use serde_json::{Value, json};

use super::*;
use crate::{door, own_policy};

fn draft(policies: &Value, endpoint: &Value) -> Draft {
    let draft = json!({
        "name": "PizzaShack", "context": "/pizzashack", "version": "1.0.0", "policies": [],
        "operations": [{"verb": "GET", "target": "/menu", "operationPolicies": policies}],
        "endpointConfig": endpoint,
    });
    door::parse(&draft.to_string()).unwrap()
}

fn own() -> OwnPolicy {
    let file = json!({
        "name": "tenantHeader",
        "applicableFlows": ["request"],
        "policyAttributes": [{"name": "tenant", "required": true}],
        "steps": [
            {"policyName": "setHeader", "parameters": {"headerName": "x-tenant", "headerValue": "${tenant}"}},
            {"policyName": "removeHeader", "parameters": {"headerName": "x-old"}, "condition": "user == 'ann'"},
        ],
    });
    own_policy::read(&file).unwrap()
}

fn compiled(draft: &Draft) -> Result<Deployment, Vec<String>> {
    let target = Target {
        organization: "default".into(),
        api: "api-1".into(),
        provider: "admin".into(),
        state: ApiState::Published,
        revision: "revision-1".into(),
        environment: "Default".into(),
        certificates: Vec::new(),
        deprecated_at: None,
        own_policies: vec![own()],
        allow_private: false,
    };
    let set = PolicySet::default();
    compile(draft, &target, &set).map_err(|faults| faults.into_iter().map(|it| it.place).collect())
}

fn to(url: &str) -> Value {
    json!({"endpoint_type": "http", "production_endpoints": {"url": url}})
}

#[test]
fn a_policy_of_ones_own_becomes_its_steps() {
    let used = json!({"request": [{
        "policyName": "tenantHeader", "policyVersion": "v1", "parameters": {"tenant": "acme"},
        "condition": "request.method == 'GET'"}]});
    let deployment = compiled(&draft(&used, &to("https://pizza.example.org"))).unwrap();
    let steps = &deployment.steps[0].request;
    let expected = Action::SetHeader {
        name: "x-tenant".into(),
        value: "acme".into(),
    };
    assert_eq!(steps[0].action, expected);
    assert_eq!(
        steps[1].condition.as_deref(),
        Some("(request.method == 'GET') && (user == 'ann')")
    );
}

#[test]
fn what_is_wrong_with_its_use_has_a_place() {
    let at = "operations[0].operationPolicies";
    for (used, place) in [
        (
            json!({"request": [{"policyName": "tenantHeader"}]}),
            "request[0].parameters.tenant",
        ),
        (
            json!({"response": [{"policyName": "tenantHeader", "parameters": {"tenant": "a"}}]}),
            "response[0]",
        ),
        (
            json!({"request": [{"policyName": "tenantHeader", "policyVersion": "v2"}]}),
            "request[0]",
        ),
        (
            json!({"request": [{"policyName": "tenantHeader", "parameters": {"tenant": "a\nb"}}]}),
            "request[0].parameters.headerValue",
        ),
        (
            json!({"request": [{"policyName": "callOut", "parameters": {"url": "http://169.254.169.254/"}}]}),
            "request[0].parameters.url",
        ),
        (
            json!({"request": [{"policyName": "setBody", "parameters": {"template": "{{ a"}}]}),
            "request[0].parameters.template",
        ),
    ] {
        let faults = compiled(&draft(&used, &to("https://pizza.example.org"))).expect_err("taken");
        assert_eq!(faults, [format!("{at}.{place}")], "{used}");
    }
}

#[test]
fn calls_are_led_only_where_the_api_allows() {
    let led = |url: &str| json!({"request": [{"policyName": "setDynamicEndpoint", "parameters": {"url": url}}]});
    let endpoint = |kind: &str, allowed: Value| json!({"endpoint_type": kind, "production_endpoints": {"url": "https://pizza.example.org"}, "dynamic_endpoints": allowed});
    let good = compiled(&draft(
        &led("https://a.example.org/v1/x"),
        &endpoint("default", json!(["https://a.example.org/v1"])),
    ));
    assert!(
        matches!(&good.unwrap().steps[0].request[0].action, Action::SetEndpoint { allowed, .. } if allowed == &["https://a.example.org/v1"])
    );
    let policy = "operations[0].operationPolicies.request[0]";
    for (used, endpoint, place) in [
        (
            led("https://b.example.org"),
            endpoint("http", json!(["https://a.example.org"])),
            format!("{policy}.parameters.url"),
        ),
        (
            led("https://b.example.org"),
            to("https://pizza.example.org"),
            policy.to_owned(),
        ),
        (
            led("http://10.0.0.1"),
            endpoint("http", json!(["http://10.0.0.1"])),
            "endpointConfig.dynamic_endpoints[0].url".to_owned(),
        ),
        (
            json!({}),
            endpoint("default", json!(["https://a.example.org"])),
            "endpointConfig.endpoint_type".to_owned(),
        ),
        (
            led("https://a.example.org"),
            endpoint("http", json!(["https://a.example.org", 1])),
            "endpointConfig.dynamic_endpoints[1]".to_owned(),
        ),
    ] {
        let faults = compiled(&draft(&used, &endpoint)).expect_err("taken");
        let place = place.replace("[0].url", "[0]");
        assert_eq!(faults, [place], "{used} {endpoint}");
    }
}
