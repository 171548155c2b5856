use serde_json::json;

use super::*;
use crate::definition::Scope;
use crate::limit::{MAX_LISTED, MAX_OPERATIONS};

/// A valid 3.0 document with these members added or replaced.
fn document(changes: &Value) -> Value {
    let mut document = json!({
        "openapi": "3.0.1",
        "info": {"title": "Pets", "version": "1"},
        "paths": {"/pets": {"get": {"responses": {}}}}
    });
    for (name, value) in changes.as_object().unwrap() {
        document[name] = value.clone();
    }
    document
}

fn accept(document: &Value) -> Definition {
    read(&document.to_string()).unwrap_or_else(|faults| panic!("{document}: {faults:?}"))
}

fn refuse(text: &str) -> Vec<(FaultCode, String)> {
    let Err(faults) = read(text) else {
        panic!("accepted: {text}");
    };
    faults
        .into_iter()
        .map(|fault| (fault.code, fault.pointer))
        .collect()
}

#[test]
fn texts_that_are_no_definitions_are_refused() {
    for (text, code) in [
        ("", FaultCode::NotADefinition),
        (" \n", FaultCode::NotADefinition),
        ("<!DOCTYPE html><html>", FaultCode::NotADefinition),
        ("hello", FaultCode::NotADefinition),
        ("[1, 2]", FaultCode::NotADefinition),
        ("{}", FaultCode::NotADefinition),
        ("a: 1", FaultCode::NotADefinition),
        ("{\"openapi\": ", FaultCode::Syntax),
        ("openapi: [", FaultCode::Syntax),
        ("swagger: '1.2'", FaultCode::UnsupportedVersion),
        ("openapi: 4.0.0", FaultCode::UnsupportedVersion),
        ("openapi: 3.9.0", FaultCode::UnsupportedVersion),
        ("openapi: {}", FaultCode::UnsupportedVersion),
    ] {
        assert_eq!(refuse(text).first().unwrap().0, code, "{text}");
    }
}

#[test]
fn every_family_is_recognized() {
    for (field, version, format) in [
        ("swagger", json!("2.0"), Format::Swagger2),
        ("swagger", json!(2.0), Format::Swagger2),
        ("swagger", json!(2), Format::Swagger2),
        ("openapi", json!("3.0.0"), Format::OpenApi30),
        ("openapi", json!("3.0.4"), Format::OpenApi30),
        ("openapi", json!(3.0), Format::OpenApi30),
        ("openapi", json!("3.1.1"), Format::OpenApi31),
        ("openapi", json!("3.2.0"), Format::OpenApi32),
    ] {
        let mut document = document(&json!({}));
        document.as_object_mut().unwrap().shift_remove("openapi");
        document[field] = version;
        assert_eq!(accept(&document).format, format, "{document}");
    }
}

#[test]
fn all_faults_are_listed_with_places() {
    let text = "openapi: 3.0.0\ninfo:\n  title: 1\npaths:\n  pets: {get: {}}\n  /a/{b:\n    get: {}\n  /c:\n  /d: {get: 1}\n  /e:\n    $ref: '#/nowhere'\n  /f: {}\n  /f: {}\n";
    let faults = read(text).unwrap_err();
    let found: Vec<_> = faults
        .iter()
        .map(|fault| (fault.code, fault.pointer.as_str(), fault.line.unwrap()))
        .collect();
    assert_eq!(
        found,
        [
            (FaultCode::DuplicateKey, "/paths/~1f", 13),
            (FaultCode::MissingField, "/info", 2),
            (FaultCode::WrongType, "/info/title", 3),
            (FaultCode::InvalidTemplate, "/paths/pets", 5),
            (FaultCode::InvalidTemplate, "/paths/~1a~1{b", 6),
            (FaultCode::WrongType, "/paths/~1c", 8),
            (FaultCode::WrongType, "/paths/~1d/get", 9),
            (FaultCode::UnresolvedReference, "/paths/~1e/$ref", 11),
        ]
    );
    let same: Value =
        json!({"openapi": "3.0.0", "info": {"title": []}, "paths": {"/c": null, "x": {}}});
    let pretty = format!("{same:#}");
    let lines: Vec<_> = read(&pretty)
        .unwrap_err()
        .iter()
        .map(|fault| fault.line)
        .collect();
    assert_eq!(lines, [Some(3), Some(4), Some(7), Some(8)]);
}

