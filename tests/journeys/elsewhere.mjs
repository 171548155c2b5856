// Requests from many addresses of this machine, for what is bounded by address.

import { request } from "node:http";

let host = 0;

/** Posts JSON from an address that nobody had lately; status and text. */
export function postFromElsewhere(origin, path, body) {
  host = (host + 1) % 60_000;
  const localAddress = `127.1.${Math.floor(host / 250)}.${1 + (host % 250)}`;
  const { port, host: named } = new URL(origin);
  const text = JSON.stringify(body);
  const headers = { host: named, "content-type": "application/json", "content-length": Buffer.byteLength(text) };
  return new Promise((done, failed) => {
    const sent = request({ host: "127.0.0.1", port, method: "POST", path, localAddress, agent: false, headers }, (answer) => {
      let said = "";
      answer.setEncoding("utf8");
      answer.on("data", (part) => (said += part));
      answer.on("end", () => done({ status: answer.statusCode, text: said }));
      answer.on("error", failed);
    });
    sent.on("error", failed);
    sent.end(text);
  });
}
