//! What holds for any input: the reader never panics, never runs away, and nothing is lost between writing and reading.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what must hold by panicking, and may look at the clock; its helpers are not under `cfg(test)`"
)]

use model::OperationSecurity;
use openapi::limit::MAX_LISTED;
use openapi::{
    Entrance, Operation, OutputFormat, apply_operations, for_consumers, from_operations, read,
    render,
};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const FIXTURES: [&str; 3] = [
    include_str!("fixtures/petstore-2.0.json"),
    include_str!("fixtures/petstore-3.0.yaml"),
    include_str!("fixtures/petstore-3.1.yaml"),
];

/// Pieces that mean something in JSON, YAML or OpenAPI, to be thrown into the middle of a document.
const PIECES: [&str; 36] = [
    "{",
    "}",
    "[",
    "]",
    ":",
    ": ",
    ",",
    "\"",
    "'",
    "\n",
    "\n  ",
    "\t",
    "- ",
    "? ",
    "&a ",
    "*a",
    "<<: *a\n",
    "!!str ",
    "|",
    ">-",
    "---\n",
    "...\n",
    "#",
    "null",
    "1e999",
    "$ref: '#/paths'",
    "\"$ref\": \"#/\"",
    "\\u0000",
    "\u{feff}",
    "\u{0}",
    "ü",
    "{}",
    "%YAML 1.1\n",
    "\r",
    "paths:",
    "\"paths\":",
];

#[derive(Clone, Debug)]
enum Mutation {
    Remove(usize, usize),
    Insert(usize, usize),
    Copy(usize, usize, usize),
    Cut(usize),
}

fn mutations() -> impl Strategy<Value = Vec<Mutation>> {
    let at = 0..20_000_usize;
    vec(
        prop_oneof![
            (at.clone(), 1..40_usize).prop_map(|(at, length)| Mutation::Remove(at, length)),
            (at.clone(), 0..PIECES.len()).prop_map(|(at, piece)| Mutation::Insert(at, piece)),
            (at.clone(), at.clone(), 1..400_usize)
                .prop_map(|(from, to, length)| Mutation::Copy(from, to, length)),
            at.prop_map(Mutation::Cut),
        ],
        1..6,
    )
}

fn mutate(text: &str, mutations: &[Mutation]) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for mutation in mutations {
        let length = characters.len();
        let within = |at: usize| at.min(length);
        match *mutation {
            Mutation::Remove(at, count) => drop(characters.drain(within(at)..within(at + count))),
            Mutation::Insert(at, piece) => {
                characters.splice(within(at)..within(at), PIECES[piece].chars());
            }
            Mutation::Copy(from, to, count) => {
                let copied = characters[within(from)..within(from + count)].to_vec();
                characters.splice(within(to)..within(to), copied);
            }
            Mutation::Cut(at) => characters.truncate(within(at)),
        }
    }
    characters.into_iter().collect()
}

/// Reads, and checks what must hold of either answer.
fn read_soundly(text: &str) -> Result<(), TestCaseError> {
    match read(text) {
        Ok(definition) => {
            prop_assert!(!definition.operations.is_empty());
            prop_assert!(definition.warnings.len() <= MAX_LISTED + 1);
            let shown = for_consumers(&definition.document, &Entrance::default());
            let again = read(&shown.to_string());
            prop_assert!(again.is_ok(), "{again:?}");
        }
        Err(faults) => {
            prop_assert!(!faults.is_empty() && faults.len() <= MAX_LISTED + 1);
            prop_assert!(faults.iter().all(|fault| !fault.message.is_empty()));
        }
    }
    Ok(())
}

