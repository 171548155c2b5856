//! People: their rows, and the one place where a password is compared.

use credential::sha256_hex;
use model::Timestamp;
use oauth::{Beneficiary, ErrorKind, OauthError, is_system};
use people::{Attempts, Factors, attempt_window, judge_attempts};
use runtime::{
    Failure, Outcome,
    db::{Statement, sql},
};
use serde::Deserialize;

use crate::{
    call::{Call, ORGANIZATION},
    password,
    stop::Step,
};

/// A person who may act: active, with today's roles.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) username: String,
    pub(crate) email: Option<String>,
    pub(crate) display_name: Option<String>,
    /// The roles that count: those that need a second factor do so only for who has one.
    pub(crate) roles: Vec<String>,
    /// The roles that do not count for want of a second factor.
    pub(crate) withheld_roles: Vec<String>,
    pub(crate) factors: Factors,
    /// System scopes of the roles.
    pub(crate) scopes: Vec<String>,
    pub(crate) tokens_valid_from: Timestamp,
}

impl Person {
    /// As the beneficiary of a token.
    pub(crate) fn beneficiary(&self, by_management_client: bool) -> Beneficiary<'_> {
        Beneficiary::User {
            roles: &self.roles,
            by_management_client,
        }
    }

    pub(crate) fn is_admin(&self) -> bool {
        self.roles.iter().any(|role| role == "admin")
    }
}

/// The active person of this id.
pub(crate) async fn by_id(call: &Call, id: &str) -> Outcome<Option<Person>> {
    let row = call.db.first::<Row>(select("id", id)).await?;
    row.filter(Row::is_active).map(Row::person).transpose()
}

/// The active person of this username.
pub(crate) async fn by_name(call: &Call, username: &str) -> Outcome<Option<Person>> {
    let row = call.db.first::<Row>(select("username", username)).await?;
    row.filter(Row::is_active).map(Row::person).transpose()
}

/// Who has this username and password, for tools that show nothing else? Whoever has a second factor signs in by the
/// browser, where it can be asked for.
///
/// # Errors
/// `invalid_grant`, or `slow_down`.
pub(crate) async fn sign_in(call: &Call, username: &str, password: &str) -> Step<Person> {
    sign_in_from(call, username, password, &call.address()?).await
}

/// As [`sign_in`], of a client at this address, which another Worker vouches for.
///
/// # Errors
/// As [`sign_in`].
pub(crate) async fn sign_in_from(
    call: &Call,
    username: &str,
    password: &str,
    address: &str,
) -> Step<Person> {
    let person = prove(call, username, password, address).await?;
    if person.factors.are_asked_for() {
        return Err(OauthError::new(
            ErrorKind::InvalidGrant,
            "this account has a second factor; sign in with the browser, by the authorization code grant",
        )
        .into());
    }
    Ok(person)
}

/// Who has this username and password? Guesses are slowed down before and after the password is compared: before, to
/// spare the work; after, because others may have been wrong meanwhile, and a guesser must not be told that the sixth
/// guess was right. An unknown name takes as long as a known one.
///
/// # Errors
/// `invalid_grant`, or `slow_down`.
pub(crate) async fn prove_password(call: &Call, username: &str, password: &str) -> Step<Person> {
    prove(call, username, password, &call.address()?).await
}

async fn prove(call: &Call, username: &str, password: &str, address: &str) -> Step<Person> {
    password::require_room(call.now)?;
    let subjects = subjects(username, address);
    let window = attempt_window(call.now);
    let wait = |attempts| judge_attempts(attempts, call.now).map_err(OauthError::slow_down);
    let person = select("username", username);
    let (before, row): (Option<Attempts>, Option<Row>) =
        call.db.both(attempts(&subjects, window), person).await?;
    wait(counted(before)?)?;
    let hash = row.as_ref().map(|row| row.password_hash.as_str());
    // People of other providers have none.
    let hash = hash.filter(|hash| !hash.is_empty());
    let is_right = password::matches(&call.env, password, hash).await?;
    let after = call.db.first(attempts(&subjects, window)).await?;
    wait(counted(after)?)?;
    match row.filter(|row| is_right && row.is_active()) {
        Some(row) => Ok(row.person()?),
        None => {
            call.db.run(failed(&subjects, window)).await?;
            Err(OauthError::password().into())
        }
    }
}

