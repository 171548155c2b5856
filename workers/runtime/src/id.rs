//! Randomness of the platform, and ids made of it.

use crate::Failure;

/// `N` random bytes from the platform's generator.
///
/// # Errors
/// When the platform refuses, which it does only at start-up.
pub fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).map_err(|error| Failure::Internal(error.to_string()))?;
    Ok(bytes)
}

/// A random UUID (version 4, RFC 9562) in lower-case text.
///
/// # Errors
/// As [`random`].
pub fn uuid() -> Result<String, Failure> {
    use std::fmt::Write as _;
    let mut bytes: [u8; 16] = random()?;
    if let Some(version) = bytes.get_mut(6) {
        *version = (*version & 0x0f) | 0x40;
    }
    if let Some(variant) = bytes.get_mut(8) {
        *variant = (*variant & 0x3f) | 0x80;
    }
    let mut text = String::with_capacity(36);
    for (index, byte) in bytes.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}
