// Beside a platform that `at-once.test.mjs` starts: puts its database back between two races, and stands in for the hash.
//
// Hashers do one password after the other, some 30 ms each, so that fifty who want to set one would come to the database
// in a line. Here a hash takes no time, and all fifty come at once.

import { DurableObject } from "cloudflare:workers";

/** Runs SQL statements in one transaction; the rows of each. */
export default {
  async fetch(request, env) {
    const statements = await request.json();
    const results = await env.DB.batch(statements.map(([text, ...values]) => env.DB.prepare(text).bind(...values)));
    return Response.json(results.map(({ results }) => results));
  },
};

/** Answers what the keys Worker asks its hashers. */
export class StandIn extends DurableObject {
  async fetch(request) {
    const { hash, verify } = await request.json();
    if (hash) return Response.json({ hash: await digest(hash.password) });
    return Response.json({ verdict: verify.hash === (await digest(verify.password)) });
  }
}

async function digest(password) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(password));
  return `$stand-in$${[...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
