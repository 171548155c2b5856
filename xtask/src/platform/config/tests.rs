//! A Worker's bindings are written down three times: for a local run, for production, for stock workerd.

use std::collections::BTreeSet;

use toml::{Table, Value};

use super::read;
use crate::house::{House, WORKERS};

#[test]
fn production_has_every_local_binding() -> anyhow::Result<()> {
    let house = House::find()?;
    for worker in WORKERS {
        let config = read(&house.config(worker))?;
        let production = config.get("env").and_then(|env| env.get("production"));
        let production = production
            .and_then(Value::as_table)
            .cloned()
            .unwrap_or_default();
        let (local, deployed) = (bindings(&config), bindings(&production));
        let missing: Vec<_> = local.difference(&deployed).collect();
        assert!(
            missing.is_empty(),
            "{worker} lacks {missing:?} in env.production"
        );
    }
    Ok(())
}

#[test]
fn stock_workerd_has_every_local_binding() -> anyhow::Result<()> {
    let house = House::find()?;
    let text = std::fs::read_to_string(house.path("deploy/postern.capnp"))?;
    for worker in WORKERS {
        let name = worker.replace("portal-api", "portalApi");
        let section = text
            .split("\nconst ")
            .find(|part| part.starts_with(&format!("{name} :")));
        let section = section.unwrap_or_default();
        for binding in bindings(&read(&house.config(worker))?) {
            let entry = format!("(name = \"{binding}\",");
            assert!(
                section.contains(&entry),
                "{worker} lacks `{binding}` in deploy/postern.capnp"
            );
        }
    }
    Ok(())
}

/// The names by which a Worker's code asks for what it is given.
fn bindings(config: &Table) -> BTreeSet<String> {
    let listed = ["services", "kv_namespaces", "d1_databases"];
    let lists = listed.iter().filter_map(|kind| config.get(*kind));
    let objects = config
        .get("durable_objects")
        .and_then(|objects| objects.get("bindings"));
    let named = lists.chain(objects).filter_map(Value::as_array).flatten();
    let names = named.filter_map(|entry| entry.get("binding").or_else(|| entry.get("name")));
    let names = names.filter_map(Value::as_str).map(str::to_owned);
    let variables = config.get("vars").and_then(Value::as_table);
    names
        .chain(
            variables
                .into_iter()
                .flat_map(|table| table.keys().cloned()),
        )
        .collect()
}
