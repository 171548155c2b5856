//! `/apis/copy-api`: a new version of an API, with its definition, its documents and its picture.

use lifecycle::{Draft, naming};
use runtime::{
    Outcome,
    db::{Statement, sql},
    id,
};
use serde::Deserialize;
use serde_json::json;
use worker::Response;

use crate::{
    apis::{ApiRow, row, source, write},
    call::Call,
    refusal,
};

/// `POST /apis/copy-api?newVersion=&apiId=&defaultVersion=`
pub(crate) async fn copy(call: &Call) -> Outcome<Response> {
    let version = call.required("newVersion")?;
    if let Some(fault) = naming::version_fault(version) {
        return Err(refusal::one("900703", "newVersion", fault.message));
    }
    let is_default = call.flag("defaultVersion")?;
    let row = row::of_query(call).await?;
    let mut document = row.document(call).await?;
    if let Some(info) = document
        .get_mut("info")
        .and_then(|info| info.as_object_mut())
    {
        info.insert("version".to_owned(), json!(version));
    }
    let draft = Draft {
        name: Some(row.name.clone()),
        version: Some(version.to_owned()),
        context: Some(row.context.clone()),
        is_default_version: Some(is_default),
        ..row.draft(call).await?
    };
    let belongings = belongings(call, &row).await?;
    write::create_with(call, draft, &document, |api| {
        belongings.iter().map(|one| one.copied(call, api)).collect()
    })
    .await
}

/// Something of the old version that the new one gets too.
enum Belonging {
    Document { old: String, new: String },
    Thumbnail { of: String },
    Source { hash: String },
}

async fn belongings(call: &Call, row: &ApiRow) -> Outcome<Vec<Belonging>> {
    #[derive(Deserialize)]
    struct Document {
        id: String,
    }
    let documents: Vec<Document> = call
        .db
        .all(sql("SELECT id FROM document WHERE api_id = ? LIMIT 500").bind(&row.id))
        .await?;
    let mut found = vec![
        Belonging::Thumbnail { of: row.id.clone() },
        Belonging::Source {
            hash: row.source.clone(),
        },
    ];
    for document in documents {
        found.push(Belonging::Document {
            old: document.id,
            new: id::uuid()?,
        });
    }
    Ok(found)
}

impl Belonging {
    fn copied(&self, call: &Call, api: &str) -> Outcome<Statement> {
        Ok(match self {
            Self::Document { old, new } => sql(
                "INSERT INTO document (id, organization, api_id, name, kind, other_name, summary, source, source_url, \
                 visibility, content, content_type, file_name, created_at, created_by, updated_at, updated_by) \
                 SELECT ?, organization, ?, name, kind, other_name, summary, source, source_url, visibility, content, \
                 content_type, file_name, ?, ?, ?, ? FROM document WHERE id = ?",
            )
            .bind(new)
            .bind(api)
            .bind(call.now)
            .bind(call.user()?)
            .bind(call.now)
            .bind(call.user()?)
            .bind(old),
            Self::Source { hash } => source::point(api, hash),
            Self::Thumbnail { of } => sql(
                "INSERT INTO thumbnail (api_id, content, content_type, updated_at) \
                 SELECT ?, content, content_type, ? FROM thumbnail WHERE api_id = ?",
            )
            .bind(api)
            .bind(call.now)
            .bind(of),
        })
    }
}
