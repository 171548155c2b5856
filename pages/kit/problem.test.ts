import { describe, expect, it } from 'vitest';
import { asProblem, problemFrom } from './problem';

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
