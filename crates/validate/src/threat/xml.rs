//! Limits of XML: one pass over the bytes. No DTD and no entity from elsewhere, unless they are allowed; entities that
//! multiply are counted as what they would become, without ever making it.

mod entity;

use serde::{Deserialize, Serialize};

use super::refused;
use crate::contract::Violation;
use entity::Entities;

/// WSO2's limits for XML. 0 is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct XmlLimits {
    /// A document type is allowed (`dtdEnabled`).
    pub dtd: bool,
    /// Entities from elsewhere are allowed (`externalEntitiesEnabled`).
    pub external_entities: bool,
    /// Elements inside each other (`maxDepth`).
    pub depth: u32,
    /// Elements in all (`maxElementCount`).
    pub elements: u32,
    /// Attributes of one element (`maxAttributeCount`).
    pub attributes: u32,
    /// Bytes of one attribute's value (`maxAttributeLength`).
    pub attribute: u32,
    /// Entities that the document expands, those inside others counted in (`entityExpansionLimit`).
    pub expansions: u32,
    /// Elements directly inside one (`maxChildrenPerElement`).
    pub children: u32,
}

impl XmlLimits {
    /// The first limit that is passed, or that the bytes are no XML.
    #[must_use]
    pub fn scan(&self, bytes: &[u8]) -> Option<Violation> {
        // In another encoding the same characters are other bytes, which an upstream would read and this would not.
        let Ok(text) = std::str::from_utf8(bytes) else {
            return Some(refused("is not XML in UTF-8"));
        };
        if text.contains('\0') {
            return Some(refused("is not XML in UTF-8"));
        }
        let mut scan = Scan {
            limits: self,
            children: Vec::new(),
            elements: 0,
            expanded: 0,
            entities: Entities::default(),
        };
        scan.document(text).err().map(refused)
    }
}

struct Scan<'a> {
    limits: &'a XmlLimits,
    /// How many elements each open one has.
    children: Vec<u32>,
    elements: u32,
    expanded: u64,
    entities: Entities<'a>,
}

impl<'a> Scan<'a> {
    fn document(&mut self, text: &'a str) -> Result<(), String> {
        let mut rest = text;
        while let Some(at) = rest.find('<') {
            let (before, tag) = rest.split_at(at);
            self.references(before)?;
            rest = if let Some(inner) = tag.strip_prefix("<!--") {
                after(inner, "-->")?
            } else if let Some(inner) = tag.strip_prefix("<![CDATA[") {
                after(inner, "]]>")?
            } else if let Some(inner) = tag.strip_prefix("<?") {
                after(inner, "?>")?
            } else if let Some(inner) = tag.strip_prefix("<!") {
                self.declaration(inner)?
            } else if let Some(inner) = tag.strip_prefix("</") {
                if self.children.pop().is_none() {
                    return Err("is not XML: an element closes that was not opened".to_owned());
                }
                after(inner, ">")?
            } else {
                self.element(tag.strip_prefix('<').unwrap_or_default())?
            };
        }
        self.references(rest)?;
        match self.children.is_empty() {
            true => Ok(()),
            false => Err("is not XML: it ends too early".to_owned()),
        }
    }

    /// `DOCTYPE`, up to its end; the entities in it are noted.
    fn declaration(&mut self, inner: &'a str) -> Result<&'a str, String> {
        if !self.limits.dtd {
            return Err("has a document type (DTD), which is not allowed here".to_owned());
        }
        let mut rest = inner;
        let mut is_inside = false;
        loop {
            let at = rest
                .find(['[', ']', '>', '"', '\'', '<'])
                .ok_or("is not XML: its document type does not end")?;
            let (before, from) = rest.split_at(at);
            if before.contains("SYSTEM") || before.contains("PUBLIC") {
                self.external()?;
            }
            let next = from.get(1..).unwrap_or_default();
            rest = match from.as_bytes().first() {
                Some(b'[') => {
                    is_inside = true;
                    next
                }
                Some(b']') => {
                    is_inside = false;
                    next
                }
                Some(b'"') => after(next, "\"")?,
                Some(b'\'') => after(next, "'")?,
                Some(b'<') if next.starts_with("!--") => after(next, "-->")?,
                Some(b'<') if next.starts_with('?') => after(next, "?>")?,
                Some(b'<') => self.markup(next)?,
                _ if is_inside => next,
                _ => return Ok(next),
            };
        }
    }

    fn markup(&mut self, inner: &'a str) -> Result<&'a str, String> {
        let (found, rest) = self.entities.declare(inner)?;
        if found.is_external {
            self.external()?;
        }
        Ok(rest)
    }

    fn external(&self) -> Result<(), String> {
        match self.limits.external_entities {
            true => Ok(()),
            false => {
                Err("refers to an entity from elsewhere, which is not allowed here".to_owned())
            }
        }
    }

    fn element(&mut self, inner: &'a str) -> Result<&'a str, String> {
        self.elements = self.elements.saturating_add(1);
        within(self.elements, self.limits.elements, "elements")?;
        if let Some(siblings) = self.children.last_mut() {
            *siblings = siblings.saturating_add(1);
            within(
                *siblings,
                self.limits.children,
                "elements directly inside one",
            )?;
        }
        let depth = u32::try_from(self.children.len() + 1).unwrap_or(u32::MAX);
        within(depth, self.limits.depth, "elements inside each other")?;
        let mut rest = inner;
        let mut attributes = 0_u32;
        loop {
            let at = rest
                .find(['>', '"', '\'', '<'])
                .ok_or("is not XML: an element does not end")?;
            let (before, from) = rest.split_at(at);
            let next = from.get(1..).unwrap_or_default();
            let quote = match from.as_bytes().first() {
                Some(b'"') => "\"",
                Some(b'\'') => "'",
                Some(b'>') => {
                    if !before.ends_with('/') {
                        self.children.push(0);
                    }
                    return Ok(next);
                }
                _ => return Err("is not XML: `<` inside an element's tag".to_owned()),
            };
            let (value, more) = next
                .split_once(quote)
                .ok_or("is not XML: an attribute does not end")?;
            attributes = attributes.saturating_add(1);
            within(
                attributes,
                self.limits.attributes,
                "attributes in one element",
            )?;
            let length = u32::try_from(value.len()).unwrap_or(u32::MAX);
            within(length, self.limits.attribute, "bytes in one attribute")?;
            self.references(value)?;
            rest = more;
        }
    }

    /// Counts the entities that a text expands.
    fn references(&mut self, text: &'a str) -> Result<(), String> {
        for name in entity::names(text) {
            self.expanded = self.expanded.saturating_add(self.entities.cost(name)?);
            let limit = match self.limits.expansions {
                0 => u64::MAX,
                limit => u64::from(limit),
            };
            if self.expanded > limit {
                return Err(format!("expands more than {limit} entities"));
            }
        }
        Ok(())
    }
}

fn after<'t>(text: &'t str, end: &str) -> Result<&'t str, String> {
    text.split_once(end)
        .map(|(_, rest)| rest)
        .ok_or_else(|| format!("is not XML: there is no `{end}`"))
}

fn within(count: u32, limit: u32, what: &str) -> Result<(), String> {
    match limit > 0 && count > limit {
        true => Err(format!("has more than {limit} {what}")),
        false => Ok(()),
    }
}
