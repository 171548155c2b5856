import { expect, it } from 'vitest';
import { spanOf, withSilence } from './time-range';

const NOW = Date.parse('2026-11-24T12:30:20Z');

it('silence fills the buckets without calls', () => {
  const call = { at: '2026-11-24T12:28:00.000Z', requests: 2 };
  const rows = withSilence([call], 'hour', NOW);
  expect(rows).toHaveLength(60);
  expect(rows.at(-1)?.at).toBe('2026-11-24T12:30:00.000Z');
  expect(rows.at(-3)).toBe(call);
  expect(rows.reduce((sum, row) => sum + row.requests, 0)).toBe(2);
});

it('range ends behind the bucket of now', () => {
  const { from, to, granularity } = spanOf('day', NOW);
  expect(granularity).toBe('hour');
  expect(Number(to)).toBeGreaterThan(NOW);
  expect(NOW - Number(from)).toBe(86_400_000);
});
