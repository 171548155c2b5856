//! YAML text to a tree, by the core schema of YAML 1.2 and careful with what JSON cannot say: `no` is a word, a
//! timestamp is text, `0123` keeps its zero, a key is text as written. Aliases are filled in within a budget.

use std::collections::HashMap;

use granit_parser::{Event, Options, Parser, ScalarStyle, ScanError, Span, Tag};
use serde_json::{Map, Value};

use crate::fault::{Fault, FaultCode, Listed, MAX_POINTER, clipped, fault};
use crate::json::DUPLICATE;
use crate::limit::{MAX_DEPTH, MAX_VALUES};
use crate::pointer::{Pointer, write_segment};

mod scalar;

/// Reads one YAML document. Duplicate keys go to `duplicates`; the first value stands.
pub(crate) fn parse(text: &str, duplicates: &mut Listed) -> Result<Value, Fault> {
    let mut builder = Builder {
        duplicates,
        stack: Vec::new(),
        anchors: HashMap::new(),
        values: 0,
        document: None,
    };
    for event in events(text) {
        let (event, span) = event.map_err(|error| syntax_fault(&error))?;
        builder
            .take(event, &span)
            .map_err(|stop| place(stop, &span))?;
    }
    Ok(builder.document.unwrap_or(Value::Null))
}

/// The parser's events, with nesting bounded as the tree is.
pub(crate) fn events(
    text: &str,
) -> impl Iterator<Item = Result<(Event<'_>, Span), ScanError>> + '_ {
    let mut options = Options::default();
    options.block_nesting_limit = MAX_DEPTH + 1;
    options.flow_nesting_limit = MAX_DEPTH + 1;
    Parser::new_from_str_with_options(text, options)
}

/// Line and column of a span, both from 1.
pub(crate) fn position(span: &Span) -> (u32, u32) {
    marker_position(&span.start)
}

fn marker_position(marker: &granit_parser::Marker) -> (u32, u32) {
    let line = u32::try_from(marker.line().max(1)).unwrap_or(u32::MAX);
    let column = u32::try_from(marker.col().saturating_add(1)).unwrap_or(u32::MAX);
    (line, column)
}

fn syntax_fault(error: &ScanError) -> Fault {
    let words = error.info();
    let (code, message) = if words.contains("nesting") || words.contains("recursion") {
        (FaultCode::TooDeep, too_deep())
    } else {
        (FaultCode::Syntax, format!("not valid YAML: {words}"))
    };
    let mut found = fault(code, &Pointer::ROOT, message);
    let (line, column) = marker_position(error.marker());
    found.line = Some(line);
    found.column = Some(column);
    found
}

fn too_deep() -> String {
    format!("nested deeper than {MAX_DEPTH} levels")
}

fn place(stop: Stop, span: &Span) -> Fault {
    let mut found = fault(stop.code, &Pointer::ROOT, stop.message);
    let (line, column) = position(span);
    found.line = Some(line);
    found.column = Some(column);
    found
}

/// Why reading ended early.
struct Stop {
    code: FaultCode,
    message: String,
}

fn stop(code: FaultCode, message: impl Into<String>) -> Stop {
    Stop {
        code,
        message: message.into(),
    }
}

/// A value with what an alias to it would cost.
#[derive(Clone)]
struct Measured {
    value: Value,
    values: usize,
    height: usize,
}

impl Measured {
    const fn leaf(value: Value) -> Self {
        Self {
            value,
            values: 1,
            height: 1,
        }
    }
}

/// A collection that is still open.
struct Frame {
    anchor: usize,
    values: usize,
    height: usize,
    kind: Open,
}

enum Open {
    List(Vec<Value>),
    Map {
        members: Map<String, Value>,
        key: Option<Key>,
        merged: Vec<Map<String, Value>>,
    },
}

/// The key whose value comes next.
enum Key {
    Name(String),
    /// `<<`: the members of the mapping (or mappings) that follow are taken over.
    Merge,
    /// A key that stood before; its value is read and dropped.
    Again,
}

struct Builder<'l> {
    duplicates: &'l mut Listed,
    stack: Vec<Frame>,
    anchors: HashMap<usize, Measured>,
    values: usize,
    document: Option<Value>,
}

