use model::Login;
use serde_json::json;

use super::*;
use crate::door;

fn compiled(config: &Value) -> (Endpoints, Vec<String>) {
    let mut draft: Draft = door::parse(&json!({"endpointConfig": config}).to_string()).unwrap();
    let mut number = 0;
    let name = || {
        number += 1;
        Ok::<_, std::fmt::Error>(format!("s{number}"))
    };
    draft.take_secrets(None, name).unwrap();
    let mut faults = Vec::new();
    let endpoints = endpoints(&draft, &mut faults);
    (
        endpoints,
        faults.into_iter().map(|fault| fault.place).collect(),
    )
}

fn production(config: &Value) -> Endpoint {
    let (endpoints, faults) = compiled(config);
    assert_eq!(faults, Vec::<String>::new(), "{config}");
    endpoints.production.unwrap()
}

#[test]
fn several_addresses_share_the_calls() {
    let endpoint = production(&json!({
        "endpoint_type": "load_balance",
        "algoCombo": "org.apache.synapse.endpoints.algorithms.RoundRobin",
        "sessionManagement": "", "sessionTimeOut": "", "failOver": "False",
        "production_endpoints": [
            {"url": "https://a.example.org/x/", "config": {"weight": 95, "suspendDuration": "2000",
                "suspendMaxDuration": "8000", "factor": "1.5", "suspendErrorCode": ["101504", 503],
                "retryErroCode": ["101503"], "retryTimeOut": "2", "retryDelay": "10", "actionDuration": ""}},
            {"url": "https://b.example.org", "endpoint_type": "http", "template_not_supported": false, "weight": "5"}
        ]
    }));
    let pool = endpoint.pool.unwrap();
    assert_eq!((pool.choice, pool.moves_on), (Choice::Turns, false));
    let [first, second] = pool.members.as_slice() else {
        panic!("{pool:?}");
    };
    assert_eq!(
        (first.url.as_str(), first.weight),
        ("https://a.example.org/x", 95)
    );
    let suspension = first.care.suspension.as_ref().unwrap();
    assert_eq!(suspension.codes, [101_504, 503]);
    let durations = (
        suspension.first_ms,
        suspension.factor_percent,
        suspension.longest_ms,
    );
    assert_eq!(durations, (2_000, 150, 8_000));
    let retry = first.care.retry.as_ref().unwrap();
    assert_eq!(
        (retry.codes.as_slice(), retry.times, retry.delay_ms),
        (&[101_503][..], 2, 10)
    );
    assert_eq!((second.weight, second.timeout_ms), (5, 30_000));
    assert_eq!(second.care.suspension, Some(care::of_pools()));
}

#[test]
fn sessions_stay_with_a_member() {
    for (word, choice) in [
        ("transport", Choice::Cookie { seconds: 2 }),
        ("simpleClientSession", Choice::Address),
        ("none", Choice::Turns),
    ] {
        let endpoint = production(&json!({
            "endpoint_type": "load_balance", "sessionManagement": word, "sessionTimeOut": 1500,
            "production_endpoints": [{"url": "https://a.example.org"}, {"url": "https://b.example.org"}]
        }));
        assert_eq!(endpoint.pool.unwrap().choice, choice, "{word}");
    }
}

#[test]
fn failovers_come_in_their_order() {
    let endpoint = production(&json!({
        "endpoint_type": "failover",
        "production_endpoints": {"url": "https://a.example.org"},
        "production_failovers": [{"url": "https://b.example.org"}, {"url": "https://c.example.org"}]
    }));
    let pool = endpoint.pool.unwrap();
    let urls: Vec<&str> = pool
        .members
        .iter()
        .map(|member| member.url.as_str())
        .collect();
    assert_eq!(
        urls,
        [
            "https://a.example.org",
            "https://b.example.org",
            "https://c.example.org"
        ]
    );
    assert_eq!((pool.choice, pool.moves_on), (Choice::Order, true));
    let alone = production(&json!({
        "endpoint_type": "failover", "production_endpoints": {"url": "https://a.example.org"}
    }));
    assert_eq!(
        (alone.pool, alone.care),
        (
            None,
            Care {
                suspension: Some(care::of_pools()),
                retry: None
            }
        )
    );
}

