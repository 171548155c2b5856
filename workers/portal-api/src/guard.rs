//! Conditions inside a batch. D1's batch is one transaction, but a statement cannot say "else undo it all". A guard
//! can: it inserts a row that the schema forbids unless its condition holds, and the whole batch is undone.

use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
};

/// Undoes the batch unless `condition` (an SQL expression with `?`s, bound on the result) is true.
pub(crate) fn require(condition: &str) -> Statement {
    sql(format!(
        "INSERT INTO publication (pointer, version) SELECT 'guard', NULL WHERE NOT ({condition})"
    ))
}

/// Undoes the batch when the row of that id in `table` was changed since `generation` of it was read.
pub(crate) fn unchanged(table: &str, id: &str, generation: i64) -> Statement {
    let condition = format!("EXISTS (SELECT 1 FROM {table} WHERE id = ? AND generation = ?)");
    require(&condition).bind(id).bind(generation)
}

/// `true` when a batch was undone by a guard.
pub(crate) fn refused(failure: &Failure) -> bool {
    match failure {
        Failure::Internal(text) => text.contains("NOT NULL constraint failed: publication.version"),
        Failure::Problem(_) => false,
    }
}

/// What the batch gave, with a guard's refusal said by `otherwise`.
pub(crate) fn or<T>(result: Outcome<T>, otherwise: impl FnOnce() -> Failure) -> Outcome<T> {
    match result {
        Err(failure) if refused(&failure) => Err(otherwise()),
        other => other,
    }
}

/// Says a unique index's refusal as the noun at hand says it. `column` is a part of the column's name, `api.` for any.
pub(crate) fn taken(failure: Failure, column: &str, instead: Failure) -> Failure {
    let Failure::Problem(problem) = &failure else {
        return failure;
    };
    let is_taken = problem.status() == 409 && problem.description().contains(column);
    if is_taken { instead } else { failure }
}

/// When what a change was based on has changed meanwhile.
pub(crate) fn changed_meanwhile() -> Failure {
    Failure::because(
        "409",
        "the object was changed by another request at the same time; read it again and repeat your change",
    )
}
