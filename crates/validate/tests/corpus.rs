//! Examples for real definitions, each held against its schema by the contract that gateways hold replies against. The
//! documents are those of `crates/openapi/tests/corpus/extract.mjs`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what must hold by panicking; its helpers are not under `cfg(test)`"
)]

use std::{collections::BTreeMap, env, fs, path::PathBuf};

use serde_json::Value;
use validate::{Contract, Mode, Source, compile, mock::filled};

#[test]
fn made_examples_keep_their_schemas() {
    let mut sum = (0, 0);
    for (name, document) in documents() {
        let after = filled(&document);
        check(&name, &document, &after);
        println!(
            "{name}: {} made, {} left",
            after.made.len(),
            after.left.len()
        );
        let json = after.left.iter().filter(|it| it.contains("json")).count();
        sum = (sum.0 + after.made.len(), sum.1 + json);
    }
    let (made, left) = sum;
    println!("{made} made, {left} of JSON left");
    assert!(made > 10_000, "only {made} examples were made");
    // Replies that promise nothing, or that no guess keeps.
    assert!(left * 10 < made, "{left} replies have none, beside {made}");
}

fn check(name: &str, before: &Value, after: &validate::mock::Filled) {
    let again = filled(&after.document);
    assert!(
        after.is_cut || again.made.is_empty(),
        "{name}: {:?}",
        again.made
    );
    let mut bare = after.document.clone();
    for pointer in &after.made {
        strip(&mut bare, pointer);
    }
    assert!(bare == *before, "{name}: more than examples was changed");
    let shown = examples(
        &after.document,
        after.made.iter().map(String::as_str).collect(),
    );
    let contract = contract(&after.document, &shown);
    for example in shown {
        // No call has what tells these apart, so that the promise of another may stand for theirs.
        if example.template.contains(['#', '?']) {
            continue;
        }
        let Some(operation) = contract.operation(&example.method, &example.template) else {
            continue;
        };
        let body = example.value.to_string();
        let found = contract.reply(operation, example.status, &example.kind, body.as_bytes());
        assert!(
            found.is_empty(),
            "{name} {} {} {}: {found:?}\n{body:.2000}",
            example.method,
            example.template,
            example.status,
        );
    }
}

/// One example of an operation that was made.
struct Example {
    method: String,
    template: String,
    status: u16,
    kind: String,
    value: Value,
}

fn examples(document: &Value, made: Vec<&str>) -> Vec<Example> {
    let made: std::collections::BTreeSet<&str> = made.into_iter().collect();
    let mut found = Vec::new();
    let object = |value: Option<&Value>| {
        value
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default()
    };
    for (template, item) in object(document.get("paths")) {
        for (method, operation) in object(Some(&item)) {
            for (status, reply) in object(operation.get("responses")) {
                let mut at = format!("/paths/{}/{method}/responses/{status}", escaped(&template));
                let mut reply = reply.clone();
                if let Some(pointer) = reply.get("$ref").and_then(Value::as_str) {
                    at = pointer.trim_start_matches('#').to_owned();
                    reply = document.pointer(&at).cloned().unwrap_or_default();
                }
                let Ok(number) = status
                    .replace("default", "599")
                    .replace(['X', 'x'], "0")
                    .parse()
                else {
                    continue;
                };
                let mut add = |kind: &str, pointer: String, value: Option<&Value>| {
                    if let (true, Some(value)) = (made.contains(pointer.as_str()), value) {
                        found.push(Example {
                            method: method.to_uppercase(),
                            template: template.clone(),
                            status: number,
                            kind: kind.to_owned(),
                            value: value.clone(),
                        });
                    }
                };
                for (kind, media) in object(reply.get("content")) {
                    let pointer = format!("{at}/content/{}/example", escaped(&kind));
                    add(&kind, pointer, media.get("example"));
                }
                for (kind, value) in object(reply.get("examples")) {
                    add(
                        &kind,
                        format!("{at}/examples/{}", escaped(&kind)),
                        Some(&value),
                    );
                }
            }
        }
    }
    assert!(
        found.len() >= made.len(),
        "{} of {}",
        found.len(),
        made.len()
    );
    found
}

/// Of the operations of these examples; those that cannot be held to promise nothing.
fn contract(document: &Value, shown: &[Example]) -> Contract {
    let mut sources: Vec<Source<'_>> = shown
        .iter()
        .map(|it| Source {
            method: &it.method,
            template: &it.template,
            request: Mode::Off,
            reply: Mode::Block,
            is_mocked: false,
        })
        .collect();
    sources.dedup_by_key(|it| (it.method, it.template));
    compile(document, &sources).unwrap_or_else(|_| {
        let each = sources.iter().filter_map(|it| {
            let alone = compile(document, std::slice::from_ref(it));
            alone.is_ok().then_some(*it)
        });
        compile(document, &each.collect::<Vec<_>>()).unwrap_or_default()
    })
}

/// Takes an example out again, and the list around it where that was made with it.
fn strip(document: &mut Value, pointer: &str) {
    let (holder, name) = pointer.rsplit_once('/').unwrap();
    let name = name.replace("~1", "/").replace("~0", "~");
    let list = document
        .pointer_mut(holder)
        .unwrap()
        .as_object_mut()
        .unwrap();
    list.remove(&name);
    if list.is_empty() && holder.ends_with("/examples") {
        strip(document, holder);
    }
}

fn documents() -> BTreeMap<String, Value> {
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target"),
        PathBuf::from,
    );
    let folder = target.join("corpus");
    let files = fs::read_dir(&folder).unwrap_or_else(|error| {
        panic!(
            "{}: {error}; run `node crates/openapi/tests/corpus/extract.mjs` once",
            folder.display()
        )
    });
    let names = files.map(|file| file.unwrap().path());
    let json = names.filter(|it| it.extension().is_some_and(|it| it == "json"));
    json.filter(|it| fs::metadata(it).unwrap().len() < MOST_BYTES)
        .map(|it| {
            (
                it.display().to_string(),
                serde_json::from_slice(&fs::read(&it).unwrap()).unwrap(),
            )
        })
        .filter(|(_, document): &(_, Value)| document.get("paths").is_some())
        .collect()
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// What a definition may take (`openapi::limit`).
const MOST_BYTES: u64 = 16 * 1024 * 1024;
