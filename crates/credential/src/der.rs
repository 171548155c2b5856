//! As much of DER (X.690) as reading a certificate (RFC 5280 section 4.1) takes.

/// The subject of a certificate: the content of its name.
pub(crate) fn subject(der: &[u8]) -> Option<&[u8]> {
    let name = from_subject(der)?;
    Some(Element::first(name)?.of(SEQUENCE)?.0)
}

/// The key of a certificate: a whole `SubjectPublicKeyInfo`.
pub(crate) fn key(der: &[u8]) -> Option<&[u8]> {
    let name = from_subject(der)?;
    let (_, rest) = Element::first(name)?.of(SEQUENCE)?;
    let key = Element::first(rest)?;
    let length = rest.len().checked_sub(key.rest.len())?;
    rest.get(..length)
}

/// The part of a certificate that begins with the subject.
fn from_subject(der: &[u8]) -> Option<&[u8]> {
    let certificate = Element::only(der, SEQUENCE)?;
    let (to_be_signed, _) = Element::first(certificate)?.of(SEQUENCE)?;
    let first = Element::first(to_be_signed)?;
    let mut rest = if first.tag == VERSION {
        first.rest
    } else {
        to_be_signed
    };
    // Serial number, algorithm, issuer, validity.
    for tag in [INTEGER, SEQUENCE, SEQUENCE, SEQUENCE] {
        (_, rest) = Element::first(rest)?.of(tag)?;
    }
    Some(rest)
}

/// One element of DER (X.690), and what follows it.
pub(crate) struct Element<'d> {
    pub(crate) tag: u8,
    pub(crate) content: &'d [u8],
    pub(crate) rest: &'d [u8],
}

impl<'d> Element<'d> {
    pub(crate) fn first(der: &'d [u8]) -> Option<Self> {
        let (tag, rest) = der.split_first()?;
        let (first, rest) = rest.split_first()?;
        let (length, rest) = if *first < 0x80 {
            (usize::from(*first), rest)
        } else {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            // Three bytes are 16 MiB.
            if digits.is_empty() || digits.len() > 3 {
                return None;
            }
            let length = digits
                .iter()
                .fold(0, |sum, digit| sum << 8 | usize::from(*digit));
            (length, rest)
        };
        let (content, rest) = rest.split_at_checked(length)?;
        Some(Self {
            tag: *tag,
            content,
            rest,
        })
    }

    /// Content and rest, if it is of this kind.
    pub(crate) fn of(self, tag: u8) -> Option<(&'d [u8], &'d [u8])> {
        (self.tag == tag).then_some((self.content, self.rest))
    }

    /// The content of the one element that `der` is.
    pub(crate) fn only(der: &'d [u8], tag: u8) -> Option<&'d [u8]> {
        let (content, rest) = Self::first(der)?.of(tag)?;
        rest.is_empty().then_some(content)
    }
}

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OBJECT_ID: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
pub(crate) const VERSION: u8 = 0xa0;
