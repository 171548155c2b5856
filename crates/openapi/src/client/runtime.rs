//! What every client has: the class around the operations, and a page that says how to use it.

use super::words::quoted;

/// The class with these methods.
pub(super) fn source(address: &str, api_key_header: &str, methods: &str) -> String {
    format!(
        "{TYPES}{ENCODED}\nexport class Client {{\n  private readonly options: ClientOptions;\n\n  \
         constructor(options: ClientOptions = {{}}) {{\n    this.options = options;\n  }}\n{methods}\n{}}}\n",
        SEND.replace("$ADDRESS", &quoted(address))
            .replace("$API_KEY", &quoted(api_key_header))
    )
}

/// How to use it.
pub(super) fn readme(title: &str, version: &str) -> String {
    let title = title.replace(['\n', '\r'], " ");
    let version = version.replace(['\n', '\r'], " ");
    format!("# A client of {title} {version}\n\n{README}")
}

const TYPES: &str = r#"
export interface ClientOptions {
  /** Where the API is called. */
  baseUrl?: string;
  /** An access token, or what gets one. */
  token?: string | (() => string | Promise<string>);
  apiKey?: string;
  /** Sent with every call. */
  headers?: Record<string, string>;
  fetch?: typeof fetch;
}

/** A call that was not answered with a status from 200 to 299. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, body: unknown) {
    super(`the API answered ${status}`);
    this.status = status;
    this.body = body;
  }
}

type Place = [key: string, name: string, place: string];
"#;

const ENCODED: &str = r#"
/** A body as `fetch` takes it. */
function encoded(body: unknown, type: string | undefined): BodyInit | undefined {
  if (body === undefined) return undefined;
  if (type && /[/+]json\b/.test(type)) return JSON.stringify(body);
  const isForm = type?.startsWith("application/x-www-form-urlencoded") || type?.startsWith("multipart/");
  const isPlain = typeof body === "object" && body !== null && Object.getPrototypeOf(body) === Object.prototype;
  if (!isForm || !isPlain) return body as BodyInit;
  const form = type?.startsWith("multipart/") ? new FormData() : new URLSearchParams();
  for (const [name, value] of Object.entries(body as Record<string, unknown>)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one === undefined || one === null) continue;
      if (one instanceof Blob && form instanceof FormData) form.append(name, one);
      else form.append(name, String(one));
    }
  }
  return form;
}
"#;

const SEND: &str = r#"  private async send(
    method: string, template: string, places: unknown[][], parameters: Record<string, unknown>, body: unknown,
    type: string | undefined, init: RequestInit,
  ): Promise<any> {
    const { options } = this;
    const headers = new Headers(options.headers);
    const query = new URLSearchParams();
    let path = template;
    for (const [key, name, place] of places as Place[]) {
      const value = parameters[key];
      if (value === undefined || value === null) continue;
      if (place === "path") path = path.split(`{${name}}`).join(encodeURIComponent(String(value)));
      else if (place === "header") headers.set(name, String(value));
      else for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one));
    }
    const token = typeof options.token === "function" ? await options.token() : options.token;
    if (token) headers.set("authorization", `Bearer ${token}`);
    if (options.apiKey) headers.set($API_KEY, options.apiKey);
    new Headers(init.headers).forEach((value, name) => headers.set(name, value));
    const base = (options.baseUrl ?? $ADDRESS).replace(/\/+$/, "");
    const search = query.size > 0 ? `?${query}` : "";
    const sent = encoded(body, type);
    if (sent !== undefined && type && !type.startsWith("multipart/") && !headers.has("content-type")) headers.set("content-type", type);
    const answer = await (options.fetch ?? fetch)(`${base}${path}${search}`, { ...init, method, headers, body: sent });
    const isJson = /[/+]json\b/.test(answer.headers.get("content-type") ?? "");
    const text = await answer.text();
    const read = isJson && text ? JSON.parse(text) : text || undefined;
    if (!answer.ok) throw new ApiError(answer.status, read);
    return read;
  }
"#;

const README: &str = r#"Made from the API's definition. `src/index.ts` needs nothing but `fetch`: Node 20 or later, Deno, Bun, Workers and browsers have it.

```ts
import { Client, ApiError } from "./src/index.ts";

const client = new Client({ apiKey: "…" }); // or { token: "…" }, or a function that gets one
```

Each operation is a method: first its parameters by name, then its body where it has one, then what `fetch` takes besides.
An answer outside of 200 to 299 is thrown as `ApiError`, with `status` and `body`.

`npm install && npm run build` makes JavaScript and declarations in `dist/`.
"#;
