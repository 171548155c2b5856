//! What makes a service up: what is said of it, and its definition.

use interface::{asyncapi, graphql, wsdl};
use lifecycle::{Fault, address, door, naming};
use model::Hash;
use runtime::{Failure, Outcome};
use serde::{Deserialize, Serialize};

use super::row::ServiceRow;
use crate::{call::Call, fetch, refusal, upload::Upload};

/// WSO2's `Service` as clients send it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
pub(crate) struct Said {
    pub(crate) name: String,
    pub(crate) version: String,
    #[serde(default, alias = "key", skip_serializing_if = "Option::is_none")]
    pub(crate) service_key: Option<String>,
    pub(crate) service_url: String,
    pub(crate) definition_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) security_type: Option<String>,
    #[serde(
        default,
        rename = "mutualSSLEnabled",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) mutual_tls: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) definition_url: Option<String>,
    #[serde(default, rename = "id", skip_serializing)]
    _id: Option<String>,
    #[serde(default, rename = "usage", skip_serializing)]
    _usage: Option<i64>,
    #[serde(default, rename = "md5", skip_serializing)]
    _digest: Option<String>,
    #[serde(default, rename = "createdTime", skip_serializing)]
    _created: Option<String>,
    #[serde(default, rename = "lastUpdatedTime", skip_serializing)]
    _updated: Option<String>,
}

/// A service as it came.
pub(crate) struct Content {
    pub(crate) said: Said,
    pub(crate) definition: String,
}

impl Content {
    /// Reads the parts `serviceMetadata` and `definitionFile` or `inlineContent`, or fetches `definitionUrl`.
    pub(crate) async fn read(call: &Call) -> Outcome<Self> {
        let form = Upload::read(call).await?;
        let said = form
            .text("serviceMetadata")
            .await?
            .ok_or_else(|| refusal::one("900700", "serviceMetadata", "is missing"))?;
        let said: Said = door::parse(&said).map_err(|fault| {
            let place = format!("serviceMetadata.{}", fault.place);
            refusal::several("400", vec![Fault { place, ..fault }])
        })?;
        let given = match form.text("definitionFile").await? {
            Some(text) => Some(text),
            None => form.text("inlineContent").await?,
        };
        let definition = match (given, &said.definition_url) {
            (Some(text), _) => text,
            (None, Some(url)) if !url.is_empty() => fetch::definition(call, url).await?,
            (None, _) => {
                let message = "is missing; send it, or `inlineContent`, or name a `definitionUrl`";
                return Err(refusal::one("900700", "definitionFile", message));
            }
        };
        Self::checked(said, definition, call.allow_private())
    }

    /// A service whose parts are good.
    pub(crate) fn checked(said: Said, definition: String, allow_private: bool) -> Outcome<Self> {
        let mut faults = Vec::new();
        let mut add = |place: &str, message: String| {
            faults.push(Fault {
                place: place.to_owned(),
                message,
            });
        };
        if said.name.trim().is_empty() || said.name.chars().count() > 255 || said.name.contains('*')
        {
            add("name", "is not 1 to 255 characters without `*`".to_owned());
        }
        if let Some(fault) = naming::version_fault(&said.version) {
            add("version", fault.message);
        }
        if let Some(key) = &said.service_key
            && (key.is_empty() || key.chars().count() > 512 || key.contains('*'))
        {
            add(
                "serviceKey",
                "is not 1 to 512 characters without `*`".to_owned(),
            );
        }
        let plain = said.service_url.replacen(
            "ws",
            "http",
            usize::from(said.service_url.starts_with("ws")),
        );
        if let Err(reason) = address::parse(&plain, allow_private) {
            add("serviceUrl", reason.to_string());
        }
        let security = said.security_type.as_deref().unwrap_or("NONE");
        for (place, word, known) in [
            ("definitionType", said.definition_type.as_str(), TYPES),
            ("securityType", security, SECURITIES),
        ] {
            if !known.contains(&word) {
                add(
                    place,
                    format!("`{word}` is none of `{}`", known.join("`, `")),
                );
            }
        }
        refusal::unless_empty("400", faults)?;
        let wrong = definition_faults(&said.definition_type, &definition);
        refusal::unless_empty("900754", wrong)?;
        Ok(Self { said, definition })
    }

    /// Name and version stay what they are.
    pub(crate) fn require_identity(&self, row: &ServiceRow) -> Outcome<()> {
        let key = self.said.service_key.as_ref().unwrap_or(&row.key);
        for (place, given, known) in [
            ("name", &self.said.name, &row.name),
            ("version", &self.said.version, &row.version),
            ("serviceKey", key, &row.key),
        ] {
            if given != known {
                let message =
                    format!("cannot be changed from `{known}`; make another service instead");
                return Err(refusal::one("400", place, message));
            }
        }
        Ok(())
    }

    pub(crate) fn key(&self) -> String {
        let usual = || format!("{}-{}", self.said.name, self.said.version);
        self.said.service_key.clone().unwrap_or_else(usual)
    }

    pub(crate) fn security(&self) -> &str {
        self.said.security_type.as_deref().unwrap_or("NONE")
    }

    /// Of all that makes it up.
    pub(crate) fn digest(&self) -> String {
        let said = serde_json::to_string(&self.said).unwrap_or_default();
        Hash::of(format!("{said}\n{}", self.definition).as_bytes())
            .as_str()
            .to_owned()
    }
}

/// What is wrong with a definition of that type.
fn definition_faults(kind: &str, text: &str) -> Vec<Fault> {
    let other = |is: &str| {
        vec![Fault {
            place: "definitionFile".to_owned(),
            message: format!("is {is}, not what `definitionType` says: `{kind}`"),
        }]
    };
    match kind {
        "OAS2" | "OAS3" => match openapi::read(text) {
            Err(faults) => faults.into_iter().map(refusal::definition_fault).collect(),
            Ok(found) if found.format_version.starts_with('2') != (kind == "OAS2") => {
                other(&format!("version {}", found.format_version))
            }
            Ok(_) => Vec::new(),
        },
        "WSDL1" | "WSDL2" => match wsdl::read(text) {
            Err(faults) => faults,
            Ok(found) if found.version.starts_with('2') != (kind == "WSDL2") => {
                other(&format!("WSDL {}", found.version))
            }
            Ok(_) => Vec::new(),
        },
        "GRAPHQL_SDL" => graphql::read(text).err().unwrap_or_default(),
        _ => asyncapi::read(text).err().unwrap_or_default(),
    }
}

/// As a failure of another's file.
pub(crate) fn within(name: &str, failure: Failure) -> Failure {
    match failure {
        Failure::Problem(problem) => {
            let detail = format!("`{name}`: {}", problem.description());
            refusal::one("400", "file", detail)
        }
        internal @ Failure::Internal(_) => internal,
    }
}

const TYPES: &[&str] = &["OAS2", "OAS3", "WSDL1", "WSDL2", "GRAPHQL_SDL", "ASYNC_API"];
const SECURITIES: &[&str] = &["BASIC", "DIGEST", "OAUTH2", "X509", "API_KEY", "NONE"];
