// An emulator of Cloudflare's Analytics Engine over SQLite: takes the points that workerd's binding sends, and answers the
// part of the engine's SQL that the platform uses. Anything else is refused, as the engine would.

import { DurableObject } from "cloudflare:workers";

export default {
  fetch(request, env) {
    return env.POINTS.get(env.POINTS.idFromName("all")).fetch(request);
  },
};

export class Points extends DurableObject {
  constructor(state, env) {
    super(state, env);
    this.sql = state.storage.sql;
    const columns = [...numbered("blob", 20, "TEXT"), ...numbered("double", 20, "REAL")];
    this.sql.exec(`CREATE TABLE IF NOT EXISTS postern_events (index1 TEXT, timestamp REAL, _sample_interval REAL, ${columns})`);
  }

  async fetch(request) {
    if (new URL(request.url).pathname !== "/sql") return this.write(await request.json());
    if (request.headers.get("authorization") !== "Bearer token-of-the-journey") return new Response("who?", { status: 401 });
    const text = await request.text();
    try {
      const data = this.sql.exec(translated(text)).toArray().map(asTold);
      return Response.json({ meta: [], data, rows: data.length });
    } catch (error) {
      return new Response(`${error}: ${text}`, { status: 422 });
    }
  }

  // Texts come as lists of bytes, and the time in nanoseconds.
  write(point) {
    const text = (bytes) => new TextDecoder().decode(new Uint8Array(bytes));
    const found = { index1: text(point.index1), timestamp: Number(point.timestamp) / 1e9, _sample_interval: 1 };
    for (const [name, value] of Object.entries(point)) {
      if (/^blob\d+$/.test(name)) found[name] = text(value);
      if (/^double\d+$/.test(name)) found[name] = value;
    }
    const names = Object.keys(found);
    this.sql.exec(`INSERT INTO postern_events (${names}) VALUES (${names.map(() => "?")})`, ...Object.values(found));
    return new Response(null, { status: 204 });
  }
}

// The engine's words in SQLite's. Words in quotes stay as they are.
function translated(text) {
  if (!text.endsWith(" FORMAT JSON")) throw new Error("only FORMAT JSON is asked for");
  return text
    .slice(0, -" FORMAT JSON".length)
    .split(/('(?:[^']|'')*')/)
    .map((part, place) => (place % 2 === 1 ? part : words(part)))
    .join("");
}

function words(part) {
  for (const [, name] of part.matchAll(/([A-Za-z]\w*)\(/g)) if (!KNOWN.includes(name)) throw new Error(`unknown function ${name}`);
  return part
    .replace(/intDiv\((\w+), (\d+)\)/g, "(CAST($1 AS INTEGER) / $2)")
    .replace(/toDateTime\((\d+)\)/g, "$1")
    .replace(/COUNT\(\)/g, "COUNT(*)");
}

// Counts are whole numbers of 64 bits, which the engine tells as texts.
function asTold(row) {
  return "stored" in row ? { ...row, stored: String(row.stored) } : row;
}

function numbered(name, count, type) {
  return Array.from({ length: count }, (_, place) => `${name}${place + 1} ${type}`);
}

const KNOWN = ["SUM", "COUNT", "MAX", "intDiv", "toDateTime"];
