//! What a definition says, as far as an API needs it, beside the document itself.

use std::fmt;

use model::OperationSecurity;
use serde_json::Value;

use crate::fault::Fault;

/// An API definition that has been read.
#[derive(Clone, Debug)]
pub struct Definition {
    /// Family of the standard.
    pub format: Format,
    /// The `openapi` or `swagger` field as written, for example `3.0.1`.
    pub format_version: String,
    /// The whole document, in the order in which it was written. `info.version` is text here even where the author
    /// wrote a number.
    pub document: Value,
    /// `info.title`; `Untitled API` where it is empty.
    pub title: String,
    /// `info.version` as written: `1.10` stays `1.10`; never empty.
    pub version: String,
    /// `info.description`.
    pub description: Option<String>,
    /// A context to propose, for example `/swagger-petstore`: `x-wso2-basePath` where given, else made of the title.
    pub context: String,
    /// Absolute URLs of the servers, variables filled in with their defaults, without trailing slash.
    pub servers: Vec<String>,
    /// Everything that can be called, in the order of the document; at least one.
    pub operations: Vec<Operation>,
    /// The scopes that the OAuth schemes declare or the operations name.
    pub scopes: Vec<Scope>,
    /// `securityDefinitions` or `components.securitySchemes`.
    pub security_schemes: Vec<SecurityScheme>,
    /// The advanced policy over the whole API (`x-throttling-tier` or `x-wso2-throttling-tier` at the root).
    pub throttling_tier: Option<String>,
    /// What does not prevent an import and is worth the author's look.
    pub warnings: Vec<Fault>,
}

/// Families of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Swagger 2.0.
    Swagger2,
    /// OpenAPI 3.0.
    OpenApi30,
    /// OpenAPI 3.1.
    OpenApi31,
    /// OpenAPI 3.2.
    OpenApi32,
}

impl Format {
    /// The family by a version as written; `None` for one that is not read here.
    pub(crate) fn by_version(field: &str, version: &str) -> Option<Self> {
        let mut parts = version.split('.');
        match (field, parts.next(), parts.next()) {
            ("swagger", Some("2"), Some("0") | None) => Some(Self::Swagger2),
            ("openapi", Some("3"), Some("0") | None) => Some(Self::OpenApi30),
            ("openapi", Some("3"), Some("1")) => Some(Self::OpenApi31),
            ("openapi", Some("3"), Some("2")) => Some(Self::OpenApi32),
            _ => None,
        }
    }

    /// The family of a document that has been read before.
    pub(crate) fn of(document: &Value) -> Self {
        let by = |field: &str| Self::by_version(field, &as_text(document.get(field)?));
        by("openapi")
            .or_else(|| by("swagger"))
            .unwrap_or(Self::OpenApi30)
    }

    /// The keys of a path item that hold an operation, in the standard's order.
    #[must_use]
    pub const fn methods(self) -> &'static [&'static str] {
        match self {
            Self::Swagger2 => &["get", "put", "post", "delete", "options", "head", "patch"],
            Self::OpenApi30 | Self::OpenApi31 => &[
                "get", "put", "post", "delete", "options", "head", "patch", "trace",
            ],
            Self::OpenApi32 => &[
                "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
            ],
        }
    }
}

/// A version as text, also where its author forgot the quotes.
pub(crate) fn as_text(version: &Value) -> String {
    version
        .as_str()
        .map_or_else(|| version.to_string(), |text| text.trim().to_owned())
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Swagger2 => "Swagger 2.0",
            Self::OpenApi30 => "OpenAPI 3.0",
            Self::OpenApi31 => "OpenAPI 3.1",
            Self::OpenApi32 => "OpenAPI 3.2",
        })
    }
}

/// One method on one path template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Operation {
    /// Upper-case HTTP method.
    pub method: String,
    /// Path template as written, for example `/pet/{petId}`.
    pub template: String,
    /// `operationId`.
    pub operation_id: Option<String>,
    /// `summary`.
    pub summary: Option<String>,
    /// A token needs any one of these (`security` under an OAuth scheme, or `x-scope`).
    pub scopes: Vec<String>,
    /// Who may call (`x-auth-type`, `x-wso2-disable-security`); `None` where the document says nothing.
    pub security: Option<OperationSecurity>,
    /// Advanced policy (`x-throttling-tier` or `x-wso2-throttling-tier`).
    pub throttling_tier: Option<String>,
    /// Units that a call takes from limits of requests (`x-throttling-weight`, ours); 0 for what is no whole number.
    pub throttling_weight: Option<i64>,
}

/// A permission that the definition names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// For example `write:pets`.
    pub name: String,
    /// For people.
    pub description: String,
    /// Roles that may ask for it (`x-scopes-bindings`, `x-wso2-security`); empty lets every role.
    pub roles: Vec<String>,
}

/// One entry of `securityDefinitions` or `components.securitySchemes`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityScheme {
    /// Its key.
    pub name: String,
    /// `type`: `apiKey`, `http`, `oauth2`, `openIdConnect`, `mutualTLS`, `basic`; empty where missing.
    pub kind: String,
}

/// What `x-auth-type` and the `authType` of WSO2's REST API mean; `None` for an unknown word.
#[must_use]
pub fn parse_auth_type(word: &str) -> Option<OperationSecurity> {
    match word {
        "None" => Some(OperationSecurity::None),
        "Any" | "Application & Application User" => Some(OperationSecurity::Any),
        "Application" => Some(OperationSecurity::Application),
        "Application User" | "Application_User" => Some(OperationSecurity::ApplicationUser),
        _ => None,
    }
}

/// The word for `x-auth-type` and `authType`.
#[must_use]
pub const fn auth_type_word(security: OperationSecurity) -> &'static str {
    match security {
        OperationSecurity::None => "None",
        OperationSecurity::Any => "Application & Application User",
        OperationSecurity::Application => "Application",
        OperationSecurity::ApplicationUser => "Application User",
    }
}
