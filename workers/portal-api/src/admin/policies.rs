//! `/throttling/policies`.

use lifecycle::{
    Fault, PolicyKind,
    plan::{Group, PolicyBody},
};
use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
    id, reply,
};
use serde_json::{Value, json};
use worker::Response;

use crate::{
    apis::write,
    call::{Call, DEFAULT_ORGANIZATION},
    deployments::{self, note},
    etag, guard, page,
    policies::{self, COLUMNS, PolicyRow},
    refusal,
};

/// `GET /throttling/policies/<kind>`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let rows = policies::all(call, kind(call)?).await?;
    let list = rows.iter().map(shown).collect::<Outcome<Vec<_>>>()?;
    reply::json(200, &page::whole(list))
}

/// `POST /throttling/policies/<kind>`
pub(crate) async fn create(call: &Call) -> Outcome<Response> {
    let kind = kind(call)?;
    let body = checked(kind, call.json().await?)?;
    let row = insert(call, kind, body).await?;
    let response = etag::changed(201, row.generation, &shown(&row)?)?;
    let location = format!(
        "/api/am/admin/v4/throttling/policies/{}/{}",
        kind.as_str(),
        row.id
    );
    reply::with_header(response, "location", &location)
}

/// Makes a policy that is [`checked`].
pub(crate) async fn insert(
    call: &Call,
    kind: PolicyKind,
    mut body: PolicyBody,
) -> Outcome<PolicyRow> {
    let policy = id::uuid()?;
    let name = body.policy_name.clone().unwrap_or_default();
    name_groups(&mut body, &[])?;
    let insert = sql(
        "INSERT INTO throttle_policy (id, organization, kind, name, display_name, description, body, created_at, \
         updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&policy)
    .bind(call.organization())
    .bind(kind.as_str())
    .bind(&name)
    .bind(body.display_name.clone().unwrap_or_else(|| name.clone()))
    .bind(body.description.clone().unwrap_or_default())
    .bind(serde_json::to_string(&body)?)
    .bind(call.now)
    .bind(call.now);
    let mut statements = vec![insert, write::audit(call, "policy.create", &policy)?];
    if kind == PolicyKind::Custom {
        statements.insert(0, room(call));
    }
    statements.extend(publish(call).await?);
    let made = guard::or(call.db.batch(statements).await, || {
        let help = format!("there are {MOST_RULES} custom rules already; delete one first");
        refusal::one("400", "", help)
    });
    made.map_err(|failure| guard::taken(failure, "throttle_policy.", Failure::code("903001")))?;
    find(call, kind, &policy).await
}

/// `GET /throttling/policies/<kind>/{policyId}`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let row = find(call, kind(call)?, id_of(call)).await?;
    etag::generation(call, row.generation, &shown(&row)?)
}

/// `PUT /throttling/policies/<kind>/{policyId}`
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    let kind = kind(call)?;
    let row = find(call, kind, id_of(call)).await?;
    etag::require_match(call, row.generation)?;
    let body = checked(kind, call.json().await?)?;
    if body.policy_name.as_deref() != Some(&row.name) {
        let message = format!(
            "cannot be changed from `{}`: APIs and applications refer to it",
            row.name
        );
        return Err(refusal::one("400", "policyName", message));
    }
    let row = replace(call, kind, &row, body).await?;
    etag::changed(200, row.generation, &shown(&row)?)
}

/// Gives a policy another body, which is [`checked`].
pub(crate) async fn replace(
    call: &Call,
    kind: PolicyKind,
    row: &PolicyRow,
    mut body: PolicyBody,
) -> Outcome<PolicyRow> {
    let before = row.body()?.conditional_groups.unwrap_or_default();
    name_groups(&mut body, &before)?;
    let change = sql(
        "UPDATE throttle_policy SET display_name = ?, description = ?, body = ?, generation = generation + 1, \
         updated_at = ? WHERE id = ?",
    )
    .bind(body.display_name.clone().unwrap_or_else(|| row.name.clone()))
    .bind(body.description.clone().unwrap_or_default())
    .bind(serde_json::to_string(&body)?)
    .bind(call.now)
    .bind(&row.id);
    let mut statements = vec![
        guard::unchanged("throttle_policy", &row.id, row.generation),
        change,
        write::audit(call, "policy.update", &row.id)?,
    ];
    statements.extend(publish(call).await?);
    guard::or(call.db.batch(statements).await, guard::changed_meanwhile)?;
    find(call, kind, &row.id).await
}

