// What the journeys of people need: a browser's cookie jar, an authenticator app, an authenticator, and the outbox of mails.

import assert from "node:assert/strict";
import { createHash, createHmac, createSign, generateKeyPairSync, randomBytes } from "node:crypto";
import { nobody, ORIGIN } from "./manage.mjs";

const PAGE = { "sec-fetch-site": "same-origin", "x-postern-csrf": "1" };

/** A browser with the platform's cookie. */
export class Browser {
  #jar = new Map();

  /** The header that says which cookies it has. */
  get cookie() {
    const pairs = [...this.#jar].map(([name, value]) => `${name}=${value}`);
    return pairs.length > 0 ? { cookie: pairs.join("; ") } : {};
  }

  async send(method, path, body, headers = {}) {
    const answer = await nobody.send(method, path, body, { ...PAGE, ...this.cookie, ...headers });
    for (const line of answer.headers.getSetCookie()) {
      const [name, value] = line.split(";")[0].split("=");
      if (value) this.#jar.set(name, value);
      else this.#jar.delete(name);
    }
    return answer;
  }

  async expect(status, method, path, body, headers) {
    const answer = await this.send(method, path, body, headers);
    assert.equal(answer.status, status, `${method} ${path} answered ${answer.status}: ${answer.text.slice(0, 500)}`);
    return answer.body;
  }

  signIn({ username, password }) {
    return this.expect(200, "POST", "/session", { username, password });
  }

  async isSignedIn() {
    return (await this.expect(200, "GET", "/session")).signedIn;
  }
}

/** The code of an authenticator app, `steps` away from now. */
export function code(secret, steps = 0) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const digest = createHmac("sha1", fromBase32(secret)).update(counter).digest();
  const word = digest.readUInt32BE(digest.at(-1) & 15) & 0x7fffffff;
  return String(word % 1_000_000).padStart(6, "0");
}

function fromBase32(text) {
  const bits = [...text].map((digit) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(digit).toString(2).padStart(5, "0")).join("");
  return Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
}

/** An authenticator in software: one credential, ES256, a counter. `origin` is what its browser says. */
export class Authenticator {
  constructor(origin) {
    this.origin = origin;
    this.id = randomBytes(20);
    this.count = 0;
    this.keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  }

  /** Answers creation options. */
  create(options, { flags = 0x45 } = {}) {
    this.rpId = options.rp.id;
    this.userHandle = options.user.id;
    const { x, y } = this.keys.publicKey.export({ format: "jwk" });
    const key = Buffer.concat([
      Buffer.from("a5010203262001215820", "hex"),
      Buffer.from(x, "base64url"),
      Buffer.from("225820", "hex"),
      Buffer.from(y, "base64url"),
    ]);
    const length = Buffer.from([0, this.id.length]);
    const data = Buffer.concat([this.#data(flags), Buffer.alloc(16), length, this.id, key]);
    const head = Buffer.from("a363666d74646e6f6e656761747453746d74a0686175746844617461", "hex");
    const object = Buffer.concat([head, Buffer.from([0x59, data.length >> 8, data.length & 255]), data]);
    return {
      challenge: options.challenge,
      response: {
        clientDataJSON: this.#client("webauthn.create", options.challenge).toString("base64url"),
        attestationObject: object.toString("base64url"),
      },
    };
  }

  /** Answers request options. */
  get(options, { flags = 0x05, count } = {}) {
    this.count = count ?? this.count + 1;
    const data = this.#data(flags);
    const client = this.#client("webauthn.get", options.challenge);
    const hash = createHash("sha256").update(client).digest();
    const signature = createSign("sha256").update(Buffer.concat([data, hash])).sign(this.keys.privateKey);
    return {
      challenge: options.challenge,
      id: this.id.toString("base64url"),
      response: {
        clientDataJSON: client.toString("base64url"),
        authenticatorData: data.toString("base64url"),
        signature: signature.toString("base64url"),
        userHandle: this.userHandle,
      },
    };
  }

  #data(flags) {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(this.count);
    return Buffer.concat([createHash("sha256").update(this.rpId).digest(), Buffer.from([flags]), count]);
  }

  #client(type, challenge) {
    return Buffer.from(JSON.stringify({ type, challenge, origin: this.origin, crossOrigin: false }));
  }
}

/** The newest mail to an address, once it is there. */
export async function mailTo(address, subject) {
  for (let round = 0; round < 50; round += 1) {
    const { list } = (await nobody.expect(200, "GET", "/setup/mail", undefined, operator())).body;
    const found = list.find((mail) => mail.to === address && (!subject || mail.subject === subject));
    if (found) return found;
    await new Promise((over) => setTimeout(over, 100));
  }
  return undefined;
}

export const tokenOf = (mail) => /#token=(\S+)/.exec(mail.text)[1];
export const operator = () => ({ authorization: `Bearer ${process.env.POSTERN_SETUP_TOKEN}` });
export const site = ORIGIN;
