import { problemOf } from './problem';

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
  const tag = tags.get(address);
  if (request.method === 'PUT' && tag) request.headers.set('If-Match', tag);
  const response = await fetch(request);
  if (response.status === 401 && !address.startsWith('/session')) for (const listener of listeners) listener();
  if (!response.ok) throw await problemOf(response);
  remember(address, request.method, response);
  return response;
};

/** Calls `listener` when the platform says that the session is over. */
export function onSignedOut(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function remember(address: string, method: string, response: Response) {
  const tag = response.headers.get('etag');
  if (tag && (method === 'GET' || method === 'PUT')) tags.set(address, tag);
  else if (method !== 'GET') tags.delete(address);
}

/** The generation of each object as this page last saw it. */
const tags = new Map<string, string>();
const listeners = new Set<() => void>();
