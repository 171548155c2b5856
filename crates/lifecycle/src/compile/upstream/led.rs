//! Calls that a policy leads elsewhere: where they may go (`endpointConfig.dynamic_endpoints`, ours), and the endpoint type
//! `default` of APIs whose calls are all led.

use model::{Action, Endpoints, Flows};
use serde_json::Value;

use crate::{
    Fault, address,
    draft::{Draft, EndpointConfig, fault},
};

pub(super) fn is_led(config: &EndpointConfig) -> bool {
    config.endpoint_type.as_deref() == Some("default")
}

/// Where policies may lead calls of this API.
pub(in crate::compile) fn led_to(draft: &Draft, faults: &mut Vec<Fault>) -> Vec<String> {
    let mut allowed = Vec::new();
    for (place, text) in given(draft) {
        let Some(text) = text else {
            faults.push(fault(&place, "is not an address"));
            continue;
        };
        // Whether it may be called was judged at the door, as with endpoints.
        match address::parse(text, true) {
            Ok(url) if url.query().is_none() && url.fragment().is_none() => {
                allowed.push(url.as_str().trim_end_matches('/').to_owned());
            }
            Ok(_) => faults.push(fault(&place, "has a query or a fragment")),
            Err(_) => {}
        }
    }
    allowed
}

/// The addresses with their places; `None` for what is no text.
pub(crate) fn given(draft: &Draft) -> Vec<(String, Option<&str>)> {
    let config = draft.endpoint_config.as_ref();
    let list = config.and_then(|config| config.rest.get(LIST));
    let items = match list {
        None | Some(Value::Null) => return Vec::new(),
        Some(Value::Array(items)) => items.as_slice(),
        Some(other) => std::slice::from_ref(other),
    };
    let places = items.iter().enumerate();
    places
        .map(|(index, item)| (format!("endpointConfig.{LIST}[{index}]"), item.as_str()))
        .collect()
}

/// Faults of an API whose calls are led elsewhere: every operation must be, where there is no endpoint; and what signs the
/// gateway in at its endpoint is for nobody else.
pub(in crate::compile) fn unled(
    draft: &Draft,
    operations: &[model::Operation],
    (endpoints, steps): (&Endpoints, &[Flows]),
    faults: &mut Vec<Fault>,
) {
    let leads = |flows: &Flows| {
        let mut request = flows.request.iter();
        request.any(|step| matches!(step.action, Action::SetEndpoint { .. }))
    };
    let each = [&endpoints.production, &endpoints.sandbox];
    let signs_in = each.into_iter().flatten().any(|it| it.login.is_some());
    if signs_in && steps.iter().any(leads) {
        faults.push(fault(
            "endpointConfig.endpoint_security",
            "signs in at the API's endpoint; a policy `setDynamicEndpoint` would lead calls elsewhere with it",
        ));
    }
    if !draft.endpoint_config.as_ref().is_some_and(is_led) {
        return;
    }
    let none = Flows::default();
    for (index, operation) in operations.iter().enumerate() {
        if !leads(steps.get(index).unwrap_or(&none)) {
            faults.push(fault(
                "endpointConfig.endpoint_type",
                format!(
                    "is `default`, and no policy `setDynamicEndpoint` leads `{} {}` anywhere",
                    operation.method, operation.template
                ),
            ));
        }
    }
}

const LIST: &str = "dynamic_endpoints";
