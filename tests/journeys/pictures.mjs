// Pictures of every page, light and dark, wide and narrow, and sheets of them to look through. Not a test: somebody has to look.
//
//   node tests/journeys/pictures.mjs [words of pages]      with the environment of the journeys; `test-results/pictures`

import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ORIGIN, launch, signIn } from "./browser.mjs";
import { furnished } from "./furnished.mjs";

const FOLDER = join(import.meta.dirname, "../../test-results/pictures");
const VIEWS = [
  { name: "desktop", viewport: { width: 1280, height: 860 }, colorScheme: "light" },
  { name: "desktop-dark", viewport: { width: 1280, height: 860 }, colorScheme: "dark" },
  { name: "phone", viewport: { width: 390, height: 844 }, colorScheme: "light" },
  { name: "phone-dark", viewport: { width: 390, height: 844 }, colorScheme: "dark" },
];
const LANGUAGE = process.env.POSTERN_LANGUAGE ?? "en";

mkdirSync(FOLDER, { recursive: true });
const pages = await furnished();
const wanted = process.argv.slice(2);
const chosen = Object.entries(pages).filter(([name]) => wanted.length === 0 || wanted.some((word) => name.includes(word)));
const browser = await launch();
for (const view of VIEWS) await photograph(view);
await browser.close();

async function photograph({ name, ...view }) {
  const context = await browser.newContext(view);
  await context.addInitScript((language) => localStorage.setItem("postern-language", language), LANGUAGE);
  const page = await context.newPage();
  await page.goto(`${ORIGIN}/publisher/`);
  await signInAnyhow(page);
  const taken = [];
  for (const [title, path] of chosen) {
    await page.goto(ORIGIN + path);
    await page.waitForLoadState("networkidle", { timeout: 4_000 }).catch(() => {});
    // On a busy machine what is waited for is still on its way then.
    await page.locator(".mantine-Skeleton-root").first().waitFor({ state: "detached", timeout: 8_000 }).catch(() => {});
    const file = join(FOLDER, `${title}-${name}.png`);
    await page.screenshot({ path: file, fullPage: true });
    taken.push({ title, file });
  }
  await context.close();
  await sheets(name, taken);
}

/** Twelve pages on each sheet, each cut at the height of three windows. */
async function sheets(name, taken) {
  const page = await browser.newPage({ viewport: { width: 1800, height: 1000 } });
  for (let at = 0; at < taken.length; at += 12) {
    const pictures = taken.slice(at, at + 12).map(({ title, file }) => {
      const source = `data:image/png;base64,${readFileSync(file).toString("base64")}`;
      return `<figure><figcaption>${title}</figcaption><div><img src="${source}"></div></figure>`;
    });
    const style = `body{display:grid;grid-template-columns:repeat(${name.startsWith("phone") ? 6 : 3},1fr);gap:12px;margin:12px;font:14px sans-serif}
      figure{margin:0}figure div{max-height:${name.startsWith("phone") ? 900 : 640}px;overflow:hidden;border:1px solid #999}img{width:100%;display:block}`;
    await page.setContent(`<style>${style}</style>${pictures.join("")}`);
    await page.screenshot({ path: join(FOLDER, `sheet-${name}-${at / 12 + 1}.png`), fullPage: true });
  }
  await page.close();
}

async function signInAnyhow(page) {
  if (LANGUAGE === "en") await signIn(page);
  else await signInBlindly(page);
  await page.waitForURL(`${ORIGIN}/publisher/`);
}

/** By what a form has in every language. */
async function signInBlindly(page) {
  await page.locator('input[autocomplete*="username"]').fill(process.env.POSTERN_ADMIN_USER ?? "admin");
  await page.locator('input[type="password"]').fill(process.env.POSTERN_ADMIN_PASSWORD ?? "");
  await page.locator('button[type="submit"]').click();
}
