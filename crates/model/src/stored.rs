//! Reading what the control plane has written, whatever it is.
//!
//! The readers that serde derives are large, and none is on a call's way. They are made here, in a crate that is compiled
//! for size (`Cargo.toml`), and not where they are used.

use serde_json::Value;

use crate::{
    ApiKeyRecord, ApplicationRecord, Catalog, ClientRecord, Deployment, PolicySet, SCHEMA_VERSION,
    Shard, Trust,
};

/// A value that the control plane writes and gateways hold.
pub trait Stored: Sized {
    /// Reads a value, refusing one of a newer schema before its shape is looked at.
    ///
    /// # Errors
    /// What to tell the log.
    fn read(text: &str) -> Result<Self, String>;
}

macro_rules! stored {
    ($($kind:ty),+) => {
        $(impl Stored for $kind {
            fn read(text: &str) -> Result<Self, String> {
                serde_json::from_value(value(text)?).map_err(|error| error.to_string())
            }
        })+
    };
}

stored!(
    ApiKeyRecord,
    ApplicationRecord,
    Catalog,
    ClientRecord,
    Deployment,
    PolicySet,
    Shard,
    Trust
);

fn value(text: &str) -> Result<Value, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let schema = value
        .get("schema")
        .and_then(Value::as_u64)
        .unwrap_or_default();
    if schema > u64::from(SCHEMA_VERSION) {
        return Err(format!(
            "schema {schema} is newer than {SCHEMA_VERSION}; update this gateway"
        ));
    }
    Ok(value)
}
