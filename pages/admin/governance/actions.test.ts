import { expect, it } from 'vitest';
import { actionsOf, blockedOf } from './actions';

it('holds up the severities that were chosen, at every step, and tells of the others', () => {
  const actions = actionsOf(['API_DEPLOY', 'API_PUBLISH'], ['ERROR']);
  expect(actions).toHaveLength(6);
  expect(actions.filter(({ type }) => type === 'BLOCK')).toEqual([
    { state: 'API_DEPLOY', ruleSeverity: 'ERROR', type: 'BLOCK' },
    { state: 'API_PUBLISH', ruleSeverity: 'ERROR', type: 'BLOCK' },
  ]);
  expect(blockedOf(actions)).toEqual(['ERROR']);
  expect(blockedOf([])).toEqual([]);
});
