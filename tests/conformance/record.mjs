// Writes every answer of the management APIs that a journey gets into the file `POSTERN_RECORD`, a line each, for
// `peer-contracts.mjs`: `NODE_OPTIONS="--import $PWD/tests/conformance/record.mjs" POSTERN_RECORD=/tmp/answers cargo xtask test journeys …`

import { appendFileSync } from "node:fs";

const file = process.env.POSTERN_RECORD;
const plain = globalThis.fetch;

if (file) {
  globalThis.fetch = async (address, init = {}) => {
    const answer = await plain(address, init);
    const { pathname } = new URL(typeof address === "string" ? address : (address.url ?? address));
    const isJson = answer.headers.get("content-type")?.startsWith("application/json");
    if (!pathname.startsWith("/api/am/") || !isJson) return answer;
    const text = await answer.clone().text();
    try {
      const line = { method: (init.method ?? "GET").toUpperCase(), path: pathname, status: answer.status, body: JSON.parse(text) };
      appendFileSync(file, `${JSON.stringify(line)}\n`);
    } catch {
      // Not JSON after all: nothing to hold against a schema.
    }
    return answer;
  };
}
