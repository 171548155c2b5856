//! Messages that are built to hurt whoever reads them: JSON and XML without measure, and texts that an upstream might
//! take for code. One pass each, in linear time and without a tree.

mod json;
mod pack;
mod pattern;
mod setting;
mod xml;

use serde::{Deserialize, Serialize};

pub use json::JsonLimits;
pub use pattern::Patterns;
pub use setting::read;
pub use xml::XmlLimits;

use crate::contract::{Violation, essence, is_json};

/// One thing that is watched for.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guard {
    /// Limits of JSON bodies.
    Json(JsonLimits),
    /// Limits of XML bodies.
    Xml(XmlLimits),
    /// Texts that look like code, anywhere in a request.
    Patterns(Patterns),
}

impl Guard {
    /// Does it look into bodies?
    #[must_use]
    pub const fn reads_body(&self) -> bool {
        match self {
            Self::Json(_) | Self::Xml(_) => true,
            Self::Patterns(patterns) => patterns.body,
        }
    }

    /// Looks at what comes before the body. `path` is the canonical path below the API's; header names are lower-case.
    #[must_use]
    pub fn head<'a>(
        &self,
        path: &str,
        query: &str,
        headers: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Option<Violation> {
        match self {
            Self::Json(_) | Self::Xml(_) => None,
            Self::Patterns(patterns) => patterns.head(path, query, headers),
        }
    }

    /// Looks at the body. Each kind of guard looks at bodies that are, or look like, its own.
    #[must_use]
    pub fn body(&self, content_type: &str, bytes: &[u8]) -> Option<Violation> {
        let kind = essence(content_type);
        let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
        match self {
            Self::Json(limits) => {
                let is_like = matches!(first, Some(b'{' | b'['));
                (is_json(&kind) || is_like)
                    .then(|| limits.scan(bytes))
                    .flatten()
            }
            Self::Xml(limits) => {
                let is_like = matches!(first, Some(b'<' | 0xef | 0xfe | 0xff | 0));
                let is_xml = kind.ends_with("/xml") || kind.ends_with("+xml");
                (is_xml || is_like).then(|| limits.scan(bytes)).flatten()
            }
            Self::Patterns(patterns) => patterns.text("body", &String::from_utf8_lossy(bytes)),
        }
    }
}

fn refused(message: impl Into<String>) -> Violation {
    Violation {
        place: "body".to_owned(),
        message: message.into(),
    }
}

#[cfg(test)]
mod tests;
