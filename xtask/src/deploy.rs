//! `cargo xtask deploy`: all Workers to a Cloudflare account, those that others call first.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::{Context, bail};
use serde_json::Value;

use crate::{
    build, cli,
    house::{House, WORKERS},
    platform::{
        config,
        secrets::{Secrets, write_private},
        wrangler::OFFLINE,
    },
    say, setup,
};

/// Creates what is absent, then deploys; `--dry-run` only shows what would be uploaded.
pub(crate) fn run(house: &House, options: &cli::Deploy) -> anyhow::Result<()> {
    let origin = match (&options.origin, options.dry_run) {
        (Some(origin), _) => origin.clone(),
        (None, true) => PLACEHOLDER.to_owned(),
        (None, false) => bail!(
            "say which address the platform gets, for example `cargo xtask deploy --origin https://api.example.com`"
        ),
    };
    let kit = setup::ready(house)?;
    build::all(house, &kit, build::Care::Shipped)?;
    let ids = if options.dry_run {
        Ids::placeholders()
    } else {
        Ids::of_account(house)?
    };
    let configs: Vec<PathBuf> = WORKERS
        .iter()
        .map(|worker| write_config(house, worker, &origin, &ids))
        .collect::<anyhow::Result<_>>()?;
    for (worker, file) in WORKERS.iter().zip(&configs) {
        say::step("deploy", worker);
        let file = file.to_string_lossy();
        let mut arguments = vec!["deploy", "--env", "production", "-c", &file];
        if options.dry_run {
            arguments.push("--dry-run");
        }
        let said = wrangler(house, &arguments)?;
        for line in said.lines().filter(|line| line.starts_with("Total Upload")) {
            say::step("deploy", line);
        }
        if *worker == "keys" && !options.dry_run {
            put_secrets(house, &file)?;
        }
    }
    if options.dry_run {
        say::step("deploy", "nothing was uploaded");
        return Ok(());
    }
    println!(
        "\n  {origin}/\n  To make the administrator, once:\n    curl -X POST -H \"Authorization: Bearer $(sed -n 's/^POSTERN_SETUP_TOKEN=//p' .postern/deploy/secrets.env)\" {origin}/setup\n"
    );
    Ok(())
}

/// The account's database and namespace.
struct Ids {
    database: String,
    namespace: String,
}

impl Ids {
    fn placeholders() -> Self {
        Self {
            database: "postern".to_owned(),
            namespace: "postern-config".to_owned(),
        }
    }

    fn of_account(house: &House) -> anyhow::Result<Self> {
        let database = resource(
            house,
            &["d1", "list", "--json"],
            ("name", "postern"),
            "uuid",
            &["d1", "create", "postern"],
        )?;
        let namespace = resource(
            house,
            &["kv", "namespace", "list"],
            ("title", "postern-config"),
            "id",
            &["kv", "namespace", "create", "postern-config"],
        )?;
        Ok(Self {
            database,
            namespace,
        })
    }
}

/// The id of a thing of the account, made when it is absent.
fn resource(
    house: &House,
    list: &[&str],
    (field, name): (&str, &str),
    id: &str,
    create: &[&str],
) -> anyhow::Result<String> {
    let find = || -> anyhow::Result<Option<String>> {
        let things: Value = serde_json::from_str(&wrangler(house, list)?)
            .context("wrangler did not answer JSON")?;
        let mut things = things.as_array().cloned().unwrap_or_default().into_iter();
        let found = things.find(|thing| thing.get(field).and_then(Value::as_str) == Some(name));
        Ok(found.and_then(|thing| thing.get(id).and_then(Value::as_str).map(str::to_owned)))
    };
    if let Some(found) = find()? {
        return Ok(found);
    }
    say::step("deploy", &format!("creating `{name}`"));
    wrangler(house, create)?;
    find()?.with_context(|| format!("`{name}` was created, but is not listed"))
}

/// A copy of the committed configuration with the account's ids and the platform's origin.
fn write_config(house: &House, worker: &str, origin: &str, ids: &Ids) -> anyhow::Result<PathBuf> {
    let mut table = config::read(&house.config(worker))?;
    config::point_at(&mut table, &config::Output::of(house, worker));
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    let text = toml::to_string(&table)?
        .replace("https://postern.example.com", origin)
        .replace("postern.example.com", host)
        .replace(
            "database_id = \"postern\"",
            &format!("database_id = \"{}\"", ids.database),
        )
        .replace(
            "\nid = \"postern-config\"",
            &format!("\nid = \"{}\"", ids.namespace),
        );
    let folder = house.state().join("deploy").join(worker);
    fs::create_dir_all(&folder)?;
    let file = folder.join("wrangler.toml");
    write_private(&file, &text)?;
    Ok(file)
}

/// The secrets of this deployment are made once and kept here, because the account never shows them again.
fn put_secrets(house: &House, config: &str) -> anyhow::Result<()> {
    let listed = wrangler(
        house,
        &["secret", "list", "--env", "production", "-c", config],
    )?;
    let secrets = Secrets::of(&house.state().join("deploy"))?;
    for (name, value) in secrets.pairs() {
        if listed.contains(name) {
            continue;
        }
        say::step("deploy", &format!("setting the secret {name}"));
        let file = house.state().join("deploy/secret.json");
        write_private(&file, &serde_json::json!({ name: value }).to_string())?;
        let put = wrangler(
            house,
            &[
                "secret",
                "bulk",
                &file.to_string_lossy(),
                "--env",
                "production",
                "-c",
                config,
            ],
        );
        fs::remove_file(&file)?;
        put?;
    }
    Ok(())
}

/// Runs wrangler and answers what it printed; its errors go to the user.
fn wrangler(house: &House, arguments: &[&str]) -> anyhow::Result<String> {
    let output = Command::new(house.node())
        .current_dir(&house.root)
        .arg(house.path("node_modules/wrangler/bin/wrangler.js"))
        .args(arguments)
        .envs(OFFLINE.iter().copied())
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context("wrangler cannot be started")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        bail!("`wrangler {}` failed: {text}", arguments.join(" "));
    }
    Ok(text)
}

const PLACEHOLDER: &str = "https://postern.example.com";
