//! What one definition may hold at the most. Each limit stops an input that would take a Worker's memory or time.

/// Bytes of text. The largest definition that is in everyday use, GitHub's as it is published with its indentation, has
/// 12.4 MiB; a Worker has 128 MiB for the text, its tree and the answer together.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;

/// Levels of nesting. Readers of JSON stop at 128, and the definition is later carried inside other documents.
pub const MAX_DEPTH: usize = 100;

/// Values in the tree, after YAML aliases (or, apart, references of path items) are filled in. The largest definition in
/// everyday use has 258,000, which take 50 MiB in a Worker; an alias bomb or megabytes of `0,0,0` would fill its memory.
pub const MAX_VALUES: usize = 400_000;

/// Operations. The largest public API that is used as one has 12,000; each becomes a row and a part of a Deployment.
pub const MAX_OPERATIONS: usize = 20_000;

/// Scopes that one operation (or the document, for those that have none of their own) asks for. Real ones have under 30.
pub const MAX_SCOPES_EACH: usize = 1_000;

/// Scopes that all operations ask for together, repetitions counted: what the document says once for all would
/// otherwise be multiplied by its operations.
pub const MAX_SCOPES: usize = 200_000;

/// `$ref` after `$ref` until a value is met; real documents have two or three.
pub const MAX_CHAIN: usize = 8;

/// Faults (and, apart, warnings) that are listed; the rest is counted in a last one.
pub const MAX_LISTED: usize = 100;
