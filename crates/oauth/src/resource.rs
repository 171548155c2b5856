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

fn is_resource(text: &str) -> bool {
    text.len() <= MAX_LENGTH && !text.contains('#') && url::Url::parse(text).is_ok()
}

const MAX_LENGTH: usize = 1024;
const MAX_RESOURCES: usize = 10;
