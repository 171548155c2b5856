//! What contracts find, by the words that clients read.

use serde_json::{Value, json};

use super::*;

fn source(method: &'static str, template: &'static str) -> Source<'static> {
    Source {
        method,
        template,
        request: Mode::Block,
        reply: Mode::Block,
        is_mocked: false,
    }
}

fn contract(document: &Value, sources: &[Source<'_>]) -> Contract {
    let compiled = compile(document, sources).expect("the definition compiles");
    // As a gateway has it: out of its text.
    let kept = serde_json::to_string(&compiled).expect("is JSON");
    serde_json::from_str(&kept).expect("reads back")
}

fn told(violations: &[Violation]) -> Vec<String> {
    violations
        .iter()
        .map(|it| format!("{} {}", it.place, it.message))
        .collect()
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "cases read better with `json!` in place"
)]
/// What is wrong with a body under a schema of this version.
fn body(version: &str, schema: Value, components: Value, text: &str) -> Vec<String> {
    let document = json!({
        "openapi": version,
        "paths": {"/a": {"post": {"requestBody": {"content": {"application/json": {"schema": schema}}}}}},
        "components": {"schemas": components},
    });
    let contract = contract(&document, &[source("POST", "/a")]);
    let operation = contract.operation("POST", "/a").expect("is there");
    told(&contract.request_body(
        operation,
        "application/json; charset=utf-8",
        Some(text.as_bytes()),
    ))
}

#[test]
fn every_violation_is_listed_with_its_place() {
    let schema = json!({
        "type": "object",
        "required": ["name", "size"],
        "additionalProperties": false,
        "properties": {
            "name": {"type": "string", "minLength": 2, "pattern": "^[a-z]+$"},
            "size": {"type": "integer", "minimum": 1, "maximum": 10},
            "tags": {"type": "array", "maxItems": 2, "uniqueItems": true, "items": {"enum": ["a", "b"]}},
            "when": {"type": "string", "format": "date-time"},
        },
    });
    let found = body(
        "3.1.0",
        schema.clone(),
        json!({}),
        r#"{"name":"X","tags":["a","c","a"],"when":"soon","a/b":1}"#,
    );
    let mut expected = vec![
        "body/name must have at least 2 characters",
        "body/name must match `^[a-z]+$`",
        "body/size is missing",
        "body/tags must have at most 2 items",
        "body/tags/1 is none of `a`, `b`",
        "body/tags/2 stands twice in the array",
        "body/when is not a `date-time`",
        "body/a~1b is not a property that the contract knows",
    ];
    let mut sorted = found;
    sorted.sort_unstable();
    expected.sort_unstable();
    assert_eq!(sorted, expected);
    let good = r#"{"name":"ab","size":3.0,"tags":["a"],"when":"2026-11-26T20:00:00Z"}"#;
    assert!(body("3.1.0", schema, json!({}), good).is_empty());
}

#[test]
fn versions_say_null_and_bounds_their_own_way() {
    let check = |version: &str, schema: Value, text: &str, expected: &[&str]| {
        assert_eq!(
            body(version, schema, json!({}), text),
            expected,
            "{version} {text}"
        );
    };
    let old = json!({"type": "number", "nullable": true, "minimum": 1, "exclusiveMinimum": true});
    check("3.0.3", old.clone(), "null", &[]);
    check("3.0.3", old.clone(), "1", &["body must be more than 1"]);
    check("3.0.3", old, "1.5", &[]);
    let new = json!({"type": ["number", "null"], "exclusiveMinimum": 1});
    check("3.1.0", new.clone(), "null", &[]);
    check("3.1.0", new.clone(), "1", &["body must be more than 1"]);
    check(
        "3.1.0",
        new,
        "\"1\"",
        &["body must be `number` or `null`, and is `string`"],
    );
}

