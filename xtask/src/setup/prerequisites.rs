//! What the user has to bring: cargo, Node with npm, a C compiler, and room on the disk.

use std::process::{Command, Stdio};

use anyhow::bail;

use crate::{house::House, say};

/// Says in one sentence what is missing and which command installs it.
pub(crate) fn check(house: &House) -> anyhow::Result<()> {
    if answer("cargo").is_none() {
        bail!(
            "`cargo` is missing; install Rust 1.91 or later by `curl https://sh.rustup.rs -sSf | sh`"
        );
    }
    if answer("cc").is_none() {
        bail!(
            "a C compiler `cc` is missing; install it by `sudo apt-get install -y build-essential`"
        );
    }
    match answer("node").as_deref().map(major) {
        None => bail!(
            "`node` is missing; install Node 20 or later by `sudo apt-get install -y nodejs npm`, or from nodejs.org where that is older"
        ),
        Some(found) if found < 20 => {
            bail!("`node` is version {found}, 20 or later is needed; install it from nodejs.org")
        }
        Some(_) => {}
    }
    if answer("npm").is_none() {
        bail!("`npm` is missing; install it by `sudo apt-get install -y npm`");
    }
    if let Some(free) = free_mib(house).filter(|free| *free < ROOM_MIB) {
        say::step(
            "disk",
            &format!(
                "{free} MiB are free here, a first build and a whole test take up to {ROOM_MIB}; if it ends with `No space left on device`, make room and run it again"
            ),
        );
    }
    Ok(())
}

/// What builds, packages and tests of a bare machine take, in MiB; measured, and rounded up.
const ROOM_MIB: u64 = 8 * 1024;

/// What is free on the disk of this clone, in MiB; nothing where `df` does not say.
fn free_mib(house: &House) -> Option<u64> {
    let output = Command::new("df")
        .args(["-P", "-k"])
        .arg(&house.root)
        .stdin(Stdio::null())
        .output()
        .ok()?;
    available_mib(&String::from_utf8_lossy(&output.stdout))
}

/// The fourth column of the second line, as POSIX has it for `df -P -k`.
fn available_mib(told: &str) -> Option<u64> {
    let kib: u64 = told
        .lines()
        .nth(1)?
        .split_whitespace()
        .nth(3)?
        .parse()
        .ok()?;
    Some(kib / 1024)
}

fn answer(program: &str) -> Option<String> {
    let output = Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn major(version: &str) -> u32 {
    let digits = version.trim().trim_start_matches('v').split('.').next();
    digits.and_then(|text| text.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{available_mib, major};

    #[test]
    fn reads_free_room_of_df() {
        let told = "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda 263174212 14680064 2097152 15% /\n";
        assert_eq!(available_mib(told), Some(2048));
        assert_eq!(available_mib("df: no such file"), None);
    }

    #[test]
    fn reads_major_version_of_node() {
        for (text, expected) in [("v20.20.2\n", 20), ("22.1.0", 22), ("nonsense", 0)] {
            assert_eq!(major(text), expected, "{text}");
        }
    }
}
