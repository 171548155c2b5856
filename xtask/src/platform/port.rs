//! Ports of this machine.

use std::net::{IpAddr, Ipv4Addr, TcpListener};

use anyhow::{Context, bail};

/// Refuses a port that somebody listens on.
pub(crate) fn must_be_free(address: IpAddr, port: u16) -> anyhow::Result<()> {
    if TcpListener::bind((address, port)).is_err() {
        bail!(
            "port {port} is taken; stop what listens on it, or choose another by `--port {}`",
            port.wrapping_add(1)
        );
    }
    Ok(())
}

/// A port that nobody listens on right now.
pub(crate) fn free() -> anyhow::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no port is free")?;
    Ok(listener.local_addr()?.port())
}
