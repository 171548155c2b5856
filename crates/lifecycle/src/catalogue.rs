//! From routes to the immutable shards that gateways load.

use std::collections::BTreeMap;

use model::{Hash, Route, SCHEMA_VERSION, Shard, shard_of};

/// A shard ready to be written: its number, its name and its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedShard {
    /// Which of the [`model::SHARD_COUNT`] it is.
    pub number: u16,
    /// Its name in KV.
    pub name: Hash,
    /// Its value in KV.
    pub json: String,
}

/// Lays routes out in shards. The same routes in any order give the same names; empty shards are left out.
///
/// # Errors
/// When a shard cannot be written as JSON, which no route can bring about.
pub fn shards(routes: Vec<Route>) -> Result<Vec<NamedShard>, serde_json::Error> {
    let mut sorted: BTreeMap<u16, Vec<Route>> = BTreeMap::new();
    for route in routes {
        sorted
            .entry(shard_of(&route.base_path))
            .or_default()
            .push(route);
    }
    sorted
        .into_iter()
        .map(|(number, mut routes)| {
            routes.sort_by(|a, b| (&a.base_path, &a.host).cmp(&(&b.base_path, &b.host)));
            let json = serde_json::to_string(&Shard {
                schema: SCHEMA_VERSION,
                routes,
            })?;
            Ok(NamedShard {
                number,
                name: Hash::of(json.as_bytes()),
                json,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(base_path: &str) -> Route {
        Route {
            base_path: base_path.to_owned(),
            host: None,
            api: "api".into(),
            deployment: "hash".into(),
        }
    }

    #[test]
    fn order_of_routes_changes_no_name() {
        let forward = shards(vec![route("/a/1"), route("/a/2"), route("/b/1")]).unwrap();
        let backward = shards(vec![route("/b/1"), route("/a/2"), route("/a/1")]).unwrap();
        assert_eq!(forward, backward);
    }

    #[test]
    fn a_base_path_and_its_alias_share_a_shard() {
        let found = shards(vec![route("/petstore/1.0.0"), route("/petstore")]).unwrap();
        assert_eq!(found.len(), 1);
    }
}
