//! A document as text.

use serde_json::Value;

/// What to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputFormat {
    /// Indented by two spaces.
    Json,
    /// Block style, by the core schema of YAML 1.2; words that other versions take for something else are quoted.
    Yaml,
}

/// Writes a document so that [`crate::read`] reads the same values in the same order.
#[must_use]
pub fn render(document: &Value, format: OutputFormat) -> String {
    match format {
        OutputFormat::Json => json(document),
        // JSON is YAML too, should the writer ever refuse a value.
        OutputFormat::Yaml => serde_saphyr::to_string(document).unwrap_or_else(|_| json(document)),
    }
}

fn json(document: &Value) -> String {
    format!("{document:#}")
}
