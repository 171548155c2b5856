use serde_json::json;

use super::*;
use crate::door;

fn compiled(change: &Value) -> Result<Option<Contract>, Vec<Fault>> {
    let mut draft = json!({
        "name": "Pets", "context": "/pets", "version": "1",
        "operations": [{"verb": "get", "target": "/pets/{id}"}, {"verb": "POST", "target": "/pets"}],
    });
    let target = draft.as_object_mut().expect("an object");
    for (key, value) in change.as_object().expect("an object") {
        target.insert(key.clone(), value.clone());
    }
    let document = json!({
        "openapi": "3.0.3",
        "paths": {"/pets/{id}": {"get": {
            "parameters": [{"name": "id", "in": "path", "schema": {"type": "integer"}}],
            "responses": {"200": {"content": {"application/json": {"example": {"id": 1}}}}},
        }}},
    });
    contract(
        &door::parse(&draft.to_string()).expect("a draft"),
        &document,
    )
}

#[test]
fn nothing_is_compiled_unless_something_is_looked_at() {
    assert!(compiled(&json!({})).expect("no fault").is_none());
    assert!(
        compiled(&json!({"enableSchemaValidation": false}))
            .expect("no fault")
            .is_none()
    );
}

#[test]
fn modes_come_from_the_switch_unless_they_are_said() {
    let check = |change: Value, request: Mode, reply: Mode| {
        let contract = compiled(&change).expect("no fault").expect("a contract");
        let operation = contract.operation("GET", "/pets/{id}").expect("is there");
        assert_eq!(
            (operation.request, operation.reply),
            (request, reply),
            "{change}"
        );
    };
    check(
        json!({"enableSchemaValidation": true}),
        Mode::Block,
        Mode::Block,
    );
    check(
        json!({"enableSchemaValidation": true, "schemaValidation": {"response": "report"}}),
        Mode::Block,
        Mode::Report,
    );
    check(
        json!({"schemaValidation": {"request": "report"}}),
        Mode::Report,
        Mode::Off,
    );
}

#[test]
fn policies_against_threats_become_guards() {
    let policy = |name: &str, parameters: Value| json!({"request": [{"policyName": name, "policyVersion": "v1", "parameters": parameters}]});
    let contract = compiled(&json!({
        "apiPolicies": policy("jsonValidator", json!({"maxJsonDepth": "3"})),
        "operations": [
            {"verb": "GET", "target": "/pets/{id}"},
            {"verb": "POST", "target": "/pets", "operationPolicies": policy("regexPolicy", json!({}))},
        ],
    }));
    let contract = contract.expect("no fault").expect("a contract");
    let count = |method: &str, template: &str| {
        contract
            .operation(method, template)
            .map(|it| it.guards.len())
    };
    assert_eq!(
        (count("GET", "/pets/{id}"), count("POST", "/pets")),
        (Some(1), Some(2))
    );
    let faults =
        compiled(&json!({"apiPolicies": policy("jsonValidator", json!({"maxJsonDepth": "x"}))}))
            .expect_err("is refused");
    assert_eq!(
        faults.first().map(|it| it.place.as_str()),
        Some("apiPolicies.request[0].parameters.maxJsonDepth")
    );
}

#[test]
fn mocks_answer_what_the_definition_shows() {
    let contract = compiled(&json!({"endpointImplementationType": "MOCKED_OAS"}))
        .expect("no fault")
        .expect("a contract");
    let body = |method: &str, template: &str| {
        let operation = contract.operation(method, template).expect("is there");
        operation
            .examples
            .first()
            .map(|it| it.body.clone())
            .unwrap_or_default()
    };
    assert_eq!(body("GET", "/pets/{id}"), r#"{"id":1}"#);
    assert_eq!(body("POST", "/pets"), "");
}
