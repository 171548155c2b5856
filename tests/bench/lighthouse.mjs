// What Lighthouse says of the pages that people meet first: performance and accessibility, on the slow phone that it takes by default.
//
//   cargo xtask build && node tests/bench/lighthouse.mjs      starts a platform of its own on stock workerd; npx brings Lighthouse
//
// `POSTERN_RUNS` says how often, `POSTERN_PAGES` which by a part of their names. It fails below 95. Run it on a quiet machine: Lighthouse reckons the slow phone from the time that this one takes.

import { execFile } from "node:child_process";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { standAlone } from "../journeys/own-platform.mjs";

const VERSION = process.env.POSTERN_LIGHTHOUSE ?? "13.5.0";
const ROOT = join(import.meta.dirname, "../..");
const LEAST = 95;
const RUNS = Number(process.env.POSTERN_RUNS ?? 3);
const DESCRIPTION =
  "Every pet of the shop: what it is called, whether it can be had, and who orders it. Read the shelves without an account; add, change and remove pets with a token of your own.";
const CHROMIUM = process.env.POSTERN_CHROMIUM ?? "/usr/bin/chromium";

const platform = await standAlone();
const { launch, signIn } = await import("../journeys/browser.mjs");
const { signIn: desk } = await import("../journeys/platform.mjs");

let isGood = true;
try {
  const api = await (await desk()).publishApi("http://127.0.0.1:9", undefined, { description: DESCRIPTION });
  const cookie = await session();
  const pages = {
    "Developer Portal, catalogue": { path: "/devportal/" },
    "Developer Portal, overview": { path: `/devportal/apis/${api.id}` },
    "Developer Portal, console": { path: `/devportal/apis/${api.id}/console` },
    "Publisher, overview": { path: `/publisher/apis/${api.id}`, cookie },
    "Landing page": { path: "/" },
  };
  const wanted = process.env.POSTERN_PAGES ?? "";
  for (const [name, page] of Object.entries(pages).filter(([title]) => title.includes(wanted))) isGood = (await measured(name, page)) && isGood;
} finally {
  platform.remove();
}
process.exitCode = isGood ? 0 : 1;

/** The cookie of a person who has signed in. */
async function session() {
  const browser = await launch();
  const page = await browser.newPage();
  await page.goto(`${platform.origin}/publisher/`);
  await signIn(page);
  // Before that the heading is the sign-in page's, and the session nobody's.
  await page.waitForURL(`${platform.origin}/publisher/**`);
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  const cookies = await page.context().cookies();
  await browser.close();
  return cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
}

/** The median of several runs, as Lighthouse advises; what fell short is told with it. */
async function measured(name, { path, cookie }) {
  const runs = [];
  for (let run = 0; run < RUNS; run += 1) runs.push(await report(platform.origin + path, cookie));
  runs.sort((a, b) => a.categories.performance.score - b.categories.performance.score);
  const { categories, audits } = runs[Math.floor(RUNS / 2)];
  const [performance, accessibility] = [categories.performance, categories.accessibility].map(({ score }) => Math.round(score * 100));
  const told = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift", "speed-index"];
  console.log(`${name}: performance ${performance}, accessibility ${accessibility}`);
  console.log(`  ${told.map((id) => `${id} ${audits[id].displayValue}`).join(", ")}`);
  if (accessibility < 100 || performance < LEAST) {
    const short = Object.values(audits).filter(({ score, scoreDisplayMode }) => score !== null && score < 0.9 && scoreDisplayMode !== "informative");
    for (const { id, displayValue = "" } of short) console.log(`  short: ${id} ${displayValue}`);
  }
  return performance >= LEAST && accessibility >= LEAST;
}

async function report(address, cookie) {
  const flags = ["--quiet", "--output=json", "--only-categories=performance,accessibility", "--chrome-flags=--headless=new --no-sandbox --disable-gpu"];
  if (cookie) flags.push(`--extra-headers=${JSON.stringify({ Cookie: cookie })}`);
  // Lighthouse wants the Node that the house brings, whatever else is installed.
  const env = { ...process.env, CHROME_PATH: CHROMIUM, PATH: [join(ROOT, "node_modules/node/bin"), process.env.PATH].join(delimiter) };
  const options = { env, maxBuffer: 64 * 1024 * 1024, timeout: 180_000 };
  const { stdout } = await promisify(execFile)("npx", ["--yes", `lighthouse@${VERSION}`, address, ...flags], options);
  return JSON.parse(stdout);
}
