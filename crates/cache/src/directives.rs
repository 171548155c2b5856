//! `Cache-Control`, of requests and of replies.

use model::Fields;

/// What a message says about keeping it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Directives {
    pub(crate) no_store: bool,
    pub(crate) no_cache: bool,
    pub(crate) private: bool,
    pub(crate) public: bool,
    pub(crate) must_revalidate: bool,
    pub(crate) only_if_cached: bool,
    pub(crate) max_age: Option<i64>,
    pub(crate) s_maxage: Option<i64>,
    pub(crate) min_fresh: Option<i64>,
    /// `Some(i64::MAX)` where no bound is given.
    pub(crate) max_stale: Option<i64>,
    pub(crate) stale_while_revalidate: Option<i64>,
    pub(crate) stale_if_error: Option<i64>,
}

impl Directives {
    /// All fields of the name, and `Pragma: no-cache` where there is none.
    pub(crate) fn of(headers: &Fields) -> Self {
        let mut found = Self::default();
        let mut is_there = false;
        for field in headers.all("cache-control") {
            is_there = true;
            for directive in split(field) {
                found.read(directive);
            }
        }
        if !is_there {
            let mut pragmas = headers.all("pragma").flat_map(|it| it.split(','));
            found.no_cache = pragmas.any(|it| it.trim().eq_ignore_ascii_case("no-cache"));
        }
        found
    }

    /// A directive with field names (`private="x"`) counts as the one without: more is forbidden, never less.
    fn read(&mut self, directive: &str) {
        let (name, value) = match directive.split_once('=') {
            Some((name, value)) => (name.trim(), Some(value.trim().trim_matches('"'))),
            None => (directive.trim(), None),
        };
        match name.to_ascii_lowercase().as_str() {
            "no-store" => self.no_store = true,
            "no-cache" => self.no_cache = true,
            "private" => self.private = true,
            "public" => self.public = true,
            "must-revalidate" | "proxy-revalidate" => self.must_revalidate = true,
            "only-if-cached" => self.only_if_cached = true,
            "max-age" => shortest(&mut self.max_age, value),
            "s-maxage" => shortest(&mut self.s_maxage, value),
            "min-fresh" => {
                self.min_fresh = Some(self.min_fresh.unwrap_or(0).max(seconds(value)));
            }
            "max-stale" => self.max_stale = Some(value.map_or(i64::MAX, |_| seconds(value))),
            "stale-while-revalidate" => shortest(&mut self.stale_while_revalidate, value),
            "stale-if-error" => shortest(&mut self.stale_if_error, value),
            _ => {}
        }
    }
}

/// Said twice, the stricter word counts.
fn shortest(kept: &mut Option<i64>, value: Option<&str>) {
    let seconds = seconds(value);
    *kept = Some(kept.map_or(seconds, |before| before.min(seconds)));
}

/// What is no number of seconds is none at all: stale at once.
fn seconds(value: Option<&str>) -> i64 {
    let digits = value.filter(|it| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit()));
    match digits {
        Some(digits) => digits.parse().unwrap_or(FOR_EVER).min(FOR_EVER),
        None => 0,
    }
}

/// Splits at commas that are not inside quotation marks.
fn split(field: &str) -> impl Iterator<Item = &str> {
    let mut is_quoted = false;
    field.split(move |letter| {
        is_quoted ^= letter == '"';
        letter == ',' && !is_quoted
    })
}

/// 2^31 seconds stand for any longer time (RFC 9111 section 1.2.2).
const FOR_EVER: i64 = 1 << 31;

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &[(&str, &str)]) -> Directives {
        Directives::of(&fields.iter().copied().collect())
    }

    #[test]
    fn what_is_doubtful_is_read_strictly() {
        let of = |text: &str| read(&[("cache-control", text)]);
        assert_eq!(of("max-age=60, max-age=10").max_age, Some(10));
        assert_eq!(of("max-age=x").max_age, Some(0));
        assert_eq!(of("max-age=-1").max_age, Some(0));
        assert_eq!(of("max-age").max_age, Some(0));
        assert_eq!(of("max-age=\"60\"").max_age, Some(60));
        assert_eq!(of("max-age=99999999999999999999").max_age, Some(FOR_EVER));
        assert!(of("private=\"set-cookie, x\"").private);
        assert!(of("no-cache=\"a\"").no_cache);
        assert!(of("NO-STORE").no_store);
        assert_eq!(of("x=\"a, public\", max-age=1"), of("max-age=1"));
        assert_eq!(of("max-stale").max_stale, Some(i64::MAX));
        let two = read(&[("cache-control", "public"), ("cache-control", "no-store")]);
        assert!(two.public && two.no_store);
    }

    #[test]
    fn pragma_counts_where_nothing_else_is_said() {
        assert!(read(&[("pragma", "no-cache")]).no_cache);
        assert!(!read(&[("pragma", "no-cache"), ("cache-control", "max-age=1")]).no_cache);
    }
}
