//! Conditions of policies, read once: whoever wrote the same text meant the same.

use std::rc::Rc;

use expression::{Call, Expression};

use super::Facts;
use crate::shelf::Shelf;

/// Conditions by their texts; `None` for one that cannot be read, which no call meets.
#[derive(Debug)]
pub(super) struct Conditions(Shelf<String, Option<Rc<Expression>>>);

impl Conditions {
    pub(super) fn new() -> Self {
        Self(Shelf::of_bytes(MOST, MOST_BYTES))
    }

    fn read(&mut self, text: &str) -> Option<Rc<Expression>> {
        if let Some(known) = self.0.get(text) {
            return known.clone();
        }
        let read = Expression::read(text).ok().map(Rc::new);
        self.0
            .put_of(text.len() * BYTES_PER_LETTER, text.to_owned(), read.clone());
        read
    }
}

impl Facts {
    /// Does a call meet the condition of a step? What has none is for all.
    pub(crate) fn meets(&mut self, call: &dyn Call, condition: Option<&str>) -> bool {
        let Some(text) = condition else {
            return true;
        };
        let read = self.conditions.read(text);
        read.is_some_and(|condition| condition.is_met(call))
    }
}

/// Of all APIs that an isolate serves together.
const MOST: usize = 2_000;
const MOST_BYTES: usize = 4 << 20;
/// What an expression takes beside its text, at most.
const BYTES_PER_LETTER: usize = 32;
