//! Schemas: what a request may be, and what a reply may be.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Change, MOST, resolved};

/// Which way a value goes: what may be sent must not become less, what may come must not become more.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Request,
    Reply,
}

/// The comparison of two documents.
pub(super) struct Walk<'d> {
    before: &'d Value,
    after: &'d Value,
    pub(super) found: Vec<Change>,
    /// Pairs of references that are being compared: schemas may refer to themselves.
    open: Vec<(String, String)>,
    steps: usize,
}

impl<'d> Walk<'d> {
    pub(super) const fn new(before: &'d Value, after: &'d Value) -> Self {
        Self {
            before,
            after,
            found: Vec::new(),
            open: Vec::new(),
            steps: 0,
        }
    }

    pub(super) fn breaks(&mut self, place: &str, message: impl Into<String>) {
        self.add(place, message.into(), true);
    }

    pub(super) fn tells(&mut self, place: &str, message: impl Into<String>) {
        self.add(place, message.into(), false);
    }

    fn add(&mut self, place: &str, message: String, is_breaking: bool) {
        // Harmless ones never crowd out the others.
        if is_breaking || self.found.len() < MOST {
            self.found.push(Change {
                place: place.to_owned(),
                message,
                is_breaking,
            });
        }
    }

    fn narrows(&mut self, place: &str, message: impl Into<String>, is_narrower: bool, side: Side) {
        let is_breaking = is_narrower == (side == Side::Request);
        self.add(place, message.into(), is_breaking);
    }

    pub(super) fn schema(&mut self, place: &str, was: &Value, now: &Value, side: Side) {
        self.steps += 1;
        if self.steps > STEPS || self.found.len() > 2 * MOST || place.len() > PLACE_BYTES {
            return;
        }
        let name = |it: &Value| it.get("$ref").and_then(Value::as_str).map(str::to_owned);
        let pair = name(was).zip(name(now));
        if let Some(pair) = &pair {
            if self.open.contains(pair) {
                return;
            }
            self.open.push(pair.clone());
        }
        let (old, new) = (resolved(self.before, was), resolved(self.after, now));
        if old != new || old.to_string().contains("$ref") {
            self.kinds(place, old, new, side);
            self.values(place, old, new, side);
            self.bounds(place, old, new, side);
            self.properties(place, old, new, side);
            self.parts(place, old, new, side);
        }
        if pair.is_some() {
            self.open.pop();
        }
    }

    fn kinds(&mut self, place: &str, was: &Value, now: &Value, side: Side) {
        let (old, new) = (kinds(was), kinds(now));
        if old == new {
            return;
        }
        let words = |it: &BTreeSet<String>| {
            let names: Vec<&str> = it.iter().map(String::as_str).collect();
            if names.is_empty() {
                "anything".to_owned()
            } else {
                format!("`{}`", names.join("`, `"))
            }
        };
        let message = format!("was {} and is {} now", words(&old), words(&new));
        let is_wider = new.is_empty() || (!old.is_empty() && old.is_subset(&new));
        let is_narrower = old.is_empty() || (!new.is_empty() && new.is_subset(&old));
        match (is_wider, is_narrower) {
            (true, _) => self.narrows(place, message, false, side),
            (_, true) => self.narrows(place, message, true, side),
            _ => self.breaks(place, message),
        }
    }

    fn values(&mut self, place: &str, was: &Value, now: &Value, side: Side) {
        let listed = |it: &Value| it.get("enum").and_then(Value::as_array).cloned();
        match (listed(was), listed(now)) {
            (None, Some(_)) => self.narrows(place, "has a list of values now", true, side),
            (Some(_), None) => self.narrows(place, "has no list of values any more", false, side),
            (Some(old), Some(new)) => {
                for value in old.iter().filter(|it| !new.contains(it)) {
                    self.narrows(
                        place,
                        format!("`{}` is no value any more", word(value)),
                        true,
                        side,
                    );
                }
                for value in new.iter().filter(|it| !old.contains(it)) {
                    self.narrows(
                        place,
                        format!("`{}` is a new value", word(value)),
                        false,
                        side,
                    );
                }
            }
            (None, None) => {}
        }
        for name in ["format", "pattern"] {
            let said = |it: &Value| it.get(name).and_then(Value::as_str).map(str::to_owned);
            match (said(was), said(now)) {
                (None, Some(new)) => {
                    self.narrows(place, format!("has the {name} `{new}` now"), true, side)
                }
                (Some(old), None) => self.narrows(
                    place,
                    format!("has not the {name} `{old}` any more"),
                    false,
                    side,
                ),
                (Some(old), Some(new)) if old != new => {
                    self.breaks(place, format!("had the {name} `{old}` and has `{new}` now"));
                }
                _ => {}
            }
        }
    }