#[test]
fn many_faults_are_listed_and_counted() {
    let paths: Map<String, Value> = (0..250).map(|n| (format!("p{n}"), json!({}))).collect();
    let faults = read(&document(&json!({"paths": paths})).to_string()).unwrap_err();
    assert_eq!(faults.len(), MAX_LISTED + 1);
    let last = faults.last().unwrap();
    assert_eq!(
        (last.code, last.message.as_str()),
        (FaultCode::More, "and 150 more")
    );
}

#[test]
fn version_is_text_as_written() {
    for (text, expected) in [
        (
            "openapi: 3.0.0\ninfo: {title: T, version: 1.10}\npaths: {/a: {get: {}}}",
            "1.10",
        ),
        (
            "openapi: 3.0.0\ninfo:\n  title: T\n  version: 1\npaths: {/a: {get: {}}}",
            "1",
        ),
        (
            "openapi: 3.0.0\ninfo: {title: T, version: 2024-01-02}\npaths: {/a: {get: {}}}",
            "2024-01-02",
        ),
        (
            "openapi: 3.0.0\ninfo: {title: T, version: '1.0'}\npaths: {/a: {get: {}}}",
            "1.0",
        ),
        (
            r#"{"openapi": "3.0.0", "info": {"title": "T", "version": 2.00}, "paths": {"/a": {"get": {}}}}"#,
            "2.00",
        ),
    ] {
        let definition = read(text).unwrap();
        assert_eq!(definition.version, expected, "{text}");
        assert_eq!(
            definition.document["info"]["version"],
            json!(expected),
            "{text}"
        );
    }
}

#[test]
fn empty_title_is_a_warning() {
    let definition = accept(&document(&json!({"info": {"title": " ", "version": "1"}})));
    assert_eq!(
        (definition.title.as_str(), definition.context.as_str()),
        ("Untitled API", "/untitled-api")
    );
    assert_eq!(definition.warnings[0].pointer, "/info/title");
}

#[test]
fn flow_style_yaml_may_look_like_json() {
    let definition =
        read("{openapi: 3.0.0, info: {title: T, version: v1}, paths: {/a: {get: {}}}}").unwrap();
    assert_eq!(definition.operations.len(), 1);
}

#[test]
fn byte_order_mark_is_skipped() {
    let text = format!("\u{feff}{}", document(&json!({})));
    assert!(read(&text).is_ok());
}

#[test]
fn context_comes_from_extension_or_title() {
    for (title, extension, expected) in [
        (
            "Swagger Petstore - OpenAPI 3.0",
            json!(null),
            "/swagger-petstore-openapi-3-0",
        ),
        ("Bob's  API!", json!(null), "/bobs-api"),
        ("日本", json!(null), "/api"),
        ("Pets", json!("/pets/{version}/"), "/pets/{version}"),
        ("Pets", json!("pets"), "/pets"),
        ("Pets", json!("/"), "/pets"),
    ] {
        let document = document(&json!({
            "info": {"title": title, "version": "1"}, "x-wso2-basePath": extension
        }));
        assert_eq!(accept(&document).context, expected);
    }
    let long = document(&json!({"info": {"title": "a b ".repeat(500), "version": "1"}}));
    assert!(accept(&long).context.len() <= MAX_CONTEXT);
}

fn wso2_document() -> Value {
    document(&json!({
        "x-throttling-tier": "10KPerMin",
        "x-wso2-security": {"apim": {"x-wso2-scopes": [
            {"name": "Read", "key": "read", "description": "reads", "roles": "admin, reader"}
        ]}},
        "components": {"securitySchemes": {
            "default": {"type": "oauth2", "flows": {"implicit": {
                "scopes": {"write": "writes"}, "x-scopes-bindings": {"write": "admin"}
            }}},
            "key": {"type": "apiKey"}
        }},
        "paths": {"/a": {
            "get": {"x-auth-type": "None", "x-throttling-tier": "Unlimited", "x-scope": "read"},
            "put": {"x-auth-type": "Application User", "security": [{"default": ["write", "other"]}, {"key": ["no"]}]},
            "post": {"x-auth-type": "Sometimes", "x-wso2-throttling-tier": "Gold"},
            "delete": {"x-wso2-disable-security": true}
        }}
    }))
}

