//! `application/x-www-form-urlencoded` bodies in which no parameter stands twice (RFC 6749 section 3.2).

use crate::{ErrorKind, OauthError};

/// The parameters of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Reads a body.
    ///
    /// # Errors
    /// `invalid_request` when a parameter stands twice or there are more than 50.
    pub fn parse(body: &str) -> Result<Self, OauthError> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for (name, value) in url::form_urlencoded::parse(body.as_bytes()) {
            if pairs.iter().any(|(known, _)| *known == name) {
                return Err(refuse(format!("`{name}` stands twice")));
            }
            if pairs.len() == MAX_PARAMETERS {
                return Err(refuse("there are more than 50 parameters"));
            }
            pairs.push((name.into_owned(), value.into_owned()));
        }
        Ok(Self(pairs))
    }

    /// A parameter's value. One without a value counts as left out (RFC 6749 section 3.2).
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, value)| known == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// A parameter that has to be there.
    ///
    /// # Errors
    /// `invalid_request` that names it.
    pub fn require(&self, name: &str) -> Result<&str, OauthError> {
        self.get(name)
            .ok_or_else(|| refuse(format!("`{name}` is missing")))
    }
}

fn refuse(description: impl Into<String>) -> OauthError {
    OauthError::new(ErrorKind::InvalidRequest, description)
}

/// No grant has a quarter of it.
const MAX_PARAMETERS: usize = 50;

#[cfg(test)]
mod tests {
    use super::Form;

    #[test]
    fn repeated_parameters_are_refused() {
        let form = Form::parse("scope=a+b&x=&y=%C3%A4").unwrap();
        assert_eq!(form.get("scope"), Some("a b"));
        assert_eq!(form.get("y"), Some("ä"));
        assert_eq!(form.get("x"), None);
        assert!(form.require("x").is_err());
        let refusal = Form::parse("scope=a&scope=a").unwrap_err();
        assert_eq!(refusal.description, "`scope` stands twice");
        let many: String = (0..51).map(|n| format!("p{n}=1&")).collect();
        assert!(Form::parse(&many).is_err());
    }
}
