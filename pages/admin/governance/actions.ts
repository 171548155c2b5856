import type { Action } from '../../client/governance/types.gen';

export type Step = Action['state'];
export type Severity = Action['ruleSeverity'];

export const BLOCKABLE: Severity[] = ['ERROR', 'WARN', 'INFO'];
/** The label that every API has. */
export const EVERY_API = 'GLOBAL';

/** What becomes of each step by the severity of a broken rule: it is held up, or it is told of. */
export function actionsOf(steps: Step[], blocked: string[]): Action[] {
  return steps.flatMap((state) =>
    BLOCKABLE.map((ruleSeverity) => ({
      state,
      ruleSeverity,
      type: blocked.includes(ruleSeverity) ? ('BLOCK' as const) : ('NOTIFY' as const),
    })),
  );
}

/** The severities that hold any step up. */
export function blockedOf(actions: Action[]): Severity[] {
  return BLOCKABLE.filter((severity) => actions.some(({ ruleSeverity, type }) => ruleSeverity === severity && type === 'BLOCK'));
}
