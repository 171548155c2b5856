//! `/apis`: everybody's, and whose they are.

use runtime::{Outcome, db::sql, reply};
use serde_json::{Value, json};
use worker::Response;

use crate::{
    apis::{row, search::Filter, write},
    call::Call,
    guard,
    page::Page,
    refusal,
};

/// `GET /apis?query=`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let page = Page::of(call)?;
    let (rows, total) = Filter::asked(call).page(call, page).await?;
    let list: Vec<Value> = rows
        .iter()
        .map(|row| json!({"provider": row.provider, "name": row.name, "version": row.version, "id": row.id}))
        .collect();
    let mut shown = page.list(call, list, total);
    if let Value::Object(members) = &mut shown
        && let Some(list) = members.remove("list")
    {
        members.insert("apis".to_owned(), list);
    }
    reply::json(200, &shown)
}

/// `POST /apis/{apiId}/change-provider?provider=`
pub(crate) async fn change_provider(call: &Call) -> Outcome<Response> {
    let api = row::either(call).await?;
    let provider = call.required("provider")?;
    let may: Option<Value> = call
        .db
        .first(
            sql("SELECT user.id FROM user JOIN user_role ON user_role.user_id = user.id JOIN granted_role AS scope_role \
                 ON scope_role.organization = user.organization AND scope_role.role = user_role.role \
                 WHERE user.organization = ? AND username = ? AND status = 'ACTIVE' \
                 AND scope_role.scope IN ('apim:api_create', 'apim:api_manage') LIMIT 1")
            .bind(call.organization())
            .bind(provider),
        )
        .await?;
    may.ok_or_else(|| {
        refusal::one(
            "900703",
            "provider",
            format!("`{provider}` is nobody who is active and may create APIs"),
        )
    })?;
    let statements = vec![
        write::unchanged(&api),
        sql("UPDATE api SET provider = ?, generation = generation + 1, updated_at = ?, updated_by = ? WHERE id = ?")
            .bind(provider)
            .bind(call.now)
            .bind(call.user()?)
            .bind(&api.id),
        write::audit(call, "api.change-provider", &api.id)?,
    ];
    guard::or(call.db.batch(statements).await, guard::changed_meanwhile)?;
    reply::empty(200)
}
