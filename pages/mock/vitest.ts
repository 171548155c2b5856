import { Blob, File } from 'node:buffer';
import { cleanup, configure } from '@testing-library/react';
import { afterEach, beforeEach, vi } from 'vitest';
import { answer, reset } from './platform';

/** What the pages ask of a browser and jsdom lacks; and the mock platform behind every request. */
class Observer {
  observe() {}
  unobserve() {}
  disconnect() {}
}

/** Node's requests refuse the signals of jsdom; no test aborts one. */
class Unsignalled extends Request {
  constructor(input: RequestInfo | URL, init: RequestInit = {}) {
    super(input, { ...init, signal: undefined });
  }
}

// Forms and files have to be of the same make as the requests that carry them.
const { constructor: NodeForm } = await new Response(new URLSearchParams()).formData();
vi.stubGlobal('FormData', NodeForm);
vi.stubGlobal('File', File);
vi.stubGlobal('Blob', Blob);
vi.stubGlobal('Request', Unsignalled);
vi.stubGlobal('ResizeObserver', Observer);
vi.stubGlobal('fetch', (input: RequestInfo | URL, init?: RequestInit) => answer(new Request(input, init)));
window.matchMedia = (query: string) =>
  ({
    matches: false,
    media: query,
    addEventListener() {},
    removeEventListener() {},
    addListener() {},
    removeListener() {},
  }) as unknown as MediaQueryList;
window.scrollTo = () => {};
Element.prototype.scrollIntoView = () => {};

// Pages load their code when they are first seen, on busy machines too.
configure({ asyncUtilTimeout: 10_000, getElementError: (message) => new Error(message ?? '') });

beforeEach(() => {
  reset();
});

afterEach(() => {
  cleanup();
});
