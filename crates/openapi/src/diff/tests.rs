use serde_json::json;

use super::*;

fn document(operation: Value) -> Value {
    json!({"openapi": "3.0.3", "info": {"title": "a", "version": "1"}, "paths": {"/pets/{id}": {"post": operation}},
        "components": {"schemas": {"Node": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Node"}}}}}})
}

fn told(before: Value, after: Value) -> Vec<(String, bool)> {
    let found = changes(&document(before), &document(after));
    let line = |it: Change| (format!("{}: {}", it.place, it.message), it.is_breaking);
    found.into_iter().map(line).collect()
}

fn reply(schema: Value) -> Value {
    json!({"responses": {"200": {"content": {"application/json": {"schema": schema}}}}})
}

fn request(schema: Value) -> Value {
    json!({"requestBody": {"content": {"application/json": {"schema": schema}}}, "responses": {}})
}

#[test]
fn operations_come_and_go() {
    let (mut one, mut two) = (
        document(json!({"responses": {}})),
        document(json!({"responses": {}})),
    );
    one["paths"]["/old"] = json!({"get": {"responses": {}}});
    two["paths"]["/new"] = json!({"get": {"responses": {}}});
    // Another name of a parameter is the same path.
    let item = two["paths"]["/pets/{id}"].take();
    two["paths"] = json!({"/pets/{name}": item, "/new": two["paths"]["/new"]});
    let found = changes(&one, &two);
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(
        (found[0].place.as_str(), found[0].is_breaking),
        ("GET /old", true)
    );
    assert_eq!(
        (found[1].place.as_str(), found[1].is_breaking),
        ("GET /new", false)
    );
    assert_eq!(changes(&one, &one), []);
}

#[test]
fn parameters_may_not_be_asked_for_anew() {
    let with = |parameter: Value| json!({"parameters": [parameter], "responses": {}});
    let query = |required: bool, schema: Value| json!({"name": "q", "in": "query", "required": required, "schema": schema});
    for (before, after, message, breaking) in [
        (
            json!({"responses": {}}),
            with(query(true, json!({}))),
            "query `q`: is new, and required",
            true,
        ),
        (
            json!({"responses": {}}),
            with(query(false, json!({}))),
            "query `q`: is new",
            false,
        ),
        (
            with(query(false, json!({}))),
            with(query(true, json!({}))),
            "query `q`: is required now",
            true,
        ),
        (
            with(query(true, json!({}))),
            json!({"responses": {}}),
            "query `q`: is gone",
            false,
        ),
        (
            with(query(false, json!({"type": "string", "enum": ["a", "b"]}))),
            with(query(false, json!({"type": "string", "enum": ["a"]}))),
            "query `q`: `b` is no value any more",
            true,
        ),
        (
            with(query(false, json!({"type": "integer"}))),
            with(query(false, json!({"type": "number"}))),
            "query `q`: was `integer` and is `integer`, `number` now",
            false,
        ),
        (
            with(query(false, json!({"maxLength": 9}))),
            with(query(false, json!({"maxLength": 5}))),
            "query `q`: `maxLength` was 9 and is 5 now",
            true,
        ),
    ] {
        assert_eq!(
            told(before, after),
            [(format!("POST /pets/{{id}}, {message}"), breaking)]
        );
    }
}

#[test]
fn requests_and_replies_look_at_a_property_from_their_side() {
    let with = |names: &[&str], required: &[&str]| {
        let properties: Map<String, Value> = names
            .iter()
            .map(|it| ((*it).to_owned(), json!({"type": "string"})))
            .collect();
        json!({"type": "object", "properties": properties, "required": required})
    };
    let (small, large, strict) = (
        with(&["a"], &[]),
        with(&["a", "b"], &[]),
        with(&["a", "b"], &["b"]),
    );
    let breaks =
        |before: Value, after: Value| told(before, after).iter().any(|(_, breaking)| *breaking);
    assert!(!breaks(request(small.clone()), request(large.clone())));
    assert!(breaks(request(small.clone()), request(strict.clone())));
    assert!(!breaks(request(large.clone()), request(small.clone())));
    assert!(breaks(reply(large.clone()), reply(small.clone())));
    assert!(!breaks(reply(small), reply(large.clone())));
    assert!(breaks(reply(strict.clone()), reply(large.clone())));
    assert!(!breaks(reply(large), reply(strict)));
}

#[test]
fn schemas_may_refer_to_themselves() {
    let node = json!({"$ref": "#/components/schemas/Node"});
    let (one, mut two) = (document(reply(node.clone())), document(reply(node)));
    two["components"]["schemas"]["Node"]["properties"]["name"] = json!({"type": "string"});
    let found = changes(&one, &two);
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].place,
        "POST /pets/{id}, reply 200, `application/json`.name"
    );
}

#[test]
fn more_credentials_break_and_less_do_not() {
    let with = |security: Value| json!({"security": security, "responses": {}});
    let key = json!([{"key": []}]);
    let scoped = json!([{"oauth": ["read"]}]);
    for (before, after, breaking) in [
        (json!([]), key.clone(), true),
        (key.clone(), json!([]), false),
        (key.clone(), json!([{"key": []}, {"oauth": []}]), false),
        (scoped.clone(), json!([{"oauth": ["read", "write"]}]), true),
        (json!([{"oauth": ["read", "write"]}]), scoped, false),
    ] {
        let found = told(with(before.clone()), with(after.clone()));
        assert_eq!(
            found.first().map(|it| it.1),
            Some(breaking),
            "{before} {after}"
        );
    }
}

#[test]
fn older_documents_are_compared_too() {
    let two = |schema: Value| {
        json!({"swagger": "2.0", "info": {"title": "a", "version": "1"}, "paths": {"/a": {"post": {
            "parameters": [{"name": "b", "in": "body", "schema": schema}, {"name": "q", "in": "query", "type": "string"}],
            "responses": {"200": {"schema": schema}}}}}})
    };
    let found = changes(
        &two(json!({"type": "string"})),
        &two(json!({"type": "integer"})),
    );
    assert_eq!(
        found.iter().filter(|it| it.is_breaking).count(),
        2,
        "{found:?}"
    );
}
