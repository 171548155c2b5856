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

it('range begins with the first whole bucket, and ends behind that of now', () => {
  const { from, to, granularity } = spanOf('day', NOW);
  expect(granularity).toBe('hour');
  expect(Number(to)).toBeGreaterThan(NOW);
  expect(new Date(Number(from)).toISOString()).toBe('2026-11-23T13:00:00.000Z');
  expect(withSilence([], 'day', NOW)[0]?.at).toBe('2026-11-23T13:00:00.000Z');
});
