//! The words of the command line.

use std::{
    env,
    ffi::OsString,
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
};

use anyhow::{Context, anyhow, bail};
use lexopt::{
    Arg::{Long, Short, Value},
    Parser, ValueExt,
};

/// What to do.
#[derive(Debug)]
pub(crate) enum Task {
    Usage,
    Build,
    Dev(Dev),
    Serve(Serve),
    Deploy(Deploy),
    Test(Test),
    Bench(Vec<String>),
    Simulate(Vec<String>),
    Fuzz(Fuzz),
}

#[derive(Debug)]
pub(crate) struct Fuzz {
    /// For each target.
    pub(crate) minutes: f64,
    pub(crate) seed: u64,
    /// Names of targets, or none for all.
    pub(crate) targets: Vec<String>,
}

#[derive(Debug)]
pub(crate) struct Dev {
    pub(crate) port: u16,
    /// Without the sample API and application.
    pub(crate) empty: bool,
}

#[derive(Debug)]
pub(crate) struct Serve {
    pub(crate) port: u16,
    pub(crate) address: IpAddr,
    /// Where the database, the configuration and the counters are kept.
    pub(crate) state: PathBuf,
    /// What browsers and clients call the platform by, when it is not the address itself.
    pub(crate) origin: Option<String>,
    pub(crate) sample: bool,
}

#[derive(Debug)]
pub(crate) struct Deploy {
    pub(crate) dry_run: bool,
    pub(crate) origin: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Test {
    /// One step's name, or none for all.
    pub(crate) step: Option<String>,
    /// Handed on to `cargo test` or `node --test`.
    pub(crate) extra: Vec<String>,
}

pub(crate) const USAGE: &str = "\
cargo xtask <command>

