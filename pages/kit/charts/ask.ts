import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getUsage } from '../../client/analytics/sdk.gen';
import type { GetUsageData, UsageAnswer, UsageFigures, UsageRow } from '../../client/analytics/types.gen';
import { type Range, spanOf } from '../time-range';

/** What a dashboard looks at: everything that its reader may see, or one API, or one application. */
export interface Scope {
  apiId?: string;
  applicationId?: string;
}

export type Wish = Omit<NonNullable<GetUsageData['query']>, 'from' | 'to' | 'granularity'> & { overTime?: boolean };

/** One question of a dashboard, asked again as long as it is looked at. */
export function useUsage(scope: Scope, range: Range, { overTime, ...wish }: Wish) {
  return useQuery({
    queryKey: ['usage', scope, range, overTime, wish],
    queryFn: async (): Promise<UsageAnswer> => {
      const { granularity, ...span } = spanOf(range, Date.now());
      const found = await getUsage({ query: { ...scope, ...span, ...wish, ...(overTime && { granularity }) } });
      return found.data;
    },
    refetchInterval: 10_000,
    placeholderData: keepPreviousData,
  });
}

/** Counts without percentiles, which are most of the work. */
export const COUNTS = { percentiles: 'none' } as const;
export const ERRORS = '4xx,5xx';

export type Figure = (row: UsageFigures) => number;
export const requests: Figure = (row) => row.requests;
export const errors: Figure = (row) => row.errors ?? 0;
export const throttled: Figure = (row) => row.throttled ?? 0;

/** A row's key among rows of the same question. */
export function keyOf(row: UsageRow): string {
  const { apiId, applicationId, method, template, plan, keyType, country, agent, limit, status, statusClass, errorCode } = row;
  return [apiId, applicationId, method, template, plan, keyType, country, agent, limit, status, statusClass, errorCode].join(' ');
}
