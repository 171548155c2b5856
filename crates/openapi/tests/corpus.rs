//! Real definitions, large and of different origin: no operation is lost, whatever is done with them.
//!
//! The documents are put into `target/corpus` by `node crates/openapi/tests/corpus/extract.mjs`, which also counts their
//! operations in its own way.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test says what must hold by panicking, and may look at the clock; its helpers are not under `cfg(test)`"
)]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;
use std::{env, fs, thread};

use openapi::limit::MAX_BYTES;
use openapi::{Definition, Entrance, OutputFormat, apply_operations, for_consumers, read, render};
use serde_json::Value;

/// One document of the corpus.
struct Entry {
    name: String,
    /// The same document in the other syntax, written by a foreign writer.
    twin: Option<String>,
    /// Code of the fault for which it must be refused.
    refused: Option<String>,
    /// `METHOD template`, sorted.
    operations: Vec<String>,
}

#[test]
fn corpus_keeps_every_operation() {
    let entries = entries();
    assert!(entries.len() > 40, "only {} documents", entries.len());
    let full = entries.len() > 1_000;
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(entry) = entries.get(next.fetch_add(1, Ordering::Relaxed)) {
                    check(entry, full);
                }
            });
        }
    });
}

fn check(entry: &Entry, full: bool) {
    let Entry { name, .. } = entry;
    match (read(&text(name)), &entry.refused) {
        (Ok(definition), None) => check_all_ways(entry, &definition),
        (Err(faults), Some(code)) => assert_eq!(faults[0].code.as_str(), code, "{name}"),
        // With --all there are documents that break the standard; then they are told where.
        (Err(faults), None) if full => {
            assert!(
                faults.iter().all(|fault| fault.line.is_some()),
                "{name}: {faults:?}"
            );
            println!("{name}: refused: {}", faults[0]);
        }
        (Err(faults), None) => panic!("{name}: {faults:?}"),
        (Ok(_), Some(code)) => panic!("{name} was not refused as {code}"),
    }
}

/// The bar is 2 s in a release build; a debug build is several times slower.
#[test]
fn largest_document_is_read_in_time() {
    let names = entries()
        .into_iter()
        .flat_map(|entry| [Some(entry.name), entry.twin])
        .flatten();
    let texts = names.map(|name| (text(&name), name));
    let accepted = texts.filter(|(text, _)| text.len() <= MAX_BYTES);
    let (text, name) = accepted.max_by_key(|(text, _)| text.len()).unwrap();
    let begin = Instant::now();
    let definition = read(&text);
    let taken = begin.elapsed();
    println!("{name}: {} bytes in {taken:?}", text.len());
    drop(definition);
    let bar_seconds = if cfg!(debug_assertions) { 20 } else { 2 };
    assert!(taken.as_secs() < bar_seconds, "{name}: {taken:?}");
}

fn check_all_ways(entry: &Entry, definition: &Definition) {
    let Entry {
        name, operations, ..
    } = entry;
    assert_eq!(&names(definition), operations, "{name}");
    if let Some(twin) = &entry.twin {
        let other = read(&text(twin)).unwrap_or_else(|faults| panic!("{twin}: {faults:?}"));
        assert_same(&other.document, &definition.document, twin);
        assert_eq!(&names(&other), operations, "{twin}");
    }
    for format in [OutputFormat::Json, OutputFormat::Yaml] {
        let written = render(&definition.document, format);
        let again =
            read(&written).unwrap_or_else(|faults| panic!("{name} as {format:?}: {faults:?}"));
        assert_same(&again.document, &definition.document, name);
    }
    let unedited = apply_operations(&definition.document, &definition.operations);
    assert_same(&unedited.unwrap(), &definition.document, name);
    let shown = for_consumers(&definition.document, &entrance());
    let shown =
        read(&shown.to_string()).unwrap_or_else(|faults| panic!("{name} shown: {faults:?}"));
    assert_eq!(&names(&shown), operations, "{name} shown");
    assert_eq!(
        shown.servers,
        ["https://gateway.example/api/1"],
        "{name} shown"
    );
}

/// Without printing two documents of megabytes when they differ.
fn assert_same(left: &Value, right: &Value, name: &str) {
    assert!(
        left == right,
        "{name}: {:?}",
        first_difference(left, right, "")
    );
}

fn first_difference(left: &Value, right: &Value, at: &str) -> Option<String> {
    match (left, right) {
        (Value::Object(a), Value::Object(b)) if a.len() == b.len() => {
            a.iter().find_map(|(key, value)| {
                let other = b.get(key).unwrap_or(&Value::Null);
                first_difference(value, other, &format!("{at}/{key}"))
            })
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => a
            .iter()
            .zip(b)
            .enumerate()
            .find_map(|(index, (a, b))| first_difference(a, b, &format!("{at}/{index}"))),
        _ if left == right => None,
        _ => Some(format!(
            "{at}: {:.200} is not {:.200}",
            left.to_string(),
            right.to_string()
        )),
    }
}

fn names(definition: &Definition) -> Vec<String> {
    let operations = definition.operations.iter();
    let mut names: Vec<_> = operations
        .map(|one| format!("{} {}", one.method, one.template))
        .collect();
    // The order of UTF-16 code units, in which the manifest is sorted; the same for what paths are made of.
    names.sort();
    names
}

fn entrance() -> Entrance {
    Entrance {
        servers: vec!["https://gateway.example/api/1".to_owned()],
        token_url: Some("https://gateway.example/oauth2/token".to_owned()),
        api_key_header: Some("ApiKey".to_owned()),
    }
}

fn entries() -> Vec<Entry> {
    let manifest: Vec<BTreeMap<String, Value>> =
        serde_json::from_str(&text("manifest.json")).unwrap();
    let optional = |value: &Value| value.as_str().map(str::to_owned);
    manifest
        .into_iter()
        .map(|entry| Entry {
            name: entry["name"].as_str().unwrap().to_owned(),
            twin: optional(&entry["twin"]),
            refused: optional(&entry["refused"]),
            operations: serde_json::from_value(entry["operations"].clone()).unwrap(),
        })
        .collect()
}

fn text(name: &str) -> String {
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target"),
        PathBuf::from,
    );
    let file = target.join("corpus").join(name);
    fs::read_to_string(&file).unwrap_or_else(|error| {
        panic!(
            "{}: {error}; run `node crates/openapi/tests/corpus/extract.mjs` once",
            file.display()
        )
    })
}
