//! Throttle policies at the door: the admin API's objects become [`model::PolicySet`] entries or named faults.

mod group;
mod limit;
mod rule;
mod shape;
mod siddhi;
mod words;

use model::{
    AdvancedPolicy, ApplicationPolicy, FailureMode, Limit, Measure, SubscriptionPolicy, TimeUnit,
    Zone,
};

pub use group::{Group, name_groups};
pub(crate) use group::{address, range};
use limit::positive;
pub use shape::{Attribute, BurstLimit, PolicyBody, Quantity, ThrottleLimit};
pub use words::Permission;

use crate::{
    Fault,
    draft::{fault, missing},
};

/// Which family a policy belongs to; its word is the one in paths and rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyKind {
    /// A plan: what a subscription may use.
    Subscription,
    /// What one user of an application may use.
    Application,
    /// For a whole API or one operation.
    Advanced,
    /// A rule over all traffic.
    Custom,
}

impl PolicyKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [
        Self::Application,
        Self::Subscription,
        Self::Advanced,
        Self::Custom,
    ];

    /// `subscription`, `application`, `advanced` or `custom`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Subscription => "subscription",
            Self::Application => "application",
            Self::Advanced => "advanced",
            Self::Custom => "custom",
        }
    }

    /// Reads [`Self::as_str`] back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// The peer's `type` of the object.
    #[must_use]
    pub const fn type_name(self) -> &'static str {
        match self {
            Self::Subscription => "SubscriptionThrottlePolicy",
            Self::Application => "ApplicationThrottlePolicy",
            Self::Advanced => "AdvancedThrottlePolicy",
            Self::Custom => "CustomRule",
        }
    }

    /// The peer's short word, in searches and exports.
    #[must_use]
    pub const fn short(self) -> &'static str {
        match self {
            Self::Subscription => "sub",
            Self::Application => "app",
            Self::Advanced => "api",
            Self::Custom => "global",
        }
    }
}

impl PolicyBody {
    /// Everything that is wrong with the policy as one of `kind`.
    #[must_use]
    pub fn faults(&self, kind: PolicyKind) -> Vec<Fault> {
        let mut faults = self.word_faults(kind);
        match &self.default_limit {
            None => faults.push(missing("defaultLimit")),
            Some(limit) => faults.extend(limit.read("defaultLimit").err()),
        }
        faults.extend(self.burst().err());
        faults.extend(self.concurrent().err());
        faults.extend(self.failure_mode().err());
        faults.extend(self.permission().err());
        group::read(
            self.conditional_groups.as_deref().unwrap_or_default(),
            &mut faults,
        );
        if kind == PolicyKind::Custom {
            faults.extend(self.rule_faults());
        }
        faults
    }

    /// The plan that a subscription is held to.
    ///
    /// # Errors
    /// The first fault in its limits.
    pub fn subscription(&self) -> Result<SubscriptionPolicy, Fault> {
        Ok(SubscriptionPolicy {
            limit: self.limit()?,
            burst: self.burst()?,
            stop_on_quota_reach: self.stop_on_quota_reach.unwrap_or(true),
            concurrency: self.concurrent()?,
            graphql_depth: most(self.graphql_max_depth),
            graphql_complexity: most(self.graphql_max_complexity),
            on_failure: self.failure_mode()?,
        })
    }

    /// The policy that a user of an application is held to.
    ///
    /// # Errors
    /// The first fault in its limits.
    pub fn application(&self) -> Result<ApplicationPolicy, Fault> {
        Ok(ApplicationPolicy {
            limit: self.limit()?,
            burst: self.burst()?,
            on_failure: self.failure_mode()?,
        })
    }

    /// The policy that an API or an operation is held to.
    ///
    /// # Errors
    /// The first fault in its limits or conditions.
    pub fn advanced(&self) -> Result<AdvancedPolicy, Fault> {
        let mut faults = Vec::new();
        let groups = group::read(
            self.conditional_groups.as_deref().unwrap_or_default(),
            &mut faults,
        );
        match faults.into_iter().next() {
            Some(first) => Err(first),
            None => Ok(AdvancedPolicy {
                limit: self.limit()?,
                per_user: self.per_user.unwrap_or(false),
                groups,
                on_failure: self.failure_mode()?,
            }),
        }
    }

