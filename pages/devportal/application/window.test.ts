import { describe, expect, it } from 'vitest';
import { windowOf } from './window';

const NOW = Date.UTC(2026, 10, 27, 15, 1, 30);

describe('the window of a plan', () => {
  it.each([
    [{ requestCount: 10, unitTime: 1, timeUnit: 'min' }, '2026-11-27T15:01:00.000Z'],
    [{ requestCount: 10, unitTime: 5, timeUnit: 'min' }, '2026-11-27T15:00:00.000Z'],
    [{ requestCount: 10, unitTime: 1, timeUnit: 'day' }, '2026-11-27T00:00:00.000Z'],
    [{ requestCount: 10, unitTime: 1, timeUnit: 'month' }, '2026-11-01T00:00:00.000Z'],
  ])('%j began at %s', (plan, from) => {
    expect(new Date(windowOf(plan, NOW)?.from ?? 0).toISOString()).toBe(from);
  });

  it.each([
    { requestCount: 2_147_483_647, unitTime: 1, timeUnit: 'min' },
    { requestCount: -1, unitTime: 0, timeUnit: 'min' },
  ])('%j has none', (plan) => {
    expect(windowOf(plan, NOW)).toBeUndefined();
  });
});
