import { exampleOf, type Json, list, type Operation, pretty, record, resolve, text } from './definition';

/** A value as a schema describes it; an object's parts are its children, a list's are those of its items. */
export interface Field {
  name: string;
  type: string;
  isRequired: boolean;
  description: string;
  choices: string[];
  children: Field[];
}

/** What a body looks like: its media type, its parts, and one that fits. */
export interface Shape {
  type: string;
  fields: Field[];
  /** Of a body that is no object. */
  whole: string;
  example: string;
}

export interface Reference {
  body?: Shape;
  answers: { status: string; description: string; shape?: Shape }[];
}

/** What an operation takes and answers, as the definition says it. */
export function referenceOf(definition: unknown, operation: Operation): Reference {
  const document = record(definition);
  const held = record(record(record(document.paths)[operation.path])[operation.method.toLowerCase()]);
  const old = list(held.parameters)
    .map((parameter) => resolve(document, parameter))
    .find((parameter) => parameter.in === 'body');
  return {
    body: old ? shapeOf(document, 'application/json', { schema: old.schema }) : contentOf(document, resolve(document, held.requestBody)),
    answers: Object.entries(record(held.responses)).map(([status, answer]) => {
      const found = resolve(document, answer);
      const shape = found.schema ? shapeOf(document, 'application/json', found) : contentOf(document, found);
      return { status, description: text(found.description), shape };
    }),
  };
}

function contentOf(document: Json, holder: Json): Shape | undefined {
  const contents = record(holder.content);
  const type = Object.keys(contents).find((name) => name.includes('json')) ?? Object.keys(contents)[0];
  return type === undefined ? undefined : shapeOf(document, type, record(contents[type]));
}

function shapeOf(document: Json, type: string, content: Json): Shape {
  const first = record(Object.values(record(content.examples))[0]).value;
  const given = content.example ?? first ?? (content.schema ? exampleOf(document, content.schema) : '');
  const schema = resolve(document, content.schema);
  return {
    type,
    fields: fieldsOf(document, content.schema, []),
    whole: typeOf(document, schema),
    example: typeof given === 'string' ? given : pretty(given),
  };
}

/** The parts of a schema; one that holds itself is not entered twice. */
function fieldsOf(document: Json, schema: unknown, entered: string[]): Field[] {
  const reference = text(record(schema).$ref);
  if ((reference !== '' && entered.includes(reference)) || entered.length > DEEPEST) return [];
  const within = [...entered, reference];
  const found = resolve(document, schema);
  const parts = list(found.allOf ?? found.oneOf ?? found.anyOf).flatMap((part) => fieldsOf(document, part, within));
  if (found.items !== undefined) return fieldsOf(document, found.items, within);
  const required = list(found.required);
  const own = Object.entries(record(found.properties)).map(([name, part]) => fieldOf(document, { name, part, required, within }));
  return [...parts, ...own];
}

interface Place {
  name: string;
  part: unknown;
  required: unknown[];
  within: string[];
}

function fieldOf(document: Json, { name, part, required, within }: Place): Field {
  const found = resolve(document, part);
  return {
    name,
    type: typeOf(document, found),
    isRequired: required.includes(name),
    description: text(found.description),
    choices: list(found.enum ?? resolve(document, found.items).enum).map(text),
    children: fieldsOf(document, part, within),
  };
}

function typeOf(document: Json, schema: Json): string {
  const types = (Array.isArray(schema.type) ? schema.type : [schema.type]).map(text).filter((type) => type !== '' && type !== 'null');
  if (types[0] === 'array' || schema.items !== undefined) return `${typeOf(document, resolve(document, schema.items))}[]`;
  const named = types.join(' | ') || (schema.properties || schema.allOf ? 'object' : schema.oneOf || schema.anyOf ? 'object' : 'any');
  return schema.format ? `${named} (${text(schema.format)})` : named;
}

const DEEPEST = 8;
