import { expect, it, vi } from 'vitest';
import { petstore } from '../../mock/petstore';
import { curlOf } from '../curl';
import { type Answer, addressOf, call, codeOf, headersOf, missingOf, startOf } from './call';
import { type Operation, operationsOf } from './definition';
import { limitsOf } from './limits';

const [list, create, read] = operationsOf(petstore) as [Operation, Operation, Operation];

it('parameters go where they belong', () => {
  const values = { parameters: { 'query limit': '5', 'query status': '' }, body: '' };
  expect(addressOf('http://h/p/1', list, values)).toBe('http://h/p/1/pets?limit=5');
  expect(addressOf('http://h/p/1', read, { parameters: { 'path petId': 'a/b c' }, body: '' })).toBe('http://h/p/1/pets/a%2Fb%20c');
});

it('missing path parameter stops the call', () => {
  expect(missingOf(read, { parameters: {}, body: '' })?.name).toBe('petId');
  expect(missingOf(read, startOf(read))).toBeUndefined();
});

it('body brings its content type', () => {
  expect(headersOf(create, startOf(create))).toContainEqual(['Content-Type', 'application/json']);
});

it('curl survives quotes in a body', () => {
  const call = curlOf({ method: 'POST', url: 'http://h/p?a=1', headers: [['ApiKey', 'k']], body: "it's" });
  expect(call).toBe("curl -X POST 'http://h/p?a=1' \\\n  -H 'ApiKey: k' \\\n  --data-raw 'it'\\''s'");
});

it('limit headers read as sentences', () => {
  const headers: [string, string][] = [
    ['RateLimit-Policy', '"plan";q=100;w=60, "burst";q=5;w=1'],
    ['RateLimit', '"plan";r=99;t=42, "burst";r=0;t=1'],
    ['Retry-After', '1'],
  ];
  expect(limitsOf(headers)).toEqual([
    { name: 'plan', words: '99 of 100 calls left in each minute, anew in 42 seconds.' },
    { name: 'burst', words: '0 of 5 calls left in each second, anew in 1 second.' },
    { name: 'Retry-After', words: 'Try again in 1 second.' },
  ]);
});

it('only refusals of the gateway have a code', () => {
  const answer = { reason: '', durationMs: 1, bytes: 1, headers: [], isText: true, state: 'whole' as const };
  expect(codeOf({ ...answer, status: 429, text: '{"code":900804}' })).toBe('900804');
  expect(codeOf({ ...answer, status: 200, text: '{"code":900804}' })).toBeUndefined();
  expect(codeOf({ ...answer, status: 500, text: 'oops' })).toBeUndefined();
});

/** An upstream that sends its parts one after the other and never ends by itself. */
function streaming(parts: string[]) {
  const body = (signal: AbortSignal | null | undefined) =>
    new ReadableStream({
      start(controller) {
        for (const part of parts) controller.enqueue(new TextEncoder().encode(part));
        signal?.addEventListener('abort', () => controller.error(new DOMException('stopped', 'AbortError')));
      },
    });
  const headers = { 'content-type': 'text/event-stream' };
  return vi.spyOn(globalThis, 'fetch').mockImplementation(async (_, init) => new Response(body(init?.signal), { headers }));
}

it('a stream is heard while it runs, and stopped with what has come', async () => {
  const fetched = streaming(['data: one\n\n', 'data: two\n\n']);
  const stop = new AbortController();
  const heard: Answer[] = [];
  const listening = {
    signal: stop.signal,
    onPart: (part: Answer) => {
      heard.push(part);
      if (part.text.includes('two')) stop.abort();
    },
  };
  const answer = await call({ method: 'GET', url: 'http://h/events', headers: [] }, listening);
  expect(heard.map(({ state, bytes }) => [state, bytes])).toEqual([
    ['arriving', 0],
    ['arriving', 11],
    ['arriving', 22],
  ]);
  expect([answer.state, answer.text]).toEqual(['stopped', 'data: one\n\ndata: two\n\n']);
  fetched.mockRestore();
});
