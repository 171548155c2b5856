import { NativeSelect, Text } from '@mantine/core';
import { lazy, type ReactNode, Suspense } from 'react';
import { Panel } from '../page-parts';
import { useAddress } from '../use-address';
import type { Operation } from './definition';
import { words } from './words';

const OperationSearch = lazy(() => import('./operation-search'));

interface OperationPickerProps {
  title?: string;
  help: string;
  operations: Operation[];
  children: (operation: Operation) => ReactNode;
}

/** Which operation is called; the address holds it, and the first that needs no value is where one starts. */
export function OperationPicker({ title, help, operations, children }: OperationPickerProps) {
  const [search, setSearch] = useAddress<{ operation?: string }>();
  const first = operations.find(({ method, path }) => method === 'GET' && !path.includes('{')) ?? operations[0];
  const operation = operations.find(({ id }) => id === search.operation) ?? first;
  if (!operation) return <Text c="dimmed">{words.noOperation}</Text>;
  const field: OperationFieldProps = {
    label: words.operation,
    description: operation.summary || undefined,
    value: operation.id,
    operations: operations.map(({ id }) => id),
    onChoose: (id) => setSearch({ operation: id }),
    styles: { input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.88rem' } },
  };
  return (
    <>
      <Panel title={title} help={help}>
        {operations.length > FEW ? (
          <Suspense fallback={<OperationList {...field} />}>
            <OperationSearch {...field} />
          </Suspense>
        ) : (
          <OperationList {...field} />
        )}
      </Panel>
      {children(operation)}
    </>
  );
}

export interface OperationFieldProps {
  label: string;
  description?: string;
  value: string;
  operations: string[];
  onChoose: (id: string) => void;
  styles: { input: { fontFamily: string; fontSize: string } };
}

function OperationList({ operations, onChoose, ...field }: OperationFieldProps) {
  return <NativeSelect {...field} data={operations} onChange={(event) => onChoose(event.currentTarget.value)} />;
}

/** So many are found by looking; the field that searches weighs 30 KiB more. */
const FEW = 30;
