//! `application/x-www-form-urlencoded` parameters of which none stands twice (RFC 6749 section 3.2), but for those that
//! may (RFC 8707).

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
            if !REPEATABLE.contains(&&*name) && pairs.iter().any(|(known, _)| *known == name) {
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

    /// Every value of a parameter that may stand several times.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(move |(known, value)| known == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// The same with this parameter, instead of one of its name.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The parameters as a form again, without those named `left_out`.
    #[must_use]
    pub fn encoded_without(&self, left_out: &[&str]) -> String {
        url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(
                self.0
                    .iter()
                    .filter(|(name, _)| !left_out.contains(&name.as_str())),
            )
            .finish()
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
/// RFC 8707 section 2, RFC 8693 section 2.1.
const REPEATABLE: [&str; 2] = ["resource", "audience"];

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
        let several = Form::parse("resource=a&resource=b&resource=&client_secret=s").unwrap();
        assert_eq!(several.all("resource").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(
            several.encoded_without(&["client_secret"]),
            "resource=a&resource=b&resource="
        );
        let many: String = (0..51).map(|n| format!("p{n}=1&")).collect();
        assert!(Form::parse(&many).is_err());
    }
}
