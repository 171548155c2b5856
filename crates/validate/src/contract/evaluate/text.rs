//! What schemas say of texts.

use serde_json::Value;

use super::{Evaluation, Spot};
use crate::contract::format;

impl<'a> Evaluation<'a> {
    pub(super) fn text(&mut self, keyword: &str, said: &Value, text: &str, spot: Spot<'a, '_>) {
        let fault = match (keyword, said) {
            ("minLength", Value::Number(least))
                if count(text) < least.as_u64().unwrap_or_default() =>
            {
                format!("must have at least {least} characters")
            }
            ("maxLength", Value::Number(most))
                if count(text) > most.as_u64().unwrap_or(u64::MAX) =>
            {
                format!("must have at most {most} characters")
            }
            ("pattern", Value::String(pattern)) if !self.contract.matches(pattern, text) => {
                let shown: String = pattern.chars().take(100).collect();
                format!("must match `{shown}`")
            }
            ("format", Value::String(name)) if !format::holds(name, text) => {
                format!("is not a `{name}`")
            }
            _ => return,
        };
        self.report(spot.place, fault);
    }
}

fn count(text: &str) -> u64 {
    text.chars().count() as u64
}
