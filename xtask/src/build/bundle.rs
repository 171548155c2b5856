//! From what cargo compiled to what workerd loads: bound, shrunk and bundled with the Worker's own `src/entry.js`.
//!
//! These are the steps of the program worker-build, without the class and the proxies that it puts around each handler
//! and without the minutes that it takes to install: see docs/decisions/0013 and 0016.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::workers::{Care, WASM};
use crate::{
    house::House,
    run::Run,
    setup::{Kit, npm, wasm::TARGET},
};

/// Binds, shrinks and bundles what cargo has compiled, in a folder that no other build of this clone uses.
pub(super) fn finish(house: &House, kit: &Kit, worker: &str, care: Care) -> anyhow::Result<()> {
    let name = format!("{worker}-{}", std::process::id());
    let stage = house.scratch().join("bundle").join(name);
    fs::create_dir_all(&stage)?;
    Run::new(house, worker, &kit.bind)
        .args([compiled(house, worker, care).as_path(), &stage])
        .finish()?;
    if care == Care::Shipped {
        shrink(house, worker, &stage)?;
    }
    let module = bundle(house, worker, &stage)?;
    let built = house.built(worker);
    fs::create_dir_all(&built)?;
    for file in [WASM, NAMES] {
        // A quick build has its names within.
        if stage.join(file).is_file() {
            fs::copy(stage.join(file), built.join(file))?;
        }
    }
    fs::write(built.join("index.js"), module)?;
    fs::remove_dir_all(&stage)?;
    Ok(())
}

fn shrink(house: &House, worker: &str, stage: &Path) -> anyhow::Result<()> {
    let wasm = stage.join(WASM);
    let names = stage.join(NAMES);
    Run::new(house, worker, npm::program(house, "wasm-opt"))
        .args([&wasm])
        .args([Path::new("-o"), &wasm])
        .args([level(worker)])
        // Names are a twentieth of what is uploaded, and nobody runs them: a trap's stack is read with this file.
        .args([format!("--symbolmap={}", names.display())])
        .args(FEATURES.map(|feature| format!("--enable-{feature}")))
        .finish()
}

/// Speed before size on the way of every call.
fn level(worker: &str) -> &'static str {
    if worker == "gateway" { "-O3" } else { "-O" }
}

/// The entry finds beside itself what was bound (`index.js`) and what Workers share (`runtime/`); all becomes one module.
fn bundle(house: &House, worker: &str, stage: &Path) -> anyhow::Result<String> {
    copy_scripts(&sources(house, "runtime"), &stage.join("runtime"))?;
    copy_scripts(&sources(house, worker), stage)?;
    Run::new(house, worker, npm::program(house, "esbuild"))
        .args([
            ENTRY,
            "--bundle",
            "--format=esm",
            "--minify",
            "--log-level=warning",
        ])
        .args(["--external:./index_bg.wasm", "--external:cloudflare:*"])
        .args([format!("--define:BUILD=\"{}\"", release(stage)?)])
        .args([format!("--outfile={BUNDLE}")])
        .folder(stage)
        .finish()?;
    // workerd's modules are imported as they are; the phase is newer than its parser.
    let text = fs::read_to_string(stage.join(BUNDLE))?;
    Ok(text.replace("import source ", "import "))
}

/// By which a build is told from others: the version, and the beginning of a hash of what it is made of.
fn release(stage: &Path) -> anyhow::Result<String> {
    let mut files: Vec<PathBuf> = fs::read_dir(stage)?
        .map(|file| Ok(file?.path()))
        .collect::<std::io::Result<_>>()?;
    files.retain(|path| path.file_name().is_some_and(|it| it == WASM) || is_script(path));
    files.sort();
    let mut digest = Sha256::new();
    for file in files {
        digest.update(fs::read(file)?);
    }
    let digest = digest.finalize();
    let start: String = digest
        .iter()
        .take(5)
        .map(|it| format!("{it:02x}"))
        .collect();
    Ok(format!("{}+{start}", env!("CARGO_PKG_VERSION")))
}

fn copy_scripts(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for file in fs::read_dir(from)? {
        let path = file?.path();
        if let Some(name) = path.file_name().filter(|_| is_script(&path)) {
            fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}

fn is_script(path: &Path) -> bool {
    path.extension().is_some_and(|it| it == "js")
}

/// What cargo made of the Worker.
fn compiled(house: &House, worker: &str, care: Care) -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR").filter(|folder| !folder.is_empty());
    let target = target.map_or_else(|| house.path("target"), |folder| house.root.join(folder));
    let file = format!("{}.wasm", worker.replace('-', "_"));
    target.join(TARGET).join(care.profile()).join(file)
}

fn sources(house: &House, worker: &str) -> PathBuf {
    house.path("workers").join(worker).join("src")
}

const ENTRY: &str = "entry.js";
/// The function behind each number in a trap's stack.
const NAMES: &str = "index_bg.symbols";
const BUNDLE: &str = "bundled.js";
/// What rustc emits for wasm32-unknown-unknown and workerd understands; a newer encoding would be refused there.
const FEATURES: [&str; 7] = [
    "mutable-globals",
    "sign-ext",
    "nontrapping-float-to-int",
    "bulk-memory",
    "multivalue",
    "reference-types",
    "exception-handling",
];
