// What an event costs a request: the Wasm that writes it, as gateways do when a batch goes out, timed in V8. Builds what it
// needs: node tests/bench/event-cost.mjs

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
const TARGET = "wasm32-unknown-unknown";
/** As many as `crates/usage/examples/event_cost.rs` writes in one go. */
const EVENTS = 200_000;
const ROUNDS = 7;
const BAR_US = 10;

execFileSync("cargo", ["build", "--release", "-p", "usage", "--example", "event_cost", "--target", TARGET], { cwd: ROOT, stdio: "inherit" });
const target = process.env.CARGO_TARGET_DIR ?? join(ROOT, "target");
const module = new WebAssembly.Module(readFileSync(join(target, TARGET, "release/examples/event_cost.wasm")));
const took = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const { exports } = new WebAssembly.Instance(module, {});
  const cpu = process.cpuUsage();
  exports.main(0, 0);
  took.push(process.cpuUsage(cpu).user / EVENTS);
}
took.sort((a, b) => a - b);
const [best, middle] = [took[0], took[Math.floor(ROUNDS / 2)]];
console.log(`an event costs ${middle.toFixed(2)} µs of CPU (at best ${best.toFixed(2)}), where ${BAR_US} are allowed`);
if (middle > BAR_US) process.exitCode = 1;
