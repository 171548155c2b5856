//! For which resources a token is wanted (RFC 8707).

use crate::{ErrorKind, Form, OauthError};

/// The `resource` parameters of a request.
///
/// # Errors
/// `invalid_target` for one that is no absolute URI or has a fragment, and for more than ten.
pub fn parse_resources(form: &Form) -> Result<Vec<String>, OauthError> {
    let shown: Vec<&str> = form.all("resource").collect();
    if shown.len() > MAX_RESOURCES || !shown.iter().all(|text| is_resource(text)) {
        return Err(OauthError::new(
            ErrorKind::InvalidTarget,
            format!(
                "`resource` is an absolute URI without a fragment, at most {MAX_RESOURCES} of them"
            ),
        ));
    }
    Ok(shown.into_iter().map(ToOwned::to_owned).collect())
}

/// The resources that a token is for: those that the request names out of those that were authorized, or all of these.
/// Where nothing was authorized in particular, the grant covers whatever the request names.
///
/// # Errors
/// `invalid_target` for one that was not authorized.
pub fn narrow_resources(
    authorized: &[String],
    requested: &[String],
) -> Result<Vec<String>, OauthError> {
    let is_covered = |name| authorized.is_empty() || authorized.contains(name);
    if !requested.iter().all(is_covered) {
        return Err(OauthError::new(
            ErrorKind::InvalidTarget,
            "the grant is for other resources",
        ));
    }
    let kept = if requested.is_empty() {
        authorized
    } else {
        requested
    };
    Ok(kept.to_vec())
}

fn is_resource(text: &str) -> bool {
    text.len() <= MAX_LENGTH && !text.contains('#') && url::Url::parse(text).is_ok()
}

const MAX_LENGTH: usize = 1024;
const MAX_RESOURCES: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resource_is_absolute_and_whole() {
        let check = |body: &str, expected: Result<usize, ErrorKind>| {
            let read = parse_resources(&Form::parse(body).unwrap());
            let read = read.map(|it| it.len()).map_err(|error| error.kind);
            assert_eq!(read, expected, "{body}");
        };
        check("", Ok(0));
        check("resource=https%3A%2F%2Fa.example&resource=urn%3Ab", Ok(2));
        let bad = Err(ErrorKind::InvalidTarget);
        check("resource=nowhere", bad);
        check("resource=https%3A%2F%2Fa.example%23part", bad);
        check(&format!("resource=urn:{}", "x".repeat(MAX_LENGTH)), bad);
        let eleven: String = (0..11).map(|n| format!("resource=urn:{n}&")).collect();
        check(&eleven, bad);
    }

    #[test]
    fn request_narrows_what_was_authorized_and_never_widens_it() {
        let list = |text: &str| -> Vec<String> {
            text.split_ascii_whitespace()
                .map(ToOwned::to_owned)
                .collect()
        };
        let check = |authorized: &str, requested: &str, expected: Option<&str>| {
            let found = narrow_resources(&list(authorized), &list(requested));
            assert_eq!(found.ok(), expected.map(list), "{authorized} {requested}");
        };
        check("", "", Some(""));
        check("", "urn:a", Some("urn:a"));
        check("urn:a urn:b", "", Some("urn:a urn:b"));
        check("urn:a urn:b", "urn:b", Some("urn:b"));
        check("urn:a", "urn:b", None);
        check("urn:a", "urn:a urn:b", None);
        check("urn:a", "urn:A", None);
    }
}
