//! Throttle policies made ready for calls, once for each set: patterns and conditions compiled, denials sorted.

use std::{net::IpAddr, ops::Deref};

use expression::{Call as _, Expression, Pattern, Template};
use model::{Condition, ConditionGroup, CustomRule, PolicySet, Trait};
use rustc_hash::FxHashMap;
use throttle::Stage;

use crate::{deny::Denials, subject::Subject};

/// A [`PolicySet`], and what is worked out from it.
#[derive(Debug)]
pub(crate) struct Policies {
    set: PolicySet,
    /// By the policy's name, each in the order of its groups; only policies that have some. `None`: a condition cannot
    /// be read here, and nobody may be let through for that.
    groups: FxHashMap<String, Option<Vec<Vec<Test>>>>,
    /// In the order of the set.
    custom: Vec<Custom>,
    pub(crate) denials: Denials,
    /// Some plan limits how many calls are under way.
    pub(crate) has_concurrency: bool,
}

/// A condition of a group can not be read here.
#[derive(Debug)]
pub(crate) struct Unreadable;

/// A custom rule. One that cannot be read here counts more than it should rather than less: a condition counts every
/// call, a template all calls together.
#[derive(Debug)]
pub(crate) struct Custom {
    condition: Option<Expression>,
    template: Option<Template>,
}

/// One condition.
#[derive(Debug)]
struct Test {
    about: About,
    inverted: bool,
}

#[derive(Debug)]
enum About {
    Address(IpAddr, IpAddr),
    Header(String, Pattern),
    Query(String, Pattern),
    Claim(String, Pattern),
}

impl Policies {
    pub(crate) fn prepare(set: PolicySet) -> Self {
        let with_groups = set.advanced.iter().filter(|(_, it)| !it.groups.is_empty());
        let groups = with_groups
            .map(|(name, policy)| (name.clone(), policy.groups.iter().map(tests).collect()))
            .collect();
        Self {
            groups,
            custom: set.custom.iter().map(Custom::prepare).collect(),
            denials: Denials::prepare(&set.deny),
            has_concurrency: set.subscription.values().any(|it| it.concurrency.is_some()),
            set,
        }
    }

    /// Does what a call pays for this policy depend on the call itself?
    pub(crate) fn has_groups(&self, advanced: Option<(Stage, &str)>) -> bool {
        !self.groups.is_empty() && advanced.is_some_and(|(_, name)| self.groups.contains_key(name))
    }

    /// The first group of the policy that the call meets.
    pub(crate) fn group(
        &self,
        name: &str,
        subject: &Subject<'_>,
    ) -> Result<Option<&ConditionGroup>, Unreadable> {
        if self.groups.is_empty() {
            return Ok(None);
        }
        let Some((policy, groups)) = self.set.advanced.get(name).zip(self.groups.get(name)) else {
            return Ok(None);
        };
        let groups = groups.as_ref().ok_or(Unreadable)?;
        let is_met = |tests: &Vec<Test>| tests.iter().all(|test| test.is_met(subject));
        Ok(groups
            .iter()
            .position(is_met)
            .and_then(|index| policy.groups.get(index)))
    }

    /// The custom rules that the call meets, with the value of their key.
    pub(crate) fn custom<'a>(
        &'a self,
        subject: &'a Subject<'_>,
    ) -> impl Iterator<Item = (&'a CustomRule, String)> {
        self.set
            .custom
            .iter()
            .zip(&self.custom)
            .filter(|(_, custom)| {
                custom
                    .condition
                    .as_ref()
                    .is_none_or(|it| it.is_met(subject))
            })
            .map(|(rule, custom)| (rule, custom.key(subject)))
    }
}

impl Deref for Policies {
    type Target = PolicySet;

    fn deref(&self) -> &PolicySet {
        &self.set
    }
}

impl Custom {
    fn prepare(rule: &CustomRule) -> Self {
        Self {
            condition: rule
                .condition
                .as_deref()
                .and_then(|it| Expression::read(it).ok()),
            template: Template::read(&rule.key_template).ok(),
        }
    }

    fn key(&self, subject: &Subject<'_>) -> String {
        self.template
            .as_ref()
            .map(|it| it.render(subject))
            .unwrap_or_default()
    }
}

fn tests(group: &ConditionGroup) -> Option<Vec<Test>> {
    group.conditions.iter().map(Test::prepare).collect()
}

impl Test {
    fn prepare(condition: &Condition) -> Option<Self> {
        let about = match &condition.about {
            Trait::Address { from, to } => About::Address(*from, *to),
            Trait::Header { name, pattern } => {
                About::Header(name.clone(), Pattern::read(pattern).ok()?)
            }
            Trait::Query { name, pattern } => {
                About::Query(name.clone(), Pattern::read(pattern).ok()?)
            }
            Trait::Claim { name, pattern } => {
                About::Claim(name.clone(), Pattern::read(pattern).ok()?)
            }
        };
        Some(Self {
            about,
            inverted: condition.inverted,
        })
    }

    /// A value that is too long to be looked at meets neither a condition nor its opposite.
    fn is_met(&self, subject: &Subject<'_>) -> bool {
        let found = match &self.about {
            About::Address(from, to) => {
                Some(subject.address().is_some_and(|it| within(it, *from, *to)))
            }
            About::Header(name, pattern) => matches(pattern, subject.header(name).as_deref()),
            About::Query(name, pattern) => matches(pattern, subject.query(name).as_deref()),
            About::Claim(name, pattern) => claim_matches(pattern, subject.claim(name)),
        };
        found.is_some_and(|found| found != self.inverted)
    }
}

fn matches(pattern: &Pattern, value: Option<&str>) -> Option<bool> {
    value.map_or(Some(false), |value| pattern.matches(value))
}

/// A list matches when one of its values does; what is no text is taken as JSON writes it.
fn claim_matches(pattern: &Pattern, claim: Option<&serde_json::Value>) -> Option<bool> {
    match claim {
        None | Some(serde_json::Value::Null) => Some(false),
        Some(serde_json::Value::String(text)) => pattern.matches(text),
        Some(serde_json::Value::Array(values)) => {
            let answers = values
                .iter()
                .map(|value| claim_matches(pattern, Some(value)));
            let answers: Vec<Option<bool>> = answers.collect();
            match (answers.contains(&Some(true)), answers.contains(&None)) {
                (true, _) => Some(true),
                (false, true) => None,
                (false, false) => Some(false),
            }
        }
        Some(other) => pattern.matches(&other.to_string()),
    }
}

/// Does the address lie between the two, in one family?
pub(crate) fn within(address: IpAddr, from: IpAddr, to: IpAddr) -> bool {
    match (address, from, to) {
        (IpAddr::V4(address), IpAddr::V4(from), IpAddr::V4(to)) => (from..=to).contains(&address),
        (IpAddr::V6(address), IpAddr::V6(from), IpAddr::V6(to)) => (from..=to).contains(&address),
        _ => false,
    }
}
