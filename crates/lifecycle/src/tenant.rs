//! How an organization is set up: what waits for an administrator, what applications have to say of themselves, and its look.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Fault, theme::Theme};

/// The peer's tenant configuration, as far as it has an effect here. What is left out has its default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    rename_all = "PascalCase",
    deny_unknown_fields,
    default,
    expecting = "an object"
)]
pub struct TenantConfig {
    /// What waits for an administrator.
    pub workflows: Workflows,
    /// What applications say of themselves.
    pub application_attributes: Vec<Attribute>,
    /// How the Developer Portal looks.
    pub theme: Theme,
}

/// Who decides about each step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    rename_all = "PascalCase",
    deny_unknown_fields,
    default,
    expecting = "an object"
)]
pub struct Workflows {
    /// A new application.
    pub application_creation: Executor,
    /// Another name, plan or description for an application.
    pub application_update: Executor,
    /// An application that is to go.
    pub application_deletion: Executor,
    /// Keys of an application for production.
    pub production_application_registration: Executor,
    /// The same for tests.
    pub sandbox_application_registration: Executor,
    /// A new subscription.
    pub subscription_creation: Executor,
    /// Another plan for a subscription.
    pub subscription_update: Executor,
    /// A subscription that is to go.
    pub subscription_deletion: Executor,
    /// A step in the lifecycle of an API.
    pub api_state: Executor,
    /// The same of an API product.
    pub api_product_state: Executor,
    /// A revision that is to run in an environment.
    pub revision_deployment: Executor,
    /// Id of the webhook that is told of what waits for somebody outside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook: Option<String>,
}

impl Workflows {
    /// Whether a step waits for somebody outside.
    #[must_use]
    pub fn calls_out(&self) -> bool {
        [
            self.application_creation,
            self.application_update,
            self.application_deletion,
            self.production_application_registration,
            self.sandbox_application_registration,
            self.subscription_creation,
            self.subscription_update,
            self.subscription_deletion,
            self.api_state,
            self.api_product_state,
            self.revision_deployment,
        ]
        .contains(&Executor::Http)
    }
}

/// Who decides about a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Executor {
    /// Nobody: it is done at once.
    #[default]
    Automatic,
    /// An administrator.
    Approval,
    /// Somebody outside, who is told by the webhook and answers by the administrators' API; an administrator may too.
    Http,
}

/// Something that applications may or must say of themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
pub struct Attribute {
    /// Its name.
    pub attribute: String,
    /// For people.
    #[serde(default)]
    pub description: String,
    /// Whether an application without it is refused.
    #[serde(default)]
    pub required: bool,
    /// Whether forms leave it out.
    #[serde(default)]
    pub hidden: bool,
}

impl TenantConfig {
    /// What is wrong with it.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = self.theme.faults();
        if self.workflows.calls_out() && self.workflows.webhook.is_none() {
            faults.push(Fault {
                place: "Workflows.Webhook".to_owned(),
                message: "is missing; `HTTP` needs the id of a webhook that is told".to_owned(),
            });
        }
        for (index, one) in self.application_attributes.iter().enumerate() {
            let place = format!("ApplicationAttributes[{index}].attribute");
            let length = one.attribute.chars().count();
            if !(1..=100).contains(&length) || one.attribute.chars().any(char::is_control) {
                faults.push(Fault {
                    place,
                    message: "is not 1 to 100 characters without control characters".to_owned(),
                });
            } else if self
                .application_attributes
                .iter()
                .take(index)
                .any(|other| other.attribute == one.attribute)
            {
                faults.push(Fault {
                    place,
                    message: format!("`{}` is there twice", one.attribute),
                });
            } else if one.required && one.hidden {
                faults.push(Fault {
                    place: format!("ApplicationAttributes[{index}].hidden"),
                    message: "what is required cannot be hidden".to_owned(),
                });
            }
        }
        if self.application_attributes.len() > ATTRIBUTES {
            faults.push(Fault {
                place: "ApplicationAttributes".to_owned(),
                message: format!("has more than {ATTRIBUTES} of them"),
            });
        }
        faults
    }

    /// The required attributes that an application does not have.
    #[must_use]
    pub fn missing(&self, attributes: &Map<String, Value>) -> Vec<Fault> {
        self.application_attributes
            .iter()
            .filter(|one| one.required && !is_said(attributes.get(&one.attribute)))
            .map(|one| Fault {
                place: format!("attributes.{}", one.attribute),
                message: "is missing; applications of this organization need it".to_owned(),
            })
            .collect()
    }
}

fn is_said(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => false,
        Some(Value::String(text)) => !text.trim().is_empty(),
        Some(_) => true,
    }
}

/// More than any form should ask.
const ATTRIBUTES: usize = 50;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn config(value: Value) -> TenantConfig {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn everything_is_automatic_unless_said() {
        let config = config(json!({"Workflows": {"ApplicationCreation": "APPROVAL"}}));
        assert_eq!(config.workflows.application_creation, Executor::Approval);
        assert_eq!(config.workflows.subscription_creation, Executor::Automatic);
        assert!(serde_json::from_value::<TenantConfig>(json!({"Workflow": {}})).is_err());
    }

    #[test]
    fn who_decides_outside_has_to_be_told() {
        for (workflows, faults) in [
            (json!({"ApiState": "HTTP"}), 1),
            (json!({"ApiState": "HTTP", "Webhook": "7"}), 0),
            (json!({"ApiState": "APPROVAL"}), 0),
            (json!({"ApplicationUpdate": "HTTP"}), 1),
            (json!({"ApplicationDeletion": "HTTP"}), 1),
            (json!({"SubscriptionDeletion": "HTTP"}), 1),
            (json!({"ProductionApplicationRegistration": "HTTP"}), 1),
            (json!({"SandboxApplicationRegistration": "HTTP"}), 1),
        ] {
            let config = config(json!({"Workflows": workflows}));
            assert_eq!(config.faults().len(), faults, "{workflows}");
        }
    }

    #[test]
    fn required_attributes_are_asked_for() {
        let config = config(
            json!({"ApplicationAttributes": [{"attribute": "Cost centre", "required": true}, {"attribute": "Notes"}]}),
        );
        let missing = |attributes: Value| config.missing(attributes.as_object().unwrap()).len();
        assert_eq!(missing(json!({})), 1);
        assert_eq!(missing(json!({"Cost centre": " "})), 1);
        assert_eq!(missing(json!({"Cost centre": "7"})), 0);
    }

    #[test]
    fn faults_of_attributes_are_named() {
        for (attributes, expected) in [
            (json!([{"attribute": "A"}, {"attribute": "A"}]), 1),
            (json!([{"attribute": ""}]), 1),
            (
                json!([{"attribute": "A", "required": true, "hidden": true}]),
                1,
            ),
            (json!([{"attribute": "A"}, {"attribute": "B"}]), 0),
        ] {
            let config = config(json!({"ApplicationAttributes": attributes}));
            assert_eq!(config.faults().len(), expected, "{attributes}");
        }
    }
}
