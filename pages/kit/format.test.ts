import { expect, it } from 'vitest';
import { ago, moment, percent } from './format';

const NOW = Date.parse('2026-11-24T12:00:00Z');

it.each([
  [NOW - 3_000, '3 seconds ago'],
  [String(NOW - 120_000), '2 minutes ago'],
  ['2026-11-23T12:00:00Z', 'yesterday'],
  [undefined, '–'],
  ['nonsense', '–'],
])('%s reads as %s', (value, expected) => {
  expect(ago(value, NOW)).toBe(expected);
});

it('share of nothing is a dash', () => {
  expect([percent(1, 4), percent(0, 0)]).toEqual(['25%', '–']);
});

it('missing moment is a dash', () => {
  expect(moment(null)).toBe('–');
});
