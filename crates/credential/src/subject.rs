//! Whom a certificate is about, as RFC 4514 writes it.

use base64::{Engine as _, prelude::BASE64_STANDARD};

use crate::der::{Element, OBJECT_ID, SEQUENCE, SET, subject};

/// The subject's distinguished name (RFC 4514) of a certificate that is told as RFC 9440 has it: the DER in base64
/// between colons. `None` for what is no such certificate, and for names with anything but text in them.
#[must_use]
pub fn certificate_subject(told: &str) -> Option<String> {
    let text = told.trim().strip_prefix(':')?.strip_suffix(':')?;
    let der = BASE64_STANDARD.decode(text).ok()?;
    let mut rest = subject(&der)?;
    let mut names = Vec::new();
    while !rest.is_empty() {
        let set;
        (set, rest) = Element::first(rest)?.of(SET)?;
        names.push(relative(set)?);
    }
    // The most special name comes first in text, and last in the certificate.
    names.reverse();
    (!names.is_empty()).then(|| names.join(","))
}

/// One relative name; several pairs are joined in the order of the certificate.
fn relative(mut set: &[u8]) -> Option<String> {
    let mut pairs = Vec::new();
    while !set.is_empty() {
        let pair;
        (pair, set) = Element::first(set)?.of(SEQUENCE)?;
        let (kind, value) = Element::first(pair)?.of(OBJECT_ID)?;
        let value = Element::first(value)?;
        if !value.rest.is_empty() || !TEXTS.contains(&value.tag) {
            return None;
        }
        let (_, kind) = KINDS.iter().find(|(bytes, _)| *bytes == kind)?;
        let text = std::str::from_utf8(value.content).ok()?;
        pairs.push(format!("{kind}={}", escaped(text)));
    }
    (!pairs.is_empty()).then(|| pairs.join("+"))
}

/// A value with the backslashes that section 2.4 asks for.
fn escaped(text: &str) -> String {
    let last = text.chars().count().saturating_sub(1);
    let mut escaped = String::with_capacity(text.len());
    for (index, letter) in text.chars().enumerate() {
        let is_special = matches!(letter, '"' | '+' | ',' | ';' | '<' | '>' | '\\')
            || (letter == '#' && index == 0)
            || (letter == ' ' && (index == 0 || index == last));
        if is_special {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

/// `UTF8String`, `PrintableString`, `IA5String`: the others are not UTF-8.
const TEXTS: [u8; 3] = [0x0c, 0x13, 0x16];
/// Section 3 of RFC 4514.
const KINDS: [(&[u8], &str); 9] = [
    (&[0x55, 4, 3], "CN"),
    (&[0x55, 4, 6], "C"),
    (&[0x55, 4, 7], "L"),
    (&[0x55, 4, 8], "ST"),
    (&[0x55, 4, 9], "STREET"),
    (&[0x55, 4, 10], "O"),
    (&[0x55, 4, 11], "OU"),
    (
        &[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 25],
        "DC",
    ),
    (
        &[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 1],
        "UID",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Made with OpenSSL for this test: `/C=CH/O=Example, Inc./OU=Shops/CN=shop`.
    const SHOP: &str = "MIIB3zCCAYWgAwIBAgIUXa1LZvw33FpHlA13Hwi9IWoo5OcwCgYIKoZIzj0EAwIwRDELMAkGA1UEBhMCQ0gxFjAUBgNVBAoMDUV4YW1wbGUsIEluYy4xDjAMBgNVBAsMBVNob3BzMQ0wCwYDVQQDDARzaG9wMCAXDTI2MTEyNjE2NTY0OVoYDzIxMjYxMTAyMTY1NjQ5WjBEMQswCQYDVQQGEwJDSDEWMBQGA1UECgwNRXhhbXBsZSwgSW5jLjEOMAwGA1UECwwFU2hvcHMxDTALBgNVBAMMBHNob3AwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQ8N1MXkFxn5EFjd1U0EoOgI8Pcz/4r6KbILcMID4SFLwyx/OsxCrNVDPokk8JjK2Iuo5gi6n33AVCNtI7zZF0oo1MwUTAdBgNVHQ4EFgQUwWyutoGa9qtgxm9oRAangusDK9wwHwYDVR0jBBgwFoAUwWyutoGa9qtgxm9oRAangusDK9wwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAndvZ3+bLTW0XHYw5drUQZ0BzG/3HWab+3Z9DFSwEJ3QCIHtGTdKFikBeXH91ZCHvel0MXb1bb5fvrADhPJCV7nMz";

    #[test]
    fn name_is_written_as_others_write_it() {
        let found = certificate_subject(&format!(":{SHOP}:"));
        assert_eq!(
            found.as_deref(),
            Some("CN=shop,OU=Shops,O=Example\\, Inc.,C=CH")
        );
    }

    #[test]
    fn what_is_no_certificate_names_nobody() {
        for told in ["", ":", "::", SHOP, ":MAMCAQU=:", ":AAAA:"] {
            assert_eq!(certificate_subject(told), None, "{told}");
        }
        let der = BASE64_STANDARD.decode(SHOP).unwrap();
        for index in 0..der.len() {
            let cut = BASE64_STANDARD.encode(&der[..index]);
            assert_eq!(certificate_subject(&format!(":{cut}:")), None, "{index}");
        }
    }

    #[test]
    fn special_letters_are_escaped() {
        for (text, expected) in [
            ("plain", "plain"),
            (" a b ", "\\ a b\\ "),
            ("#1", "\\#1"),
            ("a#1", "a#1"),
            ("a,b+c;d", "a\\,b\\+c\\;d"),
            ("\"<\\>", "\\\"\\<\\\\\\>"),
        ] {
            assert_eq!(escaped(text), expected, "{text}");
        }
    }
}
