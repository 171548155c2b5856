//! Results of SQL as one text of lines: they cross from SQLite to Wasm once, and not field by field.

use js_sys::{Array, Function, Reflect};
use runtime::{Failure, Outcome};
use wasm_bindgen::{JsCast, JsValue};
use worker::SqlStorage;

/// Runs a statement whose rows have one column, a text without a line break; the rows as lines.
pub(crate) fn lines(sql: &SqlStorage, statement: &str, values: &[JsValue]) -> Outcome<String> {
    let given = Array::of1(&JsValue::from_str(statement));
    for value in values {
        given.push(value);
    }
    let sql: &JsValue = sql.as_ref();
    let cursor = method(sql, "exec")?.apply(sql, &given).map_err(failed)?;
    let rows = method(&cursor, "raw")?.call0(&cursor).map_err(failed)?;
    let rows = method(&rows, "toArray")?.call0(&rows).map_err(failed)?;
    let rows: Array = rows.dyn_into().map_err(failed)?;
    // A row is a list of one, whose text is that of its one entry.
    Ok(rows.join("\n").into())
}

fn method(object: &JsValue, name: &str) -> Outcome<Function> {
    Reflect::get(object, &JsValue::from_str(name))
        .and_then(JsCast::dyn_into)
        .map_err(failed)
}

#[expect(clippy::needless_pass_by_value, reason = "the signature of `map_err`")]
fn failed(error: JsValue) -> Failure {
    Failure::Internal(format!("statistics: {error:?}"))
}