    /// The limit and how portals show it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn limit(&self) -> Result<Option<Limit>, Fault> {
        match &self.default_limit {
            None => Err(missing("defaultLimit")),
            Some(limit) => limit.read("defaultLimit"),
        }
    }

    /// The limit and the burst limit, as far as there are any.
    ///
    /// # Errors
    /// The first fault.
    pub fn limits(&self) -> Result<Vec<Limit>, Fault> {
        Ok(self.limit()?.into_iter().chain(self.burst()?).collect())
    }

    /// The zones that the policy's limits name, with their places: whether there are such zones is for tables to say
    /// that only the owners of counters hold.
    #[must_use]
    pub fn zones(&self) -> Vec<(String, Zone)> {
        let groups = self.conditional_groups.iter().flatten().enumerate();
        let groups = groups.filter_map(|(index, group)| {
            let place = format!("conditionalGroups[{index}].limit");
            group.limit.as_ref().map(|limit| (place, limit))
        });
        let own = self.default_limit.as_ref();
        own.map(|limit| ("defaultLimit".to_owned(), limit))
            .into_iter()
            .chain(groups)
            .filter_map(|(place, limit)| {
                let zone = limit.time_zone.as_deref()?.parse().ok()?;
                Some((format!("{place}.timeZone"), zone))
            })
            .collect()
    }

    /// The burst limit, from the place where the kind keeps it.
    fn burst(&self) -> Result<Option<Limit>, Fault> {
        let nested = self.burst_limit.clone().unwrap_or_default();
        let (count, unit, place) = match (self.rate_limit_count, nested.rate_limit_count) {
            (Some(count), _) => (count, &self.rate_limit_time_unit, "rateLimitCount"),
            (None, Some(count)) => (
                count,
                &nested.rate_limit_time_unit,
                "burstLimit.rateLimitCount",
            ),
            (None, None) => return Ok(None),
        };
        if count == 0 || count == -1 {
            return Ok(None);
        }
        let time_unit = match unit.as_deref().map(str::to_ascii_lowercase).as_deref() {
            Some("sec" | "s") => TimeUnit::Sec,
            Some("min" | "m") => TimeUnit::Min,
            _ => {
                let place = place.replace("Count", "TimeUnit");
                return Err(fault(&place, "is neither `sec` nor `min`"));
            }
        };
        let requests = positive(Some(count), place)?;
        Ok(Some(Limit::new(Measure::Requests(requests), 1, time_unit)))
    }

    /// Calls that may be under way at once.
    fn concurrent(&self) -> Result<Option<u32>, Fault> {
        self.concurrency
            .map(|count| {
                u32::try_from(count)
                    .ok()
                    .filter(|count| (1..=CONCURRENCY).contains(count))
                    .ok_or_else(|| {
                        let help = format!("is not a whole number from 1 to {CONCURRENCY}");
                        fault("concurrency", help)
                    })
            })
            .transpose()
    }

    fn failure_mode(&self) -> Result<FailureMode, Fault> {
        match self.on_failure.as_deref() {
            None | Some("local") => Ok(FailureMode::Local),
            Some("closed") => Ok(FailureMode::Closed),
            Some("open") => Ok(FailureMode::Open),
            Some(other) => Err(fault(
                "onFailure",
                format!("`{other}` is none of `closed`, `local`, `open`"),
            )),
        }
    }
}

/// A bound of a query; 0 is none, as with the peer.
fn most(given: Option<i64>) -> Option<u32> {
    given
        .and_then(|most| u32::try_from(most).ok())
        .filter(|most| *most > 0)
}

/// More calls at once than one subscription has anywhere.
const CONCURRENCY: u32 = 100_000;

#[cfg(test)]
mod tests;
