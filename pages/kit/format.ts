import { locale } from './language';

/** A point of time as people of this place write it; dash when there is none. */
export function moment(value: string | number | undefined | null): string {
  const date = dateOf(value);
  return date ? MOMENT.format(date) : '–';
}

/** How long ago, in the largest unit that fits. */
export function ago(value: string | number | undefined | null, now = Date.now()): string {
  const date = dateOf(value);
  if (!date) return '–';
  const seconds = Math.round((date.getTime() - now) / 1000);
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return RELATIVE.format(Math.round(seconds / size), unit);
  }
  return RELATIVE.format(seconds, 'second');
}

export function count(value: number): string {
  return NUMBER.format(value);
}

export function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : PERCENT.format(part / whole);
}

/** By how much more or less, with its sign; nothing when there was nothing before. */
export function change(now: number, before: number): string {
  return before === 0 ? '' : CHANGE.format(now / before - 1);
}

/** ISO 8601, or milliseconds since the epoch as number or digits: the management APIs have both. */
function dateOf(value: string | number | undefined | null): Date | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const date = new Date(typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

const MOMENT = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
const RELATIVE = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
const NUMBER = new Intl.NumberFormat(locale);
const PERCENT = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
const CHANGE = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0, signDisplay: 'exceptZero' });
const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];
