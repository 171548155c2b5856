//! However a path is spelled: the operation that is matched is the one that an upstream would think was meant, and what is
//! sent is what was matched. The upstream of these properties is a lax one: it decodes once, drops what follows a `;`,
//! takes `\` for `/`, and resolves dot segments.

#![allow(clippy::expect_used, reason = "a story that is wrong ends")]

use matching::{Path, operation};
use model::{Operation, OperationSecurity};
use proptest::prelude::*;

const TEMPLATES: [&str; 9] = [
    "/*",
    "/public/*",
    "/admin",
    "/admin/users/{id}",
    "/pet/{petId}",
    "/pet/special",
    "/pet/{petId}.json",
    "/pet/{petId}:cancel",
    "/caf%C3%A9/a,b",
];

fn operations() -> Vec<Operation> {
    let one = |template: &&str| Operation {
        method: "GET".into(),
        template: (*template).into(),
        security: OperationSecurity::Any,
        scopes: Vec::new(),
        limit: None,
        weight: 1,
    };
    TEMPLATES.iter().map(one).collect()
}

/// The path that a lax upstream serves, spelled without anything that could be read twice.
fn as_served(path: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = (*first == b'%')
            .then(|| std::str::from_utf8(after.get(..2)?).ok())
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = code.and_then(|_| after.get(2..)).unwrap_or(after);
    }
    let text = String::from_utf8_lossy(&bytes).replace('\\', "/");
    let mut segments: Vec<&str> = Vec::new();
    for segment in text.split('/') {
        match segment.split(';').next().unwrap_or_default() {
            "" | "." => {}
            ".." => drop(segments.pop()),
            name => segments.push(name),
        }
    }
    let encoded: Vec<String> = segments
        .iter()
        .map(|segment| segment.bytes().map(|byte| format!("%{byte:02X}")).collect())
        .collect();
    format!("/{}", encoded.join("/"))
}

/// A word of a path, or what somebody puts there to get past a gateway.
fn piece() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "admin", "public", "pet", "special", "users", "7", "7.json", "7:cancel", "café", "a,b",
        "*", "{id}", "~", "-",
    ]);
    let tricks = prop::sample::select(vec![
        ".",
        "..",
        "..;",
        "..;a=b",
        ";",
        ";a=b",
        "%00",
        "\0",
        "%c0%ae%c0%ae",
        "%c0%af",
        "%e0%80%ae",
        "\\",
        "%5c",
        "%2f",
        "%252f",
        "%252e%252e",
        "%",
        "%zz",
        "%2",
        "%25",
        "%3b",
        "%3Fx",
        "%23",
        " ",
        "%0d%0a",
        "%u002e",
        "．．",
        "",
    ]);
    prop_oneof![6 => words.prop_map(str::to_owned), 3 => tricks.prop_map(str::to_owned)]
}

/// A piece with some letters as percent codes, in either case, and perhaps parameters behind.
fn spelled() -> impl Strategy<Value = String> {
    (
        piece(),
        any::<u32>(),
        prop::sample::select(vec!["", "", "", "", ";v=1", "%3bv", ";"]),
    )
        .prop_map(|(piece, bits, behind)| {
            let mut text = String::new();
            for (index, byte) in piece.bytes().enumerate() {
                // Only of what is no percent code yet: of those, decoding twice is another matter.
                let is_coded = bits >> (index % 16) & 1 == 1 && !piece.contains('%');
                match (is_coded, bits >> 16 & 1) {
                    (true, 0) => text.push_str(&format!("%{byte:02x}")),
                    (true, _) => text.push_str(&format!("%{byte:02X}")),
                    (false, _) if byte.is_ascii() => text.push(char::from(byte)),
                    (false, _) => text.push_str(&format!("%{byte:02X}")),
                }
            }
            text + behind
        })
}

fn path() -> impl Strategy<Value = String> {
    let joint = prop::sample::select(vec!["/", "/", "/", "//", "/./", "/;/", "\\"]);
    prop::collection::vec((joint, spelled()), 1..6).prop_map(|parts| {
        let joined: String = parts
            .into_iter()
            .map(|(joint, part)| format!("{joint}{part}"))
            .collect();
        format!("/{}", joined.trim_start_matches('/'))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8_192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_matched_is_what_an_upstream_serves(raw in path()) {
        let all = operations();
        if let Ok(path) = Path::parse(&raw) {
            let sent = path.as_str();
            let served = as_served(sent);
            prop_assert_eq!(&served, &as_served(&raw), "of what came and what is sent, one is read as another path");
            let template = |path: &str| operation(&all, "GET", path).map(|it| it.operation.template.as_str());
            prop_assert_eq!(template(sent), template(&served), "{} is sent as {}", raw, sent);
        }
    }

    #[test]
    fn every_spelling_of_an_honest_path_is_that_path(words in prop::collection::vec("[a-zA-Z0-9._~-]{0,6}[a-z0-9]", 1..5), bits in any::<u64>()) {
        let plain = format!("/{}", words.join("/"));
        let spelled: String = plain.char_indices().map(|(index, letter)| match (letter, bits >> (index % 64) & 1) {
            ('/', 1) if index > 0 => "//".to_owned(),
            ('/', _) | (_, 0) => letter.to_string(),
            (_, _) if index % 2 == 0 => format!("%{:02x}", u32::from(letter)),
            (_, _) => format!("%{:02X}", u32::from(letter)),
        }).collect();
        let path = Path::parse(&spelled).expect("an honest path");
        prop_assert_eq!(path.as_str(), plain);
    }
}
