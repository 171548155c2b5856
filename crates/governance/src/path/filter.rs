//! Filters: comparisons, `&&`, `||`, `!`, and `.match(/…/)`, over `@`, `@property` and values.

use regex_lite::{Regex, RegexBuilder};
use serde_json::Value;

use super::{child, split};

/// A filter that was read.
#[derive(Clone, Debug)]
pub(super) enum Filter {
    Any(Vec<Self>),
    All(Vec<Self>),
    Not(Box<Self>),
    Compared(Operand, Comparison, Operand),
    Matches(Operand, Regex),
    Truthy(Operand),
}

#[derive(Clone, Debug)]
pub(super) enum Operand {
    /// Keys below what is looked at, or below the root; the last may be `length`.
    Reached {
        from_root: bool,
        keys: Vec<String>,
    },
    Property,
    Literal(Value),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Filter {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        Self::at(text, 0)
    }

    fn at(text: &str, depth: usize) -> Result<Self, String> {
        let text = text.trim();
        if depth > DEPTH {
            return Err("has a filter that is nested too deep".to_owned());
        }
        let any = halves(text, "||");
        if any.len() > 1 {
            return any
                .into_iter()
                .map(|it| Self::at(it, depth + 1))
                .collect::<Result<_, _>>()
                .map(Self::Any);
        }
        let all = halves(text, "&&");
        if all.len() > 1 {
            return all
                .into_iter()
                .map(|it| Self::at(it, depth + 1))
                .collect::<Result<_, _>>()
                .map(Self::All);
        }
        if let Some(inside) = enclosed(text) {
            return Self::at(inside, depth + 1);
        }
        if let Some(rest) = text.strip_prefix('!').filter(|rest| !rest.starts_with('=')) {
            return Ok(Self::Not(Box::new(Self::at(rest, depth + 1)?)));
        }
        if let Some((operand, pattern)) = matching(text)? {
            return Ok(Self::Matches(operand, pattern));
        }
        for (sign, comparison) in SIGNS {
            let parts = halves(text, sign);
            if let [left, right] = parts.as_slice() {
                return Ok(Self::Compared(operand(left)?, *comparison, operand(right)?));
            }
        }
        Ok(Self::Truthy(operand(text)?))
    }

    pub(super) fn holds(&self, key: &str, value: &Value, root: &Value) -> bool {
        match self {
            Self::Any(parts) => parts.iter().any(|it| it.holds(key, value, root)),
            Self::All(parts) => parts.iter().all(|it| it.holds(key, value, root)),
            Self::Not(inner) => !inner.holds(key, value, root),
            Self::Compared(left, comparison, right) => comparison.holds(
                left.value(key, value, root).as_ref(),
                right.value(key, value, root).as_ref(),
            ),
            Self::Matches(operand, pattern) => {
                let found = operand.value(key, value, root);
                found
                    .as_ref()
                    .and_then(Value::as_str)
                    .is_some_and(|text| pattern.is_match(text))
            }
            Self::Truthy(operand) => operand
                .value(key, value, root)
                .as_ref()
                .is_some_and(is_truthy),
        }
    }
}

impl Operand {
    fn value(&self, key: &str, value: &Value, root: &Value) -> Option<Value> {
        match self {
            Self::Literal(value) => Some(value.clone()),
            Self::Property => Some(Value::String(key.to_owned())),
            Self::Reached { from_root, keys } => {
                let mut found = if *from_root { root } else { value };
                for (place, key) in keys.iter().enumerate() {
                    match child(found, key) {
                        Some(next) => found = next,
                        None if key == "length" && place + 1 == keys.len() => return length(found),
                        None => return None,
                    }
                }
                Some(found.clone())
            }
        }
    }
}

impl Comparison {
    fn holds(self, left: Option<&Value>, right: Option<&Value>) -> bool {
        let ordered = || match (left, right) {
            (Some(Value::String(left)), Some(Value::String(right))) => Some(left.cmp(right)),
            (Some(left), Some(right)) => left.as_f64()?.partial_cmp(&right.as_f64()?),
            _ => None,
        };
        match self {
            Self::Equal => left == right,
            Self::Unequal => left != right,
            Self::Less => ordered().is_some_and(std::cmp::Ordering::is_lt),
            Self::LessOrEqual => ordered().is_some_and(std::cmp::Ordering::is_le),
            Self::Greater => ordered().is_some_and(std::cmp::Ordering::is_gt),
            Self::GreaterOrEqual => ordered().is_some_and(std::cmp::Ordering::is_ge),
        }
    }
}

/// As JavaScript takes it: nothing, `false`, 0 and the empty text are not.
pub(crate) fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(it) => *it,
        Value::Number(it) => it.as_f64() != Some(0.0),
        Value::String(it) => !it.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

