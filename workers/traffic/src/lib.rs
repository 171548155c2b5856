//! The Traffic Manager: owner of every limit's count.
//!
//! Gateways call the objects of [`LimitShard`] through their binding. A gateway in another process than the objects
//! (self-hosted, several gateways before one platform) has no such binding and asks the Worker instead, which hands the
//! request over as it is to the object that the header `x-limit-object` names. No path of the public leads here: who may
//! send a message at all is said by bindings and by who may open a socket (tests/tidy, exposure.rs).

mod limit_shard;
mod relaying;
mod rows;

use runtime::{Failure, Outcome, reply};
use worker::{Context, Env, Request, Response, event};

pub use limit_shard::LimitShard;

#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> worker::Result<Response> {
    Ok(reply::finish(hand_over(request, &env).await, ""))
}

/// To the object that the request names.
async fn hand_over(request: Request, env: &Env) -> Outcome<Response> {
    if !PATHS.contains(&request.path().as_str()) {
        return Err(Failure::code("404"));
    }
    let object = request.headers().get(OBJECT)?.unwrap_or_default();
    if object.is_empty() {
        let help = format!("name the limits' owner in the header `{OBJECT}`");
        return Err(Failure::because("400", help));
    }
    let owner = env.durable_object("LIMITS")?.get_by_name(&object)?;
    Ok(owner.fetch_with_request(request).await?)
}

pub(crate) const OBJECT: &str = "x-limit-object";
const LEASE: &str = "/lease";
const RESET: &str = "/reset";
const RELAY: &str = "/relay";
const SLOTS: &str = "/slots";
const DEBITS: &str = "/debits";
const PATHS: [&str; 5] = [LEASE, RELAY, RESET, SLOTS, DEBITS];
