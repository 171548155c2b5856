// The newcomer's test: from a document to a counted call in at most six clicks, and without a field to type in but the sign-in's.
//
// Then the same way without a mouse, and what every page promises: the palette, a language from right to left, and a change that
// somebody else came before.

import assert from "node:assert/strict";
import { after, before } from "node:test";
import { ORIGIN, definition, faults, file, launch, look, open, signIn, step, upstreamOf } from "./browser.mjs";

const STAMP = Date.now().toString(36);
const NAME = `Newcomer${STAMP}`;
const TYPED = `Typist${STAMP}`;
let browser, upstream, person, other;

before(async () => {
  upstream = await upstreamOf([{ id: 1, name: "Rex", kind: "dog" }]);
  browser = await launch();
  person = await open(browser);
  other = await open(browser);
});

after(async () => {
  await browser?.close();
  upstream?.close();
});

step("a document becomes a counted call in at most six clicks", async () => {
  let clicks = 0;
  const click = async (role, name) => {
    clicks += 1;
    await person.getByRole(role, { name, exact: true }).click({ timeout: 25_000 });
  };
  await person.goto(`${ORIGIN}/publisher/`);
  await signIn(person);
  await click("link", "Import an OpenAPI document");
  await person.getByLabel("Choose a file").setInputFiles(file("kennel.json", JSON.stringify(definition(NAME, upstream.address))));
  await click("button", "Create and publish");
  await click("link", "Try it in the console");
  await click("button", "Get a key and send");
  await person.getByText("200 OK").waitFor({ timeout: 20_000 });
  await person.getByText("Rex").waitFor();
  await click("link", "See it in the statistics");
  await person.getByRole("table", { name: "By operation" }).getByText("/dogs").waitFor({ timeout: 30_000 });
  assert.ok(clicks <= 6, `${clicks} clicks`);
});

step("the same way needs no mouse", async () => {
  const press = async (role, name) => {
    await tabTo(other, role, name);
    await other.keyboard.press("Enter");
  };
  await other.goto(`${ORIGIN}/publisher/`);
  await signIn(other);
  await other.getByRole("heading", { name: "Home", exact: true }).waitFor();
  await press("link", "Import an OpenAPI document");
  await tabTo(other, "radio", "File");
  await other.keyboard.press("ArrowRight");
  await tabTo(other, "textbox", "Definition as text");
  await other.keyboard.insertText(JSON.stringify(definition(TYPED, upstream.address)));
  await press("button", "Create and publish");
  await press("link", "Try it in the console");
  await press("button", "Get a key and send");
  await other.getByText("200 OK").waitFor({ timeout: 20_000 });
});

step("the palette leads to a thing by its name", async () => {
  await person.goto(`${ORIGIN}/publisher/`);
  await person.getByRole("heading", { name: "Home", exact: true }).waitFor();
  await person.keyboard.press("Control+k");
  const field = person.getByRole("combobox", { name: "Type the name of a page or of a thing" });
  await field.fill(TYPED);
  await person.getByRole("option", { name: TYPED }).first().waitFor();
  await look(person, "palette");
  await field.press("Enter");
  await person.getByRole("heading", { name: TYPED, level: 1 }).waitFor();
});

step("a change that somebody else came before is merged", async () => {
  const endpoints = (page) => page.getByRole("navigation", { name: TYPED }).getByRole("link", { name: "Endpoints and security" }).click();
  await other.goto(person.url());
  for (const page of [person, other]) {
    await endpoints(page);
    await page.getByLabel("Production endpoint").waitFor();
  }
  await other.getByLabel("Sandbox endpoint").fill("http://sandbox.example");
  await other.getByRole("button", { name: "Save changes" }).click();
  await other.getByText("Saved. Deploy a revision").waitFor();
  await person.getByLabel("Production endpoint").fill("http://production.example");
  await person.getByRole("button", { name: "Save changes" }).click();
  const merge = person.getByRole("dialog");
  await merge.getByRole("row", { name: /sandbox_endpoints/ }).waitFor();
  await look(person, "merge");
  await merge.getByRole("button", { name: "Save the merged state" }).click();
  await person.getByText("Saved. Deploy a revision").waitFor();
  await person.reload();
  assert.equal(await person.getByLabel("Production endpoint").inputValue(), "http://production.example");
  assert.equal(await person.getByLabel("Sandbox endpoint").inputValue(), "http://sandbox.example");
});

step("another language is whole, and Arabic reads from right to left", async () => {
  const api = new URL(person.url()).pathname.split("/")[3];
  for (const [language, direction, word] of [["de", "ltr", "Überblick"], ["ar", "rtl", "نظرة عامة"]]) {
    await person.evaluate((wanted) => localStorage.setItem("postern-language", wanted), language);
    await person.goto(`${ORIGIN}/publisher/apis/${api}`);
    await person.getByRole("link", { name: word, exact: true }).waitFor();
    assert.equal(await person.evaluate(() => `${document.documentElement.lang} ${document.documentElement.dir}`), `${language} ${direction}`);
    await look(person, `${language}-publisher`);
  }
  for (const [page, shot] of [["/devportal/", "catalogue"], [`/devportal/apis/${api}/console`, "console"], ["/admin/", "admin"]]) {
    await person.goto(ORIGIN + page);
    await person.getByRole("heading", { level: 1 }).waitFor();
    // Nothing is asserted of it: the overview of services asks again and again, so it is never idle.
    await person.waitForLoadState("networkidle", { timeout: 3_000 }).catch(() => {});
    await look(person, `ar-${shot}`);
  }
});

step("no page broke a rule of its own", () => {
  assert.deepEqual(faults, []);
});

/** Presses the tabulator key until the thing has the focus. */
async function tabTo(page, role, name) {
  const target = page.getByRole(role, { name, exact: true });
  await target.waitFor({ state: "attached", timeout: 25_000 });
  for (let presses = 0; presses < 80; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`no way to the ${role} ${name} by keyboard`);
}
