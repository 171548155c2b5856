// How many events one organization's store takes in a second, and how long each question of a dashboard takes over a month
// of minutes of a thousand APIs: the analytics Worker on stock workerd, rows on disk. After `cargo xtask build`:
//
//   node tests/bench/statistics.mjs [APIs] [days]
//
// The month is written into the store's file by SQL (python3), as batches would have left it. Each API has four full series,
// which have a row in one of 5, 10, 50 and 100 minutes, and in every hour and day; the coarser series have theirs in as many
// minutes as follow from that. In the environment: `BAR_MS`, to fail when a question's p95 is longer; `BENCH_MONTH`, a folder in
// which the month stays, so that another run only asks.

import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
const APIS = Number(process.argv[2] ?? 1_000);
const DAYS = Number(process.argv[3] ?? 30);
const SECONDS = Number(process.env.SECONDS ?? 20);
const BAR_MS = Number(process.env.BAR_MS ?? Infinity);
const ROUNDS = 20;
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
// As a dashboard asks: whole days, and of today what there is.
const end = Math.floor(Date.now() / MINUTE) * MINUTE;
const start = Math.floor(end / DAY) * DAY - (DAYS - 1) * DAY;

const FILL = `
import datetime, sqlite3, sys
start, end = int(sys.argv[1]), int(sys.argv[2])
# Sketches of some five buckets, as a few calls in a minute leave them, and of more for longer times.
MINUTE, HOUR, DAY = "0;2g:1;5:2;3:1;9:1", "2;1c:9;5:20;3:30;2:40;2:30;3:20;4:9;5:8;9:4;6:2", "2;1c:9;2:20;3:30;2:40;2:30;3:20;4:9;5:8;9:4;6:2;1:3;1:5;2:7;1:3;1:4;2:2;1:1"
# In one of so many minutes: full series by their place among their API's four, and the coarser ones by what they add up.
EVERY = {"rollup": "CASE s.id % 4 WHEN 1 THEN 5 WHEN 2 THEN 10 WHEN 3 THEN 50 ELSE 100 END",
         "coarse_rollup": "CASE WHEN s.level < 4 THEN 1 ELSE 5 END"}
counted, size = {"rollup": 0, "coarse_rollup": 0}, 0
for file in sys.argv[3:]:
    db = sqlite3.connect(file)
    try:
        known = db.execute("SELECT MIN(start) FROM rollup WHERE step = 2").fetchone()[0]
    except sqlite3.OperationalError:
        continue
    if known is None:
        continue
    # An object keeps a calendar month.
    first = datetime.datetime.fromtimestamp(known / 1000, datetime.timezone.utc).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    after = (first + datetime.timedelta(days=32)).replace(day=1)
    low, high = max(start, int(first.timestamp() * 1000)), min(end, int(after.timestamp() * 1000))
    for pragma in ("synchronous = OFF", "journal_mode = OFF", "cache_size = -400000"):
        db.execute("PRAGMA " + pragma)
    for table, series, more in (("rollup", "series", ""), ("coarse_rollup", "coarse_series", ", 4, 0, 1, 0, 0")):
        for step, length, sketch in ((0, 60000, MINUTE), (1, 3600000, HOUR), (2, 86400000, DAY)):
            seldom = f"WHERE (times.at / 60000 + s.id * 7) % {EVERY[table]} = 0" if step == 0 else ""
            db.execute(f"""INSERT OR IGNORE INTO {table}
                WITH RECURSIVE times(at) AS (SELECT ?1 UNION ALL SELECT at + ?2 FROM times WHERE at + ?2 < ?3)
                SELECT ?4, s.id, times.at, 5, 0, 5000, 0, 0, 0, 0, 0, 700, 600, ?5, ?5{more} FROM {series} s CROSS JOIN times {seldom}""",
                (low, length, high, step, sketch))
    db.commit()
    for table in counted:
        counted[table] += db.execute(f"SELECT COUNT(*) FROM {table} WHERE step = 0").fetchone()[0]
    size += db.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()").fetchone()[0]
print(counted["rollup"], counted["coarse_rollup"], size)
`;

const scope = join(ROOT, "node_modules/@cloudflare");
const workerd = join(scope, readdirSync(scope).find((name) => name.startsWith("workerd-")), "bin/workerd");
const kept = process.env.BENCH_MONTH;
if (kept) mkdirSync(kept, { recursive: true });
const disk = kept ?? mkdtempSync(join(process.env.BENCH_DISK ?? tmpdir(), "postern-statistics-"));
const socketPath = join(disk, "statistics");
const agent = new Agent({ keepAlive: true, maxSockets: 4 });
let server;
try {
  if (databases().length === 0) await makeMonth();
  await run();
  await questions();
} finally {
  server?.kill("SIGKILL");
  agent.destroy();
  if (!kept) rmSync(disk, { recursive: true, force: true });
}

