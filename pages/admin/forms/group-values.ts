import type { ConditionalGroup, ThrottleCondition } from '../../client/admin/types.gen';
import { words } from '../words';
import { type LimitValues, limitOf, limitValuesOf } from './limit-values';

/** What a condition looks at. */
export type Looks = 'header' | 'query' | 'claim' | 'address' | 'range';

export interface ConditionValues {
  looks: Looks;
  /** Of the header, parameter or claim; the first address of a range; else nothing. */
  name: string;
  /** A pattern, an address, or the last address of a range. */
  value: string;
  isInverted: boolean;
}

export interface GroupValues {
  description: string;
  conditions: ConditionValues[];
  limit: LimitValues;
  /** What the group was, for what the form does not show. */
  kept?: ConditionalGroup;
}

export const newCondition = (): ConditionValues => ({ looks: 'header', name: '', value: '', isInverted: false });
export const newGroup = (): GroupValues => ({ description: '', conditions: [newCondition()], limit: limitValuesOf(undefined) });

export function groupValuesOf(group: ConditionalGroup): GroupValues {
  return {
    description: group.description ?? '',
    conditions: group.conditions.map(conditionValuesOf),
    limit: limitValuesOf(group.limit),
    kept: group,
  };
}

export function groupOf({ description, conditions, limit, kept }: GroupValues): ConditionalGroup {
  return { ...kept, description: description.trim(), conditions: conditions.map(conditionOf), limit: limitOf(limit, kept?.limit) };
}

function conditionValuesOf(condition: ThrottleCondition): ConditionValues {
  const { headerCondition, queryParameterCondition, jwtClaimsCondition, ipCondition } = condition;
  const isInverted = condition.invertCondition ?? false;
  if (headerCondition) return { looks: 'header', name: headerCondition.headerName, value: headerCondition.headerValue, isInverted };
  if (queryParameterCondition) {
    return { looks: 'query', name: queryParameterCondition.parameterName, value: queryParameterCondition.parameterValue, isInverted };
  }
  if (jwtClaimsCondition) return { looks: 'claim', name: jwtClaimsCondition.claimUrl, value: jwtClaimsCondition.attribute, isInverted };
  const isRange = ipCondition?.ipConditionType === 'IPRANGE';
  return {
    looks: isRange ? 'range' : 'address',
    name: isRange ? (ipCondition?.startingIP ?? '') : '',
    value: (isRange ? ipCondition?.endingIP : ipCondition?.specificIP) ?? '',
    isInverted,
  };
}

function conditionOf(values: ConditionValues): ThrottleCondition {
  const name = values.name.trim();
  const value = values.value.trim();
  const invertCondition = values.isInverted;
  switch (values.looks) {
    case 'header':
      return { type: 'HEADERCONDITION', invertCondition, headerCondition: { headerName: name, headerValue: value } };
    case 'query':
      return {
        type: 'QUERYPARAMETERCONDITION',
        invertCondition,
        queryParameterCondition: { parameterName: name, parameterValue: value },
      };
    case 'claim':
      return { type: 'JWTCLAIMSCONDITION', invertCondition, jwtClaimsCondition: { claimUrl: name, attribute: value } };
    case 'range':
      return { type: 'IPCONDITION', invertCondition, ipCondition: { ipConditionType: 'IPRANGE', startingIP: name, endingIP: value } };
    case 'address':
      return { type: 'IPCONDITION', invertCondition, ipCondition: { ipConditionType: 'IPSPECIFIC', specificIP: value } };
  }
}

/** What a group says, as a person would: `X-Tier is gold, and the address is not 10.0.0.1`. */
export function conditionsInWords(conditions: ConditionValues[]): string {
  return conditions.map((condition) => words.groups.says(condition)).join(words.groups.and);
}
