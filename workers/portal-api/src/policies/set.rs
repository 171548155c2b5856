//! Every policy as gateways hold it.

use lifecycle::{Fault, PolicyKind, deny};
use model::{DenyRule, PolicySet, SCHEMA_VERSION, Timestamp};
use runtime::{Db, Failure, Outcome, db::sql};
use serde::Deserialize;

use super::{COLUMNS, PolicyRow};

/// Everything that gateways hold of an organization's policies, in an order that only changes with what it holds.
pub(crate) async fn set(db: &Db, organization: &str) -> Outcome<PolicySet> {
    let rows: Vec<PolicyRow> = db
        .all(
            sql(format!(
                "SELECT {COLUMNS} FROM throttle_policy WHERE organization = ? ORDER BY kind, name"
            ))
            .bind(organization),
        )
        .await?;
    let mut set = PolicySet {
        schema: SCHEMA_VERSION,
        deny: denials(db, organization).await?,
        ..PolicySet::default()
    };
    for row in rows {
        put(&mut set, &row)?;
    }
    Ok(set)
}

fn put(set: &mut PolicySet, row: &PolicyRow) -> Outcome<()> {
    let body = row.body()?;
    let bad = |fault: Fault| {
        Failure::Internal(format!(
            "policy {}: {} {}",
            row.name, fault.place, fault.message
        ))
    };
    let name = row.name.clone();
    match PolicyKind::parse(&row.kind) {
        Some(PolicyKind::Subscription) => {
            set.subscription
                .insert(name, body.subscription().map_err(bad)?);
        }
        Some(PolicyKind::Application) => {
            set.application
                .insert(name, body.application().map_err(bad)?);
        }
        Some(PolicyKind::Advanced) => {
            set.advanced.insert(name, body.advanced().map_err(bad)?);
        }
        Some(PolicyKind::Custom) => set.custom.push(body.custom(&name).map_err(bad)?),
        None => {}
    }
    Ok(())
}

/// The deny policies that are switched on.
async fn denials(db: &Db, organization: &str) -> Outcome<Vec<DenyRule>> {
    #[derive(Deserialize)]
    struct Row {
        kind: String,
        value: String,
        expires_at: Option<i64>,
        reason: String,
    }
    let rows: Vec<Row> = db
        .all(
            sql("SELECT kind, value, expires_at, reason FROM deny_policy \
                 WHERE organization = ? AND active = 1 ORDER BY created_at, id")
            .bind(organization),
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            let value = serde_json::from_str(&row.value)?;
            let denial = deny::denial(&row.kind, &value)
                .map_err(|fault| Failure::Internal(format!("deny policy: {}", fault.message)))?;
            Ok(DenyRule {
                target: denial.target,
                until: row.expires_at.map(Timestamp),
                reason: Some(row.reason).filter(|reason| !reason.is_empty()),
            })
        })
        .collect()
}
