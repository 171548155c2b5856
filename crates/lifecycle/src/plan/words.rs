//! Everything of a policy that is not a limit: names, who may choose it, what it costs.

use serde_json::{Map, Value};

use super::{PolicyBody, PolicyKind};
use crate::{
    Fault,
    draft::{fault, missing},
};

/// Who may choose a plan (WSO2 `permissions`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Who has one of these roles.
    Allow(Vec<String>),
    /// Who has none of these roles.
    Deny(Vec<String>),
}

impl Permission {
    /// Whether somebody with these roles may choose the plan. Whoever is signed in has the role
    /// `Internal/everyone`; whoever is not has none, and `None` stands for that.
    #[must_use]
    pub fn lets(&self, roles: Option<&[String]>) -> bool {
        let has = |role: &String| {
            roles.is_some_and(|roles| role == "Internal/everyone" || roles.contains(role))
        };
        match self {
            Self::Allow(wanted) => wanted.iter().any(has),
            Self::Deny(unwanted) => !unwanted.iter().any(has),
        }
    }
}

impl PolicyBody {
    /// Who may choose the plan; `None` is everyone.
    ///
    /// # Errors
    /// What is wrong with `permissions`.
    pub fn permission(&self) -> Result<Option<Permission>, Fault> {
        let Some(given) = &self.permissions else {
            return Ok(None);
        };
        unknown(given, "permissions", &["permissionType", "roles"])?;
        let make = match given.get("permissionType").and_then(Value::as_str) {
            Some("ALLOW") => Permission::Allow,
            Some("DENY") => Permission::Deny,
            _ => {
                return Err(fault(
                    "permissions.permissionType",
                    "is neither `ALLOW` nor `DENY`",
                ));
            }
        };
        let roles: Option<Vec<String>> = given.get("roles").and_then(Value::as_array).map(|all| {
            let texts = all.iter().filter_map(Value::as_str);
            texts.map(str::to_owned).collect()
        });
        match roles {
            Some(roles) if (1..=ROLES).contains(&roles.len()) => Ok(Some(make(roles))),
            _ => Err(fault(
                "permissions.roles",
                format!("is not a list of 1 to {ROLES} roles"),
            )),
        }
    }

    pub(super) fn word_faults(&self, kind: PolicyKind) -> Vec<Fault> {
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
        faults.extend(self.foreign(kind));
        faults.extend(self.commercial_faults());
        faults
    }

    /// What another kind of policy has and this one does not.
    fn foreign(&self, kind: PolicyKind) -> Vec<Fault> {
        use PolicyKind::{Advanced, Custom, Subscription};
        let groups = self.conditional_groups.as_ref();
        [
            (
                "conditionalGroups",
                Advanced,
                groups.is_some_and(|groups| !groups.is_empty()),
            ),
            ("perUser", Advanced, self.per_user.is_some()),
            ("concurrency", Subscription, self.concurrency.is_some()),
            (
                "graphQLMaxDepth",
                Subscription,
                self.graphql_max_depth.is_some(),
            ),
            (
                "graphQLMaxComplexity",
                Subscription,
                self.graphql_max_complexity.is_some(),
            ),
            ("permissions", Subscription, self.permissions.is_some()),
            ("keyTemplate", Custom, self.key_template.is_some()),
            ("siddhiQuery", Custom, self.siddhi_query.is_some()),
            ("condition", Custom, self.condition.is_some()),
        ]
        .into_iter()
        .filter(|(_, owner, is_given)| *is_given && *owner != kind)
        .map(|(place, owner, _)| {
            let help = format!("belongs to policies of the kind `{}`", owner.as_str());
            fault(place, help)
        })
        .collect()
    }

    fn commercial_faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if let Some(plan) = self.billing_plan.as_deref()
            && !["FREE", "COMMERCIAL"].contains(&plan)
        {
            faults.push(fault(
                "billingPlan",
                format!("`{plan}` is neither `FREE` nor `COMMERCIAL`"),
            ));
        }
        for (place, number) in [
            ("graphQLMaxComplexity", self.graphql_max_complexity),
            ("graphQLMaxDepth", self.graphql_max_depth),
            ("subscriberCount", self.subscriber_count),
        ] {
            if number.is_some_and(|number| !(0..=i64::from(i32::MAX)).contains(&number)) {
                faults.push(fault(place, "is not a whole number from 0 to 2147483647"));
            }
        }
        let attributes = self.custom_attributes.as_deref().unwrap_or_default();
        if attributes.len() > ATTRIBUTES {
            faults.push(fault(
                "customAttributes",
                format!("has more than {ATTRIBUTES} attributes"),
            ));
        }
        for (index, attribute) in attributes.iter().enumerate() {
            for (field, text) in [("name", &attribute.name), ("value", &attribute.value)] {
                if text.is_empty() || text.len() > ATTRIBUTE_BYTES {
                    faults.push(fault(
                        &format!("customAttributes[{index}].{field}"),
                        format!("is not 1 to {ATTRIBUTE_BYTES} bytes"),
                    ));
                }
            }
        }
        faults.extend(self.monetization_faults().err());
        faults
    }

    fn monetization_faults(&self) -> Result<(), Fault> {
        let Some(given) = &self.monetization else {
            return Ok(());
        };
        unknown(given, "monetization", &["monetizationPlan", "properties"])?;
        match given.get("monetizationPlan") {
            None | Some(Value::Null) => {}
            Some(Value::String(plan)) if ["FIXEDRATE", "DYNAMICRATE"].contains(&plan.as_str()) => {}
            Some(_) => {
                return Err(fault(
                    "monetization.monetizationPlan",
                    "is neither `FIXEDRATE` nor `DYNAMICRATE`",
                ));
            }
        }
        match given.get("properties") {
            Some(Value::Object(all)) if all.values().all(Value::is_string) => Ok(()),
            _ => Err(fault(
                "monetization.properties",
                "is not an object whose values are texts",
            )),
        }
    }
}

fn unknown(given: &Map<String, Value>, place: &str, known: &[&str]) -> Result<(), Fault> {
    match given.keys().find(|key| !known.contains(&key.as_str())) {
        None => Ok(()),
        Some(key) => Err(fault(
            &format!("{place}.{key}"),
            format!("unknown property `{key}`"),
        )),
    }
}

fn is_policy_name(name: &str) -> bool {
    (1..=60).contains(&name.len())
        && name
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "-_.".contains(character))
}

const ROLES: usize = 50;

const ATTRIBUTES: usize = 50;

const ATTRIBUTE_BYTES: usize = 1_024;
