//! D1 with typed values: integers of 53 bits (the binding's own type has 32), one batch for every multi-row write.

use std::cell::RefCell;

use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;
use worker::{D1Database, D1PreparedStatement};

use crate::{Failure, Outcome};

/// A value bound to a `?`.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// SQL TEXT.
    Text(String),
    /// SQL INTEGER; exact up to 2^53, which milliseconds stay below for 280,000 years.
    Integer(i64),
    /// SQL NULL.
    Null,
}

/// The API Manager database.
pub struct Db {
    database: D1Database,
    /// What goes with the next batch.
    riders: RefCell<Vec<Statement>>,
}

/// One statement with its values, ready to run or to be part of a batch.
#[derive(Clone, Debug)]
pub struct Statement {
    sql: String,
    values: Vec<Value>,
    /// What its batch begins with.
    led_by: Option<Box<Self>>,
}

/// A statement; values are bound by [`Statement::bind`] in the order of the `?`s.
pub fn sql(text: impl Into<String>) -> Statement {
    Statement {
        sql: text.into(),
        values: Vec::new(),
        led_by: None,
    }
}

impl Statement {
    /// Binds the next `?`.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Has `first` run before everything else of the batch that this statement is a part of.
    #[must_use]
    pub fn led_by(mut self, first: Self) -> Self {
        self.led_by = Some(Box::new(first));
        self
    }
}

impl Db {
    /// The database bound as `DB`.
    ///
    /// # Errors
    /// When the Worker has no such binding.
    pub fn of(env: &worker::Env) -> Outcome<Self> {
        Ok(Self {
            database: env.d1("DB")?,
            riders: RefCell::default(),
        })
    }

    /// Every row of a query.
    ///
    /// # Errors
    /// When the database refuses, or a row is not a `T`.
    pub async fn all<T: DeserializeOwned>(&self, statement: Statement) -> Outcome<Vec<T>> {
        Ok(self.prepare(statement)?.all().await?.results()?)
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// As [`Self::all`].
    pub async fn first<T: DeserializeOwned>(&self, statement: Statement) -> Outcome<Option<T>> {
        Ok(self.all(statement).await?.into_iter().next())
    }

    /// The first row of each of two queries, in one round trip and of one moment.
    ///
    /// # Errors
    /// As [`Self::all`].
    pub async fn both<A: DeserializeOwned, B: DeserializeOwned>(
        &self,
        one: Statement,
        other: Statement,
    ) -> Outcome<(Option<A>, Option<B>)> {
        let prepared = vec![self.prepare(one)?, self.prepare(other)?];
        let mut results = self.database.batch(prepared).await?.into_iter();
        let (Some(one), Some(other)) = (results.next(), results.next()) else {
            return Err(Failure::Internal("D1 answered half a batch".to_owned()));
        };
        let (one, other): (Vec<A>, Vec<B>) = (one.results()?, other.results()?);
        Ok((one.into_iter().next(), other.into_iter().next()))
    }

    /// Has a statement run with the next batch, whichever that is: it is done when that is, and not otherwise.
    pub fn ride(&self, statement: Statement) {
        self.riders.borrow_mut().push(statement);
    }

    /// Whether what was to ride has not ridden yet.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        !self.riders.borrow().is_empty()
    }

    /// Runs one statement; how many rows it changed.
    ///
    /// # Errors
    /// [`Failure::Problem`] 409 when a unique index refuses; otherwise as [`Self::all`].
    pub async fn run(&self, statement: Statement) -> Outcome<usize> {
        Ok(self.batch(vec![statement]).await?.into_iter().sum())
    }

    /// Runs all statements in one transaction: all or nothing. How many rows each changed, leaders and riders not counted.
    ///
    /// # Errors
    /// [`Failure::Problem`] 409 when a unique index refuses (the caller says what exists); otherwise internal.
    pub async fn batch(&self, mut statements: Vec<Statement>) -> Outcome<Vec<usize>> {
        let leaders: Vec<Statement> = statements
            .iter_mut()
            .filter_map(|statement| statement.led_by.take())
            .map(|leader| *leader)
            .collect();
        let (led, own) = (leaders.len(), statements.len());
        let riders = self.riders.take();
        let prepared = leaders
            .into_iter()
            .chain(statements)
            .chain(riders)
            .map(|statement| self.prepare(statement))
            .collect::<Outcome<Vec<_>>>()?;
        let results = self
            .database
            .batch(prepared)
            .await
            .map_err(|error| refused(&error))?;
        results
            .into_iter()
            .skip(led)
            .take(own)
            .map(|result| {
                Ok(result
                    .meta()?
                    .and_then(|meta| meta.changes)
                    .unwrap_or_default())
            })
            .collect()
    }

    fn prepare(&self, statement: Statement) -> Outcome<D1PreparedStatement> {
        let values: Vec<JsValue> = statement.values.iter().map(Value::to_js).collect();
        Ok(self.database.prepare(statement.sql).bind(&values)?)
    }
}

/// A unique index that refuses is the client's conflict, everything else is ours.
fn refused(error: &worker::Error) -> Failure {
    let text = error.to_string();
    if text.contains("UNIQUE constraint failed") {
        let columns = text
            .split("UNIQUE constraint failed:")
            .nth(1)
            .unwrap_or_default();
        return Failure::because(
            "409",
            format!("already taken: `{}`", unique_columns(columns)),
        );
    }
    Failure::Internal(text)
}

/// `api.name` of ` api.organization, api.name: SQLITE_CONSTRAINT`; the organization is no news to the client.
fn unique_columns(text: &str) -> String {
    text.split(':')
        .next()
        .unwrap_or_default()
        .split(',')
        .map(str::trim)
        .filter(|column| !column.ends_with(".organization"))
        .collect::<Vec<_>>()
        .join("`, `")
}

impl Value {
    fn to_js(&self) -> JsValue {
        match self {
            Self::Text(text) => JsValue::from_str(text),
            Self::Integer(number) => JsValue::from_f64(*number as f64),
            Self::Null => JsValue::NULL,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Integer(i64::from(flag))
    }
}

impl From<model::Timestamp> for Value {
    fn from(moment: model::Timestamp) -> Self {
        Self::Integer(moment.0)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
