//! Looks for texts that an upstream might take for code. What is looked at is made plain first, as the upstream would
//! come to see it: decoded as often as it is encoded, in lower case, without comments and runs of blanks.

use std::cell::OnceCell;

use regex_lite::Regex;
use serde::{Deserialize, Serialize};

use super::pack::Pack;
use crate::contract::{Violation, compile_regex, decoded};

/// Where is looked, and for what.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Patterns {
    /// Ready-made patterns.
    pub packs: Vec<Pack>,
    /// A pattern of the publisher's own; empty for none.
    pub pattern: String,
    /// Look at path and query.
    pub path: bool,
    /// Look at headers, but for the credential.
    pub headers: bool,
    /// Look at the body.
    pub body: bool,
    #[serde(skip)]
    pub(super) own: OnceCell<Option<Regex>>,
}

impl Patterns {
    /// Path, query and headers.
    pub(super) fn head<'a>(
        &self,
        path: &str,
        query: &str,
        headers: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Option<Violation> {
        if self.path {
            let found = self
                .text("path", path)
                .or_else(|| query.split('&').find_map(|pair| self.parameter(pair)));
            if found.is_some() {
                return found;
            }
        }
        if !self.headers {
            return None;
        }
        let mut others =
            headers.filter(|(name, _)| !CREDENTIALS.contains(name) && !name.starts_with(':'));
        others.find_map(|(name, value)| self.text(&format!("header.{name}"), value))
    }

    fn parameter(&self, pair: &str) -> Option<Violation> {
        let pair = pair.replace('+', " ");
        let (name, value) = pair.split_once('=').unwrap_or((&pair, ""));
        let shown: String = decoded(name).chars().take(100).collect();
        self.text("query", name)
            .or_else(|| self.text(&format!("query.{shown}"), value))
    }

    /// One text.
    pub(super) fn text(&self, place: &str, text: &str) -> Option<Violation> {
        let found = |what: &str| Violation {
            place: place.to_owned(),
            message: format!("looks like {what}"),
        };
        let plain = plain(text);
        if let Some(pack) = self.packs.iter().find(|pack| pack.finds(&plain)) {
            return Some(found(pack.name()));
        }
        let own = self.own.get_or_init(|| compile_regex(&self.pattern).ok());
        let is_found = !self.pattern.is_empty()
            && own
                .as_ref()
                .is_some_and(|own| own.is_match(text) || own.is_match(&decoded(text)));
        is_found.then(|| found("what this API does not accept"))
    }
}

/// As an upstream would come to see it.
fn plain(text: &str) -> String {
    let mut seen = text.to_owned();
    for _ in 0..3 {
        if !seen.contains('%') {
            break;
        }
        seen = decoded(&seen);
    }
    let mut plain = String::with_capacity(seen.len());
    // Looked for once: a text of beginnings without an end would be gone through for each of them.
    let last_end = seen.rfind(END).map_or(usize::MAX, |at| seen.len() - at);
    let mut rest = seen.chars();
    let mut was_blank = false;
    while let Some(first) = rest.next() {
        let (character, after) = one(first, &rest, last_end);
        rest = after;
        let is_blank = character.is_whitespace();
        if !(is_blank && was_blank) {
            plain.push(if is_blank {
                ' '
            } else {
                character.to_ascii_lowercase()
            });
        }
        was_blank = is_blank;
    }
    plain
}

/// One character, out of an escape of JSON or HTML; a comment is a blank. `last_end`: where the last comment ends, in bytes
/// from the end of the text.
fn one<'t>(
    first: char,
    rest: &std::str::Chars<'t>,
    last_end: usize,
) -> (char, std::str::Chars<'t>) {
    let text = rest.as_str();
    let as_it_is = || (first, rest.clone());
    match first {
        '\\' => {
            let Some(escape) = text.strip_prefix(['u', 'x']) else {
                let mark = text.chars().next().unwrap_or(' ');
                return match mark {
                    'n' | 'r' | 't' => (' ', skipped(text, 1)),
                    '"' | '\'' | '/' => (mark, skipped(text, 1)),
                    _ => as_it_is(),
                };
            };
            let length = if text.starts_with('u') { 4 } else { 2 };
            let code = escape
                .get(..length)
                .and_then(|it| u32::from_str_radix(it, 16).ok());
            code.and_then(char::from_u32)
                .map_or_else(as_it_is, |it| (it, skipped(text, length + 1)))
        }
        '&' => {
            let Some((name, _)) = text
                .get(..text.len().min(10))
                .unwrap_or_default()
                .split_once(';')
            else {
                return as_it_is();
            };
            entity(name).map_or_else(as_it_is, |it| (it, skipped(text, name.len() + 1)))
        }
        // The star that begins a comment does not end it.
        '/' if text.starts_with('*') && text.len() > last_end => {
            let inside = text.get(1..).unwrap_or_default();
            inside
                .find(END)
                .map_or_else(as_it_is, |end| (' ', skipped(text, 1 + end + END.len())))
        }
        _ => as_it_is(),
    }
}

fn skipped(text: &str, bytes: usize) -> std::str::Chars<'_> {
    text.get(bytes..).unwrap_or_default().chars()
}

fn entity(name: &str) -> Option<char> {
    let code = name.strip_prefix('#');
    let code = code.and_then(|code| match code.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => code.parse().ok(),
    });
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "colon" => Some(':'),
        "amp" => Some('&'),
        _ => code.and_then(char::from_u32),
    }
}

/// Of a comment.
const END: &str = "*/";
/// Not looked at: they are opaque, and judged by others.
const CREDENTIALS: [&str; 4] = ["authorization", "proxy-authorization", "dpop", "apikey"];
