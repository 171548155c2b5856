// What a user would write instead of using a gateway: Hono, jose, and a Durable Object that counts every request.
import { DurableObject } from "cloudflare:workers";
import { Hono } from "hono";
import { createLocalJWKSet, jwtVerify } from "jose";

export class Counter extends DurableObject {
  count = 0;
  windowStart = 0;

  // Admits up to `limit` calls in each minute.
  take(limit) {
    const start = Math.floor(Date.now() / 60_000);
    if (start !== this.windowStart) {
      this.windowStart = start;
      this.count = 0;
    }
    this.count += 1;
    return this.count <= limit;
  }
}

const app = new Hono();
let keys;

app.use("*", async (context, next) => {
  keys ??= createLocalJWKSet(JSON.parse(context.env.JWKS));
  const token = (context.req.header("authorization") ?? "").replace(/^Bearer /, "");
  try {
    const { payload } = await jwtVerify(token, keys, { issuer: "bench" });
    context.set("client", payload.sub);
  } catch {
    return context.json({ error: "invalid_token" }, 401);
  }
  const counter = context.env.COUNTER.get(context.env.COUNTER.idFromName(context.get("client")));
  if (!(await counter.take(1_000_000_000))) {
    return context.json({ error: "too_many_requests" }, 429);
  }
  await next();
});

app.all("*", (context) => {
  const url = new URL(context.req.url);
  const headers = new Headers(context.req.raw.headers);
  headers.delete("authorization");
  return fetch(context.env.UPSTREAM + url.pathname + url.search, {
    method: context.req.method,
    headers,
    body: context.req.raw.body,
    redirect: "manual",
  });
});

export default app;
