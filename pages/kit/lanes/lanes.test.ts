import { describe, expect, it } from 'vitest';
import type { OperationPolicyData } from '../../client/publisher/types.gen';
import { labelOf, lanesOf, moved, stepOf, valuesOf, wrongOf } from './lanes';

const POLICY: OperationPolicyData = {
  name: 'respond',
  displayName: 'Respond',
  policyAttributes: [
    { name: 'statusCode', type: 'Integer', required: true, defaultValue: '200' },
    { name: 'body', type: 'String', required: false },
  ],
};

describe('the steps of a flow', () => {
  it.each([
    [0, 1, 'bac'],
    [2, 0, 'cab'],
    [0, -1, 'abc'],
    [2, 3, 'abc'],
    [7, 0, 'abc'],
  ])('from place %i to %i', (from, to, wanted) => {
    expect(moved(['a', 'b', 'c'], from, to).join('')).toBe(wanted);
  });

  it('are none where nothing is said', () => {
    expect(lanesOf({ request: [{ policyName: 'x' }] })).toEqual({ request: [{ policyName: 'x' }], response: [], fault: [] });
  });
});

describe('the form of a step', () => {
  it('starts with what holds, and with what was said', () => {
    expect(valuesOf(POLICY, undefined)).toEqual({ statusCode: '200', body: '' });
    expect(valuesOf(POLICY, { policyName: 'respond', parameters: { statusCode: 404 } })).toEqual({ statusCode: '404', body: '' });
  });

  it('names what is missing, and what is no number', () => {
    expect(wrongOf(POLICY, { statusCode: '' })).toEqual({ statusCode: 'needed' });
    expect(wrongOf(POLICY, { statusCode: 'two' })).toEqual({ statusCode: 'number' });
    expect(wrongOf(POLICY, { statusCode: '204' })).toEqual({});
  });

  it('says nothing of what was left empty', () => {
    const step = { policyName: 'respond', policyVersion: 'v1', parameters: { statusCode: '204' } };
    expect(stepOf(POLICY, { statusCode: '204', body: '' }, ' ')).toEqual(step);
    expect(stepOf(POLICY, { statusCode: '204' }, 'request.method == "GET"')).toEqual({ ...step, condition: 'request.method == "GET"' });
  });
});

it('names a version where there may be others', () => {
  expect(labelOf(POLICY)).toBe('Respond');
  expect(labelOf({ ...POLICY, version: 'v2' })).toBe('Respond v2');
});
