//! Whether a client wants `application/problem+json`.

/// `true` when the `Accept` value names `application/problem+json` with a weight above zero. A client that only says
/// `*/*` or `application/json` gets WSO2's body.
#[must_use]
pub fn prefers_problem_json(accept: &str) -> bool {
    accept.split(',').any(|part| {
        let mut pieces = part.split(';').map(str::trim);
        let named = pieces
            .next()
            .is_some_and(|kind| kind.eq_ignore_ascii_case("application/problem+json"));
        let refused = pieces.any(|parameter| {
            parameter
                .strip_prefix("q=")
                .and_then(|weight| weight.parse::<f32>().ok())
                .is_some_and(|weight| weight <= 0.0)
        });
        named && !refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_explicit_wish_counts() {
        for (accept, wanted) in [
            ("application/problem+json", true),
            ("application/json, Application/Problem+JSON;q=0.5", true),
            ("application/problem+json;q=0", false),
            ("*/*", false),
            ("", false),
        ] {
            assert_eq!(prefers_problem_json(accept), wanted, "{accept}");
        }
    }
}
