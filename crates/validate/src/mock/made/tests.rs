use serde_json::{Value, json};

use super::Maker;

/// What a schema of OpenAPI 3.0 makes.
fn check(schema: &Value, expected: &Value) {
    let document = json!({"openapi": "3.0.3", "components": {"schemas": {
        "Cat": {"type": "object", "required": ["kind", "lives"], "properties": {"kind": {"type": "string"}, "lives": {"type": "integer", "maximum": 9}}},
        "Dog": {"type": "object", "required": ["kind", "barks"], "properties": {"kind": {"type": "string"}, "barks": {"type": "boolean"}}},
    }}});
    let made = Maker::of(&document).valid(schema);
    assert_eq!(made.as_ref(), Some(expected), "{schema}");
}

#[test]
fn plain_values_keep_their_bounds() {
    for (schema, expected) in [
        (json!({"type": "integer"}), json!(0)),
        (json!({"type": "integer", "minimum": 3}), json!(3)),
        (
            json!({"type": "integer", "minimum": 3, "exclusiveMinimum": true}),
            json!(4),
        ),
        (json!({"type": "integer", "maximum": -3}), json!(-3)),
        (
            json!({"type": "integer", "minimum": 3, "multipleOf": 5}),
            json!(5),
        ),
        (
            json!({"type": "number", "minimum": 0, "maximum": 1, "exclusiveMinimum": true, "exclusiveMaximum": true}),
            json!(0.5),
        ),
        (json!({"type": "string"}), json!("text")),
        (json!({"type": "string", "minLength": 6}), json!("textte")),
        (json!({"type": "string", "maxLength": 2}), json!("te")),
        (
            json!({"type": "string", "enum": [null, "a"], "nullable": true}),
            json!("a"),
        ),
        (
            json!({"type": "string", "format": "date-time"}),
            json!("2026-01-31T10:00:00Z"),
        ),
        (
            json!({"type": "string", "format": "email"}),
            json!("ann@example.com"),
        ),
        (
            json!({"type": "string", "format": "uuid"}),
            json!("0f8fad5b-d9cb-469f-a165-70867728950e"),
        ),
        (
            json!({"type": "array", "minItems": 2, "items": {"type": "integer"}}),
            json!([0, 0]),
        ),
        (
            json!({"type": "array", "minItems": 2, "uniqueItems": true, "items": {"type": "integer"}}),
            json!([0, 1]),
        ),
        (
            json!({"type": "array", "minItems": 2, "uniqueItems": true, "items": {"enum": ["a", "b"]}}),
            json!(["a", "b"]),
        ),
        (
            json!({"type": "array", "maxItems": 0, "items": {"type": "integer"}}),
            json!([]),
        ),
        (
            json!({"type": "object", "additionalProperties": {"type": "integer"}}),
            json!({"name1": 0}),
        ),
    ] {
        check(&schema, &expected);
    }
}

#[test]
fn simple_patterns_are_fitted() {
    for (pattern, expected) in [
        ("^[A-Z]", "A"),
        ("^[A-Z]{2}[0-9]{3}$", "AA000"),
        (r"^\d+\.\d+$", "1.1"),
        ("^(red|green)-(?:a|b)?$", "red-"),
        (r"^#[^a1]{2,}$", "#AA"),
        (r"^[\w.-]+@x\.org$", "a@x.org"),
    ] {
        check(
            &json!({"type": "string", "pattern": pattern}),
            &json!(expected),
        );
    }
    let long = json!({"type": "string", "pattern": "^[a-z]+$", "minLength": 3});
    check(&long, &json!("ate"));
    let begun = json!({"type": "string", "pattern": "^[A-Z]", "minLength": 3});
    check(&begun, &json!("Ate"));
}

#[test]
fn what_a_schema_shows_comes_first_where_it_keeps_it() {
    check(&json!({"type": "integer", "example": 7}), &json!(7));
    check(&json!({"type": "integer", "example": "7"}), &json!(0));
    check(
        &json!({"type": "integer", "example": "7", "default": 8}),
        &json!(8),
    );
    check(
        &json!({"type": "object", "example": {"a": "x"}, "required": ["a"], "properties": {"a": {"type": "integer"}}}),
        &json!({"a": 0}),
    );
}

#[test]
fn alternatives_and_parts_become_one() {
    let (cat, dog) = ("#/components/schemas/Cat", "#/components/schemas/Dog");
    check(
        &json!({"oneOf": [{"$ref": cat}, {"$ref": dog}], "discriminator": {"propertyName": "kind", "mapping": {"tom": cat, "rex": dog}}}),
        &json!({"kind": "tom", "lives": 0}),
    );
    check(
        &json!({"allOf": [{"$ref": dog}, {"required": ["age"], "properties": {"age": {"type": "integer"}}}]}),
        &json!({"age": 0, "barks": true, "kind": "text"}),
    );
    // Both alternatives take the first guess: another has to be looked for.
    check(
        &json!({"oneOf": [{"type": "integer"}, {"type": "integer", "minimum": 0}, {"type": "string"}]}),
        &json!("text"),
    );
}

#[test]
fn secrets_are_not_told() {
    check(
        &json!({"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "string", "writeOnly": true}}}),
        &json!({"a": 0}),
    );
}
