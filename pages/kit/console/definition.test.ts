import { describe, expect, it } from 'vitest';
import { petstore } from '../../mock/petstore';
import { exampleOf, operationsOf } from './definition';

describe('the console reads a definition', () => {
  it('with every operation in order', () => {
    expect(operationsOf(petstore).map(({ id }) => id)).toEqual(['GET /pets', 'POST /pets', 'GET /pets/{petId}']);
  });

  it('with values that work without typing', () => {
    const [list, , read] = operationsOf(petstore);
    expect(list?.parameters.map(({ name, example, choices }) => ({ name, example, choices }))).toEqual([
      { name: 'limit', example: '10', choices: [] },
      { name: 'status', example: '', choices: ['available', 'sold'] },
    ]);
    expect(read?.parameters[0]).toMatchObject({ name: 'petId', place: 'path', isRequired: true, example: '1' });
  });

  it('whose schemas hold themselves', () => {
    const [, create] = operationsOf(petstore);
    expect(JSON.parse(create?.body?.example ?? '')).toMatchObject({ name: 'Rex', tags: ['text'] });
  });

  it('of OpenAPI 2.0', () => {
    const [operation] = operationsOf({
      swagger: '2.0',
      paths: {
        '/a': {
          parameters: [{ name: 'X-Trace', in: 'header', type: 'string', default: 'on' }],
          post: { parameters: [{ in: 'body', name: 'body', schema: { $ref: '#/definitions/A' } }] },
        },
      },
      definitions: { A: { type: 'object', properties: { at: { type: 'string', format: 'date' } } } },
    });
    expect(operation?.parameters[0]).toMatchObject({ name: 'X-Trace', place: 'header', example: 'on' });
    expect(JSON.parse(operation?.body?.example ?? '')).toEqual({ at: '2026-01-01' });
  });

  it.each([[null], [[]], ['text'], [{ paths: 7 }], [{ paths: { '/a': null } }]])('%j has no operation', (document) => {
    expect(operationsOf(document)).toEqual([]);
  });

  it('merges all parts of a schema', () => {
    const schema = { allOf: [{ properties: { a: { type: 'integer' } } }, { properties: { b: { enum: ['x', 'y'] } } }] };
    expect(exampleOf({}, schema)).toEqual({ a: 1, b: 'x' });
  });
});
