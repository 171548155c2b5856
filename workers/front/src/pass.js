// One crossing from Wasm for each request that is passed on, and no copy of its body.

// The path of a request's URL, as the URL parser left it; none when the `Host` that the URL was made of is no host. One with
// a `/` would be a part of the path, and one with an `@` another host than it seems.
export function path(request) {
  if (!HOST.test(request.headers.get("host") ?? "localhost")) return undefined;
  return new URL(request.url).pathname;
}

const HOST = /^(?:\[[\da-f:.]+\]|[\w.-]+)(?::\d*)?$/i;

// The value of a plain variable of the Worker.
export function variable(env, name) {
  return String(env[name] ?? "");
}

// Hands `request` to the Worker behind the binding `name`. Stock workerd tells the client's address only in `cf`: it
// becomes the header that Cloudflare would have set, in place of whatever the client claimed. The platform asks for
// compression also where the client did not, and locally nobody undoes it again: such a client gets what it asked for.
export function pass(env, name, request) {
  const address = request.cf?.clientIp;
  const plain = request.cf?.clientAcceptEncoding === "";
  if (address === undefined && !plain) return env[name].fetch(request);
  const headers = new Headers(request.headers);
  if (address !== undefined) headers.set("cf-connecting-ip", withoutPort(String(address)));
  if (plain) headers.delete("accept-encoding");
  return env[name].fetch(new Request(request, { headers }));
}

// `127.0.0.1:54432` and `[::1]:54432` are each connection's own; limits, restrictions and guesses go by the address.
function withoutPort(address) {
  return address.replace(/^\[([^\]]*)\](?::\d+)?$|^([^:]+):\d+$/, "$1$2");
}

// Asks the binding `ASSETS` for `path` (or for what `request` asks) with `request`'s method and conditions.
export function asset(env, request, path) {
  return env.ASSETS.fetch(path === undefined ? request : new Request(new URL(path, request.url), request));
}

// The same answer with headers that may be written; the body is not read. A `packed` one is sent as it is.
export function writable(response, packed) {
  const { status, headers } = response;
  return new Response(response.body, { status, headers, encodeBody: packed ? "manual" : "automatic" });
}

// Does the client take `encoding`, and does nobody on the way there compress? Cloudflare, which tells where a request came in, does.
export function takes(request, encoding) {
  if (request.cf?.colo !== undefined) return false;
  const taken = (request.headers.get("accept-encoding") ?? "").toLowerCase().split(",");
  return taken.some((one) => one.split(";")[0].trim() === encoding);
}
