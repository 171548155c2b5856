use serde_json::json;

use super::*;

type Found = Vec<(FaultCode, String)>;

fn read_all(document: &Value) -> (Vec<Operation>, Found, Found) {
    let format = Format::of(document);
    let schemes = Schemes::read(document, format);
    let mut findings = Findings::default();
    let operations = read(document, format, &schemes, &mut findings);
    let list =
        |faults: Vec<crate::Fault>| faults.into_iter().map(|f| (f.code, f.pointer)).collect();
    (
        operations,
        list(findings.faults.into_list()),
        list(findings.warnings.into_list()),
    )
}

fn names(operations: &[Operation]) -> Vec<String> {
    operations
        .iter()
        .map(|one| format!("{} {}", one.method, one.template))
        .collect()
}

#[test]
fn methods_are_those_of_the_format() {
    let item = json!({"get": {}, "put": {}, "post": {}, "delete": {}, "options": {}, "head": {}, "patch": {},
        "parameters": [], "summary": "s", "x-own": {"responses": {}}});
    for (field, version, more, expected) in [
        ("swagger", "2.0", json!({}), 7),
        ("openapi", "3.0.0", json!({"trace": {}}), 8),
        ("openapi", "3.1.0", json!({"trace": {}}), 8),
        (
            "openapi",
            "3.2.0",
            json!({"trace": {}, "query": {}, "additionalOperations": {"COPY": {}, "LOCK": {}}}),
            11,
        ),
    ] {
        let mut item = item.clone();
        for (name, value) in more.as_object().unwrap() {
            item[name] = value.clone();
        }
        let (operations, faults, _) = read_all(&json!({field: version, "paths": {"/a": item}}));
        assert_eq!((operations.len(), faults), (expected, vec![]), "{version}");
    }
}

#[test]
fn operation_that_would_be_lost_is_a_fault() {
    let (operations, faults, warnings) = read_all(&json!({"openapi": "3.0.0", "paths": {"/a": {
        "GET": {"responses": {}}, "query": {"responses": {}}, "getter": {}, "post": {}
    }}}));
    assert_eq!(names(&operations), ["POST /a"]);
    assert_eq!(
        faults,
        [
            (FaultCode::UnknownMethod, "/paths/~1a/GET".to_owned()),
            (FaultCode::UnknownMethod, "/paths/~1a/query".to_owned()),
        ]
    );
    assert_eq!(
        warnings,
        [(FaultCode::UnknownField, "/paths/~1a/getter".to_owned())]
    );
}

#[test]
fn path_items_behind_references_are_read() {
    let (operations, faults, _) = read_all(&json!({
        "openapi": "3.1.0",
        "paths": {
            "/a": {"$ref": "#/components/pathItems/one", "put": {"summary": "own"}},
            "/b": {"$ref": "#/paths/~1a"}
        },
        "components": {"pathItems": {
            "one": {"$ref": "#/components/pathItems/two"},
            "two": {"get": {}, "put": {"summary": "referred"}}
        }}
    }));
    assert_eq!(faults, []);
    assert_eq!(names(&operations), ["PUT /a", "GET /a", "PUT /b", "GET /b"]);
    assert_eq!(operations[0].summary.as_deref(), Some("own"));
}

#[test]
fn path_items_that_cannot_be_followed_are_faults() {
    let (_, faults, _) = read_all(&json!({
        "openapi": "3.1.0",
        "paths": {
            "/a": {"$ref": "#/paths/~1b"},
            "/b": {"$ref": "#/paths/~1a"},
            "/c": {"$ref": "#/paths/~1c"},
            "/d": {"$ref": "#/nowhere"},
            "/e": {"$ref": "paths.yaml#/e"},
            "/f": {"$ref": "https://example.com/f"},
            "/g": {"$ref": 1},
            "/h": {"$ref": "#/openapi"}
        }
    }));
    let codes: Vec<_> = faults.iter().map(|(code, _)| *code).collect();
    use FaultCode as C;
    assert_eq!(
        codes,
        [
            C::CircularReference,
            C::CircularReference,
            C::CircularReference,
            C::UnresolvedReference,
            C::ExternalReference,
            C::ExternalReference,
            C::ExternalReference,
            C::WrongType
        ]
    );
}

