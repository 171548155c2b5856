// Stands between a gateway and what a platform lends it, and misbehaves as it is told: an HTTP server before a socket.

import { createServer, request } from "node:http";
import { pause } from "./platform.mjs";

export class StandIn {
  #server;
  #path;

  /** `(path, body) => body`: what becomes of an answer's text; `undefined` for none. */
  change = undefined;
  /** `ok`, `down` (500), `cut` (the connection ends) or `hang`. */
  mode = "ok";
  delayMs = 0;
  /** Paths of what was asked for. */
  asked = [];

  /** `lent`: `unix:<path>` of what it stands before. */
  async start(lent) {
    this.#path = lent.replace(/^unix:/, "");
    this.#server = createServer((incoming, response) => {
      this.#answer(incoming, response).catch(() => response.destroy());
    });
    await new Promise((listening) => this.#server.listen(0, "127.0.0.1", listening));
    this.address = `127.0.0.1:${this.#server.address().port}`;
    return this;
  }

  stop() {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }

  async #answer(incoming, response) {
    this.asked.push(incoming.url);
    const { mode } = this;
    if (this.delayMs > 0) await pause(this.delayMs);
    if (mode === "hang") return;
    if (mode === "cut") return void incoming.socket.destroy();
    if (mode === "down") return void response.writeHead(500).end();
    const { status, headers, body } = await this.#ask(incoming);
    const changed = this.change ? this.change(decodeURIComponent(incoming.url), body) : body;
    if (changed === undefined) return void response.writeHead(404).end();
    delete headers["content-length"];
    delete headers["transfer-encoding"];
    response.writeHead(status, headers).end(changed);
  }

  #ask(incoming) {
    return new Promise((done, failed) => {
      const { method, url: path, headers } = incoming;
      const asked = request({ socketPath: this.#path, method, path, headers }, (answer) => {
        const parts = [];
        answer.on("data", (part) => parts.push(part));
        answer.on("end", () => done({ status: answer.statusCode, headers: { ...answer.headers }, body: Buffer.concat(parts).toString() }));
        answer.on("error", failed);
      });
      asked.on("error", failed);
      incoming.pipe(asked);
    });
  }
}