#[test]
fn one_address_is_suspended_only_where_asked() {
    let of = |config: Value| {
        let address = json!({"url": "https://a.example.org", "config": config});
        production(&json!({"endpoint_type": "address", "production_endpoints": address})).care
    };
    let untouched = json!({"actionSelect": "fault", "actionDuration": "30000", "factor": "", "retryDelay": "",
        "retryErroCode": [], "retryTimeOut": "", "suspendDuration": "", "suspendErrorCode": [], "suspendMaxDuration": ""});
    assert!(of(untouched).is_none());
    assert!(of(json!({"suspendDuration": "1000"})).suspension.is_some());
    assert!(of(json!({"retryTimeOut": 1})).retry.is_some());
}

#[test]
fn each_login_is_read_and_its_secrets_named() {
    let of = |login: Value| {
        let mut login = login;
        login["enabled"] = json!(true);
        let endpoint = production(&json!({
            "production_endpoints": {"url": "https://a.example.org"},
            "endpoint_security": {"production": login}
        }));
        endpoint.login.map(|login| *login)
    };
    let text = |text: &str| text.to_owned();
    let basic = Login::Basic {
        username: text("u"),
        password: text("s1"),
    };
    assert_eq!(
        of(json!({"type": "BASIC", "username": "u", "password": "p"})),
        Some(basic)
    );
    let key = json!({"type": "apikey", "apiKeyIdentifier": "X-Key", "apiKeyIdentifierType": "HEADER", "apiKeyValue": "k"});
    let expected = Login::ApiKey {
        name: text("x-key"),
        in_query: false,
        value: text("s1"),
    };
    assert_eq!(of(key), Some(expected));
    let oauth = of(
        json!({"type": "OAUTH", "grantType": "CLIENT_CREDENTIALS", "tokenUrl": "https://i.example.org/token",
        "clientId": "c", "clientSecret": "x", "password": "", "customParameters": "{\"audience\":\"up\"}"}),
    );
    let Some(Login::OAuth(oauth)) = oauth else {
        panic!("{oauth:?}");
    };
    assert_eq!((oauth.client_secret.as_str(), oauth.user), ("s1", None));
    assert_eq!(oauth.parameters, [(text("audience"), text("up"))]);
    let aws = of(
        json!({"type": "aws", "accessKey": "a", "secretKey": "b", "region": "r", "service": "s"}),
    );
    assert!(matches!(aws, Some(Login::Aws { .. })), "{aws:?}");
    assert_eq!(of(json!({"type": "NONE"})), None);
}

#[test]
fn each_fault_has_its_place() {
    let url = json!({"url": "https://a.example.org"});
    let two = json!([url, url]);
    for (config, place) in [
        (json!({"endpoint_type": "awslambda"}), "endpoint_type"),
        (json!({"production_endpoints": two}), "production_endpoints"),
        (
            json!({"endpoint_type": "load_balance", "production_endpoints": two, "algoCombo": "Random"}),
            "algoCombo",
        ),
        (
            json!({"endpoint_type": "load_balance", "production_endpoints": two, "sessionManagement": "soap"}),
            "sessionManagement",
        ),
        (
            json!({"endpoint_type": "failover", "production_endpoints": url, "production_failovers": "x"}),
            "production_failovers",
        ),
        (
            json!({"production_endpoints": {"url": "https://a.example.org", "config": {"factor": "0.5"}}}),
            "production_endpoints.config.factor",
        ),
        (
            json!({"production_endpoints": {"url": "https://a.example.org", "config": {"suspendErrorCode": [404]}}}),
            "production_endpoints.config.suspendErrorCode",
        ),
        (
            json!({"production_endpoints": url, "endpoint_security": {"production": {"enabled": true, "type": "DIGEST"}}}),
            "endpoint_security.production.type",
        ),
        (
            json!({"production_endpoints": url, "endpoint_security": {"production": {"enabled": true, "type": "BASIC", "username": "u"}}}),
            "endpoint_security.production.password",
        ),
        (
            json!({"production_endpoints": url, "endpoint_security": {"production": {"enabled": true, "type": "apikey", "apiKeyIdentifier": "Host", "apiKeyValue": "k"}}}),
            "endpoint_security.production.apiKeyIdentifier",
        ),
    ] {
        let (_, faults) = compiled(&config);
        assert_eq!(faults, [format!("endpointConfig.{place}")], "{config}");
    }
}
