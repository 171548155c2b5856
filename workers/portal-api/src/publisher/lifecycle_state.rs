//! `change-lifecycle`, `lifecycle-state` and `lifecycle-history`.

use lifecycle::defaults::without_nulls;
use lifecycle::transition::{self, CHECK_ITEMS, DEPRECATE_OLD_VERSIONS};
use model::ApiState;
use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
    reply,
};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use crate::{
    apis::{
        ApiRow,
        row::{self, COLUMNS},
        write,
    },
    call::Call,
    deployments, etag,
    governance::{
        compliance,
        gate::{self, Step},
    },
    guard, page, refusal,
    time::iso,
    workflows::{self, Waits},
};

/// `POST /apis/change-lifecycle?action=&apiId=&lifecycleChecklist=`
pub(crate) async fn change(call: &Call) -> Outcome<Response> {
    let asked = Asked {
        action: call.required("action")?.to_owned(),
        checklist: call
            .query("lifecycleChecklist")
            .unwrap_or_default()
            .to_owned(),
    };
    let api = row::of_query(call).await?;
    etag::require_match(call, api.generation)?;
    let (next, statements) = asked.step(call, &api).await?;
    if let Some(waits) = workflows::waits(call, workflows::Step::State(api.noun())).await? {
        return asked.wait(call, &api, &waits).await;
    }
    guard::or(call.db.batch(statements).await, guard::changed_meanwhile)?;
    compliance::renew(call, &row::find(call, &api.id).await?).await?;
    let body =
        json!({"workflowStatus": "APPROVED", "jsonPayload": "", "lifecycleState": shown(next)});
    etag::changed(200, api.generation + 1, &body)
}

/// `DELETE /apis/{apiId}/lifecycle-state/pending-tasks`
pub(crate) async fn forget(call: &Call) -> Outcome<Response> {
    let api = row::of_path(call).await?;
    let statements = vec![
        workflows::withdraw(&api.id),
        write::audit(call, "api.withdraw-state", &api.id)?,
    ];
    if workflows::is_waiting(call, &api.id).await? {
        call.db.batch(statements).await?;
    }
    reply::empty(200)
}

/// The statements of a step that waited and is approved now.
pub(crate) async fn approved(
    call: &Call,
    api: &str,
    properties: &Value,
) -> Outcome<Vec<Statement>> {
    let api = row::find(call, api).await?;
    let asked: Asked = serde_json::from_value(properties.clone())?;
    Ok(asked.step(call, &api).await?.1)
}

/// A step that somebody wants to be taken.
#[derive(Deserialize)]
struct Asked {
    action: String,
    #[serde(default)]
    checklist: String,
}

impl Asked {
    /// Where it leads, and the statements that take it; refuses one that cannot be taken.
    async fn step(&self, call: &Call, api: &ApiRow) -> Outcome<(ApiState, Vec<Statement>)> {
        let asked = transition::checklist(&self.checklist)
            .map_err(|reason| refusal::one("900703", "lifecycleChecklist", reason))?;
        let (state, action) = (api.state()?, self.action.as_str());
        let next = transition::next(state, action).ok_or_else(|| unsupported(state, action))?;
        if next == ApiState::Published {
            require_running(call, api).await?;
            gate::pass(call, Step::Publish, api).await?;
        }
        let mut statements = enter(call, api, next).await?;
        if next == ApiState::Published && asked.contains(&DEPRECATE_OLD_VERSIONS) {
            for older in published_versions(call, api).await? {
                statements.extend(enter(call, &older, ApiState::Deprecated).await?);
            }
        }
        Ok((next, statements))
    }

    /// Has somebody asked; a step of the same API that waits is none any more.
    async fn wait(&self, call: &Call, api: &ApiRow, waits: &Waits) -> Outcome<Response> {
        let state = api.state()?;
        let about = json!({
            "apiName": api.name, "apiVersion": api.version, "apiContext": api.context, "apiProvider": api.provider,
            "currentState": title(state), "action": self.action, "checklist": self.checklist,
        });
        let what = format!(
            "`{}` wants `{}` for `{}` {}",
            call.user()?,
            self.action,
            api.name,
            api.version
        );
        let action = ("api.ask-state", api.id.as_str());
        let statements = waits.ask_anew(call, write::unchanged(api), action, (&what, &about))?;
        guard::or(call.db.batch(statements).await, guard::changed_meanwhile)?;
        let body =
            json!({"workflowStatus": "CREATED", "jsonPayload": "", "lifecycleState": shown(state)});
        etag::changed(200, api.generation, &body)
    }
}

