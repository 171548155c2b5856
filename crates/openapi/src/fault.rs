//! Faults with their places, and the bounded list that collects them.

use std::fmt;

use serde::Serialize;

use crate::limit::MAX_LISTED;
use crate::pointer::Pointer;

/// One thing that is wrong (or odd) in a definition, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// What kind of fault.
    pub code: FaultCode,
    /// One sentence for the author: lower case, no final stop, names in backticks.
    pub message: String,
    /// JSON pointer (RFC 6901) of the value; empty for the document as a whole and for errors of syntax.
    pub pointer: String,
    /// Line in the text that was read, from 1.
    pub line: Option<u32>,
    /// Column in that line, in characters, from 1.
    pub column: Option<u32>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
            if let Some(column) = self.column {
                write!(f, " column {column}")?;
            }
        }
        if !self.pointer.is_empty() {
            write!(f, " (at {})", self.pointer)?;
        }
        Ok(())
    }
}

/// The kinds of faults and warnings; the name in JSON is stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultCode {
    /// More bytes than [`crate::limit::MAX_BYTES`].
    TooLarge,
    /// Nested deeper than [`crate::limit::MAX_DEPTH`].
    TooDeep,
    /// More values than [`crate::limit::MAX_VALUES`], aliases filled in.
    TooManyValues,
    /// More operations than [`crate::limit::MAX_OPERATIONS`].
    TooManyOperations,
    /// More scopes than [`crate::limit::MAX_SCOPES`] or [`crate::limit::MAX_SCOPES_EACH`].
    TooManyScopes,
    /// Neither JSON nor YAML.
    Syntax,
    /// Well-formed, but not an API definition.
    NotADefinition,
    /// A version of OpenAPI that is not read here.
    UnsupportedVersion,
    /// A key that stands twice in one object.
    DuplicateKey,
    /// A field that must be there is not.
    MissingField,
    /// A value of another type than the standard gives it.
    WrongType,
    /// A path template that no request can match.
    InvalidTemplate,
    /// Two path templates that match the same requests.
    AmbiguousTemplate,
    /// An operation under a method that this version of OpenAPI does not have.
    UnknownMethod,
    /// Nothing to call.
    NoOperation,
    /// A `$ref` that leads nowhere.
    UnresolvedReference,
    /// A `$ref` into another file or address, which is not fetched.
    ExternalReference,
    /// A `$ref` that leads back to itself.
    CircularReference,
    /// A field that the standard does not have.
    UnknownField,
    /// An `operationId` that another operation has too.
    DuplicateOperationId,
    /// An extension with a value that is not one of its words.
    UnknownWord,
    /// A server that is not an absolute address.
    RelativeServer,
    /// Something that is kept in the document and has no effect on the gateway.
    NoEffect,
    /// Stands last: how many more there are.
    More,
}

impl FaultCode {
    /// The name in JSON, for example `duplicate_key`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::TooDeep => "too_deep",
            Self::TooManyValues => "too_many_values",
            Self::TooManyOperations => "too_many_operations",
            Self::TooManyScopes => "too_many_scopes",
            Self::Syntax => "syntax",
            Self::NotADefinition => "not_a_definition",
            Self::UnsupportedVersion => "unsupported_version",
            Self::DuplicateKey => "duplicate_key",
            Self::MissingField => "missing_field",
            Self::WrongType => "wrong_type",
            Self::InvalidTemplate => "invalid_template",
            Self::AmbiguousTemplate => "ambiguous_template",
            Self::UnknownMethod => "unknown_method",
            Self::NoOperation => "no_operation",
            Self::UnresolvedReference => "unresolved_reference",
            Self::ExternalReference => "external_reference",
            Self::CircularReference => "circular_reference",
            Self::UnknownField => "unknown_field",
            Self::DuplicateOperationId => "duplicate_operation_id",
            Self::UnknownWord => "unknown_word",
            Self::RelativeServer => "relative_server",
            Self::NoEffect => "no_effect",
            Self::More => "more",
        }
    }
}

/// Collects faults and warnings; each list is bounded by [`MAX_LISTED`].
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) faults: Listed,
    pub(crate) warnings: Listed,
}

impl Findings {
    /// Something that prevents the import.
    pub(crate) fn fault(&mut self, code: FaultCode, at: &Pointer<'_>, message: impl fmt::Display) {
        self.faults.add(code, at, message);
    }

    /// Something that the author should know.
    pub(crate) fn warn(&mut self, code: FaultCode, at: &Pointer<'_>, message: impl fmt::Display) {
        self.warnings.add(code, at, message);
    }
}

/// A list that keeps the first [`MAX_LISTED`] and counts the rest.
#[derive(Debug, Default)]
pub(crate) struct Listed {
    pub(crate) list: Vec<Fault>,
    beyond: usize,
}

impl Listed {
    fn add(&mut self, code: FaultCode, at: &Pointer<'_>, message: impl fmt::Display) {
        if !self.counts_only() {
            self.list.push(fault(code, at, message));
        }
    }

    pub(crate) fn push(&mut self, fault: Fault) {
        if !self.counts_only() {
            self.list.push(fault);
        }
    }

    /// Whether the list is full; if so, one more is counted, and need not be built.
    pub(crate) const fn counts_only(&mut self) -> bool {
        let full = self.is_full();
        if full {
            self.beyond += 1;
        }
        full
    }

    pub(crate) const fn is_full(&self) -> bool {
        self.list.len() >= MAX_LISTED
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The list, closed by one that counts those left out.
    pub(crate) fn into_list(mut self) -> Vec<Fault> {
        if self.beyond > 0 {
            let message = format!("and {} more", self.beyond);
            self.list
                .push(fault(FaultCode::More, &Pointer::ROOT, message));
        }
        self.list
    }
}

pub(crate) fn fault(code: FaultCode, at: &Pointer<'_>, message: impl fmt::Display) -> Fault {
    Fault {
        code,
        message: clipped(message.to_string(), MAX_MESSAGE),
        pointer: clipped(at.to_string(), MAX_POINTER),
        line: None,
        column: None,
    }
}

/// The first `limit` characters, with a sign that there were more.
pub(crate) fn clipped(mut text: String, limit: usize) -> String {
    if let Some((cut, _)) = text.char_indices().nth(limit) {
        text.truncate(cut);
        text.push('…');
    }
    text
}

/// Characters of a message; names in it come from the document and may be megabytes.
const MAX_MESSAGE: usize = 500;

/// Characters of a pointer. A real one has under 300; one that is cut leads to the nearest value around its place.
pub(crate) const MAX_POINTER: usize = 2_000;