#[test]
fn combined_schemas_tell_which_part_is_broken() {
    let animals = json!({
        "Cat": {"type": "object", "required": ["kind", "lives"], "properties": {"lives": {"type": "integer"}}},
        "Dog": {"type": "object", "required": ["kind", "bark"]},
        "Node": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Node"}, "n": {"type": "integer"}}},
        "Loop": {"allOf": [{"$ref": "#/components/schemas/Loop"}]},
    });
    let check = |schema: Value, text: &str, expected: &[&str]| {
        assert_eq!(
            body("3.0.3", schema.clone(), animals.clone(), text),
            expected,
            "{schema} {text}"
        );
    };
    let one_of = json!({
        "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
        "discriminator": {"propertyName": "kind", "mapping": {"cat": "#/components/schemas/Cat", "dog": "Dog"}},
    });
    check(
        one_of.clone(),
        r#"{"kind":"cat","lives":"9"}"#,
        &["body/lives must be `integer`, and is `string`"],
    );
    check(
        one_of.clone(),
        r#"{"kind":"dog"}"#,
        &["body/bark is missing"],
    );
    check(
        one_of,
        r#"{"kind":"cow"}"#,
        &["body is none of the 2 alternatives (`oneOf`)"],
    );
    let any_of = json!({"anyOf": [{"type": "string", "maxLength": 1}, {"type": "integer"}]});
    check(any_of, "\"ab\"", &["body must have at most 1 characters"]);
    check(
        json!({"not": {"type": "string"}}),
        "\"a\"",
        &["body is what the contract excludes (`not`)"],
    );
    let node = json!({"$ref": "#/components/schemas/Node"});
    check(
        node,
        r#"{"next":{"next":{"n":"x"}}}"#,
        &["body/next/next/n must be `integer`, and is `string`"],
    );
    let endless = json!({"$ref": "#/components/schemas/Loop"});
    check(
        endless,
        "1",
        &["body takes too long to be held against the contract"],
    );
}

#[test]
fn properties_are_missed_only_on_their_way() {
    let document = json!({
        "openapi": "3.0.0",
        "paths": {"/a": {"post": {
            "requestBody": {"required": true, "content": {"application/*": {"schema": {"$ref": "#/components/schemas/A"}}}},
            "responses": {"2XX": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}},
        }}},
        "components": {"schemas": {"A": {
            "type": "object",
            "required": ["id", "password"],
            "properties": {"id": {"type": "integer", "readOnly": true}, "password": {"type": "string", "writeOnly": true}},
        }}},
    });
    let contract = contract(&document, &[source("POST", "/a")]);
    let operation = contract.operation("POST", "/a").expect("is there");
    let request = |text: &str| {
        told(&contract.request_body(
            operation,
            "application/merge-patch+json",
            Some(text.as_bytes()),
        ))
    };
    assert_eq!(request("{}"), ["body/password is missing"]);
    assert_eq!(
        told(&contract.request_body(operation, "", None)),
        ["body is missing"]
    );
    let reply = |status: u16, text: &str| {
        told(&contract.reply(operation, status, "application/json", text.as_bytes()))
    };
    assert_eq!(reply(201, "{}"), ["body/id is missing"]);
    assert!(reply(404, "{}").is_empty());
    assert!(Contract::reads_reply(operation, 201, "application/json"));
    assert!(!Contract::reads_reply(operation, 404, "application/json"));
    let html = told(&contract.reply(operation, 200, "text/html", b"<p>"));
    assert_eq!(
        html,
        ["header.content-type `text/html` is none of `application/json`"]
    );
    assert!(Contract::accepts(operation, "application/json"));
    assert!(!Contract::accepts(operation, "text/plain"));
}

#[test]
fn json_that_two_readers_read_differently_is_refused() {
    let check = |text: &str, expected: &str| {
        let found = body("3.1.0", json!({"type": "object"}), json!({}), text);
        assert!(
            found.iter().any(|it| it.starts_with(expected)),
            "{text} {found:?}"
        );
    };
    check(
        r#"{"a":1,"a":2}"#,
        "body has the name `a` twice in one object",
    );
    check(
        r#"{"a":{"b":1,"\u0062":2}}"#,
        "body has the name `b` twice in one object",
    );
    check("{\"a\":1", "body is not JSON");
    check(&"[".repeat(200), "body is not JSON");
    check("1 2", "body is not JSON");
}

