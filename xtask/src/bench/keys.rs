//! What the Key Manager's answers cost: the rows of `tests/bench/keys.mjs`, which measures a platform of its own.

use std::process::Command;

use anyhow::{Context, ensure};
use serde_json::Value;

use crate::{house::House, say};

/// One row a kind of request, with the CPU time of the whole platform for one, in microseconds.
pub(crate) fn rows(house: &House, quick: bool) -> anyhow::Result<Vec<Value>> {
    say::step("bench", "asking the key manager");
    let mut command = Command::new(house.node());
    command.arg(house.path("tests/bench/keys.mjs"));
    if quick {
        command.arg(QUICK_REQUESTS);
    }
    let output = command.output().context("tests/bench/keys.mjs")?;
    ensure!(
        output.status.success(),
        "tests/bench/keys.mjs failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8_lossy(&output.stdout);
    let rows = text.lines().map(serde_json::from_str);
    rows.collect::<Result<_, _>>()
        .context("a row of tests/bench/keys.mjs")
}

/// The rows as lines of the table.
pub(crate) fn table(rows: &[Value]) -> String {
    let line = |row: &Value| {
        let name = row.get("name").and_then(Value::as_str);
        let cpu = row.get("cpuMicrosPerRequest").and_then(Value::as_u64);
        format!(
            "key manager, {}: {} µs CPU\n",
            name.unwrap_or_default(),
            cpu.unwrap_or_default()
        )
    };
    rows.iter().map(line).collect()
}

/// A fifth of what is asked otherwise: enough to see that it runs.
const QUICK_REQUESTS: &str = "200";
