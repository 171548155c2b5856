//! What the owner of an API does with single subscriptions beside blocking them.

use lifecycle::PolicyKind;
use runtime::{Failure, Outcome, db::sql, reply};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use crate::{
    apis::{row, write},
    call::Call,
    deployments::note,
    policies, refusal,
};

/// `POST /subscriptions/change-business-plan?subscriptionId=&businessPlan=`
pub(crate) async fn change(call: &Call) -> Outcome<Response> {
    let known = find(call, call.required("subscriptionId")?).await?;
    let plan = call.required("businessPlan")?;
    policies::require(call, PolicyKind::Subscription, "businessPlan", plan).await?;
    let api = row::find(call, &known.api_id).await?;
    let card = api.card();
    let is_offered = card
        .get("policies")
        .and_then(Value::as_array)
        .is_some_and(|plans| plans.iter().any(|offered| offered.as_str() == Some(plan)));
    if !is_offered {
        return Err(refusal::one(
            "902018",
            "businessPlan",
            format!("the API does not offer `{plan}`"),
        ));
    }
    let statements = vec![
        sql("UPDATE subscription SET plan = ?, requested_plan = ?, updated_at = max(?, updated_at + 1) WHERE id = ?")
            .bind(plan)
            .bind(plan)
            .bind(call.now)
            .bind(&known.id),
        note("application", &known.application_id, call),
        write::audit(call, "subscription.change-plan", &known.id)?,
    ];
    call.db.batch(statements).await?;
    reply::empty(200)
}

/// `GET /subscriptions/{subscriptionId}/subscriber-info`
pub(crate) async fn subscriber(call: &Call) -> Outcome<Response> {
    #[derive(Deserialize)]
    struct Person {
        username: String,
        email: Option<String>,
        display_name: Option<String>,
    }
    let known = find(call, call.path("subscriptionId")).await?;
    let person: Option<Person> = call
        .db
        .first(
            sql("SELECT username, email, display_name FROM user WHERE organization = ? AND username = ?")
                .bind(call.organization())
                .bind(&known.owner),
        )
        .await?;
    let claims: Vec<Value> = person
        .iter()
        .flat_map(|person| {
            [
                (
                    "Username",
                    "http://wso2.org/claims/username",
                    Some(&person.username),
                ),
                (
                    "Email",
                    "http://wso2.org/claims/emailaddress",
                    person.email.as_ref(),
                ),
                (
                    "Full Name",
                    "http://wso2.org/claims/fullname",
                    person.display_name.as_ref(),
                ),
            ]
        })
        .filter_map(|(name, uri, value)| Some(json!({"name": name, "uri": uri, "value": value?})))
        .collect();
    reply::json(200, &json!({"name": known.owner, "claims": claims}))
}

async fn find(call: &Call, id: &str) -> Outcome<Known> {
    call.db
        .first(
            sql("SELECT subscription.id, application_id, api_id, application.owner FROM subscription \
                 JOIN application ON application.id = subscription.application_id \
                 WHERE subscription.id = ? AND subscription.organization = ?")
            .bind(id)
            .bind(call.organization()),
        )
        .await?
        .ok_or_else(|| Failure::code("900310"))
}

#[derive(Deserialize)]
struct Known {
    id: String,
    application_id: String,
    api_id: String,
    owner: String,
}