    fn bounds(&mut self, place: &str, was: &Value, now: &Value, side: Side) {
        for (name, is_lower) in BOUNDS {
            let said = |it: &Value| it.get(*name).and_then(Value::as_f64);
            let (old, new) = (said(was), said(now));
            if old == new {
                continue;
            }
            let is_narrower = match (old, new) {
                (None, Some(_)) => true,
                (Some(_), None) => false,
                (Some(old), Some(new)) => (new > old) == *is_lower,
                (None, None) => continue,
            };
            let show = |it: Option<f64>| it.map_or_else(|| "none".to_owned(), |it| it.to_string());
            let message = format!("`{name}` was {} and is {} now", show(old), show(new));
            self.narrows(place, message, is_narrower, side);
        }
    }

    fn properties(&mut self, place: &str, was: &Value, now: &Value, side: Side) {
        let (old, new) = (members(was), members(now));
        let (had, has) = (required(was), required(now));
        for (name, schema) in &old {
            let at = below(place, name);
            match new.get(name) {
                None if side == Side::Reply => self.breaks(&at, "is gone"),
                None if now.get("additionalProperties") == Some(&Value::Bool(false)) => {
                    self.breaks(&at, "is gone, and refused when it is sent");
                }
                None => self.tells(&at, "is gone"),
                Some(other) => self.schema(&at, schema, other, side),
            }
        }
        for name in new.keys().filter(|name| !old.contains_key(*name)) {
            let at = below(place, name);
            if side == Side::Request && has.contains(name) {
                self.breaks(&at, "is new, and required");
            } else {
                self.tells(&at, "is new");
            }
        }
        for name in old.keys().filter(|name| new.contains_key(*name)) {
            let at = below(place, name);
            match (had.contains(name), has.contains(name)) {
                (false, true) => self.narrows(&at, "is required now", true, side),
                (true, false) => self.narrows(&at, "is not required any more", false, side),
                _ => {}
            }
        }
    }

    fn parts(&mut self, place: &str, was: &Value, now: &Value, side: Side) {
        if let (Some(old), Some(new)) = (was.get("items"), now.get("items")) {
            self.schema(&format!("{place}[]"), old, new, side);
        }
        if let (Some(old @ Value::Object(_)), Some(new @ Value::Object(_))) = (
            was.get("additionalProperties"),
            now.get("additionalProperties"),
        ) {
            self.schema(&format!("{place}.*"), old, new, side);
        }
        for name in ["allOf", "oneOf", "anyOf"] {
            let all = |it: &Value| {
                it.get(name)
                    .and_then(Value::as_array)
                    .cloned()
                    .unwrap_or_default()
            };
            let (old, new) = (all(was), all(now));
            if old.len() == new.len() {
                for (old, new) in old.iter().zip(&new) {
                    self.schema(place, old, new, side);
                }
                continue;
            }
            let message = format!(
                "`{name}` had {} schemas and has {} now",
                old.len(),
                new.len()
            );
            let grew = new.len() > old.len();
            self.narrows(place, message, grew == (name == "allOf"), side);
        }
    }
}

/// The types of a schema; empty for any. `nullable` is the type `null` of later versions.
fn kinds(schema: &Value) -> BTreeSet<String> {
    let mut kinds: BTreeSet<String> = match schema.get("type") {
        Some(Value::String(one)) => [one.clone()].into(),
        Some(Value::Array(several)) => several
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        _ => BTreeSet::new(),
    };
    if !kinds.is_empty() && schema.get("nullable") == Some(&Value::Bool(true)) {
        kinds.insert("null".to_owned());
    }
    // A whole number is a number.
    if kinds.contains("number") {
        kinds.insert("integer".to_owned());
    }
    kinds
}

fn members(schema: &Value) -> Map<String, Value> {
    schema
        .get("properties")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default()
}

fn required(schema: &Value) -> Vec<String> {
    let names = schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    names.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn below(place: &str, name: &str) -> String {
    format!("{place}.{name}")
}

fn word(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// Bounds by name, and whether it is a lower one.
const BOUNDS: &[(&str, bool)] = &[
    ("minimum", true),
    ("maximum", false),
    ("minLength", true),
    ("maxLength", false),
    ("minItems", true),
    ("maxItems", false),
    ("minProperties", true),
    ("maxProperties", false),
];
/// Schemas that are compared: what 12,000 operations share is compared at each.
const STEPS: usize = 200_000;
/// Deeper than schemas that people write, self-reference included.
const PLACE_BYTES: usize = 400;
