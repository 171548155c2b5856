import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { Connect, Plugin, ViteDevServer } from 'vite';

/**
 * `npm run dev`: pages for the paths that only a portal's router knows, and the platform behind them: the real one when
 * `POSTERN_URL` names it, else the mock of `mock/`.
 */
export function localPlatform(): Plugin {
  return {
    name: 'local-platform',
    configureServer(server) {
      server.middlewares.use(pageOf);
      server.middlewares.use((request, response, next) => answer(server, request, response).then((done) => done || next(), next));
    },
    configurePreviewServer(server) {
      server.middlewares.use(pageOf);
    },
  };
}

const pageOf: Connect.NextHandleFunction = (request, _response, next) => {
  const path = (request.url ?? '').split('?')[0] ?? '';
  const portal = /^\/(publisher|devportal|admin|sign-in)(\/|$)/.exec(path)?.[1];
  if (portal && !/\.[a-z]+$/.test(path)) request.url = `/${portal}/index.html`;
  next();
};

async function answer(server: ViteDevServer, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const path = request.url ?? '/';
  // The console calls whatever path an API has, and asks for JSON; pages, scripts and styles do not.
  const isCall = request.headers['sec-fetch-dest'] === 'empty' && request.headers.accept === 'application/json';
  if (!isCall && !/^\/(api|session|oauth2|sample|\.well-known)(\/|$|\?)/.test(path)) return false;
  const asked = requestOf(request);
  const reply = process.env.POSTERN_URL ? await fetch(asked) : await (await server.ssrLoadModule('/mock/platform.ts')).answer(asked);
  response.statusCode = reply.status;
  reply.headers.forEach((value: string, name: string) => {
    if (name !== 'content-encoding' && name !== 'content-length') response.setHeader(name, value);
  });
  response.end(Buffer.from(await reply.arrayBuffer()));
  return true;
}

function requestOf(request: IncomingMessage): Request {
  const origin = process.env.POSTERN_URL ?? 'http://localhost';
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
  const headers = Object.entries(request.headers).filter(([name]) => !['host', 'connection', 'content-length'].includes(name));
  return new Request(new URL(request.url ?? '/', origin), {
    method: request.method,
    headers: headers.map(([name, value]): [string, string] => [name, name === 'origin' ? origin : String(value)]),
    body: hasBody ? (Readable.toWeb(request) as ReadableStream) : undefined,
    duplex: 'half',
  } as RequestInit);
}
