// A platform of a journey's own on stock workerd: one that may be killed, or started with other secrets.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const ROOT = join(import.meta.dirname, "../..");
const DISKS = ["objects", "system", "blobs"];
/** What `deploy/shared.capnp` lends to gateways in processes of their own. */
const LENT = ["kv", "traffic", "analytics", "keys", "shaper"];

export const keyEncryptionKey = () => randomBytes(32).toString("base64");

export class OwnPlatform {
  #state = mkdtempSync(join(tmpdir(), "postern-own-"));
  #process;
  #port;
  /** What it says stands beside its disks. */
  #log = openSync(join(this.#state, "log"), "a");

  /** What `/setup` made, at the first start. */
  administrator;

  #config;
  #more = [];

  /**
   * `lends`: gateways may stand before it, see `OwnGateway`. `isPublic`: the operator's own network is no upstream and no
   * issuer, as on Cloudflare. `change`: makes another configuration of the text of this one. `sockets`: which that one has
   * besides, by name; see `lent`.
   */
  constructor(environment = {}, { lends = false, isPublic = false, change, sockets = [] } = {}) {
    this.#config = join(ROOT, lends ? "deploy/shared.capnp" : "deploy/postern.capnp");
    this.#more = [...(lends ? LENT : []), ...sockets];
    if (isPublic) this.#config = changed(this.#config, closed);
    if (change) this.#config = changed(this.#config, change);
    this.environment = { POSTERN_KEK: keyEncryptionKey(), POSTERN_SETUP_TOKEN: randomBytes(24).toString("hex"), ...environment };
    for (const disk of DISKS) mkdirSync(join(this.#state, disk));
    mkdirSync(join(this.#state, "lent"), { mode: 0o700 });
  }

  /** Where what it lends is reached. */
  lent(name) {
    return `unix:${join(this.#state, "lent", name)}`;
  }

  /** The folder of its disks. */
  get state() {
    return this.#state;
  }

  get pid() {
    return this.#process.pid;
  }

  /** Starts, or starts again on what there is. */
  async start() {
    await this.#launch();
    const set = await this.setUp();
    assert.equal(set.status, 200, set.text);
    if (set.body.created) this.administrator = { username: set.body.username, password: set.body.password };
  }

  /** Starts with an empty database that so many set up at once; their answers. */
  async startBy(many) {
    await this.#launch();
    return Promise.all(Array.from({ length: many }, () => this.setUp()));
  }

  /** Asks for what `/setup` does. */
  setUp() {
    return this.send("POST", "/setup", undefined, { authorization: `Bearer ${this.environment.POSTERN_SETUP_TOKEN}` });
  }

  async #launch() {
    this.#port ??= await freePort();
    this.origin = `http://127.0.0.1:${this.#port}`;
    const folders = DISKS.map((disk) => `--directory-path=${disk}-disk=${join(this.#state, disk)}`);
    for (const name of this.#more) {
      // What a killed platform left; workerd binds only where there is nothing.
      rmSync(join(this.#state, "lent", name), { force: true });
      folders.push(`--socket-addr=${name}=${this.lent(name)}`);
    }
    this.#process = spawn(
      workerd(),
      ["serve", "--experimental", this.#config, `--socket-addr=http=127.0.0.1:${this.#port}`, ...folders],
      {
        cwd: join(ROOT, "deploy"),
        env: { ...this.environment, POSTERN_ORIGIN: this.origin, POSTERN_ISSUER: `${this.origin}/oauth2/token` },
        stdio: ["ignore", this.#log, process.env.POSTERN_OWN_LOG ? "inherit" : this.#log],
      },
    );
    const end = Date.now() + 20_000;
    while (!(await this.#answers())) {
      assert.ok(Date.now() < end, "the platform does not answer after 20 s");
      await pause(50);
    }
  }

  async #answers() {
    try {
      return (await fetch(`${this.origin}/robots.txt`)).ok;
    } catch {
      return false;
    }
  }

  /** Ends it in the middle of whatever it does. */
  async kill() {
    const gone = new Promise((done) => this.#process.once("exit", done));
    this.#process.kill("SIGKILL");
    await gone;
  }

  remove() {
    this.#process?.kill("SIGKILL");
    closeSync(this.#log);
    rmSync(this.#state, { recursive: true, force: true });
  }

  async send(method, path, body, headers = {}) {
    const isText = body === undefined || body instanceof URLSearchParams;
    const type = isText ? {} : { "content-type": "application/json" };
    const response = await fetch(this.origin + path, { method, headers: { ...type, ...headers }, body: isText ? body : JSON.stringify(body) });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: /^[[{]/.test(text) ? JSON.parse(text) : text };
  }

  async expect(status, method, path, body, headers) {
    const answer = await this.send(method, path, body, headers);
    assert.equal(answer.status, status, `${method} ${path}: ${answer.text.slice(0, 500)}`);
    return answer.body;
  }
}

/**
 * A platform of a file's own, started, to which everything goes that a journey does. `browser.mjs`, `manage.mjs` and others read the
 * environment when they are loaded: import them after it.
 */
export async function standAlone(platform = new OwnPlatform()) {
  await platform.start();
  const { username, password } = platform.administrator;
  Object.assign(process.env, {
    POSTERN_URL: platform.origin,
    POSTERN_ADMIN_USER: username,
    POSTERN_ADMIN_PASSWORD: password,
    POSTERN_SETUP_TOKEN: platform.environment.POSTERN_SETUP_TOKEN,
  });
  return platform;
}

/** One more gateway before a platform that lends, in a process of its own. */
export class OwnGateway {
  #process;

  get pid() {
    return this.#process.pid;
  }

  /**
   * Starts; it believes the header `cf-connecting-ip`. `instead`: addresses of what stands between it and the platform.
   * `arguments_`: more of workerd's. `environment`: variables of its own; `handles`: how many files it may open.
   */
  async start(platform, instead = {}, arguments_ = [], { environment = {}, handles } = {}) {
    const port = await freePort();
    this.origin = `http://127.0.0.1:${port}`;
    const lent = LENT.map((name) => `--external-addr=${name}=${instead[name] ?? platform.lent(name)}`);
    const serve = [workerd(), "serve", "--experimental", join(ROOT, "deploy/gateway.capnp"), `--socket-addr=http=127.0.0.1:${port}`, ...lent, ...arguments_];
    const [program, ...rest] = handles ? ["/bin/sh", "-c", `ulimit -n ${handles}; exec "$@"`, "sh", ...serve] : serve;
    this.#process = spawn(
      program,
      rest,
      {
        cwd: join(ROOT, "deploy"),
        env: { POSTERN_CLIENT_ADDRESS_HEADER: "cf-connecting-ip", ...environment },
        stdio: ["ignore", "ignore", process.env.POSTERN_OWN_LOG ? "inherit" : "ignore"],
      },
    );
    const end = Date.now() + 20_000;
    while (!(await this.#answers())) {
      assert.ok(Date.now() < end, "the gateway does not answer after 20 s");
      await pause(50);
    }
    return this;
  }

  async #answers() {
    try {
      await fetch(this.origin);
      return true;
    } catch {
      return false;
    }
  }

  stop() {
    this.#process?.kill("SIGKILL");
  }
}

/** The same configuration with the switches for the operator's own network off. */
const closed = (text) => text.replaceAll(/(name = "ALLOW_PRIVATE_\w+", text = )"on"/g, '$1"off"');

/** Another configuration, in a folder from which it finds the builds. */
function changed(config, change) {
  const folder = join(ROOT, "target");
  mkdirSync(folder, { recursive: true });
  const text = readFileSync(config, "utf8");
  const made = change(text);
  assert.notEqual(made, text);
  const path = join(folder, `own-${process.pid}-${randomBytes(4).toString("hex")}.capnp`);
  writeFileSync(path, made);
  process.once("exit", () => rmSync(path, { force: true }));
  return path;
}

function workerd() {
  const scope = join(ROOT, "node_modules/@cloudflare");
  const found = readdirSync(scope).find((name) => name.startsWith("workerd-"));
  return join(scope, found, "bin/workerd");
}

export function freePort() {
  return new Promise((done) => {
    const socket = createServer().listen(0, "127.0.0.1", () => {
      const { port } = socket.address();
      socket.close(() => done(port));
    });
  });
}
