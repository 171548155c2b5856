//! ECDSA signatures: authenticators write DER, WebCrypto reads the two numbers side by side.

/// `r` and `s` of 32 bytes each, from `SEQUENCE { INTEGER r, INTEGER s }` in DER; `None` for anything else.
pub(super) fn raw_of_der(der: &[u8]) -> Option<Vec<u8>> {
    let (body, rest) = element(der, 0x30)?;
    let (r, body) = element(body, 0x02)?;
    let (s, body) = element(body, 0x02)?;
    if !rest.is_empty() || !body.is_empty() {
        return None;
    }
    let mut raw = padded(r)?;
    raw.extend(padded(s)?);
    Some(raw)
}

/// The content of an element with this tag, and what follows it. Lengths fit one byte: 72 at the most.
fn element(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (found, rest) = bytes.split_first()?;
    let (length, rest) = rest.split_first()?;
    if *found != tag || *length >= 0x80 {
        return None;
    }
    rest.split_at_checked(usize::from(*length))
}

/// A positive number without needless zeros in front, as 32 bytes.
fn padded(number: &[u8]) -> Option<Vec<u8>> {
    let digits = match number {
        [] => return None,
        [0, next, ..] if *next < 0x80 => return None,
        [0, digits @ ..] => digits,
        [first, ..] if *first >= 0x80 => return None,
        digits => digits,
    };
    let missing = 32_usize.checked_sub(digits.len())?;
    let mut padded = vec![0; missing];
    padded.extend_from_slice(digits);
    Some(padded)
}

#[cfg(test)]
mod tests {
    use super::raw_of_der;

    #[test]
    fn numbers_are_padded_and_nothing_else_passes() {
        let mut expected = vec![0; 31];
        expected.push(0x80);
        expected.extend([0; 30]);
        expected.extend([1, 2]);
        let good = [0x30, 8, 2, 2, 0, 0x80, 2, 2, 1, 2];
        assert_eq!(raw_of_der(&good), Some(expected));
        for bad in [
            &good[..9],
            &[0x30, 8, 2, 2, 0, 0x80, 2, 2, 1, 2, 0][..],
            &[0x31, 8, 2, 2, 0, 0x80, 2, 2, 1, 2],
            &[0x30, 8, 2, 2, 0, 0x70, 2, 2, 1, 2],
            &[0x30, 7, 2, 1, 0x80, 2, 2, 1, 2],
            &[0x30, 4, 2, 0, 2, 0],
            &[0x30, 0x81, 8, 2, 2, 0, 0x80, 2, 2, 1, 2],
            &[],
        ] {
            assert_eq!(raw_of_der(bad), None, "{bad:?}");
        }
        let mut long = vec![0x30, 38, 2, 33];
        long.extend([1; 33]);
        long.extend([2, 1, 1]);
        assert_eq!(raw_of_der(&long), None);
    }
}
