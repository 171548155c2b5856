//! Names of traces and spans: lower-case hexadecimal digits and nothing else.

/// Appends the last `digits` hexadecimal digits of a number. In halves: Wasm has no number of 128 bits, and every call
/// writes two dozen bytes of them.
pub(crate) fn push(text: &mut String, number: u128, digits: u32) {
    for at in (0..digits).rev() {
        let half = if at < 16 { number } else { number >> 64 };
        let nibble = (half as u64 >> (4 * (at % 16))) as u8 & 0xf;
        let first = if nibble < 10 { b'0' } else { b'a' - 10 };
        text.push(char::from(first + nibble));
    }
}

/// The number that these digits are; `None` when one of them is no lower-case hexadecimal digit.
pub(crate) fn parse(digits: &[u8]) -> Option<u128> {
    digits.iter().try_fold(0_u128, |number, digit| {
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        Some(number << 4 | u128::from(value))
    })
}
