//! Documents that explain an API, and the pictures that stand for one.

use serde::Deserialize;

use crate::Fault;

/// WSO2's `Document` as clients send it; what the platform says of it is only read.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
#[expect(
    missing_docs,
    reason = "the names are the peer's; api/publisher.yaml describes them"
)]
pub struct Document {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub summary: Option<String>,
    pub source_type: String,
    #[serde(default)]
    pub source_url: Option<String>,
    #[serde(default)]
    pub other_type_name: Option<String>,
    #[serde(default)]
    pub visibility: Option<String>,
    #[serde(default)]
    pub inline_content: Option<String>,
    #[serde(default, rename = "documentId")]
    _id: Option<String>,
    #[serde(default, rename = "fileName")]
    _file: Option<String>,
    #[serde(default, rename = "createdTime")]
    _created: Option<String>,
    #[serde(default, rename = "createdBy")]
    _creator: Option<String>,
    #[serde(default, rename = "lastUpdatedTime")]
    _updated: Option<String>,
    #[serde(default, rename = "lastUpdatedBy")]
    _updater: Option<String>,
}

impl Document {
    /// What is wrong with it.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut add = |place: &str, message: &str| {
            faults.push(Fault {
                place: place.to_owned(),
                message: message.to_owned(),
            });
        };
        if !is_name(&self.name) {
            add("name", NAME_RULE);
        }
        if !KINDS.contains(&self.kind.as_str()) {
            add(
                "type",
                "is none of `HOWTO`, `SAMPLES`, `PUBLIC_FORUM`, `SUPPORT_FORUM`, `API_MESSAGE_FORMAT`, \
                 `SWAGGER_DOC`, `OTHER`",
            );
        }
        let other = self.other_type_name.as_deref().unwrap_or_default().trim();
        if self.kind == "OTHER" && (other.is_empty() || other.chars().count() > 60) {
            add(
                "otherTypeName",
                "is not 1 to 60 characters, which `OTHER` needs",
            );
        }
        let url = self.source_url.as_deref().unwrap_or_default();
        match self.source_type.as_str() {
            "URL" if !is_web_address(url) => {
                add("sourceUrl", "is no absolute `http` or `https` address")
            }
            "URL" | "INLINE" | "MARKDOWN" | "FILE" => {}
            _ => add(
                "sourceType",
                "is none of `INLINE`, `MARKDOWN`, `URL`, `FILE`",
            ),
        }
        if !VISIBILITIES.contains(&self.visibility()) {
            add(
                "visibility",
                "is none of `API_LEVEL`, `OWNER_ONLY`, `PRIVATE`",
            );
        }
        if self
            .summary
            .as_deref()
            .is_some_and(|text| text.chars().count() > SUMMARY_CHARACTERS)
        {
            add("summary", "is longer than 4000 characters");
        }
        faults
    }

    /// Who may read it; as the API when nothing is said.
    #[must_use]
    pub fn visibility(&self) -> &str {
        self.visibility.as_deref().unwrap_or("API_LEVEL")
    }
}

/// Whether a document may be called that.
#[must_use]
pub fn is_name(name: &str) -> bool {
    let length = name.trim().chars().count();
    (1..=60).contains(&length) && name.trim() == name && !name.chars().any(is_awkward)
}

fn is_awkward(character: char) -> bool {
    character.is_control() || "/\\<>\"%{}|^`".contains(character)
}

fn is_web_address(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        && text.len() <= URL_BYTES
        && !text
            .chars()
            .any(|character| character.is_control() || character.is_whitespace())
}

/// The content type under which a file is given out again: one that a browser shows as text or offers to save, never
/// one that it runs.
#[must_use]
pub fn served_as(given: &str) -> &'static str {
    let kind = given.split(';').next().unwrap_or_default().trim();
    FILE_TYPES
        .iter()
        .find(|known| known.eq_ignore_ascii_case(kind))
        .copied()
        .unwrap_or("application/octet-stream")
}

/// The type of a picture by its first bytes; none for what is no PNG, JPEG, GIF or WebP. SVG may hold scripts.
#[must_use]
pub fn picture(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        Some("image/jpeg")
    } else if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        Some("image/gif")
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Some("image/webp")
    } else {
        None
    }
}

