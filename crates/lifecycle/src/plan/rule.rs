//! Custom rules: a limit over all traffic, counted apart for each value of a key.

use expression::{Expression, Template};
use model::CustomRule;

use super::{PolicyBody, siddhi};
use crate::{
    Fault,
    draft::{fault, missing},
};

impl PolicyBody {
    /// The rule with its Siddhi query said in our words, `condition` and `defaultLimit`, so that a reader sees what
    /// gateways do.
    ///
    /// # Errors
    /// The part of the query that is not understood, or that our own words say something else than the query.
    pub fn without_siddhi(mut self) -> Result<Self, Fault> {
        let Some(query) = self.siddhi_query.as_deref().map(str::trim) else {
            return Ok(self);
        };
        if query.is_empty() {
            self.siddhi_query = None;
            return Ok(self);
        }
        let meant = siddhi::read(query)?;
        let differs = |place: &str| {
            let help = "says something else than `siddhiQuery`; leave one of the two out";
            Err(fault(place, help))
        };
        if let Some(given) = &self.condition
            && Some(given) != meant.condition.as_ref()
        {
            return differs("condition");
        }
        if let Some(given) = &self.default_limit
            && given.read("defaultLimit")? != meant.limit.read("siddhiQuery")?
        {
            return differs("defaultLimit");
        }
        self.condition = meant.condition;
        self.default_limit = Some(meant.limit);
        Ok(self)
    }

    /// The rule that all calls are held to.
    ///
    /// # Errors
    /// The first fault in its limit.
    pub fn custom(&self, name: &str) -> Result<CustomRule, Fault> {
        Ok(CustomRule {
            name: name.to_owned(),
            key_template: self.key_template.clone().unwrap_or_default(),
            condition: self.condition.clone(),
            limit: self.limit()?,
            on_failure: self.failure_mode()?,
        })
    }

    pub(super) fn rule_faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        match self.key_template.as_deref() {
            None | Some("") => faults.push(missing("keyTemplate")),
            Some(template) => {
                let bad = Template::read(template).err();
                faults.extend(bad.map(|bad| fault("keyTemplate", bad.to_string())));
            }
        }
        if let Some(text) = self.condition.as_deref() {
            let bad = Expression::read(text).err();
            faults.extend(bad.map(|bad| fault("condition", bad.to_string())));
        }
        if self.rate_limit_count.is_some() || self.burst_limit.is_some() {
            faults.push(fault(
                "rateLimitCount",
                "a custom rule has one limit, `defaultLimit`",
            ));
        }
        faults
    }
}
