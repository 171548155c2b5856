// What stands in KV for a gateway, made up here: configuration that a control plane would have written, or never would. A
// gateway in a process of its own reads it as it reads KV.

import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { createServer } from "node:http";

const ISSUER = "https://configured.example/oauth2/token";
const UNLIMITED = { limit: null, burst: null, stop_on_quota_reach: true, on_failure: "local" };
const SHARDS = 256;

export class Configuration {
  #servers = [];
  #version = 0;
  #keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  /** Texts by their names. Clients, and an application for each, are made up when they are asked for. */
  values = new Map();
  /** Names that were asked for. */
  asked = [];

  /** Begins to serve; `lent` is what `OwnGateway.start` takes in the place of a platform's sockets. */
  async start() {
    const kv = await this.#listen((request, response) => {
      const name = decodeURIComponent(request.url.split("?")[0].slice(1));
      this.asked.push(name);
      const found = this.#value(name);
      response.writeHead(found === undefined ? 404 : 200).end(found);
    });
    const others = await this.#listen((request, response) => request.resume().on("end", () => response.end("{}")));
    this.lent = { kv, traffic: others, analytics: others, keys: others, shaper: others };
    return this;
  }

  stop() {
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
    }
  }

  /** Keeps a value under the name of its content; its hash. A text is kept as it is. */
  keep(kind, value) {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const hash = createHash("sha256").update(text).digest("hex").slice(0, 32);
    this.values.set(`${kind}/${hash}`, text);
    return hash;
  }

  /** The Deployment of an API below `/<name>/1.0.0` that takes tokens and keys and asks for no subscription. */
  deployment(name, upstream, more = {}) {
    const base = `/${name}/1.0.0`;
    return {
      schema: 1, organization: "default",
      api: { id: name, name, version: "1.0.0", context: base, provider: "admin", kind: "HTTP" },
      revision: `r-${name}`, environment: "Default", state: "PUBLISHED", base_path: base,
      security: { oauth2: true, api_key: true, authorization_header: "authorization", api_key_header: "apikey", audiences: [] },
      subscription_required: false, cors: null, api_limit: null,
      operations: [{ method: "GET", template: "/*", security: "any", scopes: [], limit: null }],
      endpoints: { production: { url: upstream, timeout_ms: 5_000 }, sandbox: null },
      ...more,
    };
  }

  /** Publishes these APIs, by their names with the hashes of their Deployments, and the issuer's keys. */
  publish(apis) {
    this.#version += 1;
    const policies = this.keep("policies", {
      schema: 1, subscription: { Unlimited: UNLIMITED, DefaultSubscriptionless: UNLIMITED, Unauthenticated: UNLIMITED },
      application: { Unlimited: { limit: null, burst: null, on_failure: "local" } }, advanced: {},
    });
    const shards = new Map();
    for (const [name, deployment] of apis) {
      const shard = shardOf(name);
      if (!shards.has(shard)) shards.set(shard, []);
      shards.get(shard).push({ base_path: `/${name}/1.0.0`, host: null, api: name, deployment });
    }
    const named = Object.fromEntries([...shards].map(([number, routes]) => [number, this.keep("shard", { schema: 1, routes })]));
    this.values.set("catalog/Default", JSON.stringify({ schema: 1, version: this.#version, policies, shards: named }));
    const jwk = this.#keys.publicKey.export({ format: "jwk" });
    const key = { kid: "k1", alg: "ES256", jwk: { ...jwk, kid: "k1" } };
    const revocations = { tokens: [], clients: [] };
    this.values.set("trust", JSON.stringify({ schema: 1, version: 1, issuer: ISSUER, keys: [key], revocations }));
  }

  /** A token of its own of a client. */
  token(client, number = 0) {
    const now = Math.floor(Date.now() / 1000);
    const part = (content) => Buffer.from(JSON.stringify(content)).toString("base64url");
    const claims = {
      iss: ISSUER, sub: client, aud: client, client_id: client, jti: `${client}-${number}`, iat: now, exp: now + 7_200,
      scope: "read", aut: "APPLICATION", organization: "default",
    };
    const input = `${part({ alg: "ES256", typ: "at+jwt", kid: "k1" })}.${part(claims)}`;
    return `${input}.${sign("sha256", Buffer.from(input), { key: this.#keys.privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
  }

  #value(name) {
    const [kind, id] = name.split("/");
    if (kind === "client") {
      return JSON.stringify({ schema: 1, organization: "default", client: id, application: `app-${id}`, key_type: "PRODUCTION" });
    }
    if (kind === "application") {
      return JSON.stringify({
        schema: 1, organization: "default", id, name: id, owner: "ann", policy: "Unlimited", status: "APPROVED", subscriptions: [],
      });
    }
    return this.values.get(name);
  }

  #listen(handler) {
    return new Promise((done) => {
      // A gateway keeps connections for longer than Node's five seconds.
      const server = createServer({ keepAliveTimeout: 600_000 }, handler);
      this.#servers.push(server);
      server.listen(0, "127.0.0.1", () => done(`127.0.0.1:${server.address().port}`));
    });
  }
}

/** FNV-1a of the first segment, as the catalogue has it. */
function shardOf(segment) {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(segment)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash % SHARDS;
}
