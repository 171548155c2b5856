//! The complexity values of an API, with as much of its schema as it takes to find them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// Complexity values by type and field. A field that is not here counts 1.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Values {
    /// The type of each root: `query`, `mutation`, `subscription`.
    pub roots: BTreeMap<String, String>,
    /// Fields by type and name: those with a value, and those that lead to one.
    pub types: BTreeMap<String, BTreeMap<String, Field>>,
}

/// A field of a type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// What it counts.
    pub value: u32,
    /// The type that it is of, without lists.
    pub of: String,
}

impl Values {
    /// Those of a schema, without what leads to no value: what counts 1 need not be known.
    #[must_use]
    pub fn of(
        roots: BTreeMap<String, String>,
        types: BTreeMap<String, BTreeMap<String, Field>>,
    ) -> Self {
        let leading = leading(&types);
        let mut kept = types;
        kept.retain(|_, fields| {
            fields.retain(|_, it| it.value != 1 || leading.contains(&it.of));
            !fields.is_empty()
        });
        if kept.is_empty() {
            return Self::default();
        }
        Self { roots, types: kept }
    }

    /// Does every field count 1?
    #[must_use]
    pub fn is_usual(&self) -> bool {
        self.types.is_empty()
    }

    pub(crate) fn root(&self, operation: &str) -> Option<&str> {
        self.roots.get(operation).map(String::as_str)
    }

    pub(crate) fn field(&self, of: Option<&str>, name: &str) -> Option<&Field> {
        self.types.get(of?)?.get(name)
    }
}

/// Types from which a value can be reached.
fn leading(types: &BTreeMap<String, BTreeMap<String, Field>>) -> BTreeSet<String> {
    let mut from: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut open = Vec::new();
    for (name, fields) in types {
        for field in fields.values() {
            from.entry(&field.of).or_default().push(name);
        }
        if fields.values().any(|it| it.value != 1) {
            open.push(name.as_str());
        }
    }
    let mut found = BTreeSet::new();
    while let Some(name) = open.pop() {
        if found.insert(name.to_owned()) {
            open.extend(from.get(name).into_iter().flatten());
        }
    }
    found
}
