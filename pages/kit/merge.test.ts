import { expect, it } from 'vitest';
import { differencesOf, mergeOf } from './merge';

const before = { name: 'Kennel', tags: ['a'], endpoint: { url: 'http://a', timeout: 5 }, lastUpdatedTime: 1 };
const mine = { name: 'Kennel', tags: ['a', 'b'], endpoint: { url: 'http://mine', timeout: 5 }, lastUpdatedTime: 1 };
const theirs = { name: 'Dogs', tags: ['a'], endpoint: { url: 'http://theirs', timeout: 5 }, lastUpdatedTime: 2 };

it('says who changed what', () => {
  const found = differencesOf({ before, mine, theirs }).map(({ path, changedBy }) => [path, changedBy]);
  expect(found).toEqual([
    ['name', 'them'],
    ['tags', 'me'],
    ['endpoint.url', 'both'],
  ]);
});

it('takes mine only where it is chosen', () => {
  expect(mergeOf({ before, mine, theirs }, ['tags'])).toEqual({ ...theirs, tags: ['a', 'b'] });
  expect(mergeOf({ before, mine, theirs }, ['endpoint.url'])).toEqual({ ...theirs, endpoint: { url: 'http://mine', timeout: 5 } });
});

it('a path cannot reach the prototype', () => {
  const hostile = JSON.parse('{"__proto__": {"polluted": true}}');
  mergeOf({ before: {}, mine: hostile, theirs: {} }, ['__proto__.polluted']);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});
