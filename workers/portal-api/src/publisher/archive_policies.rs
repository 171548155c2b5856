//! The operation policies of an API's own in its archive: `Policies/<name>_<version>.yaml`, each as it was uploaded.

use lifecycle::{OwnPolicy, own_policy};
use runtime::{Outcome, db::Statement};
use serde_json::Value;

use super::operation_policies::{MOST_BYTES, OF_ANOTHER_GATEWAY, replace};
use crate::{call::Call, operation_policies::Row, refusal};

/// A policy of an archive, and its text.
pub(super) struct Packed {
    policy: OwnPolicy,
    source: String,
}

/// The place of a policy in the archive of its API, below its folder.
pub(super) fn place(row: &Row, segment: impl Fn(&str) -> String) -> String {
    let is_json = row.source.trim_start().starts_with('{');
    let ending = if is_json { "json" } else { "yaml" };
    let (name, version) = (segment(&row.name), segment(&row.version));
    format!("{FOLDER}{name}_{version}.{ending}")
}

/// The policies of the API whose folder this is. What the catalogue has is left out: the peer's archives bring it along.
pub(super) fn read(files: &[archive::File], root: &str) -> Outcome<Vec<Packed>> {
    let folder = format!("{root}{FOLDER}");
    let catalogue = own_policy::catalogue();
    let is_known = |tree: &Value| {
        let data = tree.get("data").unwrap_or(tree);
        let name = data.get("name").and_then(Value::as_str);
        let has_steps = data.get("steps").is_some();
        !has_steps
            && catalogue
                .iter()
                .any(|it| it.get("name").and_then(Value::as_str) == name)
    };
    let mut found = Vec::new();
    for file in files.iter().filter(|it| it.path.starts_with(&folder)) {
        let ending = file.path.rsplit_once('.').map_or("", |(_, ending)| ending);
        if !["yaml", "yml", "json"].contains(&ending) {
            continue;
        }
        let wrong = |mut fault: lifecycle::Fault| {
            fault.place = format!("{}: {}", file.path, fault.place);
            fault
        };
        let text = String::from_utf8(file.bytes.clone());
        let source = text.map_err(|_| refusal::one("400", &file.path, "is not UTF-8 text"))?;
        if source.len() > MOST_BYTES {
            return Err(refusal::one("400", &file.path, "is larger than 256 KiB"));
        }
        let tree = openapi::tree(&source).map_err(|fault| {
            refusal::several("400", vec![wrong(refusal::definition_fault(fault))])
        })?;
        if is_known(&tree) {
            continue;
        }
        if tree.get("data").unwrap_or(&tree).get("steps").is_none() {
            return Err(refusal::one("400", &file.path, OF_ANOTHER_GATEWAY));
        }
        let policy = own_policy::read(&tree)
            .map_err(|faults| refusal::several("400", faults.into_iter().map(wrong).collect()))?;
        found.push(Packed { policy, source });
    }
    Ok(found)
}

/// The statements that give an API these policies: one that it has already under the name and the version becomes this one.
pub(super) fn statements(call: &Call, api: &str, packed: &[Packed]) -> Outcome<Vec<Statement>> {
    let each = packed.iter();
    each.map(|one| replace(call, api, (&one.policy, &one.source)))
        .collect()
}

const FOLDER: &str = "Policies/";
