//! The journeys: the whole platform on the real runtime, fresh and thrown away after.

use std::{
    fs,
    ops::Range,
    path::{Path, PathBuf},
    sync::Mutex,
    thread,
    time::{Duration, Instant},
    vec,
};

use anyhow::{Context, anyhow, bail};

use super::steps::Outcome;
use crate::{
    build,
    house::House,
    platform::{Site, port, welcome, wrangler},
    run::Run,
    say,
    setup::{Kit, browser, python},
};

/// Runs `tests/{conformance,journeys}/*.test.mjs`, those that `extra` names (`keys.test.mjs`) or all, against empty platforms:
/// one for each of a few lanes, and in a lane one file after the other, because much of what a journey changes is everybody's.
/// [`ALONE`] go behind them, in one lane. What else is in `extra` is for node.
pub(crate) fn run(house: &House, kit: &Kit, extra: &[String]) -> anyhow::Result<Outcome> {
    let (named, extra): (Vec<String>, Vec<String>) = extra
        .iter()
        .cloned()
        .partition(|word| word.ends_with(".test.mjs"));
    let mut files = journeys(house)?;
    files.retain(|file| named.is_empty() || named.iter().any(|name| file.ends_with(name)));
    if files.is_empty() {
        bail!("there is no journey `{}`", named.join("`, `"));
    }
    let needs = Needs {
        chromium: browser::ensure(house)?,
        packages: python::ensure(house)?,
        extra,
    };
    // A whole test has built what is shipped; journeys alone take what is quicker.
    build::all(house, kit, build::Care::Quick)?;
    let (alone, together): (Vec<_>, Vec<_>) = files
        .into_iter()
        .partition(|file| ALONE.iter().any(|name| file.ends_with(name)));
    let walked = in_lanes(house, &needs, together, 0..LANES)?;
    Ok(walked.and(in_lanes(house, &needs, alone, LANES..LANES + 1)?))
}

/// Walks the files in these lanes, of which none is more than there are files, until none waits. A lane's number names its
/// state, which stays if a file fails: no two lanes of a run have the same.
fn in_lanes(
    house: &House,
    needs: &Needs,
    files: Vec<PathBuf>,
    lanes: Range<usize>,
) -> anyhow::Result<Outcome> {
    let lanes = lanes.take(files.len());
    let waiting = &Mutex::new(files.into_iter());
    thread::scope(|scope| {
        let walks: Vec<_> = lanes
            .map(|lane| scope.spawn(move || walk(house, needs, &lane_state(house, lane), waiting)))
            .collect();
        walks.into_iter().try_fold(Outcome::good(), |sum, walk| {
            let walked = walk.join().map_err(|_panic| anyhow!("a lane broke down"))?;
            Ok(sum.and(walked?))
        })
    })
}

/// What every file gets.
struct Needs {
    chromium: PathBuf,
    packages: PathBuf,
    extra: Vec<String>,
}

/// One lane: starts an empty platform on a free port and runs the waiting files against it, one after the other. Its state
/// stays on disk if one fails.
fn walk(
    house: &House,
    needs: &Needs,
    state: &Path,
    waiting: &Mutex<vec::IntoIter<PathBuf>>,
) -> anyhow::Result<Outcome> {
    let platform = wrangler::start(house, Site::local(port::free()?, state.to_owned()))?;
    let administrator =
        welcome(&platform)?.context("a fresh platform had an administrator already")?;
    say::step("journeys", &format!("against {}", platform.site.origin));
    let mut outcome = Outcome::good();
    while let Some(file) = next(waiting) {
        let name = name_of(house, &file);
        let test = Run::new(house, "journeys", house.node())
            .part(&name)
            .args(["--test", "--test-reporter=spec"])
            .args(&needs.extra)
            .arg(&file)
            .env("NO_COLOR", "1")
            .env("POSTERN_URL", &platform.site.origin)
            .env("POSTERN_ADMIN_USER", &administrator.username)
            .env("POSTERN_ADMIN_PASSWORD", &administrator.password)
            .env("POSTERN_SETUP_TOKEN", &platform.secrets.setup_token)
            .env("POSTERN_CHROMIUM", &needs.chromium)
            .env("POSTERN_PYTHONPATH", &needs.packages)
            .at_most(Duration::from_secs(15 * 60));
        let since = Instant::now();
        let walked = Outcome::of(test)?;
        say::done("journeys", &format!("{name}: {}", walked.spoken()), since);
        outcome = outcome.and(walked);
    }
    drop(platform);
    if outcome.is_good() {
        fs::remove_dir_all(state)?;
    }
    Ok(outcome)
}

/// The next file that nobody has taken.
fn next(waiting: &Mutex<vec::IntoIter<PathBuf>>) -> Option<PathBuf> {
    waiting.lock().ok()?.next()
}

/// `keys` of `tests/journeys/keys.test.mjs`, `conformance/registration` of `tests/conformance/registration.test.mjs`.
fn name_of(house: &House, file: &Path) -> String {
    let tests = house.path("tests");
    let name = file.strip_prefix(tests).unwrap_or(file).to_string_lossy();
    let name = name.trim_end_matches(".test.mjs");
    name.trim_start_matches("journeys/").to_owned()
}

fn lane_state(house: &House, lane: usize) -> PathBuf {
    house
        .scratch()
        .join(format!("journeys-{}-{lane}", std::process::id()))
}

fn journeys(house: &House) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for folder in FOLDERS.map(|folder| house.path(folder)) {
        let entries = fs::read_dir(&folder)
            .with_context(|| format!("`{}` cannot be read", folder.display()))?;
        files.extend(entries.flatten().map(|entry| entry.path()));
    }
    files.retain(|file| file.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    if files.is_empty() {
        bail!("no file of {FOLDERS:?} ends with .test.mjs");
    }
    Ok(files)
}

/// How many go side by side: most of a journey is waiting, and the smallest machine of CI has two cores.
const LANES: usize = 2;

/// What measures: how long calls take, and how much memory. Beside another lane these would tell of that one.
const ALONE: [&str; 2] = ["gateway-strain.test.mjs", "steady-load.test.mjs"];

/// Walks of people through the platform, and clients that others wrote against its standards.
const FOLDERS: [&str; 2] = ["tests/conformance", "tests/journeys"];
