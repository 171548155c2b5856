import { expect, it } from 'vitest';
import { ownPath } from './session';

it.each([
  ['/publisher/apis/1?tab=2#top', '/publisher/apis/1?tab=2#top'],
  ['https://evil.example/', '/'],
  ['//evil.example/', '/'],
  ['/\\evil.example', '/'],
  ['javascript:alert(1)', '/'],
  ['', '/'],
  [null, '/'],
])('returning to %s leads to %s', (wanted, expected) => {
  expect(ownPath(wanted, '/')).toBe(expected);
});
