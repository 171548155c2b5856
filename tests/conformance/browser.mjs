// A person with a real browser, and an application that waits on loopback for what the person comes back with.

import { createServer } from "node:http";
import { ORIGIN, launch } from "../journeys/browser.mjs";

/** An application's callback; `next()` is the next address that somebody came back to. */
export async function application() {
  const landed = [];
  let waiting;
  const server = createServer((request, response) => {
    const { port } = server.address();
    const url = new URL(request.url, `http://127.0.0.1:${port}`);
    response.setHeader("content-type", "text/html");
    response.end("<!doctype html><html lang=en><title>Application</title><link rel=icon href=data:,><h1>Welcome back</h1></html>");
    if (url.pathname !== "/callback") return;
    if (waiting) waiting(url);
    else landed.push(url);
    waiting = undefined;
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    callback: `http://127.0.0.1:${server.address().port}/callback`,
    next: () => landed.shift() ?? new Promise((resolve) => (waiting = resolve)),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A person who allows whatever is asked, in a browser that nobody has used before. */
export async function browserOf(person) {
  const browser = await launch();
  const page = await browser.newPage();
  page.setDefaultTimeout(20_000);
  const signIn = async () => {
    await page.getByLabel("Username").fill(person.username);
    await page.getByLabel("Password", { exact: true }).fill(person.password);
    await page.getByRole("button", { name: "Sign in" }).click();
  };
  return {
    /** Goes where an application sends its people, signs in and allows, until it is back at the application. */
    async allow(address, { signedIn = false, asked = true } = {}) {
      await page.goto(String(address));
      if (!signedIn) await signIn();
      if (asked) await page.getByRole("button", { name: "Allow", exact: true }).click();
      await page.getByRole("heading", { name: "Welcome back" }).waitFor();
    },
    /** Confirms the code that a device shows, at the address that has it. */
    async confirm(address) {
      await page.goto(String(address));
      await page.getByRole("button", { name: "Next" }).click();
      await page.getByRole("button", { name: "Connect", exact: true }).click();
      await page.getByRole("heading", { name: "Your device is connected" }).waitFor();
    },
    close: () => browser.close(),
    origin: ORIGIN,
  };
}
