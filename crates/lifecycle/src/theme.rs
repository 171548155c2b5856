//! How the Developer Portal and the pages of accounts look: the colours, the logo and the first words of an organization.
//!
//! Contrast is that of WCAG 2.2, success criterion 1.4.3: 4.5 to 1 for text.

mod color;
mod logo;

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::Fault;
use color::Color;
pub use logo::Logo;

/// What an organization changes of the look. What is left out stays as it is shipped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    rename_all = "PascalCase",
    deny_unknown_fields,
    default,
    expecting = "an object"
)]
pub struct Theme {
    /// The colour of links and buttons, as `#1a6757`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    /// The colour behind what should be seen first, written upon in dark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accent: Option<String>,
    /// The heading of the catalogue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headline: Option<String>,
    /// What stands below the heading.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead: Option<String>,
    /// A picture as a `data:` address: PNG or SVG in base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<String>,
}

impl Theme {
    /// What is wrong with it.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let checks = [
            (
                "Theme.Brand",
                self.brand
                    .as_deref()
                    .and_then(|text| legible(text, brand_contrast, "white, and on the page,")),
            ),
            (
                "Theme.Accent",
                self.accent
                    .as_deref()
                    .and_then(|text| legible(text, accent_contrast, "dark text upon it")),
            ),
            (
                "Theme.Headline",
                self.headline
                    .as_deref()
                    .and_then(|text| line(text, HEADLINE)),
            ),
            (
                "Theme.Lead",
                self.lead.as_deref().and_then(|text| line(text, LEAD)),
            ),
            (
                "Theme.Logo",
                self.logo.as_deref().and_then(|text| Logo::read(text).err()),
            ),
        ];
        let named = checks.into_iter().filter_map(|(place, message)| {
            message.map(|message| Fault {
                place: place.to_owned(),
                message,
            })
        });
        named.collect()
    }

    /// The custom properties that differ from what is shipped, as a style sheet; `logo` is where the logo is.
    #[must_use]
    pub fn stylesheet(&self, logo: &str) -> String {
        let mut sheet = String::new();
        let color = |text: &Option<String>| text.as_deref().and_then(Color::parse);
        if let Some(brand) = color(&self.brand) {
            sheet.push_str(&palette(brand));
        }
        if let Some(accent) = color(&self.accent) {
            let _ = writeln!(sheet, ":root:root{{--postern-lamp:{accent}}}");
        }
        if let Some(Ok(held)) = self.logo.as_deref().map(Logo::read) {
            let _ = writeln!(
                sheet,
                "svg[data-mark]{{background:url(\"{logo}\") center/contain no-repeat;width:auto;aspect-ratio:{}}}\n\
                 svg[data-mark]>*,[data-mark]~[data-word]{{display:none}}",
                held.ratio(),
            );
        }
        sheet
    }
}

/// The ten shades that components draw from, and the two colours that stand for themselves. Text on dark surfaces has the
/// first tint of the brand that can be read there.
fn palette(brand: Color) -> String {
    let on_dark = brand.lightened_until(|tint| tint.contrast(DARK) >= READABLE);
    let shades = [
        brand.mixed(WHITE, 92),
        brand.mixed(WHITE, 84),
        brand.mixed(WHITE, 68),
        brand.mixed(WHITE, 50),
        on_dark,
        brand.mixed(WHITE, 20),
        brand,
        brand,
        brand.mixed(BLACK, 18),
        brand.mixed(BLACK, 45),
    ];
    let mut sheet = String::from(":root:root{");
    for (place, shade) in shades.iter().enumerate() {
        let _ = write!(sheet, "--mantine-color-patina-{place}:{shade};");
    }
    let _ = write!(
        sheet,
        "--mantine-color-patina-outline-hover:{0}0d}}\n\
         :root:root[data-mantine-color-scheme=\"light\"]{{--postern-brand:{0}}}\n\
         :root:root[data-mantine-color-scheme=\"dark\"]{{--postern-brand:{on_dark};\
         --mantine-color-patina-light:{1};--mantine-color-patina-light-hover:{2}}}\n",
        brand,
        brand.mixed(BLACK, 75),
        brand.mixed(BLACK, 65),
    );
    sheet
}

/// What is wrong with a colour that text is written in or on.
fn legible(text: &str, contrast: fn(Color) -> f64, with: &str) -> Option<String> {
    let Some(color) = Color::parse(text) else {
        return Some("is no colour as `#1a6757`".to_owned());
    };
    let ratio = contrast(color);
    (ratio < READABLE).then(|| {
        format!("has a contrast of {ratio:.1} to 1 with {with} and text needs {READABLE}; take a {} one", direction(contrast))
    })
}

/// In which direction a colour has to go to be read better.
fn direction(contrast: fn(Color) -> f64) -> &'static str {
    if contrast(BLACK) > contrast(WHITE) {
        "darker"
    } else {
        "lighter"
    }
}

/// As the ground of white text and as text on the darkest of the light surfaces, whichever is worse.
fn brand_contrast(color: Color) -> f64 {
    color.contrast(WHITE).min(color.contrast(SUNKEN))
}

fn accent_contrast(color: Color) -> f64 {
    color.contrast(INK)
}

fn line(text: &str, most: usize) -> Option<String> {
    let length = text.trim().chars().count();
    let is_good = (1..=most).contains(&length) && !text.chars().any(char::is_control);
    (!is_good).then(|| format!("is not 1 to {most} characters in one line"))
}

/// What text needs, to one.
const READABLE: f64 = 4.5;
const HEADLINE: usize = 80;
const LEAD: usize = 240;
const WHITE: Color = Color::new(255, 255, 255);
const BLACK: Color = Color::new(0, 0, 0);
/// As `--postern-sunken` in the light scheme, the darkest surface that links stand on.
const SUNKEN: Color = Color::new(0xf1, 0xee, 0xe7);
/// As `--postern-line` in the dark scheme, lighter than any surface there.
const DARK: Color = Color::new(0x25, 0x30, 0x2c);
/// The colour of text on the accent.
const INK: Color = Color::new(0x1a, 0x23, 0x20);

#[cfg(test)]
mod tests;
