//! Colours of sRGB, and how well one can be read on another.

use std::fmt;

/// A colour without transparency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Color([u8; 3]);

impl Color {
    pub(super) const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self([red, green, blue])
    }

    /// `#1a6757`; nothing else, as the text goes into a style sheet.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        if digits.len() != 6 || !digits.bytes().all(|one| one.is_ascii_hexdigit()) {
            return None;
        }
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
        Some(Self([red, green, blue]))
    }

    /// From 1 for the same luminance to 21 for black and white (WCAG 2.2, "contrast ratio").
    pub(super) fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// WCAG 2.2, "relative luminance".
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|channel| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 {
                share / 12.92
            } else {
                ((share + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// With so many of a hundred parts of another colour.
    pub(super) fn mixed(self, other: Self, parts: u16) -> Self {
        let mix = |one: u8, two: u8| {
            let sum = u16::from(one) * (100 - parts) + u16::from(two) * parts;
            u8::try_from((sum + 50) / 100).unwrap_or(u8::MAX)
        };
        let ([red, green, blue], [more_red, more_green, more_blue]) = (self.0, other.0);
        Self([
            mix(red, more_red),
            mix(green, more_green),
            mix(blue, more_blue),
        ])
    }

    /// The first of its tints, from itself to white, that is good.
    pub(super) fn lightened_until(self, is_good: impl Fn(Self) -> bool) -> Self {
        let white = Self::new(255, 255, 255);
        let mut tints = (0..=100).step_by(5).map(|parts| self.mixed(white, parts));
        tints.find(|tint| is_good(*tint)).unwrap_or(white)
    }
}

impl fmt::Display for Color {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(out, "#{red:02x}{green:02x}{blue:02x}")
    }
}
