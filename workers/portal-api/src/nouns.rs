//! Categories and labels: names with a description that APIs are filed under.

use lifecycle::Fault;
use runtime::{Failure, Outcome, db::sql, id, reply};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use crate::{apis::write, call::Call, guard, page, refusal};

/// Which of the two.
#[derive(Clone, Copy)]
pub(crate) enum Noun {
    Category,
    Label,
}

impl Noun {
    const fn table(self) -> &'static str {
        match self {
            Self::Category => "api_category",
            Self::Label => "label",
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Label => "label",
        }
    }

    /// How many APIs are filed under a row, as SQL.
    const fn uses(self) -> &'static str {
        match self {
            Self::Category => {
                "(SELECT count(*) FROM api WHERE api.organization = noun.organization AND EXISTS \
                 (SELECT 1 FROM json_each(api.card, '$.categories') AS item WHERE item.value = noun.name))"
            }
            Self::Label => "(SELECT count(*) FROM api_label WHERE label_id = noun.id)",
        }
    }
}

/// Every one of them, by name; counting the APIs of each looks at all of them, and is for administrators.
pub(crate) async fn list(call: &Call, noun: Noun, is_counting: bool) -> Outcome<Response> {
    let uses = if is_counting { noun.uses() } else { "NULL" };
    let rows: Vec<Row> = call
        .db
        .all(
            sql(format!(
                "SELECT id, name, description, {uses} AS uses FROM {} AS noun WHERE organization = ? ORDER BY name",
                noun.table()
            ))
            .bind(call.organization()),
        )
        .await?;
    reply::json(
        200,
        &page::whole(rows.iter().map(|row| row.shown(noun)).collect()),
    )
}

/// A new one.
pub(crate) async fn create(call: &Call, noun: Noun) -> Outcome<Response> {
    let body = checked(call).await?;
    let new = id::uuid()?;
    let statements = vec![
        sql(format!(
            "INSERT INTO {} (id, organization, name, description) VALUES (?, ?, ?, ?)",
            noun.table()
        ))
        .bind(&new)
        .bind(call.organization())
        .bind(body.name.trim())
        .bind(body.description.unwrap_or_default()),
        write::audit(call, &format!("{}.create", noun.word()), &new)?,
    ];
    call.db
        .batch(statements)
        .await
        .map_err(|failure| taken(failure, noun))?;
    let response = reply::json(201, &find(call, noun, &new).await?.shown(noun))?;
    reply::with_header(
        response,
        "location",
        &format!("{}/{new}", call.request.path()),
    )
}

/// Another name or description; APIs that are filed under a category follow its name.
pub(crate) async fn update(call: &Call, noun: Noun, id: &str) -> Outcome<Response> {
    let row = find(call, noun, id).await?;
    let body = checked(call).await?;
    if matches!(noun, Noun::Category) && row.uses != Some(0) && body.name.trim() != row.name {
        return Err(refusal::one(
            "400",
            "name",
            "cannot be changed while APIs are filed under it",
        ));
    }
    let statements = vec![
        sql(format!(
            "UPDATE {} SET name = ?, description = ? WHERE id = ?",
            noun.table()
        ))
        .bind(body.name.trim())
        .bind(body.description.unwrap_or_default())
        .bind(&row.id),
        write::audit(call, &format!("{}.update", noun.word()), &row.id)?,
    ];
    call.db
        .batch(statements)
        .await
        .map_err(|failure| taken(failure, noun))?;
    reply::json(200, &find(call, noun, &row.id).await?.shown(noun))
}

/// Not while APIs are filed under it.
pub(crate) async fn delete(call: &Call, noun: Noun, id: &str) -> Outcome<Response> {
    let row = find(call, noun, id).await?;
    let unused = format!(
        "NOT EXISTS (SELECT 1 FROM {} AS noun WHERE id = ? AND {} > 0)",
        noun.table(),
        noun.uses()
    );
    let statements = vec![
        guard::require(&unused).bind(&row.id),
        sql(format!("DELETE FROM {} WHERE id = ?", noun.table())).bind(&row.id),
        write::audit(call, &format!("{}.delete", noun.word()), &row.id)?,
    ];
    guard::or(call.db.batch(statements).await, || {
        Failure::because("409", "APIs are filed under it; take it off them first")
    })?;
    reply::empty(200)
}

/// Categories that a draft names must be there.
pub(crate) async fn unknown_categories(
    call: &Call,
    draft: &lifecycle::Draft,
) -> Outcome<Vec<Fault>> {
    #[derive(Deserialize)]
    struct Known {
        name: String,
    }
    let named: Vec<&String> = draft.categories.iter().flatten().collect();
    if named.is_empty() {
        return Ok(Vec::new());
    }
    let known: Vec<Known> = call
        .db
        .all(sql("SELECT name FROM api_category WHERE organization = ?").bind(call.organization()))
        .await?;
    Ok(named
        .iter()
        .enumerate()
        .filter(|(_, name)| !known.iter().any(|row| row.name == ***name))
        .map(|(index, name)| Fault {
            place: format!("categories[{index}]"),
            message: format!("there is no category `{name}`; an administrator makes them"),
        })
        .collect())
}

/// The row of that id in the caller's organization.
pub(crate) async fn find(call: &Call, noun: Noun, id: &str) -> Outcome<Row> {
    let query = sql(format!(
        "SELECT id, name, description, {} AS uses FROM {} AS noun WHERE id = ? AND organization = ?",
        noun.uses(),
        noun.table()
    ));
    call.db
        .first(query.bind(id).bind(call.organization()))
        .await?
        .ok_or_else(|| Failure::because("404", format!("there is no such {}", noun.word())))
}

async fn checked(call: &Call) -> Outcome<Body> {
    let body: Body = call.json().await?;
    let length = body.name.trim().chars().count();
    if !(1..=60).contains(&length)
        || body
            .name
            .chars()
            .any(|one| one.is_control() || "<>\"'%".contains(one))
    {
        return Err(refusal::one(
            "400",
            "name",
            "is not 1 to 60 characters without `<`, `>`, `\"`, `'`, `%`",
        ));
    }
    if body
        .description
        .as_ref()
        .is_some_and(|text| text.chars().count() > 1024)
    {
        return Err(refusal::one(
            "400",
            "description",
            "is longer than 1024 characters",
        ));
    }
    Ok(body)
}

fn taken(failure: Failure, noun: Noun) -> Failure {
    let instead = Failure::because("409", format!("there is a {} of that name", noun.word()));
    guard::taken(failure, &format!("{}.", noun.table()), instead)
}

/// One of them, with how many APIs are filed under it.
#[derive(Deserialize)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) name: String,
    description: String,
    uses: Option<i64>,
}

impl Row {
    /// WSO2's `APICategory` or `Label`.
    pub(crate) fn shown(&self, noun: Noun) -> Value {
        match noun {
            Noun::Category => lifecycle::defaults::without_nulls(json!({
                "id": self.id, "name": self.name, "description": self.description, "numberOfAPIs": self.uses,
            })),
            Noun::Label => {
                json!({"id": self.id, "name": self.name, "description": self.description})
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
struct Body {
    name: String,
    description: Option<String>,
    #[serde(rename = "id")]
    _id: Option<String>,
    #[serde(rename = "numberOfAPIs")]
    _uses: Option<i64>,
}
