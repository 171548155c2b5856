//! The organization's configuration, as handlers ask for it.

use lifecycle::tenant::TenantConfig;
use runtime::{Outcome, db::sql};
use serde::Deserialize;

use crate::call::Call;

/// The configuration with its generation; 0 while nobody has written one.
pub(crate) async fn read(call: &Call) -> Outcome<(TenantConfig, i64)> {
    #[derive(Deserialize)]
    struct Row {
        body: String,
        generation: i64,
    }
    let query = sql("SELECT body, generation FROM tenant_config WHERE organization = ?")
        .bind(call.organization());
    let row: Option<Row> = call.db.first(query).await?;
    Ok(match row {
        Some(row) => (serde_json::from_str(&row.body)?, row.generation),
        None => (TenantConfig::default(), 0),
    })
}
