//! `/gateway-policies`: what is done to the calls of every API of an environment.

use lifecycle::{Around, Fault, flows_of_all};
use model::Flows;
use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
    id, reply,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use worker::Response;

use crate::{
    apis::write, call::Call, deployments, etag, guard, operation_policies, page::Page, refusal,
};

/// `GET /gateway-policies`. `query` is `gatewayLabel:` and the name of an environment, or a part of a display name.
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let page = Page::of(call)?;
    let query = sql(format!(
        "SELECT {COLUMNS} FROM gateway_policy WHERE organization = ? ORDER BY display_name"
    ));
    let rows: Vec<Row> = call.db.all(query.bind(call.organization())).await?;
    let mut all = Vec::new();
    for row in &rows {
        let labels: Vec<String> = serde_json::from_str(&row.labels)?;
        let is_met = match call
            .query("query")
            .map(|it| it.split_once(':').unwrap_or(("", it)))
        {
            None => true,
            Some(("gatewayLabel", label)) => labels.iter().any(|it| it == label),
            Some((_, part)) => row
                .display_name
                .to_lowercase()
                .contains(&part.to_lowercase()),
        };
        if is_met {
            all.push(json!({"id": row.id, "displayName": row.display_name, "appliedGatewayLabels": labels}));
        }
    }
    etag::content(call, &page.cut(call, all))
}

/// `POST /gateway-policies`
pub(crate) async fn create(call: &Call) -> Outcome<Response> {
    let body = Body::of(call).await?;
    compiled(call, &body.policy_mapping).await?;
    let policy_id = id::uuid()?;
    let statements = vec![
        sql("INSERT INTO gateway_policy (id, organization, display_name, mapping, created_at) VALUES (?, ?, ?, ?, ?)")
            .bind(&policy_id)
            .bind(call.organization())
            .bind(&body.display_name)
            .bind(Value::Object(body.policy_mapping.clone()).to_string())
            .bind(call.now),
        write::audit(call, "gateway-policy.create", &policy_id)?,
    ];
    call.db.batch(statements).await.map_err(name_taken)?;
    let row = find(call, &policy_id).await?;
    let shown = json!({"id": row.id, "displayName": row.display_name});
    let response = etag::changed(201, row.generation, &shown)?;
    reply::with_header(
        response,
        "location",
        &format!("/api/am/publisher/v4/gateway-policies/{policy_id}"),
    )
}

/// `GET /gateway-policies/{gatewayPolicyMappingId}`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let row = find(call, call.path("gatewayPolicyMappingId")).await?;
    etag::generation(call, row.generation, &row.shown()?)
}

/// `PUT /gateway-policies/{gatewayPolicyMappingId}`: where it is deployed, calls follow.
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    let row = find(call, call.path("gatewayPolicyMappingId")).await?;
    etag::require_match(call, row.generation)?;
    let body = Body::of(call).await?;
    let flows = compiled(call, &body.policy_mapping).await?;
    let mut statements = vec![
        unchanged(&row),
        sql("UPDATE gateway_policy SET display_name = ?, mapping = ?, generation = generation + 1 WHERE id = ?")
            .bind(&body.display_name)
            .bind(Value::Object(body.policy_mapping.clone()).to_string())
            .bind(&row.id),
        sql("UPDATE gateway_policy_deployment SET flows = ? WHERE policy_id = ?")
            .bind(serde_json::to_string(&flows)?)
            .bind(&row.id),
    ];
    for label in row.labels()? {
        statements.extend(deployments::touch(&label, call));
    }
    statements.push(write::audit(call, "gateway-policy.update", &row.id)?);
    let done = call.db.batch(statements).await.map_err(name_taken);
    guard::or(done, guard::changed_meanwhile)?;
    let row = find(call, &row.id).await?;
    etag::changed(200, row.generation, &row.shown()?)
}

/// `DELETE /gateway-policies/{gatewayPolicyMappingId}`: not while it is deployed.
pub(crate) async fn delete(call: &Call) -> Outcome<Response> {
    let row = find(call, call.path("gatewayPolicyMappingId")).await?;
    etag::require_match(call, row.generation)?;
    let statements = vec![
        unchanged(&row),
        guard::require("NOT EXISTS (SELECT 1 FROM gateway_policy_deployment WHERE policy_id = ?)")
            .bind(&row.id),
        sql("DELETE FROM gateway_policy WHERE id = ?").bind(&row.id),
        write::audit(call, "gateway-policy.delete", &row.id)?,
    ];
    guard::or(call.db.batch(statements).await, || {
        Failure::because(
            "409",
            "it is deployed; take it out of its environments first, or it was changed at the same time",
        )
    })?;
    reply::empty(200)
}

