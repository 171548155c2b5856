import { accountAnswers } from './account';
import { adminAnswers } from './admin';
import { alertsAnswers } from './alerts';
import { devportalAnswers } from './devportal';
import { publisherAnswers } from './publisher';
import { emptyStore, Refusal, type Store } from './store';

/** What a request carries, ready for an answer to read. */
export interface Asked {
  store: Store;
  query: URLSearchParams;
  parts: string[];
  json: () => Promise<Record<string, unknown>>;
  form: () => Promise<FormData>;
}

export type Answers = Record<string, (asked: Asked) => unknown>;

const store = emptyStore();

/** Starts anew; each test calls it. */
export function reset(): Store {
  Object.assign(store, emptyStore());
  return store;
}

/** The whole platform in one function: the management APIs, the session and a gateway that answers. */
export async function answer(request: Request): Promise<Response> {
  const url = new URL(request.url);
  for (const [pattern, reply] of Object.entries(ANSWERS)) {
    const [method, path = ''] = pattern.split(' ');
    const parts = new RegExp(`^${path.replace(/\{\w+\}/g, '([^/]+)')}$`).exec(url.pathname);
    if (method !== request.method || !parts) continue;
    const asked = { store, query: url.searchParams, parts: parts.slice(1), json: () => request.json(), form: () => request.formData() };
    return settle(async () => reply(asked));
  }
  return gateway(url);
}

async function settle(reply: () => Promise<unknown>): Promise<Response> {
  try {
    const body = await reply();
    return body === undefined ? new Response(null, { status: 204 }) : Response.json(body, { headers: { etag: '"1"' } });
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    const body = { code: thrown.status, message: thrown.message, description: thrown.description, moreInfo: '', error: [] };
    return Response.json(body, { status: thrown.status });
  }
}

function gateway(url: URL): Response {
  const api = store.apis.find((candidate) => url.pathname.startsWith(`${candidate.context}/${candidate.version}`));
  if (!api) return Response.json({ code: 404, message: 'Not Found', description: 'no API has this path' }, { status: 404 });
  store.calls.push({ at: Date.now(), apiId: api.id ?? '', status: 200 });
  const headers = { 'ratelimit-policy': '"subscription";q=100;w=60', ratelimit: '"subscription";r=99;t=42' };
  return Response.json([{ id: 1, name: 'Rex' }], { headers });
}

const session: Answers = {
  'GET /session': ({ store: kept }) => sessionOf(kept),
  'POST /session': async ({ store: kept, json }) => {
    const { username, password } = await json();
    if (password === 'wrong') throw new Refusal(401, 'Unauthorized', 'the username or the password is wrong');
    kept.username = String(username);
    return sessionOf(kept);
  },
  'DELETE /session': ({ store: kept }) => {
    kept.username = undefined;
    return undefined;
  },
};

function sessionOf({ username, scopes }: Store) {
  if (!username) return { signedIn: false };
  return { signedIn: true, username, organization: 'carbon.super', roles: ['admin'], scopes, portals: ['publisher', 'devportal', 'admin'] };
}

const ANSWERS: Answers = { ...session, ...accountAnswers, ...alertsAnswers, ...publisherAnswers, ...devportalAnswers, ...adminAnswers };
