//! A Worker with an entry of its own (`src/entry.js`), built in the steps that worker-build takes, but without the class
//! and the proxies that it puts around a handler: see docs/decisions/0013.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use super::workers::WASM;
use crate::{
    house::House,
    run::Run,
    setup::{Kit, npm, wasm::TARGET},
};

/// Does the Worker bring its own entry?
pub(super) fn has_entry(house: &House, worker: &str) -> bool {
    sources(house, worker).join(ENTRY).is_file()
}

/// Binds, shrinks and bundles what cargo has compiled, in a folder that no other build of this clone uses.
pub(super) fn finish(house: &House, kit: &Kit, worker: &str) -> anyhow::Result<()> {
    let name = format!("{worker}-{}", std::process::id());
    let stage = house.scratch().join("bundle").join(name);
    fs::create_dir_all(&stage)?;
    bind(house, kit, worker, &stage)?;
    shrink(house, worker, &stage)?;
    let module = bundle(house, worker, &stage)?;
    let built = house.built(worker);
    fs::create_dir_all(&built)?;
    fs::copy(stage.join(WASM), built.join(WASM))?;
    fs::write(built.join("index.js"), module)?;
    fs::remove_dir_all(&stage)?;
    Ok(())
}

fn bind(house: &House, kit: &Kit, worker: &str, stage: &Path) -> anyhow::Result<()> {
    Run::new(house, worker, &kit.tools.wasm_bindgen)
        .args(["--target", "module", "--no-typescript"])
        // After a trap the entry starts anew with fresh memory.
        .args(["--experimental-reset-state-function", "--out-name", "index"])
        .args([Path::new("--out-dir"), stage])
        .args([compiled(house, worker)])
        .finish()
}

fn shrink(house: &House, worker: &str, stage: &Path) -> anyhow::Result<()> {
    let wasm = stage.join(WASM);
    Run::new(house, worker, npm::program(house, "wasm-opt"))
        .args([&wasm])
        .args([Path::new("-o"), &wasm])
        // Speed before size: this is the hot path, and the size budget is far away.
        .args(["-O3", "--debuginfo"])
        .args(FEATURES.map(|feature| format!("--enable-{feature}")))
        .finish()
}

/// The entry finds what wasm-bindgen wrote as `./index.js`; the whole becomes one module.
fn bundle(house: &House, worker: &str, stage: &Path) -> anyhow::Result<String> {
    for file in fs::read_dir(sources(house, worker))? {
        let path = file?.path();
        if let (Some("js"), Some(name)) = (
            path.extension().and_then(|it| it.to_str()),
            path.file_name(),
        ) {
            fs::copy(&path, stage.join(name))?;
        }
    }
    Run::new(house, worker, npm::program(house, "esbuild"))
        .args([
            ENTRY,
            "--bundle",
            "--format=esm",
            "--minify",
            "--log-level=warning",
        ])
        .args(["--external:./index_bg.wasm", "--external:cloudflare:*"])
        .args([format!("--outfile={BUNDLE}")])
        .folder(stage)
        .finish()?;
    // workerd's modules are imported as they are; the phase is newer than its parser.
    let text = fs::read_to_string(stage.join(BUNDLE))?;
    Ok(text.replace("import source ", "import "))
}

/// What cargo made of the Worker.
fn compiled(house: &House, worker: &str) -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR").filter(|folder| !folder.is_empty());
    let target = target.map_or_else(|| house.path("target"), |folder| house.root.join(folder));
    let file = format!("{}.wasm", worker.replace('-', "_"));
    target.join(TARGET).join("release").join(file)
}

fn sources(house: &House, worker: &str) -> PathBuf {
    house.path("workers").join(worker).join("src")
}

const ENTRY: &str = "entry.js";
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
