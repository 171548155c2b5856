use serde_json::{Value, json};

use super::*;
use crate::door;

#[expect(
    clippy::needless_pass_by_value,
    reason = "cases read better with `json!` in place"
)]
fn draft(change: Value) -> Draft {
    let mut draft = json!({
        "name": "PizzaShack", "context": "/pizzashack", "version": "1.0.0", "policies": ["Gold"],
        "securityScheme": ["oauth2", "api_key"],
        "scopes": [{"scope": {"name": "order", "bindings": ["admin"]}, "shared": false}],
        "operations": [
            {"verb": "get", "target": "/menu", "authType": "None"},
            {"verb": "POST", "target": "/order/{id}", "scopes": ["order"], "throttlingPolicy": "10KPerMin"}
        ],
        "endpointConfig": {"endpoint_type": "http",
            "production_endpoints": {"url": "https://pizza.example.org/v1/", "config": {"actionDuration": "5000"}}}
    });
    let target = draft.as_object_mut().unwrap();
    for (key, value) in change.as_object().unwrap() {
        target.insert(key.clone(), value.clone());
    }
    door::parse(&draft.to_string()).unwrap()
}

fn target() -> Target {
    Target {
        organization: "default".into(),
        api: "api-1".into(),
        provider: "admin".into(),
        state: ApiState::Published,
        revision: "revision-1".into(),
        environment: "Default".into(),
        certificates: Vec::new(),
        deprecated_at: None,
        own_policies: Vec::new(),
        allow_private: false,
    }
}

fn policies() -> PolicySet {
    let free = model::SubscriptionPolicy {
        limit: None,
        burst: None,
        stop_on_quota_reach: true,
        concurrency: None,
        graphql_depth: None,
        graphql_complexity: None,
        on_failure: model::FailureMode::Local,
    };
    let advanced = model::AdvancedPolicy {
        limit: None,
        per_user: false,
        groups: Vec::new(),
        on_failure: model::FailureMode::Local,
    };
    PolicySet {
        schema: 1,
        subscription: [("Gold".to_owned(), free)].into(),
        advanced: [("10KPerMin".to_owned(), advanced)].into(),
        ..PolicySet::default()
    }
}

#[test]
fn a_good_draft_compiles_whole() {
    let deployment = compile(&draft(json!({})), &target(), &policies()).unwrap();
    insta::assert_json_snapshot!(deployment);
}

#[test]
fn each_fault_is_named() {
    let check = |change: Value, place: &str| {
        let faults = compile(&draft(change.clone()), &target(), &policies()).unwrap_err();
        let places: Vec<&str> = faults.iter().map(|fault| fault.place.as_str()).collect();
        assert_eq!(places, [place], "{change}");
    };
    let to = |url: &str| json!({"endpointConfig": {"endpoint_type": "http", "production_endpoints": {"url": url}}});
    check(json!({"name": null}), "name");
    check(json!({"context": "/api"}), "context");
    check(json!({"type": "WEBSUB"}), "type");
    check(json!({"operations": []}), "operations");
    check(json!({"keyManagers": 7}), "keyManagers");
    check(json!({"keyManagers": ["Okta", ""]}), "keyManagers");
    check(
        json!({"operations": [
            {"verb": "GET", "target": "/#Action=A"},
            {"verb": "GET", "target": "/?Action=B", "authType": "None"}]}),
        "operations[1].target",
    );
    check(
        json!({"operations": [{"verb": "GET", "target": "/a", "throttlingPolicy": "None"}]}),
        "operations[0].throttlingPolicy",
    );
    check(
        json!({"operations": [
            {"verb": "GET", "target": "/a/{x}"},
            {"verb": "GET", "target": "/a/{y}/", "authType": "None"}]}),
        "operations[1].target",
    );
    check(
        json!({"apiThrottlingPolicy": "Nope"}),
        "apiThrottlingPolicy",
    );
    check(json!({"policies": ["Platinum"]}), "policies");
    check(
        json!({"securityScheme": ["oauth_basic_auth_api_key_mandatory"]}),
        "securityScheme",
    );
    check(json!({"endpointConfig": null}), "endpointConfig");
    check(
        json!({"endpointConfig": {"endpoint_type": "http"}}),
        "endpointConfig",
    );
    check(
        to("http://127.0.0.1"),
        "endpointConfig.production_endpoints.url",
    );
    check(
        to("https://a.example.org/?x=1"),
        "endpointConfig.production_endpoints.url",
    );
    check(
        json!({"endpointConfig": {"endpoint_type": "http",
            "production_endpoints": {"url": "https://a.example.org", "config": {"actionDuration": "-1"}}}}),
        "endpointConfig.production_endpoints.config.actionDuration",
    );
}

