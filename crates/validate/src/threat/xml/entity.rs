//! Entities that a document declares, and how many expansions a reference to one costs.

use std::collections::BTreeMap;

/// By name. Declared once each; the first declaration counts, as XML has it.
#[derive(Default)]
pub(super) struct Entities<'a> {
    declared: BTreeMap<&'a str, Entity<'a>>,
}

struct Entity<'a> {
    text: &'a str,
    cost: Option<u64>,
    is_open: bool,
}

/// What a declaration was.
pub(super) struct Declared {
    pub(super) is_external: bool,
}

impl<'a> Entities<'a> {
    /// Reads `!ENTITY name "text">`, or any other declaration; what is left after it.
    pub(super) fn declare(&mut self, inner: &'a str) -> Result<(Declared, &'a str), String> {
        let mut is_external = false;
        let mut rest = inner;
        let mut words = "";
        let mut text = None;
        loop {
            let at = rest
                .find(['>', '"', '\''])
                .ok_or("is not XML: a declaration does not end")?;
            let (before, from) = rest.split_at(at);
            is_external |= before.contains("SYSTEM") || before.contains("PUBLIC");
            if text.is_none() {
                words = before;
            }
            let next = from.get(1..).unwrap_or_default();
            let quote = match from.as_bytes().first() {
                Some(b'"') => "\"",
                Some(b'\'') => "'",
                _ => {
                    rest = next;
                    break;
                }
            };
            let (value, more) = next
                .split_once(quote)
                .ok_or("is not XML: a declaration does not end")?;
            text = text.or(Some(value));
            rest = more;
        }
        let name = words
            .strip_prefix("!ENTITY")
            .and_then(|it| it.split_whitespace().next_back());
        if let Some((name, text)) = name.zip(text) {
            let most = self.declared.len() >= MOST_ENTITIES;
            if most {
                return Err(format!("declares more than {MOST_ENTITIES} entities"));
            }
            self.declared.entry(name).or_insert(Entity {
                text,
                cost: None,
                is_open: false,
            });
        }
        Ok((Declared { is_external }, rest))
    }

    /// Expansions that a reference takes: itself, and those in its text.
    pub(super) fn cost(&mut self, name: &str) -> Result<u64, String> {
        self.cost_within(name, 0)
    }

    fn cost_within(&mut self, name: &str, depth: u32) -> Result<u64, String> {
        let Some(entity) = self.declared.get_mut(name) else {
            return Ok(1);
        };
        if let Some(cost) = entity.cost {
            return Ok(cost);
        }
        if entity.is_open || depth > MOST_DEPTH {
            return Err("has an entity that contains itself".to_owned());
        }
        entity.is_open = true;
        let text = entity.text;
        let mut cost = 1_u64;
        for inner in names(text) {
            cost = cost.saturating_add(self.cost_within(inner, depth + 1)?);
        }
        if let Some(entity) = self.declared.get_mut(name) {
            entity.cost = Some(cost);
            entity.is_open = false;
        }
        Ok(cost)
    }
}

/// Names that a text refers to; neither characters by number nor the five that XML has by itself.
pub(super) fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split(['&', '%'])
        .skip(1)
        .filter_map(|rest| rest.split_once(';').map(|(name, _)| name))
        .filter(|name| {
            !name.is_empty()
                && !name.starts_with('#')
                && !["lt", "gt", "amp", "quot", "apos"].contains(name)
                && !name.contains(char::is_whitespace)
        })
}

/// More than any honest document declares.
const MOST_ENTITIES: usize = 1_000;
/// Entities inside each other; each takes a piece of the stack.
const MOST_DEPTH: u32 = 100;
