//! `/api-products`: operations of several APIs under one name. Products are APIs in everything that is not here.

use lifecycle::{
    Draft, Fault, PRODUCT,
    bundle::{self, Member, Part, Wish},
};
use openapi::Source;
use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
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
    let (draft, wishes) = read(call).await?;
    let bundled = Bundled::of(call, &wishes).await?;
    let (draft, document) = bundled.into_product(draft)?;
    write::create(call, draft, &document).await
}

/// `PUT /api-products/{apiProductId}`: also what brings the product up to its APIs.
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    let row = row::of_path(call).await?;
    etag::require_match(call, row.generation)?;
    let (given, wishes) = read(call).await?;
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

/// What a client says of a product: the draft that it has in common with an API, and what it bundles.
async fn read(call: &Call) -> Outcome<(Draft, Vec<Wish>)> {
    let mut members: Map<String, Value> = call.json().await?;
    let unknown = members.keys().find(|name| !KNOWN.contains(&name.as_str()));
    if let Some(name) = unknown {
        return Err(refusal::one(
            "400",
            name,
            "is no property of an API product",
        ));
    }
    let wishes = members.remove("apis").unwrap_or_else(|| json!([]));
    for name in ["state", "apiType", "revisionedApiProductId"] {
        members.remove(name);
    }
    let wishes: Vec<Wish> = part_of("apis", &wishes)?;
    if wishes.is_empty() || wishes.len() > MOST_APIS {
        let message = format!("names not 1 to {MOST_APIS} APIs");
        return Err(refusal::one("400", "apis", message));
    }
    let draft: Draft = part_of("", &Value::Object(members))?;
    Ok((
        Draft {
            kind: Some(PRODUCT.to_owned()),
            ..draft
        },
        wishes,
    ))
}

fn part_of<T: serde::de::DeserializeOwned>(place: &str, value: &Value) -> Outcome<T> {
    lifecycle::door::parse(&value.to_string()).map_err(|fault| {
        let place = match (place, fault.place.as_str()) {
            ("", inner) => inner.to_owned(),
            (outer, "") => outer.to_owned(),
            (outer, inner) => format!("{outer}{inner}"),
        };
        refusal::several("400", vec![Fault { place, ..fault }])
    })
}

/// What a product bundles, with the definitions of the APIs.
struct Bundled {
    parts: Vec<Part>,
    documents: Vec<Value>,
}

impl Bundled {
    async fn of(call: &Call, wishes: &[Wish]) -> Outcome<Self> {
        let members = members(call, wishes).await?;
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
        for (row, _) in members.iter().flatten() {
            documents.push(row.document(call).await?);
        }
        Ok(Self { parts, documents })
    }

    /// The product and its definition.
    fn into_product(self, draft: Draft) -> Outcome<(Draft, Value)> {
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
async fn members(call: &Call, wishes: &[Wish]) -> Outcome<Vec<Option<(ApiRow, Draft)>>> {
    let mut found = Vec::new();
    for wish in wishes {
        found.push(match row::one(call, &wish.api_id, Noun::Api).await {
            Ok(row) => {
                let draft = row.draft(call).await?;
                Some((row, draft))
            }
            Err(Failure::Problem(_)) => None,
            Err(failure) => return Err(failure),
        });
    }
    Ok(found)
}

/// What a product keeps of them, or all that is wrong.
fn parts(wishes: &[Wish], members: &[Option<(ApiRow, Draft)>]) -> Result<Vec<Part>, Vec<Fault>> {
    let mut parts = Vec::new();
    let mut faults = Vec::new();
    for (index, (wish, member)) in wishes.iter().zip(members).enumerate() {
        let place = format!("apis[{index}]");
        let Some((row, draft)) = member else {
            faults.push(Fault {
                place,
                message: "is no more".to_owned(),
            });
            continue;
        };
        let member = Member {
            id: &row.id,
            name: &row.name,
            version: &row.version,
            draft,
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

/// WSO2's `APIProduct`.
const KNOWN: &[&str] = &[
    "id",
    "name",
    "displayName",
    "description",
    "context",
    "version",
    "provider",
    "hasThumbnail",
    "state",
    "enableSchemaValidation",
    "isDefaultVersion",
    "isRevision",
    "revisionedApiProductId",
    "revisionId",
    "responseCachingEnabled",
    "cacheTimeout",
    "visibility",
    "visibleRoles",
    "visibleTenants",
    "accessControl",
    "accessControlRoles",
    "apiType",
    "transport",
    "tags",
    "policies",
    "apiThrottlingPolicy",
    "authorizationHeader",
    "apiKeyHeader",
    "securityScheme",
    "subscriptionAvailability",
    "subscriptionAvailableTenants",
    "additionalProperties",
    "additionalPropertiesMap",
    "monetization",
    "businessInformation",
    "corsConfiguration",
    "createdTime",
    "lastUpdatedTime",
    "lastUpdatedTimestamp",
    "gatewayVendor",
    "apis",
    "scopes",
    "categories",
    "workflowStatus",
    "audiences",
    "egress",
];
/// Each is read with its definition.
const MOST_APIS: usize = 50;
