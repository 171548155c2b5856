// What a page brings before its scripts run is what it then asks for: nothing twice, nothing in vain, and nothing late.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { standAlone } from "./own-platform.mjs";

const platform = await standAlone();
const { launch } = await import("./browser.mjs");
const { signIn } = await import("./platform.mjs");
const THEME = "/api/am/devportal/v3/theme/stylesheet";
let browser, api;

before(async () => {
  api = await (await signIn()).publishApi("http://127.0.0.1:9");
  browser = await launch();
});

after(async () => {
  await browser?.close();
  platform.remove();
});

/** Opens a page as somebody who has never been here, and tells what was asked for, what its scripts took of that, and what the browser complained of. */
async function visit(path, locale = "en-US") {
  const context = await browser.newContext({ locale });
  const page = await context.newPage();
  const asked = [];
  const complaints = [];
  await page.addInitScript(() => {
    const send = window.fetch;
    window.taken = [];
    window.fetch = (request) => {
      window.taken.push(new URL(request.url).pathname + new URL(request.url).search);
      return send(request);
    };
  });
  page.on("request", (request) => asked.push(request.url().replace(platform.origin, "")));
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(platform.origin + path);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForLoadState("networkidle");
  const plan = JSON.parse(await page.locator("#first-load").textContent());
  const { language, taken } = await page.evaluate(() => ({ language: document.documentElement.lang, taken: window.taken }));
  await context.close();
  return { asked, taken, complaints, plan, language };
}

const own = () => ({
  catalogue: "/devportal/",
  overview: `/devportal/apis/${api.id}`,
  reference: `/devportal/apis/${api.id}/reference`,
  console: `/devportal/apis/${api.id}/console`,
});

for (const name of ["catalogue", "overview", "reference", "console"]) {
  test(`${name} takes what was brought, and asks for nothing twice`, async () => {
    const path = own()[name];
    const { asked, taken, complaints, plan } = await visit(path);
    assert.deepEqual(complaints, []);
    assert.deepEqual(asked.filter((address, at) => asked.indexOf(address) !== at), []);
    const planned = plan.parts.flatMap(({ at, reads }) => (new RegExp(at).test(path) ? reads : []));
    const reads = planned.map((read) => read.replace("*", api.id)).sort();
    assert.deepEqual(taken.sort(), reads);
    // The theme's sheet is a style, which no script takes.
    const sheets = asked.filter((address) => address === THEME);
    assert.deepEqual(sheets, [THEME]);
    assert.deepEqual(asked.filter((address) => /^\/(api|session)/.test(address) && address !== THEME).sort(), reads);
    const files = plan.parts.flatMap(({ at, files, texts }) => (new RegExp(at).test(path) ? [...files, ...texts.en] : []));
    assert.deepEqual(files.filter((file) => !asked.includes(file)), []);
  });
}

test("an API's name and description stand on the page before its scripts run", async () => {
  const described = await (await signIn()).publishApi("http://127.0.0.1:9", undefined, { description: "Pets, and who keeps them.\n\nMore of it." });
  const { outline, release, page, context } = await unscripted(`/devportal/apis/${described.id}`);
  await outline.getByText(described.name).waitFor();
  assert.equal(await outline.locator("p").textContent(), "Pets, and who keeps them.");
  release();
  await page.getByRole("heading", { level: 1, name: described.name }).waitFor();
  assert.equal(await page.locator(".first-page").count(), 0);
  await context.close();
});

test("a description in Markdown or HTML waits for the scripts, and a page without a description shows none", async () => {
  const desk = await signIn();
  for (const [path, description] of [["", "**Pets**"], ["", "<img src=x onerror=alert(1)>"], ["", "- one\n- two"], ["/console", "Pets."]]) {
    const described = await desk.publishApi("http://127.0.0.1:9", undefined, { description });
    const { outline, release, context } = await unscripted(`/devportal/apis/${described.id}${path}`);
    await outline.getByText(described.name).waitFor();
    assert.equal(await outline.locator("p").count(), 0, description);
    release();
    await context.close();
  }
});

test("an API that nobody may see leaves the outline as it is", async () => {
  const { outline, release, page, context } = await unscripted("/devportal/apis/00000000-0000-0000-0000-000000000000");
  await page.waitForResponse((response) => response.status() === 404);
  assert.equal(await outline.locator("h1").count(), 0);
  release();
  await page.getByRole("heading", { level: 1 }).waitFor();
  await context.close();
});

/** A page whose scripts, but for the first, come when they are released. */
async function unscripted(path) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const { promise: released, resolve: release } = Promise.withResolvers();
  await page.route(/\/assets\/(?!first\.js)[^?]*\.js/, async (route) => {
    await released;
    await route.continue().catch(() => {});
  });
  await page.goto(platform.origin + path, { waitUntil: "commit" });
  return { outline: page.locator(".first-page"), release, page, context };
}

test("each language brings its own texts alone", async () => {
  for (const [locale, expected] of [["de-CH", "de"], ["ar", "ar"], ["fr-FR", "en"]]) {
    const { asked, complaints, plan, language } = await visit("/devportal/", locale);
    assert.deepEqual([language, complaints], [expected, []], locale);
    const { texts } = plan.parts[0];
    for (const [tongue, files] of Object.entries(texts)) {
      assert.deepEqual(files.filter((file) => asked.includes(file)), tongue === expected ? files : [], `${locale}: ${tongue}`);
    }
  }
});