/// `DELETE /throttling/policies/<kind>/{policyId}`
pub(crate) async fn delete(call: &Call) -> Outcome<Response> {
    let kind = kind(call)?;
    let row = find(call, kind, id_of(call)).await?;
    etag::require_match(call, row.generation)?;
    if KEPT.contains(&row.name.as_str()) {
        return Err(Failure::because(
            "900971",
            format!("`{}` is applied by the platform itself", row.name),
        ));
    }
    let mut statements = vec![
        unused(kind, &row),
        sql("DELETE FROM throttle_policy WHERE id = ?").bind(&row.id),
        write::audit(call, "policy.delete", &row.id)?,
    ];
    statements.extend(publish(call).await?);
    guard::or(call.db.batch(statements).await, || Failure::code("900971"))?;
    reply::empty(200)
}

/// `GET /throttling/policies/search?query=type:app`
pub(crate) async fn search(call: &Call) -> Outcome<Response> {
    let conditions =
        lifecycle::search::parse(call.query("query").unwrap_or_default(), &["type", "name"]);
    let mut list = Vec::new();
    for kind in PolicyKind::ALL {
        if require_allowed(call, kind).is_err() {
            continue;
        }
        let word = kind.short();
        for row in policies::all(call, kind).await? {
            let meets = conditions
                .iter()
                .all(|condition| match condition.key.as_str() {
                    "type" => condition.value == word || condition.value == "all",
                    _ => row
                        .name
                        .to_lowercase()
                        .contains(&condition.value.to_lowercase()),
                });
            if meets {
                list.push(json!({
                    "uuid": row.id,
                    "policyName": row.name,
                    "displayName": row.display_name,
                    "description": row.description,
                    "isDeployed": true,
                    "type": word,
                }));
            }
        }
    }
    reply::json(200, &page::whole(list))
}

/// The kind that the path names, the segment after `policies`, when the caller may have to do with it.
fn kind(call: &Call) -> Outcome<PolicyKind> {
    let path = call.request.path();
    let kind = PolicyKind::ALL
        .into_iter()
        .find(|kind| path.contains(&format!("/policies/{}", kind.as_str())))
        .unwrap_or(PolicyKind::Advanced);
    require_allowed(call, kind)?;
    Ok(kind)
}

/// Custom rules hold everybody's traffic, so that only the installation's own organization has them.
pub(crate) fn require_allowed(call: &Call, kind: PolicyKind) -> Outcome<()> {
    if kind == PolicyKind::Custom && call.organization() != DEFAULT_ORGANIZATION {
        let help = "custom rules are for administrators of the whole installation";
        return Err(Failure::because("403", help));
    }
    Ok(())
}

fn id_of(call: &Call) -> &str {
    match call.path("policyId") {
        "" => call.path("ruleId"),
        policy => policy,
    }
}

/// The body in our words, or all that is wrong with it.
pub(crate) fn checked(kind: PolicyKind, body: PolicyBody) -> Outcome<PolicyBody> {
    let body = if kind == PolicyKind::Custom {
        body.without_siddhi()
            .map_err(|fault| refusal::several("400", vec![fault]))?
    } else {
        body
    };
    let mut faults = body.faults(kind);
    faults.extend(zone_faults(&body));
    refusal::unless_empty("400", faults)?;
    Ok(body)
}