/// Texts with all that a YAML writer can get wrong.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-z]{0,8}",
        2 => "[ -~]{0,12}",
        2 => "[\\t\\n -~äß€😀\u{85}\u{2028}\u{feff}]{0,12}",
        1 => "(no|yes|on|~|null|true|NULL|0x1f|0o7|012|1e3|1_0|\\.inf|\\.nan|2024-01-01|12:30|<<|=|-|\\?|!|&a|\\*a)",
        1 => "[\\n ]{1,4}[a-z#:-]{0,3}[\\n ]{0,4}",
        1 => Just("long words ".repeat(20)),
        1 => any::<String>(),
    ]
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>()
            .prop_filter("JSON has no infinities", |x| x.is_finite())
            .prop_map(Value::from),
        texts().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((texts(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn operations() -> impl Strategy<Value = Vec<Operation>> {
    let methods = vec(
        prop::sample::select(vec![
            "GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH",
        ]),
        1..4,
    );
    let security = prop::sample::select(vec![
        OperationSecurity::None,
        OperationSecurity::Any,
        OperationSecurity::Application,
        OperationSecurity::ApplicationUser,
    ]);
    let details = (
        security,
        prop::option::of("[A-Z][a-z]{1,6}"),
        vec("[a-z]{1,5}:[a-z]{1,5}", 0..3),
    );
    // One name for parameters, and a segment that the fixtures do not have: no two templates match the same requests.
    btree_map(
        "/z-[a-z]{1,6}(/\\{id\\}/x|/y\\.json|/\\*)?",
        (methods, details),
        1..8,
    )
    .prop_map(|paths| {
        let mut operations = Vec::new();
        for (template, (mut methods, (security, tier, mut scopes))) in paths {
            methods.sort_unstable();
            methods.dedup();
            scopes.sort_unstable();
            scopes.dedup();
            operations.extend(methods.into_iter().map(|method| Operation {
                method: method.to_owned(),
                template: template.clone(),
                scopes: scopes.clone(),
                security: Some(security),
                throttling_tier: tier.clone(),
                ..Operation::default()
            }));
        }
        operations
    })
}

/// What the reader gives back for operations that were written: `Any` is not written, being the default.
fn as_read(operations: &[Operation]) -> Vec<Operation> {
    let mut read = operations.to_vec();
    for operation in &mut read {
        operation.security = operation
            .security
            .filter(|one| *one != OperationSecurity::Any);
    }
    read.sort_by(|a, b| (&a.template, &a.method).cmp(&(&b.template, &b.method)));
    read
}

proptest! {
    #[test]
    fn mutated_document_never_panics(which in 0..FIXTURES.len(), mutations in mutations()) {
        read_soundly(&mutate(FIXTURES[which], &mutations))?;
    }

    #[test]
    fn arbitrary_text_never_panics(text in any::<String>()) {
        read_soundly(&text)?;
        read_soundly(&format!("{{{text}"))?;
        read_soundly(&format!("openapi: 3.0.0\n{text}"))?;
    }

    #[test]
    fn arbitrary_values_in_any_field_never_panic(
        value in values(),
        pointer in prop::sample::select(vec![
            "/info", "/info/title", "/info/version", "/servers", "/servers/0", "/servers/0/variables", "/paths", "/paths/~1a",
            "/paths/~1a/get", "/paths/~1a/get/security", "/paths/~1a/get/x-auth-type", "/paths/~1a/$ref", "/security",
            "/components", "/components/securitySchemes", "/components/securitySchemes/default", "/openapi",
        ]),
    ) {
        let mut document = json!({
            "openapi": "3.1.0",
            "info": {"title": "t", "version": "1"},
            "servers": [{"url": "https://{a}.example", "variables": {"a": {"default": "b"}}}],
            "security": [{"default": []}],
            "paths": {"/a": {"$ref": "#/components/pathItems/x", "get": {"security": [], "x-auth-type": "Any"}}},
            "components": {
                "pathItems": {"x": {"put": {}}},
                "securitySchemes": {"default": {"type": "oauth2", "flows": {"implicit": {"scopes": {}}}}}
            }
        });
        *document.pointer_mut(pointer).unwrap() = value;
        read_soundly(&document.to_string())?;
        let edited = apply_operations(&document, &[Operation {
            method: "GET".to_owned(), template: "/a".to_owned(), scopes: vec!["s".to_owned()], ..Operation::default()
        }]);
        prop_assert!(edited.is_ok());
        let _ = for_consumers(&document, &Entrance::default());
    }

    #[test]
    fn written_document_reads_as_itself(value in values(), names in vec(texts(), 0..4)) {
        let mut document = json!({
            "openapi": "3.0.3",
            "info": {"title": "t", "version": "1"},
            "paths": {"/a": {"get": {"responses": {"200": {"description": "d"}}}}},
            "x-value": value
        });
        for name in names {
            document[format!("x-{name}")] = json!([{name.as_str(): 1}]);
        }
        for format in [OutputFormat::Json, OutputFormat::Yaml] {
            let written = render(&document, format);
            let read = read(&written);
            prop_assert!(read.is_ok(), "{read:?}\n{written}");
            // As text: order counts, and 1.0 is not 1.
            prop_assert_eq!(read.unwrap().document.to_string(), document.to_string(), "{}", written);
        }
    }

    #[test]
    fn composed_document_reads_as_its_operations(operations in operations()) {
        let document = from_operations("t", "1", &operations).unwrap();
        let mut read = read(&document.to_string()).unwrap().operations;
        read.sort_by(|a, b| (&a.template, &a.method).cmp(&(&b.template, &b.method)));
        prop_assert_eq!(read, as_read(&operations));
    }

    #[test]
    fn edited_document_reads_as_its_operations(
        which in 0..FIXTURES.len(), operations in operations(), kept in vec(any::<bool>(), 20),
    ) {
        let before = read(FIXTURES[which]).unwrap();
        let mut wanted = operations;
        wanted.extend(before.operations.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|(one, _)| Operation {
            operation_id: None, summary: None, ..one
        }));
        let after = apply_operations(&before.document, &wanted).unwrap();
        let mut read = read(&after.to_string()).unwrap().operations;
        for operation in &mut read {
            operation.operation_id = None;
            operation.summary = None;
        }
        read.sort_by(|a, b| (&a.template, &a.method).cmp(&(&b.template, &b.method)));
        for operation in wanted.iter_mut().chain(&mut read) {
            operation.scopes.sort();
        }
        prop_assert_eq!(read, as_read(&wanted));
    }
}