#[test]
fn wso2_extensions_are_read() {
    let definition = accept(&wso2_document());
    let read: Vec<_> = definition
        .operations
        .iter()
        .map(|one| {
            (
                one.method.as_str(),
                one.security,
                one.scopes.join(" "),
                one.throttling_tier.as_deref(),
            )
        })
        .collect();
    use model::OperationSecurity as S;
    assert_eq!(
        read,
        [
            ("GET", Some(S::None), "read".to_owned(), Some("Unlimited")),
            (
                "PUT",
                Some(S::ApplicationUser),
                "write other".to_owned(),
                None
            ),
            ("POST", None, String::new(), Some("Gold")),
            ("DELETE", Some(S::None), String::new(), None),
        ]
    );
    let scope = |name: &str, description: &str, roles: &[&str]| Scope {
        name: name.to_owned(),
        description: description.to_owned(),
        roles: roles.iter().map(|&role| role.to_owned()).collect(),
    };
    assert_eq!(
        definition.scopes,
        [
            scope("write", "writes", &["admin"]),
            scope("read", "reads", &["admin", "reader"]),
            scope("other", "", &[])
        ]
    );
    assert_eq!(definition.throttling_tier.as_deref(), Some("10KPerMin"));
    let warnings: Vec<_> = definition
        .warnings
        .iter()
        .map(|w| (w.code, w.pointer.as_str()))
        .collect();
    assert_eq!(
        warnings,
        [(FaultCode::UnknownWord, "/paths/~1a/post/x-auth-type")]
    );
}

#[test]
fn scopes_of_document_hold_for_operations_without_own() {
    let definition = accept(&document(&json!({
        "security": [{"o": ["all"]}],
        "components": {"securitySchemes": {"o": {"type": "oauth2"}}},
        "paths": {"/a": {"get": {}, "put": {"security": []}}}
    })));
    let scopes: Vec<_> = definition
        .operations
        .iter()
        .map(|one| one.scopes.len())
        .collect();
    assert_eq!(scopes, [1, 0]);
}

#[test]
fn too_large_text_is_refused_unread() {
    assert_eq!(
        refuse(&"x".repeat(MAX_BYTES + 1)),
        [(FaultCode::TooLarge, String::new())]
    );
}

#[test]
fn hundred_thousand_paths_are_refused() {
    let paths: Map<String, Value> = (0..100_000)
        .map(|n| (format!("/path/{n}"), json!({"get": {}})))
        .collect();
    let text = document(&json!({"paths": paths})).to_string();
    assert_eq!(
        refuse(&text),
        [(FaultCode::TooManyOperations, "/paths".to_owned())]
    );
}

#[test]
fn operations_up_to_limit_are_read() {
    let paths: Map<String, Value> = (0..MAX_OPERATIONS)
        .map(|n| (format!("/path/{n}"), json!({"get": {}})))
        .collect();
    assert_eq!(
        accept(&document(&json!({"paths": paths}))).operations.len(),
        MAX_OPERATIONS
    );
}

#[test]
fn huge_names_stay_bounded_in_faults() {
    let huge = "k".repeat(1_000_000);
    let members: Map<String, Value> = (0..300)
        .map(|n| (format!("p{n}"), json!({"$ref": "#/no"})))
        .collect();
    let document =
        document(&json!({"components": {"schemas": {huge.as_str(): {"properties": members}}}}));
    let warnings = accept(&document).warnings;
    assert_eq!(warnings.len(), MAX_LISTED + 1);
    assert!(
        warnings
            .iter()
            .all(|one| one.pointer.len() < 10_000 && one.message.len() < 10_000)
    );
}

#[test]
fn unknown_root_field_is_a_warning() {
    let warnings = accept(&document(&json!({"host": "a.example", "x-own": 1}))).warnings;
    let found: Vec<_> = warnings
        .iter()
        .map(|w| (w.code, w.pointer.as_str()))
        .collect();
    assert_eq!(found, [(FaultCode::UnknownField, "/host")]);
}
