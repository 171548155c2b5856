//! WSO2's key templates.

use std::borrow::Cow;

use crate::{Call, Fault, Field};

/// A text with variables, whose value for a call names the counter that the call counts in.
#[derive(Clone, Debug)]
pub struct Template(Vec<Part>);

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    Field(Field),
    /// `$resourceKey`: context, template and method.
    Resource,
    /// `$customProperty.name`, WSO2's name for what a handler has found out of the caller: a claim of the token.
    Claim(String),
    /// `$header.name`, in lower case.
    Header(String),
    /// `$query.name`
    Query(String),
}

impl Template {
    /// Longest text, in bytes.
    pub const MAX_BYTES: usize = 256;

    /// Reads a template: `$userId`, `$appId`, `$apiContext`, `$apiVersion`, `$resourceKey`, `$appTenant`, `$apiTenant`,
    /// `$clientIp`, `$customProperty.name` (a claim), `$header.name` and `$query.name` are replaced, everything else stays.
    ///
    /// # Errors
    /// A [`Fault`] when it is empty, too long, or has a variable that is not known.
    pub fn read(text: &str) -> Result<Self, Fault> {
        if text.trim().is_empty() || text.len() > Self::MAX_BYTES {
            let help = format!("a key template has 1 to {} bytes", Self::MAX_BYTES);
            return Err(Fault::new(0, help));
        }
        let mut pieces = text.split('$');
        let first = pieces.next().unwrap_or_default();
        let mut at = first.len();
        let mut parts = vec![Part::Text(first.to_owned())];
        for piece in pieces {
            let end = piece
                .find(|letter: char| !letter.is_ascii_alphanumeric())
                .unwrap_or(piece.len());
            let (name, rest) = piece.split_at_checked(end).unwrap_or((piece, ""));
            let (part, rest) = named(name, rest)
                .or_else(|| variable(name).map(|part| (part, rest)))
                .ok_or_else(|| unknown(at, name))?;
            parts.push(part);
            parts.push(Part::Text(rest.to_owned()));
            at += piece.len() + 1;
        }
        Ok(Self(parts))
    }

    /// The key of a call; what the call has not is `-`.
    #[must_use]
    pub fn render(&self, call: &dyn Call) -> String {
        let value = |field| call.field(field).unwrap_or(NONE);
        let mut text = String::with_capacity(64);
        for part in &self.0 {
            match part {
                Part::Text(piece) => text.push_str(piece),
                Part::Field(field) => text.push_str(&value(*field)),
                Part::Claim(name) => text.push_str(&claim(call.claim(name))),
                Part::Header(name) => text.push_str(&call.header(name).unwrap_or(NONE)),
                Part::Query(name) => text.push_str(&call.query(name).unwrap_or(NONE)),
                Part::Resource => {
                    text.push_str(&value(Field::ApiContext));
                    text.push_str(&value(Field::OperationTemplate));
                    text.push(':');
                    text.push_str(&value(Field::OperationMethod));
                }
            }
        }
        text
    }
}

/// A variable with a name of its own behind a point, and what follows.
fn named<'a>(variable: &str, rest: &'a str) -> Option<(Part, &'a str)> {
    let below = rest.strip_prefix('.')?;
    let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    let end = below
        .find(|letter| !is_of_name(letter))
        .unwrap_or(below.len());
    let (name, rest) = below
        .split_at_checked(end)
        .filter(|(name, _)| !name.is_empty())?;
    let part = match variable {
        "customProperty" => Part::Claim(name.to_owned()),
        "header" => Part::Header(name.to_ascii_lowercase()),
        "query" => Part::Query(name.to_owned()),
        _ => return None,
    };
    Some((part, rest))
}

/// A claim as text: what is no text is taken as JSON writes it.
fn claim(value: Option<&serde_json::Value>) -> Cow<'_, str> {
    match value {
        None | Some(serde_json::Value::Null) => NONE,
        Some(serde_json::Value::String(text)) => Cow::Borrowed(text),
        Some(other) => Cow::Owned(other.to_string()),
    }
}

fn variable(name: &str) -> Option<Part> {
    Some(Part::Field(match name {
        "userId" => Field::User,
        "appId" => Field::ApplicationId,
        "apiContext" => Field::ApiContext,
        "apiVersion" => Field::ApiVersion,
        "appTenant" | "apiTenant" => Field::Organization,
        "clientIp" => Field::Address,
        "resourceKey" => return Some(Part::Resource),
        _ => return None,
    }))
}

fn unknown(at: usize, name: &str) -> Fault {
    let help = format!(
        "`${name}` is not known; there are $userId, $appId, $apiContext, $apiVersion, $resourceKey, $appTenant, $apiTenant, $clientIp, $customProperty.name (a claim of the token), $header.name and $query.name"
    );
    Fault::new(at, help)
}

/// Stands for what a call has not.
const NONE: Cow<'static, str> = Cow::Borrowed("-");
