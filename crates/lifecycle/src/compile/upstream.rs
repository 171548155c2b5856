//! Where calls go: the draft's `endpointConfig` as what gateways run, for each kind of key.

mod care;
pub(crate) mod led;
mod login;

pub(super) use led::{led_to, unled};

use model::{Care, Choice, Endpoint, Endpoints, Member, Pool};
use serde_json::Value;

use crate::{
    Fault, address, cap, contract,
    draft::{Address, Addresses, Draft, EndpointConfig, fault, missing},
    endpoint::{self, Stage},
};

/// Both endpoints with what they can take, or what is wrong with them.
pub(crate) fn endpoints(draft: &Draft, faults: &mut Vec<Fault>) -> Endpoints {
    let before = faults.len();
    let mut found = Endpoints {
        production: None,
        sandbox: None,
    };
    let Some(config) = &draft.endpoint_config else {
        faults.push(missing("endpointConfig"));
        return found;
    };
    let caps = cap::read(draft.max_tps.as_ref()).unwrap_or_else(|fault| {
        faults.push(fault);
        cap::Caps::default()
    });
    if led::is_led(config) {
        return contract::nowhere();
    }
    let Some(kind) = Kind::of(config, draft.kind.as_deref(), faults) else {
        return found;
    };
    found.production = of_stage(draft, (config, kind), Stage::Production, faults);
    found.sandbox = of_stage(draft, (config, kind), Stage::Sandbox, faults);
    for (endpoint, cap) in [
        (&mut found.production, caps.production),
        (&mut found.sandbox, caps.sandbox),
    ] {
        if let Some(endpoint) = endpoint {
            endpoint.cap = cap;
        }
    }
    if found.production.is_none() && found.sandbox.is_none() && faults.len() == before {
        faults.push(fault(
            "endpointConfig",
            "has neither a production nor a sandbox address",
        ));
    }
    found
}

/// Where calls of a stage go: to the named endpoint that is primary there, or where the configuration itself says.
fn of_stage(
    draft: &Draft,
    (config, kind): (&EndpointConfig, Kind),
    stage: Stage,
    faults: &mut Vec<Fault>,
) -> Option<Endpoint> {
    let primary = endpoint::primary(draft, stage).unwrap_or_else(|fault| {
        faults.push(fault);
        None
    });
    let Some(primary) = primary else {
        return one(config, kind, stage, faults);
    };
    let config = &primary.endpoint_config;
    let kind = Kind::of(config, draft.kind.as_deref(), faults)?;
    one(config, kind, stage, faults)
}

/// WSO2's `endpoint_type`, as far as gateways run it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// One address.
    Single,
    /// Several that share the calls.
    Balanced,
    /// One, and others for when it fails.
    Failover,
}

impl Kind {
    fn of(config: &EndpointConfig, api: Option<&str>, faults: &mut Vec<Fault>) -> Option<Self> {
        match config.endpoint_type.as_deref().unwrap_or("http") {
            // An address of a SOAP service is called like any other.
            "http" | "address" => Some(Self::Single),
            "ws" if api == Some("WS") => Some(Self::Single),
            "load_balance" => Some(Self::Balanced),
            "failover" => Some(Self::Failover),
            other => {
                faults.push(fault(
                    "endpointConfig.endpoint_type",
                    format!("gateways do not run `{other}` endpoints yet"),
                ));
                None
            }
        }
    }
}

fn one(
    config: &EndpointConfig,
    kind: Kind,
    stage: Stage,
    faults: &mut Vec<Fault>,
) -> Option<Endpoint> {
    let keys = stage.keys();
    let addresses = match stage {
        Stage::Production => &config.production_endpoints,
        Stage::Sandbox => &config.sandbox_endpoints,
    };
    let place = format!("endpointConfig.{keys}_endpoints");
    let mut members = members(addresses.as_ref(), &place, kind, faults);
    if kind == Kind::Failover && !members.is_empty() {
        let name = format!("{keys}_failovers");
        let more = config.others(&name, faults);
        let place = format!("endpointConfig.{name}");
        members.extend(self::members(more.as_ref(), &place, kind, faults));
    }
    if members.len() > 1 && kind == Kind::Single {
        faults.push(fault(
            &place,
            "has several addresses; that is an endpoint of the type `load_balance` or `failover`",
        ));
    }
    if members.len() > MOST_MEMBERS {
        faults.push(fault(
            &place,
            format!("has more than {MOST_MEMBERS} addresses"),
        ));
    }
    let first = members.first()?;
    let mut endpoint = Endpoint {
        url: first.url.clone(),
        timeout_ms: first.timeout_ms,
        login: login::read(config, keys, faults).map(Box::new),
        ..Endpoint::default()
    };
    if members.len() == 1 {
        endpoint.care = first.care.clone();
    } else {
        endpoint.pool = Some(Box::new(Pool {
            choice: choice(config, kind, faults),
            moves_on: kind == Kind::Failover || config.moves_on(),
            members,
        }));
    }
    Some(endpoint)
}

