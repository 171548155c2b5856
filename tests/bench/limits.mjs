// How many leases one object grants in a second: the Traffic Manager on stock workerd, rows on disk, one object, asked
// through a socket by many holders at once. After `cargo xtask build`:
//
//   node tests/bench/limits.mjs [seconds a round]

import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
const SECONDS = Number(process.argv[2] ?? 5);
const ROUNDS = 5;
const AT_ONCE = 32;
/** Leases a second that one object is to grant. */
const BAR = 2_000;

const scope = join(ROOT, "node_modules/@cloudflare");
const workerd = join(scope, readdirSync(scope).find((name) => name.startsWith("workerd-")), "bin/workerd");
const disk = mkdtempSync(join(tmpdir(), "postern-limits-"));
const socketPath = join(disk, "limits");
const server = spawn(
  workerd,
  ["serve", "--experimental", join(import.meta.dirname, "limits.capnp"), `--socket-addr=http=unix:${socketPath}`, `--directory-path=disk=${disk}`],
  { stdio: ["ignore", "ignore", "inherit"] },
);
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
try {
  const end = Date.now() + 20_000;
  while (!(await lease(0, 0).catch(() => false))) if (Date.now() > end) throw new Error("workerd does not answer after 20 s");
  const found = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const rate = await grantsPerSecond(round);
    if (round > 0) found.push(rate);
  }
  found.sort((a, b) => a.rate - b.rate);
  const { rate, micros } = found[Math.floor(found.length / 2)];
  console.log(`one object: ${Math.round(rate)} leases a second, ${Math.round(micros)} µs of CPU each (median of ${ROUNDS} rounds of ${SECONDS} s)`);
  if (rate < BAR) {
    console.error(`fewer than ${BAR} a second`);
    process.exitCode = 1;
  }
} finally {
  server.kill();
  agent.destroy();
  rmSync(disk, { recursive: true, force: true });
}

async function grantsPerSecond(round) {
  const until = performance.now() + SECONDS * 1_000;
  const [began, cpu] = [performance.now(), cpuMs()];
  let granted = 0;
  const holder = async (place) => {
    for (let number = 1; performance.now() < until; number += 1) {
      const isGranted = await lease(`${round}-${place}`, number);
      granted += Number(isGranted);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, (_, place) => holder(place)));
  return { rate: (granted * 1_000) / (performance.now() - began), micros: ((cpuMs() - cpu) * 1_000) / granted };
}

/** Whether a block was granted. */
function lease(holder, number) {
  const limit = { measure: { requests: 1_000_000_000 }, unit_time: 1, time_unit: "month" };
  const body = JSON.stringify({ h: `bench-${holder}`, n: number, a: [{ k: `s:app:api-${number % 50}`, l: limit, c: 1, w: 16 }] });
  const headers = { "content-type": "application/json", "x-limit-object": "app/bench/app" };
  return new Promise((done, failed) => {
    const sent = request({ socketPath, path: "/lease", method: "POST", headers, agent }, (reply) => {
      let text = "";
      reply.on("data", (part) => (text += part));
      reply.on("end", () => (reply.statusCode === 200 ? done(JSON.parse(text).o[0].u > 0) : failed(new Error(text))));
    });
    sent.on("error", failed);
    sent.end(body);
  });
}

/** CPU time of workerd so far. */
function cpuMs() {
  const fields = readFileSync(`/proc/${server.pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
