//! Comments on an API: threads of one level, the same for publishers and consumers.

use runtime::{Failure, Outcome, db::sql, id, reply};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use crate::{apis::write, call::Call, page::Page, refusal, time::iso};

/// Where a comment is written or changed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entrance {
    Publisher,
    Devportal,
}

/// The threads of an API, the newest first, with their first replies.
pub(crate) async fn list(call: &Call, api: &str) -> Outcome<Response> {
    let page = Page::of(call)?;
    let rows = read(call, api, None, page).await?;
    let total = count(call, api, None).await?;
    let mut list = Vec::new();
    for row in &rows {
        list.push(with_replies(call, api, row).await?);
    }
    reply::json(200, &page.list(call, list, total))
}

/// The replies to a comment, the oldest first.
pub(crate) async fn replies(call: &Call, api: &str) -> Outcome<Response> {
    let page = Page::of(call)?;
    let parent = of_path(call, api).await?;
    let rows = read(call, api, Some(&parent.id), page).await?;
    let total = count(call, api, Some(&parent.id)).await?;
    let list = rows.iter().map(|row| row.shown(call)).collect();
    reply::json(200, &page.list(call, list, total))
}

/// One comment.
pub(crate) async fn get(call: &Call, api: &str) -> Outcome<Response> {
    let row = of_path(call, api).await?;
    reply::json(200, &with_replies(call, api, &row).await?)
}

/// A new comment, or a reply to one.
pub(crate) async fn create(call: &Call, api: &str, entrance: Entrance) -> Outcome<Response> {
    let body: Body = call.json().await?;
    let content = body
        .content
        .as_deref()
        .ok_or_else(|| refusal::one("400", "content", "is missing"))?;
    body.check()?;
    let parent = match call.query("replyTo") {
        None => None,
        Some(id) => {
            let parent = find(call, api, id).await?;
            // A reply to a reply belongs to the same thread.
            Some(parent.parent.unwrap_or(parent.id))
        }
    };
    let comment = id::uuid()?;
    let statements = vec![
        sql("INSERT INTO comment (id, organization, api_id, parent, entry_point, category, content, created_at, created_by) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(&comment)
        .bind(call.organization())
        .bind(api)
        .bind(parent)
        .bind(entrance.word())
        .bind(body.category.as_deref().unwrap_or("general"))
        .bind(content)
        .bind(call.now)
        .bind(call.user()?),
        write::audit(call, "comment.create", &comment)?,
    ];
    call.db.batch(statements).await?;
    let row = find(call, api, &comment).await?;
    let response = reply::json(201, &row.shown(call))?;
    reply::with_header(
        response,
        "location",
        &format!("{}/{comment}", call.request.path()),
    )
}

/// Other words, by who wrote it.
pub(crate) async fn update(call: &Call, api: &str) -> Outcome<Response> {
    let row = of_path(call, api).await?;
    if row.created_by != call.user()? {
        return Err(Failure::because(
            "900332",
            "a comment is changed by who wrote it",
        ));
    }
    let body: Body = call.json().await?;
    body.check()?;
    let statements = vec![
        sql("UPDATE comment SET content = coalesce(?, content), category = coalesce(?, category), updated_at = ? WHERE id = ?")
            .bind(body.content.as_deref())
            .bind(body.category.as_deref())
            .bind(call.now)
            .bind(&row.id),
        write::audit(call, "comment.update", &row.id)?,
    ];
    call.db.batch(statements).await?;
    get(call, api).await
}

/// By who wrote it, and by who looks after comments or the platform.
pub(crate) async fn delete(call: &Call, api: &str) -> Outcome<Response> {
    let row = of_path(call, api).await?;
    let looks_after = call
        .principal
        .as_ref()
        .is_some_and(|principal| principal.has_any(&["apim:admin", "apim:comment_manage"]));
    if row.created_by != call.user()? && !looks_after {
        return Err(Failure::because(
            "900333",
            "a comment is deleted by who wrote it, or by an administrator",
        ));
    }
    let statements = vec![
        sql("DELETE FROM comment WHERE parent = ? OR id = ?")
            .bind(&row.id)
            .bind(&row.id),
        write::audit(call, "comment.delete", &row.id)?,
    ];
    call.db.batch(statements).await?;
    reply::empty(200)
}

async fn with_replies(call: &Call, api: &str, row: &Row) -> Outcome<Value> {
    let page = Page {
        limit: REPLIES,
        offset: 0,
    };
    let replies = read(call, api, Some(&row.id), page).await?;
    let total = count(call, api, Some(&row.id)).await?;
    let mut shown = row.shown(call);
    if let Value::Object(members) = &mut shown {
        let list: Vec<Value> = replies.iter().map(|reply| reply.shown(call)).collect();
        let replies = json!({
            "count": list.len(),
            "list": list,
            "pagination": {"offset": 0, "limit": REPLIES, "total": total, "next": "", "previous": ""},
        });
        members.insert("replies".to_owned(), replies);
    }
    Ok(shown)
}

async fn read(call: &Call, api: &str, parent: Option<&str>, page: Page) -> Outcome<Vec<Row>> {
    let direction = if parent.is_some() { "ASC" } else { "DESC" };
    call.db
        .all(
            sql(format!(
                "SELECT {COLUMNS} FROM comment WHERE api_id = ? AND parent IS ? \
                 ORDER BY created_at {direction}, id LIMIT ? OFFSET ?"
            ))
            .bind(api)
            .bind(parent)
            .bind(page.limit)
            .bind(page.offset),
        )
        .await
}

async fn count(call: &Call, api: &str, parent: Option<&str>) -> Outcome<i64> {
    #[derive(Deserialize)]
    struct Count {
        total: i64,
    }
    let query =
        sql("SELECT count(*) AS total FROM comment WHERE api_id = ? AND parent IS ?").bind(api);
    let found: Option<Count> = call.db.first(query.bind(parent)).await?;
    Ok(found.map_or(0, |count| count.total))
}

async fn of_path(call: &Call, api: &str) -> Outcome<Row> {
    find(call, api, call.path("commentId")).await
}

async fn find(call: &Call, api: &str, id: &str) -> Outcome<Row> {
    let query = sql(format!(
        "SELECT {COLUMNS} FROM comment WHERE id = ? AND api_id = ?"
    ));
    call.db
        .first(query.bind(id).bind(api))
        .await?
        .ok_or_else(|| Failure::because("404", "there is no such comment on this API"))
}

impl Entrance {
    const fn word(self) -> &'static str {
        match self {
            Self::Publisher => "publisher",
            Self::Devportal => "devPortal",
        }
    }
}

