//! Names of traces and spans: lower-case hexadecimal digits and nothing else.

/// Appends the last `digits` hexadecimal digits of a number.
pub(crate) fn push(text: &mut String, number: u128, digits: u32) {
    for at in (0..digits).rev() {
        let nibble = (number >> (4 * at)) & 0xf;
        // A nibble is below 16.
        text.push(char::from_digit(nibble as u32, 16).unwrap_or('0'));
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
