import type { ThrottleLimit } from '../../client/admin/types.gen';
import { words } from '../words';

/** A limit as forms hold it. */
export interface LimitValues {
  counts: 'requests' | 'bandwidth' | 'other';
  amount: number | string;
  dataUnit: 'KB' | 'MB' | 'GB';
  unitTime: number | string;
  timeUnit: string;
  algorithm: 'fixed' | 'sliding' | 'gcra';
  /** Units that may come at once; for `gcra` only. */
  atOnce: number | string;
}

export function limitValuesOf(limit: ThrottleLimit | undefined): LimitValues {
  const part = limit?.requestCount ?? limit?.bandwidth;
  return {
    counts: countsOf(limit),
    amount: limit?.requestCount?.requestCount ?? limit?.bandwidth?.dataAmount ?? 100,
    dataUnit: limit?.bandwidth?.dataUnit ?? 'MB',
    unitTime: part?.unitTime ?? 1,
    timeUnit: part?.timeUnit === 'days' ? 'day' : (part?.timeUnit ?? 'min'),
    algorithm: limit?.algorithm ?? 'fixed',
    atOnce: limit?.burst ?? 10,
  };
}

/** The limit that the fields describe; what they do not show stays as it was. */
export function limitOf(values: LimitValues, kept: ThrottleLimit | undefined): ThrottleLimit {
  if (values.counts === 'other' && kept) return kept;
  const span = { timeUnit: values.timeUnit, unitTime: Number(values.unitTime) };
  const way = {
    ...(values.algorithm === 'fixed' ? {} : { algorithm: values.algorithm }),
    ...(values.algorithm === 'gcra' ? { burst: Number(values.atOnce) } : {}),
    ...(values.algorithm === 'fixed' && kept?.timeZone ? { timeZone: kept.timeZone } : {}),
  };
  if (values.counts === 'bandwidth') {
    return { ...way, type: 'BANDWIDTHLIMIT', bandwidth: { ...span, dataAmount: Number(values.amount), dataUnit: values.dataUnit } };
  }
  return { ...way, type: 'REQUESTCOUNTLIMIT', requestCount: { ...span, requestCount: Number(values.amount) } };
}

function countsOf(limit: ThrottleLimit | undefined): LimitValues['counts'] {
  if (limit === undefined || limit.type === 'REQUESTCOUNTLIMIT') return 'requests';
  return limit.type === 'BANDWIDTHLIMIT' ? 'bandwidth' : 'other';
}

const positive = (value: number | string) => (Number(value) >= 1 ? null : words.policy.positive);
export const LIMIT_RULES = { amount: positive, unitTime: positive, atOnce: positive };
