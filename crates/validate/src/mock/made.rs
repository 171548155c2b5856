//! A value that keeps a schema, for lack of an example: what the schema itself shows (`example`, `default`, the first of
//! `enum`), or else the smallest that fits. The same schema makes the same value, always.
//!
//! What is made is held against the schema by the same eyes that hold replies against it. Schemas can ask for more than a
//! first guess gives (a shown value that breaks its own schema, alternatives that exclude each other), so that a few
//! guesses are made, in one order.

mod array;
mod number;
mod object;
mod pattern;
mod text;
mod whole;

use std::{
    cell::{Cell, RefCell},
    mem,
};

use serde_json::{Value, json};

use crate::contract::{Contract, keeps, schema::Schemas};

/// Makes values of the schemas of one document.
pub(crate) struct Maker<'a> {
    pub(super) schemas: Schemas<'a>,
    judge: RefCell<Judge<'a>>,
    /// Values that may still be made for the one that is asked for, beyond those which must be there.
    left: Cell<u32>,
    /// All that may still be made for it.
    most: Cell<u32>,
}

/// Schemas in their kept form, of which references are read once.
struct Judge<'a> {
    schemas: Schemas<'a>,
    contract: Contract,
}

/// How one guess is made.
#[derive(Clone, Copy, Debug)]
struct Guess {
    /// By what schemas show?
    is_shown: bool,
    /// Only what must be there?
    is_spare: bool,
    /// Which of alternatives.
    alternative: usize,
}

impl<'a> Maker<'a> {
    pub(crate) fn of(document: &'a Value) -> Self {
        Self {
            schemas: Schemas::of(document),
            judge: RefCell::new(Judge {
                schemas: Schemas::of(document),
                contract: Contract::default(),
            }),
            left: Cell::new(0),
            most: Cell::new(0),
        }
    }

    /// A value that keeps the schema; `None` where no guess does.
    pub(super) fn valid(&self, schema: &Value) -> Option<Value> {
        GUESSES
            .into_iter()
            .map(|guess| self.guessed(schema, guess))
            .find(|value| self.keeps(schema, value))
    }

    /// As [`Self::valid`], or else the first guess.
    pub(super) fn value(&self, schema: &Value) -> Value {
        let [first, ..] = GUESSES;
        self.valid(schema)
            .unwrap_or_else(|| self.guessed(schema, first))
    }

    fn guessed(&self, schema: &Value, guess: Guess) -> Value {
        self.left.set(MOST_WANTED);
        self.most.set(MOST_VALUES);
        self.made(schema, guess, 0)
    }

    fn made(&self, schema: &Value, guess: Guess, depth: u32) -> Value {
        self.left.set(self.left.get().saturating_sub(1));
        self.most.set(self.most.get().saturating_sub(1));
        if depth >= MOST_DEPTH || self.most.get() == 0 {
            return Value::Null;
        }
        let whole = self.whole(schema, guess, depth);
        let schema = whole.as_ref();
        if guess.is_shown
            && let Some(shown) = self.shown(schema)
        {
            return shown.clone();
        }
        if let Some(only) = schema.get("const").or_else(|| allowed(schema, guess)) {
            return only.clone();
        }
        match kind(schema) {
            Some("string") => Value::String(text::made(schema)),
            Some("integer") => number::made(schema, true),
            Some("number") => number::made(schema, false),
            Some("boolean") => json!(true),
            Some("array") => self.array(schema, guess, depth),
            Some("object") => Value::Object(self.object(schema, guess, depth)),
            Some(_) | None => Value::Null,
        }
    }

    /// What the schema shows. Of plain values only one that keeps it: many a date is shown in a way that is none.
    fn shown<'v>(&self, schema: &'v Value) -> Option<&'v Value> {
        let first = || schema.get("examples")?.as_array()?.first();
        let shown = [schema.get("example"), first(), schema.get("default")];
        shown
            .into_iter()
            .flatten()
            .find(|value| match (kind(schema), value) {
                (_, Value::Null) => false,
                (Some("array"), value) => value.is_array(),
                (Some("object"), value) => value.is_object(),
                (Some(_), value) => self.keeps(schema, value),
                (None, _) => true,
            })
    }

    fn keeps(&self, schema: &Value, value: &Value) -> bool {
        let mut judge = self.judge.borrow_mut();
        let Judge { schemas, contract } = &mut *judge;
        let kept = schemas.schema(schema, "");
        contract.schemas = mem::take(&mut schemas.kept);
        let keeps = keeps(contract, &kept, value);
        schemas.kept = mem::take(&mut contract.schemas);
        keeps
    }
}

/// One of the values of an enumeration; `null` only where there is nothing else.
fn allowed(schema: &Value, guess: Guess) -> Option<&Value> {
    let all = schema.get("enum")?.as_array()?;
    let mut real = all.iter().filter(|it| !it.is_null());
    real.nth(guess.alternative)
        .or_else(|| all.iter().find(|it| !it.is_null()))
        .or_else(|| all.first())
}

/// The type, or the first of several that is not `null`; where none is said, what the keywords are about.
fn kind(schema: &Value) -> Option<&str> {
    let about = |keyword: &str, kind| schema.get(keyword).map(|_| kind);
    let Some(said) = schema.get("type") else {
        return about("properties", "object")
            .or_else(|| about("additionalProperties", "object"))
            .or_else(|| about("required", "object"))
            .or_else(|| about("items", "array"))
            .or_else(|| about("pattern", "string"))
            .or_else(|| about("format", "string"));
    };
    let first = || {
        let several = said.as_array()?.iter().filter_map(Value::as_str);
        several.clone().find(|it| *it != "null")
    };
    said.as_str().or_else(first)
}

/// In the order of what readers like best.
const GUESSES: [Guess; 7] = {
    const fn guess(is_shown: bool, is_spare: bool, alternative: usize) -> Guess {
        Guess {
            is_shown,
            is_spare,
            alternative,
        }
    }
    [
        guess(true, false, 0),
        guess(false, false, 0),
        guess(true, true, 0),
        guess(false, true, 0),
        guess(false, false, 1),
        guess(false, true, 1),
        guess(false, true, 2),
    ]
};
/// Schemas inside each other.
const MOST_DEPTH: u32 = 12;
/// Of one example: what has more is cut to what must be there.
const MOST_WANTED: u32 = 500;
/// Of one example: what demands more gets none.
const MOST_VALUES: u32 = 4_000;

#[cfg(test)]
mod tests;