#[test]
fn templates_of_one_shape_and_rules_are_one() {
    let twice = json!({"operations": [
        {"verb": "GET", "target": "/a/{x}"}, {"verb": "GET", "target": "/a/{y}/"}, {"verb": "PUT", "target": "/a/{y}"}]});
    let deployment = compile(&draft(twice), &target(), &policies()).unwrap();
    assert_eq!(deployment.operations.len(), 2);
}

#[test]
fn queries_and_fragments_of_templates_are_no_path() {
    let actions = json!({"operations": [
        {"verb": "GET", "target": "/#Action=A"}, {"verb": "GET", "target": "/#Action=B"}, {"verb": "GET", "target": "/a?b"}]});
    let deployment = compile(&draft(actions), &target(), &policies()).unwrap();
    let templates: Vec<&str> = deployment
        .operations
        .iter()
        .map(|operation| operation.template.as_str())
        .collect();
    assert_eq!(templates, ["/", "/a"]);
}

#[test]
fn no_plans_means_no_subscription() {
    let required = |change| {
        compile(&draft(change), &target(), &policies())
            .unwrap()
            .subscription_required
    };
    assert!(required(json!({})));
    assert!(!required(json!({"policies": []})));
}

#[test]
fn credentials_never_go_with_every_origin() {
    let credentials = |origins: &[&str]| {
        let change = json!({"corsConfiguration": {"corsConfigurationEnabled": true,
            "accessControlAllowOrigins": origins, "accessControlAllowCredentials": true}});
        compile(&draft(change), &target(), &policies())
            .unwrap()
            .cors
            .unwrap()
            .credentials
    };
    assert!(!credentials(&["*"]));
    assert!(credentials(&["https://a.example.org"]));
}

#[test]
fn no_address_leads_to_us_or_where_nobody_should_go() {
    let config = json!({"endpointConfig": {"endpoint_type": "failover",
        "production_endpoints": {"url": "https://API.example.org:8443/x"},
        "production_failovers": [{"url": "http://169.254.169.254"}],
        "endpoint_security": {"sandbox": {"tokenUrl": "https://api.example.org/token"}}}});
    let draft = draft(config);
    let places = |faults: Vec<Fault>| faults.into_iter().map(|it| it.place).collect::<Vec<_>>();
    assert_eq!(
        places(draft.own_addresses("https://api.example.org")),
        [
            "endpointConfig.production_endpoints.url",
            "endpointConfig.endpoint_security.sandbox.tokenUrl"
        ]
    );
    assert_eq!(
        places(draft.faults(false)),
        ["endpointConfig.production_failovers.url"]
    );
    assert_eq!(places(draft.faults(true)), Vec::<String>::new());
}

#[test]
fn a_missing_address_is_named_beside_other_faults() {
    let change = json!({"securityScheme": ["oauth_basic_auth_api_key_mandatory"], "endpointConfig": {"endpoint_type": "load_balance"}});
    let faults = compile(&draft(change), &target(), &policies()).unwrap_err();
    let places: Vec<&str> = faults.iter().map(|fault| fault.place.as_str()).collect();
    assert_eq!(places, ["securityScheme", "endpointConfig"]);
}

