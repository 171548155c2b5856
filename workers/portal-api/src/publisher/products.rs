//! `/api-products`: operations of several APIs under one name. Products are APIs in everything that is not here.

pub(crate) mod body;

use lifecycle::{
    Draft, Fault,
    bundle::{self, Member, Part, Wish},
};
use openapi::Source;
use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use super::apis;
use crate::{
    apis::{
        ApiRow,
        row::{self, Noun},
        search::Filter,
        shape, write,
    },
    call::Call,
    etag, guard,
    page::Page,
    refusal,
};

/// `GET /api-products`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    let page = Page::of(call)?;
    let (rows, total) = Filter::asked(call)
        .of(Noun::Product)
        .page(call, page)
        .await?;
    let list = rows.iter().map(shape::product_line).collect();
    etag::content(call, &page.list(call, list, total))
}

/// `POST /api-products`
pub(crate) async fn create(call: &Call) -> Outcome<Response> {
    let (draft, wishes) = body::read(call.json().await?)?;
    let bundled = Bundled::of(call, &wishes).await?;
    let (draft, document) = bundled.into_product(draft)?;
    write::create(call, draft, &document).await
}

/// `PUT /api-products/{apiProductId}`: also what brings the product up to its APIs.
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    let row = row::of_path(call).await?;
    etag::require_match(call, row.generation)?;
    let (given, wishes) = body::read(call.json().await?)?;
    apis::require_identity(&row, &given)?;
    let bundled = Bundled::of(call, &wishes).await?;
    let named = Draft {
        name: Some(row.name.clone()),
        version: Some(row.version.clone()),
        context: Some(row.context.clone()),
        ..given
    };
    let (draft, document) = bundled.into_product(named)?;
    write::check(call, &draft).await?;
    apis::save(call, &row, draft, (&document, Vec::new())).await
}

/// `GET /api-products/{apiProductId}/is-outdated`: whether saving the product again would make another of it.
pub(crate) async fn is_outdated(call: &Call) -> Outcome<Response> {
    let row = row::of_path(call).await?;
    let kept = row.draft(call).await?.parts;
    let wishes: Vec<Wish> = kept.iter().map(as_wished).collect();
    let members = members(call, &wishes).await?;
    let fresh: Result<Vec<Part>, _> = parts(&wishes, &members);
    let is_outdated = fresh.map_or(true, |fresh| fresh != kept);
    etag::content(call, &json!({"isOutdated": is_outdated}))
}

/// Refuses to take away an API that a product bundles.
pub(super) async fn require_free(call: &Call, row: &ApiRow) -> Outcome<()> {
    #[derive(Deserialize)]
    struct Product {
        name: String,
        version: String,
    }
    let query = sql(
        "SELECT name, version FROM product_part JOIN api ON api.id = product_id WHERE api_id = ? LIMIT 1",
    );
    let product: Option<Product> = call.db.first(query.bind(&row.id)).await?;
    match product {
        None => Ok(()),
        Some(product) => Err(Failure::because(
            "409",
            format!(
                "the product `{}` {} has operations of this API; take them out of it first",
                product.name, product.version
            ),
        )),
    }
}

/// The statements that say which APIs a draft bundles, unless one of them has gone meanwhile.
pub(crate) fn bundles(id: &str, draft: &Draft) -> Vec<Statement> {
    if draft.parts.is_empty() {
        return Vec::new();
    }
    let apis: Vec<&str> = draft
        .parts
        .iter()
        .map(|part| part.api_id.as_str())
        .collect();
    let apis = json!(apis).to_string();
    vec![
        guard::require("NOT EXISTS (SELECT 1 FROM json_each(?) AS item WHERE item.value NOT IN (SELECT id FROM api))")
            .bind(&apis),
        sql("DELETE FROM product_part WHERE product_id = ?").bind(id),
        sql("INSERT INTO product_part (product_id, api_id) SELECT ?, value FROM json_each(?)")
            .bind(id)
            .bind(apis),
    ]
}

/// An API that a product may bundle: one that is there, or one that is about to be.
pub(super) struct Api {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) version: String,
    pub(super) draft: Draft,
    pub(super) document: Text,
}

/// A definition.
pub(super) enum Text {
    /// Where it is kept.
    Kept(String),
    Here(Value),
}

