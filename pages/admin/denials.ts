import type { BlockingCondition, DeniedAddresses, DeniedSubscription } from '../client/admin/types.gen';
import { words } from './words';

/** Whom a deny policy refuses, as a person would say it. */
export function whomInWords({ conditionType, conditionValue }: Pick<BlockingCondition, 'conditionType' | 'conditionValue'>): string {
  if (typeof conditionValue === 'string') return conditionValue;
  if (conditionType === 'SUBSCRIPTION') {
    const { application, api, keyType } = conditionValue as DeniedSubscription;
    return words.deny.ofSubscription(application, api, keyType);
  }
  const { fixedIp, startingIp, endingIp, invert } = conditionValue as DeniedAddresses;
  const addresses = fixedIp ?? words.deny.range(startingIp ?? '', endingIp ?? '');
  return invert ? words.deny.allBut(addresses) : addresses;
}