#[test]
fn same_requests_twice_are_a_fault() {
    let (_, faults, warnings) = read_all(&json!({"openapi": "3.0.0", "paths": {
        "/a/{b}": {"get": {}, "put": {}},
        "/a/{c}": {"get": {}, "post": {}},
        "/a/{b}/x": {"get": {}},
        "/a/b": {"get": {}}
    }}));
    assert_eq!(
        faults,
        [(
            FaultCode::AmbiguousTemplate,
            "/paths/~1a~1{c}/get".to_owned()
        )]
    );
    assert_eq!(
        warnings,
        [(
            FaultCode::AmbiguousTemplate,
            "/paths/~1a~1{c}/post".to_owned()
        )]
    );
}

#[test]
fn documents_without_operations_are_refused() {
    for (document, code) in [
        (json!({"openapi": "3.0.0"}), FaultCode::MissingField),
        (json!({"swagger": "2.0"}), FaultCode::MissingField),
        (json!({"openapi": "3.1.0"}), FaultCode::NoOperation),
        (
            json!({"openapi": "3.1.0", "webhooks": {"a": {"post": {}}}}),
            FaultCode::NoOperation,
        ),
        (
            json!({"openapi": "3.0.0", "paths": {}}),
            FaultCode::NoOperation,
        ),
        (
            json!({"openapi": "3.0.0", "paths": {"/a": {}, "x-a": {"get": {}}}}),
            FaultCode::NoOperation,
        ),
        (
            json!({"openapi": "3.0.0", "paths": []}),
            FaultCode::WrongType,
        ),
    ] {
        let (operations, faults, _) = read_all(&document);
        assert!(operations.is_empty());
        assert_eq!(
            faults.first().map(|(code, _)| *code),
            Some(code),
            "{document}"
        );
    }
}

#[test]
fn equal_operation_ids_are_a_warning() {
    let (operations, faults, warnings) = read_all(&json!({"openapi": "3.0.0", "paths": {
        "/a": {"get": {"operationId": "x"}, "put": {"operationId": "x"}, "post": {"operationId": "y"}}
    }}));
    assert_eq!((operations.len(), faults), (3, vec![]));
    assert_eq!(
        warnings,
        [(
            FaultCode::DuplicateOperationId,
            "/paths/~1a/put/operationId".to_owned()
        )]
    );
}

#[test]
fn what_has_no_effect_is_a_warning() {
    let (operations, _, warnings) = read_all(&json!({"openapi": "3.0.0", "paths": {
        "/a?b=c": {"get": {}, "servers": [{"url": "https://other.example"}]}
    }}));
    assert_eq!(names(&operations), ["GET /a?b=c"]);
    assert_eq!(
        warnings,
        [
            (FaultCode::NoEffect, "/paths/~1a?b=c".to_owned()),
            (FaultCode::NoEffect, "/paths/~1a?b=c/servers".to_owned()),
        ]
    );
}

#[test]
fn shared_path_items_cannot_multiply() {
    let schema: Map<String, Value> = (0..1_000).map(|n| (format!("x-{n}"), json!(n))).collect();
    let paths: Map<String, Value> = (0..2_000)
        .map(|n| {
            (
                format!("/p{n}"),
                json!({"$ref": "#/components/pathItems/big"}),
            )
        })
        .collect();
    let (operations, faults, _) = read_all(&json!({
        "openapi": "3.1.0",
        "paths": paths,
        "components": {"pathItems": {"big": {"get": schema}}}
    }));
    assert!(operations.is_empty());
    assert_eq!(faults, [(FaultCode::TooManyValues, "/paths".to_owned())]);
}

#[test]
fn scopes_said_once_cannot_multiply() {
    let paths: Map<String, Value> = (0..2_000)
        .map(|n| (format!("/p{n}"), json!({"get": {}})))
        .collect();
    for (scopes, code) in [
        (MAX_SCOPES_EACH, "/paths"),
        (MAX_SCOPES_EACH + 1, "/paths/~1p0/get"),
    ] {
        let names: Vec<String> = (0..scopes).map(|n| format!("s{n}")).collect();
        let (_, faults, _) = read_all(&json!({
            "openapi": "3.1.0",
            "security": [{"default": names}],
            "paths": paths
        }));
        assert_eq!(faults[0], (FaultCode::TooManyScopes, code.to_owned()));
    }
}
