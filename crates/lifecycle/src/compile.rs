//! The compiler: a draft becomes a [`Deployment`] that a gateway need not check again, or a list of named faults.

mod conduct;
pub(crate) mod cors;
mod dry_run;
pub(crate) mod steps;
pub(crate) mod upstream;

pub use dry_run::{Sample, Subject, Taken, dry_run, led_to};
pub use steps::{Around, flows_of_all};

use std::collections::BTreeMap;

use model::{ApiIdentity, ApiState, Certificates, Deployment, PolicySet, SCHEMA_VERSION, Security};

use crate::{
    Draft, Fault, OwnPolicy, bundle, contract,
    draft::{Operation, fault, missing},
    kind,
    naming::Context,
    operation,
};

/// Where and as what a draft is to run.
#[derive(Clone, Debug)]
pub struct Target {
    /// Owner of the API.
    pub organization: model::OrganizationId,
    /// The API's id.
    pub api: model::ApiId,
    /// The user who owns it.
    pub provider: String,
    /// Its state now.
    pub state: ApiState,
    /// The revision's id.
    pub revision: String,
    /// Name of the gateway environment.
    pub environment: String,
    /// Client certificates that the API takes.
    pub certificates: Vec<model::ClientCertificate>,
    /// When it came into that state, where that is `DEPRECATED`.
    pub deprecated_at: Option<model::Timestamp>,
    /// The operator allows upstreams on the local network.
    pub allow_private: bool,
    /// Operation policies of the organization's own, and of the API's, which come first.
    pub own_policies: Vec<OwnPolicy>,
}

