//! What a process has cost so far, by the operating system's own accounts.

use std::fs;

/// User and system time of a process and its descendants, in microseconds.
pub(crate) fn cpu_us(root: u32) -> u64 {
    family(root)
        .into_iter()
        .map(|pid| ticks(pid).unwrap_or(0) * TICK_US)
        .sum()
}

/// Resident memory of a process and its descendants, in KiB.
pub(crate) fn resident_kib(root: u32) -> u64 {
    family(root).into_iter().filter_map(resident).sum()
}

fn ticks(pid: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // Fields 14 and 15 of proc(5); what follows the name in parentheses starts at field 3.
    let mut fields = stat.rsplit(')').next()?.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

fn resident(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// A process and its descendants: nginx and HAProxy fork their workers.
fn family(root: u32) -> Vec<u32> {
    let mut found = vec![root];
    let mut next = 0;
    while let Some(pid) = found.get(next).copied() {
        let list = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
        let children = list.unwrap_or_default();
        found.extend(
            children
                .split_whitespace()
                .filter_map(|text| text.parse::<u32>().ok()),
        );
        next += 1;
    }
    found
}

/// Linux counts in ticks of 1/100 s on every platform that we run on.
const TICK_US: u64 = 10_000;
