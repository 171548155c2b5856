use model::{ApiState, PolicySet};
use serde_json::json;

use super::*;
use crate::{Target, compile, door};

fn api(name: &str, change: Value) -> Draft {
    let mut draft = json!({
        "name": name, "context": format!("/{name}"), "version": "1.0.0",
        "scopes": [{"scope": {"name": "write"}}, {"scope": {"name": "unused"}}],
        "operations": [
            {"verb": "GET", "target": format!("/{name}/{{id}}"), "authType": "None"},
            {"verb": "POST", "target": format!("/{name}"), "scopes": ["write"]},
        ],
        "endpointConfig": {"endpoint_type": "http",
            "production_endpoints": {"url": format!("https://{name}.example.org")}},
    });
    let members = draft.as_object_mut().unwrap();
    members.extend(change.as_object().unwrap().clone());
    let draft: Draft = door::parse(&draft.to_string()).unwrap();
    draft.with_defaults()
}

fn of<'a>(name: &'a str, draft: &'a Draft) -> Member<'a> {
    Member {
        id: name,
        name,
        version: "1.0.0",
        draft,
    }
}

fn wish(name: &str, operations: &[(&str, &str)]) -> Wish {
    let operation = |(verb, target): &(&str, &str)| Operation {
        verb: Some((*verb).to_owned()),
        target: Some((*target).to_owned()),
        ..Operation::default()
    };
    Wish {
        api_id: name.to_owned(),
        operations: Some(operations.iter().map(operation).collect()),
        ..Wish::default()
    }
}

fn product(parts: Vec<Part>) -> Draft {
    Draft {
        name: Some("Shop".into()),
        context: Some("/shop".into()),
        version: Some("1".into()),
        kind: Some(PRODUCT.into()),
        policies: Some(Vec::new()),
        scopes: Some(scopes(&parts)),
        parts,
        ..Draft::default()
    }
    .with_defaults()
}

fn target() -> Target {
    Target {
        organization: "default".into(),
        api: "product".into(),
        provider: "admin".into(),
        state: ApiState::Published,
        revision: "r".into(),
        environment: "Default".into(),
        certificates: Vec::new(),
        own_policies: Vec::new(),
        deprecated_at: None,
        allow_private: false,
    }
}

#[test]
fn operations_go_to_the_upstreams_of_their_apis() {
    let (pets, toys) = (api("pets", json!({})), api("toys", json!({})));
    let parts = vec![
        part(
            "apis[0]",
            &wish("pets", &[("post", "/pets")]),
            of("pets", &pets),
        )
        .unwrap(),
        part(
            "apis[1]",
            &Wish {
                api_id: "toys".into(),
                ..Wish::default()
            },
            of("toys", &toys),
        )
        .unwrap(),
    ];
    assert_eq!(clashes(&parts), []);
    let deployment = compile(&product(parts), &target(), &PolicySet::default()).unwrap();
    let served: Vec<(String, &str)> = deployment
        .operations
        .iter()
        .enumerate()
        .map(|(place, it)| {
            let endpoint = deployment.endpoints_of(place).production.as_ref().unwrap();
            (
                format!("{} {}", it.method, it.template),
                endpoint.url.as_str(),
            )
        })
        .collect();
    assert_eq!(
        served,
        [
            ("POST /pets".to_owned(), "https://pets.example.org"),
            ("GET /toys/{id}".to_owned(), "https://toys.example.org"),
            ("POST /toys".to_owned(), "https://toys.example.org"),
        ]
    );
    assert_eq!(deployment.served_by(0).as_str(), "pets");
    assert_eq!(deployment.scopes(), ["write"]);
}

#[test]
fn what_is_kept_reads_back_and_is_shown_to_nobody() {
    let pets = api("pets", json!({}));
    let all = Wish {
        api_id: "pets".into(),
        ..Wish::default()
    };
    let draft = product(vec![part("apis[0]", &all, of("pets", &pets)).unwrap()]);
    let kept = draft.clone().kept().to_string();
    assert_eq!(Draft::stored(&kept).unwrap().parts, draft.parts);
    assert!(
        !draft
            .without_secrets()
            .kept()
            .to_string()
            .contains("example.org")
    );
    let sent: Result<Draft, Fault> = door::parse(&kept);
    assert_eq!(sent.unwrap_err().place, "parts");
}

#[test]
fn an_operation_that_an_api_lacks_is_named() {
    let pets = api("pets", json!({}));
    let faults = part(
        "apis[0]",
        &wish("pets", &[("DELETE", "/pets")]),
        of("pets", &pets),
    );
    assert_eq!(
        faults.unwrap_err(),
        [fault(
            "apis[0].operations[0]",
            "`pets` has no operation `DELETE /pets`"
        )]
    );
    let faults = part("apis[0]", &wish("pets", &[]), of("pets", &pets)).unwrap_err();
    assert_eq!(faults[0].place, "apis[0].operations");
}

#[test]
fn other_kinds_are_not_bundled() {
    for (change, word) in [
        (
            json!({"type": "WS", "operations": [{"verb": "SUBSCRIBE", "target": "/a"}]}),
            "`WS`",
        ),
        (
            json!({"endpointImplementationType": "MOCKED_OAS"}),
            "definition",
        ),
    ] {
        let draft = api("pets", change);
        let all = Wish {
            api_id: "pets".into(),
            ..Wish::default()
        };
        let faults = part("apis[0]", &all, of("pets", &draft)).unwrap_err();
        assert!(faults[0].message.contains(word), "{faults:?}");
    }
}

#[test]
fn two_apis_do_not_answer_the_same_call() {
    let same = json!({"operations": [{"verb": "GET", "target": "/a/{x}"}]});
    let (pets, toys) = (api("pets", same.clone()), api("toys", same));
    let bundled = |name: &str, draft: &Draft| {
        let all = Wish {
            api_id: name.to_owned(),
            ..Wish::default()
        };
        part("apis[0]", &all, of(name, draft)).unwrap()
    };
    let faults = clashes(&[bundled("pets", &pets), bundled("toys", &toys)]);
    assert_eq!(faults.len(), 1);
    assert_eq!(
        faults[0].message,
        "`GET /a/{x}` is an operation of `pets` and of `toys`"
    );
    let faults = clashes(&[bundled("pets", &pets), bundled("pets", &pets)]);
    assert_eq!(faults[0].message, "`pets` stands twice");
}

#[test]
fn what_an_api_does_to_all_calls_goes_along() {
    let policy = |name: &str| json!({"policyName": name, "parameters": {}});
    let pets = api(
        "pets",
        json!({
            "apiPolicies": {"request": [policy("outer")], "response": [policy("outer")]},
            "operations": [{"verb": "GET", "target": "/pets",
                "operationPolicies": {"request": [policy("inner")], "response": [policy("inner")]}}],
        }),
    );
    let all = Wish {
        api_id: "pets".into(),
        ..Wish::default()
    };
    let part = part("apis[0]", &all, of("pets", &pets)).unwrap();
    let policies = part.operations[0].operation_policies.clone().unwrap();
    assert_eq!(
        policies["request"],
        json!([policy("outer"), policy("inner")])
    );
    assert_eq!(
        policies["response"],
        json!([policy("inner"), policy("outer")])
    );
}
