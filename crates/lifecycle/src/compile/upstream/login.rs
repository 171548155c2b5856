//! `endpoint_security`: how the gateway signs in to the upstream.

use model::{Login, OAuth};
use serde_json::Value;

use crate::{
    Fault,
    draft::{EndpointConfig, Object, SECRETS, fault, missing},
};

/// The login for one kind of key (`production` or `sandbox`); `None` where there is none, or one that is at fault.
pub(super) fn read(config: &EndpointConfig, keys: &str, faults: &mut Vec<Fault>) -> Option<Login> {
    let given = config
        .rest
        .get("endpoint_security")?
        .get(keys)?
        .as_object()?;
    let is_enabled = match given.get("enabled") {
        Some(Value::Bool(enabled)) => *enabled,
        Some(Value::String(word)) => word.eq_ignore_ascii_case("true"),
        _ => false,
    };
    let kind = given.get("type").and_then(Value::as_str).unwrap_or("NONE");
    if !is_enabled || kind.eq_ignore_ascii_case("NONE") {
        return None;
    }
    let mut reader = Reader {
        given,
        place: format!("endpointConfig.endpoint_security.{keys}"),
        faults,
    };
    match kind.to_ascii_lowercase().as_str() {
        "basic" => reader.basic(),
        "apikey" | "api_key" => reader.api_key(),
        "oauth" => reader.oauth(),
        "aws" => reader.aws(),
        _ => {
            reader.fault("type", format!("gateways do not sign in by `{kind}`; they do by `BASIC`, `apikey`, `OAUTH` and `aws`"));
            None
        }
    }
}

struct Reader<'a> {
    given: &'a Object,
    place: String,
    faults: &'a mut Vec<Fault>,
}

impl<'a> Reader<'a> {
    fn basic(&mut self) -> Option<Login> {
        let (username, password) = (self.text("username"), self.secret("password"));
        Some(Login::Basic {
            username: username?,
            password: password?,
        })
    }

    fn api_key(&mut self) -> Option<Login> {
        let (name, value) = (self.text("apiKeyIdentifier"), self.secret("apiKeyValue"));
        let in_query = match self.optional("apiKeyIdentifierType") {
            "QUERY_PARAMETER" => true,
            "" | "HEADER" => false,
            other => {
                let message = format!("`{other}` is none of `HEADER`, `QUERY_PARAMETER`");
                self.fault("apiKeyIdentifierType", message);
                return None;
            }
        };
        let name = name?;
        let is_token = name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        if !in_query && (!is_token || RESERVED.contains(&name.to_ascii_lowercase().as_str())) {
            self.fault(
                "apiKeyIdentifier",
                format!("`{}` is no header for a key", name.escape_debug()),
            );
            return None;
        }
        Some(Login::ApiKey {
            name: if in_query {
                name
            } else {
                name.to_ascii_lowercase()
            },
            in_query,
            value: value?,
        })
    }

    fn oauth(&mut self) -> Option<Login> {
        let (token_url, client_id) = (self.text("tokenUrl"), self.text("clientId"));
        let client_secret = self.secret("clientSecret");
        let user = match self.optional("grantType") {
            "" | "CLIENT_CREDENTIALS" | "client_credentials" => None,
            "PASSWORD" | "password" => {
                let (username, password) = (self.text("username"), self.secret("password"));
                Some((username?, password?))
            }
            other => {
                let message = format!("`{other}` is none of `CLIENT_CREDENTIALS`, `PASSWORD`");
                self.fault("grantType", message);
                return None;
            }
        };
        Some(Login::OAuth(OAuth {
            token_url: token_url?,
            client_id: client_id?,
            client_secret: client_secret?,
            user,
            parameters: self.parameters(),
        }))
    }

    fn aws(&mut self) -> Option<Login> {
        let (access_key, secret_key) = (self.text("accessKey"), self.secret("secretKey"));
        let (region, service) = (self.text("region"), self.text("service"));
        Some(Login::Aws {
            access_key: access_key?,
            secret_key: secret_key?,
            region: region?,
            service: service?,
        })
    }

    /// `scopes` and `customParameters`, which WSO2's publisher also sends as JSON in a string.
    fn parameters(&mut self) -> Vec<(String, String)> {
        let mut parameters = Vec::new();
        let scopes = self.given.get("scopes").and_then(Value::as_array);
        let scopes: Vec<&str> = scopes
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        if !scopes.is_empty() {
            parameters.push(("scope".to_owned(), scopes.join(" ")));
        }
        let given = match self.given.get("customParameters") {
            None | Some(Value::Null) => return parameters,
            Some(Value::String(text)) if text.is_empty() => return parameters,
            Some(Value::String(text)) => serde_json::from_str(text).ok(),
            Some(Value::Object(given)) => Some(given.clone()),
            Some(_) => None,
        };
        let Some(given): Option<Object> = given else {
            self.fault("customParameters", "is not an object of texts".to_owned());
            return parameters;
        };
        for (name, value) in given {
            match value.as_str() {
                Some(value) => parameters.push((name, value.to_owned())),
                None => self.fault("customParameters", format!("`{name}` is not a text")),
            }
        }
        parameters
    }

    /// The name of a secret that is kept.
    fn secret(&mut self, field: &str) -> Option<String> {
        let names = self.given.get(SECRETS);
        let name = names.and_then(|names| names.get(field)?.as_str());
        if name.is_none() {
            self.faults
                .push(missing(&format!("{}.{field}", self.place)));
        }
        name.map(str::to_owned)
    }

    fn text(&mut self, field: &str) -> Option<String> {
        let text = self.optional(field);
        let is_line = !text.is_empty() && !text.chars().any(char::is_control);
        if !is_line {
            self.faults
                .push(missing(&format!("{}.{field}", self.place)));
        }
        is_line.then(|| text.to_owned())
    }

    fn optional(&self, field: &str) -> &'a str {
        self.given
            .get(field)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    fn fault(&mut self, field: &str, message: String) {
        self.faults
            .push(fault(&format!("{}.{field}", self.place), message));
    }
}

/// What frames a request, or tells the upstream who called.
const RESERVED: &[&str] = &[
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "upgrade",
    "te",
    "trailer",
    "x-forwarded-for",
];
