//! What a certificate says that somebody uploads: X.509 (RFC 5280), as PEM, as DER, or as DER in base64.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use model::Timestamp;

use crate::{
    certificate::certificate_thumbprint,
    der::{Element, INTEGER, SEQUENCE, VERSION},
    subject::certificate_subject,
};

/// A certificate that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadCertificate {
    /// The DER in base64.
    pub der: String,
    /// `x5t#S256` of RFC 8705.
    pub thumbprint: String,
    /// Its subject (RFC 4514); `None` for one that is empty or has anything but text in it.
    pub subject: Option<String>,
    /// Good from then on.
    pub not_before: Timestamp,
    /// Not good any more after then.
    pub not_after: Timestamp,
    /// 1, 2 or 3.
    pub version: u8,
}

impl ReadCertificate {
    /// Reads what was uploaded; of several certificates in one PEM the first, which is the client's own. `None` for anything
    /// that is no certificate.
    #[must_use]
    pub fn parse(uploaded: &[u8]) -> Option<Self> {
        let der = match std::str::from_utf8(uploaded) {
            Ok(text) => unarmoured(text)?,
            Err(_) => uploaded.to_vec(),
        };
        let (version, validity) = version_and_validity(&der)?;
        let (not_before, rest) = time(validity)?;
        let (not_after, _) = time(rest)?;
        let text = BASE64_STANDARD.encode(&der);
        let told = format!(":{text}:");
        Some(Self {
            thumbprint: certificate_thumbprint(&told)?,
            subject: certificate_subject(&told),
            not_before,
            not_after,
            version,
            der: text,
        })
    }
}

/// The DER of a PEM, or of base64 alone.
pub(crate) fn unarmoured(text: &str) -> Option<Vec<u8>> {
    let inner = match text.split_once(BEGIN) {
        Some((_, rest)) => rest.split_once(END)?.0,
        None => text,
    };
    let digits: String = inner.split_ascii_whitespace().collect();
    BASE64_STANDARD.decode(digits).ok()
}

/// Both as they stand in the part that is signed.
fn version_and_validity(der: &[u8]) -> Option<(u8, &[u8])> {
    let certificate = Element::only(der, SEQUENCE)?;
    let (to_be_signed, _) = Element::first(certificate)?.of(SEQUENCE)?;
    let first = Element::first(to_be_signed)?;
    let (version, mut rest) = if first.tag == VERSION {
        let number = Element::only(first.content, INTEGER)?;
        (number.last()?.checked_add(1)?, first.rest)
    } else {
        (1, to_be_signed)
    };
    // Serial number, algorithm, issuer.
    for tag in [INTEGER, SEQUENCE, SEQUENCE] {
        (_, rest) = Element::first(rest)?.of(tag)?;
    }
    Some((version, Element::first(rest)?.of(SEQUENCE)?.0))
}

/// One moment, and what follows it: `YYMMDDHHMMSSZ` or `YYYYMMDDHHMMSSZ` (RFC 5280 section 4.1.2.5).
fn time(der: &[u8]) -> Option<(Timestamp, &[u8])> {
    let element = Element::first(der)?;
    let digits = element.content.strip_suffix(b"Z")?;
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let text = std::str::from_utf8(digits).ok()?;
    let (year, rest) = match (element.tag, text.len()) {
        (UTC_TIME, 12) => {
            let (year, rest) = text.split_at_checked(2)?;
            let year: i64 = year.parse().ok()?;
            (year + if year < 50 { 2000 } else { 1900 }, rest)
        }
        (GENERALIZED_TIME, 14) => {
            let (year, rest) = text.split_at_checked(4)?;
            (year.parse().ok()?, rest)
        }
        _ => return None,
    };
    let mut pairs = rest.as_bytes().chunks(2).map(|pair| {
        let text = std::str::from_utf8(pair).unwrap_or_default();
        text.parse::<i64>().unwrap_or_default()
    });
    let mut next = || pairs.next().unwrap_or_default();
    let (month, day, hour, minute, second) = (next(), next(), next(), next(), next());
    let is_a_date = (1..=12).contains(&month) && (1..=31).contains(&day);
    if !is_a_date || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let seconds = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
    Some((Timestamp::from_seconds(seconds), element.rest))
}

