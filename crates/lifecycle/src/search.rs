//! The `query` of list calls: words and `key:value` pairs, as WSO2's portals send them.

use serde_json::Value;

/// One condition; all of them have to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// `name`, `version`, ...; empty for a plain word.
    pub key: String,
    /// What is looked for.
    pub value: String,
    /// `"in quotes"`: the whole value, not a part of it.
    pub exact: bool,
}

/// Reads a query. A value that is not in quotes goes on until the next `key:` of `keys`, so that
/// `name:Pizza Shack version:1` means what it says. Text that fits nothing is a plain word.
#[must_use]
pub fn parse(query: &str, keys: &[&str]) -> Vec<Condition> {
    let mut conditions: Vec<Condition> = Vec::new();
    let mut open = false;
    for word in query.split_whitespace().take(WORD_LIMIT) {
        let pair = word
            .split_once(':')
            .filter(|(key, _)| keys.iter().any(|known| known.eq_ignore_ascii_case(key)));
        match (pair, conditions.last_mut()) {
            (Some((key, value)), _) => {
                open = true;
                conditions.push(Condition {
                    key: key.to_ascii_lowercase(),
                    value: value.to_owned(),
                    exact: false,
                });
            }
            (None, Some(last)) if open => {
                last.value.push(' ');
                last.value.push_str(word);
            }
            (None, _) => conditions.push(Condition {
                key: String::new(),
                value: word.to_owned(),
                exact: false,
            }),
        }
    }
    conditions.iter_mut().for_each(unquote);
    conditions.retain(|condition| !condition.value.is_empty());
    conditions
}

fn unquote(condition: &mut Condition) {
    let inside = condition
        .value
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .map(str::to_owned);
    if let Some(inside) = inside {
        condition.value = inside;
        condition.exact = true;
    }
}

/// What a part of a value is looked for by: lower case (ASCII, as SQLite's `lower` does), the wildcards of WSO2's
/// clients left out. For `instr`, because D1 limits patterns of `LIKE` to 50 bytes.
#[must_use]
pub fn needle(value: &str) -> String {
    value
        .chars()
        .filter(|character| *character != '*')
        .map(|character| character.to_ascii_lowercase())
        .collect()
}

/// A question to SQLite's full text: each word at the beginning of a word of the text, quoted phrases as they are.
/// Whatever else the text holds is no syntax.
#[must_use]
pub fn full_text(conditions: &[Condition]) -> String {
    let mut parts = Vec::new();
    for condition in conditions {
        let words: Vec<String> = condition
            .value
            .split(|character: char| !character.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect();
        if words.is_empty() {
            continue;
        }
        if condition.exact {
            parts.push(format!("\"{}\"", words.join(" ")));
        } else {
            parts.extend(words.iter().map(|word| format!("\"{word}\" *")));
        }
    }
    parts.join(" ")
}

/// The words of a definition: titles, summaries, descriptions, paths, and the names of operations, tags and schemas;
/// at most `limit` bytes.
#[must_use]
pub fn words(document: &Value, limit: usize) -> String {
    let mut found = String::new();
    collect(document, &mut found, limit, 0);
    found
}

fn collect(value: &Value, found: &mut String, limit: usize, depth: usize) {
    if depth > DEPTH {
        return;
    }
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if name.starts_with('/') || depth == NAMED {
                    add(name, found, limit);
                }
                match member {
                    Value::String(text) if TELLING.contains(&name.as_str()) => {
                        add(text, found, limit);
                    }
                    Value::Object(_) | Value::Array(_) => collect(member, found, limit, depth + 1),
                    Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                collect(item, found, limit, depth + 1);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn add(text: &str, found: &mut String, limit: usize) {
    if found.len() + text.len() < limit {
        found.push_str(text);
        found.push(' ');
    }
}

/// Members whose text is meant for people.
const TELLING: &[&str] = &["title", "summary", "description", "operationId", "name"];
/// `components.schemas.<name>`: the depth at which names are given by people.
const NAMED: usize = 2;
/// Deeper than any definition that people read.
const DEPTH: usize = 40;
/// More conditions than anyone types; each becomes a part of one SQL statement.
const WORD_LIMIT: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_pairs_are_told_apart() {
        let check = |query: &str, expected: &[(&str, &str, bool)]| {
            let found = parse(query, &["name", "version"]);
            let found: Vec<_> = found
                .iter()
                .map(|condition| {
                    (
                        condition.key.as_str(),
                        condition.value.as_str(),
                        condition.exact,
                    )
                })
                .collect();
            assert_eq!(found, expected, "{query}");
        };
        check("pizza", &[("", "pizza", false)]);
        check(
            "name:Pizza Shack version:1.0",
            &[("name", "Pizza Shack", false), ("version", "1.0", false)],
        );
        check("Name:\"Pizza Shack\"", &[("name", "Pizza Shack", true)]);
        check("http://x", &[("", "http://x", false)]);
        check("name:", &[]);
        check("  ", &[]);
    }

    #[test]
    fn full_text_knows_no_syntax_but_ours() {
        for (query, expected) in [
            ("pizza shack", "\"pizza\" * \"shack\" *"),
            ("\"shack\"", "\"shack\""),
            ("a OR b) NEAR", "\"a\" * \"OR\" * \"b\" * \"NEAR\" *"),
            ("*", ""),
            ("content:list-pets", "\"list\" * \"pets\" *"),
        ] {
            assert_eq!(full_text(&parse(query, &["content"])), expected, "{query}");
        }
    }

    #[test]
    fn definitions_are_found_by_what_people_wrote() {
        let document = serde_json::json!({
            "info": {"title": "Pets", "version": "1"},
            "paths": {"/pets/{id}": {"get": {"summary": "Reads one", "operationId": "readPet", "deprecated": false}}},
            "components": {"schemas": {"Animal": {"type": "object", "description": "With legs"}}},
        });
        let found = words(&document, 1000);
        for word in [
            "Pets",
            "/pets/{id}",
            "Reads one",
            "readPet",
            "Animal",
            "With legs",
        ] {
            assert!(found.contains(word), "{word} in {found}");
        }
        assert!(!found.contains("object"), "{found}");
        assert!(words(&document, 10).len() < 10);
    }

    #[test]
    fn wildcards_and_case_are_left_out() {
        assert_eq!(needle("50%_A*"), "50%_a");
    }
}
