import type { BlockingConditionWritable } from '../../client/admin/types.gen';
import { words } from '../words';

/** A deny policy as its form holds it. */
export interface DenyValues {
  kind: BlockingConditionWritable['conditionType'];
  /** A context, an application, a user or an address; the first of a range. */
  value: string;
  last: string;
  api: string;
  invert: boolean;
  until: string;
  reason: string;
}

export function denyPolicyOf({ kind, value, until, reason, ...rest }: DenyValues): BlockingConditionWritable {
  return {
    conditionType: kind,
    conditionValue: targetOf(kind, value.trim(), rest),
    ...(until ? { expiresAt: new Date(until).toISOString() } : {}),
    ...(reason.trim() ? { reason: reason.trim() } : {}),
  };
}

function targetOf(kind: DenyValues['kind'], value: string, { last, api, invert }: Pick<DenyValues, 'last' | 'api' | 'invert'>) {
  if (kind === 'IP') return { fixedIp: value, invert };
  if (kind === 'IPRANGE') return { startingIp: value, endingIp: last.trim(), invert };
  if (kind === 'SUBSCRIPTION') return { application: value, api: api.trim() };
  return value;
}

const needed = (value: string) => (value.trim() === '' ? words.needed : null);
export const RULES = {
  value: needed,
  last: (value: string, { kind }: DenyValues) => (kind === 'IPRANGE' ? needed(value) : null),
  api: (value: string, { kind }: DenyValues) => (kind === 'SUBSCRIPTION' ? needed(value) : null),
};
