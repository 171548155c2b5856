// Both stores' answers to the same questions about the same events, side by side: the embedded store, and Cloudflare's
// Analytics Engine by an emulator of its SQL over SQLite. After `cargo xtask build`: node tests/bench/stores.mjs

import { QUESTIONS, TwoStores, about } from "../journeys/two-stores.mjs";

const FIGURES = [
  ["requests", ({ total }) => total.requests],
  ["errors", ({ total }) => total.errors],
  ["p50", ({ total }) => total.latency.p50],
  ["p95", ({ total }) => total.latency.p95],
  ["p99", ({ total }) => total.latency.p99],
  ["upstream p95", ({ total }) => total.upstreamLatency.p95],
  ["bytes out", ({ total }) => total.responseBytes],
  ["rows", ({ count }) => count],
];

const stores = await new TwoStores().start();
try {
  const line = (cells) => console.log(`| ${cells.join(" | ")} |`);
  line(["question", "store", ...FIGURES.map(([name]) => name), "every row alike"]);
  line(Array.from({ length: FIGURES.length + 3 }, () => "---"));
  for (const question of QUESTIONS) {
    const answers = await Promise.all(["embedded", "engine"].map((store) => stores.ask(store, about(question))));
    const [embedded, engine] = answers.map(({ list, total, previousTotal }) => JSON.stringify([total, previousTotal, list.map((row) => JSON.stringify(row)).sort()]));
    const isAlike = embedded === engine;
    if (!isAlike) process.exitCode = 1;
    answers.forEach((answer, place) =>
      line([place === 0 ? JSON.stringify(question) : "", answer.quality.source, ...FIGURES.map(([, figure]) => figure(answer) ?? "-"), place === 0 ? "" : isAlike ? "yes" : "NO"]),
    );
  }
} finally {
  stores.stop();
}
