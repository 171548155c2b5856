//! Lines and columns for JSON pointers: a second pass over the text, made only when there is something to report.

use std::collections::HashMap;

use granit_parser::Event;

use crate::fault::Fault;
use crate::pointer::write_segment;
use crate::yaml;

/// How the text was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Syntax {
    Json,
    Yaml,
}

/// Where a value stands, and, for a scalar, how it was written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Place {
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) written: Option<String>,
}

/// Gives each fault that has none its line and column: those of its value, else of the nearest value around it.
pub(crate) fn fill_in(text: &str, syntax: Syntax, faults: &mut [Fault]) {
    let mut wanted: Vec<&str> = Vec::new();
    for fault in faults.iter().filter(|fault| fault.line.is_none()) {
        wanted.extend(ancestors(&fault.pointer));
    }
    if wanted.is_empty() {
        return;
    }
    let places = find(text, syntax, wanted);
    for fault in faults.iter_mut().filter(|fault| fault.line.is_none()) {
        let nearest = ancestors(&fault.pointer).find_map(|pointer| places.get(pointer));
        fault.line = nearest.map(|place| place.line);
        fault.column = nearest.map(|place| place.column);
    }
}

/// The pointer and those of the values around it, from the inside out; not the root, which is everywhere.
fn ancestors(pointer: &str) -> impl Iterator<Item = &str> {
    let whole = (!pointer.is_empty()).then_some(pointer);
    std::iter::successors(whole, |inner| {
        let (outer, _) = inner.rsplit_once('/')?;
        (!outer.is_empty()).then_some(outer)
    })
}

/// The places of the values under these pointers.
pub(crate) fn find<'p>(
    text: &str,
    syntax: Syntax,
    wanted: impl IntoIterator<Item = &'p str>,
) -> HashMap<String, Place> {
    let places: HashMap<_, _> = wanted
        .into_iter()
        .map(|pointer| (pointer.to_owned(), None))
        .collect();
    let mut track = Track {
        longest: places.keys().map(String::len).max().unwrap_or_default(),
        places,
        pointer: String::new(),
        levels: Vec::new(),
    };
    match syntax {
        Syntax::Json => follow_json(text, &mut track),
        Syntax::Yaml => follow_yaml(text, &mut track),
    }
    let found = track.places.into_iter();
    found
        .filter_map(|(pointer, place)| Some((pointer, place?)))
        .collect()
}

/// Follows a document value by value and remembers the places of those that are wanted.
struct Track {
    places: HashMap<String, Option<Place>>,
    /// Bytes of the longest pointer that is wanted; a longer one is not looked up (it may be megabytes).
    longest: usize,
    pointer: String,
    levels: Vec<Level>,
}

struct Level {
    /// Bytes of the pointer that belong to the collection itself.
    prefix: usize,
    /// Items so far; `None` for an object.
    items: Option<usize>,
    /// Object: the key has been read, its value comes next.
    keyed: bool,
}

impl Track {
    /// A collection begins.
    fn begin(&mut self, list: bool, line: u32, column: u32) {
        self.value(line, column, None);
        self.levels.push(Level {
            prefix: self.pointer.len(),
            items: list.then_some(0),
            keyed: false,
        });
    }

    /// The innermost collection ends.
    fn end(&mut self) {
        if let Some(level) = self.levels.pop() {
            self.pointer.truncate(level.prefix);
        }
        self.ended();
    }

    /// A scalar: a key where an object awaits one.
    fn scalar(&mut self, written: &str, line: u32, column: u32) {
        if self.awaits_key() {
            self.key(written, line, column);
        } else {
            self.value(line, column, Some(written));
            self.ended();
        }
    }

    fn awaits_key(&self) -> bool {
        self.levels
            .last()
            .is_some_and(|level| level.items.is_none() && !level.keyed)
    }

    fn key(&mut self, name: &str, line: u32, column: u32) {
        if let Some(level) = self.levels.last_mut() {
            level.keyed = true;
            self.pointer.truncate(level.prefix);
            // Writing to a String cannot fail.
            let _ = write_segment(&mut self.pointer, name);
            self.remember(line, column, None);
        }
    }

    /// A value begins; the value of a key has the key's place.
    fn value(&mut self, line: u32, column: u32, written: Option<&str>) {
        if let Some(Level {
            prefix,
            items: Some(items),
            ..
        }) = self.levels.last()
        {
            self.pointer.truncate(*prefix);
            let _ = write_segment(&mut self.pointer, &items.to_string());
        }
        self.remember(line, column, written);
    }

    fn ended(&mut self) {
        if let Some(level) = self.levels.last_mut() {
            level.keyed = false;
            level.items = level.items.map(|items| items + 1);
        }
    }

