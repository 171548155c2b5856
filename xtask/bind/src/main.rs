//! Writes the JavaScript side of a Worker: `bind <compiled.wasm> <folder>`.

use std::env;

use anyhow::{Context, bail};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> anyhow::Result<()> {
    let words: Vec<String> = env::args().skip(1).collect();
    let [wasm, folder] = words.as_slice() else {
        bail!("usage: bind <compiled.wasm> <folder>");
    };
    Bindgen::new()
        // The Wasm module is imported, as workerd wants it, not fetched.
        .module(true)?
        .input_path(wasm)
        .out_name("index")
        .typescript(false)
        // After a trap the Worker's entry starts anew with fresh memory.
        .reset_state_function(true)
        .generate(folder)
        .with_context(|| format!("`{wasm}` cannot be bound"))
}
