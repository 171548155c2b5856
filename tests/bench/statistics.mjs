// How many events one organization's store takes in a second, and how long questions take over a month of minutes of a
// thousand APIs: the analytics Worker on stock workerd, rows on disk. After `cargo xtask build`:
//
//   node tests/bench/statistics.mjs [APIs] [days]
//
// The month is written into the store's file by SQL (python3), as batches would have left it: every API called in every
// minute.

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
const APIS = Number(process.argv[2] ?? 1_000);
const DAYS = Number(process.argv[3] ?? 30);
const SECONDS = 20;
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
// A month that is over, so that rows of it are not mixed with what is written now.
const start = Date.UTC(2026, 9, 1);

const FILL = `
import sqlite3, sys
start, days = int(sys.argv[1]), int(sys.argv[2])
for file in sys.argv[3:]:
    db = sqlite3.connect(file)
    try:
        if db.execute("SELECT MIN(start) FROM rollup").fetchone()[0] == start:
            break
    except sqlite3.OperationalError:
        pass
db.execute("PRAGMA synchronous = OFF")
db.execute("PRAGMA cache_size = -200000")
# Sketches of some five buckets, as a few calls in a minute leave them.
for step, length, sketch in ((0, 60000, "0;2g:1;5:2;3:1;9:1"), (1, 3600000, "2;1c:9;5:20;3:30;2:40;2:30;3:20;4:9;5:8;9:4;6:2"), (2, 86400000, "2;1c:9;2:20;3:30;2:40;2:30;3:20;4:9;5:8;9:4;6:2;1:3;1:5;2:7;1:3;1:4;2:2;1:1")):
    db.execute("""INSERT OR IGNORE INTO rollup
        WITH RECURSIVE times(at) AS (SELECT ?1 UNION ALL SELECT at + ?2 FROM times WHERE at + ?2 < ?1 + ?3 * 86400000)
        SELECT ?4, s.id, times.at, 5, 0, 5000, 0, 0, 0, 0, 0, 700, 600, ?5, ?5 FROM series s CROSS JOIN times""",
        (start, length, days, step, sketch))
db.commit()
print(db.execute("SELECT COUNT(*) FROM rollup WHERE step = 0").fetchone()[0], file)
db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
`;

const scope = join(ROOT, "node_modules/@cloudflare");
const workerd = join(scope, readdirSync(scope).find((name) => name.startsWith("workerd-")), "bin/workerd");
const disk = mkdtempSync(join(process.env.BENCH_DISK ?? tmpdir(), "postern-statistics-"));
const socketPath = join(disk, "statistics");
const agent = new Agent({ keepAlive: true, maxSockets: 4 });
let server;
try {
  await run();
  await writes();
  // A batch for each API makes the month's store with its series.
  for (let first = 0; first < APIS; first += 250) {
    await post("/internal/events", { batch: `month-${first}`, events: Array.from({ length: Math.min(250, APIS - first) }, (_, n) => event(first + n, start)) });
  }
  await halt();
  fill();
  await run();
  await questions();
} finally {
  server?.kill("SIGKILL");
  agent.destroy();
  rmSync(disk, { recursive: true, force: true });
}

/** As many batches as it takes, from four gateways at once; calls of a thousand APIs. */
async function writes() {
  const until = performance.now() + SECONDS * 1_000;
  const [began, cpu] = [performance.now(), cpuMs()];
  const took = [];
  let [events, batches] = [0, 0];
  await Promise.all(Array.from({ length: 4 }, async (_, gateway) => {
    while (performance.now() < until) {
      batches += 1;
      const sent = performance.now();
      const first = Math.floor(Math.random() * 1_000);
      const batch = Array.from({ length: 250 }, (_, n) => event((first + n * 7) % 1_000, Date.now(), batches * 250 + n));
      const status = await post("/internal/events", { batch: `${gateway}-${batches}`, events: batch });
      if (status.status !== 204) throw new Error(status.text);
      took.push(performance.now() - sent);
      events += 250;
    }
  }));
  const seconds = (performance.now() - began) / 1_000;
  took.sort((a, b) => a - b);
  console.log(
    `events: ${Math.round(events / seconds)} a second sustained for ${SECONDS} s, ${Math.round(((cpuMs() - cpu) * 1_000) / events)} µs of CPU each; ` +
      `a batch of 250 takes ${median(took)} ms (95 of 100 below ${Math.round(took[Math.floor(took.length * 0.95)])} ms)`,
  );
  const { total } = await ask({ from_ms: Date.now() - HOUR, to_ms: Date.now() + MINUTE });
  if (total.requests !== events) throw new Error(`${total.requests} of ${events} events were counted`);
  console.log(`events: ${total.requests} of ${events} counted`);
}