/// A file name as it may stand in a header: the last segment, letters and digits and a few marks.
#[must_use]
pub fn file_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last
        .chars()
        .map(|character| {
            if character.is_alphanumeric() || "._- ".contains(character) {
                character
            } else {
                '_'
            }
        })
        .take(100)
        .collect();
    let name = name.trim().trim_start_matches('.').to_owned();
    if name.is_empty() {
        "document".to_owned()
    } else {
        name
    }
}

const NAME_RULE: &str =
    "is not 1 to 60 characters without `/`, `\\`, `<`, `>`, `\"`, `%`, `{`, `}`, `|`, `^`, `` ` ``";
const KINDS: &[&str] = &[
    "HOWTO",
    "SAMPLES",
    "PUBLIC_FORUM",
    "SUPPORT_FORUM",
    "API_MESSAGE_FORMAT",
    "SWAGGER_DOC",
    "OTHER",
];
const VISIBILITIES: &[&str] = &["API_LEVEL", "OWNER_ONLY", "PRIVATE"];
const SUMMARY_CHARACTERS: usize = 4000;
const URL_BYTES: usize = 2048;
const FILE_TYPES: &[&str] = &[
    "application/pdf",
    "application/json",
    "application/xml",
    "application/zip",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.oasis.opendocument.text",
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "text/plain",
    "text/csv",
    "text/markdown",
];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn places(change: serde_json::Value) -> Vec<String> {
        let mut body = json!({"name": "How to", "type": "HOWTO", "sourceType": "INLINE"});
        if let (Some(body), serde_json::Value::Object(change)) = (body.as_object_mut(), change) {
            body.extend(change);
        }
        let document: Document = serde_json::from_value(body).unwrap();
        document
            .faults()
            .into_iter()
            .map(|fault| fault.place)
            .collect()
    }

    #[test]
    fn faults_of_documents_are_named() {
        for (change, expected) in [
            (json!({}), vec![]),
            (json!({"name": "a/b"}), vec!["name"]),
            (json!({"name": ""}), vec!["name"]),
            (json!({"type": "BOOK"}), vec!["type"]),
            (json!({"type": "OTHER"}), vec!["otherTypeName"]),
            (json!({"type": "OTHER", "otherTypeName": "Book"}), vec![]),
            (json!({"sourceType": "URL"}), vec!["sourceUrl"]),
            (
                json!({"sourceType": "URL", "sourceUrl": "javascript:alert(1)"}),
                vec!["sourceUrl"],
            ),
            (
                json!({"sourceType": "URL", "sourceUrl": "https://example.org/a"}),
                vec![],
            ),
            (json!({"visibility": "EVERYBODY"}), vec!["visibility"]),
        ] {
            assert_eq!(places(change.clone()), expected, "{change}");
        }
    }

    #[test]
    fn files_are_never_served_as_pages() {
        for given in [
            "text/html",
            "image/svg+xml",
            "application/javascript",
            "application/xhtml+xml",
            "",
        ] {
            assert_eq!(served_as(given), "application/octet-stream", "{given}");
        }
        assert_eq!(served_as("Text/Plain; charset=utf-8"), "text/plain");
    }

    #[test]
    fn pictures_are_known_by_their_bytes() {
        assert_eq!(picture(b"\x89PNG\r\n\x1a\n0000"), Some("image/png"));
        assert_eq!(picture(b"RIFF0000WEBPVP8 "), Some("image/webp"));
        assert_eq!(picture(b"<svg xmlns="), None);
        assert_eq!(picture(b"RIFF0000WAVE"), None);
    }

    #[test]
    fn file_names_stay_names() {
        for (given, expected) in [
            ("guide.pdf", "guide.pdf"),
            ("../../etc/passwd", "passwd"),
            ("a\"b\r\n.txt", "a_b__.txt"),
            (".htaccess", "htaccess"),
            ("", "document"),
        ] {
            assert_eq!(file_name(given), expected, "{given}");
        }
    }
}
