//! Replies of an API that is on its way out say so: `Deprecation` (RFC 9745) and `Sunset` (RFC 8594).

use chrono::DateTime;
use model::Conduct;

/// The headers; none for most APIs.
pub(crate) fn headers(conduct: &Conduct) -> impl Iterator<Item = (&'static str, String)> + use<> {
    let deprecated = conduct.deprecated_at.map(|at| {
        // A date of structured fields: seconds since the epoch behind an `@`.
        ("deprecation", format!("@{}", at.0.div_euclid(1_000)))
    });
    let sunset = conduct.sunset_at.and_then(|at| {
        let date = DateTime::from_timestamp_millis(at.0)?;
        Some((
            "sunset",
            date.format("%a, %d %b %Y %H:%M:%S GMT").to_string(),
        ))
    });
    deprecated.into_iter().chain(sunset)
}

#[cfg(test)]
mod tests {
    use model::Timestamp;

    use super::*;

    #[test]
    fn dates_are_written_as_their_standards_have_them() {
        let conduct = Conduct {
            deprecated_at: Some(Timestamp(1_688_169_599_999)),
            sunset_at: Some(Timestamp(1_814_313_600_000)),
            ..Conduct::default()
        };
        let expected = [
            ("deprecation", "@1688169599".to_owned()),
            ("sunset", "Wed, 30 Jun 2027 00:00:00 GMT".to_owned()),
        ];
        assert_eq!(headers(&conduct).collect::<Vec<_>>(), expected);
        assert_eq!(headers(&Conduct::default()).count(), 0);
    }
}
