import { expect, it } from 'vitest';
import { apisOf, keyOf } from './products';

it('bundles the operations that were chosen, and no API without one', () => {
  const chosen = { one: ['GET /pets', 'POST /pets/{id} x'], two: [] };
  const operations = [
    { verb: 'GET', target: '/pets' },
    { verb: 'POST', target: '/pets/{id} x' },
  ] as const;
  expect(apisOf(chosen)).toEqual([{ apiId: 'one', operations }]);
  expect(operations.map(keyOf)).toEqual(chosen.one);
});
