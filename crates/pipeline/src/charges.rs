//! throttle: which limits does the call count against, and is it within them?

mod limits;
mod slots;

use std::rc::Rc;

use model::{Measure, Timestamp};
use problem::{NextAccess, Problem};
use throttle::{
    Admitted, Charge, CounterKey, Denied, ObjectName, Refusal, Stage, Standing, Taken, Verdict,
    rate_limit, rate_limit_policy,
};
use validate::Contract;

use crate::{
    Facts, Need, Request,
    authenticate::{Granted, Principal},
    decision::Stop,
    endpoint::Target,
    locate::Located,
    policies::Policies,
    refusal::Rejection,
    socket,
    subject::Subject,
};

/// Spends the call's charges, all or none.
pub(crate) fn throttle(
    call: &Call<'_>,
    granted: &Granted<'_>,
    policies: &Rc<Policies>,
    facts: &mut Facts,
    now: Timestamp,
) -> Result<Passed, Stop> {
    let charges = match granted {
        Granted::Trial => Ok(call.trial()),
        Granted::Open => call.open(policies).map(Rc::from),
        Granted::Plan(plan) => prepared(call, plan, policies, facts),
    };
    let charges = match charges {
        Ok(charges) => with_custom(call, granted, policies, charges),
        Err(unusable) => {
            facts.recheck(Need::Catalog, now)?;
            return Err(unusable.into());
        }
    };
    let slot = slots::wanted(call, granted, policies, facts, now)?;
    match facts.book.admit(&charges, now) {
        Verdict::Admitted(admitted) => Ok(Passed {
            metered: metered(call, &charges),
            slot: slot.map(|key| facts.slots.take(&key, now)),
            query: query(call, granted, policies),
            admitted,
        }),
        Verdict::Denied(denied) => Err(refused(&denied, now)),
        Verdict::Missing(calls) => Err(Stop::Missing(
            calls
                .into_iter()
                .map(|it| Need::Lease(Box::new(it)))
                .collect(),
        )),
        Verdict::Awaited(turn) => Err(Stop::missing(Need::Turn(Box::new(turn)))),
    }
}

/// A call that is within its limits.
pub(crate) struct Passed {
    pub(crate) admitted: Admitted,
    /// Charges by bytes, which are settled when the call is over and its bytes are known; of sockets, those by events too.
    pub(crate) metered: Vec<Charge>,
    /// Given back when the call is over.
    pub(crate) slot: Option<Taken>,
    /// What a GraphQL query may ask; `None` for most calls, which nobody measures.
    pub(crate) query: Option<QueryLimits>,
}

/// The most that a plan lets one GraphQL query ask; one of both is there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct QueryLimits {
    pub(crate) depth: Option<u32>,
    pub(crate) complexity: Option<u32>,
}

fn query(call: &Call<'_>, granted: &Granted<'_>, policies: &Policies) -> Option<QueryLimits> {
    if call.located.deployment.api.kind != "GRAPHQL" {
        return None;
    }
    let plan = match granted {
        Granted::Trial => return None,
        Granted::Open => UNAUTHENTICATED,
        Granted::Plan(plan) => plan,
    };
    let plan = policies.subscription.get(plan)?;
    let (depth, complexity) = (plan.graphql_depth, plan.graphql_complexity);
    depth
        .or(complexity)
        .map(|_| QueryLimits { depth, complexity })
}

fn metered(call: &Call<'_>, charges: &[Charge]) -> Vec<Charge> {
    let is_metered = |charge: &&Charge| match charge.limit.measure {
        Measure::Bytes(_) => true,
        Measure::Events(_) => socket::is_of(call.located),
        Measure::Requests(_) => false,
    };
    charges.iter().filter(is_metered).cloned().collect()
}

/// What a subscriber pays, worked out once.
fn prepared(
    call: &Call<'_>,
    plan: &str,
    policies: &Rc<Policies>,
    facts: &mut Facts,
) -> Result<Rc<[Charge]>, Unusable> {
    // Of those there are few, and two may be about one name.
    if call.principal.user.certificate().is_some() {
        return call.under(plan, policies).map(Rc::from);
    }
    if let Some(charges) = facts.prepared.find(call, plan, policies) {
        return Ok(charges);
    }
    let charges: Rc<[Charge]> = call.under(plan, policies)?.into();
    facts.prepared.keep(call, plan, policies, &charges);
    Ok(charges)
}