fn length(value: &Value) -> Option<Value> {
    match value {
        Value::Array(items) => Some(items.len().into()),
        Value::String(text) => Some(text.chars().count().into()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
    }
}

/// `<operand>.match(/pattern/flags)`
fn matching(text: &str) -> Result<Option<(Operand, Regex)>, String> {
    let Some((left, rest)) = text.split_once(".match(") else {
        return Ok(None);
    };
    let pattern = rest.trim().strip_suffix(')').unwrap_or(rest).trim();
    Ok(Some((operand(left)?, regex(pattern)?)))
}

/// A pattern, with or without JavaScript's slashes and flags.
pub(crate) fn regex(text: &str) -> Result<Regex, String> {
    let slashed = text
        .strip_prefix('/')
        .and_then(|rest| rest.rsplit_once('/'));
    let (pattern, flags) = match slashed {
        Some((pattern, flags)) if flags.chars().all(|it| "dgimsuy".contains(it)) => {
            (pattern.to_owned(), flags)
        }
        _ => (text.to_owned(), ""),
    };
    // JavaScript escapes a slash, which nobody else has to.
    let pattern = pattern.replace("\\/", "/");
    RegexBuilder::new(&pattern)
        .case_insensitive(flags.contains('i'))
        .multi_line(flags.contains('m'))
        .dot_matches_new_line(flags.contains('s'))
        .size_limit(PATTERN_BYTES)
        .build()
        .map_err(|error| format!("`{pattern}` is no pattern that is taken here: {error}"))
}

fn operand(text: &str) -> Result<Operand, String> {
    let text = text.trim();
    if text == "@property" {
        return Ok(Operand::Property);
    }
    for (start, from_root) in [("@", false), ("$", true)] {
        if let Some(rest) = text.strip_prefix(start) {
            return keys(rest).map(|keys| Operand::Reached { from_root, keys });
        }
    }
    for quote in ['\'', '"'] {
        if let Some(inside) = text
            .strip_prefix(quote)
            .and_then(|rest| rest.strip_suffix(quote))
        {
            return Ok(Operand::Literal(Value::String(inside.to_owned())));
        }
    }
    match text {
        "undefined" => Ok(Operand::Reached {
            from_root: false,
            keys: vec!["\u{0}".to_owned()],
        }),
        _ => serde_json::from_str(text)
            .map(Operand::Literal)
            .map_err(|_| format!("`{text}` is not understood in a filter")),
    }
}

/// `.a.b`, `['a']`, `[0]`
fn keys(text: &str) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let bad = || format!("`{text}` is not understood in a filter");
        if let Some(after) = rest.strip_prefix('[') {
            let (inside, after) = after.split_once(']').ok_or_else(bad)?;
            found.push(inside.trim().trim_matches(['\'', '"']).to_owned());
            rest = after;
        } else if let Some(after) = rest.strip_prefix('.') {
            let end = after.find(['.', '[']).unwrap_or(after.len());
            let (name, after) = after.split_at_checked(end).ok_or_else(bad)?;
            let is_name = |it: char| it.is_alphanumeric() || "_-$".contains(it);
            if name.is_empty() || !name.chars().all(is_name) {
                return Err(bad());
            }
            found.push(name.to_owned());
            rest = after;
        } else {
            return Err(bad());
        }
    }
    Ok(found)
}

/// The parts between a sign of two or three characters that stands outside quotes, brackets and patterns.
fn halves<'t>(text: &'t str, sign: &str) -> Vec<&'t str> {
    let Some(first) = sign.chars().next() else {
        return vec![text];
    };
    let mut parts = Vec::new();
    let mut from = 0;
    let mut at = 0;
    for piece in split(text, first) {
        let end = at + piece.len();
        let here = text.get(end..).unwrap_or_default();
        let is_longer = SIGNS
            .iter()
            .any(|(other, _)| other.len() > sign.len() && here.starts_with(other));
        let is_inner = sign.len() < 3
            && text
                .get(..end)
                .is_some_and(|before| before.ends_with(['=', '!', '<', '>']));
        if here.starts_with(sign) && !is_longer && !is_inner {
            parts.push(text.get(from..end).unwrap_or_default());
            from = end + sign.len();
        }
        at = end + first.len_utf8();
    }
    parts.push(text.get(from..).unwrap_or_default());
    parts
}

/// What a pair of brackets around the whole holds.
fn enclosed(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('(')?.strip_suffix(')')?;
    let mut depth = 0_i64;
    let mut quote = None;
    for character in inside.chars() {
        match (quote, character) {
            (Some(open), it) if it == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return None;
        }
    }
    (depth == 0).then_some(inside)
}

/// The longer ones first: `==` is the beginning of `===`.
const SIGNS: &[(&str, Comparison)] = &[
    ("===", Comparison::Equal),
    ("!==", Comparison::Unequal),
    ("==", Comparison::Equal),
    ("!=", Comparison::Unequal),
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
];
/// Deeper than filters that people write.
const DEPTH: usize = 20;
/// A compiled pattern; Unicode classes are the large ones.
const PATTERN_BYTES: usize = 256 * 1024;
