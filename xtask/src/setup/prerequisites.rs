//! What the user has to bring: cargo, Node with npm, and a C compiler.

use std::process::{Command, Stdio};

use anyhow::bail;

/// Says in one sentence what is missing and which command installs it.
pub(crate) fn check() -> anyhow::Result<()> {
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
    Ok(())
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
    use super::major;

    #[test]
    fn reads_major_version_of_node() {
        for (text, expected) in [("v20.20.2\n", 20), ("22.1.0", 22), ("nonsense", 0)] {
            assert_eq!(major(text), expected, "{text}");
        }
    }
}
