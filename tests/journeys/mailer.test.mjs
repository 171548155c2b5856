// Mails by an HTTP API, on a platform of its own: its operator names the address in its environment.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { OwnPlatform } from "./own-platform.mjs";
import { within } from "./platform.mjs";
import { serve } from "./serve.mjs";

const KEY = randomBytes(16).toString("hex");
const received = [];
const refused = new Set();
let service;
let own;

before(async () => {
  service = await serve(async (request, response) => {
    let text = "";
    for await (const part of request) text += part;
    const mail = JSON.parse(text);
    received.push({ ...mail, path: request.url, authorization: request.headers.authorization });
    response.writeHead(refused.has(mail.to) ? 500 : 202).end();
  });
  own = new OwnPlatform({
    POSTERN_MAILER: "http",
    POSTERN_MAILER_URL: `${service.url}/v1/send`,
    POSTERN_MAILER_FROM: "Postern <no-reply@example.org>",
    POSTERN_MAILER_KEY: KEY,
  });
  await own.start();
});

after(() => {
  own?.remove();
  service?.close();
});

describe("a mailer with an HTTP API", () => {
  it("gets the mails, with its key, and the link in it works", async () => {
    const session = await signIn();
    await person(session, "ann");
    await own.expect(202, "POST", "/session/recovery", { account: "ann" });
    const mail = await mailTo("ann@example.org");
    assert.equal(mail.path, "/v1/send");
    assert.equal(mail.authorization, `Bearer ${KEY}`);
    assert.equal(mail.from, "Postern <no-reply@example.org>");
    const token = /#token=(\S+)/.exec(mail.text)[1];
    await own.expect(204, "POST", "/session/recovery/password", { token, password: "a lamp of brass and glass" });
    await own.expect(200, "POST", "/session", { username: "ann", password: "a lamp of brass and glass" });
  });

  it("holds nobody's mail back for one that it does not take", async () => {
    const session = await signIn();
    for (const name of ["bea", "cid"]) await person(session, name);
    refused.add("bea@example.org");
    await own.expect(202, "POST", "/session/recovery", { account: "bea" });
    await mailTo("bea@example.org");
    await own.expect(202, "POST", "/session/recovery", { account: "cid" });
    await mailTo("cid@example.org");
  });

  it("leaves no outbox to read", async () => {
    const authorization = `Bearer ${own.environment.POSTERN_SETUP_TOKEN}`;
    await own.expect(404, "GET", "/setup/mail", undefined, { authorization });
  });
});

async function mailTo(address) {
  await within(5_000, `a mail to ${address}`, () => received.some(({ to }) => to === address));
  return received.find(({ to }) => to === address);
}

async function person(session, username) {
  const body = { username, password: "a first lamp of brass", email: `${username}@example.org`, roles: ["Internal/subscriber"] };
  await own.expect(201, "POST", "/api/am/admin/v4/users", body, session);
}

async function signIn() {
  const answer = await own.send("POST", "/session", own.administrator);
  assert.equal(answer.status, 200, answer.text);
  const cookie = answer.headers.getSetCookie().map((it) => it.split(";")[0]).join("; ");
  return { cookie, origin: own.origin, "x-postern-csrf": "1" };
}
