//! Throttle policies as rows: names that drafts may use, shapes for the portals, and the set that gateways hold.

mod set;

use lifecycle::{
    Draft, Fault, PolicyKind,
    plan::{PolicyBody, Quantity},
};
use runtime::{Failure, Outcome, db::sql};
use serde::Deserialize;
use serde_json::{Value, json};

pub(crate) use self::set::set;
use crate::call::Call;

/// A row of `throttle_policy`.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct PolicyRow {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) display_name: String,
    pub(crate) description: String,
    pub(crate) body: String,
    pub(crate) generation: i64,
}

impl PolicyRow {
    pub(crate) fn body(&self) -> Outcome<PolicyBody> {
        Ok(serde_json::from_str(&self.body)?)
    }

    /// Whether the caller may choose this plan.
    pub(crate) fn is_for(&self, call: &Call) -> Outcome<bool> {
        let permission = self.body()?.permission().map_err(|fault| {
            Failure::Internal(format!("policy {}: {}", self.name, fault.message))
        })?;
        let roles = call
            .principal
            .as_ref()
            .map(|principal| principal.roles.as_slice());
        Ok(permission.is_none_or(|permission| permission.lets(roles)))
    }
}

/// Every policy of a kind, by name.
pub(crate) async fn all(call: &Call, kind: PolicyKind) -> Outcome<Vec<PolicyRow>> {
    call.db
        .all(
            sql(format!("SELECT {COLUMNS} FROM throttle_policy WHERE organization = ? AND kind = ? ORDER BY name"))
                .bind(call.organization())
                .bind(kind.as_str()),
        )
        .await
}

/// The policy of that kind and name.
pub(crate) async fn by_name(call: &Call, kind: PolicyKind, name: &str) -> Outcome<PolicyRow> {
    call.db
        .first(
            sql(format!("SELECT {COLUMNS} FROM throttle_policy WHERE organization = ? AND kind = ? AND name = ?"))
                .bind(call.organization())
                .bind(kind.as_str())
                .bind(name),
        )
        .await?
        .ok_or_else(|| Failure::code("900961"))
}

/// The policy of that id, of whatever kind.
pub(crate) async fn by_id(call: &Call, id: &str) -> Outcome<PolicyRow> {
    call.db
        .first(
            sql(format!(
                "SELECT {COLUMNS} FROM throttle_policy WHERE id = ? AND organization = ?"
            ))
            .bind(id)
            .bind(call.organization()),
        )
        .await?
        .ok_or_else(|| Failure::code("900961"))
}

/// What of a draft names a policy that there is not.
pub(crate) async fn unknown(call: &Call, draft: &Draft) -> Outcome<Vec<Fault>> {
    let plans = names(call, PolicyKind::Subscription).await?;
    let advanced = names(call, PolicyKind::Advanced).await?;
    let mut faults = Vec::new();
    let mut look = |known: &[String], place: String, name: &str, what: &str| {
        if !name.is_empty() && !known.iter().any(|other| other == name) {
            faults.push(Fault {
                place,
                message: format!("there is no {what} `{name}`"),
            });
        }
    };
    for plan in draft.policies.iter().flatten() {
        look(&plans, "policies".to_owned(), plan, "subscription policy");
    }
    let whole = draft.api_throttling_policy.as_deref().unwrap_or_default();
    look(
        &advanced,
        "apiThrottlingPolicy".to_owned(),
        whole,
        "advanced policy",
    );
    for (index, operation) in draft.operations.iter().flatten().enumerate() {
        let name = operation.throttling_policy.as_deref().unwrap_or_default();
        look(
            &advanced,
            format!("operations[{index}].throttlingPolicy"),
            name,
            "advanced policy",
        );
    }
    Ok(faults)
}

/// The names of a kind.
pub(crate) async fn names(call: &Call, kind: PolicyKind) -> Outcome<Vec<String>> {
    Ok(all(call, kind)
        .await?
        .into_iter()
        .map(|row| row.name)
        .collect())
}

/// Refuses the name of a policy that there is not.
pub(crate) async fn require(call: &Call, kind: PolicyKind, place: &str, name: &str) -> Outcome<()> {
    if names(call, kind).await?.iter().any(|known| known == name) {
        return Ok(());
    }
    Err(crate::refusal::one(
        "900305",
        place,
        format!("there is no {} policy `{name}`", kind.as_str()),
    ))
}

