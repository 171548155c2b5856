//! `JSONPath` as rulesets use it: RFC 9535's segments, and what Spectral's evaluator has beside them: names without
//! quotes in brackets (`[get,put]`), the key instead of the value (`~`), the parent (`^`), and `@property` in filters.

mod filter;

use serde_json::Value;

use filter::Filter;
pub(crate) use filter::{is_truthy, regex};

/// A path that was read.
#[derive(Clone, Debug)]
pub(crate) struct Path {
    segments: Vec<Segment>,
    gives_keys: bool,
}

#[derive(Clone, Debug)]
enum Segment {
    Children(Vec<Selector>),
    Descendants(Vec<Selector>),
    Parent,
}

#[derive(Clone, Debug)]
enum Selector {
    Any,
    Name(String),
    Index(i64),
    Slice(Option<i64>, Option<i64>),
    Filter(Filter),
}

/// A place in a document: its keys from the root, and what is there.
#[derive(Clone, Debug)]
pub(crate) struct Node<'d> {
    pub(crate) keys: Vec<String>,
    pub(crate) value: &'d Value,
    /// The key itself is meant.
    pub(crate) is_key: bool,
}

impl Path {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut reader = Reader { rest: text.trim() };
        if !reader.takes("$") {
            return Err("does not begin with `$`".to_owned());
        }
        let mut segments = Vec::new();
        let mut gives_keys = false;
        while !reader.rest.is_empty() {
            if gives_keys {
                return Err("goes on after `~`".to_owned());
            }
            if segments.len() > SEGMENTS {
                return Err(format!("has more than {SEGMENTS} segments"));
            }
            if reader.takes("~") {
                gives_keys = true;
            } else if reader.takes("^") {
                segments.push(Segment::Parent);
            } else if reader.takes("..") {
                let bracket = reader.rest.starts_with('[');
                segments.push(Segment::Descendants(if bracket {
                    reader.bracket()?
                } else {
                    vec![reader.dotted()?]
                }));
            } else if reader.takes(".") {
                if reader.rest.starts_with('^') {
                    continue;
                }
                segments.push(Segment::Children(vec![reader.dotted()?]));
            } else if reader.rest.starts_with('[') {
                segments.push(Segment::Children(reader.bracket()?));
            } else {
                return Err(format!("is not understood from `{}` on", reader.rest));
            }
        }
        Ok(Self {
            segments,
            gives_keys,
        })
    }

    /// What the path leads to; `steps` is what it may still look at, for all paths of a ruleset together.
    pub(crate) fn find<'d>(&self, root: &'d Value, steps: &mut usize) -> Vec<Node<'d>> {
        let mut nodes = vec![Node {
            keys: Vec::new(),
            value: root,
            is_key: false,
        }];
        for segment in &self.segments {
            let mut next = Vec::new();
            for node in &nodes {
                match segment {
                    Segment::Children(selectors) => choose(node, selectors, root, steps, &mut next),
                    Segment::Descendants(selectors) => {
                        descend(node, selectors, root, steps, &mut next);
                    }
                    Segment::Parent => next.extend(parent(node, root)),
                }
            }
            nodes = next;
        }
        if self.gives_keys {
            nodes.iter_mut().for_each(|node| node.is_key = true);
        }
        nodes
    }
}

fn choose<'d>(
    node: &Node<'d>,
    selectors: &[Selector],
    root: &Value,
    steps: &mut usize,
    found: &mut Vec<Node<'d>>,
) {
    for selector in selectors {
        for (key, value) in children(node.value) {
            if *steps == 0 {
                return;
            }
            *steps -= 1;
            let is_chosen = match selector {
                Selector::Any => true,
                Selector::Name(name) => *name == key && node.value.is_object(),
                Selector::Index(index) => {
                    node.value.is_array() && at(node.value, *index).as_ref() == Some(&key)
                }
                Selector::Slice(from, to) => is_within(node.value, &key, *from, *to),
                Selector::Filter(filter) => filter.holds(&key, value, root),
            };
            if is_chosen {
                let mut keys = node.keys.clone();
                keys.push(key);
                found.push(Node {
                    keys,
                    value,
                    is_key: false,
                });
            }
        }
    }
}

fn descend<'d>(
    node: &Node<'d>,
    selectors: &[Selector],
    root: &Value,
    steps: &mut usize,
    found: &mut Vec<Node<'d>>,
) {
    choose(node, selectors, root, steps, found);
    for (key, value) in children(node.value) {
        if *steps == 0 {
            return;
        }
        if value.is_object() || value.is_array() {
            let mut keys = node.keys.clone();
            keys.push(key);
            let below = Node {
                keys,
                value,
                is_key: false,
            };
            descend(&below, selectors, root, steps, found);
        }
    }
}

fn parent<'d>(node: &Node<'d>, root: &'d Value) -> Option<Node<'d>> {
    let mut keys = node.keys.clone();
    keys.pop()?;
    let mut value = root;
    for key in &keys {
        value = child(value, key)?;
    }
    Some(Node {
        keys,
        value,
        is_key: false,
    })
}

