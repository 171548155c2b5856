//! What whoever uses a policy of one's own says.

use expression::Pattern;
use serde::{Deserialize, Serialize};
use transform::policies::Given;

/// An attribute, as WSO2 describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub display_name: String,
    /// What kind of value it has.
    #[serde(rename = "type")]
    pub kind: AttributeKind,
    /// Must it be there?
    pub required: bool,
    /// What holds when it is not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_value: Option<String>,
    /// What a whole value must match.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validation_regex: Option<String>,
    /// All that it may be; empty for anything.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub allowed_values: Vec<String>,
}

/// Kinds of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AttributeKind {
    /// A text.
    String,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// One of the allowed values.
    Enum,
}

impl AttributeKind {
    pub(super) fn named(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().as_str() {
            "string" => Self::String,
            "integer" => Self::Integer,
            "boolean" => Self::Boolean,
            "enum" => Self::Enum,
            _ => return None,
        })
    }
}

impl Attribute {
    /// Fills the default in, and names what is wrong with the value.
    pub(super) fn complete(&self, given: &mut Given, wrong: &mut Vec<(String, String)>) {
        if !given.contains_key(&self.name) {
            match &self.default_value {
                Some(default) => drop(given.insert(self.name.clone(), default.clone())),
                None if self.required => wrong.push((self.name.clone(), "is missing".to_owned())),
                None => {}
            }
        }
        if let Some(value) = given.get(&self.name)
            && let Err(reason) = self.takes(value)
        {
            wrong.push((self.name.clone(), reason));
        }
    }

    /// Is this a value of it?
    pub(super) fn takes(&self, value: &str) -> Result<(), String> {
        let is_kind = match self.kind {
            AttributeKind::String | AttributeKind::Enum => true,
            AttributeKind::Integer => value.parse::<i64>().is_ok(),
            AttributeKind::Boolean => matches!(value, "true" | "false"),
        };
        if !is_kind {
            let is_number = self.kind == AttributeKind::Integer;
            let help = if is_number {
                "is not a whole number"
            } else {
                "is neither `true` nor `false`"
            };
            return Err(help.to_owned());
        }
        if !self.allowed_values.is_empty() && !self.allowed_values.iter().any(|it| it == value) {
            let allowed = self.allowed_values.join("`, `");
            return Err(format!("is none of `{allowed}`"));
        }
        let pattern = self.validation_regex.as_deref();
        match pattern.map(Pattern::read) {
            None => Ok(()),
            Some(Ok(pattern)) if pattern.matches(value) == Some(true) => Ok(()),
            Some(Ok(_) | Err(_)) => {
                Err(format!("does not match `{}`", pattern.unwrap_or_default()))
            }
        }
    }
}