async function makeMonth() {
  await run();
  await writes();
  // A batch for every 50 APIs makes the stores of both calendar months with their series.
  for (let first = 0; first < APIS; first += 50) {
    for (const at of [start, end - MINUTE]) {
      const events = Array.from({ length: 4 * Math.min(50, APIS - first) }, (_, n) => month(first + Math.floor(n / 4), n % 4, at));
      const { status, text } = await post("/internal/events", { batch: `month-${first}-${at}`, events });
      if (status !== 204) throw new Error(text);
    }
  }
  await halt();
  fill();
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

function fill() {
  const began = performance.now();
  const found = execFileSync("python3", ["-c", FILL, String(start), String(end), ...databases()], { encoding: "utf8" });
  const [full, coarse, size] = found.trim().split(" ");
  console.log(
    `a month: ${APIS} APIs, ${full} full and ${coarse} coarser rows by minute, ${Math.round(size / 2 ** 20)} MiB, ` +
      `filled in ${Math.round((performance.now() - began) / 1_000)} s`,
  );
}

/** What the dashboards ask, over the whole month and over its last day and hour. */
async function questions() {
  const hour = Math.floor(end / HOUR) * HOUR;
  const spans = { month: [start, "day"], day: [hour - DAY + HOUR, "hour"], hour: [end - HOUR, "minute"] };
  const asked = [];
  for (const [span, [from_ms, granularity]] of Object.entries(spans)) {
    const range = { from_ms, to_ms: end };
    const ask = (name, more) => asked.push([`${name}, a ${span}`, { ...range, ...more }]);
    ask("overview: all in one row, with the time before", { compare: true });
    ask("traffic over time", { granularity });
    ask("the ten APIs with the most calls", { group_by: ["api"], top: 10, only_counts: true });
    ask("errors by cause", { group_by: ["error", "status"], filter: { statusClass: ["4xx", "5xx"] }, only_counts: true });
    ask("latency: the ten slowest APIs", { group_by: ["api"], top: 10, order_by: "latency" });
    ask("throttling: who met which limit", { group_by: ["application", "limit"], filter: { errorType: ["THROTTLED"] }, only_counts: true });
    ask("usage by application and plan", { group_by: ["application", "plan"], top: 20, only_counts: true });
    ask("geography", { group_by: ["country"], only_counts: true });
    ask("devices", { group_by: ["agent"], only_counts: true });
    ask("one API over time", { granularity, filter: { api: ["api-7"] } });
    ask("one API by operation", { group_by: ["operation"], filter: { api: ["api-7"] } });
    ask("one application over time", { granularity, filter: { application: ["app-7"] } });
    ask("one application by API", { group_by: ["api"], filter: { application: ["app-7"] } });
  }
  const odd = { from_ms: start + 17 * MINUTE, to_ms: end - 13 * MINUTE };
  asked.push(["an odd range, from 00:17 on, by API", { ...odd, group_by: ["api"] }]);
  asked.push(["an odd range, by API, counts alone", { ...odd, group_by: ["api"], only_counts: true }]);
  asked.push(["the month by hour, all APIs together", { from_ms: start, to_ms: end, granularity: "hour" }]);
  asked.push(["the month by minute, one API", { from_ms: start, to_ms: end, granularity: "minute", filter: { api: ["api-7"] } }]);
  await ask({ from_ms: start, to_ms: start + MINUTE });
  let slowest = 0;
  console.log("question | rows | first ms | p50 ms | p95 ms");
  for (const [name, query] of asked) {
    // The first time, nothing is kept of it, and the file's pages may not be in memory. Before each round calls come late for
    // every part of the range, so that all of it is read again; and then it is asked once more.
    const [first, cold, warm] = [await timed(query), [], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      await late(`${name} ${round}`);
      cold.push((await timed(query)).ms);
      warm.push((await timed(query)).ms);
    }
    slowest = Math.max(slowest, quantile(cold, 0.95));
    const ms = (values) => `${Math.round(quantile(values, 0.5))} | ${Math.round(quantile(values, 0.95))}`;
    console.log(`${name} | ${first.rows} | ${Math.round(first.ms)} | ${ms(cold)} | again, kept: ${ms(warm)}`);
  }
  console.log(`questions: the slowest has a p95 of ${Math.round(slowest)} ms`);
  if (slowest > BAR_MS) process.exitCode = 1;
}

async function late(name) {
  const moments = [start + HOUR, end - 3 * DAY, end - DAY, end - 3 * HOUR, end - HOUR / 2, Math.floor(end / HOUR) * HOUR, end - MINUTE];
  const batch = { batch: `late ${name}`.slice(0, 64), events: moments.map((at, place) => event(place, at)) };
  const { status, text } = await post("/internal/events", batch);
  if (status !== 204) throw new Error(text);
}

async function timed(query) {
  const sent = performance.now();
  const { count } = await ask(query);
  return { ms: performance.now() - sent, rows: count };
}

function quantile(values, fraction) {
  return [...values].sort((a, b) => a - b)[Math.floor(fraction * (values.length - 1))];
}

/** The first calls of an API in the month, one for each of its series: two applications, a status that is an error, a limit. */
function month(api, place, at) {
  const one = event(api, at, api * 4 + place);
  const of = (number) => ({ i: `app-${number % 50}`, n: "App", u: "ann" });
  return [
    { ...one, p: of(api) },
    { ...one, p: of(api + 1), c: "DE", ua: "okhttp/4" },
    { ...one, p: of(api), st: 404, us: 404 },
    { ...one, p: of(api), st: 429, us: undefined, f: { c: 900804 }, x: { li: "Gold" } },
  ][place];
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
  return Math.round(quantile(values, 0.5));
}
