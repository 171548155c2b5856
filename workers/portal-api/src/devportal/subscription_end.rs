//! The end of a subscription, at once or once somebody has agreed.

use runtime::{
    Outcome,
    db::{Statement, sql},
    reply,
};
use serde_json::json;
use worker::Response;

use super::application_row;
use crate::{
    apis::{row, write},
    call::Call,
    etag,
    subscriptions::{self, SubscriptionRow},
    workflows::{self, Step, Waits},
};

/// `DELETE /subscriptions/{subscriptionId}`
pub(crate) async fn delete(call: &Call) -> Outcome<Response> {
    let row = subscriptions::find(call, call.path("subscriptionId")).await?;
    etag::require_match(call, row.updated_at)?;
    let is_in_force = !matches!(row.status.as_str(), "ON_HOLD" | "REJECTED");
    match workflows::waits(call, Step::SubscriptionDeletion).await? {
        Some(waits) if is_in_force => ask_deletion(call, &row, &waits).await,
        _ => {
            call.db.batch(removal(call, &row.id)?).await?;
            reply::empty(200)
        }
    }
}

/// Has somebody asked whether the subscription may be deleted: 202, as WSO2 says it.
async fn ask_deletion(call: &Call, row: &SubscriptionRow, waits: &Waits) -> Outcome<Response> {
    let api = row::find(call, &row.api_id).await?;
    let application = application_row::find(call, &row.application_id).await?;
    let about = json!({
        "apiName": api.name, "apiVersion": api.version, "applicationName": application.name,
        "subscriber": call.user()?, "subscriptionTier": row.plan,
    });
    let what = format!(
        "`{}` wants to end the subscription of `{}` to `{}`",
        call.user()?,
        application.name,
        api.name
    );
    let action = ("subscription.ask-deletion", row.id.as_str());
    let asking = waits.ask_anew(call, row.unchanged(), action, (&what, &about))?;
    workflows::accepted(call, asking).await
}

/// The statements that delete a subscription, whoever has the right to.
pub(crate) fn removal(call: &Call, subscription: &str) -> Outcome<Vec<Statement>> {
    Ok(vec![
        workflows::withdraw(subscription),
        sql("INSERT INTO outbox (writer, topic, subject, created_at) \
             SELECT 'portal-api', 'application', application_id, ? FROM subscription WHERE id = ?")
        .bind(call.now)
        .bind(subscription),
        sql("DELETE FROM subscription WHERE id = ?").bind(subscription),
        write::audit(call, "subscription.delete", subscription)?,
    ])
}