/// `POST /gateway-policies/{gatewayPolicyMappingId}/deploy`: into environments, in the place of what is there, and out of them.
pub(crate) async fn deploy(call: &Call) -> Outcome<Response> {
    let row = find(call, call.path("gatewayPolicyMappingId")).await?;
    let wishes: Vec<Wish> = call.json().await?;
    let known = deployments::environments(call).await?;
    let mut faults = Vec::new();
    for (index, wish) in wishes.iter().enumerate() {
        let mut wrong = |name: &str, message: String| {
            let place = format!("[{index}].{name}");
            faults.push(Fault { place, message });
        };
        if !known.iter().any(|it| it.name == wish.gateway_label) {
            wrong(
                "gatewayLabel",
                format!("there is no environment `{}`", wish.gateway_label),
            );
        }
        if wish.mapping_uuid.as_ref().is_some_and(|it| *it != row.id) {
            wrong("mappingUUID", "is another than that of the path".to_owned());
        }
    }
    if wishes.is_empty() {
        let message = "names no environment".to_owned();
        faults.push(Fault {
            place: String::new(),
            message,
        });
    }
    refusal::unless_empty("400", faults)?;
    let flows = serde_json::to_string(&compiled(call, &row.mapping()?).await?)?;
    let mut statements = vec![unchanged(&row)];
    for wish in &wishes {
        statements.push(if wish.gateway_deployment {
            sql("INSERT INTO gateway_policy_deployment (organization, environment, policy_id, flows) VALUES (?, ?, ?, ?) \
                 ON CONFLICT (organization, environment) DO UPDATE SET policy_id = excluded.policy_id, flows = excluded.flows")
                .bind(call.organization())
                .bind(&wish.gateway_label)
                .bind(&row.id)
                .bind(&flows)
        } else {
            sql("DELETE FROM gateway_policy_deployment WHERE organization = ? AND environment = ? AND policy_id = ?")
                .bind(call.organization())
                .bind(&wish.gateway_label)
                .bind(&row.id)
        });
        statements.extend(deployments::touch(&wish.gateway_label, call));
    }
    statements.push(write::audit(call, "gateway-policy.deploy", &row.id)?);
    guard::or(call.db.batch(statements).await, guard::changed_meanwhile)?;
    let list: Vec<Value> = wishes
        .iter()
        .map(|wish| {
            json!({"mappingUUID": row.id, "gatewayLabel": wish.gateway_label, "gatewayDeployment": wish.gateway_deployment})
        })
        .collect();
    reply::json(200, &Value::Array(list))
}

/// The steps of a mapping, with what the organization's own policies come to now.
async fn compiled(call: &Call, mapping: &Map<String, Value>) -> Outcome<Flows> {
    let own = operation_policies::usable(call, "").await?;
    let around = Around {
        own: &own,
        allow_private: call.allow_private(),
        led_to: &[],
    };
    flows_of_all(mapping, around).map_err(|faults| refusal::several("400", faults))
}

async fn find(call: &Call, id: &str) -> Outcome<Row> {
    let query = sql(format!(
        "SELECT {COLUMNS} FROM gateway_policy WHERE id = ? AND organization = ?"
    ));
    call.db
        .first(query.bind(id).bind(call.organization()))
        .await?
        .ok_or_else(|| Failure::because("404", "there is no gateway policy of that id"))
}

fn unchanged(row: &Row) -> Statement {
    guard::unchanged("gateway_policy", &row.id, row.generation)
}

fn name_taken(failure: Failure) -> Failure {
    let taken = Failure::because(
        "409",
        "there is a gateway policy of that `displayName` already",
    );
    guard::taken(failure, "gateway_policy.", taken)
}

#[derive(Deserialize)]
struct Row {
    id: String,
    display_name: String,
    mapping: String,
    generation: i64,
    labels: String,
}

impl Row {
    fn labels(&self) -> Outcome<Vec<String>> {
        Ok(serde_json::from_str(&self.labels)?)
    }

    fn mapping(&self) -> Outcome<Map<String, Value>> {
        Ok(serde_json::from_str(&self.mapping)?)
    }

    /// WSO2's `GatewayPolicyMappings`.
    fn shown(&self) -> Outcome<Value> {
        Ok(json!({
            "id": self.id,
            "displayName": self.display_name,
            "policyMapping": self.mapping()?,
            "appliedGatewayLabels": self.labels()?,
        }))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
struct Body {
    display_name: String,
    policy_mapping: Map<String, Value>,
    #[serde(rename = "id")]
    _id: Option<String>,
    #[serde(rename = "appliedGatewayLabels")]
    _labels: Option<Vec<String>>,
}

impl Body {
    async fn of(call: &Call) -> Outcome<Self> {
        let body: Self = call.json().await?;
        let length = body.display_name.trim().chars().count();
        if !(1..=255).contains(&length) {
            return Err(refusal::one(
                "400",
                "displayName",
                "is not 1 to 255 characters",
            ));
        }
        Ok(body)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
struct Wish {
    gateway_label: String,
    gateway_deployment: bool,
    #[serde(rename = "mappingUUID")]
    mapping_uuid: Option<String>,
}

const COLUMNS: &str = "id, display_name, mapping, generation, \
    (SELECT json_group_array(environment) FROM gateway_policy_deployment WHERE policy_id = gateway_policy.id) AS labels";
