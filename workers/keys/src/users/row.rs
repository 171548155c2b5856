//! Reading people.

use runtime::{Failure, Outcome, db::sql};
use serde::{Deserialize, Serialize};

use crate::call::{Call, ORGANIZATION};

/// A person as the admin API shows them; never the password's hash.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) username: String,
    pub(crate) email: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) status: String,
    pub(crate) roles: Vec<String>,
    pub(crate) created_at: String,
}

/// A role as the admin API shows it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Role {
    pub(crate) name: String,
    pub(crate) description: String,
}

/// The person of this id.
///
/// # Errors
/// 900603 when there is none.
pub(crate) async fn one(call: &Call, id: &str) -> Outcome<User> {
    let statement = sql(format!("{SELECT} AND u.id = ?"));
    let row: Option<Row> = call.db.first(statement.bind(ORGANIZATION).bind(id)).await?;
    row.ok_or_else(|| Failure::code("900603"))?.user()
}

/// A page of people by name, and how many there are in all.
pub(crate) async fn page(call: &Call, limit: i64, offset: i64) -> Outcome<(Vec<User>, i64)> {
    let statement = sql(format!("{SELECT} ORDER BY u.username LIMIT ? OFFSET ?"));
    let rows: Vec<Row> = call
        .db
        .all(statement.bind(ORGANIZATION).bind(limit).bind(offset))
        .await?;
    let users = rows.into_iter().map(Row::user).collect::<Outcome<_>>()?;
    let all = sql("SELECT count(*) AS number FROM user WHERE organization = ?");
    let total: Option<Count> = call.db.first(all.bind(ORGANIZATION)).await?;
    Ok((users, total.map_or(0, |total| total.number)))
}

/// The roles of a person, sorted.
pub(crate) async fn roles_of(call: &Call, user_id: &str) -> Outcome<Vec<String>> {
    let list = sql("SELECT role FROM user_role WHERE user_id = ? ORDER BY role");
    let rows: Vec<RoleRow> = call.db.all(list.bind(user_id)).await?;
    Ok(rows.into_iter().map(|row| row.role).collect())
}

/// Every role.
pub(crate) async fn roles(call: &Call) -> Outcome<Vec<Role>> {
    let statement = sql("SELECT name, description FROM role WHERE organization = ? ORDER BY name");
    call.db.all(statement.bind(ORGANIZATION)).await
}

const SELECT: &str = "SELECT u.id, u.username, u.email, u.display_name, u.status, \
    (SELECT json_group_array(r.role) FROM user_role r WHERE r.user_id = u.id) AS roles, \
    strftime('%Y-%m-%dT%H:%M:%SZ', u.created_at / 1000, 'unixepoch') AS created_at \
    FROM user u WHERE u.organization = ?";

#[derive(Deserialize)]
struct Row {
    id: String,
    username: String,
    email: Option<String>,
    display_name: Option<String>,
    status: String,
    roles: String,
    created_at: String,
}

impl Row {
    fn user(self) -> Outcome<User> {
        Ok(User {
            id: self.id,
            username: self.username,
            email: self.email,
            display_name: self.display_name,
            status: self.status,
            roles: serde_json::from_str(&self.roles)?,
            created_at: self.created_at,
        })
    }
}

#[derive(Deserialize)]
struct RoleRow {
    role: String,
}

#[derive(Deserialize)]
struct Count {
    number: i64,
}
