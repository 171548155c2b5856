//! Cross-origin rules.

use model::Cors;

use crate::draft::CorsConfiguration;

/// The API's own rules where it has some, else the peer's global ones: every origin, no credentials.
pub(super) fn rules(given: Option<&CorsConfiguration>) -> Cors {
    let own = given.filter(|cors| cors.cors_configuration_enabled == Some(true));
    let list = |own: Option<&Vec<String>>, default: &[&str]| match own {
        Some(own) if !own.is_empty() => own.clone(),
        _ => default.iter().map(|word| (*word).to_owned()).collect(),
    };
    let origins = list(
        own.and_then(|cors| cors.access_control_allow_origins.as_ref()),
        &["*"],
    );
    let any = origins.iter().any(|origin| origin == "*");
    Cors {
        credentials: !any
            && own.is_some_and(|cors| cors.access_control_allow_credentials == Some(true)),
        headers: list(
            own.and_then(|cors| cors.access_control_allow_headers.as_ref()),
            CORS_HEADERS,
        ),
        methods: list(
            own.and_then(|cors| cors.access_control_allow_methods.as_ref()),
            CORS_METHODS,
        ),
        origins,
    }
}

/// The peer's defaults.
pub(crate) const CORS_HEADERS: &[&str] = &[
    "authorization",
    "Access-Control-Allow-Origin",
    "Content-Type",
    "SOAPAction",
    "apikey",
    "Internal-Key",
];
pub(crate) const CORS_METHODS: &[&str] = &["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS"];
