//! Conditional groups of advanced policies: other limits for the calls that meet conditions.

use std::{collections::BTreeSet, net::IpAddr};

use expression::Pattern;
use model::{Condition, ConditionGroup, Trait};
use serde::{Deserialize, Serialize};

use super::ThrottleLimit;
use crate::{
    Fault,
    draft::{fault, missing},
};

/// WSO2's `ConditionalGroup`: a limit of its own for the calls that meet all of its conditions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(
    rename_all = "camelCase",
    deny_unknown_fields,
    default,
    expecting = "an object"
)]
#[expect(
    missing_docs,
    reason = "the names are the peer's; api/admin.yaml describes them"
)]
pub struct Group {
    /// Ours: names the group's counter, so that it stays when the group is edited or moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub conditions: Vec<ThrottleCondition>,
    pub limit: Option<ThrottleLimit>,
}

/// WSO2's `ThrottleCondition`; the property that `type` names is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(
    rename_all = "camelCase",
    deny_unknown_fields,
    default,
    expecting = "an object"
)]
pub struct ThrottleCondition {
    #[serde(rename = "type")]
    pub kind: String,
    pub invert_condition: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header_condition: Option<HeaderCondition>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip_condition: Option<AddressCondition>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwt_claims_condition: Option<ClaimCondition>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query_parameter_condition: Option<QueryCondition>,
}

/// WSO2's `HeaderCondition`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(
    rename_all = "camelCase",
    deny_unknown_fields,
    default,
    expecting = "an object"
)]
pub struct HeaderCondition {
    pub header_name: String,
    pub header_value: String,
}

/// WSO2's `IPCondition`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default, expecting = "an object")]
pub struct AddressCondition {
    #[serde(rename = "ipConditionType")]
    pub kind: String,
    #[serde(rename = "specificIP", skip_serializing_if = "Option::is_none")]
    pub specific: Option<String>,
    #[serde(rename = "startingIP", skip_serializing_if = "Option::is_none")]
    pub starting: Option<String>,
    #[serde(rename = "endingIP", skip_serializing_if = "Option::is_none")]
    pub ending: Option<String>,
}

/// WSO2's `JWTClaimsCondition`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(
    rename_all = "camelCase",
    deny_unknown_fields,
    default,
    expecting = "an object"
)]
pub struct ClaimCondition {
    pub claim_url: String,
    pub attribute: String,
}

/// WSO2's `QueryParameterCondition`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(
    rename_all = "camelCase",
    deny_unknown_fields,
    default,
    expecting = "an object"
)]
pub struct QueryCondition {
    pub parameter_name: String,
    pub parameter_value: String,
}

/// The groups as gateways judge them; what is wrong goes to `faults`.
pub(super) fn read(groups: &[Group], faults: &mut Vec<Fault>) -> Vec<ConditionGroup> {
    if groups.len() > GROUPS {
        faults.push(fault(
            "conditionalGroups",
            format!("has more than {GROUPS} groups"),
        ));
        return Vec::new();
    }
    let mut ids = BTreeSet::new();
    let mut found = Vec::with_capacity(groups.len());
    for (index, group) in groups.iter().enumerate() {
        let place = format!("conditionalGroups[{index}]");
        let id = group.group_id.as_deref();
        if let Some(id) = id
            && (!is_id(id) || !ids.insert(id))
        {
            faults.push(fault(
                &format!("{place}.groupId"),
                "is not 1 to 40 letters, digits and `-`, or stands twice",
            ));
        }
        found.push(ConditionGroup {
            id: id.unwrap_or_default().to_owned(),
            conditions: group.conditions(&place, faults),
            limit: group.limit(&place, faults),
        });
    }
    found
}

/// Gives every group an id. A group that comes without one is known again by its conditions, and otherwise by its
/// place, so that an edit by a client that knows nothing of ids refills nothing either; only what is new gets a
/// `fresh` id.
///
/// # Errors
/// Those of `fresh`.
pub fn name_groups<E>(
    groups: &mut [Group],
    before: &[Group],
    mut fresh: impl FnMut() -> Result<String, E>,
) -> Result<(), E> {
    let mut taken: BTreeSet<String> = groups
        .iter()
        .filter_map(|group| group.group_id.clone())
        .collect();
    let mut take = |group: &mut Group, known: Option<&Group>| {
        let id = known.and_then(|known| known.group_id.clone());
        if let Some(id) = id.filter(|_| group.group_id.is_none())
            && taken.insert(id.clone())
        {
            group.group_id = Some(id);
        }
    };
    for group in groups.iter_mut() {
        let alike = before
            .iter()
            .find(|known| known.conditions == group.conditions);
        take(group, alike);
    }
    for (index, group) in groups.iter_mut().enumerate() {
        take(group, before.get(index));
    }
    for group in groups.iter_mut().filter(|group| group.group_id.is_none()) {
        group.group_id = Some(fresh()?);
    }
    Ok(())
}

impl Group {
    fn conditions(&self, place: &str, faults: &mut Vec<Fault>) -> Vec<Condition> {
        let place = format!("{place}.conditions");
        if self.conditions.is_empty() || self.conditions.len() > CONDITIONS {
            faults.push(fault(
                &place,
                format!("has not 1 to {CONDITIONS} conditions"),
            ));
            return Vec::new();
        }
        let mut found = Vec::with_capacity(self.conditions.len());
        for (index, condition) in self.conditions.iter().enumerate() {
            match condition.read(&format!("{place}[{index}]")) {
                Ok(condition) => found.push(condition),
                Err(fault) => faults.push(fault),
            }
        }
        found
    }