    /// The first place stands, as the first of two equal keys does in most editors' outlines.
    fn remember(&mut self, line: u32, column: u32, written: Option<&str>) {
        if self.pointer.len() > self.longest {
            return;
        }
        if let Some(place) = self.places.get_mut(&self.pointer) {
            let place = place.get_or_insert_with(|| Place {
                line,
                column,
                written: None,
            });
            if place.written.is_none() {
                place.written = written.map(str::to_owned);
            }
        }
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the parser's events are not exhaustive; what is no value is passed over"
)]
fn follow_yaml(text: &str, track: &mut Track) {
    for (event, span) in yaml::events(text).map_while(Result::ok) {
        let (line, column) = yaml::position(&span);
        match event {
            Event::Scalar(written, ..) => track.scalar(&written, line, column),
            Event::Alias(_) => track.scalar("", line, column),
            Event::SequenceStart(..) => track.begin(true, line, column),
            Event::MappingStart(..) => track.begin(false, line, column),
            Event::SequenceEnd | Event::MappingEnd => track.end(),
            _ => {}
        }
    }
}

/// Follows JSON text that has been read before, so that it need not be checked again.
fn follow_json(text: &str, track: &mut Track) {
    let (mut line, mut column) = (1, 1);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => string_length(rest),
            '{' | '}' | '[' | ']' | ',' | ':' | ' ' | '\t' | '\r' | '\n' => 1,
            _ => rest
                .find([',', '}', ']', ' ', '\t', '\r', '\n'])
                .unwrap_or(rest.len()),
        };
        let Some((token, after)) = rest.split_at_checked(length.max(first.len_utf8())) else {
            return;
        };
        match first {
            '{' | '[' => track.begin(first == '[', line, column),
            '}' | ']' => track.end(),
            ',' | ':' | ' ' | '\t' | '\r' => {}
            '\n' => {
                line += 1;
                column = 0;
            }
            '"' if track.awaits_key() && token.contains('\\') => {
                let name = serde_json::from_str::<String>(token).unwrap_or_default();
                track.scalar(&name, line, column);
            }
            '"' => track.scalar(token.trim_matches('"'), line, column),
            _ => track.scalar(token, line, column),
        }
        column += u32::try_from(token.chars().count()).unwrap_or(u32::MAX);
        rest = after;
    }
}

/// Bytes of the string that begins here, quotes included.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, syntax: Syntax, expected: &[(&str, u32, u32)]) {
        let found = find(text, syntax, expected.iter().map(|(pointer, ..)| *pointer));
        for (pointer, line, column) in expected {
            let place = found
                .get(*pointer)
                .unwrap_or_else(|| panic!("{pointer} not found"));
            assert_eq!((place.line, place.column), (*line, *column), "{pointer}");
        }
    }

    #[test]
    fn json_places_are_those_of_keys() {
        let text = "{\n  \"a/b\": {\"ü\": \"x\\\"}\", \"c\": [1, {\"d\": null}, [], 2]},\n  \"\\u0065\": 1.50\n}";
        check(
            text,
            Syntax::Json,
            &[
                ("", 1, 1),
                ("/a~1b", 2, 3),
                ("/a~1b/ü", 2, 11),
                ("/a~1b/c", 2, 24),
                ("/a~1b/c/0", 2, 30),
                ("/a~1b/c/1/d", 2, 34),
                ("/a~1b/c/3", 2, 50),
                ("/e", 3, 3),
            ],
        );
        let found = find(text, Syntax::Json, ["/e"]);
        assert_eq!(found.get("/e").unwrap().written.as_deref(), Some("1.50"));
    }

    #[test]
    fn yaml_places_are_those_of_keys() {
        let text = "a/b:\n  ü: 1.50\n  c:\n  - 1\n  - d: ~\n  - []\n  - &x y\n  - *x\n  - z\n";
        check(
            text,
            Syntax::Yaml,
            &[
                ("/a~1b", 1, 1),
                ("/a~1b/ü", 2, 3),
                ("/a~1b/c", 3, 3),
                ("/a~1b/c/0", 4, 5),
                ("/a~1b/c/1/d", 5, 5),
                ("/a~1b/c/4", 8, 5),
                ("/a~1b/c/5", 9, 5),
            ],
        );
        let found = find(text, Syntax::Yaml, ["/a~1b/ü"]);
        assert_eq!(
            found.get("/a~1b/ü").unwrap().written.as_deref(),
            Some("1.50")
        );
    }

    #[test]
    fn fault_without_own_place_takes_nearest() {
        let mut faults = vec![Fault {
            code: crate::FaultCode::MissingField,
            message: String::new(),
            pointer: "/a/missing/deep".to_owned(),
            line: None,
            column: None,
        }];
        fill_in("{\n\"a\": {}}", Syntax::Json, &mut faults);
        assert_eq!(faults[0].line, Some(2));
    }
}
