//! Who is compared: started, and with the request that a good caller sends it.

use std::{
    fs,
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Command, Stdio},
    rc::Rc,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};

use super::platform::{self, Ground};
use crate::{child::Group, house::House, platform::port, setup::npm};

/// A running candidate; it ends when this is dropped.
pub(crate) struct Candidate {
    pub(crate) name: &'static str,
    pub(crate) pid: u32,
    pub(crate) address: SocketAddr,
    pub(crate) request: String,
    /// Milliseconds from start to the first answer; known of our own platform only.
    pub(crate) start_up_ms: u128,
    /// Kept so that it ends with the last candidate that it serves.
    alive: Alive,
}

enum Alive {
    Group(#[expect(dead_code, reason = "held to be dropped")] Group),
    Platform(Rc<Ground>),
}

impl Candidate {
    /// Our own platform behind this candidate, if it is.
    pub(crate) fn ground(&self) -> Option<&Ground> {
        match &self.alive {
            Alive::Platform(ground) => Some(ground),
            Alive::Group(_) => None,
        }
    }

    pub(crate) fn of_platform(
        name: &'static str,
        ground: &Rc<Ground>,
        address: SocketAddr,
        request: String,
        start_up_ms: u128,
    ) -> Self {
        let pid = ground.gateway.id();
        let alive = Alive::Platform(Rc::clone(ground));
        Self {
            name,
            pid,
            address,
            request,
            start_up_ms,
            alive,
        }
    }
}

/// Starts everybody.
pub(crate) fn all(house: &House, upstream: &str) -> anyhow::Result<Vec<Candidate>> {
    let mut all = vec![floor(house, upstream)?, handmade(house, upstream)?];
    all.extend(platform::start(house, upstream)?);
    for (name, start) in [("nginx", nginx as Start), ("haproxy", haproxy)] {
        if is_installed(name) {
            all.push(start(house, upstream)?);
        }
    }
    Ok(all)
}

type Start = fn(&House, &str) -> anyhow::Result<Candidate>;

/// A pass-through Worker with one header edit: what anything on this runtime costs.
fn floor(house: &House, upstream: &str) -> anyhow::Result<Candidate> {
    let config = house.path("tests/bench/floor.capnp");
    workerd(house, "floor", &config, &[("BENCH_UPSTREAM", upstream)], "")
}

/// What a user would write instead: Hono, jose, one Durable Object call per request.
fn handmade(house: &House, upstream: &str) -> anyhow::Result<Candidate> {
    let folder = house.path("tests/bench");
    let bundled = Command::new(npm::program(house, "esbuild"))
        .args([
            "handmade.js",
            "--bundle",
            "--format=esm",
            "--external:cloudflare:workers",
        ])
        .args([
            "--conditions=workerd,worker",
            "--outfile=dist/handmade.js",
            "--log-level=warning",
        ])
        .current_dir(&folder)
        .status()?;
    if !bundled.success() {
        bail!("the hand-written Worker cannot be bundled; run `npm ci`");
    }
    let made = Command::new(house.node())
        .arg("token.mjs")
        .current_dir(&folder)
        .output()?;
    let made = String::from_utf8(made.stdout)?;
    let mut lines = made.lines();
    let keys = lines.next().context("tests/bench/token.mjs made no keys")?;
    let token = lines
        .next()
        .context("tests/bench/token.mjs made no token")?;
    let header = format!("Authorization: Bearer {token}\r\n");
    let environment = [("BENCH_UPSTREAM", upstream), ("BENCH_JWKS", keys)];
    workerd(
        house,
        "handmade",
        &folder.join("handmade.capnp"),
        &environment,
        &header,
    )
}

fn workerd(
    house: &House,
    name: &'static str,
    config: &Path,
    environment: &[(&str, &str)],
    header: &str,
) -> anyhow::Result<Candidate> {
    let address = loopback()?;
    let mut command = Command::new(npm::workerd(house)?);
    command.args(["serve", "--experimental"]).arg(config);
    command
        .arg(format!("--socket-addr=http={address}"))
        .envs(environment.iter().copied());
    started(
        name,
        &mut command,
        address,
        request(address, "/pet/7", header),
    )
}

fn nginx(house: &House, upstream: &str) -> anyhow::Result<Candidate> {
    let (address, folder) = (loopback()?, folder(house, "nginx")?);
    let config = folder.join("nginx.conf");
    let upstream = upstream.trim_start_matches("http://");
    let text = format!(
        "daemon off; worker_processes 1; pid {0}/pid; error_log {0}/error.log;\n\
         events {{ worker_connections 512; }}\n\
         http {{ access_log off; keepalive_requests 1000000000; client_body_temp_path {0}/body; proxy_temp_path {0}/proxy;\n\
         fastcgi_temp_path {0}/f; uwsgi_temp_path {0}/u; scgi_temp_path {0}/s;\n\
         upstream origin {{ server {upstream}; keepalive 64; keepalive_requests 1000000000; }}\n\
         server {{ listen {address}; location / {{ proxy_pass http://origin; proxy_http_version 1.1;\n\
         proxy_set_header Connection \"\"; proxy_set_header X-Forwarded-Host $host; }} }} }}\n",
        folder.display()
    );
    fs::write(&config, text)?;
    let mut command = Command::new("nginx");
    command
        .arg("-c")
        .arg(&config)
        .arg("-e")
        .arg(folder.join("error.log"));
    started(
        "nginx",
        &mut command,
        address,
        request(address, "/pet/7", ""),
    )
}

fn haproxy(house: &House, upstream: &str) -> anyhow::Result<Candidate> {
    let (address, folder) = (loopback()?, folder(house, "haproxy")?);
    let config = folder.join("haproxy.cfg");
    let upstream = upstream.trim_start_matches("http://");
    let text = format!(
        "global\n  nbthread 1\ndefaults\n  mode http\n  timeout connect 5s\n  timeout client 30s\n  timeout server 30s\n  http-reuse always\n\
         frontend in\n  bind {address}\n  http-request set-header X-Forwarded-Host %[req.hdr(host)]\n  default_backend out\n\
         backend out\n  server origin {upstream}\n"
    );
    fs::write(&config, text)?;
    let mut command = Command::new("haproxy");
    command.arg("-db").arg("-f").arg(&config);
    started(
        "haproxy",
        &mut command,
        address,
        request(address, "/pet/7", ""),
    )
}

fn started(
    name: &'static str,
    command: &mut Command,
    address: SocketAddr,
    request: String,
) -> anyhow::Result<Candidate> {
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let group = Group::start(name, command)?;
    await_listener(name, address)?;
    let pid = group.id();
    Ok(Candidate {
        name,
        pid,
        address,
        request,
        start_up_ms: 0,
        alive: Alive::Group(group),
    })
}

/// Waits until somebody listens.
pub(crate) fn await_listener(name: &str, address: SocketAddr) -> anyhow::Result<()> {
    let deadline = Instant::now() + Duration::from_secs(20);
    while TcpStream::connect(address).is_err() {
        if Instant::now() > deadline {
            bail!("`{name}` does not listen on {address} after 20 s");
        }
        thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// The head of a GET, as a program sends it and the edge passes it on: with the client's address, for all alike.
pub(crate) fn request(address: SocketAddr, path: &str, headers: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept: application/json\r\nUser-Agent: bench\r\nCF-Connecting-IP: 192.0.2.7\r\n{headers}\r\n"
    )
}

pub(crate) fn loopback() -> anyhow::Result<SocketAddr> {
    Ok(SocketAddr::from(([127, 0, 0, 1], port::free()?)))
}

fn folder(house: &House, name: &str) -> anyhow::Result<std::path::PathBuf> {
    let folder = house.scratch().join("bench").join(name);
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn is_installed(program: &str) -> bool {
    Command::new(program)
        .arg("-v")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok()
}
