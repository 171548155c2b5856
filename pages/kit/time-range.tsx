import { SegmentedControl } from '@mantine/core';
import type { UsageRow } from '../client/analytics/types.gen';
import { words } from './words';

export type Range = 'hour' | 'day' | 'week' | 'month';

/** How far back a statistics page looks; the address holds the choice. */
export function TimeRange({ value, onChange }: { value: Range; onChange: (range: Range) => void }) {
  return (
    <SegmentedControl
      // On a phone it scrolls, and the page does not.
      style={{ maxWidth: 'calc(100vw - 2rem)', overflowX: 'auto' }}
      aria-label={words.usage.range}
      value={value}
      onChange={(next) => onChange(rangeOf(next))}
      data={[
        { value: 'hour', label: words.usage.hour },
        { value: 'day', label: words.usage.day },
        { value: 'week', label: words.usage.week },
        { value: 'month', label: words.usage.month },
      ]}
    />
  );
}

export function rangeOf(value: unknown): Range {
  return RANGES.find((known) => known === value) ?? 'hour';
}

/** The query of a range that ends now. It begins with a whole bucket, which few rows answer, and again the next time. */
export function spanOf(range: Range, now: number) {
  const { length, granularity } = SPANS[range];
  const step = STEPS[granularity];
  const from = (Math.floor((now - length) / step) + 1) * step;
  // The end lies ahead so that the bucket of this very moment is within.
  return { from: String(from), to: String(now + 60_000), granularity };
}

/** The rows with an empty one for each bucket without calls: silence belongs in the picture too. */
export function withSilence(rows: UsageRow[], range: Range, now: number): UsageRow[] {
  const { length, granularity } = SPANS[range];
  const step = STEPS[granularity];
  const held = new Map(rows.map((row) => [Math.floor(Date.parse(row.at ?? '') / step), row]));
  const first = Math.floor((now - length) / step) + 1;
  const last = Math.max(Math.floor(now / step), ...held.keys());
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const bucket = first + index;
    return held.get(bucket) ?? { at: new Date(bucket * step).toISOString(), requests: 0 };
  });
}

const HOUR = 3_600_000;
const STEPS = { minute: 60_000, hour: HOUR, day: 24 * HOUR };
const SPANS: Record<Range, { length: number; granularity: 'minute' | 'hour' | 'day' }> = {
  hour: { length: HOUR, granularity: 'minute' },
  day: { length: 24 * HOUR, granularity: 'hour' },
  week: { length: 7 * 24 * HOUR, granularity: 'day' },
  month: { length: 30 * 24 * HOUR, granularity: 'day' },
};
const RANGES = Object.keys(SPANS) as Range[];
