use serde_json::{Value, json};

use super::*;

fn run(of_api: &Value, of_operation: &Value, sample: Value) -> Result<Vec<Taken>, Vec<Fault>> {
    let sample: Sample = serde_json::from_value(sample).unwrap();
    let subject = Subject {
        of_api: of_api.as_object(),
        of_operation: of_operation.as_object(),
        api: ["Pets", "1", "/pets/1"],
        template: "/{id}",
    };
    let around = Around {
        own: &[],
        allow_private: false,
        led_to: &[],
    };
    dry_run(subject, &sample, around)
}

fn policy(name: &str, parameters: &Value) -> Value {
    json!({"policyName": name, "parameters": parameters})
}

fn came_to(taken: &[Taken]) -> Vec<(&str, &str, CameTo)> {
    taken
        .iter()
        .map(|it| (it.flow, it.policy_name.as_str(), it.came_to))
        .collect()
}

#[test]
fn steps_of_the_api_stand_around_those_of_the_operation() {
    let add = |value: &str| {
        policy(
            "addHeader",
            &json!({"headerName": "x-way", "headerValue": value}),
        )
    };
    let both = |value: &str| json!({"request": [add(value)], "response": [add(value)]});
    let taken = run(
        &both("api"),
        &both("operation"),
        json!({"method": "get", "path": "/7"}),
    )
    .unwrap();
    let ways: Vec<(&str, String)> = taken
        .iter()
        .map(|it| {
            (
                it.flow,
                it.message
                    .headers
                    .iter()
                    .map(|(_, value)| value.as_str())
                    .collect::<Vec<_>>()
                    .join(","),
            )
        })
        .collect();
    let expected = [
        ("request", "api"),
        ("request", "api,operation"),
        ("response", "operation"),
        ("response", "operation,api"),
    ];
    assert_eq!(ways, expected.map(|(flow, way)| (flow, way.to_owned())));
    assert_eq!(taken[0].message.method, "GET");
}

#[test]
fn conditions_are_about_the_call_as_it_was_made_up() {
    for (condition, sample, expected) in [
        (
            "request.headers['x-who'] == 'ann'",
            json!({"headers": {"X-Who": "ann"}}),
            CameTo::Done,
        ),
        (
            "request.query['q'] == 'a b'",
            json!({"query": {"q": "a b"}}),
            CameTo::Done,
        ),
        (
            "claims.tier == 'gold'",
            json!({"claims": {"tier": "gold"}}),
            CameTo::Done,
        ),
        (
            "request.path == '/pets/1/7'",
            json!({"path": "/7"}),
            CameTo::Done,
        ),
        (
            "api.name == 'Pets' && operation.template == '/{id}'",
            json!({}),
            CameTo::Done,
        ),
        ("claims.tier == 'gold'", json!({}), CameTo::Skipped),
        ("user == 'ann'", json!({}), CameTo::Skipped),
    ] {
        let mut step = policy("setHeader", &json!({"headerName": "x", "headerValue": "1"}));
        step["condition"] = condition.into();
        let taken = run(&json!({"request": [step]}), &Value::Null, sample).unwrap();
        assert_eq!(taken[0].came_to, expected, "{condition}");
    }
}

#[test]
fn a_refused_call_takes_the_way_of_faults() {
    let of_api = json!({
        "request": [policy("ipFilter", &json!({"mode": "deny", "addresses": "192.0.2.0/24"}))],
        "response": [policy("removeHeader", &json!({"headerName": "x"}))],
        "fault": [policy("setHeader", &json!({"headerName": "x-fault", "headerValue": "1"}))],
    });
    let taken = run(&of_api, &Value::Null, json!({"address": "192.0.2.7"})).unwrap();
    assert_eq!(
        came_to(&taken),
        [
            ("request", "ipFilter", CameTo::Refused),
            ("fault", "setHeader", CameTo::Done)
        ]
    );
    assert_eq!(taken[1].message.status, 403);
    let taken = run(&of_api, &Value::Null, json!({"address": "198.51.100.7"})).unwrap();
    assert_eq!(
        came_to(&taken),
        [
            ("request", "ipFilter", CameTo::Done),
            ("response", "removeHeader", CameTo::Done)
        ]
    );
}

#[test]
fn an_early_answer_ends_the_call() {
    let of_api = json!({
        "request": [policy("respond", &json!({"statusCode": 202, "body": "later"})), policy("removeHeader", &json!({"headerName": "x"}))],
        "response": [policy("removeHeader", &json!({"headerName": "x"}))],
    });
    let taken = run(&of_api, &Value::Null, json!({})).unwrap();
    assert_eq!(came_to(&taken), [("request", "respond", CameTo::Answered)]);
    assert_eq!(
        (taken[0].message.status, taken[0].message.body.as_str()),
        (202, "later")
    );
}

#[test]
fn bodies_are_made_anew_and_nobody_is_asked() {
    let of_api = json!({
        "request": [
            policy("callOut", &json!({"url": "https://elsewhere.example.org/"})),
            policy("setBody", &json!({"template": "{\"q\": {{ body.a }}, \"who\": {{ message.query }}}"})),
            policy("addQueryParam", &json!({"paramKey": "b", "paramValue": "2"})),
        ],
        "response": [policy("xmlToJSON", &json!({})), policy("maskFields", &json!({"fields": "/a"}))],
    });
    let sample = json!({
        "method": "POST", "body": "{\"a\": 1}", "query": {"n": "a&b"},
        "reply": {"status": 200, "headers": {"Content-Type": "text/xml"}, "body": "<a>"},
    });
    let taken = run(&of_api, &Value::Null, sample).unwrap();
    let expected = [
        ("request", "callOut", CameTo::Asks),
        ("request", "setBody", CameTo::Done),
        ("request", "addQueryParam", CameTo::Done),
        ("response", "xmlToJSON", CameTo::Failed),
    ];
    assert_eq!(came_to(&taken), expected);
    assert_eq!(taken[0].detail, "https://elsewhere.example.org/");
    assert_eq!(taken[2].message.body, r#"{"q": 1, "who": "n=a%26b"}"#);
    assert_eq!(taken[2].message.query, "n=a%26b&b=2");
}

#[test]
fn faults_of_policies_are_named_with_their_places() {
    let faults = run(
        &json!({"request": [policy("setHeader", &json!({}))]}),
        &json!({"fault": [policy("none", &json!({}))]}),
        json!({}),
    );
    let places: Vec<String> = faults.unwrap_err().into_iter().map(|it| it.place).collect();
    assert!(
        places.contains(&"apiPolicies.request[0].parameters.headerName".to_owned()),
        "{places:?}"
    );
    assert!(
        places.contains(&"operationPolicies.fault[0]".to_owned()),
        "{places:?}"
    );
}

#[test]
fn no_more_of_a_body_is_shown_than_people_read() {
    let template = format!("{{% for _ in body %}}{}{{% endfor %}}", "x".repeat(1_000));
    let of_api = json!({"request": [policy("setBody", &json!({"template": template}))]});
    let body = json!(vec![0; 100]).to_string();
    let taken = run(
        &of_api,
        &Value::Null,
        json!({"method": "POST", "body": body}),
    )
    .unwrap();
    assert_eq!(came_to(&taken), [("request", "setBody", CameTo::Done)]);
    assert_eq!(taken[0].message.body.len(), MOST_SHOWN);
}
