import { queryOptions, useQueryClient } from '@tanstack/react-query';
import {
  createAdvancedThrottlePolicy,
  createApplicationThrottlePolicy,
  createSubscriptionThrottlePolicy,
  deleteAdvancedThrottlePolicy,
  deleteApplicationThrottlePolicy,
  deleteSubscriptionThrottlePolicy,
  getAdvancedThrottlePolicies,
  getApplicationThrottlePolicies,
  getSubscriptionThrottlePolicies,
  updateAdvancedThrottlePolicy,
  updateApplicationThrottlePolicy,
  updateSubscriptionThrottlePolicy,
} from '../client/admin/sdk.gen';
import type {
  AdvancedThrottlePolicyWritable,
  ApplicationThrottlePolicyWritable,
  BurstLimit,
  SubscriptionThrottlePolicyWritable,
  ThrottleLimit,
} from '../client/admin/types.gen';
import { number, period } from '../kit/language';
import { words } from './words';

export type PolicyKind = 'subscription' | 'application' | 'advanced';

/** A policy of any kind; the pages treat the three alike. */
export type Policy = { policyId?: string } & SubscriptionThrottlePolicyWritable &
  ApplicationThrottlePolicyWritable &
  AdvancedThrottlePolicyWritable;

export function policiesOptions(kind: PolicyKind) {
  return queryOptions({
    queryKey: ['policies', kind],
    queryFn: async (): Promise<Policy[]> => (await KINDS[kind].list()).data.list,
  });
}

/** Creates the policy, or replaces the one that has its id. */
export function savePolicy(kind: PolicyKind, policy: Policy) {
  const { create, update } = KINDS[kind];
  return policy.policyId ? update({ path: { policyId: policy.policyId }, body: policy }) : create({ body: policy });
}

export function deletePolicy(kind: PolicyKind, policyId: string) {
  return KINDS[kind].remove({ path: { policyId } });
}

export function kindOf(value: unknown): PolicyKind {
  return value === 'application' || value === 'advanced' ? value : 'subscription';
}

export function useRefresh() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries();
}

/** What a policy allows, as a person would say it. */
export function inWords(policy: Pick<Policy, 'defaultLimit' | 'burstLimit' | 'rateLimitCount' | 'rateLimitTimeUnit'>): string {
  const burst = burstOf(policy);
  const most = limitInWords(policy.defaultLimit);
  if (!burst?.rateLimitCount) return `${most}.`;
  return words.limits.withBurst(most, number(burst.rateLimitCount), burst.rateLimitTimeUnit === 'sec' ? 'second' : 'minute');
}

/** Plans hold their burst in fields of their own, application policies in one object. */
export function burstOf(policy: Pick<Policy, 'burstLimit' | 'rateLimitCount' | 'rateLimitTimeUnit'>): BurstLimit | undefined {
  if (policy.burstLimit?.rateLimitCount) return policy.burstLimit;
  return policy.rateLimitCount ? { rateLimitCount: policy.rateLimitCount, rateLimitTimeUnit: policy.rateLimitTimeUnit } : undefined;
}

function limitInWords(limit: ThrottleLimit): string {
  const part = limit.requestCount ?? limit.bandwidth ?? limit.eventCount ?? limit.aiApiQuota;
  const amount = amountOf(limit);
  if (amount === undefined) return words.limits.none;
  const time = timeOf(part?.timeUnit, part?.unitTime);
  if (limit.algorithm === 'sliding') return words.limits.sliding(amount, time);
  if (limit.algorithm === 'gcra') return words.limits.steady(amount, time, number(limit.burst ?? 1));
  return words.limits.fixed(amount, time);
}

function amountOf({ requestCount, bandwidth, eventCount, aiApiQuota }: ThrottleLimit): string | undefined {
  if (bandwidth) return bandwidth.dataAmount === undefined ? undefined : `${number(bandwidth.dataAmount)} ${bandwidth.dataUnit ?? 'KB'}`;
  if (eventCount) return isEndless(eventCount.eventCount) ? undefined : words.limits.events(eventCount.eventCount ?? 0);
  const requests = requestCount?.requestCount ?? aiApiQuota?.requestCount;
  return isEndless(requests) ? undefined : words.limits.requests(requests ?? 0);
}

function isEndless(amount: number | undefined): boolean {
  return amount === undefined || amount >= ENDLESS;
}

function timeOf(unit = 'min', length = 1): string {
  return period(length, UNITS[unit] ?? unit);
}

/** WSO2's word for "no limit". */
const ENDLESS = 2_147_483_647;
const UNITS: Record<string, string> = { sec: 'second', min: 'minute', hour: 'hour', day: 'day', days: 'day', week: 'week', month: 'month' };

const KINDS = {
  subscription: {
    list: () => getSubscriptionThrottlePolicies(),
    create: createSubscriptionThrottlePolicy,
    update: updateSubscriptionThrottlePolicy,
    remove: deleteSubscriptionThrottlePolicy,
  },
  application: {
    list: () => getApplicationThrottlePolicies(),
    create: createApplicationThrottlePolicy,
    update: updateApplicationThrottlePolicy,
    remove: deleteApplicationThrottlePolicy,
  },
  advanced: {
    list: () => getAdvancedThrottlePolicies(),
    create: createAdvancedThrottlePolicy,
    update: updateAdvancedThrottlePolicy,
    remove: deleteAdvancedThrottlePolicy,
  },
};