#[test]
fn schemes_become_what_callers_have_to_show() {
    let security = |schemes: &[&str]| {
        let change = json!({"securityScheme": schemes});
        compile(&draft(change), &target(), &policies())
            .unwrap()
            .security
    };
    let both = "oauth_basic_auth_api_key_mandatory";
    assert!(security(&["oauth2", both]).certificates.is_none());
    assert!(security(&["basic_auth"]).basic);
    let flags = |schemes: &[&str]| {
        let found = security(schemes).certificates.unwrap();
        (found.mandatory, found.with_other)
    };
    assert_eq!(flags(&["mutualssl"]), (false, false));
    assert_eq!(flags(&["mutualssl", "oauth2"]), (false, false));
    assert_eq!(
        flags(&["mutualssl", "mutualssl_mandatory", "oauth2"]),
        (true, false)
    );
    assert_eq!(flags(&["mutualssl", "oauth2", both]), (false, true));
    assert_eq!(
        flags(&["mutualssl", "mutualssl_mandatory", "api_key", both]),
        (true, true)
    );
    // Nothing else is there that could be asked for.
    assert_eq!(flags(&["mutualssl", both]), (false, false));
}

#[test]
fn policies_of_api_and_operation_stand_in_order() {
    let set = |name: &str| {
        json!({"policyName": "setHeader", "policyVersion": "v1",
        "parameters": {"headerName": name, "headerValue": 1}})
    };
    let change = json!({
        "apiPolicies": {"request": [set("api")], "response": [set("api")], "fault": null},
        "operations": [
            {"verb": "GET", "target": "/menu", "authType": "None"},
            {"verb": "GET", "target": "/list", "operationPolicies": {"request": [set("own")], "response": [set("own")]}}
        ]
    });
    let compiled = compile(&draft(change), &target(), &policies()).unwrap();
    let names = |steps: &[model::Step]| -> Vec<String> {
        let name = |step: &model::Step| {
            let model::Action::SetHeader { name, value } = &step.action else {
                panic!("{step:?}");
            };
            format!("{name}={value}")
        };
        steps.iter().map(name).collect()
    };
    let [menu, list] = compiled.steps.as_slice() else {
        panic!("{:?}", compiled.steps);
    };
    assert_eq!(names(&menu.request), ["api=1"]);
    assert_eq!(names(&list.request), ["api=1", "own=1"]);
    assert_eq!(names(&list.response), ["own=1", "api=1"]);
    let written = serde_json::to_string(&compiled).unwrap();
    assert_eq!(
        serde_json::from_str::<Deployment>(&written).unwrap(),
        compiled
    );
}

fn compiled(change: Value) -> Deployment {
    compile(&draft(change), &target(), &policies()).unwrap()
}

#[test]
fn other_kinds_run_as_the_calls_that_they_are() {
    let rules = |deployment: &Deployment| -> Vec<String> {
        let operations = deployment.operations.iter();
        operations
            .map(|it| format!("{} {}", it.method, it.template))
            .collect()
    };
    let fields = json!([
        {"verb": "QUERY", "target": "pets"}, {"verb": "mutation", "target": "addPet"}
    ]);
    let graph = compiled(json!({"type": "GRAPHQL", "operations": fields}));
    assert_eq!(rules(&graph), ["POST /", "GET /"]);
    let socket = compiled(json!({
        "type": "WS", "operations": [{"verb": "SUBSCRIBE", "target": "/news"}, {"verb": "PUBLISH", "target": "/news"}],
        "endpointConfig": {"endpoint_type": "ws", "production_endpoints": {"url": "wss://news.example.org/v1"}}
    }));
    assert_eq!(rules(&socket), ["GET /news"]);
    let endpoint = socket.endpoints.production.unwrap();
    assert_eq!(endpoint.url, "https://news.example.org/v1");
    let soap = compiled(json!({"type": "SOAP", "operations": [{"verb": "POST", "target": "/*"}]}));
    assert_eq!(
        (rules(&soap), soap.api.kind.as_str()),
        (vec!["POST /*".to_owned()], "SOAP")
    );
}

