//! `/tenant-config`, its schema, `/custom-urls` and `/tenant-info`.

use lifecycle::tenant::TenantConfig;
use runtime::{Failure, Outcome, db::sql, reply};
use serde_json::{Value, json};
use worker::Response;

use crate::{apis::write, call::Call, etag, guard, refusal, tenant};

/// `GET /tenant-config`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let (config, generation) = tenant::read(call).await?;
    etag::generation(call, generation, &config)
}

/// `PUT /tenant-config`
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    let (_, generation) = tenant::read(call).await?;
    etag::require_match(call, generation)?;
    let config: TenantConfig = call.json().await?;
    refusal::unless_empty("400", config.faults())?;
    require_webhook(call, config.workflows.webhook.as_deref()).await?;
    let statements = vec![
        guard::require("coalesce((SELECT generation FROM tenant_config WHERE organization = ?), 0) = ?")
            .bind(call.organization())
            .bind(generation),
        sql("INSERT INTO tenant_config (organization, body, generation, updated_at) VALUES (?, ?, 1, ?) \
             ON CONFLICT (organization) DO UPDATE SET body = excluded.body, generation = generation + 1, \
             updated_at = excluded.updated_at")
        .bind(call.organization())
        .bind(serde_json::to_string(&config)?)
        .bind(call.now),
        write::audit(call, "tenant-config.update", call.organization())?,
    ];
    guard::or(call.db.batch(statements).await, guard::changed_meanwhile)?;
    etag::changed(200, generation + 1, &config)
}

/// Refuses the id of a webhook that there is not.
async fn require_webhook(call: &Call, id: Option<&str>) -> Outcome<()> {
    let Some(id) = id else {
        return Ok(());
    };
    let query = sql("SELECT id FROM alert_webhook WHERE organization = ? AND id = ?");
    let found: Option<Value> = call
        .db
        .first(query.bind(call.organization()).bind(id))
        .await?;
    found.map(|_| ()).ok_or_else(|| {
        let message = "is the id of no webhook of `/api/am/analytics/v1/alerts/webhooks`";
        refusal::one("400", "Workflows.Webhook", message)
    })
}

/// `GET /tenant-config-schema`
pub(crate) async fn schema(call: &Call) -> Outcome<Response> {
    let executor = json!({"type": "string", "enum": ["AUTOMATIC", "APPROVAL", "HTTP"], "default": "AUTOMATIC"});
    let color = json!({"type": "string", "pattern": "^#[0-9A-Fa-f]{6}$"});
    let attribute = json!({
        "type": "object",
        "required": ["attribute"],
        "additionalProperties": false,
        "properties": {
            "attribute": {"type": "string", "minLength": 1, "maxLength": 100},
            "description": {"type": "string"},
            "required": {"type": "boolean", "default": false},
            "hidden": {"type": "boolean", "default": false},
        },
    });
    let schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "Workflows": {
                "type": "object",
                "additionalProperties": false,
                "properties": {
                    "ApplicationCreation": executor,
                    "ApplicationUpdate": executor,
                    "ApplicationDeletion": executor,
                    "ProductionApplicationRegistration": executor,
                    "SandboxApplicationRegistration": executor,
                    "SubscriptionCreation": executor,
                    "SubscriptionUpdate": executor,
                    "SubscriptionDeletion": executor,
                    "ApiState": executor,
                    "ApiProductState": executor,
                    "RevisionDeployment": executor,
                    "Webhook": {"type": "string"},
                },
            },
            "ApplicationAttributes": {"type": "array", "maxItems": 50, "items": attribute},
            "Theme": {
                "type": "object",
                "additionalProperties": false,
                "properties": {
                    "Brand": color,
                    "Accent": color,
                    "Headline": {"type": "string", "minLength": 1, "maxLength": 80},
                    "Lead": {"type": "string", "minLength": 1, "maxLength": 240},
                    "Logo": {"type": "string", "pattern": "^data:image/(png|svg\\+xml);base64,"},
                },
            },
        },
    });
    etag::content(call, &schema)
}

/// `GET /custom-urls/{tenantDomain}`: where the developer portal is. No organization has an address of its own.
pub(crate) async fn custom_urls(call: &Call) -> Outcome<Response> {
    let domain = call.path("tenantDomain");
    if domain != call.organization() {
        return Err(Failure::code("404"));
    }
    let url = format!("{}/devportal", call.variable("ORIGIN"));
    let body = json!({"tenantDomain": domain, "enabled": false, "devPortal": {"url": url}});
    reply::json(200, &body)
}

/// `GET /tenant-info/{username}`
pub(crate) async fn info(call: &Call) -> Outcome<Response> {
    let query = sql("SELECT username FROM user WHERE organization = ? AND username = ?")
        .bind(call.organization())
        .bind(call.path("username"));
    let found: Option<Value> = call.db.first(query).await?;
    found.ok_or_else(|| Failure::code("900603"))?;
    let body = json!({"username": call.path("username"), "tenantDomain": call.organization(), "tenantId": 1});
    reply::json(200, &body)
}
