//! `/system-scopes/role-aliases`: other names of roles, for people whose roles come from elsewhere. Whoever has an alias may be
//! granted the system scopes of the role.

use std::collections::{BTreeMap, BTreeSet};

use lifecycle::Fault;
use runtime::{Outcome, db::sql, reply};
use serde::Deserialize;
use serde_json::{Value, json};
use worker::Response;

use crate::{apis::write, call::Call, refusal, roles};

/// `GET /system-scopes/role-aliases`
pub(crate) async fn list(call: &Call) -> Outcome<Response> {
    #[derive(Deserialize)]
    struct Row {
        role: String,
        alias: String,
    }
    let query = "SELECT role, alias FROM role_alias WHERE organization = ? ORDER BY role, alias";
    let rows: Vec<Row> = call.db.all(sql(query).bind(call.organization())).await?;
    let mut aliases: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows {
        aliases.entry(row.role).or_default().push(row.alias);
    }
    let list: Vec<Value> = aliases
        .iter()
        .map(|(role, aliases)| json!({"role": role, "aliases": aliases}))
        .collect();
    reply::json(200, &json!({"count": list.len(), "list": list}))
}

/// `PUT /system-scopes/role-aliases`: these, and no others.
pub(crate) async fn update(call: &Call) -> Outcome<Response> {
    let body: Body = call.json().await?;
    let pairs = body.pairs(&roles::all(call).await?)?;
    let statements = vec![
        sql("DELETE FROM role_alias WHERE organization = ?").bind(call.organization()),
        sql("INSERT INTO role_alias (organization, role, alias) \
             SELECT ?, json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?)")
        .bind(call.organization())
        .bind(json!(pairs).to_string()),
        write::audit(call, "role-alias.update", call.organization())?,
    ];
    call.db.batch(statements).await?;
    list(call).await
}

/// WSO2's `RoleAliasList`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Body {
    #[serde(rename = "count")]
    _count: Option<Value>,
    list: Vec<Alias>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object")]
struct Alias {
    role: String,
    aliases: Vec<String>,
}

impl Body {
    /// Each role with each of its aliases, once.
    fn pairs(&self, known: &[String]) -> Outcome<BTreeSet<(&str, &str)>> {
        let mut faults = Vec::new();
        let mut pairs = BTreeSet::new();
        for (index, one) in self.list.iter().enumerate() {
            if !known.contains(&one.role) {
                faults.push(Fault {
                    place: format!("list[{index}].role"),
                    message: format!("there is no role `{}`", one.role),
                });
            }
            for (place, alias) in one.aliases.iter().enumerate() {
                if !known.contains(alias) {
                    faults.push(Fault {
                        place: format!("list[{index}].aliases[{place}]"),
                        message: format!("there is no role `{alias}`"),
                    });
                }
                // A role is what it is anyway.
                if *alias != one.role {
                    pairs.insert((one.role.as_str(), alias.as_str()));
                }
            }
        }
        if pairs.len() > MOST {
            faults.push(Fault {
                place: "list".to_owned(),
                message: format!("has more than {MOST} aliases"),
            });
        }
        refusal::unless_empty("400", faults)?;
        Ok(pairs)
    }
}

const MOST: usize = 500;