#[test]
fn policies_against_threats_are_left_to_the_contract() {
    let with = |condition: Value| {
        let policy = json!({"policyName": "jsonValidator", "parameters": {"maxJsonDepth": 3}, "condition": condition});
        compile(
            &draft(json!({"apiPolicies": {"request": [policy]}})),
            &target(),
            &policies(),
        )
    };
    assert!(with(Value::Null).unwrap().steps.is_empty());
    let faults = with(json!("true")).unwrap_err();
    assert_eq!(faults[0].place, "apiPolicies.request[0].condition");
}

#[test]
fn all_faults_of_policies_are_named_with_their_places() {
    let change = json!({
        "apiPolicies": {"request": [
            {"policyName": "noSuch"},
            {"policyName": "setHeader", "parameters": {"headerName": "host", "headerValue": "x"}},
            {"policyName": "removeHeader", "condition": "1 +"},
        ], "sideways": []},
        "operations": [{"verb": "GET", "target": "/menu", "authType": "None", "operationPolicies": {
            "response": [{"policyName": "redirect", "parameters": {"location": "/"}}], "fault": {}}}]
    });
    let faults = compile(&draft(change), &target(), &policies()).unwrap_err();
    let mut places: Vec<_> = faults.iter().map(|fault| fault.place.as_str()).collect();
    places.sort_unstable();
    assert_eq!(
        places,
        [
            "apiPolicies.request[0]",
            "apiPolicies.request[1].parameters.headerName",
            "apiPolicies.request[2].condition",
            "apiPolicies.request[2].parameters.headerName",
            "apiPolicies.sideways",
            "operations[0].operationPolicies.fault",
            "operations[0].operationPolicies.response[0]",
        ]
    );
}

#[test]
fn fields_with_rules_of_their_own_are_not_let_through_without_them() {
    let fields = json!([
        {"verb": "QUERY", "target": "pets"}, {"verb": "MUTATION", "target": "addPet", "scopes": ["order"]}
    ]);
    let change = json!({"type": "GRAPHQL", "operations": fields});
    let faults = compile(&draft(change), &target(), &policies()).unwrap_err();
    assert_eq!(faults[0].place, "operations");
    assert!(
        faults[0].message.starts_with("`addPet` has other rules"),
        "{faults:?}"
    );
}

#[test]
fn conduct_is_what_the_draft_says() {
    let conduct = |change: Value| compiled(change).conduct;
    assert!(conduct(json!({})).is_usual());
    assert_eq!(conduct(json!({"cacheTimeout": 60})).cache_seconds, None);
    assert_eq!(
        conduct(json!({"responseCachingEnabled": true})).cache_seconds,
        Some(300)
    );
    let kept = json!({"responseCachingEnabled": true, "cacheTimeout": 60});
    assert_eq!(conduct(kept).cache_seconds, Some(60));
    let sunset = |text: &str| json!({"additionalProperties": [{"name": "sunset", "value": text}]});
    let at = conduct(sunset("2027-06-30")).sunset_at;
    assert_eq!(at, Some(model::Timestamp(1_814_313_600_000)));
    assert_eq!(conduct(sunset("2027-06-30T02:00:00+02:00")).sunset_at, at);
    for (change, place) in [
        (sunset("soon"), "additionalProperties"),
        (
            json!({"responseCachingEnabled": true, "cacheTimeout": 0}),
            "cacheTimeout",
        ),
    ] {
        let faults = compile(&draft(change), &target(), &policies()).unwrap_err();
        assert_eq!(faults[0].place, place);
    }
}
