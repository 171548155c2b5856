import { describe, expect, it } from 'vitest';
import { whomInWords } from './denials';
import { denyPolicyOf } from './forms/deny-values';
import { limitOf, limitValuesOf } from './forms/limit-values';
import { policyOf, valuesOf } from './forms/policy-values';
import { inWords, type Policy } from './policies';

const requests = (requestCount: number, timeUnit = 'min', unitTime = 1): Policy['defaultLimit'] => ({
  type: 'REQUESTCOUNTLIMIT',
  requestCount: { requestCount, timeUnit, unitTime },
});

describe('a policy in words', () => {
  it.each<[Partial<Policy>, string]>([
    [{ defaultLimit: requests(5000) }, 'At most 5,000 requests in each minute.'],
    [{ defaultLimit: requests(1, 'hour', 6) }, 'At most 1 request in each 6 hours.'],
    [{ defaultLimit: requests(2_147_483_647) }, 'No limit.'],
    [{ defaultLimit: { ...requests(50), algorithm: 'sliding' } }, 'At most 50 requests in any minute.'],
    [
      { defaultLimit: { ...requests(60), algorithm: 'gcra', burst: 5 } },
      'At most 60 requests in each minute, evenly, of which 5 may come at once.',
    ],
    [
      { defaultLimit: { type: 'BANDWIDTHLIMIT', bandwidth: { dataAmount: 10, dataUnit: 'GB', timeUnit: 'month', unitTime: 1 } } },
      'At most 10 GB in each month.',
    ],
    [
      { defaultLimit: requests(10), rateLimitCount: 2, rateLimitTimeUnit: 'sec' },
      'At most 10 requests in each minute, and at most 2 in any second.',
    ],
  ])('%j', (policy, expected) => {
    expect(inWords(policy as Policy)).toBe(expected);
  });
});

describe('the form of a policy', () => {
  const kept: Policy = { policyId: '1', policyName: 'Gold', defaultLimit: requests(5000), customAttributes: [{ name: 'a', value: 'b' }] };

  it('keeps what it does not show', () => {
    expect(policyOf(valuesOf(kept), 'subscription', kept)).toMatchObject({ policyId: '1', customAttributes: [{ name: 'a', value: 'b' }] });
  });

  it('does not touch limits that it cannot show', () => {
    const events: Policy = {
      ...kept,
      defaultLimit: { type: 'EVENTCOUNTLIMIT', eventCount: { eventCount: 5, timeUnit: 'day', unitTime: 1 } },
    };
    expect(policyOf(valuesOf(events), 'subscription', events).defaultLimit).toEqual(events.defaultLimit);
  });

  it('bounds queries of plans, and nothing is no bound', () => {
    const bounded = policyOf({ ...valuesOf(kept), queryDepth: 4 }, 'subscription', kept);
    expect(bounded).toMatchObject({ graphQLMaxDepth: 4 });
    expect(bounded.graphQLMaxComplexity).toBeUndefined();
    expect(policyOf({ ...valuesOf(bounded), queryDepth: '' }, 'subscription', bounded).graphQLMaxDepth).toBeUndefined();
  });

  it('puts bursts where each kind has them', () => {
    const values = { ...valuesOf(kept), burst: 3 };
    expect(policyOf(values, 'subscription', kept)).toMatchObject({ rateLimitCount: 3, rateLimitTimeUnit: 'sec' });
    expect(policyOf(values, 'application', kept)).toMatchObject({ burstLimit: { rateLimitCount: 3, rateLimitTimeUnit: 'sec' } });
  });
});

describe('the fields of a limit', () => {
  it('keep how it counts, and on whose calendar', () => {
    const steady = { ...requests(100), algorithm: 'gcra' as const, burst: 20 };
    expect(limitOf(limitValuesOf(steady), steady)).toEqual(steady);
    const local = { ...requests(100, 'day'), timeZone: 'Europe/Berlin' };
    expect(limitOf(limitValuesOf(local), local)).toEqual(local);
    expect(limitOf({ ...limitValuesOf(local), algorithm: 'sliding' }, local)).toEqual({ ...requests(100, 'day'), algorithm: 'sliding' });
  });
});

describe('a deny policy', () => {
  const form = { value: ' 192.0.2.0 ', last: '192.0.2.9', api: '/a/1', invert: true, until: '', reason: '' };

  it('says whom it refuses', () => {
    expect(whomInWords(denyPolicyOf({ ...form, kind: 'USER', value: 'ann' }))).toBe('ann');
    expect(whomInWords(denyPolicyOf({ ...form, kind: 'IPRANGE' }))).toBe('All but 192.0.2.0 to 192.0.2.9');
    expect(whomInWords(denyPolicyOf({ ...form, kind: 'SUBSCRIPTION', value: 'ann:Shop' }))).toBe('ann:Shop at /a/1');
  });

  it('ends at a moment, when one is given', () => {
    expect(denyPolicyOf({ ...form, kind: 'API', until: '2026-12-01T10:00' }).expiresAt).toBe(new Date('2026-12-01T10:00').toISOString());
    expect(denyPolicyOf({ ...form, kind: 'API' })).not.toHaveProperty('expiresAt');
  });
});
