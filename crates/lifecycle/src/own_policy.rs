//! Operation policies that an organization writes itself: a name and a version for steps of the catalogue, with attributes
//! of its own that the steps' parameters are filled from (`${name}`).

mod attribute;
mod catalogue;
mod read;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use transform::policies::{Flow, Given};

pub use attribute::{Attribute, AttributeKind};
pub use catalogue::catalogue;
pub use read::read;

/// A policy of an organization's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OwnPolicy {
    /// What drafts call it.
    pub name: String,
    /// Its version, for example `v1`.
    pub version: String,
    /// What people call it.
    pub display_name: String,
    /// What it does.
    #[serde(default)]
    pub description: String,
    /// Under which it is listed.
    pub category: String,
    /// Where it may stand: `request`, `response`, `fault`.
    pub applicable_flows: Vec<String>,
    /// Kinds of APIs that it is for.
    pub supported_api_types: Vec<String>,
    /// What whoever uses it says.
    pub policy_attributes: Vec<Attribute>,
    /// What it does, in order.
    pub steps: Vec<OwnStep>,
}

/// One step of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OwnStep {
    /// A kind of the catalogue.
    pub policy_name: String,
    /// Its parameters, with `${name}` where an attribute is to stand.
    #[serde(default)]
    pub parameters: BTreeMap<String, String>,
    /// Done only for calls that meet this condition, in CEL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
}

impl OwnPolicy {
    /// May it stand in this flow?
    #[must_use]
    pub fn may_stand_in(&self, flow: Flow) -> bool {
        self.applicable_flows.iter().any(|it| it == word(flow))
    }

    /// What each step is given when the policy is: kinds of the catalogue with their parameters, and conditions.
    ///
    /// # Errors
    /// Attributes (empty: the policy as a whole) and what is wrong with them.
    pub fn filled(&self, mut given: Given) -> Result<Vec<OwnStep>, Vec<(String, String)>> {
        let mut wrong = Vec::new();
        for attribute in &self.policy_attributes {
            attribute.complete(&mut given, &mut wrong);
        }
        for unknown in given.keys().filter(|key| self.attribute(key).is_none()) {
            let help = format!("`{}` has no attribute `{unknown}`", self.name);
            wrong.push((String::new(), help));
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let steps = self.steps.iter().map(|step| {
            let parameters = step.parameters.iter();
            let parameters = parameters.map(|(name, text)| (name.clone(), filled(text, &given)));
            OwnStep {
                parameters: parameters.collect(),
                ..step.clone()
            }
        });
        Ok(steps.collect())
    }

    fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.policy_attributes.iter().find(|it| it.name == name)
    }
}

/// What drafts call a flow.
#[must_use]
pub const fn word(flow: Flow) -> &'static str {
    match flow {
        Flow::Request => "request",
        Flow::Response => "response",
        Flow::Fault => "fault",
    }
}

/// A text with each `${name}` replaced. What is put in is not looked through again.
fn filled(text: &str, given: &Given) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        filled.push_str(before);
        match after.split_once('}') {
            Some((name, behind)) => {
                filled.push_str(given.get(name).map_or("", String::as_str));
                rest = behind;
            }
            None => {
                filled.push_str("${");
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

/// The names that a text asks for.
fn asked(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split("${").skip(1);
    parts.filter_map(|part| part.split_once('}').map(|(name, _)| name))
}
