import type { ApiOperationPolicies, OperationPolicy, OperationPolicyData } from '../../client/publisher/types.gen';

export type Flow = 'request' | 'response' | 'fault';
export type Lanes = Record<Flow, OperationPolicy[]>;
export const FLOWS: Flow[] = ['request', 'response', 'fault'];

/** The steps of each flow; a flow that nothing is said of has none. */
export function lanesOf(policies: ApiOperationPolicies | undefined): Lanes {
  const { request = [], response = [], fault = [] } = policies ?? {};
  return { request, response, fault };
}

/** How many steps there are in all flows. */
export function stepsIn(lanes: Lanes): number {
  return FLOWS.reduce((sum, flow) => sum + lanes[flow].length, 0);
}

/** The list with one step at another place; a place beyond an end changes nothing. */
export function moved<Step>(steps: Step[], from: number, to: number): Step[] {
  const step = steps[from];
  if (step === undefined || to < 0 || to >= steps.length) return steps;
  const others = steps.filter((_, at) => at !== from);
  return [...others.slice(0, to), step, ...others.slice(to)];
}

type Named = Pick<OperationPolicyData, 'name' | 'version'>;

/** What tells policies apart: a name and a version. */
export const keyOf = ({ name = '', version = 'v1' }: Named) => `${name} ${version}`;
export const keyOfStep = ({ policyName, policyVersion = 'v1' }: OperationPolicy) => `${policyName} ${policyVersion}`;

/** What people call a policy; its version only where there is another than the first. */
export function labelOf({ displayName, name = '', version = 'v1' }: OperationPolicyData): string {
  return version === 'v1' ? displayName || name : `${displayName || name} ${version}`;
}

/** The values of a step's form: every attribute of its policy, and what else was said. */
export function valuesOf(policy: OperationPolicyData | undefined, step: OperationPolicy | undefined): Record<string, string> {
  const kept = Object.entries(step?.parameters ?? {}).map(([name, value]) => [name, String(value)] as const);
  const defaults = (policy?.policyAttributes ?? []).map(({ name = '', defaultValue = '' }) => [name, defaultValue] as const);
  return Object.fromEntries([...defaults, ...kept]);
}

/** What is wrong with a value, as a kind; nothing when nothing is. */
export type Wrong = 'needed' | 'number';

export function wrongOf(policy: OperationPolicyData | undefined, values: Record<string, string>): Record<string, Wrong> {
  const wrong: Record<string, Wrong> = {};
  for (const { name = '', type, required } of policy?.policyAttributes ?? []) {
    const value = values[name] ?? '';
    if (required && value === '') wrong[name] = 'needed';
    else if (type === 'Integer' && value !== '' && !/^-?\d+$/.test(value)) wrong[name] = 'number';
  }
  return wrong;
}

/** The step that a form says. Empty values are left out: then what the policy says holds. */
export function stepOf(policy: OperationPolicyData, values: Record<string, string>, condition: string): OperationPolicy {
  const given = Object.entries(values).filter(([, value]) => value !== '');
  return {
    policyName: policy.name ?? '',
    policyVersion: policy.version ?? 'v1',
    parameters: Object.fromEntries(given),
    ...(condition.trim() !== '' && { condition: condition.trim() }),
  };
}