    fn limit(&self, place: &str, faults: &mut Vec<Fault>) -> Option<model::Limit> {
        let place = format!("{place}.limit");
        let read = match &self.limit {
            None => Err(missing(&place)),
            Some(limit) => limit.read(&place),
        };
        read.unwrap_or_else(|fault| {
            faults.push(fault);
            None
        })
    }
}

impl ThrottleCondition {
    fn read(&self, place: &str) -> Result<Condition, Fault> {
        let given = [
            ("ipCondition", self.ip_condition.is_some()),
            ("headerCondition", self.header_condition.is_some()),
            (
                "queryParameterCondition",
                self.query_parameter_condition.is_some(),
            ),
            ("jwtClaimsCondition", self.jwt_claims_condition.is_some()),
        ];
        let wanted = match self.kind.as_str() {
            "IPCONDITION" => "ipCondition",
            "HEADERCONDITION" => "headerCondition",
            "QUERYPARAMETERCONDITION" => "queryParameterCondition",
            "JWTCLAIMSCONDITION" => "jwtClaimsCondition",
            other => {
                return Err(fault(
                    &format!("{place}.type"),
                    format!("`{other}` is not a kind of condition"),
                ));
            }
        };
        let other = given.iter().find(|(name, is)| *is && *name != wanted);
        if let Some((name, _)) = other {
            let help = format!("does not belong to a condition of type `{}`", self.kind);
            return Err(fault(&format!("{place}.{name}"), help));
        }
        let inside = format!("{place}.{wanted}");
        let about = if let Some(condition) = &self.ip_condition {
            condition.read(&inside)?
        } else if let Some(condition) = &self.header_condition {
            condition.read(&inside)?
        } else if let Some(condition) = &self.query_parameter_condition {
            Trait::Query {
                name: name(&condition.parameter_name, &inside, "parameterName")?,
                pattern: pattern(&condition.parameter_value, &inside, "parameterValue")?,
            }
        } else if let Some(condition) = &self.jwt_claims_condition {
            Trait::Claim {
                name: name(&condition.claim_url, &inside, "claimUrl")?,
                pattern: pattern(&condition.attribute, &inside, "attribute")?,
            }
        } else {
            return Err(missing(&inside));
        };
        Ok(Condition {
            about,
            inverted: self.invert_condition.unwrap_or(false),
        })
    }
}

impl HeaderCondition {
    fn read(&self, place: &str) -> Result<Trait, Fault> {
        let lower = name(&self.header_name, place, "headerName")?.to_ascii_lowercase();
        let is_token =
            |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if !lower.bytes().all(is_token) {
            return Err(fault(
                &format!("{place}.headerName"),
                "is not the name of a header",
            ));
        }
        Ok(Trait::Header {
            name: lower,
            pattern: pattern(&self.header_value, place, "headerValue")?,
        })
    }
}

impl AddressCondition {
    fn read(&self, place: &str) -> Result<Trait, Fault> {
        match self.kind.as_str() {
            "IPSPECIFIC" => {
                let one = address(self.specific.as_deref(), place, "specificIP")?;
                Ok(Trait::Address { from: one, to: one })
            }
            "IPRANGE" => range(
                (self.starting.as_deref(), "startingIP"),
                (self.ending.as_deref(), "endingIP"),
                place,
            ),
            other => Err(fault(
                &format!("{place}.ipConditionType"),
                format!("`{other}` is neither `IPSPECIFIC` nor `IPRANGE`"),
            )),
        }
    }
}

/// Everything from one address to another of the same family.
pub(crate) fn range(
    (from, from_name): (Option<&str>, &str),
    (to, to_name): (Option<&str>, &str),
    place: &str,
) -> Result<Trait, Fault> {
    let from = address(from, place, from_name)?;
    let to = address(to, place, to_name)?;
    let place = format!("{place}.{to_name}");
    if from.is_ipv4() != to.is_ipv4() {
        return Err(fault(
            &place,
            format!("is not of the same family as `{from_name}`"),
        ));
    }
    if from > to {
        return Err(fault(&place, format!("lies before `{from_name}`")));
    }
    Ok(Trait::Address { from, to })
}

/// An address; one of the fourth version that is written as one of the sixth is the former.
pub(crate) fn address(text: Option<&str>, place: &str, name: &str) -> Result<IpAddr, Fault> {
    let place = format!("{place}.{name}");
    let text = text.ok_or_else(|| missing(&place))?;
    text.trim()
        .parse()
        .map(|address: IpAddr| address.to_canonical())
        .map_err(|_| fault(&place, format!("`{text}` is not an IP address")))
}

fn name(text: &str, place: &str, field: &str) -> Result<String, Fault> {
    let text = text.trim();
    if text.is_empty() || text.len() > NAME_BYTES || text.chars().any(char::is_control) {
        return Err(fault(
            &format!("{place}.{field}"),
            format!("is not 1 to {NAME_BYTES} bytes of text"),
        ));
    }
    Ok(text.to_owned())
}

fn pattern(text: &str, place: &str, field: &str) -> Result<String, Fault> {
    let place = format!("{place}.{field}");
    if text.is_empty() {
        return Err(missing(&place));
    }
    match Pattern::read(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(bad) => Err(fault(&place, bad.help)),
    }
}

fn is_id(id: &str) -> bool {
    (1..=40).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Each group is asked in turn on every call that none before it met.
const GROUPS: usize = 20;

const CONDITIONS: usize = 10;

const NAME_BYTES: usize = 256;

#[cfg(test)]
mod tests;
