export interface Parameter {
  name: string;
  place: 'path' | 'query' | 'header';
  isRequired: boolean;
  description: string;
  example: string;
  choices: string[];
}

export interface Operation {
  id: string;
  method: string;
  path: string;
  summary: string;
  description: string;
  parameters: Parameter[];
  body?: { type: string; example: string };
}

/** The operations of an OpenAPI document (2.0, 3.0 or 3.1) as the console needs them, in the document's order. */
export function operationsOf(definition: unknown): Operation[] {
  const document = record(definition);
  return Object.entries(record(document.paths)).flatMap(([path, item]) => {
    const shared = list(record(item).parameters);
    return METHODS.filter((method) => record(item)[method] !== undefined).map((method) =>
      operationOf(document, { method, path, shared, operation: record(record(item)[method]) }),
    );
  });
}

interface Place {
  method: string;
  path: string;
  shared: unknown[];
  operation: Json;
}

function operationOf(document: Json, { method, path, shared, operation }: Place): Operation {
  const named = new Map<string, Json>();
  for (const entry of [...shared, ...list(operation.parameters)]) {
    const parameter = resolve(document, entry);
    named.set(`${parameter.in} ${parameter.name}`, parameter);
  }
  const all = [...named.values()];
  return {
    id: `${method.toUpperCase()} ${path}`,
    method: method.toUpperCase(),
    path,
    summary: text(operation.summary),
    description: text(operation.description),
    parameters: all.filter((parameter) => PLACES.includes(text(parameter.in))).map((parameter) => parameterOf(document, parameter)),
    body: bodyOf(document, operation, all),
  };
}

function parameterOf(document: Json, parameter: Json): Parameter {
  // OpenAPI 2.0 has the schema's words on the parameter itself.
  const schema = parameter.schema === undefined ? parameter : resolve(document, parameter.schema);
  const items = resolve(document, schema.items);
  const choices = list(schema.enum ?? items.enum).map(text);
  const isRequired = parameter.required === true || parameter.in === 'path';
  const example = parameter.example ?? schema.example ?? schema.default ?? items.default;
  return {
    name: text(parameter.name),
    place: parameter.in as Parameter['place'],
    isRequired,
    description: text(parameter.description),
    example: example === undefined ? (isRequired ? fallback(schema, choices) : '') : plain(example),
    choices,
  };
}

/** A value that may work where the document gives none: an operation should be callable without typing. */
function fallback(schema: Json, choices: string[]): string {
  if (choices[0] !== undefined) return choices[0];
  return schema.type === 'integer' || schema.type === 'number' ? '1' : '';
}

function bodyOf(document: Json, operation: Json, parameters: Json[]): Operation['body'] {
  const old = parameters.find((parameter) => parameter.in === 'body');
  if (old) return { type: 'application/json', example: pretty(exampleOf(document, old.schema)) };
  const contents = record(resolve(document, operation.requestBody).content);
  const type = Object.keys(contents).find((name) => name.includes('json')) ?? Object.keys(contents)[0];
  if (type === undefined) return undefined;
  const content = record(contents[type]);
  const first = record(Object.values(record(content.examples))[0]).value;
  const example = content.example ?? first ?? (type.includes('json') ? exampleOf(document, content.schema) : '');
  return { type, example: typeof example === 'string' ? example : pretty(example) };
}

/** A value that fits the schema, from its examples where it has some. Stops at depth 6: schemas may hold themselves. */
export function exampleOf(document: Json, schema: unknown, depth = 0): unknown {
  const found = resolve(document, schema);
  if (found.example !== undefined) return found.example;
  if (found.default !== undefined) return found.default;
  const choices = list(found.enum);
  if (choices.length > 0) return choices[0];
  if (depth > 6) return null;
  const parts = list(found.allOf ?? found.oneOf ?? found.anyOf);
  if (found.allOf !== undefined) return Object.assign({}, ...parts.map((part) => record(exampleOf(document, part, depth + 1))));
  if (parts.length > 0) return exampleOf(document, parts[0], depth + 1);
  const type = Array.isArray(found.type) ? found.type[0] : found.type;
  if (type === 'array') return [exampleOf(document, found.items, depth + 1)];
  if (type === 'object' || found.properties !== undefined) {
    const entries = Object.entries(record(found.properties)).filter(([, property]) => record(property).readOnly !== true);
    return Object.fromEntries(entries.map(([name, property]) => [name, exampleOf(document, property, depth + 1)]));
  }
  return SAMPLES[text(found.format)] ?? SAMPLES[text(type)] ?? null;
}

/** What a reference stands for, or the value itself. */
export function resolve(document: Json, value: unknown, depth = 0): Json {
  const found = record(value);
  const reference = found.$ref;
  if (typeof reference !== 'string' || depth > 8) return found;
  const steps = reference.replace(/^#\//, '').split('/');
  const target = steps.reduce<unknown>(
    (at, step) => record(at)[decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')],
    document,
  );
  return resolve(document, target, depth + 1);
}

export type Json = Record<string, unknown>;

export function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string {
  return value === undefined || value === null ? '' : String(value);
}

function plain(value: unknown): string {
  return Array.isArray(value) ? value.join(',') : text(value);
}

export function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2) ?? '';
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'];
const PLACES = ['path', 'query', 'header'];
const SAMPLES: Record<string, unknown> = {
  'date-time': '2026-01-01T12:00:00Z',
  date: '2026-01-01',
  uuid: '00000000-0000-4000-8000-000000000000',
  email: 'somebody@example.com',
  uri: 'https://example.com',
  string: 'text',
  integer: 1,
  number: 1,
  boolean: true,
};
