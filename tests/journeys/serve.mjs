// A server of a journey's own: an upstream, an issuer, a receiver of what the platform sends.

import { createServer } from "node:http";

/** Serves on a free port of this machine until it is closed, with connections that are held; `answer` as `createServer` has it. */
export async function serve(answer) {
  const server = createServer(answer);
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const close = () => {
    server.closeAllConnections();
    return new Promise((closed) => server.close(closed));
  };
  return { url: `http://127.0.0.1:${server.address().port}`, close };
}
