//! Which names are taken. Versions of one API share name and context; another API may have neither.

use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
};
use serde::Deserialize;

use crate::{call::Call, guard};

/// Undoes the batch when name, context and version clash with what is there at that moment.
pub(crate) fn require_free(organization: &str, name: &str, context: &str) -> Statement {
    guard::require(
        "NOT EXISTS (SELECT 1 FROM api WHERE organization = ? \
         AND ((name = ? COLLATE NOCASE AND (context <> ? COLLATE NOCASE OR name <> ?)) \
           OR (context = ? COLLATE NOCASE AND name <> ?)))",
    )
    .bind(organization)
    .bind(name)
    .bind(context)
    .bind(name)
    .bind(context)
    .bind(name)
}

/// Says which of them clashes; nothing when none does.
pub(crate) async fn clash(
    call: &Call,
    name: &str,
    context: &str,
    version: &str,
) -> Outcome<Option<Failure>> {
    #[derive(Deserialize)]
    struct Other {
        name: String,
        context: String,
        version: String,
    }
    let others: Vec<Other> = call
        .db
        .all(
            sql(
                "SELECT name, context, version FROM api WHERE organization = ? \
                 AND (name = ? COLLATE NOCASE OR context = ? COLLATE NOCASE)",
            )
            .bind(call.organization())
            .bind(name)
            .bind(context),
        )
        .await?;
    let same_version = others
        .iter()
        .any(|other| other.name == name && other.version == version);
    if same_version {
        return Ok(Some(Failure::because(
            "900252",
            format!("`{name}` already has the version `{version}`"),
        )));
    }
    let other_name = others
        .iter()
        .find(|other| other.name != name && other.context.eq_ignore_ascii_case(context));
    if let Some(other) = other_name {
        let detail = format!("the context `{context}` belongs to `{}`", other.name);
        return Ok(Some(Failure::because("900251", detail)));
    }
    let other_context = others
        .iter()
        .find(|other| other.name != name || !other.context.eq_ignore_ascii_case(context));
    Ok(other_context.map(|other| {
        let detail = format!(
            "`{}` already exists with the context `{}`",
            other.name, other.context
        );
        Failure::because("900250", detail)
    }))
}
