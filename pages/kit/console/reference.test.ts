import { describe, expect, it } from 'vitest';
import { operationsOf } from './definition';
import { referenceOf } from './reference';

const definition = {
  paths: {
    '/dogs': {
      post: {
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Dog' } } } },
        responses: {
          201: {
            description: 'The dog.',
            content: { 'application/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/Dog' } } } },
          },
          404: { description: 'None.' },
        },
      },
    },
  },
  components: {
    schemas: {
      Dog: {
        type: 'object',
        required: ['name'],
        properties: {
          name: { type: 'string', description: 'How it is called.' },
          kind: { type: 'string', enum: ['big', 'small'] },
          born: { type: 'string', format: 'date' },
          parents: { type: 'array', items: { $ref: '#/components/schemas/Dog' } },
        },
      },
    },
  },
};

describe('a reference', () => {
  const [operation] = operationsOf(definition);
  const reference = operation && referenceOf(definition, operation);

  it('names the parts of a body, and what each must be', () => {
    const fields = reference?.body?.fields.map(({ name, type, isRequired }) => `${name} ${type}${isRequired ? ' !' : ''}`);
    expect(fields).toEqual(['name string !', 'kind string', 'born string (date)', 'parents object[]']);
    expect(reference?.body?.fields[1]?.choices).toEqual(['big', 'small']);
  });

  it('enters a schema that holds itself once', () => {
    expect(reference?.body?.fields[3]?.children).toEqual([]);
  });

  it('has every answer, with a shape where there is one', () => {
    expect(reference?.answers.map(({ status, shape }) => `${status} ${shape?.whole ?? '-'}`)).toEqual(['201 object[]', '404 -']);
    expect(JSON.parse(reference?.answers[0]?.shape?.example ?? '')).toMatchObject([{ kind: 'big' }]);
  });
});
