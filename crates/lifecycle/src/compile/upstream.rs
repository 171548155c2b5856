//! Where calls go: the draft's `endpointConfig` as the one address per kind of key that gateways run.

use model::{Endpoint, Endpoints};
use serde_json::Value;

use crate::{
    Fault, address, cap,
    draft::{Address, Addresses, Draft, fault, missing},
};

/// Both endpoints with what they can take, or what is wrong with them.
pub(super) fn endpoints(draft: &Draft, faults: &mut Vec<Fault>) -> Endpoints {
    let Some(config) = &draft.endpoint_config else {
        faults.push(missing("endpointConfig"));
        return Endpoints {
            production: None,
            sandbox: None,
        };
    };
    let kind = config.endpoint_type.as_deref().unwrap_or("http");
    if kind != "http" {
        faults.push(fault(
            "endpointConfig.endpoint_type",
            format!("gateways do not run `{kind}` endpoints yet"),
        ));
    }
    let caps = cap::read(draft.max_tps.as_ref()).unwrap_or_else(|fault| {
        faults.push(fault);
        cap::Caps::default()
    });
    let mut found = Endpoints {
        production: endpoint(
            config.production_endpoints.as_ref(),
            "production_endpoints",
            faults,
        ),
        sandbox: endpoint(
            config.sandbox_endpoints.as_ref(),
            "sandbox_endpoints",
            faults,
        ),
    };
    for (endpoint, cap) in [
        (&mut found.production, caps.production),
        (&mut found.sandbox, caps.sandbox),
    ] {
        if let Some(endpoint) = endpoint {
            endpoint.cap = cap;
        }
    }
    if found.production.is_none() && found.sandbox.is_none() && kind == "http" {
        faults.push(fault(
            "endpointConfig",
            "has neither a production nor a sandbox address",
        ));
    }
    found
}

fn endpoint(
    addresses: Option<&Addresses>,
    place: &str,
    faults: &mut Vec<Fault>,
) -> Option<Endpoint> {
    let mut given = addresses
        .into_iter()
        .flat_map(Addresses::iter)
        .filter(|address| address.url.as_deref().is_some_and(|url| !url.is_empty()));
    let first = given.next()?;
    let place = format!("endpointConfig.{place}");
    if given.next().is_some() {
        faults.push(fault(
            &place,
            "has several addresses; gateways do not balance over them yet",
        ));
    }
    let url = first.url.as_deref().unwrap_or_default();
    // Whether it may be called was judged at the door; only its form matters here.
    let mut parsed = address::parse(url, true).ok()?;
    if parsed.query().is_some() || parsed.fragment().is_some() {
        faults.push(fault(
            &format!("{place}.url"),
            "has a query or a fragment; calls bring their own",
        ));
    }
    parsed.set_query(None);
    parsed.set_fragment(None);
    Some(Endpoint {
        url: parsed.as_str().trim_end_matches('/').to_owned(),
        timeout_ms: timeout(first, &place, faults),
        cap: None,
    })
}

/// `config.actionDuration` in milliseconds, a number or a string of digits.
fn timeout(address: &Address, place: &str, faults: &mut Vec<Fault>) -> u32 {
    let given = address
        .config
        .as_ref()
        .and_then(|config| config.get("actionDuration"));
    let parsed = match given {
        None | Some(Value::Null) => return TIMEOUT_MS,
        Some(Value::String(text)) if text.is_empty() => return TIMEOUT_MS,
        Some(Value::String(text)) => text.parse().ok(),
        Some(other) => other.as_u64(),
    };
    match parsed.and_then(|ms: u64| u32::try_from(ms).ok()) {
        Some(ms @ 1..=TIMEOUT_LIMIT_MS) => ms,
        _ => {
            faults.push(fault(
                &format!("{place}.config.actionDuration"),
                format!("is not a number of milliseconds from 1 to {TIMEOUT_LIMIT_MS}"),
            ));
            TIMEOUT_MS
        }
    }
}

/// Long enough for a slow report, short enough that a dead upstream is noticed.
const TIMEOUT_MS: u32 = 30_000;
const TIMEOUT_LIMIT_MS: u32 = 300_000;
