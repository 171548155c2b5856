// Thousands of spellings of paths, sent as they are to a gateway on workerd by somebody without a credential: whatever
// reaches the upstream means there what it meant here, and nothing that asks for a credential is reached. The upstream is
// read as a careless one would: it decodes twice, drops what follows a `;`, takes `\` for `/` and resolves dots.

import assert from "node:assert/strict";
import { Agent, createServer, request } from "node:http";
import { after, before, test } from "node:test";
import { Configuration } from "./configured.mjs";
import { OwnGateway } from "./own-platform.mjs";
import { within } from "./platform.mjs";

const configuration = new Configuration();
const gateway = new OwnGateway();
const agent = new Agent({ keepAlive: true, maxSockets: 16 });
const seen = [];
let upstream;

before(async () => {
  upstream = createServer({ keepAliveTimeout: 600_000 }, (incoming, response) => {
    seen.push(incoming.url);
    response.end("{}");
  });
  await new Promise((listening) => upstream.listen(0, "127.0.0.1", listening));
  await configuration.start();
  const operation = (template, security) => ({ method: "GET", template, security, scopes: [], limit: null });
  const operations = [operation("/public/*", "none"), operation("/admin/*", "any"), operation("/admin", "any"), operation("/public/secret", "any")];
  const open = configuration.deployment("open", `http://127.0.0.1:${upstream.address().port}`, { operations });
  const closed = configuration.deployment("closed", `http://127.0.0.1:${upstream.address().port}/closed`);
  configuration.publish([["open", configuration.keep("deployment", open)], ["closed", configuration.keep("deployment", closed)]]);
  await gateway.start(undefined, configuration.lent);
  await within(10_000, "the API is known", async () => (await status("/open/1.0.0/public/x")) === 200);
  assert.equal(await status("/open/1.0.0/admin/x"), 401);
  assert.equal(await status("/closed/1.0.0/x"), 401);
});

after(() => {
  gateway.stop();
  configuration.stop();
  agent.destroy();
  upstream?.closeAllConnections();
  upstream?.close();
});

/** The status of a GET whose path is sent as it is. */
function status(path) {
  const { hostname, port } = new URL(gateway.origin);
  return new Promise((done, failed) => {
    const asked = request({ agent, hostname, port, path }, (answer) => answer.resume().on("end", () => done(answer.statusCode)));
    asked.on("error", failed).end();
  });
}

const decoded = (text) => text.replace(/%([0-9a-f]{2})/gi, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16)));

/** What a careless upstream serves at a path. */
function lax(url) {
  const segments = [];
  for (const segment of decoded(decoded(url.split("?")[0])).replaceAll("\\", "/").split("/")) {
    const name = segment.split(";")[0];
    if (name === "..") segments.pop();
    else if (name !== "" && name !== ".") segments.push(name);
  }
  return `/${segments.join("/")}`;
}

const DOTS = ["..", ".", "%2e%2e", "%2E%2E", ".%2e", "%2e.", "%2e", "%252e%252e", "%252e.", "..;", "..;x=y", ".;", "%2e%2e;a", "..%00", "..%20", "..%09", "%c0%ae%c0%ae", "%u002e%u002e", "...", "..%ef%bc%8f"];
const SLASHES = ["/", "//", "\\", "%2f", "%2F", "%5c", "%5C", "%252f", "%255c", "/./", ";/", "/;/", "%c0%af", "%3b/"];
const AIMS = ["admin", "admin/", "Admin", "%61dmin", "%2561dmin", "admin%2f", "admin;x", "admin%20"];

function* spellings() {
  for (const dots of DOTS) {
    for (const slash of SLASHES) {
      for (const aim of AIMS) {
        yield `/public${slash}${dots}${slash}${aim}`;
        yield `/public/a${slash}${dots}${slash}${dots}${slash}${aim}`;
        yield `/${dots}${slash}${aim}`;
      }
      yield `/public${slash}${dots}${slash}..${slash}..${slash}..${slash}closed/1.0.0/x`;
      yield `/public/${dots}${slash}secret`;
      yield `/public${slash}secret${slash}${dots}${slash}secret`;
    }
  }
}

test("no spelling gets anybody where a credential is asked for", { timeout: 120_000 }, async () => {
  const all = [...spellings()];
  const found = {};
  let next = 0;
  await Promise.all(Array.from({ length: 16 }, async () => {
    while (next < all.length) {
      next += 1;
      const path = all[next - 1];
      const answered = await status(`/open/1.0.0${path}`);
      found[answered] = (found[answered] ?? 0) + 1;
      assert.ok([200, 400, 401, 404].includes(answered), `${path}: ${answered}`);
    }
  }));
  console.log(`# ${all.length} spellings: ${JSON.stringify(found)}`);
  assert.equal(found[200] + 1, seen.length, "each that passed reached the upstream once");
  for (const url of seen) {
    const served = lax(url);
    assert.ok(served.startsWith("/public"), `the upstream would serve ${served} for ${url}`);
    assert.notEqual(served, "/public/secret", url);
  }
  assert.ok(all.length >= 2_000 && found[200] > 0, "some are honest");
});
