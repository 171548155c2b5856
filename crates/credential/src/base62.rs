//! Numbers in the digits `0-9A-Za-z`: survives every double click, header, URL and shell without quoting.

/// `bytes` as one big number in base 62, padded with zeros to `width` digits. More digits than `width` never occur when
/// `width` is at least `ceil(bytes.len() * 8 / log2(62))`: 43 for 32 bytes, 6 for 4.
pub(crate) fn encode(bytes: &[u8], width: usize) -> String {
    let mut number = bytes.to_vec();
    let mut digits: Vec<u8> = Vec::with_capacity(width);
    while number.iter().any(|byte| *byte != 0) {
        digits.push(divide(&mut number));
    }
    digits.resize(digits.len().max(width), 0);
    digits.iter().rev().map(|digit| letter(*digit)).collect()
}

pub(crate) fn is_base62(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Divides the big-endian number by 62 in place; the remainder.
fn divide(number: &mut [u8]) -> u8 {
    let mut remainder = 0_u16;
    for byte in number {
        let current = (remainder << 8) | u16::from(*byte);
        *byte = (current / 62) as u8;
        remainder = current % 62;
    }
    remainder as u8
}

fn letter(digit: u8) -> char {
    char::from(match digit {
        0..=9 => b'0' + digit,
        10..=35 => b'A' + digit - 10,
        _ => b'a' + digit.saturating_sub(36),
    })
}

#[cfg(test)]
mod tests {
    use super::encode;

    #[test]
    fn widths_fit_the_largest_numbers() {
        assert_eq!(encode(&[0xff; 32], 43).len(), 43);
        assert_eq!(encode(&[0xff; 4], 6).len(), 6);
        assert_eq!(encode(&[0; 4], 6), "000000");
        assert_eq!(encode(&[61], 1), "z");
        assert_eq!(encode(&[62], 2), "10");
    }
}