/// `GET /apis/{apiId}/lifecycle-state`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let api = row::of_path(call).await?;
    etag::generation(call, api.generation, &shown(api.state()?))
}

/// `GET /apis/{apiId}/lifecycle-history`
pub(crate) async fn history(call: &Call) -> Outcome<Response> {
    #[derive(Deserialize)]
    struct Event {
        previous_state: Option<String>,
        post_state: String,
        user: String,
        at: i64,
    }
    let api = row::of_path(call).await?;
    let events: Vec<Event> = call
        .db
        .all(
            sql("SELECT previous_state, post_state, user, at FROM lifecycle_event WHERE api_id = ? ORDER BY id DESC")
                .bind(&api.id),
        )
        .await?;
    let list = events
        .into_iter()
        .map(|event| {
            without_nulls(json!({
                "previousState": event.previous_state,
                "postState": event.post_state,
                "user": event.user,
                "updatedTime": iso(event.at),
            }))
        })
        .collect();
    etag::content(call, &page::whole(list))
}

/// The statements that bring an API into a state, its deployments with it, unless it was changed since it was read.
async fn enter(call: &Call, api: &ApiRow, next: ApiState) -> Outcome<Vec<Statement>> {
    let mut statements = vec![
        write::unchanged(api),
        sql("UPDATE api SET state = ?, generation = generation + 1, updated_at = ?, updated_by = ? WHERE id = ?")
            .bind(next.as_str())
            .bind(call.now)
            .bind(call.user()?)
            .bind(&api.id),
        sql("INSERT INTO lifecycle_event (api_id, previous_state, post_state, user, at) VALUES (?, ?, ?, ?, ?)")
            .bind(&api.id)
            .bind(&api.state)
            .bind(next.as_str())
            .bind(call.user()?)
            .bind(call.now),
        write::audit(call, "api.change-lifecycle", &api.id)?,
    ];
    statements.extend(deployments::follow(call, &api.id, next).await?);
    Ok(statements)
}

/// Publishing what runs nowhere would promise what nobody can call; an API that is only advertised runs elsewhere.
async fn require_running(call: &Call, api: &ApiRow) -> Outcome<()> {
    let advertised = api.card().get("advertised").and_then(Value::as_bool) == Some(true);
    if advertised || !deployments::of_api(call, &api.id).await?.is_empty() {
        return Ok(());
    }
    Err(Failure::because(
        "900381",
        "deploy a revision before publishing",
    ))
}

/// The other versions of the same API that are published.
async fn published_versions(call: &Call, api: &ApiRow) -> Outcome<Vec<ApiRow>> {
    call.db
        .all(
            sql(format!(
                "SELECT {COLUMNS} FROM api WHERE organization = ? AND name = ? AND id <> ? AND state = 'PUBLISHED'"
            ))
            .bind(&api.organization)
            .bind(&api.name)
            .bind(&api.id),
        )
        .await
}

fn unsupported(state: ApiState, action: &str) -> Failure {
    let offered: Vec<&str> = transition::available(state)
        .map(|arrow| arrow.event)
        .collect();
    let from = state.as_str();
    if offered.is_empty() {
        return Failure::because(
            "900381",
            format!("`{from}` is the last state; there is no `{action}` from it"),
        );
    }
    let offered = offered.join("`, `");
    Failure::because(
        "900381",
        format!("`{action}` is not possible in `{from}`; possible are `{offered}`"),
    )
}

/// WSO2's `LifecycleState`.
fn shown(state: ApiState) -> Value {
    let transitions: Vec<Value> = transition::available(state)
        .map(|arrow| json!({"event": arrow.event, "targetState": title(arrow.to)}))
        .collect();
    let items: Vec<Value> = CHECK_ITEMS
        .iter()
        .filter(|_| matches!(state, ApiState::Created | ApiState::Prototyped))
        .map(|item| json!({"name": item, "value": false, "requiredStates": []}))
        .collect();
    json!({"state": title(state), "checkItems": items, "availableTransitions": transitions})
}

/// The state's name in these shapes, which the peer writes with one capital letter.
const fn title(state: ApiState) -> &'static str {
    match state {
        ApiState::Created => "Created",
        ApiState::Prototyped => "Prototyped",
        ApiState::Published => "Published",
        ApiState::Blocked => "Blocked",
        ApiState::Deprecated => "Deprecated",
        ApiState::Retired => "Retired",
    }
}
