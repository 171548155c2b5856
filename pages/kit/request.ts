import { type Problem, problemOf } from './problem';

declare global {
  interface Window {
    /** By their addresses, what was asked for before the scripts ran. */
    firstAnswers?: Map<string, Promise<Response>>;
  }
}

interface ClientSettings {
  baseUrl?: unknown;
  fetch?: typeof fetch;
  throwOnError?: boolean;
}

/** How every generated client talks: same origin, session cookie, refusals thrown as problems. */
export function createClientConfig<T extends ClientSettings>(settings: T) {
  return { ...settings, baseUrl: `${location.origin}${settings.baseUrl ?? ''}`, fetch: send, throwOnError: true as const };
}

/** Sends a request of a portal. A change carries the header that no foreign page can set, and the tag of what it changes. */
export const send: typeof fetch = async (input, init) => {
  const request = new Request(typeof input === 'string' ? new URL(input, location.origin) : input, init);
  const address = new URL(request.url).pathname;
  if (request.method !== 'GET') request.headers.set('X-Postern-CSRF', '1');
  const tag = seen.get(address)?.tag;
  if (request.method === 'PUT' && tag && !request.headers.has('If-Match')) request.headers.set('If-Match', tag);
  const wanted =
    request.method === 'PUT' && request.headers.get('content-type')?.includes('json') ? await request.clone().text() : undefined;
  const response = await (broughtFirst(request) ?? fetch(request));
  if (response.status === 401 && !address.startsWith('/session')) for (const listener of listeners) listener();
  if (response.status === 412 && wanted !== undefined) return merged(request, wanted, await problemOf(response));
  if (!response.ok) throw await problemOf(response);
  await remember(request, address, response);
  return response;
};

/** The answer that `assets/first.js` has asked for already, once. */
function broughtFirst({ method, url }: Request): Promise<Response> | undefined {
  if (method !== 'GET') return undefined;
  const { pathname, search } = new URL(url);
  const answer = window.firstAnswers?.get(pathname + search);
  window.firstAnswers?.delete(pathname + search);
  return answer;
}

/** A change that somebody else came before: what both want, and what it was when this page read it. */
export interface Conflict {
  before: unknown;
  mine: unknown;
  theirs: unknown;
}

/** Answers what is to be saved, or nothing when the person lets it be. */
export type Merger = (conflict: Conflict) => Promise<unknown>;

/** Says who settles conflicts; without anybody they are refusals as any other. */
export function settleConflictsBy(next: Merger | undefined) {
  merger = next;
}

/**
 * From now until the answer is called, changes go with what has been seen so far: a form is about what it showed when it was
 * opened, whatever the page reads meanwhile.
 */
export function hold(): () => void {
  holds += 1;
  return () => {
    holds -= 1;
    if (holds > 0) return;
    for (const [address, state] of newer) seen.set(address, state);
    newer.clear();
  };
}

/** Calls `listener` when the platform says that the session is over. */
export function onSignedOut(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What was read from the management APIs lately, the newest first: the calls behind the page. */
export function callsOf(): readonly string[] {
  return reads;
}

/** Reads the present state, lets the person settle what differs, and sends that with the present tag. */
async function merged(request: Request, wanted: string, refusal: Problem): Promise<Response> {
  const address = new URL(request.url).pathname;
  const before = seen.get(address)?.body;
  if (!merger) throw refusal;
  const present = await send(request.url);
  const theirs: unknown = await present.clone().json();
  const settled = await merger({ before: before === undefined ? theirs : JSON.parse(before), mine: JSON.parse(wanted), theirs });
  if (settled === undefined) throw refusal;
  const headers = { 'Content-Type': 'application/json', 'If-Match': present.headers.get('etag') ?? '*' };
  return send(request.url, { method: 'PUT', headers, body: JSON.stringify(settled) });
}

async function remember(request: Request, address: string, response: Response) {
  const { method } = request;
  if (method === 'GET' && address.startsWith('/api/')) {
    const line = new URL(request.url).pathname + new URL(request.url).search;
    const at = reads.indexOf(line);
    if (at >= 0) reads.splice(at, 1);
    reads.unshift(line);
    reads.length = Math.min(reads.length, MOST_READS);
  }
  const tag = response.headers.get('etag');
  if (tag && (method === 'GET' || method === 'PUT')) {
    const state = { tag, body: await response.clone().text() };
    if (method === 'GET' && holds > 0 && seen.has(address)) newer.set(address, state);
    else see(address, state);
  } else if (method !== 'GET') {
    see(address, undefined);
  }
}

function see(address: string, state: State | undefined) {
  newer.delete(address);
  if (state) seen.set(address, state);
  else seen.delete(address);
}

/** A generation of an object, and the object. */
interface State {
  tag: string;
  body: string;
}

/** Each object as this page last saw it, or as it was when a form was opened. */
const seen = new Map<string, State>();
/** What has been read while a form was open. */
const newer = new Map<string, State>();
let holds = 0;
const reads: string[] = [];
const listeners = new Set<() => void>();
let merger: Merger | undefined;
const MOST_READS = 12;
