//! Limits of JSON: one pass over the bytes, with a few bytes for each level that is open.

use serde::{Deserialize, Serialize};

use super::refused;
use crate::contract::Violation;

/// WSO2's limits for JSON. 0 is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct JsonLimits {
    /// Properties of one object (`maxPropertyCount`).
    pub properties: u32,
    /// Characters of one text (`maxStringLength`).
    pub text: u32,
    /// Elements of one array (`maxArrayElementCount`).
    pub elements: u32,
    /// Characters of one property's name (`maxKeyLength`).
    pub name: u32,
    /// Objects and arrays inside each other (`maxJsonDepth`).
    pub depth: u32,
}

impl JsonLimits {
    /// The first limit that is passed, or that the bytes are no JSON.
    #[must_use]
    pub fn scan(&self, bytes: &[u8]) -> Option<Violation> {
        let mut scan = Scan {
            limits: self,
            open: Vec::new(),
            is_name_due: false,
        };
        let mut rest = bytes;
        while let Some((first, after)) = rest.split_first() {
            rest = match scan.take(*first, after) {
                Ok(rest) => rest,
                Err(reason) => return Some(refused(reason)),
            };
        }
        (!scan.open.is_empty()).then(|| refused("is not JSON: it ends too early"))
    }
}

struct Scan<'a> {
    limits: &'a JsonLimits,
    open: Vec<Level>,
    /// In an object, before a name.
    is_name_due: bool,
}

struct Level {
    is_object: bool,
    members: u32,
    /// The next thing is a member's beginning.
    is_due: bool,
}

impl Scan<'_> {
    /// Takes one token in; what is left after it.
    fn take<'b>(&mut self, first: u8, after: &'b [u8]) -> Result<&'b [u8], String> {
        match first {
            b' ' | b'\t' | b'\r' | b'\n' => Ok(after),
            b'{' | b'[' => {
                self.member()?;
                self.open.push(Level {
                    is_object: first == b'{',
                    members: 0,
                    is_due: true,
                });
                self.is_name_due = first == b'{';
                let depth = self.open.len() as u64;
                within(
                    depth,
                    self.limits.depth.min(HARD_DEPTH),
                    HARD_DEPTH,
                    "levels inside each other",
                )?;
                Ok(after)
            }
            b'}' | b']' => {
                let closed = self.open.pop();
                if closed.is_none_or(|it| it.is_object != (first == b'}')) {
                    return Err("is not JSON: a bracket closes that was not opened".to_owned());
                }
                self.is_name_due = false;
                Ok(after)
            }
            b',' => {
                if let Some(level) = self.open.last_mut() {
                    level.is_due = true;
                    self.is_name_due = level.is_object;
                }
                Ok(after)
            }
            b':' => {
                self.is_name_due = false;
                Ok(after)
            }
            b'"' => self.text(after),
            _ => {
                self.member()?;
                let is_part =
                    |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
                if !is_part(&first) {
                    return Err(
                        "is not JSON: it has a character that has no place there".to_owned()
                    );
                }
                let end = after.iter().position(|byte| !is_part(byte));
                Ok(end.and_then(|end| after.get(end..)).unwrap_or_default())
            }
        }
    }

    /// A member of what is open begins, if one is due.
    fn member(&mut self) -> Result<(), String> {
        let Some(level) = self.open.last_mut() else {
            return Ok(());
        };
        if !std::mem::take(&mut level.is_due) {
            return Ok(());
        }
        level.members = level.members.saturating_add(1);
        let count = u64::from(level.members);
        match level.is_object {
            true => within(count, self.limits.properties, 0, "properties in one object"),
            false => within(count, self.limits.elements, 0, "elements in one array"),
        }
    }

    fn text<'b>(&mut self, after: &'b [u8]) -> Result<&'b [u8], String> {
        self.member()?;
        let (limit, what) = match self.is_name_due {
            true => (self.limits.name, "characters in one property's name"),
            false => (self.limits.text, "characters in one text"),
        };
        let mut count = 0;
        let mut rest = after.iter();
        while let Some(byte) = rest.next() {
            match byte {
                b'"' => {
                    within(count, limit, 0, what)?;
                    return Ok(rest.as_slice());
                }
                b'\\' => {
                    // Four digits of a code are one character with their mark.
                    if rest.next() == Some(&b'u') {
                        let _ = rest.nth(3);
                    }
                    count += 1;
                }
                0x80..=0xbf => {}
                _ => count += 1,
            }
        }
        Err("is not JSON: a text does not end".to_owned())
    }
}

fn within(count: u64, limit: u32, hard: u32, what: &str) -> Result<(), String> {
    let limit = match limit {
        0 => hard,
        limit => limit,
    };
    match limit > 0 && count > u64::from(limit) {
        true => Err(format!("has more than {limit} {what}")),
        false => Ok(()),
    }
}

/// Deeper than anybody's data, and than many readers survive.
const HARD_DEPTH: u32 = 1_000;