  dev     set up, build, migrate, seed and serve on http://localhost:8787   [--port N] [--empty]
  test    run every test, or one step of them                               [format|lint|tidy|native|simulate|fuzz|wasm|journeys|pages] [-- args]
  build   build the Workers and the pages
  serve   serve the same builds on stock workerd, without Node              [--port N] [--address IP] [--state DIR] [--origin URL] [--sample]
  deploy  deploy to your Cloudflare account                                 --origin https://your.host [--dry-run]
  bench   measure what a call costs, beside others                          [--quick] [--as-built] [--hold]
  simulate  limits in a world at its worst, seed after seed                 [--seeds N] [--seed S] [--write-docs]
            who a policy would have throttled                               --policy limits.json --mix mix.json
  fuzz    bad bytes for every parser of what comes from outside             [--minutes N] [--seed S] [target ...]";

/// Reads the arguments of this process.
pub(crate) fn parse() -> anyhow::Result<Task> {
    let words: Vec<OsString> = env::args_os().skip(1).collect();
    if asks_for_help(&words) {
        return Ok(Task::Usage);
    }
    read(Parser::from_args(words)).map_err(|fault| {
        anyhow!("{fault:#}; `cargo xtask help` lists the commands and their options")
    })
}

/// Whoever asks is answered wherever in the line the question stands, but behind `--`, where it is another program's.
fn asks_for_help(words: &[OsString]) -> bool {
    let mut own = words.iter().take_while(|word| *word != "--");
    own.any(|word| word == "--help" || word == "-h")
}

fn read(mut parser: Parser) -> anyhow::Result<Task> {
    let Some(first) = parser.next()? else {
        return Ok(Task::Usage);
    };
    let name = match first {
        Value(name) => name.string()?,
        other @ (Long(_) | Short(_)) => return Err(other.unexpected().into()),
    };
    match name.as_str() {
        "build" => no_more(&mut parser).map(|()| Task::Build),
        "dev" => dev(&mut parser).map(Task::Dev),
        "serve" => serve(&mut parser).map(Task::Serve),
        "deploy" => deploy(&mut parser).map(Task::Deploy),
        "test" => test(&mut parser).map(Task::Test),
        "bench" => Ok(Task::Bench(rest(&mut parser)?)),
        "simulate" => Ok(Task::Simulate(rest(&mut parser)?)),
        "fuzz" => fuzz(&mut parser).map(Task::Fuzz),
        "help" => Ok(Task::Usage),
        other => bail!("there is no command `{other}`"),
    }
}

fn dev(parser: &mut Parser) -> anyhow::Result<Dev> {
    let mut options = Dev {
        port: PORT,
        empty: false,
    };
    while let Some(argument) = parser.next()? {
        match argument {
            Long("port") => options.port = parser.value()?.parse()?,
            Long("empty") => options.empty = true,
            other @ (Long(_) | Short(_) | Value(_)) => return Err(other.unexpected().into()),
        }
    }
    Ok(options)
}

fn serve(parser: &mut Parser) -> anyhow::Result<Serve> {
    let mut options = Serve {
        port: PORT,
        address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        state: PathBuf::from(".postern/serve"),
        origin: None,
        sample: false,
    };
    while let Some(argument) = parser.next()? {
        match argument {
            Long("port") => options.port = parser.value()?.parse()?,
            Long("address") => options.address = parser.value()?.parse()?,
            Long("state") => options.state = parser.value()?.into(),
            Long("origin") => options.origin = Some(origin(parser)?),
            Long("sample") => options.sample = true,
            other @ (Long(_) | Short(_) | Value(_)) => return Err(other.unexpected().into()),
        }
    }
    Ok(options)
}

fn deploy(parser: &mut Parser) -> anyhow::Result<Deploy> {
    let mut options = Deploy {
        dry_run: false,
        origin: None,
    };
    while let Some(argument) = parser.next()? {
        match argument {
            Long("dry-run") => options.dry_run = true,
            Long("origin") => options.origin = Some(origin(parser)?),
            other @ (Long(_) | Short(_) | Value(_)) => return Err(other.unexpected().into()),
        }
    }
    Ok(options)
}

fn test(parser: &mut Parser) -> anyhow::Result<Test> {
    let mut extra = rest(parser)?;
    let named = extra.first().is_some_and(|first| !first.starts_with('-'));
    let step = named.then(|| extra.remove(0));
    extra.retain(|argument| argument != "--");
    Ok(Test { step, extra })
}

fn fuzz(parser: &mut Parser) -> anyhow::Result<Fuzz> {
    let mut options = Fuzz {
        minutes: 1.0,
        seed: 1,
        targets: Vec::new(),
    };
    while let Some(argument) = parser.next()? {
        match argument {
            Long("minutes") => options.minutes = parser.value()?.parse()?,
            Long("seed") => options.seed = parser.value()?.parse()?,
            Value(name) => options.targets.push(name.string()?),
            other @ (Long(_) | Short(_)) => return Err(other.unexpected().into()),
        }
    }
    if !(options.minutes > 0.0 && options.minutes <= MOST_MINUTES) {
        bail!("`--minutes` is more than 0 and at most {MOST_MINUTES}");
    }
    Ok(options)
}

fn origin(parser: &mut Parser) -> anyhow::Result<String> {
    let origin = parser.value()?.string()?;
    let host = origin
        .strip_prefix("https://")
        .or_else(|| origin.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains('/') => Ok(origin),
        _ => bail!(
            "`--origin` is a scheme and a host without a path, for example `https://api.example.com`; got `{origin}`"
        ),
    }
}

fn rest(parser: &mut Parser) -> anyhow::Result<Vec<String>> {
    let raw = parser.raw_args().context("an argument stands in the way")?;
    raw.map(|argument| argument.string().map_err(Into::into))
        .collect()
}

fn no_more(parser: &mut Parser) -> anyhow::Result<()> {
    match parser.next()? {
        Some(other) => Err(other.unexpected().into()),
        None => Ok(()),
    }
}

const PORT: u16 = 8787;
/// A week.
const MOST_MINUTES: f64 = 10_080.0;

#[cfg(test)]
mod tests {
    use super::{Task, asks_for_help, read};
    use lexopt::Parser;
    use std::ffi::OsString;

    fn words(line: &str) -> Vec<OsString> {
        line.split_whitespace().map(Into::into).collect()
    }

    #[test]
    fn help_is_asked_for_anywhere_but_of_another_program() {
        for (line, expected) in [
            ("--help", true),
            ("dev --port 1 -h", true),
            ("serve --help", true),
            ("test native -- --help", false),
            ("dev", false),
        ] {
            assert_eq!(asks_for_help(&words(line)), expected, "{line}");
        }
    }

    #[test]
    fn what_is_no_command_or_no_option_is_refused() {
        for line in [
            "walk",
            "dev --prot 1",
            "--port 1",
            "build now",
            "fuzz --minutes 0",
        ] {
            assert!(read(Parser::from_args(words(line))).is_err(), "{line}");
        }
        assert!(matches!(
            read(Parser::from_args(words(""))),
            Ok(Task::Usage)
        ));
        assert!(matches!(
            read(Parser::from_args(words("test native -- --help"))),
            Ok(Task::Test(test)) if test.step.as_deref() == Some("native") && test.extra == ["--help"]
        ));
    }
}