/// Names of time zones that the owners of counters do not know.
pub(crate) fn zone_faults(body: &PolicyBody) -> Vec<Fault> {
    let unknown = |(_, zone): &(String, model::Zone)| !throttle::is_known_zone(zone);
    body.zones()
        .into_iter()
        .filter(unknown)
        .map(|(place, zone)| Fault {
            place,
            message: format!("there is no time zone `{zone}`; name one such as `Europe/Berlin`"),
        })
        .collect()
}

fn name_groups(body: &mut PolicyBody, before: &[Group]) -> Outcome<()> {
    let groups = body.conditional_groups.as_deref_mut().unwrap_or_default();
    lifecycle::plan::name_groups(groups, before, id::uuid)
}

/// Undoes the batch when there are as many custom rules as gateways ask on every call.
fn room(call: &Call) -> Statement {
    guard::require(
        "(SELECT count(*) FROM throttle_policy WHERE organization = ? AND kind = 'custom') < ?",
    )
    .bind(call.organization())
    .bind(MOST_RULES)
}

async fn find(call: &Call, kind: PolicyKind, policy: &str) -> Outcome<PolicyRow> {
    call.db
        .first(
            sql(format!("SELECT {COLUMNS} FROM throttle_policy WHERE id = ? AND organization = ? AND kind = ?"))
                .bind(policy)
                .bind(call.organization())
                .bind(kind.as_str()),
        )
        .await?
        .ok_or_else(|| Failure::code("900961"))
}

/// The statements that have every environment's policies published anew.
pub(crate) async fn publish(call: &Call) -> Outcome<Vec<Statement>> {
    let mut statements = vec![note("policies", call.organization(), call)];
    for environment in deployments::environments(call).await? {
        statements.extend(deployments::touch(&environment.name, call));
    }
    Ok(statements)
}

/// Undoes the batch when something refers to the policy: an application, a subscription, or what an API offers. A
/// Deployment names its advanced policies in its text, so that it is looked for there.
fn unused(kind: PolicyKind, row: &PolicyRow) -> Statement {
    match kind {
        PolicyKind::Application => {
            guard::require("NOT EXISTS (SELECT 1 FROM application WHERE policy = ?)").bind(&row.name)
        }
        PolicyKind::Subscription => guard::require(
            "NOT EXISTS (SELECT 1 FROM subscription WHERE plan = ?) AND NOT EXISTS (\
             SELECT 1 FROM api, json_each(api.card, '$.policies') AS item WHERE item.value = ?)",
        )
        .bind(&row.name)
        .bind(&row.name),
        PolicyKind::Advanced => guard::require(
            "NOT EXISTS (SELECT 1 FROM blob WHERE instr(content, ?) > 0 AND (hash IN (SELECT body FROM api) \
             OR hash IN (SELECT hash FROM deployment)))",
        )
        .bind(format!("\"{}\"", row.name)),
        // Nothing names a rule; it goes as it was read.
        PolicyKind::Custom => {
            guard::require("EXISTS (SELECT 1 FROM throttle_policy WHERE id = ?)").bind(&row.id)
        }
    }
}

/// The object of the row's kind.
pub(crate) fn shown(row: &PolicyRow) -> Outcome<Value> {
    let kind = PolicyKind::parse(&row.kind).unwrap_or(PolicyKind::Advanced);
    let mut shown = json!({
        "policyId": row.id,
        "policyName": row.name,
        "displayName": row.display_name,
        "description": row.description,
        "isDeployed": true,
        "type": kind.type_name(),
    });
    let body = lifecycle::defaults::without_nulls(serde_json::from_str(&row.body)?);
    if let (Value::Object(shown), Value::Object(body)) = (&mut shown, body) {
        shown.extend(body);
    }
    Ok(shown)
}

/// Applied where nobody chose; without them gateways would not know what to apply.
const KEPT: &[&str] = &["Unauthenticated", "DefaultSubscriptionless", "Unlimited"];

/// Gateways ask each of them on every call.
const MOST_RULES: i64 = 100;
