// Pages on stock workerd, where nobody stands before it: texts come compressed to whoever takes that, and otherwise as they are.

import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, test } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { OwnPlatform } from "./own-platform.mjs";

const platform = new OwnPlatform();

before(() => platform.start());
after(() => platform.remove());

/** Reads without undoing anything, as `fetch` would. */
function read(path, headers) {
  return new Promise((done, failed) => {
    const asked = request(platform.origin + path, { headers }, async (response) => {
      const parts = [];
      for await (const part of response) parts.push(part);
      done({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) });
    });
    asked.on("error", failed).end();
  });
}

test("a page is the same text, compressed or not", async () => {
  const plain = await read("/devportal/", {});
  const packed = await read("/devportal/", { "accept-encoding": "br, gzip" });
  assert.deepEqual([plain.headers["content-encoding"], packed.headers["content-encoding"]], [undefined, "gzip"]);
  assert.match(packed.headers.vary, /accept-encoding/i);
  assert.match(plain.headers.vary, /accept-encoding/i);
  assert.equal(gunzipSync(packed.body).toString(), plain.body.toString());
  assert.ok(packed.body.length < plain.body.length / 2, `${packed.body.length} of ${plain.body.length} bytes`);
});

test("scripts are compressed, fonts are not", async () => {
  const page = (await read("/devportal/", {})).body.toString();
  const script = await read(/src="(\/assets\/[^"]+\.js)"/.exec(page)[1], { "accept-encoding": "gzip" });
  assert.equal(script.headers["content-encoding"], "gzip");
  const styles = [...page.matchAll(/href="(\/assets\/[^"]+\.css)"/g)].map(([, path]) => path);
  const texts = await Promise.all(styles.map(async (path) => (await read(path, {})).body.toString()));
  const font = /url\(["']?(\/assets\/[^"')]+\.woff2)/.exec(texts.join(""))[1];
  assert.equal((await read(font, { "accept-encoding": "gzip" })).headers["content-encoding"], undefined);
});

test("scripts and styles come as the build packed them", async () => {
  const page = (await read("/devportal/", {})).body.toString();
  for (const path of [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+\.(?:js|css))"/g)].map(([, found]) => found)) {
    const [plain, zipped, packed] = await Promise.all(["", "gzip", "gzip, br"].map((encoding) => read(path, { "accept-encoding": encoding })));
    assert.deepEqual([packed.status, packed.headers["content-encoding"]], [200, "br"], path);
    assert.equal(packed.headers["content-type"].split(";")[0], plain.headers["content-type"].split(";")[0]);
    assert.equal(packed.headers["cache-control"], plain.headers["cache-control"]);
    assert.match(packed.headers["content-security-policy"], /default-src 'none'/);
    assert.ok(brotliDecompressSync(packed.body).equals(plain.body), path);
    // An entry of a hundred bytes is names of files: which way is shorter by some bytes is chance.
    assert.ok(plain.body.length < 1024 || packed.body.length < zipped.body.length, `${path}: ${packed.body.length} of ${zipped.body.length} bytes`);
    const again = await read(path, { "accept-encoding": "br", "if-none-match": packed.headers.etag });
    assert.deepEqual([again.status, again.body.length], [304, 0], path);
  }
});

test("what a browser holds is not sent again", async () => {
  const { headers } = await read("/devportal/", { "accept-encoding": "gzip" });
  const again = await read("/devportal/", { "accept-encoding": "gzip", "if-none-match": headers.etag });
  assert.deepEqual([again.status, again.body.length], [304, 0]);
});