/// Days from 1970-01-01 to a date of the Gregorian calendar, whose years here begin with March.
const fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leaps + (month * 153 + 2) / 5 + day - 1 - DAYS_TO_1970
}

const DAYS_TO_1970: i64 = 719_468;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

#[cfg(test)]
mod tests {
    use super::*;

    /// Made with OpenSSL for this test: `/C=CH/O=Example, Inc./OU=Shops/CN=shop`, good from 2026-11-26 16:56:49 for a
    /// hundred years.
    const SHOP: &str = "MIIB3zCCAYWgAwIBAgIUXa1LZvw33FpHlA13Hwi9IWoo5OcwCgYIKoZIzj0EAwIwRDELMAkGA1UEBhMCQ0gxFjAUBgNVBAoMDUV4YW1wbGUsIEluYy4xDjAMBgNVBAsMBVNob3BzMQ0wCwYDVQQDDARzaG9wMCAXDTI2MTEyNjE2NTY0OVoYDzIxMjYxMTAyMTY1NjQ5WjBEMQswCQYDVQQGEwJDSDEWMBQGA1UECgwNRXhhbXBsZSwgSW5jLjEOMAwGA1UECwwFU2hvcHMxDTALBgNVBAMMBHNob3AwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQ8N1MXkFxn5EFjd1U0EoOgI8Pcz/4r6KbILcMID4SFLwyx/OsxCrNVDPokk8JjK2Iuo5gi6n33AVCNtI7zZF0oo1MwUTAdBgNVHQ4EFgQUwWyutoGa9qtgxm9oRAangusDK9wwHwYDVR0jBBgwFoAUwWyutoGa9qtgxm9oRAangusDK9wwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAndvZ3+bLTW0XHYw5drUQZ0BzG/3HWab+3Z9DFSwEJ3QCIHtGTdKFikBeXH91ZCHvel0MXb1bb5fvrADhPJCV7nMz";

    #[test]
    fn every_form_of_a_certificate_reads_alike() {
        let der = BASE64_STANDARD.decode(SHOP).unwrap();
        let lines: Vec<&str> = SHOP
            .as_bytes()
            .chunks(64)
            .map(|line| std::str::from_utf8(line).unwrap())
            .collect();
        let pem = format!("{BEGIN}\r\n{}\r\n{END}\n", lines.join("\r\n"));
        let read = ReadCertificate::parse(&der).unwrap();
        assert_eq!(ReadCertificate::parse(pem.as_bytes()).as_ref(), Some(&read));
        let chain = format!("text before\n{pem}{pem}");
        assert_eq!(
            ReadCertificate::parse(chain.as_bytes()).as_ref(),
            Some(&read)
        );
        assert_eq!(
            ReadCertificate::parse(SHOP.as_bytes()).as_ref(),
            Some(&read)
        );
        assert_eq!(
            read.subject.as_deref(),
            Some("CN=shop,OU=Shops,O=Example\\, Inc.,C=CH")
        );
        assert_eq!(read.not_before, Timestamp::from_seconds(1_795_712_209));
        assert_eq!(read.not_after, Timestamp::from_seconds(4_949_312_209));
        assert_eq!((read.version, read.der.as_str()), (3, SHOP));
    }

    #[test]
    fn what_is_no_certificate_is_none() {
        let der = BASE64_STANDARD.decode(SHOP).unwrap();
        for index in 0..der.len() {
            assert_eq!(ReadCertificate::parse(&der[..index]), None, "{index}");
        }
        for text in [
            "",
            BEGIN,
            "-----BEGIN CERTIFICATE-----\nMAMCAQU=\n-----END CERTIFICATE-----",
            "nonsense",
        ] {
            assert_eq!(ReadCertificate::parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (year, month, day, expected) in [
            (1970, 1, 1, 0),
            (1970, 3, 1, 59),
            (2000, 2, 29, 11_016),
            (2026, 11, 26, 20_783),
        ] {
            assert_eq!(days(year, month, day), expected, "{year}-{month}-{day}");
        }
    }
}
