//! The `query` of list calls: words and `key:value` pairs, as WSO2's portals send them.

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
    fn wildcards_and_case_are_left_out() {
        assert_eq!(needle("50%_A*"), "50%_a");
    }
}
