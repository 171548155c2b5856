import { expect, it } from 'vitest';
import { contrastOf } from './contrast';

it.each([
  ['#000000', '#ffffff', 21],
  ['#777777', '#FFFFFF', 4.48],
  ['#1a6757', '#f1eee7', 5.81],
])('the contrast of %s and %s is %d', (one, two, ratio) => {
  expect(contrastOf(one, two)).toBeCloseTo(ratio, 1);
});

it('what is no colour has no contrast', () => {
  expect(contrastOf('red', '#ffffff')).toBeUndefined();
  expect(contrastOf('#fff', '#ffffff')).toBeUndefined();
});
