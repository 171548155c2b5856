//! What gateways read, built from what the database says.

pub(crate) mod catalogue;
pub(crate) mod record;
pub(crate) mod value;
