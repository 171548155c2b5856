import { SegmentedControl } from '@mantine/core';
import { words } from './words';

export type Range = 'hour' | 'day' | 'week';

/** How far back a statistics page looks; the address holds the choice. */
export function TimeRange({ value, onChange }: { value: Range; onChange: (range: Range) => void }) {
  return (
    <SegmentedControl
      aria-label={words.usage.range}
      value={value}
      onChange={(next) => onChange(rangeOf(next))}
      data={[
        { value: 'hour', label: words.usage.hour },
        { value: 'day', label: words.usage.day },
        { value: 'week', label: words.usage.week },
      ]}
    />
  );
}

export function rangeOf(value: unknown): Range {
  return value === 'day' || value === 'week' ? value : 'hour';
}

/** The query of a range that ends now. */
export function spanOf(range: Range, now: number) {
  const { length, granularity } = SPANS[range];
  // The end lies ahead so that the bucket of this very moment is within.
  return { from: String(now - length), to: String(now + 60_000), granularity };
}

const HOUR = 3_600_000;
const SPANS: Record<Range, { length: number; granularity: 'minute' | 'hour' | 'day' }> = {
  hour: { length: HOUR, granularity: 'minute' },
  day: { length: 24 * HOUR, granularity: 'hour' },
  week: { length: 7 * 24 * HOUR, granularity: 'day' },
};
