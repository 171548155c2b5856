//! A logo: a small PNG, or an SVG in which nothing runs and nothing is fetched.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use roxmltree::{Document, Node, ParsingOptions};

/// A picture that may be given out.
#[derive(Clone, Debug, PartialEq)]
pub struct Logo {
    /// What it is, byte for byte.
    pub bytes: Vec<u8>,
    /// Its media type.
    pub content_type: &'static str,
    width: f64,
    height: f64,
}

impl Logo {
    /// Reads a `data:` address.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(address: &str) -> Result<Self, String> {
        let (content_type, encoded) = TYPES
            .iter()
            .find_map(|kind| {
                let rest = address.strip_prefix("data:")?.strip_prefix(kind)?;
                rest.strip_prefix(";base64,")
                    .map(|encoded| (*kind, encoded))
            })
            .ok_or("is no `data:image/png;base64,` or `data:image/svg+xml;base64,`")?;
        if encoded.len() / 4 * 3 > BYTES + 3 {
            return Err(format!("is larger than {} KiB", BYTES / 1024));
        }
        let bytes = STANDARD.decode(encoded).map_err(|_| "is not base64")?;
        if bytes.len() > BYTES {
            return Err(format!("is larger than {} KiB", BYTES / 1024));
        }
        let (width, height) = if content_type == PNG {
            png(&bytes)
        } else {
            svg(&bytes)
        }?;
        Ok(Self {
            bytes,
            content_type,
            width,
            height,
        })
    }

    /// Its width for a height of one, at most six.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        let ratio = (self.width / self.height).clamp(1.0, 6.0);
        (ratio * 100.0).round() / 100.0
    }
}

/// The size that the first chunk of a PNG names (PNG specification, "IHDR").
fn png(bytes: &[u8]) -> Result<(f64, f64), String> {
    let head = bytes
        .strip_prefix(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR")
        .and_then(|rest| rest.first_chunk::<8>())
        .ok_or("is no PNG")?;
    let number = |at: usize| {
        let four = head.get(at..at + 4).and_then(<[u8]>::first_chunk::<4>);
        four.map_or(0, |four| u32::from_be_bytes(*four))
    };
    let (width, height) = (number(0), number(4));
    if [width, height].iter().all(|side| (1..=SIDE).contains(side)) {
        Ok((f64::from(width), f64::from(height)))
    } else {
        Err(format!("is not 1 to {SIDE} pixels wide and high"))
    }
}

fn svg(bytes: &[u8]) -> Result<(f64, f64), String> {
    let text = str::from_utf8(bytes).map_err(|_| "is no SVG in UTF-8")?;
    let options = ParsingOptions {
        nodes_limit: NODES,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(text, options)
        .map_err(|error| format!("is no well-formed SVG: {error}"))?;
    let root = document.root_element();
    if root.tag_name().name() != "svg" || root.tag_name().namespace() != Some(SVG) {
        return Err(format!("has no root element `svg` of {SVG}"));
    }
    for node in document.descendants() {
        if node.is_pi() {
            return Err("has a processing instruction".to_owned());
        }
        if node.is_element() {
            harmless(node)?;
        }
    }
    size(root).ok_or_else(|| "says neither `viewBox` nor `width` and `height` in pixels".to_owned())
}

/// Refuses whatever could run, fetch or animate: by the names that are known to be harmless, not by those that are not.
fn harmless(node: Node<'_, '_>) -> Result<(), String> {
    let name = node.tag_name().name();
    if node.tag_name().namespace() != Some(SVG) || !ELEMENTS.contains(&name) {
        return Err(format!(
            "has an element `{name}`; only shapes, texts and gradients may be there"
        ));
    }
    for attribute in node.attributes() {
        let (name, value) = (attribute.name(), attribute.value().to_ascii_lowercase());
        let is_reference = name == "href" && !value.starts_with('#');
        let fetches = value.match_indices("url(").any(|(at, _)| {
            let rest = value.get(at + 4..).unwrap_or_default();
            !rest.trim_start_matches([' ', '\'', '"']).starts_with('#')
        });
        // An escape could hide a word of a style.
        let is_hidden = name == "style" && (value.contains('\\') || value.contains("@import"));
        if name.to_ascii_lowercase().starts_with("on") || is_reference || fetches || is_hidden {
            return Err(format!(
                "has an attribute `{name}` that runs or fetches something"
            ));
        }
    }
    Ok(())
}

fn size(root: Node<'_, '_>) -> Option<(f64, f64)> {
    let number = |text: &str| text.trim().trim_end_matches("px").parse::<f64>().ok();
    let side = |name: &str| root.attribute(name).and_then(number);
    let of_view = || {
        let numbers = root
            .attribute("viewBox")?
            .split([' ', ','])
            .filter(|part| !part.is_empty());
        let numbers: Vec<f64> = numbers.filter_map(number).collect();
        match numbers.as_slice() {
            [_, _, width, height] => Some((*width, *height)),
            _ => None,
        }
    };
    let size = side("width").zip(side("height")).or_else(of_view)?;
    let is_good = |side: f64| side.is_finite() && side > 0.0;
    (is_good(size.0) && is_good(size.1)).then_some(size)
}

const PNG: &str = "image/png";
const TYPES: [&str; 2] = [PNG, "image/svg+xml"];
const BYTES: usize = 32 * 1024;
const SIDE: u32 = 2_048;
const NODES: u32 = 2_000;
const SVG: &str = "http://www.w3.org/2000/svg";
const ELEMENTS: [&str; 22] = [
    "svg",
    "g",
    "defs",
    "symbol",
    "use",
    "title",
    "desc",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "text",
    "tspan",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
    "mask",
    "pattern",
];