/// Compiles a draft for one environment.
///
/// # Errors
/// Every fault that keeps it from running, each with its place: all at once, so that one look mends them all.
pub fn compile(
    draft: &Draft,
    target: &Target,
    policies: &PolicySet,
) -> Result<Deployment, Vec<Fault>> {
    let mut faults = draft.faults(target.allow_private);
    let identity = identity(draft, target, &mut faults);
    let security = security(draft, target, &mut faults);
    let api_limit = limit(
        draft.api_throttling_policy.as_deref(),
        "apiThrottlingPolicy",
        policies,
        &mut faults,
    );
    let operations = operations(draft, policies, &mut faults);
    let upstreams = bundle::upstreams(draft, &operations, &mut faults);
    let endpoints = match (draft.parts.is_empty(), contract::is_mocked(draft)) {
        (false, _) => model::Endpoints {
            production: None,
            sandbox: None,
        },
        (true, true) => contract::nowhere(),
        (true, false) => upstream::endpoints(draft, &mut faults),
    };
    let led_to = upstream::led_to(draft, &mut faults);
    let around = Around {
        own: &target.own_policies,
        allow_private: target.allow_private,
        led_to: &led_to,
    };
    let steps = steps::steps(draft, &operations, around, &mut faults);
    upstream::unled(draft, &operations, (&endpoints, &steps), &mut faults);
    let conduct = conduct::conduct(draft, target, &mut faults);
    for plan in draft.policies.iter().flatten() {
        if !policies.subscription.contains_key(plan) {
            faults.push(fault("policies", format!("there is no plan `{plan}`")));
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Deployment {
        schema: SCHEMA_VERSION,
        organization: target.organization.clone(),
        base_path: identity.context.clone(),
        api: identity,
        revision: target.revision.clone(),
        environment: target.environment.clone(),
        state: target.state,
        security,
        subscription_required: draft
            .policies
            .as_ref()
            .is_none_or(|plans| !plans.is_empty()),
        cors: Some(cors::rules(draft.cors_configuration.as_ref())),
        api_limit,
        operations,
        endpoints,
        upstreams,
        contract: None,
        steps,
        conduct,
        complexity: None,
    })
}

fn identity(draft: &Draft, target: &Target, faults: &mut Vec<Fault>) -> ApiIdentity {
    let version = draft.version.clone().unwrap_or_default();
    let context = draft
        .context
        .as_deref()
        .and_then(|context| Context::parse(context).ok())
        .map(|context| context.base_path(&version))
        .unwrap_or_default();
    let kind = draft.kind.clone().unwrap_or_else(|| "HTTP".to_owned());
    if !kind::runs(&kind) {
        faults.push(fault(
            "type",
            format!("gateways do not run APIs of type `{kind}` yet"),
        ));
    }
    ApiIdentity {
        id: target.api.clone(),
        name: draft.name.clone().unwrap_or_default(),
        version,
        context,
        provider: target.provider.clone(),
        kind,
    }
}

fn security(draft: &Draft, target: &Target, faults: &mut Vec<Fault>) -> Security {
    let default = vec!["oauth2".to_owned()];
    let schemes = draft.security_scheme.as_ref().unwrap_or(&default);
    let has = |name: &str| schemes.iter().any(|scheme| scheme == name);
    let other = has("oauth2") || has("api_key") || has("basic_auth");
    let certificates = (has("mutualssl") || has("mutualssl_mandatory")).then(|| Certificates {
        mandatory: has("mutualssl_mandatory"),
        with_other: other && has("oauth_basic_auth_api_key_mandatory"),
        accepted: target.certificates.clone(),
    });
    let open = draft
        .operations
        .iter()
        .flatten()
        .all(|operation| operation.auth_type.as_deref() == Some("None"));
    if !other && certificates.is_none() && !open {
        faults.push(fault(
            "securityScheme",
            "names none of `oauth2`, `api_key`, `basic_auth` and `mutualssl`, so that nobody could call",
        ));
    }
    Security {
        oauth2: has("oauth2"),
        api_key: has("api_key"),
        authorization_header: header(draft.authorization_header.as_deref(), "authorization"),
        api_key_header: header(draft.api_key_header.as_deref(), "apikey"),
        audiences: draft
            .audiences
            .iter()
            .flatten()
            .filter(|audience| audience.as_str() != "all")
            .cloned()
            .collect(),
        key_managers: draft.trusted_by_name().unwrap_or_default(),
        basic: has("basic_auth"),
        certificates,
    }
}

fn header(name: Option<&str>, default: &str) -> String {
    match name.map(str::trim) {
        None | Some("") => default.to_owned(),
        Some(name) => name.to_ascii_lowercase(),
    }
}

/// The advanced policy of that name; `None` when it limits nothing.
fn limit(
    name: Option<&str>,
    place: &str,
    policies: &PolicySet,
    faults: &mut Vec<Fault>,
) -> Option<String> {
    let name = name.filter(|name| !name.is_empty() && *name != "Unlimited")?;
    if !policies.advanced.contains_key(name) {
        faults.push(fault(
            place,
            format!("there is no advanced policy `{name}`"),
        ));
    }
    Some(name.to_owned())
}

fn operations(
    draft: &Draft,
    policies: &PolicySet,
    faults: &mut Vec<Fault>,
) -> Vec<model::Operation> {
    let given = kind::calls(draft, faults);
    if given.is_empty() {
        faults.push(missing("operations"));
    }
    let mut compiled: BTreeMap<(String, String), (usize, model::Operation)> = BTreeMap::new();
    for (index, operation) in given.iter().enumerate() {
        let built = one_operation(operation, index, policies, faults);
        let key = (built.method.clone(), shape(&built.template));
        match compiled.get(&key) {
            None => drop(compiled.insert(key, (index, built))),
            Some((_, first)) if same_rules(first, &built) => {}
            Some((_, first)) => faults.push(fault(
                &format!("operations[{index}].target"),
                format!(
                    "meets the same calls as `{} {}` with other rules",
                    first.method, first.template
                ),
            )),
        }
    }
    let mut ordered: Vec<(usize, model::Operation)> = compiled.into_values().collect();
    ordered.sort_by_key(|(index, _)| *index);
    ordered
        .into_iter()
        .map(|(_, operation)| operation)
        .collect()
}

fn one_operation(
    operation: &Operation,
    index: usize,
    policies: &PolicySet,
    faults: &mut Vec<Fault>,
) -> model::Operation {
    let template = path_of(operation.target.as_deref().unwrap_or_default());
    let place = format!("operations[{index}].throttlingPolicy");
    model::Operation {
        method: operation
            .verb
            .as_deref()
            .unwrap_or_default()
            .to_ascii_uppercase(),
        security: operation::security(operation.auth_type.as_deref().unwrap_or("Any"))
            .unwrap_or(model::OperationSecurity::Any),
        scopes: operation.scopes.clone().unwrap_or_default(),
        limit: limit(
            operation.throttling_policy.as_deref(),
            &place,
            policies,
            faults,
        ),
        weight: operation::weight(operation).unwrap_or(1),
        template,
    }
}

/// The part of a template that a call's path can meet. Some public definitions tell operations apart by a query or a
/// fragment (`/#Action=ListUsers`); on the wire they are one.
pub(crate) fn path_of(target: &str) -> String {
    let path = target.split(['?', '#']).next().unwrap_or_default();
    if path.is_empty() {
        "/".to_owned()
    } else {
        path.to_owned()
    }
}

/// Two templates of one shape meet the same paths: names of parameters and a trailing slash make no difference.
pub(crate) fn shape(template: &str) -> String {
    let trimmed = template.trim_end_matches('/');
    let mut shape = String::with_capacity(trimmed.len());
    let mut inside = false;
    for character in trimmed.chars() {
        match character {
            '{' => {
                inside = true;
                shape.push_str("{}");
            }
            '}' => inside = false,
            _ if inside => {}
            other => shape.push(other),
        }
    }
    shape
}

fn same_rules(a: &model::Operation, b: &model::Operation) -> bool {
    (a.security, &a.scopes, &a.limit, a.weight) == (b.security, &b.scopes, &b.limit, b.weight)
}

#[cfg(test)]
mod own_policy_tests;
#[cfg(test)]
mod tests;
