//! Names and texts of definitions, as TypeScript takes them.

use std::collections::BTreeSet;

use serde_json::Value;

/// Names that are given out, each once.
pub(super) struct Names(BTreeSet<String>);

impl Names {
    pub(super) fn taken(words: &[&str]) -> Self {
        Self(words.iter().map(|word| (*word).to_owned()).collect())
    }

    /// `wanted`, or with a number behind it where that is taken.
    pub(super) fn give(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut number = 2_u32;
        while !self.0.insert(name.clone()) {
            name = format!("{wanted}{number}");
            number = number.saturating_add(1);
        }
        name
    }
}

/// The words of a text with their first letters in upper case: `pet-store list` as `PetStoreList`.
pub(super) fn pascal(text: &str) -> String {
    let mut name = String::new();
    let mut is_first = true;
    for one in text.chars() {
        if !one.is_ascii_alphanumeric() {
            is_first = true;
        } else if is_first {
            name.push(one.to_ascii_uppercase());
            is_first = false;
        } else {
            name.push(one);
        }
    }
    match name.chars().next() {
        None => "Unnamed".to_owned(),
        Some(digit) if digit.is_ascii_digit() => format!("N{name}"),
        Some(_) => name,
    }
}

/// As [`pascal`], with a small first letter.
pub(super) fn camel(text: &str) -> String {
    let name = pascal(text);
    let mut letters = name.chars();
    let first = letters.next().map(|one| one.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

/// A text in quotes.
pub(super) fn quoted(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}

/// The name of a property, in quotes where it needs them.
pub(super) fn property(name: &str) -> String {
    let mut letters = name.chars();
    let begins = letters
        .next()
        .is_some_and(|one| one.is_ascii_alphabetic() || "_$".contains(one));
    let goes_on = letters.all(|one| one.is_ascii_alphanumeric() || "_$".contains(one));
    if begins && goes_on {
        name.to_owned()
    } else {
        quoted(name)
    }
}

/// A documentation comment; nothing for nothing.
pub(super) fn comment(indent: &str, texts: &[&str]) -> String {
    let lines: Vec<String> = texts
        .iter()
        .flat_map(|text| text.lines())
        .map(|line| line.trim().replace("*/", "* /"))
        .filter(|line| !line.is_empty())
        .take(LINES)
        .collect();
    match lines.as_slice() {
        [] => String::new(),
        [one] => format!("{indent}/** {one} */\n"),
        many => {
            let body: String = many
                .iter()
                .map(|line| format!("{indent} * {line}\n"))
                .collect();
            format!("{indent}/**\n{body}{indent} */\n")
        }
    }
}

/// A name that npm takes.
pub(super) fn package(title: &str) -> String {
    let lower: String = title
        .to_ascii_lowercase()
        .chars()
        .map(|one| {
            if one.is_ascii_alphanumeric() {
                one
            } else {
                '-'
            }
        })
        .collect();
    let parts: Vec<&str> = lower.split('-').filter(|part| !part.is_empty()).collect();
    let name: String = parts.join("-").chars().take(200).collect();
    if name.is_empty() {
        "api-client".to_owned()
    } else {
        format!("{name}-client")
    }
}

/// A version that npm takes: `v1.2` as `1.2.0`.
pub(super) fn semantic(version: &str) -> String {
    let digits = version.trim_start_matches(['v', 'V']);
    let mut numbers = digits
        .split('.')
        .map(|part| part.parse::<u32>().ok())
        .take(3);
    let mut next = || numbers.next().flatten().unwrap_or_default();
    format!("{}.{}.{}", next(), next(), next())
}

/// A comment is not the documentation.
const LINES: usize = 20;
