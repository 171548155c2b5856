use serde_json::{Value, json};

use super::filled;

fn document(replies: &Value) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Pets", "version": "1"},
        "paths": {"/pets": {"get": {"responses": replies}}},
        "components": {
            "schemas": {"Pet": {
                "type": "object",
                "required": ["id"],
                "properties": {
                    "id": {"type": "string", "format": "uuid"},
                    "mother": {"$ref": "#/components/schemas/Pet"},
                },
            }},
            "responses": {"None": {
                "description": "None",
                "content": {"application/json": {"schema": {"type": "object", "properties": {"why": {"type": "string"}}}}},
            }},
        },
    })
}

fn media(schema: &Value) -> Value {
    json!({"200": {"description": "Fine", "content": {"application/json": {"schema": schema}}}})
}

#[test]
fn an_authors_example_stays() {
    for shown in [
        json!({"example": {"id": "Rex"}}),
        json!({"examples": {"rex": {"value": {"id": "Rex"}}}}),
    ] {
        let mut replies = media(&json!({"$ref": "#/components/schemas/Pet"}));
        let place = "/200/content/application~1json";
        let Some(Value::Object(media)) = replies.pointer_mut(place) else {
            unreachable!("it was written above");
        };
        media.extend(shown.as_object().cloned().unwrap_or_default());
        let before = document(&replies);
        let after = filled(&before);
        assert_eq!(after.document, before);
        assert!(after.made.is_empty() && after.left.is_empty());
    }
}

#[test]
fn a_shared_reply_is_filled_where_it_stands_and_once() {
    let before = document(&json!({
        "404": {"$ref": "#/components/responses/None"},
        "410": {"$ref": "#/components/responses/None"},
    }));
    let after = filled(&before);
    let place = "/components/responses/None/content/application~1json/example";
    assert_eq!(after.made, [place]);
    assert_eq!(after.document.pointer(place), Some(&json!({"why": "text"})));
    let again = filled(&after.document);
    assert_eq!(again.document, after.document);
    assert!(again.made.is_empty());
}

#[test]
fn a_schema_that_refers_to_itself_ends() {
    let after = filled(&document(&media(
        &json!({"$ref": "#/components/schemas/Pet"}),
    )));
    let [place] = after.made.as_slice() else {
        panic!("{:?}", after.made)
    };
    let id = "0f8fad5b-d9cb-469f-a165-70867728950e";
    let mut expected = json!({ "id": id });
    for _ in 0..4 {
        expected = json!({"id": id, "mother": expected});
    }
    assert_eq!(after.document.pointer(place), Some(&expected));
}

#[test]
fn swagger_gets_its_example_by_content_type() {
    let before = json!({
        "swagger": "2.0",
        "info": {"title": "Pets", "version": "1"},
        "produces": ["application/xml", "application/json"],
        "paths": {"/pets": {"get": {"responses": {"200": {"description": "Fine", "schema": {"type": "integer", "minimum": 3}}}}}},
    });
    let after = filled(&before);
    let place = "/paths/~1pets/get/responses/200/examples/application~1json";
    assert_eq!(after.made, [place]);
    assert_eq!(after.document.pointer(place), Some(&json!(3)));
}

#[test]
fn what_no_value_keeps_is_left() {
    let never = json!({"type": "string", "minLength": 5, "maxLength": 2});
    let after = filled(&document(&media(&never)));
    assert!(after.made.is_empty());
    assert_eq!(
        after.left,
        ["/paths/~1pets/get/responses/200/content/application~1json"]
    );
}
