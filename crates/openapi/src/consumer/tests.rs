use serde_json::json;

use super::*;

fn entrance() -> Entrance {
    Entrance {
        servers: vec![
            "https://gw.example/pets/1".to_owned(),
            "http://gw.example/pets/1".to_owned(),
        ],
        token_url: Some("https://gw.example/oauth2/token".to_owned()),
        api_key_header: Some("ApiKey".to_owned()),
    }
}

/// A document whose every secret contains the word `secret`.
fn upstream_document() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1", "x-logo": "kept"},
        "servers": [{"url": "https://secret.example"}],
        "security": [{"secret": []}],
        "x-wso2-production-endpoints": {"urls": ["https://secret.example"]},
        "x-postern-secret": 1,
        "paths": {
            "/a": {
                "servers": [{"url": "https://secret.example"}],
                "x-amazon-apigateway-any-method": {"uri": "secret"},
                "get": {
                    "security": [{"secret": ["read"]}],
                    "servers": [{"url": "https://secret.example"}],
                    "x-throttling-tier": "secret",
                    "x-mediation-script": "secret",
                    "responses": {"default": {"links": {"l": {"server": {"url": "secret"}}}}},
                    "callbacks": {"c": {"{$url}": {"post": {"security": [{"secret": []}], "responses": {}}}}}
                },
                "put": {"x-auth-type": "None", "responses": {}},
                "head": {"x-wso2-disable-security": true}
            },
            "/b": {"$ref": "#/components/pathItems/b"}
        },
        "components": {
            "pathItems": {"b": {"servers": [{"url": "https://secret.example"}], "get": {"x-scope": "write"}}},
            "securitySchemes": {"secret": {"type": "oauth2", "flows": {"implicit": {
                "authorizationUrl": "https://secret.example", "scopes": {"read": "reads"}
            }}}},
            "schemas": {"s": {
                "properties": {"security": {}, "servers": {"type": "array"}},
                "example": {"servers": [{"url": "kept"}]}
            }}
        }
    })
}

#[test]
fn nothing_of_the_upstream_is_shown() {
    let shown = for_consumers(&upstream_document(), &entrance());
    assert!(!shown.to_string().contains("secret"), "{shown:#}");
    assert_eq!(
        shown["servers"],
        json!([{"url": "https://gw.example/pets/1"}, {"url": "http://gw.example/pets/1"}])
    );
    assert_eq!(shown["info"]["x-logo"], "kept");
    assert_eq!(
        shown["components"]["schemas"],
        upstream_document()["components"]["schemas"]
    );
}

#[test]
fn security_shown_is_that_of_the_gateway() {
    let shown = for_consumers(&upstream_document(), &entrance());
    let security = |path: &str, method: &str| shown["paths"][path][method]["security"].clone();
    assert_eq!(
        security("/a", "get"),
        json!([{"OAuth2": ["read"]}, {"ApiKey": []}])
    );
    assert_eq!(security("/a", "put"), json!([]));
    assert_eq!(security("/a", "head"), json!([]));
    assert_eq!(
        security("/b", "get"),
        json!([{"OAuth2": ["write"]}, {"ApiKey": []}])
    );
    assert_eq!(
        shown["components"]["securitySchemes"],
        json!({
            "OAuth2": {"type": "oauth2", "flows": {"clientCredentials": {
                "tokenUrl": "https://gw.example/oauth2/token",
                "scopes": {"read": "reads", "write": ""}
            }}},
            "ApiKey": {"type": "apiKey", "in": "header", "name": "ApiKey"}
        })
    );
}

#[test]
fn credentials_that_the_api_refuses_are_absent() {
    let keys_only = Entrance {
        token_url: None,
        ..entrance()
    };
    let shown = for_consumers(&upstream_document(), &keys_only);
    assert_eq!(
        shown["paths"]["/a"]["get"]["security"],
        json!([{"ApiKey": []}])
    );
    assert!(
        shown["components"]["securitySchemes"]
            .get("OAuth2")
            .is_none()
    );
}

#[test]
fn swagger_names_first_gateway() {
    let document = json!({
        "swagger": "2.0", "info": {"title": "t", "version": "1"},
        "host": "secret.example", "basePath": "/secret", "schemes": ["ws"],
        "securityDefinitions": {"secret": {"type": "basic"}},
        "paths": {"/a": {"get": {"schemes": ["ws"], "responses": {}}}}
    });
    let shown = for_consumers(&document, &entrance());
    assert_eq!(
        (&shown["host"], &shown["basePath"], &shown["schemes"]),
        (&json!("gw.example"), &json!("/pets/1"), &json!(["https"]))
    );
    assert_eq!(
        shown["securityDefinitions"]["OAuth2"]["flow"],
        "application"
    );
    assert_eq!(
        shown["securityDefinitions"]["OAuth2"]["tokenUrl"],
        "https://gw.example/oauth2/token"
    );
    assert_eq!(
        shown["paths"]["/a"]["get"],
        json!({
            "responses": {}, "security": [{"OAuth2": []}, {"ApiKey": []}]
        })
    );
    assert!(!shown.to_string().contains("secret"), "{shown:#}");
}

#[test]
fn shown_document_keeps_all_operations() {
    let document = upstream_document();
    let names = |document: &Value| -> Vec<_> {
        let read = crate::read(&document.to_string()).unwrap().operations;
        read.into_iter()
            .map(|one| (one.method, one.template))
            .collect()
    };
    assert_eq!(
        names(&for_consumers(&document, &entrance())),
        names(&document)
    );
}
