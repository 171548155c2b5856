//! What parts of an expression come to.

use std::{borrow::Cow, cmp::Ordering};

use serde_json::Value as Json;

#[derive(Clone, Debug)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(Cow<'a, str>),
    List(Vec<Self>),
    /// An array or an object of a claim.
    Json(&'a Json),
}

impl<'a> Value<'a> {
    pub(crate) fn of(json: &'a Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(it) => Self::Bool(*it),
            Json::Number(number) => number.as_i64().map_or_else(
                || Self::Double(number.as_f64().unwrap_or(f64::NAN)),
                Self::Int,
            ),
            Json::String(text) => Self::Text(Cow::Borrowed(text)),
            Json::Array(_) | Json::Object(_) => Self::Json(json),
        }
    }

    /// Number of values in a list; `None` for what is none.
    pub(crate) fn length(&self) -> Option<usize> {
        match self {
            Self::List(values) => Some(values.len()),
            Self::Json(Json::Array(values)) => Some(values.len()),
            Self::Null
            | Self::Bool(_)
            | Self::Int(_)
            | Self::Double(_)
            | Self::Text(_)
            | Self::Json(_) => None,
        }
    }

    /// A value of a list.
    pub(crate) fn at(&self, index: usize) -> Option<Self> {
        match self {
            Self::List(values) => values.get(index).cloned(),
            Self::Json(json) => json.get(index).map(Self::of),
            Self::Null | Self::Bool(_) | Self::Int(_) | Self::Double(_) | Self::Text(_) => None,
        }
    }

    /// What an object has under a name, or a list at a place.
    pub(crate) fn member(&self, key: &Self) -> Option<Self> {
        match (self, key) {
            (Self::Json(Json::Object(object)), Self::Text(name)) => {
                object.get(name.as_ref()).map(Self::of)
            }
            (list, Self::Int(index)) => list.at(usize::try_from(*index).ok()?),
            _ => None,
        }
    }

    /// As CEL compares: numbers by their value whatever their type, unlike things are not equal.
    pub(crate) fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(one), Self::Bool(two)) => one == two,
            (Self::Text(one), Self::Text(two)) => one == two,
            (Self::Json(one), Self::Json(two)) => one == two,
            (Self::Int(_) | Self::Double(_), Self::Int(_) | Self::Double(_)) => {
                self.order(other) == Some(Ordering::Equal)
            }
            _ => match (self.length(), other.length()) {
                (Some(one), Some(two)) => {
                    one == two && (0..one).all(|index| self.equals_at(other, index))
                }
                _ => false,
            },
        }
    }

    fn equals_at(&self, other: &Self, index: usize) -> bool {
        self.at(index)
            .zip(other.at(index))
            .is_some_and(|(one, two)| one.equals(&two))
    }

    /// `None` for unlike things.
    pub(crate) fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Int(one), Self::Int(two)) => Some(one.cmp(two)),
            (Self::Text(one), Self::Text(two)) => Some(one.cmp(two)),
            (Self::Bool(one), Self::Bool(two)) => Some(one.cmp(two)),
            _ => self.as_double()?.partial_cmp(&other.as_double()?),
        }
    }

    pub(crate) const fn as_double(&self) -> Option<f64> {
        match self {
            Self::Int(number) => Some(*number as f64),
            Self::Double(number) => Some(*number),
            Self::Null | Self::Bool(_) | Self::Text(_) | Self::List(_) | Self::Json(_) => None,
        }
    }

    /// What it takes to look at it.
    pub(crate) fn steps(&self) -> usize {
        match self {
            Self::Text(text) => text.len() / BYTES_A_STEP,
            Self::Null | Self::Bool(_) | Self::Int(_) | Self::Double(_) | Self::Json(_) => 0,
            Self::List(values) => values.len(),
        }
    }
}

/// Bytes that are compared or copied in the time of one step.
const BYTES_A_STEP: usize = 16;
