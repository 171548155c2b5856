import type { UseFormReturnType } from '@mantine/form';
import type { FailureMode } from '../../client/admin/types.gen';
import { burstOf, type Policy, type PolicyKind } from '../policies';
import { type GroupValues, groupOf, groupValuesOf } from './group-values';
import { type LimitValues, limitOf, limitValuesOf } from './limit-values';

/** A policy as its form holds it. */
export interface PolicyValues extends LimitValues {
  policyName: string;
  displayName: string;
  description: string;
  burst: number | string;
  burstUnit: 'sec' | 'min';
  stopOnQuotaReach: boolean;
  perUser: boolean;
  /** 0 is any number. */
  concurrency: number | string;
  /** Of one GraphQL query; empty is any. */
  queryDepth: number | string;
  queryComplexity: number | string;
  onFailure: FailureMode;
  /** Of advanced policies only. */
  groups: GroupValues[];
}

export type PolicyForm = UseFormReturnType<PolicyValues>;

export function valuesOf(policy: Policy | undefined): PolicyValues {
  const burst = policy && burstOf(policy);
  return {
    policyName: policy?.policyName ?? '',
    displayName: policy?.displayName ?? '',
    description: policy?.description ?? '',
    ...limitValuesOf(policy?.defaultLimit),
    burst: burst?.rateLimitCount ?? 0,
    burstUnit: burst?.rateLimitTimeUnit ?? 'sec',
    stopOnQuotaReach: policy?.stopOnQuotaReach ?? true,
    perUser: policy?.perUser ?? false,
    concurrency: policy?.concurrency ?? 0,
    queryDepth: policy?.graphQLMaxDepth || '',
    queryComplexity: policy?.graphQLMaxComplexity || '',
    onFailure: policy?.onFailure ?? 'local',
    groups: (policy?.conditionalGroups ?? []).map(groupValuesOf),
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
    defaultLimit: limitOf(values, kept?.defaultLimit),
    onFailure: values.onFailure,
    ...(kind === 'subscription'
      ? {
          stopOnQuotaReach: values.stopOnQuotaReach,
          concurrency: Number(values.concurrency) || undefined,
          graphQLMaxDepth: Number(values.queryDepth) || undefined,
          graphQLMaxComplexity: Number(values.queryComplexity) || undefined,
          ...(hasBurst ? burst : { rateLimitCount: 0, rateLimitTimeUnit: undefined }),
        }
      : {}),
    ...(kind === 'advanced' ? { perUser: values.perUser, conditionalGroups: values.groups.map(groupOf) } : {}),
    ...(kind === 'application' ? { burstLimit: hasBurst ? burst : undefined } : {}),
  };
}