#[test]
fn no_more_violations_than_fifty_are_listed() {
    let items = format!("[{}]", vec!["\"x\""; 1_000].join(","));
    let found = body(
        "3.1.0",
        json!({"items": {"type": "integer"}}),
        json!({}),
        &items,
    );
    assert_eq!(found.len(), MOST_VIOLATIONS);
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "cases read better with `json!` in place"
)]
/// In the order of their words: that of a schema's keywords differs with the features that other crates ask for.
fn parameters(given: Value, query: &str, headers: &[(&str, &str)]) -> Vec<String> {
    let document = json!({
        "openapi": "3.0.0",
        "paths": {"/a/{id}": {"parameters": [{"name": "id", "in": "path", "schema": {"type": "integer"}}],
                              "get": {"parameters": given}}},
    });
    let contract = contract(&document, &[source("GET", "/a/{id}/")]);
    let operation = contract.operation("GET", "/a/{id}/").expect("is there");
    let mut found = told(&contract.parameters(
        operation,
        &Call {
            template: "/a/{id}/",
            path: "/a/7",
            query,
            headers,
        },
    ));
    found.sort_unstable();
    found
}

#[test]
fn parameters_are_read_as_their_style_says() {
    let check = |parameter: Value, query: &str, expected: &[&str]| {
        let found = parameters(
            json!([parameter]),
            query,
            &[("x-list", "1,b"), ("cookie", "a=1; sid=%41")],
        );
        assert_eq!(found, expected, "{parameter} {query}");
    };
    let list = |style: &str, explode: bool| json!({"name": "q", "in": "query", "style": style, "explode": explode, "schema": {"type": "array", "items": {"type": "integer"}}});
    check(
        list("form", true),
        "q=1&q=x",
        &["query.q/1 must be `integer`, and is `string`"],
    );
    check(
        list("form", false),
        "q=1,x",
        &["query.q/1 must be `integer`, and is `string`"],
    );
    check(
        list("spaceDelimited", false),
        "q=1%20x",
        &["query.q/1 must be `integer`, and is `string`"],
    );
    check(list("pipeDelimited", false), "q=1|2", &[]);
    let needed =
        json!({"name": "q", "in": "query", "required": true, "schema": {"type": "boolean"}});
    check(needed.clone(), "", &["query.q is missing"]);
    check(
        needed.clone(),
        "q=yes",
        &["query.q must be `boolean`, and is `string`"],
    );
    check(
        needed.clone(),
        "q=true&q=false",
        &["query.q is given 2 times"],
    );
    check(needed, "q=true&other=1", &[]);
}

#[test]
fn objects_headers_and_cookies_are_parameters_too() {
    let check = |parameter: Value, query: &str, expected: &[&str]| {
        let found = parameters(
            json!([parameter]),
            query,
            &[("x-list", "1,b"), ("cookie", "a=1; sid=%41")],
        );
        assert_eq!(found, expected, "{parameter} {query}");
    };
    let deep = json!({"name": "f", "in": "query", "style": "deepObject", "schema": {"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": false}});
    check(deep.clone(), "f[a]=1", &[]);
    check(
        deep,
        "f%5Ba%5D=x&f[b]=1",
        &[
            "query.f/a must be `integer`, and is `string`",
            "query.f/b is not a property that the contract knows",
        ],
    );
    let header = json!({"name": "X-List", "in": "header", "schema": {"type": "array", "items": {"type": "integer"}}});
    check(
        header,
        "",
        &["header.X-List/1 must be `integer`, and is `string`"],
    );
    let cookie =
        json!({"name": "sid", "in": "cookie", "schema": {"type": "string", "enum": ["B"]}});
    check(cookie, "", &["cookie.sid is none of `B`"]);
    let as_json = json!({"name": "q", "in": "query", "content": {"application/json": {"schema": {"type": "object", "required": ["a"]}}}});
    check(as_json, "q=%7B%7D", &["query.q/a is missing"]);
    check(
        json!({"name": "id", "in": "path", "schema": {"type": "string", "maxLength": 0}}),
        "",
        &["path.id must have at most 0 characters"],
    );
}

