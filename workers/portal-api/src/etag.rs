//! `ETag`, `If-None-Match` and `If-Match`.

use model::Hash;
use runtime::{Failure, Outcome, reply};
use serde::Serialize;
use worker::Response;

use crate::call::Call;

/// 200 with JSON and the tag of a generation, or 304.
pub(crate) fn generation<T: Serialize>(
    call: &Call,
    generation: i64,
    value: &T,
) -> Outcome<Response> {
    tagged(
        call,
        &format!("\"{generation}\""),
        serde_json::to_string(value)?,
    )
}

/// 200 with JSON and the tag of its content, or 304.
pub(crate) fn content<T: Serialize>(call: &Call, value: &T) -> Outcome<Response> {
    text(call, serde_json::to_string(value)?)
}

/// As [`content`], for JSON that is already written.
pub(crate) fn text(call: &Call, json: String) -> Outcome<Response> {
    let tag = format!("\"{}\"", Hash::of(json.as_bytes()));
    tagged(call, &tag, json)
}

/// 200 with JSON that is already written and the tag of a generation, or 304.
pub(crate) fn generation_text(call: &Call, generation: i64, json: String) -> Outcome<Response> {
    tagged(call, &format!("\"{generation}\""), json)
}

/// An answer to a change: status, JSON and the new tag, never 304.
pub(crate) fn changed<T: Serialize>(status: u16, generation: i64, value: &T) -> Outcome<Response> {
    let response = reply::json(status, value)?;
    reply::with_header(response, "etag", &format!("\"{generation}\""))
}

/// Refuses with 412 when the client changed something else than what is there.
pub(crate) fn require_match(call: &Call, generation: i64) -> Outcome<()> {
    match call.header("if-match")? {
        Some(wanted) if !names(&wanted, &format!("\"{generation}\"")) => Err(Failure::code("412")),
        _ => Ok(()),
    }
}

/// Whether the client holds what `tag` names, by its `If-None-Match`: 304 says enough then.
pub(crate) fn is_held(call: &Call, tag: &str) -> Outcome<bool> {
    let held = call.header("if-none-match")?;
    Ok(held.is_some_and(|held| names(&held, tag)))
}

fn tagged(call: &Call, tag: &str, json: String) -> Outcome<Response> {
    let response = if is_held(call, tag)? {
        reply::empty(304)?
    } else {
        reply::text(200, "application/json", json)?
    };
    reply::with_header(response, "etag", tag)
}

/// Whether a list of tags has `tag`; a weak one is as good, since the content is the same byte for byte.
fn names(list: &str, tag: &str) -> bool {
    list.split(',')
        .map(|one| one.trim().trim_start_matches("W/"))
        .any(|one| one == "*" || one == tag || one == tag.trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_tag_is_found_in_a_list() {
        for (list, found) in [
            ("\"7\"", true),
            ("W/\"7\"", true),
            ("\"6\", \"7\"", true),
            ("*", true),
            ("7", true),
            ("\"77\"", false),
            ("", false),
        ] {
            assert_eq!(names(list, "\"7\""), found, "{list}");
        }
    }
}
