//! What the settings of the portals have in common.

use crate::routes::{Access, Tables};

/// Every scope that some operation of a table accepts, each once, by name.
pub(crate) fn scopes(tables: Tables) -> Vec<&'static str> {
    let mut scopes: Vec<&'static str> = tables
        .iter()
        .copied()
        .flatten()
        .flat_map(|route| match route.access {
            Access::Any(scopes) => scopes,
            Access::Open => &[],
        })
        .copied()
        .collect();
    scopes.sort_unstable();
    scopes.dedup();
    scopes
}
