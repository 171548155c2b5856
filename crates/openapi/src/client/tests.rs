use serde_json::json;

use super::*;

fn index(document: &Value) -> String {
    let parts = typescript(document, "https://gw.example.org/pets/1.0.0");
    let index = parts.into_iter().find(|part| part.path == "src/index.ts");
    index.unwrap().text
}

#[test]
fn operations_are_methods_with_types() {
    let text = index(&json!({
        "openapi": "3.0.3",
        "info": {"title": "Pets */ alert(1)", "version": "v1.2"},
        "components": {
            "schemas": {"pet": {"type": "object", "required": ["id"], "properties": {
                "id": {"type": "integer"}, "pet-name": {"type": "string", "nullable": true},
                "kind": {"enum": ["cat", "dog"]}, "friends": {"type": "array", "items": {"$ref": "#/components/schemas/pet"}},
            }}},
            "parameters": {"limit": {"name": "limit", "in": "query", "schema": {"type": "integer"}}},
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
        },
        "paths": {"/pets/{petId}": {
            "parameters": [{"name": "petId", "in": "path", "required": true, "schema": {"type": "string"}}],
            "get": {"operationId": "get pet", "summary": "Reads one", "parameters": [{"$ref": "#/components/parameters/limit"}],
                "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/pet"}}}}}},
            "put": {"requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/pet"}}}},
                "responses": {"204": {"description": ""}}},
        }},
    }));
    for expected in [
        "/** Pets * / alert(1) */",
        r#"export type Pet = { id: number; "pet-name"?: string | null; kind?: "cat" | "dog"; friends?: Array<Pet> };"#,
        "/** Reads one */",
        "async getPet(parameters: { limit?: number; petId: string }, init: RequestInit = {}): Promise<Pet>",
        r#"this.send("GET", "/pets/{petId}", [["limit","limit","query"],["petId","petId","path"]], parameters, undefined, undefined, init)"#,
        "async putPetsPetId(parameters: { petId: string }, body: Pet, init: RequestInit = {}): Promise<unknown>",
        r#"headers.set("X-Key", options.apiKey)"#,
        r#"options.baseUrl ?? "https://gw.example.org/pets/1.0.0""#,
    ] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
}

#[test]
fn swagger_and_odd_names_are_read_too() {
    let text = index(&json!({
        "swagger": "2.0", "info": {},
        "definitions": {"a/b": {"type": "object"}, "a-b": {"allOf": [{"$ref": "#/definitions/a~1b"}, {"oneOf": [{"type": "string"}, {"type": "number"}]}]}, "Client": {"const": 1}},
        "paths": {"/x": {"post": {"operationId": "send", "parameters": [{"in": "body", "name": "b", "schema": {"$ref": "#/definitions/a-b"}}],
            "responses": {"201": {"schema": {"type": ["string", "null"]}}}}}},
    }));
    for expected in [
        "export type AB = Record<string, unknown>;",
        "export type AB2 = AB & (string | number);",
        "export type Client2 = 1;",
        "async send2(parameters: Record<string, never> = {}, body: AB2 | undefined, init: RequestInit = {}): Promise<string | null>",
    ] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
}

#[test]
fn nonsense_makes_a_client_without_operations() {
    for document in [
        json!(null),
        json!({"paths": 7}),
        json!({"paths": {"/a": {"get": null}}, "components": {"schemas": []}}),
    ] {
        let text = index(&document);
        assert!(text.contains("export class Client"), "{document}");
    }
}

#[test]
fn packages_have_names_and_versions_that_npm_takes() {
    for (title, version, expected) in [
        ("Pet Store!", "v1.2", ("pet-store-client", "1.2.0")),
        ("日本", "x", ("api-client", "0.0.0")),
        ("@a/b", "1.2.3-beta", ("a-b-client", "1.2.0")),
    ] {
        assert_eq!(
            (
                words::package(title).as_str(),
                words::semantic(version).as_str()
            ),
            expected
        );
    }
}
