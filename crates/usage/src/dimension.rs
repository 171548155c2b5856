//! What calls are told apart by, and the series that statistics are kept in: one for each combination that occurred.

use model::{ApiId, ApplicationId, KeyType};
use serde::{Deserialize, Serialize};

use crate::{ErrorType, Event, agent_family};

/// What rows can be told apart by, and narrowed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Dimension {
    /// The API's id; empty for calls that met none.
    Api,
    /// The application's id; empty for calls without one.
    Application,
    /// Method and template.
    Operation,
    /// Name of the subscription's plan.
    Plan,
    /// `PRODUCTION` or `SANDBOX`.
    KeyType,
    /// The gateway's environment.
    Environment,
    /// The status that clients got.
    Status,
    /// `2xx`, `4xx`, ...
    StatusClass,
    /// The fault code; `0` when the upstream answered.
    Error,
    /// The kind of the fault; empty when the upstream answered.
    ErrorType,
    /// ISO 3166 code of the client's country.
    Country,
    /// Family of the program that called.
    Agent,
    /// Name of the limit that refused.
    Limit,
}

impl Dimension {
    /// All of them, in the order of their words.
    pub const ALL: [Self; 13] = [
        Self::Api,
        Self::Application,
        Self::Operation,
        Self::Plan,
        Self::KeyType,
        Self::Environment,
        Self::Status,
        Self::StatusClass,
        Self::Error,
        Self::ErrorType,
        Self::Country,
        Self::Agent,
        Self::Limit,
    ];
}

/// What a row counts. What was not known is empty: a call that was refused before its API or application was.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Series {
    /// The API.
    pub api: ApiId,
    /// The application.
    pub application: ApplicationId,
    /// Method and template, for example `GET /pet/{petId}`; only the method when no operation was matched.
    pub operation: String,
    /// Name of the plan.
    pub plan: String,
    /// `PRODUCTION` or `SANDBOX`.
    pub key_type: String,
    /// The gateway's environment.
    pub environment: String,
    /// Status that clients got.
    pub status: u16,
    /// Fault code; 0 when the upstream answered.
    pub error: u32,
    /// The client's country.
    pub country: String,
    /// Family of the program that called.
    pub agent: String,
    /// Name of the limit that refused.
    pub limit: String,
}

impl Series {
    /// The series that an event counts for.
    #[must_use]
    pub fn of(event: &Event) -> Self {
        let text = |known: Option<&str>| clean(known.unwrap_or_default());
        let operation = match &event.template {
            Some(template) => format!("{} {template}", event.method),
            None => event.method.clone(),
        };
        Self {
            api: event
                .api
                .as_ref()
                .map(|it| it.id.clone())
                .unwrap_or_default(),
            application: event
                .application
                .as_ref()
                .map(|it| it.id.clone())
                .unwrap_or_default(),
            operation: clean(&operation),
            plan: text(event.plan.as_deref()),
            key_type: event.key_type.map_or("", KeyType::as_str).to_owned(),
            environment: clean(&event.environment),
            status: event.status,
            error: event.fault.as_ref().map_or(0, |fault| fault.code),
            country: text(event.country.as_deref()),
            agent: agent_family(event.user_agent.as_deref().unwrap_or_default()).to_owned(),
            limit: text(event.details.limit.as_deref()),
        }
    }

    /// WSO2's word for the kind of its fault; empty for none.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        if self.error == 0 {
            ""
        } else {
            ErrorType::of(self.error).as_str()
        }
    }

    /// What the series is in a dimension.
    #[must_use]
    pub fn value(&self, dimension: Dimension) -> String {
        match dimension {
            Dimension::Api => self.api.0.clone(),
            Dimension::Application => self.application.0.clone(),
            Dimension::Operation => self.operation.clone(),
            Dimension::Plan => self.plan.clone(),
            Dimension::KeyType => self.key_type.clone(),
            Dimension::Environment => self.environment.clone(),
            Dimension::Status => self.status.to_string(),
            Dimension::StatusClass => format!("{}xx", self.status / 100),
            Dimension::Error => self.error.to_string(),
            Dimension::ErrorType => self.kind().to_owned(),
            Dimension::Country => self.country.clone(),
            Dimension::Agent => self.agent.clone(),
            Dimension::Limit => self.limit.clone(),
        }
    }
}

/// Without control letters, which separate the fields of stored lines, and no longer than a row should be.
fn clean(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_control())
        .take(MOST_LETTERS)
        .collect()
}

const MOST_LETTERS: usize = 400;
