//! The one canonical spelling of a path, or a refusal.
//!
//! Paths that two parsers read differently are how callers get past a gateway. So there is one spelling: unreserved
//! characters decoded, hexadecimal digits in upper case, runs of `/` folded, no trailing slash. What an upstream might
//! read as another path (dot segments also behind `;` or doubly encoded, encoded slashes, backslashes, control
//! characters, broken percent codes, invalid UTF-8) is refused rather than repaired.

use std::fmt;

/// A canonical path: starts with `/`, has no empty segment and no trailing slash (but for `/` itself).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path(String);

/// Why a path was refused; all are 400.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathFault {
    /// Does not start with `/`.
    NotAbsolute,
    /// `%` without two hexadecimal digits.
    BrokenPercent,
    /// A control character, raw or encoded.
    Control,
    /// A backslash, raw or encoded.
    Backslash,
    /// An encoded slash.
    EncodedSlash,
    /// A segment that is `.` or `..`, also before `;` or after decoding twice.
    DotSegment,
    /// Encoded bytes that are not UTF-8, or raw characters beyond ASCII that no client sends.
    NotText,
}

impl fmt::Display for PathFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAbsolute => "the path does not start with `/`",
            Self::BrokenPercent => "the path has a `%` that two hexadecimal digits do not follow",
            Self::Control => "the path has a control character",
            Self::Backslash => "the path has a backslash",
            Self::EncodedSlash => "the path has an encoded slash (`%2F`)",
            Self::DotSegment => "the path has a `.` or `..` segment; send the path that you mean",
            Self::NotText => "the path is not UTF-8 text",
        })
    }
}

impl Path {
    /// Brings a raw request target (without query) into its canonical spelling. Idempotent.
    ///
    /// # Errors
    /// The first fault found; see [`PathFault`].
    pub fn parse(raw: &str) -> Result<Self, PathFault> {
        if !raw.starts_with('/') {
            return Err(PathFault::NotAbsolute);
        }
        let mut canonical = String::with_capacity(raw.len());
        for segment in raw.split('/').filter(|segment| !segment.is_empty()) {
            canonical.push('/');
            push_segment(&mut canonical, segment)?;
        }
        if canonical.is_empty() {
            canonical.push('/');
        }
        Ok(Self(canonical))
    }

    /// The domain of a tenant and the path below it, of `/t/{domain}/...`: WSO2's addresses of APIs.
    #[must_use]
    pub fn of_tenant(&self) -> Option<(&str, Self)> {
        let rest = self.0.strip_prefix("/t/")?;
        let slash = rest.bytes().position(|byte| byte == b'/')?;
        let (domain, below) = rest.split_at_checked(slash)?;
        Some((domain, Self(below.to_owned())))
    }

    /// The canonical spelling.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn push_segment(canonical: &mut String, segment: &str) -> Result<(), PathFault> {
    // Nearly every segment: nothing to decode, nothing to encode.
    if segment.bytes().all(is_plain) {
        if is_dots(segment.as_bytes()) {
            return Err(PathFault::DotSegment);
        }
        canonical.push_str(segment);
        return Ok(());
    }
    let bytes = decode(segment.as_bytes())?;
    std::str::from_utf8(&bytes).map_err(|_| PathFault::NotText)?;
    refuse(&bytes)?;
    // A second decoding shows what an upstream that decodes twice would see; what is not encoded twice has no second one.
    if let Ok(twice) = decode(&bytes) {
        refuse(&twice)?;
    }
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            push(canonical, byte);
            continue;
        }
        let code = rest.next().and_then(hex).unwrap_or_default() * 16
            + rest.next().and_then(hex).unwrap_or_default();
        if is_unreserved(code) {
            canonical.push(char::from(code))
        } else {
            push_code(canonical, code)
        }
    }
    Ok(())
}

/// What no decoded segment may hold.
fn refuse(segment: &[u8]) -> Result<(), PathFault> {
    if segment.contains(&b'/') {
        return Err(PathFault::EncodedSlash);
    }
    if segment.contains(&b'\\') {
        return Err(PathFault::Backslash);
    }
    if segment.iter().any(u8::is_ascii_control) {
        return Err(PathFault::Control);
    }
    if is_dots(segment) {
        return Err(PathFault::DotSegment);
    }
    Ok(())
}

/// `.` or `..`, whatever follows a `;`.
fn is_dots(segment: &[u8]) -> bool {
    let name = segment
        .split(|byte| *byte == b';')
        .next()
        .unwrap_or_default();
    matches!(name, b"." | b"..")
}

pub(crate) fn decode(text: &[u8]) -> Result<Vec<u8>, PathFault> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter().copied();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let high = rest.next().and_then(hex).ok_or(PathFault::BrokenPercent)?;
            let low = rest.next().and_then(hex).ok_or(PathFault::BrokenPercent)?;
            bytes.push(high * 16 + low);
        } else {
            bytes.push(byte);
        }
    }
    Ok(bytes)
}

const fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// RFC 3986: the characters whose encoded form means the same as their plain one.
const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// A character that a path segment may hold as it is (RFC 3986 `pchar`).
fn is_plain(byte: u8) -> bool {
    is_unreserved(byte) || b"!$&'()*+,;=:@".contains(&byte)
}

/// A raw character as it is when a path segment may hold it, encoded otherwise.
fn push(canonical: &mut String, byte: u8) {
    if is_plain(byte) {
        canonical.push(char::from(byte));
    } else {
        push_code(canonical, byte);
    }
}

fn push_code(canonical: &mut String, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    canonical.push('%');
    for digit in [byte >> 4, byte & 15] {
        canonical.push(char::from(
            DIGITS.get(usize::from(digit)).copied().unwrap_or(b'0'),
        ));
    }
}

#[cfg(test)]
mod tests;
