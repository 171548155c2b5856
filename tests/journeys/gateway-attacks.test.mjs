// What the HTTP front of the runtime lets through, byte by byte on a socket: each such request is refused, or it is
// harmless, and the upstream sees exactly one request that means what ours meant. Through the front Worker, and at a
// gateway that has a socket of its own.

import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, describe, test } from "node:test";
import { OwnGateway, OwnPlatform } from "./own-platform.mjs";
import { within } from "./platform.mjs";
import { serve } from "./serve.mjs";
import { Office, call } from "./throttled.mjs";

const platform = new OwnPlatform({}, { lends: true });
const gateway = new OwnGateway();
const seen = [];
let upstream, api, key;

before(async () => {
  upstream = await serve((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      const { method, url, headers, rawHeaders } = request;
      seen.push({ method, url, headers, rawHeaders, body: Buffer.concat(parts).toString("latin1") });
      response.end("{}");
    });
  });
  await platform.start();
  await gateway.start(platform);
  const office = await new Office(platform).enter();
  api = await office.api(upstream.url);
  key = (await office.application(api)).key;
  for (const { origin } of [platform, gateway]) {
    await within(10_000, "the API is known", async () => (await call(origin, `${api.base}/pets/1`, key)).status === 200);
  }
});

after(() => {
  gateway.stop();
  platform.remove();
  upstream?.close();
});

