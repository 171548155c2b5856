import { expect, test } from 'vitest';
import { listOf, valuesOf } from './complexity';

const TYPES = [
  { type: 'Query', fieldList: ['hero'] },
  { type: 'Hero', fieldList: ['id', 'friends'] },
];

test('values come back as they went, and an empty field is none', () => {
  const list = [{ type: 'Hero', field: 'friends', complexityValue: 0 }];
  expect(listOf(TYPES, valuesOf(list))).toEqual(list);
  expect(listOf(TYPES, { ...valuesOf(list), 'Query.hero': 5, 'Hero.friends': '' })).toEqual([
    { type: 'Query', field: 'hero', complexityValue: 5 },
  ]);
});
