//! What the fields of a GraphQL API count in a query.

use std::collections::BTreeMap;

use interface::graphql::{self, Schema};
use lifecycle::{
    Draft, Fault,
    draft::{FieldComplexity, MOST_COMPLEXITY, MOST_VALUED_FIELDS},
};
use runtime::{Failure, Outcome};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use super::{graphql::KIND, of_kind};
use crate::{
    apis::{ApiRow, row, source},
    blob,
    call::Call,
    etag,
    publisher::apis,
    refusal,
};

/// `GET /apis/{apiId}/graphql-policies/complexity`
pub(crate) async fn get(call: &Call) -> Outcome<Response> {
    let row = row::of_path(call).await?;
    require(&row)?;
    let draft = row.draft(call).await?;
    etag::generation(call, row.generation, &shown(&draft))
}

/// `PUT /apis/{apiId}/graphql-policies/complexity`
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, expecting = "an object")]
    struct Given {
        #[serde(default)]
        list: Vec<FieldComplexity>,
    }
    let row = of_kind(call, &[KIND]).await?;
    let given: Given = call.json().await?;
    let text = source::read(call, &row, &[KIND], &row.source).await?;
    refusal::unless_empty("400", faults(&given.list, &schema(&text)?))?;
    let draft = Draft {
        name: Some(row.name.clone()),
        version: Some(row.version.clone()),
        context: Some(row.context.clone()),
        graphql_complexity: Some(given.list),
        ..row.draft(call).await?
    };
    let document = row.document(call).await?;
    let row = apis::store(call, &row, &draft, (&document, Vec::new())).await?;
    etag::changed(200, row.generation, &shown(&draft))
}

/// `GET /apis/{apiId}/graphql-policies/complexity/types`
pub(crate) async fn types(call: &Call) -> Outcome<Response> {
    let row = row::of_path(call).await?;
    let text = source::read(call, &row, &[KIND], &row.source).await?;
    etag::generation(call, row.generation, &listed(&schema(&text)?))
}

/// What a gateway's measure needs of them; `None` where every field counts 1.
pub(crate) async fn compiled(call: &Call, draft: &Draft, hash: &str) -> Outcome<Option<String>> {
    let given = draft.graphql_complexity.as_deref().unwrap_or_default();
    if given.is_empty() || hash.is_empty() || draft.kind.as_deref() != Some(KIND) {
        return Ok(None);
    }
    let schema = schema(&blob::read(&call.db, hash).await?)?;
    let of = |it: &FieldComplexity| u32::try_from(it.complexity_value).unwrap_or(1);
    let known: BTreeMap<(&str, &str), u32> = given
        .iter()
        .map(|it| ((it.owner.as_str(), it.field.as_str()), of(it)))
        .collect();
    let values = schema.values(|owner, field| known.get(&(owner, field)).copied().unwrap_or(1));
    if values.is_usual() {
        return Ok(None);
    }
    Ok(Some(serde_json::to_string(&values)?))
}

/// Refuses an API that is none of GraphQL.
pub(crate) fn require(row: &ApiRow) -> Outcome<()> {
    if row.kind == KIND {
        return Ok(());
    }
    let detail = format!("this API of type `{}` has no complexity values", row.kind);
    Err(Failure::because("404", detail))
}

/// The schema of a text that was read when it came.
pub(crate) fn schema(text: &str) -> Outcome<Schema> {
    graphql::read(text).map_err(|_| Failure::Internal("a kept schema is broken".to_owned()))
}

/// WSO2's `GraphQLQueryComplexityInfo`.
pub(crate) fn shown(draft: &Draft) -> Value {
    json!({"list": draft.graphql_complexity.as_deref().unwrap_or_default()})
}

/// WSO2's `GraphQLSchemaTypeList`.
pub(crate) fn listed(schema: &Schema) -> Value {
    let types: Vec<Value> = schema
        .types
        .iter()
        .map(|(name, fields)| {
            let fields: Vec<&str> = fields.iter().map(|(field, _)| field.as_str()).collect();
            json!({"type": name, "fieldList": fields})
        })
        .collect();
    json!({"typeList": types})
}

/// What of `given` the schema lacks, stands twice, or is no value.
fn faults(given: &[FieldComplexity], schema: &Schema) -> Vec<Fault> {
    let fault = |place: String, message: String| Fault { place, message };
    if given.len() > MOST_VALUED_FIELDS {
        let message = format!("has more than {MOST_VALUED_FIELDS} fields");
        return vec![fault("list".to_owned(), message)];
    }
    let mut seen = BTreeMap::new();
    let mut found = Vec::new();
    for (index, it) in given.iter().enumerate() {
        let (owner, field) = (&it.owner, &it.field);
        if !schema.has(owner, field) {
            let message = format!("the schema has no field `{owner}.{field}`");
            found.push(fault(format!("list[{index}].field"), message));
        } else if seen.insert((owner, field), index).is_some() {
            let message = format!("`{owner}.{field}` stands twice");
            found.push(fault(format!("list[{index}].field"), message));
        }
        if !(0..=MOST_COMPLEXITY).contains(&it.complexity_value) {
            let message = format!("is not a whole number from 0 to {MOST_COMPLEXITY}");
            found.push(fault(format!("list[{index}].complexityValue"), message));
        }
    }
    found.truncate(MOST_FAULTS);
    found
}

/// Most faults that are listed: whoever has more mends these first.
const MOST_FAULTS: usize = 50;
