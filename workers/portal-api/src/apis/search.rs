//! Lists of APIs: conditions as SQL with bound values, one page, and how many there are.

use lifecycle::search::{self, Condition};
use runtime::{Outcome, Value, db::sql};
use serde::Deserialize;

use super::{
    ApiRow,
    row::{COLUMNS, Noun},
};
use crate::{call::Call, page::Page};

/// What a list is narrowed to.
pub(crate) struct Filter {
    clauses: Vec<String>,
    values: Vec<Value>,
}

impl Filter {
    /// The APIs of the caller's organization that meet `query`.
    pub(crate) fn asked(call: &Call) -> Self {
        let conditions = search::parse(call.query("query").unwrap_or_default(), KEYS);
        Self::meeting(call, &conditions)
    }

    /// Those that meet each condition.
    pub(crate) fn meeting(call: &Call, conditions: &[Condition]) -> Self {
        let mut filter = Self::everything(call);
        for condition in conditions {
            filter.meet(condition);
        }
        filter
    }

    /// As one clause with its values.
    pub(crate) fn into_clause(self) -> (String, Vec<Value>) {
        (self.clauses.join(" AND "), self.values)
    }

    /// Every API of the caller's organization.
    pub(crate) fn everything(call: &Call) -> Self {
        Self {
            clauses: vec!["organization = ?".to_owned()],
            values: vec![call.organization().into()],
        }
    }

    /// Those that meet each condition as a whole, upper and lower case being the same.
    pub(crate) fn exactly(call: &Call, conditions: &[Condition]) -> Self {
        let mut filter = Self::everything(call);
        for condition in conditions {
            filter.meet(&Condition {
                exact: true,
                ..condition.clone()
            });
        }
        filter
    }

    /// Only APIs, or only products.
    pub(crate) fn of(mut self, noun: Noun) -> Self {
        let is = match noun {
            Noun::Api => "<>",
            Noun::Product => "=",
        };
        self.and(format!("kind {is} ?"), vec![lifecycle::PRODUCT.into()]);
        self
    }

    /// Adds a clause with its values.
    pub(crate) fn and(&mut self, clause: impl Into<String>, values: Vec<Value>) {
        self.clauses.push(clause.into());
        self.values.extend(values);
    }

    fn meet(&mut self, condition: &Condition) {
        let column = match condition.key.as_str() {
            "" | "name" => "name",
            "version" => "version",
            "context" => "context",
            "provider" => "provider",
            "status" | "lcstate" => "state",
            "type" => "kind",
            "description" => "description",
            "tag" | "tags" => return self.meet_in("json_each(tags)", condition),
            "label" | "labels" => {
                return self.and(
                    "EXISTS (SELECT 1 FROM api_label JOIN label ON label.id = label_id WHERE api_label.api_id = api.id \
                     AND label.name = ?)",
                    vec![condition.value.as_str().into()],
                );
            }
            "api-category" => return self.meet_in("json_each(card, '$.categories')", condition),
            _ => return,
        };
        if condition.exact || column == "state" || column == "kind" {
            self.and(
                format!("{column} = ? COLLATE NOCASE"),
                vec![condition.value.as_str().into()],
            );
        } else {
            self.and(
                format!("instr(lower({column}), ?) > 0"),
                vec![search::needle(&condition.value).into()],
            );
        }
    }

    fn meet_in(&mut self, list: &str, condition: &Condition) {
        self.and(
            format!("EXISTS (SELECT 1 FROM {list} AS item WHERE item.value = ? COLLATE NOCASE)"),
            vec![condition.value.as_str().into()],
        );
    }

    /// One page of rows, and how many there are in all.
    pub(crate) async fn page(self, call: &Call, page: Page) -> Outcome<(Vec<ApiRow>, i64)> {
        #[derive(Deserialize)]
        struct Count {
            total: i64,
        }
        let conditions = self.clauses.join(" AND ");
        let with = |text: String| {
            self.values
                .iter()
                .cloned()
                .fold(sql(text), |query, value| query.bind(value))
        };
        let rows = with(format!(
            "SELECT {COLUMNS} FROM api WHERE {conditions} ORDER BY {} LIMIT ? OFFSET ?",
            order(call)
        ))
        .bind(page.limit)
        .bind(page.offset);
        let count: Option<Count> = call
            .db
            .first(with(format!(
                "SELECT count(*) AS total FROM api WHERE {conditions}"
            )))
            .await?;
        Ok((
            call.db.all(rows).await?,
            count.map_or(0, |count| count.total),
        ))
    }
}

/// `sortBy` and `sortOrder` as SQL; unknown words sort by name.
fn order(call: &Call) -> String {
    let column = match call.query("sortBy") {
        Some("version") => "version",
        Some("createdTime") => "created_at",
        Some("status" | "lifeCycleStatus") => "state",
        _ => "name COLLATE NOCASE",
    };
    let direction = if call.query("sortOrder") == Some("desc") {
        "DESC"
    } else {
        "ASC"
    };
    format!("{column} {direction}, version {direction}, id {direction}")
}

pub(crate) const KEYS: &[&str] = &[
    "name",
    "version",
    "context",
    "provider",
    "status",
    "lcState",
    "type",
    "description",
    "tag",
    "tags",
    "api-category",
    "label",
    "labels",
];