/** Each API has one series and a row for every minute, hour and day. */
function fill() {
  const began = performance.now();
  const found = execFileSync("python3", ["-c", FILL, String(start), String(DAYS), ...databases()], { encoding: "utf8" });
  const [rows, file] = found.trim().split(" ");
  console.log(`a month: ${rows} rows by minute, ${Math.round(statSync(file).size / 2 ** 20)} MiB, filled in ${Math.round((performance.now() - began) / 1_000)} s`);
}

async function questions() {
  const range = { from_ms: start, to_ms: start + DAYS * DAY };
  const api = { filter: { api: ["api-7"] } };
  const lastHour = { from_ms: start + (DAYS - 1) * DAY + 23 * HOUR, to_ms: start + DAYS * DAY };
  for (const [name, query] of [
    ["the month in one row", range],
    ["the month, ten APIs that rank first", { ...range, group_by: ["api"], top: 10 }],
    ["the month by day, all APIs together", { ...range, granularity: "day" }],
    ["the month by hour, one API", { ...range, ...api, granularity: "hour" }],
    ["a day by minute, one API", { ...range, ...api, to_ms: start + DAY, granularity: "minute" }],
    ["the month by minute, one API", { ...range, ...api, granularity: "minute" }],
    ["an odd range, from 00:17 on, by API", { from_ms: start + 17 * MINUTE, to_ms: start + DAYS * DAY - 13 * MINUTE, group_by: ["api"] }],
    ["an hour by minute, all APIs together", { ...lastHour, granularity: "minute" }],
    ["an hour, ten APIs that rank first", { ...lastHour, group_by: ["api"], top: 10 }],
    ["the month by hour, all APIs together", { ...range, granularity: "hour" }],
  ]) {
    const took = [];
    let rows = 0;
    for (let round = 0; round < 7; round += 1) {
      const sent = performance.now();
      rows = (await ask(query)).count;
      if (round > 1) took.push(performance.now() - sent);
    }
    console.log(`question: ${name}: ${median(took)} ms, ${rows} rows`);
  }
}

function event(api, at, number = api) {
  return {
    t: at, id: `r-${number}`, o: "bench", e: "Default", a: { i: `api-${api}`, n: `Api ${api}`, v: "1.0.0", c: `/api-${api}/1.0.0`, u: "admin", k: "HTTP" },
    m: "GET", r: "/pets/{id}", p: { i: `app-${api % 50}`, n: "App", u: "ann" }, s: "sub", pl: "Gold", k: "PRODUCTION", u: "ann", ip: "203.0.113.9", ua: "curl/8.9.1",
    c: "CH", d: "https://upstream.example", st: 200, us: 200, l: (number * 31) % 400, ul: (number * 29) % 300, rb: 1_000, v: 7,
  };
}

async function ask(query) {
  const answer = await post("/internal/query", { organization: "bench", ...query });
  if (answer.status !== 200) throw new Error(answer.text);
  return JSON.parse(answer.text);
}

function post(path, body) {
  return new Promise((done, failed) => {
    const sent = request({ socketPath, path, method: "POST", headers: { "content-type": "application/json" }, agent }, (reply) => {
      const parts = [];
      reply.on("data", (part) => parts.push(part));
      reply.on("end", () => done({ status: reply.statusCode, text: Buffer.concat(parts).toString() }));
    });
    sent.on("error", failed);
    sent.end(JSON.stringify(body));
  });
}

async function run() {
  rmSync(socketPath, { force: true });
  server = spawn(
    workerd,
    ["serve", "--experimental", join(import.meta.dirname, "statistics.capnp"), `--socket-addr=http=unix:${socketPath}`, `--directory-path=disk=${disk}`],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  const end = Date.now() + 20_000;
  while ((await post("/internal/events", { batch: "none", events: [] }).catch(() => ({}))).status !== 204) {
    if (Date.now() > end) throw new Error("workerd does not answer after 20 s");
  }
}

async function halt() {
  const gone = new Promise((done) => server.once("exit", done));
  server.kill("SIGTERM");
  await gone;
}

function databases() {
  return readdirSync(disk, { recursive: true }).filter((name) => name.endsWith(".sqlite")).map((name) => join(disk, name));
}

/** CPU time of workerd so far. */
function cpuMs() {
  const fields = readFileSync(`/proc/${server.pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function median(values) {
  return Math.round([...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]);
}
