import type { LifecycleState } from '../client/publisher/types.gen';
import { words } from './words';

export interface Standing {
  /** Absent for a product, whose APIs have theirs. */
  hasEndpoint?: boolean;
  isDeployed: boolean;
}

export interface Transition {
  event: string;
  targetState: string;
  /** What the target state means for consumers. */
  meaning: string;
  /** Why it is not possible now; the button says so. */
  reason?: string;
}

/** The transitions of a state as the server lists them, each with what stands in its way. */
export function transitionsOf(state: LifecycleState, standing: Standing): Transition[] {
  return (state.availableTransitions ?? []).map(({ event = '', targetState = '' }) => {
    const target = targetState.toUpperCase();
    return { event, targetState: target, meaning: words.lifecycle.reasons[target] ?? '', reason: reasonOf(target, standing) };
  });
}

function reasonOf(target: string, standing: Standing): string | undefined {
  const isVisible = target === 'PUBLISHED' || target === 'PROTOTYPED';
  if (!isVisible) return undefined;
  if (standing.hasEndpoint === false) return words.lifecycle.blocked.endpoint;
  return standing.isDeployed ? undefined : words.lifecycle.blocked.deployment;
}