/// A member by its name, or an item by its number.
pub(crate) fn child<'d>(value: &'d Value, key: &str) -> Option<&'d Value> {
    match value {
        Value::Object(members) => members.get(key),
        Value::Array(items) => items.get(key.parse::<usize>().ok()?),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

fn children(value: &Value) -> Vec<(String, &Value)> {
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, it)| (name.clone(), it))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, it)| (index.to_string(), it))
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

fn length(value: &Value) -> i64 {
    value
        .as_array()
        .map_or(0, |items| i64::try_from(items.len()).unwrap_or(i64::MAX))
}

fn at(value: &Value, index: i64) -> Option<String> {
    let index = if index < 0 {
        index + length(value)
    } else {
        index
    };
    (index >= 0).then(|| index.to_string())
}

fn is_within(value: &Value, key: &str, from: Option<i64>, to: Option<i64>) -> bool {
    let whole = |index: i64| {
        if index < 0 {
            index + length(value)
        } else {
            index
        }
    };
    let Some(index) = key.parse::<i64>().ok().filter(|_| value.is_array()) else {
        return false;
    };
    index >= whole(from.unwrap_or(0)) && to.is_none_or(|to| index < whole(to))
}

/// Takes a text apart from its beginning.
struct Reader<'t> {
    rest: &'t str,
}

impl<'t> Reader<'t> {
    fn takes(&mut self, word: &str) -> bool {
        match self.rest.strip_prefix(word) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// A name after a dot: up to the next thing that is no name.
    fn dotted(&mut self) -> Result<Selector, String> {
        if self.takes("*") {
            return Ok(Selector::Any);
        }
        let end = self
            .rest
            .find(['.', '[', '~', '^'])
            .unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        if name.is_empty() || name.contains(char::is_whitespace) {
            return Err(format!("has no name before `{rest}`"));
        }
        Ok(Selector::Name(name.to_owned()))
    }

    /// `[…]`: names, numbers, a slice, `*` or a filter.
    fn bracket(&mut self) -> Result<Vec<Selector>, String> {
        let inside = self.inside()?.trim();
        if let Some(expression) = inside.strip_prefix('?') {
            return Ok(vec![Selector::Filter(Filter::parse(expression.trim())?)]);
        }
        let parts = split(inside, ',');
        if parts.iter().any(|part| part.trim().is_empty()) {
            return Err(format!("has an empty choice in `[{inside}]`"));
        }
        parts
            .into_iter()
            .map(|part| selector(part.trim()))
            .collect()
    }

    /// What is between this bracket and the one that closes it.
    fn inside(&mut self) -> Result<&'t str, String> {
        let mut depth = 0_usize;
        let mut quote = None;
        for (at, character) in self.rest.char_indices() {
            match (quote, character) {
                (Some(open), it) if it == open => quote = None,
                (Some(_), _) => {}
                (None, '\'' | '"') => quote = Some(character),
                (None, '[' | '(') => depth += 1,
                (None, ']' | ')') => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        let inside = self.rest.get(1..at).unwrap_or_default();
                        self.rest = self.rest.get(at + 1..).unwrap_or_default();
                        return Ok(inside);
                    }
                }
                _ => {}
            }
        }
        Err("has a bracket that is not closed".to_owned())
    }
}

fn selector(text: &str) -> Result<Selector, String> {
    if text == "*" {
        return Ok(Selector::Any);
    }
    for quote in ['\'', '"'] {
        if let Some(name) = text
            .strip_prefix(quote)
            .and_then(|rest| rest.strip_suffix(quote))
        {
            return Ok(Selector::Name(name.to_owned()));
        }
    }
    if let Ok(index) = text.parse() {
        return Ok(Selector::Index(index));
    }
    if let Some((from, to)) = text.split_once(':') {
        let bound = |text: &str| match text.trim() {
            "" => Ok(None),
            text => text
                .parse()
                .map(Some)
                .map_err(|_| format!("`{text}` is no number")),
        };
        return Ok(Selector::Slice(bound(from)?, bound(to)?));
    }
    if text
        .chars()
        .all(|it| it.is_alphanumeric() || "_-$/@".contains(it))
    {
        return Ok(Selector::Name(text.to_owned()));
    }
    Err(format!("`{text}` is no name, number or filter"))
}

/// The parts between separators that stand outside quotes and brackets.
pub(super) fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut depth, mut quote, mut from) = (0_usize, None, 0);
    let mut parts = Vec::new();
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (Some(open), it) if it == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(character),
            (None, '[' | '(') => depth += 1,
            (None, ']' | ')') => depth = depth.saturating_sub(1),
            (None, it) if it == separator && depth == 0 => {
                parts.push(text.get(from..at).unwrap_or_default());
                from = at + separator.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(text.get(from..).unwrap_or_default());
    parts
}

/// Longer than any path that people write.
const SEGMENTS: usize = 50;

#[cfg(test)]
mod tests;
