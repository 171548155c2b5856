//! Everything that is wrong with a draft by itself.

use serde::Deserialize as _;
use serde_json::Value;

use super::{
    Addresses, Draft, EndpointConfig, FieldComplexity, MOST_COMPLEXITY, MOST_VALUED_FIELDS, fault,
    missing,
};
use crate::{
    Fault, PRODUCT, address, cap, compile, contract, endpoint, kind,
    naming::{self, Context},
    operation,
};

impl Draft {
    /// Everything that is wrong with the draft by itself: what must be there is there, names follow the rules, enums
    /// hold known words, operations are well formed and refer to declared scopes, endpoint addresses may be called.
    #[must_use]
    pub fn faults(&self, allow_private: bool) -> Vec<Fault> {
        let mut faults = self.identity_faults();
        faults.extend(self.word_faults());
        faults.extend(operation::faults(
            self.operations.as_deref().unwrap_or_default(),
            &self.scope_names(),
            kind::verbs(self.kind.as_deref().unwrap_or("HTTP")),
        ));
        faults.extend(self.endpoint_faults(allow_private));
        faults.extend(cap::read(self.max_tps.as_ref()).err());
        faults.extend(contract::setting_faults(self));
        faults.extend(self.trusted_by_name().err());
        faults.extend(self.value_faults().err());
        faults
    }

    /// Complexity values, of whichever way they came.
    fn value_faults(&self) -> Result<(), Fault> {
        let given = self.graphql_complexity.as_deref().unwrap_or_default();
        let is_value = |it: &FieldComplexity| (0..=MOST_COMPLEXITY).contains(&it.complexity_value);
        if given.len() <= MOST_VALUED_FIELDS && given.iter().all(is_value) {
            return Ok(());
        }
        let message = format!(
            "is not a list of at most {MOST_VALUED_FIELDS} fields with values from 0 to {MOST_COMPLEXITY}"
        );
        Err(fault("graphQLComplexity", message))
    }

    /// Names of the key managers whose tokens the API takes; none for `all`, which takes those of everyone.
    pub(crate) fn trusted_by_name(&self) -> Result<Vec<String>, Fault> {
        let wrong = || {
            fault(
                "keyManagers",
                "is a list of names of key managers, or `[\"all\"]`".to_owned(),
            )
        };
        let names: Vec<String> = match &self.key_managers {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::String(name)) => vec![name.clone()],
            Some(list) => Vec::deserialize(list).map_err(|_| wrong())?,
        };
        if names.iter().any(|name| name.trim().is_empty()) || names.len() > MOST_KEY_MANAGERS {
            return Err(wrong());
        }
        let takes_all = names.iter().any(|name| name == "all");
        Ok(if takes_all { Vec::new() } else { names })
    }

    /// The names of the scopes that operations may refer to.
    #[must_use]
    pub fn scope_names(&self) -> Vec<&str> {
        self.scopes
            .iter()
            .flatten()
            .map(|scope| scope.scope.name.as_str())
            .collect()
    }

    fn identity_faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let version = self.version.as_deref();
        match self.name.as_deref() {
            Some(name) => faults.extend(naming::name_fault(name)),
            None => faults.push(missing("name")),
        }
        match version {
            Some(version) => faults.extend(naming::version_fault(version)),
            None => faults.push(missing("version")),
        }
        match self.context.as_deref().map(Context::parse) {
            Some(Ok(context)) => faults.extend(context.reserved_fault(version.unwrap_or("1"))),
            Some(Err(fault)) => faults.push(fault),
            None => faults.push(missing("context")),
        }
        if self
            .description
            .as_ref()
            .is_some_and(|text| text.len() > DESCRIPTION_LIMIT)
        {
            faults.push(fault(
                "description",
                format!("is longer than {DESCRIPTION_LIMIT} bytes"),
            ));
        }
        faults
    }

    fn word_faults(&self) -> Vec<Fault> {
        let kinds = if self.parts.is_empty() {
            KINDS
        } else {
            &[PRODUCT]
        };
        let words = [
            ("type", &self.kind, kinds),
            ("visibility", &self.visibility, VISIBILITIES),
            ("accessControl", &self.access_control, ACCESS_CONTROLS),
            (
                "subscriptionAvailability",
                &self.subscription_availability,
                AVAILABILITIES,
            ),
            (
                "endpointImplementationType",
                &self.endpoint_implementation_type,
                IMPLEMENTATIONS,
            ),
        ];
        let lists = [
            ("securityScheme", &self.security_scheme, SECURITY_SCHEMES),
            ("transport", &self.transport, TRANSPORTS),
        ];
        let mut faults: Vec<Fault> = words
            .into_iter()
            .filter_map(|(place, word, known)| unknown_word(place, word.as_deref()?, known))
            .collect();
        for (place, list, known) in lists {
            let unknown = |word: &String| unknown_word(place, word, known);
            faults.extend(list.iter().flatten().filter_map(unknown));
        }
        for header in [
            ("authorizationHeader", &self.authorization_header),
            ("apiKeyHeader", &self.api_key_header),
        ] {
            if let (place, Some(name)) = header
                && !is_header_name(name)
            {
                faults.push(fault(
                    place,
                    format!("`{}` is not a header name", name.escape_debug()),
                ));
            }
        }
        faults
    }

    fn endpoint_faults(&self, allow_private: bool) -> Vec<Fault> {
        let refused = |(place, url): (String, String)| {
            let reason = address::parse(&url, allow_private).err()?;
            Some(fault(&place, reason))
        };
        let named = self.endpoint_config.as_ref().map(endpoint::faults);
        let refused = self.called().into_iter().filter_map(refused);
        named.into_iter().flatten().chain(refused).collect()
    }

    /// Addresses that lead back to the platform itself, whose origin is `own`.
    #[must_use]
    pub fn own_addresses(&self, own: &str) -> Vec<Fault> {
        let Ok(own) = address::parse(own, true) else {
            return Vec::new();
        };
        let called = self.called().into_iter();
        let is_own =
            |url: &str| address::parse(url, true).is_ok_and(|url| url.host() == own.host());
        called
            .filter(|(_, url)| is_own(url))
            .map(|(place, _)| fault(&place, "leads to the platform itself"))
            .collect()
    }

    /// Every address that gateways would call, those of the APIs that a product bundles among them.
    #[must_use]
    pub fn upstreams(&self) -> Vec<String> {
        let bundled = self.parts.iter().flat_map(|part| {
            let api = Self {
                endpoint_config: part.endpoint_config.clone(),
                ..Self::default()
            };
            api.called()
        });
        let all = self.called().into_iter().chain(bundled);
        all.map(|(_, url)| url).collect()
    }

    /// Every address that gateways would call, with its place. Token endpoints are called like the upstreams themselves.
    fn called(&self) -> Vec<(String, String)> {
        let Some(config) = &self.endpoint_config else {
            return Vec::new();
        };
        let mut called = addresses("endpointConfig", config);
        // That they are a list at all is checked elsewhere.
        let named = endpoint::named(config).unwrap_or_default();
        for (index, one) in named.iter().enumerate() {
            let place = format!("endpointConfig.named_endpoints[{index}].endpointConfig");
            called.extend(addresses(&place, &one.endpoint_config));
        }
        for (place, url) in compile::upstream::led::given(self) {
            called.extend(url.map(|url| (place, url.to_owned())));
        }
        for keys in ["production", "sandbox"] {
            let login = config
                .rest
                .get("endpoint_security")
                .and_then(|all| all.get(keys));
            let url = login.and_then(|login| login.get("tokenUrl")?.as_str());
            if let Some(url) = url.filter(|url| !url.is_empty()) {
                let place = format!("endpointConfig.endpoint_security.{keys}.tokenUrl");
                called.push((place, url.to_owned()));
            }
        }
        called
    }
}

