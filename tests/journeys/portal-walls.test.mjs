// What keeps other sites, and scripts, away from a signed-in person: no forged change, no frame, no cookie to read.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ORIGIN, faults, launch, open, signIn, step } from "./browser.mjs";

const PAGES = ["/", "/publisher/", "/devportal/", "/admin/", "/sign-in/", "/account/", "/consent/", "/device/"];
const CHANGES = [
  ["POST", "/api/am/publisher/v4/apis", "{}"],
  ["POST", "/api/am/devportal/v3/applications", '{"name":"forged","throttlingPolicy":"Unlimited"}'],
  ["POST", "/api/am/admin/v4/roles", '{"name":"forged"}'],
  ["PUT", "/api/am/admin/v4/tenant-config", "{}"],
  ["DELETE", "/api/am/publisher/v4/apis/00000000-0000-4000-8000-000000000000", undefined],
];
let browser, person, cookie;

before(async () => {
  browser = await launch();
  person = await open(browser);
});

after(() => browser?.close());

step("a person signs in", async () => {
  await person.goto(`${ORIGIN}/publisher/`);
  await signIn(person);
  await person.getByRole("heading", { name: "Home", exact: true }).waitFor();
  const held = await person.context().cookies();
  cookie = held.map(({ name, value }) => `${name}=${value}`).join("; ");
  for (const one of held) assert.deepEqual([one.httpOnly, one.secure, one.sameSite !== "None"], [true, true, true], one.name);
});

step("no script reads a cookie, in any portal", async () => {
  for (const page of PAGES.slice(1, 5)) {
    await person.goto(ORIGIN + page);
    await person.getByRole("heading", { level: 1 }).waitFor();
    assert.equal(await person.evaluate(() => document.cookie), "", page);
    const kept = await person.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
    assert.doesNotMatch(kept, /eyJ|token|secret|session/i, page);
  }
});

test("a change without our own header, or of another origin, is refused", async () => {
  const forged = [
    {},
    { "content-type": "text/plain" },
    { origin: "https://evil.example.org", "x-postern-csrf": "1" },
    { "sec-fetch-site": "cross-site", "x-postern-csrf": "1" },
    { "sec-fetch-site": "same-site", "x-postern-csrf": "1", origin: "https://other.localhost" },
  ];
  for (const [method, path, body] of CHANGES) {
    for (const headers of forged) {
      const answer = await fetch(ORIGIN + path, { method, body, headers: { "content-type": "application/json", ...headers, cookie } });
      assert.equal(answer.status, 403, `${method} ${path} with ${JSON.stringify(headers)}: ${answer.status}`);
    }
  }
});

test("no page lets itself be framed, and each says what may run in it", async () => {
  for (const page of PAGES) {
    const { headers } = await fetch(ORIGIN + page);
    const policy = headers.get("content-security-policy") ?? "";
    assert.match(policy, /frame-ancestors 'none'/, page);
    assert.match(policy, /default-src '(none|self)'/, page);
    assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval|\*(?!\.)/, page);
    assert.equal(headers.get("x-frame-options"), "DENY", page);
    assert.equal(headers.get("x-content-type-options"), "nosniff", page);
  }
});

step("a browser refuses the frame, too", async () => {
  const stranger = await open(browser);
  await stranger.route("https://stranger.example/", (route) =>
    route.fulfill({ contentType: "text/html", body: `<title>stranger</title><iframe src="${ORIGIN}/admin/"></iframe>` }),
  );
  await stranger.goto("https://stranger.example/");
  await stranger.waitForLoadState("networkidle");
  const frame = stranger.frames().find((one) => one !== stranger.mainFrame());
  assert.match(frame?.url() ?? "", /^chrome-error:/, "what Chromium shows in the place of a page that refuses");
  // The refusal is said in the console; it is what was asked for.
  faults.splice(0, faults.length, ...faults.filter((fault) => !/frame|stranger/i.test(fault)));
});

test("nothing went wrong on the way", () => assert.deepEqual(faults, []));
