// A browser before the portals, for the journeys that walk them: by role and label, as a person finds things.

import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { chromium } from "playwright-core";
import { serve } from "./serve.mjs";

export const ORIGIN = (process.env.POSTERN_URL ?? "http://localhost:8787").replace(/\/$/, "");
export const USER = process.env.POSTERN_ADMIN_USER ?? "admin";
export const PASSWORD = process.env.POSTERN_ADMIN_PASSWORD ?? "";
const SHOTS = join(import.meta.dirname, "../../test-results");
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What went wrong in any page: script errors, breaches of the content security policy, accessibility faults, overflow. */
export const faults = [];
const pages = [];
let isBroken = false;

export function launch() {
  mkdirSync(SHOTS, { recursive: true });
  return chromium.launch({
    executablePath: process.env.POSTERN_CHROMIUM ?? process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/**
 * A real server on loopback, behind the gateway. `reached` is the last request that came through; `answers` may answer some paths in
 * their own way.
 */
export async function upstreamOf(answer, answers = {}) {
  const upstream = { reached: undefined };
  const server = await serve((request, response) => {
    upstream.reached = request;
    const own = answers[request.url];
    if (own) return own(response);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(answer));
  });
  return Object.assign(upstream, { address: server.url, close: server.close });
}

export async function signIn(page, username = USER, password = PASSWORD) {
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** A step of the walk; after one that failed the others have nothing to stand on. */
export function step(name, walk) {
  test(name, async (context) => {
    if (isBroken) return context.skip("an earlier step failed");
    isBroken = true;
    try {
      await walk();
      isBroken = false;
    } finally {
      if (isBroken) await Promise.all(pages.map((page, index) => page.screenshot({ path: join(SHOTS, `failed-${index}.png`) }).catch(() => {})));
    }
  });
}

/** A page in a browser of its own; what goes wrong in it is remembered. */
export async function open(browser) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, permissions: [] });
  context.setDefaultTimeout(Number(process.env.POSTERN_PATIENCE_MS ?? 12_000));
  const page = await context.newPage();
  pages.push(page);
  page.on("pageerror", (error) => faults.push(`${page.url()}: ${error.message}`));
  page.on("console", (message) => {
    // Refusals that the journey asks for are answers, not faults.
    if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) faults.push(`${page.url()}: ${message.text()}`);
  });
  return page;
}

/** How much wider than its window a page is, once what follows the window's size (a chart does) has had its time. */
async function settledOverflow(page) {
  const measure = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const end = Date.now() + 3_000;
  for (;;) {
    const overflow = await page.evaluate(measure);
    if (overflow <= 0 || Date.now() > end) return overflow;
    await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
  }
}

/**
 * Waits until nothing of the page moves any more: a notice that fades in or out is neither one colour nor the other. What turns for
 * ever, as a button does while it waits, is not waited for.
 */
async function still(page) {
  const moves = () =>
    document.getAnimations().some((animation) => animation.playState === "running" && animation.effect?.getComputedTiming().endTime !== Infinity);
  const frames = () => page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
  const end = Date.now() + 3_000;
  // Twice at rest: what was just taken out of the page may move what comes after it.
  for (let resting = 0; resting < 2 && Date.now() < end; ) {
    await frames();
    resting = (await page.evaluate(moves)) ? 0 : resting + 1;
  }
}

/** Pictures of the page, light, dark and narrow, and its accessibility faults in both themes. */
export async function look(page, name) {
  await page.evaluate(() => scrollTo(0, 0));
  for (const scheme of ["light", "dark"]) {
    await page.evaluate((wanted) => document.documentElement.setAttribute("data-mantine-color-scheme", wanted), scheme);
    await still(page);
    await inspect(page, `${name}, ${scheme}`);
    await page.screenshot({ path: join(SHOTS, `${name}-${scheme}.png`), fullPage: true });
  }
  await page.setViewportSize({ width: 360, height: 800 });
  const overflow = await settledOverflow(page);
  if (overflow > 0) faults.push(`${name}: ${overflow} px wider than a phone`);
  await page.screenshot({ path: join(SHOTS, `${name}-phone.png`), fullPage: true });
  await page.setViewportSize({ width: 1280, height: 860 });
  await page.evaluate(() => document.documentElement.setAttribute("data-mantine-color-scheme", "light"));
}

async function inspect(page, name) {
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ target, any }) => `${target.join(" ")} (${any[0]?.message ?? ""})`).join("; ")}`);
  });
  for (const fault of found) faults.push(`${name}: ${fault}`);
}

export function file(name, text) {
  return { name, mimeType: "application/json", buffer: Buffer.from(text) };
}

export function definition(name, address) {
  return {
    openapi: "3.0.3",
    info: { title: name, version: "1.0.0", description: "Dogs and their people. Reads and writes a small kennel." },
    servers: [{ url: address }],
    paths: {
      "/dogs": {
        get: {
          summary: "Lists the dogs",
          parameters: [{ name: "limit", in: "query", description: "At the most.", schema: { type: "integer", default: 10 } }],
          responses: { 200: { description: "The dogs." } },
        },
        post: {
          summary: "Takes a dog in",
          requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/Dog" } } } },
          responses: { 201: { description: "The dog." } },
        },
      },
      "/dogs/{dogId}": {
        get: {
          summary: "Reads a dog",
          parameters: [{ name: "dogId", in: "path", required: true, schema: { type: "integer" } }],
          responses: { 200: { description: "The dog." } },
        },
      },
    },
    components: { schemas: { Dog: { type: "object", properties: { name: { type: "string", example: "Rex" }, age: { type: "integer" } } } } },
  };
}
