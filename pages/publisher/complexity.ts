import type { GraphQlCustomComplexityInfo, GraphQlSchemaType } from '../client/publisher/types.gen';

/** What fields count, by `Type.field`; nothing is 1. */
export type Values = Record<string, number | string>;

export function valuesOf(list: GraphQlCustomComplexityInfo[]): Values {
  return Object.fromEntries(list.map(({ type, field, complexityValue }) => [`${type}.${field}`, complexityValue]));
}

/** The fields that have a value, in the order of the schema. */
export function listOf(types: GraphQlSchemaType[], values: Values): GraphQlCustomComplexityInfo[] {
  return types.flatMap(({ type, fieldList }) =>
    fieldList.flatMap((field) => {
      const value = values[`${type}.${field}`] ?? '';
      return value === '' ? [] : [{ type, field, complexityValue: Number(value) }];
    }),
  );
}
