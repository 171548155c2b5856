//! Secrets of a draft: what signs a gateway in to an upstream. They come in once, are kept sealed elsewhere under a name,
//! and never go out again. The draft has their names beside the fields, which are empty.

use serde_json::Value;

use super::{Draft, Object};

/// The property with the names, which no client sees or sets.
pub(crate) const SECRETS: &str = "secrets";

/// The property that says how the gateway signs in to the endpoints.
const SIGN_IN: &str = "endpoint_security";
/// The properties that are secrets.
const FIELDS: &[&str] = &["password", "clientSecret", "apiKeyValue", "secretKey"];

impl Draft {
    /// Takes the secrets out that a client has sent; `name` gives each its name. A secret that was not sent, or sent as the
    /// empty text that the client has read, stays as it is in `before`.
    ///
    /// # Errors
    /// What `name` fails with.
    pub fn take_secrets<E>(
        &mut self,
        before: Option<&Self>,
        mut name: impl FnMut() -> Result<String, E>,
    ) -> Result<Vec<NewSecret>, E> {
        let mut taken = Vec::new();
        for keys in KEYS {
            let held = before.and_then(|draft| draft.login(keys));
            let held = held
                .and_then(|login| login.get(SECRETS))
                .and_then(Value::as_object);
            let Some(login) = self.login_mut(keys) else {
                continue;
            };
            login.remove(SECRETS);
            let mut names = Object::new();
            for field in FIELDS {
                let Some(given) = login.get_mut(*field) else {
                    continue;
                };
                let value = given.as_str().unwrap_or_default().to_owned();
                *given = Value::String(String::new());
                if !value.is_empty() {
                    let name = name()?;
                    names.insert((*field).to_owned(), Value::String(name.clone()));
                    taken.push(NewSecret { name, value });
                } else if let Some(name) = held.and_then(|held| held.get(*field)) {
                    names.insert((*field).to_owned(), name.clone());
                }
            }
            if !names.is_empty() {
                login.insert(SECRETS.to_owned(), Value::Object(names));
            }
        }
        Ok(taken)
    }

    /// Takes over how the gateway signs in to the endpoints, where this draft says nothing of it.
    pub fn keep_sign_in(&mut self, before: &Self) {
        let held = before.endpoint_config.as_ref();
        let (Some(held), Some(config)) = (
            held.and_then(|config| config.rest.get(SIGN_IN)),
            self.endpoint_config.as_mut(),
        ) else {
            return;
        };
        let says = config.rest.entry(SIGN_IN).or_insert(Value::Null);
        if says.is_null() {
            *says = held.clone();
        }
    }

    /// The draft as clients may see it.
    #[must_use]
    pub fn without_secrets(mut self) -> Self {
        self.parts.clear();
        for keys in KEYS {
            if let Some(login) = self.login_mut(keys) {
                login.remove(SECRETS);
            }
        }
        self
    }

    /// The names of its secrets.
    #[must_use]
    pub fn secret_names(&self) -> Vec<String> {
        let logins = KEYS.iter().filter_map(|keys| self.login(keys));
        let names = logins.filter_map(|login| login.get(SECRETS)?.as_object());
        names
            .flat_map(Object::values)
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    }

    fn login(&self, keys: &str) -> Option<&Object> {
        let config = self.endpoint_config.as_ref()?;
        config.rest.get(SIGN_IN)?.get(keys)?.as_object()
    }

    fn login_mut(&mut self, keys: &str) -> Option<&mut Object> {
        let config = self.endpoint_config.as_mut()?;
        let all = config.rest.get_mut(SIGN_IN)?;
        all.get_mut(keys)?.as_object_mut()
    }
}

/// A secret that came in.
#[derive(PartialEq, Eq)]
pub struct NewSecret {
    /// Its name.
    pub name: String,
    /// The secret itself, to be sealed.
    pub value: String,
}

impl std::fmt::Debug for NewSecret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("NewSecret")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

const KEYS: [&str; 2] = ["production", "sandbox"];

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use serde_json::json;

    use super::*;
    use crate::door;

    fn draft(login: &Value) -> Draft {
        let draft = json!({"endpointConfig": {"endpoint_security": {"production": login}}});
        door::parse(&draft.to_string()).unwrap()
    }

    fn take(draft: &mut Draft, before: Option<&Draft>) -> Vec<NewSecret> {
        let mut number = 0;
        let name = || {
            number += 1;
            Ok::<_, Infallible>(format!("s{number}"))
        };
        draft.take_secrets(before, name).unwrap_or_default()
    }

    #[test]
    fn a_secret_comes_in_and_never_goes_out() {
        let mut draft = draft(&json!({"username": "u", "password": "p", "clientSecret": "c"}));
        let taken = take(&mut draft, None);
        let taken: Vec<&str> = taken.iter().map(|it| it.value.as_str()).collect();
        assert_eq!(taken, ["p", "c"]);
        let mut names = draft.secret_names();
        // Their order follows the object's, which serde_json keeps or sorts as other crates want it.
        names.sort_unstable();
        assert_eq!(names, ["s1", "s2"]);
        let shown = serde_json::to_value(draft.without_secrets().endpoint_config).unwrap();
        let login = json!({"username": "u", "password": "", "clientSecret": ""});
        assert_eq!(shown["endpoint_security"]["production"], login);
    }

    #[test]
    fn an_empty_secret_is_the_one_that_is_kept() {
        let mut before = draft(&json!({"password": "p"}));
        take(&mut before, None);
        for (given, names) in [
            (json!({"password": ""}), vec!["s1"]),
            (json!({"password": null}), vec!["s1"]),
            (json!({"username": "u"}), vec![]),
            (
                json!({"password": "", "secrets": {"password": "somebody's"}}),
                vec!["s1"],
            ),
        ] {
            let mut draft = draft(&given);
            assert_eq!(take(&mut draft, Some(&before)), []);
            assert_eq!(draft.secret_names(), names, "{given}");
        }
        let mut alone = draft(&json!({"password": "", "secrets": {"password": "somebody's"}}));
        take(&mut alone, None);
        assert_eq!(alone.secret_names(), Vec::<String>::new());
    }

    #[test]
    fn a_draft_that_says_nothing_of_signing_in_keeps_it() {
        let mut before = draft(&json!({"username": "u", "password": "p"}));
        take(&mut before, None);
        let silent = json!({"endpointConfig": {"endpoint_type": "http"}});
        let mut silent: Draft = door::parse(&silent.to_string()).unwrap();
        silent.keep_sign_in(&before);
        assert_eq!(take(&mut silent, Some(&before)), []);
        assert_eq!(silent.secret_names(), ["s1"]);
        let mut other = draft(&json!({"username": "other"}));
        other.keep_sign_in(&before);
        take(&mut other, Some(&before));
        assert_eq!(other.secret_names(), Vec::<String>::new());
    }
}