for (const [door, has] of [["front", platform], ["gateway", gateway]]) {
  describe(`at the ${door}`, () => {
    const host = () => new URL(has.origin).host;
    /** Sends these bytes, as they are, and ends; statuses and text of what comes back. */
    function send(text) {
      return new Promise((done, failed) => {
        let received = "";
        const socket = connect(Number(host().split(":")[1]), "127.0.0.1", () => socket.write(Buffer.from(text, "latin1")));
        // Who is not answered within this is not going to be.
        const given = setTimeout(() => socket.destroy(), 5_000);
        socket.setEncoding("latin1");
        socket.on("data", (part) => (received += part));
        socket.on("close", () => {
          clearTimeout(given);
          const statuses = [...received.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
          done({ statuses, received });
        });
        socket.on("error", (error) => (error.code === "ECONNRESET" ? undefined : failed(error)));
      });
    }

    const lines = (...all) => `${all.join("\r\n")}\r\n\r\n`;
    const path = () => `${api.base}/pets/1`;
    /** A GET with these header lines beside the key. */
    const get = (...headers) => lines(`GET ${path()} HTTP/1.1`, `Host: ${host()}`, `ApiKey: ${key}`, "Connection: close", ...headers);

    /** Is refused, with one of these statuses, before the upstream hears of it. */
    async function refused(text, ...expected) {
      const before = seen.length;
      const { statuses, received } = await send(text);
      assert.ok(statuses.length === 0 || expected.includes(statuses[0]), `${statuses}: ${received.slice(0, 300)}`);
      assert.equal(seen.length, before, `the upstream saw ${JSON.stringify(seen.at(-1))}`);
      return received;
    }

    /** Passes as the one request that it is; what the upstream saw. */
    async function passes(text) {
      const before = seen.length;
      const { statuses, received } = await send(text);
      assert.equal(statuses[0], 200, received.slice(0, 300));
      assert.equal(seen.length, before + 1, "the upstream saw another number of requests");
      return seen.at(-1);
    }

    describe("whose request it is", () => {
      for (const [what, given, statuses] of [
        ["carries a path", "gw/evil", [400]],
        ["carries a path that is an API's", () => `${host()}${api.base}/pets`, [400]],
        ["carries a user", "a@evil", [400]],
        ["carries a query", "gw?x=", [400]],
        ["has no number for a port", "gw:80x", [400, 500]],
        ["is empty", "", [400]],
        ["has a space", "gw evil", [400, 500]],
        ["has a backslash", "gw\\evil", [400]],
      ]) {
        test(`a host that ${what} is refused`, async () => {
          const name = typeof given === "function" ? given() : given;
          await refused(lines(`GET ${path()} HTTP/1.1`, `Host: ${name}`, `ApiKey: ${key}`, "Connection: close"), ...statuses);
        });
      }

      test("two hosts, or none, are refused", async () => {
        await refused(lines(`GET ${path()} HTTP/1.1`, `Host: ${host()}`, "Host: evil.example", `ApiKey: ${key}`, "Connection: close"), 400, 500);
        await refused(lines(`GET ${path()} HTTP/1.1`, `ApiKey: ${key}`, "Connection: close"), 400);
      });

      test("no target chooses another host, or another path than ours", async () => {
        for (const target of [
          `http://evil.example${path()}`, `//evil.example${path()}`, `http:${path()}`, "*", `${host()}${path()}`, `\\${path()}`,
          `${path()}#/../admin`, `/evil/..${path()}`, `${path()}/../1`, `/${path()}`,
        ]) {
          const before = seen.length;
          const { statuses, received } = await send(lines(`GET ${target} HTTP/1.1`, `Host: ${host()}`, `ApiKey: ${key}`, "Connection: close"));
          assert.ok([200, 400, 404, 405, 500, 501].includes(statuses[0]), `${target}: ${received.slice(0, 200)}`);
          assert.equal(seen.length, before + Number(statuses[0] === 200), target);
          for (const { url, headers } of seen.slice(before)) {
            assert.equal(url, "/pets/1", target);
            assert.doesNotMatch(JSON.stringify(headers), /evil/, target);
          }
        }
      });
    });

    describe("where a request ends", () => {
      const post = (...rest) => [`POST ${path()} HTTP/1.1`, `Host: ${host()}`, `ApiKey: ${key}`, "Connection: close", ...rest];
      const smuggled = () => lines(`GET ${api.base}/pets/666 HTTP/1.1`, `Host: ${host()}`, `ApiKey: ${key}`);
      const never = (request) => assert.doesNotMatch(request.url, /666/);

      for (const [what, headers] of [
        ["two lengths", ["Content-Length: 3", "Content-Length: 4"]],
        ["a list of lengths", ["Content-Length: 3, 4"]],
        ["a signed length", ["Content-Length: +3"]],
        ["a negative length", ["Content-Length: -3"]],
        ["a hexadecimal length", ["Content-Length: 0x3"]],
        ["an odd coding", ["Transfer-Encoding: xchunked"]],
        ["a coding behind a space", ["Transfer-Encoding : chunked"]],
      ]) {
        test(`${what} is refused`, async () => {
          await refused(`${lines(...post(...headers))}abc${smuggled()}`, 400, 501);
        });
      }

      test("length and chunks together are one request, and its connection ends", async () => {
        for (const headers of [
          ["Content-Length: 5", "Transfer-Encoding: chunked"],
          ["Transfer-Encoding: chunked", "Content-Length: 500"],
          ["Transfer-Encoding: gzip, chunked"],
          ["Transfer-Encoding: chunked, chunked"],
        ]) {
          const before = seen.length;
          const { statuses } = await send(`${lines(...post(...headers))}3\r\nabc\r\n0\r\n\r\n${smuggled()}`);
          assert.ok(statuses.length <= 1, `${headers}: ${statuses}`);
          for (const request of seen.slice(before)) {
            never(request);
            assert.equal(request.body, "abc");
          }
          assert.ok(seen.length <= before + 1, `${headers}`);
        }
      });

      test("a body of GET is refused, or stays here", async () => {
        for (const text of [
          `${get("Content-Length: 3")}abc`,
          `${get("Transfer-Encoding: chunked")}3\r\nabc\r\n0\r\n\r\n`,
          `${get(`Content-Length: ${smuggled().length}`)}${smuggled()}`,
        ]) {
          const before = seen.length;
          const { statuses } = await send(text);
          assert.ok([400, 200].includes(statuses[0]) && statuses.length === 1, `${statuses}`);
          assert.equal(seen.length, before + Number(statuses[0] === 200));
          for (const request of seen.slice(before)) {
            never(request);
            assert.equal(request.body, "");
          }
        }
      });

      test("bad chunks reach nobody as a whole request", async () => {
        for (const chunks of ["0x3\r\nabc\r\n0\r\n\r\n", "-1\r\nabc\r\n", "3\nabc\n0\n\n", "3\r\nabcd\r\n0\r\n\r\n"]) {
          const before = seen.length;
          await send(`${lines(...post("Transfer-Encoding: chunked"))}${chunks}`);
          for (const request of seen.slice(before)) assert.notEqual(request.body, "abc", chunks);
        }
      });
    });

    describe("what a line is", () => {
      test("lines of a bare LF are the same lines", async () => {
        const request = await passes(get("X-One: 1", "X-Two: 2").replaceAll("\r\n", "\n"));
        assert.deepEqual([request.headers["x-one"], request.headers["x-two"]], ["1", "2"]);
        assert.equal(request.headers.apikey, undefined);
      });

      for (const [what, line] of [
        ["a folded line", "X-One: 1\r\n  X-Evil: 2"],
        ["a bare CR", "X-One: 1\rX-Evil: 2"],
        ["a NUL", "X-One: 1\0"],
        ["a line without a colon", "X-One"],
        ["a space in a name", "X One: 1"],
        ["an empty name", ": 1"],
      ]) {
        test(`${what} is refused`, async () => refused(get(line), 400));
      }

      test("what is too large is refused", async () => {
        await refused(get(`X-Large: ${"a".repeat(70_000)}`), 431);
        await refused(get(...Array.from({ length: 250 }, (_, index) => `X-${index}: 1`)), 431);
        await refused(lines(`GET ${path()}?${"a".repeat(17_000)} HTTP/1.1`, `Host: ${host()}`, `ApiKey: ${key}`, "Connection: close"), 414);
      });

      for (const method of ["TRACE", "PROPFIND", "CONNECT", "get", "GETS"]) {
        test(`the method ${method} is refused`, async () => {
          await refused(get().replace(/^GET/, method), 400, 405, 500, 501);
        });
      }
    });

    describe("who somebody says to be", () => {
      /** As an upstream may read a name: in lower case, `_` and `.` for `-`. */
      const read = (name) => name.toLowerCase().replaceAll(/[_.]/g, "-");

      test("no header that is ours to say passes, in any spelling", async () => {
        const ours = [
          "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Real-IP", "Forwarded", "True-Client-IP",
          // A gateway of a journey believes this one.
          ...(door === "front" ? ["CF-Connecting-IP"] : []),
          "CF-Worker", "CDN-Loop", "X-Original-URL", "X-Rewrite-URL", "X-JWT-Assertion", "Proxy-Authorization",
          "Proxy-Connection", "HTTP2-Settings", "Internal-Key", "DPoP", "Client-Cert", "X-WSO2-Client-Certificate", "TE",
        ];
        const spelled = ours.flatMap((name) => [name, name.toUpperCase(), name.replaceAll("-", "_"), name.replaceAll("-", "."), name.replace("-", "_")]);
        const names = [...new Set(spelled)];
        for (const name of names) {
          const { headers } = await passes(get(`${name}: evil`));
          for (const [passed, value] of Object.entries(headers)) {
            assert.ok(!String(value).includes("evil"), `${name} passed as ${passed}`);
          }
          assert.equal(headers["x-forwarded-host"], host());
        }
        console.log(`# ${names.length} spellings, none of which reached the upstream`);
      });

      test("no credential passes, in any spelling or number", async () => {
        for (const line of [`Api_Key: ${key}`, `API.KEY: ${key}`, `Authorization: Basic ${btoa("a:b")}`, "Authorization: Digest x"]) {
          const { rawHeaders } = await passes(get(line));
          const passed = rawHeaders.filter((_, index) => index % 2 === 0).map(read);
          assert.ok(!passed.includes("apikey") && !passed.includes("authorization"), `${line}: ${passed}`);
        }
        await refused(get(`aPIkEY: ${key}`), 401);
        const token = "x".repeat(40);
        await refused(get(`Authorization: Bearer ${token}`, `Authorization: Bearer ${token}`).replace(/ApiKey.*\r\n/, ""), 400, 401);
      });

      test("what a connection nominates stays with it", async () => {
        const { headers } = await passes(get("X-Consumer: evil").replace("Connection: close", "Connection: close, X-Consumer, X-Forwarded-For"));
        assert.equal(headers["x-consumer"], undefined);
        assert.notEqual(headers["x-forwarded-for"], undefined, "ours is not theirs to nominate");
      });
    });
  });
}
