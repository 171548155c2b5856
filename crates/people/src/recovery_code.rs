//! Recovery codes: for the day on which the second factor is lost.

/// How many a person gets at a time.
pub const RECOVERY_CODES: usize = 10;

/// A code of 80 random bits, in four groups of four letters and digits that no eye confuses.
#[must_use]
pub fn recovery_code(random: [u8; 10]) -> String {
    let mut text = String::new();
    let bits = random
        .iter()
        .fold(0_u128, |bits, byte| (bits << 8) | u128::from(*byte));
    for index in 0..DIGITS {
        if index > 0 && index % GROUP == 0 {
            text.push('-');
        }
        let value = (bits >> ((DIGITS - 1 - index) * 5)) & 31;
        let digit = ALPHABET.chars().nth(value as usize);
        text.extend(digit);
    }
    text
}

/// The one spelling of what a person typed, whose digest is compared: case, dashes and spaces say nothing.
#[must_use]
pub fn normalize_code(shown: &str) -> String {
    shown
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(2 * DIGITS)
        .map(|c| match c.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        })
        .collect()
}

const DIGITS: usize = 16;
const GROUP: usize = 4;
/// Crockford's base 32: without i, l, o and u.
const ALPHABET: &str = "0123456789abcdefghjkmnpqrstvwxyz";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_has_every_random_bit() {
        assert_eq!(recovery_code([0; 10]), "0000-0000-0000-0000");
        assert_eq!(recovery_code([255; 10]), "zzzz-zzzz-zzzz-zzzz");
        assert_eq!(
            recovery_code([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
            "0000-0000-0000-0001"
        );
        assert_eq!(
            recovery_code([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            "g000-0000-0000-0000"
        );
    }

    #[test]
    fn spelling_does_not_matter() {
        let code = recovery_code([7; 10]);
        let plain = normalize_code(&code);
        assert_eq!(plain.len(), 16);
        assert_eq!(normalize_code(&code.to_uppercase()), plain);
        assert_eq!(
            normalize_code(&format!(" {} ", code.replace('-', " "))),
            plain
        );
        assert_eq!(normalize_code("OIL"), "011");
    }
}
