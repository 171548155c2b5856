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
  return `${most}, and at most ${number(burst.rateLimitCount)} in any ${burst.rateLimitTimeUnit === 'sec' ? 'second' : 'minute'}.`;
}

/** Plans hold their burst in fields of their own, application policies in one object. */
export function burstOf(policy: Pick<Policy, 'burstLimit' | 'rateLimitCount' | 'rateLimitTimeUnit'>): BurstLimit | undefined {
  if (policy.burstLimit?.rateLimitCount) return policy.burstLimit;
  return policy.rateLimitCount ? { rateLimitCount: policy.rateLimitCount, rateLimitTimeUnit: policy.rateLimitTimeUnit } : undefined;
}

function limitInWords(limit: ThrottleLimit): string {
  const part = limit.requestCount ?? limit.bandwidth ?? limit.eventCount ?? limit.aiApiQuota;
  const amount = amountOf(limit);
  if (amount === undefined) return 'No limit';
  const time = timeOf(part?.timeUnit, part?.unitTime);
  if (limit.algorithm === 'sliding') return `At most ${amount} in any ${time}`;
  if (limit.algorithm === 'gcra') return `At most ${amount} in each ${time}, evenly, of which ${number(limit.burst ?? 1)} may come at once`;
  return `At most ${amount} in each ${time}`;
}

function amountOf({ requestCount, bandwidth, eventCount, aiApiQuota }: ThrottleLimit): string | undefined {
  if (bandwidth) return bandwidth.dataAmount === undefined ? undefined : `${number(bandwidth.dataAmount)} ${bandwidth.dataUnit ?? 'KB'}`;
  if (eventCount) return counted(eventCount.eventCount, 'event');
  return counted(requestCount?.requestCount ?? aiApiQuota?.requestCount, 'request');
}

function counted(amount: number | undefined, noun: string): string | undefined {
  if (amount === undefined || amount >= ENDLESS) return undefined;
  return `${number(amount)} ${noun}${amount === 1 ? '' : 's'}`;
}

function timeOf(unit = 'min', length = 1): string {
  const name = UNITS[unit] ?? unit;
  return length === 1 ? name : `${length} ${name}s`;
}

function number(value: number): string {
  return new Intl.NumberFormat('en').format(value);
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