impl Api {
    pub(super) async fn of(call: &Call, row: ApiRow) -> Outcome<Self> {
        Ok(Self {
            draft: row.draft(call).await?,
            id: row.id,
            name: row.name,
            version: row.version,
            document: Text::Kept(row.definition),
        })
    }
}

/// What a product bundles, with the definitions of the APIs.
pub(super) struct Bundled {
    parts: Vec<Part>,
    documents: Vec<Value>,
}

impl Bundled {
    async fn of(call: &Call, wishes: &[Wish]) -> Outcome<Self> {
        let members = members(call, wishes).await?;
        Self::from(call, wishes, members).await
    }

    /// Of APIs in the order of the wishes; none where there is no such API.
    pub(super) async fn from(
        call: &Call,
        wishes: &[Wish],
        members: Vec<Option<Api>>,
    ) -> Outcome<Self> {
        let missing: Vec<Fault> = wishes
            .iter()
            .zip(&members)
            .enumerate()
            .filter(|(_, (_, member))| member.is_none())
            .map(|(index, (wish, _))| Fault {
                place: format!("apis[{index}].apiId"),
                message: format!("there is no API `{}`", wish.api_id),
            })
            .collect();
        refusal::unless_empty("900308", missing)?;
        let parts = parts(wishes, &members).map_err(|faults| refusal::several("400", faults))?;
        refusal::unless_empty("400", bundle::clashes(&parts))?;
        let mut documents = Vec::new();
        for api in members.into_iter().flatten() {
            documents.push(match api.document {
                Text::Kept(hash) => row::document(call, &hash).await?,
                Text::Here(document) => document,
            });
        }
        Ok(Self { parts, documents })
    }

    /// The product and its definition.
    pub(super) fn into_product(self, draft: Draft) -> Outcome<(Draft, Value)> {
        let draft = Draft {
            scopes: Some(bundle::scopes(&self.parts)),
            parts: self.parts,
            ..draft
        }
        .with_defaults();
        let operations: Vec<Vec<openapi::Operation>> = draft
            .parts
            .iter()
            .map(|part| {
                write::operations(&Draft {
                    operations: Some(part.operations.clone()),
                    ..Draft::default()
                })
            })
            .collect();
        let sources: Vec<Source<'_>> = draft
            .parts
            .iter()
            .zip(&self.documents)
            .zip(&operations)
            .map(|((part, document), operations)| Source {
                name: &part.name,
                document,
                operations,
            })
            .collect();
        let (name, version) = (
            write::text(draft.name.as_ref()),
            write::text(draft.version.as_ref()),
        );
        let document =
            openapi::merged(&name, &version, &sources).map_err(refusal::of_definition)?;
        Ok((draft, document))
    }
}

/// The APIs that are wished for, with their working copies; none where there is no such API.
async fn members(call: &Call, wishes: &[Wish]) -> Outcome<Vec<Option<Api>>> {
    let mut found = Vec::new();
    for wish in wishes {
        found.push(match row::one(call, &wish.api_id, Noun::Api).await {
            Ok(row) => Some(Api::of(call, row).await?),
            Err(Failure::Problem(_)) => None,
            Err(failure) => return Err(failure),
        });
    }
    Ok(found)
}

/// What a product keeps of them, or all that is wrong.
fn parts(wishes: &[Wish], members: &[Option<Api>]) -> Result<Vec<Part>, Vec<Fault>> {
    let mut parts = Vec::new();
    let mut faults = Vec::new();
    for (index, (wish, member)) in wishes.iter().zip(members).enumerate() {
        let place = format!("apis[{index}]");
        let Some(api) = member else {
            faults.push(Fault {
                place,
                message: "is no more".to_owned(),
            });
            continue;
        };
        let member = Member {
            id: &api.id,
            name: &api.name,
            version: &api.version,
            draft: &api.draft,
        };
        match bundle::part(&place, wish, member) {
            Ok(part) => parts.push(part),
            Err(more) => faults.extend(more),
        }
    }
    if faults.is_empty() {
        Ok(parts)
    } else {
        Err(faults)
    }
}

fn as_wished(part: &Part) -> Wish {
    Wish {
        name: None,
        api_id: part.api_id.clone(),
        version: None,
        operations: Some(part.operations.clone()),
    }
}
