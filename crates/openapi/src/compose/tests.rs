use model::OperationSecurity;
use serde_json::json;

use super::*;

fn operation(method: &str, template: &str) -> Operation {
    Operation {
        method: method.to_owned(),
        template: template.to_owned(),
        security: Some(OperationSecurity::Any),
        ..Operation::default()
    }
}

fn operations_of(document: &Value) -> Vec<Operation> {
    crate::read(&document.to_string()).unwrap().operations
}

#[test]
fn document_of_operations_reads_as_them() {
    let operations = [
        Operation {
            operation_id: Some("list".to_owned()),
            summary: Some("Lists".to_owned()),
            scopes: vec!["read".to_owned(), "write".to_owned()],
            security: Some(OperationSecurity::ApplicationUser),
            throttling_tier: Some("10KPerMin".to_owned()),
            throttling_weight: Some(5),
            ..operation("GET", "/pets/{id}/toys/{toy}")
        },
        Operation {
            security: Some(OperationSecurity::None),
            ..operation("POST", "/*")
        },
    ];
    let document = from_operations("Pets", "1.0.0", &operations).unwrap();
    assert_eq!(operations_of(&document), operations);
    let get = &document["paths"]["/pets/{id}/toys/{toy}"]["get"];
    assert_eq!(get["parameters"][1]["name"], "toy");
    let scheme = &document["components"]["securitySchemes"]["default"];
    assert_eq!(
        scheme["flows"]["clientCredentials"]["scopes"],
        json!({"read": "", "write": ""})
    );
}

#[test]
fn default_security_is_not_written() {
    let document = from_operations("Pets", "1", &[operation("GET", "/a")]).unwrap();
    assert_eq!(
        document["paths"],
        json!({"/a": {"get": {"responses": {"200": {"description": "OK"}}}}})
    );
}

#[test]
fn equal_operations_change_nothing() {
    for document in [
        json!({"swagger": "2.0", "info": {"title": "t", "version": "1"}, "x-own": 1, "paths": {
            "/b": {"get": {"x-auth-type": "Any", "summary": "s"}, "parameters": []}, "x-p": 1, "/empty": {"parameters": []},
            "/a": {"put": {"x-throttling-tier": "Gold", "x-wso2-disable-security": true}}
        }}),
        json!({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {
            "/b": {"$ref": "#/components/pathItems/b"}
        }, "components": {"pathItems": {"b": {"get": {"security": [{"o": ["s"]}]}}},
            "securitySchemes": {"o": {"type": "oauth2"}}}}),
    ] {
        let after = apply_operations(&document, &operations_of(&document)).unwrap();
        assert_eq!(after.to_string(), document.to_string());
    }
}

#[test]
fn edited_operations_replace_those_of_the_document() {
    let before = json!({
        "openapi": "3.0.0",
        "info": {"title": "t", "version": "1"},
        "paths": {
            "/gone": {"get": {}},
            "/kept/{id}": {
                "parameters": [{"name": "id"}],
                "get": {"x-wso2-throttling-tier": "Old", "x-wso2-disable-security": true, "description": "d"},
                "delete": {}
            }
        },
        "tags": []
    });
    let after = apply_operations(
        &before,
        &[
            operation("POST", "/new"),
            Operation {
                throttling_tier: Some("Gold".to_owned()),
                throttling_weight: Some(7),
                ..operation("GET", "/kept/{id}")
            },
            operation("PUT", "/kept/{id}"),
        ],
    )
    .unwrap();
    assert_eq!(
        after.to_string(),
        json!({
            "openapi": "3.0.0",
            "info": {"title": "t", "version": "1"},
            "paths": {
                "/kept/{id}": {
                    "parameters": [{"name": "id"}],
                    "get": {
                        "description": "d",
                        "x-auth-type": "Application & Application User",
                        "x-throttling-tier": "Gold",
                        "x-throttling-weight": 7
                    },
                    "put": {"responses": {"200": {"description": "OK"}}}
                },
                "/new": {"post": {"responses": {"200": {"description": "OK"}}}}
            },
            "tags": []
        })
        .to_string()
    );
}

#[test]
fn edited_scopes_keep_other_credentials() {
    for (schemes, root) in [
        (
            json!({"oauth": {"type": "oauth2"}, "key": {"type": "apiKey"}}),
            json!({"openapi": "3.0.0"}),
        ),
        (
            json!({"oauth": {"type": "oauth2"}, "key": {"type": "apiKey"}}),
            json!({"swagger": "2.0"}),
        ),
    ] {
        let mut before = root.clone();
        before["info"] = json!({"title": "t", "version": "1"});
        before["components"] = json!({"securitySchemes": schemes});
        before["securityDefinitions"] = schemes;
        before["paths"] =
            json!({"/a": {"get": {"x-scope": "x", "security": [{"key": []}, {"oauth": ["old"]}]}}});
        let edited = Operation {
            scopes: vec!["new".to_owned()],
            ..operation("GET", "/a")
        };
        let after = apply_operations(&before, std::slice::from_ref(&edited)).unwrap();
        assert_eq!(
            after["paths"]["/a"]["get"],
            json!({"security": [{"key": []}, {"default": ["new"]}]}),
            "{root}"
        );
        assert_eq!(operations_of(&after)[0].scopes, ["new"]);
        let none = Operation {
            scopes: vec![],
            ..edited
        };
        let after = apply_operations(&after, &[none]).unwrap();
        assert!(operations_of(&after)[0].scopes.is_empty());
    }
}

#[test]
fn shared_path_item_is_written_out_when_edited() {
    let before = json!({
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"$ref": "#/components/pathItems/p"}, "/b": {"$ref": "#/components/pathItems/p"}},
        "components": {"pathItems": {"p": {"get": {}, "put": {}}}}
    });
    let kept = [
        operation("GET", "/a"),
        operation("GET", "/b"),
        operation("PUT", "/b"),
    ];
    let after = apply_operations(&before, &kept).unwrap();
    assert_eq!(
        after["paths"],
        json!({"/a": {"get": {}}, "/b": {"$ref": "#/components/pathItems/p"}})
    );
}

#[test]
fn methods_without_field_need_newer_format() {
    let copy = [operation("COPY", "/a")];
    let base = |version: &str| json!({"openapi": version, "info": {"title": "t", "version": "1"}});
    let after = apply_operations(&base("3.2.0"), &copy).unwrap();
    assert_eq!(operations_of(&after)[0].method, "COPY");
    let faults = apply_operations(&base("3.1.0"), &copy).unwrap_err();
    assert_eq!(faults[0].code, FaultCode::UnknownMethod);
}

#[test]
fn operations_that_no_reader_takes_are_refused() {
    let faults = from_operations(
        "t",
        "1",
        &[
            operation("GET", "/a/{b}"),
            operation("GET", "/a/{c}"),
            operation("get", "/x"),
            operation("GET", "no"),
        ],
    )
    .unwrap_err();
    let found: Vec<_> = faults
        .iter()
        .map(|fault| (fault.code, fault.pointer.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (FaultCode::AmbiguousTemplate, "/operations/1"),
            (FaultCode::UnknownMethod, "/operations/2"),
            (FaultCode::InvalidTemplate, "/operations/3"),
        ]
    );
}
