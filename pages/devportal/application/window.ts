import type { ThrottlingPolicy } from '../../client/devportal/types.gen';

export interface QuotaWindow {
  from: number;
  quota: number;
  length: number;
  unit: string;
}

/** The window of a plan's quota at a moment: windows are aligned to the epoch, those of months to the calendar (UTC). None without a limit. */
export function windowOf(plan: Pick<ThrottlingPolicy, 'requestCount' | 'unitTime' | 'timeUnit'>, now: number): QuotaWindow | undefined {
  const { requestCount: quota, unitTime: length } = plan;
  const unit = UNITS[plan.timeUnit ?? ''];
  if (!unit || quota === undefined || quota <= 0 || quota >= ENDLESS || !length) return undefined;
  if (unit === 'month') {
    const date = new Date(now);
    return { from: Date.UTC(date.getUTCFullYear(), date.getUTCMonth()), quota, length, unit };
  }
  const size = length * (LENGTHS[unit] ?? MINUTE);
  return { from: Math.floor(now / size) * size, quota, length, unit };
}

const MINUTE = 60_000;
const LENGTHS: Record<string, number> = { second: 1_000, minute: MINUTE, hour: 60 * MINUTE, day: 1_440 * MINUTE, week: 10_080 * MINUTE };
const UNITS: Record<string, string> = {
  sec: 'second',
  min: 'minute',
  hour: 'hour',
  day: 'day',
  days: 'day',
  week: 'week',
  month: 'month',
  months: 'month',
};
/** WSO2's word for "no limit". */
const ENDLESS = 2_147_483_647;
