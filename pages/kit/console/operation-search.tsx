import { Select } from '@mantine/core';
import type { OperationFieldProps } from './operation-picker';

/** Finds one of many operations by what is typed. */
export default function OperationSearch({ operations, onChoose, ...field }: OperationFieldProps) {
  return <Select {...field} searchable limit={200} data={operations} onChange={(id) => id && onChoose(id)} />;
}
