//! An expression that was read.

use crate::{Field, Pattern, call::Table};

#[derive(Clone, Debug)]
pub(crate) enum Node {
    Null,
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(Box<str>),
    List(Vec<Self>),
    Field(Field),
    /// Searched or looked up, never a value by itself.
    Table(Table),
    /// `has(application.name)`
    HasField(Field),
    Entry(Table, Box<Self>),
    /// `has(request.headers.name)`, `'name' in request.headers`
    HasEntry(Table, Box<Self>),
    Member(Box<Self>, Box<Self>),
    /// `has(claims.realm.roles)`
    HasMember(Box<Self>, Box<Self>),
    /// The value that `exists` or `all` is at, counted from the outermost.
    Local(usize),
    Not(Box<Self>),
    Negative(Box<Self>),
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    If(Box<[Self; 3]>),
    Compare(Comparison, Box<Self>, Box<Self>),
    Compute(Arithmetic, Box<Self>, Box<Self>),
    In(Box<Self>, Box<Self>),
    Test(TextTest, Box<Self>, Box<Self>),
    Matches(Box<Self>, Pattern),
    Convert(Conversion, Box<Self>),
    /// `exists` (or, if not, `all`): a list, and what is asked of each of its values.
    Each {
        exists: bool,
        list: Box<Self>,
        asked: Box<Self>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextTest {
    StartsWith,
    EndsWith,
    Contains,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Conversion {
    Size,
    Int,
    Double,
    Text,
    Lower,
    Upper,
}
