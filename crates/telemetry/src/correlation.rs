//! The name by which a client calls its request, if it has one.

/// The first of these that is the name of a request: `activityid` as WSO2's clients send it, or `x-correlation-id`.
///
/// A name is 1 to 64 visible letters of ASCII without quotation marks and backslashes: it goes into logs and events.
#[must_use]
pub fn correlation<'a>(activity: Option<&'a str>, correlation: Option<&'a str>) -> Option<&'a str> {
    [activity, correlation]
        .into_iter()
        .flatten()
        .find(|it| is_name(it))
}

fn is_name(text: &str) -> bool {
    let fits = (1..=LONGEST).contains(&text.len());
    fits && text
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'' | b'\\' | b'<' | b'>'))
}

/// A UUID has 36.
const LONGEST: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_break_out_of_a_log_is_no_name() {
        for text in ["", "a b", "a\"", "<b>", "é", "a\n", "a\\n", &"x".repeat(65)] {
            assert_eq!(correlation(Some(text), None), None, "{text}");
        }
        assert_eq!(correlation(Some("a b"), Some("order-7")), Some("order-7"));
        assert_eq!(correlation(Some("one"), Some("two")), Some("one"));
    }
}
