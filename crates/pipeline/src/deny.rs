//! deny: is the call blocked, whatever its limits say? Asked before anything is counted.

use std::net::IpAddr;

use model::{DenyRule, DenyTarget, KeyType, Timestamp, Trait};
use problem::Problem;
use rustc_hash::FxHashMap;

use crate::{
    Facts, Need,
    authenticate::User,
    charges::{Call, next_access},
    decision::Stop,
    policies::{Policies, within},
    refusal::Rejection,
    subject::Subject,
};

/// Refuses a call that a deny rule names. Where there are no rules, this asks whether there are.
pub(crate) fn check(
    call: &Call<'_>,
    policies: &Policies,
    facts: &mut Facts,
    now: Timestamp,
) -> Result<(), Stop> {
    if policies.denials.is_empty() {
        return Ok(());
    }
    let Some(ban) = policies.denials.find(call, now) else {
        return Ok(());
    };
    facts.recheck(Need::Catalog, now)?; // a rule that was just lifted
    Err(refused(ban, now))
}

/// Deny rules by what they name.
#[derive(Debug, Default)]
pub(crate) struct Denials {
    apis: FxHashMap<String, Vec<Ban>>,
    applications: FxHashMap<String, Vec<Ban>>,
    users: FxHashMap<String, Vec<Ban>>,
    /// By application.
    subscriptions: FxHashMap<String, Vec<(String, Option<KeyType>, Ban)>>,
    /// Those of IPv4 and IPv6 apart, sorted by where they begin.
    ranges: [Vec<Range>; 2],
    /// Everything but these addresses.
    outside: Vec<(IpAddr, IpAddr, Ban)>,
    is_empty: bool,
}

/// How long, and why.
#[derive(Clone, Debug)]
struct Ban {
    until: Option<Timestamp>,
    reason: Option<String>,
}

#[derive(Debug)]
struct Range {
    from: IpAddr,
    to: IpAddr,
    /// The highest end of this range and of all before it.
    reach: IpAddr,
    ban: Ban,
}

impl Denials {
    pub(crate) fn prepare(rules: &[DenyRule]) -> Self {
        let mut denials = Self {
            is_empty: rules.is_empty(),
            ..Self::default()
        };
        for rule in rules {
            denials.add(rule);
        }
        for ranges in &mut denials.ranges {
            ranges.sort_by_key(|range| range.from);
            let mut reach = None;
            for range in ranges {
                range.reach = reach.map_or(range.to, |reach: IpAddr| reach.max(range.to));
                reach = Some(range.reach);
            }
        }
        denials
    }

    fn add(&mut self, rule: &DenyRule) {
        let ban = Ban {
            until: rule.until,
            reason: rule.reason.clone(),
        };
        match &rule.target {
            DenyTarget::Api(name) => self.apis.entry(name.clone()).or_default().push(ban),
            DenyTarget::Application(name) => {
                self.applications.entry(name.clone()).or_default().push(ban);
            }
            DenyTarget::User(name) => self.users.entry(name.clone()).or_default().push(ban),
            DenyTarget::Subscription {
                application,
                api,
                key_type,
            } => {
                let of_application = self.subscriptions.entry(application.clone()).or_default();
                of_application.push((api.clone(), *key_type, ban));
            }
            DenyTarget::Address(condition) => {
                let Trait::Address { from, to } = condition.about else {
                    return;
                };
                self.add_range(
                    from.to_canonical(),
                    to.to_canonical(),
                    condition.inverted,
                    ban,
                );
            }
        }
    }

    fn add_range(&mut self, from: IpAddr, to: IpAddr, inverted: bool, ban: Ban) {
        let [v4, v6] = &mut self.ranges;
        let ranges = if from.is_ipv4() { v4 } else { v6 };
        if inverted {
            self.outside.push((from, to, ban));
        } else {
            ranges.push(Range {
                from,
                to,
                reach: to,
                ban,
            });
        }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.is_empty
    }

    /// The rule that refuses the call, in WSO2's order: API, application, user, subscription, address.
    fn find(&self, call: &Call<'_>, now: Timestamp) -> Option<&Ban> {
        let context = &call.located.deployment.api.context;
        let of_api = self.apis.get(context).and_then(|bans| running(bans, now));
        of_api
            .or_else(|| self.of_application(call, now))
            .or_else(|| self.of_user(call, now))
            .or_else(|| self.of_subscription(call, now))
            .or_else(|| self.of_address(call, now))
    }

    fn of_application(&self, call: &Call<'_>, now: Timestamp) -> Option<&Ban> {
        if self.applications.is_empty() {
            return None;
        }
        running(self.applications.get(&application(call)?)?, now)
    }

    /// Nobody in particular is no user.
    fn of_user(&self, call: &Call<'_>, now: Timestamp) -> Option<&Ban> {
        let user = &call.principal.user;
        if self.users.is_empty() || matches!(user, User::Anonymous) {
            return None;
        }
        running(self.users.get(user.name())?, now)
    }

    fn of_subscription(&self, call: &Call<'_>, now: Timestamp) -> Option<&Ban> {
        if self.subscriptions.is_empty() {
            return None;
        }
        let context = &call.located.deployment.api.context;
        let key_type = call.target.key_type;
        self.subscriptions
            .get(&application(call)?)?
            .iter()
            .filter(|(api, kind, _)| api == context && kind.is_none_or(|kind| kind == key_type))
            .map(|(_, _, ban)| ban)
            .find(|ban| ban.is_running(now))
    }

    fn of_address(&self, call: &Call<'_>, now: Timestamp) -> Option<&Ban> {
        let [v4, v6] = &self.ranges;
        if self.outside.is_empty() && v4.is_empty() && v6.is_empty() {
            return None;
        }
        let address = Subject { call, plan: None }.address();
        let outside = |(from, to, ban): &&(IpAddr, IpAddr, Ban)| {
            ban.is_running(now) && !address.is_some_and(|it| within(it, *from, *to))
        };
        if let Some((_, _, ban)) = self.outside.iter().find(outside) {
            return Some(ban);
        }
        let address = address?;
        let ranges = if address.is_ipv4() { v4 } else { v6 };
        let begun = ranges.partition_point(|range| range.from <= address);
        ranges
            .get(..begun)?
            .iter()
            .rev()
            .take_while(|range| range.reach >= address)
            .find(|range| range.to >= address && range.ban.is_running(now))
            .map(|range| &range.ban)
    }
}

impl Ban {
    fn is_running(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

fn running(bans: &[Ban], now: Timestamp) -> Option<&Ban> {
    bans.iter().find(|ban| ban.is_running(now))
}

/// WSO2's name of the caller's application: `owner:name`.
fn application(call: &Call<'_>) -> Option<String> {
    let application = call.principal.application.as_deref()?;
    Some(format!("{}:{}", application.owner, application.name))
}

fn refused(ban: &Ban, now: Timestamp) -> Stop {
    let mut problem = Problem::new("900805");
    if let Some(reason) = ban.reason.as_deref().filter(|it| !it.trim().is_empty()) {
        problem = problem.detail(format!(
            "you have been blocked from accessing the resource: {reason}"
        ));
    }
    let mut headers = Vec::new();
    if let Some(until) = ban.until {
        let next = next_access(until, now);
        headers.push(("retry-after", next.retry_after_seconds.to_string()));
        problem = problem.retry(next);
    }
    Rejection { problem, headers }.into()
}
