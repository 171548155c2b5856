import { describe, expect, it } from 'vitest';
import type { Condition } from '../../client/alerts/types.gen';
import { conditionOf, faultsOf, ruleOf, sentenceOf, valuesOf } from './rule-values';

const scope = { apis: [], applications: [], kinds: [] };
const CONDITIONS: Condition[] = [
  { kind: 'errorRate', percent: 5, classes: ['4xx', '5xx'], windowMinutes: 10, minRequests: 3 },
  { kind: 'latency', percentile: 99, milliseconds: 300, windowMinutes: 5, minRequests: 20 },
  { kind: 'traffic', deviation: 6, windowMinutes: 15, minRequests: 20 },
  { kind: 'quotaUsed', percent: 80 },
  { kind: 'unseen', what: 'address' },
  { kind: 'keyExpiry', days: 30 },
  { kind: 'certificateExpiry', days: 7 },
  { kind: 'governance' },
];

describe('the form of a rule', () => {
  it.each(CONDITIONS)('gives $kind back as it was read', (condition) => {
    const rule = { name: 'Mine', condition, emails: ['a@example.com'], webhooks: ['w'], enabled: false, apiId: 'pets' };
    expect(ruleOf(valuesOf(rule, scope))).toEqual(rule);
    expect(faultsOf(valuesOf(rule, scope))).toEqual({});
  });

  it('sends nothing of another kind', () => {
    const values = { ...valuesOf({ name: 'n', condition: CONDITIONS[0] as Condition }, scope), kind: 'keyExpiry' as const };
    expect(conditionOf(values)).toEqual({ kind: 'keyExpiry', days: 14 });
  });

  it('names what is wrong by field', () => {
    const values = { ...valuesOf(undefined, scope), percent: 0, windowMinutes: '', emails: 'a@b, nobody' };
    expect(Object.keys(faultsOf(values)).sort()).toEqual(['emails', 'name', 'percent', 'windowMinutes']);
  });

  it('is about the API or the application of its page', () => {
    const values = { ...valuesOf(undefined, { ...scope, applicationId: 'shop' }), name: 'n' };
    expect(ruleOf(values)).toMatchObject({ applicationId: 'shop' });
    expect(ruleOf(values)).not.toHaveProperty('apiId');
  });
});

describe('the sentence of a rule', () => {
  it.each([
    [CONDITIONS[0], /more than 5 % .* within 10 minutes are answered with 4xx \/ 5xx, from 3 calls on/],
    [CONDITIONS[1], /when 1 % of the calls .* within 5 minutes are not answered in 300 ms/],
    [{ kind: 'traffic' } as Condition, /within 15 minutes .* 4 times the usual spread, from 20 calls on/],
    [CONDITIONS[4], /An address counts/],
    [CONDITIONS[5], /ends within 30 days/],
  ])('%j', (condition, said) => expect(sentenceOf(condition as Condition)).toMatch(said));
});