/// The charges with those of the custom rules, which come before the upstream's own.
fn with_custom(
    call: &Call<'_>,
    granted: &Granted<'_>,
    policies: &Policies,
    charges: Rc<[Charge]>,
) -> Rc<[Charge]> {
    let plan = match granted {
        _ if policies.custom.is_empty() => return charges,
        Granted::Trial => return charges,
        Granted::Open => UNAUTHENTICATED,
        Granted::Plan(plan) => plan,
    };
    let subject = Subject {
        call,
        plan: Some(plan),
    };
    let custom = policies.custom(&subject).filter_map(|(rule, value)| {
        let key = CounterKey::custom(&rule.name, &value);
        let object = ObjectName::of_custom(&call.located.deployment.organization, &key);
        let policy = (
            Stage::Custom,
            rule.name.as_str(),
            rule.limit?,
            rule.on_failure,
        );
        Some(call.charge(policy, object, key))
    });
    let is_last = |charge: &&Charge| charge.stage == Stage::Backend;
    let before = charges.iter().filter(|charge| !is_last(charge)).cloned();
    let last = charges.iter().filter(is_last).cloned();
    before.chain(custom).chain(last).collect()
}

/// A call whose operation and caller are known, and where it would go.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) request: &'a Request<'a>,
    pub(crate) located: &'a Located,
    pub(crate) principal: &'a Principal,
    pub(crate) target: &'a Target<'a>,
    /// What the API's definition promises, where that is looked at.
    pub(crate) contract: Option<&'a Rc<Contract>>,
}

/// A policy that enforces and cannot be asked: the call is not let through without it.
enum Unusable {
    Unknown(String),
    Unreadable(String),
}

impl From<Unusable> for Stop {
    fn from(unusable: Unusable) -> Self {
        let detail = match unusable {
            Unusable::Unknown(name) => format!(
                "the throttling policy `{name}` is not known here yet; try again in a few seconds"
            ),
            Unusable::Unreadable(name) => format!(
                "a condition of the throttling policy `{name}` cannot be used; whoever keeps it has to mend it"
            ),
        };
        Rejection {
            problem: Problem::new("303100").detail(detail),
            headers: vec![("retry-after", LOOKED_FOR_AGAIN_S.to_owned())],
        }
        .into()
    }
}

fn refused(denied: &Denied, now: Timestamp) -> Stop {
    let standing = std::slice::from_ref(&denied.standing);
    let next = next_access(denied.retry_at, now);
    let mut headers = vec![("retry-after", next.retry_after_seconds.to_string())];
    if denied.refusal == Refusal::Unreachable {
        let problem = Problem::new("503").detail(
            "the counters of this limit cannot be reached, and its policy refuses calls then",
        );
        return Rejection { problem, headers }.into();
    }
    headers.push(("ratelimit-policy", rate_limit_policy(standing, now)));
    headers.push(("ratelimit", rate_limit(standing, now)));
    let code = code(&denied.standing).to_string();
    Rejection {
        problem: Problem::new(&code).retry(next),
        headers,
    }
    .into()
}

/// WSO2 counts the events of a plan under a code of their own.
pub(crate) const fn code(standing: &Standing) -> u32 {
    match (standing.stage, standing.limit.measure) {
        (Stage::Subscription, Measure::Events(_)) => 900_808,
        (stage, _) => stage.code(),
    }
}

/// When it is worth trying again: the next whole second, so that a caller is never early. WSO2 writes it as
/// `2026-Jan-31 10:00:00+0000 UTC`.
pub(crate) fn next_access(moment: Timestamp, now: Timestamp) -> NextAccess {
    let wait_ms = moment.ms_since(now).max(0);
    let whole = moment.plus_ms(999).seconds();
    NextAccess {
        retry_after_seconds: u64::try_from(wait_ms.saturating_add(999) / 1000)
            .unwrap_or(1)
            .max(1),
        text: chrono::DateTime::from_timestamp(whole, 0)
            .map(|time| time.format("%Y-%b-%d %H:%M:%S+0000 UTC").to_string())
            .unwrap_or_default(),
    }
}

/// Seconds within which a gateway that was without its configuration looks for a newer one.
const LOOKED_FOR_AGAIN_S: &str = "5";
/// WSO2's plan of callers without a credential.
const UNAUTHENTICATED: &str = "Unauthenticated";
/// What callers are told of the limit of the upstream.
const BACKEND: &str = "Backend";