impl Builder<'_> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the parser's events are not exhaustive; what is no value is passed over"
    )]
    fn take(&mut self, event: Event<'_>, span: &Span) -> Result<(), Stop> {
        match event {
            Event::DocumentStart(..) if self.document.is_some() => Err(stop(
                FaultCode::NotADefinition,
                "a second YAML document begins here; a definition is one document",
            )),
            Event::Scalar(text, style, anchor, tag) => {
                if self.awaits_key() {
                    return self.name(&text, style, tag.as_deref(), span);
                }
                let value = scalar::value(text, style, tag.as_deref());
                self.complete(Measured::leaf(value), anchor)
            }
            Event::Alias(anchor) => self.alias(anchor),
            Event::SequenceStart(_, anchor, _) => self.open(anchor, Open::List(Vec::new())),
            Event::MappingStart(_, anchor, _) => self.open(
                anchor,
                Open::Map {
                    members: Map::new(),
                    key: None,
                    merged: Vec::new(),
                },
            ),
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            _ => Ok(()),
        }
    }

    fn awaits_key(&self) -> bool {
        matches!(
            self.stack.last(),
            Some(Frame {
                kind: Open::Map { key: None, .. },
                ..
            })
        )
    }

    fn name(
        &mut self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        span: &Span,
    ) -> Result<(), Stop> {
        let twice = match self.stack.last_mut().map(|frame| &mut frame.kind) {
            Some(Open::Map { members, key, .. }) => {
                let merge = style == ScalarStyle::Plain && tag.is_none() && text == "<<";
                let twice = members.contains_key(text);
                *key = Some(match (merge, twice) {
                    (true, _) => Key::Merge,
                    (false, true) => Key::Again,
                    (false, false) => Key::Name(text.to_owned()),
                });
                twice
            }
            Some(Open::List(_)) | None => false,
        };
        if twice && !self.duplicates.counts_only() {
            let mut found = fault(FaultCode::DuplicateKey, &Pointer::ROOT, DUPLICATE);
            found.pointer = clipped(self.pointer_to(text), MAX_POINTER);
            let (line, column) = position(span);
            found.line = Some(line);
            found.column = Some(column);
            self.duplicates.push(found);
        }
        Ok(())
    }

    fn pointer_to(&self, last: &str) -> String {
        let mut pointer = String::new();
        // Writing to a String cannot fail; the innermost frame's own key is `last`.
        for frame in self.stack.iter().take(self.stack.len().saturating_sub(1)) {
            let _ = match &frame.kind {
                Open::List(items) => write_segment(&mut pointer, &items.len().to_string()),
                Open::Map {
                    key: Some(Key::Name(name)),
                    ..
                } => write_segment(&mut pointer, name),
                Open::Map { .. } => Ok(()),
            };
        }
        let _ = write_segment(&mut pointer, last);
        pointer
    }

    fn alias(&mut self, anchor: usize) -> Result<(), Stop> {
        if self.awaits_key() {
            return Err(no_text_key());
        }
        let Some(known) = self.anchors.get(&anchor) else {
            return Err(stop(
                FaultCode::CircularReference,
                "this alias stands inside of the value that it names",
            ));
        };
        if self.stack.len() + known.height > MAX_DEPTH {
            return Err(stop(FaultCode::TooDeep, too_deep()));
        }
        if self.values + known.values > MAX_VALUES {
            return Err(too_many());
        }
        let copy = known.clone();
        // `complete` counts the value itself.
        self.values += copy.values - 1;
        self.complete(copy, 0)
    }

    fn open(&mut self, anchor: usize, kind: Open) -> Result<(), Stop> {
        if self.awaits_key() {
            return Err(no_text_key());
        }
        if self.stack.len() >= MAX_DEPTH {
            return Err(stop(FaultCode::TooDeep, too_deep()));
        }
        self.stack.push(Frame {
            anchor,
            values: 1,
            height: 1,
            kind,
        });
        Ok(())
    }

    fn close(&mut self) -> Result<(), Stop> {
        let Some(frame) = self.stack.pop() else {
            return Ok(());
        };
        let value = match frame.kind {
            Open::List(items) => Value::Array(items),
            Open::Map {
                mut members,
                merged,
                ..
            } => {
                for (name, value) in merged.into_iter().flatten() {
                    members.entry(name).or_insert(value);
                }
                Value::Object(members)
            }
        };
        let measured = Measured {
            value,
            values: frame.values,
            height: frame.height,
        };
        self.complete(measured, frame.anchor)
    }

    /// Puts a finished value where it belongs.
    fn complete(&mut self, measured: Measured, anchor: usize) -> Result<(), Stop> {
        self.values += 1;
        if anchor != 0 {
            // What is held for later aliases takes memory too.
            self.values += measured.values;
            self.anchors.insert(anchor, measured.clone());
        }
        if self.values > MAX_VALUES {
            return Err(too_many());
        }
        let Some(frame) = self.stack.last_mut() else {
            self.document = Some(measured.value);
            return Ok(());
        };
        frame.values += measured.values;
        frame.height = frame.height.max(measured.height + 1);
        match &mut frame.kind {
            Open::List(items) => items.push(measured.value),
            Open::Map {
                members,
                key,
                merged,
            } => match key.take() {
                Some(Key::Name(name)) => {
                    members.insert(name, measured.value);
                }
                Some(Key::Merge) => merge(merged, measured.value)?,
                Some(Key::Again) | None => {}
            },
        }
        Ok(())
    }
}

/// Takes over the members of a mapping or of each mapping in a list; the first to name a key wins.
fn merge(merged: &mut Vec<Map<String, Value>>, value: Value) -> Result<(), Stop> {
    match value {
        Value::Object(members) => merged.push(members),
        Value::Array(items) => {
            for item in items {
                let Value::Object(members) = item else {
                    return Err(no_merge());
                };
                merged.push(members);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            return Err(no_merge());
        }
    }
    Ok(())
}

fn no_merge() -> Stop {
    stop(
        FaultCode::WrongType,
        "the value of `<<` must be a mapping or a list of mappings",
    )
}

fn no_text_key() -> Stop {
    stop(
        FaultCode::WrongType,
        "a key must be text; quote it if it begins with `{`, `[` or `*`",
    )
}

fn too_many() -> Stop {
    stop(
        FaultCode::TooManyValues,
        format!("more than {MAX_VALUES} values with its aliases filled in; split the API"),
    )
}

#[cfg(test)]
mod tests;