/// The addresses of a configuration that stands at `place`.
fn addresses(place: &str, config: &EndpointConfig) -> Vec<(String, String)> {
    let failovers = |name: &str| -> Option<Addresses> {
        serde_json::from_value(config.rest.get(name)?.clone()).ok()
    };
    let mut found = Vec::new();
    for (name, addresses) in [
        ("production_endpoints", config.production_endpoints.clone()),
        ("sandbox_endpoints", config.sandbox_endpoints.clone()),
        ("production_failovers", failovers("production_failovers")),
        ("sandbox_failovers", failovers("sandbox_failovers")),
    ] {
        let urls = addresses.iter().flat_map(Addresses::iter);
        let urls = urls.filter_map(|address| address.url.clone());
        let urls = urls.filter(|url| !url.is_empty() && url != "default");
        found.extend(urls.map(|url| {
            let place = format!("{place}.{name}.url");
            (place, kind::address(&url).into_owned())
        }));
    }
    found
}

/// `true` for a token of RFC 9110, or nothing at all (the default header is meant then).
fn is_header_name(name: &str) -> bool {
    name.len() <= 100
        && name
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "-_.".contains(character))
}

fn unknown_word(place: &str, word: &str, known: &[&str]) -> Option<Fault> {
    (!known.contains(&word)).then(|| {
        fault(
            place,
            format!("`{word}` is none of `{}`", known.join("`, `")),
        )
    })
}

const MOST_KEY_MANAGERS: usize = 100;
const DESCRIPTION_LIMIT: usize = 32_766;
const KINDS: &[&str] = &[
    "HTTP",
    "WS",
    "SOAPTOREST",
    "SOAP",
    "GRAPHQL",
    "WEBSUB",
    "SSE",
    "WEBHOOK",
    "ASYNC",
];
const VISIBILITIES: &[&str] = &["PUBLIC", "PRIVATE", "RESTRICTED"];
const ACCESS_CONTROLS: &[&str] = &["NONE", "RESTRICTED"];
const AVAILABILITIES: &[&str] = &["CURRENT_TENANT", "ALL_TENANTS", "SPECIFIC_TENANTS"];
const IMPLEMENTATIONS: &[&str] = &["INLINE", "ENDPOINT", "MOCKED_OAS"];
const TRANSPORTS: &[&str] = &["http", "https", "ws", "wss"];
const SECURITY_SCHEMES: &[&str] = &[
    "oauth2",
    "api_key",
    "basic_auth",
    "mutualssl",
    "mutualssl_mandatory",
    "oauth_basic_auth_api_key_mandatory",
];