#[test]
fn swagger_two_is_held_to_as_well() {
    let document = json!({
        "swagger": "2.0",
        "consumes": ["application/json"],
        "paths": {"/a": {"post": {
            "parameters": [
                {"name": "n", "in": "query", "required": true, "type": "integer", "maximum": 3},
                {"name": "l", "in": "query", "type": "array", "collectionFormat": "pipes", "items": {"type": "integer"}},
                {"name": "b", "in": "body", "required": true, "schema": {"$ref": "#/definitions/B"}},
            ],
            "responses": {"200": {"schema": {"type": "array"}}},
        }}},
        "definitions": {"B": {"type": "object", "required": ["x"]}},
    });
    let contract = contract(&document, &[source("POST", "/a")]);
    let operation = contract.operation("POST", "/a").expect("is there");
    let call = Call {
        template: "/a",
        path: "/a",
        query: "n=4&l=1|x",
        headers: &[],
    };
    assert_eq!(
        told(&contract.parameters(operation, &call)),
        [
            "query.n must be at most 3",
            "query.l/1 must be `integer`, and is `string`"
        ],
    );
    assert_eq!(
        told(&contract.request_body(operation, "application/json", Some(b"{}"))),
        ["body/x is missing"]
    );
    assert_eq!(
        told(&contract.reply(operation, 200, "application/json", b"{}")),
        ["body must be `array`, and is `object`"]
    );
}

#[test]
fn what_cannot_be_held_to_is_a_fault() {
    let document = json!({
        "openapi": "3.1.0",
        "paths": {"/a": {"post": {"requestBody": {"content": {"application/json": {"schema": {
            "properties": {"a": {"pattern": "(?=x)y"}, "b": {"$ref": "#/components/schemas/None"}},
        }}}}}}},
    });
    let faults = compile(&document, &[source("POST", "/a")]).expect_err("is refused");
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert!(compile(&document, &[source("GET", "/other")]).is_ok());
}

#[test]
fn examples_are_given_or_made() {
    let document = json!({
        "openapi": "3.0.0",
        "paths": {"/a": {"get": {"responses": {
            "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}},
            "404": {"content": {"application/json": {"examples": {"gone": {"value": {"why": "gone"}}}}}},
            "204": {"description": "nothing"},
        }}}},
        "components": {"schemas": {"A": {"type": "object", "properties": {
            "id": {"type": "string", "format": "uuid"}, "n": {"type": "integer", "minimum": 5},
            "kind": {"enum": ["cat"]}, "list": {"type": "array", "items": {"type": "boolean"}},
            "self": {"$ref": "#/components/schemas/A"},
        }}}},
    });
    let mocked = Source {
        request: Mode::Off,
        is_mocked: true,
        ..source("GET", "/a")
    };
    let contract = contract(&document, &[mocked]);
    let operation = contract.operation("GET", "/a").expect("is there");
    let by_status = |status: u16| {
        operation
            .examples
            .iter()
            .find(|it| it.status == status)
            .expect("is there")
    };
    let made: Value = serde_json::from_str(&by_status(200).body).expect("is JSON");
    assert_eq!(made["n"], 5);
    assert_eq!(made["kind"], "cat");
    assert_eq!(made["list"], json!([true]));
    assert!(
        contract
            .reply(
                operation,
                200,
                "application/json",
                by_status(200).body.as_bytes()
            )
            .is_empty()
    );
    assert_eq!(
        (by_status(404).name.as_str(), by_status(404).body.as_str()),
        ("gone", r#"{"why":"gone"}"#)
    );
    assert_eq!(by_status(204).content_type, "");
}
