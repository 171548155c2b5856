//! APIs as rows: what every portal reads of them.

pub(crate) mod names;
pub(crate) mod row;
pub(crate) mod scopes;
pub(crate) mod search;
pub(crate) mod secrets;
pub(crate) mod shape;
pub(crate) mod source;
pub(crate) mod write;

pub(crate) use row::ApiRow;
