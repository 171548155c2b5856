import { describe, expect, it } from 'vitest';
import { badLinesOf, changeOf, type Message, sampleOf } from './sample';

const VALUES = {
  method: 'GET',
  path: '/dogs?tier=a%20b',
  headers: 'X-Who: ann\n\nx-at: 1:2',
  body: '',
  status: '204',
  replyHeaders: '',
  replyBody: '',
};
const MESSAGE: Message = { method: 'GET', path: '/dogs', query: '', status: 0, headers: [['x-a', '1']], body: '' };

describe('a call that is made up', () => {
  it('is read from what was typed', () => {
    expect(sampleOf(VALUES)).toEqual({
      method: 'GET',
      path: '/dogs',
      query: { tier: 'a b' },
      headers: { 'X-Who': 'ann', 'x-at': '1:2' },
      body: '',
      reply: { status: 204, headers: {}, body: '' },
    });
    expect(sampleOf({ ...VALUES, path: 'dogs' }).path).toBe('/dogs');
  });

  it('names the lines that are no headers', () => {
    expect(badLinesOf('x-a: 1\nnonsense\nx b: 2\n')).toEqual(['nonsense', 'x b: 2']);
  });
});

describe('what a step has changed', () => {
  it('is what has come and what has gone', () => {
    const after: Message = {
      ...MESSAGE,
      query: 'b=2',
      headers: [
        ['x-a', '2'],
        ['x-b', '1'],
      ],
    };
    expect(changeOf(MESSAGE, after)).toEqual({ come: ['GET /dogs?b=2', 'x-a: 2', 'x-b: 1'], gone: ['GET /dogs', 'x-a: 1'] });
    expect(changeOf(MESSAGE, MESSAGE)).toEqual({ come: [], gone: [] });
  });

  it('counts a line that is there twice', () => {
    const after: Message = {
      ...MESSAGE,
      headers: [
        ['x-a', '1'],
        ['x-a', '1'],
      ],
    };
    expect(changeOf(MESSAGE, after)).toEqual({ come: ['x-a: 1'], gone: [] });
  });
});
