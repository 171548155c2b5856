//! Changes and deletions of applications that wait for somebody's decision: what is asked, and what it does once approved.

use lifecycle::PolicyKind;
use runtime::{
    Outcome,
    db::{Statement, sql},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use worker::Response;

use super::application_row::ApplicationRow;
use crate::{
    apis::write,
    call::Call,
    deployments::note,
    policies,
    workflows::{self, Waits},
};

/// What an application is to become: everything that its owner may change. JSON where a column has JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Change {
    pub(crate) name: String,
    pub(crate) throttling_policy: String,
    pub(crate) description: String,
    pub(crate) token_type: String,
    pub(crate) attributes: String,
    pub(crate) groups: String,
}

impl Change {
    /// The statements that carry it out.
    pub(crate) fn statements(&self, call: &Call, application: &str) -> Outcome<Vec<Statement>> {
        Ok(vec![
            sql("UPDATE application SET name = ?, policy = ?, description = ?, token_type = ?, attributes = ?, groups = ?, \
                 generation = generation + 1, updated_at = ? WHERE id = ?")
            .bind(&self.name)
            .bind(&self.throttling_policy)
            .bind(&self.description)
            .bind(&self.token_type)
            .bind(&self.attributes)
            .bind(&self.groups)
            .bind(call.now)
            .bind(application),
            note("application", application, call),
            write::audit(call, "application.update", application)?,
        ])
    }

    /// The statements that have somebody asked for it instead. What was asked before, and not decided, is asked no more.
    pub(crate) fn ask(
        &self,
        call: &Call,
        row: &ApplicationRow,
        waits: &Waits,
    ) -> Outcome<Vec<Statement>> {
        let about = json!({"applicationName": row.name, "userName": call.user()?, "applicationTier": row.policy, "change": self});
        let what = format!(
            "`{}` wants to change the application `{}`",
            call.user()?,
            row.name
        );
        let action = ("application.ask-update", row.id.as_str());
        waits.ask_anew(call, row.unchanged(), action, (&what, &about))
    }
}

/// Has somebody asked whether the application may be deleted: 202, as WSO2 says it.
pub(crate) async fn ask_deletion(
    call: &Call,
    row: &ApplicationRow,
    waits: &Waits,
) -> Outcome<Response> {
    let about = json!({"applicationName": row.name, "userName": call.user()?, "applicationTier": row.policy});
    let what = format!(
        "`{}` wants to delete the application `{}`",
        call.user()?,
        row.name
    );
    let action = ("application.ask-deletion", row.id.as_str());
    let asking = waits.ask_anew(call, row.unchanged(), action, (&what, &about))?;
    workflows::accepted(call, asking).await
}

/// The statements of a change that is approved now; refuses one whose plan is gone.
pub(crate) async fn approved(
    call: &Call,
    application: &str,
    properties: &Value,
) -> Outcome<Vec<Statement>> {
    #[derive(Deserialize)]
    struct Asked {
        change: Change,
    }
    let asked: Asked = serde_json::from_value(properties.clone())?;
    policies::by_name(
        call,
        PolicyKind::Application,
        &asked.change.throttling_policy,
    )
    .await?;
    asked.change.statements(call, application)
}
