import { describe, expect, it } from 'vitest';
import { asProblem, Problem, problemFrom, problemOf, sayingsOf } from './problem';

describe('a refusal', () => {
  const cases: [string, number, unknown, { title: string; detail: string; code: string }][] = [
    [
      'of a management API',
      409,
      { code: 409, message: 'conflict', description: 'an API with the context `/a` exists already', moreInfo: '', error: [] },
      { title: 'Conflict', detail: 'An API with the context `/a` exists already', code: '409' },
    ],
    [
      'as problem+json',
      429,
      { type: '/docs/errors/900804', title: 'too many requests', detail: 'wait 5 seconds' },
      { title: 'Too many requests', detail: 'Wait 5 seconds', code: '' },
    ],
    [
      'of the token endpoint',
      400,
      { error: 'invalid_grant', error_description: 'wrong password' },
      { title: 'Invalid_grant', detail: 'Wrong password', code: '' },
    ],
    ['without a body', 502, {}, { title: 'The upstream cannot be reached', detail: '', code: '' }],
    ['that is no object', 418, 'tea', { title: 'The server answered 418', detail: '', code: '' }],
  ];

  it.each(cases)('%s becomes readable', (_, status, body, expected) => {
    expect(problemFrom(status, body)).toMatchObject({ status, ...expected });
  });

  it('keeps each fault with its place', () => {
    const problem = problemFrom(400, { message: 'bad', error: [{ code: '1', message: 'line 3: name is missing' }, 'junk'] });
    expect(problem.faults.map((fault) => fault.message)).toEqual(['line 3: name is missing']);
  });

  it('of the network says what to do', () => {
    expect(asProblem(new TypeError('Failed to fetch')).detail).toBe('Check the connection, then try again.');
  });
});

describe('what a page says of it', () => {
  const fault = { code: '1', message: 'line 3: name is missing' };
  const cases: [string, { title: string; detail?: string; faults?: (typeof fault)[] }, { detail: string; faults: string[] }][] = [
    ['a detail like the title', { title: 'Bad request', detail: 'Bad request.' }, { detail: '', faults: [] }],
    [
      'a detail like the only fault',
      { title: 'Invalid', detail: 'Line 3: name is missing', faults: [fault] },
      { detail: '', faults: ['Line 3: name is missing'] },
    ],
    ['a fault twice', { title: 'Invalid', faults: [fault, fault] }, { detail: '', faults: ['Line 3: name is missing'] }],
    [
      'two things',
      { title: 'Invalid', detail: 'Nothing was saved', faults: [fault] },
      { detail: 'Nothing was saved', faults: ['Line 3: name is missing'] },
    ],
  ];

  it.each(cases)('says each thing once: %s', (_, parts, expected) => {
    expect(sayingsOf(new Problem({ status: 400, ...parts }))).toEqual(expected);
  });

  it('names the request', async () => {
    const problem = await problemOf(new Response('{}', { status: 500, headers: { 'x-request-id': 'r-1' } }));
    expect(problem.requestId).toBe('r-1');
  });
});