/// The policies that portals offer for choice. Those that the platform applies by itself are left out, and so are plans
/// for streams and AI quotas, which an API of requests cannot keep; `isAiApi=true` asks for the AI ones instead.
pub(crate) async fn offered(
    call: &Call,
    kind: PolicyKind,
    audience: Audience,
) -> Outcome<Vec<Value>> {
    let wanted: &[&str] = if call.flag("isAiApi")? {
        &["AIAPIQUOTALIMIT"]
    } else {
        &["REQUESTCOUNTLIMIT", "BANDWIDTHLIMIT"]
    };
    let mut offered = Vec::new();
    for row in all(call, kind).await? {
        if audience == Audience::Consumers && !row.is_for(call)? {
            continue;
        }
        let limit = row.body()?.default_limit.unwrap_or_default();
        if wanted.contains(&limit.kind.as_str()) && !HIDDEN.contains(&row.name.as_str()) {
            offered.push(shown(&row)?);
        }
    }
    Ok(offered)
}

/// Who chooses among policies: publishers offer every plan, consumers see those that their roles let them have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    Publishers,
    Consumers,
}

/// A policy as publishers and consumers see it.
pub(crate) fn shown(row: &PolicyRow) -> Outcome<Value> {
    let body = row.body()?;
    let limit = body.default_limit.clone().unwrap_or_default();
    let (kind, quantity) = match limit.kind.as_str() {
        "BANDWIDTHLIMIT" => (Some("BANDWIDTHVOLUME"), limit.bandwidth),
        // The peer has no word for these here.
        "EVENTCOUNTLIMIT" => (None, limit.event_count),
        "AIAPIQUOTALIMIT" => (Some("AIAPIQUOTA"), limit.ai_api_quota),
        _ => (Some("REQUESTCOUNT"), limit.request_count),
    };
    let quantity = quantity.unwrap_or_default();
    Ok(lifecycle::defaults::without_nulls(json!({
        "name": row.name,
        "displayName": row.display_name,
        "description": row.description,
        "policyLevel": if row.kind == "advanced" { "api" } else { row.kind.as_str() },
        "attributes": {},
        "requestCount": count(&quantity),
        "dataUnit": quantity.data_unit,
        "totalTokenCount": quantity.total_token_count,
        "unitTime": quantity.unit_time.unwrap_or(1),
        "timeUnit": quantity.time_unit,
        "rateLimitCount": body.rate_limit_count.unwrap_or(0),
        "rateLimitTimeUnit": body.rate_limit_time_unit,
        "quotaPolicyType": kind,
        "monetizationAttributes": attributes(&body),
        "tierPlan": body.billing_plan.as_deref().unwrap_or("FREE"),
        "stopOnQuotaReach": body.stop_on_quota_reach.unwrap_or(true),
    })))
}

/// WSO2's words for a price; none for a plan without one.
fn attributes(body: &PolicyBody) -> Option<Value> {
    let monetization = body.monetization.as_ref()?;
    let properties = monetization.get("properties")?;
    let dynamic = monetization.get("monetizationPlan")?.as_str() == Some("DYNAMICRATE");
    Some(json!({
        "billingType": if dynamic { "dynamicRate" } else { "fixedPrice" },
        "billingCycle": properties.get("billingCycle").and_then(Value::as_str).unwrap_or("month"),
        "currencyType": properties.get("currencyType"),
        "fixedPrice": properties.get("fixedPrice"),
        "pricePerRequest": properties.get("pricePerRequest"),
    }))
}

fn count(quantity: &Quantity) -> i64 {
    quantity
        .request_count
        .or(quantity.data_amount)
        .or(quantity.event_count)
        .unwrap_or_default()
}

/// What [`PolicyRow`] reads.
pub(crate) const COLUMNS: &str = "id, kind, name, display_name, description, body, generation";

/// Applied by the platform where nobody chose.
const HIDDEN: &[&str] = &[
    "Unauthenticated",
    "DefaultSubscriptionless",
    "AsyncDefaultSubscriptionless",
];