#[derive(Deserialize)]
struct Row {
    id: String,
    parent: Option<String>,
    entry_point: String,
    category: String,
    content: String,
    created_at: i64,
    created_by: String,
    updated_at: Option<i64>,
}

impl Row {
    /// WSO2's `Comment`.
    fn shown(&self, call: &Call) -> Value {
        let commenter = (call.query("includeCommenterInfo") == Some("true"))
            .then(|| json!({"firstName": "", "lastName": "", "fullName": self.created_by}));
        lifecycle::defaults::without_nulls(json!({
            "id": self.id,
            "content": self.content,
            "createdTime": iso(self.created_at),
            "createdBy": self.created_by,
            "updatedTime": self.updated_at.map(iso),
            "category": self.category,
            "parentCommentId": self.parent,
            "entryPoint": self.entry_point,
            "commenterInfo": commenter,
        }))
    }
}

/// What a comment says, or is to say.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
struct Body {
    content: Option<String>,
    category: Option<String>,
}

impl Body {
    fn check(&self) -> Outcome<()> {
        let length = self
            .content
            .as_ref()
            .map_or(1, |text| text.trim().chars().count());
        if !(1..=512).contains(&length) {
            return Err(refusal::one("400", "content", "is not 1 to 512 characters"));
        }
        let category = self
            .category
            .as_ref()
            .map_or(1, |text| text.chars().count());
        if !(1..=64).contains(&category) {
            return Err(refusal::one("400", "category", "is not 1 to 64 characters"));
        }
        Ok(())
    }
}

const COLUMNS: &str =
    "id, parent, entry_point, category, content, created_at, created_by, updated_at";
/// Replies that come with their comment; the rest by `replies`.
const REPLIES: i64 = 3;
