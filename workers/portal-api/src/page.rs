//! Lists: `limit`, `offset`, and the shape that all of them have.

use runtime::Outcome;
use serde_json::{Value, json};

use crate::{call::Call, refusal};

/// Which part of a list is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page {
    pub(crate) limit: i64,
    pub(crate) offset: i64,
}

impl Page {
    /// From `limit` and `offset`.
    pub(crate) fn of(call: &Call) -> Outcome<Self> {
        Ok(Self {
            limit: number(call, "limit", LIMIT_DEFAULT)?.min(LIMIT_LARGEST),
            offset: number(call, "offset", 0)?,
        })
    }

    /// The list's shape, with paths to its neighbours.
    pub(crate) fn list(self, call: &Call, list: Vec<Value>, total: i64) -> Value {
        let next = self.offset.saturating_add(self.limit);
        let has_next = self.limit > 0 && next < total;
        let link = |offset: i64| self.link(call, ("offset", &offset.to_string()));
        json!({
            "count": list.len(),
            "list": Value::Array(list),
            "pagination": {
                "offset": self.offset,
                "limit": self.limit,
                "total": total,
                "next": if has_next { link(next) } else { String::new() },
                "previous": if self.offset > 0 { link((self.offset - self.limit).max(0)) } else { String::new() },
            },
        })
    }

    /// As [`list`](Self::list), where the next page is found by the place at which this one ends: it costs the same however
    /// many are before it. Pages by `offset` are still there.
    pub(crate) fn keyed(
        self,
        call: &Call,
        list: Vec<Value>,
        (total, next): (i64, Option<&str>),
    ) -> Value {
        let mut shown = self.list(call, list, total);
        if let Some(link_to) = shown.pointer_mut("/pagination/next") {
            *link_to = next
                .map(|place| self.link(call, ("after", place)))
                .unwrap_or_default()
                .into();
        }
        shown
    }

    fn link(self, call: &Call, place: (&str, &str)) -> String {
        let limit = self.limit.to_string();
        link(
            call,
            &[("limit", &limit), place],
            &["limit", "offset", "after"],
        )
    }

    /// A page of something that is already all here.
    pub(crate) fn cut(self, call: &Call, all: Vec<Value>) -> Value {
        let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
        let skip = usize::try_from(self.offset).unwrap_or(usize::MAX);
        let take = usize::try_from(self.limit).unwrap_or(usize::MAX);
        self.list(call, all.into_iter().skip(skip).take(take).collect(), total)
    }
}

/// A list without pages.
pub(crate) fn whole(list: Vec<Value>) -> Value {
    json!({"count": list.len(), "list": Value::Array(list)})
}

fn number(call: &Call, name: &str, default: i64) -> Outcome<i64> {
    match call.query(name) {
        None => Ok(default),
        Some(text) => text
            .parse()
            .ok()
            .filter(|number: &i64| (0..=OFFSET_LARGEST).contains(number))
            .ok_or_else(|| {
                refusal::one("900703", name, "is not a whole number from 0 to 1000000000")
            }),
    }
}

/// The path of a neighbouring page: `own` parameters first, then the caller's others but those that `own` stands for.
pub(crate) fn link(call: &Call, own: &[(&str, &str)], replaced: &[&str]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(own);
    for (name, value) in &call.query {
        if !replaced.contains(&name.as_str()) {
            query.append_pair(name, value);
        }
    }
    format!("{}?{}", call.request.path(), query.finish())
}

/// Drops the row that was read beyond `limit`; says whether there was one, and so whether a page follows.
pub(crate) fn drop_beyond<T>(rows: &mut Vec<T>, limit: i64) -> bool {
    let limit = usize::try_from(limit).unwrap_or_default();
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    has_more
}

const LIMIT_DEFAULT: i64 = 25;
/// More at once is a slow answer; who wants all asks for pages.
const LIMIT_LARGEST: i64 = 500;
const OFFSET_LARGEST: i64 = 1_000_000_000;
