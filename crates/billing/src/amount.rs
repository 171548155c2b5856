//! Amounts of money.

use std::fmt;

use serde::{Serialize, Serializer};

/// Billionths of a currency's unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(u128);

/// An ISO 4217 code in lower case, as providers write it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Currency(String);

impl Amount {
    /// Reads `9.90`: digits, and at most nine of them behind a point.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let is_good = !whole.is_empty() && whole.len() <= 12 && fraction.len() <= DIGITS;
        if !is_good || !is_digits(whole) || !is_digits(fraction) || text.ends_with('.') {
            return None;
        }
        let units: u128 = whole.parse().ok()?;
        let parts: u128 = format!("{fraction:0<DIGITS$}").parse().ok()?;
        Some(Self(units * UNIT + parts))
    }

    /// So many times the amount.
    #[must_use]
    pub const fn times(self, count: u64) -> Self {
        Self(self.0.saturating_mul(count as u128))
    }

    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// In whole minor units of the currency, halves up.
    #[must_use]
    pub fn minor(self, currency: &Currency) -> u64 {
        let minor = UNIT / currency.minor_units();
        u64::try_from((self.0 + minor / 2) / minor).unwrap_or(u64::MAX)
    }

    /// In minor units, exactly: `0.2` cents are `0.2`.
    #[must_use]
    pub fn minor_decimal(self, currency: &Currency) -> String {
        Self(self.0.saturating_mul(currency.minor_units())).to_string()
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (units, parts) = (self.0 / UNIT, self.0 % UNIT);
        if parts == 0 {
            return write!(f, "{units}");
        }
        let digits = format!("{parts:0>DIGITS$}");
        write!(f, "{units}.{}", digits.trim_end_matches('0'))
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Currency {
    /// Three letters.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let is_code = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
        is_code.then(|| Self(text.to_ascii_lowercase()))
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Minor units in one unit: most have a hundred, some none.
    fn minor_units(&self) -> u128 {
        if WHOLE.contains(&self.0.as_str()) {
            1
        } else {
            100
        }
    }
}

/// Minor units of a currency as people write them: 1234 of `usd` are `12.34`.
#[must_use]
pub fn minor_text(minor: u64, currency: &str) -> String {
    if WHOLE.contains(&currency) {
        return minor.to_string();
    }
    format!("{}.{:02}", minor / 100, minor % 100)
}

const DIGITS: usize = 9;
const UNIT: u128 = 1_000_000_000;
/// Currencies that payment providers take in whole units.
const WHOLE: [&str; 16] = [
    "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv",
    "xaf", "xof", "xpf",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minor_units_are_written_for_people() {
        for (minor, currency, expected) in [
            (1_234, "usd", "12.34"),
            (5, "chf", "0.05"),
            (0, "eur", "0.00"),
            (500, "jpy", "500"),
        ] {
            assert_eq!(minor_text(minor, currency), expected);
        }
    }

    #[test]
    fn amounts_are_read_exactly() {
        for (text, expected) in [
            ("9.90", Some("9.9")),
            ("0.000000001", Some("0.000000001")),
            ("12", Some("12")),
        ] {
            assert_eq!(
                Amount::read(text).map(|it| it.to_string()).as_deref(),
                expected,
                "{text}"
            );
        }
        for bad in [
            "",
            ".5",
            "5.",
            "-1",
            "1e3",
            "1,5",
            "0.0000000001",
            "1234567890123",
        ] {
            assert_eq!(Amount::read(bad), None, "{bad}");
        }
    }

    #[test]
    fn halves_are_rounded_up_once() {
        let (usd, jpy) = (
            Currency::read("USD").unwrap(),
            Currency::read("jpy").unwrap(),
        );
        let price = Amount::read("0.0005").unwrap();
        assert_eq!(price.minor_decimal(&usd), "0.05");
        assert_eq!(
            (price.times(10).minor(&usd), price.times(9).minor(&usd)),
            (1, 0)
        );
        assert_eq!(Amount::read("1.5").unwrap().minor(&jpy), 2);
    }
}