fn members(
    addresses: Option<&Addresses>,
    place: &str,
    kind: Kind,
    faults: &mut Vec<Fault>,
) -> Vec<Member> {
    let given = addresses.into_iter().flat_map(Addresses::iter);
    let given = given.filter(|address| address.url.as_deref().is_some_and(|url| !url.is_empty()));
    given
        .filter_map(|address| member(address, place, kind, faults))
        .collect()
}

fn member(address: &Address, place: &str, kind: Kind, faults: &mut Vec<Fault>) -> Option<Member> {
    let url = address.url.as_deref().unwrap_or_default();
    // Whether it may be called was judged at the door; only its form matters here.
    let mut parsed = address::parse(&crate::kind::address(url), true).ok()?;
    if parsed.query().is_some() || parsed.fragment().is_some() {
        faults.push(fault(
            &format!("{place}.url"),
            "has a query or a fragment; calls bring their own",
        ));
    }
    parsed.set_query(None);
    parsed.set_fragment(None);
    let mut settings = care::Settings::new(address, place, faults);
    let care = settings.care();
    let care = match (kind, care) {
        // Without others to turn to, an address is left out only where that is asked for.
        (Kind::Single, care) => care,
        (
            Kind::Balanced | Kind::Failover,
            Care {
                suspension: None,
                retry,
            },
        ) => Care {
            suspension: Some(care::of_pools()),
            retry,
        },
        (Kind::Balanced | Kind::Failover, care) => care,
    };
    Some(Member {
        url: parsed.as_str().trim_end_matches('/').to_owned(),
        timeout_ms: settings.timeout_ms(),
        weight: settings.weight(),
        care,
    })
}

fn choice(config: &EndpointConfig, kind: Kind, faults: &mut Vec<Fault>) -> Choice {
    if kind != Kind::Balanced {
        return Choice::Order;
    }
    for name in ["algoCombo", "algoClassName"] {
        let algorithm = config.word(name);
        if !algorithm.is_empty() && !algorithm.ends_with("RoundRobin") {
            faults.push(fault(
                &format!("endpointConfig.{name}"),
                format!("gateways balance by `RoundRobin` (with weights), not by `{algorithm}`"),
            ));
        }
    }
    let seconds = config.session_seconds(faults);
    match config.word("sessionManagement") {
        "" | "none" => Choice::Turns,
        "transport" => Choice::Cookie { seconds },
        "simpleClientSession" => Choice::Address,
        other => {
            faults.push(fault(
                "endpointConfig.sessionManagement",
                format!("`{other}` is none of `transport`, `simpleClientSession`"),
            ));
            Choice::Turns
        }
    }
}

impl EndpointConfig {
    fn word(&self, name: &str) -> &str {
        self.rest
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// `failOver`: is a call that failed sent to another member? Unless told otherwise.
    fn moves_on(&self) -> bool {
        match self.rest.get("failOver") {
            Some(Value::Bool(given)) => *given,
            Some(Value::String(word)) => !word.eq_ignore_ascii_case("false"),
            _ => true,
        }
    }

    /// `sessionTimeOut` (milliseconds) in seconds; 0 for none.
    fn session_seconds(&self, faults: &mut Vec<Fault>) -> u32 {
        let place = "endpointConfig.sessionTimeOut";
        let given = self.rest.get("sessionTimeOut");
        let ms = care::number(given, place, 0..=SESSION_LIMIT_MS, faults);
        ms.map_or(0, |ms| ms.div_ceil(1_000))
    }

    fn others(&self, name: &str, faults: &mut Vec<Fault>) -> Option<Addresses> {
        match self.rest.get(name) {
            None | Some(Value::Null) => None,
            Some(given) => match serde_json::from_value(given.clone()) {
                Ok(addresses) => Some(addresses),
                Err(_) => {
                    let message = "is neither an object with `url` nor an array of such objects";
                    faults.push(fault(&format!("endpointConfig.{name}"), message));
                    None
                }
            },
        }
    }
}

const MOST_MEMBERS: usize = 32;
/// Thirty days.
const SESSION_LIMIT_MS: u32 = 2_592_000_000;

#[cfg(test)]
mod tests;
