use serde_json::json;

use super::*;

#[test]
fn values_are_held_to_their_schema() {
    let schema = Schema::read(&json!({
        "type": "object",
        "required": ["name"],
        "additionalProperties": false,
        "properties": {
            "name": {"$ref": "#/definitions/word"},
            "age": {"type": "integer", "minimum": 0},
            "tags": {"type": "array", "uniqueItems": true, "items": {"enum": ["a", "b"]}},
            "one": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
            "no": {"not": {"type": "string"}},
        },
        "patternProperties": {"^x-": {}},
        "definitions": {"word": {"type": "string", "pattern": "^[a-z]+$", "maxLength": 3}},
    }))
    .unwrap();
    let places = |value: Value| -> Vec<String> {
        schema
            .check(&value)
            .into_iter()
            .map(|(keys, _)| keys.join("."))
            .collect()
    };
    assert_eq!(
        places(json!({"name": "abc", "age": 1, "tags": ["a"], "one": 1, "no": 2, "x-a": 1})),
        Vec::<String>::new()
    );
    assert_eq!(places(json!({})), [""]);
    assert_eq!(
        places(json!({"name": "ABCD", "age": -1})),
        ["age", "name", "name"]
            .map(str::to_owned)
            .to_vec()
            .into_iter()
            .rev()
            .collect::<Vec<_>>()
    );
    assert_eq!(
        places(json!({"name": "a", "tags": ["a", "a", "c"]})),
        ["tags", "tags.2"]
    );
    assert_eq!(
        places(json!({"name": "a", "one": [], "no": "a", "other": 1})),
        ["one", "no", "other"]
    );
}

#[test]
fn words_that_would_be_passed_over_are_refused() {
    for schema in [
        json!({"unevaluatedProperties": false}),
        json!({"pattern": "("}),
        json!({"$ref": "#/a"}),
        json!(7),
    ] {
        assert!(Schema::read(&schema).is_err(), "{schema}");
    }
    let circle = Schema::read(&json!({"$ref": "#"})).unwrap();
    assert_eq!(circle.check(&json!(1)), []);
}
