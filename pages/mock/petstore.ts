/** A small definition to import: enough for every kind of field in the console. */
export const petstore = {
  openapi: '3.0.3',
  info: { title: 'Pet Store', version: '1.0.0', description: 'Pets, orders and the people who look after them. A small sample.' },
  servers: [{ url: 'http://localhost:9999/v1' }],
  tags: [{ name: 'pets' }],
  paths: {
    '/pets': {
      get: {
        summary: 'Lists pets',
        parameters: [
          { name: 'limit', in: 'query', description: 'At the most.', schema: { type: 'integer', default: 10 } },
          { name: 'status', in: 'query', schema: { type: 'string', enum: ['available', 'sold'] } },
        ],
        responses: { 200: { description: 'Pets.' } },
      },
      post: {
        summary: 'Adds a pet',
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Pet' } } } },
        responses: { 201: { description: 'The pet.' } },
      },
    },
    '/pets/{petId}': {
      get: {
        summary: 'Reads a pet',
        parameters: [{ name: 'petId', in: 'path', required: true, schema: { type: 'integer' } }],
        responses: { 200: { description: 'The pet.' } },
      },
    },
  },
  components: {
    schemas: {
      Pet: {
        type: 'object',
        required: ['name'],
        properties: {
          id: { type: 'integer', readOnly: true },
          name: { type: 'string', example: 'Rex' },
          tags: { type: 'array', items: { type: 'string' } },
          parent: { $ref: '#/components/schemas/Pet' },
        },
      },
    },
  },
};
