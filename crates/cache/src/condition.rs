//! Is what the client holds still good (RFC 9110 section 13)?

use model::Fields;

use crate::date;

/// Headers by which a client asks only for what it does not hold yet.
pub(crate) const CONDITIONS: [&str; 2] = ["if-none-match", "if-modified-since"];

/// Does the client of this request hold the answer with these headers?
pub(crate) fn holds(request: &Fields, answer: &Fields) -> bool {
    let mut tags = request.all("if-none-match").peekable();
    if tags.peek().is_some() {
        let Some(current) = answer.get("etag").map(opaque) else {
            return false;
        };
        return tags
            .flat_map(|list| list.split(','))
            .any(|tag| tag.trim() == "*" || opaque(tag.trim()) == current);
    }
    let since = request.get("if-modified-since").and_then(date::parse);
    let modified = answer.get("last-modified").and_then(date::parse);
    since
        .zip(modified)
        .is_some_and(|(since, modified)| modified <= since)
}

/// Tags are compared weakly here: the same content is enough.
fn opaque(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_come_before_dates() {
        let answer = [
            ("etag", "W/\"1\""),
            ("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ];
        let answer: Fields = answer.into_iter().collect();
        for (conditions, expected) in [
            (vec![("if-none-match", "\"1\"")], true),
            (vec![("if-none-match", "\"0\", W/\"1\"")], true),
            (vec![("if-none-match", "*")], true),
            (vec![("if-none-match", "\"2\"")], false),
            (
                vec![
                    ("if-none-match", "\"2\""),
                    ("if-modified-since", "Sun, 06 Nov 1994 08:49:37 GMT"),
                ],
                false,
            ),
            (
                vec![("if-modified-since", "Sun, 06 Nov 1994 08:49:37 GMT")],
                true,
            ),
            (
                vec![("if-modified-since", "Sun, 06 Nov 1994 08:49:36 GMT")],
                false,
            ),
            (vec![("if-modified-since", "yesterday")], false),
            (vec![], false),
        ] {
            let request: Fields = conditions.iter().copied().collect();
            assert_eq!(holds(&request, &answer), expected, "{conditions:?}");
        }
    }
}
