use serde_json::json;

use super::*;

fn is_good(name: &str, options: Value, value: Option<Value>) -> bool {
    let function = Function::read(name, Some(&options)).unwrap();
    let root = json!({"used": {"$ref": "#/schemas/Used/properties/a"}});
    function.check(value.as_ref(), &root).is_empty()
}

#[test]
fn functions_say_what_spectral_says() {
    let none = || json!({});
    for (name, options, value, expected) in [
        ("truthy", none(), None, false),
        ("truthy", none(), Some(json!("")), false),
        ("truthy", none(), Some(json!([])), true),
        ("falsy", none(), Some(json!(0)), true),
        ("falsy", none(), Some(json!("a")), false),
        ("defined", none(), Some(Value::Null), true),
        ("defined", none(), None, false),
        ("undefined", none(), None, true),
        ("undefined", none(), Some(json!(1)), false),
        ("pattern", json!({"match": "^a+$"}), Some(json!("aa")), true),
        (
            "pattern",
            json!({"match": "/^A+$/i"}),
            Some(json!("aa")),
            true,
        ),
        (
            "pattern",
            json!({"notMatch": "\\/$"}),
            Some(json!("a/")),
            false,
        ),
        ("pattern", json!({"match": "a"}), Some(json!(7)), true),
        (
            "casing",
            json!({"type": "camel"}),
            Some(json!("petStore2")),
            true,
        ),
        (
            "casing",
            json!({"type": "camel"}),
            Some(json!("PetStore")),
            false,
        ),
        (
            "casing",
            json!({"type": "pascal"}),
            Some(json!("PetStore")),
            true,
        ),
        (
            "casing",
            json!({"type": "kebab"}),
            Some(json!("pet-store")),
            true,
        ),
        (
            "casing",
            json!({"type": "kebab"}),
            Some(json!("pet_store")),
            false,
        ),
        (
            "casing",
            json!({"type": "kebab", "separator": {"char": "/", "allowLeading": true}}),
            Some(json!("/pet-store/all")),
            true,
        ),
        (
            "casing",
            json!({"type": "kebab", "separator": {"char": "/"}}),
            Some(json!("/pet")),
            false,
        ),
        (
            "casing",
            json!({"type": "snake", "disallowDigits": true}),
            Some(json!("a1")),
            false,
        ),
        ("casing", json!({"type": "macro"}), Some(json!("A_B")), true),
        ("length", json!({"min": 2}), Some(json!("a")), false),
        (
            "length",
            json!({"max": 2}),
            Some(json!({"a": 1, "b": 2, "c": 3})),
            false,
        ),
        ("length", json!({"max": 2}), Some(json!(2)), true),
        (
            "enumeration",
            json!({"values": ["a", 1]}),
            Some(json!(1)),
            true,
        ),
        (
            "enumeration",
            json!({"values": ["a"]}),
            Some(json!("b")),
            false,
        ),
        ("alphabetical", none(), Some(json!({"a": 1, "b": 1})), true),
        (
            "alphabetical",
            json!({"keyedBy": "name"}),
            Some(json!([{"name": "b"}, {"name": "a"}])),
            false,
        ),
        (
            "xor",
            json!({"properties": ["a", "b"]}),
            Some(json!({"a": 1})),
            true,
        ),
        (
            "xor",
            json!({"properties": ["a", "b"]}),
            Some(json!({"a": 1, "b": 1})),
            false,
        ),
        (
            "or",
            json!({"properties": ["a", "b"]}),
            Some(json!({"a": 1, "b": 1})),
            true,
        ),
        (
            "or",
            json!({"properties": ["a", "b"]}),
            Some(json!({"c": 1})),
            false,
        ),
        (
            "unreferencedReusableObject",
            json!({"reusableObjectsLocation": "#/schemas"}),
            Some(json!({"Used": 1})),
            true,
        ),
        (
            "unreferencedReusableObject",
            json!({"reusableObjectsLocation": "#/schemas"}),
            Some(json!({"Use": 1})),
            false,
        ),
        (
            "typedEnum",
            none(),
            Some(json!({"type": "integer", "enum": [1, 2]})),
            true,
        ),
        (
            "typedEnum",
            none(),
            Some(json!({"type": "integer", "enum": [1, "2"]})),
            false,
        ),
        (
            "schema",
            json!({"schema": {"type": "object", "required": ["a"]}}),
            Some(json!({})),
            false,
        ),
    ] {
        assert_eq!(
            is_good(name, options.clone(), value.clone()),
            expected,
            "{name} {options} {value:?}"
        );
    }
}

#[test]
fn bad_options_are_told() {
    for (name, options) in [
        ("pattern", json!({})),
        ("pattern", json!({"match": "("})),
        ("casing", json!({"type": "shouting"})),
        ("length", json!({"min": "a"})),
        ("enumeration", json!({"values": []})),
        ("xor", json!({"properties": [1]})),
        ("schema", json!({})),
        ("unreferencedReusableObject", json!({})),
        ("truthy", json!(1)),
        ("mine", json!({})),
    ] {
        assert!(
            Function::read(name, Some(&options)).is_err(),
            "{name} {options}"
        );
    }
}
