//! What clients and archives say of an application.

use lifecycle::{Fault, PolicyKind};
use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
};
use serde::Deserialize;
use serde_json::{Map, json};

use super::{
    application_row::{ApplicationRow, is_everybodys},
    application_wishes::Change,
};
use crate::{
    apis::write,
    call::Call,
    deployments::note,
    policies, refusal, tenant,
    workflows::{self, Step},
};

/// WSO2's `Application` as clients send it; what the platform says of it is only read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
pub(super) struct Body {
    name: String,
    throttling_policy: String,
    description: Option<String>,
    token_type: Option<String>,
    attributes: Option<Map<String, serde_json::Value>>,
    groups: Option<Vec<String>>,
    visibility: Option<String>,
    #[serde(rename = "applicationId")]
    _id: Option<String>,
    #[serde(rename = "status")]
    _status: Option<String>,
    #[serde(rename = "subscriptionCount")]
    _subscriptions: Option<i64>,
    #[serde(rename = "keys")]
    _keys: Option<serde_json::Value>,
    #[serde(rename = "subscriptionScopes")]
    _scopes: Option<serde_json::Value>,
    owner: Option<String>,
    #[serde(rename = "hashEnabled")]
    _hashed: Option<bool>,
    #[serde(rename = "createdTime")]
    _created: Option<String>,
    #[serde(rename = "updatedTime")]
    _updated: Option<String>,
}

impl Body {
    /// What it is called.
    pub(super) fn name(&self) -> &str {
        self.name.trim()
    }

    /// Whose it is, as far as archives say.
    pub(super) fn owner(&self) -> Option<&str> {
        self.owner.as_deref()
    }

    /// The statements that make it an application of that id, and have an administrator asked where one decides.
    pub(super) async fn insert(
        &self,
        call: &Call,
        application: &str,
        owner: &str,
    ) -> Outcome<Vec<Statement>> {
        let waits = workflows::waits(call, Step::NewApplication).await?;
        let nothing = Map::new();
        let mut statements = vec![
            sql("INSERT INTO application (id, organization, owner, name, policy, description, token_type, attributes, \
                 groups, status, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(application)
            .bind(call.organization())
            .bind(owner)
            .bind(self.name())
            .bind(&self.throttling_policy)
            .bind(self.description.clone().unwrap_or_default())
            .bind(self.token_type.as_deref().unwrap_or("JWT"))
            .bind(json!(self.attributes.as_ref().unwrap_or(&nothing)).to_string())
            .bind(json!(self.groups.as_deref().unwrap_or_default()).to_string())
            .bind(if waits.is_some() { "CREATED" } else { "APPROVED" })
            .bind(call.now)
            .bind(call.now),
            note("application", application, call),
            write::audit(call, "application.create", application)?,
        ];
        if let Some(waits) = waits {
            let about = json!({
                "applicationName": self.name(), "userName": owner, "applicationTier": self.throttling_policy,
            });
            let what = format!("`{owner}` wants an application `{}`", self.name());
            statements.extend(waits.ask(call, application, (&what, &about))?);
        }
        Ok(statements)
    }

    /// What an application of that row is to become.
    fn change(&self, row: &ApplicationRow) -> Change {
        let attributes = self.attributes.as_ref();
        let groups = self.groups.as_ref();
        Change {
            name: self.name().to_owned(),
            throttling_policy: self.throttling_policy.clone(),
            description: self.description.clone().unwrap_or_default(),
            token_type: self
                .token_type
                .clone()
                .unwrap_or_else(|| row.token_type.clone()),
            attributes: attributes
                .map_or_else(|| row.attributes.clone(), |given| json!(given).to_string()),
            groups: groups.map_or_else(|| row.groups.clone(), |given| json!(given).to_string()),
        }
    }

    /// The statements that change an application, or have somebody asked where one decides; not if it was changed since it
    /// was read.
    pub(super) async fn update(
        &self,
        call: &Call,
        row: &ApplicationRow,
    ) -> Outcome<Vec<Statement>> {
        if let Some(waits) = workflows::waits(call, Step::ApplicationUpdate).await? {
            return self.change(row).ask(call, row, &waits);
        }
        let mut statements = vec![row.unchanged()];
        statements.extend(self.change(row).statements(call, &row.id)?);
        Ok(statements)
    }

    pub(super) async fn check(&self, call: &Call) -> Outcome<()> {
        refusal::unless_empty("400", self.faults())?;
        let (config, _) = tenant::read(call).await?;
        let nothing = Map::new();
        let said = self.attributes.as_ref().unwrap_or(&nothing);
        refusal::unless_empty("900970", config.missing(said))?;
        refusal::unless_empty("400", self.group_faults(call))?;
        policies::require(
            call,
            PolicyKind::Application,
            "throttlingPolicy",
            &self.throttling_policy,
        )
        .await
    }

    /// Whoever shares an application belongs to those whom it is shared with.
    fn group_faults(&self, call: &Call) -> Vec<Fault> {
        let held = |group: &String| {
            call.principal
                .as_ref()
                .is_some_and(|principal| principal.roles.contains(group))
        };
        self.groups
            .iter()
            .flatten()
            .enumerate()
            .filter(|(_, group)| is_everybodys(group) || !held(group))
            .map(|(index, group)| Fault {
                place: format!("groups[{index}]"),
                message: format!("`{group}` is no role of yours that could share an application"),
            })
            .collect()
    }

    /// Whom an application is shared with is its owner's to say.
    pub(super) fn keep_groups_to_owner(&self, call: &Call, row: &ApplicationRow) -> Outcome<()> {
        let before: Vec<String> = serde_json::from_str(&row.groups)?;
        let is_same = self.groups.as_ref().is_none_or(|given| *given == before);
        if is_same || row.owner == call.user()? {
            return Ok(());
        }
        Err(Failure::because(
            "900332",
            "whom an application is shared with is its owner's to say",
        ))
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut add = |place: &str, message: &str| {
            faults.push(Fault {
                place: place.to_owned(),
                message: message.to_owned(),
            });
        };
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
            add(
                "name",
                "is not 1 to 100 characters without control characters",
            );
        }
        if self
            .description
            .as_ref()
            .is_some_and(|text| text.chars().count() > 512)
        {
            add("description", "is longer than 512 characters");
        }
        if self
            .token_type
            .as_deref()
            .is_some_and(|kind| !["JWT", "OAUTH"].contains(&kind))
        {
            add("tokenType", "is neither `JWT` nor `OAUTH`");
        }
        if self
            .visibility
            .as_deref()
            .is_some_and(|word| word != "PRIVATE")
        {
            add(
                "visibility",
                "is not `PRIVATE`; share the application with `groups` instead",
            );
        }
        if json!(self.attributes).to_string().len() > ATTRIBUTES_LIMIT {
            add("attributes", "is longer than 16 KiB");
        }
        faults
    }
}

const ATTRIBUTES_LIMIT: usize = 16 * 1024;
