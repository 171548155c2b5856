//! Throttle policies at the door: the admin API's objects become [`model::PolicySet`] entries or named faults.

mod shape;

use model::{
    AdvancedPolicy, ApplicationPolicy, FailureMode, Limit, Measure, SubscriptionPolicy, TimeUnit,
};
pub use shape::{Attribute, BurstLimit, PolicyBody, Quantity, ThrottleLimit};

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
}

impl PolicyKind {
    /// `subscription`, `application` or `advanced`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Subscription => "subscription",
            Self::Application => "application",
            Self::Advanced => "advanced",
        }
    }

    /// Reads [`Self::as_str`] back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Subscription, Self::Application, Self::Advanced]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }

    /// The peer's `type` of the object.
    #[must_use]
    pub const fn type_name(self) -> &'static str {
        match self {
            Self::Subscription => "SubscriptionThrottlePolicy",
            Self::Application => "ApplicationThrottlePolicy",
            Self::Advanced => "AdvancedThrottlePolicy",
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
        if self
            .conditional_groups
            .as_ref()
            .is_some_and(|groups| !groups.is_empty())
        {
            faults.push(fault(
                "conditionalGroups",
                "conditional groups are not supported yet; leave them out",
            ));
        }
        if let Some(plan) = self.billing_plan.as_deref()
            && !["FREE", "COMMERCIAL"].contains(&plan)
        {
            faults.push(fault(
                "billingPlan",
                format!("`{plan}` is neither `FREE` nor `COMMERCIAL`"),
            ));
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
            concurrency: None,
            on_failure: FailureMode::Local,
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
            on_failure: FailureMode::Local,
        })
    }

    /// The policy that an API or an operation is held to.
    ///
    /// # Errors
    /// The first fault in its limit.
    pub fn advanced(&self) -> Result<AdvancedPolicy, Fault> {
        Ok(AdvancedPolicy {
            limit: self.limit()?,
            per_user: false,
            groups: Vec::new(),
            on_failure: FailureMode::Local,
        })
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
            _ => return Err(fault("rateLimitTimeUnit", "is neither `sec` nor `min`")),
        };
        let requests = positive(Some(count), place)?;
        Ok(Some(Limit::new(Measure::Requests(requests), 1, time_unit)))
    }

    fn word_faults(&self, kind: PolicyKind) -> Vec<Fault> {
        let mut faults = Vec::new();
        match self.policy_name.as_deref() {
            None => faults.push(missing("policyName")),
            Some(name) if !is_policy_name(name) => faults.push(fault(
                "policyName",
                "is not 1 to 60 letters, digits, `-`, `_` and `.`",
            )),
            Some(_) => {}
        }
        for (place, text, limit) in [
            ("displayName", &self.display_name, 512),
            ("description", &self.description, 1024),
        ] {
            if text
                .as_ref()
                .is_some_and(|text| text.chars().count() > limit)
            {
                faults.push(fault(place, format!("is longer than {limit} characters")));
            }
        }
        if let Some(given) = self.type_name.as_deref()
            && !given.is_empty()
            && given != kind.type_name()
        {
            faults.push(fault(
                "type",
                format!("`{given}` is not `{}`", kind.type_name()),
            ));
        }
        faults
    }
}

impl ThrottleLimit {
    /// What gateways count; `None` when the limit is the peer's "unlimited" (the largest 32-bit integer).
    fn read(&self, place: &str) -> Result<Option<Limit>, Fault> {
        let (name, quantity) = match self.kind.as_str() {
            "REQUESTCOUNTLIMIT" => ("requestCount", &self.request_count),
            "BANDWIDTHLIMIT" => ("bandwidth", &self.bandwidth),
            "EVENTCOUNTLIMIT" => ("eventCount", &self.event_count),
            "AIAPIQUOTALIMIT" => ("aiApiQuota", &self.ai_api_quota),
            other => {
                return Err(fault(
                    &format!("{place}.type"),
                    format!("`{other}` is not a kind of limit"),
                ));
            }
        };
        let place = format!("{place}.{name}");
        let quantity = quantity.as_ref().ok_or_else(|| missing(&place))?;
        let (count, count_place, make): (_, _, fn(u64) -> Measure) = match name {
            "bandwidth" => (quantity.bytes(&place)?, "dataAmount", Measure::Bytes),
            "eventCount" => (quantity.event_count, "eventCount", Measure::Events),
            // Tokens are counted by AI gateways; until there is one, the requests of the quota are what counts.
            _ => (quantity.request_count, "requestCount", Measure::Requests),
        };
        let count = positive(count, &format!("{place}.{count_place}"))?;
        let limit = Limit {
            measure: make(count),
            ..quantity.window(&place)?
        };
        Ok((count != UNLIMITED).then_some(limit))
    }
}

impl Quantity {
    /// The window, with nothing counted yet.
    fn window(&self, place: &str) -> Result<Limit, Fault> {
        let unit_time = positive(self.unit_time, &format!("{place}.unitTime"))?;
        let unit_time = u32::try_from(unit_time)
            .ok()
            .filter(|time| *time <= UNIT_TIME_LIMIT)
            .ok_or_else(|| {
                fault(
                    &format!("{place}.unitTime"),
                    format!("is more than {UNIT_TIME_LIMIT}"),
                )
            })?;
        let time_unit = match self
            .time_unit
            .as_deref()
            .map(str::to_ascii_lowercase)
            .as_deref()
        {
            Some("min" | "minute" | "minutes") => TimeUnit::Min,
            Some("hour" | "hours") => TimeUnit::Hour,
            Some("day" | "days") => TimeUnit::Day,
            Some("month" | "months") => TimeUnit::Month,
            _ => {
                return Err(fault(
                    &format!("{place}.timeUnit"),
                    "is none of `min`, `hour`, `day`, `month`",
                ));
            }
        };
        Ok(Limit::new(Measure::Requests(0), unit_time, time_unit))
    }

    fn bytes(&self, place: &str) -> Result<Option<i64>, Fault> {
        let factor = match self.data_unit.as_deref() {
            Some("KB") => 1 << 10,
            Some("MB") => 1 << 20,
            Some("GB") => 1 << 30,
            _ => {
                return Err(fault(
                    &format!("{place}.dataUnit"),
                    "is none of `KB`, `MB`, `GB`",
                ));
            }
        };
        Ok(self.data_amount.map(|amount| amount.saturating_mul(factor)))
    }
}

fn positive(number: Option<i64>, place: &str) -> Result<u64, Fault> {
    let number = number.ok_or_else(|| missing(place))?;
    u64::try_from(number)
        .ok()
        .filter(|number| (1..=COUNT_LIMIT).contains(number))
        .ok_or_else(|| fault(place, "is not a whole number from 1 to 9007199254740991"))
}

fn is_policy_name(name: &str) -> bool {
    (1..=60).contains(&name.len())
        && name
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "-_.".contains(character))
}

/// The peer's largest count, which it means as "no limit".
const UNLIMITED: u64 = i32::MAX as u64;

/// Counts stay exact in JSON and in SQLite's bindings.
const COUNT_LIMIT: u64 = (1 << 53) - 1;

/// A window of this many units is a century of months; more is a slip of the hand.
const UNIT_TIME_LIMIT: u32 = 1_200;

#[cfg(test)]
mod tests;
