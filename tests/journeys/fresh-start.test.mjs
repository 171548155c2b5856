// What workers/runtime/src/entry.js does after a trap. No call of ours is known that traps, so a module that does stands in
// for the Rust: what is bound would be `index.js` beside it.

import assert from "node:assert/strict";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";

const ENTRY = new URL("../../workers/runtime/src/entry.js", import.meta.url);

// A module whose only function is `unreachable`, and what wasm-bindgen and the crate `worker` write around a Worker.
const BOUND = `
const trap = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 116, 0, 0, 10, 5, 1, 3, 0, 0, 11,
]))).exports.t;
let memory = 1;
const state = { criticalError: false };
export const __worker_init_state = () => state;
export const __wbg_reset_state = () => { memory += 1; };
export async function fetch(request) {
  if (request === "trap") trap();
  if (request === "refuse") throw new Error("refused");
  return memory;
}
export class Counter {
  constructor(place) { this.place = place; this.born = memory; }
  async fetch(request) {
    if (request === "trap") trap();
    return [this.place, this.born];
  }
}
`;

describe("after a trap in Wasm", () => {
  let folder;
  let entry;
  const context = { waitUntil: (promise) => promise.catch(() => {}) };
  const call = (request) => entry.events.fetch(request, {}, context);

  before(async () => {
    globalThis.addEventListener ??= () => {};
    folder = await mkdtemp(join(tmpdir(), "fresh-start-"));
    await mkdir(join(folder, "runtime"));
    await writeFile(join(folder, "package.json"), '{"type":"module"}');
    await writeFile(join(folder, "index.js"), BOUND);
    await copyFile(ENTRY, join(folder, "runtime/entry.js"));
    entry = await import(pathToFileURL(join(folder, "runtime/entry.js")));
  });
  after(() => rm(folder, { recursive: true }));

  it("the next call starts with fresh memory, and once", async () => {
    assert.equal(await call("hello"), 1);
    await assert.rejects(call("trap"), WebAssembly.RuntimeError);
    assert.equal(await call("hello"), 2);
    assert.equal(await call("hello"), 2);
  });

  it("an error that is no trap leaves memory as it is", async () => {
    await assert.rejects(call("refuse"), /refused/);
    assert.equal(await call("hello"), 2);
  });

  it("an object is made again, for the same place", async () => {
    const counter = new (entry.object("Counter"))("here", {});
    assert.deepEqual(await counter.fetch("hello"), ["here", 2]);
    await assert.rejects(counter.fetch("trap"), WebAssembly.RuntimeError);
    assert.deepEqual(await counter.fetch("hello"), ["here", 3]);
  });

  it("a Worker without a schedule has no handler for one", () => {
    assert.equal(entry.events.scheduled, undefined);
  });
});
