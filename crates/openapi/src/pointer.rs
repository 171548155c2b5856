//! JSON pointers: built on the way down without allocating, written only when there is something to report.

use std::fmt;

use serde_json::Value;

/// A place in the document, as a chain back to the root.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pointer<'a> {
    parent: Option<&'a Self>,
    segment: &'a str,
}

impl<'a> Pointer<'a> {
    /// The document itself.
    pub(crate) const ROOT: Pointer<'static> = Pointer {
        parent: None,
        segment: "",
    };

    /// The member (or, by its number, the item) `segment` of the value here.
    pub(crate) const fn at(&'a self, segment: &'a str) -> Self {
        Self {
            parent: Some(self),
            segment,
        }
    }
}

impl fmt::Display for Pointer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(parent) = self.parent else {
            return Ok(());
        };
        parent.fmt(f)?;
        write_segment(f, self.segment)
    }
}

/// Writes `/segment`, escaped by RFC 6901 section 3.
pub(crate) fn write_segment(out: &mut impl fmt::Write, segment: &str) -> fmt::Result {
    out.write_char('/')?;
    for character in segment.chars() {
        match character {
            '~' => out.write_str("~0")?,
            '/' => out.write_str("~1")?,
            other => out.write_char(other)?,
        }
    }
    Ok(())
}

/// Where a `$ref` leads.
pub(crate) enum Target<'d> {
    /// To this value of the same document.
    Found(&'d Value),
    /// To a place of the same document where nothing is.
    Missing,
    /// To a name set by `$anchor`, which is looked up by nobody here.
    Anchor,
    /// To another file or address.
    External,
}

/// Follows one `$ref`.
pub(crate) fn resolve<'d>(document: &'d Value, reference: &str) -> Target<'d> {
    let Some(fragment) = reference.strip_prefix('#') else {
        return Target::External;
    };
    if !fragment.is_empty() && !fragment.starts_with('/') {
        return Target::Anchor;
    }
    let found = document
        .pointer(fragment)
        .or_else(|| document.pointer(&percent_decoded(fragment)));
    found.map_or(Target::Missing, Target::Found)
}

/// A fragment as text: `%7B` is `{`. Sequences that are no UTF-8 stay as they stand.
fn percent_decoded(fragment: &str) -> String {
    let mut bytes = Vec::with_capacity(fragment.len());
    let mut rest = fragment.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let decoded = (first == b'%')
            .then(|| tail.split_first_chunk::<2>())
            .flatten()
            .and_then(|(digits, after)| Some((hex_byte(*digits)?, after)));
        if let Some((byte, after)) = decoded {
            bytes.push(byte);
            rest = after;
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| fragment.to_owned())
}

fn hex_byte(digits: [u8; 2]) -> Option<u8> {
    let [high, low] = digits.map(|digit| char::from(digit).to_digit(16));
    u8::try_from(high? * 16 + low?).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pointer_escapes_slash_and_tilde() {
        let paths = Pointer::ROOT.at("paths");
        assert_eq!(paths.at("/a~b").to_string(), "/paths/~1a~0b");
        assert_eq!(Pointer::ROOT.to_string(), "");
    }

    #[test]
    fn reference_may_be_percent_encoded() {
        let document = json!({"paths": {"/a/{id}": 1, "/b%7D": 2}});
        for (reference, expected) in [
            ("#/paths/~1a~1{id}", Some(1)),
            ("#/paths/~1a~1%7Bid%7d", Some(1)),
            ("#/paths/~1b%7D", Some(2)),
            ("#/paths/~1c", None),
            ("#/paths/%", None),
            ("#/paths/%zz", None),
        ] {
            let found = match resolve(&document, reference) {
                Target::Found(value) => value.as_i64(),
                Target::Missing | Target::Anchor | Target::External => None,
            };
            assert_eq!(found, expected, "{reference}");
        }
    }

    #[test]
    fn reference_kinds_are_told_apart() {
        let document = json!({});
        assert!(matches!(resolve(&document, "#"), Target::Found(_)));
        assert!(matches!(resolve(&document, "#node"), Target::Anchor));
        assert!(matches!(
            resolve(&document, "other.yaml#/a"),
            Target::External
        ));
    }
}
