// What holds of every page: no accessibility fault in either scheme, no wider than a phone, no script error, and all of them are here.
//
//   node --test tests/journeys/every-page.mjs      with the environment of the journeys; three minutes, and more on a busy machine

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ORIGIN, faults, launch, look, open, signIn } from "./browser.mjs";
import { furnished } from "./furnished.mjs";

let browser, pages;

before(async () => {
  pages = await furnished();
  browser = await launch();
});

after(() => browser?.close());

/** The addresses that a portal's router knows, as patterns. */
function routesOf(portal) {
  const text = readFileSync(join(import.meta.dirname, "../../pages", portal, "routes.tsx"), "utf8");
  const within = { root: `/${portal}` };
  const routes = [];
  for (const [, name, parent, path] of text.matchAll(/(?:const (\w+) = )?createRoute\(\{\s*getParentRoute: \(\) => (\w+),\s*path: '([^']+)'/g)) {
    assert.ok(parent in within, `${portal}: \`${parent}\` is no route that stands before`);
    const whole = `${within[parent]}${path}`.replace(/\/+$/, "");
    if (name) within[name] = whole;
    else routes.push(whole);
  }
  return routes;
}

test("every route of the portals is among the pages", () => {
  const addresses = Object.values(pages).map((address) => address.split("?")[0].replace(/\/+$/, ""));
  for (const portal of ["publisher", "devportal", "admin"]) {
    const routes = routesOf(portal);
    assert.ok(routes.length >= 8, `${portal}: ${routes}`);
    const missing = routes.filter((route) => {
      const pattern = new RegExp(`^${route.replaceAll(/\$\w+/g, "[^/]+")}$`);
      return !addresses.some((address) => pattern.test(address));
    });
    assert.deepEqual(missing, [], "`furnished.mjs` lacks them");
  }
});

test("no page breaks a rule, light, dark or narrow", { timeout: 3_600_000 }, async () => {
  const page = await open(browser);
  await page.goto(`${ORIGIN}/publisher/`);
  await signIn(page);
  await page.waitForURL(`${ORIGIN}/publisher/**`);
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  for (const [name, address] of Object.entries(pages)) {
    await page.goto(ORIGIN + address);
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    // Overviews ask again and again, so that they are never idle.
    await page.waitForLoadState("networkidle", { timeout: 4_000 }).catch(() => {});
    await page.locator(".mantine-Skeleton-root").first().waitFor({ state: "detached", timeout: 30_000 });
    assert.equal(await page.getByRole("heading", { level: 1 }).count(), 1, `${address} has one heading of the first level`);
    assert.equal(await page.getByRole("heading", { name: "No page has this address" }).count(), name.endsWith("nowhere") ? 1 : 0, address);
    await look(page, `page-${name}`);
  }
  assert.deepEqual(faults, []);
});
