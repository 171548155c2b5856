//! Conditions of a batch: a statement that breaks a constraint, and with it undoes the batch, unless something is there.

use runtime::{
    Failure,
    db::{Statement, sql},
};

use crate::call::ORGANIZATION;

/// Breaks the batch unless `query` finds a row; its values are bound next. It does so by a role without a name.
pub(crate) fn unless_found(query: &str) -> Statement {
    sql(format!(
        "INSERT INTO role (organization, name) SELECT ?, NULL WHERE NOT EXISTS ({query})"
    ))
    .bind(ORGANIZATION)
}

/// Was the batch undone by such a condition?
pub(crate) fn has_refused(failure: &Failure) -> bool {
    matches!(failure, Failure::Internal(text) if text.contains("NOT NULL constraint failed: role.name"))
}
