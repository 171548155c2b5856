import type { Answers } from './platform';
import { page } from './store';

const BASE = '/api/am/admin/v4';

/** Plans as the Publisher and the Developer Portal see them. */
export const plans = [
  {
    name: 'Unlimited',
    requestCount: 2147483647,
    unitTime: 1,
    timeUnit: 'min',
    quotaPolicyType: 'REQUESTCOUNT',
    tierPlan: 'FREE',
    stopOnQuotaReach: true,
  },
  {
    name: 'Gold',
    requestCount: 5000,
    unitTime: 1,
    timeUnit: 'min',
    quotaPolicyType: 'REQUESTCOUNT',
    tierPlan: 'FREE',
    stopOnQuotaReach: true,
  },
  {
    name: 'Bronze',
    requestCount: 1000,
    unitTime: 1,
    timeUnit: 'min',
    quotaPolicyType: 'REQUESTCOUNT',
    tierPlan: 'FREE',
    stopOnQuotaReach: true,
  },
];

const policies = plans.map((plan) => ({
  policyId: plan.name,
  policyName: plan.name,
  description: `The plan ${plan.name}`,
  defaultLimit: { type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'min', unitTime: 1, requestCount: plan.requestCount } },
}));

const users = [
  { id: '1', username: 'admin', displayName: 'The administrator', status: 'ACTIVE', roles: ['admin'], createdAt: '2026-11-01T08:00:00Z' },
];

const signingKeys = [
  { keyId: 'k1', algorithm: 'ES256', state: 'SIGNING', createdAt: '2026-11-01T08:00:00Z', signingFrom: '2026-11-01T08:00:00Z' },
];
const keySchedule = { algorithm: 'ES256', periodDays: 90 };
const newKey = (state: string, algorithm: string) => {
  const key = { keyId: `k${signingKeys.length + 1}`, algorithm, state, createdAt: new Date().toISOString(), signingFrom: '' };
  signingKeys.unshift(key);
  return key;
};

export const adminAnswers: Answers = {
  [`GET ${BASE}/signing-keys`]: () => ({ ...page(signingKeys), announcementSeconds: 86400, keyEncryption: { keyId: 'e1', waiting: 0 } }),
  [`POST ${BASE}/signing-keys`]: async ({ json }) => newKey('ANNOUNCED', String((await json()).algorithm)),
  [`POST ${BASE}/signing-keys/{id}/withdraw`]: ({ parts }) => {
    const key = signingKeys.find(({ keyId }) => keyId === parts[0]);
    if (key?.state === 'SIGNING') newKey('SIGNING', keySchedule.algorithm);
    return Object.assign(key ?? {}, { state: 'WITHDRAWN' });
  },
  [`GET ${BASE}/signing-key-schedule`]: () => keySchedule,
  [`PUT ${BASE}/signing-key-schedule`]: async ({ json }) => Object.assign(keySchedule, await json()),
  [`GET ${BASE}/throttling/policies/{kind}`]: () => page(policies),
  [`POST ${BASE}/throttling/policies/{kind}`]: async ({ json }) => {
    const policy = await json();
    policies.push({ ...policy, policyId: String(policy.policyName) } as (typeof policies)[number]);
    return policy;
  },
  [`GET ${BASE}/users`]: () => page(users),
  [`POST ${BASE}/users`]: async ({ json }) => {
    const user = await json();
    users.push({ ...user, id: String(users.length + 1), status: 'ACTIVE', createdAt: new Date().toISOString() } as (typeof users)[number]);
    return user;
  },
  [`PUT ${BASE}/users/{id}`]: async ({ parts, json }) => Object.assign(users.find((user) => user.id === parts[0]) ?? {}, await json()),
  [`GET ${BASE}/roles`]: () => page(['admin', 'Internal/creator', 'Internal/publisher', 'Internal/subscriber'].map((name) => ({ name }))),
  [`GET ${BASE}/environments`]: () =>
    page([{ id: '1', name: 'Default', type: 'hybrid', status: 'Active', vhosts: [{ host: 'localhost', httpsPort: 8787 }] }]),
};
