import type { ThrottleLimit } from '../../client/admin/types.gen';
import { burstOf, type Policy, type PolicyKind } from '../policies';

/** A policy as its form holds it. */
export interface PolicyValues {
  policyName: string;
  displayName: string;
  description: string;
  counts: 'requests' | 'bandwidth' | 'other';
  amount: number | string;
  dataUnit: 'KB' | 'MB' | 'GB';
  unitTime: number | string;
  timeUnit: string;
  burst: number | string;
  burstUnit: 'sec' | 'min';
  stopOnQuotaReach: boolean;
}

export function valuesOf(policy: Policy | undefined): PolicyValues {
  const limit = policy?.defaultLimit;
  const part = limit?.requestCount ?? limit?.bandwidth;
  const burst = policy && burstOf(policy);
  return {
    policyName: policy?.policyName ?? '',
    displayName: policy?.displayName ?? '',
    description: policy?.description ?? '',
    counts: countsOf(limit),
    amount: limit?.requestCount?.requestCount ?? limit?.bandwidth?.dataAmount ?? 100,
    dataUnit: limit?.bandwidth?.dataUnit ?? 'MB',
    unitTime: part?.unitTime ?? 1,
    timeUnit: part?.timeUnit === 'days' ? 'day' : (part?.timeUnit ?? 'min'),
    burst: burst?.rateLimitCount ?? 0,
    burstUnit: burst?.rateLimitTimeUnit ?? 'sec',
    stopOnQuotaReach: policy?.stopOnQuotaReach ?? true,
  };
}

/** The policy that the form describes; what the form does not show stays as it was. */
export function policyOf(values: PolicyValues, kind: PolicyKind, kept: Policy | undefined): Policy {
  const burst = { rateLimitCount: Number(values.burst), rateLimitTimeUnit: values.burstUnit };
  const hasBurst = burst.rateLimitCount > 0;
  return {
    ...kept,
    policyName: values.policyName.trim(),
    displayName: values.displayName.trim() || values.policyName.trim(),
    description: values.description.trim(),
    defaultLimit: values.counts === 'other' && kept ? kept.defaultLimit : limitOf(values),
    ...(kind === 'subscription'
      ? { stopOnQuotaReach: values.stopOnQuotaReach, ...(hasBurst ? burst : { rateLimitCount: 0, rateLimitTimeUnit: undefined }) }
      : {}),
    ...(kind === 'application' ? { burstLimit: hasBurst ? burst : undefined } : {}),
  };
}

function limitOf(values: PolicyValues): ThrottleLimit {
  const span = { timeUnit: values.timeUnit, unitTime: Number(values.unitTime) };
  if (values.counts === 'bandwidth') {
    return { type: 'BANDWIDTHLIMIT', bandwidth: { ...span, dataAmount: Number(values.amount), dataUnit: values.dataUnit } };
  }
  return { type: 'REQUESTCOUNTLIMIT', requestCount: { ...span, requestCount: Number(values.amount) } };
}

function countsOf(limit: ThrottleLimit | undefined): PolicyValues['counts'] {
  if (limit === undefined || limit.type === 'REQUESTCOUNTLIMIT') return 'requests';
  return limit.type === 'BANDWIDTHLIMIT' ? 'bandwidth' : 'other';
}