fn select(column: &str, value: &str) -> Statement {
    let counts = counts();
    sql(format!(
        "SELECT u.id, u.username, u.email, u.display_name, u.password_hash, u.status, {VALID_FROM} AS tokens_valid_from, \
         {HAS_TOTP} AS has_totp, {HAS_PASSKEY} AS has_passkey, \
         EXISTS (SELECT 1 FROM recovery_code c WHERE c.user_id = u.id AND c.used_at IS NULL) AS has_recovery_code, \
         (SELECT json_group_array(r.role) FROM user_role r WHERE r.user_id = u.id AND {counts}) AS roles, \
         (SELECT json_group_array(r.role) FROM user_role r WHERE r.user_id = u.id AND NOT {counts}) AS withheld_roles, \
         (SELECT json_group_array(DISTINCT s.scope) FROM granted_role s JOIN user_role r \
          ON r.role = s.role AND r.organization = s.organization WHERE r.user_id = u.id AND {counts}) AS scopes \
         FROM user u WHERE u.organization = ? AND u.{column} = ?"
    ))
    .bind(ORGANIZATION)
    .bind(value)
}

/// Of a query with a `user` as `u` and a `user_role` as `r`: does the role count?
pub(crate) fn counts() -> String {
    format!("({NEEDS_NONE} OR {HAS_TOTP} OR {HAS_PASSKEY})")
}

/// Account at this address, address, account. The account by its digest: a name as long as a body is a subject too.
fn subjects(username: &str, address: &str) -> [String; 3] {
    let account = sha256_hex(&username.to_lowercase());
    [
        format!("pair:{ORGANIZATION}/{account}/{address}"),
        format!("ip:{address}"),
        format!("user:{ORGANIZATION}/{account}"),
    ]
}

/// One row of [`Attempts`].
fn attempts([pair, address, account]: &[String; 3], window: Timestamp) -> Statement {
    sql(
        "SELECT coalesce(max(CASE subject WHEN ? THEN failures END), 0) AS pair, \
         coalesce(max(CASE subject WHEN ? THEN failures END), 0) AS address, \
         coalesce(max(CASE subject WHEN ? THEN failures END), 0) AS account \
         FROM sign_in_failure WHERE window_start = ? AND subject IN (?, ?, ?)",
    )
    .bind(pair)
    .bind(address)
    .bind(account)
    .bind(window)
    .bind(pair)
    .bind(address)
    .bind(account)
}

fn counted(row: Option<Attempts>) -> Outcome<Attempts> {
    row.ok_or_else(|| Failure::Internal("failures were not counted".to_owned()))
}

fn failed(subjects: &[String; 3], window: Timestamp) -> Statement {
    let list = serde_json::json!(subjects).to_string();
    sql(
        "INSERT INTO sign_in_failure (subject, window_start, failures) \
         SELECT value, ?, 1 FROM json_each(?) WHERE true \
         ON CONFLICT (subject, window_start) DO UPDATE SET failures = failures + 1",
    )
    .bind(window)
    .bind(list)
}

#[derive(Deserialize)]
struct Row {
    id: String,
    username: String,
    email: Option<String>,
    display_name: Option<String>,
    password_hash: String,
    status: String,
    tokens_valid_from: i64,
    has_totp: i64,
    has_passkey: i64,
    has_recovery_code: i64,
    roles: String,
    withheld_roles: String,
    scopes: String,
}

impl Row {
    fn is_active(&self) -> bool {
        self.status == "ACTIVE"
    }

    fn person(self) -> Outcome<Person> {
        let mut scopes: Vec<String> = serde_json::from_str(&self.scopes)?;
        scopes.retain(|scope| is_system(scope));
        Ok(Person {
            id: self.id,
            username: self.username,
            email: self.email,
            display_name: self.display_name,
            roles: serde_json::from_str(&self.roles)?,
            withheld_roles: serde_json::from_str(&self.withheld_roles)?,
            factors: Factors {
                totp: self.has_totp != 0,
                passkey: self.has_passkey != 0,
                recovery_code: self.has_recovery_code != 0,
            },
            scopes,
            tokens_valid_from: Timestamp(self.tokens_valid_from),
        })
    }
}

/// A name that somebody had before: that one's tokens stay refused, and the new one's are issued after them.
const VALID_FROM: &str = "max(u.tokens_valid_from, coalesce((SELECT v.before FROM revoked_user v \
    WHERE v.organization = u.organization AND v.username = u.username), 0))";
const HAS_TOTP: &str =
    "EXISTS (SELECT 1 FROM totp t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL)";
const HAS_PASSKEY: &str = "EXISTS (SELECT 1 FROM passkey k WHERE k.user_id = u.id)";
/// The role is none of those that the policy gives to people with a second factor only.
const NEEDS_NONE: &str = "r.role NOT IN (SELECT n.value FROM people_policy p, \
    json_each(p.body, '$.secondFactorRoles') n WHERE p.organization = u.organization)";
